"""How much two short passages share, in one language or between two: names, numbers, concepts and words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from detente.documents.wording import EVERYWHERE, RAREST, STOPS, TOKEN, key_of, sound, words_of
from detente.dossier import Dossier
from detente.languages import table

_NAME = 2.5
"""What a name, a number or a word of diplomacy counts; the rarest word counts 3.7. Many reports about one pair share
names, so that they count less than in `detente.documents.same_event`."""
_CONCEPT = 0.6
"""What a concept counts beside its words in one language."""
_LEAST = 8.0
"""What a passage weighs at least: one shared concept of a short one is a third of it, two are more than half."""


def shared(one: str, other: str, languages: tuple[str, str], dossier: Dossier) -> float:
    """Share (0-1) of what the poorer of two passages says that the other says too."""
    sides = _side_names(dossier)
    a, b = (
        {key: value for key, value in _keys(text, language).items() if key not in sides}
        for text, language in ((one, languages[0]), (other, languages[1]))
    )
    if languages[0] != languages[1]:
        a, b = ({k: v for k, v in keys.items() if k[0] != "w"} for keys in (a, b))
    poorer = min(sum(a.values()), sum(b.values()))
    common = sum(min(value, b[key]) for key, value in a.items() if key in b)
    # A few words are alike by chance: so much is asked of either.
    return common / max(poorer, _LEAST)


@cache
def _concepts(language: str) -> Mapping[str, re.Pattern[str]]:
    """What reporters of diplomacy call one thing, beside the concepts of any news."""
    listed = table(language, "claims").get("concepts", {})
    return {name: phrases(str(words).split(", ")) for name, words in listed.items()}


def phrases(listed: Iterable[str]) -> re.Pattern[str]:
    """Whole words and phrases in lower case, `*` for any ending; a blank takes any run of blanks."""
    forms = (
        r"\s+".join(re.escape(part).replace(r"\*", r"\w*") for part in phrase.split())
        for phrase in sorted(listed, key=len, reverse=True)
    )
    return re.compile(r"(?<!\w)(?:" + "|".join(forms) + r")(?!\w)")


_SIDES: dict[tuple[str, str], frozenset[str]] = {}


def _side_names(dossier: Dossier) -> frozenset[str]:
    """Keys of what the two states are called: every passage about them has these."""
    made_of = str(dossier.dyad), dossier.vocabulary
    if made_of not in _SIDES:
        sides = dossier.dyad.sides
        named = [
            entity
            for entity in dossier.registry.entities.values()
            if entity.id in sides
            or (entity.kind in ("city", "institution") and (entity.side or entity.stands_for) in sides)
        ]
        keys = {
            key
            for entity in named
            for language, forms in entity.names
            for form in forms
            for word in TOKEN.findall(form)
            if len(word) > 2
            for key in (f"@{sound(word, language)}", f"w{key_of(word.lower(), language)}")
        }
        _SIDES[made_of] = frozenset(keys)
    return _SIDES[made_of]


@lru_cache(maxsize=65536)
def _keys(text: str, language: str) -> dict[str, float]:
    words = words_of(language)
    found: dict[str, float] = {}
    opening = True
    for token in TOKEN.findall(text):
        if token in STOPS:
            opening = True
            continue
        if token.isdigit():
            found[f"#{int(token)}"] = _NAME if int(token) > 31 else 1.0
            continue
        if not token[0].isalpha():
            continue
        lower = token.lower()
        if token[0].isupper() and not opening and (heard := sound(token, language)):
            found[f"@{heard}"] = _NAME
        key = key_of(lower, language)
        level = words.frequency.get(key, RAREST)
        spoken_for = any(pattern.fullmatch(lower) for pattern in _concepts(language).values())
        if not spoken_for and (weight := max(0.0, EVERYWHERE - level)) > 0.8:
            found[f"w{key}"] = weight * (1 - _CONCEPT * bool(words.concept(lower)))
        if concept := words.concept(lower):
            found[f"={concept}"] = max(found.get(f"={concept}", 0.0), _CONCEPT * words.concept_weights[concept])
        opening = False
    lowered = text.lower()
    found |= {f"={name}": _NAME for name, pattern in _concepts(language).items() if pattern.search(lowered)}
    return found
