"""What was got becomes a document whose text is untouched, or an Issue with a reason."""

import hashlib
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.documents import make
from detente.sources import Got

MOMENT = datetime(2025, 4, 20, tzinfo=UTC)
TODAY = date(2025, 4, 20)
TEXT = "Les deux délégations ont quitté la ville vendredi sans fixer de nouvelle date, selon le consulat."


def got(text=TEXT, **fields):
    return Got(
        **{"record": "a.jsonl:1", "raw": b"", "kind": "jsonl", "text": text, "fetched": MOMENT, "got_by": "jsonl"}
        | fields
    )


def said(issues):
    return " ".join(issue.message for issue in issues)


def test_what_is_given_is_kept():
    document, issues = make(
        got(
            id="a1",
            published=date(2025, 4, 11),
            published_basis="given",
            language="fr",
            url="https://www.example.org/x",
        ),
        today=TODAY,
    )
    assert issues == ()
    assert (document.id, document.published, document.published_basis) == ("a1", date(2025, 4, 11), "given")
    assert (document.language, document.source, document.got_by) == ("fr", "example.org", "jsonl")
    assert document.fetched == MOMENT


def test_what_the_person_says_wins_over_what_was_got():
    document, _ = make(
        got(published=date(2025, 4, 11), published_basis="given", url="https://example.org/2025/04/01/x"),
        published=date(2025, 4, 12),
        url="https://example.org/y",
        title="Titre",
        today=TODAY,
    )
    assert (document.published, document.url, document.title) == (date(2025, 4, 12), "https://example.org/y", "Titre")


def test_an_id_is_made_of_address_and_text():
    document, _ = make(got(url="https://example.org/x"), today=TODAY)
    assert document.id == hashlib.sha256(f"https://example.org/x\n{TEXT}".encode()).hexdigest()[:16]


def test_the_same_text_at_another_address_is_another_document():
    first, _ = make(got(url="https://example.org/x"), today=TODAY)
    second, _ = make(got(url="https://example.org/y"), today=TODAY)
    assert first.id != second.id


@settings(deadline=None)  # the first text pays for loading every language
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=300))
def test_a_line_of_jsonl_is_refused_or_kept_to_the_letter(text):
    document, issues = make(got(text), today=TODAY)
    assert document is None or document.text == text
    assert document is not None or issues
    if document is not None:
        assert all(0 <= span.start < span.end <= len(text) for span in document.boilerplate)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "no text"), (" \n ", "no text"), ("a\x00b", "NUL character at 1"), ("a\ud800b", "lone surrogate")],
)
def test_a_text_that_cannot_be_stored_is_refused(text, reason):
    document, issues = make(got(text), today=TODAY)
    assert document is None
    assert reason in said(issues)
    assert issues[-1].lost


def test_control_characters_are_kept_and_said():
    document, issues = make(got(TEXT + "\x07"), today=TODAY)
    assert document.text == TEXT + "\x07"
    assert "U+0007" in said(issues)


def test_text_decoded_with_the_wrong_table_is_kept_and_said():
    _, issues = make(got(TEXT.encode().decode("cp1252")), today=TODAY)
    assert "wrong table" in said(issues)


@pytest.mark.parametrize("day", [date(2025, 4, 22), date(1812, 9, 7)])
def test_a_given_day_that_cannot_be_refuses_the_text(day):
    for fields, options in (({"published": day, "published_basis": "given"}, {}), ({}, {"published": day})):
        document, issues = make(got(**fields), today=TODAY, **options)
        assert document is None
        assert f"published {day} lies" in said(issues)


def test_a_found_day_that_cannot_be_is_passed_over_and_said():
    document, issues = make(got(published=date(2035, 1, 1), published_basis="feed"), today=TODAY)
    assert document.published is None
    assert "the feed says 2035-01-01, which cannot be" in said(issues)
    document, issues = make(got(url="https://example.org/2035/01/01/x"), today=TODAY)
    assert document.published is None
    assert "the url says 2035-01-01" in said(issues)


def test_a_text_without_a_day_is_filed_without_one():
    document, issues = make(got(), today=TODAY)
    assert (document.published, document.published_basis) == (None, "none")
    assert "no day of publication found" in said(issues)
    assert not issues[0].lost


def test_address_stamp_and_file_name_are_asked_in_that_order():
    stamped = f"Publié le 9 avril 2025\n{TEXT}"
    name = {"published": date(2025, 4, 8), "published_basis": "file"}
    for fields, basis in (
        ({"url": "https://example.org/2025/04/10/x", "text": stamped, **name}, "url"),
        ({"text": stamped, **name}, "text"),
        (name, "file"),
    ):
        assert make(got(**fields), today=TODAY).document.published_basis == basis


def test_an_unknown_language_is_filed_and_said_not_to_be_coded():
    document, issues = make(
        got("Die beiden Delegationen verließen die Stadt am Freitag ohne ein neues Datum."), today=TODAY
    )
    assert document.language == "de"
    assert "language de; filed, not coded" in said(issues)
    document, issues = make(got("§ 12 % … 18,5"), today=TODAY)
    assert document.language == "und"
    assert "language not recognised" in said(issues)


def test_a_given_language_wins_and_the_doubt_is_said():
    document, issues = make(got(language="ru"), today=TODAY)
    assert document.language == "ru"
    assert "given as ru, but reads as fr" in said(issues)


@pytest.mark.parametrize(
    ("given", "code"), [("fr-FR", "fr"), ("FR", "fr"), ("ru_RU", "ru"), ("English", "en"), ("rus", "ru")]
)
def test_language_codes_are_read_in_their_usual_forms(given, code):
    assert make(got(language=given), today=TODAY).document.language == code


def test_a_language_that_is_no_code_is_said_and_found_in_the_text():
    document, issues = make(got(language="la langue de Molière"), today=TODAY)
    assert document.language == "fr"
    assert "is no code" in said(issues)


def test_a_page_of_links_and_notices_alone_is_no_document():
    document, issues = make(got("Partagez cet article:\nTous droits réservés.\nAbonnez-vous"), today=TODAY)
    assert document is None
    assert "only links and notices" in said(issues)


def test_a_title_above_the_text_is_taken_and_left_in_place():
    text = f"Deuxième tour de pourparlers\n{TEXT}"
    document, _ = make(got(text), today=TODAY)
    assert document.title == "Deuxième tour de pourparlers"
    assert document.text == text


def test_heavy_readers_are_loaded_only_when_needed():
    check = (
        "import sys; import detente.documents, detente.sources; "
        "heavy = {'trafilatura', 'htmldate', 'py3langid', 'feedparser', 'lxml', 'numpy', 'charset_normalizer'}; "
        "sys.exit(bool(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
