"""Every example a reader can copy is run: docstrings, Markdown `python`, `$ detente …` against the sample dossier."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

# Each worker has a core: the threads of linear algebra wait for each other by turning, on the core of another's tests.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
# A Spark that lives for a minute never earns back what the second compiler and the gathering of garbage at once cost.
os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")

import pytest
from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser
from tests.console import ConsoleBlock
from tests.forecast.test_own_cases import table as cases_table
from tests.servers import SparkCluster, postgres_programs, postgres_server, spark_cluster, spark_connect_server
from tests.sources.database_examples import icews, table

ROOM = 6 << 30
"""Bytes that the files of a run's tests may take together."""


def pytest_configure() -> None:
    """Keep the tests' files in memory where there is room: what is written with care waits for a disk each time."""
    memory = Path("/dev/shm")
    if memory.is_dir() and min(shutil.disk_usage(memory).free, _available()) > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


LONGEST = (
    "tests/engine/test_engines.py",
    "tests/publish/test_served_pages_in_chromium.py",
    "tests/workflow/test_coding_at_scale.py",
    "tests/cli/test_cli_start.py",
    "tests/publish/test_pages_in_chromium.py",
    "tests/workflow/test_stopped.py",
)
"""Files that take longest, those that start a Spark apart from each other."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files: else one worker ends with them, and the other has nothing left to do."""
    place = {file: number for number, file in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(place)))


def _available() -> int:
    """Bytes of memory that programs can still take."""
    try:
        told = Path("/proc/meminfo").read_text("utf-8")
    except OSError:
        return 0
    found = re.search(r"MemAvailable:\s+(\d+) kB", told)
    return int(found[1]) * 1024 if found else 0


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """Has a folder made by the worker that first needs it, for all workers of a run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def folder(name: str, make: Callable[[Path], object]) -> Path:
        out, done = shared / f"once-{name}", shared / f"once-{name}.done"
        # The others wait here; a maker that failed leaves its place to the next.
        with closing(sqlite3.connect(shared / f"once-{name}.lock", timeout=900, isolation_level=None)) as lock:
            lock.execute("BEGIN EXCLUSIVE")
            if not done.exists():
                shutil.rmtree(out, ignore_errors=True)
                make(out)
                done.touch()
        return out

    return folder


@pytest.fixture(scope="session")
def sample_folder(
    made_once: Callable[[str, Callable[[Path], object]], Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The sample dossier, filed and coded once for a whole run; never written to."""
    from detente import workflow

    def make(out: Path) -> None:
        _, added, coded = workflow.make_sample(out)
        assert not added.failed, added.issues
        assert not coded.failed, coded.issues

    # A copy for each worker: files that SQLite keeps beside an open ledger come and go while another copies them.
    copied = shutil.copytree(made_once("sample", make), tmp_path_factory.mktemp("sample") / "demo")
    return Path(copied) / "dossier"


@pytest.fixture
def sample(sample_folder: Path, tmp_path: Path) -> Path:
    """A copy of the sample dossier that a test may write to."""
    return Path(shutil.copytree(sample_folder, tmp_path / "sample"))


@pytest.fixture
def outside() -> Path:
    """Folder of the outside test sets; tests that need it are skipped where it is absent."""
    folder = Path(__file__).resolve().parent.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the outside test sets are not here (../shared)")
    return folder


@pytest.fixture(scope="session")
def example_template(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a dossier and a backup for console examples; never written to."""
    from detente import workflow
    from detente.backup import backup
    from detente.forecast.own_cases import propose

    folder = Path(shutil.copytree(sample_folder, tmp_path_factory.mktemp("example") / "example"))
    reports = folder / "reports"
    reports.mkdir()
    text = "Washington and Moscow held talks in Geneva on 3 March 2025, the State Department said.\n"
    (reports / "talks.txt").write_text(text, encoding="utf-8")
    article = (
        "Two years of talks\n\n"
        "American and Russian diplomats met in Istanbul on 10 April 2025 to discuss their embassies. "
        "On 4 May 2025 the United States and Russia signed an accord on fisheries in Oslo. "
        "Normalization of their relations is less a question of if than of when. The weather was fine that day.\n"
    )
    (folder / "article.txt").write_text(article, encoding="utf-8")
    (folder / "events.tab").write_text(table("icews", icews()), encoding="utf-8")
    (folder / "attempts.csv").write_text(cases_table(), encoding="utf-8")
    proposed = cases_table().replace("USA-Iran 1998", "USA-Iran 2013")
    propose(folder, proposed, by="anna", day=date(2026, 5, 1))
    with workflow.opened(folder) as (case, ledger):
        ledger.open_question(case.milestone("arms-treaty"))
    backup(folder, folder.parent / "thaw-2025-04-30.zip")
    return folder.parent


@pytest.fixture
def example_folder(example_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where console examples run: a copy of the sample dossier with a report, events, cases and an open question."""
    shutil.copytree(example_template, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path / "example")
    return tmp_path / "example"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Address of a PostgreSQL server of this run's own."""
    pytest.importorskip("psycopg", reason="the tests of PostgreSQL need pip install 'detente[postgres]'")
    programs = postgres_programs()
    if programs is None:
        pytest.skip("there is no PostgreSQL server on this machine: apt-get install postgresql")
    with postgres_server(programs) as url:
        yield url


@pytest.fixture(scope="session")
def spark_here() -> None:
    """Skip what needs Spark where it cannot run."""
    pytest.importorskip("pyspark", reason="the tests of Spark need pip install 'detente[spark]'")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("there is no Java on this machine: apt-get install openjdk-17-jre-headless")


@pytest.fixture(scope="session")
def spark_connect_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a Spark Connect server of this run's own."""
    request.getfixturevalue("spark_here")
    with spark_connect_server(tmp_path_factory.mktemp("connect")) as url:
        yield url


@pytest.fixture(scope="session")
def spark(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkCluster]:
    """A Spark cluster of this run's own: a master and two workers, whose secret is in the environment."""
    request.getfixturevalue("spark_here")
    from detente.engine.spark import SECRET_VARIABLE, stop

    with spark_cluster(tmp_path_factory.mktemp("spark")) as cluster, pytest.MonkeyPatch.context() as patch:
        patch.setenv(SECRET_VARIABLE, cluster.secret)
        yield cluster
        stop()


pytest_collect_file = (
    Sybil(parsers=[DocTestParser()], patterns=["src/detente/*.py", "src/detente/**/*.py"])
    + Sybil(
        parsers=[PythonCodeBlockParser(), CodeBlockParser("console", ConsoleBlock()), SkipParser()],
        patterns=["README.md", "docs/*.md", "docs/**/*.md"],
        fixtures=["example_folder"],
    )
).pytest()
