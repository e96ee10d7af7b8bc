"""The ledger's tests run on both databases: a file of SQLite, or a database of its own on a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from ledger_examples import Open, ticking
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from detente.ledger import Ledger


@pytest.fixture(scope="session")
def postgres_ledgers(postgres_url: str) -> Iterator[Callable[[], URL]]:
    """Makes empty databases that hold the tables of a ledger, each from one that was brought up once."""
    server = make_url(postgres_url).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    numbers = iter(range(10_000))

    def create(name: str, more: str = "") -> URL:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} {more}"))
        return server.set(database=name)

    Ledger.open(create("ledger_template").render_as_string(hide_password=False), create=True).close()
    yield lambda: create(f"ledger_{next(numbers)}", "TEMPLATE ledger_template STRATEGY FILE_COPY")
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> str:
    """Address of an empty ledger, in each database."""
    if request.param == "sqlite":
        return "sqlite://"
    made: URL = request.getfixturevalue("postgres_ledgers")()
    return made.render_as_string(hide_password=False)


@pytest.fixture
def open_ledger(address: str) -> Iterator[Open]:
    """Opens the ledger of this test with a clock of its own, and closes it at the end."""
    opened: list[Ledger] = []

    def open_it(clock: Callable[[], datetime] | None = None, **more: Any) -> Ledger:
        opened.append(Ledger.open(address, create=True, clock=clock or ticking(), **more))
        return opened[-1]

    yield open_it
    for ledger in opened:
        ledger.close()


@pytest.fixture
def ledger(open_ledger: Open) -> Ledger:
    return open_ledger()
