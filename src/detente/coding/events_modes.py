"""The mode of an event where its rule leaves it open: words of its sentence that say how it was done."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from detente import languages
from detente.codebook import modes
from detente.coding.events_lexicon import Phrases, Token

_NEAR = 12
"""Words around the act in which its mode is looked for: its objects and means, not those of the next sentence part."""


@cache
def _phrases(language: str) -> dict[str, Phrases]:
    """By PLOVER type, the words of its modes in the order in which they win."""
    table = languages.table(language, "modes")
    return {
        kind: Phrases({mode: words for mode, words in lists.items() if (kind, mode) in modes()}, language)
        for kind, lists in table.items()
    }


def mode_of(kind: str, words: Sequence[Token], first: int, last: int, language: str) -> str:
    """The mode that the words around an act show, or an empty string.

    Args:
        kind: PLOVER type.
        words: The sentence.
        first, last: Tokens of the act and its thing.

    >>> from detente.coding.events_lexicon import tokens
    >>> mode_of("THREATEN", tokens("Turkey threatened to expel the Danish ambassador", "en"), 1, 1, "en")
    'expel'
    """
    phrases = _phrases(language).get(kind)
    if phrases is None:
        return ""
    low, high = max(0, first - _NEAR), last + _NEAR
    found = {name for name, begin, end in phrases.find(words) if begin >= low and end <= high}
    return next((mode for mode in phrases.names if mode in found), "")
