"""What a coder found in a reading becomes its coding."""

from __future__ import annotations

from collections.abc import Sequence

from detente.codebook import VERSION as CODEBOOK
from detente.coding.events_rank import by_weight
from detente.coding.names import Names
from detente.coding.passages import Reading
from detente.terms import Coding, Event, Issue, Statement


def coding_of(
    reading: Reading,
    names: Names,
    coder: str,
    events: Sequence[Event],
    statements: Sequence[Statement],
    issues: Sequence[Issue] = (),
) -> Coding:
    """A coder's coding of a reading: the weightiest event first, and apart what is less sure than the dossier asks.

    Args:
        names: By which the document was read.
        coder: Name that signs it.
    """
    events = by_weight(events, reading.language)
    least = reading.dossier.abstain_below
    mentions = [mention for passage in reading.passages for mention in passage.mentions]
    return Coding(
        document=reading.document.id,
        coder=coder,
        codebook=CODEBOOK,
        events=tuple(e for e in events if e.confidence >= least),
        statements=tuple(s for s in statements if s.confidence >= least),
        times=tuple(time for passage in reading.passages for time in passage.times),
        persons=names.persons(reading.document, mentions),
        issues=tuple(issues),
        abstained=(
            *(e for e in events if e.confidence < least),
            *(s for s in statements if s.confidence < least),
        ),
    )
