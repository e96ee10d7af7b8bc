"""Who may be the answer to "to whom will A do this today?", and what the days before say about each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from detente.forecast.nearness import unit_rows
from detente.forecast.past import StepwisePast, slices
from detente.forecast.quadruples import Quadruples
from detente.forecast.recurrence import HALF_LIVES
from detente.forecast.rules import PairRules

Integers = NDArray[np.int64]
Floats = NDArray[np.float32]

_OF_RELATION = 150
_NEAR = 60
_BY_WALK = 60
"""Entities that enter beside all whom A ever dealt with: who is on the receiving end of this act lately, who stands
near A on the map, who is dealt with by those whom A deals with. On the first eight validation days of ICEWS14 88% of
answers are then among them, about 250 a question."""
_WALK_HALF_LIVES = (2, 4)
"""Places in `HALF_LIVES`: 10 and 90 steps."""
_SHARE_HALF_LIVES = (1, 3, 5)
_NOT_ONESELF = -9.0
_LEAST_TIE = 0.01
"""Counts that have faded to less are no step of a walk."""


class Questions(NamedTuple):
    """What is asked of a step: each subject and relation once, with every right answer.

    Attributes:
        subject, relation: Shape (questions,).
        answers: Sorted numbers of question times entities plus answer, shape (facts,).
    """

    subject: Integers
    relation: Integers
    answers: Integers


class Candidates(NamedTuple):
    """Possible answers, in the order of question and entity.

    Attributes:
        question, entity: Shape (candidates,).
        features: Shape (candidates, features), named by `Past.names`.
    """

    question: Integers
    entity: Integers
    features: Floats


class _Behind(NamedTuple):
    """Past acts of the questions' subjects: which triple, of which question, under which rule."""

    triple: Integers
    question: Integers
    rule: Integers


class Past(StepwisePast):
    """All that is known before a step about whom acts befall."""

    def __init__(self, facts: Quadruples, entities: int, relations: int) -> None:
        super().__init__(facts, entities, relations)
        both = self.acts
        triple = self._counts["same"].keys
        self._triple_subject, rest = np.divmod(triple, both * entities)
        self._triple_relation, self._triple_object = np.divmod(rest, entities)
        self._triple_begins = np.searchsorted(self._triple_subject, np.arange(entities + 1))
        self._pair_begins = np.searchsorted(self._pair_subject, np.arange(entities + 1))
        self._deed_relation, self._deed_object = np.divmod(self._counts["deed"].keys, entities)
        self._deed_begins = np.searchsorted(self._deed_relation, np.arange(both + 1))
        self._deed_of_triple = np.searchsorted(
            self._counts["deed"].keys, self._triple_relation * entities + self._triple_object
        )
        self._asked_of_triple = np.searchsorted(
            self._counts["asked"].keys, self._triple_subject * both + self._triple_relation
        )
        self.rules = PairRules(relations)

    def _keys(self, facts: Quadruples) -> dict[str, Integers]:
        s, r, o, _ = facts
        both, way = self.acts, (r < self.acts // 2).astype(np.int64)
        return {
            "same": (s * both + r) * self.entities + o,
            "pair": s * self.entities + o,
            "way": (s * 2 + way) * self.entities + o,
            "deed": r * self.entities + o,
            "object": o * 2 + way,
            "asked": s * both + r,
            "subject": s,
            "relation": r,
        }

    def questions(self) -> Questions:
        """What is asked of the coming step: every subject and relation that it holds, with the answers."""
        facts = self._coming()
        asked, question = np.unique(facts.subject * self.acts + facts.relation, return_inverse=True)
        subject, relation = np.divmod(asked, self.acts)
        return Questions(subject, relation, np.sort(question * self.entities + facts.object))

    def seen(self, subject: Integers, relation: Integers, entity: Integers) -> NDArray[np.bool_]:
        """Which triples came so far."""
        same = (subject * self.acts + relation) * self.entities + entity
        return self._counts["same"].places(same) >= 0

    def end_step(self) -> None:
        """Let the coming step happen: count what its facts say of the rules, then take them in."""
        questions = self.questions()
        behind = self._behind(questions)
        said = behind.question * self.entities + self._triple_object[behind.triple]
        self.rules.count(behind.rule, _among(said, questions.answers))
        if self._take_in():
            self.rules.refit()

    def _behind(self, questions: Questions) -> _Behind:
        triple, question = slices(self._triple_begins, questions.subject)
        last = self._counts["same"].last[triple]
        came = last >= 0
        triple, question, last = triple[came], question[came], last[came]
        rule = self.rules.numbers(questions.relation[question], self._triple_relation[triple], self.step - last)
        return _Behind(triple, question, rule)

    # --- The map ------------------------------------------------------------------------------------------------------

    def _place_on_map(self, came: NDArray[np.bool_], weight: Floats) -> None:
        entities, pair = self.entities, self._counts["pair"]
        deeds, asked = len(self._counts["deed"].keys), len(self._counts["asked"].keys)
        # Whom an act befalls, told by who did it to them; and what a subject does, told by whom it befell.
        by_doers = csr_matrix(
            (weight, (self._deed_of_triple[came], self._triple_subject[came])), shape=(deeds, entities)
        )
        by_objects = csr_matrix(
            (weight, (self._asked_of_triple[came], self._triple_object[came])), shape=(asked, entities)
        )
        self._deed_profile: Floats = by_doers @ self._near.unit
        self._deed_unit = unit_rows(self._deed_profile)
        self._asked_unit = unit_rows(by_objects @ self._near.unit)
        self._walks: list[csr_matrix] = []
        for half_life in _WALK_HALF_LIVES:
            strong = pair.sums[:, half_life] >= _LEAST_TIE
            between = (self._pair_subject[strong], self._pair_object[strong])
            walk = csr_matrix((pair.sums[strong, half_life], between), shape=(entities, entities))
            busy = np.asarray(walk.sum(axis=1)).ravel()
            self._walks.append((diags((1 / (busy + 1e-3)).astype(np.float32)) @ walk).tocsr())

    # --- Candidates ---------------------------------------------------------------------------------------------------

    def candidates(self, questions: Questions) -> Candidates:
        """Who may answer each question, and what is known of each."""
        self.update_map()
        entities = self.entities
        subjects, which = np.unique(questions.subject, return_inverse=True)
        near = self._near.scaled[subjects] @ self._near.vectors.T
        near[np.arange(len(subjects)), subjects] = _NOT_ONESELF
        walked = [np.asarray((walk[subjects] @ walk).todense(), np.float32) for walk in self._walks]
        found = [self._partners(questions), self._befallen(questions)]
        for score, most in ((near, _NEAR), (walked[-1], _BY_WALK)):
            others = score.copy()
            others[np.arange(len(subjects)), subjects] = _NOT_ONESELF
            top = _highest(others, most)[which]
            found.append((np.arange(len(which))[:, None] * entities + top).ravel())
        number = np.unique(np.concatenate(found))
        question, entity = np.divmod(number, entities)
        features, places = self._recurrence(questions, question, entity)
        features |= self._from_rules(questions, number)
        features |= self._from_map(questions, question, entity, places, near[which[question], entity])
        for half_life, walk in zip(_WALK_HALF_LIVES, walked, strict=True):
            features[f"walk.{half_life}"] = walk[which[question], entity]
        features["walk.busy"] = features["walk.4"] / np.sqrt(features["object.4"] + np.float32(0.3))
        features |= _within_question(features, question)
        self.names = tuple(features)
        return Candidates(question, entity, np.stack(list(features.values()), axis=1))

    def _partners(self, questions: Questions) -> Integers:
        """All whom the subject ever dealt with, either way."""
        pair, question = slices(self._pair_begins, questions.subject)
        came = self._counts["pair"].last[pair] >= 0
        partners: Integers = question[came] * self.entities + self._pair_object[pair[came]]
        return partners

    def _befallen(self, questions: Questions) -> Integers:
        """Those to whom the act was done most often lately, by anyone."""
        relations, which = np.unique(questions.relation, return_inverse=True)
        counts = self._counts["deed"]
        top = []
        for relation in relations:
            begin, end = self._deed_begins[relation], self._deed_begins[relation + 1]
            weight = counts.sums[begin:end, 3]
            # Equal weights go by number, whatever else stands in the table.
            order = np.argsort(-weight, kind="stable")[:_OF_RELATION]
            top.append(self._deed_object[begin:end][order[weight[order] > 0]])
        begins = np.concatenate([[0], np.cumsum([len(each) for each in top], dtype=np.int64)])
        place, question = slices(begins, which)
        befallen = np.concatenate(top or [np.zeros(0, np.int64)])[place]
        return np.asarray(question * self.entities + befallen)

    def _recurrence(
        self, questions: Questions, question: Integers, entity: Integers
    ) -> tuple[dict[str, Floats], dict[str, NDArray[np.intp]]]:
        asked = Quadruples(questions.subject[question], questions.relation[question], entity, entity)
        features: dict[str, Floats] = {}
        places = {}
        keys = self._keys(asked)
        of_question = self._keys(Quadruples(questions.subject, questions.relation, *2 * (questions.subject,)))
        for name, counts in self._counts.items():
            for_question = name in ("asked", "subject", "relation")
            place = counts.places(of_question[name] if for_question else keys[name])
            sums, since = counts.at(place), counts.since(place, self.step)
            if for_question:
                sums, since, place = sums[question], since[question], place[question]
            places[name] = place
            features |= {f"{name}.{n}": sums[:, n] for n in range(len(HALF_LIVES))}
            if name != "relation":
                features[f"{name}.since"] = since
        for n in _SHARE_HALF_LIVES:
            for part, whole, least in (
                ("same", "asked", 0.1),
                ("pair", "subject", 0.1),
                ("deed", "relation", 0.1),
                ("deed", "object", 0.3),
                ("pair", "object", 0.3),
            ):
                share = features[f"{part}.{n}"] / (features[f"{whole}.{n}"] + np.float32(least))
                features[f"{part}/{whole}.{n}"] = share
        return features, places

    def _from_rules(self, questions: Questions, number: Integers) -> dict[str, Floats]:
        behind = self._behind(questions)
        row = np.searchsorted(number, behind.question * self.entities + self._triple_object[behind.triple])
        share, size = self.rules.shares[behind.rule], len(number)
        best = np.zeros(size, np.float32)
        np.maximum.at(best, row, share)
        second = np.zeros(size, np.float32)
        np.maximum.at(second, row, np.where(share >= best[row], np.float32(0), share))
        either = -np.bincount(row, np.log1p(-np.minimum(share, np.float32(0.98))), minlength=size)
        return {
            "rules.either": either.astype(np.float32),
            "rules.best": best,
            "rules.second": second,
            "rules.number": np.bincount(row, minlength=size).astype(np.float32),
        }

    def _from_map(
        self,
        questions: Questions,
        question: Integers,
        entity: Integers,
        places: Mapping[str, NDArray[np.intp]],
        near: Floats,
    ) -> dict[str, Floats]:
        unit = self._near.unit
        mine, theirs = unit[questions.subject[question]], unit[entity]
        deed, asked = places["deed"], places["asked"]
        return {
            "near": near,
            "alike": (mine * theirs).sum(axis=1),
            "doers.alike": _where(deed, (self._deed_unit[deed] * mine).sum(axis=1), -1),
            "doers.near": _where(deed, (self._deed_profile[deed] * mine).sum(axis=1), 0),
            "objects.alike": _where(asked, (self._asked_unit[asked] * theirs).sum(axis=1), -1),
        }


_COMPARED = (
    "rules.either", "rules.best", "pair.3", "pair.1", "deed.3", "near", "doers.near", "objects.alike", "walk.4",
)  # fmt: skip


def _within_question(features: Mapping[str, Floats], question: Integers) -> dict[str, Floats]:
    """Rank of each candidate among those of its question, and how far it is behind the first."""
    begins = np.flatnonzero(np.diff(question, prepend=-1))
    sizes = np.diff(np.append(begins, len(question)))
    first = np.repeat(begins, sizes)
    found: dict[str, Floats] = {}
    for name in _COMPARED:
        values = features[name]
        order = np.lexsort((-values, question))
        # Who ties has the same rank, whatever their numbers.
        place = np.arange(len(values))
        differs = np.diff(values[order], prepend=np.nan) != 0
        differs[begins] = True
        rank = np.empty(len(values), np.float32)
        rank[order] = np.maximum.accumulate(np.where(differs, place, 0)) - first[order]
        found[f"rank.{name}"] = rank
        if len(values):
            found[f"behind.{name}"] = values - np.repeat(np.maximum.reduceat(values, begins), sizes)
        else:
            found[f"behind.{name}"] = values
    return found


def _among(values: Integers, held: Integers) -> NDArray[np.bool_]:
    """Which values are among sorted ones."""
    if not len(held):
        return np.zeros(len(values), np.bool_)
    place = np.minimum(np.searchsorted(held, values), len(held) - 1)
    return np.asarray(held[place] == values)


def _highest(scores: Floats, most: int) -> Integers:
    most = min(most, scores.shape[1] - 1)
    return np.argpartition(-scores, most, axis=1)[:, :most].astype(np.int64)


def _where(places: NDArray[np.intp], values: Floats, otherwise: float) -> Floats:
    return np.where(places < 0, np.float32(otherwise), values)
