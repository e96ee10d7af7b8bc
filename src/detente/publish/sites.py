"""The site: pages in three languages that open from disk, with briefs, chronology and data beside them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, get_args

from markupsafe import Markup

from detente.errors import PublishError
from detente.ledger import Ledger
from detente.publish import (
    brief_log,
    brief_versions,
    briefs,
    chronology,
    disclosure,
    export,
    milestones,
    questions,
    speakers,
    track_record,
    verdicts,
)
from detente.publish.catalogue import Words
from detente.publish.charts import curve_chart, share_bar
from detente.publish.citing import Cited, addresses, anchor_of, link_of
from detente.publish.files import write_whole
from detente.publish.forecast_layers import horizon_line, layer_lines
from detente.publish.hero import MOST_MARKS, chart
from detente.publish.pages import render
from detente.publish.situation import Situation
from detente.terms import LANGUAGES, Document

ROOT_LANGUAGE = "en"
"""Its pages stand at the top of the site; those of the other languages in a folder each."""
CONTEXT = 160
"""Characters shown on each side of a quote; the report itself stays where it was published."""
ROWS_A_PAGE = 150
"""Rows on one page of a long list: 150 statements are 25 KB compressed, so that a page stays below 60."""
MANIFEST = ".detente-site"
"""Names the files written into a folder, so that the next writing can take away those that no longer belong."""
SECTIONS: Mapping[str, str] = {
    "event": "timeline",
    "third": "timeline",
    "cases": "milestones",
    "track": "milestones",
    "verdicts": "milestones",
    "sources": "data",
}
"""Which entry of the menu a page without one belongs to."""


@dataclass(frozen=True)
class Navigation:
    """Where a page stands: its own name, and the way up to the top of the site."""

    page: str
    language: str

    @property
    def section(self) -> str:
        """The entry of the menu the page belongs to."""
        first = self.page.partition("/")[0].partition("-")[0]
        return SECTIONS.get(first, first)

    @property
    def up(self) -> str:
        return "../" * ((self.language != ROOT_LANGUAGE) + self.page.count("/"))

    @property
    def here(self) -> str:
        """The way to the pages of the same language."""
        return "../" * self.page.count("/")

    def other(self, language: str) -> str:
        """The way to the same page in another language."""
        folder = "" if language == ROOT_LANGUAGE else f"{language}/"
        return f"{self.up}{folder}{self.page}.html"


def folder_of(language: str) -> str:
    """Folder of a language from the top of the site, empty for the one whose pages stand at the top."""
    return "" if language == ROOT_LANGUAGE else f"{language}/"


def path_of(page: str, language: str) -> str:
    """File of a page, from the top of the site."""
    return f"{folder_of(language)}{page}.html"


def as_of_text(as_of: date | datetime, words: Words) -> str:
    """A day, or a moment as it was asked for."""
    return as_of.isoformat(timespec="minutes") if isinstance(as_of, datetime) else words.day(as_of)


def part_name(page: str, number: int) -> str:
    """Name of one part of a long list: `timeline`, `timeline-2`, ..."""
    return page if number == 0 else f"{page}-{number + 1}"


def _parts(rows: Sequence[Any]) -> list[Sequence[Any]]:
    return [rows[start : start + ROWS_A_PAGE] for start in range(0, max(1, len(rows)), ROWS_A_PAGE)]


class Where:
    """On which page of a language something stands, so that every number and quote can be a link to it."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation

    @cached_property
    def events(self) -> list[Sequence[chronology.Row]]:
        return _parts(self.situation.rows[::-1])

    @cached_property
    def third(self) -> list[Sequence[chronology.Row]]:
        return _parts(self.situation.third_party_rows[::-1])

    @cached_property
    def statements(self) -> list[Sequence[speakers.Row]]:
        return _parts(self.situation.statements[::-1])

    @cached_property
    def sources(self) -> list[Sequence[Document]]:
        return _parts(sorted(self.situation.documents.values(), key=lambda d: (d.source, d.id)))

    @cached_property
    def _pages(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for number, said in enumerate(self.statements):
            for row in said:
                found[row.cited.entry] = f"{part_name('statements', number)}.html#s-{row.cited.entry}"
        for number, documents in enumerate(self.sources):
            for document in documents:
                found[document.id] = f"{part_name('sources', number)}.html#{anchor_of(document)}"
        return found

    def event(self, occurrence: str) -> str:
        """Page of an event, or an empty string where it has none."""
        return f"event/{occurrence}.html" if occurrence in self.situation.row_by_id else ""

    def statement(self, entry: str) -> str:
        return self._pages.get(entry, "")

    def source(self, document: str) -> str:
        return self._pages.get(document, "")

    def cited(self, cited: Cited) -> str:
        """Where a quote is shown with its coding: the page of its event, else its line among the statements."""
        return self.event(cited.occurrence) or self.statement(cited.entry)


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
    if e.start > CONTEXT:  # never half a word
        before = "… " + before.partition(" ")[2]
    if e.end + CONTEXT < len(text):
        after = after.rpartition(" ")[0] + " …"
    return Context(before, e.quote, after, cited)


def bar(row: milestones.Row, words: Words) -> Markup:
    """The chance of a milestone as a bar with its interval."""
    f = row.forecast
    low, high = min(f.interval[0], f.probability), max(f.interval[1], f.probability)
    label = words("{p} by {day}", p=words.percent(f.probability), day=words.day(f.deadline))
    return Markup(share_bar(f.probability, low, high, label))  # noqa: S704 - escaped by the chart layer


def curve(row: milestones.Row, words: Words) -> Markup | None:
    """The forecast as a curve; None where the cases say nothing about when."""
    f = row.forecast
    if f.median_day is None or len(f.curve) < 2:
        return None
    title = words("Chance of being reached by each day")
    return Markup(  # noqa: S704 - escaped by the chart layer
        curve_chart(f.curve, f.deadline, f.never, words, title=title, summary=milestones.chance_line(row, words))
    )


@dataclass(frozen=True)
class Voice:
    """One speaker's line in the table of who speaks."""

    name: Any
    role: Any
    side: str
    statements: int
    mean: float
    lowest: int
    highest: int
    camp: str
    link: str


def voices(situation: Situation, words: Words, where: Where) -> list[Voice]:
    """Speakers of both sides, the most reserved first on each side; each with a link to the last statement."""
    out = []
    for speaker in situation.stances.speakers:
        said = [
            row
            for row in situation.statements
            if speaker.side in row.statement.speaker.sides
            and (row.statement.speaker.entity or row.statement.speaker.name) == speaker.speaker
        ]
        if not said:
            continue
        last = said[-1]
        out.append(
            Voice(
                last.speaker(words),
                last.role(words),
                speaker.side,
                speaker.whole.statements,
                round(speaker.whole.mean, 1),
                speaker.whole.lowest,
                speaker.whole.highest,
                words(speakers.CAMPS[speaker.camp]),
                where.statement(last.cited.entry),
            )
        )
    return out


def shown_everywhere(situation: Situation, language: str, where: Where) -> dict[str, Any]:
    """What the frame of every page shows, and what its parts are made with."""
    return {
        "situation": situation,
        "languages": LANGUAGES,
        "label": disclosure.made_line(situation, Words(language)),
        "where": where,
        "link_of": link_of,
        "anchor_of": anchor_of,
        "first_upper": chronology.first_upper,
        "settled_line": milestones.settled_line,
        "as_of_text": as_of_text,
    }


def pages(situation: Situation, language: str) -> Iterator[tuple[str, str]]:
    """(path from the top of the site, page) for one language."""
    # Figures are made of the charts here.
    from detente.publish import figures

    words, where = Words(language), Where(situation)
    shown = shown_everywhere(situation, language, where)

    def page(name: str, template: str, **values: Any) -> tuple[str, str]:
        at = Navigation(name, language)
        return path_of(name, language), render(template, language, at=at, **shown, **values)

    def parted(name: str, template: str, parts: Sequence[Sequence[Any]], **values: Any) -> Iterator[tuple[str, str]]:
        names = [part_name(name, number) for number in range(len(parts))]
        total = sum(map(len, parts))
        for number, rows in enumerate(parts):
            yield page(names[number], template, rows=rows, total=total, names=names, number=number, **values)

    brief = briefs.of(situation, language)
    sections = {section.id: section.sentences for section in brief.sections}
    bars = {row.milestone.id: bar(row, words) for row in situation.milestones}
    done = [r for r in situation.rows if r.occurrence.event.event_date and r.occurrence.event.realis == "happened"]
    yield page(
        "index",
        "situation.html",
        chart=chart(situation, words),
        forms=figures.DATA_FORMS,
        unmarked=max(0, len(done) - MOST_MARKS),
        most_marks=MOST_MARKS,
        latest=situation.latest(6),
        lead=tuple(briefs.standing(situation, words)),
        voices=[s for s in sections.get("voices", ()) if s.kind == "number"],
        third=sections.get("third", ()),
        one_deadline=len({r.milestone.deadline for r in situation.milestones if not r.settled}) == 1,
        bars=bars,
    )
    yield from parted("timeline", "timeline.html", where.events)
    yield from parted(
        "third",
        "third.html",
        where.third,
        counts=[
            (party, sum(party in row.occurrence.event.sides for row in situation.third_party_rows))
            for party in situation.dossier.third_parties
        ],
    )
    yield from parted(
        "statements",
        "statements.html",
        where.statements,
        stance_text=speakers.stance_text,
        voices=voices(situation, words, where),
    )
    yield page(
        "milestones",
        "milestones.html",
        bars=bars,
        forms=figures.DATA_FORMS,
        curves={row.milestone.id: curve(row, words) for row in situation.milestones},
        chance_line=milestones.chance_line,
        when_line=milestones.when_line,
        class_line=milestones.class_line,
        horizon_line=horizon_line,
        layer_lines=layer_lines,
        rule_parts=questions.rule_parts,
    )
    yield from parted(
        "track-record",
        "track_record.html",
        _parts(situation.record.forecasts[::-1]),
        record=situation.record,
        labels=track_record.labels_of(situation.dossier, words),
        told=track_record,
    )
    yield from parted(
        "verdicts",
        "verdicts.html",
        [[found] for found in situation.verdicts] or [[]],
        told=verdicts,
        tell=verdicts.Teller(situation.dossier, words),
    )
    for row in situation.milestones:
        if row.past_cases():
            yield page(
                f"cases/{row.slug}",
                "cases.html",
                row=row,
                addresses=addresses,
                cases=row.past_cases(),
                endings=milestones.ENDINGS,
                confidences=milestones.CONFIDENCES,
            )
    yield page("measures", "measures.html", titles=figures.TITLES)
    yield page(
        "brief",
        "brief_page.html",
        brief=brief,
        hero=chart(situation, words),
        versions=brief_log.read(situation.dossier.folder, as_of=situation.as_of).versions[::-1],
    )
    yield page(
        "data",
        "data.html",
        made=sections.get("made", ()),
        outlets=Counter(d.source or d.id for d in situation.documents.values()).most_common(),
    )
    yield from parted("sources", "sources.html", where.sources)
    for event in situation.shown_rows:
        yield page(
            f"event/{event.id}",
            "event.html",
            row=event,
            contexts=[in_context(cited) for cited in event.cited],
            bases=chronology.BASES,
        )


def downloads(situation: Situation, ledger: Ledger) -> Iterator[tuple[str, bytes]]:
    """(path from the top of the site, content) of every file that pages link to beside one another."""
    for language in LANGUAGES:
        brief = briefs.of(situation, language)
        yield f"brief.{language}.md", brief.as_markdown().encode()
        yield f"brief.{language}.html", brief.as_html().encode()
    for path, content in brief_versions.all_kept(situation.dossier.folder, as_of=situation.as_of):
        yield f"{brief_log.FOLDER}/{path}", content
    yield "chronology.csv", chronology.as_csv(situation.rows).encode()
    yield "chronology.jsonl", chronology.as_jsonl(situation.rows).encode()
    yield "index.json", as_json(situation.index_json())
    yield "milestones.json", as_json([row.as_json() for row in situation.milestones])
    yield "track-record.json", as_json(track_record.record_json(situation.record))
    yield "verdicts.json", as_json([verdicts.verdicts_json(found) for found in situation.verdicts])
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
    base: str = "",
    with_png: bool = False,
) -> list[Path]:
    """Write the whole site into a folder: pages, briefs, chronology, codings, figures in every form, feeds.

    Args:
        base: Address at which the site will stand, so that feeds can name whole addresses.
        with_png: Draw each figure as PNG too.

    Returns:
        The files written. Pages of an earlier writing that no longer belong are taken away.

    Raises:
        PublishError: The folder cannot be written to, or a sentence would stand without evidence.
    """
    # What stands beside the pages is made of their parts.
    from detente.publish import outputs

    written: dict[str, Path] = {}
    total = len(LANGUAGES) * len(list(names(situation))) + 6 + 2 * len(LANGUAGES)
    total += len(get_args(export.What)) * len(get_args(export.Format)) + outputs.count(situation)

    def put(path: str, content: str | bytes) -> None:
        write_whole(out / path, content)
        written[path] = out / path
        if on_progress:
            on_progress(len(written), total, path)

    before = _manifest(out)
    for language in LANGUAGES:
        for path, text in pages(situation, language):
            put(path, text)
    for path, content in downloads(situation, ledger):
        put(path, content)
    for path, content in outputs.every(situation, ledger, base=base, with_png=with_png):
        put(path, content)
    write_whole(out / MANIFEST, "".join(f"{path}\n" for path in sorted(written)))
    for path in before - set(written):
        _take_away(out, path)
    return list(written.values())


def names(situation: Situation) -> Iterator[str]:
    """Pages in each language, by path without suffix; those of single measures stand in `measure_pages`."""
    where = Where(situation)
    yield from ("index", "milestones", "measures", "brief", "data")
    for name, parts in (
        ("timeline", where.events),
        ("third", where.third),
        ("statements", where.statements),
        ("sources", where.sources),
        ("track-record", _parts(situation.record.forecasts)),
        ("verdicts", [[found] for found in situation.verdicts] or [[]]),
    ):
        yield from (part_name(name, number) for number in range(len(parts)))
    yield from (f"cases/{row.slug}" for row in situation.milestones if row.past_cases())
    yield from (f"event/{row.id}" for row in situation.shown_rows)


def _manifest(out: Path) -> set[str]:
    try:
        return set((out / MANIFEST).read_text(encoding="utf-8").splitlines())
    except (FileNotFoundError, NotADirectoryError):
        return set()
    except (OSError, UnicodeDecodeError) as problem:
        where = out / MANIFEST
        raise PublishError(f"{where}: cannot be read: {problem}. Remove it, or choose another folder.") from problem


def _take_away(out: Path, path: str) -> None:
    """Remove a page that an earlier writing left and this one has not: a rejected event must not stay online."""
    inside = path and not Path(path).is_absolute() and ".." not in Path(path).parts
    if inside and (out / path).is_file() and not (out / path).is_symlink():
        (out / path).unlink()


def as_json(value: Any) -> bytes:
    """JSON as our files hold it."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
