"""What may come next between two states, its reasons, and that nothing later than the day asked from is used."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.console import run
from tests.sources.database_examples import icews, table

from detente.engine.imports import import_events
from detente.errors import ForecastError
from detente.forecast.act_chances import learn_chances
from detente.forecast.acts import PairPast
from detente.forecast.dyad_next import DyadNext, next_acts
from detente.forecast.quadruples import Quadruples, both_ways
from detente.terms import Dyad

STATES = ("United States", "Russian Federation", "China", "India", "Turkey")
FIRST = date(2018, 1, 1)
PAIR = Dyad("RUS", "USA")


def _rows(days: int, seed: int = 1) -> list[str]:
    """The first pair consults on most days; others do this and that."""
    chance, found, number = random.Random(seed), [], 1000
    for day in range(days):
        said = (FIRST + timedelta(days=day)).isoformat()
        acts = [("040", STATES[0], STATES[1])] if chance.random() < 0.8 else [("112", STATES[1], STATES[0])]
        for _ in range(3):
            who, whom = chance.sample(STATES, 2)
            acts.append((chance.choice(("040", "112", "130", "050", "070")), who, whom))
        for code, who, whom in acts:
            number += 1
            found.append(icews(code, who, whom, said, event=str(number)))
    return found


def _dossier(folder: Path, rows: list[str]) -> Path:
    folder.mkdir()
    (folder / "events.tab").write_text(table("icews", *rows), encoding="utf-8")
    import_events("icews", [folder / "events.tab"], folder=folder)
    return folder


@pytest.fixture(scope="module")
def ninety_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dossier with ninety days of acts; never written to."""
    folder = tmp_path_factory.mktemp("acts")
    run(f"detente new {folder / 'd'} --dyad RUS-USA --since 2018-01-01")
    (folder / "events.tab").write_text(table("icews", *_rows(90)), encoding="utf-8")
    run(f"detente import icews {folder / 'events.tab'} --dossier {folder / 'd'}")
    return folder / "d"


@pytest.fixture(scope="module")
def in_march(ninety_days: Path) -> DyadNext:
    """What may come next when seventy of the ninety days have passed."""
    return next_acts(ninety_days, PAIR, "icews", as_of=FIRST + timedelta(days=69))


def test_habit_comes_first_and_names_its_rows(ninety_days: Path) -> None:
    found = next_acts(ninety_days, PAIR, "icews", as_of=date(2018, 12, 31))
    first = found.acts[0]
    assert (first.actor, first.recipient, first.type) == ("USA", "RUS", "CONSULT")
    assert len(found.acts) == 10
    assert 0.4 < first.chance < 1
    assert sum(act.chance for act in found.acts) <= 1 + 1e-9
    same = next(reason for reason in first.reasons if reason.kind == "same")
    assert same.count > 50
    assert all(row.startswith("events.tab:") for row in same.rows)
    assert found.day == FIRST + timedelta(days=89)
    assert found.held_out is not None
    assert found.held_out.log_loss < found.held_out.log_loss_own + 0.5


def test_planted_later_rows_change_nothing(tmp_path: Path, in_march: DyadNext) -> None:
    rows = _rows(90)
    day = FIRST + timedelta(days=69)
    later = [icews("190", STATES[0], STATES[1], f"2018-03-{d:02d}", event=str(9000 + d)) for d in range(12, 31)]
    planted = next_acts(_dossier(tmp_path / "b", rows + later), PAIR, "icews", as_of=day)
    assert day == date(2018, 3, 11)
    assert in_march == planted


def test_every_reason_has_rows_of_its_act_and_nothing_after_the_day(in_march: DyadNext) -> None:
    rows = _rows(90)
    day = date(2018, 3, 11)
    found = in_march
    assert all(act.reasons for act in found.acts[:3])
    for act in found.acts:
        for reason in act.reasons:
            assert reason.rows
            assert reason.last is not None
            assert reason.last <= day
            for row in reason.rows:
                # The header is line 1.
                cells = rows[int(row.split(":")[1]) - 2].split("\t")
                assert date.fromisoformat(cells[1]) <= reason.last


def test_a_pair_without_rows_is_refused_with_the_remedy(tmp_path: Path) -> None:
    folder = _dossier(tmp_path / "d", _rows(40))
    with pytest.raises(ForecastError, match=r"CUB-USA: icews has no act between the two .* Import more of it"):
        next_acts(folder, Dyad("CUB", "USA"), "icews", as_of=date(2018, 12, 31))


def test_too_few_days_to_learn_from_are_refused(tmp_path: Path) -> None:
    folder = _dossier(tmp_path / "d", _rows(5))
    with pytest.raises(ForecastError, match="past days of pairs to learn from, at least"):
        next_acts(folder, PAIR, "icews", as_of=date(2018, 12, 31))


@pytest.mark.parametrize(("language", "said"), [("en", "Recorded"), ("fr", "Relevé"), ("ru", "Записано")])
def test_the_command_says_it_in_three_languages(ninety_days: Path, language: str, said: str) -> None:
    done = run(f"detente next-event --dossier {ninety_days} --as-of 2018-03-20 --lang {language}")
    assert done.code == 0, done.err
    assert said in done.out
    assert "events.tab:" in done.out


def test_the_command_tells_programs_the_same_ten_acts(ninety_days: Path) -> None:
    done = run(f"detente next-event --dossier {ninety_days} --as-of 2018-03-20 --lang fr --json")
    machine = json.loads(done.out)
    assert machine["day"] == "2018-03-20"
    assert len(machine["acts"]) == 10


def test_chances_of_a_question_add_up_to_one() -> None:
    chance = random.Random(2)
    facts = sorted({(chance.randrange(6), chance.randrange(4), chance.randrange(6), t // 4) for t in range(400)},
                   key=lambda f: f[3])  # fmt: skip
    columns = [list(column) for column in zip(*[f for f in facts if f[0] != f[2]], strict=True)]
    import numpy as np

    past = PairPast(both_ways(Quadruples(*(np.array(c) for c in columns)), 4), 6, 4)
    lessons = []
    while past.step < 99:
        if past.step > 40:
            questions = past.questions()
            lessons.append((questions, past.candidates(questions)))
        past.end_step()
    learned = learn_chances(lessons, past)
    found = past.candidates(past.about(0, 1))
    assert sum(learned.chances(found, past.names)) == pytest.approx(1)
