"""Killed, stopped, out of room, two at once: nothing is lost or doubled, and a second run ends as if undisturbed."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.console import run
from workflow_examples import (
    Held,
    command,
    finished,
    head,
    held,
    killed_at_statement,
    rows_in,
    started,
    without_capability,
    write_lines,
)

from detente import documents, sources, workflow
from detente.ledger import Ledger

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and limits of POSIX")


@pytest.fixture
def filed(few: Path, tmp_path: Path) -> Path:
    """A dossier with seventy reports, not coded, that a test may write to."""
    return Path(shutil.copytree(few, tmp_path / "filed"))


@pytest.fixture(scope="session")
def few_undisturbed(few_coded: Path) -> Held:
    return held(few_coded)


def exported(folder: Path) -> dict[str, list[str]]:
    """Every export, without the moments of recording, sorted."""
    out: dict[str, list[str]] = {}
    for kind in ("events", "statements", "times", "persons"):
        done = run(f"detente export {kind} --dossier {folder}")
        assert done.code == 0, done.err
        records = [json.loads(row) for row in done.out.splitlines()]
        out[kind] = sorted(json.dumps({k: v for k, v in r.items() if k != "recorded"}, sort_keys=True) for r in records)
    return out


def until(process: subprocess.Popen[str], folder: Path, table: str, rows: int) -> None:
    """Wait until that many rows are stored, or the process has ended."""
    patience = time.monotonic() + 60
    while rows_in(folder, table) < rows and process.poll() is None:
        assert time.monotonic() < patience, f"{rows} rows of {table} never came"
        time.sleep(0.005)


def filed_only(whole: Held) -> Held:
    """What `add` alone stores of it."""
    return Held(whole.documents, whole.originals, whole.issues, [], {})


def test_add_killed_at_any_statement_and_run_again_stores_what_an_undisturbed_run_does(
    case: Path, lines: Path, undisturbed: Held
) -> None:
    moments = random.Random(20250212)
    before = 0
    for _ in range(3):
        assert killed_at_statement(moments.randrange(150, 700), "add", lines, "-d", case, "-q") == -signal.SIGKILL
        now = len(held(case).documents)
        assert now >= before
        before = now
    assert 0 < before < len(undisturbed.documents), "the kills hit in the middle"
    assert run(f"detente add {lines} --dossier {case} --quiet").code == 1
    assert held(case) == filed_only(undisturbed)


def test_code_killed_at_any_statement_and_run_again_stores_what_an_undisturbed_run_does(
    filed: Path, few_coded: Path, few_undisturbed: Held
) -> None:
    moments = random.Random(20250218)
    before = 0
    for _ in range(2):
        assert killed_at_statement(moments.randrange(100, 500), "code", "-d", filed, "-q") == -signal.SIGKILL
        now = len(held(filed).entries)
        assert now >= before
        before = now
    assert 0 < before < len(few_undisturbed.entries), "the kills hit in the middle"
    assert run(f"detente code --dossier {filed} --quiet").code == 0
    assert held(filed) == few_undisturbed
    assert exported(filed) == exported(few_coded)


@dataclass(frozen=True)
class Work:
    """A command under way, and what it stores if it is left alone."""

    words: tuple[str, ...]
    folder: Path
    table: str
    stored: Held

    def finish(self) -> Held:
        """Run it to its end; what is stored then."""
        assert run(f"detente {' '.join(self.words)}").code == (1 if self.words[0] == "add" else 0)
        return held(self.folder)


@pytest.fixture(params=["add", "code"])
def work(
    request: pytest.FixtureRequest, case: Path, filed: Path, lines: Path, undisturbed: Held, few_undisturbed: Held
) -> Work:
    if request.param == "add":
        return Work(("add", str(lines), "-d", str(case), "-q"), case, "documents", filed_only(undisturbed))
    return Work(("code", "-d", str(filed), "-q"), filed, "codings", few_undisturbed)


def test_a_kill_from_outside_at_any_time_loses_nothing(work: Work) -> None:
    moments = random.Random(work.table)
    process = started(*work.words)
    until(process, work.folder, work.table, moments.randrange(5, 45))
    time.sleep(moments.random() / 50)
    process.kill()
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert 5 <= rows_in(work.folder, work.table) < len(work.stored.documents)
    assert work.finish() == work.stored


def test_ctrl_c_ends_with_one_clear_line_and_the_next_run_goes_on(work: Work) -> None:
    process = started(*work.words)
    until(process, work.folder, work.table, 10)
    process.send_signal(signal.SIGINT)
    out, complaint = process.communicate(timeout=60)
    assert process.returncode == 130
    assert complaint == "detente: stopped. What was stored before stays; run the command again to go on.\n"
    assert out == ""
    assert 10 <= rows_in(work.folder, work.table) < len(work.stored.documents)
    assert work.finish() == work.stored


def no_file_above(size: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_full_disk_is_named_and_with_room_again_the_run_goes_on(work: Work) -> None:
    ledger = work.folder / "ledger.db"
    room = (ledger.stat().st_size if ledger.exists() else 400_000) + 60_000
    done = finished(*work.words, preexec_fn=lambda: no_file_above(room))
    assert done.returncode == 2, done.stderr
    assert "Make room" in done.stderr
    assert "ledger.db" in done.stderr
    assert "Traceback" not in done.stderr
    assert 0 < rows_in(work.folder, work.table) < len(work.stored.documents), "what was stored before stays"
    assert work.finish() == work.stored


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_under_what_is_printed_is_one_line_and_exit_code_2(coded: Path) -> None:
    with Path("/dev/full").open("w") as full:
        words = command("export", "events", "-d", coded)
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_two_adds_at_once_file_each_text_once(case: Path, lines: Path, undisturbed: Held) -> None:
    both = [started("add", lines, "-d", case, "--json") for _ in range(2)]
    reports = []
    for process in both:
        out, complaint = process.communicate(timeout=120)
        assert process.returncode == 1, complaint
        assert "Traceback" not in complaint
        reports.append(json.loads(out))
    assert held(case) == filed_only(undisturbed)
    ids = {document[0] for document in undisturbed.documents}
    assert sorted([*reports[0]["added"], *reports[1]["added"]]) == sorted(ids), "each is added by one of the two"
    for report in reports:
        assert {*report["added"], *report["known"]} == ids


def test_two_codings_at_once_file_each_entry_once(filed: Path, few_undisturbed: Held) -> None:
    both = [started("code", "-d", filed, "--json") for _ in range(2)]
    entries = 0
    for process in both:
        out, complaint = process.communicate(timeout=120)
        assert process.returncode == 0, complaint
        entries += json.loads(out)["entries"]
    assert held(filed) == few_undisturbed
    assert entries == len(few_undisturbed.entries)


@pytest.mark.parametrize("same_text", [True, False])
def test_what_another_process_filed_since_we_looked_is_known_or_an_issue(
    same_text: bool, case: Path, tmp_path: Path
) -> None:
    text = "Cuban and U.S. officials held talks in Havana on 3 March 2025."
    mine, theirs = tmp_path / "mine.jsonl", tmp_path / "theirs.jsonl"
    mine.write_text(json.dumps({"id": "a", "text": text, "published": "2025-03-04"}), encoding="utf-8")
    other = text if same_text else "The embassies of both states reopened on Monday, officials said."
    theirs.write_text(json.dumps({"id": "a", "text": other, "published": "2025-03-04"}), encoding="utf-8")
    with workflow.opened(case) as (dossier, ledger):
        looked = documents.Known.of(ledger.documents())
        workflow.add(dossier, ledger, [str(theirs)])
        report = workflow.AddReport()
        for got in sources.get(str(mine)):
            workflow.file_one(ledger, got, looked, report)
    assert report.added == []
    assert report.known == (["a"] if same_text else [])
    assert report.failed == (0 if same_text else 1)
    if not same_text:
        assert "filed with another text" in report.issues[0].message
    assert len(held(case).documents) == 1


@pytest.fixture
def read_only(filed: Path) -> Iterator[Path]:
    for path in filed.iterdir():
        path.chmod(0o444)
    filed.chmod(0o555)
    yield filed
    filed.chmod(0o755)
    for path in filed.iterdir():
        path.chmod(0o644)


def test_a_folder_that_may_not_be_written_is_named_and_stays_as_it_was(
    read_only: Path, lines: Path, few_undisturbed: Held
) -> None:
    # CAP_DAC_OVERRIDE, by which root writes where nobody may.
    options = {"preexec_fn": without_capability(1)} if sys.platform == "linux" and os.geteuid() == 0 else {}
    before = (read_only / "ledger.db").read_bytes()
    for words in (("add", lines), ("status",)):
        done = finished(*words, "-d", read_only, "-q", **options)
        if done.returncode == 99:
            pytest.skip("root may not give up its rights here")
        assert done.returncode == 2, done.stderr
        assert "ledger.db" in done.stderr
        assert "rights" in done.stderr
        assert "Traceback" not in done.stderr
    assert (read_only / "ledger.db").read_bytes() == before
    read_only.chmod(0o755)
    (read_only / "ledger.db").chmod(0o644)
    assert run(f"detente code --dossier {read_only} --quiet").code == 0
    assert held(read_only) == few_undisturbed


def test_a_reader_that_has_enough_ends_the_output_quietly(coded: Path) -> None:
    process = started("export", "times", "-d", coded)
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline().startswith("{")
    process.stdout.close()
    complaint = process.stderr.read()
    process.wait(timeout=60)
    assert complaint == ""
    assert process.returncode in (0, 1)


def test_timeline_into_head_prints_one_line(coded: Path) -> None:
    program = f'"{sys.executable}" -c "from detente.cli import main; main()"'
    line = f"{program} timeline --all --dossier '{coded}' | head -n 1"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1


def test_three_hundred_reports_are_added_and_coded_with_something_found_in_most(undisturbed: Held) -> None:
    assert len(undisturbed.documents) == 288, "288 of 300 lines can be read"
    assert undisturbed.coded
    assert sum(undisturbed.coded.values()) == 288
    assert sum(document[4] != "None" for document in undisturbed.documents) == 12, "every reprint is known for one"
    assert len({entry[0] for entry in undisturbed.entries}) > 200


def test_a_file_that_has_grown_is_added_by_what_is_new_in_it(case: Path, tmp_path: Path) -> None:
    reports = write_lines(tmp_path / "reports.jsonl", 20)
    assert run(f"detente add {reports} --dossier {case} --quiet").code == 1
    some, before = held(case), head(case)
    write_lines(reports, 40)
    assert run(f"detente add {reports} --dossier {case} --quiet").code == 1
    grown = held(case)
    assert set(some.documents) < set(grown.documents)
    assert set(some.issues) < set(grown.issues)
    with Ledger.open(case) as ledger:
        assert ledger.verify(before).ok
