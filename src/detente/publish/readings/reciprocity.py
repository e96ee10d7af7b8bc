"""Reciprocity read out: who answers whom, how fast, and who moves first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from detente.engine import EventRows
from detente.measures import series_of
from detente.measures.answered import WITHIN_DAYS, Answered, AnsweredActs, answered_acts
from detente.measures.reciprocity import (
    METHOD,
    MIN_WEEKS,
    WITHIN,
    Answer,
    Estimate,
    Exchange,
    Reciprocity,
    one_sided,
)
from detente.measures.reciprocity import reciprocity as measured
from detente.publish.catalogue import Words
from detente.publish.material import TABLES, Material
from detente.publish.readings.reading import Cell, Reading
from detente.publish.row_chart import RowMark, row_chart


@dataclass(frozen=True, slots=True)
class Found:
    """Weekly series and single acts, for machines.

    Attributes:
        acts: None of a database, or where there are too many to pair one by one.
    """

    weeks: Reciprocity
    acts: AnsweredActs | None


def reciprocity(material: Material) -> Reading:
    """Who answers whom, over the whole stretch and in each period between breaks."""
    if material.origin in TABLES:
        return Reading(
            "reciprocity", METHOD, material, None, dict.fromkeys(_COLUMNS, ()),
            say=lambda words: [
                words(
                    "{origin} has no acts of one side toward the other by week: who answers whom cannot be measured "
                    "on it.", origin=material.origin,
                )
            ],
        )  # fmt: skip
    events = one_sided(material.events(), material.dyad)
    first, second = (
        series_of(events, material.dyad, start=material.start, end=material.day, series=str(way))
        for way in material.dyad.directed()
    )
    if not first.starts:
        return Reading(
            "reciprocity", METHOD, material, None, dict.fromkeys(_COLUMNS, ()),
            say=lambda words: [
                words(
                    "No whole week lies between {start} and {end}: who answers whom cannot be measured.",
                    start=words.day(material.start), end=words.day(material.day),
                )
            ],
        )  # fmt: skip
    breaks = material.breaks(material.series())
    found = material.measured(measured, first, second, breaks=breaks.turns)
    acts = (
        answered_acts(material.rows(), material.dyad, start=material.start, end=material.day) if material.own else None
    )
    lines = [(span, answer) for span in (found.whole, *found.periods) for answer in span.answers]
    rows = [_row(span, answer, events if isinstance(events, EventRows) else None) for span, answer in lines]
    rows += [_acts_row(material, each) for each in (acts.answers if acts else ())]
    return Reading(
        measure="reciprocity",
        method=METHOD,
        material=material,
        result=Found(found, acts),
        columns={name: [row.get(name) for row in rows] for name in _COLUMNS},
        say=lambda words: [
            *(sentence for span in (found.whole, *found.periods) for sentence in _say(material, found, span, words)),
            *(_say_acts(material, acts, words) if acts else ()),
        ],
        draw=_drawing(material, found, acts),
        head=lambda words: _head(bool(lines), acts is not None, words),
    )  # fmt: skip


_COLUMNS = (
    "start", "end", "who", "to", *(f"{end}_{weeks}" for weeks in WITHIN for end in ("within", "low", "high")),
    "half_weeks", "chance", "inertia", "acts", "answered", "expected", "expected_low", "expected_high", "median_days",
    "evidence",
)  # fmt: skip


def _head(weekly: bool, acts: bool, words: Words) -> dict[str, str]:
    head = {"start": words("from"), "end": words("to"), "who": words("who answers")}
    if weekly:
        head |= {"within_4": words("in 4 weeks"), "low_4": words("at least"), "high_4": words("at most")}
    if acts:
        head |= {"acts": words("acts"), "answered": words("answered"), "expected": words("by chance")}
    return head


def _acts_row(material: Material, each: Answered) -> dict[str, Cell]:
    return {
        "start": material.start, "end": material.day, "who": each.who, "to": each.to, "chance": each.chance,
        "acts": each.acts, "answered": each.answered, "expected": each.expected, "expected_low": each.low,
        "expected_high": each.high, "median_days": each.median_days,
        "evidence": " ".join(dict.fromkeys(key for pair in each.evidence for key in pair)),
    }  # fmt: skip


def _row(span: Exchange, answer: Answer, events: EventRows | None) -> dict[str, Cell]:
    row: dict[str, Cell] = {"start": span.start, "end": span.end, "who": answer.who, "to": answer.to}
    for weeks, estimate in zip(WITHIN, answer.within, strict=True):
        row |= {f"within_{weeks}": estimate.value, f"low_{weeks}": estimate.low, f"high_{weeks}": estimate.high}
    between = [r.occurrence for r in events or () if span.start <= r.first and r.last <= span.end]
    return row | {
        "half_weeks": answer.half_weeks.value if answer.half_weeks else None,
        "chance": answer.chance,
        "inertia": span.inertia[span.answers.index(answer)].value,
        "evidence": " ".join(dict.fromkeys(between)),
    }


def _say(material: Material, found: Reciprocity, span: Exchange, words: Words) -> list[str]:
    when = f"{words.day(span.start, short=True)} – {words.day(span.end, short=True)}{words.colon()}"
    if span.too_few:
        weeks = words.many(
            "{n} week in which both sides acted, as in the two weeks before",
            "{n} weeks in which both sides acted, as in the two weeks before",
            span.used,
        )
        return [when + words("{weeks}; {n} are needed to say who answers whom.", weeks=weeks, n=MIN_WEEKS)]
    return [
        when + " ".join(_answered(material, answer, words) for answer in span.answers),
        when + _leads(material, found, span, words),
    ]


def _answered(material: Material, answer: Answer, words: Words) -> str:
    who, to = (material.label(name, words.language) for name in (answer.who, answer.to))
    last = answer.within[-1]
    if not answer.sure:
        return words(
            "{who} gives no reliable answer to {to} ({value} points for each point within 4 weeks, {interval}).",
            who=words.quoted(who), to=words.quoted(to), value=_points(last.value, words),
            interval=_between(last, words),
        )  # fmt: skip
    days = round(7 * answer.half_weeks.value) if answer.half_weeks else 0
    return words(
        "{who} answers {to}: {value} points for each point within 4 weeks ({interval}), {half}.",
        who=words.quoted(who), to=words.quoted(to), value=_points(last.value, words), interval=_between(last, words),
        half=words.many("half of it within {n} day", "half of it within {n} days", days),
    )  # fmt: skip


def _leads(material: Material, found: Reciprocity, span: Exchange, words: Words) -> str:
    lead, together = span.lead, span.together
    if lead is None or together is None or span.lead_chance is None:
        return ""
    first, second = (material.label(name, words.language) for name in (found.first, found.second))
    if span.lead_chance <= 0.05:
        ahead = first if lead.value > 0 else second
        said = words(
            "{who} moves first: it is followed more than it follows, by {value} points ({interval}).",
            who=words.quoted(ahead), value=words.number(abs(lead.value), 2), interval=_between(lead, words),
        )  # fmt: skip
    else:
        said = words(
            "Neither moves first reliably ({value} points, {interval}).",
            value=_points(lead.value, words), interval=_between(lead, words),
        )  # fmt: skip
    same = words(
        "What both do in the same week has no order (correlation {value}, {interval}); joint acts are left out.",
        value=_points(together.value, words), interval=_between(together, words),
    )  # fmt: skip
    return f"{said} {same}"


def _say_acts(material: Material, acts: AnsweredActs, words: Words) -> list[str]:
    out = []
    for each in acts.answers:
        who, to = (words.quoted(material.label(name, words.language)) for name in (each.who, each.to))
        told = words.many(
            "{to}: {n} act by itself, {answered} answered in kind by {who} within {days} days",
            "{to}: {n} acts by itself, {answered} answered in kind by {who} within {days} days",
            each.acts, to=to, who=who, answered=words.number(each.answered), days=words.number(WITHIN_DAYS),
        )  # fmt: skip
        if each.chance is None or each.expected is None or each.low is None or each.high is None:
            out.append(words("{told}; too few to set against chance.", told=told))
            continue
        values = {
            "told": told, "expected": words.number(each.expected, 1), "low": words.number(each.low),
            "high": words.number(each.high), "chance": words.percent(each.chance),
        }  # fmt: skip
        out.append(
            words("{told}, more than chance gives ({expected}, 90% interval: {low} to {high}; p = {chance}).", **values)
            if each.sure
            else words(
                "{told}, no more than chance gives ({expected}, 90% interval: {low} to {high}; p = {chance}).", **values
            )
        )
    if acts.first_chance is not None:
        leader = material.label(acts.leader, words.language) if acts.leader else ""
        out.append(
            words("Of the two, {who} moves first (p = {chance}).", who=words.quoted(leader),
                  chance=words.percent(acts.first_chance))
            if leader
            else words("By single acts, neither moves first reliably (p = {chance}).",
                       chance=words.percent(acts.first_chance))
        )  # fmt: skip
    return out


def _drawing(material: Material, found: Reciprocity, acts: AnsweredActs | None) -> Callable[[Words], str] | None:
    if found.whole.answers or any(span.answers for span in found.periods):
        return lambda words: _figure(material, found, words)
    if acts and any(each.expected is not None for each in acts.answers):
        return lambda words: _acts_figure(material, acts, words)
    return None


def _acts_figure(material: Material, acts: AnsweredActs, words: Words) -> str:
    rows = []
    for each in acts.answers:
        label = material.label(each.who, words.language)
        note = words.many("of {n} act", "of {n} acts", each.acts)
        rows.append(RowMark(words("answered"), each.answered, note=note, group=label))
        rows.append(RowMark(words("by chance"), each.expected, each.low, each.high, group=label))
    return row_chart(
        rows,
        words,
        title=words("Acts of the other side answered in kind within {days} days", days=words.number(WITHIN_DAYS)),
        summary=" ".join(_say_acts(material, acts, words)),
    )


def _points(value: float, words: Words) -> str:
    return words.number(value, 2, signed=True)


def _between(estimate: Estimate, words: Words) -> str:
    return words("90% interval: {low} to {high}", low=_points(estimate.low, words), high=_points(estimate.high, words))


def _figure(material: Material, found: Reciprocity, words: Words) -> str:
    rows = []
    for span in (found.whole, *found.periods):
        when = f"{words.day(span.start, short=True)} – {words.day(span.end, short=True)}"
        for answer in span.answers:
            group = f"{when} · {material.label(answer.who, words.language)}"
            for weeks, each in zip(WITHIN, answer.within, strict=True):
                rows.append(
                    RowMark(
                        words.many("answer within {n} week", "answer within {n} weeks", weeks),
                        each.value,
                        each.low,
                        each.high,
                        _points(each.value, words),
                        group,
                    )
                )
        if span.lead:
            first = material.label(found.first, words.language)
            rows.append(
                RowMark(
                    words("lead of {who}", who=first),
                    span.lead.value,
                    span.lead.low,
                    span.lead.high,
                    _points(span.lead.value, words),
                    f"{when} · {words('lead')}",
                )
            )
    return row_chart(
        rows,
        words,
        title=words("Who answers whom: points for each point of the other side"),
        summary=" ".join(_say(material, found, found.whole, words)),
    )
