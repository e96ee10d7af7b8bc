"""What pages weigh and how long a reader waits for the first chart, in Chromium with its processor slowed four times.

    python benchmarks/pages.py SITE [--rounds 5]

SITE is a folder that `detente site` or `detente demo` wrote. Weight is that of the whole page, compressed (gzip, level
9): nothing is loaded beside it. Time runs from the start of the navigation to the first contentful paint, or to when
the chart is in the document if that is later. Pages are opened from disk: a network's time is not in it. Print is A4.
"""

from __future__ import annotations

import argparse
import gzip
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.browser import Browser, browser

SLOWER = 4
KINDS = ("index", "timeline", "statements", "milestones", "brief", "data", "third", "sources", "method")
KINDS += ("measures/index", "measures/agenda", "measures/breaks", "measures/camps", "measures/deeds", "measures/risers")
_HAS_CHART = "!!document.querySelector('svg.chart, svg.curve')"
_DRAWN = """new Promise(done => {
  const look = () => {
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    if (!paint) return setTimeout(look, 50);
    const read = performance.timing.domInteractive - performance.timing.navigationStart;
    done(Math.max(paint.startTime, read));
  };
  look();
})"""


def first_chart(page: Browser, file: Path, rounds: int) -> tuple[float, float] | None:
    """Median and largest time to the first chart, in milliseconds; None where the page has none."""
    taken = []
    for _ in range(rounds):
        page.open(file.as_uri())
        if not page.run(_HAS_CHART):
            return None
        taken.append(float(page.run(_DRAWN)))
    return statistics.median(taken), max(taken)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("site", type=Path)
    asked.add_argument("--rounds", type=int, default=5)
    given = asked.parse_args()
    given.site = given.site.resolve()
    with browser() as page:
        print(f"{'page':22}{'KB':>6}{'chart, ms':>11}{'at most':>9}{'A4':>4}")
        for name in KINDS:
            file = given.site / f"{name}.html"
            if not file.is_file():
                continue
            page.size(1280, 900)
            page.ask("Emulation.setCPUThrottlingRate", rate=SLOWER)
            drawn = first_chart(page, file, given.rounds)
            page.ask("Emulation.setCPUThrottlingRate", rate=1)
            weight = len(gzip.compress(file.read_bytes(), 9)) / 1024
            times = f"{drawn[0]:11.0f}{drawn[1]:9.0f}" if drawn else f"{'–':>11}{'–':>9}"
            print(f"{name:22}{weight:6.1f}{times}{page.printed():4d}", flush=True)
        heavy = sorted(
            ((len(gzip.compress(file.read_bytes(), 9)) / 1024, file) for file in given.site.rglob("*.html")),
            reverse=True,
        )
        print(f"heaviest of {len(heavy)} pages: {heavy[0][1].relative_to(given.site)}, {heavy[0][0]:.1f} KB")


if __name__ == "__main__":
    main()
