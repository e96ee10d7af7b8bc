"""Texts as JSON, one a line."""

import json
from datetime import date

import pytest

from detente.sources import Got, get
from detente.terms import Issue


@pytest.fixture
def read(tmp_path):
    def read_lines(*items, name="a.jsonl"):
        path = tmp_path / name
        raw = b"".join(
            item + b"\n" if isinstance(item, bytes) else json.dumps(item, ensure_ascii=False).encode() + b"\n"
            for item in items
        )
        path.write_bytes(raw)
        found = list(get(path))
        return [i for i in found if isinstance(i, Got)], [i for i in found if isinstance(i, Issue)]

    return read_lines


def test_every_field_is_taken(read):
    item = {
        "id": "tass-1",
        "text": "Переговоры завершились.",
        "published": "2025-04-10",
        "language": "ru",
        "url": "https://example.org/1",
        "title": "Итоги",
        "outlet": "ТАСС",
        "licence": "CC BY 4.0",
    }
    (got,), issues = read(item)
    assert issues == []
    assert (got.id, got.text, got.language, got.url, got.title, got.source, got.licence) == (
        "tass-1",
        "Переговоры завершились.",
        "ru",
        "https://example.org/1",
        "Итоги",
        "ТАСС",
        "CC BY 4.0",
    )
    assert (got.published, got.published_basis) == (date(2025, 4, 10), "given")


@pytest.mark.parametrize("text", ["A\r\nB", " lead", "tail\n\n", "\ufeffmark", "e\u0301", "tab\tnbsp\u00a0"])
def test_the_text_stays_as_it_is(read, text):
    (got,), _ = read({"text": text})
    assert got.text == text


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not JSON"),
        (b"nonsense", "not JSON"),
        (b"[1, 2]", "holds a list"),
        (b"3", "holds a number"),
        (b"null", "holds a null"),
        (b"{}", "no `text`"),
        (b'{"text": ""}', "no `text`"),
        (b'{"text": "  "}', "an empty `text`"),
        (b'{"text": 3}', "has a number"),
        (b'{"text": "a", "title": ["b"]}', "`title` is a list"),
        (b'{"text": "a", "published": "yesterday"}', "`published` is 'yesterday'"),
        (b'{"text": "a", "published": "2025-02-30"}', "`published` is '2025-02-30'"),
        (b'{"text": "a", "published": 20250218}', "`published` is 20250218"),
        (b'{"text": "a", "outlet": "x", "source": "y"}', "gives source twice"),
        ('{"text": "Переговоры"}'.encode("cp1251"), "not UTF-8"),
        (b"[" * 100_000, "without end"),
        (b'{"text": ' + b"9" * 5000 + b"}", "not JSON"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_goes_on(read, line, reason):
    got, issues = read({"text": "First."}, line, {"text": "Last."})
    assert [item.text for item in got] == ["First.", "Last."]
    (issue,) = issues
    assert issue.record.endswith("a.jsonl:2")
    assert issue.message.startswith(issue.record)
    assert reason in issue.message
    assert issue.lost


def test_blank_lines_and_a_mark_are_no_lines(read):
    got, issues = read(b"\xef\xbb\xbf" + b'{"text": "A"}', b"", b"   ", {"text": "B"})
    assert [item.text for item in got] == ["A", "B"]
    assert [item.record[-2:] for item in got] == [":1", ":4"]
    assert issues == []


def test_unknown_keys_are_named_once_with_what_was_meant(read):
    got, issues = read({"text": "A", "Langauge": "fr", "views": 3}, {"text": "B", "views": 4})
    assert len(got) == 2
    (issue,) = issues
    assert not issue.lost
    assert "`views` (2 times)" in issue.message
    assert "`Langauge` (1 time, did you mean `language`?)" in issue.message


def test_an_id_given_twice_is_refused_the_second_time(read):
    got, issues = read({"id": "a", "text": "One."}, {"id": "a", "text": "Two."})
    assert [item.text for item in got] == ["One."]
    assert "stands on line 1 too" in issues[0].message


def test_a_number_is_an_id(read):
    (got,), _ = read({"id": 17, "text": "One."})
    assert got.id == "17"


@pytest.mark.parametrize(
    "written",
    ["2025-02-18", "2025-02-18T23:30:00Z", "2025-02-18T23:30:00+03:00", "20250218", "Tue, 18 Feb 2025 10:00:00 +0300"],
)
def test_a_moment_gives_the_day_as_written(read, written):
    (got,), issues = read({"text": "One.", "published": written})
    assert got.published == date(2025, 2, 18)
    assert issues == []


@pytest.mark.parametrize(
    ("written", "last"),
    [
        ("2025-04", date(2025, 4, 30)),
        ("2025", date(2025, 12, 31)),
        ("2025-W08", date(2025, 2, 23)),
        ("2025-Q2", date(2025, 6, 30)),
    ],
)
def test_a_month_of_publication_is_taken_as_its_last_day_and_said_so(read, written, last):
    (got,), (issue,) = read({"text": "One.", "published": written})
    assert got.published == last
    assert not issue.lost
    assert "no single day" in issue.message


@pytest.mark.parametrize("written", [None, ""])
def test_no_date_is_no_issue_here(read, written):
    (got,), issues = read({"text": "One.", "published": written})
    assert got.published is None
    assert issues == []


def test_a_json_file_may_hold_one_text_or_a_list(read):
    (got,), _ = read({"id": "a", "text": "One."}, name="a.json")
    assert got.id == "a"
    got, issues = read([{"text": "One."}, {"no": 1}, {"text": "Two."}], name="b.json")
    assert [item.text for item in got] == ["One.", "Two."]
    assert issues[0].record.endswith("b.json:2")
