"""The brief: what an analyst wants first, in three languages, each sentence with its evidence and its origin."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from detente.errors import PublishError
from detente.publish import chronology, milestones, speakers
from detente.publish.catalogue import Words
from detente.publish.citing import Cited
from detente.publish.situation import Situation
from detente.terms import Statement

Kind = Literal["fact", "number", "forecast", "quote", "note"]
IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
SOURCE_TYPES: dict[Kind, str] = {
    "fact": IPTC + "algorithmicMedia",
    "number": IPTC + "dataDrivenMedia",
    "forecast": IPTC + "dataDrivenMedia",
    "quote": IPTC + "digitalCreation",
    "note": IPTC + "algorithmicMedia",
}
LATEST, AGREED, VOICES, DIFFERING = 6, 3, 2, 4


@dataclass(frozen=True)
class Sentence:
    """One sentence with what it rests on.

    Attributes:
        evidence: Quotes behind it.
        data: Named data and version behind a number, where it is no single quote.
        points: A list that belongs to the sentence.
    """

    text: str
    kind: Kind
    evidence: tuple[Cited, ...] = ()
    data: str = ""
    points: tuple[Cited, ...] = ()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class Section:
    id: str
    heading: str
    sentences: tuple[Sentence, ...]


@dataclass
class Brief:
    """A brief in one language.

    Attributes:
        footnotes: Each quote cited, once, in order of first citation.
    """

    situation: Situation
    language: str
    title: str
    label: str
    sections: tuple[Section, ...]
    footnotes: list[Cited] = field(default_factory=list)

    def __post_init__(self) -> None:
        for section in self.sections:
            for sentence in section.sentences:
                if not sentence.evidence and not sentence.data:
                    raise PublishError(
                        f"brief {section.id}: {sentence.text[:60]!r} has neither quote nor data behind it."
                    )
                for cited in (*sentence.evidence, *sentence.points):
                    self.number(cited)

    def number(self, cited: Cited) -> int:
        """Number of the footnote of a quote, from 1."""
        for position, known in enumerate(self.footnotes, start=1):
            if known.evidence == cited.evidence:
                return position
        self.footnotes.append(cited)
        return len(self.footnotes)

    def as_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "language": self.language,
            "day": self.situation.day.isoformat(),
            "data_version": self.situation.data_version,
            "label": self.label,
            "sections": [
                {
                    "id": section.id,
                    "heading": section.heading,
                    "sentences": [
                        {
                            "text": s.text,
                            "sha256": s.sha256,
                            "kind": s.kind,
                            "origin": "template",
                            "digital_source_type": SOURCE_TYPES[s.kind],
                            "data": s.data or None,
                            "evidence": [self.number(c) for c in s.evidence],
                            "points": [self.number(c) for c in s.points],
                        }
                        for s in section.sentences
                    ],
                }
                for section in self.sections
            ],
            "footnotes": [cited.as_json() for cited in self.footnotes],
        }

    def as_markdown(self) -> str:
        words = Words(self.language)
        lines = [f"# {_plain(self.title)}", "", f"*{_plain(self.label)}*", ""]
        notice = self.situation.dossier.notice_in(self.language)
        if notice:
            lines += [f"> {_plain(notice)}", ""]
        for section in self.sections:
            lines += [f"## {_plain(section.heading)}", ""]
            for s in section.sentences:
                refs = "".join(f"[^{self.number(c)}]" for c in s.evidence)
                data = f" `{s.data}`" if s.data else ""
                lines.append(f"- {_plain(s.text)}{refs}{data}")
                lines += [
                    f"    {order}. {_plain(' '.join(p.evidence.quote.split()))}[^{self.number(p)}]"
                    for order, p in enumerate(s.points, start=1)
                ]
            lines.append("")
        lines += [f"## {words('Evidence')}", ""]
        for position, cited in enumerate(self.footnotes, start=1):
            lines.append(f"[^{position}]: {_plain(footnote(cited, words))}")
        return "\n".join(lines) + "\n"

    def as_html(self) -> str:
        from detente.publish.pages import render

        return render("brief.html", self.language, brief=self, words=Words(self.language), css=True)


_MARKDOWN = str.maketrans({c: f"\\{c}" for c in "\\`*_[]<>#|"})


def _plain(text: str) -> str:
    """Text that Markdown shows as it is: what we quote is data, never markup."""
    return " ".join(text.split()).translate(_MARKDOWN)


def footnote(cited: Cited, words: Words) -> str:
    """Outlet, title, day, place in the text, quote, and what machine and person did."""
    document = cited.document
    day = words.day(document.published) if document.published else words("undated")
    head = ", ".join(part for part in (cited.outlet, document.title and words.quoted(document.title), day) if part)
    done = words(chronology.DECIDED.get(cited.decided, "coded by machine, not checked"))
    place = f"{document.id} {cited.evidence.start}:{cited.evidence.end}"
    address = f" {document.url}" if document.url and document.url != cited.outlet else ""
    return f"{head}.{address} {place}. {words.quoted(cited.evidence.quote)} ({cited.coder}; {done})"


def of(situation: Situation, language: str) -> Brief:
    """Write the brief of a situation.

    Raises:
        PublishError: A sentence would stand without evidence, or the language is unknown.
    """
    words = Words(language)
    dossier = situation.dossier
    sections = [
        Section("standing", words("Where it stands"), tuple(standing(situation, words))),
        Section("changes", words("What changed last"), tuple(_changes(situation, words))),
        Section("agreed", words("What was agreed"), tuple(_agreed(situation, words))),
        Section("voices", words("Who says what"), tuple(_voices(situation, words))),
        Section("conditions", words("On what conditions"), tuple(_conditions(situation, words))),
        Section("forecast", words("If, and when"), tuple(_forecasts(situation, words))),
        Section(
            "differing", words("Where reports differ, and what did not happen"), tuple(_differing(situation, words))
        ),
        Section("third", words("Third parties"), tuple(_third_parties(situation, words))),
        Section("made", words("How this was made"), tuple(_made(situation, words))),
    ]
    title = words("{title}: brief of {day}", title=dossier.title_in(language), day=words.day(situation.day))
    return Brief(situation, language, title, label(situation, words), tuple(s for s in sections if s.sentences))


def label(situation: Situation, words: Words) -> str:
    """One line on what a machine and what a person did."""
    decided = sum(situation.status.decided.values())
    events = len(situation.rows)
    coders = words.listed(sorted(situation.status.coders))
    return words(
        "Coded by machine ({coder}), written from templates; {checked}. {events} between the two sides.",
        coder=coders or "–",
        checked=words.many("{n} coding checked by a person", "{n} codings checked by a person", decided),
        events=words.many("{n} event", "{n} events", events),
    )


def _cited(rows: Iterable[chronology.Row]) -> tuple[Cited, ...]:
    return tuple(row.cited[0] for row in rows)


def standing(situation: Situation, words: Words) -> Iterable[Sentence]:
    """Where the index stands in each direction, and its last break."""
    index = situation.index
    for name, series in index.series.items():
        point = series.last
        if point.value is None or point.low is None or point.high is None:
            continue
        earlier = series.on(max(index.start, situation.day - timedelta(days=30))).value
        text = words(
            "{who}: {value} on a scale from −10 to +10 (90 %: {low} to {high}); thirty days before: {earlier}.",
            who=situation.series_label(name, words),
            value=words.number(point.value, 1, signed=True),
            low=words.number(point.low, 1, signed=True),
            high=words.number(point.high, 1, signed=True),
            earlier=words.number(earlier, 1, signed=True) if earlier is not None else words("no value"),
        )
        if point.too_few:
            text += " " + words("Too few recent events to speak of a state.")
        yield Sentence(
            text,
            "number",
            _cited(situation.what_moved(name)),
            data=f"index {name} {situation.day} {index.method} {situation.data_version}",
        )
    if all(series.last.value is None for series in index.series.values()):
        text = words("No dated event between the two sides is recorded, so no index is given.")
        yield Sentence(text, "note", data=f"ledger {situation.data_version}")
    breaks = situation.joint_breaks
    data = f"breaks {breaks.name} {breaks.method} {situation.data_version}"
    if breaks.last:
        text = words(
            "Last break: the week of {day} (90 %: {first} to {last}), from {before} to {after}.",
            day=words.day(breaks.last.week),
            first=words.day(breaks.last.earliest),
            last=words.day(breaks.last.latest),
            before=words.number(breaks.last.before, 1, signed=True),
            after=words.number(breaks.last.after, 1, signed=True),
        )
        yield Sentence(text, "number", data=data)
    else:
        weeks = words.many("{n} week with events", "{n} weeks with events", breaks.weeks)
        reason = words("too few to look for breaks") if breaks.too_few else words("no break in the level")
        yield Sentence(f"{weeks}{words.colon()}{reason}.", "number", data=data)


def _event_text(row: chronology.Row, words: Words) -> str:
    when = words.event_date(row.occurrence.event.event_date)
    quote = words.quoted(row.cited[0].evidence.quote)
    outlet = row.cited[0].outlet
    return f"{when}{words.colon()}{row.heading(words)}. {quote} ({outlet}; {row.sources_line(words)})"


def _changes(situation: Situation, words: Words) -> Iterable[Sentence]:
    changes = situation.changes
    if changes.move is not None:
        text = words(
            "In the thirty days to {day}: {events}, {statements}; the joint index moved by {move}.",
            day=words.day(changes.until),
            events=words.many("{n} event", "{n} events", len(changes.events)),
            statements=words.many("{n} statement", "{n} statements", len(changes.statements)),
            move=words.number(changes.move, 1, signed=True),
        )
        yield Sentence(text, "number", data=f"changes {changes.since} {changes.until} {situation.data_version}")
    for row in situation.latest(LATEST):
        yield Sentence(_event_text(row, words), "fact", row.cited)


def _agreed(situation: Situation, words: Words) -> Iterable[Sentence]:
    agreed = [row for row in situation.rows if row.points]
    for row in agreed[::-1][:AGREED]:
        yield Sentence(_event_text(row, words), "fact", row.cited, points=row.points)


def _voice_text(row: speakers.Row, words: Words) -> str:
    s = row.statement
    said = words.event_date(s.said_date) if s.said_date else words("day not given")
    role = f", {s.speaker.role}" if s.speaker.role else ""
    issue = row.issue_label(words)
    stance = speakers.stance_text(s.stance, words)
    who = f"{row.speaker_name(words.language)}{role} ({said}; {stance}; {issue})"
    return f"{who}{words.colon()}{words.quoted(s.evidence.quote)}"


def _voices(situation: Situation, words: Words) -> Iterable[Sentence]:
    by_side: dict[str, list[speakers.Row]] = defaultdict(list)
    for row in situation.statements:
        by_side[row.statement.speaker.side].append(row)
    for side in situation.stances.sides:
        camps = {camp: people for camp, people, _ in side.camps}
        text = words(
            "{side}: {statements}, mean stance {mean} on a scale from −2 to +2; {hard} on the hard line, "
            "{moderate} for moderation, {between} between.",
            side=situation.dossier.registry.state_name(side.side, words.language),
            statements=words.many("{n} statement", "{n} statements", side.whole.statements),
            mean=words.number(side.whole.mean, 1, signed=True),
            hard=words.many("{n} speaker", "{n} speakers", camps.get("hard line", 0)),
            moderate=words.number(camps.get("moderate", 0)),
            between=words.number(camps.get("between", 0)),
        )
        yield Sentence(text, "number", data=f"stances {side.side} {situation.data_version}")
        said = by_side[side.side]
        for heading, lowest in ((words("Most reserved"), True), (words("Most open"), False)):
            for row in _extreme(said, situation.dossier.since, lowest=lowest):
                yield Sentence(f"{heading}{words.colon()}{_voice_text(row, words)}", "quote", (row.cited,))


def _extreme(said: Sequence[speakers.Row], since: date, *, lowest: bool) -> list[speakers.Row]:
    """The strongest statements at one end of a side's range, the latest first, one a speaker."""
    sign = -1 if lowest else 1
    edge = [row for row in said if sign * row.statement.stance > 0]
    ranked = sorted(edge, key=lambda row: (sign * row.statement.stance, row.day or since), reverse=True)
    chosen: dict[str, speakers.Row] = {}
    for row in ranked:
        chosen.setdefault(row.speaker_name("en"), row)
    return list(chosen.values())[:VOICES]


def _conditions(situation: Situation, words: Words) -> Iterable[Sentence]:
    conditional = [row for row in situation.statements if row.statement.conditions]
    for row in conditional[::-1][:LATEST]:
        s: Statement = row.statement
        text = words(
            "{speaker} makes it depend on: {condition}",
            speaker=f"{row.speaker_name(words.language)}{f', {s.speaker.role}' if s.speaker.role else ''}",
            condition=words.listed([words.quoted(c.quote) for c in s.conditions]),
        )
        yield Sentence(text, "quote", (row.cited,))


def _forecasts(situation: Situation, words: Words) -> Iterable[Sentence]:
    for row in situation.milestones:
        f, m = row.forecast, row.milestone
        question = m.question_in(words.language)
        if row.settled and m.resolution:
            answer = words(m.resolution.answer)
            text = words("settled: {answer}, {day}", answer=answer, day=words.day(m.resolution.day))
            yield Sentence(
                f"{question}{words.colon()}{text}.", "fact", data=f"dossier.toml {m.id}: {m.resolution.evidence}"
            )
            continue
        parts = (
            milestones.chance_line(row, words),
            milestones.when_line(row, words),
            milestones.class_line(row, words),
        )
        text = f"{question}{words.colon()}{'; '.join(parts)}. {' '.join(row.notes(words))}".rstrip()
        yield Sentence(text, "forecast", data=f"{f.method} {f.reference_class} {f.made}")


def _differing(situation: Situation, words: Words) -> Iterable[Sentence]:
    odd = [
        r for r in situation.rows if r.occurrence.disagreements or r.occurrence.event.realis in ("cancelled", "denied")
    ]
    for row in odd[::-1][:DIFFERING]:
        text = _event_text(row, words)
        for name, readings in row.occurrence.disagreements:
            told = "; ".join(f"{value or '—'} ({words.number(count)})" for value, count in readings)
            text += f" {words(name).capitalize()}{words.colon()}{told}."
        yield Sentence(text, "fact", row.cited)


def _third_parties(situation: Situation, words: Words) -> Iterable[Sentence]:
    dossier = situation.dossier
    for party in dossier.third_parties:
        involved = [
            o for o in situation.occurrences if party in o.event.sides and set(o.event.sides) & set(dossier.dyad.sides)
        ]
        if not involved:
            continue
        rows = chronology.rows_of(involved, situation.documents, dossier, everything=True)
        text = words(
            "{state}: {events} with one of the two sides; the last: {last}",
            state=dossier.registry.state_name(party, words.language),
            events=words.many("{n} event", "{n} events", len(involved)),
            last=_event_text(rows[-1], words),
        )
        yield Sentence(text, "fact", rows[-1].cited)


def _made(situation: Situation, words: Words) -> Iterable[Sentence]:
    data = f"ledger {situation.data_version}"
    languages = [f"{language.upper()} {words.number(n)}" for language, n in situation.sources_by_language.items()]
    yield Sentence(
        words(
            "{documents} read ({languages}), the last of {day}; {copies}; {issues}.",
            documents=words.many("{n} report", "{n} reports", sum(situation.status.documents.values())),
            languages=words.listed(languages),
            day=words.day(situation.day),
            copies=words.many("{n} repeats another", "{n} repeat another", situation.status.copies),
            issues=words.many("{n} issue on record", "{n} issues on record", situation.status.issues),
        ),
        "note",
        data=data,
    )
    undecided = words.many("{n} coding awaits", "{n} codings await", situation.status.undecided)
    yield Sentence(words("{undecided} a decision by a person.", undecided=undecided), "note", data=data)
    settings = situation.index.settings
    yield Sentence(
        words(
            "Index: PLOVER scores ({scale}) by day and direction, half-life {days} days, drawn toward 0 with the "
            "weight of {prior} events; {left_out}.",
            scale=situation.index.scale,
            days=words.number(settings.half_life_days),
            prior=words.number(settings.prior_weight),
            left_out=words.many(
                "{n} event left out (undated, denied or hypothetical)",
                "{n} events left out (undated, denied or hypothetical)",
                len(situation.events.left_out),
            ),
        ),
        "note",
        data=data,
    )
