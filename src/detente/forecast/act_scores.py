"""How good forecasts of the next act are on published sets of dated facts: ranks of acts, chances of PLOVER types."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from detente.codebook import code_named, types
from detente.errors import ForecastError
from detente.forecast.act_chances import ActChances, learn_chances
from detente.forecast.act_net import ActNet, Shown
from detente.forecast.act_signs import SignedPast
from detente.forecast.acts import Acts, PairPast, PairQuestions
from detente.forecast.grounds import Grounds
from detente.forecast.quadruples import FactFolder, both_ways, read_facts

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

LEARNING_STEPS = 60
NETS = 2
"""Networks whose word is taken on the mean; each is another draw of first weights."""
TOLD = 10
_FIRST_SHOWN = 10
"""In the first steps hardly anything lies behind anybody."""
_FLOOR = 0.02
"""Share of the usual frequencies mixed into the chances: what is no candidate can come too."""
OWN_WEIGHT = 5.0
"""Weight, in acts, of the usual frequencies in a dyad's own: the rival of the chances."""
_BINS = 10


@dataclass(frozen=True, slots=True)
class TypeScores:
    """Scores of one way to say how likely each PLOVER type is, a mean over acts.

    Attributes:
        log_loss: Minus the logarithm of the chance given to the type that came.
        brier: Squared distance over all types, 0 to 2.
    """

    log_loss: float
    brier: float


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Chances said in a stretch, and how often what they were said of came."""

    n: int
    said: float
    came: float


@dataclass(frozen=True)
class ActScores:
    """How acts were ranked, and how good the chances of their types were.

    Attributes:
        mrr: Mean of one over the rank of each act among all, inverses included, nothing removed ("raw").
        hits: Share ranked first, among three, among ten.
        n: Facts in both directions.
        n_types: Acts of a PLOVER type.
        by_way: Scores of the types by `ours`, `classes` (usual frequencies) and `own` (the dyad's own, drawn to those).
        losses: Log loss of each act, by the same names: for paired comparisons.
        bins: Calibration of our chances over all types.
        rank, together, met, step: Of each fact, shape (n,): its rank, how many acts come between the pair in that step,
            whether anything had been recorded between the two before, and the step.
    """

    mrr: float
    hits: tuple[float, float, float]
    mrr_seen_pair: float
    mrr_new_pair: float
    n: int
    n_types: int
    by_way: Mapping[str, TypeScores]
    losses: Mapping[str, Floats]
    bins: tuple[CalibrationBin, ...]
    rank: Floats
    together: Integers
    met: NDArray[np.bool_]
    step: Integers

    def ceiling(self) -> Floats:
        """The most that one over the rank of each fact can be on the mean, of a pair of whom all is known.

        Of k acts at once one alone can be first: "raw" ranks count the others as wrong, and the k together earn
        1 + 1/2 + ... + 1/k at best.

        Returns:
            Shape (n,).
        """
        sums = np.cumsum(1 / np.arange(1, int(self.together.max(initial=1)) + 1))
        return np.asarray(sums[self.together - 1] / self.together)


def evaluate_acts(folder: Path, *, on: str = "test", predictions: Path | None = None) -> ActScores:
    """Forecast what each pair of the test will do to each other, step by step, each known before the next is asked.

    Args:
        folder: As `read_facts` takes it.
        on: `test`, or `valid`, where choices are made: then nothing of the test is looked at.
        predictions: File to write, a line of JSON for each pair: its ten likeliest acts with the rows they rest on.

    Raises:
        ForecastError: The folder cannot be read, or there is too little to learn from.
    """
    facts = read_facts(folder)
    kinds = len(facts.relations)
    first, last = facts.parts[1], int(facts.facts.time[-1])
    if on == "valid":
        first, last = facts.parts[0], facts.parts[1] - 1
    past = SignedPast(both_ways(facts.facts, kinds), facts.entities, kinds)
    tally = _TypeTally(facts.relations)
    # Weights are learned on what networks say of steps that they were not shown; then these are made anew from all.
    known = facts.facts.time[facts.facts.time < first]
    lessons_from = max(first - LEARNING_STEPS, int(np.median(known)))
    shown: list[Shown] = []
    lessons: list[tuple[PairQuestions, Acts]] = []
    while past.step < first:
        questions = past.questions()
        if past.step == lessons_from:
            past.nets = _nets(shown, past.direct)
        if len(questions.subject):
            if past.step >= lessons_from:
                lessons.append((questions, past.candidates(questions)))
            if past.step >= min(_FIRST_SHOWN, lessons_from // 2):
                shown.append(past.shown())
        tally.take(questions)
        past.end_step()
    # Without any word of networks in the lessons, no weight for it could be learned.
    past.nets = _nets(shown, past.direct) if past.nets else ()
    learned = learn_chances(lessons, past)
    ranks: list[Floats] = []
    seen: list[NDArray[np.bool_]] = []
    together: list[Integers] = []
    steps: list[Integers] = []
    with predictions.open("w", encoding="utf-8") if predictions else nullcontext() as file:
        teller = _Teller(facts, file) if file else None
        while past.step <= last:
            questions = past.questions()
            if len(questions.subject):
                found = past.candidates(questions)
                scores = learned.scores(found, past.names)
                ranks.append(_ranks(found, scores, questions, past.acts))
                seen.append(past.met(questions)[questions.question])
                together.append(np.bincount(questions.question)[questions.question])
                steps.append(np.full(len(questions.question), past.step))
                tally.score(questions, found, learned, past)
                if teller:
                    teller.tell(past.step, questions, found, scores)
            tally.take(questions)
            past.end_step()
    if not ranks:
        raise ForecastError(f"{folder}: no fact to forecast. Give a {on} part that is not empty.")
    rank, met = np.concatenate(ranks), np.concatenate(seen)
    inverse = 1 / rank
    return ActScores(
        mrr=float(inverse.mean()),
        hits=tuple(float((rank <= most).mean()) for most in (1, 3, 10)),  # type: ignore[arg-type]
        mrr_seen_pair=float(inverse[met].mean()) if met.any() else 0.0,
        mrr_new_pair=float(inverse[~met].mean()) if (~met).any() else 0.0,
        n=len(rank),
        rank=rank,
        together=np.concatenate(together),
        met=met,
        step=np.concatenate(steps),
        **tally.scores(),  # type: ignore[arg-type]
    )


def _nets(shown: Sequence[Shown], direct: Sequence[int]) -> tuple[ActNet, ...]:
    from scipy.sparse import vstack

    if not shown:
        return ()
    whole = Shown(*(vstack(parts).tocsr() for parts in zip(*shown, strict=True)))
    return tuple(ActNet(whole, direct, seed=number) for number in range(NETS))


def _ranks(found: Acts, scores: Floats, questions: PairQuestions, acts: int) -> Floats:
    """Rank of what happened among all acts, ties halved; acts that are no candidates tie behind those that are."""
    table = np.full((len(questions.subject), acts), -np.inf)
    table[found.question, found.act] = scores
    rows = table[questions.question]
    mine = rows[np.arange(len(rows)), questions.act][:, None]
    return np.asarray(1 + (rows > mine).sum(axis=1) + ((rows == mine).sum(axis=1) - 1) / 2)


class _Teller:
    """Writes what is forecast, with the rows that each act rests on."""

    def __init__(self, folder: FactFolder, file: TextIO) -> None:
        self._folder, self._file = folder, file
        self._grounds = Grounds(folder)

    def tell(self, step: int, questions: PairQuestions, found: Acts, scores: Floats) -> None:
        self._grounds.take_until(step)
        pairs, names = len(questions.subject), self._folder.entities
        acts = found.act.reshape(pairs, -1)
        first = np.argsort(-scores.reshape(pairs, -1), axis=1, kind="stable")[:, :TOLD]
        for pair, (subject, target) in enumerate(
            zip(questions.subject.tolist(), questions.object.tolist(), strict=True)
        ):
            line = {
                "time": self._time(step),
                "subject": names[subject],
                "object": names[target],
                "acts": [self._act(act) for act in questions.act[questions.question == pair].tolist()],
                "predictions": [
                    self._act(act)
                    | {
                        "grounds": [
                            {"kind": ground.kind, **self._act(ground.relation), "count": ground.count}
                            | {"last": self._time(ground.last), "rows": list(ground.rows)}
                            for ground in self._grounds.of_act(subject, act, target)
                        ]
                    }
                    for act in acts[pair, first[pair]].tolist()
                ],
            }
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def _time(self, step: int) -> int:
        return self._folder.first_time + step * self._folder.step

    def _act(self, act: int) -> dict[str, object]:
        inverse, number = divmod(act, len(self._folder.relations))
        return {"relation": self._folder.relations[number], "inverse": bool(inverse)}


class _TypeTally:
    """Counts of PLOVER types so far, in all and by directed dyad, and scores of chances beside them."""

    def __init__(self, relations: Sequence[str]) -> None:
        names = tuple(types())
        codes = [code_named(name) for name in relations]
        # Statements and appeals have no PLOVER type and are not asked about.
        self._type = np.array([names.index(code.type) if code and code.type else -1 for code in codes])
        self._usual = np.ones(len(names))
        self._own: dict[tuple[int, int], Floats] = {}
        self._said: dict[str, list[Floats]] = {"ours": [], "classes": [], "own": []}
        self._came: list[int] = []

    def _acts(self, questions: PairQuestions) -> list[tuple[int, int]]:
        """Question and type of each act that is told as done, not as suffered."""
        done = questions.act < len(self._type)
        kinds = self._type[questions.act[done]]
        return [(q, k) for q, k in zip(questions.question[done].tolist(), kinds.tolist(), strict=True) if k >= 0]

    def take(self, questions: PairQuestions) -> None:
        for question, kind in self._acts(questions):
            dyad = int(questions.subject[question]), int(questions.object[question])
            self._usual[kind] += 1
            self._own.setdefault(dyad, np.zeros(len(self._usual)))[kind] += 1

    def score(self, questions: PairQuestions, found: Acts, learned: ActChances, past: PairPast) -> None:
        chances = learned.chances(found, past.names)
        usual = self._usual / self._usual.sum()
        table = np.zeros((len(questions.subject), len(usual)))
        done = found.act < len(self._type)
        kinds = np.where(done, self._type[np.minimum(found.act, len(self._type) - 1)], -1)
        asked = kinds >= 0
        np.add.at(table, (found.question[asked], kinds[asked]), chances[asked])
        whole = table.sum(axis=1, keepdims=True)
        table = np.where(whole > 0, table / np.maximum(whole, 1e-12), usual)
        for question, kind in self._acts(questions):
            own = self._own.get((int(questions.subject[question]), int(questions.object[question])))
            counted = np.zeros(len(usual)) if own is None else own
            self._came.append(kind)
            self._said["ours"].append((1 - _FLOOR) * table[question] + _FLOOR * usual)
            self._said["classes"].append(usual)
            self._said["own"].append((counted + OWN_WEIGHT * usual) / (counted.sum() + OWN_WEIGHT))

    def scores(self) -> dict[str, object]:
        came = np.array(self._came, dtype=np.int64)
        losses, by_way = {}, {}
        for name, said in self._said.items():
            table = np.array(said).reshape(len(came), len(self._usual))
            given = table[np.arange(len(came)), came]
            losses[name] = -np.log(given)
            brier = 1 - 2 * given + (table**2).sum(axis=1)
            by_way[name] = (
                TypeScores(float(losses[name].mean()), float(brier.mean())) if len(came) else TypeScores(0, 0)
            )
        ours = np.array(self._said["ours"]).reshape(len(came), len(self._usual))
        right = np.zeros_like(ours)
        right[np.arange(len(came)), came] = 1
        place = np.minimum((ours * _BINS).astype(int), _BINS - 1)
        bins = []
        for number in range(_BINS):
            inside = place == number
            if inside.any():
                bins.append(CalibrationBin(int(inside.sum()), float(ours[inside].mean()), float(right[inside].mean())))
        return {"n_types": len(came), "by_way": by_way, "losses": losses, "bins": tuple(bins)}
