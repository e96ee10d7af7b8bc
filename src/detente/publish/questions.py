"""The questions of a dossier: how exact they are, whether they were opened, and how far people have settled them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from detente.dossier import Dossier
from detente.ledger import Ledger, Poll, Question, changes, digest
from detente.publish.catalogue import Words
from detente.publish.knowledge import limit_day
from detente.publish.milestones import field_names, settled_text
from detente.terms import Milestone, Resolution, Texts

State = Literal["not opened", "open", "changed", "settled"]
LACKED: Mapping[str, str] = {
    "rule": "rule",
    "day_of": "which day counts",
    "sources": "two primary sources",
    "edge_cases": "edge cases",
    "tie_break": "tie-break",
    "void_rule": "when it falls",
}
"""Parts of an exact rule, as a reader calls them."""
DAY_NAMES: Mapping[str, str] = {
    "signature": "the day of signature",
    "effect": "the day it takes effect",
    "announcement": "the day of the announcement",
    "deed": "the day it is done",
}


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question: as the dossier has it, as it was opened, and how far it is settled.

    Attributes:
        question: As it was opened; None while it was not.
        changed: Frozen fields that the dossier has otherwise than when this date, or another of its chain, was opened.
        poll: Answers to it; None while it was not opened.
    """

    milestone: Milestone
    question: Question | None
    changed: tuple[str, ...]
    poll: Poll | None

    @property
    def resolution(self) -> Resolution | None:
        """The answer two people share, else the dossier's own."""
        return (self.poll.resolution if self.poll else None) or self.milestone.resolution

    @property
    def state(self) -> State:
        if self.changed:
            return "changed"
        if self.resolution:
            return "settled"
        return "open" if self.question else "not opened"

    def as_json(self) -> dict[str, Any]:
        m, poll = self.milestone, self.poll
        return {
            "milestone": m.id,
            "chain": m.chain or None,
            "state": self.state,
            "sha256": self.question.sha256 if self.question else digest(m),
            "frozen": self.question.recorded.isoformat() if self.question else None,
            "missing": list(m.missing),
            "changed": list(self.changed),
            "question": dict(m.question),
            "rule": dict(m.rule),
            "day_of": m.day_of or None,
            "sources": [dict(source) for source in m.sources],
            "edge_cases": dict(m.edge_cases),
            "tie_break": dict(m.tie_break),
            "void_rule": dict(m.void_rule),
            "opened": m.opened.isoformat(),
            "deadline": m.deadline.isoformat(),
            "answers_in": poll.given if poll else 0,
            "answers": [
                {"by": a.by, "answer": a.answer, "day": a.day.isoformat(), "evidence": a.evidence, "why": a.why}
                for a in (poll.answers if poll else ())
            ],
            "resolution": {
                "answer": self.resolution.answer,
                "day": self.resolution.day.isoformat(),
                "evidence": self.resolution.evidence,
                "by_two_people": bool(poll and poll.resolution),
            }
            if self.resolution
            else None,
        }


def question_rows(dossier: Dossier, ledger: Ledger, *, as_of: date | datetime | None = None) -> list[QuestionRow]:
    """The questions of a dossier that had been put by a moment, in its order."""
    opened, polls = ledger.questions(as_of=as_of), ledger.polls(as_of=as_of)
    out = []
    for milestone in dossier.milestones:
        if milestone.opened > limit_day(as_of):
            continue
        changed = changes(opened.values(), milestone)
        fields = changed.fields if changed else ()
        out.append(QuestionRow(milestone, opened.get(milestone.id), fields, polls.get(milestone.id)))
    return out


def changed_line(fields: Sequence[str], words: Words) -> str:
    """`Changed since it was opened: deadline. Forecasts are refused.`"""
    named = field_names(fields, words)
    return words("Changed since it was opened: {fields}. Forecasts are refused.", fields=named)


def questions_text(rows: list[QuestionRow], words: Words, *, exact: bool = False) -> str:
    """Questions for a terminal.

    Args:
        exact: Show the whole rule of each.
    """
    lines = [words.many("{n} question", "{n} questions", len(rows))]
    for row in rows:
        m = row.milestone
        lines += ["", f"{m.question_in(words.language)}  [{m.id}]"]
        shown = [words("Asked until {day}.", day=words.day(m.deadline))]
        if row.question:
            opened = words.day(row.question.recorded.date())
            shown.append(words("Opened on {day}, hash {hash}.", day=opened, hash=row.question.sha256[:12]))
        else:
            shown.append(words("Not opened: its text can still change."))
        lines.append("    " + " ".join(shown))
        if exact:
            lines += [f"    {name}{words.colon()}{text}" for name, text in rule_parts(m, words)]
        if m.missing:
            lacked = words.listed([words(LACKED[name]) for name in m.missing])
            lines.append("    ! " + words("Incomplete: it lacks {what}.", what=lacked))
        if row.changed:
            lines.append(f"    ! {changed_line(row.changed, words)}")
        lines += [f"    {line}" for line in _answer_lines(row, words)]
    return "\n".join(lines)


def _text_in(texts: Texts, language: str) -> str:
    by_language = dict(texts)
    return by_language.get(language) or by_language.get("en") or next(iter(by_language.values()), "")


def rule_parts(m: Milestone, words: Words) -> list[tuple[str, str]]:
    """(name, text) of every part of a rule that is there."""
    language = words.language
    parts = [
        (words("Rule"), m.rule_in(language)),
        (words("Day that counts"), words(DAY_NAMES[m.day_of]) if m.day_of else ""),
        *((words("Primary source"), _text_in(source, language)) for source in m.sources),
        (words("Edge cases"), _text_in(m.edge_cases, language)),
        (words("Tie-break"), _text_in(m.tie_break, language)),
        (words("When it falls"), _text_in(m.void_rule, language)),
    ]
    return [(name, text) for name, text in parts if text]


def _answer_lines(row: QuestionRow, words: Words) -> list[str]:
    poll, lines = row.poll, []
    if poll and poll.given:
        counted = words.many("{n} answer is in.", "{n} answers are in.", poll.given)
        if poll.given == 1:
            counted += " " + words("What it says is shown when a second person has answered.")
            if row.milestone.chain:
                counted += " " + words("It may speak of other dates of this question.")
        lines.append(counted)
        for answer in poll.answers:
            lines.append(
                "  "
                + words(
                    "{who}: {answer}, {day} ({evidence}).",
                    who=answer.by,
                    answer=words(answer.answer),
                    day=words.day(answer.day),
                    evidence="; ".join(filter(None, (answer.evidence, answer.why))),
                )
            )
        if poll.disagree:
            one_more = words("No two agree on answer and day: it stays open, one more person decides.")
            lines.append(f"! {one_more}")
    if row.resolution:
        by_two = poll is not None and poll.resolution is not None
        settled = settled_text(row.resolution, words)
        lines.append(settled if by_two else f"{settled} {words('By dossier.toml, not by two people.')}")
    return lines
