"""PLOVER v2: 16 types, their modes, quad classes and scores; and two modes of ours.

The annotation rules file under RETREAT what the manual files under SANCTION: an envoy called home, a treaty left. Such
a RETREAT has a mode of its own (`recall`, `abandon`) and counts as the SANCTION it is (`stands_for`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from detente.codebook.tables import rows
from detente.errors import CodebookError

VERSION = "plover-2.0-2024-02"
"""Version of codes and scores, written into every entry: an older table of PLOVER differs much (REQUEST −5)."""
_LANGUAGES = ("en", "fr", "ru")


@dataclass(frozen=True, slots=True)
class EventType:
    """One PLOVER type; `score_tenths` runs from −100 to +100."""

    code: str
    quad: int
    score_tenths: int
    requires_recipient: bool
    label: Mapping[str, str]
    definition: str


@dataclass(frozen=True, slots=True)
class EventMode:
    """One mode of a type, with its own score.

    Attributes:
        counts_as: Type and mode that the manual has for it, where the mode is ours; else its own.
        label: By language, where the mode is ours: the label of its type would say what did not happen. Else empty.
    """

    type: str
    code: str
    score_tenths: int
    definition: str
    counts_as: tuple[str, str]
    label: Mapping[str, str]


@cache
def types() -> Mapping[str, EventType]:
    """All types by code.

    >>> types()["CONSULT"].label["fr"]
    'Consultation'
    """
    return MappingProxyType(
        {
            row["type"]: EventType(
                code=row["type"],
                quad=int(row["quad"]),
                score_tenths=int(row["score_tenths"]),
                requires_recipient=row["requires_recipient"] == "yes",
                label=MappingProxyType({lang: row[f"label_{lang}"] for lang in _LANGUAGES}),
                definition=row["definition"],
            )
            for row in rows("types.csv")
        }
    )


@cache
def modes() -> Mapping[tuple[str, str], EventMode]:
    """All modes by (type, mode).

    >>> modes()["CONSULT", "visit"].score_tenths
    40
    """
    return MappingProxyType(
        {
            (row["type"], row["mode"]): EventMode(
                row["type"],
                row["mode"],
                int(row["score_tenths"]),
                row["definition"],
                _pair(row["counts_as"]) if row["counts_as"] else (row["type"], row["mode"]),
                MappingProxyType({lang: row[f"label_{lang}"] for lang in _LANGUAGES if row[f"label_{lang}"]}),
            )
            for row in rows("modes.csv")
        }
    )


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that shows a type (and mode) between two states, in one language, written by us."""

    type: str
    mode: str
    dyad: str
    language: str
    text: str


@cache
def examples(language: str) -> tuple[Example, ...]:
    """Sentences for every type and mode: `en`, `fr` or `ru`; none in other languages.

    >>> next(e.text for e in examples("fr") if e.mode == "phone")
    'Le ministre chinois des Affaires étrangères a téléphoné mardi à son homologue sud-coréen.'
    """
    return tuple(
        Example(row["type"], row["mode"], row["dyad"], language, row[language])
        for row in rows("examples.csv")
        if language in row
    )


@cache
def contexts() -> tuple[str, ...]:
    """The contexts an event may have (`military`, `asylum` ...), in the manual's order."""
    return tuple(row["context"] for row in rows("contexts.csv"))


@cache
def sectors() -> Mapping[str, str]:
    """Codes for what kind of actor acts, with their meaning.

    >>> sectors()["GOV"]
    'government executive'
    """
    return MappingProxyType({row["code"]: row["meaning"] for row in rows("sectors.csv")})


def _type(code: str) -> EventType:
    try:
        return types()[code]
    except KeyError:
        raise CodebookError(f"PLOVER has no type {code!r}. It has {', '.join(types())}.") from None


def score_tenths(code: str, mode: str = "") -> int:
    """Score of a type, or of one of its modes, in tenths: integers add up the same on every engine.

    Raises:
        CodebookError: The type, or the type's mode, does not exist.

    Source:
        PLOVER manual, draft 2.0 (2024): expert scores scaled by Bradley-Terry, −10 to +10.

    >>> score_tenths("AGREE"), score_tenths("SANCTION", "expel")
    (25, -55)
    """
    kind = _type(code)
    if not mode:
        return kind.score_tenths
    try:
        return modes()[code, mode].score_tenths
    except KeyError:
        known = ", ".join(m for t, m in modes() if t == code) or "none"
        raise CodebookError(f"PLOVER type {code} has no mode {mode!r}. It has {known}.") from None


def _pair(written: str) -> tuple[str, str]:
    kind, mode = written.split()
    return kind, mode


def stands_for(code: str, mode: str = "") -> tuple[str, str]:
    """Type and mode of the manual: its own, but for the two modes of RETREAT that are ours.

    >>> stands_for("RETREAT", "recall"), stands_for("RETREAT", "release")
    (('SANCTION', 'withdraw'), ('RETREAT', 'release'))
    """
    found = modes().get((code, mode))
    return found.counts_as if found else (code, mode)


def quad(code: str) -> int:
    """Quad class: 1 verbal and 2 material cooperation, 3 verbal and 4 material conflict.

    >>> quad("CONSULT"), quad("SANCTION")
    (1, 4)
    """
    return _type(code).quad


def labels(language: str) -> Mapping[str, str]:
    """Label of every type in one language (`fr`, `en`, `ru`)."""
    return MappingProxyType({code: kind.label[language] for code, kind in types().items()})


def label(code: str, mode: str, language: str) -> str:
    """What a reader calls an event of a type and mode: by the type, or by the mode where it is ours.

    An unknown type is called by its code.

    >>> label("RETREAT", "release", "fr"), label("RETREAT", "recall", "fr")
    ('Retrait ou libération', 'Rappel de représentants')
    """
    known, kind = modes().get((code, mode)), types().get(code)
    if known is not None and known.label:
        return known.label[language]
    return kind.label[language] if kind else code
