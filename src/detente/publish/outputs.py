"""Everything a site holds beside its pages for readers: figures in every form, feeds, the calendar."""

from __future__ import annotations

from collections.abc import Iterator

from detente.ledger import Ledger
from detente.publish import calendars, event_cite, feeds, figures, measure_pages, occurrences
from detente.publish.situation import Situation
from detente.terms import LANGUAGES


def every(
    situation: Situation, ledger: Ledger, *, base: str = "", with_png: bool = False
) -> Iterator[tuple[str, bytes]]:
    """(path from the top of the site, content).

    Args:
        base: Address at which the site will stand, so that feeds can name whole addresses.
        with_png: Draw each figure as PNG too, which takes some 0.2 s of processor time each.
    """
    yield from measure_pages.files(situation, ledger, with_png=with_png)
    yield from feeds.every(situation, base=base)
    yield from calendars.every(situation, base=base)
    yield from occurrences.every(situation)
    yield from event_cite.every(situation)


def count(situation: Situation) -> int:
    """How many files `every` gives at most without PNG, for a progress bar."""
    names = figures.paths(situation)
    own_pages = sum(name.startswith("measures/") for name in names)
    followed = (3 + len(situation.milestones)) * len(feeds.FORMS)
    cited = len(situation.shown_rows) * len(event_cite.MAKERS)
    return (
        cited
        + len(names) * (4 + 2 * len(LANGUAGES))
        + len(LANGUAGES) * (own_pages + followed + 1)
        + len(occurrences.MAKERS)
    )
