"""Killed, stopped, out of room, or two at once: nothing is lost or doubled, and running again ends as if undisturbed."""

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
from pathlib import Path

import pytest
from workflow_examples import (
    Held,
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
from tests.console import run

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and limits of POSIX")


@pytest.fixture
def filed(added: Path, tmp_path: Path) -> Path:
    """A copy of the dossier with three hundred reports, not coded, that a test may write to."""
    return Path(shutil.copytree(added, tmp_path / "filed"))


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
    for _ in range(5):
        assert killed_at_statement(moments.randrange(150, 700), "add", lines, "-d", case, "-q") == -signal.SIGKILL
        now = len(held(case).documents)
        assert now >= before
        before = now
    assert 0 < before < len(undisturbed.documents), "the kills hit in the middle"
    assert run(f"detente add {lines} --dossier {case} --quiet").code == 1
    assert held(case) == filed_only(undisturbed)


def test_code_killed_at_any_statement_and_run_again_stores_what_an_undisturbed_run_does(
    filed: Path, coded: Path, undisturbed: Held
) -> None:
    moments = random.Random(20250218)
    before = 0
    for _ in range(5):
        assert killed_at_statement(moments.randrange(150, 700), "code", "-d", filed, "-q") == -signal.SIGKILL
        now = len(held(filed).entries)
        assert now >= before
        before = now
    assert 0 < before < len(undisturbed.entries), "the kills hit in the middle"
    assert run(f"detente code --dossier {filed} --quiet").code == 0
    assert held(filed) == undisturbed
    assert exported(filed) == exported(coded)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_kill_from_outside_at_any_time_loses_nothing(
    seed: int, case: Path, lines: Path, coded: Path, undisturbed: Held
) -> None:
    moments = random.Random(seed)
    for words, table, most in (("add", "documents", 250), ("code", "codings", 250)):
        what = [lines] if words == "add" else []
        process = started(words, *what, "-d", case, "-q")
        until(process, case, table, moments.randrange(5, most))
        time.sleep(moments.random() / 50)
        process.kill()
        process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL
        assert 0 < rows_in(case, table) < len(undisturbed.documents)
        assert run(f"detente {words} {' '.join(map(str, what))} --dossier {case} --quiet").code in (0, 1)
    assert held(case) == undisturbed
    assert exported(case) == exported(coded)


@pytest.mark.parametrize("words", ["add", "code"])
def test_ctrl_c_ends_with_one_clear_line_and_the_next_run_goes_on(
    words: str, case: Path, filed: Path, lines: Path, undisturbed: Held
) -> None:
    folder, what, table = (case, [lines], "documents") if words == "add" else (filed, [], "codings")
    process = started(words, *what, "-d", folder, "-q")
    until(process, folder, table, 10)
    process.send_signal(signal.SIGINT)
    out, complaint = process.communicate(timeout=60)
    assert process.returncode == 130
    assert complaint == "detente: stopped. What was stored before stays; run the command again to go on.\n"
    assert out == ""
    assert 10 <= rows_in(folder, table) < len(undisturbed.documents)
    assert run(f"detente {words} {' '.join(map(str, what))} --dossier {folder} --quiet").code in (0, 1)
    assert held(folder) == (filed_only(undisturbed) if words == "add" else undisturbed)


def no_file_above(size: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("words", ["add", "code"])
def test_a_full_disk_is_named_and_with_room_again_the_run_goes_on(
    words: str, case: Path, filed: Path, lines: Path, undisturbed: Held
) -> None:
    folder, what = (case, [lines]) if words == "add" else (filed, [])
    room = 500_000 if words == "add" else (filed / "ledger.db").stat().st_size + 60_000
    done = finished(words, *what, "-d", folder, "-q", preexec_fn=lambda: no_file_above(room))
    assert done.returncode == 2, done.stderr
    assert "Make room" in done.stderr
    assert "ledger.db" in done.stderr
    assert "Traceback" not in done.stderr
    table = "documents" if words == "add" else "codings"
    assert rows_in(folder, table) < len(undisturbed.documents)
    if words == "add":
        assert rows_in(folder, table) > 0, "what was stored before the disk was full stays"
    assert run(f"detente {words} {' '.join(map(str, what))} --dossier {folder} --quiet").code in (0, 1)
    assert held(folder) == (filed_only(undisturbed) if words == "add" else undisturbed)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_under_what_is_printed_is_one_line_and_exit_code_2(coded: Path) -> None:
    with Path("/dev/full").open("w") as full:
        process = started("export", "events", "-d", coded)
        process.kill()
        process.communicate()
        done = subprocess.run(process.args, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
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


def test_two_codings_at_once_file_each_entry_once(filed: Path, undisturbed: Held) -> None:
    both = [started("code", "-d", filed, "--json") for _ in range(2)]
    entries = 0
    for process in both:
        out, complaint = process.communicate(timeout=120)
        assert process.returncode == 0, complaint
        entries += json.loads(out)["entries"]
    assert held(filed) == undisturbed
    assert entries == len(undisturbed.entries)


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
    read_only: Path, lines: Path, undisturbed: Held
) -> None:
    # CAP_DAC_OVERRIDE, by which root writes where nobody may.
    options = {"preexec_fn": without_capability(1)} if sys.platform == "linux" and os.geteuid() == 0 else {}
    before = (read_only / "ledger.db").read_bytes()
    for words in (("add", lines), ("code",), ("status",)):
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
    assert held(read_only) == undisturbed


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


def test_reports_in_another_order_of_runs_are_the_same_reports(case: Path, tmp_path: Path) -> None:
    half, whole = write_lines(tmp_path / "reports.jsonl", 30), tmp_path / "other" / "reports.jsonl"
    assert run(f"detente add {half} --dossier {case} --quiet").code == 1
    assert run(f"detente code --dossier {case} --quiet").code == 0
    some = held(case)
    write_lines(half, 60)
    assert run(f"detente add {half} --dossier {case} --quiet").code == 1
    assert run(f"detente code --dossier {case} --quiet").code == 0
    grown, before = held(case), head(case)
    assert set(some.entries) <= set(grown.entries)
    assert set(some.documents) <= set(grown.documents)
    shutil.copytree(half.parent, whole.parent, ignore=lambda *_: ["case", "other"], dirs_exist_ok=True)
    with Ledger.open(case) as ledger:
        assert ledger.verify(before).ok
