"""People merge and split what reports tell of; every later number honours it, and none before it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from ledger_examples import coding, document, event

from detente.errors import LedgerError
from detente.ledger import Ledger
from detente.terms import Document

TEXT = "Delegations of Russia and the United States met in {}. Report {}."


def tell(ledger: Ledger, name: str, place: str, *, coder: str = "rules.v1", on: str = "2025-04-10") -> str:
    """File a report of a meeting; gives its entry."""
    report: Document = document(name, TEXT.format(place, name))
    ledger.add_document(report)
    ledger.file(coding(report, event(report, place=place, on=on, confidence=0.8), coder=coder))
    return next(entry.id for entry in ledger.entries("event", document=name))


def groups(ledger: Ledger, **more: object) -> list[set[str]]:
    found = ledger.occurrences(**more)  # type: ignore[arg-type]
    return sorted(({member.document for member in each.members} for each in found), key=sorted)


def test_what_a_person_merges_is_one_event_from_then_on(ledger: Ledger) -> None:
    one, other = tell(ledger, "a", "Istanbul"), tell(ledger, "b", "Riyadh")
    assert groups(ledger) == [{"a"}, {"b"}]
    made = ledger.merge([one, other], by="Anna", why="One meeting, two datelines.")
    assert groups(ledger) == [{"a", "b"}]
    assert groups(ledger, as_of=made.recorded - timedelta(microseconds=1)) == [{"a"}, {"b"}]
    (merged,) = ledger.occurrences()
    assert merged.id == one
    assert dict(merged.disagreements)["place"]
    # A report that is filed later finds the whole.
    tell(ledger, "c", "Riyadh")
    assert groups(ledger) == [{"a", "b", "c"}]
    assert ledger.verify().ok


def test_what_a_person_splits_stays_two_whatever_comes_later(ledger: Ledger) -> None:
    one, other, third = (tell(ledger, name, "Istanbul") for name in "abc")
    assert groups(ledger) == [{"a", "b", "c"}]
    made = ledger.split([other], [one, third], by="Anna", why="The second round, in the evening.")
    assert groups(ledger) == [{"a", "c"}, {"b"}]
    assert groups(ledger, as_of=made.recorded - timedelta(microseconds=1)) == [{"a", "b", "c"}]
    tell(ledger, "d", "Istanbul")
    assert [g for g in groups(ledger) if "b" in g and g & {"a", "c"}] == []


def test_a_split_or_merge_is_taken_back_by_a_line_of_its_own(ledger: Ledger) -> None:
    one, other = tell(ledger, "a", "Istanbul"), tell(ledger, "b", "Istanbul")
    made = ledger.split([other], [one], by="Anna", why="Two rounds.")
    with pytest.raises(LedgerError, match="Boris has none"):
        ledger.regroup(made.seq, by="Boris")
    back = ledger.regroup(made.seq, by="anna", why="One round after all.")
    assert groups(ledger) == [{"a", "b"}]
    assert groups(ledger, as_of=back.recorded - timedelta(microseconds=1)) == [{"a"}, {"b"}]
    assert [(line.action, line.undoes) for line in ledger.groupings()] == [("split", None), ("undo", made.seq)]
    with pytest.raises(LedgerError, match="none of that number"):
        ledger.regroup(made.seq, by="Anna")


def test_of_two_words_on_the_same_entries_the_later_holds(ledger: Ledger) -> None:
    one, other = tell(ledger, "a", "Istanbul"), tell(ledger, "b", "Istanbul")
    ledger.split([one], [other], by="Anna", why="Two rounds.")
    ledger.merge([one, other], by="Boris", why="One round.")
    assert groups(ledger) == [{"a", "b"}]
    ledger.split([one], [other], by="Carla", why="Two, by the minutes.")
    assert groups(ledger) == [{"a"}, {"b"}]


def test_a_word_on_entries_outlives_the_coder_version_they_came_from(ledger: Ledger) -> None:
    one, other = tell(ledger, "a", "Istanbul"), tell(ledger, "b", "Istanbul")
    ledger.split([other], [one], by="Anna", why="Two rounds.")
    tell(ledger, "a", "Istanbul", coder="rules.v2")
    tell(ledger, "b", "Istanbul", coder="rules.v2")
    assert {member.coder for each in ledger.occurrences() for member in each.members} == {"rules.v2"}
    assert groups(ledger) == [{"a"}, {"b"}]


def test_what_cannot_be_grouped_is_refused_and_nothing_is_kept(ledger: Ledger) -> None:
    one, other = tell(ledger, "a", "Istanbul"), tell(ledger, "b", "Istanbul")
    with pytest.raises(LedgerError, match="nothing to merge"):
        ledger.merge([one, one], by="Anna", why="?")
    with pytest.raises(LedgerError, match="no event"):
        ledger.merge([one, "0" * 16], by="Anna", why="?")
    with pytest.raises(LedgerError, match="both sides"):
        ledger.split([one, other], [other], by="Anna", why="?")
    with pytest.raises(LedgerError, match="reason"):
        ledger.merge([one, other], by="Anna", why=" ")
    assert ledger.groupings() == []
