"""Filters of the timeline: what an address asks for, how many events each choice would leave, and those left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from itertools import chain
from urllib.parse import urlencode

from detente.engine import directed_pairs
from detente.errors import PublishError
from detente.publish import chronology
from detente.publish.catalogue import Words
from detente.publish.search import Question, event_stems
from detente.publish.situation import Situation
from detente.terms import Event

NONE = "none"
"""Events of no issue."""
BOTH = "both"
"""What the two sides do together."""
MOST_LETTERS = 64
MOST_ACTORS = 40
"""Choices of actors, those of most events; any other can still be asked for by its id."""


@dataclass(frozen=True)
class Filter:
    """What an address asks of the timeline; empty asks for all.

    Attributes:
        track: Id of an issue, or `none`.
        actor: Id of an entity that acts or is acted on.
        direction: `RUS>USA`, or `both` for what is done together.
        language: Of a report that tells of it.
        reviewed: `yes` or `no`.
        party: Alpha-3 code of a third state taking part; such events are on the page of third parties otherwise.
        text: Words of the event or its quotes, in any form.
        since, until: First and last day, as the list orders events: the day, or the last one it can have been.
    """

    track: str = ""
    actor: str = ""
    direction: str = ""
    language: str = ""
    reviewed: str = ""
    party: str = ""
    text: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filter:
        """The filter an address asks for.

        Raises:
            PublishError: `since` or `until` is no day.
        """
        given = {name: query.get(name, "").strip()[:MOST_LETTERS] for name in FIELDS}
        return cls(**{name: _day(value, name) if name in SPAN and value else value for name, value in given.items()})

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in FIELDS)

    @property
    def query(self) -> str:
        """The same as part of an address: `?track=embassies`; empty where nothing is asked.

        >>> Filter(track="embassies", direction="RUS>USA").query
        '?track=embassies&direction=RUS%3EUSA'
        """
        given = {name: getattr(self, name) for name in FIELDS if getattr(self, name)}
        return f"?{urlencode(given)}" if given else ""

    @property
    def feed_query(self) -> str | None:
        """The same as a feed understands it, or None where feeds cannot be narrowed so."""
        if (
            self.since
            or self.until
            or self.actor
            or self.direction
            or self.language
            or self.text
            or self.track == NONE
            or self.reviewed == "no"
        ):
            return None
        asked = {"track": self.track, "side": self.party, "reviewed": "true" if self.reviewed else ""}
        given = {name: value for name, value in asked.items() if value}
        return f"?{urlencode(given)}" if given else ""


FIELDS = tuple(field.name for field in fields(Filter))
"""What can be asked for, as an address names it."""
SPAN = ("since", "until")
"""Those of them that are days."""
CHOSEN = tuple(name for name in FIELDS if name not in ("text", *SPAN))
"""Those of them that are chosen from a list."""


def _day(text: str, name: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise PublishError(f"{name} {text!r} is no day. Write 2025-04-30.") from None


@dataclass(frozen=True, slots=True)
class Month:
    """What happened in one month.

    Attributes:
        month: Its first day.
        up, down, flat: Events that are cooperative, conflictual, neither.
        newest: Position of its newest event among those counted.
    """

    month: date
    up: int
    down: int
    flat: int
    newest: int


@dataclass(frozen=True)
class Choice:
    """One value a field can take."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Field:
    """One field of the form."""

    name: str
    label: str
    choices: Sequence[Choice]


def direction_of(event: Event, sides: Sequence[str]) -> str | None:
    """`RUS>USA` for what the index counts as done by one side to the other, `both` for what they do together.

    None for what one of them does to somebody else.
    """
    pairs = [pair for pair in directed_pairs(event) if set(pair) <= set(sides)]
    if len(pairs) == 1:
        return ">".join(pairs[0])
    acting = {side for p in event.actors for side in p.sides}
    return BOTH if pairs or set(sides) <= acting else None


def values_of(row: chronology.Row, situation: Situation) -> Mapping[str, Sequence[str]]:
    """What an event has in each field that is chosen from a list."""
    event = row.occurrence.event
    return {
        "track": (event.track or NONE,),
        "actor": event.entities,
        "direction": tuple(filter(None, [direction_of(event, situation.dossier.dyad.sides)])),
        "language": tuple(sorted({cited.document.language for cited in row.cited})),
        "reviewed": ("yes" if row.occurrence.decided else "no",),
        "party": tuple(side for side in event.sides if side in situation.dossier.third_parties),
        "day": (row.day.isoformat(),) if row.day else (),
    }


class Filters:
    """The events of a situation with what each has, so that filters are answered without reading them again."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self._rows = situation.shown_rows[::-1]
        self._values = [values_of(row, situation) for row in self._rows]
        # Between the two sides alone, unless a third party is asked for: what the timeline counts.
        own = {row.id for row in situation.rows}
        self._own = [row.id in own for row in self._rows]
        self._stems: dict[str, frozenset[str]] = {}

    def rows(self, asked: Filter) -> list[chronology.Row]:
        """The events asked for, the newest first."""
        return [self._rows[at] for at in self._left(asked)]

    def _left(self, asked: Filter, *, beside: bool = False) -> list[int]:
        """Positions of the events asked for; with `beside`, those with third states as well."""
        wanted = [(name, getattr(asked, name)) for name in CHOSEN if getattr(asked, name)]
        question = Question.of(asked.text)
        first, last = asked.since, asked.until or "9999-12-31"
        dated = bool(asked.since or asked.until)
        return [
            at
            for at, row in enumerate(self._rows)
            if (self._own[at] or beside or asked.party)
            and (not dated or any(first <= day <= last for day in self._values[at]["day"]))
            and all(value in self._values[at][name] for name, value in wanted)
            and self._has(row, question)
        ]

    def months(self, asked: Filter) -> Sequence[Month]:
        """What the filter would leave of each month, whatever span it asks for; months without events are left out."""
        whole = replace(asked, since="", until="")
        return self._months(whole) if whole else self._every_month

    @cached_property
    def _every_month(self) -> Sequence[Month]:
        return self._months(Filter())

    def _months(self, asked: Filter) -> Sequence[Month]:
        found: dict[date, list[int]] = {}
        for place, at in enumerate(self._left(asked)):
            row = self._rows[at]
            if row.day is not None:
                counts = found.setdefault(row.day.replace(day=1), [0, 0, 0, place])
                counts[0 if row.score > 0 else 1 if row.score < 0 else 2] += 1
        return [Month(month, *counts) for month, counts in sorted(found.items())]

    def _has(self, row: chronology.Row, question: Question) -> bool:
        if not question.parts:
            return True
        if row.id not in self._stems:
            self._stems[row.id] = frozenset(chain(*event_stems(row)))
        have = self._stems[row.id]
        return all(set(stems_of) & have for stems_of in question.each_word)

    def fields(self, asked: Filter, words: Words) -> list[Field]:
        """The form: each choice with how many events it would leave beside what else is asked."""
        out = []
        for name, label, told in self._names(words):
            # Choosing a third state opens the events with them, so they are counted among those.
            left = self._left(replace(asked, **{name: ""}), beside=name == "party")
            counts = Counter(value for at in left for value in self._values[at][name])
            chosen = getattr(asked, name)
            if chosen and chosen not in counts:
                counts[chosen] = 0
            kept = counts.most_common(MOST_ACTORS) if name == "actor" else counts.items()
            choices = [Choice(value, told(value), count) for value, count in kept]
            if chosen and chosen not in {choice.value for choice in choices}:
                choices.append(Choice(chosen, told(chosen), counts[chosen]))
            out.append(Field(name, label, sorted(choices, key=lambda c: (-c.count, c.label))))
        return out

    def _names(self, words: Words) -> list[tuple[str, str, Callable[[str], str]]]:
        dossier, registry = self.situation.dossier, self.situation.dossier.registry

        def track(value: str) -> str:
            known = dossier.track(value)
            return known.label_in(words.language) if known else words("No issue") if value == NONE else value

        def entity(value: str) -> str:
            if value in registry.entities:
                return registry.entities[value].name_in(words.language)
            return registry.state_name(value, words.language) if value in registry.states else value

        def direction(value: str) -> str:
            if value == BOTH:
                return words("Together")
            one, _, other = value.partition(">")
            return f"{entity(one)} → {entity(other)}" if other else value

        reviewed = {"yes": words("checked by a person"), "no": words("not checked by a person")}
        return [
            ("track", words("Issue"), track),
            ("actor", words("Taking part"), entity),
            ("direction", words("Direction"), direction),
            ("language", words("Language of a report"), lambda value: value.upper()),
            ("reviewed", words("Review"), lambda value: reviewed.get(value, value)),
            ("party", words("Third party"), entity),
        ]
