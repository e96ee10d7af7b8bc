"""What may be filed, what is refused, and what is seen as of a moment."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from ledger_examples import (
    CODEBOOK,
    CODER,
    START,
    Open,
    coding,
    document,
    elsewhere,
    event,
    person,
    statement,
    ticking,
)

from detente.errors import LedgerError
from detente.ledger import Ledger
from detente.terms import Coding, Forecast, Issue, PersonMention, TimeExpression

APPEND_ONLY = ("originals", "documents", "issues", "codings", "entries", "decisions", "forecasts")


def forecast(milestone: str = "direct-flights", made: date = date(2025, 5, 1)) -> Forecast:
    return Forecast(
        milestone=milestone,
        made=made,
        deadline=date(2026, 1, 1),
        probability=0.2,
        interval=(0.05, 0.45),
        never=0.4,
        never_interval=(0.1, 0.7),
        median_day=None,
        window=None,
        curve=((date(2025, 6, 1), 0.05), (date(2026, 1, 1), 0.2)),
        cases=12,
        reached_cases=5,
        reference_class="flights after a break",
        method="cure.v1",
    )


def filled(path: Path) -> Path:
    """A ledger file with at least one row in every table."""
    with Ledger.open(path, create=True, clock=ticking()) as ledger:
        doc = document()
        ledger.add_document(doc, b"<html>", fingerprint=b"\x01\x02")
        ledger.file(coding(doc, event(doc), statement(doc), issues=(Issue("en-1", "coding", "one word unread"),)))
        entry = next(ledger.entries("event"))
        ledger.decide(entry.id, "accept", by="A. Reader", why="stands in the text", saw="source")
        ledger.file_forecast(forecast())
    return path


# Documents


def test_a_document_comes_back_as_it_was_filed_with_its_original_and_fingerprint(ledger: Ledger) -> None:
    doc = replace(
        document(text="Переговоры в Эр-Рияде 💬\nПодписывайтесь"),
        title="Эр-Рияд",
        duplicate_of="ru-0",
        likeness=0.97,
        boilerplate=(document().quote(0, 3).span,),
    )
    assert ledger.add_document(doc, b"<html>" * 100, fingerprint=b"\x00\xff")
    assert ledger.document(doc.id) == doc
    assert ledger.original(doc.id) == b"<html>" * 100
    assert list(ledger.fingerprints()) == [(doc.id, b"\x00\xff")]
    assert ledger.known_texts() == {doc.sha256: doc.id}


def test_the_same_document_twice_is_one(ledger: Ledger) -> None:
    assert ledger.add_document(document(), b"raw")
    assert not ledger.add_document(replace(document(), fetched=START + timedelta(days=1)), b"raw")
    assert [doc.fetched for doc in ledger.documents()] == [START]
    assert ledger.issues() == []


def test_one_id_cannot_have_two_texts(ledger: Ledger) -> None:
    ledger.add_document(document(text="One text."))
    with pytest.raises(LedgerError, match="already filed with another text"):
        ledger.add_document(document(text="Another text."))
    assert ledger.document("en-1").text == "One text."


def test_another_day_of_publication_for_a_known_text_is_an_issue_and_changes_nothing(ledger: Ledger) -> None:
    ledger.add_document(document())
    for _ in range(2):
        assert not ledger.add_document(document(published="2025-04-11"))
    assert ledger.document("en-1").published == date(2025, 4, 10)
    assert [(i.record, i.message) for i in ledger.issues()] == [
        ("en-1", "filed with published 2025-04-10; a later reading gives 2025-04-11 and is not used.")
    ]


@pytest.mark.parametrize("text", ["half \ud83d of a pair", "nul \x00 inside"])
def test_a_text_no_database_can_hold_is_refused_and_nothing_is_kept(ledger: Ledger, text: str) -> None:
    with pytest.raises(LedgerError):
        ledger.add_document(document(text=text), b"raw")
    assert list(ledger.documents()) == []
    assert ledger.verify().ok


def test_documents_can_be_read_by_language_and_as_of_a_day(open_ledger: Open) -> None:
    ledger = open_ledger(ticking(step=timedelta(days=1)))
    for name, language in (("en-1", "en"), ("ru-1", "ru"), ("fr-1", "fr"), ("ru-2", "ru")):
        ledger.add_document(document(name, f"Text of {name}.", language=language))
    assert [d.id for d in ledger.documents(language="ru")] == ["ru-1", "ru-2"]
    assert [d.id for d in ledger.documents(as_of=date(2025, 4, 2))] == ["en-1", "ru-1"]
    assert [d.id for d in ledger.documents(as_of=START + timedelta(days=2))] == ["en-1", "ru-1", "fr-1"]
    assert [d.id for d in ledger.documents(as_of=START + timedelta(days=2, microseconds=-1))] == ["en-1", "ru-1"]


def test_more_documents_than_a_page_are_read_once_each_while_others_are_added(ledger: Ledger) -> None:
    for number in range(501):
        ledger.add_document(document(f"d{number}", f"Text {number}."))
    seen = []
    for doc in ledger.documents():
        if not seen:
            ledger.add_document(document("late", "Late."))
        seen.append(doc.id)
    assert seen == [f"d{number}" for number in range(501)]


def test_an_unknown_document_is_named(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="nobody-1: no such document"):
        ledger.document("nobody-1")
    with pytest.raises(LedgerError, match="nobody-1"):
        ledger.original("nobody-1")


def test_an_as_of_without_a_time_zone_is_refused(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="no time zone"):
        list(ledger.documents(as_of=datetime(2025, 4, 1)))  # noqa: DTZ001


# Issues


def test_the_same_issue_twice_is_one(ledger: Ledger) -> None:
    issue = Issue("feed-3", "sources", "the page is empty")
    assert ledger.file_issue(issue)
    assert not ledger.file_issue(issue)
    assert ledger.file_issue(replace(issue, message="the page has no date"))
    assert [found.message for found in ledger.issues()] == ["the page is empty", "the page has no date"]
    assert ledger.issues(as_of=START) == [issue]


# Codings


def test_a_coding_is_filed_whole_and_filing_it_again_adds_nothing(ledger: Ledger) -> None:
    doc = document()
    ledger.add_document(doc)
    time = TimeExpression(doc.quote(0, 5), "2025-04-10", "DATE")
    found = coding(doc, event(doc), statement(doc), times=(time,), persons=(PersonMention(doc.quote(0, 5), "X"),))
    assert not ledger.is_coded(doc.id, CODER, CODEBOOK)
    assert ledger.file(found) == 4
    assert ledger.file(found) == 0
    assert ledger.is_coded(doc.id, CODER, CODEBOOK)
    assert [entry.kind for entry in ledger.entries()] == ["event", "statement", "time", "person"]
    assert [entry.seq for entry in ledger.entries()] == [1, 2, 3, 4]
    assert [entry.coding for entry in ledger.entries("time")] == [time]
    assert ledger.status().coded == {CODER: 1}


def test_a_document_without_findings_is_done_too(ledger: Ledger) -> None:
    doc = document()
    ledger.add_document(doc)
    assert [d.id for d in ledger.uncoded(CODER, CODEBOOK)] == [doc.id]
    assert ledger.file(coding(doc)) == 0
    assert list(ledger.uncoded(CODER, CODEBOOK)) == []
    assert [d.id for d in ledger.uncoded("rules.v2", CODEBOOK)] == [doc.id]


def test_the_id_of_an_entry_is_the_same_in_every_ledger_and_does_not_depend_on_when_it_was_filed() -> None:
    ids = []
    for start in (START, START + timedelta(days=400)):
        with Ledger.open("sqlite://", create=True, clock=ticking(start)) as ledger:
            ledger.add_document(document())
            ledger.file(coding(document(), event(document())))
            ids.append([entry.id for entry in ledger.entries()])
    assert ids[0] == ids[1]
    assert len(ids[0][0]) == 16


def test_a_quote_that_does_not_stand_in_the_document_stops_the_whole_coding(ledger: Ledger) -> None:
    doc = document()
    ledger.add_document(doc)
    bad = replace(event(doc), parts=(("date", elsewhere(doc, "12 May")),))
    with pytest.raises(LedgerError, match="not the quoted '12 May'"):
        ledger.file(coding(doc, event(doc), bad, issues=(Issue("en-1", "coding", "odd"),)))
    assert list(ledger.entries()) == []
    assert ledger.issues() == []
    assert not ledger.is_coded(doc.id, CODER, CODEBOOK)


def test_a_quote_from_another_document_is_refused(ledger: Ledger) -> None:
    one, other = document("en-1"), document("en-2")
    ledger.add_document(one)
    ledger.add_document(other)
    with pytest.raises(LedgerError, match="en-2"):
        ledger.file(coding(one, event(other)))


def test_a_coding_of_an_unknown_document_is_refused(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="Add the document before its coding"):
        ledger.file(Coding("nobody-1", CODER, CODEBOOK))


def test_a_coder_that_changed_its_mind_under_the_same_version_is_refused(ledger: Ledger) -> None:
    doc = document()
    ledger.add_document(doc)
    ledger.file(coding(doc, event(doc)))
    with pytest.raises(LedgerError, match="needs a new version"):
        ledger.file(coding(doc, event(doc, type="AGREE")))


def test_two_equal_findings_in_one_document_are_one_entry(ledger: Ledger) -> None:
    doc = document()
    ledger.add_document(doc)
    assert ledger.file(coding(doc, event(doc), event(doc))) == 1


def test_a_new_coder_version_takes_the_place_of_the_old_whose_entries_are_kept(ledger: Ledger) -> None:
    doc = document()
    ledger.add_document(doc)
    ledger.file(coding(doc, event(doc)))
    before = ledger.head().recorded
    ledger.file(coding(doc, event(doc, place="istanbul"), coder="rules.v2"))
    assert [e.coder for e in ledger.entries()] == ["rules.v2"]
    assert [e.coder for e in ledger.entries(current=False)] == ["rules.v1", "rules.v2"]
    assert [e.coder for e in ledger.entries(coder="rules.v1")] == ["rules.v1"]
    assert [s.coding.place for s in ledger.codings("event")] == ["istanbul"]
    assert [s.coding.place for s in ledger.codings("event", before)] == [""]
    assert [s.coding.place for s in ledger.codings("event", coder="rules.v1")] == [""]


def test_a_clock_that_is_set_back_cannot_write_into_the_past() -> None:
    moments = [START, START - timedelta(minutes=1), START - timedelta(hours=1), START + timedelta(hours=1)]
    with Ledger.open("sqlite://", create=True, clock=lambda: moments.pop(0)) as ledger:
        ledger.file_issue(Issue("a", "sources", "x"))
        ledger.file_issue(Issue("b", "sources", "x"))
        assert ledger.head().recorded == START
        with pytest.raises(LedgerError, match="Set the clock right"):
            ledger.file_issue(Issue("c", "sources", "x"))
        ledger.file_issue(Issue("d", "sources", "x"))
        assert [issue.record for issue in ledger.issues()] == ["a", "b", "d"]


# Decisions


def with_event(ledger: Ledger, **more: object) -> str:
    doc = document()
    ledger.add_document(doc)
    ledger.file(coding(doc, event(doc, **more), statement(doc)))  # type: ignore[arg-type]
    return next(ledger.entries("event")).id


def test_the_last_decision_counts_and_all_are_kept(ledger: Ledger) -> None:
    entry = with_event(ledger)
    doc = document()
    assert [s.decided for s in ledger.codings("event")] == [""]
    ledger.decide(entry, "reject", by="A", why="not a meeting")
    assert ledger.codings("event") == []
    rejected = ledger.head().recorded
    amended = event(doc, place="istanbul")
    ledger.decide(entry, "amend", by="B", why="the place is given", amended=amended, saw="source")
    assert [(s.decided, s.coding) for s in ledger.codings("event")] == [("amend", amended)]
    assert next(ledger.entries("event")).coding == event(doc)
    ledger.decide(entry, "unsure", by="A", why="which Istanbul?")
    assert [(s.decided, s.coding) for s in ledger.codings("event")] == [("", event(doc))]
    assert [(d.action, d.by, d.seq, d.saw) for d in ledger.decisions(entry)] == [
        ("reject", "A", 1, "coding"),
        ("amend", "B", 2, "source"),
        ("unsure", "A", 3, "coding"),
    ]
    assert ledger.decisions()[1].amended == amended
    assert ledger.codings("event", rejected) == []


def test_the_same_decision_sent_twice_is_one(ledger: Ledger) -> None:
    entry = with_event(ledger)
    first = ledger.decide(entry, "accept", by="A", why="")
    assert ledger.decide(entry, "accept", by="A", why="") == first
    ledger.decide(entry, "reject", by="A", why="second thoughts")
    ledger.decide(entry, "accept", by="A", why="")
    assert [d.action for d in ledger.decisions(entry)] == ["accept", "reject", "accept"]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"action": "maybe"}, "action 'maybe' is unknown"),
        ({"by": " "}, "nobody is named"),
        ({"action": "reject", "why": ""}, "no reason given to reject"),
        ({"action": "unsure", "why": " "}, "no reason given to unsure"),
        ({"action": "amend"}, "give `amended` with the action amend"),
        ({"amended": event(document())}, "give `amended` with the action amend"),
        ({"action": "amend", "amended": statement(document())}, "cannot be amended to a Statement"),
        (
            {"action": "amend", "amended": replace(event(document()), evidence=elsewhere(document(), "War"))},
            "not the quoted 'War'",
        ),
        ({"saw": "nothing"}, "saw 'nothing' is unknown"),
        ({"entry_id": "0" * 16}, "no such entry"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(ledger: Ledger, change: dict[str, object], complaint: str) -> None:
    given = {"entry_id": with_event(ledger), "action": "accept", "by": "A", "why": "seen", **change}
    with pytest.raises(LedgerError, match=complaint):
        ledger.decide(given.pop("entry_id"), given.pop("action"), **given)  # type: ignore[arg-type]
    assert ledger.decisions() == []


def test_a_persons_word_outlives_the_coder_version_it_was_given_on(ledger: Ledger) -> None:
    doc = document()
    ledger.add_document(doc)
    accepted, amended, rejected = (
        event(doc, on="2025-04-10"),
        event(doc, type="AGREE", on="2025-04-11"),
        event(doc, type="ACCUSE", on="2025-04-12"),
    )
    ledger.file(coding(doc, accepted, amended, rejected))
    ids = [entry.id for entry in ledger.entries()]
    corrected = replace(amended, place="istanbul")
    ledger.decide(ids[0], "accept", by="A", why="")
    ledger.decide(ids[1], "amend", by="A", why="place", amended=corrected)
    ledger.decide(ids[2], "reject", by="A", why="no accusation")
    # The new version is surer of the first, misreads the second's day, and repeats the third.
    again = (replace(accepted, confidence=0.9), event(doc, type="AGREE", on="2025-05-11"), rejected)
    ledger.file(coding(doc, *again, coder="rules.v2"))
    assert [(s.entry.coder, s.coding, s.decided) for s in ledger.codings("event")] == [
        ("rules.v1", corrected, "amend"),
        ("rules.v2", again[0], "accept"),
    ]
    assert len(ledger.codings("event", coder="rules.v2")) == 3


# Statements of copies


def test_a_statement_carried_by_two_copies_of_a_report_counts_once(ledger: Ledger) -> None:
    text = "The Kremlin welcomed the talks."
    one = document("en-1", text)
    copy = document("en-2", text, duplicate_of="en-1", likeness=1.0)
    other = document("en-3", text)
    for doc in (one, copy, other):
        ledger.add_document(doc)
        ledger.file(coding(doc, statement(doc)))
    assert [s.entry.document for s in ledger.statements()] == ["en-1", "en-3"]
    assert len(ledger.codings("statement")) == 3


def test_a_person_who_says_two_things_in_one_report_made_two_statements(ledger: Ledger) -> None:
    doc = document(text="Peskov welcomed the talks. Peskov doubted the talks.")
    ledger.add_document(doc)
    first, second = doc.quote(0, 26), doc.quote(27, 52)
    one = replace(statement(doc), evidence=first, content=first)
    two = replace(statement(doc, stance=-1), evidence=second, content=second)
    ledger.file(coding(doc, one, two))
    assert [s.coding.stance for s in ledger.statements()] == [1, -1]


# Forecasts


def test_a_forecast_is_logged_once_with_the_code_that_made_it(ledger: Ledger) -> None:
    assert ledger.file_forecast(forecast(), code="0.1.0")
    assert not ledger.file_forecast(forecast(), code="0.1.0")
    assert ledger.file_forecast(forecast(), code="0.2.0")
    assert ledger.file_forecast(forecast("embassies"))
    logged = ledger.forecasts("direct-flights")
    assert [(item.seq, item.code, item.forecast) for item in logged] == [
        (1, "0.1.0", forecast()),
        (2, "0.2.0", forecast()),
    ]
    assert len(ledger.forecasts()) == 3
    assert len(ledger.forecasts(as_of=START)) == 1


# The whole


def test_status_counts_what_is_there_as_of_a_moment(tmp_path: Path) -> None:
    with Ledger.open(filled(tmp_path / "ledger.db")) as ledger:
        status = ledger.status()
        assert status.documents == {"en": 1}
        assert status.entries == {"event": 1, "statement": 1}
        assert (status.decided, status.undecided, status.issues, status.forecasts) == ({"accept": 1}, 1, 1, 1)
        assert status.head == ledger.head()
        early = ledger.status(as_of=START)
        assert (early.documents, early.entries, early.issues, early.head.line) == ({"en": 1}, {}, 0, 1)
        nothing = ledger.status(as_of=START - timedelta(days=1))
        assert (nothing.documents, nothing.first, nothing.last) == ({}, None, None)


# Nothing changes


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "INSERT OR REPLACE INTO {0} SELECT * FROM {0}"]
)
def test_the_database_itself_refuses_to_change_or_drop_a_line(tmp_path: Path, table: str, statement: str) -> None:
    path = filled(tmp_path / "ledger.db")
    with sqlite3.connect(path) as other:
        column = other.execute(f"SELECT name FROM pragma_table_info('{table}') LIMIT 1").fetchone()[0]
        before = other.execute(f"SELECT * FROM {table}").fetchall()
        assert before
        with pytest.raises(sqlite3.IntegrityError, match=f"{table} is append-only"):
            other.execute(statement.format(table, column))
        assert other.execute(f"SELECT * FROM {table}").fetchall() == before


def unguarded(path: Path) -> sqlite3.Connection:
    """A connection of someone who has dropped the guards."""
    other = sqlite3.connect(path, isolation_level=None)
    for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        other.execute(f"DROP TRIGGER {name}")
    return other


@pytest.mark.parametrize(
    ("tampering", "complaint"),
    [
        ("UPDATE documents SET text = replace(text, 'Russia', 'France')", r"line 1 \(documents 1\): was changed"),
        ("UPDATE documents SET fingerprint = x'0203'", r"line 1 \(documents 1\): was changed"),
        ("UPDATE entries SET coding = replace(coding, 'CONSULT', 'ASSAULT') WHERE seq = 1", r"line 3 \(entries 1\)"),
        ("UPDATE decisions SET action = 'reject'", r"line 6 \(decisions 1\): was changed"),
        ("UPDATE decisions SET recorded = '2024-01-01T00:00:00.000000Z'", r"line 6 .*before the line above"),
        ("DELETE FROM decisions", "line 6 is missing"),
        ("DELETE FROM issues", "line 2 is missing"),
        ("DELETE FROM entries WHERE seq = 1", "line 3 is missing"),
        ("DELETE FROM forecasts", "lines were cut off"),
        ("UPDATE entries SET line = 99 WHERE seq = 2", "line 4 is missing"),
        ("UPDATE originals SET zlib = x'00'", "cannot be unpacked"),
        ("DELETE FROM originals", "is missing"),
        ("SELECT 1", "the guard .* is missing"),
    ],
)
def test_tampering_past_the_guards_is_found(tmp_path: Path, tampering: str, complaint: str) -> None:
    path = filled(tmp_path / "ledger.db")
    with Ledger.open(path) as ledger:
        head = ledger.head()
        assert ledger.verify(head.hash).ok
        assert ledger.verify().lines == head.line == 7
    other = unguarded(path)
    other.execute("PRAGMA foreign_keys = OFF")
    other.execute(tampering)
    other.close()
    with Ledger.open(path) as ledger:
        found = ledger.verify(head.hash)
        assert not found.ok
        import re

        assert re.search(complaint, found.problem), found.problem


def test_a_line_rewritten_with_a_fitting_hash_breaks_the_next_one(tmp_path: Path) -> None:
    from detente.ledger.chain import seal

    path = filled(tmp_path / "ledger.db")
    other = unguarded(path)
    other.row_factory = sqlite3.Row
    row = dict(other.execute("SELECT * FROM issues").fetchone())
    row["message"] = "all words read"
    other.execute("UPDATE issues SET message = ?, hash = ?", (row["message"], seal("issues", row)))
    other.close()
    with Ledger.open(path) as ledger:
        assert "does not follow from line 2" in ledger.verify().problem


def test_naming_a_person_of_the_other_side_keeps_the_statement_apart(ledger: Ledger) -> None:
    doc = document()
    ledger.add_document(doc)
    ledger.file(coding(doc, statement(doc), statement(doc, speaker=person("marco-rubio", "USA"))))
    assert len(ledger.statements()) == 2


def test_everything_recorded_carries_the_moment_of_the_clock_in_utc(ledger: Ledger) -> None:
    entry = with_event(ledger)
    assert ledger.entry(entry).recorded == START + timedelta(hours=1)
    assert ledger.entry(entry).recorded.tzinfo is UTC


def test_a_snapshot_sees_nothing_that_is_added_later_and_cannot_be_written_to(tmp_path: Path) -> None:
    with Ledger.open(filled(tmp_path / "ledger.db")) as ledger:
        head, held = ledger.head(), list(ledger.documents())
        with ledger.snapshot() as then:
            ledger.add_document(document("later", "More talks were held."))
            assert (then.head(), list(then.documents())) == (head, held)
            with pytest.raises(LedgerError, match="as it was"):
                then.add_document(document("other", "Other talks."))
        assert ledger.head() != head
