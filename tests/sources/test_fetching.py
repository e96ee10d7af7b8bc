"""Robots, pauses, versions and archives: how sites are treated, and what is kept of a visit."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_server import PUBLIC, Hostile, answer, hostile_server, html, names
from hypothesis import given
from hypothesis import strategies as st

from detente import workflow
from detente.errors import SourceError
from detente.sources import Fetcher, Got, Limits, get, networks, robots
from detente.sources.warc import Archive

QUICK = Limits(document_bytes=200_000, wait_seconds=2, whole_seconds=2, redirects=4)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hostile]:
    monkeypatch.setattr(networks, "_given_from_inside", {})
    with hostile_server() as site:
        site.answers["/page"] = html()
        yield site


class Clock:
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        self.now, self.waited = 1_000.0, list[float]()

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += seconds


def fetcher(clock: Clock | None = None, **options: object) -> Fetcher:
    clock = clock or Clock()
    return Fetcher(QUICK, pause=clock.wait, clock=clock, **options)


def feed_of(base: str, *paths: str) -> bytes:
    entries = "".join(
        f"<item><title>{path}</title><link>{base}{path}</link><description>Said of {path}.</description></item>"
        for path in paths
    )
    body = f"<rss version='2.0'><channel><title>Wire</title>{entries}</channel></rss>".encode()
    return answer(body, "Content-Type: application/rss+xml", f"Content-Length: {len(body)}")


def messages(items: object) -> str:
    return " ".join(getattr(item, "message", "") for item in items)  # type: ignore[attr-defined]


# --- robots.txt


def allows(site: Hostile, text: str) -> None:
    site.answers["/robots.txt"] = answer(text.encode(), "Content-Type: text/plain", f"Content-Length: {len(text)}")


def test_a_page_that_robots_do_not_allow_is_one_issue_and_is_not_asked_for(site):
    allows(site, "User-agent: *\nDisallow: /page\n")
    (issue,) = get(f"{site.base}/page", fetcher=fetcher(despite_robots=False))
    assert issue.record == f"{site.base}/page"
    assert "asks programs not to read it" in issue.message
    assert "'Disallow: /page'" in issue.message
    assert "--despite-robots" in issue.message
    assert site.paths() == ["/robots.txt"]


def test_where_nobody_can_mean_it_all_the_same_a_refusal_does_not_speak_of_it(site):
    """`detente verdict` has no such option."""
    allows(site, "User-agent: *\nDisallow: /page\n")
    (issue,) = get(f"{site.base}/page", fetcher=fetcher())
    assert issue.message.endswith("Save the page and add the file.")


def test_a_person_may_mean_the_one_page_he_names_but_not_those_of_a_feed(site):
    allows(site, "User-agent: *\nDisallow: /\n")
    site.answers["/feed"] = feed_of(site.base, "/page")
    meant = fetcher(despite_robots=True)
    assert [type(item) for item in get(f"{site.base}/page", fetcher=meant)] == [Got]
    items = list(get(f"{site.base}/feed", fetcher=meant))
    assert "not read" in messages(items)
    assert "--despite-robots" not in messages(items)
    assert [item.text for item in items if isinstance(item, Got)] == ["Said of /page."]
    assert site.paths().count("/page") == 1


def test_robots_are_asked_for_once_a_host(site):
    site.answers["/feed"] = feed_of(site.base, "/page?1", "/page?2", "/page?3")
    list(get(f"{site.base}/feed", fetcher=fetcher()))
    assert site.paths().count("/robots.txt") == 1


@pytest.mark.parametrize(
    ("status", "read"), [("404 No", 1), ("403 No", 1), ("429 No", 0), ("500 No", 0), ("503 No", 0)]
)
def test_without_rules_all_is_allowed_and_without_an_answer_nothing(site, status, read):
    site.answers["/robots.txt"] = answer(b"", "Content-Length: 0", status=status)
    items = list(get(f"{site.base}/page", fetcher=fetcher()))
    assert sum(isinstance(item, Got) for item in items) == read
    assert site.paths().count("/page") == read


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /\nAllow: /news", "/news/1", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: detente\nDisallow: /x\n\nUser-agent: *\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /a\nUser-agent: Detente/2.0\nUser-agent: other\nDisallow: /b", "/b", False),
        (
            "User-agent: detente\nDisallow: /a\nUser-agent: x\nDisallow: /b\nUser-agent: detente\nDisallow: /c",
            "/c",
            False,
        ),
        ("User-agent: detentes\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?x", True),
        ("User-agent: *\nDisallow: /a*b*c", "/a1b2c3", False),
        ("User-agent: *\nDisallow: /*a$", "/aba", False),
        ("User-agent: *\nDisallow: /a$", "/ab", True),
        ("User-agent: *\nDisallow: /caf%C3%A9", "/café", False),
        ("User-agent: *\nDisallow: /%7Ejoe", "/~joe", False),
        ("\ufeffUser-agent: * # all\r\nDisallow: /a # not this", "/a", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("Disallow: /", "/a", True),
        ("<html>Disallow everything</html>", "/a", True),
    ],
)
def test_rules_are_read_as_the_standard_says(text, path, allowed):
    assert (robots.read(text).forbids(f"https://example.org{path}") == "") is allowed


@given(st.text(alphabet="ab*$/%", max_size=12), st.text(alphabet="ab/%", max_size=20))
def test_a_pattern_matches_as_the_same_regular_expression_does(pattern, path):
    import re

    ends = pattern.endswith("$")
    written = ".*".join(re.escape(piece) for piece in pattern.removesuffix("$").split("*")) + (r"\Z" if ends else "")
    assert robots._matches(pattern, path) == bool(re.match(written, path, re.S))


def test_rules_made_to_be_slow_are_not(site):
    text = "User-agent: *\n" + f"Disallow: /{'*a' * 200}b$\n" * 1_000
    assert robots.read(text).forbids("https://example.org/" + "a" * 4_000) == ""


# --- pauses


def test_one_host_is_asked_with_pauses_between_and_another_without(site, monkeypatch):
    names(monkeypatch, {"one.example": [PUBLIC], "two.example": [PUBLIC]}, site.port)
    clock = Clock()
    polite = fetcher(clock)
    for host in ("one", "two", "one", "one"):
        polite.get(f"http://{host}.example/page")
    assert clock.waited == [1.0, 1.0]


@pytest.mark.parametrize(
    ("asked", "waited"), [("3", 3.0), ("0.1", 1.0), ("86400", 10.0), ("-5", 1.0), ("9" * 400, 1.0)]
)
def test_a_site_can_ask_for_longer_pauses_within_bounds(site, monkeypatch, asked, waited):
    names(monkeypatch, {"one.example": [PUBLIC]}, site.port)
    allows(site, f"User-agent: *\nCrawl-delay: {asked}\n")
    clock = Clock()
    polite = fetcher(clock)
    polite.get("http://one.example/page")
    polite.get("http://one.example/page")
    assert clock.waited == [waited]


def busy(retry_after: str) -> bytes:
    return answer(b"", f"Retry-After: {retry_after}", "Content-Length: 0", status="429 Busy")


def test_a_busy_server_is_asked_again_after_the_time_it_names(site):
    turns = iter((busy("7"), html()))
    site.answers["/page"] = lambda made: made.sendall(next(turns))
    clock = Clock()
    assert b"delegations" in fetcher(clock).get(f"{site.base}/page").body
    assert clock.waited == [7.0]


@pytest.mark.parametrize("asked", ["31", "86400", "99999999999999"])
def test_a_server_that_asks_for_too_much_is_left_alone_for_that_time(site, asked):
    site.answers["/busy"] = busy(asked)
    clock = Clock()
    polite = fetcher(clock)
    with pytest.raises(SourceError, match="429"):
        polite.get(f"{site.base}/busy")
    with pytest.raises(SourceError, match="asked to be left alone"):
        polite.get(f"{site.base}/page")
    assert clock.waited == []
    assert "/page" not in site.paths()
    clock.now += float(asked)
    assert polite.get(f"{site.base}/page").body


def test_a_server_that_is_always_busy_is_given_up(site):
    site.answers["/page"] = busy("30")
    site.answers["/feed"] = feed_of(site.base, *(f"/page?{n}" for n in range(50)))
    for n in range(50):
        site.answers[f"/page?{n}"] = busy("30")
    clock = Clock()
    items = list(get(f"{site.base}/feed", fetcher=fetcher(clock)))
    assert sum(isinstance(item, Got) for item in items) == 50  # what the feed says of them
    assert sum(clock.waited) < 100
    assert sum(path.startswith("/page") for path in site.paths()) == 4


# --- versions


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    from detente.dossier import write_starter
    from detente.terms import Dyad

    folder = tmp_path / "rus-usa"
    import datetime

    write_starter(folder, Dyad.parse("RUS-USA"), datetime.date(2025, 1, 1), today=datetime.date(2025, 5, 1))
    return folder


def add(folder: Path, *what: str, **options: object) -> workflow.AddReport:
    with workflow.opened(folder) as (case, ledger):
        return workflow.add(case, ledger, what, fetcher=fetcher(), **options)


PARAGRAPH = "The delegations left Istanbul on Friday after agreeing to meet again before the summer, officials said. "
DAY = "Fri, 11 Apr 2025 08:00:00 GMT"


def versioned(site: Hostile, path: str, body: bytes, etag: str) -> None:
    """Answer as a server does that knows versions."""

    def send(made: object) -> None:
        if f"If-None-Match: {etag}".encode() in site.asked[-1]:
            made.sendall(answer(b"", f"ETag: {etag}", status="304 Not Modified"))  # type: ignore[attr-defined]
        else:
            head, _, rest = body.partition(b"\r\n\r\n")
            made.sendall(head + f"\r\nETag: {etag}\r\nLast-Modified: {DAY}\r\n\r\n".encode() + rest)  # type: ignore[attr-defined]

    site.answers[path] = send


def test_a_page_is_not_sent_again_until_it_changes(site, folder):
    versioned(site, "/page", html(PARAGRAPH * 3), '"a1"')
    first = add(folder, f"{site.base}/page")
    again = add(folder, f"{site.base}/page")
    assert len(first.added) == 1
    assert (again.added, again.known) == ([], first.added)
    assert f"If-Modified-Since: {DAY}".encode() in site.asked[-1]
    versioned(site, "/page", html(PARAGRAPH * 2 + "They did not meet again."), '"a2"')
    assert len(add(folder, f"{site.base}/page").added) == 1


def test_a_feed_whose_pages_could_not_be_had_is_read_again_whole(site, folder):
    versioned(site, "/feed", feed_of(site.base, "/page", "/late"), '"f1"')
    versioned(site, "/page", html(PARAGRAPH * 3), '"p1"')
    assert len(add(folder, f"{site.base}/feed").added) == 2  # one of them what the feed says
    site.answers["/late"] = html(PARAGRAPH + "The second page came late.")
    second = add(folder, f"{site.base}/feed")
    assert len(second.added) == 1
    assert len(second.known) == 1
    third = add(folder, f"{site.base}/feed")
    assert (third.added, third.known, third.issues) == ([], [], [])
    assert site.paths()[-1] == "/feed"


def test_another_ledger_gets_everything_anew(site, folder):
    versioned(site, "/page", html(PARAGRAPH * 3), '"a1"')
    add(folder, f"{site.base}/page")
    (folder / "ledger.db").unlink()
    assert len(add(folder, f"{site.base}/page").added) == 1


def test_a_day_that_a_person_gives_has_the_page_read_again(site, folder):
    import datetime

    versioned(site, "/page", html(PARAGRAPH * 3), '"a1"')
    add(folder, f"{site.base}/page")
    again = add(folder, f"{site.base}/page", published=datetime.date(2025, 4, 11))
    assert b"If-None-Match" not in site.asked[-1]
    assert len(again.known) == 1


@pytest.mark.parametrize(
    "spoil", [b"{", b'{"address": 1}', b"\xff\xfe\x00", b"[" * 100_000, b"null", b'{"address": "x"}']
)
def test_a_spoilt_line_costs_that_line_alone(site, folder, spoil):
    versioned(site, "/page", html(PARAGRAPH * 3), '"a1"')
    (folder / "fetched.jsonl").write_bytes(spoil)
    add(folder, f"{site.base}/page")
    add(folder, f"{site.base}/page")
    assert b'If-None-Match: "a1"' in site.asked[-1]


@pytest.mark.parametrize("etag", ['"a"\tX', "no quotes", '"' + "a" * 1000 + '"', '"é"', '"a" "b"'])
def test_a_version_that_is_none_is_not_kept(site, folder, etag):
    head, _, body = html(PARAGRAPH * 3).partition(b"\r\n\r\n")
    site.answers["/page"] = head + f"\r\nETag: {etag}\r\nLast-Modified: then".encode() + b"\r\n\r\n" + body
    assert len(add(folder, f"{site.base}/page").added) == 1
    assert not (folder / "fetched.jsonl").exists()


def test_a_server_that_says_unchanged_without_being_asked_is_an_issue(site, folder):
    site.answers["/page"] = answer(b"", status="304 Not Modified")
    report = add(folder, f"{site.base}/page")
    assert report.failed == 1
    assert "answered 304" in report.issues[0].message


def test_a_password_in_an_address_is_written_nowhere(site, folder):
    site.answers["/feed"] = feed_of(site.base.replace("//", "//me:secret@"), "/page")
    add(folder, f"{site.base}/feed", f"http://me:secret@127.0.0.1:{site.port}/page")
    assert all(
        b"secret" not in path.read_bytes() for path in folder.iterdir() if path.is_file() and path.suffix != ".x"
    )


# --- archives


def records(path: Path) -> list[tuple[dict[str, str], bytes]]:
    """Every member of an archive by itself, as a tool that seeks reads it."""
    raw, found = path.read_bytes(), []
    while raw:
        member = zlib.decompressobj(16 + zlib.MAX_WBITS)
        text = member.decompress(raw)
        assert member.eof
        raw = member.unused_data
        head, _, rest = text.partition(b"\r\n\r\n")
        version, *lines = head.decode().split("\r\n")
        assert version == "WARC/1.1"
        fields = dict(line.split(": ", 1) for line in lines)
        block, end = rest[: int(fields["Content-Length"])], rest[int(fields["Content-Length"]) :]
        assert end == b"\r\n\r\n"
        assert fields["WARC-Block-Digest"] == f"sha256:{hashlib.sha256(block).hexdigest()}"
        found.append((fields, block))
    return found


def test_an_archive_holds_what_was_asked_and_answered_byte_for_byte(site, folder, tmp_path):
    packed = gzip.compress((PARAGRAPH * 3).encode())
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    sent = answer(chunks, "Content-Type: text/plain", "Content-Encoding: gzip", "Transfer-Encoding: chunked")
    moved = answer(b"", "Location: /packed", "Content-Length: 0", status="301 Moved")
    site.answers |= {"/packed": sent, "/moved": moved}
    path = tmp_path / "visit.warc.gz"
    assert len(add(folder, f"{site.base}/moved", archive=path).added) == 1
    found = records(path)
    assert [fields["WARC-Type"] for fields, _ in found] == ["warcinfo", *("response", "request") * 3]
    (robots_fields, robots_block), (moved_fields, moved_block), (fields, block) = found[1::2]
    assert robots_block.startswith(b"HTTP/1.1 404")
    assert (moved_block, block) == (moved, sent)
    assert [f["WARC-Target-URI"] for f in (robots_fields, moved_fields, fields)] == [
        f"{site.base}/robots.txt",
        f"{site.base}/moved",
        f"{site.base}/packed",
    ]
    assert [request for _, request in found[2::2]] == site.asked
    assert all("WARC-Truncated" not in fields for fields, _ in found)
    assert {fields["WARC-IP-Address"] for fields, _ in found[1:]} == {"127.0.0.1"}
    assert found[-1][0]["WARC-Concurrent-To"] == fields["WARC-Record-ID"]
    assert len({fields["WARC-Record-ID"] for fields, _ in found}) == 7


def test_an_answer_that_was_not_read_whole_says_so(site, tmp_path):
    site.answers["/long"] = answer(b"a" * 3_000_000, "Content-Type: text/plain")
    site.answers["/broken"] = answer(b"a" * 10, "Content-Type: text/plain", "Content-Length: 99")
    with Archive(tmp_path / "cut.warc.gz", software="detente") as archive:
        list(get(f"{site.base}/long", fetcher=fetcher(archive=archive)))
        list(get(f"{site.base}/broken", fetcher=fetcher(archive=archive)))
    cut = {
        fields["WARC-Target-URI"].rsplit("/", 1)[1]: fields.get("WARC-Truncated")
        for fields, _ in records(tmp_path / "cut.warc.gz")
        if fields["WARC-Type"] == "response"
    }
    assert cut == {"robots.txt": None, "long": "length", "broken": "disconnect"}


def test_an_archive_is_never_written_over(site, folder, tmp_path):
    path = tmp_path / "there.warc.gz"
    path.write_bytes(b"mine")
    with pytest.raises(SourceError, match="never changed"):
        add(folder, f"{site.base}/page", archive=path)
    assert path.read_bytes() == b"mine"
    assert site.asked == []


def test_where_the_disk_is_full_the_archive_stays_whole_and_nothing_unarchived_is_filed(
    site, folder, tmp_path, monkeypatch
):
    class Full:
        def __init__(self, file: object) -> None:
            self._file, self._room = file, 900

        def __getattr__(self, name: str) -> object:
            return getattr(self._file, name)

        def write(self, piece: bytes) -> int:
            if not self._room:
                raise OSError(28, "No space left on device")
            written = self._file.write(piece[: self._room])  # type: ignore[attr-defined]
            self._room -= written
            return int(written)

    plain = Archive.__init__

    def begin(self: Archive, path: Path, *, software: str) -> None:
        plain(self, path, software=software)
        self._file = Full(self._file)

    monkeypatch.setattr(Archive, "__init__", begin)
    site.answers["/page"] = html(PARAGRAPH * 50)
    report = add(folder, f"{site.base}/page", archive=tmp_path / "full.warc.gz")
    assert report.added == []
    assert "No space left" in report.issues[0].message
    assert records(tmp_path / "full.warc.gz")


def test_versions_are_small_lines(site, folder):
    versioned(site, "/page", html(PARAGRAPH * 3), '"a1"')
    add(folder, f"{site.base}/page")
    (line,) = [line for line in (folder / "fetched.jsonl").read_text().splitlines() if line]
    assert set(json.loads(line)) == {"address", "etag", "last_modified", "documents", "line", "hash"}
