"""What lies behind two, as many small signs, most of them absent: the input of `detente.forecast.act_net`.

Signs of a question about A and B are the acts between the two, each with the stretch of time since the last and its
share in what was recorded between them; the shares of acts in all that A did and suffered, and B; who they are, of what
kind and from where, so that "police of India" and "a protester of India" tell of two who never met; and what was
recorded between such kinds, and between such places.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.forecast.act_net import ActNet, Shown, log_chances, mirror
from detente.forecast.acts import Acts, PairPast, PairQuestions
from detente.forecast.kinds import NOWHERE, kinds_of
from detente.forecast.past import slices
from detente.forecast.quadruples import Quadruples
from detente.forecast.recurrence import FadingCounts
from detente.forecast.rules import STRETCHES, stretch

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Integers = NDArray[np.int64]
Floats = NDArray[np.float32]

_OF_ACTS = (
    *("pair.short", "pair.long", "pair.ever"),
    *("subject.middle", "subject.ever", "object.middle", "object.ever"),
    *("kinds.long", "places.middle", "places.ever"),
)
"""Signs that there is one of for each act, in the order of acts."""
_LEAST_SHARE = 0.0025
"""Smaller shares of acts are no signs: there are hundreds of them for a busy actor, and they tell nothing."""
_WEEK = 7
_NUMBERS = 8
_SHORT, _MIDDLE, _LONG, _EVER = 1, 2, 3, 5
"""Places in `HALF_LIVES`: 3, 10 and 30 steps, and the plain count."""


class _ActsOf:
    """The acts that were counted under each group, where keys are the group's number times the acts plus the act."""

    def __init__(self, counts: FadingCounts, acts: int) -> None:
        self.counts = counts
        group, self._act = np.divmod(counts.keys, acts)
        self.groups, begins = np.unique(group, return_index=True)
        self._begins = np.append(begins, len(group))

    def numbers(self, groups: Integers) -> Integers:
        """The number of each group, -1 for one that is not counted."""
        found = np.minimum(np.searchsorted(self.groups, groups), len(self.groups) - 1)
        return np.where(self.groups[found] == groups, found, -1)

    def behind(self, groups: Integers) -> tuple[Integers, Integers, Integers]:
        """Acts recorded so far under the groups: place among the groups asked of, act, place among the counts."""
        numbers = self.numbers(groups)
        known = np.flatnonzero(numbers >= 0)
        place, owner = slices(self._begins, numbers[known])
        came = self.counts.last[place] >= 0
        place = place[came]
        return known[owner[came]], self._act[place], place


class SignedPast(PairPast):
    """All that is known before a step about what is done between whom, and the signs of it.

    Args:
        names: Of the entities, by number.

    Attributes:
        signs_in_all: How many there are.
        direct: First columns of the signs that tell of each act itself, those of the pair first.
        nets: Once there are any, what they say on the mean is one of the features of candidates, `net`.
    """

    def __init__(self, facts: Quadruples, names: Sequence[str], relations: int) -> None:
        self.nets: Sequence[ActNet] = ()
        self._kinds = kinds_of(names)
        self._somewhere = np.array(self._kinds.places)[self._kinds.place] != NOWHERE
        super().__init__(facts, len(names), relations)
        self._of = {name: _ActsOf(self._counts[name], self.acts) for name in ("same", "doer", "kinds", "places")}
        # Each sign's first column. Columns of what never came stay empty: they move no other's weight.
        sizes = {
            "last": self.acts * STRETCHES,
            **dict.fromkeys(_OF_ACTS, self.acts),
            **dict.fromkeys(("subject", "object"), self.entities),
            **dict.fromkeys(("subject.kind", "object.kind"), len(self._kinds.kinds)),
            **dict.fromkeys(("subject.place", "object.place"), len(self._kinds.places)),
            "kinds": len(self._of["kinds"].groups),
            "places": len(self._of["places"].groups),
            "numbers": _NUMBERS + _WEEK,
        }
        ends = np.cumsum(list(sizes.values()))
        self.signs_in_all = int(ends[-1])
        self._column = dict(zip(sizes, (ends - list(sizes.values())).tolist(), strict=True))
        self.direct = tuple(self._column[name] for name in _OF_ACTS)

    def _groups(self, subject: Integers, target: Integers) -> dict[str, Integers]:
        kind, place = self._kinds.kind, self._kinds.place
        return {
            "kinds": kind[subject] * len(self._kinds.kinds) + kind[target],
            "places": place[subject] * len(self._kinds.places) + place[target],
        }

    def _keys(self, facts: Quadruples) -> dict[str, Integers]:
        groups = self._groups(facts.subject, facts.object)
        return super()._keys(facts) | {name: group * self.acts + facts.relation for name, group in groups.items()}

    def signs(self, subject: Integers, target: Integers) -> csr_matrix:
        """Signs of what the first of each pair may do to the second, shape (pairs, signs_in_all)."""
        from scipy.sparse import csr_matrix

        row: list[Integers] = []
        column: list[Integers] = []
        value: list[Floats] = []

        def sign(name: str, rows: Integers, columns: Integers | int, values: NDArray[np.generic] | float = 1.0) -> None:
            row.append(rows)
            column.append(np.broadcast_to(self._column[name] + np.asarray(columns), rows.shape))
            value.append(np.broadcast_to(np.asarray(values, np.float32), rows.shape))

        def shares(of: str, groups: Integers, named: str, half_lives: dict[str, int]) -> None:
            rows, acts, places = self._of[of].behind(groups)
            for ending, half_life in half_lives.items():
                sums = self._counts[of].sums[places, half_life]
                share = sums / np.maximum(np.bincount(rows, sums, minlength=len(groups))[rows], 1e-9)
                told = share > _LEAST_SHARE
                sign(f"{named}.{ending}", rows[told], acts[told], np.sqrt(share[told]))

        every = np.arange(len(subject))
        pair = subject * self.entities + target
        rows, acts, places = self._of["same"].behind(pair)
        sign("last", rows, acts * STRETCHES + stretch(self.step - self._counts["same"].last[places]))
        sign("pair.short", rows, acts, np.sqrt(self._counts["same"].sums[places, _SHORT]))
        shares("same", pair, "pair", {"long": _LONG, "ever": _EVER})
        shares("doer", subject, "subject", {"middle": _MIDDLE, "ever": _EVER})
        shares("doer", target, "object", {"middle": _MIDDLE, "ever": _EVER})
        groups = self._groups(subject, target)
        shares("kinds", groups["kinds"], "kinds", {"long": _LONG})
        shares("places", groups["places"], "places", {"middle": _MIDDLE, "ever": _EVER})
        for name, who in (("subject", subject), ("object", target)):
            sign(name, every, who)
            sign(f"{name}.kind", every, self._kinds.kind[who])
            sign(f"{name}.place", every, self._kinds.place[who])
        for name, group in groups.items():
            numbers = self._of[name].numbers(group)
            sign(name, every[numbers >= 0], numbers[numbers >= 0])
        for number, values in enumerate(self._numbers(subject, target)):
            sign("numbers", every, number, values)
        sign("numbers", every, _NUMBERS + self.step % _WEEK)
        cells = (np.concatenate(value), (np.concatenate(row), np.concatenate(column)))
        return csr_matrix(cells, shape=(len(subject), self.signs_in_all), dtype=np.float32)

    def candidates(self, questions: PairQuestions) -> Acts:
        """Acts that may come between each pair, and what is known of each, the networks' word included."""
        found = super().candidates(questions)
        if not self.nets:
            return found
        low, high, which = self._pairs(questions)
        said = log_chances(self.nets, self.signs(low, high), self.signs(high, low))[which]
        said = np.where((questions.subject > questions.object)[:, None], mirror(said), said)
        self.names = (*self.names, "net")
        return Acts(*found[:2], np.column_stack([found.features, said[found.question, found.act]]))

    def shown(self) -> Shown:
        """What comes in the coming step with its signs, each pair once."""
        from scipy.sparse import csr_matrix

        questions = self.questions()
        low, high, which = self._pairs(questions)
        forth = (questions.subject <= questions.object)[questions.question]
        cells = which[questions.question[forth]], questions.act[forth]
        came = csr_matrix((np.ones(forth.sum(), np.float32), cells), shape=(len(low), self.acts))
        return Shown(self.signs(low, high), self.signs(high, low), came)

    def _pairs(self, questions: PairQuestions) -> tuple[Integers, Integers, Integers]:
        """Each pair once, the lower number first, and which of them each question is about."""
        low, high = np.minimum(questions.subject, questions.object), np.maximum(questions.subject, questions.object)
        pairs, which = np.unique(low * self.entities + high, return_inverse=True)
        return *np.divmod(pairs, self.entities), which

    def _numbers(self, subject: Integers, target: Integers) -> tuple[NDArray[np.generic], ...]:
        """How much is known of the two, each number of the size of one."""
        pair, busy = self._counts["pair"], self._counts["subjects"]
        place = pair.places(subject * self.entities + target)
        counts = pair.at(place)
        at_home = self._kinds.place[subject] == self._kinds.place[target]
        return (
            np.log1p(counts[:, _EVER]) / 3,
            np.log1p(counts[:, _MIDDLE]) / 2,
            np.log1p(pair.since(place, self.step)) / 4,
            np.log1p(busy.at(busy.places(subject))[:, _EVER]) / 5,
            np.log1p(busy.at(busy.places(target))[:, _EVER]) / 5,
            (place >= 0).astype(np.float32),
            (at_home & self._somewhere[subject]).astype(np.float32),
            np.ones(len(subject), np.float32),
        )
