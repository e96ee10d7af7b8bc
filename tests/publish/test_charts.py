"""The chart layer draws what it is given, says so in words, and lets nothing through as markup."""

import xml.etree.ElementTree as ElementTree
from datetime import date, timedelta

import pytest

from detente.errors import PublishError
from detente.publish.catalogue import Words
from detente.publish.charts import Flag, Line, Mark, share_bar, timeline_chart

DAYS = [date(2025, 1, 1) + timedelta(days=n) for n in range(60)]
LINE = Line("RUS → USA", [0.05 * n for n in range(60)], [0.05 * n - 1 for n in range(60)], [0.05 * n + 1 for n in range(60)])
SVG = "{http://www.w3.org/2000/svg}"


def _draw(**more: object) -> ElementTree.Element:
    text = timeline_chart(DAYS, [LINE], Words("en"), title="Index", summary="Rising.", **more)  # type: ignore[arg-type]
    return ElementTree.fromstring(text)


def test_a_chart_is_well_formed_and_describes_itself() -> None:
    svg = _draw()
    assert svg.findtext(f"{SVG}title") == "Index"
    assert svg.findtext(f"{SVG}desc") == "Rising."
    assert len(svg.findall(f"{SVG}polyline")) == 1


def test_every_mark_is_a_link_with_a_name_and_room_for_a_finger() -> None:
    svg = _draw(marks=[Mark(DAYS[5], 4.0, "Talks", "event/1.html", True), Mark(DAYS[9], -6.0, "Cut", "event/2.html", False)])
    links = svg.findall(f"{SVG}a")
    assert [link.get("href") for link in links] == ["event/1.html", "event/2.html"]
    assert all(link.find(f"{SVG}rect").get("width") == "24" for link in links)  # type: ignore[union-attr]
    up, down = (link.find(f"{SVG}polygon") for link in links)
    assert up is not None
    assert down is not None
    assert up.get("fill") != "#fff"
    assert down.get("fill") == "#fff", "unchecked marks are hollow"


def test_labels_that_would_overprint_stand_on_rows_of_their_own() -> None:
    flags = [Flag(DAYS[30 + n], f"Break {n}", DAYS[29], DAYS[34]) for n in range(3)]
    heights = [t.get("y") for t in _draw(flags=flags).findall(f"{SVG}text") if (t.text or "").startswith("Break")]
    assert len(set(heights)) == 3


def test_a_label_cannot_be_markup() -> None:
    svg = _draw(marks=[Mark(DAYS[5], 1.0, "<script>alert(1)</script>", 'x" onclick="alert(1)', True)])
    link = svg.find(f"{SVG}a")
    assert link is not None
    assert set(link.attrib) == {"href"}
    assert svg.find(f".//{SVG}script") is None


def test_a_series_of_another_length_is_refused() -> None:
    with pytest.raises(PublishError, match="60 values for 59 days"):
        timeline_chart(DAYS[:-1], [LINE], Words("en"), title="", summary="")


def test_one_day_is_too_few_to_draw() -> None:
    with pytest.raises(PublishError, match="at least two"):
        timeline_chart(DAYS[:1], [], Words("en"), title="", summary="")


def test_a_share_outside_its_interval_is_refused() -> None:
    with pytest.raises(PublishError, match="not inside its interval"):
        share_bar(0.5, 0.6, 0.7, "")
