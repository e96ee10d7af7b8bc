"""Accounts, sessions and the delay after wrong passwords hold on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from detente.accounts import Cost, NotSignedIn, SignIns, TryLater, passwords
from detente.accounts.sign_ins import FREE, IDLE, LONGEST, LONGEST_WAIT
from detente.errors import AccountError
from detente.ledger import Ledger

CHEAP = Cost(log_n=4, r=8, p=1)
RIGHT, WRONG, OTHER = "correct horse battery", "incorrect horse battery", "a quite different staple"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, time: timedelta) -> None:
        self.now += time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "ledger.db")
    address = make_url(request.getfixturevalue("postgres_url")).set(drivername="postgresql+psycopg")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS accounts"))
        connection.execute(text("CREATE DATABASE accounts"))
    engine.dispose()
    return address.set(database="accounts").render_as_string(hide_password=False)


@pytest.fixture
def accounts(where: str, clock: Clock) -> Iterator[SignIns]:
    with SignIns(where, clock=clock, cost=CHEAP) as opened:
        opened.add("anna", "coder", RIGHT, display="Anna Petrova", by="root")
        yield opened


def tried(accounts: SignIns, name: str = "anna", password: str = WRONG, address: str = "203.0.113.7") -> str:
    try:
        accounts.sign_in(name, password, address=address)
    except TryLater as refused:
        return f"wait {refused.seconds}"
    except NotSignedIn:
        return "wrong"
    return "in"


# Accounts


def test_an_account_keeps_its_name_and_what_became_of_it(accounts: SignIns) -> None:
    assert accounts.any()
    accounts.set_role("anna", "editor", by="root")
    accounts.set_role("anna", "editor", by="root")
    accounts.set_password("anna", OTHER, by="root")
    accounts.disable("anna", by="boris")
    accounts.disable("anna", by="boris")
    accounts.enable("anna", by="boris")
    told = [(c.account, c.change, c.role, c.by) for c in accounts.changes("anna")]
    assert told == [
        ("anna", "added", "coder", "root"),
        ("anna", "role", "editor", "root"),
        ("anna", "password", "editor", "root"),
        ("anna", "disabled", "editor", "boris"),
        ("anna", "enabled", "editor", "boris"),
    ]
    assert [(a.name, a.display, a.role, a.disabled) for a in accounts.all()] == [
        ("anna", "Anna Petrova", "editor", None)
    ]
    with pytest.raises(AccountError, match="names stay taken"):
        accounts.add("anna", "reader", OTHER, by="root")


def test_what_became_of_accounts_cannot_be_changed_in_the_database(accounts: SignIns, where: str) -> None:
    engine = create_engine(where if "://" in where else f"sqlite:///{where}")
    for statement in ("UPDATE account_changes SET role = 'editor'", "DELETE FROM account_changes"):
        with pytest.raises(Exception, match="append-only"), engine.begin() as connection:
            connection.execute(text(statement))
    engine.dispose()
    with Ledger.open(where) as ledger:
        assert ledger.verify().ok
        assert ledger.head().line == 0, "accounts are no lines of the chain"


@pytest.mark.parametrize("name", ["", "Anna", "a b", "anna\n", "анна", "-", "a" * 33, "a--b", "a\x00", "1a", "\udc80"])
def test_a_name_that_cannot_be_is_refused(accounts: SignIns, name: str) -> None:
    with pytest.raises(AccountError, match="is no name of an account"):
        accounts.add(name, "coder", OTHER, by="root")
    with pytest.raises(AccountError, match="no such account"):
        accounts.account(name)
    assert tried(accounts, name, RIGHT) == "wrong"


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short password", "has 14 characters. Use at least 15"),
        ("x" * 257, "Use at most 256"),
        ("abab" * 8, "fewer than 6 different"),
        ("alexandra-petrova", "little more than the name"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused_and_not_repeated(
    accounts: SignIns, password: str, said: str
) -> None:
    with pytest.raises(AccountError, match=said) as refused:
        accounts.add("alexandra-petrov", "coder", password, by="root")
    assert password not in str(refused.value)
    assert len(accounts.all()) == 1


def test_of_a_password_a_salted_hash_is_kept_that_says_how_it_was_made() -> None:
    first, second = passwords.hashed(RIGHT, Cost()), passwords.hashed(RIGHT, Cost())
    assert first != second
    assert first.startswith("scrypt$15$8$3$")
    assert RIGHT not in first
    assert passwords.is_right(RIGHT, first)
    assert not passwords.is_right(WRONG, first)
    assert not passwords.is_right("", first)


def test_a_password_is_the_same_however_the_keyboard_writes_its_accents() -> None:
    kept = passwords.hashed("un été à la campagne", CHEAP)
    assert passwords.is_right("un e\u0301te\u0301 a\u0300 la campagne", kept)


def test_a_password_kept_at_another_cost_is_kept_anew_when_it_is_used(accounts: SignIns, where: str) -> None:
    dearer = Cost(log_n=5, r=8, p=1)
    with SignIns(where, cost=dearer) as later:
        token = later.sign_in("anna", RIGHT, address="203.0.113.7")
        assert later.visit(token)
    engine = create_engine(where if "://" in where else f"sqlite:///{where}")
    with engine.connect() as connection:
        assert str(connection.scalar(text("SELECT password FROM accounts"))).startswith("scrypt$5$8$1$")
    engine.dispose()


def test_a_file_with_hashes_of_passwords_is_shut_to_other_users(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    Ledger.open(path, create=True).close()
    path.chmod(0o644)
    with SignIns(path, cost=CHEAP) as accounts:
        accounts.add("anna", "coder", RIGHT, by="root")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


# Sessions


def test_a_session_is_known_by_its_token_which_is_not_kept(accounts: SignIns, where: str) -> None:
    token = accounts.sign_in("anna", RIGHT, address="203.0.113.7")
    assert len(token) >= 43
    visitor = accounts.visit(token)
    assert visitor is not None
    assert (visitor.name, visitor.role) == ("anna", "coder")
    for other in ("", token[:-1], token.swapcase(), token + " ", "\udc80", "x\x00"):
        assert accounts.visit(other) is None
    if "://" not in where:
        content = b"".join(path.read_bytes() for path in Path(where).parent.iterdir())
        assert token.encode() not in content
        assert RIGHT.encode() not in content


def test_each_sign_in_makes_a_new_token_and_ends_the_session_before(accounts: SignIns) -> None:
    first = accounts.sign_in("anna", RIGHT, address="203.0.113.7")
    elsewhere = accounts.sign_in("anna", RIGHT, address="203.0.113.8")
    second = accounts.sign_in("anna", RIGHT, address="203.0.113.7", instead_of=first)
    assert len({first, second, elsewhere}) == 3
    assert accounts.visit(first) is None
    assert accounts.visit(second)
    assert accounts.visit(elsewhere)


def test_a_session_ends_when_nobody_uses_it_and_after_a_day_at_work(accounts: SignIns, clock: Clock) -> None:
    idle = accounts.sign_in("anna", RIGHT, address="203.0.113.7")
    clock.pass_(IDLE - timedelta(seconds=1))
    assert accounts.visit(idle)
    clock.pass_(IDLE - timedelta(seconds=1))
    assert accounts.visit(idle), "it was used"
    clock.pass_(IDLE)
    assert accounts.visit(idle) is None
    used = accounts.sign_in("anna", RIGHT, address="203.0.113.7")
    while clock.now - START < IDLE * 3 + LONGEST - timedelta(hours=1):
        clock.pass_(timedelta(hours=1))
        alive = accounts.visit(used)
    clock.pass_(timedelta(hours=1))
    assert alive is None or accounts.visit(used) is None


def test_a_clock_set_back_makes_no_session_last_longer(accounts: SignIns, clock: Clock) -> None:
    token = accounts.sign_in("anna", RIGHT, address="203.0.113.7")
    clock.pass_(-timedelta(days=3))
    assert accounts.visit(token) is None


def test_sessions_end_with_the_account_the_password_and_on_signing_out(accounts: SignIns) -> None:
    accounts.add("boris", "editor", OTHER, by="root")
    other = accounts.sign_in("boris", OTHER, address="203.0.113.7")
    for ending in ("disable", "password", "out"):
        token = accounts.sign_in("anna", RIGHT, address="203.0.113.7")
        assert accounts.visit(token)
        if ending == "disable":
            accounts.disable("anna", by="root")
            assert tried(accounts, password=RIGHT) == "wrong"
            assert accounts.visit(token) is None
            accounts.enable("anna", by="root")
        elif ending == "password":
            accounts.set_password("anna", OTHER, by="root")
            accounts.set_password("anna", RIGHT, by="root")
        else:
            accounts.sign_out(token)
        assert accounts.visit(token) is None, ending
    assert accounts.visit(other)


def test_another_role_counts_at_once(accounts: SignIns) -> None:
    token = accounts.sign_in("anna", RIGHT, address="203.0.113.7")
    accounts.set_role("anna", "reader", by="root")
    visitor = accounts.visit(token)
    assert visitor is not None
    assert visitor.role == "reader"


def test_who_changes_the_own_password_knows_the_old_one_and_every_session_ends_but_the_new(accounts: SignIns) -> None:
    tokens = [accounts.sign_in("anna", RIGHT, address="203.0.113.7") for _ in range(2)]
    with pytest.raises(NotSignedIn):
        accounts.change_own_password("anna", WRONG, OTHER, address="203.0.113.7")
    with pytest.raises(AccountError, match="Use at least"):
        accounts.change_own_password("anna", RIGHT, "short", address="203.0.113.7")
    with pytest.raises(AccountError, match="is the old one"):
        accounts.change_own_password("anna", RIGHT, RIGHT, address="203.0.113.7")
    assert accounts.visit(tokens[0])
    new = accounts.change_own_password("anna", RIGHT, OTHER, address="203.0.113.7")
    assert [accounts.visit(token) for token in tokens] == [None, None]
    assert accounts.visit(new)
    assert tried(accounts, password=RIGHT) == "wrong"
    assert tried(accounts, password=OTHER) == "in"


# The delay


def test_after_some_wrong_passwords_each_more_doubles_the_wait(accounts: SignIns, clock: Clock) -> None:
    waits = []
    for n in range(FREE["name"] + 12):
        # From another address each time: the name alone is counted.
        assert tried(accounts, address=f"192.0.2.{n}") == "wrong"
        if n + 1 >= FREE["name"]:
            said = tried(accounts, password=RIGHT, address=f"198.51.100.{n}")
            waits.append(int(said.removeprefix("wait ")))
            clock.pass_(timedelta(seconds=waits[-1]))
    assert waits[:5] == [2, 3, 5, 9, 17]
    assert waits[-1] == LONGEST_WAIT.total_seconds() + 1
    assert tried(accounts, password=RIGHT) == "in"


def test_a_right_password_wipes_out_the_wrong_ones_before_it(accounts: SignIns) -> None:
    for n in range(3 * FREE["name"]):
        assert tried(accounts, address=f"192.0.2.{n}") == "wrong"
        assert tried(accounts, password=RIGHT, address=f"198.51.100.{n}") == "in"


def test_the_wait_outlives_a_restart_and_is_for_that_name_alone(accounts: SignIns, where: str, clock: Clock) -> None:
    accounts.add("boris", "editor", OTHER, by="root")
    for n in range(FREE["name"]):
        tried(accounts, address=f"192.0.2.{n}")
    accounts.close()
    with SignIns(where, clock=clock, cost=CHEAP) as again:
        assert tried(again, password=RIGHT) == "wait 2"
        assert tried(again, "boris", OTHER) == "in"
        again.unlock("anna")
        assert tried(again, password=RIGHT) == "in"


def test_a_name_that_nobody_has_waits_as_long(accounts: SignIns) -> None:
    for n in range(FREE["name"]):
        assert tried(accounts, "nobody", address=f"192.0.2.{n}") == tried(accounts, address=f"198.51.100.{n}")
    assert tried(accounts, "nobody") == tried(accounts) == "wait 2"


def test_an_address_waits_whatever_names_it_tries_and_an_own_account_wipes_nothing_out(
    accounts: SignIns, clock: Clock
) -> None:
    for n in range(FREE["address"] - 1):
        assert tried(accounts, f"name{n}") == "wrong"
        assert tried(accounts, password=RIGHT) == "in"
    assert tried(accounts, "another") == "wrong"
    assert tried(accounts, password=RIGHT) == "wait 2"
    assert tried(accounts, password=RIGHT, address="198.51.100.1") == "in"
    clock.pass_(timedelta(seconds=2))
    assert tried(accounts, "another") == "wrong"
    assert tried(accounts, "another") == "wait 3"
    clock.pass_(timedelta(days=2))
    assert tried(accounts, "another") == "wrong"
    assert tried(accounts, password=RIGHT) == "in"


def test_a_clock_set_back_makes_nobody_wait_longer(accounts: SignIns, clock: Clock) -> None:
    for n in range(FREE["name"]):
        tried(accounts, address=f"192.0.2.{n}")
    clock.pass_(-timedelta(days=300))
    said = tried(accounts, password=RIGHT)
    assert said == f"wait {int(LONGEST_WAIT.total_seconds()) + 1}"


def test_many_tries_at_once_gain_nothing(accounts: SignIns) -> None:
    with ThreadPoolExecutor(12) as pool:
        said = list(pool.map(lambda n: tried(accounts, address=f"192.0.2.{n}"), range(24)))
    assert said.count("wrong") == FREE["name"]
    assert len(said) - said.count("wrong") == sum(each.startswith("wait") for each in said)


def test_a_stranger_costs_as_much_as_a_wrong_password(accounts: SignIns, monkeypatch: pytest.MonkeyPatch) -> None:
    spent: list[Cost] = []
    real = passwords._scrypt
    monkeypatch.setattr(passwords, "_scrypt", lambda p, s, c: spent.append(c) or real(p, s, c))  # type: ignore[func-returns-value]
    accounts.add("carol", "reader", OTHER, by="root")
    accounts.disable("carol", by="root")
    for name in ("anna", "nobody", "carol", "no name at all"):
        spent.clear()
        assert tried(accounts, name, OTHER) == "wrong"
        assert spent == [CHEAP], name


def test_what_was_typed_as_a_name_is_not_kept(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "ledger.db"
    with SignIns(path, clock=clock, cost=CHEAP) as accounts:
        assert tried(accounts, RIGHT, "anna") == "wrong"
    with sqlite3.connect(path) as connection:
        assert RIGHT not in "\n".join(connection.iterdump())
        assert "203.0.113.7" not in "\n".join(connection.iterdump())
