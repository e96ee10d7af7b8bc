"""A sentence as the finders of events read it: words, acts and things, names, moments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detente.coding.events_dates import Moment
from detente.coding.events_lexicon import Hit, Token
from detente.coding.events_parties import Named
from detente.coding.passages import Passage
from detente.coding.realis import Sign


@dataclass(frozen=True, slots=True)
class Sentence:
    """A passage with everything found in it.

    Attributes:
        hits: Acts and things of the lexicon.
        small: Small words and phrases: class, first and last token.
        numbers: The clause of each token.
    """

    passage: Passage
    words: Sequence[Token]
    hits: Sequence[Hit]
    small: Sequence[tuple[str, int, int]]
    signs: Sequence[Sign]
    numbers: Sequence[int]
    named: Sequence[Named]
    moments: Sequence[Moment]
