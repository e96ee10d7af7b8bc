"""Nothing a language model says is believed: what an entry holds is found again in the text, by us, or left out.

| the model gives | what is made of it |
|---|---|
| words | a stretch of the paragraph it names, by `llm_grounding` |
| a speaker, a party | a name or a word for one that our own reader of names found, near those words |
| words for a day | a day, reckoned by our own tagger from those words |
| a type, a mode, a stance | a value of the closed list, where the words do not plainly say another |

What fails is left out with its reason, and each reason is counted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from detente import codebook
from detente.coding.events_clause import ONE_SIDED
from detente.coding.events_dates import event_date
from detente.coding.llm_grounding import Found, denies, find, plain, trimmed
from detente.coding.llm_orders import gives_orders
from detente.coding.llm_prompt import EventAnswer, StatementAnswer
from detente.coding.passages import Mention, Passage, Reading
from detente.coding.stance import judge
from detente.coding.statements_lexicon import tells_of_speech
from detente.terms import Doubt, Entity, Event, EventDate, Evidence, Participant, Span, Statement, TimeExpression

Reason = Literal[
    "form", "paragraph", "quote", "order", "party", "sides", "speaker", "apart", "unsaid", "future", "undated",
    "subject", "contradicted", "twice", "unread",
]  # fmt: skip
REASONS: Mapping[Reason, str] = {
    "unread": "no answer of the form asked for, also when asked again",
    "form": "an item has not the form asked for",
    "paragraph": "names a paragraph that was not given",
    "quote": "its words do not stand in the paragraph",
    "order": "stands in a sentence that gives orders to a model",
    "party": "no party it names is named in the paragraph",
    "sides": "fewer than two states take part",
    "speaker": "its speaker is nobody the text names",
    "apart": "its speaker stands too far from its words",
    "unsaid": "nothing there says that somebody said it",
    "future": "told as done, on a day after publication",
    "undated": "without a day, and not between the two sides",
    "subject": "not about the two sides",
    "contradicted": "the rules plainly read another type, speaker or outcome there",
    "twice": "given twice",
}
"""Why something is left out."""
_FEWEST_WORDS = 5
"""Words below which a quote shows too little, and its sentence is quoted instead."""
_DOUBTED = 0.8
"""What one doubt leaves of the confidence."""
_MOSTLY = 0.6
"""Share of a statement's words in quotation marks from which they alone are what was said."""
_LIKE = 0.5
"""Share of the shorter of two stretches from which they are the same place."""
_KINDS = ("person", "role", "pronoun", "institution", "group", "state", "city", "people")
CONTRARY = frozenset(("denied", "cancelled"))
"""What did not come to be."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of the text that is shown to the model under an id."""

    id: str
    span: Span
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was left out, and why."""

    reason: Reason
    what: str


def paragraphs_of(reading: Reading, *, longest: int = 3000) -> tuple[Paragraph, ...]:
    """The paragraphs of a text, boilerplate left out; a long one is cut between sentences.

    Args:
        longest: Characters from which a paragraph is cut.
    """
    groups: list[list[Passage]] = []
    for passage in reading.passages:
        here = groups[-1] if groups else []
        if here and here[0].paragraph == passage.paragraph and passage.span.end - here[0].span.start <= longest:
            here.append(passage)
        else:
            groups.append([passage])
    return tuple(
        Paragraph(f"p{number}", Span(group[0].span.start, group[-1].span.end), tuple(group))
        for number, group in enumerate(groups, start=1)
    )


@dataclass
class Verifier:
    """Checks what a model says of one document.

    Attributes:
        paragraphs: Those that were shown, by id.
        served: What the server calls the model; written into what is kept.
        confidence: Share of the model's codings taken to be right.
        rival_events, rival_statements: What the rules read in this document.
        dropped: What was left out so far.
    """

    reading: Reading
    paragraphs: Mapping[str, Paragraph]
    confidence: float
    rival_events: Sequence[Event] = ()
    rival_statements: Sequence[Statement] = ()
    served: str = ""
    dropped: list[Dropped] = field(default_factory=list)

    def events(self, answers: Iterable[EventAnswer]) -> Iterator[Event]:
        """The events that hold."""
        seen: set[tuple[str, int, int, str, tuple[str, ...]]] = set()
        for answer in answers:
            made = self._event(answer)
            if isinstance(made, Event):
                # One sentence may tell of two meetings, on two days or of two pairs.
                day = made.event_date.value if made.event_date else ""
                key = (made.type, made.evidence.start, made.evidence.end, day, made.sides)
                if key not in seen:
                    seen.add(key)
                    yield made
                    continue
                made = "twice"
            self._drop(made, f"{answer.type}: {answer.quote}")

    def statements(self, answers: Iterable[StatementAnswer]) -> Iterator[Statement]:
        """The statements that hold."""
        seen: set[tuple[int, int]] = set()
        for answer in answers:
            made = self._statement(answer)
            if isinstance(made, Statement):
                key = (made.content.start, made.content.end)
                if key not in seen:
                    seen.add(key)
                    yield made
                    continue
                made = "twice"
            self._drop(made, f"{answer.speaker}: {answer.quote}")

    def _drop(self, reason: Reason, what: str) -> None:
        shown = " ".join("".join(ch if ch.isprintable() else " " for ch in what).split())
        self.dropped.append(Dropped(reason, shown[:120]))

    # Where

    def _place(self, paragraph_id: str, quote: str) -> tuple[Paragraph, Found, tuple[Passage, ...]] | Reason:
        paragraph = self.paragraphs.get(paragraph_id.strip())
        if paragraph is None:
            return "paragraph"
        names = [m.text for p in paragraph.passages for m in p.mentions]
        language = self.reading.language
        found = find(quote, self.reading.document.text, paragraph.span, language=language, names=names)
        if found is None:
            return "quote"
        passages = tuple(p for p in paragraph.passages if p.span.overlaps(found.span))
        if not passages:
            return "quote"
        if any(gives_orders(p.text) for p in passages):
            return "order"
        return paragraph, found, passages

    def _words_at(self, words: str, passages: Iterable[Passage]) -> Iterator[tuple[Passage, Span]]:
        for passage in passages:
            found = find(words, self.reading.document.text, passage.span, language=self.reading.language, near=False)
            if found is not None:
                yield passage, found.span

    def _mention(self, words: str, passages: Sequence[Passage], kinds: Collection[str] = _KINDS) -> Mention | None:
        """Whom words name, by a mention in these sentences, the nearest of which come first."""
        for passage, span in self._words_at(words, passages):
            named = [m for m in passage.mentions if m.kind in kinds and _touches(m, span) and (m.entity or m.side)]
            named += [
                m for m in passage.mentions if m.kind == "person" and _touches(m, span) and not (m.entity or m.side)
            ]
            if named:
                return min(named, key=lambda m: (_KINDS.index(m.kind), -m.span.start))
        wanted = _folded(trimmed(words))
        for passage in passages:
            for mention in passage.mentions:
                if mention.kind in kinds and any(
                    name == wanted or re.search(rf"(?<!\w){re.escape(name)}(?!\w)", wanted) for name in _called(mention)
                ):
                    return mention
        return None

    # Events

    def _event(self, answer: EventAnswer) -> Event | Reason:
        placed = self._place(answer.paragraph, answer.quote)
        if isinstance(placed, str):
            return placed
        paragraph, found, passages = placed
        near = (*passages, *(p for p in paragraph.passages if p not in passages))
        doubts: list[Doubt] = []
        actors = self._parties(answer.actors, near)
        recipients = [p for p in self._parties(answer.recipients, near) if p.entity not in {a.entity for a in actors}]
        if not actors:
            return "party"
        if any(
            p.evidence and not any(q.span.covers(p.evidence.span) for q in passages) for p in (*actors, *recipients)
        ):
            doubts.append("actor")
        evidence = self._shown(found.span, passages)
        day, sure = self._day(answer, passages, paragraph)
        if not sure:
            doubts.append("date")
        text = self.reading.document.text[evidence.start : evidence.end]
        if answer.realis == "happened" and denies(text, self.reading.language):
            doubts.append("polarity")
        if (why := self._unfit(answer, actors, recipients, day)) is not None:
            return why
        rivals = self._rivals(evidence.span, {side for p in (*actors, *recipients) for side in p.sides})
        if not rivals:
            doubts.append("type")
        elif all(_contradicts(rival, answer) for rival in rivals):
            return "contradicted"
        mode = answer.mode if (answer.type, answer.mode) in codebook.modes() else ""
        return Event(
            type=answer.type,
            mode=mode,
            actors=tuple(actors),
            recipients=tuple(recipients),
            event_date=day,
            realis=answer.realis,  # type: ignore[arg-type]
            evidence=evidence,
            confidence=self._confidence(doubts, found),
            track=self.reading.dossier.track_of(text, self.reading.language),
            doubts=tuple(doubts),
            rule=f"llm {self.served}",
        )

    def _parties(self, written: Iterable[str], passages: Sequence[Passage]) -> list[Participant]:
        found: dict[tuple[str, str], Participant] = {}
        for words in written:
            mention = self._mention(words, passages)
            if mention is not None and mention.side:
                party = mention.participant(self.reading.document)
                found.setdefault((party.entity or party.name, party.side), party)
        return list(found.values())

    def _day(
        self, answer: EventAnswer, passages: Sequence[Passage], paragraph: Paragraph
    ) -> tuple[EventDate | None, bool]:
        """The day, reckoned by our own tagger, and whether the text itself settles it."""
        if answer.when.strip():
            near = (*passages, *(p for p in paragraph.passages if p not in passages))
            for passage, span in self._words_at(answer.when, near):
                for time in passage.times:
                    day = event_date(time.value, time.basis) if time.evidence.span.overlaps(span) else None
                    if day is not None:
                        return day, True
        days = [d for p in passages for t in p.times if (d := _of_day(t)) is not None]
        if len({day.value for day in days}) == 1:
            return days[0], True
        published = self.reading.document.published
        if published is not None and answer.realis in ("happened", "cancelled", "denied"):
            return EventDate.of(published.isoformat(), "publication"), False
        return None, False

    def _unfit(
        self,
        answer: EventAnswer,
        actors: Sequence[Participant],
        recipients: Sequence[Participant],
        day: EventDate | None,
    ) -> Reason | None:
        """Why such an event is none of ours: the same bounds as the rules have."""
        sides = {side for p in (*actors, *recipients) for side in p.sides}
        pair = set(self.reading.dossier.dyad.sides)
        published = self.reading.document.published
        if answer.realis == "happened" and day and published and day.first > published:
            return "future"
        dated = day is not None and day.basis in ("explicit", "relative")
        if day is None and not pair <= sides:
            return "undated"
        if answer.realis == "hypothetical" and not dated:
            return "undated"
        if len(sides) < 2 and not (answer.type in ONE_SIDED and sides & pair and dated):
            return "sides"
        return None

    def _rivals(self, span: Span, sides: Collection[str]) -> list[Event]:
        """What the rules read at the same place of the same states."""
        return [e for e in self.rival_events if set(e.sides) & set(sides) and share(e.evidence.span, span) >= _LIKE]

    # Statements

    def _statement(self, answer: StatementAnswer) -> Statement | Reason:
        placed = self._place(answer.paragraph, answer.quote)
        if isinstance(placed, str):
            return placed
        _, found, passages = placed
        speaker = self._speaker(answer.speaker, passages)
        if isinstance(speaker, str):
            return speaker
        mention, where = speaker
        doubts: list[Doubt] = []
        if mention.kind in ("pronoun", "role") or where not in passages:
            doubts.append("speaker")
        document, language = self.reading.document, self.reading.language
        told = [*passages]
        if where not in told and abs(where.index - told[0].index) <= 1 and where.paragraph == told[0].paragraph:
            told.append(where)
        if not self._is_said(told, found.span):
            return "unsaid"
        start, end = min(p.span.start for p in told), max(p.span.end for p in told)
        if not self._bears(mention, [p for p in self.reading.passages if start <= p.span.start < end], found.span):
            return "subject"
        speaking = mention.participant(document)
        rivals = [s for s in self.rival_statements if share(s.content.span, found.span) >= _LIKE]
        entities = self.reading.dossier.registry.entities
        if rivals and all(
            "speaker" not in rival.doubts and not speak_alike(rival.speaker, speaking, entities) for rival in rivals
        ):
            return "contradicted"
        said = _in_marks(found.span, [q for p in passages for q in p.quoted])
        content = document.quote(said.start, said.end)
        own = judge(content.quote, language)
        if own.value * answer.stance < 0 or (not own.reason and answer.stance):
            doubts.append("stance")
        return Statement(
            speaker=speaking,
            mode="quote" if any(q.overlaps(found.span) for p in passages for q in p.quoted) else "paraphrase",
            issue=self.reading.dossier.track_of(content.quote, language)
            or self.reading.dossier.track_of(document.text[start:end], language)
            or "relations",
            stance=answer.stance,
            evidence=document.quote(start, end),
            content=content,
            confidence=self._confidence(doubts, found),
            stance_reason=f"[llm {self.served}] {answer.stance:+d}",
            said_date=self._said_on(told, found.span),
            doubts=tuple(doubts),
        )

    def _speaker(self, words: str, passages: Sequence[Passage]) -> tuple[Mention, Passage] | Reason:
        """Who speaks: named with the words, beside them, or before them where they go on in quotation marks."""
        every = self.reading.passages
        first, last = passages[0].index, passages[-1].index
        beside = [*every[max(0, first - 1) : first], *every[last + 1 : last + 2]]
        for near in (passages, beside):
            mention = self._mention(words, list(near))
            if mention is not None:
                return mention, next(p for p in near if p.span.covers(mention.span))
        far = [*reversed(every[: max(0, first - 1)]), *every[last + 2 :]]
        mention = self._mention(words, far)
        if mention is None:
            return "speaker"
        where = next(p for p in far if p.span.covers(mention.span))
        quoted = all(any(q.overlaps(p.span) for q in p.quoted) for p in passages)
        # On a body's own site, and in what somebody signs, whoever speaks is named once.
        goes_on = quoted or self.reading.voice is not None
        return (mention, where) if goes_on and where.index < first else "apart"

    def _is_said(self, told: Sequence[Passage], said: Span) -> bool:
        """Whether words are told as somebody's: in quotation marks, beside a verb of saying, or where the rules read
        speech, too; on a body's own site, and in what somebody signs, all are."""
        return (
            self.reading.voice is not None
            or any(q.overlaps(said) for p in told for q in p.quoted)
            or any(tells_of_speech(p.text, self.reading.language) for p in told)
            or any(share(s.content.span, said) >= _LIKE for s in self.rival_statements)
        )

    def _bears(self, speaker: Mention, told: Sequence[Passage], said: Span) -> bool:
        """Whether a statement is about the pair: one of the two speaks, of the other, of an issue of theirs, or in a
        text on both; or somebody else speaks of one of the two."""
        dossier, language, text = self.reading.dossier, self.reading.language, self.reading.document.text
        pair = set(dossier.dyad.sides)
        ours = pair | set(dossier.third_parties)
        named = {side for p in told for m in p.mentions if m is not speaker for side in m.side.split("+")}
        spoken = set(speaker.side.split("+"))
        if not spoken & pair:
            return bool(named & pair)
        everywhere = {side for p in self.reading.passages for m in p.mentions for side in m.side.split("+")}
        return bool(
            pair <= everywhere or named & (ours - spoken) or dossier.track_of(text[said.start : said.end], language)
        )

    def _said_on(self, told: Sequence[Passage], said: Span) -> EventDate | None:
        days = [
            d for p in told for t in p.times if not said.overlaps(t.evidence.span) and (d := _of_day(t)) is not None
        ]
        return days[0] if len({day.value for day in days}) == 1 else None

    # Both

    def _shown(self, span: Span, passages: Sequence[Passage]) -> Evidence:
        document = self.reading.document
        if len(document.text[span.start : span.end].split()) >= _FEWEST_WORDS:
            return document.quote(span.start, span.end)
        return document.quote(min(span.start, passages[0].span.start), max(span.end, passages[-1].span.end))

    def _confidence(self, doubts: Sequence[Doubt], found: Found) -> float:
        return round(self.confidence * _DOUBTED ** (len(doubts) + found.near), 3)


def _contradicts(rival: Event, answer: EventAnswer) -> bool:
    """Whether the rules, without doubt, read another class of type or another outcome."""
    type_differs = "type" not in rival.doubts and codebook.quad(rival.type) != codebook.quad(answer.type)
    outcome_differs = "polarity" not in rival.doubts and (rival.realis in CONTRARY) != (answer.realis in CONTRARY)
    return type_differs or outcome_differs


def _in_marks(said: Span, quoted: Iterable[Span]) -> Span:
    """What was said without who said it, where most of the words stand in quotation marks.

    >>> _in_marks(Span(0, 50), [Span(1, 40)]), _in_marks(Span(0, 50), [Span(30, 40)])
    (Span(start=1, end=40), Span(start=0, end=50))
    """
    inside = [Span(max(q.start, said.start), min(q.end, said.end)) for q in quoted if q.overlaps(said)]
    if not inside:
        return said
    whole = Span(min(q.start for q in inside), max(q.end for q in inside))
    return whole if sum(len(q) for q in inside) >= _MOSTLY * len(said) else said


def _touches(mention: Mention, span: Span) -> bool:
    return mention.span.overlaps(span) or (mention.whole is not None and mention.whole == span)


_LEAST = 4
"""Letters of a name that is known again in other words around it."""


def _called(mention: Mention) -> set[str]:
    """What a named mention may be called, folded: as written, as shown, and by every known name."""
    if mention.kind in ("pronoun", "role"):
        return set()
    names = {mention.text, mention.name}
    if mention.entity is not None:
        names |= {name for _, forms in mention.entity.names for name in forms}
    return {folded for name in names if len(folded := _folded(name)) >= _LEAST}


def _folded(name: str) -> str:
    """A name in small letters, without accents: models lose those.

    >>> _folded("les États-Unis")
    'les etats-unis'
    """
    letters = unicodedata.normalize("NFD", plain(name).text.casefold())
    return unicodedata.normalize("NFC", "".join(ch for ch in letters if not unicodedata.combining(ch)))


def _of_day(time: TimeExpression) -> EventDate | None:
    day = event_date(time.value, time.basis) if time.type in ("DATE", "TIME") else None
    return day if day is not None and day.precision == "day" else None


def share(one: Span, other: Span) -> float:
    """Share of the shorter of two stretches that both have."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    return max(0, shared) / min(len(one), len(other))


def speak_alike(one: Participant, other: Participant, entities: Mapping[str, Entity]) -> bool:
    """Whether two name the same speaker; a body, its state and those who stand for it speak with one voice.

    Args:
        entities: Of the registry, by id; who is not among them is taken for a person.

    >>> lavrov, putin = Participant("", "Lavrov", "RUS"), Participant("", "Putin", "RUS")
    >>> russia = Participant("RUS", "Russia", "RUS")
    >>> kinds = {"RUS": Entity("RUS", "state", ())}
    >>> speak_alike(lavrov, putin, kinds), speak_alike(lavrov, russia, kinds)
    (False, True)
    """
    if one.entity and one.entity == other.entity:
        return True
    if re.sub(r"\W+", " ", one.name).casefold() == re.sub(r"\W+", " ", other.name).casefold():
        return True
    known = [entities.get(participant.entity) for participant in (one, other)]
    people = all(entity is None or entity.kind == "person" for entity in known)
    return not people and bool(set(one.sides) & set(other.sides))
