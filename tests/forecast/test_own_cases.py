"""A dossier's own cases count only once two people stand behind them; its classes are queries."""

from datetime import date
from pathlib import Path

import pytest

from detente.errors import ForecastError
from detente.forecast import load_cases
from detente.forecast.cases import COLUMNS
from detente.forecast.own_cases import known_cases, own_cases, own_classes, propose, review

ROW = {
    "dyad": "USA-Iran 1998",
    "rupture_date": "1980-04-07",
    "rupture_level": "severed",
    "process_start": "1998-01-07",
    "outcome": "failed",
    "end_date": "2002-01-29",
    "source": "https://one.example/a; https://two.example/b",
    "confidence": "medium",
}
DAY = date(2026, 11, 1)


def table(**changes: str) -> str:
    row = {**{column: "0" if column.startswith("cov_") else "" for column in COLUMNS}, **ROW, **changes}
    return ",".join(COLUMNS) + "\n" + ",".join(row[column] for column in COLUMNS) + "\n"


def test_a_case_counts_from_the_day_another_person_reviewed_it(tmp_path: Path) -> None:
    propose(tmp_path, table(), by="anna", day=DAY)
    assert known_cases(tmp_path, as_of=date(2030, 1, 1)) == load_cases()
    with pytest.raises(ForecastError, match="Another person"):
        review(tmp_path, "USA-Iran 1998", by="Anna", day=DAY)
    own = review(tmp_path, "USA-Iran 1998", by="boris", day=date(2026, 11, 5))
    assert own.reviewed_by == "boris"
    assert len(known_cases(tmp_path, as_of=date(2026, 11, 5))) == len(load_cases()) + 1
    assert known_cases(tmp_path, as_of=date(2026, 11, 4)) == load_cases()
    with pytest.raises(ForecastError, match="was reviewed by boris"):
        review(tmp_path, "USA-Iran 1998", by="clara", day=DAY)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"source": "https://one.example/a"}, "two sources"),
        ({"source": "https://one.example/a; https://www.one.example/b"}, "two sources"),
        ({"source": "from memory"}, "two sources"),
        ({"dyad": "USA-Cuba 2013-15"}, "table that ships"),
        ({"end_date": "1990-01-01"}, "end_date 1990-01-01 is before"),
        ({"dyad": "USA-Atlantis 1998"}, "two known names"),
    ],
)
def test_a_case_that_cannot_stand_is_refused_and_nothing_is_written(
    changes: dict[str, str], said: str, tmp_path: Path
) -> None:
    with pytest.raises(ForecastError, match=said):
        propose(tmp_path, table(**changes), by="anna", day=DAY)
    assert not (tmp_path / "cases.csv").exists()


def test_a_case_is_proposed_once(tmp_path: Path) -> None:
    propose(tmp_path, table(), by="anna", day=DAY)
    propose(tmp_path, table(dyad="USA-Iran 1997"), by="anna", day=DAY)
    with pytest.raises(ForecastError, match="was proposed before"):
        propose(tmp_path, table(), by="boris", day=DAY)
    assert [own.case.label for own in own_cases(tmp_path)] == ["USA-Iran 1998", "USA-Iran 1997"]


def test_a_table_edited_by_hand_is_checked_as_a_proposal_is(tmp_path: Path) -> None:
    propose(tmp_path, table(), by="anna", day=DAY)
    path = tmp_path / "cases.csv"
    path.write_text(path.read_text().replace("anna,2026-11-01,,", "anna,2026-11-01,anna,2026-11-02"))
    with pytest.raises(ForecastError, match="anna proposed and reviewed it"):
        known_cases(tmp_path, as_of=DAY)


def test_classes_of_a_dossier_stand_beside_those_that_ship(tmp_path: Path) -> None:
    path = tmp_path / "classes.toml"
    path.write_text(
        '[clock]\nus-vacancies = 2025-06-27\n\n[[class]]\nid = "recent"\nquery = "since 1990"\n'
        'label = {en = "since 1990"}\n'
    )
    own = own_classes(tmp_path)
    assert own.clocks == {"us-vacancies": date(2025, 6, 27)}
    assert own.chosen("recent").labels["ru"] == "since 1990"
    for broken, said in (
        ('[[class]]\nid = "all"\n', "is there already"),
        ('[[class]]\nid = "x"\nquery = "outcome failed"\n', "how they ended"),
        ("[clock]\nnobody = 2025-06-27\n", "clock nobody"),
        ("[klass]\n", "klass is not known"),
        ('[[class]]\nid = "x"\nquery = "severed"\nwhy = 1\n', "keys that are not known"),
    ):
        path.write_text(broken)
        with pytest.raises(ForecastError, match=said):
            own_classes(tmp_path)
