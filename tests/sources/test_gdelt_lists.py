"""GDELT's lists and files: a server on this machine plays the database, also with every fault we know of."""

from __future__ import annotations

import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest
from tests.sources.database_examples import gdelt as row
from tests.sources.gdelt_server import Gdelt, cut, endless, md5, redirect, serving, slow, status, zipped

from detente.errors import SourceError
from detente.sources.downloads import Downloaded, DownloadLimits, ListedFile
from detente.sources.event_databases import read_rows
from detente.sources.gdelt_lists import Listing, ListLimits, download, is_list, listed
from detente.terms import Issue

LIMITS = DownloadLimits(file_bytes=5_000_000)
QUICK = DownloadLimits(whole_seconds=1, slowest=1e9, unlisted_seconds=1)
LAST = "/gdeltv2/lastupdate.txt"
MASTER = "/gdeltv2/masterfilelist.txt"
SUMS, SIZES = "/events/md5sums", "/events/filesizes"


@pytest.fixture
def gdelt() -> Iterator[Gdelt]:
    with serving() as played:
        yield played


@pytest.fixture
def pauses() -> list[float]:
    return []


def put(gdelt: Gdelt, moment: str, *rows: str, ending: str = ".export.CSV.zip") -> str:
    """File a 15-minute file; returns its path."""
    path = f"/gdeltv2/{moment}{ending}"
    gdelt.files[path] = zipped(path.rsplit("/", 1)[1], *(rows or [row(event=moment)]))
    return path


def get(listing: Listing, into: Path, pauses: list[float] | None = None, limits: DownloadLimits = LIMITS):
    items = list(download(listing.files, into, limits=limits, pause=[].append if pauses is None else pauses.append))
    got = [item for item in items if isinstance(item, Downloaded)]
    return got, [item for item in items if isinstance(item, Issue)]


def events(path: Path) -> list[str]:
    return [str(name).partition(":")[2] for name in read_rows("gdelt", path).rows.column("occurrence").to_pylist()]


def one_listed(gdelt: Gdelt, moment: str = "20250218120000", size: int = 0) -> tuple[str, Listing]:
    path = put(gdelt, moment)
    if size:  # bytes that do not pack, so that a part is a part
        gdelt.files[path] = bytes(i * i % 251 for i in range(size))
    return path, listed(gdelt.set_list(LAST, gdelt.line(path)), pause=lambda _: None)


def parts(folder: Path) -> list[Path]:
    return sorted(folder.glob(".*.part"))


# --- Lists of GDELT 2.0 -----------------------------------------------------------------------------------------------


def test_the_newest_events_file_is_got_and_mentions_and_knowledge_graph_are_not(gdelt: Gdelt, tmp_path: Path) -> None:
    export = put(gdelt, "20250218120000", row(event="11"), row("112", event="12"))
    mentions = put(gdelt, "20250218120000", "x", ending=".mentions.CSV.zip")
    graph = put(gdelt, "20250218120000", "x", ending=".gkg.csv.zip")
    listing = listed(gdelt.set_list(LAST, *map(gdelt.line, (export, mentions, graph))))
    assert (listing.lines, listing.others, listing.issues) == (3, 2, ())
    (file,) = listing.files
    assert (file.name, file.size) == ("20250218120000.export.CSV.zip", len(gdelt.files[export]))
    assert (file.md5, file.named_by) == (md5(gdelt.files[export]), gdelt.base + LAST)
    assert file.moment == datetime(2025, 2, 18, 12, tzinfo=UTC)
    (got,), issues = get(listing, tmp_path / "incoming")
    assert issues == []
    assert got.path == tmp_path / "incoming" / "20250218120000.export.CSV.zip"
    assert got.path.read_bytes() == gdelt.files[export]
    assert events(got.path) == ["11", "12"]
    assert gdelt.times(mentions) == gdelt.times(graph) == 0


def test_files_of_translated_news_are_events_too(gdelt: Gdelt) -> None:
    path = put(gdelt, "20250218120000", ending=".translation.export.CSV.zip")
    listing = listed(gdelt.set_list("/gdeltv2/lastupdate-translation.txt", gdelt.line(path)))
    assert [file.address for file in listing.files] == [gdelt.base + path]


def test_a_list_is_read_between_two_days_and_the_oldest_comes_first(gdelt: Gdelt) -> None:
    moments = ["20250302000000", "20250228234500", "20250301000000", "20250301234500"]
    address = gdelt.set_list(MASTER, *(gdelt.line(put(gdelt, moment)) for moment in moments))
    listing = listed(address, since=date(2025, 3, 1), until=date(2025, 3, 1))
    assert [file.name[:14] for file in listing.files] == ["20250301000000", "20250301234500"]
    assert listing.outside == 2


def test_what_is_known_is_not_listed_and_a_file_replaced_since_is(gdelt: Gdelt) -> None:
    old, replaced = put(gdelt, "20250218120000"), put(gdelt, "20250218121500")
    address = gdelt.set_list(LAST, gdelt.line(old), gdelt.line(replaced))
    have = {file.md5 for file in listed(address).files}
    gdelt.files[replaced] = zipped("20250218121500.export.CSV", row(event="99"))
    gdelt.set_list(LAST, gdelt.line(old), gdelt.line(replaced))
    listing = listed(address, known=lambda file: file.md5 in have)
    assert [file.address for file in listing.files] == [gdelt.base + replaced]
    assert listing.known == 1


def test_lines_that_cannot_be_read_are_shown_up_to_a_number_and_counted(gdelt: Gdelt) -> None:
    path = put(gdelt, "20250218120000")
    good = gdelt.line(path)
    bad = [
        "150383",
        good.replace("20250218", "20251399"),
        good[:-3],
        "x" * 300_000,
        good.replace("http://", "ftp://"),
        "-1 " + good.split(" ", 1)[1],
        "12 zz " + gdelt.base + path,
        "\xff\xfe nonsense",
    ]
    listing = listed(gdelt.set_list(MASTER, *bad, "", good))
    assert [file.address for file in listing.files] == [gdelt.base + path]
    assert (listing.lines, listing.unread) == (9, 8)
    assert len(listing.issues) == 6
    assert listing.issues[0].record == f"{gdelt.base}{MASTER}:1"
    assert "'150383', expected SIZE MD5 ADDRESS" in listing.issues[0].message
    assert "3 more lines cannot be read" in listing.issues[-1].message
    assert all(len(issue.message) < 500 for issue in listing.issues)


def test_every_line_of_a_list_is_counted_once(gdelt: Gdelt) -> None:
    wanted, known, early = (put(gdelt, moment) for moment in ("20250218120000", "20250218121500", "20140218121500"))
    other = put(gdelt, "20250218120000", ending=".gkg.csv.zip")
    address = gdelt.set_list(MASTER, *map(gdelt.line, (wanted, wanted, known, early, other)), "nonsense")
    have = md5(gdelt.files[known])
    found = listed(address, since=date(2025, 1, 1), known=lambda file: file.md5 == have)
    counts = (len(found.files), found.repeated, found.known, found.outside, found.others, found.unread)
    assert (counts, found.lines) == ((1, 1, 1, 1, 1, 1), 6)


def test_a_line_longer_than_allowed_is_refused_even_where_it_reads_well(gdelt: Gdelt) -> None:
    long = gdelt.line(put(gdelt, "20250218120000")).replace("/gdeltv2/", "/" + "a" * 2_000 + "/")
    listing = listed(gdelt.set_list(MASTER, long, gdelt.line(put(gdelt, "20250218121500"))))
    assert [file.name[:14] for file in listing.files] == ["20250218121500"]
    assert len(listing.issues) == 1


def test_a_file_named_twice_is_got_as_the_later_line_says(gdelt: Gdelt, tmp_path: Path) -> None:
    path = put(gdelt, "20250218120000")
    listing = listed(gdelt.set_list(MASTER, gdelt.line(path, b"older"), gdelt.line(path), gdelt.line(path)))
    assert (len(listing.files), listing.repeated, listing.lines) == (1, 2, 3)
    (got,), issues = get(listing, tmp_path)
    assert (got.path.read_bytes(), issues) == (gdelt.files[path], [])


def test_a_file_whose_later_line_is_known_is_known(gdelt: Gdelt) -> None:
    path = put(gdelt, "20250218120000")
    address = gdelt.set_list(MASTER, gdelt.line(path, b"older"), gdelt.line(path))
    listing = listed(address, known=lambda file: file.md5 == md5(gdelt.files[path]))
    assert (listing.files, listing.known, listing.repeated) == ((), 1, 1)


def test_a_line_without_end_is_read_past_and_never_held(gdelt: Gdelt) -> None:
    address = gdelt.set_list(MASTER, gdelt.line(put(gdelt, "20250218120000")), "x" * 30_000_000)
    tracemalloc.start()
    try:
        listing = listed(address)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (len(listing.files), listing.lines, len(listing.issues)) == (1, 2, 1)
    assert peak < 10_000_000


def test_a_page_in_the_place_of_a_list_is_said_to_be_none(gdelt: Gdelt) -> None:
    listing = listed(gdelt.set_list(LAST, "<!DOCTYPE html>", "<p>Sign in to this network</p>"))
    assert listing.files == ()
    assert "No line of it can be read" in listing.issues[0].message


def test_an_empty_list_is_an_issue(gdelt: Gdelt) -> None:
    gdelt.files[LAST] = b""
    assert "is empty" in listed(gdelt.base + LAST).issues[0].message


def test_a_list_that_is_gone_is_an_issue_at_once(gdelt: Gdelt) -> None:
    listing = listed(gdelt.base + LAST, pause=pytest.fail)
    assert "answered 404" in listing.issues[0].message
    assert listing.files == ()


def test_a_list_that_breaks_off_is_read_again_from_its_beginning(gdelt: Gdelt) -> None:
    address = gdelt.set_list(MASTER, *(gdelt.line(put(gdelt, f"20250218{n:02}0000")) for n in range(10)))
    gdelt.faults[MASTER] = [cut(300), status(503)]
    listing = listed(address, pause=lambda _: None)
    assert (len(listing.files), listing.lines, listing.issues) == (10, 10, ())
    assert gdelt.times(MASTER) == 3


def test_a_list_without_end_is_cut_and_what_it_named_is_kept(gdelt: Gdelt) -> None:
    address = gdelt.set_list(MASTER, gdelt.line(put(gdelt, "20250218120000")))
    gdelt.faults[MASTER] = [endless]
    listing = listed(address, limits=ListLimits(list_bytes=1_000_000))
    assert len(listing.files) == 1
    assert "longer than 1,000,000 bytes" in listing.issues[0].message


def test_a_slow_list_is_given_up(gdelt: Gdelt) -> None:
    address = gdelt.set_list(MASTER, *(gdelt.line(put(gdelt, f"20250218{n:02}0000")) for n in range(10)))
    gdelt.faults[MASTER] = [slow()]
    began = time.monotonic()
    listing = listed(address, patience=QUICK)
    assert "still sending after" in listing.issues[0].message
    assert time.monotonic() - began < 10


# --- Lists of GDELT 1.0 -----------------------------------------------------------------------------------------------


def older(gdelt: Gdelt, *names: str) -> str:
    """Files and both lists of GDELT 1.0; returns the folder's address."""
    for name in names:
        width = 58 if "export" in name else 57
        gdelt.files[f"/events/{name}"] = zipped(name.replace(".zip", ".csv"), row(event=name[:4], width=width))
    held = {name: gdelt.files[f"/events/{name}"] for name in names}
    reduced = "GDELT.MASTERREDUCEDV2.1979-2013.zip"
    gdelt.set_list(SUMS, *(f"{md5(content)}  {name}" for name, content in held.items()), f"{'0' * 32}  {reduced}")
    gdelt.set_list(SIZES, *(f"{len(content)} {name}" for name, content in held.items()), f"1099511627 {reduced}")
    return f"{gdelt.base}/events/"


@pytest.mark.parametrize("last", ["md5sums", "filesizes", "index.html", ""])
def test_both_older_lists_are_read_whichever_is_named(gdelt: Gdelt, tmp_path: Path, last: str) -> None:
    folder = older(gdelt, "20130401.export.CSV.zip", "201303.zip", "1979.zip")
    listing = listed(folder + last)
    assert [file.name for file in listing.files] == ["1979.zip", "201303.zip", "20130401.export.CSV.zip"]
    assert (listing.lines, listing.others, listing.issues) == (4, 1, ())
    assert all(file.size and file.md5 for file in listing.files)
    got, issues = get(listing, tmp_path)
    assert [events(item.path) for item in got] == [["1979"], ["2013"], ["2013"]]
    assert issues == []


def test_monthly_and_yearly_files_are_wanted_where_they_share_a_day(gdelt: Gdelt) -> None:
    folder = older(gdelt, "2004.zip", "2005.zip", "200601.zip", "200602.zip", "20130401.export.CSV.zip")
    listing = listed(folder + "md5sums", since=date(2005, 12, 31), until=date(2006, 1, 1))
    assert [file.name for file in listing.files] == ["2005.zip", "200601.zip"]
    assert listing.outside == 3


def test_without_the_sizes_the_checksums_do(gdelt: Gdelt, tmp_path: Path) -> None:
    folder = older(gdelt, "1979.zip")
    del gdelt.files[SIZES]
    listing = listed(folder + "md5sums")
    assert [(issue.lost, "by checksum alone" in issue.message) for issue in listing.issues] == [(False, True)]
    assert listing.files[0].size is None
    assert len(get(listing, tmp_path)[0]) == 1
    gdelt.files["/events/1979.zip"] += b"\0"
    got, issues = get(listing, tmp_path / "second")
    assert got == []
    assert "have the checksum" in issues[0].message


def test_without_the_checksums_the_sizes_do(gdelt: Gdelt, tmp_path: Path) -> None:
    folder = older(gdelt, "1979.zip")
    del gdelt.files[SUMS]
    listing = listed(folder)
    assert (listing.files[0].md5, listing.issues[0].lost) == ("", False)
    assert len(get(listing, tmp_path)[0]) == 1
    gdelt.files["/events/1979.zip"] += b"\0"
    assert "the list" in get(listing, tmp_path / "second")[1][0].message


def test_without_either_list_there_is_nothing_and_an_issue(gdelt: Gdelt) -> None:
    listing = listed(f"{gdelt.base}/events/index.html")
    assert (listing.files, len(listing.issues)) == ((), 1)


def test_an_older_list_names_nothing_outside_its_folder(gdelt: Gdelt) -> None:
    folder = older(gdelt, "1979.zip")
    gdelt.files[SUMS] += f"{'0' * 32}  ../../1980.zip\n{'0' * 32}  http://example.org/1981.zip\n".encode()
    listing = listed(folder)
    assert [file.name for file in listing.files] == ["1979.zip"]
    assert len(listing.issues) == 2


# --- One file ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "path"), [("gdelt", "/a/b.CSV"), ("icews", "/api/access/datafile/12"), ("polecat", "/")]
)
def test_a_files_own_address_is_that_file(gdelt: Gdelt, tmp_path: Path, kind: str, path: str) -> None:
    gdelt.files[path] = b"rows"
    (got,), issues = get(listed(gdelt.base + path, kind), tmp_path)
    assert (got.path.read_bytes(), issues, got.path.parent) == (b"rows", [], tmp_path)


def test_an_address_that_is_neither_list_nor_file_of_gdelt_is_an_issue() -> None:
    (issue,) = listed("http://example.org/gdelt").issues
    assert "names neither a list" in issue.message


def test_an_unknown_database_is_refused() -> None:
    with pytest.raises(SourceError, match="unknown"):
        listed("http://example.org/a.zip", "acled")


@pytest.mark.parametrize(
    "address", ["ftp://example.org/a.zip", "http://[::1/a.zip", "http:///a.zip", "a.zip", "http://x:99999/a.zip"]
)
def test_a_file_that_is_no_web_address_is_an_issue(tmp_path: Path, address: str) -> None:
    got, (issue,) = get(listed(address), tmp_path)
    assert (got, issue.message.startswith(address)) == ([], True)


@pytest.mark.parametrize(
    "address", ["http://[::1/lastupdate.txt", "http://[::1/md5sums", "http:///events/", "ftp://h/lastupdate.txt"]
)
def test_a_list_that_is_no_web_address_is_an_issue(address: str) -> None:
    listing = listed(address)
    assert (listing.files, len(listing.issues)) == ((), 1)


def test_a_listed_address_that_is_none_does_not_stop_the_others(gdelt: Gdelt, tmp_path: Path) -> None:
    good = gdelt.line(put(gdelt, "20250218121500"))
    none = f"10 {'0' * 32} http://[::1/gdeltv2/20250218120000.export.CSV.zip"
    got, issues = get(listed(gdelt.set_list(LAST, none, good)), tmp_path)
    assert (len(got), len(issues)) == (1, 1)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("http://h/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "passwd"),
        ("http://h/..%5C..%5Cboot.ini", "boot.ini"),
        ("http://h/.hidden", "hidden"),
        ("http://h/", "events"),
        ("http://h/%00%0a", "events"),
        ("http://h/" + "a" * 5_000 + ".zip", "a" * 146 + ".zip"),
    ],
)
def test_a_name_stays_inside_the_folder(address: str, name: str) -> None:
    assert ListedFile(address).name == name


def test_a_file_of_unknown_size_that_breaks_goes_on_only_where_the_server_vouches_for_it(
    gdelt: Gdelt, tmp_path: Path
) -> None:
    gdelt.files["/a.zip"] = bytes(range(256)) * 40
    gdelt.faults["/a.zip"] = [cut(5_000)]
    (got,), _ = get(listed(f"{gdelt.base}/a.zip"), tmp_path)
    assert [asked.range for asked in gdelt.asked] == ["", ""]
    assert got.received == 15_240
    gdelt.etag, gdelt.faults["/a.zip"], gdelt.asked[:] = '"1"', [cut(5_000)], []
    (got,), _ = get(listed(f"{gdelt.base}/a.zip"), tmp_path)
    assert [(asked.range, asked.if_range) for asked in gdelt.asked] == [("", ""), ("bytes=5000-", '"1"')]
    assert got.path.read_bytes() == gdelt.files["/a.zip"]
    # A weak tag says that two states mean the same, not that their bytes are the same.
    gdelt.etag, gdelt.faults["/a.zip"], gdelt.asked[:] = 'W/"1"', [cut(5_000)], []
    (got,), _ = get(listed(f"{gdelt.base}/a.zip"), tmp_path)
    assert [asked.range for asked in gdelt.asked] == ["", ""]


def test_a_file_of_unknown_size_that_never_ends_is_stopped_and_nothing_stays(gdelt: Gdelt, tmp_path: Path) -> None:
    gdelt.files["/a.zip"] = b"x"
    gdelt.faults["/a.zip"] = [endless]
    got, (issue,) = get(listed(f"{gdelt.base}/a.zip"), tmp_path, limits=DownloadLimits(file_bytes=300_000))
    assert "longer than 300,000 bytes" in issue.message
    assert list(tmp_path.iterdir()) == got == []


# --- What goes wrong under way ----------------------------------------------------------------------------------------


def test_a_broken_file_is_named_with_what_was_expected_and_the_others_are_got(gdelt: Gdelt, tmp_path: Path) -> None:
    first, short, wrong, gone, last = (put(gdelt, f"2025021812{n}000") for n in range(5))
    lines = [gdelt.line(path) for path in (first, short, wrong, gone, last)]
    gdelt.files[short] = gdelt.files[short][:-20]
    gdelt.files[wrong] = gdelt.files[wrong][:-1] + b"\1"
    del gdelt.files[gone]
    got, issues = get(listed(gdelt.set_list(LAST, *lines)), tmp_path)
    assert [item.file.address for item in got] == [gdelt.base + first, gdelt.base + last]
    said = {issue.record.removeprefix(gdelt.base): issue.message for issue in issues}
    assert said.keys() == {short, wrong, gone}
    assert f"the server has {len(gdelt.files[short]):,} bytes, the list {gdelt.base}{LAST} says" in said[short]
    assert f"have the checksum {md5(gdelt.files[wrong])}" in said[wrong]
    assert lines[2].split()[1] in said[wrong]
    assert "answered 404" in said[gone]
    assert all("mport again" in message for message in said.values())
    assert {path.name for path in tmp_path.iterdir()} == {item.path.name for item in got}


def test_a_list_that_changes_under_way_is_read_again_and_the_new_file_got(gdelt: Gdelt, tmp_path: Path) -> None:
    replaced, same = put(gdelt, "20250218120000"), put(gdelt, "20250218121500")
    address = gdelt.set_list(LAST, gdelt.line(replaced), gdelt.line(same))
    listing = listed(address)
    gdelt.files[replaced] = zipped("20250218120000.export.CSV", *(row(event=f"{n}") for n in range(9)))
    gdelt.set_list(LAST, gdelt.line(replaced))  # also shorter than before
    got, issues = get(listing, tmp_path)
    assert [item.file.address for item in got] == [gdelt.base + same, gdelt.base + replaced]
    assert issues == []
    assert got[1].file.md5 == md5(gdelt.files[replaced])
    assert events(got[1].path) == [f"{n}" for n in range(9)]


def test_the_list_is_read_again_once_for_all_files_that_are_not_as_listed(gdelt: Gdelt, tmp_path: Path) -> None:
    paths = [put(gdelt, f"2025021812{n}000") for n in range(5)]
    listing = listed(gdelt.set_list(LAST, *map(gdelt.line, paths)))
    for path in paths:
        gdelt.files[path] += b"\0"
    got, issues = get(listing, tmp_path)
    assert (got, len(issues)) == ([], 5)
    assert gdelt.times(LAST) == 2
    assert [gdelt.times(path) for path in paths] == [1] * 5


def test_a_file_replaced_again_and_again_is_an_issue_not_a_loop(gdelt: Gdelt, tmp_path: Path) -> None:
    path, listing = one_listed(gdelt)
    gdelt.set_list(LAST, gdelt.line(path, b"a second state of it"))
    gdelt.files[path] = b"a third state of it"
    got, issues = get(listing, tmp_path)
    assert (got, len(issues), gdelt.times(LAST)) == ([], 1, 2)


def test_a_file_that_no_longer_ends_is_not_read_beyond_its_size(gdelt: Gdelt, tmp_path: Path) -> None:
    path, listing = one_listed(gdelt)
    gdelt.faults[path] = [endless]
    began = time.monotonic()
    got, (issue,) = get(listing, tmp_path)
    assert f"longer than the {len(gdelt.files[path]):,} bytes" in issue.message
    assert time.monotonic() - began < 10
    assert list(tmp_path.iterdir()) == got == []


def test_a_file_larger_than_allowed_is_not_asked_for(gdelt: Gdelt, tmp_path: Path) -> None:
    path, _ = one_listed(gdelt)
    line = f"{10**14} {'0' * 32} {gdelt.base}{path}"
    _, (issue,) = get(listed(gdelt.set_list(LAST, line)), tmp_path)
    assert "100,000,000,000,000 bytes" in issue.message
    assert gdelt.times(path) == 0


def test_a_slow_file_is_stopped_and_the_next_run_goes_on_from_there(gdelt: Gdelt, tmp_path: Path) -> None:
    path, listing = one_listed(gdelt, size=5_000)
    gdelt.faults[path] = [slow()]
    began = time.monotonic()
    _, (issue,) = get(listing, tmp_path, limits=QUICK)
    assert "still sending after" in issue.message
    assert time.monotonic() - began < 10
    (part,) = parts(tmp_path)
    had = part.stat().st_size
    assert 0 < had < 5_000
    (got,), issues = get(listing, tmp_path)
    assert (got.received, issues, parts(tmp_path)) == (5_000 - had, [], [])
    assert gdelt.asked[-1].range == f"bytes={had}-"


def test_a_broken_connection_goes_on_where_it_broke(gdelt: Gdelt, tmp_path: Path, pauses: list[float]) -> None:
    path, listing = one_listed(gdelt, size=300_000)
    gdelt.faults[path] = [cut(100_000)]
    (got,), issues = get(listing, tmp_path, pauses)
    assert (got.received, issues, pauses) == (300_000, [], [1.0])
    assert [asked.range for asked in gdelt.asked[1:]] == ["", "bytes=100000-"]


def test_a_server_that_ignores_ranges_sends_the_file_anew(gdelt: Gdelt, tmp_path: Path) -> None:
    gdelt.ranges = False
    path, listing = one_listed(gdelt, size=300_000)
    gdelt.faults[path] = [cut(100_000)]
    (got,), issues = get(listing, tmp_path)
    assert (got.path.read_bytes(), got.received, issues) == (gdelt.files[path], 400_000, [])


def test_a_server_that_sends_another_part_than_asked_for_is_asked_for_the_whole(gdelt: Gdelt, tmp_path: Path) -> None:
    path, listing = one_listed(gdelt, size=300_000)

    def elsewhere(handler) -> None:
        handler.send_response(206)
        handler.send_header("Content-Range", "bytes 5-299999/300000")
        handler.send_header("Content-Length", "299995")
        handler.end_headers()
        handler.wfile.write(gdelt.files[path][5:])

    gdelt.faults[path] = [cut(100_000), elsewhere]
    (got,), issues = get(listing, tmp_path)
    assert (got.path.read_bytes(), issues) == (gdelt.files[path], [])


def test_a_part_left_by_a_stopped_run_that_is_damaged_is_got_anew(gdelt: Gdelt, tmp_path: Path) -> None:
    path, listing = one_listed(gdelt, size=300_000)
    gdelt.faults[path] = [cut(100_000), *[status(503)] * 3]
    assert get(listing, tmp_path)[0] == []
    (part,) = parts(tmp_path)
    part.write_bytes(b"\0" * 100_000)
    (got,), issues = get(listing, tmp_path)
    assert (got.path.read_bytes(), issues) == (gdelt.files[path], [])


def test_a_part_left_longer_than_the_file_is_got_anew(gdelt: Gdelt, tmp_path: Path) -> None:
    path, listing = one_listed(gdelt, size=3_000)
    gdelt.faults[path] = [cut(1_000), *[status(503)] * 3]
    get(listing, tmp_path)
    parts(tmp_path)[0].write_bytes(b"\0" * 4_000)
    assert get(listing, tmp_path)[0][0].path.read_bytes() == gdelt.files[path]


def test_a_part_left_whole_is_not_asked_for_again(gdelt: Gdelt, tmp_path: Path) -> None:
    path, listing = one_listed(gdelt, size=3_000)
    gdelt.faults[path] = [cut(1_000), *[status(503)] * 3]
    get(listing, tmp_path)
    parts(tmp_path)[0].write_bytes(gdelt.files[path])
    gdelt.asked.clear()
    (got,), issues = get(listing, tmp_path)
    assert (got.path.read_bytes(), got.received, issues, gdelt.asked) == (gdelt.files[path], 0, [], [])


def test_a_part_of_an_older_state_of_a_file_is_neither_used_nor_kept(gdelt: Gdelt, tmp_path: Path) -> None:
    path, listing = one_listed(gdelt, size=3_000)
    gdelt.faults[path] = [cut(1_000), *[status(503)] * 3]
    get(listing, tmp_path)
    assert len(parts(tmp_path)) == 1
    gdelt.files[path] = gdelt.files[path][::-1]
    (got,), issues = get(listed(gdelt.set_list(LAST, gdelt.line(path))), tmp_path)
    assert (got.path.read_bytes(), got.received, issues) == (gdelt.files[path], 3_000, [])
    assert parts(tmp_path) == []


def test_a_server_without_a_certificate_is_not_asked_again(gdelt: Gdelt, tmp_path: Path, pauses: list[float]) -> None:
    _, (issue,) = get(listed(gdelt.base.replace("http:", "https:") + "/a.zip"), tmp_path, pauses)
    assert ("no usable answer" in issue.message, pauses) == (True, [])


def test_a_whole_file_left_by_a_stopped_run_is_used_and_another_of_its_name_is_not(
    gdelt: Gdelt, tmp_path: Path
) -> None:
    path, listing = one_listed(gdelt)
    (first,), _ = get(listing, tmp_path)
    (again,), _ = get(listing, tmp_path)
    assert (again.path, again.received, gdelt.times(path)) == (first.path, 0, 1)
    first.path.write_bytes(gdelt.files[path][:-1] + b"\1")
    (anew,), issues = get(listing, tmp_path)
    assert (anew.path.read_bytes(), issues) == (gdelt.files[path], [])


def test_a_run_that_is_killed_leaves_a_part_and_no_file_and_the_next_goes_on(gdelt: Gdelt, tmp_path: Path) -> None:
    path, listing = one_listed(gdelt, size=300_000)
    gdelt.faults[path] = [slow(after=200_000)]
    code = (
        "import sys; from pathlib import Path; from detente.sources.gdelt_lists import download, listed\n"
        "print('ready', flush=True); list(download(listed(sys.argv[1]).files, Path(sys.argv[2])))"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", code, gdelt.base + LAST, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert run.stdout is not None
        run.stdout.readline()
        deadline = time.monotonic() + 60
        while not (parts(tmp_path) and parts(tmp_path)[0].stat().st_size) and time.monotonic() < deadline:
            time.sleep(0.02)
        # While it is at work, another run leaves the file to it.
        _, (issue,) = get(listing, tmp_path)
        assert "another import is getting it now" in issue.message
    finally:
        run.kill()
        run.communicate()
    assert not (tmp_path / listing.files[0].name).exists()
    (got,), issues = get(listing, tmp_path)
    assert (got.path.read_bytes(), issues, parts(tmp_path)) == (gdelt.files[path], [], [])
    assert got.received < 300_000


def test_a_busy_server_is_asked_again_after_longer_and_longer_pauses(
    gdelt: Gdelt, tmp_path: Path, pauses: list[float]
) -> None:
    path, listing = one_listed(gdelt)
    gdelt.faults[path] = [status(500), lambda handler: handler.reset(), status(502)]
    (got,), issues = get(listing, tmp_path, pauses)
    assert (got.path.exists(), issues, pauses) == (True, [], [1.0, 2.0, 4.0])


def test_a_server_that_stays_busy_is_given_up_for_this_file(gdelt: Gdelt, tmp_path: Path, pauses: list[float]) -> None:
    path, listing = one_listed(gdelt)
    other = put(gdelt, "20250218121500")
    listing = listed(gdelt.set_list(LAST, gdelt.line(path), gdelt.line(other)))
    gdelt.faults[path] = [status(500)] * 9
    (got,), (issue,) = get(listing, tmp_path, pauses)
    assert (got.file.address, gdelt.times(path)) == (gdelt.base + other, 4)
    assert "answered 500" in issue.message


def test_a_server_that_says_how_long_to_wait_is_obeyed(gdelt: Gdelt, tmp_path: Path, pauses: list[float]) -> None:
    path, listing = one_listed(gdelt)
    soon = format_datetime(datetime.fromtimestamp(time.time() + 60, UTC), usegmt=True)
    gdelt.faults[path] = [status(429, Retry_After="7"), status(503, Retry_After=soon), status(429, Retry_After="soon")]
    got, issues = get(listing, tmp_path, pauses)
    assert (len(got), issues, pauses[0], pauses[2]) == (1, [], 7.0, 4.0)
    assert 50 < pauses[1] <= 60


def test_a_server_that_asks_for_a_long_wait_is_left_alone_and_the_rest_counted(
    gdelt: Gdelt, tmp_path: Path, pauses: list[float]
) -> None:
    paths = [put(gdelt, f"2025021812{n}000") for n in range(5)]
    listing = listed(gdelt.set_list(LAST, *map(gdelt.line, paths)))
    gdelt.faults[paths[1]] = [status(429, Retry_After="3600")]
    got, issues = get(listing, tmp_path, pauses)
    assert ([item.file.address for item in got], pauses) == ([gdelt.base + paths[0]], [])
    assert "answered 429" in issues[0].message
    assert "asks to wait 3,600 seconds; 3 more files were not asked for" in issues[1].message
    assert [gdelt.times(path) for path in paths] == [1, 1, 0, 0, 0]


def test_a_host_that_is_down_is_not_asked_for_a_thousand_files(tmp_path: Path, pauses: list[float]) -> None:
    files = tuple(ListedFile(f"http://127.0.0.1:9/{n}.zip", 5, "0" * 32, "http://127.0.0.1:9/l") for n in range(1_000))
    got, issues = get(Listing("", files), tmp_path, pauses)
    assert (got, len(issues), len(pauses)) == ([], 4, 9)
    assert "did not send 3 files in a row; 997 more files were not asked for" in issues[-1].message


def test_a_file_that_moved_is_followed_with_its_range(gdelt: Gdelt, tmp_path: Path) -> None:
    path, listing = one_listed(gdelt, size=300_000)
    gdelt.files["/there"] = gdelt.files[path]
    gdelt.faults[path] = [redirect("/there"), redirect("/there")]
    gdelt.faults["/there"] = [cut(100_000)]
    (got,), issues = get(listing, tmp_path)
    assert (got.path.read_bytes(), issues) == (gdelt.files[path], [])
    assert gdelt.asked[-1].range == "bytes=100000-"


def test_a_redirect_without_end_is_an_issue(gdelt: Gdelt, tmp_path: Path) -> None:
    path, listing = one_listed(gdelt)
    gdelt.faults[path] = [redirect(path)] * 50
    got, (issue,) = get(listing, tmp_path)
    assert (got, "redirects" in issue.message) == ([], True)


@pytest.mark.parametrize("how", ["named", "redirected"])
def test_a_list_leads_into_no_private_network_but_its_own(gdelt: Gdelt, tmp_path: Path, how: str) -> None:
    path, listing = one_listed(gdelt)
    elsewhere = gdelt.base.replace("127.0.0.1", "localhost") + path
    if how == "named":
        listing = listed(gdelt.set_list(LAST, gdelt.line(path).replace(gdelt.base + path, elsewhere)))
    else:
        gdelt.faults[path] = [redirect(elsewhere)]
    got, (issue,) = get(listing, tmp_path)
    assert (got, "private network" in issue.message) == ([], True)


def test_two_files_of_one_name_are_not_put_in_one_place(gdelt: Gdelt, tmp_path: Path) -> None:
    gdelt.files |= {"/a/events.zip": b"a", "/b/events.zip": b"b"}
    files = (ListedFile(f"{gdelt.base}/a/events.zip"), ListedFile(f"{gdelt.base}/b/events.zip"))
    (got,), (issue,) = get(Listing("", files), tmp_path)
    assert (got.path.read_bytes(), "has the name of" in issue.message) == (b"a", True)


def test_an_empty_answer_is_no_file(gdelt: Gdelt, tmp_path: Path) -> None:
    gdelt.files["/a.zip"] = b""
    got, (issue,) = get(listed(f"{gdelt.base}/a.zip"), tmp_path)
    assert (got, "sent nothing" in issue.message) == ([], True)


def test_a_folder_that_cannot_be_made_stops_the_run_with_a_reason(gdelt: Gdelt, tmp_path: Path) -> None:
    _, listing = one_listed(gdelt)
    (tmp_path / "file").write_text("x")
    with pytest.raises(SourceError, match="space left"):
        get(listing, tmp_path / "file" / "incoming")


def test_a_disk_that_takes_no_more_stops_the_run_and_what_came_is_kept(gdelt: Gdelt, tmp_path: Path) -> None:
    pytest.importorskip("resource")
    path, _ = one_listed(gdelt, size=3_000_000)
    code = (
        "import resource, sys; from pathlib import Path; from detente.errors import SourceError\n"
        "from detente.sources.gdelt_lists import download, listed\n"
        "listing = listed(sys.argv[1])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))\n"
        "try: list(download(listing.files, Path(sys.argv[2])))\n"
        "except SourceError as problem: print(problem)"
    )
    asked = [sys.executable, "-c", code, gdelt.base + LAST, str(tmp_path)]
    run = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=True)
    assert "Check the folder and the space left" in run.stdout
    assert not (tmp_path / path.rsplit("/", 1)[1]).exists()
    assert parts(tmp_path)[0].stat().st_size == 1_000_000


def test_lists_are_known_by_their_names() -> None:
    assert is_list("http://data.gdeltproject.org/gdeltv2/masterfilelist-translation.txt")
    assert is_list("https://data.gdeltproject.org/events/md5sums")
    assert not is_list("https://example.org/events.txt")
