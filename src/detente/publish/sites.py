"""The site: pages in three languages that open from disk, with briefs, chronology and data beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from markupsafe import Markup

from detente.ledger import Ledger
from detente.publish import briefs, chronology, export, milestones, speakers
from detente.publish.catalogue import Words
from detente.publish.charts import Flag, Line, Mark, share_bar, timeline_chart
from detente.publish.citing import Cited
from detente.publish.files import write_whole
from detente.publish.pages import render
from detente.publish.situation import Situation
from detente.terms import LANGUAGES

ROOT_LANGUAGE = "en"
"""Its pages stand at the top of the site; those of the other languages in a folder each."""
PAGES = ("index", "timeline", "statements", "milestones", "brief", "data")
CONTEXT = 160
"""Characters shown on each side of a quote; the report itself stays where it was published."""


@dataclass(frozen=True)
class Navigation:
    """Where a page stands: its own name, and the way up to the top of the site."""

    page: str
    language: str

    @property
    def up(self) -> str:
        depth = (self.language != ROOT_LANGUAGE) + self.page.startswith("event/")
        return "../" * depth

    @property
    def here(self) -> str:
        """The way to the pages of the same language."""
        return "../" if self.page.startswith("event/") else ""

    def other(self, language: str) -> str:
        """The way to the same page in another language."""
        folder = "" if language == ROOT_LANGUAGE else f"{language}/"
        return f"{self.up}{folder}{self.page}.html"


def path_of(page: str, language: str) -> str:
    """File of a page, from the top of the site."""
    return f"{page}.html" if language == ROOT_LANGUAGE else f"{language}/{page}.html"


def chart(situation: Situation, words: Words) -> Markup | None:
    """The index in both directions over time, breaks as flags, events as marks; None where nothing can be drawn."""
    directions = [name for name in situation.index.series if ">" in name]
    points = {name: [p for p in situation.index.series[name].points if p.value is not None] for name in directions}
    common = sorted(set.intersection(*({p.day for p in found} for found in points.values()))) if points else []
    if len(common) < 2:
        return None
    lines = []
    for name in directions:
        kept = [p for p in points[name] if p.day >= common[0]]
        lines.append(
            Line(
                situation.series_label(name, words),
                [p.value or 0.0 for p in kept],
                [p.low or 0.0 for p in kept],
                [p.high or 0.0 for p in kept],
            )
        )
    marks = []
    for row in situation.rows:
        when = row.occurrence.event.event_date
        if when and common[0] <= when.first <= common[-1] and row.occurrence.event.realis == "happened":
            label = row.heading(words)
            marks.append(Mark(when.first, row.score, label, f"event/{row.id}.html", bool(row.occurrence.decided)))
    flags = [Flag(b.week, words.day(b.week, short=True), b.earliest, b.latest) for b in situation.joint_breaks.found]
    title = words("Index of the relationship")
    last = {name: situation.index.series[name].last for name in directions}
    summary = "; ".join(
        f"{situation.series_label(name, words)} {words.number(point.value or 0.0, 1, signed=True)}"
        for name, point in last.items()
    )
    return Markup(timeline_chart(common, lines, words, title=title, summary=summary, marks=marks, flags=flags))  # noqa: S704


@dataclass(frozen=True)
class Context:
    """A quote with the characters around it."""

    before: str
    quote: str
    after: str
    cited: Cited


def in_context(cited: Cited) -> Context:
    """A quote as it stands in its report."""
    text, e = cited.document.text, cited.evidence
    before, after = text[max(0, e.start - CONTEXT) : e.start], text[e.end : e.end + CONTEXT]
    return Context(
        ("…" if e.start > CONTEXT else "") + before,
        e.quote,
        after + ("…" if e.end + CONTEXT < len(text) else ""),
        cited,
    )


def bar(row: milestones.Row, words: Words) -> Markup:
    """The chance of a milestone as a bar with its interval."""
    f = row.forecast
    low, high = min(f.interval[0], f.probability), max(f.interval[1], f.probability)
    return Markup(share_bar(f.probability, low, high, words.percent(f.probability)))  # noqa: S704


def pages(situation: Situation, language: str) -> Iterator[tuple[str, str]]:
    """(path from the top of the site, page) for one language."""
    words = Words(language)
    shown: dict[str, Any] = {"situation": situation, "languages": LANGUAGES, "label": briefs.label(situation, words)}

    def page(name: str, template: str, **values: Any) -> tuple[str, str]:
        at = Navigation(name, language)
        return path_of(name, language), render(template, language, at=at, **shown, **values)

    brief = briefs.of(situation, language)
    yield page(
        "index",
        "situation.html",
        chart=chart(situation, words),
        latest=situation.latest(8),
        lead=[s for section in brief.sections if section.id == "standing" for s in section.sentences],
        voices=[section for section in brief.sections if section.id == "voices"],
        bars={row.milestone.id: bar(row, words) for row in situation.milestones},
        chance_line=milestones.chance_line,
    )
    yield page("timeline", "timeline.html", rows=situation.rows[::-1])
    yield page("statements", "statements.html", rows=situation.statements[::-1], stance_text=speakers.stance_text)
    yield page(
        "milestones",
        "milestones.html",
        bars={row.milestone.id: bar(row, words) for row in situation.milestones},
        chance_line=milestones.chance_line,
        when_line=milestones.when_line,
        class_line=milestones.class_line,
    )
    yield page("brief", "brief_page.html", brief=brief)
    yield page("data", "data.html")
    for row in situation.rows:
        yield page(
            f"event/{row.id}",
            "event.html",
            row=row,
            contexts=[in_context(cited) for cited in row.cited],
            alternate=LANGUAGES,
        )


def downloads(situation: Situation, ledger: Ledger) -> Iterator[tuple[str, bytes]]:
    """(path from the top of the site, content) of every file that pages link to beside one another."""
    for language in LANGUAGES:
        brief = briefs.of(situation, language)
        yield f"brief.{language}.md", brief.as_markdown().encode()
        yield f"brief.{language}.html", brief.as_html().encode()
    yield "chronology.csv", chronology.as_csv(situation.rows).encode()
    yield "chronology.jsonl", chronology.as_jsonl(situation.rows).encode()
    yield "index.json", as_json(situation.index_json())
    yield "milestones.json", as_json([row.as_json() for row in situation.milestones])
    kinds: Sequence[export.What] = get_args(export.What)
    forms: Sequence[export.Format] = get_args(export.Format)
    for kind in kinds:
        records = export.records(kind, situation.dossier, ledger, as_of=situation.as_of)
        for form in forms:
            yield f"data/{kind}.{form}", export.as_bytes(records, kind, form)


def write(
    situation: Situation,
    ledger: Ledger,
    out: Path,
    *,
    on_progress: Callable[[int, int | None, str], None] | None = None,
) -> list[Path]:
    """Write the whole site into a folder: pages, briefs (Markdown and HTML), chronology and codings.

    Returns:
        The files written.

    Raises:
        PublishError: The folder cannot be written to, or a sentence would stand without evidence.
    """
    written: list[Path] = []
    total = (
        len(LANGUAGES) * (len(PAGES) + len(situation.rows) + 2)
        + 4
        + len(get_args(export.What)) * len(get_args(export.Format))
    )

    def put(path: str, content: str | bytes) -> None:
        write_whole(out / path, content)
        written.append(out / path)
        if on_progress:
            on_progress(len(written), total, path)

    for language in LANGUAGES:
        for path, text in pages(situation, language):
            put(path, text)
    for path, content in downloads(situation, ledger):
        put(path, content)
    return written


def as_json(value: Any) -> bytes:
    """JSON as our files hold it."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
