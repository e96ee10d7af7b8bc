"""Hundreds of spaces in a row, which tables of plain text have, cost no more than other characters."""

import signal
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from detente import plugins
from detente.documents.boilerplate import find_boilerplate
from detente.documents.published import in_text
from detente.documents.sentences import LONGEST, split
from detente.dossier import starter
from detente.terms import Document, Dyad

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


def test_what_is_longer_than_any_sentence_is_cut_at_a_blank_and_nothing_of_it_is_lost() -> None:
    text = "Talks ended. " + "embassy staff " * 1000 + "left."
    spans = split(text, "en")
    assert all(0 < span.end - span.start <= LONGEST for span in spans)
    assert "".join(text[span.start : span.end] for span in spans).replace(" ", "") == text.replace(" ", "")
    assert all(text[span.end - 1 : span.end + 1].strip() in ("f", "y", ".") for span in spans)


def test_columns_of_a_table_are_sentences_of_their_own() -> None:
    text = f"Embassy in Moscow{' ' * 60}Consulate in Saint Petersburg{' ' * 20_000}closed\n"
    assert [text[span.start : span.end] for span in split(text, "en")] == [
        "Embassy in Moscow",
        "Consulate in Saint Petersburg",
        "closed",
    ]


@pytest.mark.parametrize("run", [" ", "1 ", "12. ", "« ", "2025 ", "May "])
def test_a_text_with_long_runs_is_cleaned_and_coded(run: str) -> None:
    text = f"Rubio and Lavrov met in Riyadh on Tuesday.\n\nTalks ended {run * (4000 // len(run))} on embassies.\n"
    find_boilerplate(text)
    coder = plugins.coder(starter(Dyad.parse("RUS-USA"), date(2025, 1, 1)))
    report = Document(
        id="runs",
        text=text,
        language="en",
        published=date(2025, 2, 18),
        published_basis="given",
        fetched=datetime(2025, 2, 18, tzinfo=UTC),
    )
    assert [event.type for event in coder.code(report).events][:1] == ["CONSULT"]
