"""Rows of event databases are read or quarantined with a reason; nothing is lost between the two."""

import gzip
import re
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sources.database_examples import (
    HEADERS,
    ICEWS_HEADER,
    POLECAT_HEADER,
    ROWS,
    gdelt,
    icews,
    polecat,
    table,
)

from detente.codebook import crosswalk
from detente.errors import SourceError
from detente.sources.event_databases import DATABASES, QuarantinedRow, ReadRows, read_rows
from detente.sources.table_files import TABLE_LIMITS, TableLimits, passed_over


def saved(folder: Path, content: str | bytes, name: str = "events.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(kind: str, path: Path, limits: TableLimits = TABLE_LIMITS) -> ReadRows:
    return read_rows(kind, path, limits=limits)


def good(items: ReadRows) -> list[SimpleNamespace]:
    return [SimpleNamespace(**row) for row in items.rows.to_pylist()]


def bad(items: ReadRows) -> list[QuarantinedRow]:
    return list(items.quarantined)


def pairs(items: ReadRows) -> list[tuple[str | None, str | None]]:
    return [(row.actor, row.recipient) for row in good(items)]


# --- What a row says --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [61, 58, 57])
def test_a_gdelt_row_of_each_version_is_read(tmp_path: Path, width: int) -> None:
    (row,) = good(read("gdelt", saved(tmp_path, gdelt("163", width=width))))
    assert (row.type, row.mode) == ("SANCTION", "discontinue")
    assert (row.actor, row.recipient, row.day) == ("USA", "RUS", date(2025, 2, 18))
    assert (row.day_number, row.recorded_number) == (date(2025, 2, 18).toordinal(),) * 2
    assert (row.line, row.occurrence, row.standing) == (1, "gdelt:1234567890", "between_states")


def test_an_icews_row_is_read_by_its_column_names_whatever_their_order(tmp_path: Path) -> None:
    content = table("icews", icews("057"))
    backwards = "\n".join("\t".join(reversed(line.split("\t"))) for line in content.splitlines())
    first, second = (good(read("icews", saved(tmp_path, text))) for text in (content, backwards))
    assert first == second
    assert (first[0].type, first[0].actor, first[0].recipient) == ("SUPPORT", "USA", "RUS")


def test_an_icews_table_may_be_separated_by_commas(tmp_path: Path) -> None:
    row = icews(source="Korea, Republic of", by='Minister "of" x').split("\t")
    quoted = ",".join('"' + cell.replace('"', '""') + '"' for cell in row)
    (found,) = good(read("icews", saved(tmp_path, ICEWS_HEADER.replace("\t", ",") + "\n" + quoted + "\n")))
    assert (found.actor, found.source) == ("KOR", 'Minister "of" x')


def test_a_polecat_row_keeps_type_and_mode(tmp_path: Path) -> None:
    (row,) = good(read("polecat", saved(tmp_path, table("polecat", polecat()))))
    assert (row.type, row.mode, row.code, row.day) == ("CONSULT", "visit", "CONSULT/visit", date(2023, 3, 1))


def test_a_polecat_row_with_several_countries_has_a_pair_for_each_two(tmp_path: Path) -> None:
    items = read("polecat", saved(tmp_path, table("polecat", polecat(actor="USA; GBR", recipient="RUS"), polecat())))
    assert pairs(items) == [("USA", "RUS"), ("GBR", "RUS"), ("USA", "RUS")]
    assert [(row.line, row.pair) for row in good(items)] == [(2, 0), (2, 1), (3, 0)]


def test_several_who_meet_act_toward_each_other_and_several_who_accuse_do_not(tmp_path: Path) -> None:
    rows = [polecat(kind, "", "USA; RUS", "None") for kind in ("CONSULT", "ACCUSE")]
    items = read("polecat", saved(tmp_path, table("polecat", *rows)))
    assert pairs(items) == [("USA", "RUS"), ("RUS", "USA"), ("USA", None), ("RUS", None)]
    assert [row.standing for row in good(items)] == ["between_states"] * 2 + ["without_country"] * 2


def test_a_mode_that_plover_folded_into_another_is_read_as_that(tmp_path: Path) -> None:
    (row,) = good(read("polecat", saved(tmp_path, table("polecat", polecat("COERCE", "ban")))))
    assert (row.mode, row.code) == ("restrict", "COERCE/restrict")


def test_a_mode_that_plover_does_not_have_is_named_and_its_type_kept(tmp_path: Path) -> None:
    (row,) = good(read("polecat", saved(tmp_path, table("polecat", polecat("ASSAULT", "cleansing")))))
    assert (row.type, row.mode, row.code) == ("ASSAULT", "", "ASSAULT/cleansing")


@pytest.mark.parametrize(
    ("kind", "word", "expected"),
    [
        ("gdelt", "ROM", "ROU"),
        ("gdelt", "MTN", "MNE"),
        ("gdelt", "PSE", "PSE"),
        ("gdelt", "HKG", "HKG"),
        ("icews", "Russian Federation", "RUS"),
        ("icews", "Occupied Palestinian Territory", "PSE"),
        ("icews", "Congo", "COG"),
        ("icews", "Democratic Republic of Congo", "COD"),
        ("icews", "the former Yugoslav Republic of Macedonia", "MKD"),
        ("icews", "Cote d'Ivoire", "CIV"),
        ("icews", "Holy See", "VAT"),
        ("polecat", "XKX", "XKX"),
    ],
)
def test_a_country_word_of_a_database_is_read_as_its_state(tmp_path: Path, kind: str, word: str, expected: str) -> None:
    row = {"gdelt": gdelt("040", word), "icews": icews("040", word), "polecat": polecat(actor=word)}[kind]
    assert good(read(kind, saved(tmp_path, table(kind, row))))[0].actor == expected


@pytest.mark.parametrize(("kind", "word"), [("gdelt", "EUR"), ("polecat", "IGO"), ("icews", "European Union")])
def test_a_region_or_organisation_is_no_state_and_no_error(tmp_path: Path, kind: str, word: str) -> None:
    row = {"gdelt": gdelt("040", word), "icews": icews("040", word), "polecat": polecat(actor=word)}[kind]
    (found,) = good(read(kind, saved(tmp_path, table(kind, row))))
    assert (found.actor, found.recipient, found.standing) == (None, "RUS", "no_state")


@pytest.mark.parametrize(("kind", "word"), [("gdelt", ""), ("icews", ""), ("icews", "NA"), ("polecat", "None")])
def test_an_actor_without_a_country_is_no_error(tmp_path: Path, kind: str, word: str) -> None:
    row = {"gdelt": gdelt("040", word), "icews": icews("040", word), "polecat": polecat(actor=word)}[kind]
    (found,) = good(read(kind, saved(tmp_path, table(kind, row))))
    assert (found.actor, found.recipient, found.standing) == (None, "RUS", "without_country")


def test_a_statement_that_plover_drops_keeps_its_code_without_a_type(tmp_path: Path) -> None:
    (row,) = good(read("gdelt", saved(tmp_path, gdelt("010"))))
    assert (row.code, row.type, row.quad, row.score_tenths) == ("010", "", None, None)
    assert row.standing == "dropped"


@pytest.mark.parametrize("code", sorted(crosswalk()))
def test_every_cameo_code_of_the_crosswalk_is_read(code: str, codes_read: dict[str, SimpleNamespace]) -> None:
    assert codes_read[code].type == crosswalk()[code].type


@pytest.fixture(scope="module")
def codes_read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SimpleNamespace]:
    path = saved(tmp_path_factory.mktemp("codes"), "\n".join(gdelt(code) for code in crosswalk()))
    return {row.code: row for row in good(read("gdelt", path))}


def changed(column: int, cell: str) -> str:
    cells = gdelt().split("\t")
    cells[column] = cell
    return "\t".join(cells)


# --- Bad rows ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "row"),
    [
        ("columns", gdelt() + "\textra"),
        ("columns", gdelt()[:40]),
        ("columns", "no tabs at all"),
        ("columns", "\t" * 30),
        ("date", gdelt(day="20259999")),
        ("date", gdelt(day="")),
        ("date", gdelt(day="18000101")),
        ("date", gdelt(day="20250301")),
        ("date", gdelt(added="x")),
        ("code", gdelt("9999")),
        ("code", gdelt("")),
        ("code", gdelt("---")),
        ("country", gdelt("040", "QQQ")),
        ("country", gdelt("040", "USA", "us")),
        ("id", gdelt(event="")),
        ("id", gdelt(event="12x")),
        ("id", gdelt(event="9" * 25)),
        ("id", gdelt(event="-5")),
        ("columns", gdelt().replace("GOVERNMENT", "GOV\rERNMENT")),
        ("number", changed(31, "many")),
        ("number", changed(31, "-1")),
        ("number", changed(33, str(2**40))),
        ("number", changed(30, "1,5")),
        ("number", changed(30, "11")),
        ("number", changed(34, "nan")),
        ("number", changed(4, "x")),
        ("place", changed(40, "91.5")),
        ("place", changed(57, "-180.5")),
        ("date", gdelt(added="20250230120000")),
        ("date", gdelt(added="20250218990000")),
        ("nul", gdelt(actor_code="US\0A")),
    ],
)
def test_a_bad_gdelt_row_is_quarantined_and_the_next_is_read(tmp_path: Path, problem: str, row: str) -> None:
    path = saved(tmp_path, "\n".join([gdelt(), row, gdelt("042")]))
    items = read("gdelt", path)
    assert [item.line for item in good(items)] == [1, 3]
    (found,) = bad(items)
    assert (found.problem, found.line, found.file) == (problem, 2, str(path))
    assert found.reason
    assert found.raw == row


@pytest.mark.parametrize(
    ("kind", "problem", "row"),
    [
        ("icews", "columns", icews() + "\t"),
        ("icews", "date", icews(day="2018-02-30")),
        ("icews", "date", icews(day="01.06.2018")),
        ("icews", "code", icews("40")),
        ("icews", "country", icews("040", "Atlantis")),
        ("icews", "id", icews(event="")),
        ("icews", "number", icews().replace("\t040\t1\t", "\t040\thigh\t")),
        ("icews", "number", icews().replace("\t040\t1\t", "\t040\t100\t")),
        ("icews", "columns", icews().replace("Consult", "Con\rsult")),
        ("polecat", "code", polecat("CHAT")),
        ("polecat", "country", polecat(recipient="RUS; Atlantis")),
        ("polecat", "date", polecat(day="None")),
    ],
)
def test_a_bad_row_of_the_named_tables_is_quarantined(tmp_path: Path, kind: str, problem: str, row: str) -> None:
    items = read(kind, saved(tmp_path, table(kind, ROWS[kind](), row, ROWS[kind]())))
    assert [item.line for item in good(items)] == [2, 4]
    assert [(item.problem, item.line) for item in bad(items)] == [(problem, 3)]


def test_a_lost_leading_zero_is_said_to_be_one(tmp_path: Path) -> None:
    items = read("icews", saved(tmp_path, table("icews", icews("40"))))
    assert "leading zero" in bad(items)[0].reason


def test_bytes_that_are_no_text_are_quarantined_and_shown(tmp_path: Path) -> None:
    path = saved(tmp_path, gdelt().encode() + b"\n" + gdelt().encode().replace(b"GOVERNMENT", b"caf\xe9") + b"\n")
    (found,) = bad(read("gdelt", path))
    assert found.problem == "encoding"
    assert "caf\\xe9" in found.raw


def test_a_line_longer_than_allowed_is_quarantined_and_not_held(tmp_path: Path) -> None:
    long = gdelt() + "x" * 50_000
    items = read("gdelt", saved(tmp_path, "\n".join([gdelt(), long, gdelt()])), TableLimits(line_bytes=1_000))
    (found,) = bad(items)
    assert (found.problem, found.size, len(found.raw) <= 2_000) == ("length", len(long), True)
    assert [item.line for item in good(items)] == [1, 3]


@pytest.mark.parametrize("kind", ["gdelt", "icews"])
def test_a_line_of_many_megabytes_is_read_past_wherever_it_stands(tmp_path: Path, kind: str) -> None:
    row, long = ROWS[kind](), "x" * 40_000_000
    for rows, lines in (([row, long, row], [1, 3]), ([row, row, long], [1, 2]), ([row, long + row], [1])):
        items = read(kind, saved(tmp_path, table(kind, *rows)))
        header = int(HEADERS[kind] is not None)
        assert [item.line for item in good(items)] == [line + header for line in lines]
        assert [item.problem for item in bad(items)] == ["length"]


def test_windows_line_ends_and_empty_lines_make_no_row(tmp_path: Path) -> None:
    items = read("gdelt", saved(tmp_path, gdelt() + "\r\n\r\n  \r\n" + gdelt("042") + "\r\n"))
    assert [item.line for item in good(items)] == [1, 4]
    assert not bad(items)


def test_a_mark_for_utf_8_before_the_header_is_no_part_of_it(tmp_path: Path) -> None:
    assert good(read("icews", saved(tmp_path, "\ufeff" + table("icews", icews()))))


@st.composite
def lines_of(draw: st.DrawFn, kind: str) -> bytes:
    plain = ROWS[kind]().encode()
    broken = st.one_of(
        st.binary(max_size=60),
        st.just(b""),
        st.just(b"  \r"),
        st.integers(0, len(plain) - 1).map(lambda at: plain[:at]),
        st.tuples(st.integers(0, len(plain) - 1), st.binary(min_size=1, max_size=3)).map(
            lambda cut: plain[: cut[0]] + cut[1] + plain[cut[0] + 1 :]
        ),
    )
    rows = draw(st.lists(st.one_of(st.just(plain), broken), max_size=15))
    # The first row is whole: a file that never looks like one is refused, which is another law.
    header = HEADERS[kind]
    return b"\n".join([*([header.encode()] if header else []), plain, *rows])


@pytest.mark.parametrize("kind", DATABASES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_read_and_quarantined_rows_add_up_to_the_lines_that_are_not_empty(
    tmp_path: Path, kind: str, data: st.DataObject
) -> None:
    content = data.draw(lines_of(kind))
    items = read(kind, saved(tmp_path, content))
    filled = [number for number, line in enumerate(content.split(b"\n"), 1) if line.strip(b" \r")]
    found = sorted(item.line for item in (*good(items), *bad(items)))
    assert found == filled[HEADERS[kind] is not None :]


# --- Files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("gdelt", "", "holds no line"),
        ("gdelt", "a\tb\n" * 3, "2 columns"),
        ("gdelt", "\t".join("x" * 16) + "\n", "Mentions"),
        ("gdelt", "\t".join("x" * 61) + "\n", "no row with a number and a day"),
        ("icews", "", "holds no line"),
        ("icews", gdelt(), "lacks the columns"),
        ("icews", POLECAT_HEADER + "\n" + polecat(), "import it as that"),
        ("icews", ICEWS_HEADER.replace("CAMEO Code", "Code"), "'cameo code'"),
        ("icews", ICEWS_HEADER + "\tEvent Date", "twice"),
        ("polecat", ICEWS_HEADER + "\n" + icews(), "looks like icews"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_its_name(
    tmp_path: Path, kind: str, content: str, expected: str
) -> None:
    path = saved(tmp_path, content)
    with pytest.raises(SourceError, match=re.escape(expected)) as refused:
        read(kind, path)
    assert str(path) in str(refused.value)


def test_a_broken_first_row_does_not_hide_what_the_file_is(tmp_path: Path) -> None:
    items = read("gdelt", saved(tmp_path, "\n".join(["junk", gdelt(), gdelt()])))
    assert (len(good(items)), [item.line for item in bad(items)]) == (2, [1])


def test_an_unknown_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="gdelt, icews, polecat"):
        read("acled", saved(tmp_path, ""))


def zipped(folder: Path, members: dict[str, bytes], name: str = "events.zip") -> Path:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return folder / name


def test_packed_files_give_the_rows_of_the_plain_one(tmp_path: Path) -> None:
    content = "\n".join([gdelt(), "junk", gdelt("112")]).encode()
    plain = read("gdelt", saved(tmp_path, content))
    packed = tmp_path / "events.CSV.gz"
    packed.write_bytes(gzip.compress(content))
    for path in (packed, zipped(tmp_path, {"20250218120000.export.CSV": content})):
        found = read("gdelt", path)
        assert [row.line for row in good(found)] == [row.line for row in good(plain)] == [1, 3]
        assert [row.line for row in bad(found)] == [row.line for row in bad(plain)] == [2]
        assert sorted(p.name for p in tmp_path.iterdir() if p.suffix not in (".csv", ".gz", ".zip")) == []


def test_a_row_of_an_archive_names_archive_and_member(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"a.csv": gdelt().encode(), "b.csv": gdelt().encode()})
    assert [row.file for row in good(read("gdelt", path))] == [f"{path}/a.csv", f"{path}/b.csv"]


def test_what_is_no_table_in_an_archive_is_passed_over_by_name(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"a.csv": gdelt().encode(), "licence.pdf": b"%PDF"})
    assert len(good(read("gdelt", path))) == 1
    assert passed_over(path) == ("licence.pdf",)


def test_an_archive_without_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"licence\.pdf"):
        read("gdelt", zipped(tmp_path, {"licence.pdf": b"%PDF"}))


@pytest.mark.parametrize("name", ["events.zip", "events.gz"])
def test_an_archive_that_unpacks_without_measure_is_refused(tmp_path: Path, name: str) -> None:
    bomb = (gdelt() + "\n").encode() + b"0" * 50_000_000
    path = tmp_path / name
    if name.endswith("zip"):
        zipped(tmp_path, {"a.csv": bomb}, name)
    else:
        path.write_bytes(gzip.compress(bomb))
    with pytest.raises(SourceError, match="packed bytes"):
        read("gdelt", path)


@pytest.mark.parametrize("name", ["events.zip", "events.gz"])
def test_an_archive_cut_short_is_refused(tmp_path: Path, name: str) -> None:
    content = "\n".join(gdelt(event=str(i * 7919)) for i in range(500)).encode()
    path = tmp_path / name
    if name.endswith("zip"):
        zipped(tmp_path, {"a.csv": content}, name)
    else:
        path.write_bytes(gzip.compress(content))
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(SourceError, match="broken as an archive"):
        read("gdelt", path)


def test_every_row_of_a_real_icews_file_is_read(outside: Path) -> None:
    path = outside / "data/events/icews_2018-06_sample.tab"
    items = read("icews", path)
    assert len(good(items)) == 3_705
    assert bad(items) == []
    empty = sum(not row.actor or not row.recipient for row in good(items))
    cells = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    assert empty == sum("NA" in (row[4], row[10]) for row in cells)
    assert Counter(row.type for row in good(items))[""] == sum(row[6][:2] in ("01", "02") for row in cells)
