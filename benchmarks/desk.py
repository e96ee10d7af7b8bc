"""How fast the desk is: from a key to the next item in a real browser, and how a dossier of 10,000 events opens.

    python benchmarks/desk.py all                      every table, as Markdown; about five minutes
    python benchmarks/desk.py keys --events 200,10000  100 decisions by a key, each until the next is painted
    python benchmarks/desk.py open --events 200,10000  first answer of a fresh server, and the same page again

`keys` presses the letter in Chromium and takes the times the browser itself gives: of the key as it arrived, and of
the first painting of the next item's words. The dossiers are made up (`desk_dossier.py`).
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

import desk_dossier
from tests.browser import Browser, browser

NOTE = """
addEventListener("keydown", (event) => {
  sessionStorage.setItem("pressed", String(performance.timeOrigin + event.timeStamp));
}, true);
const painted = new Map();
const waiting = new Map();
const itemShown = () => location.pathname + location.search;
new MutationObserver(() => {
  const fresh = document.querySelectorAll(".text:not([elementtiming])");
  for (const text of fresh) text.setAttribute("elementtiming", itemShown());
}).observe(document, { childList: true, subtree: true });
new PerformanceObserver((list) => {
  for (const { identifier, renderTime } of list.getEntries()) {
    painted.set(identifier, performance.timeOrigin + renderTime);
    if (waiting.has(identifier)) waiting.get(identifier)(painted.get(identifier));
  }
}).observe({ type: "element", buffered: true });
window.tookToPaint = () => new Promise((done) => {
  const tell = (at) => done(at - Number(sessionStorage.getItem("pressed")));
  const item = itemShown();
  if (painted.has(item)) tell(painted.get(item));
  else waiting.set(item, tell);
});
"""
"""Notes when a key came, and when the words of each item were painted (the browser's Element Timing)."""
SETTLE_SECONDS = 20
"""A fresh server measures every figure ahead."""
PAGES = ("/desk", "/index.html", "/timeline.html")


def keys(folder: Path, count: int, *, key: str = "a") -> list[float]:
    """Milliseconds from a key to the first paint of the next item, of so many decisions."""
    with desk_dossier.serving(folder) as address, browser() as page:
        page.ask("Page.addScriptToEvaluateOnNewDocument", source=NOTE)
        page.size(1280, 900)
        page.open(f"{address}/desk")
        until = time.monotonic() + 60
        while not page.run("document.readyState === 'complete' && document.querySelector('mark') !== null"):
            if time.monotonic() > until:
                raise RuntimeError("the desk did not open.")
            time.sleep(0.1)
        time.sleep(SETTLE_SECONDS)
        return [press(page, key) for _ in range(count)]


def press(page: Browser, key: str) -> float:
    before = page.run("location.href")
    page.press(key, leaves=True)
    took = float(page.run("tookToPaint()"))
    if page.run("location.href") == before or page.run("document.querySelector('mark') === null"):
        raise RuntimeError(f"the key brought no next item: {page.run('document.body.innerText')[:600]}")
    return took


def first_pages(folder: Path) -> dict[str, tuple[float, float]]:
    """By path, milliseconds of the first answer of a fresh server and the median of the same page ten times again."""
    out = {}
    for path in PAGES:
        with desk_dossier.serving(folder) as address:
            first = _answer(address + path)
            out[path] = first, statistics.median(_answer(address + path) for _ in range(10))
    return out


def _answer(url: str) -> float:
    began = time.perf_counter()
    with urllib.request.urlopen(url, timeout=600) as answer:  # noqa: S310 (our own server)
        answer.read()
    return 1000 * (time.perf_counter() - began)


def key_table(sizes: Iterable[int], count: int) -> Iterator[str]:
    yield f"| events | key to next item, {count} decisions: p50, ms | p95, ms | most, ms |"
    yield "|---|---|---|---|"
    for events in sizes:
        with tempfile.TemporaryDirectory() as out:
            times = keys(desk_dossier.make(Path(out) / "dossier", events), count)
        half, most = desk_dossier.share(times, 0.5), desk_dossier.share(times, 0.95)
        yield f"| {events:,} | {half:.0f} | {most:.0f} | {max(times):.0f} |"


def open_table(sizes: Iterable[int]) -> Iterator[str]:
    found = {}
    for events in sizes:
        with tempfile.TemporaryDirectory() as out:
            found[events] = first_pages(desk_dossier.make(Path(out) / "dossier", events))
    yield "| page | " + " | ".join(f"{events:,} events: first, ms | again, ms" for events in found) + " |"
    yield "|---|" + "---|---|" * len(found)
    for path in PAGES:
        cells = [f"{first:.0f} | {again:.1f}" for first, again in (found[events][path] for events in found)]
        yield f"| {path} | " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("all", "keys", "open"))
    parser.add_argument("--events", default="200,10000")
    parser.add_argument("--count", type=int, default=100)
    given = parser.parse_args()
    sizes = [int(part) for part in given.events.split(",")]
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    if given.what in ("all", "keys"):
        print("\n".join(key_table(sizes, given.count)), end="\n\n", flush=True)
    if given.what in ("all", "open"):
        print("\n".join(open_table(sizes)), flush=True)


if __name__ == "__main__":
    main()
