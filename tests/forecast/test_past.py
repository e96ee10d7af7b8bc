"""What is known before a step rests on earlier steps alone, whatever is asked of it."""

from __future__ import annotations

import numpy as np
import pytest
from tests.forecast.next_event_examples import ENTITIES, RELATIONS, made_up_facts

from detente.forecast.acts import PairPast
from detente.forecast.candidates import Past
from detente.forecast.quadruples import Quadruples, both_ways


@pytest.mark.parametrize("kind", [Past, PairPast])
def test_what_is_known_of_candidates_is_frozen_when_a_day_ends(kind: type[Past | PairPast]) -> None:
    whole = Quadruples(*np.array(made_up_facts()).T)
    cut = whole.chosen(whole.time <= 20)
    known, ahead = (kind(both_ways(facts, RELATIONS), ENTITIES, RELATIONS) for facts in (cut, whole))
    for past in (known, ahead):
        while past.step < 20:
            past.end_step()
    questions = known.questions()
    one, two = known.candidates(questions), ahead.candidates(questions)
    assert len(one.question)
    for mine, theirs in zip(one, two, strict=True):
        np.testing.assert_array_equal(mine, theirs)
