"""Names of people: variants, cases, surnames that are too common to stand alone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import RegistryError
from detente.registry import inflect_ru, load
from detente.terms import LANGUAGES, Entity, Role

REGISTRY = load()


def names(person: str, language: str) -> tuple[str, ...]:
    return dict(REGISTRY.entities[person].names)[language]


def test_every_person_has_names_in_three_languages():
    for entity in REGISTRY.entities.values():
        if entity.kind == "person":
            for language in LANGUAGES:
                assert dict(entity.names)[language], f"{entity.id} has no name in {language}"


@pytest.mark.parametrize(
    ("person", "language", "form"),
    [
        ("sergey-lavrov", "en", "Sergei Lavrov"),
        ("sergey-lavrov", "en", "Lavrov"),
        ("sergey-lavrov", "fr", "Sergueï Lavrov"),
        ("sergey-lavrov", "ru", "Сергеем Лавровым"),
        ("sergey-lavrov", "ru", "Сергея Викторовича Лаврова"),
        ("sergey-lavrov", "ru", "С.В. Лавров"),
        ("alexander-darchiev", "fr", "Alexandre Dartchiev"),
        ("alexander-darchiev", "en", "Alexander Darchiyev"),
        ("kirill-dmitriev", "ru", "Кириллу Дмитриеву"),
        ("steve-witkoff", "ru", "Уиткоффом"),
        ("marco-rubio", "ru", "Марко Рубио"),
        ("maria-zakharova", "ru", "Марии Захаровой"),
        ("tammy-bruce", "ru", "Тэмми Брюс"),
        ("recep-tayyip-erdogan", "fr", "Erdogan"),
        ("recep-tayyip-erdogan", "ru", "Эрдогана"),
        ("jonas-gahr-store", "en", "Gahr Store"),
        ("bruno-rodriguez", "en", "Bruno Rodriguez"),
        ("xi-jinping", "ru", "Си Цзиньпином"),
        ("kim-jong-un", "ru", "Ким Чен Ына"),
        ("jd-vance", "ru", "Джей Ди Вэнсом"),
        ("alexander-van-der-bellen", "ru", "Александра Ван дер Беллена"),
        ("charles-iii", "ru", "короля Карла III"),
        ("volodymyr-zelensky", "ru", "Зеленского"),
        ("volodymyr-zelensky", "en", "Volodymyr Zelenskyy"),
        ("mohammed-bin-salman", "fr", "Mohammed ben Salmane"),
        ("abbas-araghchi", "en", "Araqchi"),
    ],
)
def test_a_written_form_of_a_person_is_known(person, language, form):
    assert form in names(person, language)


def test_the_first_form_is_the_whole_name():
    assert [names("sergey-lavrov", language)[0] for language in LANGUAGES] == [
        "Sergueï Lavrov",
        "Sergey Lavrov",
        "Сергей Лавров",
    ]


def test_a_common_surname_needs_the_full_name_beside_it():
    assert REGISTRY.needs_full_name("tammy-bruce")
    assert "Bruce" in REGISTRY.weak_names("tammy-bruce")
    assert "Tammy Bruce" not in REGISTRY.weak
    assert "Ван" in REGISTRY.weak_names("wang-yi")
    assert not REGISTRY.needs_full_name("sergey-lavrov")
    assert not REGISTRY.needs_full_name("marco-rubio")


def test_a_surname_that_two_people_share_is_weak_for_both():
    assert "Rodríguez" in REGISTRY.weak_names("bruno-rodriguez")
    assert "Rodríguez" in REGISTRY.weak_names("delcy-rodriguez")


def test_a_surname_that_is_also_a_place_or_people_is_weak():
    assert "Montenegro" in REGISTRY.weak_names("luis-montenegro")
    assert "Turk" in REGISTRY.weak_names("volker-turk")


def test_who_has_weak_forms_has_a_strong_one_or_a_country():
    for identity in REGISTRY.entities:
        if REGISTRY.city_country(identity):
            continue
        weak = REGISTRY.weak_names(identity)
        for language, given_names in REGISTRY.entities[identity].names:
            assert not weak or not given_names or set(given_names) - weak, f"{identity}: every {language} form is weak"


def test_an_abbreviation_matches_only_as_it_is_written():
    assert {"US", "UK", "EU", "UN", "США", "ООН", "ЕС", "ONU", "UE"} <= REGISTRY.exact


def test_an_extra_person_is_added_with_surname_and_cases():
    nina = Entity("nina-orlova", "person", (("en", ("Nina Orlova",)), ("ru", ("Нина Орлова",))))
    forms = dict(REGISTRY.with_entities([nina]).entities["nina-orlova"].names)
    assert "Orlova" in forms["en"]
    assert {"Нины Орловой", "Орловой"} <= set(forms["ru"])
    assert "nina-orlova" not in REGISTRY.entities


def test_an_extra_role_replaces_ours_and_names_are_put_together():
    role = Role((("en", "negotiator"),), "RUS")
    merged = REGISTRY.with_entities(
        [Entity("kirill-dmitriev", "person", (("en", ("K. A. Dmitriev",)),), roles=(role,))]
    )
    one = merged.entities["kirill-dmitriev"]
    assert one.roles == (role,)
    assert one.name_in("en") == "K. A. Dmitriev"
    assert "Kirill Dmitriev" in dict(one.names)["en"]
    assert dict(one.names)["ru"] == names("kirill-dmitriev", "ru")


def test_an_extra_name_of_a_state_is_a_name_of_the_state_everywhere():
    merged = REGISTRY.with_entities([Entity("CUB", "state", (("en", ("Pearl of the Antilles",)),))])
    assert merged.states["CUB"].entity is merged.entities["CUB"]
    assert "Cuba" in dict(merged.entities["CUB"].names)["en"]


def test_an_extra_entity_cannot_change_what_a_known_one_is():
    with pytest.raises(RegistryError, match="moscow"):
        REGISTRY.with_entities([Entity("moscow", "person", (("en", ("Moscow",)),))])


def test_an_extra_person_makes_a_shared_surname_weak():
    other = Entity("anna-lavrova", "person", (("en", ("Anna Lavrov",)),))
    assert "Lavrov" in REGISTRY.with_entities([other]).weak_names("sergey-lavrov")


@pytest.mark.parametrize(
    ("name", "kind", "form"),
    [
        ("Илья Яшин", "person", "Ильи Яшина"),
        ("Пётр Порошенко", "person", "Петра Порошенко"),
        ("Стив Уиткофф", "person", "Стиву Уиткоффу"),
        ("Анджей Дуда", "person", "Анджея Дуды"),
        ("Александр Вучич", "person", "Александром Вучичем"),
        ("Ангела Меркель", "person", "Ангелы Меркель"),
        ("Красная площадь", "noun", "Красной площади"),
        ("Министерство иностранных дел", "noun", "Министерству иностранных дел"),
        ("Соединенные Штаты", "noun", "Соединенным Штатам"),
        ("российский", "adjective", "российскую"),
        ("чужой", "adjective", "чужого"),
        ("иранец", "people", "иранцев"),
    ],
)
def test_a_russian_name_goes_through_its_cases(name, kind, form):
    assert form in inflect_ru(name, kind=kind)


@given(st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюя -", min_size=1, max_size=24))
def test_any_name_keeps_its_own_form_first(text):
    name = " ".join(text.title().split())
    if name:
        assert inflect_ru(name, kind="person")[0] == name
        assert inflect_ru(name, kind="noun")[0] == name


def test_a_name_that_ends_in_a_hyphen_stays_as_it_is():
    assert inflect_ru("-- x", kind="person") == ("-- x",)


@pytest.mark.parametrize("kind", ["person", "noun", "adjective", "people"])
def test_an_empty_name_is_refused(kind):
    with pytest.raises(RegistryError, match="empty"):
        inflect_ru("  ", kind=kind)


@pytest.mark.parametrize(
    ("person", "side", "title"),
    [
        ("edward-snowden", "USA", "whistleblower"),
        ("evan-gershkovich", "USA", "journalist"),
        ("viktor-bout", "RUS", "businessman"),
        ("boualem-sansal", "DZA", "writer"),
    ],
)
def test_a_person_without_office_has_a_side_on_any_day(person, side, title):
    one = REGISTRY.entities[person]
    assert one.side_on(date(2013, 8, 1)) == one.side_on(date(2025, 1, 1)) == side
    assert one.roles[0].title_in("en") == title
    assert not one.roles[0].office


def test_a_surname_that_is_an_everyday_word_never_stands_alone():
    for person, word in (("todd-blanche", "Blanche"), ("jeff-sessions", "Sessions"), ("tom-rose", "Rose")):
        assert all(word not in given for _, given in REGISTRY.entities[person].names)
