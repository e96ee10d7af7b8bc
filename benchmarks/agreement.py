"""How far two annotators of the same sentences agree: the ceiling against which a coder's scores are read.

    python benchmarks/agreement.py tests/coding/gold/sentences --json tests/coding/gold/sentences/agreement.json

reads `first-annotator.LANGUAGE.jsonl` and `second-annotator.LANGUAGE.jsonl` of the folder, which hold the same items,
and prints a table. F1 is twice the pairs over both counts. `X given the rest`: of the pairs that hold every other
condition of a match, the share that holds X too. `low` and `high` bound the middle 95 % of what drawing as many items
anew, with replacement, gives. Every figure is the same whichever annotator comes first: where the rule for a coder asks
for a share of the gold span or for a date within the gold's, either direction will do here.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from detente import registry
from detente.errors import EvaluationError
from detente.evaluation.articles import GoldArticle, GoldEvent, GoldStatement
from detente.evaluation.matching import MINIMUM_OVERLAP, dates_match, overlap, pair_up, same_type, types_match
from detente.evaluation.sentences import read_sentences
from detente.evaluation.speakers import BOTH, Speakers
from detente.registry import Registry
from detente.terms import Participant, Span

Figures = dict[str, float | int | None]
Condition = Callable[[GoldEvent, GoldEvent], bool]


def covered(a: Span, b: Span) -> float:
    return max(overlap(a, b), overlap(b, a))


def same_date(a: GoldEvent, b: GoldEvent) -> bool:
    if a.date is None or b.date is None:
        return a.date is b.date
    return dates_match(a.date, b.date) or dates_match(b.date, a.date)


def same_sides(a: GoldEvent, b: GoldEvent) -> bool:
    """Equal pairs; of three parties, or of one state and a party that is none, what the other has is enough."""
    return a.sides == b.sides or any(len(x) != 2 and x <= y for x, y in ((a.sides, b.sides), (b.sides, a.sides)))


DRAWS = 2000
SEED = 20261128

CONDITIONS: dict[str, Condition] = {
    "date": same_date,
    "sides": same_sides,
    "type": lambda a, b: types_match(a.type, b.type) or types_match(b.type, a.type),
    "evidence": lambda a, b: covered(a.span, b.span) >= MINIMUM_OVERLAP,
}
FURTHER: dict[str, Condition] = {
    "exact type": lambda a, b: same_type(a.type, b.type) or same_type(b.type, a.type),
    "realis": lambda a, b: a.realis == b.realis,
}


def f1(pairs: int, first: int, second: int) -> float | None:
    return round(2 * pairs / (first + second), 3) if first + second else None


def share(held: Sequence[bool]) -> float | None:
    return round(sum(held) / len(held), 3) if held else None


def spread(counts: Sequence[tuple[float, float]]) -> tuple[float, float] | tuple[None, None]:
    """Middle 95 % of a ratio of sums over items drawn anew; the same draws for every figure.

    Args:
        counts: Numerator and denominator of each item.
    """
    table = np.array(counts, dtype=float)
    drawn = table[np.random.default_rng(SEED).integers(len(table), size=(DRAWS, len(table)))].sum(axis=1)
    if not drawn[:, 1].all():
        return None, None
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], (0.025, 0.975))
    return round(float(low), 3), round(float(high), 3)


def kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    """Agreement beyond chance of two raters; None where either gives one answer only to everything.

    Source:
        Cohen (1960), Educational and Psychological Measurement 20, 37-46.

    >>> kappa([(1, 1), (1, 1), (-1, -1), (-1, 1)])
    0.5
    """
    n = len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[value] * second[value] for value in first) / n**2 if n else 1.0
    return round((sum(a == b for a, b in pairs) / n - chance) / (1 - chance), 3) if chance < 1 else None


def sign(statement: GoldStatement) -> int:
    return (statement.stance > 0) - (statement.stance < 0)


def event_pairs(a: GoldArticle, b: GoldArticle, apart: str = "") -> list[tuple[GoldEvent, GoldEvent]]:
    """The best pairs that hold every condition of a match but the one set apart, most agreement first."""
    needed = [hold for name, hold in CONDITIONS.items() if name != apart]
    wished = [*CONDITIONS.values(), *FURTHER.values()]

    def score(x: GoldEvent, y: GoldEvent) -> float:
        if not all(hold(x, y) for hold in needed):
            return 0.0
        return covered(x.span, y.span) + sum(hold(x, y) for hold in wished)

    return [(a.events[i], b.events[j]) for i, j in pair_up(a.events, b.events, score)]


def statement_pairs(a: GoldArticle, b: GoldArticle, speakers: Speakers) -> list[tuple[GoldStatement, GoldStatement]]:
    def named(x: GoldStatement) -> Participant:
        both = a.dyad.sides if x.side == BOTH and a.dyad else (x.side,)
        return Participant("", x.speaker, "+".join(both))

    def score(x: GoldStatement, y: GoldStatement) -> float:
        same = speakers.same(x.speaker, x.side, named(y)) or speakers.same(y.speaker, y.side, named(x))
        close = covered(x.span, y.span)
        return close + (x.stance == y.stance) if same and close >= MINIMUM_OVERLAP else 0.0

    return [(a.statements[i], b.statements[j]) for i, j in pair_up(a.statements, b.statements, score)]


def events_table(items: Sequence[tuple[GoldArticle, GoldArticle]]) -> Figures:
    first, second = (sum(len(pair[k].events) for pair in items) for k in (0, 1))
    matched = [event_pairs(a, b) for a, b in items]
    full = [pair for pairs in matched for pair in pairs]
    counts = [(2 * len(m), len(a.events) + len(b.events)) for m, (a, b) in zip(matched, items, strict=True)]
    low, high = spread(counts)
    out: Figures = {"events F1": f1(len(full), first, second), "events F1, low": low, "events F1, high": high}
    out |= {"events n1": first, "events n2": second}
    exact = [pair for pair in full if FURTHER["exact type"](*pair)]
    out["events F1, exact type"] = f1(len(exact), first, second)
    for apart in CONDITIONS:
        rest = [pair for a, b in items for pair in event_pairs(a, b, apart)]
        if apart == "type":
            out["exact type given the rest"] = share([FURTHER["exact type"](*pair) for pair in rest])
        name = "type or quad" if apart == "type" else apart
        out[f"{name} given the rest"] = share([CONDITIONS[apart](*pair) for pair in rest])
        out[f"{name} given the rest, n"] = len(rest)
    out["realis given a match"] = share([FURTHER["realis"](*pair) for pair in full])
    out["realis given a match, n"] = len(full)
    either = [(bool(a.events), bool(b.events)) for a, b in items]
    out["any event, same answer"] = share([x == y for x, y in either])
    return out


def statements_table(items: Sequence[tuple[GoldArticle, GoldArticle]], speakers: Speakers) -> Figures:
    first, second = (sum(len(pair[k].statements) for pair in items) for k in (0, 1))
    heard = [statement_pairs(a, b, speakers) for a, b in items]
    said = [pair for pairs in heard for pair in pairs]
    low, high = spread([(sum(sign(x) == sign(y) for x, y in pairs), len(pairs)) for pairs in heard])
    return {
        "statements F1": f1(len(said), first, second),
        "statements n1": first,
        "statements n2": second,
        "stance sign": share([sign(x) == sign(y) for x, y in said]),
        "stance sign, low": low,
        "stance sign, high": high,
        "stance exact": share([x.stance == y.stance for x, y in said]),
        "stance sign kappa": kappa([(sign(x), sign(y)) for x, y in said]),
        "stance n": len(said),
    }


def times_table(items: Sequence[tuple[GoldArticle, GoldArticle]]) -> Figures:
    first, second = (sum(len(pair[k].times) for pair in items) for k in (0, 1))
    pairs = [
        (a.times[i], b.times[j])
        for a, b in items
        for i, j in pair_up(a.times, b.times, lambda x, y: overlap(x.span, y.span))
    ]
    return {
        "times relaxed F1": f1(len(pairs), first, second),
        "times strict F1": f1(sum(x.span == y.span for x, y in pairs), first, second),
        "times value F1": f1(sum(x.value == y.value for x, y in pairs), first, second),
        "times n1": first,
        "times n2": second,
        "value given overlap": share([x.value == y.value for x, y in pairs]),
    }


def measure(items: Sequence[tuple[GoldArticle, GoldArticle]], known: Registry) -> Figures:
    """Every figure of the table for one set of items annotated twice."""
    return {
        "items": len(items),
        **events_table(items),
        **statements_table(items, Speakers(known)),
        **times_table(items),
    }


def together(first: Iterable[GoldArticle], second: Iterable[GoldArticle]) -> list[tuple[GoldArticle, GoldArticle]]:
    """The items of two annotators side by side.

    Raises:
        EvaluationError: One has an item that the other lacks, or its text differs.
    """
    mine, theirs = ({item.id: item for item in items} for items in (first, second))
    for name in sorted(mine.keys() | theirs.keys()):
        if name not in mine or name not in theirs or mine[name].text["text"] != theirs[name].text["text"]:
            raise EvaluationError(f"{name}: not annotated by both, or on another text. Give both the same items.")
    return [(item, theirs[name]) for name, item in mine.items()]


def compare(folder: Path, known: Registry) -> dict[str, Figures]:
    """The figures of each language that two annotators have read, and of all."""
    languages = sorted(path.name.split(".")[1] for path in folder.glob("second-annotator.*.jsonl"))
    found: dict[str, list[tuple[GoldArticle, GoldArticle]]] = {}
    for language in languages:
        first, second = (
            read_sentences(folder / f"{who}-annotator.{language}.jsonl", known) for who in ("first", "second")
        )
        found[language] = together(first, second)
    found["all"] = [pair for pairs in found.values() for pair in pairs]
    return {name: measure(items, known) for name, items in found.items()}


def table(report: dict[str, Figures]) -> str:
    rows = ["| figure | " + " | ".join(report) + " |", "|---|" + "---|" * len(report)]
    for figure in report["all"]:
        shown = (value[figure] for value in report.values())
        rows.append(f"| {figure} | " + " | ".join("–" if x is None else f"{x:g}" for x in shown) + " |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    given = parser.parse_args()
    report = compare(given.folder, registry.load())
    if given.json:
        given.json.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(table(report))


if __name__ == "__main__":
    main()
