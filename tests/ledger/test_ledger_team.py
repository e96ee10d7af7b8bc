"""Several people decide while reports are filed, on SQLite and on PostgreSQL: nothing is lost, the chain is whole."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ledger_examples import coding, document, event, ticking
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL

from detente import workflow
from detente.dossier import write_starter
from detente.errors import LedgerError
from detente.ledger import Ledger
from detente.ledger.database import migrate, writing
from detente.ledger.guards import unprotected
from detente.ledger.tables import LOG, metadata, originals
from detente.terms import Dyad

HERE = Path(__file__).parent
WAIT_SECONDS = 180
PEOPLE = ("anna", "boris", "vera")


@pytest.fixture
def team(request: pytest.FixtureRequest, address: str, tmp_path: Path) -> str:
    """Address of an empty ledger that several processes can open."""
    if not address.startswith("sqlite"):
        return address
    Ledger.open(tmp_path / "ledger.db", create=True).close()
    return str(tmp_path / "ledger.db")


@pytest.fixture
def postgres(postgres_ledgers: Callable[[], URL]) -> Iterator[tuple[str, Engine]]:
    """Address of an empty ledger, and a way past the ledger to its database."""
    url = postgres_ledgers()
    engine = create_engine(url)
    yield url.render_as_string(hide_password=False), engine
    engine.dispose()


def started(script: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(HERE / script), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> list[str]:
    output, complaint = process.communicate(timeout=WAIT_SECONDS)
    assert process.returncode == 0, complaint + output
    return output.splitlines()


def test_people_who_decide_while_reports_are_filed_lose_nothing(team: str) -> None:
    filing = started("filing.py", team, 0, 40)
    people = {name: started("deciding.py", team, name, 30) for name in PEOPLE}
    filed = [line for line in ended(filing) if line.startswith("filed")]
    told = {name: [int(line.split()[1]) for line in ended(process)] for name, process in people.items()}
    with Ledger.open(team) as ledger:
        kept = {decision.seq: decision for decision in ledger.decisions()}
        assert len(filed) == len(list(ledger.documents())) == 40
        assert sorted(seq for numbers in told.values() for seq in numbers) == sorted(kept)
        assert all(kept[seq].by == name for name, numbers in told.items() for seq in numbers)
        assert all(len(numbers) == 36 for numbers in told.values())
        assert ledger.verify().ok, ledger.verify().problem


def test_a_filing_killed_on_a_server_ends_as_one_that_was_left_alone(postgres: tuple[str, Engine]) -> None:
    address, _ = postgres
    for lines in (4, 9, 23):
        process = started("filing.py", address, 0, 30)
        assert process.stdout
        for _ in range(lines):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=WAIT_SECONDS)
    ended(started("filing.py", address, 0, 30))
    with Ledger.open(address) as ledger:
        assert [doc.id for doc in ledger.documents()] == [f"d{number:05}" for number in range(30)]
        assert len(list(ledger.entries())) == 60
        assert ledger.verify().ok


def test_a_server_refuses_to_change_or_drop_a_line(postgres: tuple[str, Engine]) -> None:
    address, engine = postgres
    with Ledger.open(address, clock=ticking()) as ledger:
        doc = document()
        ledger.add_document(doc, b"raw")
        ledger.file(coding(doc, event(doc)))
        ledger.decide(next(ledger.entries()).id, "accept", by="A", why="")
        whole = ledger.verify()
        attempts = [f"TRUNCATE {table.name} CASCADE" for table in (*LOG, originals)]
        attempts += [f"DELETE FROM {name}" for name in ("documents", "originals", "codings", "entries", "decisions")]
        attempts += ["UPDATE entries SET coder = 'x'", "UPDATE decisions SET why = 'x'"]
        for statement in attempts:
            with pytest.raises(Exception, match="append-only"), engine.begin() as connection:
                connection.execute(text(statement))
        assert ledger.verify() == whole
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE decisions DISABLE TRIGGER ALL"))
            connection.execute(text("UPDATE decisions SET decided_by = 'B'"))
        assert "was changed" in ledger.verify().problem


def test_a_server_has_the_tables_that_the_code_knows_from_the_first_revision_on(
    postgres: tuple[str, Engine], postgres_ledgers: Any
) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    address, engine = postgres
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    with pytest.raises(LedgerError, match="holds no ledger"):
        Ledger.open(address)
    with writing(engine, address) as connection:
        migrate(connection, "0001")
    with Ledger.open(address) as ledger:
        assert ledger.verify().ok
    with writing(engine, address) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert unprotected(connection) == []


def test_a_view_of_a_server_sees_one_state_while_others_write(postgres: tuple[str, Engine]) -> None:
    address, _ = postgres
    with Ledger.open(address) as ledger, Ledger.open(address) as other:
        with ledger.snapshot() as then:
            other.add_document(document())
            assert list(then.documents()) == []
        assert [doc.id for doc in ledger.documents()] == [document().id]


def test_a_ledger_that_is_kept_open_outlives_connections_that_a_server_ends(postgres: tuple[str, Engine]) -> None:
    address, engine = postgres
    with Ledger.open(address) as ledger:
        assert ledger.head().line == 0
        with engine.connect() as connection:
            others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            connection.execute(text(f"SELECT pg_terminate_backend(pid) {others}"))
        assert ledger.head().line == 0


def test_a_dossier_names_the_database_of_its_ledger_and_the_environment_another(
    postgres_ledgers: Callable[[], URL], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (postgres_ledgers().set(drivername="postgresql") for _ in range(2))
    write_starter(tmp_path, Dyad.parse("RUS-USA"), date(2025, 3, 1), today=date(2025, 4, 1))
    toml = tmp_path / "dossier.toml"
    named = f'[dossier]\nledger = "{first.render_as_string(hide_password=False)}"'
    toml.write_text(toml.read_text("utf-8").replace("[dossier]", named), "utf-8")
    with workflow.opened(tmp_path) as (_, ledger):
        ledger.add_document(document())
    assert not (tmp_path / "ledger.db").exists()
    monkeypatch.setenv("DETENTE_LEDGER", second.render_as_string(hide_password=False))
    with workflow.opened(tmp_path) as (_, ledger):
        assert list(ledger.documents()) == []
    monkeypatch.setenv("DETENTE_LEDGER", "postgresql://detente@127.0.0.1:1/nothing")
    with pytest.raises(LedgerError, match="no database answers"), workflow.opened(tmp_path):
        pass
