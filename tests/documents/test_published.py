"""The day a text appeared, and never a day it only talks about."""

from datetime import date

import pytest
from lxml import html

from detente.documents.published import check_given, in_page, in_text, in_url
from detente.errors import DocumentError

TODAY = date(2026, 1, 1)
PROSE = "<p>On 12 January 2021 the first truck crossed the border, and on 4 March 2022 the last one did.</p>"


def page(head="", body=""):
    return html.document_fromstring(f"<html><head>{head}</head><body>{body}{PROSE}</body></html>")


@pytest.mark.parametrize(
    ("head", "body", "basis"),
    [
        (
            '<meta property="article:published_time" content="2025-04-11T23:30+03:00">',
            "",
            "html:meta article:published_time",
        ),
        ('<meta name="DC.date.issued" content="2025-04-11">', "", "html:meta dc.date.issued"),
        (
            '<script type="application/ld+json">{"@graph":[{"@type":"Article","datePublished":"2025-04-11"}]}</script>',
            "",
            "html:json-ld datePublished",
        ),
        (
            '<script type="application/ld+json">{"datePublished": "2025-04-11", broken</script>',
            "",
            "html:json-ld datePublished",
        ),
        ("", '<span itemprop="datePublished" content="2025-04-11">yesterday</span>', "html:datePublished"),
        ("", '<time datetime="2025-04-11T08:00">8:00</time>', "html:visible date"),
        ("", '<div class="date">11 avril 2025 à 10h15</div>', "html:visible date"),
        ("", '<div class="date">11 апреля 2025 года, 19:30</div>', "html:visible date"),
        ("", '<p class="byline">By A. Porter | Published April 11, 2025</p>', "html:visible date"),
    ],
)
def test_a_page_that_says_its_day_is_believed(head, body, basis):
    found = in_page(page(head, body), "", TODAY)
    assert (found.day, found.basis) == (date(2025, 4, 11), basis)


def test_a_day_in_running_text_is_passed_over():
    found = in_page(page(), "", TODAY)
    assert found.day is None
    assert found.basis == "none"


def test_the_day_of_publication_wins_over_that_of_the_last_change():
    head = (
        '<meta property="article:modified_time" content="2025-06-02">'
        '<meta property="article:published_time" content="2025-04-11">'
    )
    assert in_page(page(head), "", TODAY).day == date(2025, 4, 11)


@pytest.mark.parametrize("year", ["2205", "1025"])
def test_an_impossible_day_in_a_page_is_noted_and_passed_over(year):
    found = in_page(page(f'<meta property="article:published_time" content="{year}-04-11">'), "", TODAY)
    assert found.day is None
    assert f"{year}-04-11, which cannot be" in found.notes[0]


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://example.org/2025/04/09/talks", date(2025, 4, 9)),
        ("https://example.org/news/2025-04-09-talks.html", date(2025, 4, 9)),
        ("https://example.org/20250409/1.html", date(2025, 4, 9)),
        ("https://example.org/2025/4/9/talks", date(2025, 4, 9)),
        ("https://example.org/2025/04/talks", None),
        ("https://example.org/2025/13/41/talks", None),
        ("https://example.org/a/2025/04/09/b/2025/04/10", None),
        ("https://2025-04-09.example.org/talks", None),
        ("https://example.org/news/76526", None),
        ("", None),
    ],
)
def test_an_address_names_a_day_or_none(url, day):
    assert in_url(url) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Publié le 9 avril 2025 à 10h\nLes deux délégations se sont vues.", date(2025, 4, 9)),
        ("Talks\nPublished: April 9, 2025\nThe two delegations met.", date(2025, 4, 9)),
        ("Переговоры прошли. Дата публикации: 9 апреля 2025 года, 18:55", date(2025, 4, 9)),
        ("Titre\n09.04.2025, 10:30\nLes deux délégations se sont vues.", date(2025, 4, 9)),
        ("События Итоги 9 апреля 2025 года 18:55 Стороны встретились.", date(2025, 4, 9)),
        ("Le 9 avril 2025, les deux délégations se sont vues à Istanbul.", None),
        ("On April 9, 2025 the two delegations met in Istanbul.", None),
        ("9 апреля 2025 года стороны встретились в Стамбуле.", None),
        ("Titre\n03/04/2025\nTexte ambigu.", None),
        ("Published on Friday.", None),
        ("Titre\n\nALGER, 9 avril 2025 (APS) – Les deux délégations se sont vues mercredi.", date(2025, 4, 9)),
        ("Communiqué\nParis, le 9 avril 2025\nLa France salue l'accord.", date(2025, 4, 9)),
        ("WASHINGTON, April 9, 2025 (Reuters) - Envoys met on Wednesday.", date(2025, 4, 9)),
        ("(Washington, DC – April 9, 2025) Envoys met on Wednesday.", date(2025, 4, 9)),
        ("МОСКВА, 9 апреля 2025 г. /ТАСС/. Стороны встретились в среду.", date(2025, 4, 9)),
        ("Визит\n\nТЕГЕРАН, 9 апреля 2025 года. Министр прибыл в среду.", date(2025, 4, 9)),
        ("TEHRAN, April 9, 2025. The minister arrived on Wednesday.", date(2025, 4, 9)),
        ("Genève, 9 avril 2025. Deux présidents montent les marches.", None),
        ("Geneva, April 9, 2025: two presidents walk up the steps.", None),
        ("In Riyadh, April 9, 2025 - the first day of talks - little was said.", None),
        ("Talks in Riyadh on April 9, 2025 - the first since 2022 - ended.", None),
    ],
)
def test_a_text_is_dated_by_its_stamp_or_its_dateline_alone(text, day):
    assert in_text(text) == day


def test_a_given_day_may_be_tomorrow_but_not_later_nor_before_1900():
    check_given(date(2026, 1, 2), "a", TODAY)
    check_given(date(1900, 1, 1), "a", TODAY)
    for day in (date(2026, 1, 3), date(1899, 12, 31)):
        with pytest.raises(DocumentError, match=f"a: published {day} lies"):
            check_given(day, "a", TODAY)
