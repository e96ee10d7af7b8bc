"""What will A do to B next? Acts that may come between two, and what the days before say about each.

Acts of both directions are candidates: "A accuses B" beside "A is accused by B".
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.forecast.nearness import unit_rows
from detente.forecast.past import StepwisePast, slices
from detente.forecast.quadruples import Quadruples
from detente.forecast.rules import STRETCHES, stretch

Integers = NDArray[np.int64]
Floats = NDArray[np.float32]

MOST_ACTS = 80
"""Candidates a question. On ICEWS14's validation days 96% of acts are among them."""
_PRIOR_WEIGHT = 10.0
_HALF_LIVES = (1, 2, 3, 4, 5)
_WAY_HALF_LIVES = (2, 4)


class PairQuestions(NamedTuple):
    """Pairs that something happens between in a step, each in both orders, with what happens.

    Attributes:
        subject, object: Shape (questions,).
        question, act: What happens, shape (facts,): number of the question, and of the act, inverses included.
    """

    subject: Integers
    object: Integers
    question: Integers
    act: Integers


class Acts(NamedTuple):
    """Candidates in the order of question and act.

    Attributes:
        question, act: Shape (candidates,).
        features: Shape (candidates, features), named by `PairPast.names`.
    """

    question: Integers
    act: Integers
    features: Floats


class PairPast(StepwisePast):
    """All that is known before a step about what is done between whom."""

    def __init__(self, facts: Quadruples, entities: int, relations: int) -> None:
        super().__init__(facts, entities, relations)
        pair, self._act_of_triple = np.divmod(self._counts["same"].keys, self.acts)
        self._triple_begins = np.searchsorted(pair, self._counts["pair"].keys)
        self._triple_begins = np.append(self._triple_begins, len(pair))
        # By act of the past and stretch of time since: how often the pair met again, and what then happened.
        self._met = np.zeros(self.acts * STRETCHES)
        self._then = np.zeros((self.acts * STRETCHES, self.acts), np.float32)
        self._shares = np.zeros_like(self._then)
        self._usual = np.full(self.acts, 1 / self.acts, np.float32)
        subject, target = np.divmod(pair, entities)
        self._doer_of_triple = np.searchsorted(self._counts["doer"].keys, subject * self.acts + self._act_of_triple)
        self._object_of_triple = np.searchsorted(self._counts["object"].keys, target * self.acts + self._act_of_triple)
        self._triple_subject, self._triple_object = subject, target

    def _keys(self, facts: Quadruples) -> dict[str, Integers]:
        s, r, o, _ = facts
        return {
            "same": (s * self.entities + o) * self.acts + r,
            "pair": s * self.entities + o,
            "doer": s * self.acts + r,
            "object": o * self.acts + r,
            "act": r,
            "subjects": s,
            "objects": o,
            "way": (s * self.entities + o) * 2 + r // (self.acts // 2),
            "subjects.way": s * 2 + r // (self.acts // 2),
            "objects.way": o * 2 + r // (self.acts // 2),
        }

    def questions(self) -> PairQuestions:
        """What is asked of the coming step."""
        facts = self._coming()
        asked, question = np.unique(facts.subject * self.entities + facts.object, return_inverse=True)
        subject, target = np.divmod(asked, self.entities)
        return PairQuestions(subject, target, question.astype(np.int64), facts.relation)

    def about(self, subject: int, target: int) -> PairQuestions:
        """One pair, of whom nobody knows what comes."""
        nothing = np.zeros(0, np.int64)
        return PairQuestions(np.array([subject]), np.array([target]), nothing, nothing)

    def behind(self, questions: PairQuestions) -> tuple[Integers, Integers, Integers]:
        """Past acts between the questions' pairs: question, act and number of act and stretch since."""
        pair = self._counts["pair"].places(questions.subject * self.entities + questions.object)
        known = np.flatnonzero(pair >= 0)
        triple, owner = slices(self._triple_begins, pair[known])
        last = self._counts["same"].last[triple]
        came = last >= 0
        act = self._act_of_triple[triple[came]]
        return known[owner[came]], act, act * STRETCHES + stretch(self.step - last[came])

    def met(self, questions: PairQuestions) -> NDArray[np.bool_]:
        """Whether anything was recorded between each pair so far."""
        return self._counts["pair"].places(questions.subject * self.entities + questions.object) >= 0

    def rule_counts(self, past: int, act: int) -> tuple[int, int]:
        """How often a pair with that past met again, and how often that act was then among what happened.

        Args:
            past: Number of an act and the stretch of time since, as `behind` gives it.
        """
        return int(self._met[past]), int(self._then[past, act])

    def rule_share(self, past: int, act: int) -> float:
        """The share of the two, drawn toward what is usual where it was seen seldom."""
        return float(self._shares[past, act])

    def end_step(self) -> None:
        """Let the coming step happen."""
        questions = self.questions()
        question, _, past = self.behind(questions)
        happened = np.zeros((len(questions.subject), self.acts), np.float32)
        happened[questions.question, questions.act] = 1
        self._met += np.bincount(past, minlength=len(self._met))
        np.add.at(self._then, past, happened[question])
        if self._take_in():
            self._refit()

    def _refit(self) -> None:
        count = np.zeros(self.acts, np.float32)
        acts = self._counts["act"]
        count[acts.keys] = acts.sums[:, -1]
        self._usual = (count + 1) / (count.sum() + self.acts)
        seen = self._met[:, None].astype(np.float32)
        self._shares = (self._then + np.float32(_PRIOR_WEIGHT) * self._usual) / (seen + np.float32(_PRIOR_WEIGHT))

    def _place_on_map(self, came: NDArray[np.bool_], weight: Floats) -> None:
        from scipy.sparse import csr_matrix

        self._profiles: dict[str, Floats] = {}
        for name, place, other in (
            ("doer", self._doer_of_triple, self._triple_object),
            ("object", self._object_of_triple, self._triple_subject),
        ):
            shape = (len(self._counts[name].keys), self.entities)
            found = csr_matrix((weight, (place[came], other[came])), shape=shape) @ self._near.unit
            self._profiles[name] = unit_rows(found)

    def candidates(self, questions: PairQuestions) -> Acts:
        """Acts that may come between each pair, and what is known of each."""
        pairs, acts = len(questions.subject), self.acts
        question, _, past = self.behind(questions)
        begins = np.flatnonzero(np.diff(question, prepend=-1))
        which = question[begins]
        either = np.tile(-np.log1p(-self._usual), (pairs, 1))
        best = np.tile(self._usual, (pairs, 1))
        mean = np.tile(np.log(self._usual), (pairs, 1))
        if len(question):
            shares = self._shares[past]
            either[which] = np.add.reduceat(-np.log1p(-np.minimum(shares, np.float32(0.98))), begins)
            best[which] = np.maximum.reduceat(shares, begins)
            number = np.diff(np.append(begins, len(question))).astype(np.float32)[:, None]
            mean[which] = np.add.reduceat(np.log(shares), begins) / number
        row, act = (grid.ravel() for grid in np.meshgrid(np.arange(pairs), np.arange(acts), indexing="ij"))
        features: dict[str, Floats] = {}
        asked = Quadruples(questions.subject[row], act, questions.object[row], act)
        keys = self._keys(asked)
        for name in ("same", "doer", "object"):
            place = self._counts[name].places(keys[name])
            sums = self._counts[name].at(place)
            features |= {f"{name}.{n}": sums[:, n] for n in _HALF_LIVES}
            features[f"{name}.since"] = self._counts[name].since(place, self.step)
        whole = {
            "same": self._of_question("pair", questions.subject * self.entities + questions.object),
            "doer": self._of_question("subjects", questions.subject),
            "object": self._of_question("objects", questions.object),
        }
        usual = self._of_question("act", np.arange(acts))
        for n in _HALF_LIVES:
            common = usual[:, n] / max(float(usual[:, n].sum()), 1e-6)
            features[f"act.{n}"] = common[act].astype(np.float32)
            for name, weight in (("same", 1.0), ("doer", 10.0), ("object", 10.0)):
                drawn = features[f"{name}.{n}"] + np.float32(weight) * features[f"act.{n}"]
                features[f"share.{name}.{n}"] = drawn / (whole[name][row, n] + np.float32(weight))
        features |= {"rules.either": either.ravel(), "rules.best": best.ravel(), "rules.mean": mean.ravel()}
        features |= {f"pair.{n}": whole["same"][row, n] for n in _HALF_LIVES}
        for name, of in (("way", "same"), ("subjects.way", "doer"), ("objects.way", "object")):
            share = self._of_question(name, keys[name])
            for n in _WAY_HALF_LIVES:
                drawn = (share[:, n] + np.float32(0.5)) / (whole[of][row, n] + np.float32(1))
                features[f"share.{name}.{n}"] = drawn.astype(np.float32)
        likely = (
            features["rules.either"] + features["share.same.4"] + features["share.doer.4"] + features["share.object.4"]
        ).reshape(pairs, acts)
        most = min(MOST_ACTS, acts)
        kept = np.zeros((pairs, acts), np.bool_)
        np.put_along_axis(kept, np.argsort(-likely, axis=1, kind="stable")[:, :most], True, axis=1)
        chosen = kept.ravel()
        features = {name: values[chosen] for name, values in features.items()}
        row, act = row[chosen], act[chosen]
        self.update_map()
        for name, mine, other in (
            ("doer", questions.subject, questions.object),
            ("object", questions.object, questions.subject),
        ):
            place = self._counts[name].places(mine[row] * acts + act)
            alike = (self._profiles[name][place] * self._near.unit[other[row]]).sum(axis=1)
            features[f"alike.{name}"] = np.where(place < 0, -1, alike).astype(np.float32)
        both = features["share.doer.4"] * features["share.object.4"] / np.maximum(features["act.4"], np.float32(1e-6))
        features["share.both"] = both.astype(np.float32)
        for name in ("share.both", "share.same.3", "share.same.5", "rules.best", "alike.doer", "alike.object"):
            values = features[name].reshape(pairs, most)
            features[f"rank.{name}"] = _places(-values).ravel().astype(np.float32)
            features[f"behind.{name}"] = (values - values.max(axis=1, keepdims=True)).ravel()
        features["rank.likely"] = _places(-likely)[kept].astype(np.float32)
        self.names = tuple(features)
        return Acts(row, act, np.stack(list(features.values()), axis=1))

    def _of_question(self, name: str, keys: Integers) -> Floats:
        counts = self._counts[name]
        return counts.at(counts.places(keys))


def _places(rows: Floats) -> Integers:
    """Each value's place in its row, smallest first."""
    order = np.argsort(rows, axis=1, kind="stable")
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(rows.shape[1])[None, :], axis=1)
    return places
