"""Russian names of persons as texts inflect them: their nominative, and whether two forms are one name."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer

_PATRONYMIC = re.compile(r"(?:[оеё]вич|[ьи]ич)(?:а|у|ем|е|ом)?$|(?:[оеё]в|инич)н(?:а|ы|е|у|ой)$")
# Endings that surnames and given names take in their cases.
_ENDING = re.compile(r"(?:ыми|ими|ого|его|ому|ему|ой|ей|ою|ею|ым|им|ом|ем|ём|ую|юю|ая|яя|ий|ый|ых|их|[аяуюыиеьй])$")


@cache
def analyser() -> MorphAnalyzer:
    """pymorphy3, loaded when the first Russian text needs it."""
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer(lang="ru")


@lru_cache(maxsize=20000)
def given_name(word: str) -> str:
    """`m` or `f` where a word can be a Russian given name in any case, else an empty string.

    >>> given_name("Сергеем"), given_name("Еленой"), given_name("Кремлем")
    ('m', 'f', '')
    """
    for parse in analyser().parse(word):
        if "Name" in parse.tag and parse.score > 0.05:
            return "f" if "femn" in parse.tag else "m"
    return ""


def is_patronymic(word: str) -> bool:
    return bool(_PATRONYMIC.search(word.lower()))


@lru_cache(maxsize=20000)
def surname(word: str) -> bool:
    """True where a word can be a Russian surname in some case."""
    return any("Surn" in parse.tag and parse.score > 0.05 for parse in analyser().parse(word))


@lru_cache(maxsize=20000)
def several(word: str) -> bool:
    """True where a Russian noun stands for more than one ("американцев"), and cannot be one."""
    tags = [parse.tag for parse in analyser().parse(word) if parse.score > 0.01]
    return any("NOUN" in tag and "plur" in tag for tag in tags) and not any("sing" in tag for tag in tags)


@lru_cache(maxsize=20000)
def ordinary_word(word: str) -> bool:
    """True where the dictionary knows a word, and not as a name: "Северной", "Атлантики"."""
    if not analyser().word_is_known(word.lower()):
        return False
    return not any("Name" in p.tag or "Surn" in p.tag or "Patr" in p.tag for p in analyser().parse(word))


@lru_cache(maxsize=20000)
def heads_clause(word: str) -> bool:
    """True where a Russian word can only be a verb, a subject or what opens a clause.

    >>> [heads_clause(word) for word in ("заявил", "она", "что", "эфире", "накануне", "визит", "вместе")]
    [True, True, True, False, False, False, False]
    """
    tags = [parse.tag for parse in analyser().parse(word) if parse.score > 0.05]
    if word in ("что", "чтобы", "как", "если", "когда", "и", "а", "но", "где", "ли", "или"):
        return True
    return bool(tags) and all(
        tag.POS in ("VERB", "INFN", "PRTS", "PRED", "GRND", "ADJS")
        or (tag.POS in ("NOUN", "NPRO") and tag.case == "nomn" and not any(o.case == "accs" for o in tags))
        for tag in tags
    )


# How a surname that no dictionary has gives up its ending, by case of the given name beside it.
_FOREIGN = {"gent": ("а", "я"), "accs": ("а", "я"), "datv": ("у", "ю"), "ablt": ("ом", "ем"), "loct": ("е", "е")}


def _uninflected(word: str, case: str) -> str:
    hard, soft = _FOREIGN.get(case, ("", ""))
    if soft and word.endswith(soft) and word[-len(soft) - 1] in "льнр" and soft in ("я", "ю", "ем"):
        return word[: -len(soft)].rstrip("ь") + "ь"
    if hard and word.endswith(hard) and len(word) > 4:
        return word[: -len(hard)]
    return word


def stem(word: str) -> str:
    """A surname without its case ending; equal stems are taken as one name.

    >>> stem("Лавровым") == stem("Лавров"), stem("Захаровой") == stem("Захарова")
    (True, True)
    """
    lowered = word.lower().replace("ё", "е")
    cut = _ENDING.sub("", lowered)
    return cut if len(cut) >= 3 else lowered


@lru_cache(maxsize=20000)
def nominative(name: str) -> str:
    """A person's name put into the nominative, word by word, as far as the dictionary knows how.

    >>> nominative("Сергеем Лавровым"), nominative("Марией Захаровой")
    ('Сергей Лавров', 'Мария Захарова')
    """
    words = name.split()
    sex, case = "", ""
    out = []
    for i, word in enumerate(words):
        best = None
        for parse in analyser().parse(word):
            tag = parse.tag
            kind = "Name" in tag if i == 0 and len(words) > 1 else ("Surn" in tag or "Patr" in tag)
            if not kind or "plur" in tag:
                continue
            if sex and tag.gender and {"masc": "m", "femn": "f"}.get(tag.gender, sex) != sex and "ms-f" not in tag:
                continue
            if case and tag.case and tag.case != case and "Fixd" not in tag:
                continue
            best = parse
            break
        if best is None:
            out.append(_uninflected(word, case) if sex == "m" and i else word)
            continue
        if not sex:
            sex = "f" if best.tag.gender == "femn" else "m" if best.tag.gender == "masc" else ""
        case = case or str(best.tag.case or "")
        changed = best.inflect({"nomn", "sing"})
        written = changed.word if changed else word
        out.append("-".join(part.capitalize() for part in written.split("-")))
    return " ".join(out)
