"""Pages of several layouts, written for this suite; a new pair `<name>.html`, `<name>.expected.json` adds a test."""

import json
from datetime import date
from pathlib import Path

import pytest

from detente.documents import make
from detente.sources import Got, get

EXAMPLES = Path(__file__).parent / "examples"
PAGES = sorted(EXAMPLES.rglob("*.html"))


def test_there_are_pages_in_all_three_languages():
    languages = {json.loads(page.with_suffix(".expected.json").read_text())["language"] for page in PAGES}
    assert languages >= {"fr", "en", "ru"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(EXAMPLES).with_suffix("")))
def test_a_page_becomes_the_document_a_reader_would_expect(page: Path):
    expected = json.loads(page.with_suffix(".expected.json").read_text(encoding="utf-8"))
    got = [item for item in get(page) if isinstance(item, Got)]
    assert len(got) == 1
    document, issues = make(got[0], today=date(2026, 1, 1))
    assert document is not None, issues
    assert document.language == expected["language"]
    assert (document.published.isoformat() if document.published else None) == expected["published"]
    for key in ("published_basis", "title", "source"):
        if key in expected:
            assert getattr(document, key) == expected[key]
    for words in expected["contains"]:
        start = document.text.find(words)
        assert start >= 0, f"{words!r} not in the text"
        assert not document.in_boilerplate(start, start + len(words)), f"{words!r} marked as boilerplate"
    for words in expected["lacks"]:
        assert words not in document.text
    for words in expected["boilerplate"]:
        start = document.text.find(words)
        assert start >= 0, f"{words!r} not in the text"
        assert any(span.start <= start and start + len(words) <= span.end for span in document.boilerplate)
    for words in expected.get("issues", ()):
        assert any(words in issue.message for issue in issues)
