"""What takes long in the background waits for a moment in which nobody is answered, and never for ever."""

from __future__ import annotations

import gc

import pytest

from detente.web import quiet as quiet_moments
from detente.web.quiet import REST_SECONDS, Quiet


@pytest.fixture
def now() -> list[float]:
    return [0.0]


@pytest.fixture
def quiet(now: list[float]) -> Quiet:
    def sleep(seconds: float) -> None:
        now[0] += seconds

    return Quiet(clock=lambda: now[0], sleep=sleep)


def test_it_is_quiet_a_while_after_the_last_answer(quiet: Quiet, now: list[float]) -> None:
    assert quiet.now
    with quiet.disturbed():
        assert not quiet.now
        now[0] += 100
        assert not quiet.now
    assert not quiet.now
    quiet.wait(60)
    assert now[0] == pytest.approx(100 + REST_SECONDS, abs=0.2)


def test_nothing_waits_for_ever(quiet: Quiet, now: list[float]) -> None:
    with quiet.disturbed():
        quiet.wait(60)
    assert now[0] == pytest.approx(60, abs=0.2)


def test_all_objects_are_looked_through_when_many_were_made_and_it_is_quiet(
    quiet: Quiet, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = [0, quiet_moments.DUE, quiet_moments.DUE - 1]
    looked = []

    class Thread:
        def __init__(self, target: object, **more: object) -> None:
            self.start = target

    def rest(_: float) -> None:
        if not due:
            raise SystemExit

    monkeypatch.setattr(quiet_moments.threading, "Thread", Thread)
    monkeypatch.setattr(quiet_moments.time, "sleep", rest)
    monkeypatch.setattr(gc, "set_threshold", lambda *thresholds: looked.append(thresholds[:2]))
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, due.pop(0)))
    monkeypatch.setattr(gc, "collect", lambda: looked.append("all"))
    with pytest.raises(SystemExit):
        quiet_moments.collect_when_quiet(quiet)
    assert looked == [quiet_moments.YOUNG, "all"]
