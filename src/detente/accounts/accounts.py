"""Accounts: a name, a role, the hash of a password. None is ever dropped, for decisions are made under their names."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, get_args

from sqlalchemy import Connection, delete, func, insert, select, update

from detente.accounts import passwords
from detente.accounts.passwords import Cost
from detente.errors import AccountError
from detente.ledger.database import connect, locate, name_of, reading, writing
from detente.ledger.records import read_moment, write_moment
from detente.ledger.tables import account_changes, accounts, sessions

Role = Literal["reader", "coder", "editor"]
ROLES: tuple[Role, ...] = get_args(Role)
"""From the one that may least to the one that may most; each may what those before it may."""
What = Literal["added", "role", "password", "disabled", "enabled"]
_NAME = re.compile(r"[a-z][a-z0-9]*(?:[._-][a-z0-9]+)*")
MOST_NAME = 32
MOST_DISPLAY = 80


def is_at_least(role: Role, wanted: Role) -> bool:
    """Whether a role may what another may.

    >>> is_at_least("editor", "coder"), is_at_least("reader", "coder")
    (True, False)
    """
    return ROLES.index(role) >= ROLES.index(wanted)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in.

    Attributes:
        name: What decisions are kept under.
        display: What pages call the person.
        disabled: Since when nobody can sign in with it.
    """

    name: str
    display: str
    role: Role
    created: datetime
    disabled: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "display": self.display,
            "role": self.role,
            "created": self.created.isoformat(),
            "disabled": None if self.disabled is None else self.disabled.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Change:
    """What became of an account, and the role it has since."""

    recorded: datetime
    account: str
    change: What
    role: Role
    by: str


class Accounts:
    """The accounts of one dossier. Open them with `Accounts.open`, best in a `with` block."""

    def __init__(
        self, path_or_url: str | Path, *, clock: Callable[[], datetime] | None = None, cost: Cost | None = None
    ) -> None:
        """Open them.

        Args:
            path_or_url: Where the ledger is, see `Ledger.open`; it is made where there is none.
            clock: Gives the moment; now, in UTC, unless given.
            cost: Of hashing a password.

        Raises:
            LedgerError: The ledger's database cannot be opened.
        """
        url = locate(path_or_url)
        self._engine = connect(url, create=True, kept_open=False)
        self._where = name_of(url)
        self._file = Path(str(url.database)) if url.get_backend_name() == "sqlite" else None
        self._clock = clock or (lambda: datetime.now(UTC))
        self._cost = cost or Cost()

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def any(self) -> bool:
        """Whether there is an account, be it disabled: then nobody works at the desk without signing in."""
        with reading(self._engine, self._where) as connection:
            return connection.execute(select(accounts.c.name).limit(1)).first() is not None

    def all(self) -> list[Account]:
        """Every account, by name."""
        with reading(self._engine, self._where) as connection:
            return [account_of(row) for row in connection.execute(select(accounts).order_by(accounts.c.name))]

    def account(self, name: str) -> Account:
        """One account.

        Raises:
            AccountError: There is none of this name.
        """
        with reading(self._engine, self._where) as connection:
            return account_of(_row(connection, name))

    def changes(self, name: str | None = None) -> list[Change]:
        """What became of one account or of all, in order."""
        query = select(account_changes).order_by(account_changes.c.seq)
        if name is not None:
            query = query.where(account_changes.c.account == name)
        with reading(self._engine, self._where) as connection:
            return [
                Change(read_moment(row.recorded), row.account, row.change, row.role, row.changed_by)
                for row in connection.execute(query)
            ]

    def add(self, name: str, role: Role, password: str, *, display: str = "", by: str) -> Account:
        """Add an account; on a file, rights of other users of the machine are taken away.

        Args:
            by: Who adds it.

        Raises:
            AccountError: The name is taken or no name, or role, password or display name cannot be.
        """
        display = " ".join(display.split()) or name
        if not is_name(name):
            raise AccountError(
                f"{name!r} is no name of an account. Use up to {MOST_NAME} small letters and digits: anna, a.petrova."
            )
        if len(display) > MOST_DISPLAY or not display.isprintable():
            raise AccountError(f"{name}: its display name is not 1 to {MOST_DISPLAY} printable characters.")
        _check_role(role)
        passwords.check(password, name)
        kept = passwords.hashed(password, self._cost)
        with writing(self._engine, self._where) as connection:
            if connection.execute(select(accounts.c.name).where(accounts.c.name == name)).first() is not None:
                raise AccountError(f"{name}: there is such an account already. Choose another name; names stay taken.")
            now = write_moment(self._clock())
            connection.execute(
                insert(accounts), {"name": name, "display": display, "role": role, "password": kept, "created": now}
            )
            self._note(connection, name, "added", role, by)
            found = account_of(_row(connection, name))
        self._shut()
        return found

    def set_role(self, name: str, role: Role, *, by: str) -> Account:
        """Give an account another role; it counts from the next request on.

        Raises:
            AccountError: There is no such account, or no such role.
        """
        _check_role(role)
        return self._change(name, "role", by, role=role)

    def set_password(self, name: str, password: str, *, by: str) -> Account:
        """Give an account another password, and end its sessions.

        Raises:
            AccountError: There is no such account, or the password cannot be one.
        """
        passwords.check(password, name)
        return self._change(name, "password", by, password=passwords.hashed(password, self._cost))

    def disable(self, name: str, *, by: str) -> Account:
        """Let nobody sign in with an account, and end its sessions.

        Raises:
            AccountError: There is no such account.
        """
        return self._change(name, "disabled", by, disabled=write_moment(self._clock()))

    def enable(self, name: str, *, by: str) -> Account:
        """Let people sign in with an account again.

        Raises:
            AccountError: There is no such account.
        """
        return self._change(name, "enabled", by, disabled=None)

    def _change(self, name: str, what: What, by: str, **values: Any) -> Account:
        with writing(self._engine, self._where) as connection:
            before = _row(connection, name)
            same = all(before._mapping[field] == value for field, value in values.items())
            if same or (what == "disabled" and before.disabled):
                return account_of(before)
            connection.execute(update(accounts).where(accounts.c.name == name).values(**values))
            if what in ("password", "disabled"):
                connection.execute(delete(sessions).where(sessions.c.account == name))
            self._note(connection, name, what, values.get("role", before.role), by)
            return account_of(_row(connection, name))

    def _note(self, connection: Connection, name: str, what: What, role: Role, by: str) -> None:
        last = connection.scalar(select(func.max(account_changes.c.seq))) or 0
        row = {"seq": last + 1, "recorded": write_moment(self._clock()), "account": name}
        connection.execute(insert(account_changes), row | {"change": what, "role": role, "changed_by": by})

    def _shut(self) -> None:
        """Other users of the machine have no business with hashes of passwords."""
        if self._file is None:
            return
        for path in (self._file, *(self._file.with_name(self._file.name + end) for end in ("-wal", "-shm"))):
            try:
                mode = stat.S_IMODE(path.stat().st_mode)
                if mode & stat.S_IRWXO:
                    path.chmod(mode & ~stat.S_IRWXO)
            except OSError:
                # Not there, or another user's: who may change its rights has to.
                continue


def is_name(name: str) -> bool:
    """Whether an account can be called so."""
    return len(name) <= MOST_NAME and _NAME.fullmatch(name) is not None


def account_of(row: Any) -> Account:
    """An account as its row has it, without the hash."""
    disabled = None if row.disabled is None else read_moment(row.disabled)
    return Account(row.name, row.display, row.role, read_moment(row.created), disabled)


def _row(connection: Connection, name: str) -> Any:
    wanted = accounts.c.name == (name if is_name(name) else "-")
    found = connection.execute(select(accounts).where(wanted)).one_or_none()
    if found is None:
        raise AccountError(f"{name}: there is no such account. `detente account list` shows them.")
    return found


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise AccountError(f"{role!r} is no role. Use one of: {', '.join(ROLES)}.")
