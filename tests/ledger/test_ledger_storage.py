"""Opening, migrating, sharing and losing power: nothing lost, nothing twice."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ledger_examples import CODEBOOK, CODER, coding, document, event, ticking
from sqlalchemy import text

from detente.errors import LedgerError
from detente.ledger import FILE_NAME, Ledger
from detente.ledger.database import migrate, writing
from detente.ledger.guards import unprotected
from detente.ledger.tables import SCHEMA, metadata
from detente.terms import Issue

HERE = Path(__file__).parent


def small(path: Path) -> Path:
    with Ledger.open(path, create=True, clock=ticking()) as ledger:
        ledger.add_document(document(), b"raw")
        ledger.file(coding(document(), event(document())))
    return path


def integrity(path: Path) -> str:
    with sqlite3.connect(path) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])


# Opening


def test_a_missing_ledger_is_not_made_by_accident(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="no ledger here"):
        Ledger.open(tmp_path / "ledger.db")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(LedgerError, match="its folder does not exist"):
        Ledger.open(tmp_path / "nowhere" / "ledger.db", create=True)


def test_a_folder_means_the_ledger_in_it(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=r"ledger\.db: no ledger here"):
        Ledger.open(tmp_path)
    Ledger.open(tmp_path, create=True).close()
    assert (tmp_path / FILE_NAME).exists()
    with Ledger.open(str(tmp_path)) as ledger:
        assert ledger.status().documents == {}


def test_a_ledger_lies_in_one_file_when_it_is_closed(tmp_path: Path) -> None:
    small(tmp_path / "ledger.db")
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.db"]


def test_commits_are_on_disk_before_they_are_answered(tmp_path: Path) -> None:
    with (
        Ledger.open(small(tmp_path / "ledger.db")) as ledger,
        writing(ledger._engine, ledger.where) as connection,
    ):
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA synchronous")) == 2
        assert int(str(connection.scalar(text("PRAGMA busy_timeout")))) >= 10_000
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"", "the file is empty"), (b"a text, not a database" * 50, "not a ledger, or its first page is damaged")],
)
def test_a_file_that_is_no_ledger_is_refused_and_left_as_it_was(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(content)
    with pytest.raises(LedgerError, match=complaint):
        Ledger.open(path)
    assert path.read_bytes() == content


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE cookies (name)")
    with pytest.raises(LedgerError, match="no ledger: it has cookies"):
        Ledger.open(path, create=True)


def test_a_ledger_of_a_newer_detente_is_refused_with_the_remedy(tmp_path: Path) -> None:
    path = small(tmp_path / "ledger.db")
    with sqlite3.connect(path) as other:
        other.execute("UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(LedgerError, match=r"newer detente \(schema 0099.*Upgrade detente"):
        Ledger.open(path)


def test_a_damaged_page_is_reported_as_damage(tmp_path: Path) -> None:
    path = small(tmp_path / "ledger.db")
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)

    def read() -> None:
        with Ledger.open(path) as ledger:
            list(ledger.documents())
            ledger.verify()

    with pytest.raises(LedgerError, match="damaged"):
        read()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_ledger_that_may_not_be_written_says_so(tmp_path: Path) -> None:
    path = small(tmp_path / "ledger.db")
    path.chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(LedgerError, match="rights"), Ledger.open(path) as ledger:
            ledger.file_issue(Issue("a", "sources", "x"))
    finally:
        tmp_path.chmod(0o755)


def test_an_address_without_a_driver_is_refused_in_our_words() -> None:
    with pytest.raises(LedgerError, match="no driver"):
        Ledger.open("nosuchdb://host/name")
    with pytest.raises(LedgerError, match="no database address"):
        Ledger.open("://")


def test_a_ledger_can_be_opened_read_and_closed_many_times(tmp_path: Path) -> None:
    path = small(tmp_path / "ledger.db")
    for _ in range(5):
        with Ledger.open(path) as ledger:
            assert len(list(ledger.entries())) == 1


# Migrations


def test_the_newest_revision_is_the_one_the_code_expects_and_makes_the_tables_it_knows(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    import detente.ledger.migrations as migrations

    assert ScriptDirectory(str(Path(migrations.__file__).parent)).get_current_head() == SCHEMA
    with (
        Ledger.open(small(tmp_path / "ledger.db")) as ledger,
        writing(ledger._engine, ledger.where) as connection,
    ):
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert unprotected(connection) == []


def at_revision(path: Path, revision: str) -> None:
    from sqlalchemy import create_engine, event

    from detente.ledger.database import _begin, _settings

    engine = create_engine(f"sqlite:///{path}", connect_args={"isolation_level": None})
    event.listen(engine, "begin", _begin)
    event.listen(engine, "connect", _settings)
    with writing(engine, str(path)) as connection:
        migrate(connection, revision)
    engine.dispose()


def test_a_ledger_of_the_first_revision_is_brought_up_with_all_it_holds(tmp_path: Path) -> None:
    new = small(tmp_path / "new.db")
    old = tmp_path / "old.db"
    at_revision(old, "0001")
    with sqlite3.connect(old) as other:
        other.execute("ATTACH ? AS filled", (str(new),))
        for table in ("originals", "documents", "issues", "codings", "entries", "decisions"):
            other.execute(f"INSERT INTO {table} SELECT * FROM filled.{table}")
        tables = {row[0] for row in other.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert "forecasts" not in tables
    with Ledger.open(new) as before, Ledger.open(old) as after:
        assert list(after.entries()) == list(before.entries())
        assert after.head() == before.head()
        assert after.verify().ok
        assert after.forecasts() == []


def test_a_ledger_from_before_questions_were_kept_is_brought_up_with_its_forecasts(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    at_revision(old, "0002")
    new = small(tmp_path / "new.db")
    with sqlite3.connect(old) as other:
        other.execute("ATTACH ? AS filled", (str(new),))
        for table in ("originals", "documents", "issues", "codings", "entries", "decisions", "forecasts"):
            other.execute(f"INSERT INTO {table} SELECT * FROM filled.{table}")
    with Ledger.open(new) as before, Ledger.open(old) as after:
        assert after.head() == before.head()
        assert (after.questions(), after.polls()) == ({}, {})
        assert after.verify().ok, after.verify().problem


def test_a_migration_that_fails_half_way_leaves_the_ledger_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.db"
    at_revision(path, "0001")

    def interrupted(connection: object) -> None:
        raise LedgerError("the power went out")

    monkeypatch.setattr("detente.ledger.database.protect", interrupted)
    with pytest.raises(LedgerError, match="power"):
        Ledger.open(path)
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
        assert not other.execute("SELECT 1 FROM sqlite_master WHERE name = 'forecasts'").fetchone()
    monkeypatch.undo()
    with Ledger.open(path) as ledger:
        assert ledger.verify().ok


# Several processes, and no warning


def start(path: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(HERE / "filing.py"), str(path), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def contents(path: Path) -> tuple[list[str], list[str], list[str]]:
    with Ledger.open(path) as ledger:
        assert ledger.verify().ok, ledger.verify().problem
        documents = [doc.id for doc in ledger.documents()]
        entries = [entry.id for entry in ledger.entries(current=False)]
        done = [doc for doc in documents if ledger.is_coded(doc, CODER, CODEBOOK)]
    return sorted(documents), sorted(entries), sorted(done)


def test_a_filing_killed_again_and_again_ends_as_one_that_was_left_alone(tmp_path: Path) -> None:
    count = "40"
    whole = tmp_path / "whole.db"
    undisturbed = start(whole, "0", count)
    _, complaint = undisturbed.communicate(timeout=120)
    assert undisturbed.returncode == 0, complaint
    killed = tmp_path / "killed.db"
    kills = 0
    for attempt in range(60):
        process = start(killed, "0", count)
        assert process.stdout is not None
        # At a different step each time: while it is made, between two documents, in the middle of one.
        for _ in range(1 + 9 * attempt):
            if not process.stdout.readline():
                break
        time.sleep(0.0007 * (attempt % 7))
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL
        kills += 1
    assert kills >= 5
    assert integrity(killed) == "ok"
    assert contents(killed) == contents(whole)
    assert len(contents(killed)[0]) == int(count)


def test_processes_that_file_at_once_lose_and_double_nothing(tmp_path: Path) -> None:
    path = tmp_path / "shared.db"
    # The last two do the same work: each document is filed by one of them and known to the other.
    processes = [start(path, "0", "25"), start(path, "25", "25"), start(path, "25", "25")]
    for process in processes:
        _, complaint = process.communicate(timeout=180)
        assert process.returncode == 0, complaint
    documents, entries, done = contents(path)
    assert len(documents) == len(done) == 50
    assert len(entries) == len(set(entries)) == 100
    assert integrity(path) == "ok"


def test_a_disk_that_is_full_is_named_and_keeps_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    process = start(path, "0", "2000", "--largest-file", "400000")
    output, complaint = process.communicate(timeout=180)
    assert process.returncode == 3, complaint
    assert "Make room" in output
    filed = [line.split()[1] for line in output.splitlines() if line.startswith("filed")]
    assert filed
    documents, _, done = contents(path)
    assert set(filed) <= set(done)
    assert set(documents) - set(filed) <= {f"d{len(filed):05}"}
    assert integrity(path) == "ok"
    # With room again the work goes on from there.
    process = start(path, "0", str(len(filed) + 5))
    _, complaint = process.communicate(timeout=180)
    assert process.returncode == 0, complaint
    assert len(contents(path)[2]) == len(filed) + 5
