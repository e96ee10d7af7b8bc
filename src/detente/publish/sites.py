"""The site: pages in three languages that open from disk, with briefs, chronology and data beside them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlencode

from markupsafe import Markup

from detente.codebook import stands_for
from detente.errors import PublishError
from detente.forecast import class_panel
from detente.ledger import Ledger
from detente.publish import (
    brief_exports,
    brief_log,
    brief_record,
    brief_versions,
    briefs,
    brush,
    changed,
    chronology,
    disclosure,
    export,
    filters,
    forecast_history,
    issues,
    milestones,
    press,
    questions,
    rising,
    search,
    speakers,
    track_record,
    verdicts,
)
from detente.publish.cases import class_counts
from detente.publish.catalogue import Words
from detente.publish.charts import curve_chart, share_bar
from detente.publish.citing import Cited, addresses, anchor_of, link_of
from detente.publish.files import write_whole
from detente.publish.forecast_layers import horizon_line, layer_lines, panel_of
from detente.publish.hero import MOST_MARKS, chart
from detente.publish.marks import source_type_of
from detente.publish.pages import render
from detente.publish.situation import Situation
from detente.terms import LANGUAGES, Document, Entity, Forecast

ROOT_LANGUAGE = "en"
"""Its pages stand at the top of the site; those of the other languages in a folder each."""
CONTEXT = 160
"""Characters shown on each side of a quote; the report itself stays where it was published."""
MOST_OF_REPORT = 4
"""Events and statements that the list of sources leads to from one report."""
MOST_OF_PERSON = 60
"""Statements and events on the page of a person, the newest."""
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
    "person": "statements",
    "method": "data",
}
"""Which entry of the menu a page without one belongs to."""


@dataclass(frozen=True)
class Navigation:
    """Where a page stands: its own name, and the way up to the top of the site."""

    page: str
    language: str

    @property
    def path(self) -> str:
        """Where the page stands, from the top of the site."""
        return path_of(self.page, self.language)

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

    def of_now(self, as_of: date | datetime | None) -> str:
        """The way to the same page as it is now: pages of the past stand in a folder of their own, two deep."""
        return f"{self.up}{'../../' if as_of else ''}{path_of(self.page, self.language)}"

    def other(self, language: str) -> str:
        """The way to the same page in another language."""
        return f"{self.up}{path_of(self.page, language)}"


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


def person_name(entity: Entity) -> str:
    """Name of the page of a person: ids of a dossier's own people may hold anything."""
    safe = re.fullmatch(r"[A-Za-z0-9_-]{1,80}", entity.id)
    return f"person/{entity.id if safe else hashlib.sha256(entity.id.encode()).hexdigest()[:16]}"


def _parts(rows: Sequence[Any]) -> list[Sequence[Any]]:
    return [rows[start : start + ROWS_A_PAGE] for start in range(0, max(1, len(rows)), ROWS_A_PAGE)]


class Where:
    """On which page of a language something stands, so that every number and quote can be a link to it.

    Args:
        served: The pages are asked of the application, which can answer questions that files cannot.
        beside: Another dossier, which a page compares with this one.
        replays: By milestone, what today's program says of earlier days (`forecast_history.replays`); None where nobody
            asked.
    """

    def __init__(
        self,
        situation: Situation,
        *,
        served: bool = False,
        beside: Situation | None = None,
        replays: Mapping[str, Sequence[Forecast]] | None = None,
    ) -> None:
        self.situation = situation
        self.served = served
        self.beside = beside
        self.replays = replays

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
    def filters(self) -> filters.Filters:
        return filters.Filters(self.situation)

    @cached_property
    def index(self) -> search.Index:
        return search.Index(self.situation)

    @cached_property
    def changed(self) -> changed.Changed:
        return changed.Changed(self.situation)

    @cached_property
    def issues(self) -> Sequence[issues.Issue]:
        return issues.of(self.situation)

    @cached_property
    def _people(self) -> dict[str, str]:
        return {entity.id: f"{person_name(entity)}.html" for entity in self.situation.people}

    def person(self, entity: str) -> str:
        """Page of a person, body or group, or an empty string where it has none."""
        return self._people.get(entity, "")

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

    @cached_property
    def _told_by(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for row in self.situation.shown_rows:
            for cited in row.cited:
                found.setdefault(cited.document.id, []).append(self.event(row.id))
        for said in self.situation.statements:
            found.setdefault(said.cited.document.id, []).append(self.statement(said.cited.entry))
        return {document: list(dict.fromkeys(pages)) for document, pages in found.items()}

    def told_by(self, document: str) -> list[str]:
        """Where words of a report are shown: events first, then statements, a few of them."""
        return self._told_by.get(document, [])[:MOST_OF_REPORT]

    @cached_property
    def _said(self) -> dict[str, list[speakers.Row]]:
        found: dict[str, list[speakers.Row]] = {}
        for row in self.situation.statements:
            found.setdefault(row.statement.speaker.entity or "", []).append(row)
        return found

    @cached_property
    def _acted(self) -> dict[str, list[chronology.Row]]:
        found: dict[str, list[chronology.Row]] = {}
        for row in self.situation.shown_rows:
            for entity in row.occurrence.event.entities:
                found.setdefault(entity, []).append(row)
        return found

    def said_by(self, entity: str) -> Sequence[speakers.Row]:
        """Statements of a person or body, the oldest first."""
        return self._said.get(entity, ())

    def acted_in(self, entity: str) -> Sequence[chronology.Row]:
        """Events in which a person or body acts or is acted on, the oldest first."""
        return self._acted.get(entity, ())

    def history(self, row: milestones.Row) -> list[forecast_history.Said]:
        """What was said of a milestone over time."""
        replayed = (self.replays or {}).get(row.milestone.id, ())
        return forecast_history.history(row, self.situation.record.logged, replayed)

    def panel(self, row: milestones.Row) -> Sequence[class_panel.ClassAnswer]:
        """What every reference class says of a milestone, asked once for all languages."""
        if row.milestone.id not in self._panels:
            self._panels[row.milestone.id] = (
                () if row.settled else panel_of(row.milestone, self.situation.dossier, row.forecast.made)
            )
        return self._panels[row.milestone.id]

    @cached_property
    def _panels(self) -> dict[str, Sequence[class_panel.ClassAnswer]]:
        return {}

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
        "served": where.served,
        "where": where,
        "link_of": link_of,
        "anchor_of": anchor_of,
        "first_upper": chronology.first_upper,
        "settled_line": milestones.settled_line,
        "as_of_text": as_of_text,
    }


class Pages(Mapping[str, str]):
    """The pages of one language by path from the top of the site, each made when it is asked for.

    What many pages share is made once, so that a dossier of many thousand events opens as fast as a small one.
    """

    def __init__(self, situation: Situation, language: str, where: Where | None = None) -> None:
        self.situation, self.language = situation, language
        self.words, self.where = Words(language), where or Where(situation)
        self._shown = shown_everywhere(situation, language, self.where)
        self._makers: dict[str, Callable[[], str]] = {}
        self._register()

    def __getitem__(self, path: str) -> str:
        return self._makers[path]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def render(self, name: str, template: str, **values: Any) -> str:
        """One page in the frame of all."""
        return render(template, self.language, at=Navigation(name, self.language), **self._shown, **values)

    def _page(self, name: str, template: str, values: Callable[[], Mapping[str, Any]] = dict) -> None:
        self._makers[path_of(name, self.language)] = lambda: self.render(name, template, **values())

    def _parted(
        self,
        name: str,
        template: str,
        parts: Sequence[Sequence[Any]],
        values: Callable[[], Mapping[str, Any]] = dict,
    ) -> None:
        names = [part_name(name, number) for number in range(len(parts))]
        total = sum(map(len, parts))

        def made(number: int) -> Mapping[str, Any]:
            left = sum(map(len, parts[number:]))
            return {"rows": parts[number], "total": total, "left": left, "names": names, "number": number, **values()}

        for number, part in enumerate(names):
            self._page(part, template, partial(made, number))

    @cached_property
    def _brief(self) -> brief_record.Brief:
        return briefs.of(self.situation, self.language)

    @cached_property
    def _sections(self) -> Mapping[str, Sequence[brief_record.Sentence]]:
        return {section.id: section.sentences for section in self._brief.sections}

    @cached_property
    def _bars(self) -> Mapping[str, Markup]:
        return {row.milestone.id: bar(row, self.words) for row in self.situation.milestones}

    @cached_property
    def _hero(self) -> Markup | None:
        return chart(self.situation, self.words)

    def _register(self) -> None:
        situation, where = self.situation, self.where
        self._page("index", "situation.html", self._situation)
        self._parted("timeline", "timeline.html", where.events, lambda: self._unfiltered)
        self._parted("third", "third.html", where.third, self._third)
        self._parted(
            "statements",
            "statements.html",
            where.statements,
            lambda: {"stance_text": speakers.stance_text, "voices": self._voices},
        )
        self._page("milestones", "milestones.html", self._milestones)
        self._parted("track-record", "track_record.html", _parts(situation.record.forecasts[::-1]), self._track_record)
        self._parted(
            "verdicts",
            "verdicts.html",
            [[found] for found in situation.verdicts] or [[]],
            lambda: {"told": verdicts, "tell": verdicts.Teller(situation.dossier, self.words)},
        )
        for row in situation.milestones:
            if cases := row.past_cases():
                self._page(f"cases/{row.slug}", "cases.html", partial(self._cases, row, cases))
            self._page(f"milestones/{row.slug}", "milestone.html", partial(self._milestone, row, cases))
        self._page("measures", "measures.html", self._measures)
        self._page("brief", "brief_page.html", self._brief_page)
        self._page("data", "data.html", self._data)
        self._parted("sources", "sources.html", where.sources)
        self._page("method", "method.html")
        if (other := where.beside) is not None:
            self._makers[path_of("compare", self.language)] = lambda: self.beside(other)
        for entity in situation.people:
            self._page(person_name(entity), "person.html", partial(self._person, entity))
        for event in situation.shown_rows:
            self._page(f"event/{event.id}", "event.html", partial(self._event, event))

    def since(self, day: date) -> str:
        """The first page with what changed since a day of the reader's choice."""
        asked = {"since": day.isoformat()}
        values = self._situation([self.where.changed.since(day), *self.where.changed.offered()])
        values |= {"open": 0, "since": day, "query": f"?{urlencode(asked)}", "given": list(asked.items())}
        return self.render("index", "situation.html", **values)

    def _situation(self, stretches: Sequence[changed.Since] = ()) -> dict[str, Any]:
        from detente.publish import figures  # figures are made of the charts here

        now = self.situation
        stretches = stretches or self.where.changed.offered()
        done = [r for r in now.rows if r.occurrence.event.event_date and r.occurrence.event.realis == "happened"]
        return {
            "chart": self._hero,
            "forms": figures.DATA_FORMS,
            "unmarked": max(0, len(done) - MOST_MARKS),
            "most_marks": MOST_MARKS,
            "changed": self.where.changed,
            "stretches": stretches,
            "since": None,
            "open": changed.opened(stretches),
            "lead": tuple(briefs.standing(now, self.words)),
            "voices": [s for s in self._sections.get("voices", ()) if s.kind == "number"],
            "third": self._sections.get("third", ()),
            "one_deadline": len({r.milestone.deadline for r in now.milestones if not r.settled}) == 1,
            "bars": self._bars,
            "issues": self.where.issues,
            "tell_issue": issues,
            "rising": rising.of(now),
            "rising_name": rising.name_of,
            "press": press.tables(now, self.words),
        }

    @cached_property
    def _voices(self) -> Sequence[Voice]:
        return voices(self.situation, self.words, self.where)

    @cached_property
    def _unfiltered(self) -> Mapping[str, Any]:
        return self._filtering(filters.Filter())

    def _filtering(self, asked: filters.Filter) -> dict[str, Any]:
        now = self.situation
        return {
            "all": len(now.rows),
            "asked": asdict(asked),
            "fields": self.where.filters.fields(asked, self.words),
            "feed_query": asked.feed_query,
            "values_of": filters.values_of,
            "brush": self._brush(asked),
            "all_days": replace(asked, since="", until="").query if asked.since or asked.until else None,
        }

    def _brush(self, asked: filters.Filter) -> Markup | None:
        def way(narrowed: filters.Filter, column: brush.Column) -> str:
            if self.where.served:
                return f"timeline.html{narrowed.query}"
            # In files the script looks through one part of the list, and without it the page opens at the month.
            if column.newest is None:
                return f"timeline.html{narrowed.query}"
            part, at = divmod(column.newest, ROWS_A_PAGE)
            row = self.where.events[part][at]
            return f"{part_name('timeline', part)}.html{narrowed.query}#e-{row.id}"

        return brush.chart(self.situation, self.where.filters.months(asked), asked, self.words, way)

    def filtered(self, asked: filters.Filter, part: int) -> str:
        """One part of the timeline as it was asked for, the first being 1."""
        rows = self.where.filters.rows(asked)
        parts = _parts(rows)
        number = min(max(part, 1), len(parts)) - 1
        ways = [f"timeline.html{asked.query}{f'&part={n + 1}' if n else ''}" for n in range(len(parts))]
        return self.render(
            "timeline",
            "timeline.html",
            rows=parts[number],
            total=len(rows),
            left=sum(map(len, parts[number:])),
            names=ways,
            number=number,
            query=asked.query,
            given=[(name, value) for name, value in asdict(asked).items() if value],
            **self._filtering(asked),
        )

    def found(self, text: str) -> str:
        """The page of answers to a question."""
        question = search.Question.of(text)
        asked = urlencode({"q": question.text})
        return self.render(
            "search",
            "search.html",
            found=self.where.index.find(question),
            asked_for=question.text,
            query=f"?{asked}" if question.text else "",
            given=[("q", question.text)] if question.text else [],
            page_of=search.page_of,
            around=search.around,
        )

    def beside(self, other: Situation) -> str:
        """The page that sets another dossier beside this one."""
        from detente.publish import compare  # its page is one of these

        cases = {past.case.label: past for row in other.milestones for past in row.past_cases() if past.used}
        ways = (Navigation("compare", self.language).here, None)
        return self.render(
            "compare",
            "compare.html",
            **self._comparing(compare.of_dossiers(self.situation, other), ways),
            outlets=other.outlets.most_common(),
            cases=[cases[label] for label in sorted(cases)],
        )

    def _comparing(self, compared: Any, ways: Sequence[str | None]) -> dict[str, Any]:
        from detente.publish import compare

        return {
            "compared": compared,
            "ways": ways,
            "chart": compared.chart(self.words) if compared else None,
            "read_chart": compared.read_chart(self.words, ways) if compared else None,
            "bar": compare.bar,
            "most_changes": compare.MOST_CHANGES,
            "addresses": addresses,
            "asked_days": ("", ""),
        }

    def days(self, compared: Any, asked: tuple[str, str], *, beside: bool = False) -> str:
        """The page of two days of the record; before any is asked for, the form alone.

        Args:
            compared: A `compare.Comparison` of one dossier, or None.
            asked: The two days as they were asked for, the second empty for now.
            beside: Whether there is another dossier, to which the page leads.
        """
        at = Navigation("compare", self.language)
        top = at.up + ("../../" if self.situation.as_of else "")
        ways = [f"{top}{f'as-of/{day}/' if day else ''}{folder_of(self.language)}" for day in asked]
        query = {name: day for name, day in zip(("from", "to"), asked, strict=True) if day}
        return self.render(
            "compare",
            "compare.html",
            **{**self._comparing(compared, ways), "asked_days": asked, "beside": beside},
            outlets=(),
            cases=(),
            query=f"?{urlencode(query)}" if compared else "",
        )

    def _person(self, entity: Entity) -> dict[str, Any]:
        said, acted = self.where.said_by(entity.id), self.where.acted_in(entity.id)
        return {
            "entity": entity,
            "roles": sorted(entity.roles, key=lambda role: role.since or date.min, reverse=True),
            "said": said[::-1][:MOST_OF_PERSON],
            "said_count": len(said),
            "stances": [row.statement.stance for row in said],
            "acted": acted[::-1][:MOST_OF_PERSON],
            "acted_count": len(acted),
            "stance_text": speakers.stance_text,
        }

    def _third(self) -> dict[str, Any]:
        rows = self.situation.third_party_rows
        parties = self.situation.dossier.third_parties
        return {"counts": [(party, sum(party in row.occurrence.event.sides for row in rows)) for party in parties]}

    def _milestones(self) -> dict[str, Any]:
        from detente.publish import figures

        return {
            "bars": self._bars,
            "forms": figures.DATA_FORMS,
            "curves": {row.milestone.id: curve(row, self.words) for row in self.situation.milestones},
            **self._told_of_forecasts(),
        }

    def _told_of_forecasts(self) -> dict[str, Any]:
        return {
            "chance_line": milestones.chance_line,
            "when_line": milestones.when_line,
            "class_line": milestones.class_line,
            "horizon_line": horizon_line,
            "layer_lines": layer_lines,
            "rule_parts": questions.rule_parts,
            "settled_by": milestones.settled_by,
            "addresses": addresses,
        }

    def _milestone(self, row: milestones.Row, cases: Sequence[milestones.PastCase]) -> dict[str, Any]:
        # Made of parts of the pages.
        from detente.publish import figures, milestone_pages

        now, words, m = self.situation, self.words, row.milestone
        said = self.where.history(row)
        sides = milestone_pages.side_by_side(row, now, words) if not row.settled else []
        return {
            "row": row,
            "cases": cases,
            "has_cases": bool(cases),
            "endings": milestones.ENDINGS,
            "chance_bar": self._bars[m.id],
            "drawn": None if row.settled else curve(row, words),
            "said": said,
            "said_chart": Markup(  # noqa: S704 - escaped by the chart layer
                forecast_history.history_chart(
                    said, words, title=words("What was said over time"), summary=m.question_in(self.language)
                )
            ),
            "kinds": forecast_history.KINDS,
            "move_name": forecast_history.move_name,
            "panel": self.where.panel(row),
            "panel_years": class_panel.YEARS,
            "most_unseen": class_panel.UNSEEN[-1],
            "class_counts": class_counts,
            "changes": milestone_pages.what_would_change(row, now, words),
            "sides": sides,
            "judged": any(side.note for side in sides),
            "alike": milestone_pages.settled_alike(row, now, words),
            "scored": milestone_pages.similar(row, now),
            "chained": [
                other
                for other in now.milestones
                if m.chain and other.milestone.chain == m.chain and other.milestone.id != m.id
            ],
            "told": track_record,
            "labels": track_record.labels_of(now.dossier, words),
            "forms": figures.DATA_FORMS,
            **self._told_of_forecasts(),
        }

    def _track_record(self) -> dict[str, Any]:
        return {
            "record": self.situation.record,
            "labels": track_record.labels_of(self.situation.dossier, self.words),
            "told": track_record,
        }

    def _cases(self, row: milestones.Row, cases: Sequence[milestones.PastCase]) -> dict[str, Any]:
        return {
            "row": row,
            "addresses": addresses,
            "cases": cases,
            "endings": milestones.ENDINGS,
            "confidences": milestones.CONFIDENCES,
        }

    def _measures(self) -> dict[str, Any]:
        from detente.publish import figures

        return {"titles": figures.TITLES}

    def _brief_page(self) -> dict[str, Any]:
        now = self.situation
        return {
            "brief": self._brief,
            "hero": self._hero,
            "versions": brief_log.read(now.dossier.folder, as_of=now.as_of).versions[::-1],
        }

    def _data(self) -> dict[str, Any]:
        return {"made": self._sections.get("made", ()), "outlets": self.situation.outlets.most_common()}

    def _event(self, event: chronology.Row) -> dict[str, Any]:
        entries = {member.id for member in event.occurrence.members}
        registry, coded = self.situation.dossier.registry.entities, event.occurrence.event
        named = [entity for entity in coded.entities if self.where.person(entity)]
        # Made of parts of the pages.
        from detente.publish import event_cite, event_effects

        return {
            "row": event,
            "contexts": [in_context(cited) for cited in event.cited],
            "bases": chronology.BASES,
            "groupings": [line for line in self.situation.groupings if entries & set(line.all_entries)],
            "grouping_names": chronology.GROUPING_NAMES,
            "people": [(registry[name].name_in(self.language), self.where.person(name)) for name in named],
            "ours": meant if (meant := stands_for(coded.type, coded.mode)) != (coded.type, coded.mode) else None,
            "source_type": source_type_of(event.cited),
            **self._effects(event),
            "readings": event_effects.readings(event, self.situation, self.words),
            "trust": event_effects.trust_line(event, self.words),
            "citation": event_cite.as_text(event, self.situation, self.words),
            "cite_forms": {form: make(event, self.situation).decode() for form, make in event_cite.MAKERS.items()},
        }

    def _effects(self, event: chronology.Row) -> dict[str, Any]:
        from detente.publish import event_effects

        now = self.situation
        effect = now.index_effects.get(event.id)
        return {
            "index_lines": event_effects.index_lines(event, now, self.words),
            "series": [(now.series_label(each.series, self.words), each) for each in effect.now] if effect else [],
            "then": {now.series_label(each.series, self.words): each for each in effect.then} if effect else {},
            "moved": [
                (each, event_effects.moved_line(each, self.words))
                for each in event_effects.moved(event, now, self.words)
            ],
        }


def downloads(situation: Situation, ledger: Ledger) -> Iterator[tuple[str, bytes]]:
    """(path from the top of the site, content) of every file that pages link to beside one another."""
    for language in LANGUAGES:
        brief = briefs.of(situation, language)
        yield f"brief.{language}.md", brief.as_markdown().encode()
        yield f"brief.{language}.html", brief.as_html().encode()
        record = brief.as_json()
        for form in brief_exports.FORMS:
            yield f"brief.{language}.{form}", brief_exports.made(record, form)
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
    beside: Situation | None = None,
) -> list[Path]:
    """Write the whole site into a folder: pages, briefs, chronology, codings, figures in every form, feeds.

    Args:
        base: Address at which the site will stand, so that feeds can name whole addresses.
        with_png: Draw each figure as PNG too.
        beside: Another dossier, which a page compares with this one.

    Returns:
        The files written. Pages of an earlier writing that no longer belong are taken away.

    Raises:
        PublishError: The folder cannot be written to, or a sentence would stand without evidence.
    """
    # What stands beside the pages is made of their parts.
    from detente.publish import outputs

    written: dict[str, Path] = {}
    replays = forecast_history.replays(situation.dossier, ledger, situation.day)
    where = Where(situation, beside=beside, replays=replays)
    every = [Pages(situation, language, where) for language in LANGUAGES]
    total = sum(map(len, every)) + 6 + (2 + len(brief_exports.FORMS)) * len(LANGUAGES)
    total += len(get_args(export.What)) * len(get_args(export.Format)) + outputs.count(situation)

    def put(path: str, content: str | bytes) -> None:
        write_whole(out / path, content)
        written[path] = out / path
        if on_progress:
            on_progress(len(written), total, path)

    before = _manifest(out)
    for pages in every:
        for path, text in pages.items():
            put(path, text)
    for path, content in downloads(situation, ledger):
        put(path, content)
    for path, content in outputs.every(situation, ledger, base=base, with_png=with_png):
        put(path, content)
    write_whole(out / MANIFEST, "".join(f"{path}\n" for path in sorted(written)))
    for path in before - set(written):
        _take_away(out, path)
    return list(written.values())


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
