"""The brief: what an analyst wants first, in three languages, each sentence with its evidence and its origin."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from detente.engine import event_rows
from detente.measures import Contribution, contributions
from detente.publish import brief_log, chronology, milestones, speakers
from detente.publish.brief_log import BriefLog, Change, Review, Written, text_hash
from detente.publish.brief_record import Brief, Data, Publication, Section, Sentence
from detente.publish.catalogue import Words
from detente.publish.citing import Cited
from detente.publish.indexes import last_break, where_it_stands
from detente.publish.situation import WAIT_DAYS, Situation
from detente.publish.text import Text
from detente.terms import REALIS

LATEST, AGREED, VOICES, DIFFERING = 6, 3, 2, 4
AGAINST, STRUCK = 3, 3
"""Events told in the case against, and events whose absence is tried."""
HEADINGS: Mapping[str, str] = {
    "answer": "The answer",
    "outlook": "",
    "forecast": "If, and when",
    "changes": "What changed last",
    "mind": "What would change our mind",
    "against": "The best case against",
    "standing": "Each toward the other",
    "issues": "Issue by issue",
    "agreed": "What was agreed",
    "voices": "Who says what",
    "conditions": "On what conditions",
    "differing": "Where reports differ, and what did not happen",
    "third": "Third parties",
    "made": "How this was made",
}
"""Sections in the order they stand in, where people can put sentences of their own; the second has no heading."""
SECTIONS = tuple(HEADINGS)
PROSE = ("answer", "outlook")
REASONS = {
    "undated": "undated",
    "one side only": "one side only",
    "not a code of PLOVER": "not a code of PLOVER",
    "said to have happened after it was reported": "said to have happened after it was reported",
    "its calling off is counted": "its calling off is counted",
}
"""Why an event counts for nothing in the index (`detente.engine`), besides not having been done."""


def of(
    situation: Situation, language: str, *, log: BriefLog | None = None, publication: Publication | None = None
) -> Brief:
    """Write the brief of a situation, with what people did to its sentences.

    Args:
        log: What people changed, took out, wrote and read; that of the dossier at the same moment unless given.
        publication: Under whose name it goes out; a draft unless given.

    Raises:
        PublishError: A sentence would stand without evidence, or the language is unknown.
    """
    words = Words(language)
    if log is None:
        log = brief_log.read(situation.dossier.folder, as_of=situation.as_of)
    hands = _Hands(situation, log, language)
    made: Mapping[str, Callable[[Situation, Words], Iterable[Sentence]]] = {
        "answer": _answer,
        "outlook": _outlook,
        "forecast": _forecasts,
        "changes": _changes,
        "mind": _mind,
        "against": _against,
        "standing": _directed,
        "issues": _issues,
        "agreed": _agreed,
        "voices": _voices,
        "conditions": _conditions,
        "differing": _differing,
        "third": _third_parties,
        "made": _made,
    }
    sections = [
        Section(name, heading and words(heading), hands.on(name, made[name](situation, words)), prose=name in PROSE)
        for name, heading in HEADINGS.items()
    ]
    title = hands.on_title(_title(situation, words))
    kept = tuple(section for section in sections if section.sentences)
    checked = _sum(_checked(situation))
    return Brief(situation, language, title, kept, publication, hands.dropped, tuple(hands.fallen), checked)


@dataclass
class _Hands:
    """What people did to the sentences of one language: put in, changed, took out, read."""

    situation: Situation
    log: BriefLog
    language: str
    dropped: int = 0
    reviews: Mapping[str, tuple[Review, ...]] = field(init=False)
    changes: Sequence[Change] = field(init=False)
    fallen: list[Sentence] = field(default_factory=list)
    written: Sequence[Written] = field(init=False)

    def __post_init__(self) -> None:
        self.reviews, self.changes = self.log.reviews(self.language), self.log.changes(self.language)
        self.written = self.log.written(self.language)

    def on(self, section: str, made: Iterable[Sentence]) -> tuple[Sentence, ...]:
        """The sentences of a section as people left them."""
        out = []
        # What was changed before a sentence was written was another: one taken out and written anew stands.
        own = [(self._own(w), w) for w in self.written if w.section == section]
        for sentence, written in (*((s, None) for s in made), *own):
            kept = self._changed(sentence, since=written.review.seq if written else 0)
            if kept is None:
                self.dropped += 1
            elif written and any(entry not in self._cited for entry in written.entries):
                self.fallen.append(kept)
            else:
                out.append(kept)
        return tuple(out)

    def on_title(self, title: Sentence) -> Sentence:
        """The title as people left it; a brief always has one."""
        return self._changed(title) or self._read(title)

    def _changed(self, sentence: Sentence, *, since: int = 0) -> Sentence | None:
        now, last = sentence.sha256, None
        for change in self.changes:
            if change.seq > since and change.before_sha256 == now:
                now, last = text_hash(change.text), change
        if last and not last.text:
            return None
        if last and now != sentence.sha256:
            sentence = replace(
                sentence,
                text=_text(last.text),
                before_sha256=sentence.sha256,
                data_version=last.data_version,
                # Whoever rewords a judgement makes it theirs: nobody is said to judge what another wrote.
                judge=last.who if sentence.judge else "",
            )
        return self._read(sentence)

    def _read(self, sentence: Sentence) -> Sentence:
        version = sentence.data_version or ("" if sentence.judge else self.situation.data_version)
        return replace(sentence, reviews=self.reviews.get(sentence.sha256, ()), data_version=version)

    def _own(self, written: Written) -> Sentence:
        return Sentence(
            _text(written.text),
            "fact" if written.entries else "judgement",
            tuple(self._cited[entry] for entry in written.entries if entry in self._cited),
            origin="model" if written.model else "human",
            judge="" if written.entries else written.review.who,
            model=written.model,
            data_version=written.data_version,
        )

    @property
    def _cited(self) -> Mapping[str, Cited]:
        return self.situation.cited_entries


def _title(situation: Situation, words: Words) -> Sentence:
    """The answer in one sentence: where the index stands, how sure, and which way it moved."""
    title = situation.dossier.title_in(words.language)
    series = situation.index.series[str(situation.dossier.dyad)]
    last, day = series.last, words.day(situation.day)
    if last.value is None or last.low is None or last.high is None:
        text = words("{title}: too little is recorded up to {day} to give an index", title=title, day=day)
        return Sentence(_text(text), "number", data=_ledger(situation))
    filled = {
        "title": title,
        "value": words.number(last.value, 1, signed=True),
        "low": words.number(last.low, 1, signed=True),
        "high": words.number(last.high, 1, signed=True),
        "day": day,
    }
    earlier = series.on(max(situation.index.start, situation.day - timedelta(days=30))).value
    text = words(
        "{title}: the joint index stands at {value} ({low} to {high}) on {day}; thirty days before: {earlier}",
        earlier=words("no value") if earlier is None else words.number(earlier, 1, signed=True),
        **filled,
    )
    return Sentence(
        _text(text), "number", _cited(situation.what_moved(series.name)), _index_data(situation, series.name)
    )


def _answer(situation: Situation, words: Words) -> Iterator[Sentence]:
    """First paragraph: where the two stand, whether that can be told from nothing, and what weighs most."""
    joint = str(situation.dossier.dyad)
    yield from _levels(situation, words, [joint])
    last = situation.index.series[joint].last
    data = _index_data(situation, joint)
    if last.low is not None and last.high is not None and last.low <= 0 <= last.high:
        text = words("The interval holds zero: nobody can tell from it whether cooperation or conflict prevails.")
        yield Sentence(_text(text), "number", data=data)
    yield from _broke(situation, words)
    for row in situation.what_moved(joint, 1):
        weighty = words.text("What weighs most in it: {event}", event=_event_text(row, words))
        yield Sentence(weighty, "fact", row.cited, data)


def _outlook(situation: Situation, words: Words) -> Iterator[Sentence]:
    """Second paragraph: what is most and least likely to come, and what of all this nobody has checked."""
    likely, unlikely = situation.extremes
    for row, several, alone in (
        (likely, words("The most likely of the open questions:"), words("The open question:")),
        (unlikely, words("The least likely:"), ""),
    ):
        if row is None:
            continue
        f = row.forecast
        text = words(
            "{head} {question}, {p} by {deadline} (90% interval: {interval}).",
            head=several if unlikely else alone,
            question=row.milestone.label_in(words.language),
            p=words.percent(f.probability),
            deadline=words.day(f.deadline),
            interval=words.interval(*f.interval),
        )
        yield Sentence(_text(text), "forecast", data=_forecast_data(row))
    if situation.rows:
        checked = sum(bool(row.occurrence.decided) for row in situation.rows)
        text = words(
            "Events a person has checked: {checked} of {events}; {without}.",
            checked=words.number(checked),
            events=words.number(len(situation.rows)),
            without=_without_unchecked(situation, words),
        )
        yield Sentence(_text(text), "number", data=_ledger(situation))


def _without_unchecked(situation: Situation, words: Words) -> str:
    value = _sum(_checked(situation))
    if value is None:
        return words("without the others there would be no index")
    return words("without the others the joint index would be {value}", value=words.number(value, 1, signed=True))


def _checked(situation: Situation) -> tuple[Contribution, ...]:
    """Parts of the joint index that events a person has checked make up, were there no others."""
    kept = [occurrence for occurrence in situation.occurrences if occurrence.decided]
    published = {d.id: d.published for d in situation.documents.values() if d.published is not None}
    rows = event_rows(kept, dyad=situation.dossier.dyad, published=published, as_of=situation.as_of)
    return contributions(rows, situation.dossier.dyad, situation.day)


def _sum(parts: Sequence[Contribution]) -> float | None:
    return round(sum(part.points for part in parts), 6) if parts else None


def _mind(situation: Situation, words: Words) -> Iterator[Sentence]:
    """What would move the answer, and by how much: an event struck out, months gone by, another class of past cases."""
    dyad = situation.dossier.dyad
    parts = contributions(situation.events, dyad, situation.day)
    whole = situation.index.settings.prior_weight + sum(part.weight for part in parts)
    now = _sum(parts)
    told = [part for part in parts if part.points and part.occurrence in situation.row_by_id][:STRUCK]
    for part in told:
        row = situation.row_by_id[part.occurrence]
        without = ((now or 0.0) - part.points) * whole / (whole - part.weight)
        struck = words.text(
            "Without this event the joint index would be {without} and not {value}: {event}",
            without=words.number(without, 1, signed=True),
            value=words.number(now or 0.0, 1, signed=True),
            event=row.heading_text(words) + f" ({words.event_date(row.occurrence.event.event_date)}).",
        )
        yield Sentence(struck, "number", row.cited, _index_data(situation, str(dyad)))
    for open_one in situation.extremes:
        later = situation.after_waiting(open_one) if open_one else None
        if open_one and later:
            text = words(
                "{question}: {days} more without it, and the chance by {deadline} is {later} "
                "(90% interval: {interval}) and not {p}.",
                question=open_one.milestone.label_in(words.language),
                days=words.many("{n} day", "{n} days", WAIT_DAYS),
                deadline=words.day(open_one.forecast.deadline),
                later=words.percent(later.probability),
                interval=words.interval(*later.interval),
                p=words.percent(open_one.forecast.probability),
            )
            yield Sentence(_text(text), "forecast", data=_forecast_data(open_one))


def _against(situation: Situation, words: Words) -> Iterator[Sentence]:
    """The strongest that speaks against the answer: events of the other sign, voices of the other end, past cases."""
    dyad = situation.dossier.dyad
    value = situation.index.series[str(dyad)].last.value
    if value is not None:
        sign = -1 if value >= 0 else 1
        parts = contributions(situation.events, dyad, situation.day)
        other = [p for p in parts if p.points * sign > 0 and p.occurrence in situation.row_by_id][:AGAINST]
        for part in other:
            yield Sentence(_event_text(situation.row_by_id[part.occurrence], words), "fact", _first(situation, part))
        for side in dyad.sides:
            said = [row for row in situation.statements if side in row.statement.speaker.sides]
            for row in _extreme(said, situation.dossier.since, lowest=sign < 0)[:1]:
                yield Sentence(_voice_text(row, words), "quote", (row.cited,))
    likely, _ = situation.extremes
    if likely and likely.forecast.cases:
        f = likely.forecast
        text = words(
            "{question}: past cases that were still waiting at this point and did not get there, {failed} of {n}.",
            question=likely.milestone.label_in(words.language),
            failed=words.number(f.cases - f.reached_cases),
            n=words.number(f.cases),
        )
        yield Sentence(_text(text), "number", data=_forecast_data(likely))


def _first(situation: Situation, part: Contribution) -> tuple[Cited, ...]:
    return situation.row_by_id[part.occurrence].cited[:1]


def _directed(situation: Situation, words: Words) -> Iterator[Sentence]:
    """Each side toward the other."""
    joint = str(situation.dossier.dyad)
    yield from _levels(situation, words, [name for name in situation.index.series if name != joint], alone=False)


def _cited(rows: Iterable[chronology.Row]) -> tuple[Cited, ...]:
    return tuple(row.cited[0] for row in rows)


def standing(situation: Situation, words: Words) -> Iterator[Sentence]:
    """Where the index stands, for both together first, then in each direction; and its last break."""
    joint = str(situation.dossier.dyad)
    yield from _levels(situation, words, sorted(situation.index.series, key=lambda name: name != joint))
    yield from _broke(situation, words)


def _levels(situation: Situation, words: Words, names: Sequence[str], *, alone: bool = True) -> Iterator[Sentence]:
    index = situation.index
    for name in names:
        earlier = index.series[name].on(max(index.start, situation.day - timedelta(days=30))).value
        told = where_it_stands(situation.series_label(name, words), index.series[name].last, earlier, words)
        if told is not None:
            yield Sentence(_text(told), "number", _cited(situation.what_moved(name)), _index_data(situation, name))
    if alone and all(series.last.value is None for series in index.series.values()):
        text = words("No dated event between the two sides is recorded, so no index is given.")
        yield Sentence(_text(text), "fact", data=_ledger(situation))


def _broke(situation: Situation, words: Words) -> Iterator[Sentence]:
    breaks = situation.joint_breaks
    data = Data(f"breaks {breaks.name} {breaks.method} {situation.data_version}", file="index.json")
    broke = last_break(breaks, words)
    if broke:
        yield Sentence(_text(broke), "number", data=data)


def _index_data(situation: Situation, name: str) -> Data:
    return Data(f"index {name} {situation.day} {situation.index.method} {situation.data_version}", file="index.json")


def _forecast_data(row: milestones.Row) -> Data:
    f = row.forecast
    return Data(f"{f.method} {f.reference_class} {f.milestone} {f.made}", page=f"milestones/{row.slug}.html")


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
        yield Sentence(_text(changed.line(words)), "fact", data=data)
    for row in situation.milestones:
        f, m = row.forecast, row.milestone
        head = f"{m.question_in(words.language)}. "
        page = f"milestones/{row.slug}.html"
        if row.settled and m.resolution:
            settled_in = f"ledger {situation.data_version} resolution" if row.by_two else "dossier.toml"
            name = f"{settled_in} {m.id}: {m.resolution.evidence}"
            yield Sentence(_text(head + milestones.settled_line(row, words)), "fact", data=Data(name, page=page))
            continue
        parts = [milestones.chance_line(row, words), milestones.when_line(row, words)]
        if f.cases:
            parts.append(milestones.class_line(row, words))
        parts += row.notes(words)[:1] if m.reference.note_in(words.language) or not f.cases else []
        yield Sentence(_text(head + " ".join(parts)), "forecast", data=_forecast_data(row))


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
        yield Sentence(_text(words("No report is filed.")), "fact", data=data)
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
    yield Sentence(_text(words.semicolon().join(parts) + "."), "fact", data=data)
    awaiting = words.many(
        "{n} coding awaits a decision by a person.", "{n} codings await a decision by a person.", status.undecided
    )
    yield Sentence(_text(awaiting), "fact", data=data)
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
        counted: Counter[str] = Counter()
        for name, n in situation.events.reasons().items():
            counted[reason_text(name, words)] += n
        why = [f"{told} {words.number(n)}" for told, n in counted.items()]
        left = words.many("{n} event left out of it", "{n} events left out of it", len(situation.events.left_out))
        parts.append(f"{left} ({words.semicolon().join(why)})")
    yield Sentence(_text(words.semicolon().join(parts) + "."), "fact", data=data)


def reason_text(reason: str, words: Words) -> str:
    """Why an event counts for nothing in the index, as a reader is told."""
    realis, reason = reason.partition(",")[0], reason.partition(":")[0]
    return words(REASONS[reason]) if reason in REASONS else words(realis) if realis in REALIS else reason
