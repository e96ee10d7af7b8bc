"""What a forecast says by horizon, how it came about layer by layer, and what every reference class would say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from detente.dossier import Dossier
from detente.forecast.cases import STAGES
from detente.forecast.months import DAYS_A_YEAR, months_later
from detente.forecast.own_cases import known_cases, own_classes
from detente.forecast.scores import monthly_hazards, monthly_shares
from detente.forecast.track_record import HORIZONS
from detente.publish.catalogue import Words
from detente.terms import Forecast, Layer, LayerName, Milestone, Move

if TYPE_CHECKING:
    from detente.forecast.class_panel import ClassAnswer

HAZARD_MONTHS = 24
LAYERS: Mapping[LayerName, str] = {
    "classes": "past cases",
    "stage": "the step reached",
    "events": "events since then",
    "analyst": "a person's judgement",
}
MOVES: Mapping[str, str] = {
    "talks": "first talks",
    "sanctions-eased": "first easing of sanctions",
    "embassy-reopened": "first concession on embassies",
    "talks-known": "high-level talks held",
    "relations-known": "relations restored",
}


def horizons(forecast: Forecast) -> dict[int, float]:
    """Chance by each horizon that the curve reaches.

    Months are calendar months.
    """
    ends = {months: months_later(forecast.made, months) for months in HORIZONS}
    last = forecast.curve[-1][0]
    return {months: forecast.by(day) for months, day in ends.items() if forecast.curve[0][0] <= day <= last}


def hazards(forecast: Forecast) -> tuple[float, ...]:
    """Chance of each of the next months, given that it is still open then; none where nothing is left to come."""
    if len(forecast.curve) < 2 or months_later(forecast.made, HAZARD_MONTHS) > forecast.curve[-1][0]:
        return ()
    return tuple(round(each, 4) for each in monthly_hazards(monthly_shares(forecast, HAZARD_MONTHS)))


def layer_json(layer: Layer) -> dict[str, Any]:
    """A layer as data, its curve apart: that of the forecast is the last one's."""
    return {
        "name": layer.name,
        "method": layer.method,
        "log_odds": layer.log_odds,
        "probability": layer.probability,
        "never": layer.never,
        "moves": [move_json(move) for move in layer.moves],
    }


def move_json(move: Move) -> dict[str, Any]:
    """A reason that a layer names, as data."""
    return {
        "what": move.what,
        "log_odds": move.log_odds,
        "day": move.day.isoformat() if move.day else None,
        "entry": move.entry or None,
        "by": move.by or None,
    }


def horizon_line(forecast: Forecast, words: Words) -> str:
    """`Within 1, 3, 6, 12 and 24 months: 1%, 4%, 8%, 15% and 26%.`; empty where nothing is left to come."""
    found = horizons(forecast)
    if len(found) < len(HORIZONS):
        return ""
    return words(
        "Within {months} months: {shares}.",
        months=words.listed([words.number(months) for months in found]),
        shares=words.listed([words.percent(share) for share in found.values()]),
    )


def layer_lines(forecast: Forecast, words: Words) -> list[str]:
    """How the chance by the deadline came about: a line for each layer, and for each reason with its day and entry."""
    lines = []
    for layer in forecast.layers:
        name = words(LAYERS[layer.name])
        if layer is forecast.layers[0]:
            lines.append(words("{layer}: {p}", layer=name, p=words.percent(layer.probability)))
            continue
        lines.append(
            words(
                "{layer}: {change} in log odds, so {p}",
                layer=name,
                change=_signed(layer.log_odds, words),
                p=words.percent(layer.probability),
            )
        )
        lines += [f"    {_move(move, words)}" for move in layer.moves]
        if layer.name == "events" and not layer.moves:
            lines.append("    " + words("none that backtests give weight to"))
    return lines


def _signed(value: float, words: Words) -> str:
    return f"{'−' if value < 0 else '+'}{words.number(abs(value), 2)}"


def _move(move: Move, words: Words) -> str:
    day = words.day(move.day) if move.day else ""
    if move.by:
        return words("“{why}”, signed {who}, {day}", why=move.what, who=move.by, day=day)
    parts = [words(MOVES[move.what]) if move.what in MOVES else move.what, day]
    if move.log_odds:
        parts.append(_signed(move.log_odds, words))
    return " · ".join(filter(None, (*parts, move.entry)))


def panel_of(milestone: Milestone, dossier: Dossier, made: date, *, posterior: bool = False) -> tuple[ClassAnswer, ...]:
    """What every reference class says of a milestone on a day, with failures added that nobody recorded.

    The pair's own process is left out. A milestone that no stage compares with has none.
    """
    from detente.forecast.class_panel import class_panel

    stage = milestone.reference.stage
    if stage not in STAGES:
        return ()
    clock = milestone.reference.clock_start or milestone.opened
    own = own_classes(dossier.folder)
    return class_panel(
        stage,
        (made - clock).days / DAYS_A_YEAR,
        as_of=made,
        cases=known_cases(dossier.folder, as_of=made),
        classes=own.classes,
        waited_by_class={
            name: (made - first).days / DAYS_A_YEAR
            for name, first in own.clocks.items()
            if first <= made and name in own.classes
        },
        own=(dossier.dyad, clock),
        posterior=posterior,
    )
