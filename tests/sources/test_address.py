"""Addresses: a server on this machine plays well-behaved and hostile sites."""

import time

import pytest

from detente.documents import make
from detente.sources import Got, Limits, get
from detente.sources.feed import read_feed
from detente.terms import Issue

QUICK = Limits(document_bytes=200_000, wait_seconds=2, whole_seconds=1, redirects=4)


def one(what, **options):
    items = list(get(what, **options))
    assert len(items) == 1, items
    return items[0]


def test_a_page_is_got_with_its_address(base):
    got = one(f"{base}/page")
    assert (got.kind, got.url, got.got_by) == ("html", f"{base}/page", "address")
    document, issues = make(got)
    assert "The delegations left Istanbul" in document.text
    assert document.published.isoformat() == "2025-04-11"
    assert issues == ()


def test_a_redirect_is_followed_and_the_last_address_kept(base):
    assert one(f"{base}/moved").url == f"{base}/page"


@pytest.mark.parametrize("path", ["loop", "long-way"])
def test_redirects_without_end_are_given_up(base, path):
    issue = one(f"{base}/{path}", limits=QUICK)
    assert isinstance(issue, Issue)
    assert "circle or through more than 4 redirects" in issue.message


def test_a_redirect_into_a_private_network_is_not_followed(base):
    issue = one(f"{base}/inward")
    assert isinstance(issue, Issue)
    assert "private network" in issue.message


def test_a_redirect_to_a_file_is_not_followed(base):
    issue = one(f"{base}/to-file")
    assert isinstance(issue, Issue)
    assert "not allowed" in issue.message


def test_a_packed_page_is_unpacked(base):
    assert "The delegations left" in one(f"{base}/packed").text


def test_a_small_answer_that_unpacks_into_a_huge_one_is_refused_quickly(base):
    began = time.monotonic()
    issue = one(f"{base}/bomb", limits=Limits(document_bytes=200_000))
    assert isinstance(issue, Issue)
    assert "cut at 200,000 bytes, unpacked from gzip" in issue.message
    assert time.monotonic() - began < 5


def test_a_page_announced_as_too_large_is_refused(base):
    issue = one(f"{base}/announced", limits=QUICK)
    assert isinstance(issue, Issue)


def test_a_page_that_breaks_off_is_not_taken_for_whole(base):
    issue = one(f"{base}/broken-off", limits=QUICK)
    assert isinstance(issue, Issue)
    assert "bytes missing" in issue.message


def test_a_pdf_is_refused_by_its_name(base):
    assert "is a PDF" in one(f"{base}/pdf").message


def test_a_missing_page_says_what_the_server_answered(base):
    assert "answered 404" in one(f"{base}/nothing").message


def test_a_header_charset_is_used(base):
    assert "Переговоры" in one(f"{base}/cyrillic").text


def test_a_server_that_drips_its_headers_is_given_up(base):
    began = time.monotonic()
    issue = one(f"{base}/slow-head", limits=QUICK)
    assert "after 1 seconds" in issue.message
    assert time.monotonic() - began < 5


def test_no_answer_is_an_issue():
    issue = one("http://127.0.0.1:9/x", limits=QUICK)
    assert "no usable answer" in issue.message


@pytest.mark.parametrize("what", ["https://", "http:///x", "http://[::1/x", "http://a b/", "http://x:99999/"])
def test_a_malformed_address_is_an_issue(what):
    assert isinstance(one(what, limits=QUICK), Issue)


def test_another_scheme_is_an_issue():
    assert "no reader takes this" in one("ftp://example.org/x").message


def test_a_feed_becomes_its_pages_and_what_it_says_where_a_page_is_gone(base):
    items = list(get(f"{base}/feed"))
    got = [item for item in items if isinstance(item, Got)]
    assert [item.kind for item in got] == ["html", "html", "text"]
    assert [item.title for item in got] == ["Entry 1", "Entry 2", "Gone"]
    assert got[2].text == "Only this line is left."
    assert (got[0].published.isoformat(), got[0].published_basis) == ("2025-04-11", "feed")
    assert {item.source for item in got} == {"Wire"}
    issues = [item for item in items if isinstance(item, Issue)]
    assert len(issues) == 1
    assert "answered 404" in issues[0].message
    assert "What the feed says of it is taken instead" in issues[0].message


def test_a_feed_is_read_without_its_pages_where_asked(base):
    got = [item for item in get(f"{base}/feed", pages=False) if isinstance(item, Got)]
    assert [item.kind for item in got] == ["text"] * 3
    assert got[0].text == "The delegations of entry 1 met in Istanbul on Friday."


@pytest.mark.parametrize("path", ["endless", "flood"])
def test_a_feed_that_never_ends_is_cut_and_its_entries_read(base, path):
    began = time.monotonic()
    items = list(get(f"{base}/{path}", limits=QUICK, pages=False))
    assert time.monotonic() - began < 10
    assert any(isinstance(item, Got) for item in items)
    said = " ".join(item.message for item in items if isinstance(item, Issue))
    assert "stopped after 1 seconds" in said if path == "endless" else "cut at 200,000 bytes" in said


def test_more_entries_than_the_limit_are_counted_not_dropped_in_silence():
    entry = "<item><title>Entry {0}</title><description>The delegations met on day {0}.</description></item>"
    entries = "".join(entry.format(n) for n in range(12))
    raw = f"<rss version='2.0'><channel><title>W</title>{entries}</channel></rss>".encode()
    items = list(read_feed(raw, "w.xml", page=None, limits=Limits(entries=10)))
    assert sum(isinstance(item, Got) for item in items) == 10
    assert any(isinstance(item, Issue) and "2 of 12 entries left out" in item.message for item in items)


def test_a_feed_that_is_no_feed_inside_is_an_issue():
    items = list(read_feed(b"<rss><channel></channel></rss>", "w.xml", page=None))
    assert "a feed without entries" in items[0].message


def test_scripts_in_an_entry_do_not_become_text():
    entry = (
        "<item><title>A</title><description>&lt;p&gt;Seen.&lt;/p&gt;"
        "&lt;script&gt;alert(1)&lt;/script&gt;</description></item>"
    )
    raw = f"<rss version='2.0'><channel>{entry}</channel></rss>".encode()
    got = [item for item in read_feed(raw, "w.xml", page=None) if isinstance(item, Got)]
    assert got[0].text == "Seen."


def test_an_atom_feed_and_entities_that_multiply_do_no_harm():
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    raw = (
        f'<?xml version="1.0"?><!DOCTYPE f [<!ENTITY l0 "lol">{bomb}]>'
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>'
        "<entry><title>&l9;</title><summary>Talks.</summary></entry></feed>"
    ).encode()
    began = time.monotonic()
    list(read_feed(raw, "w.xml", page=None))
    assert time.monotonic() - began < 5
