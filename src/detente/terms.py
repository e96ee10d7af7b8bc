"""The nouns of the house, as frozen records that every room shares.

Offsets count Unicode code points, end exclusive, into the stored text of a document:
`document.text[start:end] == quote`, always. States are ISO 3166-1 alpha-3 codes. Days are `datetime.date`;
moments are timezone-aware `datetime.datetime` in UTC. Four days are never mixed: `event_date` (when it happened),
`published` (when it was reported), `fetched` (when we got the report), `recorded` (when a line entered the ledger).
"""

from __future__ import annotations

import calendar
import hashlib
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Literal

from detente.errors import TermsError

Language = Literal["fr", "en", "ru"]
LANGUAGES: tuple[Language, ...] = ("fr", "en", "ru")

Precision = Literal["day", "week", "month", "season", "quarter", "year", "decade", "none"]
DateBasis = Literal["explicit", "relative", "narrative", "publication", "none"]
"""How a date is known: written out, relative to publication, relative to the running story, the day of publication."""

Realis = Literal["happened", "planned", "proposed", "cancelled", "denied", "hypothetical"]
REALIS: tuple[Realis, ...] = ("happened", "planned", "proposed", "cancelled", "denied", "hypothetical")
StatementMode = Literal["quote", "paraphrase"]
Rank = Literal["main", "background"]
EntityKind = Literal["state", "person", "institution", "city", "group"]
TimeType = Literal["DATE", "TIME", "DURATION", "SET"]
Doubt = Literal["actor", "date", "type", "polarity", "speaker", "stance"]
"""What a coder is not sure of: who, when, what kind, whether done; of a statement, who spoke and which way."""
CodingKind = Literal["event", "statement", "time", "person"]
CODING_KINDS: tuple[CodingKind, ...] = ("event", "statement", "time", "person")
Action = Literal["accept", "amend", "reject", "unsure", "undo"]
ACTIONS: tuple[Action, ...] = ("accept", "amend", "reject", "unsure", "undo")
"""`undo` takes back the person's own last decision that is not taken back yet; both lines stay."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a document's text, end exclusive.

    >>> Span(3, 8).overlaps(Span(7, 9))
    True
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise TermsError(f"span {self.start}:{self.end} is empty or backwards. Give start < end, counted from 0.")

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Document:
    """One text as it was got; the text never changes once stored.

    Attributes:
        id: The name the giver used for it, or 16 hexadecimal digits of the SHA-256 of address and text.
        text: The stored text, line breaks as `\\n`; boilerplate stays in it and is marked.
        boilerplate: Stretches that are not the article (sharing line, footer, related links). Nothing is coded there.
        published: Day the text appeared, with `published_basis`: `given`, `url`, `feed`, `file`, `text`,
            `html` followed by what htmldate used, or `none`.
        language: Its code; a text in a language without a folder in `detente.languages` is filed and not coded.
        duplicate_of: Id of an earlier document with the same or nearly the same text, with `likeness` (share, 0-1).
        licence: What may be done with the text, as the source says.
    """

    id: str
    text: str
    language: str
    published: date | None
    published_basis: str
    fetched: datetime
    title: str = ""
    url: str = ""
    source: str = ""
    licence: str = ""
    boilerplate: tuple[Span, ...] = ()
    duplicate_of: str | None = None
    likeness: float | None = None
    got_by: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    def quote(self, start: int, end: int) -> Evidence:
        """Evidence for a stretch of this text.

        Raises:
            TermsError: The stretch is empty or leaves the text.
        """
        if not 0 <= start < end <= len(self.text):
            raise TermsError(f"{self.id}: {start}:{end} is not inside its {len(self.text)} characters.")
        return Evidence(self.id, start, end, self.text[start:end])

    def in_boilerplate(self, start: int, end: int) -> bool:
        return any(start < b.end and b.start < end for b in self.boilerplate)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The exact characters that show something.

    >>> Evidence("d1", 0, 5, "Talks").selector()["exact"]
    'Talks'
    """

    document: str
    start: int
    end: int
    quote: str

    def __post_init__(self) -> None:
        if self.end - self.start != len(self.quote) or not self.quote or self.start < 0:
            raise TermsError(
                f"{self.document}: {self.start}:{self.end} does not measure the {len(self.quote)} characters quoted. "
                "Quote the stored text, code point by code point."
            )

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    def check(self, document: Document) -> None:
        """Raise TermsError unless the quote stands at its offsets in the document."""
        if document.id != self.document or document.text[self.start : self.end] != self.quote:
            raise TermsError(
                f"{self.document}: {self.start}:{self.end} reads {document.text[self.start : self.end][:60]!r}, "
                f"not the quoted {self.quote[:60]!r}. Quote the document text, not the headline or a translation."
            )

    def selector(self, text: str | None = None) -> dict[str, object]:
        """W3C Web Annotation selectors; with the document's text, prefix and suffix are filled in."""
        exact: dict[str, object] = {"type": "TextQuoteSelector", "exact": self.quote}
        if text is not None:
            exact["prefix"] = text[max(0, self.start - 32) : self.start]
            exact["suffix"] = text[self.end : self.end + 32]
        exact["refinedBy"] = {"type": "TextPositionSelector", "start": self.start, "end": self.end}
        return exact


_ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?:W(?P<week>\d{2})(?P<weekend>-WE)?|Q(?P<quarter>[1-4])|(?P<season>SP|SU|FA|WI)"
    # The hour after a day is left out.
    r"|(?P<month>\d{2})(?:-(?P<day>\d{2})(?:[T ].*)?)?))?"
)
_SEASON_MONTHS = {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11), "WI": (12, 2)}


def _last_of_month(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


@dataclass(frozen=True, slots=True)
class EventDate:
    """A day, or the stretch of days within which something happened.

    Attributes:
        value: As written in ISO 8601 or TIMEX3: `2025-02-18`, `2025-W08`, `2025-04`, `2025-Q2`, `2025-SU`, `2025`.
        first, last: The stretch itself, both inclusive.
        precision: What `value` resolves to; a range of days keeps `day` with `last` later than `first`.
        basis: How it is known.

    >>> EventDate.of("2025-04", "explicit").last
    datetime.date(2025, 4, 30)
    >>> EventDate.of("2025-03-23/2025-03-25", "explicit").precision
    'day'
    """

    value: str
    first: date
    last: date
    precision: Precision
    basis: DateBasis

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise TermsError(f"date {self.value}: ends {self.last}, before it starts, {self.first}. Swap the two days.")

    @classmethod
    def of(cls, value: str, basis: DateBasis) -> EventDate:
        """Read an ISO 8601 or TIMEX3 date value, or two of them joined by `/`.

        Raises:
            TermsError: The value is no calendar date.

        >>> EventDate.of("2025-W08-WE", "explicit").first.isoformat()
        '2025-02-22'
        """
        if "/" in value:
            head, tail = (cls.of(part, basis) for part in value.split("/", 1))
            coarser: Precision = head.precision if head.precision == tail.precision else tail.precision
            return cls(value, head.first, tail.last, coarser, basis)
        match = _ISO.fullmatch(value)
        if match is None:
            raise TermsError(f"date {value!r} is not ISO 8601 or TIMEX3. Write 2025-02-18, 2025-W08, 2025-04 or 2025.")
        year = int(match["year"])
        try:
            if match["day"]:
                day = date(year, int(match["month"]), int(match["day"]))
                return cls(value, day, day, "day", basis)
            if match["month"]:
                month = int(match["month"])
                return cls(value, date(year, month, 1), _last_of_month(year, month), "month", basis)
            if match["week"]:
                monday = date.fromisocalendar(year, int(match["week"]), 1)
                opens = monday + timedelta(days=5) if match["weekend"] else monday
                return cls(value, opens, monday + timedelta(days=6), "week", basis)
            if match["quarter"]:
                start = 3 * int(match["quarter"]) - 2
                return cls(value, date(year, start, 1), _last_of_month(year, start + 2), "quarter", basis)
            if match["season"]:
                begins, closes = _SEASON_MONTHS[match["season"]]
                closing_year = year + (closes < begins)
                return cls(value, date(year, begins, 1), _last_of_month(closing_year, closes), "season", basis)
            return cls(value, date(year, 1, 1), date(year, 12, 31), "year", basis)
        except ValueError as problem:
            raise TermsError(f"date {value!r} cannot be: {problem}. Check day and month.") from problem

    def meets(self, other: EventDate) -> bool:
        """True where the two stretches share a day."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class Role:
    """An office held by a person for a stretch of time.

    Attributes:
        title: By language, without the state: `{"en": "foreign minister", "fr": "ministre des Affaires étrangères"}`.
        side: State the person speaks for while in it (alpha-3), or an empty string.
        since, until: Both inclusive; None is open.
        office: Key of the office across states (`foreign_minister`, `head_of_state`), or an empty string.
    """

    title: tuple[tuple[str, str], ...]
    side: str
    since: date | None = None
    until: date | None = None
    office: str = ""

    def held_on(self, day: date | None) -> bool:
        if day is None:
            return self.until is None
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def title_in(self, language: str) -> str:
        titles = dict(self.title)
        return titles.get(language) or titles.get("en") or next(iter(titles.values()), self.office)


@dataclass(frozen=True, slots=True)
class Entity:
    """Who or what exists: a state, person, institution, city or group.

    Attributes:
        id: `RUS` for states; `sergey-lavrov`, `kremlin`, `moscow` for the rest.
        names: By language, all written forms that name it, inflected ones included; the first is for display.
        side: State it speaks for when that does not depend on the date (institutions, capitals), or empty.
        roles: For persons; what they were and when.
        stands_for: State that its name is used for ("Moscow says", "the Kremlin"), or empty.
    """

    id: str
    kind: EntityKind
    names: tuple[tuple[str, tuple[str, ...]], ...]
    side: str = ""
    roles: tuple[Role, ...] = ()
    stands_for: str = ""

    def name_in(self, language: str) -> str:
        names = dict(self.names)
        for key in (language, "en", *names):
            if names.get(key):
                return names[key][0]
        return self.id

    def role_on(self, day: date | None) -> Role | None:
        """The role held that day, else the last one that had begun; without a day, the one held now or last."""
        held = [role for role in self.roles if role.held_on(day)]
        if held:
            return held[0]
        begun = [role for role in self.roles if day is None or (role.since is not None and role.since <= day)]
        return max(begun, key=lambda role: role.since or date.min, default=None)

    def side_on(self, day: date | None) -> str:
        """State spoken for that day: by the role, or, on a day without one, by all the roles known alike."""
        role = self.role_on(day)
        if self.side or role:
            return self.side or (role.side if role else "")
        sides = {role.side for role in self.roles}
        return sides.pop() if len(sides) == 1 else ""


@dataclass(frozen=True, slots=True)
class Participant:
    """An entity in one coding, with what the text calls it.

    Attributes:
        entity: Entity id; empty for a name the registry does not know.
        name: Display name (as in the text for an unknown one).
        side: State it acts for on that day (alpha-3), or empty; `RUS+USA` where two sides speak together.
        role: What the text or the registry says it is on that day, or empty.
        evidence: Where the text names it, or None where it is understood ("the two sides").
    """

    entity: str
    name: str
    side: str = ""
    role: str = ""
    evidence: Evidence | None = None

    @property
    def sides(self) -> tuple[str, ...]:
        """The state or states it acts for.

        >>> Participant("", "Moscow and Washington", "RUS+USA").sides
        ('RUS', 'USA')
        """
        return tuple(self.side.split("+")) if self.side else ()


Difference = Literal["actor", "date", "type", "polarity", "speaker", "stance", "unseen"]
"""In what two coders differ: as in `Doubt`, or that one reads nothing there."""


@dataclass(frozen=True, slots=True)
class SecondReading:
    """What another coder, asked about a coding in doubt, read in the same words.

    Attributes:
        coder: Its name, with the model and its version.
        differs: Empty where it reads the same.
        reading: Its type, realis and day, or its speaker and stance; empty where it reads nothing there.
    """

    coder: str
    differs: tuple[Difference, ...] = ()
    reading: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """What was done on a day (PLOVER).

    Attributes:
        type, mode: PLOVER v2 codes; `mode` is empty where the type has none or the text does not show it.
        actors, recipients: Sets, kept in text order. A meeting has several actors and no recipient;
            host and venue are neither.
        place: City or state where it happened, as an entity id or, unknown to the registry, as written; or empty.
        event_date: None where the text does not date it.
        realis: Whether it happened, or is planned, proposed, cancelled, denied, hypothetical.
        track: Issue of the dossier (`embassies`, `sanctions`, ...), or empty.
        rank: `main` for what the text reports, `background` for what it recalls.
        confidence: Share (0-1) of codings by this rule that were right on the gold sets, see docs/coding.md.
        evidence: The smallest clause or sentence that states the event.
        parts: Exact words behind single fields: action, date, place, realis.
        points: For an agreed list, each point.
        doubts: What the sentence itself does not settle, so that it was taken from elsewhere or guessed.
        rule: Name of the rule that made it, for a reader who asks why.
        second: What another coder made of it, where one was asked.
    """

    type: str
    mode: str
    actors: tuple[Participant, ...]
    recipients: tuple[Participant, ...]
    event_date: EventDate | None
    realis: Realis
    evidence: Evidence
    confidence: float
    place: str = ""
    track: str = ""
    rank: Rank = "main"
    parts: tuple[tuple[str, Evidence], ...] = ()
    points: tuple[Evidence, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    rule: str = ""
    second: SecondReading | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.confidence <= 1:
            raise TermsError(f"{self.evidence.document}: confidence {self.confidence} is outside [0, 1].")

    @property
    def sides(self) -> tuple[str, ...]:
        """States taking part, sorted, each once."""
        return tuple(sorted({side for p in (*self.actors, *self.recipients) for side in p.sides}))

    @property
    def entities(self) -> tuple[str, ...]:
        """Ids of those taking part that are known, who act before who is acted on."""
        return tuple(dict.fromkeys(p.entity for p in (*self.actors, *self.recipients) if p.entity))


@dataclass(frozen=True, slots=True)
class Statement:
    """What a named speaker or institution said about the relationship.

    Attributes:
        speaker: With role and side at that date.
        addressee: Whom it is said to or about, or None.
        mode: `quote` where any of its words stand in quotation marks.
        issue: Track of the dossier, `relations` for the relationship as a whole.
        stance: -2 (hostile, blocking) to +2 (strongly favourable) toward normalisation.
        stance_reason: The words that decided it.
        conditions: What it is made to depend on ("only after peace").
        time_claims: What it says about time ("for decades", "early stages").
        said_date: Day of speaking where the text gives it.
        content: What was said, without the reporting clause.
        evidence: The smallest sentence or clause that reports it.
        doubts: `speaker` where the sentence does not name them, `stance` where no word decides or words disagree.
        second: What another coder made of it, where one was asked.
    """

    speaker: Participant
    mode: StatementMode
    issue: str
    stance: int
    evidence: Evidence
    content: Evidence
    confidence: float
    addressee: Participant | None = None
    stance_reason: str = ""
    conditions: tuple[Evidence, ...] = ()
    time_claims: tuple[Evidence, ...] = ()
    said_date: EventDate | None = None
    cue: Evidence | None = None
    doubts: tuple[Doubt, ...] = ()
    second: SecondReading | None = None

    def __post_init__(self) -> None:
        if self.stance not in (-2, -1, 0, 1, 2):
            raise TermsError(f"{self.evidence.document}: stance {self.stance} is outside -2 ... +2.")
        if not 0 <= self.confidence <= 1:
            raise TermsError(f"{self.evidence.document}: confidence {self.confidence} is outside [0, 1].")


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A date, time, duration or repetition in a text, as TIMEX3 has them.

    Attributes:
        value: `2025-02-18`, `2025-04`, `P30D`, `2025-04-08TEV`, `PAST_REF`.
        mod: `START`, `MID`, `END`, `APPROX`, `LESS_THAN`, `MORE_THAN`, `BEFORE`, `AFTER` or empty.
        basis: What it was reckoned from.
        reason: The rule and the anchor, for a reader who asks why.
    """

    evidence: Evidence
    value: str
    type: TimeType
    mod: str = ""
    basis: DateBasis = "explicit"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PersonMention:
    """A person named in a text; `entity` is empty for a candidate the registry does not know yet."""

    evidence: Evidence
    name: str
    entity: str = ""
    role: str = ""
    side: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """Something about one record that a person should know: what, where, and what to do.

    Attributes:
        lost: Whether the record was passed over because of it; False for a remark on one that was used.
    """

    record: str
    room: str
    message: str
    lost: bool = True


@dataclass(frozen=True, slots=True)
class Coding:
    """One coder's reading of one document.

    Attributes:
        abstained: Codings that the coder was less sure of than the dossier asks; not filed, only counted.
    """

    document: str
    coder: str
    codebook: str
    events: tuple[Event, ...] = ()
    statements: tuple[Statement, ...] = ()
    times: tuple[TimeExpression, ...] = ()
    persons: tuple[PersonMention, ...] = ()
    issues: tuple[Issue, ...] = ()
    abstained: tuple[Event | Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Dyad:
    """A pair of states, written alphabetically: `RUS-USA`.

    >>> str(Dyad.parse("USA-RUS"))
    'RUS-USA'
    >>> [str(d) for d in Dyad("RUS", "USA").directed()]
    ['RUS>USA', 'USA>RUS']
    """

    first: str
    second: str

    def __post_init__(self) -> None:
        for code in (self.first, self.second):
            if not re.fullmatch(r"[A-Z]{3}", code):
                raise TermsError(f"{code!r} is not an ISO 3166-1 alpha-3 code. Write RUS-USA.")
        if self.first >= self.second:
            raise TermsError(f"dyad {self.first}-{self.second}: name two different states in alphabetical order.")

    @classmethod
    def parse(cls, text: str) -> Dyad:
        """Read `RUS-USA`, in either order and case."""
        parts = sorted(text.strip().upper().split("-"))
        if len(parts) != 2:
            raise TermsError(f"dyad {text!r}: write two alpha-3 codes joined by a hyphen, for example RUS-USA.")
        return cls(*parts)

    @property
    def sides(self) -> tuple[str, str]:
        return (self.first, self.second)

    def directed(self) -> tuple[DirectedDyad, DirectedDyad]:
        return (DirectedDyad(self.first, self.second), DirectedDyad(self.second, self.first))

    def __str__(self) -> str:
        return f"{self.first}-{self.second}"


@dataclass(frozen=True, slots=True)
class DirectedDyad:
    """One side toward the other: `RUS>USA`."""

    actor: str
    recipient: str

    def __str__(self) -> str:
        return f"{self.actor}>{self.recipient}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A ledger line: one coding of one kind by one coder version. Only ever added.

    Attributes:
        id: 16 hexadecimal digits of the SHA-256 of document, coder, kind and content: the same coding is one entry.
        seq: Order of recording, from 1.
        recorded: UTC moment it entered the ledger.
        coding: The Event, Statement, TimeExpression or PersonMention.
    """

    id: str
    seq: int
    recorded: datetime
    document: str
    coder: str
    codebook: str
    kind: CodingKind
    coding: Event | Statement | TimeExpression | PersonMention


@dataclass(frozen=True, slots=True)
class Look:
    """How a person came to a decision at the desk.

    Attributes:
        opened: Whether the whole source was opened, and not the passage alone.
        dwell_ms: From the showing of the passage to the decision, as the server measured it; None where it cannot tell.
        needed_ms: What reading the marked words takes.
        second: Why a second reader is wanted, or empty.
        reading: `second` where another had decided and this person was not shown what; `third` where two differed.
        client: What it was decided with.
    """

    opened: bool
    dwell_ms: int | None
    needed_ms: int
    second: str = ""
    reading: Literal["", "second", "third"] = ""
    client: str = "desk"

    @property
    def hurried(self) -> bool:
        """True where it took less time than reading the marked words."""
        return self.dwell_ms is not None and self.dwell_ms < self.needed_ms


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about an entry, and why. Only ever added; see `detente.ledger.reviews` for what counts.

    Attributes:
        amended: The coding as the person corrected it (`amend` only).
        saw: What was on the screen: `source` where the source text was opened, else `coding`.
        look: How it came about, where it was made at the desk.
    """

    entry: str
    action: Action
    by: str
    why: str
    seq: int
    recorded: datetime
    amended: Event | Statement | None = None
    saw: str = "coding"
    look: Look | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """The same event told by several documents, its members kept.

    Attributes:
        id: Stays the same as reports are added: that of its first recorded member.
        event: The reading the members support best.
        members: Entries, in order of recording.
        documents: Ids of the documents, each once; `sources` counts them without duplicates of one another.
        disagreements: Field and the readings that differ, with how many members give each.
        decided: `accept`, `amend` where a person has decided on a member, else empty.
    """

    id: str
    event: Event
    members: tuple[Entry, ...]
    documents: tuple[str, ...]
    sources: int
    disagreements: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = ()
    decided: str = ""


@dataclass(frozen=True, slots=True)
class ReferenceClass:
    """Which past cases a milestone is compared with, and the day its own clock started.

    Attributes:
        stage: Column of the reference cases, `none` where no past case is comparable.
        note: By language, what the comparison leaves out.
    """

    stage: str
    clock_start: date | None
    note: tuple[tuple[str, str], ...] = ()

    def note_in(self, language: str) -> str:
        return dict(self.note).get(language) or dict(self.note).get("en") or ""


DayOf = Literal["", "signature", "effect", "announcement", "deed"]
"""Which day counts for a milestone: of signing, of taking effect, of being announced, of being done; empty: unsaid."""
Texts = tuple[tuple[str, str], ...]
"""A text by language."""
EXACT: tuple[str, ...] = ("rule", "day_of", "sources", "edge_cases", "tie_break", "void_rule")
"""What makes the rule of a milestone exact, in the order in which it is read."""
PRIMARY_SOURCES = 2


@dataclass(frozen=True, slots=True)
class Milestone:
    """A question about the future with a rule, written before, for settling it.

    Attributes:
        label: By language, a few words for tables.
        question: By language.
        rule: By language; what counts, which sources, which date counts.
        opened: Day the question was put.
        deadline: Day by which *if* is asked.
        resolution: `yes` or `no` with the day and the evidence, once settled; None while open.
        day_of: Which day counts, or empty where the rule alone says so.
        sources: Primary sources that settle it, each by language; two make it exact.
        edge_cases: By language; what counts and what does not.
        tie_break: By language; what is done where sources or days differ.
        void_rule: By language; when the question falls.
        chain: Id that dates of one question share; they have one rule and are settled together.
    """

    id: str
    question: tuple[tuple[str, str], ...]
    rule: tuple[tuple[str, str], ...]
    opened: date
    deadline: date
    reference: ReferenceClass
    track: str = ""
    resolution: Resolution | None = None
    label: tuple[tuple[str, str], ...] = ()
    day_of: DayOf = ""
    sources: tuple[Texts, ...] = ()
    edge_cases: Texts = ()
    tie_break: Texts = ()
    void_rule: Texts = ()
    chain: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """What an exact rule has and this one lacks, as in `EXACT`."""
        return tuple(
            name
            for name in EXACT
            if (len(self.sources) < PRIMARY_SOURCES if name == "sources" else not getattr(self, name))
        )

    def label_in(self, language: str) -> str:
        return dict(self.label).get(language) or dict(self.label).get("en") or self.question_in(language)

    def question_in(self, language: str) -> str:
        return dict(self.question).get(language) or dict(self.question).get("en") or self.id

    def rule_in(self, language: str) -> str:
        return dict(self.rule).get(language) or dict(self.rule).get("en") or ""


@dataclass(frozen=True, slots=True)
class Resolution:
    """The answer to a milestone's question, the day it was reached and where that is shown."""

    answer: Literal["yes", "no", "void"]
    day: date
    evidence: str


LayerName = Literal["classes", "stage", "events", "analyst"]
"""Past cases; the step the process has reached; coded events; a person."""


@dataclass(frozen=True, slots=True)
class Move:
    """One reason why a layer changed a forecast.

    Attributes:
        what: Key of the kind of reason, or a person's own words.
        log_odds: How far it moved the chance, in log odds; 0 where the layer moves it as a whole.
        day: Of the event.
        entry: The ledger line it rests on, or empty.
        by: The person who vouches for it, or empty.
    """

    what: str
    log_odds: float = 0.0
    day: date | None = None
    entry: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Layer:
    """A forecast as it stood after one step of its making, so that each step can be scored apart.

    Attributes:
        log_odds: Change it made to the log odds of being reached by the deadline; 0 for the first, and where a chance
            is 0 or 1.
        curve: As in `Forecast`.
    """

    name: LayerName
    method: str
    log_odds: float
    probability: float
    never: float
    curve: tuple[tuple[date, float], ...]
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True)
class Forecast:
    """If and when, made at a moment from what was recorded then.

    Attributes:
        made: Day the forecast speaks from; nothing recorded later was used.
        probability: Share (0-1) that the milestone is reached by its deadline, with a 90 % interval.
        never: Share (0-1) that it is never reached in this process, with a 90 % interval.
        median_day: Day by which it is as likely as not, given that it is ever reached; None where it cannot be said.
        window: 80 % of the days on which it would be reached, given that it is.
        curve: (day, share reached by then), rising.
        cases: Past cases in the reference class that were still open at this clock time.
        method: Versioned name.
        layers: How it came about, step by step; the last one is the forecast itself.
    """

    milestone: str
    made: date
    deadline: date
    probability: float
    interval: tuple[float, float]
    never: float
    never_interval: tuple[float, float]
    median_day: date | None
    window: tuple[date, date] | None
    curve: tuple[tuple[date, float], ...]
    cases: int
    reached_cases: int
    reference_class: str
    method: str
    notes: tuple[str, ...] = field(default=())
    layers: tuple[Layer, ...] = ()

    def by(self, day: date) -> float:
        """Chance (0-1) of being reached by any day of the curve, straight between its points.

        Raises:
            TermsError: The curve does not reach so far.
        """
        first, last = self.curve[0], self.curve[-1]
        if not first[0] <= day <= last[0]:
            raise TermsError(f"{self.milestone}: {day} lies outside the curve, {first[0]} to {last[0]}. Ask inside it.")
        for (start, low), (end, high) in pairwise(self.curve):
            if day <= end:
                return low + (high - low) * ((day - start).days / (end - start).days)
        return last[1]


ClaimKind = Literal["event", "statement", "future", "state"]
"""That something was done; that somebody said something; that something will come; that things stand so."""
ClaimState = Literal["", "two lines", "rises", "lever", "warmer", "colder"]
"""How things stand by a claim: a side speaks in two lines; somebody comes up; a third state is a lever; relations get
better or worse."""
ClaimShape = Literal["", "inevitable", "long", "soon", "conditional", "unlikely", "likely", "planned"]
"""What a claim says of the future: not whether but when; late; soon; only after; hardly; probably; a plan."""
VerdictName = Literal["supported", "contradicted", "mixed", "not in the ledger", "about the future"]
VERDICT_NAMES: tuple[VerdictName, ...] = ("supported", "contradicted", "mixed", "not in the ledger", "about the future")
Bearing = Literal["for", "against", "beside"]
"""What a line of the ledger does to a claim; beside: it is near and settles nothing."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What an article says of two states that can be true or false, or can become so.

    Attributes:
        number: Its place in the article, from 1.
        evidence: The exact characters of the article.
        track: Issue of the dossier, `relations` for the relationship as a whole, or empty.
        shape: What it says of the future; empty for a claim about the past.
        cue: The words of the article that show its shape, or its state.
        state: How things stand by it, which a measure can tell, and `about` whom: a side, a person, a third state.
        event, statement: What the coder read there; both None where the article itself judges the future.
    """

    number: int
    kind: ClaimKind
    evidence: Evidence
    language: str
    track: str = ""
    shape: ClaimShape = ""
    cue: Evidence | None = None
    event: Event | None = None
    statement: Statement | None = None
    state: ClaimState = ""
    about: str = ""

    @property
    def about_future(self) -> bool:
        return bool(self.shape)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing of the ledger that bears on a claim.

    Attributes:
        why: How it bears, as a key of `detente.publish.verdicts.WHY`.
        agrees, differs: What was compared: `kind`, `who`, `people`, `day`, `place`, `issue`, `words`.
        evidence: Its quote.
        title, url, source, language, published: Of the document quoted.
        entry, occurrence: Ids in the ledger; no occurrence for a statement.
        sources: Documents that tell the same, copies of one another counted once.
        checked: Whether a person has accepted or amended the coding.
        when: Day or stretch of the event or statement, as in `EventDate.value`; empty where it has none.
        who: Speaker of a statement, as the text names them, with the entity it resolves to.
    """

    bearing: Bearing
    why: str
    evidence: Evidence
    entry: str
    agrees: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    title: str = ""
    url: str = ""
    source: str = ""
    language: str = ""
    published: date | None = None
    occurrence: str = ""
    sources: int = 1
    checked: bool = False
    when: str = ""
    who: str = ""
    entity: str = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """A question that settles a claim about the future, and our forecast of it.

    Attributes:
        proposed: Whether the question is proposed here, and not one of the dossier.
        stands_in: Whether it stands for something wider than it asks ("normalisation").
        forecast: None where none can be made, or where the question was settled after the article appeared.
    """

    milestone: Milestone
    forecast: Forecast | None
    proposed: bool = False
    stands_in: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the ledger says to a claim.

    Attributes:
        findings: On what is said to have been done, said or planned.
        ahead: Words of both sides on what the claim says will come.
        unconfirmed: Names and points of the claim that nothing in `findings` has.
        measured: What our measures say of the state that the claim tells of, each sentence by language.
    """

    claim: Claim
    name: VerdictName
    findings: tuple[Finding, ...] = ()
    ahead: tuple[Finding, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    outlooks: tuple[Outlook, ...] = ()
    measured: tuple[Texts, ...] = ()

    def bearing(self, which: Bearing) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.bearing == which)


@dataclass(frozen=True, slots=True)
class Unread:
    """A sentence of an article that gave no claim.

    Attributes:
        why: `judgement` of its author, `no fact` of the two states, or `not understood`.
    """

    evidence: Evidence
    why: str


@dataclass(frozen=True, slots=True)
class ArticleVerdicts:
    """An article taken apart, and what the ledger said to it at a moment.

    Attributes:
        made: Day of the verdicts; nothing recorded later was used.
        data_version: State of the ledger they were made from.
        left_out: Ids of documents that are the article or copies of it, and count as no evidence.
    """

    document: str
    title: str
    url: str
    source: str
    language: str
    published: date | None
    dyad: Dyad
    made: date
    data_version: str
    coder: str
    verdicts: tuple[Verdict, ...]
    unread: tuple[Unread, ...] = ()
    left_out: tuple[str, ...] = ()
