"""The chart layer draws what it is given, says so in words, and lets nothing through as markup."""

import xml.etree.ElementTree as ElementTree
from datetime import date, timedelta

import pytest

from detente.errors import PublishError
from detente.publish.catalogue import Words
from detente.publish.charts import (
    LEFT,
    MOST_POINTS,
    Flag,
    Future,
    Lane,
    Line,
    Mark,
    curve_chart,
    relationship_chart,
    share_bar,
)

DAYS = [date(2025, 1, 1) + timedelta(days=n) for n in range(60)]
RISING = [0.05 * n for n in range(60)]
LINE = Line("RUS → USA", RISING, [v - 1 for v in RISING], [v + 1 for v in RISING])
SUMMIT = Future(
    "Summit", "55% by 31 Dec 2027", "milestones.html#s", date(2026, 4, 1), (DAYS[-1], date(2045, 1, 1)), 0.15
)
SVG = "{http://www.w3.org/2000/svg}"


def _draw(language: str = "en", **more: object) -> ElementTree.Element:
    drawn = relationship_chart(DAYS, [LINE], Words(language), title="Index", summary="Rising.", **more)  # type: ignore[arg-type]
    return ElementTree.fromstring(drawn)


def _boxes(svg: ElementTree.Element) -> list[tuple[str, float, float, float, float]]:
    """Every text with the box it takes up, at the width of a wide letter."""
    boxes = []
    for text in svg.iter(f"{SVG}text"):
        wide = 7.0 * len(text.text or "") * (float(text.get("font-size", "12")) / 12)
        x, y = float(text.get("x", "0")), float(text.get("y", "0"))
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[text.get("text-anchor", "start")]
        boxes.append((text.text or "", left, left + wide, y - 9, y + 2))
    return boxes


def test_a_chart_is_well_formed_and_describes_itself() -> None:
    svg = _draw()
    assert svg.findtext(f"{SVG}title") == "Index"
    assert svg.findtext(f"{SVG}desc") == "Rising."
    assert len(svg.findall(f"{SVG}polyline")) == 1
    assert svg.get("role") == "group", "an image would hide the links in it"


def test_every_mark_is_a_link_with_a_name_and_room_for_a_finger() -> None:
    marks = [Mark(DAYS[5], 4.0, "Talks", "event/1.html", True), Mark(DAYS[9], -6.0, "Cut", "event/2.html", False)]
    links = _draw(lanes=[Lane("Embassies", marks)]).findall(f"{SVG}a")
    assert [link.get("href") for link in links] == ["event/1.html", "event/2.html"]
    assert [link.findtext(f"{SVG}title") for link in links] == [
        "6\u00a0January\u00a02025: Talks",
        "10\u00a0January\u00a02025: Cut",
    ]
    assert all(link.find(f"{SVG}rect").get("width") == "24" for link in links)  # type: ignore[union-attr]
    up, down = (link.find(f"{SVG}polygon") for link in links)
    assert up is not None
    assert down is not None
    assert up.get("fill") != "#fff"
    assert down.get("fill") == "#fff", "unchecked marks are hollow"


def test_cooperation_points_up_conflict_down_and_neither_is_a_diamond() -> None:
    marks = [Mark(DAYS[5], score, "x", "e.html", True) for score in (5.0, -5.0, 0.0)]
    shapes = [p.get("points", "").split() for p in _draw(lanes=[Lane("L", marks)]).iter(f"{SVG}polygon")][1:]
    tips = [float(shape[0].split(",")[1]) - float(shape[1].split(",")[1]) for shape in shapes]
    assert tips[0] < 0 < tips[1]
    assert [len(shape) for shape in shapes] == [3, 3, 4]


def test_labels_that_would_overprint_stand_on_rows_of_their_own_or_are_left_out() -> None:
    flags = [Flag(DAYS[30 + n], f"Break {n}", DAYS[29], DAYS[34]) for n in range(3)]
    heights = [t.get("y") for t in _draw(flags=flags).iter(f"{SVG}text") if (t.text or "").startswith("Break")]
    assert len(heights) == len(set(heights)) == 2


@pytest.mark.parametrize("language", ["fr", "en", "ru"])
def test_no_two_labels_of_a_full_chart_overprint(language: str) -> None:
    lanes = [Lane(name, []) for name in ("Embassies and consulates", "Prisoners and detainees", "No issue")]
    futures = [SUMMIT, SUMMIT, Future("Arms agreement", "19% by 31 Dec 2027", "m.html", None, None, 0.6)]
    flags = [Flag(DAYS[20], "20 Jan 2025", DAYS[18], DAYS[25]), Flag(DAYS[28], "28 Jan 2025", DAYS[26], DAYS[30])]
    boxes = _boxes(_draw(language, lanes=lanes, futures=futures, flags=flags))
    touching = [
        (a[0], b[0])
        for n, a in enumerate(boxes)
        for b in boxes[n + 1 :]
        if a[1] < b[2] and b[1] < a[2] and a[3] < b[4] and b[3] < a[4]
    ]
    assert touching == []


def test_a_label_of_a_lane_does_not_leave_the_figure() -> None:
    lane = Lane("Посольства, консульства и дипломатическая собственность", [])
    lefts = [left for text, left, *_ in _boxes(_draw(lanes=[lane])) if text.startswith("Посольства")]
    assert len(lefts) == 1
    assert 0 <= lefts[0] < LEFT


def test_years_of_days_are_drawn_with_few_points_and_end_on_the_last_day() -> None:
    days = [date(2010, 1, 1) + timedelta(days=n) for n in range(5000)]
    drawn = relationship_chart(
        days, [Line("x", [0.0] * 4999 + [5.0])], Words("en"), title="", summary="", futures=[SUMMIT]
    )
    points = ElementTree.fromstring(drawn).findall(f"{SVG}polyline")[0].get("points", "").split()
    assert len(points) <= MOST_POINTS + 1
    assert points[-1].split(",")[1] != points[-2].split(",")[1], "the last value is the one that counts"


def test_a_milestone_stands_right_of_today_with_its_chance_and_never() -> None:
    svg = _draw(futures=[SUMMIT])
    texts = [text.text for text in svg.iter(f"{SVG}text")]
    assert "55% by 31 Dec 2027" in texts
    assert "15%" in texts
    assert [a.get("href") for a in svg.findall(f"{SVG}a")] == ["milestones.html#s"]
    assert all(float(r.get("x", "0")) + float(r.get("width", "0")) <= 1080 for r in svg.iter(f"{SVG}rect"))


def test_a_label_cannot_be_markup() -> None:
    attack = "<script>alert(1)</script>\u202e"
    mark = Mark(DAYS[5], 1.0, attack, 'x" onclick="alert(1)', True)
    svg = _draw(lanes=[Lane(attack, [mark])], futures=[Future(attack, attack, "m", None, None, 0.1)])
    assert all(set(link.attrib) == {"href", "tabindex"} for link in svg.findall(f"{SVG}a"))
    assert svg.find(f".//{SVG}script") is None
    assert not any("\u202e" in (text.text or "") for text in svg.iter())


def test_a_series_of_another_length_is_refused() -> None:
    with pytest.raises(PublishError, match="60 values for 59 days"):
        relationship_chart(DAYS[:-1], [LINE], Words("en"), title="", summary="")


def test_one_day_is_too_few_to_draw() -> None:
    with pytest.raises(PublishError, match="at least two"):
        relationship_chart(DAYS[:1], [], Words("en"), title="", summary="")


def test_a_curve_ends_below_what_never_leaves() -> None:
    curve = [(DAYS[0], 0.0), (DAYS[30], 0.3), (DAYS[59], 0.6)]
    drawn = curve_chart(curve, DAYS[30], 0.4, Words("fr"), title="<b>", summary="x")
    svg = ElementTree.fromstring(drawn)
    shaded = next(iter(svg.iter(f"{SVG}rect")))
    end = float(svg.findall(f"{SVG}polyline")[0].get("points", "").split()[-1].split(",")[1])
    assert end >= float(shaded.get("y", "0")) + float(shaded.get("height", "0")) - 0.1
    assert svg.findtext(f"{SVG}title") == "<b>"


def test_a_share_outside_its_interval_is_refused() -> None:
    with pytest.raises(PublishError, match="not inside its interval"):
        share_bar(0.5, 0.6, 0.7, "")
