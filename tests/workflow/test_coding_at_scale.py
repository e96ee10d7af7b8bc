"""Several processes, or a Spark, code as one does; a worker or the program killed half-way loses or doubles nothing.

The coder that ships takes seconds to load its words, so where it does not matter who reads, `frail_coder` does.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.console import run
from tests.servers import SparkCluster, spark_cluster
from workflow_examples import Held, held, rows_in, started

import detente
from detente import dossier, plugins, sample, workflow
from detente.engine import runners
from detente.engine.coders import CoderRecipe, document_in, packed, packed_reading, read, reading_in
from detente.errors import DossierError, EngineError
from detente.ledger import Ledger

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")

START = datetime(2025, 6, 1, tzinfo=UTC)


class Clock:
    """The same moments in every run."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def chain(folder: Path, **how: object) -> str:
    """Code by a fixed clock; the hash that seals every line of the ledger."""
    with workflow.opened(folder, clock=Clock()) as (case, ledger):
        report = workflow.code(case, ledger, **how)  # type: ignore[arg-type]
        assert report.documents > 50
        assert not report.failed
        checked = ledger.verify()
        assert checked.ok, checked.problem
        return ledger.head().hash


@pytest.fixture(scope="module")
def sample_added(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's reports, added by a fixed clock and not coded; never written to."""
    folder = tmp_path_factory.mktemp("scale") / "sample"
    folder.mkdir()
    (folder / dossier.FILE_NAME).write_text(sample.dossier_text(), encoding="utf-8")
    with workflow.opened(folder, clock=Clock()) as (case, ledger):
        workflow.add(case, ledger, [str(path) for path in sample.report_files()])
    return folder


@pytest.fixture(scope="module")
def expected_chain(sample_added: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return chain(shutil.copytree(sample_added, tmp_path_factory.mktemp("alone") / "sample"))


@pytest.fixture(scope="module")
def frail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The folders from which Python and its workers load the frail coder, as an installed plugin."""
    installed = tmp_path_factory.mktemp("installed")
    info = installed / "frail_coder-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: frail-coder\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[detente]\nfrail = frail_coder\n")
    folders = [str(Path(__file__).parent / "frail"), str(installed)]
    with pytest.MonkeyPatch.context() as patch:
        for folder in folders:
            patch.syspath_prepend(folder)
        plugins.manager.cache_clear()
        yield os.pathsep.join(folders)
    plugins.manager.cache_clear()


def filed(case: Path, texts: dict[str, str]) -> Path:
    lines = [
        json.dumps({"id": i, "text": f"Report {i}: talks were held. {text}", "published": "2025-03-04"})
        for i, text in texts.items()
    ]
    path = case.parent / "reports.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert run(f"detente add {path} --dossier {case} --quiet").code == 0
    return case


def numbered(count: int, **orders: str) -> dict[str, str]:
    return {f"r{n:03}": orders.get(f"r{n:03}", "") for n in range(count)}


def once_each(folder: Path, ids: list[str]) -> None:
    """Each of these documents, and no other, has its one coding and its one entry."""
    with Ledger.open(folder) as ledger:
        checked = ledger.verify()
        assert checked.ok, checked.problem
        assert [entry.document for entry in ledger.entries(current=False)] == ids
    assert rows_in(folder, "codings") == len(ids)


# Processes of this machine.


def test_two_processes_write_the_ledger_that_one_writes_to_the_last_bit(
    sample_added: Path, expected_chain: str, tmp_path: Path
) -> None:
    assert chain(shutil.copytree(sample_added, tmp_path / "sample"), processes=2) == expected_chain


def test_a_worker_killed_half_way_loses_and_doubles_nothing(case: Path, frail: str, tmp_path: Path) -> None:
    texts = numbered(70, r005=f"[once {tmp_path}/a]", r040=f"[once {tmp_path}/b]", r041=f"[once {tmp_path}/c]")
    filed(case, texts)
    done = run(f"detente code --dossier {case} --coder frail.v1 --processes 2 --json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["documents"] == 70
    assert all((tmp_path / mark).exists() for mark in "abc"), "no worker was killed"
    once_each(case, [*texts])


def test_a_document_that_kills_every_worker_is_named_and_the_others_are_coded(case: Path, frail: str) -> None:
    texts = numbered(40, r007="[die]", r008="[raise]", r039="[die]")
    filed(case, texts)
    done = run(f"detente code --dossier {case} --coder frail.v1 --processes 2 --json")
    assert done.code == 1
    report = json.loads(done.out)
    assert report["failed"] == 3
    said = {issue["record"]: issue["message"] for issue in report["issues"]}
    assert [*said] == ["r007", "r008", "r039"], "in the order of the documents"
    assert "was killed over it 3 times" in said["r007"]
    assert "ValueError: half a character" in said["r008"]
    once_each(case, [i for i in texts if i not in said])
    again = json.loads(run(f"detente code --dossier {case} --coder frail.v1 --processes 2 --json").out)
    assert (again["documents"], again["failed"], again["passed_over"]) == (0, 3, 37)
    with Ledger.open(case) as ledger:
        on_record = [issue.record for issue in ledger.issues() if issue.room == "coding"]
    assert on_record == [*said], "each issue is on record once"


def test_workers_that_die_over_everything_stop_the_run(case: Path, frail: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runners, "TRIES", 1)
    monkeypatch.setattr(runners, "LOST_IN_A_ROW", 3)
    filed(case, numbered(5, r002="[die]", r003="[die]", r004="[die]"))
    done = run(f"detente code --dossier {case} --coder frail.v1 --processes 2")
    assert done.code == 2
    assert "3 items one after the other" in done.err
    once_each(case, ["r000", "r001"])


@pytest.fixture
def reports(few: Path, tmp_path: Path) -> Path:
    """Seventy English reports, not coded."""
    return Path(shutil.copytree(few, tmp_path / "filed"))


def below(pid: int) -> set[int]:
    """Processes that a process started, and those they started."""
    parents = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents[int(file.parent.name)] = int(fields[1])
    found: set[int] = set()
    while more := {child for child, parent in parents.items() if parent in {pid, *found}} - found:
        found |= more
    return found


def gone(pids: set[int]) -> bool:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.05)
    return False


def half_way(folder: Path) -> tuple[subprocess.Popen[str], set[int]]:
    """A coding by two processes that has filed some documents, and its processes."""
    process = started("code", "-d", folder, "-q", "--processes", "2", start_new_session=True)
    until = time.monotonic() + 100
    while rows_in(folder, "codings") < 5 and process.poll() is None:
        assert time.monotonic() < until, "nothing was coded"
        time.sleep(0.005)
    workers = below(process.pid)
    assert len(workers) >= 2, "two workers"
    return process, workers


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
@pytest.mark.parametrize("how", ["killed", "interrupted"])
def test_a_run_stopped_half_way_leaves_no_process_and_is_finished_by_the_next(
    how: str, reports: Path, few_coded: Path
) -> None:
    process, workers = half_way(reports)
    if how == "killed":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers too
    _, complaint = process.communicate(timeout=60)
    assert gone(workers), "a worker lives on"
    assert 5 <= rows_in(reports, "codings") < rows_in(few_coded, "codings")
    if how == "interrupted":
        assert process.returncode == 130
        assert complaint == "detente: stopped. What was stored before stays; run the command again to go on.\n"
    assert run(f"detente code --dossier {reports} --quiet").code == 0
    whole: Held = held(few_coded)
    assert held(reports) == whole


# What is sent.


def test_documents_and_readings_arrive_as_they_were_sent(sample_added: Path) -> None:
    case = dossier.parse(sample.dossier_text())
    coder = plugins.coder(case)
    with Ledger.open(sample_added) as ledger:
        documents = [document for document in ledger.documents() if document.language == "en"]
    assert len(documents) > 10
    for document in documents:
        assert document_in(packed(document)) == document
        reading = read(coder, document)
        assert reading_in(packed_reading(document.id, reading)) == (document.id, reading)


def test_a_worker_with_another_detente_is_refused(frail: str) -> None:
    case = dossier.parse(sample.dossier_text())
    recipe = CoderRecipe.of(case, "frail.v1", plugins.coder(case, "frail.v1"))
    older = CoderRecipe(recipe.text, None, "frail.v1", recipe.name, recipe.codebook, version="0.0.1")
    with runners.Processes(older, 1) as runner, pytest.raises(EngineError, match=r"0\.0\.1.*Install on all machines"):
        list(runners.run([b"{}"], runner))


def test_a_dossier_that_was_never_text_cannot_be_sent() -> None:
    case = replace(dossier.parse(sample.dossier_text()), text="")
    with pytest.raises(DossierError, match="without text"):
        CoderRecipe.of(case, None, plugins.coder(case))


def test_items_are_taken_only_a_few_units_ahead_of_the_answers() -> None:
    taken = 0

    def items() -> Iterator[bytes]:
        nonlocal taken
        for n in range(1000):
            taken += 1
            yield b"item %d" % n

    class Here:
        width, unit_items, in_order = 2, 5, True

        def ask(self, items: list[bytes]) -> list[bytes]:
            return [item.upper() for item in items]

        def stop(self) -> None: ...

    for n, answer in enumerate(runners.run(items(), Here())):
        assert answer == b"ITEM %d" % n
        assert taken - n <= 5 * (2 * runners._AHEAD + 1)
    assert taken == 1000


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--processes 0", "greater than or equal to 1"),
        ("--processes 2 --engine spark", "not both"),
        ("--engine duckdb://", "codes nothing"),
        ("--engine spark+local://many", "no number of cores"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(case: Path, options: str, message: str) -> None:
    done = run(f"detente code --dossier {case} {options}")
    assert done.code == 2
    assert message in re.sub(r"\s+", " ", done.err)


# Spark.


@pytest.fixture(scope="module")
def cluster(spark_here: None, frail: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkCluster]:
    """A cluster of this file's own, for it loses a worker."""
    from detente.engine.spark import SECRET_VARIABLE, stop

    with spark_cluster(tmp_path_factory.mktemp("spark")) as started_here, pytest.MonkeyPatch.context() as patch:
        patch.setenv(SECRET_VARIABLE, started_here.secret)
        yield started_here
        stop()


@pytest.fixture
def spark_address(cluster: SparkCluster, frail: str) -> str:
    here = str(Path(detente.__file__).parents[1])
    # A task that fails twice is given up: what Spark gives up is ours to bisect.
    return f"{cluster.url}&spark.task.maxFailures=2&spark.executorEnv.PYTHONPATH={os.pathsep.join((frail, here))}"


def test_a_cluster_writes_the_ledger_that_one_process_writes_to_the_last_bit(
    sample_added: Path, expected_chain: str, spark_address: str, tmp_path: Path
) -> None:
    assert chain(shutil.copytree(sample_added, tmp_path / "sample"), engine=spark_address) == expected_chain


def test_a_document_that_kills_the_python_of_a_cluster_is_named_and_the_others_are_coded(
    case: Path, spark_address: str, tmp_path: Path
) -> None:
    texts = numbered(6, r000=f"[once {tmp_path}/a]", r002="[die]", r003="[raise]")
    filed(case, texts)
    done = run(f"detente code --dossier {case} --coder frail.v1 --engine {spark_address} --json")
    assert done.code == 1
    said = {issue["record"]: issue["message"] for issue in json.loads(done.out)["issues"]}
    assert [*said] == ["r002", "r003"]
    assert "was killed over it" in said["r002"]
    assert (tmp_path / "a").exists()
    once_each(case, [i for i in texts if i not in said])


def test_a_run_stopped_on_a_cluster_leaves_no_job_behind(case: Path, spark_address: str, tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    texts = dict.fromkeys(numbered(900), f"[mark {marks}] [wait 0.02]")
    filed(case, texts)

    def stop(done: int, total: int | None, what: str) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with workflow.opened(case) as (opened, ledger), pytest.raises(KeyboardInterrupt):
        workflow.code(opened, ledger, coder="frail.v1", engine=spark_address, on_progress=stop)
    time.sleep(3)  # Spark gives the Python of a task two seconds to end
    begun = len([*marks.iterdir()])
    assert begun < len(texts), "all was coded before the stop"
    time.sleep(1)
    assert len([*marks.iterdir()]) == begun, "a job goes on"
    once_each(case, [*texts][:5])


def test_a_machine_of_the_cluster_lost_half_way_loses_and_doubles_nothing(
    case: Path, cluster: SparkCluster, spark_address: str, tmp_path: Path
) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    texts = dict.fromkeys(numbered(200), f"[mark {marks}] [wait 0.05]")
    filed(case, texts)
    killed_at: list[int] = []

    def kill() -> None:
        until = time.monotonic() + 120
        while len([*marks.iterdir()]) < 40 and time.monotonic() < until:
            time.sleep(0.02)
        killed_at.append(len([*marks.iterdir()]))
        os.killpg(cluster.workers[1].pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    done = run(f"detente code --dossier {case} --coder frail.v1 --engine {spark_address} --json")
    killer.join()
    assert done.code == 0, done.err
    assert 40 <= killed_at[0] < 200, "the kill hit in the middle"
    assert json.loads(done.out)["documents"] == 200
    once_each(case, [*texts])
