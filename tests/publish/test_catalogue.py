"""Words, dates and numbers in three languages."""

from datetime import date

import pytest

from detente.errors import PublishError
from detente.forecast.track_record import Share
from detente.publish import track_record
from detente.publish.catalogue import Words
from detente.publish.chronology import what_text
from detente.publish.messages import problems
from detente.terms import Event, EventDate, Evidence, Realis


@pytest.mark.parametrize("language", ["fr", "ru"])
def test_every_message_is_translated_and_none_is_left_over(language: str) -> None:
    assert problems(language) == []


@pytest.mark.parametrize(
    ("n", "shown"), [(1, "1 событие"), (2, "2 события"), (5, "5 событий"), (11, "11 событий"), (21, "21 событие")]
)
def test_russian_counts_take_the_form_their_number_wants(n: int, shown: str) -> None:
    assert Words("ru").many("{n} event", "{n} events", n) == shown.replace(" ", "\u00a0")


@pytest.mark.parametrize(("n", "shown"), [(0, "0 événement"), (1, "1 événement"), (2, "2 événements")])
def test_french_counts_nought_as_one(n: int, shown: str) -> None:
    assert Words("fr").many("{n} event", "{n} events", n) == shown.replace(" ", "\u00a0")


def test_a_french_percentage_never_breaks_from_its_number() -> None:
    assert Words("fr").percent(0.31) == "31\u202f%"
    assert " " not in Words("fr").interval(0.22, 0.47)


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "the 70% window"), ("fr", "à 70\u202f%"), ("ru", "окна 70\u202f%")]
)
def test_the_window_of_a_track_record_is_called_by_the_share_it_holds(
    language: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(track_record, "WINDOW", 0.7)
    assert shown in track_record.coverage_text(Share(12, 10, 0.4, (0.27, 0.53)), Words(language))


def test_a_chance_is_never_shown_as_impossible_or_certain() -> None:
    assert Words("en").percent(0.001) == "<\u202f1%"
    assert Words("en").percent(0.999) == ">\u202f99%"
    assert Words("en").percent(0.0) == "0%"


@pytest.mark.parametrize(
    ("language", "low", "high", "same"),
    [
        ("en", "< 1% to 37%", "19% to > 99%", "< 1%"),
        ("fr", "de < 1 % à 37 %", "de 19 % à > 99 %", "< 1 %"),
        ("ru", "от < 1 % до 37 %", "от 19 % до > 99 %", "< 1 %"),
    ],
)
def test_an_interval_that_ends_with_a_sign_is_told_in_words(language: str, low: str, high: str, same: str) -> None:
    words = Words(language)
    said = [words.interval(*ends).replace("\u202f", " ") for ends in ((0.001, 0.37), (0.19, 0.999), (0.001, 0.002))]
    assert said == [low, high, same]


def test_minus_is_a_minus_sign_and_a_rounded_nought_has_none() -> None:
    assert Words("en").number(-1.25, 1, signed=True) == "−1.2"
    assert Words("fr").number(-1.25, 2) == "−1,25"
    assert Words("en").number(-0.01, 1, signed=True) == "0.0"


@pytest.mark.parametrize(
    ("value", "fr", "en", "ru"),
    [
        ("2025-02-18", "18 février 2025", "18 February 2025", "18 февраля 2025"),
        ("2025-04", "avril 2025", "April 2025", "апрель 2025"),
        ("2025", "2025", "2025", "2025"),
        ("2025-SU", "été 2025", "summer 2025", "лето 2025"),
    ],
)
def test_a_date_is_shown_as_precisely_as_it_is_known(value: str, fr: str, en: str, ru: str) -> None:
    when = EventDate.of(value, "explicit")
    shown = [
        Words(language).event_date(when).replace("\u00a0", " ").replace("\u202f", " ")
        for language in ("fr", "en", "ru")
    ]
    assert shown == [fr, en, ru]


def test_a_day_never_stands_on_two_lines() -> None:
    assert all(" " not in Words(language).day(date(2025, 2, 18)) for language in ("fr", "en", "ru"))


def test_quotation_marks_are_those_of_the_language() -> None:
    assert [Words(language).quoted("a") for language in ("fr", "en", "ru")] == ["«\u00a0a\u00a0»", "“a”", "«a»"]


def test_another_language_is_refused() -> None:
    with pytest.raises(PublishError, match="'de' is not one of"):
        Words("de")


@pytest.mark.parametrize(
    ("realis", "language", "told"),
    [
        ("cancelled", "fr", "Rencontre annulée"),
        ("cancelled", "ru", "Встреча отменена"),
        ("happened", "en", "Reject"),
    ],
)
def test_a_meeting_called_off_is_no_refusal_that_was_cancelled(realis: Realis, language: str, told: str) -> None:
    refused = Event("REJECT", "meet", (), (), None, realis, Evidence("d", 0, 4, "They"), 0.9)
    assert what_text(refused, Words(language)) == told
