"""What the page of one milestone tells beside its chance: what would change it, rivals, similar questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from detente.errors import ForecastError
from detente.forecast.if_and_when import base_rate_forecast
from detente.forecast.own_cases import known_cases
from detente.forecast.track_record import Judged
from detente.publish import forecast_layers
from detente.publish.catalogue import Words
from detente.publish.milestones import Row, settled_line
from detente.publish.situation import WAIT_DAYS, Situation
from detente.terms import Layer

IF_IT_CAME = {
    "talks": "were first talks held today",
    "sanctions-eased": "were sanctions eased for the first time today",
    "embassy-reopened": "was a first concession on embassies made today",
    "talks-known": "were high-level talks held today",
    "relations-known": "were relations restored today",
}
"""What could come that a forecast does not know of yet, by the reason its layers would name."""
SIMILAR = 8
"""Scored forecasts of similar questions that are shown, the last ones."""


@dataclass(frozen=True, slots=True)
class IfThen:
    """What would change a forecast, and by how much.

    Attributes:
        what: As a reader reads it.
        event: Id of the event that is taken out, or empty.
    """

    what: str
    now: float
    then: float
    event: str = ""

    @property
    def points(self) -> float:
        return 100 * (self.then - self.now)


def what_would_change(row: Row, situation: Situation, words: Words) -> list[IfThen]:
    """Events struck out, time that passes, steps and events that come; the largest change first."""
    if row.settled:
        return []
    now = row.forecast.probability
    found: list[IfThen] = []
    for name, moved in situation.forecast_effects.items():
        for other, without in moved:
            if other.milestone.id == row.milestone.id and name in situation.row_by_id:
                heading = situation.row_by_id[name].heading(words)
                found.append(IfThen(heading, now, without.probability, name))
    if later := situation.after_waiting(row):
        waited = words("{days} more without it", days=words.many("{n} day", "{n} days", WAIT_DAYS))
        found.append(IfThen(waited, now, later.probability))
    for key, then in situation.if_it_came(row).items():
        found.append(IfThen(words(IF_IT_CAME[key]), now, then.probability))
    return sorted(found, key=lambda each: (-abs(each.points), each.what))


# Side by side


@dataclass(frozen=True, slots=True)
class Side:
    """One answer to the same question."""

    name: str
    method: str
    probability: float
    never: float | None
    note: str = ""


def side_by_side(row: Row, situation: Situation, words: Words) -> list[Side]:
    """Base rate, each layer of the model, and what a person added last."""
    f = row.forecast
    out: list[Side] = []
    try:
        cases = known_cases(situation.dossier.folder, as_of=f.made)
        base = base_rate_forecast(row.milestone, made=f.made, dyad=situation.dossier.dyad, cases=cases)
        out.append(Side(words("base rate"), base.method, base.probability, base.never))
    except ForecastError:
        pass  # No past case compares: there is no rate to give.
    for layer in f.layers:
        if layer.name != "analyst":
            name = words(forecast_layers.LAYERS[layer.name])
            out.append(Side(name, layer.method, layer.probability, layer.never))
    if (judged := _last_judgement(row, situation)) is not None:
        layer, made = judged
        move = layer.moves[0]
        note = words("“{why}”, signed {who}, {day}", why=move.what, who=move.by, day=words.day(made))
        out.append(Side(words(forecast_layers.LAYERS["analyst"]), layer.method, layer.probability, layer.never, note))
    return out


def _last_judgement(row: Row, situation: Situation) -> tuple[Layer, date] | None:
    said = [row.forecast, *(j.logged.forecast for j in situation.record.of(row.milestone.id)[::-1])]
    for forecast in said:
        for layer in forecast.layers:
            if layer.name == "analyst" and layer.moves:
                return layer, forecast.made
    return None


# Similar questions


def similar(row: Row, situation: Situation) -> list[Judged]:
    """Kept forecasts of other questions of the same kind or chain that are settled and scored."""
    m = row.milestone
    alike = {
        other.id
        for other in situation.dossier.milestones
        if other.id != m.id
        and ((m.chain and other.chain == m.chain) or (m.reference.stage == other.reference.stage != "none"))
    }
    return [judged for judged in situation.record.of(m.id, *alike) if judged.fate == "scored"][-SIMILAR:]


def settled_alike(row: Row, situation: Situation, words: Words) -> list[tuple[Row, str]]:
    """Other questions of the same kind that are settled, each with its answer."""
    stage = row.milestone.reference.stage
    return [
        (other, settled_line(other, words))
        for other in situation.milestones
        if other.settled
        and other.milestone.id != row.milestone.id
        and other.milestone.reference.stage == stage != "none"
    ]
