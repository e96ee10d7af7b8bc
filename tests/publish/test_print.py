"""What a reader of paper, or of a narrow window, gets: intervals in one piece, labels large enough."""

from __future__ import annotations

import re
from pathlib import Path

from publish_examples import parsed

from detente.publish import hero, situation
from detente.publish.brief_layout import lay_out
from detente.publish.briefs import of as brief_of
from detente.publish.catalogue import Words
from detente.publish.pages import unbroken
from detente.terms import LANGUAGES

COLUMN_POINTS = (210 - 2 * 17) / 25.4 * 72
"""Width of the text on an A4 page of the PDF (templates/brief.typ)."""


def test_no_letter_of_a_brief_in_print_is_smaller_than_six_points(now: situation.Situation) -> None:
    for language in LANGUAGES:
        figure = str(lay_out(brief_of(now, language)).figure)
        box = re.search(r'viewBox="0 0 ([\d.]+) ', figure)
        assert box
        sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', figure)]
        assert min(sizes) * COLUMN_POINTS / float(box[1]) >= 6
    assert re.search(r'font-size="([\d.]+)"', str(hero.chart(now, Words("en"))))


def test_an_interval_stays_on_one_line_and_the_page_says_the_same(site_folder: Path) -> None:
    for path in ("index.html", "milestones.html", "fr/milestones.html", "ru/brief.html"):
        page = parsed(path, (site_folder / path).read_text("utf-8"))
        for text, element in page.all("main")[0].texts():
            if element.tag not in ("title", "desc", "text"):
                assert "whole" in element.attributes.get("class", "") or not re.search(r"\d–\d+[\u202f\u00a0]?%", text)
    page = parsed("x", unbroken('<p title="a > 7–34">19–32\u202f%, see <svg><text>1–2</text></svg> 2–3</p>'))
    assert page.root.text() == "19–32\u202f%, see 1–2 2–3"
    assert [e.text() for e in page.all("span")] == ["19–32\u202f%", "2–3"]
    assert page.all("p")[0].attributes["title"] == "a > 7–34"


def test_what_counts_for_nothing_is_told_in_the_readers_language(now: situation.Situation) -> None:
    assert now.events.left_out
    for language in ("fr", "ru"):
        said = " ".join(str(s.text) for s in brief_of(now, language).sentences)
        assert "PLOVER type" not in said
        assert "not a code" not in said
