"""Tables of counts become sums of a pair and a stretch of days; what they do not count stays null."""

import gzip
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from detente.engine.events import SUMS, arrow_schema
from detente.errors import SourceError
from detente.sources.counted_tables import CountedTable, counted_kind, read_counts

YEARLY = "i,j,year,verbCoop,matlCoop,verbConf,matlConf"
DAILY = "date,USA-RUS,CHN-USA,total_abs"


def saved(folder: Path, *lines: str | bytes, packed: bool = False) -> Path:
    path = folder / "counts.csv"
    content = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
    path.write_bytes(gzip.compress(content) if packed else content)
    return path


def rows(table: CountedTable) -> list[dict[str, Any]]:
    return [{key: value for key, value in row.items() if value is not None} for row in table.sums.to_pylist()]


@pytest.mark.parametrize("header", [YEARLY, DAILY])
def test_the_columns_are_those_of_the_daily_sums(tmp_path: Path, header: str) -> None:
    assert read_counts(saved(tmp_path, header)).sums.schema == arrow_schema(SUMS)


# --- Yearly counts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("packed", [False, True])
def test_a_year_of_counts_is_one_row_as_wide_as_the_year(tmp_path: Path, packed: bool) -> None:
    lines = ('"Russian Federation",USA,2008.0,6.0,1.0,0.0,2.0', "USA,RUS,2009,0,0,0,0")
    assert rows(read_counts(saved(tmp_path, YEARLY, *lines, packed=packed))) == [
        {
            "origin": "icews", "actor": "RUS", "recipient": "USA", "day_number": date(2008, 1, 1).toordinal(),
            "width_days": 366, "rows": 9, "acts": 9, "verbal_cooperation": 6, "material_cooperation": 1,
            "verbal_conflict": 0, "material_conflict": 2,
        },
        {
            "origin": "icews", "actor": "USA", "recipient": "RUS", "day_number": date(2009, 1, 1).toordinal(),
            "width_days": 365, "rows": 0, "acts": 0, "verbal_cooperation": 0, "material_cooperation": 0,
            "verbal_conflict": 0, "material_conflict": 0,
        },
    ]  # fmt: skip


def test_columns_of_a_yearly_table_are_found_by_name(tmp_path: Path) -> None:
    header = '"","matlConf","verbConf","matlCoop","verbCoop","year","j","i"'
    (row,) = rows(read_counts(saved(tmp_path, header, '"1",4,3,2,1,2010,"Korea, Republic Of","Cuba"')))
    assert (row["actor"], row["recipient"]) == ("CUB", "KOR")
    assert [row[quad] for quad in list(row)[-4:]] == [1, 2, 3, 4]


YEARLY_BROKEN = {
    "USA,RUS,2008,1,1,1": "columns",
    'USA,RUS,2008,1,1,1,"1': "columns",
    "USA,Atlantis,2008,1,1,1,1": "country",
    "Latin America,RUS,2008,1,1,1,1": "country",
    "USA,United States,2008,1,1,1,1": "country",
    ",RUS,2008,1,1,1,1": "country",
    "USA,RUS,08,1,1,1,1": "date",
    "USA,RUS,2008.5,1,1,1,1": "date",
    "USA,RUS,99999,1,1,1,1": "date",
    "USA,RUS,2008,,1,1,1": "count",
    "USA,RUS,2008,-1,1,1,1": "count",
    "USA,RUS,2008,1.5,1,1,1": "count",
    "USA,RUS,2008,NA,1,1,1": "count",
    "USA,RUS,2008,900000000000000,1,1,1": "count",
    "USA,CUB,2008,1,1,1,1": "id",
}


def test_each_damaged_line_of_counts_is_quarantined_and_every_good_one_read(tmp_path: Path) -> None:
    good = ["USA,CUB,2008,1,0,0,0", "CUB,USA,2008,1,0,0,0"]
    read = read_counts(saved(tmp_path, YEARLY, *good, *YEARLY_BROKEN, b"USA,R\xffS,2008,1,1,1,1", ""))
    assert [(line.raw.rstrip("\n"), line.problem) for line in read.quarantined] == [
        *YEARLY_BROKEN.items(), ("USA,R\\xffS,2008,1,1,1,1", "encoding"),
    ]  # fmt: skip
    assert read.sums.num_rows + len(read.quarantined) == read.lines == len(good) + len(YEARLY_BROKEN) + 1
    assert "stands in line 2 already" in read.quarantined[-2].reason


# --- Daily net scores -------------------------------------------------------------------------------------------------


def test_a_day_of_net_scores_is_a_row_for_each_pair_and_one_for_the_world(tmp_path: Path) -> None:
    day = date(2018, 1, 1).toordinal()
    one = {"origin": "gdelt", "day_number": day, "width_days": 1}
    assert rows(read_counts(saved(tmp_path, DAILY, "2018-01-01,122.10,-0.06,25388.31"))) == [
        one | {"actor": "RUS", "recipient": "USA", "joint_score_sum_tenths": 1221},
        one | {"actor": "CHN", "recipient": "USA", "joint_score_sum_tenths": -1},
        one | {"joint_score_sum_tenths": 253883},
    ]


def test_an_empty_cell_and_a_missing_day_are_no_rows_and_counted(tmp_path: Path) -> None:
    read = read_counts(saved(tmp_path, DAILY, "2018-01-05,1,,3", "2018-01-01,1,2,"))
    assert (read.sums.num_rows, read.empty_cells, read.missing_days) == (4, 2, 3)
    assert {row["joint_score_sum_tenths"] for row in rows(read)} == {10, 20, 30}


DAILY_BROKEN = {
    "2018-01-02,1,2": "columns",
    "2018-01-02,1,2,3,4": "columns",
    "2018-02-30,1,2,3": "date",
    "02.01.2018,1,2,3": "date",
    "20180102,1,2,3": "date",
    "0018-01-02,1,2,3": "date",
    "2018-01-02,much,2,3": "count",
    "2018-01-02,nan,2,3": "count",
    "2018-01-02,1,2,inf": "count",
    "2018-01-02,1e30,2,3": "count",
    "2018-01-01,1,2,3": "id",
}


def test_each_damaged_line_of_scores_is_quarantined_whole(tmp_path: Path) -> None:
    read = read_counts(saved(tmp_path, DAILY, "2018-01-01,1,2,3", *DAILY_BROKEN, "2018-01-03,1,2,3"))
    assert [(line.raw.rstrip("\n"), line.problem) for line in read.quarantined] == list(DAILY_BROKEN.items())
    assert (read.sums.num_rows, read.lines, read.missing_days) == (6, len(DAILY_BROKEN) + 2, 1)


@pytest.mark.parametrize("column", ["USA-USA", "USA-XQZ", "RUS-USA", "tone", ""])
def test_a_column_that_is_no_pair_of_its_own_is_refused(tmp_path: Path, column: str) -> None:
    with pytest.raises(SourceError, match="column"):
        read_counts(saved(tmp_path, f"date,USA-RUS,{column}", "2018-01-01,1,2"))


# --- Both -------------------------------------------------------------------------------------------------------------


def test_a_file_is_told_by_its_header(tmp_path: Path) -> None:
    headers = [YEARLY, DAILY, "date,close,volume", "Event ID\tEvent Date", ""]
    kinds = [counted_kind(saved(tmp_path, header)) for header in headers]
    assert kinds == ["yearly counts", "daily net scores", None, None, None]


def test_a_table_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no table of counts"):
        read_counts(saved(tmp_path, "date,close,volume", "2018-01-01,1,2"))


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="'year' stands twice"):
        read_counts(saved(tmp_path, f"{YEARLY},year"))


def test_a_packed_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, YEARLY, *(f"USA,RUS,{year},1,2,3,{year}" for year in range(1900, 2020)), packed=True)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(SourceError, match="broken as an archive"):
        read_counts(path)


def test_a_packed_file_that_unpacks_to_far_more_than_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="unpacks to more than"):
        read_counts(saved(tmp_path, YEARLY, b"0" * 20_000_000, packed=True))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        read_counts(tmp_path / "gone.csv")


# --- Real files -------------------------------------------------------------------------------------------------------


def test_the_real_yearly_counts_are_read_whole_and_their_shares_are_as_noted(outside: Path) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc

    read = read_counts(outside / "data" / "events" / "icews_quad_yearly_2002_2014.csv.gz")
    assert (read.sums.num_rows, read.lines, read.quarantined) == (298_376, 298_376, ())
    states = set(pc.unique(read.sums["actor"]).to_pylist())
    assert (len(states), states) == (152, set(pc.unique(read.sums["recipient"]).to_pylist()))

    def cooperative(one: str, other: str, year: int) -> float:
        pair = pa.array([one, other])
        of_pair = pc.and_(pc.is_in(read.sums["actor"], pair), pc.is_in(read.sums["recipient"], pair))
        found = read.sums.filter(pc.and_(of_pair, pc.equal(read.sums["day_number"], date(year, 1, 1).toordinal())))
        helped = pc.sum(found["verbal_cooperation"]).as_py() + pc.sum(found["material_cooperation"]).as_py()
        return float(round(helped / pc.sum(found["acts"]).as_py(), 2))

    noted = {
        ("USA", "RUS"): {2008: 0.78, 2009: 0.95, 2014: 0.68},
        ("USA", "LBY"): {2002: 0.68, 2004: 0.91},
        ("USA", "MMR"): {2007: 0.41, 2011: 0.97},
        ("IND", "PAK"): {2002: 0.48, 2004: 0.91},
    }
    assert {pair: {year: cooperative(*pair, year) for year in years} for pair, years in noted.items()} == noted


def test_the_real_daily_scores_are_read_whole_and_96_days_are_missing(outside: Path) -> None:
    read = read_counts(outside / "data" / "events" / "gdelt_daily_net_2018-01_2024-02.csv")
    assert (read.lines, read.quarantined, read.missing_days, read.empty_cells) == (2_149, (), 96, 0)
    assert read.sums.num_rows == 2_149 * 7
