"""Whose press tells what between India and Pakistan, and what the index would be without each of them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_examples import side

from detente.codebook import score_tenths, types
from detente.engine import event_rows
from detente.errors import MeasureError
from detente.ledger import Ledger
from detente.measures import daily_index
from detente.measures.sources import SourceGroup, Sources, by_source
from detente.measures.sources import _difference as difference
from detente.registry import outlet
from detente.terms import Coding, Document, Dyad, Event, EventDate

IND_PAK = Dyad("IND", "PAK")
START, END = date(2025, 5, 1), date(2025, 5, 31)
HINDU, DAWN, BBC = "https://www.thehindu.com/{}", "https://www.dawn.com/news/{}", "https://www.bbc.com/{}"
BLOG = "https://a-blog.example/{}"
TEXT = "India and Pakistan met."

Report = tuple[str, str, int]
"""Address, type of the event told, day of May on which it happened and was published."""


def clock() -> Iterator[datetime]:
    moment = datetime(2025, 4, 1, tzinfo=UTC)
    while True:
        moment += timedelta(minutes=1)
        yield moment


def dossier(*reports: Report, language: str = "en") -> Ledger:
    ticks = clock()
    ledger = Ledger.open("sqlite://", create=True, clock=lambda: next(ticks))
    for number, (address, kind, day) in enumerate(reports):
        url = address.format(number)
        document = Document(
            id=f"d{number}", text=TEXT, language=language, published=date(2025, 5, day), published_basis="given",
            fetched=datetime(2025, 5, day, tzinfo=UTC), url=url,
        )  # fmt: skip
        joint = kind in ("CONSULT", "AGREE")
        said = Event(
            type=kind,
            mode="",
            actors=(side("IND"), side("PAK")) if joint else (side("IND"),),
            recipients=() if joint else (side("PAK"),),
            event_date=EventDate.of(f"2025-05-{day:02}", "explicit"),
            realis="happened",
            evidence=document.quote(0, len(TEXT)),
            confidence=0.8,
            track="general",
        )
        ledger.add_document(document)
        ledger.file(Coding(document.id, "c.v1", "plover-2.0", events=(said,)))
    return ledger


def measured(ledger: Ledger, *, end: date = END) -> Sources:
    documents = {document.id: document for document in ledger.documents()}
    return by_source(
        ledger.occurrences(), documents, IND_PAK, start=START, end=end, standing=ledger.codings("event")
    )  # fmt: skip


def value(ledger: Ledger) -> float | None:
    published = {d.id: d.published for d in ledger.documents() if d.published}
    rows = event_rows(ledger.occurrences(), dyad=IND_PAK, published=published)
    return daily_index(rows, IND_PAK, start=START, end=END).joint.last.value


def group(found: Sources, key: str) -> SourceGroup:
    return next(g for g in found.groups if g.key == key)


def test_an_outlet_is_known_by_its_domain_or_by_its_name_and_never_guessed() -> None:
    assert (outlet("https://en.kremlin.ru/events/1").country, outlet("http://kremlin.ru").ownership) == (
        "RUS",
        "official",
    )
    assert outlet("", "The Hindu").key == "thehindu.com"
    assert outlet("https://www.exteriores.gob.es/x").country == "ESP"
    assert outlet("https://some.paper.ru/x") == outlet("http://some.paper.ru")
    assert (outlet("https://some.paper.ru/x").country, outlet("https://some.paper.ru/x").known) == ("", False)
    assert outlet("https://notdawn.com/").known is False
    assert outlet("http://[broken", "").known is False


def test_an_event_that_two_papers_tell_stays_without_either_and_goes_without_both() -> None:
    found = measured(dossier((HINDU, "CONSULT", 9), (DAWN, "CONSULT", 9)))
    assert found.events == 1
    for key in ("thehindu.com", "dawn.com", "IND", "PAK"):
        assert group(found, key).without is not None
        assert group(found, key).without.shift == 0.0  # type: ignore[union-attr]
        assert group(found, key).alone == ()
    gone = group(found, "en").without
    assert gone is not None
    assert (gone.value, gone.shift, gone.gone) == (None, None, 1)


def test_without_an_outlet_the_index_is_that_of_a_dossier_that_never_had_it() -> None:
    reports = [(HINDU, "CONSULT", 9), (DAWN, "CONSULT", 9), (HINDU, "ACCUSE", 12), (BBC, "THREATEN", 20),
               (DAWN, "AGREE", 25), (BLOG, "COERCE", 27)]  # fmt: skip
    found = measured(dossier(*reports))
    for address, key in ((HINDU, "thehindu.com"), (DAWN, "dawn.com"), (BBC, "bbc.com"), (BLOG, "a-blog.example")):
        left = group(found, key).without
        assert left is not None
        assert left.value == pytest.approx(value(dossier(*(r for r in reports if r[0] != address))), abs=2e-6)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([HINDU, DAWN, BBC, BLOG]), st.sampled_from(["CONSULT", "ACCUSE", "AID"]),
                  st.integers(1, 31)),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_who_tells_and_what_is_missed_add_up(reports: list[Report]) -> None:
    found = measured(dossier(*reports))
    assert sum(g.documents for g in found.of("outlet")) == found.documents == len(reports)
    told = {key for g in found.of("outlet") for key in g.told.events}
    assert len(told) == found.events
    for one in found.groups:
        assert one.without is not None
        assert one.without.gone == len(one.alone)
        assert set(one.alone) <= set(one.told.events)
        assert one.told.low is not None
        assert one.told.low <= one.told.share <= one.told.high  # type: ignore[operator]


def test_what_one_sides_press_alone_tells_is_listed_and_the_means_are_compared() -> None:
    days = range(1, 11)
    reports = [(HINDU, "COERCE", 2 * d) for d in days] + [(DAWN, "CONSULT", 2 * d - 1) for d in days]
    reports += [(HINDU, "AID", 25), (DAWN, "AID", 25)]
    found = measured(dossier(*reports))
    assert found.too_few == ()
    assert [len(found.only[s].events) for s in ("IND", "PAK")] == [10, 10]
    assert len(found.both.events) == 1
    assert found.difference is not None
    assert found.difference.sure
    assert found.difference.value < 0


def test_a_side_with_few_documents_is_not_said_to_leave_anything_out() -> None:
    found = measured(dossier(*((HINDU, "COERCE", d) for d in range(1, 9)), (DAWN, "CONSULT", 20)))
    assert found.too_few == ("PAK",)
    assert found.only == {}
    assert found.difference is None


def test_a_third_countrys_press_and_unknown_outlets_belong_to_neither_side() -> None:
    found = measured(dossier((BBC, "CONSULT", 3), (BLOG, "ACCUSE", 4)))
    assert [(p.side, p.documents) for p in found.press] == [("IND", 0), ("PAK", 0), ("third", 1), ("unknown", 1)]


def test_an_event_that_is_of_an_earlier_day_without_a_source_still_counts_as_far_as_it_has_faded() -> None:
    ledger = dossier((HINDU, "AID", 2), (DAWN, "AID", 2))
    (whole,) = ledger.occurrences()
    one, other = whole.members
    assert isinstance(other.coding, Event)
    before = replace(other.coding, event_date=EventDate.of("2025-04-11", "explicit"))
    given = replace(whole, members=(one, replace(other, coding=before)))
    documents = {document.id: document for document in ledger.documents()}
    left = group(by_source([given], documents, IND_PAK, start=START, end=END), "thehindu.com").without
    alone = replace(whole, event=before, members=(given.members[1],), documents=(other.document,), sources=1)
    rows = event_rows([alone], dyad=IND_PAK, published={d.id: d.published for d in documents.values() if d.published})
    assert [row.first for row in rows] == [date(2025, 4, 11)]
    assert left is not None
    assert left.value == pytest.approx(daily_index(rows, IND_PAK, start=START, end=END).joint.last.value, abs=2e-6)


def test_a_source_that_only_repeats_does_not_move_the_index() -> None:
    once = [(HINDU, "CONSULT", 9), (DAWN, "COERCE", 12)]
    again = [*once, (BBC, "CONSULT", 9), (BBC, "COERCE", 12)]
    assert value(dossier(*once)) == value(dossier(*again))


def test_an_occurrence_without_its_document_is_refused() -> None:
    ledger = dossier((HINDU, "CONSULT", 9))
    with pytest.raises(MeasureError, match="document d0 is not given"):
        by_source(ledger.occurrences(), {}, IND_PAK, start=START, end=END)


@pytest.mark.parametrize("shared", [0, 10])
def test_the_interval_of_the_difference_holds_the_truth_as_often_as_it_says(shared: int) -> None:
    """800 pairs of 15 events each, drawn from PLOVER's types; `shared` of them told by both."""
    random, scores = np.random.default_rng(5), np.array([score_tenths(kind, "") / 10 for kind in types()])
    held = 0
    for _ in range(800):
        a, b, both = random.choice(scores, 15), random.choice(scores, 15), random.choice(scores, 15)
        first = {str(n): float(both[n] if n < shared else a[n]) for n in range(15)}
        second = {str(n) if n < shared else f"b{n}": float(both[n] if n < shared else b[n]) for n in range(15)}
        found = difference(first, second)
        assert found is not None
        held += found.low <= 0 <= found.high
    assert 0.87 <= held / 800 <= 0.95
