"""What counts of several decisions: taken back, read a second time unseen, settled by a third."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from ledger_examples import Open, coding, document, event, statement

from detente.errors import LedgerError, TermsError
from detente.ledger import FILE_NAME, Ledger
from detente.ledger.amendment import amended
from detente.registry import load
from detente.terms import Action, Issue, Look

TEXT = "Delegations of Russia and the United States met in Istanbul on Thursday, officials said."
ASKING = Look(opened=True, dwell_ms=9000, needed_ms=3000, second="asked")
LOOKING = Look(opened=False, dwell_ms=100, needed_ms=3000)


@pytest.fixture
def filed(open_ledger: Open) -> tuple[Ledger, str]:
    ledger = open_ledger(lambda: datetime.now(UTC))
    doc = document("d1", TEXT)
    ledger.add_document(doc, doc.text.encode())
    ledger.file(coding(doc, event(doc, end=60), statement(doc)))
    return ledger, next(iter(ledger.entries("event"))).id


def decide(filed: tuple[Ledger, str], action: Action, by: str, look: Look | None = LOOKING, seen: int = 0) -> str:
    ledger, entry = filed
    why = "" if action in ("accept", "undo") else "seen"
    made = ledger.decide(entry, action, by=by, why=why, look=look, seen=seen)
    return made.look.reading if made.look else ""


def state(filed: tuple[Ledger, str]) -> tuple[str, str]:
    ledger, entry = filed
    review = ledger.reviews()[entry]
    return review.state, review.counts.action if review.counts else ""


def test_what_is_taken_back_no_longer_counts_and_both_lines_stay(filed: tuple[Ledger, str]) -> None:
    ledger, entry = filed
    decide(filed, "reject", "A")
    assert ledger.codings("event") == []
    decide(filed, "undo", "A")
    assert [s.decided for s in ledger.codings("event")] == [""]
    assert [d.action for d in ledger.decisions(entry)] == ["reject", "undo"]
    assert ledger.status().decided == {}
    assert ledger.verify().ok


def test_taking_back_gives_its_weight_to_the_decision_before(filed: tuple[Ledger, str]) -> None:
    decide(filed, "accept", "A")
    decide(filed, "reject", "A")
    decide(filed, "undo", "a")
    assert state(filed) == ("decided", "accept")


def test_nobody_takes_back_what_another_decided(filed: tuple[Ledger, str]) -> None:
    decide(filed, "accept", "A")
    with pytest.raises(LedgerError, match="B has no decision on it"):
        decide(filed, "undo", "B")
    assert len(filed[0].decisions()) == 1


def test_a_second_reader_who_agrees_leaves_the_first_decision_standing(filed: tuple[Ledger, str]) -> None:
    decide(filed, "accept", "A", ASKING)
    assert state(filed) == ("waiting", "accept")
    assert decide(filed, "accept", "B") == "second"
    assert state(filed) == ("agreed", "accept")


def test_where_two_differ_nothing_stands_until_a_third_decides(filed: tuple[Ledger, str]) -> None:
    ledger, entry = filed
    decide(filed, "accept", "A", ASKING)
    assert decide(filed, "reject", "B") == "second"
    assert state(filed) == ("conflict", "")
    assert [s.decided for s in ledger.codings("event")] == [""]
    assert decide(filed, "reject", "C") == "third"
    assert state(filed) == ("settled", "reject")
    assert ledger.codings("event") == []
    assert [d.by for d in ledger.reviews()[entry].held] == ["A", "B", "C"]


def test_one_of_the_two_is_no_third(filed: tuple[Ledger, str]) -> None:
    decide(filed, "accept", "A", ASKING)
    decide(filed, "reject", "B")
    assert decide(filed, "accept", "A") == ""
    assert state(filed) == ("conflict", "")
    decide(filed, "accept", "B", seen=3)
    assert state(filed) == ("agreed", "accept")


def test_who_decides_without_having_seen_a_decision_is_a_second_reader(filed: tuple[Ledger, str]) -> None:
    decide(filed, "accept", "A")
    assert decide(filed, "reject", "B", seen=0) == "second"
    assert state(filed) == ("conflict", "")


def test_who_decides_in_full_view_has_the_last_word(filed: tuple[Ledger, str]) -> None:
    decide(filed, "accept", "A")
    assert decide(filed, "reject", "B", seen=1) == ""
    assert state(filed) == ("decided", "reject")
    decide(filed, "accept", "C", None)
    assert state(filed) == ("decided", "accept")


def test_how_a_decision_came_about_is_a_line_of_the_chain(filed: tuple[Ledger, str]) -> None:
    ledger, entry = filed
    decide(filed, "accept", "A")
    (made,) = ledger.decisions(entry)
    assert made.look == LOOKING
    assert made.look.hurried
    assert not ASKING.hurried
    tables = [table for table, _ in ledger.lines("decisions", "looks")]
    assert tables == ["decisions", "looks"]
    rows = [row for _, row in ledger.lines()]
    assert [row["line"] for row in rows] == list(range(1, len(rows) + 1))
    assert all(later["prev_hash"] == row["hash"] for row, later in pairwise(rows))
    assert rows[-1]["hash"] == ledger.head().hash


def test_a_ledger_from_before_the_desk_keeps_its_chain(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    doc = document("d1", TEXT)
    with Ledger.open(path, create=True) as ledger:
        ledger.add_document(doc, doc.text.encode())
        ledger.file(coding(doc, event(doc, end=60)))
        entry = next(iter(ledger.entries("event"))).id
        ledger.decide(entry, "accept", by="A", why="")
        head = ledger.head().hash
    with sqlite3.connect(path) as before:
        # What came with and after that revision, those first that speak of another.
        for table in ("groupings", "sessions", "account_changes", "accounts", "failed_sign_ins", "looks"):
            before.execute(f"DROP TABLE {table}")
        before.execute("UPDATE alembic_version SET version_num = '0003'")
    with Ledger.open(path) as ledger:
        assert ledger.verify(head).ok
        ledger.decide(entry, "reject", by="B", why="seen", look=LOOKING, seen=1)
        assert ledger.verify(head).ok
        assert [d.look for d in ledger.decisions()] == [None, LOOKING]


def test_parties_and_direction_can_be_amended(filed: tuple[Ledger, str]) -> None:
    ledger, entry = filed
    before = ledger.entry(entry).coding
    registry = load()
    china = amended(before, {"actors": "USA", "recipients": "CHN"}, registry=registry)
    assert [p.side for p in (*china.actors, *china.recipients)] == ["USA", "CHN"]
    turned = amended(china, {"direction": "swap"})
    assert ([p.side for p in turned.actors], [p.side for p in turned.recipients]) == (["CHN"], ["USA"])
    joint = amended(china, {"direction": "together"})
    assert ([p.side for p in joint.actors], joint.recipients) == (["USA", "CHN"], ())
    for wrong, said in (
        ({"actors": "Nobody At All"}, "nobody the coding or the registry knows"),
        ({"actors": ""}, "an event needs an actor"),
        ({"direction": "up"}, "not one of swap, together"),
        ({"speaker": "x"}, "cannot be amended"),
    ):
        with pytest.raises(LedgerError, match=said):
            amended(before, wrong, registry=registry)


def test_marked_words_can_be_moved_within_the_text(filed: tuple[Ledger, str]) -> None:
    ledger, entry = filed
    before, doc = ledger.entry(entry).coding, ledger.document("d1")
    moved = amended(before, {"span": "0:43"}, document=doc)
    assert moved.evidence.quote == TEXT[:43]
    ledger.decide(entry, "amend", by="A", why="span", amended=moved)
    assert ledger.codings("event")[0].coding.evidence.end == 43
    for wrong in ("5:5", "0:99999", "x:y", "7"):
        with pytest.raises((LedgerError, TermsError)):
            amended(before, {"span": wrong}, document=doc)
    said = next(iter(ledger.entries("statement"))).coding
    assert amended(said, {"span": "0:20"}, document=doc).content.quote == TEXT[:20]


def test_what_was_decided_after_a_line_is_told_unless_anything_else_was_filed(filed: tuple[Ledger, str]) -> None:
    ledger, entry = filed
    line = ledger.head().line
    assert ledger.decisions_after(line) == []
    decide(filed, "accept", "A")
    decide(filed, "reject", "B", look=None)
    assert ledger.decisions_after(line) == ledger.decisions(entry)
    with ledger.snapshot() as then:
        assert [made.action for made in then.decisions_after(line + 2) or ()] == ["reject"]
    ledger.file_issue(Issue("d1", "ledger", "seen"))
    assert ledger.decisions_after(line) is None
    assert ledger.decisions_after(ledger.head().line) == []


def test_occurrences_of_one_moment_are_merged_once_and_of_another_anew(
    filed: tuple[Ledger, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, _ = filed
    merged = []
    codings = Ledger.codings
    monkeypatch.setattr(Ledger, "codings", lambda self, *given: merged.append(given) or codings(self, *given))
    with ledger.snapshot() as then:
        first = then.occurrences()
        asked = len(merged)
        first.clear()
        assert len(then.occurrences(as_of=then.head().recorded)) == 1
        assert len(merged) == asked
    decide(filed, "reject", "A")
    with ledger.snapshot() as then:
        assert then.occurrences() == []
