"""Questions that stay as they were put, and the answers of people who do not see each other's.

A milestone is opened once: its text is kept with its hash, and from then on the dossier must say the same. It is
settled by two people who agree on answer and day. Until two have answered, nobody is shown what the first one said.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal, get_args

from detente.errors import LedgerError
from detente.ledger.records import canonical, from_json, read_moment, to_json
from detente.terms import EXACT, Milestone, ReferenceClass, Resolution

Answering = Literal["yes", "no", "void"]
ANSWERS: tuple[Answering, ...] = get_args(Answering)
FROZEN: tuple[str, ...] = ("id", "question", *EXACT, "opened", "deadline", "chain")
"""Fields of a milestone that stay as they were when it was opened; label, note and track may change."""
AGREEING = 2
EVIDENCE_MARK = "; "
"""Between what two people named as their evidence, in a resolution."""


@dataclass(frozen=True, slots=True)
class Question:
    """A milestone as it was put.

    Attributes:
        sha256: Hash of `text`.
        text: The fields in `FROZEN` as JSON, those left out empty.
        reference: Past cases it was compared with when it was opened; no part of what is frozen.
    """

    milestone: str
    seq: int
    recorded: datetime
    sha256: str
    text: str
    reference: ReferenceClass

    def as_milestone(self) -> Milestone:
        """The milestone as it was put, without label, note and track."""
        import json

        put: Milestone = from_json("milestone", {**json.loads(self.text), "reference": to_json(self.reference)})
        return put

    def changed(self, milestone: Milestone) -> tuple[str, ...]:
        """Which frozen fields a milestone has otherwise; id and deadline are left out for another date of the chain."""
        put, own = self.as_milestone(), self.milestone == milestone.id
        fields = FROZEN if own else [name for name in FROZEN if name not in ("id", "deadline")]
        return tuple(name for name in fields if getattr(put, name) != getattr(milestone, name))


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person found to be the answer to a question."""

    milestone: str
    answer: Answering
    day: date
    evidence: str
    by: str
    why: str
    seq: int
    recorded: datetime


@dataclass(frozen=True, slots=True)
class Poll:
    """How far a question is settled.

    Attributes:
        given: How many people have answered. Of a date with fewer than two answers in a chain: 1 where somebody has
            answered any such date of it.
        answers: Theirs, in order of recording; none before two are in, so that nobody sees the first, here or at
            another date of the chain (see `polls_of`).
        resolution: The answer and day that two share, with the evidence of both; None while no two agree.
        settled: When the second of them answered.
    """

    milestone: str
    given: int
    answers: tuple[Answer, ...] = ()
    resolution: Resolution | None = None
    settled: datetime | None = None

    @property
    def disagree(self) -> bool:
        """Whether two or more have answered, and no two alike."""
        return self.given >= AGREEING and self.resolution is None


def frozen(milestone: Milestone) -> str:
    """The text of a question that stays, whatever its label, note, track and past cases.

    >>> from datetime import date
    >>> ferry = Milestone("ferry", (("en", "Will a ferry sail?"),), (("en", "Yes if one does."),), date(2026, 1, 15),
    ...     date(2027, 12, 31), ReferenceClass("none", None), track="economy")
    >>> frozen(ferry)[:50]
    '{"deadline":"2027-12-31","id":"ferry","opened":"20'
    """
    written = to_json(milestone, sparse=True)
    return canonical({name: written[name] for name in FROZEN if name in written})


def digest(milestone: Milestone) -> str:
    """SHA-256 of the text of a question that stays."""
    return hashlib.sha256(frozen(milestone).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Changed:
    """A question that the dossier puts otherwise than when it, or another date of its chain, was opened.

    Attributes:
        question: The one opened.
        fields: What the dossier has otherwise, of `FROZEN`.
    """

    question: Question
    fields: tuple[str, ...]


def changes(opened: Iterable[Question], milestone: Milestone) -> Changed | None:
    """What a milestone says otherwise than when it, or another date of its chain, was opened; None where nothing."""
    for question in opened:
        chain = question.as_milestone().chain if milestone.chain and question.milestone != milestone.id else ""
        if question.milestone != milestone.id and not (chain and chain == milestone.chain):
            continue
        if fields := question.changed(milestone):
            return Changed(question, fields)
    return None


def check_question(opened: Iterable[Question], milestone: Milestone) -> None:
    """Refuse a milestone that says something else than when it, or another date of its chain, was opened.

    Raises:
        LedgerError: What changed, and what to do.
    """
    if found := changes(opened, milestone):
        question = found.question
        raise LedgerError(
            f"{milestone.id}: {', '.join(found.fields)} changed since {question.milestone} was opened on "
            f"{question.recorded.date()} (hash {question.sha256[:12]}). A question stays as it was put: "
            "put the old text back, or open a new id for the new one."
        )


@lru_cache(maxsize=1000)
def person_key(name: str) -> str:
    """A name as it is compared: Anna and ANNA are one person."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


def poll(milestone: str, answers: Sequence[Answer]) -> Poll:
    """Settle a question from the answers to it, in order of recording; the first two alike decide."""
    for number, later in enumerate(answers):
        for earlier in answers[:number]:
            if (earlier.answer, earlier.day) == (later.answer, later.day):
                evidence = EVIDENCE_MARK.join(dict.fromkeys((earlier.evidence, later.evidence)))
                settled = Resolution(later.answer, later.day, evidence)
                return Poll(milestone, len(answers), tuple(answers), settled, later.recorded)
    return Poll(milestone, len(answers), tuple(answers) if len(answers) >= AGREEING else ())


def polls_of(opened: Mapping[str, Question], given: Mapping[str, Sequence[Answer]]) -> dict[str, Poll]:
    """Settle each question from the answers to it, showing nothing from which an answer still hidden can be guessed.

    An answer to a chain speaks of some of its dates: "no" of those until its day, "yes" and "void" of all. So a lone
    answer is counted for every date that waits for a second, whichever it speaks of. While there is one, the other
    dates show no more than how they are settled: what was said of them could tell the rest of that answer.

    Args:
        opened: By id.
        given: Answers by id of the question, in order of recording.
    """
    groups: dict[str, list[str]] = {}
    for name, question in opened.items():
        groups.setdefault(question.as_milestone().chain or f" {name}", []).append(name)
    found: dict[str, Poll] = {}
    for names in groups.values():
        hidden = [name for name in names if len(given.get(name, ())) < AGREEING]
        waiting = int(any(given.get(name) for name in hidden))
        for name in names:
            one = poll(name, given.get(name, ()))
            if name in hidden:
                one = replace(one, given=waiting)
            elif waiting:
                one = _settled_alone(one, [given.get(other, ()) for other in names])
            found[name] = one
    return {name: found[name] for name in opened}


def _settled_alone(shown: Poll, chain: Sequence[Sequence[Answer]]) -> Poll:
    """How a date of a chain is settled, with the evidence of who spoke of the fewest dates, and not whose it is."""
    resolution = shown.resolution
    if resolution is not None:
        people = [person_key(answer.by) for answers in chain for answer in answers]
        agreed = [a for a in shown.answers if (a.answer, a.day) == (resolution.answer, resolution.day)]
        shortest = min(agreed, key=lambda a: people.count(person_key(a.by)))
        resolution = replace(resolution, evidence=shortest.evidence)
    return replace(shown, answers=(), resolution=resolution)


def implied(
    questions: Sequence[Question], answer: Answering, day: date | None, *, today: date
) -> dict[str, tuple[Answering, date]]:
    """What one answer says of each date of a question.

    Args:
        questions: The question, or every date of its chain.
        day: When it happened or fell; may be left out of a "no" to a question with one date.
        today: "Yes" may lie no later, and a deadline must lie before it for a "no".

    Raises:
        LedgerError: The day fits no date of the question.
    """
    put = sorted((question.as_milestone() for question in questions), key=lambda m: m.deadline)
    name, opened, last = put[0].chain or put[0].id, put[0].opened, put[-1].deadline
    if answer == "no":
        day = day or (last if len(put) == 1 else None)
        deadlines = [m.deadline for m in put]
        if day not in deadlines:
            raise LedgerError(f"{name}: no counts on a deadline. Give --day {' or '.join(map(str, deadlines))}.")
        if day >= today:
            raise LedgerError(f"{name}: the deadline {day} has not passed. Answer from the day after it on.")
        return {m.id: ("no", m.deadline) for m in put if m.deadline <= day}
    if day is None:
        raise LedgerError(f"{name}: no day given for {answer}. Say when, with --day.")
    if not opened <= day <= today:
        raise LedgerError(f"{name}: {day} is before the question was put, {opened}, or after today, {today}.")
    if answer == "void":
        return {m.id: ("void", day) for m in put}
    if day > last:
        raise LedgerError(f"{name}: {day} is after the deadline, {last}. The answer to this question is no.")
    return {m.id: ("yes", day) if day <= m.deadline else ("no", m.deadline) for m in put}


def read_question(row: Any) -> Question:
    """A row of the table of questions."""
    import json

    reference = from_json("reference_class", json.loads(row.reference))
    return Question(row.milestone, row.seq, read_moment(row.recorded), row.sha256, row.text, reference)


def read_answer(row: Any) -> Answer:
    """A row of the table of answers."""
    return Answer(
        milestone=row.milestone,
        answer=row.answer,
        day=date.fromisoformat(row.day),
        evidence=row.evidence,
        by=row.answered_by,
        why=row.why,
        seq=row.seq,
        recorded=read_moment(row.recorded),
    )


def asked_by(name: str, opened: Mapping[str, Question]) -> list[Question]:
    """The question of that id, or every date of the chain of that id.

    Raises:
        LedgerError: It was not opened, or is one date of a chain, which is settled as a whole.
    """
    if name in opened:
        if chain := opened[name].as_milestone().chain:
            raise LedgerError(f"{name}: one date of the chain {chain}. Settle all its dates at once: name {chain}.")
        return [opened[name]]
    found = [question for question in opened.values() if question.as_milestone().chain == name]
    if not found:
        known = ", ".join(opened) or "none"
        raise LedgerError(f"{name}: was not opened. Open it: detente milestones open {name}. Opened: {known}.")
    return found
