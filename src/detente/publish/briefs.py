"""The brief: what an analyst wants first, in three languages, each sentence with its evidence and its origin."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from detente.errors import PublishError
from detente.publish import chronology, milestones, speakers
from detente.publish.catalogue import Words
from detente.publish.citing import Cited, link_of
from detente.publish.indexes import last_break, where_it_stands
from detente.publish.situation import Situation
from detente.publish.text import Text, flat, joined
from detente.terms import REALIS

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
REASONS = {
    "undated": "undated",
    "one side only": "one side only",
    "said to have happened after it was reported": "said to have happened after it was reported",
}
"""Why an event counts for nothing in the index (`detente.engine`), besides not having been done."""


@dataclass(frozen=True)
class Data:
    """What a number rests on where that is no single quote.

    Attributes:
        name: The data and the version of them, for the record.
        page: Page of the site that shows them, in the reader's language.
        file: Download that holds them, from the top of the site.
    """

    name: str
    page: str = ""
    file: str = ""


@dataclass(frozen=True)
class Sentence:
    """One sentence with what it rests on.

    Attributes:
        evidence: Quotes behind it.
        data: Data behind a number.
        points: A list that belongs to the sentence.
    """

    text: Text
    kind: Kind
    evidence: tuple[Cited, ...] = ()
    data: Data | None = None
    points: tuple[Cited, ...] = ()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(str(self.text).encode()).hexdigest()


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
        data: Each piece of data cited, once.
    """

    situation: Situation
    language: str
    title: str
    label: str
    sections: tuple[Section, ...]
    footnotes: list[Cited] = field(default_factory=list)
    data: list[Data] = field(default_factory=list)

    def __post_init__(self) -> None:
        for section in self.sections:
            for sentence in section.sentences:
                if not sentence.evidence and not sentence.data:
                    raise PublishError(
                        f"brief {section.id}: {str(sentence.text)[:60]!r} has neither quote nor data behind it. "
                        "Give the sentence its evidence, or leave it out."
                    )
                for cited in (*sentence.evidence, *sentence.points):
                    self.number(cited)
                if sentence.data:
                    self.letter(sentence.data)

    def number(self, cited: Cited) -> int:
        """Number of the footnote of a quote, from 1."""
        for position, known in enumerate(self.footnotes, start=1):
            if known.evidence == cited.evidence:
                return position
        self.footnotes.append(cited)
        return len(self.footnotes)

    def letter(self, data: Data) -> str:
        """Letter of the note on some data: a ... z, then aa, ab ..."""
        if data not in self.data:
            self.data.append(data)
        position, letters = self.data.index(data), ""
        while position >= 0:
            letters = chr(ord("a") + position % 26) + letters
            position = position // 26 - 1
        return letters

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
                            "text": str(s.text),
                            "sha256": s.sha256,
                            "kind": s.kind,
                            "origin": "template",
                            "digital_source_type": SOURCE_TYPES[s.kind],
                            "data": s.data.name if s.data else None,
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
        lines = [f"# {plain(self.title)}", "", f"*{plain(self.label)}*", ""]
        notice = self.situation.dossier.notice_in(self.language)
        if notice:
            lines += [f"> {plain(notice)}", ""]
        for section in self.sections:
            lines += [f"## {plain(section.heading)}", ""]
            for s in section.sentences:
                refs = "".join(f"[^{self.number(c)}]" for c in s.evidence)
                refs += f"[^{self.letter(s.data)}]" if s.data else ""
                lines.append(f"- {plain(str(s.text))}{refs}")
                lines += [
                    f"    {order}. {plain(p.evidence.quote)}[^{self.number(p)}]"
                    for order, p in enumerate(s.points, start=1)
                ]
            lines.append("")
        if self.footnotes or self.data:
            lines += [f"## {words('Evidence')}", ""]
        for position, cited in enumerate(self.footnotes, start=1):
            lines.append(f"[^{position}]: {_footnote(cited, words)}")
        for data in self.data:
            lines.append(f"[^{self.letter(data)}]: {plain(words('Data'))}{words.colon()}{plain(data.name)}")
        return "\n".join(lines) + "\n"

    def as_html(self) -> str:
        from detente.publish.pages import render

        return render("brief.html", self.language, brief=self, at=None, where=None, link_of=link_of)


# Every sign with a meaning in CommonMark or in GitHub's extensions (tables, strikethrough, formulas, mentions).
_MARKDOWN = str.maketrans({c: f"\\{c}" for c in "\\`*_[]{}<>#|~$&@^"})
_LINE_START = re.compile(r"^([-+=]|\d+[.)])")
_BARE_ADDRESS = re.compile(r"(?i)(://)|(www)\.")


def plain(text: str) -> str:
    """Text that Markdown shows as it is: what we quote is data, never markup, nor a link by its looks alone.

    >>> plain("<b>1</b> [x](javascript:y) https://x.test")
    '\\\\<b\\\\>1\\\\</b\\\\> \\\\[x\\\\](javascript:y) https:\\\\//x.test'
    """
    safe = flat(text).translate(_MARKDOWN)
    safe = _LINE_START.sub(lambda m: m[1][:-1] + "\\" + m[1][-1], safe)
    return _BARE_ADDRESS.sub(lambda m: ":\\//" if m[1] else f"{m[2]}\\.", safe)


def source_text(cited: Cited, words: Words) -> Text:
    """Outlet, title and day of a report."""
    document = cited.document
    title = words.quote(document.title, document.language) if document.title and document.title != cited.outlet else ""
    day = words.day(document.published) if document.published else words("undated")
    return joined([words.foreign(cited.outlet, ""), title, day], ", ")


def _footnote(cited: Cited, words: Words) -> str:
    """Quote, outlet, title, day, address, place in the text, and what machine and person did."""
    link = link_of(cited.document)
    # In an autolink a Markdown reader takes every character as it is; `link_of` lets none through that would end it.
    address = f" <{link}>." if link else ""
    place = f"{cited.document.id} {cited.evidence.start}:{cited.evidence.end}"
    quote = plain(words.quoted(cited.evidence.quote))
    source = plain(str(source_text(cited, words)))
    return f"{quote} {source}.{address} {plain(place)} ({plain(cited.done(words))})"


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
        Section("issues", words("Issue by issue"), tuple(_issues(situation, words))),
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
    coders = words.listed(sorted(situation.status.coders))
    if not coders:
        return words("Nothing is coded yet.")
    return words(
        "Coded by machine ({coder}), written from templates; {checked}.",
        coder=coders,
        checked=words.many("{n} coding checked by a person", "{n} codings checked by a person", decided)
        if decided
        else words("nothing checked by a person yet"),
    )


def _cited(rows: Iterable[chronology.Row]) -> tuple[Cited, ...]:
    return tuple(row.cited[0] for row in rows)


def standing(situation: Situation, words: Words) -> Iterable[Sentence]:
    """Where the index stands, for both together first, then in each direction; and its last break."""
    index = situation.index
    joint = str(situation.dossier.dyad)
    for name in sorted(index.series, key=lambda name: name != joint):
        earlier = index.series[name].on(max(index.start, situation.day - timedelta(days=30))).value
        told = where_it_stands(situation.series_label(name, words), index.series[name].last, earlier, words)
        if told is None:
            continue
        data = Data(f"index {name} {situation.day} {index.method} {situation.data_version}", file="index.json")
        yield Sentence(_text(told), "number", _cited(situation.what_moved(name)), data)
    if all(series.last.value is None for series in index.series.values()):
        text = words("No dated event between the two sides is recorded, so no index is given.")
        yield Sentence(_text(text), "note", data=_ledger(situation))
    breaks = situation.joint_breaks
    data = Data(f"breaks {breaks.name} {breaks.method} {situation.data_version}", file="index.json")
    broke = last_break(breaks, words)
    if broke:
        yield Sentence(_text(broke), "number", data=data)


def _text(text: str) -> Text:
    return Text(((text, ""),))


def _ledger(situation: Situation) -> Data:
    return Data(f"ledger {situation.data_version}", page="data.html")


def _event_text(row: chronology.Row, words: Words) -> Text:
    when = chronology.first_upper(words.event_date(row.occurrence.event.event_date))
    cited = row.cited[0]
    quote = words.quote(cited.evidence.quote, cited.document.language)
    return f"{when}{words.colon()}" + row.heading_text(words) + ". " + quote + f" ({row.short_line(words)})"


def _changes(situation: Situation, words: Words) -> Iterable[Sentence]:
    changes = situation.changes
    if changes.move is not None:
        text = words(
            "In the thirty days to {day}: {events}, {statements}; joint index {move}.",
            day=words.day(changes.until),
            events=words.many("{n} event", "{n} events", len(changes.events)),
            statements=words.many("{n} statement", "{n} statements", len(changes.statements)),
            move=words.number(changes.move, 1, signed=True),
        )
        name = f"changes {changes.since} {changes.until} {situation.data_version}"
        yield Sentence(_text(text), "number", data=Data(name, page="timeline.html"))
    for row in situation.latest(LATEST):
        yield Sentence(_event_text(row, words), "fact", row.cited)


def _agreed(situation: Situation, words: Words) -> Iterable[Sentence]:
    agreed = [row for row in situation.rows if row.points]
    for row in agreed[::-1][:AGREED]:
        yield Sentence(_event_text(row, words), "fact", row.cited, points=row.points)


def _issues(situation: Situation, words: Words) -> Iterable[Sentence]:
    dossier = situation.dossier
    for track in (*(track.id for track in dossier.tracks), ""):
        months = [month for month in situation.tracks if month.track == track]
        if not months:
            continue
        known = dossier.track(track)
        text = words(
            "{issue}: {events}; cooperative {cooperative}, conflictual {conflictual}.",
            issue=known.label_in(words.language) if known else words("No issue"),
            events=words.many("{n} event", "{n} events", sum(month.events for month in months)),
            cooperative=words.number(sum(month.cooperative for month in months)),
            conflictual=words.number(sum(month.conflictual for month in months)),
        )
        recent = [row for row in situation.rows if row.occurrence.event.track == track and row.day is not None]
        data = Data(f"tracks {track or 'none'} {situation.data_version}", file="index.json")
        yield Sentence(_text(text), "number", _cited(recent[-1:]), data=data)


def _voice_text(row: speakers.Row, words: Words) -> Text:
    stance = speakers.stance_text(row.statement.stance, words)
    about = " · ".join((row.when(words), stance, row.issue_label(words)))
    quote = words.quote(row.statement.evidence.quote, row.cited.document.language)
    return row.who(words) + f" ({about}){words.colon()}" + quote


def _voices(situation: Situation, words: Words) -> Iterable[Sentence]:
    by_side: dict[str, list[speakers.Row]] = defaultdict(list)
    for row in situation.statements:
        for side in row.statement.speaker.sides:
            by_side[side].append(row)
    for stance in situation.stances.sides:
        camps = {camp: people for camp, people, _ in stance.camps}
        text = words(
            "{side}: {statements} by {speakers}; mean stance {mean} on a scale from −2 (hostile) to +2 (strongly "
            "favourable). Speakers on the hard line: {hard}; between: {between}; moderate: {moderate}.",
            side=situation.dossier.registry.state_name(stance.side, words.language),
            statements=words.many("{n} statement", "{n} statements", stance.whole.statements),
            speakers=words.many("{n} speaker", "{n} speakers", sum(camps.values())),
            mean=words.number(stance.whole.mean, 1, signed=True),
            hard=words.number(camps.get("hard line", 0)),
            moderate=words.number(camps.get("moderate", 0)),
            between=words.number(camps.get("between", 0)),
        )
        data = Data(f"stances {stance.side} {situation.data_version}", page="statements.html#camps")
        yield Sentence(_text(text), "number", data=data)
        said = by_side[stance.side]
        for heading, lowest in ((words("Most reserved"), True), (words("Most open"), False)):
            for row in _extreme(said, situation.dossier.since, lowest=lowest):
                yield Sentence(f"{heading}{words.colon()}" + _voice_text(row, words), "quote", (row.cited,))


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
        language = row.cited.document.language
        named = row.statement.conditions
        filled = {
            "speaker": row.who(words),
            "about": f"{row.when(words)} · {row.issue_label(words)}",
            "conditions": words.listed_text([words.quote(c.quote, language) for c in named]),
        }
        if len(named) == 1:
            text = words.text("{speaker} ({about}) sets a condition: {conditions}.", **filled)
        else:
            text = words.text("{speaker} ({about}) sets conditions: {conditions}.", **filled)
        yield Sentence(text, "quote", (row.cited,))


def _forecasts(situation: Situation, words: Words) -> Iterable[Sentence]:
    for changed in situation.changed:
        data = Data(f"ledger {situation.data_version} question {changed.milestone.id}", page="milestones.html")
        yield Sentence(_text(changed.line(words)), "note", data=data)
    for row in situation.milestones:
        f, m = row.forecast, row.milestone
        head = f"{m.question_in(words.language)}. "
        page = f"milestones.html#{row.slug}"
        if row.settled and m.resolution:
            settled_in = f"ledger {situation.data_version} resolution" if row.by_two else "dossier.toml"
            name = f"{settled_in} {m.id}: {m.resolution.evidence}"
            yield Sentence(_text(head + milestones.settled_line(row, words)), "fact", data=Data(name, page=page))
            continue
        parts = [milestones.chance_line(row, words), milestones.when_line(row, words)]
        if f.cases:
            parts.append(milestones.class_line(row, words))
        parts += row.notes(words)[:1] if m.reference.note_in(words.language) or not f.cases else []
        name = f"{f.method} {f.reference_class} {f.milestone} {f.made}"
        yield Sentence(_text(head + " ".join(parts)), "forecast", data=Data(name, page=page))


def _differing(situation: Situation, words: Words) -> Iterable[Sentence]:
    odd = [
        r for r in situation.rows if r.occurrence.disagreements or r.occurrence.event.realis in ("cancelled", "denied")
    ]
    for row in odd[::-1][:DIFFERING]:
        text = _event_text(row, words)
        for name, told in row.differing(words):
            text = text + f" {name}{words.colon()}{told}."
        yield Sentence(text, "fact", row.cited)


def _third_parties(situation: Situation, words: Words) -> Iterable[Sentence]:
    dossier = situation.dossier
    for party in dossier.third_parties:
        rows = [row for row in situation.third_party_rows if party in row.occurrence.event.sides]
        if not rows:
            continue
        count = words.many(
            "{n} event with one of the two sides or both",
            "{n} events with one of the two sides or both",
            len(rows),
        )
        name = dossier.registry.state_name(party, words.language)
        head = f"{name}{words.colon()}{count}. {words('The last')}{words.colon()}"
        last = rows[-1]
        when = words.event_date(last.occurrence.event.event_date)
        quote = words.quote(last.cited[0].evidence.quote, last.cited[0].document.language)
        text = head + f"{when}, " + last.heading_text(words) + ". " + quote + f" ({last.short_line(words)})"
        yield Sentence(text, "fact", last.cited)


def _made(situation: Situation, words: Words) -> Iterable[Sentence]:
    data = _ledger(situation)
    status = situation.status
    languages = [f"{language.upper()} {words.number(n)}" for language, n in situation.sources_by_language.items()]
    count = sum(status.documents.values())
    if not count:
        yield Sentence(_text(words("No report is filed.")), "note", data=data)
        return
    parts = [
        words(
            "{documents} read ({languages}), the last of {day}",
            documents=words.many("{n} report", "{n} reports", count),
            languages=words.listed(languages),
            day=words.day(situation.day),
        )
    ]
    if status.copies:
        parts.append(words.many("{n} repeats another", "{n} repeat another", status.copies))
    if status.issues:
        parts.append(words.many("{n} issue on record", "{n} issues on record", status.issues))
    yield Sentence(_text(words.semicolon().join(parts) + "."), "note", data=data)
    awaiting = words.many(
        "{n} coding awaits a decision by a person.", "{n} codings await a decision by a person.", status.undecided
    )
    yield Sentence(_text(awaiting), "note", data=data)
    settings = situation.index.settings
    parts = [
        words(
            "Index: PLOVER scores ({scale}) by day and direction, half-life {days}, drawn toward 0 with the weight "
            "of {prior}",
            scale=situation.index.scale,
            days=words.many("{n} day", "{n} days", round(settings.half_life_days)),
            prior=words.many("{n} event", "{n} events", round(settings.prior_weight)),
        )
    ]
    if situation.events.left_out:
        why = [f"{_reason(name, words)} {words.number(n)}" for name, n in situation.events.reasons().items()]
        left = words.many("{n} event left out of it", "{n} events left out of it", len(situation.events.left_out))
        parts.append(f"{left} ({words.semicolon().join(why)})")
    yield Sentence(_text(words.semicolon().join(parts) + "."), "note", data=data)


def _reason(reason: str, words: Words) -> str:
    realis = reason.partition(",")[0]
    return words(REASONS[reason]) if reason in REASONS else words(realis) if realis in REALIS else reason
