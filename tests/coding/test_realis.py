"""Tense, voice and negation of a verb, and what they make of an event."""

from __future__ import annotations

import pytest

from detente.coding.events_lexicon import lexicon, tokens
from detente.coding.realis import Group, Sign, decide, group


def read_verb(text: str, language: str, act: str) -> Group:
    words = tokens(text, language)
    hit = next(h for h in lexicon(language).hits(words) if h.name == act and h.kind == "verb")
    return group(words, hit, language)


@pytest.mark.parametrize(
    ("text", "language", "act", "tense", "passive", "negated"),
    [
        ("Talks were suspended", "en", "suspend", "past", True, False),
        ("Talks will be suspended", "en", "suspend", "future", True, False),
        ("Moscow has not suspended talks", "en", "suspend", "past", False, True),
        ("Moscow had suspended talks", "en", "suspend", "pluperfect", False, False),
        ("Moscow would suspend talks", "en", "suspend", "prospective", False, False),
        ("Moscow could suspend talks", "en", "suspend", "conditional", False, False),
        ("Moscow wants to suspend talks", "en", "suspend", "infinitive", False, False),
        ("Moscow will continue suspending talks", "en", "suspend", "future", False, False),
        ("Moscow does not currently plan to suspend talks", "en", "suspend", "future", False, True),
        ("Moscow no longer plans to suspend talks", "en", "suspend", "future", False, True),
        ("Moscow refrained from suspending talks", "en", "suspend", "past", False, True),
        ("Moscow has no intention of suspending talks", "en", "suspend", "future", False, True),
        ("Moscow is considering suspending talks", "en", "suspend", "conditional", False, False),
        ("Moscow has not ruled out the option of suspending talks", "en", "suspend", "conditional", False, False),
        ("Moscow nearly suspended talks", "en", "suspend", "conditional", False, False),
        ("Neither Moscow nor Washington suspended talks", "en", "suspend", "past", False, True),
        ("Moscow, which did not attend, plans to suspend talks", "en", "suspend", "infinitive", False, False),
        ("Moscou n'a pas l'intention de suspendre le traité", "fr", "suspend", "future", False, True),
        ("Moscou n'entendait pas lever l'embargo", "fr", "lift", "future", False, True),
        ("Москва не намерена приостанавливать переговоры", "ru", "suspend", "future", False, True),
        ("Les pourparlers se sont tenus", "fr", "occur", "past", False, False),
        ("Les pourparlers s'étaient déjà tenus", "fr", "occur", "pluperfect", False, False),
        ("Les pourparlers se tiendront", "fr", "occur", "future", False, False),
        ("Les pourparlers seront suspendus", "fr", "suspend", "future", True, False),
        ("Moscou n'a pas suspendu le traité", "fr", "suspend", "past", False, True),
        ("Moscou aurait suspendu le traité", "fr", "suspend", "claimed", False, False),
        ("Moscou va suspendre le traité", "fr", "suspend", "future", False, False),
        ("Moscou va reporter les pourparlers", "fr", "postpone", "future", False, False),
        ("Moscou a, mardi, suspendu le traité", "fr", "suspend", "past", False, False),
        ("Moscou n'a pas réussi mardi à suspendre le traité", "fr", "suspend", "past", False, True),
        ("Nous n'allons pas suspendre le traité", "fr", "suspend", "future", False, True),
        ("Стороны встретились", "ru", "meet", "past", False, False),
        ("Стороны встретятся", "ru", "meet", "future", False, False),
        ("Стороны не встретились", "ru", "meet", "past", False, True),
        ("Переговоры будут приостановлены", "ru", "suspend", "future", True, False),
        ("Переговоры приостановлены", "ru", "suspend", "past", True, False),
    ],
)
def test_a_verb_group_shows_tense_voice_and_negation(
    text: str, language: str, act: str, tense: str, passive: bool, negated: bool
) -> None:
    found = read_verb(text, language, act)
    assert (found.tense, found.passive, found.negated) == (tense, passive, negated)


def test_an_adjective_from_a_verb_is_no_act() -> None:
    assert read_verb("They buy sanctioned oil", "en", "penalize").bare
    assert not read_verb("They sanctioned two banks", "en", "penalize").bare


def test_the_auxiliary_holds_for_a_second_participle() -> None:
    assert read_verb("Delhi a expulsé un diplomate et suspendu le traité", "fr", "suspend").tense == "past"


def test_a_day_before_a_form_in_ed_makes_it_the_verb_of_the_sentence() -> None:
    assert read_verb("Peru on Monday condemned as baseless the charges made by Chile.", "en", "condemn").tense == "past"
    assert read_verb("A man condemned as a spy is in prison.", "en", "condemn").bare


def test_future_is_planned_and_past_has_happened() -> None:
    assert decide(Group("future", False, False, 0), [], later=None)[0] == "planned"
    assert decide(Group("past", False, False, 0), [], later=False)[0] == "happened"


def test_a_past_verb_with_a_day_to_come_is_planned() -> None:
    assert decide(Group("past", False, False, 0), [], later=True)[0] == "planned"


def test_would_is_a_plan_where_someone_said_so_and_a_thought_elsewhere() -> None:
    would = Group("prospective", False, False, 0)
    assert decide(would, [], later=None, reported=True)[0] == "planned"
    assert decide(would, [], later=None)[0] == "hypothetical"


def test_a_denial_wins_over_the_tense() -> None:
    sign = Sign("denied", 0, 0)
    assert decide(Group("past", False, False, 3), [sign], later=None) == ("denied", sign)


def test_a_plan_looked_back_on_stays_a_plan() -> None:
    assert decide(Group("infinitive", False, False, 2), [Sign("expected", 0, 1)], later=False)[0] == "planned"


@pytest.mark.parametrize(
    ("phrase", "language", "name"),
    [
        ("prévue", "fr", "future"),
        ("n'a pas eu lieu", "fr", "cancelled"),
        ("запланированную", "ru", "future"),
        ("опровергли", "ru", "denied"),
        ("called off", "en", "cancelled"),
        ("whether", "en", "void"),
        ("not yet said when", "en", "void"),
        ("pas encore précisé", "fr", "void"),
        ("не уточнил", "ru", "void"),
    ],
)
def test_signs_are_found_with_any_ending_and_across_words(phrase: str, language: str, name: str) -> None:
    assert name in {found for found, _, _ in lexicon(language).signs.find(tokens(phrase, language))}
