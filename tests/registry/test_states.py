"""Every state can be named, in three languages and in the forms that newspapers use."""

import pytest

from detente.errors import RegistryError
from detente.registry import load
from detente.terms import LANGUAGES

REGISTRY = load()


def names(entity: str, language: str) -> tuple[str, ...]:
    return dict(REGISTRY.entities[entity].names)[language]


def test_the_193_members_two_observers_kosovo_taiwan_and_the_union_are_there():
    by_status = {
        status: [c for c, s in REGISTRY.states.items() if s.status == status]
        for status in ("member", "observer", "other", "union")
    }
    assert len(by_status["member"]) == 193
    assert sorted(by_status["observer"]) == ["PSE", "VAT"]
    assert sorted(by_status["other"]) == ["TWN", "XKX"]
    assert by_status["union"] == ["EUR"]


@pytest.mark.parametrize("code", sorted(REGISTRY.states))
def test_a_state_has_name_adjective_and_capital_in_three_languages(code):
    state = REGISTRY.states[code]
    if state.status != "union":  # Brussels is Belgium's
        capital = REGISTRY.entities[state.capital]
        assert REGISTRY.city_country(state.capital) == code
        for language in LANGUAGES:
            assert dict(capital.names)[language], f"{state.capital} has no name in {language}"
    for language in LANGUAGES:
        assert REGISTRY.state_name(code, language)
        assert dict(state.entity.names)[language][0] == REGISTRY.state_name(code, language)
        assert state.adjectives_in(language), f"{code} has no adjective in {language}"


def test_no_adjective_belongs_to_two_states():
    for language in LANGUAGES:
        owner: dict[str, str] = {}
        for code, state in REGISTRY.states.items():
            for form in state.adjectives_in(language):
                assert owner.setdefault(form, code) == code, f"{form!r}: {owner[form]} and {code}"


def test_no_form_names_two_states_or_a_state_and_a_city():
    for language in LANGUAGES:
        owner: dict[str, str] = {}
        for entity in REGISTRY.entities.values():
            if entity.kind in ("state", "city"):
                for form in dict(entity.names)[language]:
                    assert owner.setdefault(form, entity.id) == entity.id, f"{form!r}: {owner[form]} and {entity.id}"


def test_no_form_names_two_institutions():
    for language in LANGUAGES:
        owner: dict[str, str] = {}
        for entity in REGISTRY.entities.values():
            if entity.kind in ("institution", "group"):
                for form in dict(entity.names).get(language, ()):
                    assert owner.setdefault(form, entity.id) == entity.id, f"{form!r}: {owner[form]} and {entity.id}"


@pytest.mark.parametrize(
    ("form", "entity", "language"),
    [
        ("Etats-Unis", "USA", "fr"),
        ("U.S.", "USA", "en"),
        ("Соединённых Штатах", "USA", "ru"),
        ("Royaume-Uni", "GBR", "fr"),
        ("Britain", "GBR", "en"),
        ("РФ", "RUS", "ru"),
        ("Российской Федерацией", "RUS", "ru"),
        ("КНДР", "PRK", "ru"),
        ("Объединенных Арабских Эмиратах", "ARE", "ru"),
        ("Côte d'Ivoire", "CIV", "fr"),
        ("Боснией и Герцеговиной", "BIH", "ru"),
        ("Маршалловых Островов", "MHL", "ru"),
        ("Стамбуле", "istanbul", "ru"),
        ("Эр-Рияде", "riyadh", "ru"),
        ("Санкт-Петербурга", "st-petersburg", "ru"),
        ("Ростове-на-Дону", "rostov", "ru"),
        ("Абу-Даби", "abu-dhabi", "ru"),
        ("Белого дома", "white-house", "ru"),
        ("Госдепом", "state-department", "ru"),
        ("Minsk", "minsk", "fr"),
        ("Cuba's foreign ministry", "mfa-cub", "en"),
        ("ministère cubain des Affaires étrangères", "mfa-cub", "fr"),
        ("ministère des Affaires étrangères d'Iran", "mfa-irn", "fr"),
        ("кубинского МИДа", "mfa-cub", "ru"),
        ("посольством Саудовской Аравии", "embassy-sau", "ru"),
        ("Совбезе РФ", "russia-security-council", "ru"),
    ],
)
def test_a_form_that_newspapers_use_is_known(form, entity, language):
    assert form in names(entity, language)


@pytest.mark.parametrize(
    ("form", "code", "language"),
    [
        ("américaines", "USA", "fr"),
        ("grecque", "GRC", "fr"),
        ("Égyptiens", "EGY", "fr"),
        ("Egyptiens", "EGY", "fr"),
        ("ouzbèkes", "UZB", "fr"),
        ("Frenchmen", "FRA", "en"),
        ("North Korean", "PRK", "en"),
        ("американскими", "USA", "ru"),
        ("россиян", "RUS", "ru"),
        ("китайцев", "CHN", "ru"),
        ("турком", "TUR", "ru"),
        ("эритрейцам", "ERI", "ru"),
    ],
)
def test_an_inflected_adjective_or_demonym_is_known(form, code, language):
    assert form in REGISTRY.states[code].adjectives_in(language)


def test_first_halves_of_compounds_end_in_a_hyphen_and_belong_to_one_state():
    for language in LANGUAGES:
        owner: dict[str, str] = {}
        for code, state in REGISTRY.states.items():
            for prefix in state.prefixes_in(language):
                assert prefix.endswith("-")
                assert owner.setdefault(prefix, code) == code, f"{prefix!r}: {owner[prefix]} and {code}"
    assert "américano-" in REGISTRY.states["USA"].prefixes_in("fr")
    assert "российско-" in REGISTRY.states["RUS"].prefixes_in("ru")


def test_codes_of_two_and_three_letters_lead_to_alpha_3():
    assert [REGISTRY.alpha3(code) for code in ("us", "USA", "GB", "xk", "XKX", "HK", "hkg")] == [
        "USA", "USA", "GBR", "XKX", "XKX", "HKG", "HKG",
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["", "XX", "ZZZ", "DDR", "RUSSIA", "U"])
def test_an_unknown_code_is_refused(code):
    with pytest.raises(RegistryError, match="no ISO 3166-1 code"):
        REGISTRY.alpha3(code)


def test_a_state_or_language_that_is_unknown_has_no_name():
    with pytest.raises(RegistryError, match="ZZZ"):
        REGISTRY.state_name("ZZZ", "fr")
    with pytest.raises(RegistryError, match="'de'"):
        REGISTRY.state_name("RUS", "de")


def test_a_venue_lies_in_a_country_and_speaks_for_none():
    for city in ("geneva", "istanbul", "jeddah", "anchorage", "munich", "sharm-el-sheikh"):
        assert REGISTRY.city_country(city)
        assert REGISTRY.entities[city].side == REGISTRY.entities[city].stands_for == ""
    assert REGISTRY.entities["moscow"].stands_for == "RUS"
    # Brussels speaks for the Union more often than for Belgium.
    assert REGISTRY.entities["brussels"].stands_for == ""


def test_the_union_takes_part_as_states_do():
    assert {REGISTRY.entities[body].side for body in ("EUR", "european-commission", "eeas")} == {"EUR"}
    assert REGISTRY.alpha3("EU") == "EUR"


def test_an_international_body_speaks_for_no_state():
    for body in (
        "united-nations",
        "nato",
        "osce",
        "iaea",
        "brics",
        "g7",
        "g20",
    ):
        assert REGISTRY.entities[body].side == ""


def test_a_decoy_is_no_name_and_holds_one():
    every = {form for e in REGISTRY.entities.values() for _, given in e.names for form in given}
    assert not REGISTRY.decoys & every
    assert {"Latin America", "mer du Japon", "Персидского залива"} <= REGISTRY.decoys
