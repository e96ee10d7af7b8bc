"""Whether a gold speaker and a coded one are the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from rapidfuzz import fuzz

from detente.registry import Registry
from detente.terms import Participant

BOTH = "BOTH"
"""Side of a gold speaker that is the two sides together."""
SIMILAR_SURNAME = 80
"""Least similarity (0-100) of two romanised surnames: Darchiev/Dartchiev is 94, Rubio/Bruce 40."""

_CYRILLIC = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфыэё", "abvgdeziyklmnoprstufyee", strict=True)),
        **{"х": "kh", "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "yu", "я": "ya"},
    }
)


def romanised(name: str) -> str:
    """Lower-case Latin letters of a name, accents and case endings of Cyrillic script aside.

    >>> romanised("Сергей Лавров"), romanised("Sergueï Lavrov")
    ('sergey lavrov', 'serguei lavrov')
    """
    latin = name.lower().translate(_CYRILLIC)
    plain = "".join(c for c in unicodedata.normalize("NFD", latin) if not unicodedata.combining(c))
    return re.sub(r"[^a-z ]+", " ", plain).strip()


class Speakers:
    """Compares speakers by the names of one registry, which are looked through once."""

    def __init__(self, registry: Registry) -> None:
        self._entities = registry.entities
        self._named: dict[str, str] = {}
        for entity in registry.entities.values():
            for _, forms in entity.names:
                for form in forms:
                    self._named.setdefault(form.casefold(), entity.id)

    def same(self, gold_name: str, gold_side: str, mine: Participant, two: Collection[str] = ()) -> bool:
        """True where the gold's canonical name and the coded speaker are one.

        Persons are compared by registry entity, then by romanised surname; institutions and unnamed sources by side.

        Args:
            two: The sides of the dyad: a gold speaker of no side (OTHER) speaks for neither, and not said for whom.
                Without them such a speaker is only one who speaks for no state at all.
        """
        if gold_side == BOTH:
            return len(mine.sides) > 1
        mine_entity = self._entities.get(mine.entity) if mine.entity else None
        known = self._named.get(gold_name.casefold(), "")
        if known and mine.entity:
            if known == mine.entity:
                return True
            kinds = {self._entities[known].kind, mine_entity.kind if mine_entity else ""}
            return "person" not in kinds and _right_side(gold_side, mine.side, two)
        surname, mine_surname = (romanised(name).split()[-1:] or [""] for name in (gold_name, mine.name))
        if surname[0] and mine_surname[0] and fuzz.ratio(surname[0], mine_surname[0]) >= SIMILAR_SURNAME:
            return True
        mine_is_person = mine_entity is not None and mine_entity.kind == "person"
        if mine_is_person or (known and self._entities[known].kind == "person"):
            return False
        return _right_side(gold_side, mine.side, two) and not _looks_like_person(gold_name)


def _right_side(gold: str, mine: str, two: Collection[str]) -> bool:
    return mine == gold if gold or not two else mine not in two


def _looks_like_person(name: str) -> bool:
    """Two or three capitalised words and nothing else: `He Yan`, `Mike Waltz`; not `Russian Foreign Ministry`."""
    words = name.split()
    institutional = re.compile(
        r"ministry|department|consulate|embassy|government|sources|officials|council|house", re.I
    )
    return 2 <= len(words) <= 3 and all(w[:1].isupper() for w in words) and not institutional.search(name)
