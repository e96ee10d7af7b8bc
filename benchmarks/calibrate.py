"""Fit the coder's confidence to the share of codings that are right, on annotated texts that nobody wrote rules on.

    python benchmarks/calibrate.py tests/coding/gold --write

reads `training/*` below a folder (on texts that rules were written on, nine codings in ten are right, whatever their
figure; and the blind sets measure), codes them with uncalibrated figures, and fits a rising curve by pooling
adjacent violators. With --write the curve goes into `src/detente/coding/lexicons/calibration.toml`, else it is printed.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from detente.coding import confidence
from detente.evaluation import evaluate_folder

TABLE = Path(__file__).parent.parent / "src/detente/coding/lexicons/calibration.toml"
LEAST = 25
"""Codings that a step of the curve rests on at least: fewer would follow chance."""


def unread(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in (folder / "training").iterdir() if path.is_dir())


def fitted(answers: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """A rising curve through (figure, share right); each point is the mean of at least LEAST codings.

    >>> fitted([(0.2, False)] * 30 + [(0.8, True)] * 30)
    [(0.2, 0.016), (0.8, 0.984)]
    """
    pools: list[tuple[float, float, int]] = []  # sum of figures, right ones, codings
    for raw, right in sorted(answers):
        pools.append((raw, float(right), 1))
        while len(pools) > 1 and (pools[-2][2] < LEAST or pools[-2][1] / pools[-2][2] >= pools[-1][1] / pools[-1][2]):
            x, y, n = pools.pop()
            pools[-1] = (pools[-1][0] + x, pools[-1][1] + y, pools[-1][2] + n)
    if len(pools) > 1 and pools[-1][2] < LEAST:
        x, y, n = pools.pop()
        pools[-1] = (pools[-1][0] + x, pools[-1][1] + y, pools[-1][2] + n)
    # A half of each kind beside what was counted: no share is 0 or 1 (Jeffreys).
    return [(round(x / n, 3), round((y + 0.5) / (n + 1), 3)) for x, y, n in pools]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    confidence.points = lambda _: ()  # type: ignore[assignment] # the figures as the rules give them
    answers: dict[str, list[tuple[float, bool]]] = {"event": [], "statement": []}
    for path in unread(options.folder):
        sureness = evaluate_folder(path)["sureness"]
        answers["event"] += [(raw, right) for raw, right in sureness["events"]]
        answers["statement"] += [(raw, right) for raw, right in sureness["statements"]]
    lines = [
        "# Made by `python benchmarks/calibrate.py`: (a rule's figure, share of such codings that is right).",
        "# Empty lists leave the figures as they are.",
    ]
    for kind, found in answers.items():
        curve = ", ".join(f"[{raw}, {share}]" for raw, share in fitted(found))
        lines += ["", f"[{kind}]", f"points = [{curve}]", f"# {len(found)} codings"]
    text = "\n".join(lines) + "\n"
    print(text)
    if options.write:
        TABLE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
