"""Calendar months from a day, and how long a year is."""

from __future__ import annotations

import calendar
from datetime import date

DAYS_A_YEAR = 365.25


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months later, or the month's last.

    >>> months_later(date(2025, 1, 31), 1)
    datetime.date(2025, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
