"""To whom will A do this next? Candidates from what came before, ordered by trees that were grown on earlier days.

The measure is that of the literature on forecasting in temporal knowledge graphs, single step: every fact before a step
is known, those of earlier test steps too; both directions are asked ("to whom will A do this?", "by whom will B be done
this to?"); the answer is ranked among all entities; other right answers of the same question in the same step are
removed first; who ties with the answer counts half.

Source:
    Gastinger, Meilicke, Errica, Sztyler, Schuelke and Stuckenschmidt (2024), "History repeats itself: a baseline for
    temporal knowledge graph forecasting", IJCAI: the measure, and a baseline of recurrence alone.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

import numpy as np
from numpy.typing import NDArray

from detente.errors import ForecastError
from detente.forecast.candidates import Candidates, Past, Questions
from detente.forecast.grounds import Ground, Grounds
from detente.forecast.quadruples import FactFolder, both_ways, read_facts
from detente.forecast.ranker import grow, load_lightgbm

if TYPE_CHECKING:
    import lightgbm

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

Told = Callable[[Past, Questions, Candidates, Floats], None]

METHOD = "next-event.v1"

THREADS = 2
LEARNING_STEPS = 90
SIEVE_STEPS = 6
_MAP_STEPS = 30
"""Before the first step that is learned from, the map of entities is brought up to date from so many steps on."""
TOLD = 10
KEPT = 100
LEARNED_FROM = 60
_MOST_QUESTIONS = 40_000
_SIEVE = {"num_leaves": 15, "min_data_in_leaf": 50, "learning_rate": 0.2, "feature_fraction": 0.5}
_SIEVE_TREES = 30
_TREES = 200


class NextEventScores(NamedTuple):
    """How well answers were ranked, over `n` questions asked in both directions.

    Attributes:
        mrr: Mean of one over the rank.
        hits: Share of answers ranked first, among the first three, among the first ten.
        mrr_seen, mrr_new: Of answers that the subject had before under the same relation, and of others.
        seconds: From opening the files to the last rank.
    """

    mrr: float
    hits: tuple[float, float, float]
    mrr_seen: float
    mrr_new: float
    n: int
    seconds: float

    def as_json(self) -> dict[str, float | int]:
        """The eight numbers, for machines."""
        first, three, ten = self.hits
        return {
            "mrr": self.mrr,
            "hits@1": first,
            "hits@3": three,
            "hits@10": ten,
            "mrr_seen": self.mrr_seen,
            "mrr_new": self.mrr_new,
            "n": self.n,
            "seconds": self.seconds,
        }


class Ranked(NamedTuple):
    """One step's answers with their ranks: shape (facts,), the step's facts in both directions.

    Attributes:
        seen: Whether the same subject, relation and object came before.
    """

    question: Integers
    answer: Integers
    rank: Floats
    seen: NDArray[np.bool_]


def ranks(
    question: Integers, entity: Integers, score: Floats, answers: Integers, entities: int
) -> tuple[Integers, Integers, Floats]:
    """Rank every right answer among all entities, other right answers of its question removed, ties halved.

    Args:
        question, entity, score: Shape (candidates,). Entities that are no candidates tie behind all that are.
        answers: Numbers of question times entities plus answer, shape (answers,).
        entities: How many there are.

    Returns:
        Question, answer and rank of each right answer, in the order of `answers`.

    >>> import numpy as np
    >>> asked, answer, rank = ranks(
    ...     np.zeros(3, np.int64), np.array([4, 5, 6]), np.array([0.9, 0.5, 0.5]), np.array([6]), 10
    ... )
    >>> rank.tolist()
    [2.5]
    """
    asked, answer = np.divmod(answers, entities)
    number = question * entities + entity
    right = np.isin(number, answers)
    found = np.empty(len(answers))
    order = np.lexsort((score, question))
    wrong = ~right[order]
    begins = np.searchsorted(question[order], np.arange(int(max(asked, default=-1)) + 2))
    place = {int(n): i for i, n in enumerate(number[right])}
    scores_of_right = score[right]
    for i, (one, whole) in enumerate(zip(asked.tolist(), answers.tolist(), strict=True)):
        begin, end = begins[one], begins[one + 1]
        rivals = score[order[begin:end][wrong[begin:end]]]
        if whole in place:
            mine = scores_of_right[place[whole]]
            below, upto = np.searchsorted(rivals, mine), np.searchsorted(rivals, mine, side="right")
            found[i] = 1 + len(rivals) - upto + (upto - below) / 2
        else:
            # All who are no candidates tie; those of them that are right answers too are removed.
            right_outside = np.count_nonzero(asked == one) - (end - begin - len(rivals))
            outside = entities - (end - begin) - right_outside
            found[i] = 1 + len(rivals) + outside / 2
    return asked, answer, found


@dataclass
class Forecaster:
    """A past and the trees that read it, ready for the step that comes.

    Attributes:
        past: All that is known so far.
        sieve: Trees that choose the candidates worth ordering.
        order: Trees that order them.
    """

    past: Past
    sieve: lightgbm.Booster
    order: lightgbm.Booster
    threads: int

    def scored(self, questions: Questions) -> tuple[Candidates, Floats]:
        """Candidates of the coming step's questions, and their scores: higher is likelier, within one question."""
        return _scored(self, self.past.candidates(questions))

    def rank_step(self, told: Told | None = None) -> Ranked:
        """Rank the answers of the coming step, then let it happen.

        Args:
            told: Called with what is asked, the candidates and their scores, before the step happens.
        """
        questions = self.past.questions()
        found, scores = self.scored(questions)
        if told:
            told(self.past, questions, found, scores)
        asked, answer, rank = ranks(found.question, found.entity, scores, questions.answers, self.past.entities)
        seen = self.past.seen(questions.subject[asked], questions.relation[asked], answer)
        self.past.end_step()
        return Ranked(asked, answer, rank, seen)


def _scored(forecaster: Forecaster, found: Candidates) -> tuple[Candidates, Floats]:
    sifted = _predict(forecaster.sieve, found, forecaster.threads)
    kept = _first(found.question, sifted, KEPT)
    # Who is sieved out stays behind all who are kept, in the order of the sieve.
    scores = sifted - 1e6
    scores[kept] = _predict(forecaster.order, _only(found, kept), forecaster.threads)
    return found, scores


def learn(folder: FactFolder, first_step: int, *, threads: int = THREADS) -> Forecaster:
    """Learn from the steps before one, and stand ready for it.

    Args:
        folder: Facts; those of `first_step` and later are not looked at until they are asked about.
        first_step: The first step to be forecast.
        threads: At once.

    Raises:
        ForecastError: LightGBM is not installed, or nothing before `first_step` can be learned from.
    """
    load_lightgbm()
    relations = len(folder.relations)
    past = Past(both_ways(folder.facts, relations), len(folder.entities), relations)
    begin = max(1, first_step - LEARNING_STEPS)
    sieve_end = min(begin + SIEVE_STEPS, first_step)
    while past.step < begin:
        if past.step >= begin - _MAP_STEPS and past.step % 5 == 0 and past.step:
            past.update_map()
        past.end_step()
    held: list[_Lesson] = []
    while past.step < sieve_end:
        held.append(_lesson(past))
    sieve = _grow(held, trees=_SIEVE_TREES, threads=threads, options=_SIEVE)
    lessons = [_sifted(each, sieve, threads) for each in held]
    del held
    while past.step < first_step:
        lessons.append(_sifted(_lesson(past), sieve, threads))
    while len(lessons) > 1 and sum(len(each.sizes) for each in lessons) > _MOST_QUESTIONS:
        del lessons[0]
    return Forecaster(past, sieve, _grow(lessons, trees=_TREES, threads=threads), threads)


class _Lesson(NamedTuple):
    """Questions of a past step with their candidates; those that no candidate answers are left out."""

    features: NDArray[np.float32]
    right: NDArray[np.bool_]
    sizes: Integers


def _lesson(past: Past) -> _Lesson:
    questions = past.questions()
    found = past.candidates(questions)
    right = np.isin(found.question * past.entities + found.entity, questions.answers)
    past.end_step()
    return _answered(found.question, found.features, right)


def _answered(question: Integers, features: NDArray[np.float32], right: NDArray[np.bool_]) -> _Lesson:
    most = int(max(question, default=-1)) + 1
    sizes, answers = np.bincount(question, minlength=most), np.bincount(question[right], minlength=most)
    useful = (answers > 0) & (answers < sizes)
    kept = useful[question]
    return _Lesson(features[kept], right[kept], sizes[useful])


def _sifted(lesson: _Lesson, sieve: lightgbm.Booster, threads: int) -> _Lesson:
    """The candidates that the sieve puts first.

    A right answer that it puts last is left out with its like: kept alone among them, it would teach that looking
    unlikely is a sign of being right (MRR .467 instead of .488 on ICEWS14's validation days).
    """
    question = np.repeat(np.arange(len(lesson.sizes)), lesson.sizes)
    score = np.asarray(sieve.predict(lesson.features, raw_score=True, num_threads=threads))
    kept = _first(question, score, LEARNED_FROM)
    return _answered(question[kept], lesson.features[kept], lesson.right[kept])


def _grow(
    lessons: list[_Lesson], *, trees: int, threads: int, options: Mapping[str, float] = MappingProxyType({})
) -> lightgbm.Booster:
    lessons = [each for each in lessons if len(each.sizes)]
    if not lessons:
        raise ForecastError(
            "no step before the first forecast has a question that its past answers. Give more steps to learn from."
        )
    return grow(
        np.concatenate([each.features for each in lessons]),
        np.concatenate([each.right for each in lessons]),
        np.concatenate([each.sizes for each in lessons]),
        trees=trees,
        threads=threads,
        options=options,
    )


def _predict(trees: lightgbm.Booster, found: Candidates, threads: int) -> Floats:
    if not len(found.question):
        return np.zeros(0)
    return np.asarray(trees.predict(found.features, raw_score=True, num_threads=threads), np.float64)


def _first(question: Integers, score: Floats, most: int) -> NDArray[np.bool_]:
    """The candidates with the highest scores of each question; equal scores go by the order they come in."""
    order = np.lexsort((-score, question))
    ordered = question[order]
    place = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    kept = np.zeros(len(order), np.bool_)
    kept[order[place < most]] = True
    return kept


def _only(found: Candidates, kept: NDArray[np.bool_]) -> Candidates:
    return Candidates(found.question[kept], found.entity[kept], found.features[kept])


def rank_steps(
    folder: FactFolder, first_step: int, last_step: int, *, threads: int = THREADS, told: Told | None = None
) -> Iterator[Ranked]:
    """Rank the answers of some steps, each known once the next is asked about.

    Args:
        folder: Facts.
        first_step, last_step: Steps that are forecast, both included.
        told: As `Forecaster.rank_step` takes it.

    Raises:
        ForecastError: As `learn`.
    """
    forecaster = learn(folder, first_step, threads=threads)
    for _ in range(first_step, last_step + 1):
        yield forecaster.rank_step(told)


def score_ranks(found: list[Ranked], seconds: float) -> NextEventScores:
    """Mean reciprocal rank and hits over all answers of some steps.

    Raises:
        ForecastError: There is no answer.
    """
    rank = np.concatenate([each.rank for each in found]) if found else np.zeros(0)
    if not len(rank):
        raise ForecastError("no fact to forecast. Give a test part that is not empty.")
    seen = np.concatenate([each.seen for each in found])
    inverse = 1 / rank

    def mean(which: NDArray[np.bool_]) -> float:
        return round(float(inverse[which].mean()), 6) if which.any() else 0.0

    return NextEventScores(
        mrr=mean(np.ones(len(rank), np.bool_)),
        hits=tuple(round(float((rank <= most).mean()), 6) for most in (1, 3, 10)),  # type: ignore[arg-type]
        mrr_seen=mean(seen),
        mrr_new=mean(~seen),
        n=len(rank),
        seconds=round(seconds, 1),
    )


def evaluate_next_event(
    folder: Path, *, threads: int = THREADS, on: str = "test", predictions: Path | None = None
) -> NextEventScores:
    """Read a folder, learn from what precedes its test part, forecast that part step by step, and score it.

    Args:
        folder: As `read_facts` takes it.
        threads: At once.
        on: `test`, or `valid`, where choices are made: then nothing of the test is looked at.
        predictions: File to write, a line of JSON for each question: its ten likeliest answers with their rows.

    Raises:
        ForecastError: The folder cannot be read, LightGBM is not installed, or there is too little to learn from.
    """
    began = time.monotonic()
    facts = read_facts(folder)
    first, last = facts.parts[1], int(facts.facts.time[-1])
    if on == "valid":
        first, last = facts.parts[0], facts.parts[1] - 1
    if predictions is None:
        found = list(rank_steps(facts, first, last, threads=threads))
    else:
        with predictions.open("w", encoding="utf-8") as file:
            teller = _Teller(facts, file)
            found = list(rank_steps(facts, first, last, threads=threads, told=teller))
    return score_ranks(found, time.monotonic() - began)


class _Teller:
    """Writes what is forecast, with the rows that each answer rests on."""

    def __init__(self, folder: FactFolder, file: TextIO) -> None:
        self._folder, self._file = folder, file
        self._grounds = Grounds(folder)

    def __call__(self, past: Past, questions: Questions, found: Candidates, scores: Floats) -> None:
        self._grounds.take_until(past.step)
        order = np.lexsort((-scores, found.question))
        begins = np.searchsorted(found.question[order], np.arange(len(questions.subject) + 1))
        asked, answers = np.divmod(questions.answers, past.entities)
        ends = np.searchsorted(asked, np.arange(len(questions.subject) + 1))
        for number, (subject, relation) in enumerate(
            zip(questions.subject.tolist(), questions.relation.tolist(), strict=True)
        ):
            first = order[begins[number] : begins[number + 1]][:TOLD]
            line = {
                "time": self._time(past.step),
                "subject": self._folder.entities[subject],
                **self._relation(relation),
                "answers": [self._folder.entities[a] for a in answers[ends[number] : ends[number + 1]].tolist()],
                "predictions": [
                    {
                        "entity": self._folder.entities[entity],
                        "grounds": [
                            self._ground(past, relation, ground)
                            for ground in self._grounds.of(subject, relation, entity)
                        ],
                    }
                    for entity in found.entity[first].tolist()
                ],
            }
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def _time(self, step: int) -> int:
        return self._folder.first_time + step * self._folder.step

    def _relation(self, relation: int) -> dict[str, Any]:
        inverse, number = divmod(relation, len(self._folder.relations))
        return {"relation": self._folder.relations[number], "inverse": bool(inverse)}

    def _ground(self, past: Past, relation: int, ground: Ground) -> dict[str, Any]:
        told: dict[str, Any] = {"kind": ground.kind}
        if ground.relation >= 0:
            told |= self._relation(ground.relation)
        told |= {"count": ground.count, "last": self._time(ground.last), "rows": list(ground.rows)}
        if ground.kind == "pair":
            ago = np.array([past.step - ground.last])
            rule = int(past.rules.numbers(np.array([relation]), np.array([ground.relation]), ago)[0])
            told["rule_seen"], told["rule_right"] = past.rules.counts(rule)
        return told
