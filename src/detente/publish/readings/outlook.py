"""Outlook read out: what the weekly score will be, and what such forecasts of it were worth."""

from __future__ import annotations

from datetime import timedelta

from detente.measures.outlook import LEVELS, METHOD, Ahead, Outlook, look_ahead
from detente.measures.series import Series
from detente.publish.catalogue import Words
from detente.publish.charts import Flag, Line, relationship_chart
from detente.publish.material import Material
from detente.publish.readings.reading import Reading

SHOWN_WEEKS = 104
EVIDENCE_WEEKS = 13
"""Weeks whose occurrences are named: three quarters of a forecast for next week rest on them."""
ABOUT = 0.25
"""Share of the 80 % interval's half-width within which a forecast is "about" the mean of the half-year."""


def outlook(material: Material) -> Reading:
    """Forecasts of each series of the dyad."""
    series = {name: material.series(name) for name in material.names()}
    found = {name: material.measured(look_ahead, held) for name, held in series.items()}
    lines = [(name, each) for name, held in found.items() for each in held.ahead]
    evidence = {name: _evidence(material, series[name]) for name in found}
    joint = str(material.dyad)
    return Reading(
        measure="outlook",
        method=METHOD,
        material=material,
        result=found,
        columns={
            "series": [name for name, _ in lines],
            **{
                field: [getattr(each, field) for _, each in lines]
                for field in ("weeks", "week", "value", "low_80", "high_80", "low_95", "high_95")
            },
            "half_year": [found[name].half_year for name, _ in lines],
            **{
                field: [getattr(each.record, field, None) for _, each in lines]
                for field in ("count", "error", "mean_error", "ratio", "ratio_low", "ratio_high", "held_80", "held_95")
            },
            "evidence": [evidence[name] for name, _ in lines],
        },
        say=lambda words: [line for held in found.values() for line in _sentences(material, held, words)],
        draw=(lambda words: _figure(material, series[joint], found[joint], words)) if found[joint].ahead else None,
        cells=lambda words: _cells(lines, words),
    )


def _cells(lines: list[tuple[str, Ahead]], words: Words) -> list[list[str]]:
    def points(value: float | None) -> str:
        return "–" if value is None else words.number(value, 1, signed=True)

    heads = [
        words("series"), words("weeks ahead"), words("week of"), words("forecast"),
        *(end for share in map(words.percent, LEVELS)
          for end in (words("{share} from", share=share), words("{share} to", share=share))),
        words("checked"), words("error to 26-week mean’s"),
    ]  # fmt: skip
    table = [heads] if lines else []
    for name, each in lines:
        interval = [points(value) for value in (each.low_80, each.high_80, each.low_95, each.high_95)]
        record = each.record
        worth = [words.number(record.count), words.number(record.ratio, 2)] if record else ["–", "–"]
        week = words.day(each.week, short=True)
        table.append([name, words.number(each.weeks), week, points(each.value), *interval, *worth])
    return table


def _evidence(material: Material, series: Series) -> str:
    if not series.starts:
        return ""
    last = series.starts[-1] + timedelta(days=6)
    first = last - timedelta(weeks=EVIDENCE_WEEKS) + timedelta(days=1)
    if not material.own:
        return f"{material.origin}:{series.name}:{series.starts[0]}/{last}"
    both = ">" not in series.name
    ids = (
        row.occurrence
        for row in material.rows()
        if (both or f"{row.actor}>{row.recipient}" == series.name) and first <= row.last and row.first <= last
    )
    return " ".join(dict.fromkeys(ids))


def _sentences(material: Material, held: Outlook, words: Words) -> list[str]:
    who = material.label(held.name, words.language)
    if held.too_few:
        weeks = words.many("{n} week with events", "{n} weeks with events", held.weeks)
        return [f"{who}{words.colon()}{weeks}{words.colon()}{words('too few for an outlook')}."]
    forecast = words.semicolon().join(_forecast(each, words) for each in held.ahead)
    middle = held.ahead[1]
    return [f"{who}{words.colon()}{forecast}. {_level(held, middle, words)}", _worth(middle, words)]


def _forecast(ahead: Ahead, words: Words) -> str:
    when = words.many("in {n} week", "in {n} weeks", ahead.weeks)
    value = words.number(ahead.value, 1, signed=True)
    if ahead.low_80 is None or ahead.high_80 is None:
        return words("{when} {value} (no interval yet)", when=when, value=value)
    return words(
        "{when} {value} ({share} interval: {low} to {high})",
        share=words.percent(LEVELS[0]),
        when=when,
        value=value,
        low=words.number(ahead.low_80, 1, signed=True),
        high=words.number(ahead.high_80, 1, signed=True),
    )


def _level(held: Outlook, ahead: Ahead, words: Words) -> str:
    if held.half_year is None:
        return words("The last half-year has no score to compare it with.")
    mean = words.number(held.half_year, 1, signed=True)
    near = ABOUT * (ahead.high_80 - ahead.value) if ahead.high_80 is not None else 0.0
    if abs(ahead.value - held.half_year) <= near:
        return words("That is about what it has been for half a year ({mean}).", mean=mean)
    if ahead.value > held.half_year:
        return words("That is above the mean of the last half-year ({mean}).", mean=mean)
    return words("That is below the mean of the last half-year ({mean}).", mean=mean)


def _worth(ahead: Ahead, words: Words) -> str:
    record = ahead.record
    if record is None:
        return words("Too few such forecasts can be checked to say what they are worth.")
    values = {
        "checked": words.many("{n} past forecast", "{n} past forecasts", record.count),
        "ratio": words.number(record.ratio, 2),
    }
    if record.ratio_low is None or record.ratio_high is None:
        told = words("Four weeks ahead, over {checked}, the error was {ratio} times that of a 26-week mean", **values)
        return f"{told}{words.colon()}{words('too few to tell which is better')}."
    told = words(
        "Four weeks ahead, over {checked}, the error was {ratio} times that of a 26-week mean (90% interval: {low} to "
        "{high})",
        **values,
        low=words.number(record.ratio_low, 2),
        high=words.number(record.ratio_high, 2),
    )
    if record.ratio_high < 1:
        verdict = words("better than that mean")
    elif record.ratio_low > 1:
        verdict = words("worse than that mean")
    else:
        verdict = words("not reliably different from that mean")
    return f"{told}{words.colon()}{verdict}."


def _figure(material: Material, series: Series, held: Outlook, words: Words) -> str:
    shown = [(day, v) for day, v in zip(series.starts, series.values, strict=True) if v is not None][-SHOWN_WEEKS:]
    days, values = [day for day, _ in shown], [value for _, value in shown]
    low = [*values, *(each.value if each.low_80 is None else each.low_80 for each in held.ahead)]
    high = [*values, *(each.value if each.high_80 is None else each.high_80 for each in held.ahead)]
    now = series.starts[-1]
    return relationship_chart(
        [*days, *(each.week for each in held.ahead)],
        [
            Line(
                words("weekly score, then forecast with its {share} interval", share=words.percent(LEVELS[0])),
                [*values, *(e.value for e in held.ahead)],
                low,
                high,
            )
        ],
        words,
        title=words("Outlook: {who}", who=material.label(series.name, words.language)),
        summary=_sentences(material, held, words)[0],
        flags=[Flag(now, words("{day}: forecast from here", day=words.day(now, short=True)), now, now)],
    )
