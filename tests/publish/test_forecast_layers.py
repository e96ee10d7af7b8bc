"""Forecasts of a dossier as its reader sees them: by horizon, by layer, beside every class, blind to the future."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from detente import workflow
from detente.forecast import Adjustment
from detente.forecast.own_cases import propose, review
from detente.publish.catalogue import Words
from detente.publish.forecast_layers import hazards, horizon_line, horizons, layer_lines, panel_of
from detente.publish.milestones import as_text, rows

CASE = """\
dyad,rupture_date,rupture_level,process_start,first_high_level_talks,relations_restored,ambassadors_exchanged,\
embassy_reopened,key_sanction_relief,outcome,end_date,cov_severed,cov_war,cov_territorial,cov_leader_change_24m,\
cov_mediator,cov_major_power,source,confidence,notes
Peru-Chile 2020,2019-01-01,severed,2020-01-01,2020-01-02,2020-02-01,2020-03-01,,,achieved,2020-03-01,1,0,0,0,0,0,\
https://example.org/a; https://example.com/b,high,planted
"""


def test_what_is_filed_after_a_moment_moves_no_forecast_of_it(sample: Path, tmp_path: Path) -> None:
    with workflow.opened(sample) as (case, ledger):
        moment = datetime.now(UTC)
        before = [row.forecast for row in rows(case, ledger, as_of=moment)]
        report = tmp_path / "later.txt"
        report.write_text(
            "The foreign ministers of the United States and Russia met in Geneva on 2 May 2026. Washington lifted its "
            "sanctions on Russia on 3 May 2026, and both states reopened their embassies on 4 May 2026.\n"
        )
        workflow.add(case, ledger, [str(report)])
        workflow.code(case, ledger)
        ledger.open_question(case.milestone("ambassadors"))
        propose(sample, CASE, by="anna", day=date(2026, 11, 30))
        review(sample, "Peru-Chile 2020", by="boris", day=date(2026, 11, 30))
        assert [row.forecast for row in rows(case, ledger, as_of=moment)] == before


def test_a_reader_sees_horizons_layers_and_classes_in_three_languages(sample: Path) -> None:
    with workflow.opened(sample) as (case, ledger):
        change = Adjustment(0.3, "both named envoys this week", "anna")
        found = rows(case, ledger, only="ambassadors", adjustment=change)
    (row,) = found
    f = row.forecast
    assert list(horizons(f)) == [1, 3, 6, 12, 24]
    assert list(horizons(f).values()) == sorted(horizons(f).values())
    assert len(hazards(f)) == 24
    for language in ("en", "fr", "ru"):
        words = Words(language)
        shown = as_text(found, language, with_rule=True)
        assert horizon_line(f, words) in shown
        assert "anna" in shown
        assert len(layer_lines(f, words)) >= 4
    assert [layer["name"] for layer in row.as_json()["layers"]] == ["classes", "stage", "events", "analyst"]
    panel = panel_of(row.milestone, case, f.made)
    assert {"all", "major-power", "severed", "unseen-failures", "us-vacancies"} <= {each.chosen.id for each in panel}
    assert all(len(each.answers) == 4 for each in panel if each.waited is not None and each.sample.spells)


def test_a_chain_of_dates_is_forecast_by_its_own_id(sample: Path) -> None:
    file = sample / "dossier.toml"
    dates = 'id = "treaty"\ntemplate = "arms-treaty"\nopened = 2026-05-18\ndeadlines = [2026-12-31, 2027-12-31]\n'
    file.write_text(f"{file.read_text(encoding='utf-8')}\n[[milestone]]\n{dates}", encoding="utf-8")
    with workflow.opened(sample) as (case, ledger):
        found = rows(case, ledger, only="treaty")
    assert [row.milestone.deadline for row in found] == [date(2026, 12, 31), date(2027, 12, 31)]
    assert found[0].forecast.probability <= found[1].forecast.probability
