"""Graphs of numbered names give rows of events; what they do not say is not guessed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from detente.codebook import crosswalk
from detente.errors import SourceError
from detente.registry import load
from detente.sources.bad_lines import BadLine
from detente.sources.event_graphs import (
    COLUMNS,
    EventGraph,
    TimeUnit,
    is_event_graph,
    open_graph,
    publications,
)
from detente.terms import Entity, Role

ENTITIES = (
    "China", "Citizen_(Nigeria)", "Barack Obama", "Raúl_Castro", "Police (Karnataka)", "Envoy (Middle East)",
    "Men (Holy See (Vatican City State))", "Obama", "Ministry (Korea, Republic of)",
)  # fmt: skip
RELATIONS = ("Make_statement", "Consult", "fight with small arms and light weapons", "Sing a duet")
ZERO = date(2014, 1, 1)


def graph(
    folder: Path,
    *lines: str,
    entities: tuple[str, ...] = ENTITIES,
    relations: tuple[str, ...] = RELATIONS,
    stat: str | None = None,
    file: str = "train.txt",
) -> Path:
    folder = folder / "made"
    folder.mkdir(exist_ok=True)
    for name, words in (("entity2id.txt", entities), ("relation2id.txt", relations)):
        text = "".join(f"{word}\t{number}\n" for number, word in enumerate(words))
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "stat.txt").write_text(stat or f"{len(entities)}\t{len(relations)}\t0")
    (folder / file).write_bytes("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape"))
    return folder


def opened(folder: Path, unit: TimeUnit | None = None) -> EventGraph:
    return open_graph(folder, day_zero=ZERO, unit=unit)


def rows(found: EventGraph) -> list[dict[str, Any]]:
    return [row for chunk in found.chunks() for row in chunk.rows.to_pylist()]


def bad(found: EventGraph) -> list[BadLine]:
    return [line for chunk in found.chunks() for line in chunk.quarantined]


# --- What a quadruple says --------------------------------------------------------------------------------------------


def test_a_quadruple_is_read_as_names_code_and_day(tmp_path: Path) -> None:
    (row,) = rows(opened(graph(tmp_path, "0\t1\t1\t48\t-1\r")))
    assert row == {
        "id": "made/train.txt:1", "day": "2014-01-03", "code": "040", "source": "China", "target": "Citizen (Nigeria)",
        "source_country": "CHN", "target_country": "NGA", "line": 1,
    }  # fmt: skip
    assert tuple(row) == COLUMNS


def test_the_columns_have_the_types_that_are_promised_even_without_a_row(tmp_path: Path) -> None:
    (chunk,) = opened(graph(tmp_path)).chunks()
    assert [str(kind) for kind in chunk.rows.schema.types] == ["string"] * 7 + ["int32"]


def test_files_are_read_in_the_order_of_time_and_numbered_each_by_itself(tmp_path: Path) -> None:
    folder = graph(tmp_path, "0\t1\t1\t72", file="test.txt")
    graph(tmp_path, "", "0\t1\t1\t24", file="valid.txt")
    assert [row["id"] for row in rows(opened(folder))] == ["made/valid.txt:2", "made/test.txt:1"]


def test_blanks_that_align_the_columns_are_no_part_of_the_numbers(tmp_path: Path) -> None:
    (row,) = rows(opened(graph(tmp_path, "0    \t1    \t1\t24\t0")))
    assert (row["source"], row["code"], row["day"]) == ("China", "040", "2014-01-02")


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Citizen (Nigeria)", "NGA"),
        ("China", "CHN"),
        ("Men (Holy See (Vatican City State))", "VAT"),
        ("Ministry (Korea, Republic of)", "KOR"),
        ("Envoy (Middle East)", ""),
        ("Police (Karnataka)", ""),
        ("Zarko Korac (acting", ""),
        ("Obama", ""),
        ("Democratic Party", ""),
    ],
)
def test_a_country_is_read_from_the_name_and_not_guessed(tmp_path: Path, name: str, country: str) -> None:
    (row,) = rows(opened(graph(tmp_path, "0\t0\t1\t0", entities=(name, "China"))))
    assert (row["source_country"], row["target_country"]) == (country, "CHN")


def test_what_is_neither_a_country_nor_known_to_be_none_is_counted(tmp_path: Path) -> None:
    assert opened(graph(tmp_path)).unread_places == {"Karnataka": 1}


def test_a_person_has_the_side_of_the_office_held_on_that_day_and_none_before(tmp_path: Path) -> None:
    person = Entity(
        "made-up", "person", (("en", ("Ana Made-Up",)),),
        roles=(Role((("en", "minister"),), "FJI", date(2014, 2, 1), date(2014, 2, 28)),),
    )  # fmt: skip
    folder = graph(tmp_path, "0\t1\t1\t0", "0\t1\t1\t768", "0\t1\t1\t1440", entities=("Ana_Made_up", "China"))
    found = open_graph(folder, day_zero=ZERO, registry=load().with_entities([person]))
    assert [row["source_country"] for row in rows(found)] == ["", "FJI", ""]


def test_a_name_that_two_people_bear_names_neither(tmp_path: Path) -> None:
    twin = Entity(
        "twin", "person", (("en", ("Ana Made-Up",)),), roles=(Role((("en", "minister"),), "FJI", None, None),)
    )
    folder = graph(tmp_path, "0\t1\t1\t0", entities=("Ana Made-Up", "China"))
    alone = open_graph(folder, day_zero=ZERO, registry=load().with_entities([twin]))
    both = open_graph(folder, day_zero=ZERO, registry=load().with_entities([twin, replace(twin, id="other")]))
    assert [rows(found)[0]["source_country"] for found in (alone, both)] == ["FJI", ""]


def test_every_name_of_the_codebook_is_read_as_its_code_in_either_spelling(tmp_path: Path) -> None:
    named = {code.code: code.name for code in crosswalk().values() if code.name}
    spelled = tuple(name.replace(" ", "_").upper() if n % 2 else name for n, name in enumerate(named.values()))
    found = opened(graph(tmp_path, relations=spelled))
    assert (list(found.codes.values()), found.unread_relations) == (list(named), ())


def test_a_relation_of_signs_alone_is_no_code(tmp_path: Path) -> None:
    assert opened(graph(tmp_path, relations=("???", "Consult"))).unread_relations == ("???",)


# --- Days -------------------------------------------------------------------------------------------------------------


def test_times_are_hours_where_24_divides_most_and_days_where_not(tmp_path: Path) -> None:
    hours = opened(graph(tmp_path, "0\t1\t1\t0", "0\t1\t1\t24", "0\t1\t1\t48", "0\t1\t1\t49"))
    assert (hours.unit, [line.problem for line in bad(hours)]) == ("hours", ["date"])
    days = opened(graph(tmp_path, *(f"0\t1\t1\t{day}" for day in range(100))))
    assert (days.unit, rows(days)[-1]["day"]) == ("days", "2014-04-10")


def test_the_unit_can_be_given(tmp_path: Path) -> None:
    assert rows(opened(graph(tmp_path, "0\t1\t1\t24"), "days"))[0]["day"] == "2014-01-25"


def test_a_graph_that_is_not_known_is_refused_without_a_day_zero(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none that is known: ICEWS14 \(7,128 and 230\).*day_zero"):
        open_graph(graph(tmp_path, "0\t1\t1\t0"))


def known(folder: Path, *lines: str) -> Path:
    size = publications()[7128, 230]
    entities = ("China", "Iran", *(f"Nobody {n}" for n in range(size.entities - 2)))
    relations = ("Consult", *(f"Act {n}" for n in range(size.relations - 1)))
    return graph(folder, *lines, entities=entities, relations=relations)


def test_a_known_publication_is_told_by_its_numbers_and_names_its_events(tmp_path: Path) -> None:
    found = open_graph(known(tmp_path, "0\t0\t1\t24", "0\t0\t1\t8736", "0\t0\t1\t8760"))
    assert [(row["id"], row["day"]) for row in rows(found)] == [
        ("ICEWS14/train.txt:1", "2014-01-02"), ("ICEWS14/train.txt:2", "2014-12-31"),
    ]  # fmt: skip
    assert [line.reason for line in bad(found)] == ["day 365 lies past the 365 days that ICEWS14 covers"]


def test_a_known_publication_is_not_counted_from_another_day(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="ICEWS14 counts from 2014-01-01"):
        open_graph(known(tmp_path, "0\t0\t1\t24"), day_zero=date(2015, 1, 1))


def test_each_publication_ends_within_a_year_that_its_name_gives() -> None:
    lasts = {one.name: date.fromordinal(one.day_zero.toordinal() + one.days - 1) for one in publications().values()}
    expected = {"ICEWS14": date(2014, 12, 31), "ICEWS05-15": date(2015, 12, 31), "ICEWS18": date(2018, 10, 31)}
    assert lasts == expected


# --- What cannot be read ----------------------------------------------------------------------------------------------

BROKEN: Mapping[str, tuple[str, str]] = {
    "0\t1\t1": ("columns", "3 columns"),
    "0 1 1 0": ("columns", "1 columns"),
    "0\tx\t1\t0": ("id", "'x' is no whole number"),
    "0\t-1\t1\t0": ("id", "'-1'"),
    "0\t1_0\t1\t0": ("id", "'1_0'"),
    "0\t1\t\udcff\t0": ("id", "no whole number"),
    "٣\t1\t1\t0": ("id", "no whole number"),
    "9\t1\t1\t0": ("id", "entity 9 is not in entity2id.txt"),
    "0\t1\t12\t0": ("id", "entity 12 is not in entity2id.txt"),
    "0\t3\t1\t0": ("code", "relation 3"),
    "0\t9\t1\t0": ("code", "relation 9"),
    "0\t1\t1\t7": ("date", "no multiple of 24"),
    "0\t1\t1\t" + "24" * 20: ("date", ""),
    "0\t1\t1\t" + "0" * 5_000: ("length", ""),
    "0\t1\t1\t\0": ("id", "no whole number"),
}


def test_each_damaged_line_is_quarantined_with_its_reason_and_every_good_one_read(tmp_path: Path) -> None:
    lines = [line for broken in BROKEN for line in ("0\t1\t1\t24", broken)]
    found = opened(graph(tmp_path, *lines), "hours")
    assert len(rows(found)) == len(BROKEN)
    for line, (broken, (problem, reason)) in zip(bad(found), BROKEN.items(), strict=True):
        assert (lines[line.line - 1], line.problem) == (broken, problem)
        assert reason in line.reason
        assert len(line.raw) <= 2_000


def test_a_line_of_megabytes_is_passed_over_and_the_next_is_read(tmp_path: Path) -> None:
    found = opened(graph(tmp_path, "0\t1\t1\t24", "1" * 3_000_000, "0\t1\t1\t48"))
    assert [row["line"] for row in rows(found)] == [1, 3]
    assert [(line.line, line.problem, line.reason) for line in bad(found)] == [
        (2, "length", "3,000,000 bytes in one line")
    ]


def test_a_relation_that_the_codebook_does_not_have_is_named(tmp_path: Path) -> None:
    assert opened(graph(tmp_path)).unread_relations == ("Sing a duet",)


def test_a_broken_line_of_the_names_is_quarantined_under_their_file(tmp_path: Path) -> None:
    folder = graph(tmp_path, "0\t1\t1\t0", "2\t1\t1\t0")
    (folder / "entity2id.txt").write_bytes(b"China\t0\nIran\t1\nCuba\nFi\xffi\t2\nIraq\tx\nFiji\t1\n")
    (folder / "stat.txt").write_text("6 4")
    found = opened(folder)
    names, quadruples = found.chunks()
    assert (names.file, names.rows.num_rows) == ("entity2id.txt", 0)
    assert [(line.line, line.problem) for line in names.quarantined] == [
        (3, "columns"), (4, "encoding"), (5, "id"), (6, "id"),
    ]  # fmt: skip
    assert (quadruples.rows.num_rows, len(quadruples.quarantined)) == (1, 1)


@pytest.mark.parametrize("stat", ["8\t4\t0", "9\t5\t0"])
def test_lists_of_names_that_are_cut_short_are_refused(tmp_path: Path, stat: str) -> None:
    with pytest.raises(SourceError, match=r"9 entities and 4 relations are named, stat\.txt says"):
        opened(graph(tmp_path, stat=stat))


def test_a_folder_without_names_or_quadruples_is_no_graph(tmp_path: Path) -> None:
    folder = graph(tmp_path, "0\t1\t1\t0")
    assert is_event_graph(folder)
    (folder / "train.txt").unlink()
    assert not is_event_graph(folder)
    with pytest.raises(SourceError, match=r"none of train\.txt"):
        opened(folder)
    (folder / "entity2id.txt").unlink()
    with pytest.raises(SourceError, match=r"no entity2id\.txt"):
        opened(folder)


def test_a_stat_file_without_two_numbers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="expected two numbers"):
        opened(graph(tmp_path, stat="many"))


# --- Real files -------------------------------------------------------------------------------------------------------

# The people whom the note on these files reads as stand-ins, beside every name that ends in the country.
_AMERICANS = frozenset({"Barack Obama", "Joseph Robinette Biden", "John Kerry"})
_RUSSIANS = frozenset({"Sergey Viktorovich Lavrov", "Dmitry Anatolyevich Medvedev"})


def stands_in(name: str) -> str:
    if name in _AMERICANS or name.endswith("(United States)"):
        return "USA"
    return "RUS" if name in _RUSSIANS or name.endswith("(Russia)") else ""


def test_the_real_graph_of_2014_is_read_whole_and_counts_as_its_note_says(outside: Path) -> None:
    found = open_graph(outside / "data" / "events" / "icews14")
    chunks = list(found.chunks())
    sizes: Counter[str] = Counter()
    for chunk in chunks:
        sizes[chunk.file] += chunk.rows.num_rows
    assert sizes == {"train.txt": 74_845, "valid.txt": 8_514, "test.txt": 7_371}
    assert sum(len(chunk.quarantined) for chunk in chunks) == 0
    assert (found.name, found.unit, len(found.codes), found.unread_relations) == ("ICEWS14", "hours", 230, ())

    all_rows = [row for chunk in chunks for row in chunk.rows.to_pylist()]
    between = [row for row in all_rows if {stands_in(row["source"]), stands_in(row["target"])} == {"USA", "RUS"}]
    months = Counter(row["day"][:7] for row in between)
    assert (len(between), months["2014-01"], months["2014-03"], months["2014-04"]) == (1_158, 123, 286, 161)
    # The registry knows the vice president by the first letter of his middle name alone.
    read = {row[side]: row[f"{side}_country"] for row in between for side in ("source", "target")}
    assert {name for name, code in read.items() if code != stands_in(name)} <= {"Joseph Robinette Biden"}


def test_the_real_graph_of_2012_to_2015_is_read_whole_and_shows_the_opening_to_cuba(outside: Path) -> None:
    found = open_graph(outside / "data" / "events" / "icews_2012-08_2015-12")
    all_rows = rows(found)
    assert (len(all_rows), bad(found)) == (138_371, [])
    assert (found.name, found.unit, len(found.codes), found.unread_relations) == ("ICEWS05-15", "hours", 251, ())
    days = [row["day"] for row in all_rows]
    assert (min(days), max(days)) == ("2012-08-07", "2015-12-31")

    sides = {"Barack Obama": "USA", "Raúl Castro": "CUB"}
    leaders = [row for row in all_rows if {row["source"], row["target"]} == set(sides)]
    assert all(row["source_country"] == sides[row["source"]] for row in leaders)
    months = Counter(row["day"][:7] for row in leaders)
    assert (months["2014-12"], months["2015-04"], months["2015-07"]) == (36, 64, 11)
    assert min(row["day"] for row in leaders if row["day"] > "2014") == "2014-12-17"
