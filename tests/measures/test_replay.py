"""Replaying the ledger as of a moment gives the index that was seen then."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from measure_examples import RUS_USA, side

from detente.engine import connect, event_rows
from detente.ledger import Ledger
from detente.measures import contributions, daily_index, stances, what_changed
from detente.terms import Coding, Document, Event, EventDate, Realis, Statement

# (day of the report, type, day of the event, realis)
REPORTS: tuple[tuple[str, str, str, Realis], ...] = (
    ("2025-02-12", "CONSULT", "2025-02-12", "happened"),
    ("2025-02-15", "CONSULT", "2025-02-18", "planned"),
    ("2025-02-18", "CONSULT", "2025-02-18", "happened"),
    ("2025-03-03", "SANCTION", "2025-03-02", "happened"),
    ("2025-03-20", "CONSULT", "2025-03", "happened"),
    ("2025-04-10", "CONSULT", "2025-04-10", "happened"),
)
START, END = date(2025, 2, 1), date(2025, 4, 30)


def clock_at(moments: list[datetime]) -> Callable[[], datetime]:
    return lambda: moments[-1]


def test_the_index_of_a_past_moment_can_be_had_again() -> None:
    now = [datetime(2025, 2, 1, tzinfo=UTC)]
    engine = connect()
    seen = []
    with Ledger.open("sqlite://", create=True, clock=clock_at(now)) as ledger:

        def measured(as_of: datetime | None) -> object:
            published = {d.id: d.published for d in ledger.documents(as_of=as_of) if d.published is not None}
            rows = event_rows(ledger.occurrences(as_of=as_of), dyad=RUS_USA, published=published, as_of=as_of)
            said = [s.coding for s in ledger.statements(as_of)]
            index = daily_index(rows, RUS_USA, start=START, end=END, engine=engine)
            parts = contributions(rows, RUS_USA, END)
            changes = what_changed(rows, said, RUS_USA, since=START, until=END, published=published, engine=engine)
            return index, parts, changes, stances(said, start=START, end=END, published=published)

        for number, (published, kind, when, realis) in enumerate(REPORTS):
            now.append(datetime.fromisoformat(published).replace(hour=18, tzinfo=UTC))
            text = f"Report {number}: officials of Russia and the United States; {kind} ({realis}) on {when}."
            document = Document(f"en-{number}", text, "en", date.fromisoformat(published), "given", now[-1])
            evidence = document.quote(0, len(text))
            event = Event(
                type=kind,
                mode="",
                actors=(side("RUS"), side("USA")) if kind == "CONSULT" else (side("USA"),),
                recipients=() if kind == "CONSULT" else (side("RUS"),),
                event_date=EventDate.of(when, "explicit"),
                realis=realis,
                evidence=evidence,
                confidence=0.75,
            )
            statement = Statement(side("RUS"), "paraphrase", "relations", number % 3 - 1, evidence, evidence, 0.7)
            ledger.add_document(document)
            ledger.file(Coding(document.id, "hand.v1", "plover-2.0-2024-02", (event,), (statement,)))
            seen.append((now[-1] + timedelta(seconds=1), measured(None)))
        for moment, then in seen:
            again = measured(moment)
            assert again == then
        # Each report moved something, so equal answers are no accident.
        assert len({repr(then) for _, then in seen}) == len(REPORTS)
