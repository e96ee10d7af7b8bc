"""How far what we know reaches: no number speaks of a day later than the last report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from detente.dossier import Dossier
from detente.ledger import moment_of
from detente.terms import Document


def knowledge_day(documents: Iterable[Document], as_of: date | datetime | None, dossier: Dossier) -> date:
    """The last day a report speaks from: the newest day of publication, but no later than `as_of` or today.

    Nothing is known of the days after it, so an index or a forecast "for today" would hide how old it is. Without any
    dated report it is the first day the dossier looks at.
    """
    limit = limit_day(as_of)
    days = [d.published for d in documents if d.published is not None and d.published <= limit]
    return max([dossier.since, *days])


def limit_day(as_of: date | datetime | None) -> date:
    """The day we look from: that of `as_of`, else today (UTC)."""
    moment = moment_of(as_of)
    return moment.astimezone(UTC).date() if moment else datetime.now(UTC).date()
