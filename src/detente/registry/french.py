"""French gender and number of adjectives, and the small words before names of states."""

from __future__ import annotations

_FEMININE = (
    # ending -> feminine ending, first that fits
    ("ien", "ienne"),
    ("éen", "éenne"),
    ("yen", "yenne"),
    ("on", "onne"),
    ("ec", "ecque"),
    ("urc", "urque"),
    ("ek", "èke"),
    ("e", "e"),
    ("a", "a"),
    ("i", "ie"),
    ("o", "o"),
    ("u", "ue"),
)


def feminine(word: str) -> str:
    """Write the feminine singular of a masculine singular adjective of place.

    >>> feminine("américain"), feminine("coréen"), feminine("grec"), feminine("belge")
    ('américaine', 'coréenne', 'grecque', 'belge')
    """
    for ending, other in _FEMININE:
        if word.endswith(ending):
            return word[: -len(ending)] + other
    return word + "e"


def plural(word: str) -> str:
    return word if word[-1] in "sx" else word + "s"


def adjective_forms(given: str) -> tuple[str, ...]:
    """List masculine and feminine, singular and plural; `ouzbek/ouzbèke` gives the feminine by hand.

    >>> adjective_forms("français")
    ('français', 'française', 'françaises')
    """
    masculine, _, other = given.partition("/")
    other = other or feminine(masculine)
    return tuple(dict.fromkeys((masculine, other, plural(masculine), plural(other))))


def of(article: str, name: str) -> str:
    """Put "de" before a name that takes this article.

    >>> of("les ", "États-Unis"), of("le ", "Japon"), of("l'", "Iran"), of("la ", "Russie"), of("", "Cuba")
    ('des États-Unis', 'du Japon', "d'Iran", 'de Russie', 'de Cuba')
    """
    if article == "les ":
        return f"des {name}"
    if article == "le ":
        return f"du {name}"
    if name[0] in "AEIOUYÉÈÊÎÔ" and article in ("l'", ""):
        return f"d'{name}"
    return f"de {name}"
