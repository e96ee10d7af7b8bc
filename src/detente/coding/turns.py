"""Transcripts: who speaks where each turn opens with a label («В.Путин: …»), and whom they thank."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from detente.coding.confidence import calibrated
from detente.coding.names_lexicon import flat
from detente.coding.passages import Passage, Reading
from detente.documents import speaker_label
from detente.languages import grammar, table
from detente.terms import Event, EventDate, Participant, Span

_THANKS_SURE = 0.7
_NOWHERE = "(?!)"


@dataclass(frozen=True, slots=True)
class Turn:
    """One sentence of a transcript.

    Attributes:
        said: The sentence without its label.
        label: Where the label stands that names the speaker.
        asked: Whether the press asks in the text, so that what is said there are answers.
    """

    passage: Passage
    speaker: Participant
    said: Span
    label: Span
    asked: bool = False


def turns(reading: Reading) -> Iterator[Turn]:
    """Sentences from a speaker's label to the next one, or to a new line without a label.

    A line without a label may be the page's own text again, but for answers, which go on to the next question.
    """
    text = reading.document.text
    lists = table(reading.language, "reporting")
    asks = re.compile(lists.get("question_label", _NOWHERE))
    answers = re.compile(lists.get("answer_label", _NOWHERE))
    starts = [passage.span.start for passage in reading.passages]
    asked = any(asks.match(text, start) for start in starts)
    answerer = _answerer(reading, answers) if asked else None
    held: tuple[Participant, Span] | None = None
    answering = False
    for passage in reading.passages:
        label = speaker_label(text, passage.span.start, passage.span.end)
        begin = passage.span.start
        answer = answers.match(text, begin, passage.span.end) if answerer is not None else None
        if label is not None:
            named = Span(label.start("name"), label.end("name"))
            speaker = _labelled(reading, passage, named, label.group("last"))
            held, answering = (speaker, named), False
            begin = label.end()
        elif answer is not None and answerer is not None:
            held, answering = (answerer, Span(begin, answer.end())), True
            begin = answer.end()
        elif asks.match(text, begin, passage.span.end) or (text[begin - 1 : begin] == "\n" and not answering):
            held = None
        while begin < passage.span.end and text[begin].isspace():
            begin += 1
        if held is not None:
            yield Turn(passage, held[0], Span(begin, passage.span.end), held[1], asked)


def _answerer(reading: Reading, answers: re.Pattern[str]) -> Participant | None:
    """Who answers where the label says only that it is an answer: the person named last before the first one."""
    found: Participant | None = None
    for passage in reading.passages:
        if answers.match(reading.document.text, passage.span.start):
            return found
        if passage.text.rstrip().endswith("?"):
            continue
        found = next((m.participant(reading.document) for m in passage.mentions if m.kind == "person"), found)
    return None


def _labelled(reading: Reading, passage: Passage, span: Span, surname: str) -> Participant:
    """Who a label means: the mention in it, whoever of that surname the text named before, or a stranger."""
    here = [m for m in passage.mentions if m.kind == "person" and m.span.overlaps(span)]
    before = [m for p in reading.passages[: passage.index] for m in p.mentions if m.kind == "person"]
    wanted = flat(surname)
    same = [m for m in before if wanted in flat(m.name).split() or wanted[:-1] in flat(m.text)]
    chosen = next((m for m in (*here, *same) if m.side), None) or next(iter((*here, *same)), None)
    evidence = reading.document.quote(span.start, span.end)
    if chosen is None:
        return Participant("", evidence.quote, "", "", evidence)
    return replace(chosen.participant(reading.document), evidence=evidence)


def thanks_said(reading: Reading) -> Iterator[Event]:
    """Thanks, congratulations and greetings that one of the two speaks to the other in a transcript."""
    dyad = set(reading.dossier.dyad.sides)
    published = reading.document.published
    for turn in turns(reading):
        side = turn.speaker.side
        if side not in dyad:
            continue
        text = flat(reading.document.text[turn.said.start : turn.said.end])
        match = grammar(reading.language).pattern("thanks_said").search(text)
        if match is None or any(m.side not in {*dyad, ""} and m.kind == "person" for m in turn.passage.mentions):
            continue
        other = next(iter(dyad - {side}))
        start = turn.said.start + match.start()
        yield Event(
            type="SUPPORT",
            mode="",
            actors=(turn.speaker,),
            recipients=(Participant(other, reading.state_name(other), other),),
            event_date=EventDate.of(published.isoformat(), "publication") if published is not None else None,
            realis="happened",
            evidence=turn.passage.evidence(reading.document),
            confidence=calibrated("event", _THANKS_SURE),
            parts=(("action", reading.document.quote(start, turn.said.start + match.end())),),
            doubts=("date", "type"),
            rule="praise",
        )
