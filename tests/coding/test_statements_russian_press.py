"""Statements as Russian news and briefs attribute them: word order, bodies by a generic noun, answers to the press."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.coding.reports import reading

from detente.coding.names import Names
from detente.coding.reading import read
from detente.coding.statements import find_statements
from detente.terms import Statement


def said(text: str, dyad: str = "ARM-TUR", published: str = "2025-03-14", title: str = "") -> tuple[Statement, ...]:
    found = reading(text, "ru", dyad, published)
    if title:
        found = read(replace(found.document, title=title), found.dossier, Names(found.dossier))
    return find_statements(found)


@pytest.mark.parametrize(
    ("text", "side"),
    [
        # What parts a subject from its verb: when, where, to whom.
        ("Хакан Фидан в кулуарах антальского форума подтвердил: граница с Арменией откроется.", "TUR"),
        ("Турецкий МИД тем не менее настаивает: дверь для Армении не закрыта.", "TUR"),
        # A deed still to come is no word.
        ("Анкара предупредила во вторник, что ответит на любые новые санкции Армении.", "TUR"),
        # An office whose title ends in another case.
        ("«Мы разочарованы Анкарой», — посетовал министр иностранных дел Армении.", "ARM"),
        # A body by a generic noun.
        ("МИД Армении направил ноту Турции. Ответа пока нет, уточнили в ведомстве.", "ARM"),
        ("МИД Армении направил ноту Турции. Ереван ждёт ответа Анкары, говорится в заявлении ведомства.", "ARM"),
        ("О том, что Ереван согласился открыть границу с Турцией, Никол Пашинян написал ночью.", "ARM"),
    ],
)
def test_who_said_it(text: str, side: str) -> None:
    assert said(text)[-1].speaker.side == side


def test_by_his_words_means_who_spoke_before() -> None:
    text = "«Турция не торопится», — сказал Арарат Мирзоян о планах Хакана Фидана. Границу, по его оценке, не откроют."
    assert [one.speaker.side for one in said(text)] == ["ARM", "ARM"]


def test_what_somebody_promises_that_another_will_say_is_not_said() -> None:
    text = "Арарат Мирзоян выступил в Анкаре, пообещав, что Кремль прокомментирует предложение Турции."
    assert not any(one.speaker.entity == "kremlin" for one in said(text))


def test_to_agree_to_do_is_an_act() -> None:
    assert not said("Армения и Турция согласились открыть границу.")


def test_an_expert_is_none_of_the_officials_named() -> None:
    text = "Арарат Мирзоян побывал в Анкаре. Турция не спешит, напоминает эксперт, знакомый с ходом переговоров."
    assert said(text)[-1].speaker.entity == ""


def test_answers_to_the_press_are_of_who_answers() -> None:
    text = (
        "Из ответов пресс-секретаря МИД Армении Ани Бадалян\n"
        "Вопрос: Что с границей?\n"
        "Ответ: Работы на границе с Турцией хватает. Диалог с турецкими партнёрами идёт уважительно.\n"
        "Дату назовём позже, её согласуют эксперты.\n"
        "Вопрос: А сроки?\n"
    )
    assert {one.speaker.side for one in said(text)} == {"ARM"}
    assert len(said(text)) == 3


def test_a_notice_of_the_ministry_is_known_by_its_title() -> None:
    text = (
        "14 марта в Анкаре состоялись консультации российских и турецких дипломатов.\n"
        "Выражаем надежду, что Турция откроет рейсы в Россию."
    )
    found = said(text, "RUS-TUR", title="О российско-турецких консультациях")
    assert [one.speaker.name for one in found] == ["МИД России"]
    assert not any(one.speaker.name == "МИД России" for one in said(text, "RUS-TUR", title="Рейсы в Россию"))


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("В Ереване высоко оценили во вторник позицию Турции.", 1),
        ("Мирзоян негативно оценил решение Турции.", -1),
    ],
)
def test_an_adverb_makes_a_judgement_praise_or_blame(text: str, stance: int) -> None:
    assert [one.stance for one in said(text)] == [stance]


def test_a_mixed_message_is_kept_as_one() -> None:
    text = (
        "Мирзоян назвал предложение Турции разумным, однако предупредил, что Ереван не станет говорить под давлением."
    )
    assert [one.stance for one in said(text)] in ([0], [-1])
