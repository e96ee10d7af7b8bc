"""Files and folders, good, bad and hostile."""

import json
import os
import time
import tracemalloc
from datetime import date

import pytest

from detente.documents import make
from detente.sources import READERS, Got, Limits, Reader, get
from detente.terms import Issue


def one(what, **options):
    items = list(get(what, **options))
    assert len(items) == 1, items
    return items[0]


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def lines(*items):
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)


def test_a_text_file_keeps_its_text_but_for_line_breaks_and_mark(tmp_path):
    got = one(write(tmp_path, "a.txt", "\ufeffUn  texte\r\n\tà garder\u00a0!\n\n".encode()))
    assert got.text == "Un  texte\n\tà garder\u00a0!\n\n"
    assert (got.kind, got.got_by, got.encoding) == ("text", "file", "utf-8")


@pytest.mark.parametrize("name", ["a.md", "a.text", "a"])
def test_other_plain_files_are_texts(tmp_path, name):
    assert one(write(tmp_path, name, "Talks ended.")).kind == "text"


def test_a_file_without_an_ending_that_opens_like_a_page_is_a_page(tmp_path):
    assert one(write(tmp_path, "page", "<!-- saved --><!DOCTYPE html><html><body><p>Talks</p>")).kind == "html"


def test_an_unknown_ending_is_named(tmp_path):
    assert "ending .docx is not read" in one(write(tmp_path, "a.docx", "Talks ended.")).message


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.jsonl", "a.json", "a.xml"])
def test_an_empty_file_is_an_issue(tmp_path, name):
    issue = one(write(tmp_path, name, b""))
    assert isinstance(issue, Issue)
    assert issue.lost
    assert "is empty" in issue.message


def test_a_file_of_blanks_is_empty(tmp_path):
    assert "is empty" in one(write(tmp_path, "a.txt", " \n\t \n")).message


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF-1.7\n...", "a PDF"),
        (b"\x89PNG\r\n\x1a\n....", "a PNG image"),
        (b"\xff\xd8\xff\xe0....", "a JPEG image"),
        (b"PK\x03\x04....", "a ZIP archive"),
        (b"Talks\x00ended", "a NUL byte at 5"),
        ("Переговоры".encode("utf-16-le"), "control bytes at its start"),
        (bytes(range(128, 256)) * 20, "no encoding gives text"),
    ],
)
def test_a_binary_file_is_named_for_what_it_is(tmp_path, content, name):
    issue = one(write(tmp_path, "a.txt", content))
    assert isinstance(issue, Issue)
    assert name in issue.message


@pytest.mark.parametrize("name", ["big.txt", "big.html", "big.json", "big.xml"])
def test_a_200_mb_file_is_refused_before_it_is_read(tmp_path, name):
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(200_000_000)
    tracemalloc.start()
    began = time.monotonic()
    issue = one(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "200,000,000 bytes, at most 20,000,000 are read" in issue.message
    assert time.monotonic() - began < 1
    assert peak < 1_000_000


def test_a_200_mb_line_is_passed_over_and_the_next_one_read(tmp_path):
    path = tmp_path / "big.jsonl"
    with path.open("wb") as file:
        file.write(lines({"id": "a", "text": "Talks began."}).encode())
        file.seek(200_000_000)
        file.write(b"\n" + lines({"id": "b", "text": "Talks ended."}).encode())
    tracemalloc.start()
    items = list(get(path, limits=Limits(document_bytes=1_000_000)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [item.id for item in items if isinstance(item, Got)] == ["a", "b"]
    issues = [item for item in items if isinstance(item, Issue)]
    assert [issue.record for issue in issues] == [f"{path}:2"]
    assert peak < 20_000_000


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866", "iso8859-5"])
def test_russian_in_an_old_encoding_is_read_and_said_to_be_assumed(tmp_path, encoding):
    text = "Переговоры завершились в Стамбуле, сообщили в посольстве. Стороны довольны."
    issue, got = get(write(tmp_path, "a.txt", text.encode(encoding)))
    assert got.text == text
    assert not issue.lost
    assert f"read as {encoding} by its letters" in issue.message


def test_french_in_an_old_encoding_is_read(tmp_path):
    text = "L'été dernier, les délégations s'étaient déjà rencontrées à Genève, sans résultat."
    _, got = get(write(tmp_path, "a.txt", text.encode("latin-1")))
    assert got.text == text


def test_utf_16_with_its_mark_is_read(tmp_path):
    assert one(write(tmp_path, "a.txt", "Переговоры".encode("utf-16"))).text == "Переговоры"


def test_a_wrong_declaration_is_passed_over_and_said(tmp_path):
    page = "<html><head><meta charset='utf-8'></head><body><p>Переговоры завершились в Стамбуле</p></body></html>"
    issue, got = get(write(tmp_path, "a.html", page.encode("cp1251")))
    assert "Переговоры завершились" in got.text
    assert "declared as utf-8, which it is not" in issue.message
    page = page.replace("utf-8", "windows-1251")
    issue, got = get(write(tmp_path, "b.html", page.encode("utf-8")))
    assert "Переговоры завершились" in got.text
    assert "its bytes are UTF-8" in issue.message


def test_a_few_broken_bytes_do_not_lose_a_page(tmp_path):
    text = "Переговоры завершились в Стамбуле. " * 20
    issue, got = get(write(tmp_path, "a.txt", text.encode() + b"\xd0"))
    assert got.text == text + "\ufffd"
    assert "1 places are not valid UTF-8" in issue.message


def test_scripts_and_styles_never_become_text(tmp_path):
    prose = "<p>The delegations met in Istanbul on Thursday and agreed to meet again in the autumn.</p>"
    page = (
        "<html><head><script>var secret = 'one';</script><style>.two{}</style></head><body><article>"
        f"<p onclick=\"alert('three')\">The talks lasted five hours and covered the banks of the missions.</p>{prose}"
        "<script>document.write('<p>four five six seven eight nine ten.</p>')</script>"
        "<noscript>Turn on eleven.</noscript><template><p>twelve</p></template></article></body></html>"
    )
    document, _ = make(one(write(tmp_path, "a.html", page)))
    assert "agreed to meet again" in document.text
    for word in ("secret", "two{", "alert", "document.write", "<p>", "four five"):
        assert word not in document.text


def test_a_broken_page_is_read_as_far_as_it_goes(tmp_path):
    prose = "The delegations met in Istanbul on Thursday and agreed to meet again in the autumn, officials said."
    page = f"<html><body><div><p>{prose}<p><b>{prose.replace('autumn', 'spring')}</i></div></span><table><tr><p>{prose}"
    document, _ = make(one(write(tmp_path, "a.html", page)))
    assert "again in the autumn" in document.text
    assert "again in the spring" in document.text


@pytest.mark.parametrize(
    "inside",
    [
        "<div>" * 1_000_000,
        "<b>" * 1_000_000,
        "<table><tr><td>" * 300_000,
        "<ul><li>" * 200_000,
        "<p>x" * 1_000_000,
        "<div>word</div>" * 300_000,
        "<div " + "a=1 " * 300_000 + ">",
        "<" * 1_000_000,
        "<!--" * 300_000,
        "<![CDATA[" * 300_000,
        "&amp;" * 300_000,
        "<script>" * 300_000,
    ],
    ids=lambda inside: inside[:10],
)
def test_a_hostile_page_neither_crashes_nor_hangs(tmp_path, inside):
    page = f"<html><body><article>{inside}<p>Talks ended.</p></article></body></html>"
    began = time.monotonic()
    for got in get(write(tmp_path, "a.html", page)):
        made = make(got)
        assert made.document is not None or made.issues
    assert time.monotonic() - began < 30


def test_a_page_without_text_is_an_issue(tmp_path):
    document, issues = make(one(write(tmp_path, "a.html", "<html><body><nav><a href='/'>Home</a></nav></body></html>")))
    assert document is None
    assert "no main text found" in issues[0].message


def test_a_saved_page_keeps_the_address_it_names(tmp_path):
    prose = "<p>The delegations met in Istanbul on Thursday and agreed to meet again in the autumn, officials said.</p>"
    head = '<head><title>Talks</title><link rel="canonical" href="https://example.org/2025/04/10/talks"></head>'
    page = f"<html>{head}<body><article>{prose}{prose}</article></body></html>"
    document, _ = make(one(write(tmp_path, "a.html", page)))
    assert document.url == "https://example.org/2025/04/10/talks"
    assert (document.published, document.published_basis) == (date(2025, 4, 10), "url")


def test_a_day_in_the_name_of_a_file_is_kept_apart_from_a_given_one(tmp_path):
    got = one(write(tmp_path, "tass_2025-02-18.txt", "Talks ended."))
    assert (got.published, got.published_basis) == (date(2025, 2, 18), "file")
    assert one(write(tmp_path, "2025-02-18_2025-02-19.txt", "Talks ended.")).published is None


def test_a_folder_is_read_in_order_and_nothing_is_passed_over_in_silence(tmp_path):
    (tmp_path / "sub").mkdir()
    write(tmp_path, "b.txt", "Second.")
    write(tmp_path, "a.txt", "First.")
    write(tmp_path / "sub", "c.txt", "Third.")
    write(tmp_path, "d.bin", b"\x00\x01")
    write(tmp_path, ".hidden", "x")
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    items = list(get(tmp_path))
    assert [item.text for item in items if isinstance(item, Got)] == ["First.", "Second.", "Third."]
    said = " ".join(item.message for item in items if isinstance(item, Issue))
    assert "d.bin" in said
    assert ".hidden" in said
    assert "a link to a folder" in said


def test_an_empty_folder_is_an_issue(tmp_path):
    assert "holds no file" in one(tmp_path).message


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    assert "not a regular file" in one(tmp_path / "pipe.txt").message


@pytest.mark.parametrize("what", ["no-such.txt", "x" * 5000, "a\x00b"], ids=["missing", "long", "nul"])
def test_what_is_not_there_is_an_issue(what):
    assert "no such file or folder" in one(what).message


def test_an_outlet_given_for_all_does_not_hide_one_a_text_names(tmp_path):
    path = write(tmp_path, "a.jsonl", lines({"text": "One.", "source": "TASS"}, {"text": "Two."}))
    assert [got.source for got in get(path, source="desk")] == ["TASS", "desk"]


def test_a_reader_put_first_is_asked_first(monkeypatch):
    def read(what, limits, pages):
        yield Issue(what, "sources", "seen")

    mine = Reader("mine.v1", lambda what: what.startswith("mine:"), read)
    monkeypatch.setattr("detente.sources.READERS", [mine, *READERS])
    assert one("mine:1").message == "seen"


def test_a_feed_file_gives_its_entries(tmp_path):
    entry = "<item><title>A</title><description>&lt;p&gt;Talks.&lt;/p&gt;&lt;p&gt;More.&lt;/p&gt;</description></item>"
    path = write(tmp_path, "a.xml", f"<?xml version='1.0'?><rss version='2.0'><channel>{entry}</channel></rss>")
    got = one(path, pages=False)
    assert (got.text, got.title) == ("Talks.\nMore.", "A")


def test_a_feed_with_a_character_that_cannot_be_is_read(tmp_path):
    entry = (
        "<item><title>A</title><description>Talks &#x110000; on &#99999999999; embassies &#233;.</description></item>"
    )
    path = write(tmp_path, "a.xml", f"<?xml version='1.0'?><rss version='2.0'><channel>{entry}</channel></rss>")
    assert one(path, pages=False).text == "Talks \ufffd on \ufffd embassies é."


def test_a_feed_that_its_reader_stumbles_over_is_an_issue(tmp_path):
    path = tmp_path / "a.xml"
    path.write_bytes(b"<?xml version='1.0' encoding='-mnR\xe6\x16utf-8'?><rss version='2.0'><channel/></rss>")
    assert "Open it in a browser" in one(path, pages=False).message


def test_other_xml_is_an_issue(tmp_path):
    assert "neither RSS nor Atom" in one(write(tmp_path, "a.xml", "<config/>")).message
