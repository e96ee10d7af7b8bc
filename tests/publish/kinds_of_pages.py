"""Which pages are opened in Chromium, and what is looked for on each."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.browser import Browser

from detente.publish import figures, sites
from detente.publish.situation import Situation

PICTURES = Path(__file__).parents[2] / "build" / "pages"
WIDTHS = (1280, 390)


def hardest(now: Situation) -> dict[str, str]:
    """The pages of events most likely to break, by what is hard about them."""
    rows = now.shown_rows

    def word(text: str) -> int:
        return max(map(len, text.split()), default=0)

    found = {
        "most-reports": max(rows, key=lambda row: len(row.cited)),
        "longest-word": max(rows, key=lambda row: max(word(c.document.title + " " + c.outlet) for c in row.cited)),
        "most-points": max(rows, key=lambda row: len(row.points)),
        "most-differing": max(rows, key=lambda row: len(row.occurrence.disagreements)),
    }
    return {f"event-{name}": f"event/{row.id}" for name, row in found.items()}


def names(now: Situation) -> list[str]:
    """Every page of the dossier but those of measures, from the top of its language."""
    return [path.removesuffix(".html") for path in sites.Pages(now, sites.ROOT_LANGUAGE)]


def kinds(now: Situation) -> dict[str, str]:
    """One page of every kind, and the names of their pictures."""
    every = [*names(now), *(f"measures/{name}" for name in figures.TITLES)]
    many = ("event/", "cases/", "person/", "milestones/")
    found = {
        name.replace("/", "-"): name for name in every if not name.startswith(many) and name[-1] not in "0123456789"
    }
    said = Counter(row.statement.speaker.entity for row in now.statements)
    speaker = max(now.people, key=lambda entity: (said[entity.id], entity.id))
    cases = [name for name in every if name.startswith("cases/")]
    fullest = max(now.milestones, key=lambda row: len(row.forecast.layers))
    one = {"cases": cases[0], "person": sites.person_name(speaker), "milestone": f"milestones/{fullest.slug}"}
    return found | one | hardest(now)


def looked_at(page: Browser, url: str, own: str, picture: Path | None = None, axe: str = "") -> list[str]:
    """What is wrong with a page as it is drawn, at both widths; with `axe`, what bars people from it as well."""
    page.console.clear()
    page.requests.clear()
    page.size(WIDTHS[0], 900)
    page.open(url)
    found = []
    for width in WIDTHS:
        page.size(width, 900)
        if wide := page.run("document.documentElement.scrollWidth - document.documentElement.clientWidth"):
            found.append(f"{width}: sticks out by {wide} pixels: {page.run(_STICKS_OUT)}")
        if picture:
            page.shot(picture.with_suffix(f".{width}.jpeg"), width)
        found += [f"{width}: {barrier}" for barrier in page.barriers(axe)] if axe else []
    found += [f"asks outside: {asked}" for asked in page.requests if not asked.startswith((own, "data:", "about:"))]
    return found + [f"console: {said}" for said in page.console]


_STICKS_OUT = """[...document.querySelectorAll("main *, header *, footer *")].filter(e => !e.closest(".scroll")
&& e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).slice(0, 3)
.map(e => e.outerHTML.slice(0, 160))"""
