"""The moment up to which the ledger is read."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from detente.errors import LedgerError

AsOf = datetime | date | None
"""A moment, a day (read to its end, UTC), or None for everything recorded so far."""


def moment_of(as_of: AsOf) -> datetime | None:
    """The last moment that counts, in UTC.

    Raises:
        LedgerError: A moment without a time zone: nobody could say what had been recorded by then; or one that is
            outside the calendar in UTC.

    >>> moment_of(date(2025, 4, 10)).isoformat()
    '2025-04-10T23:59:59.999999+00:00'
    """
    if as_of is None:
        return None
    if not isinstance(as_of, datetime):
        return datetime.combine(as_of, time.min, UTC) + timedelta(days=1, microseconds=-1)
    if as_of.tzinfo is None:
        raise LedgerError(f"as_of {as_of.isoformat()} has no time zone. Give a day, or a moment in UTC.")
    try:
        return as_of.astimezone(UTC)
    except OverflowError:
        raise LedgerError(f"as_of {as_of.isoformat()} is outside the calendar in UTC. Give a day.") from None
