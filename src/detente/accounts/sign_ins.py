"""Signing in and out: sessions whose tokens the browser alone has, and a growing delay after wrong passwords.

Whoever tries a name that does not exist is answered as slowly, and is made to wait as long, as who tries one that does.
Each try counts as failed until it is known to be right, so that many at once gain nothing.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from contextlib import suppress
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from detente.accounts import passwords
from detente.accounts.accounts import Account, Accounts, account_of, is_name
from detente.errors import AccountError, LedgerError
from detente.ledger.database import reading, writing
from detente.ledger.records import read_moment, write_moment
from detente.ledger.tables import accounts, failed_sign_ins, sessions

IDLE = timedelta(hours=2)
"""A session that nobody used for so long is over."""
LONGEST = timedelta(hours=12)
"""So is one this old, used or not: one working day."""
TOUCHED = timedelta(minutes=5)
"""How exactly the last use is known; each request would be a write otherwise."""
FREE = {"name": 5, "address": 20}
"""Wrong passwords in a row without a delay. An office may share one address."""
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN = timedelta(days=1)
"""After so long without a wrong password, none is counted any more."""


class NotSignedIn(AccountError):
    """Name and password do not fit; it is not said which."""


class TryLater(AccountError):
    """Too many wrong passwords; the password was not looked at."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many wrong passwords. Try again in {seconds} s.")
        self.seconds = seconds


class SignIns(Accounts):
    """Accounts, with who is signed in."""

    def sign_in(self, name: str, password: str, *, address: str, instead_of: str = "") -> str:
        """Begin a session.

        Args:
            address: Of the asker.
            instead_of: Token of the session the asker has; it ends.

        Returns:
            The token of the new session.

        Raises:
            NotSignedIn: There is no such account, it is disabled, or the password is wrong.
            TryLater: Too many were wrong before.
        """
        keys = {"name": _hash(f"name {name[:1000]}"), "address": _hash(f"address {network_of(address)}")}
        with writing(self._engine, self._where) as connection:
            seconds = self._count(connection, keys)
        if seconds:
            raise TryLater(seconds)
        with reading(self._engine, self._where) as connection:
            # PostgreSQL refuses some texts as such; no account is called "-".
            wanted = accounts.c.name == (name if is_name(name) else "-")
            row = connection.execute(select(accounts).where(wanted, accounts.c.disabled.is_(None))).one_or_none()
        kept = passwords.nobodys(self._cost) if row is None else row.password
        if not passwords.is_right(password, kept) or row is None:
            raise NotSignedIn("name and password do not fit.")
        again = passwords.hashed(password, self._cost) if passwords.is_cheaper(row.password, self._cost) else ""
        token = secrets.token_urlsafe(32)
        with writing(self._engine, self._where) as connection:
            now = self._clock()
            still = accounts.c.name == name, accounts.c.password == row.password, accounts.c.disabled.is_(None)
            if connection.execute(select(accounts.c.name).where(*still)).first() is None:
                raise NotSignedIn("name and password do not fit.")
            if again:
                connection.execute(update(accounts).where(accounts.c.name == name).values(password=again))
            self._forgive(connection, keys)
            over = (sessions.c.created < write_moment(now - LONGEST)) | (sessions.c.seen < write_moment(now - IDLE))
            connection.execute(delete(sessions).where(over | (sessions.c.token_hash == _hash(instead_of))))
            self._begin(connection, name, token)
        return token

    def visit(self, token: str) -> Account | None:
        """Whose session a token is of; None where it is none, is over, or its account is disabled."""
        if not token:
            return None
        now = self._clock()
        query = select(accounts, sessions.c.created.label("begun"), sessions.c.seen).join(sessions)
        with reading(self._engine, self._where) as connection:
            row = connection.execute(query.where(sessions.c.token_hash == _hash(token))).one_or_none()
        if row is None or row.disabled is not None:
            return None
        begun, seen = read_moment(row.begun), read_moment(row.seen)
        # A clock set back must not make a session last longer.
        if not (begun - TOUCHED <= now < begun + LONGEST and now < seen + IDLE):
            return None
        if now - seen >= TOUCHED:
            # A long import writes: the session is only known to be older than it is.
            with suppress(LedgerError), writing(self._engine, self._where) as connection:
                mine = sessions.c.token_hash == _hash(token)
                connection.execute(update(sessions).where(mine).values(seen=write_moment(now)))
        return account_of(row)

    def sign_out(self, token: str) -> None:
        """End a session."""
        with writing(self._engine, self._where) as connection:
            connection.execute(delete(sessions).where(sessions.c.token_hash == _hash(token)))

    def change_own_password(self, name: str, old: str, new: str, *, address: str) -> str:
        """Change a password by who knows the old one; every session of the account ends and one begins.

        Returns:
            The token of the new session.

        Raises:
            AccountError: The new one cannot be a password, or is the old one.
            NotSignedIn: The old one is wrong.
            TryLater: Too many were wrong before.
        """
        passwords.check(new, name)
        if old == new:
            raise AccountError("the new password is the old one. Choose another.")
        self.sign_out(self.sign_in(name, old, address=address))
        self.set_password(name, new, by=name)
        token = secrets.token_urlsafe(32)
        with writing(self._engine, self._where) as connection:
            self._begin(connection, name, token)
        return token

    def unlock(self, name: str) -> None:
        """Forget wrong passwords for a name."""
        with writing(self._engine, self._where) as connection:
            connection.execute(delete(failed_sign_ins).where(failed_sign_ins.c.key_hash == _hash(f"name {name}")))

    def _begin(self, connection: Connection, name: str, token: str) -> None:
        now = write_moment(self._clock())
        connection.execute(insert(sessions), {"token_hash": _hash(token), "account": name, "created": now, "seen": now})

    def _count(self, connection: Connection, keys: dict[str, str]) -> int:
        """Count a try as failed, and tell how many seconds it has to wait; one that has to is not counted."""
        now = self._clock()
        old = failed_sign_ins.c.last < write_moment(now - FORGOTTEN)
        connection.execute(delete(failed_sign_ins).where(old))
        rows = {kind: _failures(connection, key) for kind, key in keys.items()}
        # The clock may have been set back: nobody waits longer than the longest wait.
        waits = [min(read_moment(row.until) - now, LONGEST_WAIT) for row in rows.values() if row is not None]
        longest = max(waits, default=timedelta())
        if longest > timedelta():
            return int(longest.total_seconds()) + 1
        for kind, key in keys.items():
            row = rows[kind]
            failures = (0 if row is None else row.failures) + 1
            values = {"failures": failures, "last": write_moment(now)}
            values["until"] = write_moment(now + wait_after(failures, FREE[kind]))
            if row is None:
                connection.execute(insert(failed_sign_ins), {"key_hash": key, **values})
            else:
                connection.execute(update(failed_sign_ins).where(failed_sign_ins.c.key_hash == key).values(**values))
        return 0

    def _forgive(self, connection: Connection, keys: dict[str, str]) -> None:
        """Take a right password for what it is. Failures of an address stay: one own account must not wipe them out."""
        mine = failed_sign_ins.c.key_hash
        connection.execute(delete(failed_sign_ins).where(mine == keys["name"]))
        row = _failures(connection, keys["address"])
        if row is not None:
            values = {"failures": max(0, row.failures - 1), "until": write_moment(self._clock())}
            connection.execute(update(failed_sign_ins).where(mine == keys["address"]).values(**values))


def wait_after(failures: int, free: int) -> timedelta:
    """How long nobody may try again: 1, 2, 4, 8 … seconds from the first that is not free on, 15 minutes at most.

    >>> [int(wait_after(n, 5).total_seconds()) for n in (4, 5, 6, 9, 30)]
    [0, 1, 2, 16, 900]
    """
    if failures < free:
        return timedelta()
    return min(timedelta(seconds=2 ** min(failures - free, 20)), LONGEST_WAIT)


def network_of(address: str) -> str:
    """What an address counts as: an IPv6 customer has a whole /64.

    >>> network_of("203.0.113.7"), network_of("2001:db8::1:2"), network_of("::ffff:203.0.113.7"), network_of("")
    ('203.0.113.7', '2001:db8::', '203.0.113.7', '')
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False).network_address)
    return str(found)


def _failures(connection: Connection, key: str) -> Any:
    return connection.execute(select(failed_sign_ins).where(failed_sign_ins.c.key_hash == key)).one_or_none()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
