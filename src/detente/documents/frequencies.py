"""The list of a language's frequent words, `languages/LANGUAGE/frequency.toml`, from a list of words with counts.

`python -m detente.documents.frequencies es < words.tsv > frequency.toml`, where each line of `words.tsv` is a word, a
tabulator and how often it occurs. The words are put together by `wording.key_of`, so the list has to be made anew
when the endings or the length of the key in the language's `retelling.toml` change.
"""

from __future__ import annotations

import math
import sys
from collections import defaultdict
from collections.abc import Iterable

from detente.documents.wording import key_of
from detente.languages import table

_LEAST = 3.6
"""Frequency, as the power of ten of the occurrences in a billion words, below which a word counts as rare."""
_COMMON_IN_NEWS = 5.0
"""Frequency given to `common_in_news`: words of years of news, newer than the counts or rarer in other texts."""


def frequency_table(words: Iterable[tuple[str, float]], language: str) -> str:
    """The words as TOML, by frequency in steps of a fifth of a power of ten.

    >>> print(frequency_table([("talks", 70.0), ("talk", 30.0), ("the", 9900.0)], "en").splitlines()[:2])
    ['"9.0" = "the"', '"7.0" = "talk"']
    """
    counts: dict[str, float] = defaultdict(float)
    total = 0.0
    for word, count in words:
        total += count
        if word[0].isalpha() and not set(word) & set('"\\'):
            counts[key_of(word.lower().replace("ё", "е").replace("’", "'"), language)] += count
    levels = {key: 9 + math.log10(count / total) for key, count in counts.items()}
    for word in str(table(language, "retelling").get("common_in_news", "")).split():
        key = key_of(word, language)
        levels[key] = max(_COMMON_IN_NEWS, levels.get(key, 0.0))
    steps: dict[float, list[str]] = defaultdict(list)
    for key, level in levels.items():
        if level >= _LEAST:
            steps[round(level * 5) / 5].append(key)
    return "\n".join(f'"{step:.1f}" = "{" ".join(sorted(steps[step]))}"' for step in sorted(steps, reverse=True))


def main() -> None:
    """Read the list from standard input, write the table to standard output."""
    lines = (line.rstrip("\n").split("\t") for line in sys.stdin)
    sys.stdout.write(frequency_table(((word, float(count)) for word, count in lines), sys.argv[1]) + "\n")


if __name__ == "__main__":
    main()
