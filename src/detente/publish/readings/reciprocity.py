"""Reciprocity read out: who answers whom, how fast, and who moves first."""

from __future__ import annotations

from detente.engine import EventRows
from detente.measures import find_breaks, series_of
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
    breaks = find_breaks(material.series())
    found = measured(first, second, breaks=[each.week for each in breaks.found])
    lines = [(span, answer) for span in (found.whole, *found.periods) for answer in span.answers]
    rows = [_row(span, answer, events if isinstance(events, EventRows) else None) for span, answer in lines]
    return Reading(
        measure="reciprocity",
        method=METHOD,
        material=material,
        result=found,
        columns={name: [row[name] for row in rows] for name in _COLUMNS},
        say=lambda words: [
            sentence for span in (found.whole, *found.periods) for sentence in _say(material, found, span, words)
        ],
        draw=(lambda words: _figure(material, found, words)) if lines else None,
        head=lambda words: {
            "start": words("from"), "end": words("to"), "who": words("who answers"), "within_4": words("in 4 weeks"),
            "low_4": words("at least"), "high_4": words("at most"),
        },
    )  # fmt: skip


_COLUMNS = (
    "start", "end", "who", "to", *(f"{end}_{weeks}" for weeks in WITHIN for end in ("within", "low", "high")),
    "half_weeks", "chance", "inertia", "evidence",
)  # fmt: skip


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
