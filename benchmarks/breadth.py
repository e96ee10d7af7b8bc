"""How broad the word lists are: the share of labelled lines (tools/lines) in which they see the type.

    python benchmarks/breadth.py [tools/lines] [--misses LANGUAGE TYPE]

Nothing is asked of names and dates. A line counts as seen where one of its types is among those the lists see; CONCEDE
and RETREAT count as one. Lines labelled NONE are quiet where the lists see nothing. Lines at even places may be read,
those at odd places are only counted: --misses lists the readable lines of one first type in which it is not seen.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from detente.coding.events_types import sentence_types

LINES = Path(__file__).parent.parent / "tools/lines"
NOTHING = "NONE"
HALVES = ("read", "unread")
_YIELD = {"CONCEDE": "RETREAT"}


def lines(folder: Path, language: str) -> Iterator[tuple[str, list[str], str]]:
    """Half, types and text of each line; statements, written for stance, are left out."""
    for register in ("official", "press"):
        path = folder / f"{language}.{register}.tsv"
        for place, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            types, _, text = line.split("\t")
            yield HALVES[place % 2], types.split(","), text


def seen(types: list[str], text: str, language: str) -> bool:
    """Whether the lists see one of the types; of a line that reports nothing, whether they see nothing.

    >>> seen(["CONSULT"], "The two presidents met in Geneva.", "en"), seen(["NONE"], "It rained all day.", "en")
    (True, True)
    """
    found = {_YIELD.get(kind, kind) for kind in sentence_types(text, language)}
    if types == [NOTHING]:
        return not found
    return bool(found & {_YIELD.get(kind, kind) for kind in types})


def shares(folder: Path, language: str) -> dict[tuple[str, str], tuple[int, int]]:
    """Lines seen and all lines, by half and first type."""
    right: Counter[tuple[str, str]] = Counter()
    count: Counter[tuple[str, str]] = Counter()
    for half, types, text in lines(folder, language):
        count[half, types[0]] += 1
        right[half, types[0]] += seen(types, text, language)
    return {key: (right[key], count[key]) for key in sorted(count)}


def share(found: dict[tuple[str, str], tuple[int, int]], half: str, *, nothing: bool = False) -> float:
    """Share right of the lines that report something in one half, or of those that report nothing."""
    chosen = [pair for (where, kind), pair in found.items() if where == half and (kind == NOTHING) == nothing]
    return sum(right for right, _ in chosen) / sum(n for _, n in chosen)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=LINES)
    parser.add_argument("--misses", nargs=2, metavar=("LANGUAGE", "TYPE"))
    options = parser.parse_args()
    if options.misses:
        language, wanted = options.misses
        for half, types, text in lines(options.folder, language):
            if half == HALVES[0] and types[0] == wanted and not seen(types, text, language):
                print(",".join(types), "found", ",".join(sentence_types(text, language)) or "nothing", "|", text)
        return
    for language in sorted({path.name.split(".")[0] for path in options.folder.glob("*.press.tsv")}):
        found = shares(options.folder, language)
        for half in HALVES:
            total = sum(n for (where, _), (_, n) in found.items() if where == half)
            print(
                f"{language} {half}: {total} lines, type seen in {share(found, half):.3f}, "
                f"quiet on NONE {share(found, half, nothing=True):.3f}"
            )
            by_type = ((kind, pair) for (where, kind), pair in found.items() if where == half and kind != NOTHING)
            print("   " + " ".join(f"{kind} {right / n:.2f}" for kind, (right, n) in by_type))


if __name__ == "__main__":
    main()
