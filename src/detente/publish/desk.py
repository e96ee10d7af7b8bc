"""What the review desk shows: what to look at first, one coding beside its words, how far readers agree, the log.

The order is effect times doubt. The effect of an event is how far a decision on it can move the index (see
`detente.measures.unread`); in the order it is shared among the sources that tell of it. A statement enters no index:
it is ordered as an event of its stance would be that fell on its day.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import Any

from markupsafe import Markup

from detente import codebook
from detente.dossier import Dossier
from detente.engine import EventRows, event_rows
from detente.errors import CodebookError
from detente.ledger import Grouping, Head, Ledger, QueueItem, Review, canonical, doubt_of, queue, review_of, to_json
from detente.ledger.questions import person_key
from detente.measures import IndexSettings, daily_index
from detente.measures.agreement import Agreement, krippendorff
from detente.measures.unread import Part, PartSums, UnreadReach, effects, index_parts
from detente.publish.catalogue import Words
from detente.publish.chronology import GROUPING_NAMES as GROUPING_NAMES
from detente.publish.chronology import what_text
from detente.publish.citing import name_text, parties
from detente.publish.knowledge import knowledge_day
from detente.publish.speakers import STANCES
from detente.publish.text import Text, harmless, joined
from detente.terms import REALIS, Decision, Document, Entry, Event, Evidence, Occurrence, Statement

NEAR, NEAR_DAYS = 12, 14
"""Events shown as perhaps the same as another: so many, and no further away."""
READ_A_SECOND = 24.0
"""Characters read in a second: 238 words a minute, of six characters with the space (Brysbaert 2019, Journal of Memory
and Language 109, 104047: silent reading of English non-fiction)."""
CONTEXT = 500
"""Characters shown on each side of the marked words until the whole text is opened."""
HEAVY_POINTS = 0.5
"""A decision that can move the index by more than this wants a second reader."""
KEYS = "aexnusjktmph"
"""Single keys that a person can change for others."""
REASONS: Mapping[str, str] = {
    "1": "The text does not say this.",
    "2": "It is only said, planned or denied, not done.",
    "3": "Others take part, or it is turned round.",
    "4": "It is no act or statement of this kind.",
    "5": "It repeats what another entry of the same text says.",
    "6": "It belongs to the page, not to the report.",
}
"""Why a coding is rejected, by the key that says so."""
SECOND: Mapping[str, str] = {
    "asked": "the first reader asks for it",
    "index": "it can move the index by more than half a point",
    "assault": "it is an assault",
    "quote": "it is a quotation with its speaker",
}
"""Why a second reader is wanted."""
UNSETTLED = "The text does not settle it."
"""The reason of who is unsure and gives no other."""
ACTION_NAMES: Mapping[str, str] = {
    "accept": "accepted",
    "amend": "amended",
    "reject": "rejected",
    "unsure": "left undecided",
    "undo": "took a decision back",
}
READING_NAMES: Mapping[str, str] = {"second": "second reading", "third": "third reading"}
DIRECTIONS: Mapping[str, str] = {
    "": "as it stands",
    "swap": "turned round",
    "together": "together, without a recipient",
}
RANKS: Mapping[str, str] = {"main": "what the text reports", "background": "what it recalls"}
STATEMENT_MODES: Mapping[str, str] = {"quote": "in quotation marks", "paraphrase": "in other words"}
DOUBTS: Mapping[str, str] = {
    "actor": "who takes part",
    "date": "when it was",
    "type": "what kind it is",
    "polarity": "whether it was done",
    "speaker": "who speaks",
    "stance": "which way it leans",
}
DIFFERENCES: Mapping[str, str] = {**DOUBTS, "unseen": "whether there is anything to code"}
"""In what another coder differs, where one was asked."""
_WORD = re.compile(r"\w+(?:['’\-]\w+)*")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry that waits.

    Attributes:
        effect: How far deciding it can move the index, in points; of a statement, as if it were an event.
        doubt: As in the ledger's queue.
        occurrence: Of an event, what it is told to be.
    """

    entry: Entry
    effect: float
    doubt: float
    in_index: bool
    other: float
    occurrence: Occurrence | None = None

    @property
    def order(self) -> tuple[float, float, float, int]:
        # A reader who takes one of several reports has the others still to read.
        sources = max(1, self.occurrence.sources) if self.occurrence else 1
        return (-self.effect / sources * self.doubt, -self.other, -self.doubt, self.entry.seq)


def _order(line: Line) -> tuple[float, float, float, int]:
    return line.order


@dataclass
class Worklist:
    """What waits at the desk, worked out for one state of the ledger and kept up with what is decided since.

    Attributes:
        head: Last line of the ledger that is in it.
        lines: By entry, everything undecided when it was worked out and what wants a second reader, in order.
        reviews: How far each entry is judged.
        began: What the index was made of when it was worked out, by occurrence.
        languages: By document.
        published: Day of publication by document, where known.
        told: By entry that stands, the event it tells of.
        groupings: What people merged and split.
        parts: What it is made of now. An event amended since stands alone: whether it is told by other reports too is
            found when the list is worked out anew.
    """

    head: Head
    day: date
    dossier: Dossier
    lines: dict[str, Line]
    reviews: dict[str, Review]
    began: Mapping[str, Part]
    languages: Mapping[str, str]
    published: Mapping[str, date]
    told: Mapping[str, Occurrence]
    groupings: Sequence[Grouping]
    parts: dict[str, Part] = field(init=False)
    reach: UnreadReach = field(init=False)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock, repr=False, compare=False)
    _waiting: dict[tuple[str, bool], list[Line]] = field(init=False, default_factory=dict)
    _last: dict[str, dict[str, Decision]] = field(init=False, default_factory=dict)
    _states: Counter[str] = field(init=False)
    _sums: PartSums = field(init=False, default_factory=PartSums)

    def __post_init__(self) -> None:
        self.parts = dict(self.began)
        for part in self.parts.values():
            self._sums.add(part)
        self.reach = self._sums.reach(self.day)
        self._states = Counter(review.state for review in self.reviews.values())
        for entry, review in self.reviews.items():
            for decision in review.held:
                # In order of recording, so that each person's last is what stays.
                self._last.setdefault(person_key(decision.by), {})[entry] = decision

    @classmethod
    def of(cls, dossier: Dossier, ledger: Ledger) -> Worklist:
        """Work it out anew."""
        head = ledger.head()
        documents = list(ledger.documents(as_of=head.recorded))
        published = {d.id: d.published for d in documents if d.published is not None}
        day = knowledge_day(documents, None, dossier)
        occurrences = ledger.occurrences(as_of=head.recorded)
        events = event_rows(occurrences, dyad=dossier.dyad, published=published, as_of=head.recorded)
        moves = effects(events, dossier.dyad, end=day)
        held = _Weights(events, dossier, day)
        reviews = ledger.reviews(as_of=head.recorded)
        lines = {}
        for item in queue(ledger, as_of=head.recorded, limit=None, occurrences=occurrences):
            lines[item.standing.entry.id] = _line(item, moves, held, published)
        for entry_id, review in reviews.items():
            if review.state == "waiting" and entry_id not in lines:
                lines[entry_id] = _lone(ledger.entry(entry_id), held, published)
        languages = {d.id: d.language for d in documents}
        lines = {line.entry.id: line for line in sorted(lines.values(), key=_order)}
        began = index_parts(events, dossier.dyad, day)
        told = {member.id: each for each in occurrences for member in each.members}
        groupings = ledger.groupings(as_of=head.recorded)
        return cls(head, day, dossier, lines, reviews, began, languages, published, told, groupings)

    def for_person(self, person: str, *, may_settle: bool = True) -> list[Line]:
        """What waits for a person, in order: undecided, to be read a second time, or to be settled between two.

        Args:
            may_settle: Whether the person may decide as the third, over what two readers said.
        """
        key = (person_key(person), may_settle)
        with self._lock:
            found = self._waiting.get(key)
            if found is None:
                found = [line for entry, line in self.lines.items() if self.waits(entry, *key)]
                self._waiting[key] = found
            return found

    def near(self, entry_id: str) -> list[Occurrence]:
        """Other events that an event may be the same as: those of its states within two weeks, the nearest first."""
        own = self.told.get(entry_id)
        if own is None or own.event.event_date is None:
            return []
        when, found = own.event.event_date, []
        for other in {each.id: each for each in self.told.values()}.values():
            day = other.event.event_date
            if other.id == own.id or day is None or not set(own.event.sides) & set(other.event.sides):
                continue
            gap = max((day.first - when.last).days, (when.first - day.last).days, 0)
            if gap <= NEAR_DAYS:
                found.append((other.event.type != own.event.type, gap, other.id, other))
        return [other for *_, other in sorted(found, key=lambda each: each[:3])[:NEAR]]

    def place(self, person: str, entry_id: str, *, may_settle: bool = True) -> int | None:
        """Where an entry stands among what waits for a person; None where it does not."""
        line = self.lines.get(entry_id)
        if line is None:
            return None
        waiting = self.for_person(person, may_settle=may_settle)
        place = bisect_left(waiting, line.order, key=_order)
        return place if place < len(waiting) and waiting[place] is line else None

    def last_of(self, person: str) -> Decision | None:
        """The person's last decision, on whatever entry, that is not taken back."""
        return max(self._last.get(person_key(person), {}).values(), key=lambda made: made.seq, default=None)

    def waits(self, entry_id: str, person: str, may_settle: bool = True) -> bool:
        review = self.reviews.get(entry_id)
        if review is None or review.state == "":
            return True
        if not may_settle and review.is_third(person):
            return False
        if review.state in ("conflict", "waiting"):
            return review.last_of(person) is None
        return review.counts is not None and review.counts.action == "unsure"

    def count(self, state: str) -> int:
        """How many entries are `waiting` or in `conflict`."""
        return self._states[state]

    def follow(self, ledger: Ledger) -> bool:
        """Take in what was decided since, at this desk or elsewhere; False where the list has to be worked out anew.

        Args:
            ledger: As it is at one moment (`Ledger.snapshot`).
        """
        after = ledger.head()
        if not ledger.has_line(self.head.line, self.head.hash):
            return False  # another ledger, as one that was restored in its place
        made = ledger.decisions_after(self.head.line)
        if made is None:
            return False
        judged = {}
        for entry in dict.fromkeys(decision.entry for decision in made):
            review = review_of(ledger.decisions(entry))
            known = self.lines.get(entry)
            if known is None or (known.occurrence is None and known.in_index and review.state != "agreed"):
                # An entry that a person had decided on before: what stands besides is not known here.
                return False
            judged[entry] = known, review
        with self._lock:
            for entry, (line, review) in judged.items():
                self._judged(review, line, {decision.by for decision in made if decision.entry == entry})
        weighed = {line.occurrence.id: line.occurrence for line, _ in judged.values() if line.occurrence is not None}
        for occurrence in weighed.values():
            self._weigh(occurrence)
        if weighed:
            self.reach = self._sums.reach(self.day)
        self.head = after
        return True

    def _judged(self, review: Review, line: Line, people: Collection[str]) -> None:
        # New ones, for others may be going through the old ones.
        entry = line.entry.id
        self._states = self._states - Counter([self.reviews.get(entry, Review()).state]) + Counter([review.state])
        self.reviews = {**self.reviews, entry: review}
        for by in people:
            own = {key: value for key, value in self._last.get(person_key(by), {}).items() if key != entry}
            last = review.last_of(by)
            self._last = {**self._last, person_key(by): own if last is None else {**own, entry: last}}
        self._waiting = {who: self._still(waiting, line, *who) for who, waiting in self._waiting.items()}

    def _still(self, waiting: list[Line], line: Line, person: str, may_settle: bool) -> list[Line]:
        """What waits for a person after a decision on an entry."""
        place = bisect_left(waiting, line.order, key=_order)
        held = place < len(waiting) and waiting[place] is line
        if held == self.waits(line.entry.id, person, may_settle):
            return waiting
        return waiting[:place] + ([] if held else [line]) + waiting[place + held :]

    def _weigh(self, occurrence: Occurrence) -> None:
        """Let an occurrence weigh as it stands after the decisions on its members."""
        if (before := self.parts.pop(occurrence.id, None)) is not None:
            self._sums.remove(before)
        for key, part in self._parts_of(occurrence).items():
            self.parts[key] = part
            self._sums.add(part)

    def _parts_of(self, occurrence: Occurrence) -> dict[str, Part]:
        parts: dict[str, Part] = {}
        began = self.began.get(occurrence.id)
        reviews = [self.reviews.get(member.id, Review()) for member in occurrence.members]
        counting = [review.counts for review in reviews if review.counts is not None]
        standing = [decision for decision in counting if decision.action in ("accept", "amend")]
        last = max(standing, key=lambda decision: decision.seq, default=None)
        if began is not None and began.low == began.high:
            parts[occurrence.id] = began  # decided on before, and so whole
        elif last is not None and isinstance(last.amended, Event):
            told = replace(occurrence, event=last.amended, decided="amend", disagreements=())
            rows = event_rows([told], dyad=self.dossier.dyad, published=self.published)
            parts |= index_parts(rows, self.dossier.dyad, self.day)
        elif began is not None and last is not None:
            parts[occurrence.id] = replace(began, weight=began.high, low=began.high)
        elif began is not None and len([d for d in counting if d.action == "reject"]) < len(reviews):
            parts[occurrence.id] = began
        return parts


class _Weights:
    """How much stands in the joint index on each day."""

    def __init__(self, events: EventRows, dossier: Dossier, day: date) -> None:
        start = min([dossier.since, day, *(row.first for row in events.rows if row.first <= day)])
        self._series = daily_index(events, dossier.dyad, start=start, end=day).joint
        self._prior = IndexSettings().prior_weight

    def moves(self, points: float, day: date | None) -> float:
        """How far one more event of that score would move the index of that day."""
        first, last = self._series.points[0].day, self._series.points[-1].day
        point = self._series.on(min(max(day or last, first), last))
        return abs(points - (point.value or 0.0)) / (self._prior + point.effective_events + 1) if points else 0.0


def _line(item: QueueItem, moves: Mapping[str, float], held: _Weights, published: Mapping[str, date]) -> Line:
    entry, coding = item.standing.entry, item.standing.coding
    if isinstance(coding, Event):
        told = item.occurrence
        effect = moves.get(told.id, 0.0) if told else 0.0
    else:
        effect = held.moves(
            item.effect_tenths / 10, coding.said_date.last if coding.said_date else published.get(entry.document)
        )
    return Line(entry, effect, item.doubt, isinstance(coding, Event), item.weight, item.occurrence)


def _lone(entry: Entry, held: _Weights, published: Mapping[str, date]) -> Line:
    coding = entry.coding
    points, when = 0.0, published.get(entry.document)
    if isinstance(coding, Event):
        try:
            points = codebook.score_tenths(coding.type, coding.mode) / 10
        except CodebookError:
            points = 10.0
        when = coding.event_date.last if coding.event_date else when
    elif isinstance(coding, Statement):
        points = float(coding.stance)
    doubt = doubt_of(coding) if isinstance(coding, Event | Statement) else 1.0
    return Line(entry, held.moves(points, when), doubt, isinstance(coding, Event), abs(points) * doubt)


def wants_second(line: Line | None, *codings: Event | Statement, asked: bool) -> str:
    """Why a decision wants a second reader: a key of `SECOND`, or empty.

    Args:
        codings: What stood, and what it is amended to.
    """
    if asked:
        return "asked"
    if any(_is_assault(coding) for coding in codings if isinstance(coding, Event)):
        return "assault"
    if any(c.mode == "quote" and c.speaker.entity for c in codings if isinstance(c, Statement)):
        return "quote"
    return "index" if line is not None and line.in_index and line.effect > HEAVY_POINTS else ""


def _is_assault(event: Event) -> bool:
    try:
        return codebook.score_tenths(event.type, event.mode) <= codebook.score_tenths("ASSAULT")
    except CodebookError:
        return False


def needed_ms(evidence: Evidence) -> int:
    """What reading the marked words takes.

    >>> needed_ms(Evidence("d", 0, 48, "x" * 48))
    2000
    """
    return round(1000 * len(evidence.quote) / READ_A_SECOND)


def heading(coding: Event | Statement, dossier: Dossier, words: Words, language: str) -> Text:
    """What an entry says, in a line."""
    if isinstance(coding, Statement):
        said = name_text(coding.speaker, dossier, words, language)
        side = f" ({coding.speaker.side})" if coding.speaker.side else ""
        return said + side + words.colon() + words(STANCES[coding.stance])
    who = parties(coding.actors, dossier, words, lambda _: language)
    if coding.recipients:
        who = who + " → " + parties(coding.recipients, dossier, words, lambda _: language)
    return joined([what_text(coding, words), who], " · ")


@dataclass(frozen=True, slots=True)
class Passage:
    """The marked words with what stands around them.

    Attributes:
        start: Where the shown text begins in the document.
        moves: Span after each step of its ends by a word: `start-`, `start+`, `end-`, `end+`; missing where it cannot.
    """

    start: int
    before: str
    quote: str
    after: str
    cut_before: bool
    cut_after: bool
    moves: Mapping[str, tuple[int, int]]


def passage(document: Document, evidence: Evidence, *, whole: bool) -> Passage:
    """The words of an entry where they stand."""
    text = document.text
    begin = 0 if whole else _edge(text, max(0, evidence.start - CONTEXT), evidence.start, first=True)
    end = len(text) if whole else _edge(text, min(len(text), evidence.end + CONTEXT), evidence.end, first=False)
    return Passage(
        start=begin,
        before=text[begin : evidence.start],
        quote=evidence.quote,
        after=text[evidence.end : end],
        cut_before=begin > 0,
        cut_after=end < len(text),
        moves=_moves(text, evidence),
    )


def _edge(text: str, wanted: int, inner: int, *, first: bool) -> int:
    """A place near the wanted one that does not cut a word."""
    if wanted in (0, len(text)):
        return wanted
    if first:
        space = text.find(" ", wanted, inner)
        return space + 1 if space >= 0 else wanted
    space = text.rfind(" ", inner, wanted)
    return space if space >= 0 else wanted


def _moves(text: str, evidence: Evidence) -> dict[str, tuple[int, int]]:
    start, end = evidence.start, evidence.end
    low, high = max(0, start - CONTEXT), min(len(text), end + CONTEXT)
    found = [(low + m.start(), low + m.end()) for m in _WORD.finditer(text[low:high])]
    ends = {"start-": [s for s, _ in found if s < start][-1:], "start+": [s for s, _ in found if start < s < end][:1]}
    ends |= {"end-": [e for _, e in found if start < e < end][-1:], "end+": [e for _, e in found if e > end][:1]}
    return {
        name: (places[0], end) if name.startswith("start") else (start, places[0])
        for name, places in ends.items()
        if places
    }


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a field that is chosen."""

    value: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form; without choices it is written."""

    name: str
    label: str
    value: str
    choices: tuple[Choice, ...] = ()
    hint: str = ""

    def options(self, kind: str) -> Markup:
        """The choices as markup; a mode is the one that stands only in the group of its type."""
        return _options(self.choices, self.value, kind if self.name == "mode" else "")


@lru_cache(maxsize=256)
def _options(choices: tuple[Choice, ...], value: str, kind: str) -> Markup:
    """Choices by group, those of none first. There are a hundred on a page, the same on most."""
    made = Markup()
    for group in dict.fromkeys(choice.group for choice in choices):
        made += Markup('<optgroup label="{}">').format(harmless(group)) if group else ""
        for choice in choices:
            if choice.group == group:
                chosen = Markup(" selected") if choice.value == value and (not kind or group in ("", kind)) else ""
                option = Markup('<option value="{}"{}>{}</option>')
                made += option.format(harmless(choice.value), chosen, harmless(choice.label))
        made += Markup("</optgroup>") if group else ""
    return made


@cache
def _type_choices(language: str) -> tuple[Choice, ...]:
    labels = codebook.labels(language)
    return tuple(Choice(code, f"{labels[code]} ({code})") for code in codebook.types())


@cache
def _mode_choices(language: str) -> tuple[Choice, ...]:
    named = (
        Choice(m.code, f"{m.code} – {m.label[language]}" if m.label else m.code, m.type)
        for m in codebook.modes().values()
    )
    return (Choice("", "–"), *named)


def form_of(coding: Event | Statement, dossier: Dossier, words: Words) -> list[Field]:
    """What can be amended, with what stands."""
    tracks = (Choice("", "–"), *(Choice(track.id, track.label_in(words.language)) for track in dossier.tracks))
    if isinstance(coding, Statement):
        return [
            Field("speaker", words("Speaker"), coding.speaker.entity or coding.speaker.name),
            Field(
                "stance",
                words("Stance"),
                str(coding.stance),
                tuple(Choice(str(n), f"{words.number(n, signed=True)} {words(STANCES[n])}") for n in STANCES),
            ),
            Field(
                "issue",
                words("Issue"),
                coding.issue,
                tracks
                if dossier.track(coding.issue) or not coding.issue
                else (*tracks, Choice(coding.issue, coding.issue)),
            ),
            Field(
                "said_date",
                words("Day it was said"),
                coding.said_date.value if coding.said_date else "",
                hint=words("2025-02-18, 2025-04 or empty"),
            ),
            Field(
                "mode",
                words("Wording"),
                coding.mode,
                tuple(Choice(m, words(name)) for m, name in STATEMENT_MODES.items()),
            ),
        ]
    types, modes = _type_choices(words.language), _mode_choices(words.language)
    if coding.type not in codebook.labels(words.language):
        types = (Choice(coding.type, coding.type), *types)
    places = [p.entity or p.name for p in coding.actors], [p.entity or p.name for p in coding.recipients]
    return [
        Field("type", words("Event type"), coding.type, types),
        Field("mode", words("Mode of the type"), coding.mode, modes),
        Field("actors", words("Who acts"), "; ".join(places[0]), hint=words("codes or names, separated by ;")),
        Field("recipients", words("Toward whom"), "; ".join(places[1])),
        Field("direction", words("Direction"), "", tuple(Choice(v, words(name)) for v, name in DIRECTIONS.items())),
        Field(
            "event_date",
            words("Day of the event"),
            coding.event_date.value if coding.event_date else "",
            hint=words("2025-02-18, 2025-04 or empty"),
        ),
        Field("realis", words("Done or not"), coding.realis, tuple(Choice(r, words(r)) for r in REALIS)),
        Field(
            "track",
            words("Issue"),
            coding.track,
            tracks
            if dossier.track(coding.track) or not coding.track
            else (*tracks, Choice(coding.track, coding.track)),
        ),
        Field("place", words("Place"), coding.place),
        Field(
            "rank", words("Rank in the text"), coding.rank, tuple(Choice(r, words(name)) for r, name in RANKS.items())
        ),
    ]


def changed(coding: Event | Statement, dossier: Dossier, given: Mapping[str, str]) -> dict[str, str]:
    """The fields of a form that are not as they stand."""
    stands = {item.name: item.value for item in form_of(coding, dossier, Words("en"))}
    out = {name: given[name].strip() for name in stands if name in given and given[name].strip() != stands[name]}
    if isinstance(coding, Event) and "type" in out and "mode" not in out and "mode" in given:
        # The mode that stood belongs to the type that stood.
        out["mode"] = "" if given["mode"].strip() == coding.mode else given["mode"].strip()
    return out


@dataclass(frozen=True, slots=True)
class Shares:
    """What one person decided, and how.

    Attributes:
        hurried: Decisions made faster than the marked words can be read, among those whose time is known.
        opened: Decisions before which the whole text was opened, among those made at the desk.
    """

    by: str
    decisions: int
    by_action: Mapping[str, int]
    timed: int
    hurried: int
    desk: int
    opened: int


@dataclass(frozen=True)
class Agreed:
    """How far readers agree, and what each did."""

    reviews: Mapping[str, Review]

    @cached_property
    def pairs(self) -> list[tuple[Decision, ...]]:
        return [two for review in self.reviews.values() if (two := review.independent())]

    @cached_property
    def verdict(self) -> Agreement:
        """Agreement on accept, amend, reject or unsure."""
        return krippendorff([[decision.action for decision in two] for two in self.pairs])

    @cached_property
    def outcome(self) -> Agreement:
        """Agreement on what the coding should be, to the last field."""
        return krippendorff([[_outcome(decision) for decision in two] for two in self.pairs])

    def shares(self) -> list[Shares]:
        made: dict[str, list[Decision]] = {}
        for review in self.reviews.values():
            for decision in review.held:
                made.setdefault(decision.by, []).append(decision)
        return [_shares(by, decisions) for by, decisions in sorted(made.items())]


def _outcome(decision: Decision) -> str:
    return decision.action if decision.amended is None else f"amend {decision.amended!r}"


def _shares(by: str, made: list[Decision]) -> Shares:
    looked = [d.look for d in made if d.look is not None]
    counted: dict[str, int] = {}
    for decision in made:
        counted[decision.action] = counted.get(decision.action, 0) + 1
    return Shares(
        by=by,
        decisions=len(made),
        by_action=counted,
        timed=sum(look.dwell_ms is not None for look in looked),
        hurried=sum(look.hurried for look in looked),
        desk=len(looked),
        opened=sum(look.opened for look in looked),
    )


def provenance(ledger: Ledger) -> dict[str, Any]:
    """Decisions as W3C PROV-JSON: what was coded by whom, what people made of it, and what they looked at.

    Source:
        W3C Member Submission "The PROV-JSON Serialization", 24 April 2013.
    """
    out: dict[str, dict[str, Any]] = {
        "prefix": {
            "detente": "urn:detente:",
            "prov": "http://www.w3.org/ns/prov#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        **{kind: {} for kind in ("entity", "activity", "agent", "wasGeneratedBy", "used", "wasAssociatedWith")},
        **{kind: {} for kind in ("wasAttributedTo", "wasDerivedFrom", "wasInvalidatedBy")},
    }
    people: dict[str, str] = {}
    held: dict[tuple[str, str], list[Decision]] = {}
    for number, decision in enumerate(ledger.decisions(), start=1):
        entry = ledger.entry(decision.entry)
        coded, act = _coded(out, entry), f"detente:decision-{decision.seq}"
        person = people.setdefault(decision.by, f"detente:person-{len(people) + 1}")
        out["agent"][person] = {"prov:type": _kind("prov:Person"), "prov:label": decision.by}
        about: dict[str, Any] = {"prov:type": _kind(f"detente:{decision.action}"), "prov:endTime": _moment(decision)}
        about |= {"detente:why": decision.why, "detente:saw": decision.saw}
        if decision.look:
            look = decision.look
            about |= {
                "detente:reading": look.reading,
                "detente:opened": look.opened,
                "detente:neededMs": look.needed_ms,
            }
            about |= {} if look.dwell_ms is None else {"detente:dwellMs": look.dwell_ms}
        out["activity"][act] = {key: value for key, value in about.items() if value != ""}
        out["used"][f"_:u{number}"] = {"prov:activity": act, "prov:entity": coded}
        out["wasAssociatedWith"][f"_:a{number}"] = {"prov:activity": act, "prov:agent": person}
        if decision.action in ("accept", "amend"):
            made = f"detente:reading-{decision.seq}"
            out["entity"][made] = {"prov:type": _kind(f"detente:{entry.kind}")}
            if decision.amended is not None:
                out["entity"][made]["detente:coding"] = canonical(to_json(decision.amended, sparse=True))
            out["wasGeneratedBy"][f"_:g{number}"] = {"prov:entity": made, "prov:activity": act}
            out["wasAttributedTo"][f"_:t{number}"] = {"prov:entity": made, "prov:agent": person}
            out["wasDerivedFrom"][f"_:d{number}"] = {
                "prov:generatedEntity": made,
                "prov:usedEntity": coded,
                **({"prov:type": _kind("prov:Revision")} if decision.action == "amend" else {}),
            }
        elif decision.action == "reject":
            out["wasInvalidatedBy"][f"_:i{number}"] = {"prov:entity": coded, "prov:activity": act}
        own = held.setdefault((entry.id, person_key(decision.by)), [])
        if decision.action != "undo":
            own.append(decision)
        elif own and (back := own.pop()).action in ("accept", "amend"):
            taken = f"detente:reading-{back.seq}"
            out["wasInvalidatedBy"][f"_:i{number}"] = {"prov:entity": taken, "prov:activity": act}
    for line in ledger.groupings():
        act = f"detente:grouping-{line.seq}"
        person = people.setdefault(line.by, f"detente:person-{len(people) + 1}")
        out["agent"][person] = {"prov:type": _kind("prov:Person"), "prov:label": line.by}
        about = {"prov:type": _kind(f"detente:{line.action}"), "prov:endTime": line.recorded.isoformat()}
        about |= {"detente:why": line.why} if line.why else {}
        out["activity"][act] = about
        out["wasAssociatedWith"][f"_:ga{line.seq}"] = {"prov:activity": act, "prov:agent": person}
        for number, entry_id in enumerate(line.all_entries):
            coded = _coded(out, ledger.entry(entry_id))
            out["used"][f"_:gu{line.seq}-{number}"] = {"prov:activity": act, "prov:entity": coded}
    return {kind: records for kind, records in out.items() if records}


def _coded(out: dict[str, dict[str, Any]], entry: Entry) -> str:
    """The entry, its document and its coder among the records; gives the entry's name."""
    coded = f"detente:entry-{entry.id}"
    if coded in out["entity"]:
        return coded
    evidence = entry.coding.evidence
    source = f"detente:document-{_name(entry.document)}"
    out["entity"][source] = {"prov:type": _kind("detente:document"), "detente:id": entry.document}
    out["entity"][coded] = {
        "prov:type": _kind(f"detente:{entry.kind}"),
        "detente:quote": evidence.quote,
        "detente:start": evidence.start,
        "detente:end": evidence.end,
    }
    coder = f"detente:coder-{_name(entry.coder)}"
    out["agent"][coder] = {"prov:type": _kind("prov:SoftwareAgent"), "prov:label": entry.coder}
    out["wasDerivedFrom"][f"_:e{entry.id}"] = {"prov:generatedEntity": coded, "prov:usedEntity": source}
    out["wasAttributedTo"][f"_:c{entry.id}"] = {"prov:entity": coded, "prov:agent": coder}
    return coded


def _kind(name: str) -> dict[str, str]:
    return {"$": name, "type": "xsd:QName"}


def _name(text: str) -> str:
    """A name for what others named: theirs may hold anything."""
    import hashlib

    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _moment(decision: Decision) -> str:
    return decision.recorded.isoformat()


REFUSALS: Mapping[str, str] = {
    "elsewhere": "The desk works without sign-in, and so on this machine alone. Open it at 127.0.0.1.",
    "foreign": "This form was sent from another page. Open the desk and decide there.",
    "stale": "This form is from before the desk was started. Open the entry again and decide anew.",
    "large": "The form is too large.",
    "missing": "There is no such entry.",
    "since": "You have decided on this entry again since this page was opened. Open it again and look.",
    "third": "Two readers have decided on this. Where they differ, an editor settles it.",
    "nobody": "Write a name of 1 to 80 characters.",
    "action": "Choose accept, amend, reject or unsure.",
    "unchanged": "Nothing was changed. Change a field, or accept.",
    "why": "Say why.",
    "words": "These words do not stand in the text where they were marked. Mark them again.",
    "keys": "Write pairs such as a=q: a key of the list and yours, a letter or 0, 7, 8, 9; no key for two things.",
    "track": "The dossier has no such issue.",
    "signs": "The form holds a sign that no text can have (NUL).",
    "event": "There is no such event, or it is the same event already.",
    "sentence": "The draft has no such sentence any more: its words or numbers have changed, or it was taken out. "
    "Open the draft and read what stands there now.",
    "text": "Write the sentence.",
    "as it was": "Nothing was changed in the sentence. Change it, or accept it.",
    "draft": "The draft has changed since this page was opened. Read what is new in it, then publish.",
    "language": "Choose at least one language.",
    "corrects": "Say which version was wrong.",
    "cannot": "This cannot be kept. What was said:",
}
"""Why the desk refuses something."""
