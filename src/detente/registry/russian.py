"""Russian case forms of names, so that a text can be searched for them as it writes them.

People and adjectives follow rules alone, because surnames from abroad stand in no dictionary. Places and institutions
ask pymorphy3's dictionary first. A form too many does no harm here, a missing one loses a mention: where usage
wavers (Шольцем, Шольцом), both are given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Literal

from detente.errors import RegistryError

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer

NameKind = Literal["person", "noun", "adjective", "people"]
Sex = Literal["", "f", "m"]
Shape = Literal["m", "f", "n", "p"]
"""Gender of a noun, or the plural."""

Cases = tuple[tuple[str, ...], ...]
"""Nominative, genitive, dative, accusative, instrumental, prepositional; each with its variants."""

_VOWELS = "аеёиоуыэюя"
_HUSHERS = "жчшщ"
_KEEPS_I = "гкхжчшщ"
_CASES = ("nomn", "gent", "datv", "accs", "ablt", "loct")
# Given names whose vowel falls out in all but the nominative.
_STEMS = {"Павел": "Павл", "Пётр": "Петр", "Петр": "Петр", "Лев": "Льв"}

# Names that the dictionary puts through the wrong cases.
_BY_RULE = frozenset({"Лахор", "Кэсон"})
_FIXED = frozenset({"Минкоммерции"})
# Parts of a person's name that never move, whatever their capitals.
_PARTICLES = frozenset(
    {"ван", "дер", "де", "ди", "ле", "ла", "дю", "фон", "да", "ду", "дос", "ос", "джей", "бин", "бен", "ибн", "бинт"}
    | {"ульд", "уль", "аль", "эль", "ас", "аш", "аз", "ат", "ан"}
)
# Abbreviations that newspapers put into cases: "в МИДе", "представитель МИДа". All others stay as they are.
_MOVING_ABBREVIATIONS = frozenset({"МИД", "ЦАХАЛ"})

_ADJECTIVE: dict[str, dict[str, tuple[str, ...]]] = {
    # type -> gender or number -> endings by case
    "hard": {
        "m": ("ый", "ого", "ому", "ого ый", "ым", "ом"),
        "n": ("ое", "ого", "ому", "ое", "ым", "ом"),
        "f": ("ая", "ой", "ой", "ую", "ой", "ой"),
        "p": ("ые", "ых", "ым", "ых ые", "ыми", "ых"),
    },
    "velar": {
        "m": ("ий", "ого", "ому", "ого ий", "им", "ом"),
        "n": ("ое", "ого", "ому", "ое", "им", "ом"),
        "f": ("ая", "ой", "ой", "ую", "ой", "ой"),
        "p": ("ие", "их", "им", "их ие", "ими", "их"),
    },
    "soft": {
        "m": ("ий", "его", "ему", "его ий", "им", "ем"),
        "n": ("ее", "его", "ему", "ее", "им", "ем"),
        "f": ("яя", "ей", "ей", "юю", "ей", "ей"),
        "p": ("ие", "их", "им", "их ие", "ими", "их"),
    },
    "husher": {
        "m": ("ий", "его", "ему", "его ий", "им", "ем"),
        "n": ("ее", "его", "ему", "ее", "им", "ем"),
        "f": ("ая", "ей", "ей", "ую", "ей", "ей"),
        "p": ("ие", "их", "им", "их ие", "ими", "их"),
    },
}
_ADJECTIVE_END = re.compile(r"(?P<stem>.+)(?P<end>ый|ий|ой|ая|яя|ое|ее|ые|ие)$")


@cache
def _morph() -> MorphAnalyzer:
    # 0.15 s and 15 MB: only for names that the shipped table of forms does not have.
    import pymorphy3

    return pymorphy3.MorphAnalyzer()


def _adjective_type(stem: str, end: str) -> str:
    last = stem[-1].lower()
    if last in "гкх":
        return "velar"
    if last in _HUSHERS:
        return "husher" if end != "ой" else "velar"
    return "soft" if end in ("ий", "яя", "ее", "ие") else "hard"


def _adjective(word: str, shape: str = "") -> Cases | None:
    """Cases of an adjective in the gender or number that its ending shows; None where it does not end as one."""
    match = _ADJECTIVE_END.match(word)
    if match is None:
        return None
    stem, end = match["stem"], match["end"]
    endings = _ADJECTIVE[_adjective_type(stem, end)]
    shape = shape or {"ая": "f", "яя": "f", "ое": "n", "ее": "n", "ые": "p", "ие": "p"}.get(end, "m")
    cases = [tuple(stem + e for e in case.split()) for case in endings[shape]]
    if end == "ой":
        cases[0] = (word,)
    return tuple(cases)


def _endings(stem: str, nominative: str, *endings: str) -> Cases:
    return ((nominative,), *(tuple(stem + e for e in case.split("/")) for case in endings))


def _unmoved(word: str) -> Cases:
    return ((word,),) * 6


def _masculine(word: str, *, animate: bool = True) -> Cases:
    """Second declension by the last letter: Трамп, Фидан, Путин, Дмитрий, Игорь; Дуда and Илья go with the feminine."""
    last = word[-1:].lower()
    stem = _STEMS.get(word, word)
    if not last:
        return _unmoved(word)
    if last in "ая":
        return _feminine(word)
    if last in _VOWELS or not last.isalpha():
        return _unmoved(word)
    if last == "й":
        stem = word[:-1]
        prepositional = "и" if stem.endswith("и") else "е"
        return _endings(stem, word, "я", "ю", "я" if animate else "й", "ем", prepositional)
    if last == "ь":
        return _endings(word[:-1], word, "я", "ю", "я" if animate else "ь", "ем", "е")
    instrumental = "ем/ом" if last in _HUSHERS + "ц" else "ом"
    if animate and re.search(r"(?:[оеё]в|[иы]н)$", word):
        instrumental = "ым/ом"
    cases = _endings(stem, word, "а", "у", "а" if animate else "", instrumental, "е")
    if animate and word.endswith("ец") and len(word) > 4:
        before = word[:-2]
        short = (before + "йц") if before[-1] in _VOWELS else (before + "ц")
        other = _endings(short, word, "а", "у", "а", "ем/ом", "е")
        return tuple(a + b for a, b in zip(cases, other, strict=True))
    return cases


def _feminine(word: str) -> Cases:
    last, before = word[-1].lower(), word[-2:-1].lower()
    stem = word[:-1]
    if last == "а" and before not in _VOWELS:
        genitive = "и" if before in _KEEPS_I else "ы"
        instrumental = "ей/ой" if before in _HUSHERS + "ц" else "ой"
        return _endings(stem, word, genitive, "е", "у", instrumental, "е")
    if last == "я":
        dative = "и" if before == "и" else "е"
        return _endings(stem, word, "и", dative, "ю", "ей", dative)
    if last == "ь":
        return _endings(stem, word, "и", "и", "ь", "ью", "и")
    return _unmoved(word)


def _given(word: str, sex: str) -> Cases:
    if sex == "f":
        return _feminine(word)
    return _masculine(word)


def _surname(word: str, sex: str) -> Cases:
    if not re.search("[А-Яа-яЁё]$", word):
        return _unmoved(word)  # Карл III
    if "-" in word:  # Салливан-Браун: both parts move; аль-Асад: the second
        parts = [_unmoved(p) if p.lower() in _PARTICLES else _surname(p, sex) for p in word.split("-")]
        return tuple(tuple("-".join(p) for p in _parallel(case)) for case in zip(*parts, strict=True))
    if re.search(r"[иы]х$", word):
        return _unmoved(word)
    if sex == "f":
        if re.search(r"(?:[оеё]в|[иы]н)а$", word):
            return _endings(word[:-1], word, "ой", "ой", "у", "ой", "ой")
        if re.search(r"(?:ая|яя)$", word) and (adjective := _adjective(word)):
            return adjective
        return _unmoved(word) if word[-1].lower() not in "ая" else _feminine(word)
    if re.search(r"(?:[гкх]ий|[сц]кой|[а-яё]ый|стой)$", word) and (adjective := _adjective(word, "m")):
        return (adjective[0], adjective[1], adjective[2], (adjective[3][0],), *adjective[4:])
    return _masculine(word)


def _parallel(variants: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Every choice of variants, one per word."""
    rows: list[tuple[str, ...]] = [()]
    for words in variants:
        rows = [(*row, word) for row in rows for word in words]
    return rows


def guess_sex(name: str) -> Sex:
    """Tell a man's name from a woman's by patronymic, surname and given name.

    >>> guess_sex("Мария Захарова"), guess_sex("Марко Рубио"), guess_sex("Илья Яшин")
    ('f', 'm', 'm')
    """
    words = name.split()
    if any(re.search(r"(?:вна|ична|кызы|гызы)$", w) for w in words[1:]):
        return "f"
    if any(re.search(r"(?:вич|[иь]ич|оглы)$", w) for w in words[1:-1]):
        return "m"
    if len(words) > 1 and re.search(r"(?:[оеё]ва|[иы]на|[сц]кая)$", words[-1]):
        return "f"
    if len(words) > 1 and re.search(r"(?:[оеё]в|[иы]н|[сц]кий)$", words[-1]):
        return "m"
    # "Илья", "Никита": a given name in -а or -я is a woman's unless the dictionary knows better.
    tags = [
        p.tag
        for p in _morph().parse(words[0])
        if "Name" in p.tag and p.methods_stack[0][0].__class__.__name__ == "DictionaryAnalyzer"
    ]
    if tags:
        return "f" if "femn" in tags[0] else "m"
    return "f" if words[0][-1:] in "ая" else "m"


def _person(name: str, sex: Sex, *, family_first: bool) -> Cases:
    words = name.split()
    sex = sex or guess_sex(name)
    columns: list[Cases] = []
    titles = 0  # "король Карл III", "великий герцог Анри": what is written small before the name is a common noun
    while titles < len(words) - 1 and words[titles].islower() and words[titles] not in _PARTICLES:
        titles += 1
    if titles:
        columns.append(_phrase(" ".join(words[:titles])))
        words = words[titles:]
    for i, word in enumerate(words):
        last = i == len(words) - 1
        if re.fullmatch(r"(?:[А-ЯЁ][а-яё]?\.-?)+", word) or (not last and word.lower() in _PARTICLES):
            columns.append(_unmoved(word))  # initials, "аль", "Ван дер"
        elif last and i and not re.search("[А-Яа-яЁё]$", word):
            columns.append(_unmoved(word))
        elif titles and last:
            columns.append(_given(word, sex))
        elif family_first:
            columns.append(
                _given(word, sex) if last and len(words) > 1 else _surname(word, sex) if last else _unmoved(word)
            )
        elif last:
            columns.append(_surname(word, sex))
        else:
            columns.append(_hyphened_given(word, sex))
    return tuple(tuple(" ".join(row) for row in _parallel(case)) for case in zip(*columns, strict=True))


def _hyphened_given(word: str, sex: str) -> Cases:
    if "-" not in word:
        return _given(word, sex)
    *head, tail = word.split("-")  # Жан-Ноэль: only the last part moves
    if not tail:
        return _unmoved(word)
    start = "-".join(head) + "-"
    return tuple(tuple(start + form for form in case) for case in _given(tail, sex))


@lru_cache(maxsize=4096)
def _dictionary_noun(word: str, *, place: bool) -> Cases | None:
    parses: list[Any] = [
        p
        for p in _morph().parse(word)
        if p.methods_stack[0][0].__class__.__name__ == "DictionaryAnalyzer" and "NOUN" in p.tag and "nomn" in p.tag
    ]
    if not parses:
        return None
    if place:
        parses.sort(key=lambda p: ("Geox" not in p.tag, "Surn" in p.tag or "Name" in p.tag, -p.score))
    best = parses[0]
    if place and "Geox" not in best.tag and ("Surn" in best.tag or "Name" in best.tag):
        return None
    number = "plur" if "plur" in best.tag else "sing"
    cases: list[tuple[str, ...]] = []
    for case in _CASES:
        inflected = best.inflect({case, number}) or best.inflect({case})
        if inflected is None:
            return None
        cases.append((_capitals_of(word, inflected.word),))
    return tuple(cases)


def _capitals_of(model: str, form: str) -> str:
    """Give a lower-case form the capitals of its nominative, part by part: Ростов-на-Дону, Ростова-на-Дону."""
    if model.isupper() and len(model) > 1:
        return form.upper()
    parts, formed = model.split("-"), form.lower().split("-")
    if len(parts) != len(formed):
        return form.capitalize()
    return "-".join(f[:1].upper() + f[1:] if p[:1].isupper() else f for p, f in zip(parts, formed, strict=True))


def _noun(word: str) -> Cases:
    if word in _MOVING_ABBREVIATIONS:
        return tuple(
            tuple(dict.fromkeys((word, form))) for case in _masculine(word, animate=False) for form in case[:1]
        )
    if not word:
        return _unmoved(word)
    bare = word.strip('«»"()')
    if word != bare or word in _FIXED or (word.isupper() and len(word) > 1) or not word[0].isalpha():
        return _unmoved(word)
    known = None if word in _BY_RULE else _dictionary_noun(word, place=word[0].isupper())
    if known is not None:
        return known
    if word[-2:] in ("ая", "ый") and (adjective := _adjective(word)):  # Поднебесная, Банковая: adjectives that name
        return tuple((case[-1],) if i == 3 else case for i, case in enumerate(adjective))
    if "-" in word:
        *head, tail = word.split("-")
        start = "-".join(head) + "-"
        return tuple(tuple(start + form for form in case) for case in _noun(tail))
    if word[-1] == "ы" and len(word) > 3:  # Багамы, Филиппины: plural places
        stem = word[:-1]
        return _endings(stem, word, "/ов", "ам", "ы", "ами", "ах")
    if word[-1] in "ая":
        return _feminine(word)
    return _masculine(word, animate=False)


def _phrase(name: str) -> Cases:
    """Adjectives and the head noun move, what follows the head stays: Министерство | иностранных дел."""
    first, conjunction, second = name.partition(" и ")
    if conjunction and " " not in first and " " not in second:  # Босния и Герцеговина: both move
        pairs = zip(_noun(first), _noun(second), strict=True)
        return tuple(tuple(f"{a} и {b}" for a, b in _parallel(case)) for case in pairs)
    words = name.split(" ")
    columns: list[Cases] = []
    headed = False
    for i, word in enumerate(words):
        more = i < len(words) - 1
        if headed:
            columns.append(_unmoved(word))
        elif more and re.search("(?:ов|ев|ин)ы$", word) and words[i + 1].lower() == "острова":
            columns.append(_endings(word[:-1], word, "ых", "ым", "ы", "ыми", "ых"))  # Маршалловы Острова
        elif more and (adjective := _adjective(word)) and _adjective_before_noun(word):
            columns.append(tuple((case[-1],) if j == 3 else case for j, case in enumerate(adjective)))
        else:
            columns.append(
                _adjective(word) or _noun(word) if not more and i > 0 and _adjective_before_noun(word) else _noun(word)
            )
            headed = True
    return tuple(tuple(" ".join(row) for row in _parallel(case)) for case in zip(*columns, strict=True))


def _adjective_before_noun(word: str) -> bool:
    return any("ADJF" in p.tag or "PRTF" in p.tag for p in _morph().parse(word))


def _lexeme(word: str) -> tuple[str, ...]:
    """All cases, singular and plural, of a word for a member of a people: россиянин, американка, поляк."""
    for parse in _morph().parse(word):
        known = parse.methods_stack[0][0].__class__.__name__ == "DictionaryAnalyzer"
        if known and "NOUN" in parse.tag and {"sing", "nomn"} in parse.tag and "inan" not in parse.tag:
            return tuple(form.word for form in parse.lexeme)
    if word.endswith("ец"):
        before = word[:-2]
        stem = before + ("йц" if before[-1] in _VOWELS else "ьц" if before[-1] == "л" else "ц")
        ends = ("а", "у", "ем", "ом", "е", "ы", "ев", "ов", "ам", "ами", "ах")
        return (word, *(stem + e for e in ends))
    if word.endswith("ка"):
        stem = word[:-1]
        before = stem[-2]
        genitive = stem[:-2] + "ек" if before in "йь" else stem[:-1] + ("ек" if before in _HUSHERS else "ок")
        return (word, *(stem + e for e in ("и", "е", "у", "ой", "ам", "ами", "ах")), genitive)
    if word.endswith("нин"):
        plural = word[:-2]
        return (word, *(word + e for e in ("а", "у", "ом", "е")), *(plural + e for e in ("е", "", "ам", "ами", "ах")))
    if word[-1] in _VOWELS:
        return tuple(form for case in _feminine(word) for form in case)
    plural_nominative = "и" if word[-1] in _KEEPS_I else "ы"
    return (word, *(word + e for e in ("а", "у", "ом", "е", plural_nominative, "ов", "ам", "ами", "ах")))


def _distinct(forms: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(forms))


def with_plain_e(forms: Iterable[str]) -> tuple[str, ...]:
    """Add the spelling without ё, as newspapers print it.

    >>> with_plain_e(["Королёв"])
    ('Королёв', 'Королев')
    """
    out: dict[str, None] = {}
    for form in forms:
        out[form] = None
        if "ё" in form or "Ё" in form:
            out[form.replace("ё", "е").replace("Ё", "Е")] = None
    return tuple(out)


@lru_cache(maxsize=16384)
def inflect_ru(name: str, *, kind: NameKind, sex: Sex = "", family_first: bool = False) -> tuple[str, ...]:
    """Write a Russian name in all its cases.

    Args:
        name: In the nominative. A person as given name, patronymic, surname, in that order.
        kind: `person`; `noun` for states, places and institutions (keeps singular or plural as given);
            `adjective` (masculine singular in, all genders and both numbers out);
            `people` for a word for a member of a people (singular in, singular and plural out).
        sex: Of a person; guessed from the name where empty.
        family_first: For Chinese, Korean and Vietnamese names, where only the last word moves.

    Returns:
        Distinct forms, the given one first; spellings without ё included.

    Raises:
        RegistryError: The name is empty.

    >>> inflect_ru("Сергей Лавров", kind="person")[:3]
    ('Сергей Лавров', 'Сергея Лаврова', 'Сергею Лаврову')
    >>> inflect_ru("Саудовская Аравия", kind="noun")
    ('Саудовская Аравия', 'Саудовской Аравии', 'Саудовскую Аравию', 'Саудовской Аравией')
    >>> inflect_ru("кубинский", kind="adjective")[:3]
    ('кубинский', 'кубинского', 'кубинскому')
    """
    name = " ".join(name.split())
    if not name:
        raise RegistryError("a Russian name to inflect is empty. Give it in the nominative.")
    if kind == "person":
        cases = _person(name, sex, family_first=family_first)
    elif kind == "noun":
        cases = _phrase(name)
    elif kind == "adjective":
        shapes = [_adjective(name, shape) for shape in "mfnp"]
        cases = tuple(case for shape in shapes if shape for case in shape) or ((name,),)
        cases = tuple(tuple(form for form in case) for case in cases)
    else:
        cases = (_lexeme(name),)
    return with_plain_e((name, *(form for case in cases for form in case)))


def genitive_ru(name: str) -> str:
    """The genitive of a state, place or institution: "посольство" + "Саудовской Аравии".

    >>> genitive_ru("Куба")
    'Кубы'
    """
    return _phrase(name)[1][0]


def cases_ru(name: str) -> Cases:
    """The six cases of a place, institution or common noun, each with its variants.

    >>> cases_ru("посольство")[1:3]
    (('посольства',), ('посольству',))
    """
    return _phrase(name)


def adjective_cases_ru(adjective: str, shape: Shape) -> Cases:
    """The six cases of an adjective in one gender, or in the plural.

    >>> adjective_cases_ru("кубинский", "p")[0]
    ('кубинские',)

    Raises:
        RegistryError: The word does not end as an adjective does.
    """
    cases = _adjective(adjective, shape)
    if cases is None:
        raise RegistryError(f"{adjective!r} does not end as a Russian adjective. Give it in the masculine nominative.")
    return cases


def agreeing_ru(adjective: Cases, noun: Cases) -> tuple[str, ...]:
    """Put an adjective before a noun, in all cases.

    >>> agreeing_ru(adjective_cases_ru("кубинский", "n"), cases_ru("посольство"))[:2]
    ('кубинское посольство', 'кубинского посольства')
    """
    pairs = zip(adjective, noun, strict=True)
    return with_plain_e([f"{a} {n}" for adjectives, nouns in pairs for a in adjectives for n in nouns])
