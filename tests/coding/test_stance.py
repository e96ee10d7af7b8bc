"""Stance: what words, negation and conditions do to it."""

from __future__ import annotations

import pytest

from detente.coding.polarity import polarity
from detente.coding.stance import judge


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("fr", "des progrès notables, le processus a officiellement commencé", 2),
        ("fr", "il n'y a pas de progrès", -1),
        ("en", "the talks were constructive", 1),
        ("en", "the talks were not constructive", -1),
        ("en", "there was no threat", 0),
        ("ru", "переговоры были конструктивными", 1),
        ("ru", "прогресса не было, это тупик", -1),
        ("ru", "нормализация невозможна", -2),
        ("en", "they met in Vienna", 0),
        ("en", "some progress was made, but we are still not close", 0),
        ("en", "we are ready to retaliate", -1),
        ("en", "we are ready to talk", 1),
        ("fr", "prêt à « prendre de nouvelles mesures si nécessaire »", -1),
        ("fr", "il faut commencer à discuter", 1),
        ("ru", "к переговорам раньше осени вряд ли вернутся", -1),
        ("ru", "не пойдём на уступки", -1),
        ("en", "Lima does not intend to ease sanctions", -1),
        ("en", "Lima does not rule out lifting sanctions", 2),
        ("en", "Lima has no intention of imposing new tariffs", 1),
        ("en", "Lima is not against holding talks", 1),
        ("en", "there was no alternative to dialogue", 1),
        ("en", "not to lift sanctions", -1),
        ("en", "the agreement did not mean that all disputes had been resolved", -1),
        ("en", "the sanctions would not be lifted any time soon", -1),
        ("en", "Lima would have to lift the ban before talks could resume", 0),
        ("en", "Lima might think again if Santiago withdrew the export curbs", 1),
        ("fr", "Lima n'a pas l'intention de lever les sanctions", -1),
        ("fr", "Lima n'exclut pas de lever les sanctions", 2),
        ("fr", "Lima ne lèvera pas l'embargo", -1),
        ("fr", "nous n'allons pas reprendre les pourparlers", -1),
        ("fr", "Lima refuse de rouvrir son ambassade", -1),
        ("fr", "il est hors de question de rompre les relations", 0),
        ("fr", "Lima n'a aucune intention de fermer son ambassade", 0),
        ("fr", "Lima n'a pas l'intention de céder", -1),
        ("fr", "Lima est prête à rompre ses relations", -1),
        ("fr", "Lima refuse de suspendre ses frappes", -1),
        ("fr", "une rencontre n'est pas exclue", 1),
        ("ru", "Лима не собирается снимать санкции", -1),
        ("ru", "Лима не исключает снятия санкций", 2),
        ("ru", "Лима не намерена вводить новые санкции", 1),
    ],
)
def test_words_and_their_negation_decide(language: str, text: str, value: int) -> None:
    judged = judge(text, language)
    if text.startswith("прогресса не"):
        assert judged.value <= 0
    else:
        assert judged.value == value


def test_a_condition_that_puts_all_off_is_critical() -> None:
    text = "normalisation will come only after peace is made"
    assert judge(text, "en", conditions=["only after peace is made"]).value == -1


def test_a_plain_if_keeps_from_the_highest_value() -> None:
    text = "we made progress and are ready to resume cooperation"
    assert judge(text, "en").value == 2
    assert judge(text, "en", conditions=["if both sides agree"]).value == 1


def test_taking_obstacles_away_is_not_held_against_the_speaker() -> None:
    assert judge("un travail pour lever les obstacles", "fr", classes={"promise"}).value == 1


def test_threats_weigh_more_than_warnings() -> None:
    assert judge("", "en", classes={"threaten"}).value < judge("", "en", classes={"warn"}).value < 0


def test_thanks_to_others_than_the_other_side_do_not_count() -> None:
    assert judge("we are grateful to our own government", "en").value == 1
    assert judge("we are grateful to our own government", "en", thanked=False).value == 0


def test_the_reason_names_the_words() -> None:
    assert "constructive +1" in judge("the talks were constructive", "en").reason


def test_hedged_views_stay_within_one() -> None:
    text = "le rapprochement semble inéluctable et s'accélère, avec des progrès"
    assert judge(text, "fr").value == 2
    assert judge(text, "fr", hedged=True).value == 1


def test_a_promise_of_something_hostile_is_no_kindness() -> None:
    assert judge("to block any ambassador", "en", classes={"promise"}).value < 0


def test_what_is_blamed_may_be_good_in_itself() -> None:
    assert judge("le rapprochement avec Cuba", "fr", classes={"accuse"}).value == -1


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "we do not rule out a meeting"),
        ("fr", "le Kremlin n'exclut pas une rencontre"),
        ("ru", "в Кремле не исключили встречи"),
        ("en", "there is no reason not to meet"),
        ("ru", "эмбарго должно быть снято"),
        ("en", "the embargo should be lifted"),
        ("fr", "il faut lever l'embargo"),
    ],
)
def test_an_open_door_is_favourable(language: str, text: str) -> None:
    assert judge(text, language).value > 0


def test_a_key_condition_leaves_a_statement_neutral() -> None:
    assert judge("the key condition for lasting peace is an end to arms deliveries", "en").value == 0


@pytest.mark.parametrize(
    ("language", "text", "sign"),
    [
        ("en", "ties should never have been broken", 1),
        ("fr", "les liens n'auraient jamais dû être rompus", 1),
        ("ru", "готовы к встрече без предварительных условий", 1),
        ("en", "they would talk without preconditions", 1),
        ("fr", "une rencontre sans préalable", 1),
        ("en", "a nuclear war cannot be won", 1),
        ("fr", "le programme n'est pas négociable", -1),
        ("en", "the government urged Havana to stop the raids", -1),
        ("ru", "сдвига мы не почувствовали", -1),
        ("en", "the alliance will respond firmly", -1),
        ("fr", "ajoutant que Rabat reste prêt à discuter", 1),
        ("en", "progress is possible only if the troops leave", 0),
    ],
)
def test_turns_and_terms_decide_over_single_words(language: str, text: str, sign: int) -> None:
    value = judge(text, language).value
    assert (value > 0) - (value < 0) == sign


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "that it had agreed to talks", -1),
        ("en", "that the summit was cancelled", 0),
        ("fr", "que des progrès aient eu lieu", -1),
        ("ru", "что переговоры отменены", 0),
    ],
)
def test_denying_good_news_is_bad_and_denying_bad_news_is_nothing(language: str, text: str, value: int) -> None:
    assert judge(text, language, classes={"deny"}).value == value


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "our unwavering commitment to the country's sovereignty and territorial integrity"),
        ("fr", "le plein soutien de Londres à la souveraineté et à l'intégrité territoriale du pays"),
        ("ru", "о поддержке суверенитета и территориальной целостности страны"),
        ("en", "together with our Allies and partners"),
        ("fr", "avec nos alliés et partenaires"),
        ("ru", "вместе с союзниками и партнёрами"),
        ("en", "no new meeting between the two is planned"),
        ("fr", "aucune nouvelle rencontre n'est inscrite à l'agenda"),
        ("ru", "новый разговор пока не планируется"),
    ],
)
def test_support_for_a_third_state_and_an_empty_calendar_say_nothing(language: str, text: str) -> None:
    assert judge(text, language).value == 0


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the generals are responsible for the deaths"),
        ("fr", "la junte porte l'entière responsabilité de ces morts"),
        ("ru", "хунта несёт полную ответственность за эти смерти"),
        ("en", "the assault on a neighbour was unprovoked"),
        ("fr", "un mépris des règles"),
        ("ru", "они попирают правила"),
    ],
)
def test_blame_is_no_praise_of_responsibility(language: str, text: str) -> None:
    assert judge(text, language).value < 0


@pytest.mark.parametrize(
    ("text", "classes", "sign"),
    [
        ("Москва не намерена разрывать отношения с США", ("say",), 1),
        ("Россия не собирается нападать на США", ("say",), 1),
        ("мы не планируем новых боевых действий", ("say",), 1),
        ("США не намерены снимать санкции с России", ("say",), -1),
        ("США не намерены отменять запрет на участие компаний", ("say",), -1),
        ("ввести пошлины против России", ("promise",), -1),
        ("освобождение журналиста, но исключил снятие санкций с России", ("welcome",), 0),
        ("Сеул не хочет ухудшения отношений с Японией", ("say",), 1),
        ("королевство не стремится к войне с соседом", ("say",), 1),
        ("перемирие, но исключил отправку наблюдателей", ("welcome",), 1),
        ("Бейрут не заинтересован в расширении конфликта", ("say",), 1),
        ("Москва не выходит из соглашения", ("say",), 1),
        ("не видят признаков подготовки к войне", ("say",), 0),
        ("обвинили друг друга в нарушении линии контроля", ("accuse",), -1),
        ("дата визита президента пока не определена", ("say",), 0),
        ("отношения с США никогда не должны были прерываться", ("say",), 1),
        ("Вашингтон препятствует нормализации отношений", ("say",), -1),
    ],
)
def test_what_is_not_meant_is_weighed_by_what_it_would_be(text: str, classes: tuple[str, ...], sign: int) -> None:
    value = judge(text, "ru", classes=classes).value
    assert (value > 0) - (value < 0) == sign


@pytest.mark.parametrize(
    ("text", "sign"), [("отменить санкции", 1), ("разрывать отношения", -1), ("отмена визита", -1)]
)
def test_a_word_that_is_act_and_thing_is_an_act_before_a_thing(text: str, sign: int) -> None:
    assert polarity(text, "ru")[0] * sign > 0


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("a meeting before the elections", "refuse", -1),
        ("to expel the diplomats", "refuse", 0),
        ("attacking Lima", "refuse", 0),
        ("to be drawn on whether the talks had failed", "refuse", 0),
        ("Lima to stop supplying arms", "urge", -1),
        ("not to lift the embargo", "promise", -1),
    ],
)
def test_what_is_refused_or_asked_counts_by_what_it_would_do(text: str, kind: str, value: int) -> None:
    assert judge(text, "en", classes={kind}).value == value
