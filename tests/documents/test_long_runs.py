"""Hundreds of spaces in a row, which tables of plain text have, cost no more than other characters."""

import signal
from collections.abc import Iterator
from datetime import date

import pytest

from detente.documents.published import in_text

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="a limit on CPU time is of POSIX")


@pytest.fixture(autouse=True)
def ten_seconds_of_cpu() -> Iterator[None]:
    def stop(*_: object) -> None:
        pytest.fail("took ten seconds of CPU")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, 10)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize("run", [" ", "\t", "\u00a0", ", ", "  | "])
def test_a_day_is_looked_for_in_a_text_with_long_runs(run: str) -> None:
    assert in_text(f"Talks ended{run * 1000}on embassies.\n") is None
    assert in_text(f"Talks ended{run * 100}\n25 марта 2025 года{run}18:55\nin Riyadh.\n") == date(2025, 3, 25)
