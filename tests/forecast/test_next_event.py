"""The measure of forecasts in temporal knowledge graphs, and that nothing is learned from later days."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.forecast.next_event_examples import ENTITIES, RELATIONS, made_up_facts, write_folder

from detente.errors import ForecastError
from detente.forecast.candidates import Candidates, Past, Questions
from detente.forecast.next_event import NextEventScores, Ranked, evaluate_next_event, rank_steps, ranks, score_ranks
from detente.forecast.quadruples import read_facts


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("facts") / "made-up", made_up_facts())


@pytest.fixture(scope="module")
def told_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the predictions of `scores` are written."""
    return tmp_path_factory.mktemp("told") / "told.jsonl"


@pytest.fixture(scope="module")
def scores(folder: Path, told_in: Path) -> NextEventScores:
    """What the forecaster earns on the made-up world, which it learns once for all tests."""
    return evaluate_next_event(folder, threads=1, predictions=told_in)


Said = dict[tuple[int, int, int, int], dict[int, float]]
"""Scores of candidates, by day, subject, act and direction."""


@pytest.fixture(scope="module")
def asked(folder: Path) -> tuple[list[Ranked], Said]:
    """The last five days asked step by step, with what was said of each candidate."""
    read = read_facts(folder)
    state = [int(name.removeprefix("State ")) for name in read.entities]
    lines = (folder / "relation2id.txt").read_text(encoding="utf-8").splitlines()
    act = [[line.split("\t")[0].replace("_", " ") for line in lines].index(name) for name in read.relations]
    said: Said = {}

    def told(past: Past, questions: Questions, found: Candidates, scores: NDArray[np.float64]) -> None:
        for number, (subject, relation) in enumerate(zip(questions.subject, questions.relation, strict=True)):
            inverse, kind = divmod(int(relation), RELATIONS)
            mine = found.question == number
            said[past.step, state[subject], act[kind], inverse] = {
                state[entity]: score for entity, score in zip(found.entity[mine], scores[mine], strict=True)
            }

    return list(rank_steps(read, 45, 49, threads=1, told=told)), said


def _rank(entity: list[int], score: list[float], answers: list[int], entities: int = 10) -> list[float]:
    question = np.zeros(len(entity), np.int64)
    found = ranks(question, np.array(entity), np.array(score), np.array(answers), entities)
    return found[2].tolist()


def test_other_right_answers_do_not_stand_before_an_answer() -> None:
    assert _rank([1, 2, 3], [0.9, 0.8, 0.7], [1, 3]) == [1, 2]


def test_who_ties_with_the_answer_counts_half() -> None:
    assert _rank([1, 2, 3, 4], [0.9, 0.5, 0.5, 0.5], [3]) == [3]


def test_an_answer_that_is_no_candidate_ties_with_all_others_that_are_none() -> None:
    # Ten entities, two candidates: the answer is one of eight that tie, in the middle of ranks 3 to 10.
    assert _rank([1, 2], [0.9, 0.5], [7]) == [6.5]
    # The other right answer outside is removed.
    assert _rank([1, 2], [0.9, 0.5], [7, 8]) == [6, 6]


def test_without_candidates_all_entities_tie() -> None:
    assert _rank([], [], [4]) == [5.5]


def test_ranks_agree_with_a_count_by_hand() -> None:
    chance = np.random.default_rng(5)
    question = np.repeat(np.arange(6), 9)
    entity = np.concatenate([np.sort(chance.choice(20, 9, replace=False)) for _ in range(6)])
    score = chance.integers(0, 4, 54).astype(float)
    answers = np.unique(chance.integers(0, 120, 25))
    for asked, answer, rank in zip(*ranks(question, entity, score, answers, 20), strict=True):
        of_question = {int(n) % 20 for n in answers if n // 20 == asked}
        table = dict.fromkeys(range(20), -1.0) | {
            int(e): float(v) for q, e, v in zip(question, entity, score, strict=True) if q == asked
        }
        rivals = [v for e, v in table.items() if e not in of_question]
        mine = table[int(answer)]
        assert rank == 1 + sum(v > mine for v in rivals) + sum(v == mine for v in rivals) / 2


def test_every_fact_is_asked_in_both_directions(folder: Path, asked: tuple[list[Ranked], Said]) -> None:
    found, _ = asked
    assert read_facts(folder).parts[1] == 45
    test = [line for line in (folder / "test.txt").read_text(encoding="utf-8").splitlines() if line]
    assert score_ranks(found, 0.0).n == 2 * len(test)


def test_habits_and_answers_are_learned(scores: NextEventScores) -> None:
    # 70% of acts go to the partner of habit; half of the questions by chance alone would earn about 0.13.
    assert scores.mrr > 0.6
    assert scores.mrr_seen > scores.mrr_new
    assert 0 < scores.hits[0] <= scores.hits[1] <= scores.hits[2] <= 1


def test_planted_later_facts_change_no_forecast(tmp_path: Path, folder: Path) -> None:
    honest = made_up_facts()
    planted = [(s, r, (o + 11) % ENTITIES, t) for s, r, o, t in honest if t > 46]
    other = write_folder(tmp_path / "planted", sorted({*honest, *planted}, key=lambda f: (f[3], f)))
    before = list(rank_steps(read_facts(folder), 45, 46, threads=1))
    after = list(rank_steps(read_facts(other), 45, 46, threads=1))
    for one, two in zip(before, after, strict=True):
        assert one.rank.tolist() == two.rank.tolist()


@pytest.mark.parametrize(
    ("name", "line", "text", "said"),
    [
        ("test.txt", 3, "1\t2\tx\t1080", "object 'x' is no whole number"),
        ("train.txt", 2, "1\t2\t3", "3 columns, expected 4"),
        ("valid.txt", 1, "1\t2\t99\t960", "object 99 is not in entity2id.txt"),
        ("valid.txt", 1, "1\t9\t3\t960", "relation 9 is not in relation2id.txt"),
        ("entity2id.txt", 4, "Nowhere", "is no name, tab and number"),
        pytest.param("entity2id.txt", 4, "State\t" + "1" * 5000, "is no name, tab and number", id="endless-number"),
        ("relation2id.txt", 2, "Accuse\t0", "number 0 has the name 'Make a visit' already"),
    ],
)
def test_a_bad_line_is_named_with_its_file(tmp_path: Path, name: str, line: int, text: str, said: str) -> None:
    folder = write_folder(tmp_path / "bad", made_up_facts())
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    lines[line - 1] = text
    (folder / name).write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ForecastError, match=f"{name}, line {line}: .*{said}"):
        read_facts(folder)


def test_parts_that_overlap_in_time_are_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "bad", made_up_facts())
    with (folder / "test.txt").open("a", encoding="utf-8") as file:
        file.write("1\t2\t3\t240\n")
    with pytest.raises(ForecastError, match=r"test\.txt, line \d+: time 240 is not after the part before"):
        read_facts(folder)


def test_a_time_that_lies_centuries_ahead_is_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "bad", made_up_facts())
    with (folder / "test.txt").open("a", encoding="utf-8") as file:
        file.write(f"1\t2\t3\t{24 * 80_000_000}\n")
    with pytest.raises(ForecastError, match=r"80,000,001 steps of 24 .* facts in 51 of them\. Mend the times"):
        read_facts(folder)


def test_days_without_facts_are_forecast_past(tmp_path: Path) -> None:
    quiet = {38, 44, 47}
    facts = [fact for fact in made_up_facts() if fact[3] not in quiet]
    scores = evaluate_next_event(write_folder(tmp_path / "quiet", facts), threads=1)
    assert scores.n == 2 * sum(fact[3] >= 45 for fact in facts)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ForecastError, match=r"entity2id\.txt: No such file"):
        read_facts(tmp_path)


def test_numbers_come_out_under_the_names_that_were_agreed(scores: NextEventScores) -> None:
    report = scores.as_json()
    assert list(report) == ["mrr", "hits@1", "hits@3", "hits@10", "mrr_seen", "mrr_new", "n", "seconds"]


def test_every_prediction_names_earlier_rows_that_speak_for_it(
    scores: NextEventScores, told_in: Path, folder: Path
) -> None:
    told = [json.loads(line) for line in told_in.read_text(encoding="utf-8").splitlines()]
    rows = {
        f"{name}:{number}": line.split("\t")
        for name in ("train.txt", "valid.txt", "test.txt")
        for number, line in enumerate((folder / name).read_text(encoding="utf-8").splitlines(), 1)
    }
    assert {(line["inverse"]) for line in told} == {False, True}
    for line in told:
        assert len(line["predictions"]) == 10
        for prediction in line["predictions"]:
            assert prediction["grounds"]
            for ground in prediction["grounds"]:
                assert ground["last"] < line["time"]
                newest = rows[ground["rows"][0]]
                assert int(newest[3]) == ground["last"]
                names = {f"State {newest[0]}", f"State {newest[2]}"}
                assert prediction["entity"] in names or ground["kind"] == "partner"
                if ground["kind"] == "pair":
                    assert names == {line["subject"], prediction["entity"]}
                    assert ground["rule_right"] <= ground["rule_seen"]


def test_the_order_of_names_in_the_lists_tells_nothing(folder: Path) -> None:
    read = read_facts(folder)
    assert sorted(read.entities) == sorted(f"State {n}" for n in range(ENTITIES))
    assert list(read.entities) != [f"State {n}" for n in range(ENTITIES)]
    name, line = read.rows[0].split(":")
    cells = (folder / name).read_text(encoding="utf-8").splitlines()[int(line) - 1].split("\t")
    assert read.entities[read.facts.subject[0]] == f"State {cells[0]}"
    assert read.entities[read.facts.object[0]] == f"State {cells[2]}"
    assert read.facts.time[0] == int(cells[3]) / 24


def test_ranks_agree_with_a_count_over_all_facts(asked: tuple[list[Ranked], Said]) -> None:
    ranked, said = asked
    facts = [(day, s, r, 0, o) for s, r, o, day in made_up_facts()]
    facts += [(day, o, r, 1, s) for day, s, r, _, o in facts]
    by_hand = []
    for day, subject, relation, inverse, answer in facts:
        if day >= 45:
            question = (subject, relation, inverse)
            right = {other for on, *put, other in facts if on == day and tuple(put) == question}
            score = said[day, *question]
            mine = score.get(answer, -np.inf)
            rivals = [score.get(other, -np.inf) for other in range(ENTITIES) if other not in right]
            rank = 1 + sum(v > mine for v in rivals) + sum(v == mine for v in rivals) / 2
            by_hand.append((rank, any(on < day and before == [*question, answer] for on, *before in facts)))
    assert sorted(by_hand) == sorted((r, s) for each in ranked for r, s in zip(each.rank, each.seen, strict=True))
