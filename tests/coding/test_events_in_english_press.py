"""Events as English newspapers and agencies tell them, in sentences written for these tests."""

from __future__ import annotations

import pytest
from tests.coding.reports import day, events, one

_LEAD = "Chad and Niger held talks in Niamey on Tuesday. "


def test_a_thing_told_by_a_that_clause_keeps_the_day_of_the_clause() -> None:
    found = events(
        _LEAD + "Niger, however, turned down the truce that Chad had accepted a week earlier.",
        "en",
        "NER-TCD",
        "2025-03-19",
    )
    assert day(one(found, "REJECT")) == "2025-03-18"


def test_a_day_later_is_counted_from_the_day_in_the_same_sentence() -> None:
    text = "Chad expelled a consul on Thursday; a day later Niger protested to Chad over the decision."
    assert day(one(events(text, "en", "NER-TCD", "2025-11-17"), "ACCUSE")) == "2025-11-14"


@pytest.mark.parametrize(
    ("length", "value"), [("six days", "2025-02-18"), ("two months", "2024-12"), ("a year", "2024")]
)
def test_so_long_after_is_counted_back_from_the_day_of_the_news(length: str, value: str) -> None:
    text = (
        "Niger expelled the ambassador of Chad on Monday. "
        f"The step came {length} after ministers of Chad and Niger met in Abuja."
    )
    assert day(one(events(text, "en", "NER-TCD", "2025-02-25"), "CONSULT")) == value


def test_a_dateline_of_its_own_is_no_day_of_the_news() -> None:
    text = "NIAMEY, December 3. Chad's envoys arrived in Niger on Tuesday. The two sides agreed to open a border post."
    assert day(one(events(text, "en", "NER-TCD", "2025-12-03"), "AGREE")) == "2025-12-02"


def test_another_meeting_is_not_the_one_just_held() -> None:
    text = "Chad and Niger will hold another meeting soon, the ministry said after talks in Abuja on Thursday."
    found = [e for e in events(text, "en", "NER-TCD", "2025-02-28") if e.type == "CONSULT"]
    assert sorted(e.realis for e in found) == ["happened", "planned"]


def test_controls_put_on_hold_are_eased() -> None:
    text = "Chad will put on hold for a year its export curbs on Niger, the trade ministry said on Monday."
    assert [e.type for e in events(text, "en", "NER-TCD", "2025-10-30")] == ["CONCEDE"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The president said on Monday that Chad would observe the ceasefire if Niger did likewise."),
        ("en", "Chad would respect the limits for a year provided Niger reciprocated, its president said on Monday."),
    ],
)
def test_to_keep_to_something_if_the_other_does_is_an_offer(language: str, text: str) -> None:
    event = one(events(text, language, "NER-TCD", "2025-10-30"), "COOPERATE")
    assert day(event) == "2025-10-27"


def test_two_may_refuse_to_sign_what_others_put_before_them() -> None:
    text = "The leaders of Chad and Niger on Friday refused to sign a text that mediators had drafted."
    event = one(events(text, "en", "NER-TCD", "2025-10-31"), "REJECT")
    assert (event.sides, day(event)) == (("NER", "TCD"), "2025-10-31")


@pytest.mark.parametrize(
    "text",
    [
        "Chad's president accused Europe on Monday of preventing Niger from making peace.",
        "A diplomat in Chad asked for anonymity so as to speak about Niger on Monday.",
    ],
)
def test_not_everything_is_done_to_the_other_side(text: str) -> None:
    assert not events(text, "en", "NER-TCD", "2025-12-03")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Chad expelled an attaché of Niger on Monday, and Niger followed suit the next day."),
        ("fr", "Le Tchad a expulsé lundi un attaché du Niger ; le Niger a fait de même."),
        ("ru", "Чад в понедельник выслал дипломата Нигера. Нигер ответил тем же."),
    ],
)
def test_who_answers_in_kind_does_the_same_back(language: str, text: str) -> None:
    found = [e for e in events(text, language, "NER-TCD", "2025-02-28") if e.type == "SANCTION"]
    assert [e.actors[0].side for e in found] == ["TCD", "NER"]
    assert [{p.side for p in e.recipients} for e in found] == [{"NER"}, {"TCD"}]


def test_that_month_is_of_the_year_just_told() -> None:
    text = "Chad froze its ties with Niger in 2013. Chad expelled Niger's ambassador that November."
    assert "2013-11" in [day(e) for e in events(text, "en", "NER-TCD", "2023-07-05")]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        (
            "Chad told Niger on Monday that it was glad of the truce, as the two countries met in Abuja.",
            "CONSULT",
            "2025-02-24",
        ),
        ("Leaders of Chad and Niger agreed to reopen the road when they met in June.", "AGREE", "2024-06"),
        ("Tensions have run high since Feb. 10, when Niger bombed a post in Chad.", "ASSAULT", "2025-02-10"),
        ("Chad announced in January it would expel nine diplomats of Niger.", "SANCTION", "2025-01"),
    ],
)
def test_clauses_of_one_time_share_their_day(text: str, kind: str, value: str) -> None:
    assert day(one(events(text, "en", "NER-TCD", "2025-02-28"), kind)) == value


def test_an_envoy_recalled_by_nobody_named_is_of_the_story() -> None:
    text = "Chad closed its embassy in Niger on Tuesday. The ambassador had been recalled on Sunday."
    assert ("RETREAT", ("NER", "TCD")) in [(e.type, e.sides) for e in events(text, "en", "NER-TCD", "2025-02-28")]


def test_what_a_paper_says_is_not_done_by_who_votes_for_it() -> None:
    text = "Chad voted on Monday for a United Nations resolution that condemned Niger's raid."
    assert not events(text, "en", "NER-TCD", "2025-02-28")


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Chad is no longer sending weapons to Niger, it said on Monday.", "SANCTION", "2025-02-24"),
        ("Chad hit back on Monday with tariffs on cattle from Niger.", "SANCTION", "2025-02-24"),
        ("The leaders of Chad and Niger put their signatures to a pact on Monday.", "AGREE", "2025-02-24"),
        ("Chad walked away from peace treaty talks with Niger on Monday.", "SANCTION", "2025-02-24"),
    ],
)
def test_turns_of_phrase_of_the_agencies(text: str, kind: str, value: str) -> None:
    assert day(one(events(text, "en", "NER-TCD", "2025-02-28"), kind)) == value


def test_what_happened_days_before_the_news_is_background() -> None:
    text = (
        "Chad and Niger held talks in Abuja on Thursday, the Nigerian ministry said. The two sides spoke of cattle. "
        "Chad expelled an attaché of Niger on 19 February."
    )
    ranks = {e.type: e.rank for e in events(text, "en", "NER-TCD", "2025-02-28")}
    assert ranks == {"CONSULT": "main", "SANCTION": "background"}


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("en", "Chad will not, its minister told reporters on Monday, lift its embargo on Niger.", "REJECT"),
        ("en", "Chad has, the ministry said on Monday, lifted its embargo on Niger.", "RETREAT"),
    ],
)
def test_what_is_inserted_does_not_part_a_verb_from_its_auxiliary(language: str, text: str, kind: str) -> None:
    assert [e.type for e in events(text, language, "NER-TCD", "2025-02-28")] == [kind]


def test_a_place_that_is_named_is_blamed_for_nothing() -> None:
    text = "Chad's foreign minister named Abuja as the likely venue on Monday."
    assert not events(text, "en", "NER-TCD", "2025-02-28")
