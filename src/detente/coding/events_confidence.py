"""How sure an event is, and what its sentence leaves open."""

from __future__ import annotations

from collections.abc import Mapping

from detente.coding.confidence import calibrated
from detente.coding.events_lexicon import confidence
from detente.coding.events_triggers import Trigger
from detente.coding.realis import Sign
from detente.terms import Doubt, EventDate, Realis

_FACTORS: Mapping[str, float] = {
    # Shares of the family's figure that remain. Of the 93 events found in the development articles right were: explicit
    # 8 of 8, relative 28 of 30, of the story 14 of 15, of publication 17 of 20, undated 18 of 20; inferred 33 of 34,
    # named in passing 28 of 31. Set below these, halfway to the earlier figures: 93 are few.
    "explicit": 1.0,
    "relative": 0.98,
    "narrative": 0.93,
    "publication": 0.88,
    "none": 0.82,
    "inferred": 0.92,
    "weak": 0.88,
    "hypothetical": 0.7,
}


def event_confidence(trigger: Trigger, day: EventDate | None, inferred: bool, weak: bool, realis: Realis) -> float:
    share = confidence()[trigger.rule.family] * _FACTORS[day.basis if day else "none"]
    if inferred:
        share *= _FACTORS["inferred"]
    if realis == "hypothetical":
        share *= _FACTORS["hypothetical"]
    elif weak:
        share *= _FACTORS["weak"]
    return calibrated("event", share)


def doubts_of(
    trigger: Trigger, day: EventDate | None, inferred: bool, weak: bool, realis: Realis, sign: Sign | None
) -> tuple[Doubt, ...]:
    """What the sentence itself does not settle."""
    doubts: list[Doubt] = []
    if inferred:
        doubts.append("actor")
    if day is None or day.basis in ("publication", "narrative"):
        doubts.append("date")
    if weak or trigger.rule.talk:
        doubts.append("type")
    if realis == "hypothetical" or (sign is not None and realis in ("cancelled", "denied", "proposed")):
        doubts.append("polarity")
    return tuple(doubts)
