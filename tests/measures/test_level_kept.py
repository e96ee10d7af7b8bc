"""A level carried on from what was kept is the level computed anew, whatever came, was lost or was damaged."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from measure_examples import RUS_USA, START

from detente.engine import DaySum, ImportedEvents, Kept
from detente.measures import level
from detente.measures.level import LevelIndex, level_index

LONG = 430


def rows(seed: int, days: int) -> list[DaySum]:
    """Days of a database, some without an event."""
    rng = np.random.default_rng(seed)
    found = []
    for number in np.flatnonzero(rng.random(days) < 0.98).tolist():
        scores = np.round(rng.normal(np.sin(number / 50), 4, rng.integers(1, 5)).clip(-10, 10) * 10).astype(int)
        sums = [2000 * int(part) for part in (len(scores), scores.sum(), (scores**2).sum())]
        found.append(DaySum("RUS-USA", START.toordinal() + number, 1, len(scores), *sums, sums[0], 0, 0, 0))
    return found


def asked(sums: list[DaySum], kept: Kept | None, *, start: date = START, end: date | None = None) -> LevelIndex:
    end = end or date.fromordinal(sums[-1].day_number)
    return level_index(ImportedEvents("gdelt", RUS_USA, tuple(sums)), RUS_USA, start=start, end=end, kept=kept)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 99),
    steps=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12), st.booleans()), min_size=2, max_size=4),
)
def test_carried_on_day_after_day_is_as_computed_anew(
    seed: int, steps: list[tuple[int, int, bool]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    kept = Kept(tmp_path_factory.mktemp("dossier"))
    sums = rows(seed, LONG + 60)
    reached = LONG
    for more, late, idle in steps:
        reached += more
        held = [s for s in sums if s.day_number < START.toordinal() + reached]
        if late:
            # An import brought more of a day that had been there.
            held[-late] = replace(held[-late], weight=2 * held[-late].weight)
        end = date.fromordinal(held[-1].day_number + (5 if idle else 0))
        assert asked(held, kept, end=end) == asked(held, None, end=end)


def test_a_new_day_is_one_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, sums = Kept(tmp_path), rows(1, LONG)
    asked(sums[:-1], kept)
    added: list[int] = []
    add = level.Filter.add

    def counted(self: level.Filter, day: int, weight: float, mean: float, squares: float) -> None:
        added.append(day)
        add(self, day, weight, mean, squares)

    monkeypatch.setattr(level.Filter, "add", counted)
    asked(sums, kept)
    assert added == [sums[-1].day_number]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def flipped(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(bytes(whole))


def emptied(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("harm", [cut, flipped, emptied])
def test_what_was_damaged_is_computed_anew_and_kept_again(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    kept, sums = Kept(tmp_path), rows(2, LONG)
    anew = asked(sums, kept)
    (path,) = kept.folder.iterdir()
    whole = path.read_bytes()
    harm(path)
    assert asked(sums, kept) == anew
    assert path.read_bytes() == whole


def test_another_code_prior_or_past_is_not_carried_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, sums = Kept(tmp_path), rows(3, LONG)
    asked(sums, kept)
    changed = [replace(sums[0], weight_score=-sums[0].weight_score + 6000), *sums[1:]]
    assert asked(changed, kept) == asked(changed, None)
    asked(sums, kept)
    monkeypatch.setattr(level, "METHOD", "local-level.v0")
    other = level.Prior(jump=1.0)
    events = ImportedEvents("gdelt", RUS_USA, tuple(sums))
    end = date.fromordinal(sums[-1].day_number)
    carried, anew = (level_index(events, RUS_USA, start=START, end=end, prior=other, kept=k) for k in (kept, None))
    assert carried.series == anew.series


def test_an_earlier_day_is_answered_and_what_is_kept_stays(tmp_path: Path) -> None:
    kept, sums = Kept(tmp_path), rows(4, LONG)
    asked(sums, kept)
    (path,) = kept.folder.iterdir()
    whole = path.read_bytes()
    assert asked(sums[:200], kept) == asked(sums[:200], None)
    assert asked(sums, kept, start=START + timedelta(days=90)) == asked(sums, None, start=START + timedelta(days=90))
    assert path.read_bytes() == whole


def test_a_folder_that_cannot_be_written_to_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file stands where the folder would be")
    sums = rows(5, LONG)
    assert asked(sums, Kept(tmp_path)) == asked(sums, None)
