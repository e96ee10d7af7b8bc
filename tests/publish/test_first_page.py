"""The first page: how chances moved, which issues move, who rises, who tells it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from publish_examples import document, event, file_report, new_dossier, parsed

from detente import workflow
from detente.measures.level import level_changes, level_index
from detente.measures.sources import by_source
from detente.publish import issues, sites, situation
from detente.publish.catalogue import Words

MET = document("en-1", "Envoys of Russia and the United States met in Istanbul.", published="2025-04-10")
SIGNED = document("en-2", "Russia and the United States signed an agreement in Riyadh.", published="2025-06-10")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of April, recorded in April, and one of June, recorded in June."""
    made = new_dossier(tmp_path_factory.mktemp("first") / "dossier", (MET, [event(MET, MET.text)]))
    signed = event(SIGNED, SIGNED.text, type="AGREE", on="2025-06-09")
    file_report(made, SIGNED, [signed], moment=datetime(2025, 6, 11, tzinfo=UTC))
    return made


def test_a_chance_is_held_against_what_a_page_of_thirty_days_before_said(folder: Path) -> None:
    with workflow.opened(folder) as (case, ledger):
        now = situation.of(case, ledger)
        then = situation.of(case, ledger, as_of=now.day - timedelta(days=30))
    before = {row.milestone.id: row.forecast.probability for row in then.milestones}
    moves = {row.milestone.id: now.move_of(row) for row in now.milestones}
    assert moves == {r.milestone.id: round(r.forecast.probability - before[r.milestone.id], 6) for r in now.milestones}
    assert any(moves.values())
    assert all(then.move_of(row) is None for row in then.milestones), "nothing was recorded a month before the first"
    for language in ("en", "ru"):
        page = parsed("index.html", sites.Pages(now, language)["ru/index.html" if language == "ru" else "index.html"])
        table = next(e for e in page.all("table") if "when" in e.attributes["class"].split())
        for row, line in zip(now.milestones, table.all("tr")[1:], strict=True):
            told = Words(language).number(100 * (moves[row.milestone.id] or 0), 0, signed=True)
            assert line.all("td")[1].text() == told
            assert any("milestones" in a.attributes["href"] for a in line.all("a"))


def test_an_issue_that_the_agenda_calls_stalled_is_at_a_standstill_here_with_the_event_of_its_furthest_day(
    now: situation.Situation,
) -> None:
    found = {issue.track: issue for issue in issues.of(now)}
    assert list(found) == [track.id for track in now.dossier.tracks]
    stalled = found["embassies"]
    assert (stalled.state, stalled.arrow) == ("stalled", "■")
    assert stalled.event is not None
    assert stalled.event.day == stalled.course.furthest
    assert "10\xa0April\xa02025" in issues.doubt(stalled, Words("en"))
    for issue in found.values():
        assert issue.event is None or issue.event.occurrence.event.track == issue.track


@pytest.mark.parametrize(("kind", "state", "arrow"), [("AGREE", "nearer", "▲"), ("SANCTION", "apart", "▼")])
def test_an_issue_that_turns_has_an_arrow_and_the_event_that_carries_it(
    now: situation.Situation, kind: str, state: str, arrow: str
) -> None:
    """The sample's meetings, with twenty acts of one kind in the last days."""
    row = next(row for row in now.events.rows if row.track == "contacts")
    score = {"AGREE": 90, "SANCTION": -90}[kind]
    days = [now.day - timedelta(days=n % 9) for n in range(20)]
    more = tuple(
        replace(row, score_tenths=score, weight_thousandths=1000, first=day, last=day, day=day,
                first_number=day.toordinal(), last_number=day.toordinal(), day_number=day.toordinal())
        for day in days
    )  # fmt: skip
    others = tuple(each for each in now.events.rows if each.occurrence != row.occurrence)
    turned = replace(now, events=replace(now.events, rows=(*others, *more)))
    issue = next(each for each in issues.of(turned) if each.track == "contacts")
    assert (issue.state, issue.arrow) == (state, arrow)
    assert issue.event is not None
    assert issue.event.id == row.occurrence


def test_changes_of_a_level_are_those_of_the_whole_index(now: situation.Situation) -> None:
    whole = level_index(now.events, now.dossier.dyad, start=now.start, end=now.day)
    name = str(now.dossier.dyad)
    assert level_changes(now.events, now.dossier.dyad, day=now.day) == whole.series[name].changes


def test_who_rises_is_told_with_a_probability_and_leads_to_the_person(now: situation.Situation) -> None:
    side, other = now.dossier.dyad.sides
    mine = now.risers.side(side)[0]
    sure = replace(mine, enough=True, risen=0.97)
    people = (sure, *(replace(p, enough=False) for p in now.risers.side(other)))
    page = parsed(
        "fr/index.html", sites.Pages(replace(now, risers=replace(now.risers, people=people)), "fr")["fr/index.html"]
    )
    section = next(e for e in page.all("section") if e.attributes.get("aria-labelledby") == "rising")
    first, second = section.all("li")
    assert "97\u202f%" in first.text()
    assert [a.attributes["href"] for a in first.all("a")] == [f"person/{mine.entity}.html"]
    assert "trop peu de dépêches" in second.text()


def test_reports_and_events_by_source_are_counted_as_the_measure_counts_them(now: situation.Situation) -> None:
    whole = by_source(now.occurrences, now.documents, now.dossier.dyad, start=now.start, end=now.day)
    counted = {(g.kind, g.key): (g.documents, g.told) for g in now.press}
    assert counted == {(g.kind, g.key): (g.documents, g.told) for g in whole.groups if g.kind != "outlet"}
    page = parsed("index.html", sites.Pages(now, "en")["index.html"])
    table = next(e for e in page.all("table") if e.attributes.get("class") == "press")
    english = next(row for row in table.all("tr") if "English" in row.text())
    documents, told = counted["language", "en"]
    assert [cell.text() for cell in english.all("td")][:2] == [str(documents), str(len(told.events))]
    assert english.all("a")[0].attributes["href"] == "timeline.html?language=en"
