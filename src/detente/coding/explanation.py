"""How the codings of one sentence came about: its parse, names, times, rules, and what was seen and not coded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detente.coding.events import read_events, read_sentence
from detente.coding.events_rank import by_weight
from detente.coding.events_sentence import Sentence
from detente.coding.events_spoken import spoken_events
from detente.coding.events_story import Left
from detente.coding.passages import Passage, Reading
from detente.coding.realis import group
from detente.coding.statements import read_statements
from detente.errors import CodingError
from detente.terms import Event, Statement, TimeExpression


@dataclass(frozen=True, slots=True)
class SeenVerb:
    """An act of the lexicon as the text has it: its class, tense, voice and negation."""

    words: str
    act: str
    tense: str
    passive: bool
    negated: bool


@dataclass(frozen=True, slots=True)
class SeenName:
    """A name with what it resolves to and what the little words around it make of it.

    Attributes:
        use: `party`, `venue`, `host` or `modifier`; empty where no act stands in the sentence.
        link: Class of the preposition before it (`with`, `by`, `in` ...), or empty.
    """

    words: str
    kind: str
    entity: str
    role: str
    side: str
    link: str = ""
    use: str = ""


@dataclass(frozen=True, slots=True)
class ExplainedSentence:
    """One sentence with everything the coder saw in it, and what it made of it."""

    start: int
    end: int
    text: str
    clauses: tuple[str, ...]
    verbs: tuple[SeenVerb, ...]
    names: tuple[SeenName, ...]
    times: tuple[TimeExpression, ...]
    events: tuple[Event, ...]
    statements: tuple[Statement, ...]
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The sentences of a stretch, explained."""

    document: str
    sentences: tuple[ExplainedSentence, ...]

    def lines(self) -> Iterator[str]:
        """The explanation as lines of plain text."""
        for one in self.sentences:
            yield f"{self.document} {one.start}-{one.end}: {' '.join(one.text.split())}"
            for clause in one.clauses:
                yield f"  clause     {clause}"
            for verb in one.verbs:
                voice = f"{verb.tense}{', passive' if verb.passive else ''}{', negated' if verb.negated else ''}"
                yield f"  act        {verb.words!r}: {verb.act}, {voice}"
            for name in one.names:
                what = ", ".join(part for part in (name.entity or name.kind, name.role, name.side) if part)
                link = f" ({name.use}{', after ' + name.link if name.link else ''})" if name.use else ""
                yield f"  name       {name.words!r}: {what}{link}"
            for time in one.times:
                yield f"  time       {time.evidence.quote!r}: {time.value}, {time.basis}: {time.reason}"
            for event in one.events:
                yield from _event_lines(event)
            for statement in one.statements:
                yield from _statement_lines(statement)
            for left in one.left:
                yield f"  not coded  {left.action.quote!r} by rule {left.rule!r}: {left.why}"


def _event_lines(event: Event) -> Iterator[str]:
    when = f"{event.event_date.value}, {event.event_date.basis}" if event.event_date else "undated"
    kind = f"{event.type} {event.mode}".strip()
    yield f"  EVENT      {kind} {'/'.join(event.sides)} {when}; {event.realis}; rule {event.rule!r}"
    for name, evidence in event.parts:
        yield f"    {name}: {evidence.quote!r}"
    who = [f"{p.name} ({p.side or '?'}{'' if p.evidence else ', understood'})" for p in event.actors]
    whom = [f"{p.name} ({p.side or '?'}{'' if p.evidence else ', understood'})" for p in event.recipients]
    yield f"    actors: {', '.join(who) or '–'}; recipients: {', '.join(whom) or '–'}"
    yield f"    confidence {event.confidence:.2f}; doubts: {', '.join(event.doubts) or 'none'}"


def _statement_lines(statement: Statement) -> Iterator[str]:
    speaker = statement.speaker
    cue = f", by {statement.cue.quote!r}" if statement.cue else ""
    yield f"  STATEMENT  {speaker.name} ({speaker.side or '?'}){cue}: {' '.join(statement.content.quote.split())!r}"
    yield f"    stance {statement.stance:+d}: {statement.stance_reason or 'no word decides'}"
    yield f"    confidence {statement.confidence:.2f}; doubts: {', '.join(statement.doubts) or 'none'}"


def explain(reading: Reading, start: int, end: int) -> Explanation:
    """Explain every sentence of a stretch; one that runs past the end of the text is read to its end.

    Raises:
        CodingError: The stretch is empty, begins outside the text, or touches no sentence that is coded.
    """
    document = reading.document
    length = len(document.text)
    if not 0 <= start < length:
        raise CodingError(
            f"{document.id}: {start}-{end} begins outside the text, which has {length} characters. "
            f"Begin at 0 to {length - 1}, as in {document.id}:0-{length}."
        )
    if end <= start:
        raise CodingError(
            f"{document.id}: {start}-{end} ends where it begins or before. "
            f"Write the first character and the one after the last, as in {document.id}:0-{length}."
        )
    touched = [p for p in reading.passages if p.span.start < end and start < p.span.end]
    if not touched:
        raise CodingError(f"{document.id}: no sentence at {start}-{end}; it is boilerplate or blank.")
    found = read_events(reading)
    told = read_statements(reading)
    events = tuple(by_weight([*found.events, *spoken_events(reading, found.events, told)], reading.language))
    return Explanation(
        document.id,
        tuple(
            _explained(
                reading,
                passage,
                tuple(e for e in events if e.evidence.span.overlaps(passage.span)),
                tuple(one.statement for one in told if one.statement.evidence.span.overlaps(passage.span)),
                tuple(left for left in found.left if left.passage == passage.index),
            )
            for passage in touched
        ),
    )


def _explained(
    reading: Reading,
    passage: Passage,
    events: tuple[Event, ...],
    statements: tuple[Statement, ...],
    left: tuple[Left, ...],
) -> ExplainedSentence:
    sentence = read_sentence(reading, passage)
    return ExplainedSentence(
        start=passage.span.start,
        end=passage.span.end,
        text=passage.text,
        clauses=_clauses(reading, sentence) if sentence else (),
        verbs=_verbs(reading, sentence) if sentence else (),
        names=_names(passage, sentence),
        times=passage.times,
        events=events,
        statements=statements,
        left=left,
    )


def _clauses(reading: Reading, sentence: Sentence) -> tuple[str, ...]:
    text, words, numbers = reading.document.text, sentence.words, sentence.numbers
    out: list[str] = []
    for number in sorted(set(numbers)):
        at = [i for i, n in enumerate(numbers) if n == number]
        runs: list[list[int]] = []
        for i in at:
            if runs and i == runs[-1][1] + 1:
                runs[-1][1] = i
            else:
                runs.append([i, i])
        out.append(" … ".join(" ".join(text[words[a].start : words[b].end].split()) for a, b in runs))
    return tuple(out)


def _verbs(reading: Reading, sentence: Sentence) -> tuple[SeenVerb, ...]:
    text, words = reading.document.text, sentence.words
    seen = []
    for hit in sentence.hits:
        if hit.kind == "thing":
            continue
        verb = group(words, hit, reading.language)
        shown = " ".join(text[words[min(verb.first, hit.first)].start : words[hit.last].end].split())
        seen.append(SeenVerb(shown, hit.name, verb.tense, verb.passive, verb.negated))
    return tuple(seen)


def _names(passage: Passage, sentence: Sentence | None) -> tuple[SeenName, ...]:
    named = {n.mention.span: n for n in sentence.named} if sentence else {}
    out = []
    for mention in passage.mentions:
        entity = mention.entity.id if mention.entity else ""
        link, use = "", ""
        if (name := named.get(mention.span)) is not None:
            link = name.link
            use = "venue" if name.venue else "host" if name.host else "modifier" if name.modifier else "party"
        out.append(SeenName(mention.text, mention.kind, entity, mention.role, mention.side, link, use))
    return tuple(out)
