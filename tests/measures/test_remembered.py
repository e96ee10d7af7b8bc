"""What is remembered of a series is what would be measured anew: day after day, damaged, or lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from measure_examples import MONDAY, RUS_USA, noise, weekly

from detente.engine import DaySum, ImportedEvents, Kept
from detente.measures import Series, find_breaks, remembered, series_of
from detente.measures.breaks import counted_breaks, value_breaks, with_counted, with_days
from detente.measures.deeds import curves
from detente.measures.online_breaks import online_breaks
from detente.measures.outlook import look_ahead
from detente.measures.reciprocity import reciprocity
from detente.measures.remembered import remembered as asked
from detente.measures.third_parties import third_parties
from detente.terms import Dyad

DAYS = 64 * 7


def rows(seed: int) -> ImportedEvents:
    """Days of a database that take another level halfway, in both directions."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(DAYS):
        for name in ("RUS-USA", "RUS>USA", "USA>RUS"):
            scores = np.round(rng.normal(4 * (number > DAYS / 2), 3, 3).clip(-10, 10) * 10).astype(int)
            sums = [2000 * int(part) for part in (3, scores.sum(), (scores**2).sum())]
            kinds = [2000 * int(((scores > 0) == good).sum()) for good in (True, True, False, False)]
            found.append(DaySum(name, MONDAY.toordinal() + number, 1, 3, *sums, *kinds))
    return ImportedEvents("gdelt", RUS_USA, tuple(found))


def answers(events: ImportedEvents, days: int, ask: Callable[..., Any]) -> list[Any]:
    """Every measure that is remembered, of the days so far."""
    end = MONDAY + timedelta(days=days - 1)
    given: dict[str, Any] = {"start": MONDAY, "end": end}
    week, first, second = (
        series_of(events, RUS_USA, series=name, **given) for name in ("RUS-USA", "RUS>USA", "USA>RUS")
    )
    said, done = (series_of(events, RUS_USA, step="month", what=what, **given) for what in ("verbal", "material"))
    breaks = ask(find_breaks, week)
    return [
        with_days(breaks, series_of(events, RUS_USA, step="day", **given), "week"),
        ask(online_breaks, week),
        ask(look_ahead, week),
        ask(curves, said, done),
        ask(reciprocity, first, second, breaks=breaks.turns, draws=9),
        ask(third_parties, week, {("CHN", "RUS"): first}, {"RUS": second}, breaks=breaks.turns, draws=9),
    ]  # fmt: skip


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 99), steps=st.lists(st.integers(0, 9), min_size=1, max_size=2))
def test_day_after_day_every_answer_is_the_one_measured_anew(
    seed: int, steps: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    kept = Kept(tmp_path_factory.mktemp("dossier"))
    events, days = rows(seed), DAYS - 30
    for step in steps:
        days += step
        anew = answers(events, days, lambda measure, *given, **more: measure(*given, **more))
        for _ in range(2):
            told = answers(events, days, lambda *given, **more: asked(kept, *given, **more))
            assert repr(told) == repr(anew)


def test_a_new_day_in_a_week_that_is_not_over_measures_no_week_again(tmp_path: Path) -> None:
    kept, events = Kept(tmp_path), rows(1)
    answers(events, DAYS - 20, lambda *given, **more: asked(kept, *given, **more))
    first = set(kept.folder.iterdir())
    assert len(first) == 6
    answers(events, DAYS - 19, lambda *given, **more: asked(kept, *given, **more))
    assert set(kept.folder.iterdir()) == first


SERIES = weekly(tuple(np.round(noise(3, 80) + 3 * (np.arange(80) > 40), 3).tolist()))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def flipped(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(bytes(whole))


def of_another(path: Path) -> None:
    """The answer to another question under this one's name."""
    folder = path.parent
    asked(Kept(folder.parent), find_breaks, replace(SERIES, name="CHN-USA"))
    (other,) = set(folder.iterdir()) - {path}
    path.write_bytes(other.read_bytes())


@pytest.mark.parametrize("harm", [Path.unlink, cut, flipped, of_another])
def test_an_answer_that_is_gone_damaged_or_anothers_is_measured_anew(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    kept = Kept(tmp_path)
    anew = asked(kept, find_breaks, SERIES)
    (path,) = kept.folder.iterdir()
    whole = path.read_bytes()
    harm(path)
    assert asked(kept, find_breaks, SERIES) == anew == find_breaks(SERIES)
    assert path.read_bytes() == whole


@pytest.mark.parametrize(
    "other",
    [replace(SERIES, values=(*SERIES.values[:-1], 9.0)), replace(SERIES, name="CHN-USA"),
     replace(SERIES, weights=(1.0,) * 80)],
)  # fmt: skip
def test_another_value_name_or_weight_is_another_question(tmp_path: Path, other: Series) -> None:
    kept = Kept(tmp_path)
    asked(kept, find_breaks, SERIES)
    assert asked(kept, find_breaks, other) == find_breaks(other)


def test_an_answer_of_other_code_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(tmp_path)
    asked(kept, find_breaks, SERIES)
    monkeypatch.setattr(remembered, "_code", lambda: "later")
    asked(kept, find_breaks, SERIES)
    assert len(list(kept.folder.iterdir())) == 2


def test_many_that_ask_at_once_are_answered_alike_and_the_oldest_answers_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "MOST", 2)
    questions = [replace(SERIES, name=str(Dyad("CHN", other))) for other in ("RUS", "UKR", "USA")] * 4
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda series: asked(Kept(tmp_path), find_breaks, series), questions))
    assert told == [find_breaks(series) for series in questions]
    asked(Kept(tmp_path), find_breaks, SERIES)
    assert len(list((tmp_path / "cache").glob("answer-*"))) == 2


def test_breaks_of_values_do_not_hang_on_who_counted_the_events_of_the_world() -> None:
    counts = tuple(float(4 + 20 * (week > 50) + week % 3) for week in range(80))
    whole = replace(SERIES, weights=counts, world=(900.0,) * 80, conflict=tuple(count / 4 for count in counts))
    bare = replace(whole, world=(), conflict=())
    apart = with_counted(value_breaks(bare), counted_breaks(whole))
    assert apart == find_breaks(whole)
    assert {each.kind for each in apart.found} > {each.kind for each in find_breaks(bare).found} >= {"level"}


def test_a_folder_that_cannot_be_written_to_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file stands where the folder would be")
    assert asked(Kept(tmp_path), find_breaks, SERIES) == find_breaks(SERIES)
