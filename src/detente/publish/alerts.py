"""What a reader asked to be told of has happened: breaks, milestones that moved, doubts, silences, speakers who turn.

An alert is told of what the ledger learned since it was last asked, with the quotes behind it and the page it stands
on. Its key stays the same however often it is found, so that nobody is told twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from detente.dossier import Dossier
from detente.engine import chosen_engine, event_rows
from detente.errors import PublishError
from detente.ledger import Ledger, moment_of
from detente.measures import Breaks, find_breaks, series_of
from detente.measures.breaks import Break
from detente.measures.unread import effects
from detente.publish import chronology, desk, feeds, milestones, sites, speakers
from detente.publish import situation as situations
from detente.publish.alert_log import AlertLog
from detente.publish.alert_rules import Rule, Settings
from detente.publish.catalogue import Words
from detente.publish.citing import Cited
from detente.publish.knowledge import knowledge_day
from detente.publish.marks import DRAWN, source_type, source_type_of
from detente.publish.situation import Situation
from detente.publish.text import flat
from detente.terms import LANGUAGES

FIRST_DAYS = 7
"""How far back is looked where nothing was told before."""
NEAR = timedelta(days=14)
"""A break that was told and is found again this near is the same one: its date moves as reports come in."""
MOST_QUOTES = 3
"""Quotes told with an alert; its page has all."""
Text = tuple[str, tuple[str, ...]]
"""A title and the sentences under it."""


@dataclass(frozen=True)
class Alert:
    """One thing a reader asked to be told of.

    Attributes:
        key: Stays the same however often it is found.
        rule: Name of the rule that asked for it.
        texts: By language.
        place: Its page within a language's folder: `event/ID.html`.
        value: The chance it tells of, where it tells of one.
        about: The same for machines.
    """

    key: str
    rule: str
    kind: str
    day: date
    texts: Mapping[str, Text]
    evidence: tuple[Cited, ...]
    place: str
    source_type: str = DRAWN
    value: float | None = None
    about: Mapping[str, Any] = field(default_factory=dict)

    def address(self, language: str, base: str) -> str:
        """Its page, from the top of the site where nobody knows where that stands."""
        return f"{base}{sites.folder_of(language)}{self.place}"

    def as_json(self, base: str = "") -> dict[str, Any]:
        return {
            "key": self.key,
            "rule": self.rule,
            "kind": self.kind,
            "day": self.day.isoformat(),
            "title": {language: title for language, (title, _) in self.texts.items()},
            "sentences": {language: list(said) for language, (_, said) in self.texts.items()},
            "quotes": [feeds.quote_json(cited) for cited in self.evidence[:MOST_QUOTES]],
            "quotes_left_out": max(0, len(self.evidence) - MOST_QUOTES),
            "address": {language: self.address(language, base) for language in LANGUAGES},
            "digital_source_type": self.source_type,
            **self.about,
        }


@dataclass(frozen=True)
class Found:
    """What was found, with the moment it is of.

    Attributes:
        since: What the ledger had learned by then was not looked at.
        known: When the ledger was last written to.
    """

    alerts: tuple[Alert, ...]
    situation: Situation
    since: datetime
    known: datetime

    def as_json(self, base: str = "") -> dict[str, Any]:
        now = self.situation
        return {
            "as_of": now.as_of.isoformat() if now.as_of else None,
            "since": feeds.stamp(self.since),
            "known_up_to": now.day.isoformat(),
            "data_version": now.data_version,
            "label": {code: _label(now, code) for code in LANGUAGES},
            "digital_source_type": DRAWN,
            "alerts": [alert.as_json(base) for alert in self.alerts],
        }


def _label(now: Situation, language: str) -> str:
    from detente.publish import figures  # Figures are made of much that alerts need nothing of.

    return figures.label_of(now, language)


@dataclass(frozen=True)
class _Asked:
    """What every rule looks at."""

    dossier: Dossier
    ledger: Ledger
    now: Situation
    since: datetime
    moment: datetime
    log: AlertLog
    where: sites.Where


def find(
    dossier: Dossier,
    ledger: Ledger,
    settings: Settings,
    *,
    since: date | datetime | None = None,
    as_of: date | datetime | None = None,
    log: AlertLog | None = None,
    clock: Callable[[], datetime] | None = None,
) -> Found:
    """What the rules of a reader find, without what the log says was told.

    Args:
        since: Look at what was recorded after this moment, a day from its beginning; otherwise since something was
            told last, or the last seven days.
        log: What was told before `as_of`.

    Raises:
        PublishError: A rule names a series, milestone or issue that the dossier does not have, or since is later than
            as_of.
    """
    known_log = log or AlertLog()
    moment = moment_of(as_of) or (clock or (lambda: datetime.now(UTC)))()
    start = _beginning(since) or known_log.known or moment - timedelta(days=FIRST_DAYS)
    if start > moment:
        raise PublishError(f"since {start.isoformat()} is later than {moment.isoformat()}. Ask for an earlier moment.")
    now = situations.of(dossier, ledger, as_of=as_of)
    asked = _Asked(dossier, ledger, now, start, moment, known_log, sites.Where(now))
    alerts: list[Alert] = []
    for rule in settings.rules:
        alerts += [alert for alert in _FINDERS[rule.kind](rule, asked) if alert.key not in known_log.told]
    return Found(tuple(alerts), now, start, feeds.moment(now))


def _beginning(since: date | datetime | None) -> datetime | None:
    if since is None or isinstance(since, datetime):
        return since
    return datetime.combine(since, time(), UTC)


def _texts(tell: Callable[[Words], tuple[str, Sequence[str]]]) -> dict[str, Text]:
    out: dict[str, Text] = {}
    for language in LANGUAGES:
        title, said = tell(Words(language))
        out[language] = (flat(title), tuple(flat(line) for line in said))
    return out


# Breaks


def _breaks(rule: Rule, asked: _Asked) -> Iterator[Alert]:
    now = asked.now
    known = list(now.breaks)
    if rule.series and rule.series not in known:
        raise PublishError(f"rule {rule.name}: no series {rule.series!r}. Name one of {', '.join(known)}.")
    names = [rule.series] if rule.series else [str(now.dossier.dyad)]
    sure = {name: [b for b in now.breaks[name].found if b.probability > rule.above] for name in names}
    if not any(sure.values()):
        return
    before = _breaks_before(asked, names)
    for name in names:
        for b in sure[name]:
            old = (o for o in before[name].found if o.probability > rule.above and _same(b, o.kind, o.dated))
            if next(old, None) is None and not _break_told(rule, name, b, asked.log):
                yield _break(rule, name, b, asked)


def _breaks_before(asked: _Asked, names: Sequence[str]) -> dict[str, Breaks]:
    """The breaks that were seen at the moment since which is asked."""
    dossier, ledger, then = asked.dossier, asked.ledger, asked.since
    documents = list(ledger.documents(as_of=then))
    published = {d.id: d.published for d in documents if d.published is not None}
    day = knowledge_day(documents, then, dossier)
    events = event_rows(ledger.occurrences(as_of=then), dyad=dossier.dyad, published=published, as_of=then)
    start = min(dossier.since, day - timedelta(days=situations.RECENT_DAYS))
    with chosen_engine(dossier) if events.rows else nullcontext() as engine:
        return {
            name: find_breaks(series_of(events, dossier.dyad, start=start, end=day, series=name, engine=engine))
            for name in names
        }


def _same(b: Break, kind: str, day: date) -> bool:
    return b.kind == kind and b.earliest - NEAR <= day <= b.latest + NEAR


def _break_told(rule: Rule, name: str, b: Break, log: AlertLog) -> bool:
    """Whether it was told under another date."""
    opening = f"{rule.name} break {name} "
    for key in log.told:
        kind, _, day = key.removeprefix(opening).partition(" ")
        if key.startswith(opening) and _same(b, kind, date.fromisoformat(day)):
            return True
    return False


BREAKS: Mapping[str, str] = {
    "level": "The index took another level",
    "trend": "The index took another course",
    "volatility": "The index took another spread",
    "volume": "The number of events took another level",
}


def _break(rule: Rule, name: str, b: Break, asked: _Asked) -> Alert:
    now = asked.now
    around = [row for row in now.rows if row.day and b.earliest <= row.day <= b.latest]
    around.sort(key=lambda row: (-abs(row.score), row.id))

    def tell(words: Words) -> tuple[str, list[str]]:
        title = f"{words(BREAKS[b.kind])} · {now.series_label(name, words)}"
        said = words(
            "{day} (between {first} and {last}), with a probability of {p}.",
            day=words.day(b.dated),
            first=words.day(b.earliest),
            last=words.day(b.latest),
            p=words.percent(b.probability),
        )
        size = words(
            "Before it {before}, after it {after}.",
            before=words.number(b.before, 1, signed=True),
            after=words.number(b.after, 1, signed=True),
        )
        return title, [said, size, words("The quotes are of what happened within that stretch.")] if around else [
            said,
            size,
        ]

    return Alert(
        key=f"{rule.name} break {name} {b.kind} {b.dated.isoformat()}",
        rule=rule.name,
        kind=rule.kind,
        day=b.dated,
        texts=_texts(tell),
        evidence=tuple(cited for row in around for cited in row.cited),
        place="measures/breaks.html",
        about={
            "series": name,
            "break": {
                "kind": b.kind,
                "day": b.dated.isoformat(),
                "first": b.earliest.isoformat(),
                "last": b.latest.isoformat(),
                "probability": b.probability,
            },
        },
    )


# Milestones


def _milestones(rule: Rule, asked: _Asked) -> Iterator[Alert]:
    now = asked.now
    known = [row.milestone.id for row in now.milestones]
    put = [each.id for each in asked.dossier.milestones]
    if rule.milestone and rule.milestone not in put:
        raise PublishError(f"rule {rule.name}: no milestone {rule.milestone!r}. Name one of {', '.join(put)}.")
    window = asked.moment - timedelta(days=rule.days)
    then: dict[str, float] = {}
    if known:
        earlier = milestones.rows(asked.dossier, asked.ledger, as_of=window)
        then = {row.milestone.id: row.forecast.probability for row in earlier if not row.settled}
    for row in now.milestones:
        name = row.milestone.id
        if row.settled or (rule.milestone and rule.milestone != name):
            continue
        at, base = _told_last(rule, name, asked.log, window) or (window, then.get(name))
        moved = None if base is None else row.forecast.probability - base
        if base is not None and moved is not None and abs(moved) * 100 >= rule.points:
            yield _moved(rule, row, base, at, asked)


def _told_last(rule: Rule, name: str, log: AlertLog, window: datetime) -> tuple[datetime, float] | None:
    """When the chance of a milestone was told last within the window, and what was told."""
    opening = f"{rule.name} milestone {name} "
    found = [
        (row.at, row.values[key]) for key, row in log.told.items() if key.startswith(opening) and key in row.values
    ]
    return max((each for each in found if each[0] >= window), default=None)


def _moved(rule: Rule, row: milestones.Row, base: float, at: datetime, asked: _Asked) -> Alert:
    f, m, now = row.forecast, row.milestone, asked.now
    entries = [move.entry for layer in f.layers for move in layer.moves if move.entry]
    behind = [now.cited_entries[each] for each in dict.fromkeys(entries) if each in now.cited_entries]
    fresh = [cited for cited in behind if cited.recorded and cited.recorded > at]
    beside = not fresh
    if beside:
        same = [r for r in now.rows if m.track and r.occurrence.event.track == m.track]
        fresh = [c for r in same[::-1] for c in r.cited if c.recorded and c.recorded > at]

    def tell(words: Words) -> tuple[str, list[str]]:
        change = words.number(100 * (f.probability - base), 0, signed=True)
        title = words(
            "{milestone}: {before} before, now {after}",
            milestone=m.label_in(words.language),
            before=words.percent(base),
            after=words.percent(f.probability),
        )
        said = [
            words("{change} points since {day}.", change=change, day=words.day(at.date())),
            milestones.chance_line(row, words),
        ]
        if not beside:
            said.append(words("The quotes are of what moved it."))
        elif fresh:
            said.append(words("No event moved it, time did; the quotes are of what was recorded on its issue since."))
        else:
            said.append(words("No event moved it, time did; nothing was recorded on its issue since."))
        return title, said

    return Alert(
        key=f"{rule.name} milestone {m.id} {f.made.isoformat()} {f.probability:.4f}",
        rule=rule.name,
        kind=rule.kind,
        day=f.made,
        texts=_texts(tell),
        evidence=tuple(fresh),
        place=f"milestones/{row.slug}.html",
        value=f.probability,
        about={"milestone": m.id, "before": round(base, 4), "probability": f.probability, "interval": list(f.interval)},
    )


# What wants four eyes


def _four_eyes(rule: Rule, asked: _Asked) -> Iterator[Alert]:
    now = asked.now
    _check_track(rule, asked.dossier)
    moves = effects(now.events, now.dossier.dyad, end=now.day)
    reviews = asked.ledger.reviews(as_of=now.as_of)
    for row in now.rows:
        new = [member for member in row.occurrence.members if member.recorded > asked.since]
        if not new or (rule.track and row.occurrence.event.track != rule.track):
            continue
        if any(member.id in reviews and reviews[member.id].state == "agreed" for member in row.occurrence.members):
            continue
        line = desk.Line(new[0], moves.get(row.id, 0.0), 0.0, True, 0.0, row.occurrence)
        if why := desk.wants_second(line, row.occurrence.event, asked=False):
            yield _wanting(rule, row, why, asked)


def _wanting(rule: Rule, row: chronology.Row, why: str, asked: _Asked) -> Alert:
    def tell(words: Words) -> tuple[str, list[str]]:
        title = words("Two people should read this: {event}", event=row.heading(words))
        reason = words("Why: {reason}.", reason=words(desk.SECOND[why]))
        return title, [words.event_date(row.occurrence.event.event_date), reason, row.sources_line(words)]

    return Alert(
        key=f"{rule.name} four-eyes {row.id}",
        rule=rule.name,
        kind=rule.kind,
        day=row.day or asked.now.day,
        texts=_texts(tell),
        evidence=row.cited,
        place=f"event/{row.id}.html",
        source_type=source_type_of(row.cited),
        about={"occurrence": row.id, "why": why},
    )


def _check_track(rule: Rule, dossier: Dossier) -> None:
    known = [track.id for track in dossier.tracks]
    if rule.track and rule.track not in known:
        raise PublishError(f"rule {rule.name}: no track {rule.track!r}. Name one of {', '.join(known)}.")


# Silence


def _silence(rule: Rule, asked: _Asked) -> Iterator[Alert]:
    now, today = asked.now, asked.moment.astimezone(UTC).date()
    _check_track(rule, asked.dossier)
    rows = [
        row
        for row in now.rows
        if row.day is not None
        and row.day <= today
        and row.occurrence.event.realis == "happened"
        and (not rule.track or row.occurrence.event.track == rule.track)
    ]
    last = rows[-1] if rows else None
    day = last.day if last and last.day else asked.dossier.since
    quiet = (today - day).days
    if quiet <= rule.days:
        return
    label = asked.dossier.track(rule.track) if rule.track else None

    def tell(words: Words) -> tuple[str, list[str]]:
        issue = f" · {label.label_in(words.language)}" if label else ""
        title = words.many("Nothing happened for {n} day", "Nothing happened for {n} days", quiet) + issue
        said = [
            words("The last event known is of {day}: {event}", day=words.day(day), event=last.heading(words))
            if last
            else words("No event is known since {day}.", day=words.day(day)),
            # Silence of the press and silence of who collects it look the same.
            words(
                "The last report is of {day}; where none was added since, this says nothing.", day=words.day(now.day)
            ),
        ]
        return title, said

    yield Alert(
        key=f"{rule.name} silence {day.isoformat()}",
        rule=rule.name,
        kind=rule.kind,
        day=today,
        texts=_texts(tell),
        evidence=last.cited if last else (),
        place=f"event/{last.id}.html" if last else "timeline.html",
        about={"days": quiet, "last": day.isoformat(), "occurrence": last.id if last else None},
    )


# Speakers who turn


def _stances(rule: Rule, asked: _Asked) -> Iterator[Alert]:
    by_speaker: dict[str, list[speakers.Row]] = {}
    for row in asked.now.statements:
        speaker = row.statement.speaker
        if not row.statement.stance or not speaker.entity or (rule.speaker and rule.speaker != speaker.entity):
            continue
        if not rule.side or rule.side in speaker.sides:
            by_speaker.setdefault(speaker.entity, []).append(row)
    for said in by_speaker.values():
        for position, row in enumerate(said):
            before = said[max(0, position - rule.statements) : position]
            turned = len(before) == rule.statements and all(
                (each.statement.stance > 0) != (row.statement.stance > 0) for each in before
            )
            if turned and row.cited.recorded and row.cited.recorded > asked.since:
                yield _turned(rule, row, before, asked)


def _turned(rule: Rule, row: speakers.Row, before: Sequence[speakers.Row], asked: _Asked) -> Alert:
    def tell(words: Words) -> tuple[str, list[str]]:
        now = speakers.stance_text(row.statement.stance, words)
        title = words("{speaker} takes another stance: {stance}", speaker=row.speaker(words), stance=now)
        earlier = words.many(
            "The {n} statement before it had the other sign; the last:",
            "The {n} statements before it had the other sign; the last:",
            len(before),
        )
        return title, [row.when(words), f"{earlier} {speakers.stance_text(before[-1].statement.stance, words)}."]

    return Alert(
        key=f"{rule.name} stance {row.cited.entry}",
        rule=rule.name,
        kind=rule.kind,
        day=row.day or asked.now.day,
        texts=_texts(tell),
        evidence=(row.cited, *(each.cited for each in before[::-1])),
        place=asked.where.statement(row.cited.entry),
        source_type=source_type(row.cited.coder, row.cited.decided),
        about={
            "speaker": row.statement.speaker.entity,
            "stance": row.statement.stance,
            "before": [each.statement.stance for each in before],
        },
    )


_FINDERS: Mapping[str, Callable[[Rule, _Asked], Iterator[Alert]]] = {
    "break": _breaks,
    "milestone": _milestones,
    "four-eyes": _four_eyes,
    "silence": _silence,
    "stance": _stances,
}
