"""The network over signs: it reads kinds of actors, says the same from both sides, and knows nothing of later days."""

from __future__ import annotations

import random

import numpy as np
import pytest
from scipy.sparse import csr_matrix, hstack, vstack
from tests.forecast.next_event_examples import ENTITIES, RELATIONS, made_up_facts

from detente.forecast.act_net import ActNet, Shown, log_chances, mirror
from detente.forecast.act_signs import SignedPast
from detente.forecast.kinds import kinds_of
from detente.forecast.quadruples import Quadruples, both_ways

NAMES = tuple(f"{kind} ({place})" for place in "ABCDEFGHIJ" for kind in ("Police", "Protester", "Minister"))
assert len(NAMES) == ENTITIES


def facts_of(rows: list[tuple[int, int, int, int]]) -> Quadruples:
    return both_ways(Quadruples(*np.array(sorted(rows, key=lambda row: row[3])).T), RELATIONS)


def learned_until(past: SignedPast, step: int) -> list[ActNet]:
    shown = []
    while past.step < step:
        if len(past.questions().subject):
            shown.append(past.shown())
        past.end_step()
    whole = Shown(*(vstack(parts).tocsr() for parts in zip(*shown, strict=True)))
    return [ActNet(whole, past.direct, seed=seed) for seed in (0, 1)]


def test_kinds_of_actors_tell_of_two_who_never_met() -> None:
    chance = random.Random(1)
    rows = []
    for day in range(40):
        # In the first nine places police meet protesters with act 0 and ministers with act 1.
        for _ in range(8):
            place = chance.randrange(9)
            other = chance.choice((1, 2))
            rows.append((3 * place, other - 1, 3 * place + other, day))
    past = SignedPast(facts_of(sorted(set(rows), key=lambda row: row[3])), NAMES, RELATIONS)
    nets = learned_until(past, 40)
    police, protester, minister = 27, 28, 29
    low, high = np.array([police, police]), np.array([protester, minister])
    said = np.exp(log_chances(nets, past.signs(low, high), past.signs(high, low)))
    assert not past.met(past.about(police, protester)).any()
    assert said[0].argmax() == 0
    assert said[1].argmax() == 1


@pytest.fixture(scope="module")
def known() -> tuple[SignedPast, list[ActNet]]:
    past = SignedPast(facts_of(made_up_facts()), NAMES, RELATIONS)
    return past, learned_until(past, 30)


def test_both_sides_of_a_pair_are_told_the_same(known: tuple[SignedPast, list[ActNet]]) -> None:
    past, past.nets = known
    questions = past.questions()
    found = past.candidates(questions)
    # All eight acts are candidates, so that each question has a row of eight.
    said = found.features[:, past.names.index("net")].reshape(len(questions.subject), 2 * RELATIONS)
    row = {pair: i for i, pair in enumerate(zip(questions.subject.tolist(), questions.object.tolist(), strict=True))}
    other = [row[target, subject] for subject, target in row]
    np.testing.assert_array_equal(said, mirror(said[other]))


def test_facts_of_later_days_change_neither_what_is_learned_nor_what_is_said(
    known: tuple[SignedPast, list[ActNet]],
) -> None:
    ahead, ahead.nets = known
    before = [row for row in made_up_facts() if row[3] <= 30]
    planted = [(subject, (relation + 1) % RELATIONS, target, 31) for subject, relation, target, _ in before]
    for rows in (before, before + sorted(set(planted))):
        past = SignedPast(facts_of(rows), NAMES, RELATIONS)
        past.nets = learned_until(past, 30)
        questions = past.questions()
        for mine, theirs in zip(past.candidates(questions), ahead.candidates(questions), strict=True):
            np.testing.assert_array_equal(mine, theirs)


def test_a_sign_never_seen_changes_nothing() -> None:
    chance = np.random.default_rng(1)
    signs = csr_matrix(chance.integers(0, 2, (60, 12)).astype(np.float32))
    came = csr_matrix(np.eye(4, dtype=np.float32)[chance.integers(0, 4, 60)])
    wider = hstack([signs, csr_matrix((60, 5), dtype=np.float32)]).tocsr()
    one, two = (ActNet(Shown(each, each, came), seed=3).log_chances(each) for each in (signs, wider))
    np.testing.assert_array_equal(one, two)
    np.testing.assert_allclose(np.exp(one).sum(axis=1), 1, rtol=1e-5)


def test_a_name_with_two_brackets_keeps_the_first_in_its_kind() -> None:
    found = kinds_of(("Member of Legislative (Govt) (India)", "India", "UN"))
    told = [(found.kinds[k], found.places[p]) for k, p in zip(found.kind, found.place, strict=True)]
    assert told == [("Member of Legislative (Govt)", "India"), ("(state)", "India"), ("(other)", "")]
