"""Names: who is found, what they are and whom they speak for, in three languages and for more than one pair."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise

import pytest

from detente.coding.names import Names, folded_name
from detente.coding.names_lexicon import office_of
from detente.coding.names_russian import nominative
from detente.coding.passages import Mention
from detente.documents import split
from detente.dossier import Dossier, starter
from detente.terms import Document, Dyad, Span


@cache
def dossier(first: str = "RUS", second: str = "USA") -> Dossier:
    return starter(Dyad(first, second), date(2015, 1, 1))


@cache
def names(first: str = "RUS", second: str = "USA") -> Names:
    return Names(dossier(first, second))


def document(text: str, language: str, day: date = date(2025, 4, 14)) -> Document:
    return Document("d", text, language, day, "given", datetime(2026, 11, 23, tzinfo=UTC))


def find(text: str, language: str, day: date = date(2025, 4, 14)) -> tuple[Mention, ...]:
    doc = document(text, language, day)
    return names().find(doc, split(text, language))


def of_kind(text: str, language: str, kind: str) -> list[tuple[str, str]]:
    return [(m.text, m.side) for m in find(text, language) if m.kind == kind]


@pytest.mark.parametrize(
    ("language", "text", "name", "role", "side"),
    [
        (
            "fr",
            "Les États-Unis dépêchent Sonata Coulter, vice-secrétaire adjointe au département d'État.",
            "Sonata Coulter",
            "vice-secrétaire adjointe au département d'État",
            "USA",
        ),
        (
            "fr",
            "Piotr Kalinov, attaché de presse du président Poutine, a refusé de répondre.",
            "Piotr Kalinov",
            "attaché de presse du président Poutine",
            "RUS",
        ),
        (
            "fr",
            "La porte-parole du département d'État américain, Jane Doe, l'a dit.",
            "Jane Doe",
            "porte-parole du département d'État américain",
            "USA",
        ),
        ("en", "Deputy Assistant Secretary of State Sonata Coulter led the team.", "Sonata Coulter", "", "USA"),
        ("en", "Kremlin spokesman Ivan Petrov met reporters.", "Ivan Petrov", "Kremlin spokesman", "RUS"),
        ("en", "Ann Lee, a Russian diplomat, left.", "Ann Lee", "Russian diplomat", "RUS"),
        ("ru", "Об этом рассказал глава российской делегации Иван Петров.", "Иван Петров", "", "RUS"),
        ("ru", "Встречу провёл помощник президента США Джон Смит.", "Джон Смит", "помощник президента США", "USA"),
    ],
)
def test_a_title_or_apposition_names_an_unknown_person_with_role_and_side(
    language: str, text: str, name: str, role: str, side: str
) -> None:
    people = [m for m in find(text, language) if m.kind == "person" and m.name == name]
    assert len(people) == 1
    if role:
        assert people[0].role == role
    if people[0].entity is None:
        assert people[0].side == side


def test_the_span_of_a_person_leaves_the_title_out_and_the_whole_takes_it_in() -> None:
    text = "La porte-parole du département d'État américain, Jane Doe, a souligné un point."
    person = next(m for m in find(text, "fr") if m.kind == "person")
    assert person.text == "Jane Doe"
    assert person.whole is not None
    assert text[person.whole.start : person.whole.end].startswith("La porte-parole")


def test_a_known_person_has_the_side_of_that_day() -> None:
    mention = next(m for m in find("Sergueï Lavrov a parlé.", "fr") if m.kind == "person")
    assert mention.entity is not None
    assert (mention.entity.id, mention.side) == ("sergey-lavrov", "RUS")


def test_inflected_russian_names_are_found_whole_with_patronymic() -> None:
    text = "Переговоры с Сергеем Викторовичем Лавровым и Марко Рубио."
    assert [m.text for m in find(text, "ru") if m.kind == "person"] == ["Сергеем Викторовичем Лавровым", "Марко Рубио"]


def test_a_surname_with_another_given_name_is_another_person() -> None:
    mention = next(m for m in find("Novelist Michael Lavrov lives in Ohio.", "en") if m.kind == "person")
    assert mention.entity is None
    assert mention.text == "Michael Lavrov"


def test_a_candidate_named_in_full_is_known_by_surname_after() -> None:
    text = "Envoy Jane Doeson arrived. Doeson said nothing. Mr. Doeson left."
    people = [m for m in find(text, "en") if m.kind == "person"]
    assert [m.text for m in people] == ["Jane Doeson", "Doeson", "Doeson"]
    assert {m.name for m in people} == {"Jane Doeson"}


def test_a_middle_initial_across_a_line_break_belongs_to_the_name() -> None:
    doc = document("Talks between President Donald J.\nTrump and Vladimir Putin.", "en")
    people = [m.text for m in names().find(doc, [Span(0, len(doc.text))])]
    assert people[:1] == ["Donald J.\nTrump"]


def test_words_made_from_a_name_name_nobody() -> None:
    assert not [m for m in find("A pro-Trump crowd met.", "en") if m.kind == "person"]


def test_compound_adjectives_name_both_peoples() -> None:
    assert of_kind("Les relations américano-russes.", "fr", "people") == [("américano", "USA"), ("russes", "RUS")]
    assert of_kind("Российско-американский диалог.", "ru", "people") == [("Российско", "RUS"), ("американский", "USA")]


def test_acronyms_need_their_capitals() -> None:
    assert not [m for m in find("He told us about it.", "en") if m.kind == "state"]
    assert of_kind("US diplomats left.", "en", "state") == [("US", "USA")]


def test_a_body_gets_its_side_from_the_state_beside_it() -> None:
    text = "Les autorités américaines et le gouvernement cubain se parlent."
    assert [m.side for m in find(text, "fr") if m.kind == "institution"] == ["USA", "CUB"]


def test_role_nouns_point_at_the_holder_of_the_office_on_that_day() -> None:
    roles = [m for m in find("Le président américain a appelé le président russe.", "fr") if m.kind == "role"]
    assert [m.entity.id for m in roles if m.entity] == ["donald-trump", "vladimir-putin"]


def test_a_counterpart_holds_the_same_office_on_the_other_side() -> None:
    roles = [m for m in find("Marco Rubio called his Russian counterpart.", "en") if m.kind == "role"]
    assert [m.entity.id for m in roles if m.entity] == ["sergey-lavrov"]


def test_a_pronoun_means_the_person_the_sentence_before_was_about() -> None:
    pronoun = next(m for m in find("Tammy Bruce met the press. She was brief.", "en") if m.kind == "pronoun")
    assert pronoun.name == "Tammy Bruce"


def test_an_impersonal_il_means_nobody() -> None:
    assert not [m for m in find("Sergueï Lavrov est parti. Il faut attendre.", "fr") if m.kind == "pronoun"]


def test_mentions_never_overlap_and_quote_the_text() -> None:
    text = (
        "Le ministre russe des Affaires étrangères, Sergueï Lavrov, et l'administration Trump. "
        "Le Kremlin et l'ambassade de Russie à Washington attendent M. Rubio."
    )
    mentions = find(text, "fr")
    for one, other in pairwise(mentions):
        assert one.span.end <= other.span.start
    for mention in mentions:
        assert text[mention.span.start : mention.span.end] == mention.text


def test_nothing_is_found_outside_the_sentences_given() -> None:
    text = "Lavrov spoke. Share: Rubio"
    doc = document(text, "en")
    assert [m.text for m in names().find(doc, [Span(0, 13)])] == ["Lavrov"]


def test_persons_are_named_mentions_only() -> None:
    doc = document("Marco Rubio spoke. He left, the secretary of state said.", "en")
    mentions = names().find(doc, split(doc.text, "en"))
    people = names().persons(doc, mentions)
    assert [p.evidence.quote for p in people] == ["Marco Rubio"]
    for person in people:
        person.evidence.check(doc)


def test_another_pair_needs_no_other_code() -> None:
    doc = document("Le ministre cubain Bruno Rodríguez et M. Kerry se sont vus.", "fr", date(2015, 4, 14))
    found = names("CUB", "USA").find(doc, split(doc.text, "fr"))
    assert [(m.text, m.side) for m in found if m.kind == "person"] == [("Bruno Rodríguez", "CUB"), ("Kerry", "USA")]


def test_a_language_without_rules_names_nobody() -> None:
    assert names().find(document("Lavrov sprach.", "de"), [Span(0, 14)]) == ()


def test_spellings_of_one_name_sound_alike() -> None:
    assert folded_name("Alexandre Dartchiev") == folded_name("Alexander Darchiev")
    assert folded_name("Steve Witkoff") != folded_name("Steve Wittmann")


def test_deputies_do_not_hold_the_office() -> None:
    assert office_of("vice-ministre des Affaires étrangères", "fr") == ""
    assert office_of("официальный представитель МИД", "ru") == "spokesperson"


def test_unknown_russian_names_are_put_into_the_nominative() -> None:
    assert nominative("Марка Фогеля") == "Марк Фогель"


def test_a_name_card_behind_a_name_is_another_mention_of_the_person() -> None:
    text = "Участвовал помощник Пётр Громов Громов Пётр Ильич помощник Президента и посол Сербии."
    assert [name for name, _ in of_kind(text, "ru", "person")] == ["Пётр Громов", "Громов Пётр Ильич"]


# ---------------------------------------------------------------- whose side, from what stands around a name


def sides(text: str, language: str, *, pair: tuple[str, str] = ("RUS", "USA"), url: str = "") -> dict[str, str]:
    """Person -> side, in a text of a year in which none of these names is anybody's."""
    doc = replace(document(text, language, date(2021, 4, 9)), url=url)
    return {m.text: m.side for m in names(*pair).find(doc, split(text, language)) if m.kind == "person"}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The American Kevin Doe was held in Moscow.", {"Kevin Doe": "USA"}),
        ("fr", "L'Américain Kevin Doe est détenu à Moscou.", {"Kevin Doe": "USA"}),
        ("ru", "Американец Кевин Доу задержан в Москве.", {"Кевин Доу": "USA"}),
        ("en", "Russian banker Artem Zuev was extradited.", {"Artem Zuev": "RUS"}),
        ("fr", "La basketteuse américaine Mary Roe a été libérée.", {"Mary Roe": "USA"}),
        ("fr", "Robert Zouev, un ancien employé russe du consulat américain, est jugé.", {"Robert Zouev": "RUS"}),
        ("ru", "Гражданка США Мэри Роу освобождена.", {"Мэри Роу": "USA"}),
    ],
)
def test_a_nationality_beside_a_name_is_a_side(language: str, text: str, expected: dict[str, str]) -> None:
    assert sides(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "Three American citizens were released in Minsk: Kevin Doe, Mary Roe and Alan Poe.",
            {"Kevin Doe": "USA", "Mary Roe": "USA", "Alan Poe": "USA"},
        ),
        ("en", "Two Americans, Kevin Doe and Mary Roe, flew home.", {"Kevin Doe": "USA", "Mary Roe": "USA"}),
        ("en", "Americans and Russians were named: Kevin Doe and Mary Roe.", {"Kevin Doe": "", "Mary Roe": ""}),
        (
            "fr",
            "Trois ressortissants américains ont été libérés : Kevin Doe, Mary Roe et Alan Poe.",
            {"Kevin Doe": "USA", "Mary Roe": "USA", "Alan Poe": "USA"},
        ),
        ("ru", "Освобождены двое граждан США: Кевин Доу и Мэри Роу.", {"Кевин Доу": "USA", "Мэри Роу": "USA"}),
        ("ru", "Двое американцев, Кевин Доу и Мэри Роу, вернулись.", {"Кевин Доу": "USA", "Мэри Роу": "USA"}),
    ],
)
def test_those_listed_after_nationals_are_of_their_side(language: str, text: str, expected: dict[str, str]) -> None:
    assert sides(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "The first secretary of the American embassy, Kevin Doe, and the second secretary, Alan Poe, must leave.",
            {"Kevin Doe": "USA", "Alan Poe": "USA"},
        ),
        (
            "fr",
            "Le premier secrétaire de l'ambassade américaine, Kevin Doe, et le deuxième secrétaire, Alan Poe, partent.",
            {"Kevin Doe": "USA", "Alan Poe": "USA"},
        ),
        (
            "ru",
            "Первый секретарь посольства США Кевин Доу и второй секретарь Алан Поу должны уехать.",
            {"Кевин Доу": "USA", "Алан Поу": "USA"},
        ),
    ],
)
def test_a_second_title_in_a_row_is_of_the_first_one_s_side(language: str, text: str, expected: dict[str, str]) -> None:
    assert sides(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "Sergey Lavrov met his counterpart Kevin Doe.", "Kevin Doe"),
        ("en", "Lavrov and his American counterpart, Kevin Doe, agreed.", "Kevin Doe"),
        ("fr", "Sergueï Lavrov a reçu son homologue Kevin Doe.", "Kevin Doe"),
        ("ru", "Сергей Лавров встретился со своим коллегой Кевином Доу.", "Кевином Доу"),
        ("en", "Russia summoned the ambassador, Kevin Doe, on Tuesday.", "Kevin Doe"),
        ("fr", "Moscou a convoqué l'ambassadeur Kevin Doe.", "Kevin Doe"),
        ("ru", "МИД России вызвал посла Кевина Доу.", "Кевина Доу"),
    ],
)
def test_a_counterpart_or_summoned_envoy_is_of_the_other_side(language: str, text: str, name: str) -> None:
    assert sides(text, language)[name] == "USA"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Paris recalled its ambassador to Algiers, Jean Dupre, for consultations."),
        ("fr", "Paris a rappelé pour consultations son ambassadeur à Alger, Jean Dupre."),
    ],
)
def test_a_state_s_own_envoy_is_of_its_side(language: str, text: str) -> None:
    assert sides(text, language, pair=("DZA", "FRA")) == {"Jean Dupre": "FRA"}


def test_an_official_on_a_body_s_own_site_is_of_its_side() -> None:
    text = "Senior Advisor Kevin Doe will travel to Geneva. French President Paul Noir will attend."
    assert sides(text, "en", url="https://www.whitehouse.gov/x") == {"Kevin Doe": "USA", "Paul Noir": "FRA"}
    assert sides(text, "en")["Kevin Doe"] == ""


def test_a_name_keeps_its_particle_and_a_given_name_before_another_family_name() -> None:
    assert sides("Le cheikh Amr al-Hamami a parlé.", "fr") == {"Amr al-Hamami": ""}
    assert set(sides("« Non », écrit Paul Deng, analyste.", "fr")) == {"Paul Deng"}


def test_the_white_house_is_nobody_s_surname_in_french() -> None:
    assert sides("La Maison Blanche a fait savoir mercredi qu'il viendrait.", "fr") == {}


def people(text: str, language: str, day: date) -> list[Mention]:
    return [m for m in find(text, language, day) if m.kind == "person"]


def test_a_signature_in_capitals_is_a_person() -> None:
    text = "I hereby report that I have issued the order.\nJOSEPH R. BIDEN JR.\nTHE WHITE HOUSE,\nMarch 8, 2022."
    assert [m.text for m in people(text, "en", date(2022, 3, 8))] == ["Joseph R. Biden"]


def test_a_given_name_alone_is_whoever_was_named_in_full() -> None:
    text = "Brittney Griner was freed on Thursday. The President thanked all who worked on behalf of Brittney."
    found = people(text, "en", date(2022, 12, 9))
    assert [m.text for m in found] == ["Brittney Griner", "Brittney"]
    assert len({m.entity for m in found}) == 1


def test_kin_share_a_family_name() -> None:
    text = "President Biden met with Yulia and Anna Navalnaya today."
    assert [m.text for m in people(text, "en", date(2024, 2, 22))][1:] == ["Yulia", "Anna Navalnaya"]


def test_a_name_goes_on_behind_whose_son_it_says() -> None:
    text = "President Biden spoke today with King Salman bin Abdulaziz al-Saud of Saudi Arabia."
    assert len(people(text, "en", date(2022, 2, 9))) == 2


def test_people_listed_with_known_ones_are_people() -> None:
    text = "The families of Siamak Namazi, Morad Tahbaz, Emad Shargi and two others wait."
    assert len(people(text, "en", date(2023, 8, 10))) == 3


def test_a_long_line_of_capitals_is_no_signature() -> None:
    text = f"Jane Roe met Donald Trump.\nAA {'B' * 200_000}\nJOINT STATEMENT OF THE PARTIES"
    assert [m.text for m in people(text, "en", date(2025, 3, 8))] == ["Jane Roe", "Donald Trump"]
