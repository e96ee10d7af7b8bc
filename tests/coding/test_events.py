"""Events in three languages and several pairs of states, on sentences written for these tests."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.coding.reports import day, events, one, reading

from detente.codebook import quad
from detente.coding.events import find_events
from detente.coding.events_lexicon import lexicon, read_rule, rules
from detente.coding.merging import merge
from detente.dossier import Phrase
from detente.errors import CodingError
from detente.languages import table
from detente.terms import LANGUAGES, Event, Language, Span

SEED = Path(__file__).parents[3] / "shared" / "seed" / "article.fr.txt"


# ---------------------------------------------------------------- the same event in three languages


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "India expelled two Pakistani diplomats on 23 April 2025."),
        ("fr", "L'Inde a expulsé deux diplomates pakistanais le 23 avril 2025."),
        ("ru", "Индия выслала двух пакистанских дипломатов 23 апреля 2025 года."),
    ],
)
def test_an_expulsion_of_diplomats_is_one_coding_in_all_three_languages(language: str, text: str) -> None:
    event = one(events(text, language, "IND-PAK", "2025-04-24"), "SANCTION")
    assert (event.mode, event.sides, day(event), event.realis) == ("expel", ("IND", "PAK"), "2025-04-23", "happened")
    assert {p.side for p in event.actors} == {"IND"}
    assert {p.side for p in event.recipients} == {"PAK"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Russian-American talks were held in Istanbul on 10 April 2025."),
        ("fr", "Des pourparlers russo-américains se sont tenus à Istanbul le 10 avril 2025."),
        ("ru", "10 апреля 2025 года в Стамбуле прошли российско-американские переговоры."),
    ],
)
def test_a_venue_is_the_place_and_never_a_party(language: str, text: str) -> None:
    event = one(events(text, language), "CONSULT")
    assert event.sides == ("RUS", "USA")
    assert not event.recipients
    assert event.place == "istanbul"
    assert day(event) == "2025-04-10"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Foreign ministers of Iran and Saudi Arabia will meet in Beijing on 6 April."),
        (
            "fr",
            "Les ministres des Affaires étrangères d'Iran et d'Arabie saoudite se rencontreront à Pékin le 6 avril.",
        ),
        ("ru", "Министры иностранных дел Ирана и Саудовской Аравии встретятся в Пекине 6 апреля."),
    ],
)
def test_a_meeting_announced_for_a_day_is_a_planned_meeting(language: str, text: str) -> None:
    event = one(events(text, language, "IRN-SAU", "2023-04-03"), "CONSULT")
    assert (event.realis, day(event), event.place) == ("planned", "2023-04-06", "beijing")
    assert event.sides == ("IRN", "SAU")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Consultations between Russia and the United States were cancelled on Monday."),
        ("fr", "Les consultations entre la Russie et les États-Unis ont été annulées lundi."),
        ("ru", "Консультации между Россией и США были отменены в понедельник."),
    ],
)
def test_a_cancelled_meeting_is_a_refusal_to_meet(language: str, text: str) -> None:
    event = one(events(text, language, published="2025-06-17"), "REJECT")
    assert (event.mode, event.realis, event.sides) == ("meet", "cancelled", ("RUS", "USA"))
    assert day(event) == "2025-06-16"


# ---------------------------------------------------------------- types


@pytest.mark.parametrize(
    ("text", "language", "dyad", "kind", "mode", "actor"),
    [
        ("Pakistan summoned the Indian ambassador on Tuesday.", "en", "IND-PAK", "ACCUSE", "disapprove", "PAK"),
        ("Havana released an American contractor on Tuesday.", "en", "CUB-USA", "RETREAT", "release", "CUB"),
        ("Washington lifted sanctions on two Cuban banks on Tuesday.", "en", "CUB-USA", "RETREAT", "", "USA"),
        ("Washington imposed sanctions on Cuba on Tuesday.", "en", "CUB-USA", "SANCTION", "discontinue", "USA"),
        ("Riyad a rompu mardi ses relations avec Téhéran.", "fr", "IRN-SAU", "SANCTION", "discontinue", "SAU"),
        ("Téhéran a convoqué mardi l'ambassadeur saoudien.", "fr", "IRN-SAU", "ACCUSE", "disapprove", "IRN"),
        ("Во вторник Россия нанесла удар по Украине.", "ru", "RUS-UKR", "ASSAULT", "", "RUS"),
        ("США во вторник ввели санкции против Кубы.", "ru", "CUB-USA", "SANCTION", "discontinue", "USA"),
        ("L'Iran a menacé mardi de frapper l'Arabie saoudite.", "fr", "IRN-SAU", "THREATEN", "violence", "IRN"),
        ("India on Tuesday refused to hold talks with Pakistan.", "en", "IND-PAK", "REJECT", "meet", "IND"),
        ("Islamabad on Tuesday proposed talks to India.", "en", "IND-PAK", "REQUEST", "meet", "PAK"),
    ],
)
def test_an_act_has_its_plover_type_mode_and_actor(
    text: str, language: str, dyad: str, kind: str, mode: str, actor: str
) -> None:
    event = one(events(text, language, dyad, "2025-06-18"), kind)
    assert event.mode == mode
    assert {p.side for p in event.actors} == {actor}
    assert day(event) == "2025-06-17"


@pytest.mark.parametrize(
    ("text", "dyad", "kind", "date", "realis"),
    [
        (
            "Премьер-министр Перу прибыл в Сантьяго, подчеркнув важность диалога.",
            "CHL-PER",
            "CONSULT",
            "2025-06-18",
            "happened",
        ),
        ("Перу запретило ввоз чилийских товаров во вторник.", "CHL-PER", "SANCTION", "2025-06-17", "happened"),
        ("Стороны обменялись упрёками.", "CHL-PER", "ACCUSE", "2025-06-18", "happened"),
        ("Президент Перу поручил снять пошлины на чилийские товары.", "CHL-PER", "CONCEDE", "2025-06-18", "happened"),
        ("Чили не признало претензий Перу.", "CHL-PER", "REJECT", "2025-06-18", "happened"),
        ("Договор подписан в Женеве во вторник.", "CHL-PER", "AGREE", "2025-06-17", "happened"),
    ],
)
def test_a_russian_report_on_two_is_read_though_it_names_one_or_neither(
    text: str, dyad: str, kind: str, date: str, realis: str
) -> None:
    event = one(events(text, "ru", dyad, "2025-06-18"), kind)
    assert event.sides == tuple(dyad.split("-"))
    assert (day(event), event.realis) == (date, realis)


def test_a_meeting_put_off_is_a_refusal_and_a_meeting_that_will_not_be() -> None:
    coded = events(
        "Отложенный в феврале визит министра Перу в Сантьяго начнётся 18 июля.", "ru", "CHL-PER", "2025-06-18"
    )
    assert [(e.type, day(e)) for e in coded if e.type == "REJECT"] == [("REJECT", "2025-02")]
    assert ("CONSULT", "2025-07-18", "planned") in [(e.type, day(e), e.realis) for e in coded]


def test_a_mediator_that_hosts_the_talks_is_no_party() -> None:
    event = one(
        events(
            "Iran and Saudi Arabia agreed on 10 March 2023 to reopen embassies after talks hosted by China.",
            "en",
            "IRN-SAU",
        ),
        "AGREE",
    )
    assert event.sides == ("IRN", "SAU")
    assert event.track == "embassies"


def test_a_visitor_is_the_actor_and_whom_he_meets_the_recipients() -> None:
    text = "En avril 2025, Sergueï Lavrov s'est rendu à Washington pour s'entretenir avec Marco Rubio et Donald Trump."
    event = one(events(text, "fr"), "CONSULT")
    assert event.mode == "visit"
    assert [p.entity for p in event.actors] == ["sergey-lavrov"]
    assert [p.entity for p in event.recipients] == ["marco-rubio", "donald-trump"]
    assert (day(event), event.place) == ("2025-04", "washington")


def test_an_ambassador_goes_from_the_sender_to_where_he_is_sent() -> None:
    event = one(events("Cuba named a new ambassador to the United States on 3 May 2015.", "en", "CUB-USA"), "AGREE")
    assert {p.side for p in event.actors} == {"CUB"}
    assert {p.side for p in event.recipients} == {"USA"}


def test_an_offer_is_cooperation_proposed_and_its_willingness_dated_by_its_own_year() -> None:
    event = one(events("En 2025, la Russie a réitéré sa volonté de fournir du gaz aux États-Unis.", "fr"), "COOPERATE")
    assert (event.realis, day(event), event.sides) == ("proposed", "2025", ("RUS", "USA"))


# ---------------------------------------------------------------- parties and dates


def test_the_two_sides_are_those_the_story_is_about() -> None:
    text = "Indian and Pakistani officials met in Dubai on 5 May 2025. The two sides agreed to restore visas."
    event = one(events(text, "en", "IND-PAK", "2025-05-06"), "AGREE")
    assert event.sides == ("IND", "PAK")
    assert event.event_date is not None
    assert (event.event_date.value, event.event_date.basis) == ("2025-05-05", "narrative")


def test_the_day_of_speaking_is_not_the_day_of_what_is_announced() -> None:
    text = "Moscow said on Tuesday that Russian and American officials will meet in Vienna on 27 June."
    event = one(events(text, "en", published="2025-06-18"), "CONSULT")
    assert (day(event), event.realis) == ("2025-06-27", "planned")


def test_the_speaker_named_after_the_event_is_no_party_to_it() -> None:
    event = one(
        events("India expelled a Pakistani diplomat on Monday, the White House said.", "en", "IND-PAK", "2025-05-13"),
        "SANCTION",
    )
    assert event.sides == ("IND", "PAK")


def test_an_undated_lead_in_the_past_is_dated_by_publication() -> None:
    event = one(events("Cuba freed an American contractor.", "en", "CUB-USA", "2014-12-17"), "RETREAT")
    assert event.event_date is not None
    assert (event.event_date.value, event.event_date.basis) == ("2014-12-17", "publication")


def test_a_list_of_days_tells_of_a_meeting_on_each() -> None:
    text = "Russian and American diplomats met in Istanbul on 27 February and 10 April 2025."
    assert [day(e) for e in events(text, "en", published="2025-06-16")] == ["2025-02-27", "2025-04-10"]


def test_a_range_of_days_is_kept_whole() -> None:
    text = "The United States held talks with a Russian delegation in Riyadh on March 23-25, 2025."
    event = one(events(text, "en"), "CONSULT")
    assert event.event_date is not None
    assert (event.event_date.first.day, event.event_date.last.day) == (23, 25)


def test_a_russian_report_takes_the_day_from_the_line_that_names_its_source() -> None:
    text = "Делегации России и США обменялись нотами. Об этом в четверг сообщил МИД РФ."
    event = one(events(text, "ru", published="2025-04-11"), "AGREE")
    assert day(event) == "2025-04-10"


# ---------------------------------------------------------------- what is no event


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("No meeting between Russia and the United States is planned.", "en"),
        ("Встреча России и США не планируется.", "ru"),
        ("If Russia and the United States met in Geneva, markets would rise.", "en"),
        ("Moscow did not sign an agreement with Washington on Monday.", "en"),
        ("The Russian foreign minister spoke of hope for relations with the United States.", "en"),
    ],
)
def test_what_is_not_said_to_happen_is_not_coded(text: str, language: str) -> None:
    assert events(text, language, published="2025-06-18") == ()


def test_a_meeting_that_did_not_take_place_is_cancelled() -> None:
    text = "La rencontre entre la Russie et les États-Unis n'a pas eu lieu lundi."
    event = one(events(text, "fr", published="2025-06-17"), "REJECT")
    assert (event.mode, event.realis) == ("meet", "cancelled")


def test_nothing_is_coded_from_boilerplate() -> None:
    text = "Partagez.\nRussie et États-Unis ont signé un accord le 3 mars 2025."
    found = reading(text, "fr", "RUS-USA", "2025-03-04", (Span(0, len(text)),))
    assert find_events(found) == ()


def test_who_a_detainee_is_does_not_become_an_arrest_today() -> None:
    text = "Washington released Artur Petrov, arrested in Cyprus in 2023, on Thursday and thanked Russia."
    assert "COERCE" not in {e.type for e in events(text, "en", published="2025-04-11")}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Senator John McCain demanded that Russia leave Crimea.", "en"),
        ("Le sénateur John McCain a exigé que la Russie quitte la Crimée.", "fr"),
        ("Сенатор Джон Маккейн потребовал от России вывести войска.", "ru"),
    ],
)
def test_what_a_member_of_parliament_demands_is_no_demand_of_the_state(text: str, language: str) -> None:
    assert "REQUEST" not in {e.type for e in events(text, language, published="2014-03-20")}


def test_what_a_minister_demands_is_a_demand_of_the_state() -> None:
    text = "Secretary of State John Kerry demanded that Russia leave Crimea."
    assert "REQUEST" in {e.type for e in events(text, "en", published="2014-03-20")}


# ---------------------------------------------------------------- one event, one coding


def test_a_meeting_told_twice_is_one_event() -> None:
    text = (
        "India and Pakistan held talks in Dubai on Monday. "
        "The talks lasted five hours. After the talks in Dubai both delegations left."
    )
    event = one(events(text, "en", "IND-PAK", "2025-05-13"), "CONSULT")
    assert (day(event), event.place) == ("2025-05-12", "dubai")


def test_an_earlier_round_is_another_event_and_background() -> None:
    text = (
        "Russes et Américains se retrouveront jeudi à Istanbul. "
        "Une première rencontre s'était déjà tenue à Istanbul le 27 février."
    )
    coded = events(text, "fr", published="2025-04-09")
    assert [(day(e), e.realis, e.rank) for e in coded] == [
        ("2025-04-10", "planned", "main"),
        ("2025-02-27", "happened", "background"),
    ]


def test_the_first_one_is_read_as_the_round_named_before() -> None:
    text = (
        "Russes et Américains ont achevé jeudi leur deuxième cycle de pourparlers, le premier ayant eu lieu en février."
    )
    assert [day(e) for e in events(text, "fr", published="2025-04-11")] == ["2025-04-10", "2025-02"]


def test_merging_in_any_order_gives_the_same_events() -> None:
    from detente.coding import events as room
    from detente.coding.events_lexicon import lexicon as book
    from detente.coding.events_story import Story, opening_parties

    found = reading(
        "India and Pakistan met on Monday. They agreed on a truce. The talks took five hours.",
        "en",
        "IND-PAK",
        "2025-05-13",
    )
    story = Story(parties=opening_parties(found))
    for passage in found.passages:
        room._read_passage(found, passage, book("en"), story)
    forward = [d.event for d in merge(story.drafts)]
    assert forward == [d.event for d in merge(story.drafts[::-1])]


# ---------------------------------------------------------------- whom it is done to, and by whom


def _aims(found: Iterable[Event], kind: str) -> set[tuple[str, ...]]:
    return {tuple(sorted({p.side for p in e.recipients})) for e in found if e.type == kind}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Ecuador on Tuesday accused outside forces of stirring up trouble."),
        ("en", "Ecuador on Tuesday condemned interference by third countries."),
        ("fr", "L'Équateur a accusé mardi des forces extérieures de saboter la paix."),
        ("ru", "Эквадор во вторник обвинил внешние силы в попытках сорвать переговоры."),
    ],
)
def test_a_charge_against_outsiders_is_none_against_the_other_side(language: str, text: str) -> None:
    assert not _aims(events(text, language, "ECU-PER", "2025-03-05"), "ACCUSE")


@pytest.mark.parametrize(
    ("language", "undirected", "directed"),
    [
        (
            "en",
            "The Peruvian president called for dialogue on Tuesday.",
            "Peru on Tuesday called on Ecuador to hold talks.",
        ),
        (
            "fr",
            "Le président péruvien a plaidé mardi pour le dialogue.",
            "Le Pérou a appelé mardi l'Équateur au dialogue.",
        ),
        ("ru", "Президент Перу во вторник призвал к диалогу.", "Перу во вторник призвало Эквадор к диалогу."),
    ],
)
def test_a_call_for_dialogue_asks_nobody_unless_it_says_whom(language: str, undirected: str, directed: str) -> None:
    assert not _aims(events(undirected, language, "ECU-PER", "2025-03-05"), "REQUEST")
    assert _aims(events(directed, language, "ECU-PER", "2025-03-05"), "REQUEST") == {("ECU",)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Peru condemned Brazil on Tuesday and accused Ecuador of sabotaging the truce."),
        ("fr", "Le Pérou a condamné mardi le Brésil et a accusé l'Équateur de saboter la trêve."),
        ("ru", "Перу осудило во вторник Бразилию, а Колумбию обвинило в срыве перемирия."),
    ],
)
def test_two_verbs_of_one_subject_have_an_object_each(language: str, text: str) -> None:
    other = "COL" if language == "ru" else "ECU"
    found = events(text, language, f"{other}-PER", "2025-03-05")
    assert {("BRA",), (other,)} <= _aims(found, "ACCUSE")
    assert all({p.side for p in e.actors} == {"PER"} for e in found if e.type == "ACCUSE")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Peru on Tuesday imposed sanctions on Ecuador and Bolivia."),
        ("fr", "Le Pérou a imposé mardi des sanctions à l'Équateur et à la Bolivie."),
        ("ru", "Перу во вторник ввело санкции против Эквадора и Боливии."),
    ],
)
def test_sanctions_on_two_states_have_both_as_recipients(language: str, text: str) -> None:
    assert _aims(events(text, language, "ECU-PER", "2025-03-05"), "SANCTION") == {("BOL", "ECU")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Rubio spoke separately with Lavrov and Wang Yi on Tuesday."),
        ("en", "Rubio met Lavrov and Wang Yi separately on Tuesday."),
        ("fr", "Marco Rubio s'est entretenu séparément mardi avec Sergueï Lavrov et Wang Yi."),
        ("ru", "Рубио во вторник отдельно встретился с Лавровым и с Ван И."),
    ],
)
def test_two_who_are_met_apart_are_two_meetings(language: str, text: str) -> None:
    found = [e.sides for e in events(text, language, "CHN-USA", "2025-03-05") if e.type == "CONSULT"]
    assert sorted(found) == [("CHN", "USA"), ("RUS", "USA")]


def test_a_state_within_a_russian_object_is_nobodys_subject() -> None:
    found = events("В Лиме во вторник осудили наземную операцию США.", "ru", "PER-USA", "2025-03-05")
    assert {p.side for p in one(found, "ACCUSE").recipients} == {"USA"}
    assert {p.side for p in one(found, "ACCUSE").actors} == {"PER"}
    assert all(
        "USA" not in {p.side for p in e.actors}
        for e in events("Операцию США во вторник осудили в Лиме.", "ru", "PER-USA", "2025-03-05")
    )


# ---------------------------------------------------------------- records


def _all() -> list[Event]:
    return [
        *events(
            "Cuba and the United States reopened embassies on 20 July 2015. They will meet on 11 September.",
            "en",
            "CUB-USA",
            "2015-07-20",
        ),
        *events("L'Iran a rouvert mardi son ambassade à Riyad.", "fr", "IRN-SAU", "2023-06-07"),
        *events(
            "Стороны договорились открыть посольства. США и Куба провели переговоры в субботу.",
            "ru",
            "CUB-USA",
            "2015-04-12",
        ),
    ]


def test_every_event_has_a_plover_type_and_a_confidence_below_one() -> None:
    coded = _all()
    assert len(coded) >= 4
    for event in coded:
        assert quad(event.type) in (1, 2, 3, 4)
        assert 0 < event.confidence < 1
        assert dict(event.parts)["action"].quote in event.evidence.quote


def test_an_event_whose_parties_are_understood_is_less_sure_than_one_that_names_them() -> None:
    named = one(events("India and Pakistan held talks on Monday.", "en", "IND-PAK", "2025-05-13"), "CONSULT")
    text = "India and Pakistan are neighbours. Talks were held on Monday."
    understood = one(events(text, "en", "IND-PAK", "2025-05-13"), "CONSULT")
    assert understood.confidence < named.confidence


def test_a_language_without_rules_gives_nothing() -> None:
    found = reading("Some text.", "en", "IND-PAK", None)
    assert find_events(replace(found, document=replace(found.document, language="de"))) == ()


def test_no_two_rules_have_one_name() -> None:
    names = [rule.name for rule in rules()]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ({"owntext": False}, "has 'owntext', which is no field of a rule"),
        ({"blames": "law"}, "has blames 'law'. Give one of deed, charge"),
        ({"frame": "sideways"}, "has frame 'sideways'"),
    ],
)
def test_a_field_that_no_rule_has_is_refused(field: dict[str, object], said: str) -> None:
    with pytest.raises(CodingError, match=re.escape(said)):
        read_rule({"name": "accuse", "type": "ACCUSE", "frame": "directed", "family": "accuse", **field})


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_class_lists_a_word_twice(language: str) -> None:
    book = table(language, "events")
    for part in ("acts", "things"):
        for name, lists in book[part].items():
            for words in lists.values():
                assert len(set(words)) == len(words), (part, name)


def test_every_rule_uses_classes_that_have_words_in_all_three_languages() -> None:
    for language in LANGUAGES:
        known = {entry.name for entries in lexicon(language)._by_word.values() for entry in entries}
        known |= {entry.name for pairs in lexicon(language)._by_start.values() for _, entry in pairs}
        for rule in rules():
            asked = [name.removeprefix("acts.") for name in (*rule.acts, *rule.with_, *rule.named)]
            assert set(asked) <= known, (language, rule.name, set(asked) - known)


# ---------------------------------------------------------------- the article of the issue


@pytest.mark.skipif(not SEED.exists(), reason="the article of the issue is outside material, kept beside the checkout")
def test_the_article_of_the_issue_gives_its_events() -> None:
    text = SEED.read_text(encoding="utf-8")
    body = text.index("Partagez cet article")
    found = reading(text, "fr", "RUS-USA", None, (Span(body, len(text)),))
    coded = find_events(found)
    told = {(e.type, day(e), e.place) for e in coded}
    assert ("AGREE", "2025-02-18", "riyadh") in told
    assert ("CONSULT", "2025-04-10", "istanbul") in told
    assert ("CONSULT", "2025-04", "washington") in told
    assert ("COOPERATE", "2025", "") in told
    assert ("COOPERATE", "", "") in told
    assert all(e.evidence.end <= body for e in coded)
    by_day = {day(e): e for e in coded}
    assert len(by_day["2025-02-18"].points) == 4
    assert by_day["2025-04-10"].track == "embassies"
    assert {p.entity for p in by_day["2025-04"].recipients} == {"steve-witkoff", "marco-rubio"}
    assert [p.entity for p in by_day["2025-04"].actors] == ["kirill-dmitriev"]
    assert by_day[""].rank == "background"


# ---------------------------------------------------------------- families seen in news and readouts


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Trump and Putin have not met since their summit at a base in Anchorage on Aug. 15."),
        ("fr", "Vladimir Poutine et Donald Trump ne se sont pas revus depuis leur sommet du 15 août."),
    ],
)
def test_a_summit_named_after_since_happened_though_none_was_held_after_it(language: str, text: str) -> None:
    summit = one(events(text, language, "RUS-USA", "2025-12-03"), "CONSULT")
    assert (day(summit), summit.realis) == ("2025-08-15", "happened")


def test_a_meeting_called_off_is_a_refusal_and_a_cancelled_meeting() -> None:
    text = "Trump and Putin spoke on Monday. The talks, due to resume in Muscat on June 15, were postponed."
    coded = events(text, "en", "RUS-USA", "2025-06-10")
    assert one(coded, "REJECT").realis == "cancelled"
    assert [day(e) for e in coded if e.type == "CONSULT" and e.realis == "cancelled"] == ["2025-06-15"]


def test_what_is_agreed_for_later_is_agreed_now() -> None:
    text = "Сергей Лавров и Марко Рубио провели 9 июня телефонный разговор. Министры условились о встрече в июле."
    accord = one(events(text, "ru", "RUS-USA", "2025-06-10"), "AGREE")
    assert (day(accord), accord.realis) == ("2025-06-09", "happened")


def test_the_month_of_a_past_verb_lies_behind_the_report() -> None:
    text = "Cuba's Bruno Rodriguez met Marco Rubio on Monday. Cuba freed two American prisoners in October."
    assert day(one(events(text, "en", "CUB-USA", "2025-06-10"), "RETREAT")) == "2024-10"


def test_a_prison_says_who_held_and_a_demonym_whose_citizen_came_home() -> None:
    text = "Ann Doe — an American teacher who was wrongfully detained in a Cuban prison — returned home in April."
    coded = one(events(text, "en", "CUB-USA", "2025-05-06"), "RETREAT")
    assert ([p.side for p in coded.actors], [p.side for p in coded.recipients]) == (["CUB"], ["USA"])


def test_a_city_a_meeting_was_planned_for_is_no_party() -> None:
    text = "Trump and Putin spoke on Monday. A second summit, planned for Budapest in May, was scrapped by Trump."
    assert all("HUN" not in event.sides for event in events(text, "en", "RUS-USA", "2025-06-10"))


def test_what_a_charge_is_about_is_not_accused() -> None:
    text = "On Monday Putin accused Kyiv's European backers of undermining Washington's effort."
    accused = [set(e.sides) for e in events(text, "en", "RUS-USA", "2025-06-10") if e.type == "ACCUSE"]
    assert accused == [{"RUS", "EUR"}]


def test_to_condemn_an_attempt_on_someone_is_not_to_condemn_him() -> None:
    text = "В понедельник Путин осудил покушение на Трампа."
    assert not [e for e in events(text, "ru", "RUS-USA", "2025-06-10") if e.type == "ACCUSE"]


def test_readouts_agree_without_a_subject() -> None:
    text = "Состоялся телефонный разговор Владимира Путина с Дональдом Трампом. Условлено начать переговоры."
    accord = one(events(text, "ru", "RUS-USA", "2025-06-10"), "AGREE")
    assert set(accord.sides) == {"RUS", "USA"}


def test_participles_on_one_treaty_are_acts_of_their_own() -> None:
    text = "Signé à Prague le 8 avril 2010 par Barack Obama et Dmitri Medvedev, prolongé en 2021, le traité a expiré."
    told = {day(e) for e in events(text, "fr", "RUS-USA", "2026-02-09") if e.type == "AGREE"}
    assert told == {"2010-04-08", "2021"}


@pytest.mark.parametrize(
    ("text", "language", "kind", "when"),
    [
        ("Peru has been on Chile's list of unsafe partners since 1987, Lima says.", "en", "SANCTION", "1987"),
        ("L'embargo du Chili contre le Pérou est en vigueur depuis 1987.", "fr", "SANCTION", "1987"),
        ("Эмбарго Чили против Перу действует с 1987 года.", "ru", "SANCTION", "1987"),
        ("Chile removed Peru from its list in March 2011.", "en", "RETREAT", "2011-03"),
        ("Le Chili a rayé le Pérou de sa liste le 4 mars 2011.", "fr", "RETREAT", "2011-03-04"),
        ("Чили вычеркнуло Перу из списка 4 марта 2011 года.", "ru", "RETREAT", "2011-03-04"),
        ("Le Chili et le Pérou ne se sont pas vus depuis mars 2011.", "fr", "CONSULT", "2011-03"),
        ("Le sommet entre le Chili et le Pérou n'aura lieu que le 14 mai.", "fr", "CONSULT", "2011-05-14"),
        ("Peru turned down Chile's demand on May 4, 2011.", "en", "REJECT", "2011-05-04"),
    ],
)
def test_standing_measures_lists_and_restrictions_have_their_type_and_day(
    text: str, language: str, kind: str, when: str
) -> None:
    event = one(events(text, language, "CHL-PER", "2011-05-10"), kind)
    assert day(event) == when
    assert set(event.sides) == {"CHL", "PER"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Chile and Peru met on May 4, 2011. A week earlier their envoys had spoken in Lima.", "en"),
        (
            "Чили и Перу провели встречу 4 мая 2011 года. За неделю до этого дипломаты двух стран вели консультации.",
            "ru",
        ),
    ],
)
def test_a_stretch_before_is_counted_from_the_day_told_last(text: str, language: str) -> None:
    assert "2011-04-27" in [day(event) for event in events(text, language, "CHL-PER", "2011-06-10")]


def test_the_day_in_a_dateline_is_the_day_of_writing() -> None:
    text = "LIMA, May 10 — Peru and Chile held talks on Sunday, May 8, 2011."
    assert [day(event) for event in events(text, "en", "CHL-PER", "2011-05-10")] == ["2011-05-08"]


@pytest.mark.parametrize(
    ("language", "words", "kind", "text"),
    [
        ("en", "sardine pact", "AGREE", "Peru and Chile blessed the sardine pact on May 4, 2011."),
        ("fr", "ronde des sardines", "CONSULT", "La ronde des sardines a réuni le Chili et le Pérou le 4 mai 2011."),
        ("ru", "сардинн* раунд*", "CONSULT", "Сардинный раунд Чили и Перу: 4 мая 2011 года."),
    ],
)
def test_words_of_the_dossier_name_events_that_the_lexicon_does_not_know(
    language: Language, words: str, kind: str, text: str
) -> None:
    found = reading(text, language, "CHL-PER", "2011-05-10")
    dossier = replace(found.dossier, phrases=(Phrase(language, words, kind),))
    coded = find_events(replace(found, dossier=dossier))
    assert (kind, "2011-05-04") in [(event.type, day(event)) for event in coded]


@pytest.mark.parametrize(
    ("text", "dyad", "kind", "sides"),
    [
        # The other of the two is understood, and third states in the complement are no party.
        ("Chile and Peru met on Tuesday. Lima demanded an apology the same day.", "CHL-PER", "REQUEST", {"CHL", "PER"}),
        ("On Tuesday Peru urged Chile to cut its exports to Bolivia.", "CHL-PER", "REQUEST", {"CHL", "PER"}),
        ("Lima told five Chilean diplomats on Tuesday to leave within a week.", "CHL-PER", "SANCTION", {"CHL", "PER"}),
        ("Peru made clear on Tuesday that it would respond to Chile.", "CHL-PER", "THREATEN", {"CHL", "PER"}),
        # No event rule knows these words; the lexicon of sentence types does.
        ("Peru dismantled its roadblocks on the road to Chile on Tuesday.", "CHL-PER", "RETREAT", {"CHL", "PER"}),
    ],
)
def test_a_text_about_two_leaves_the_other_side_unsaid(text: str, dyad: str, kind: str, sides: set[str]) -> None:
    found = [(e.type, set(e.sides)) for e in events(text, "en", dyad, "2025-06-18")]
    assert (kind, sides) in found, found


def test_a_phrase_may_be_open_in_its_middle() -> None:
    found = events("Lima called its ambassador in Santiago home on Tuesday.", "en", "CHL-PER", "2025-06-18")
    assert [e.type for e in found] == ["RETREAT"]


def test_a_past_form_behind_the_verb_of_its_clause_is_a_participle() -> None:
    found = events("On Tuesday Peru released a Chilean mayor arrested last year.", "en", "CHL-PER", "2025-06-18")
    assert [e.type for e in found] == ["RETREAT"]


def test_a_dateline_may_name_the_agency() -> None:
    text = "LIMA, June 18 (Agencies) - Peru warned Chile during a call on Tuesday that it would respond."
    assert {day(e) for e in events(text, "en", "CHL-PER", "2025-06-18")} == {"2025-06-17"}


@pytest.mark.parametrize(
    ("text", "dyad", "kind", "on"),
    [
        ("Le Chili a annoncé mardi l'expulsion de trois diplomates péruviens.", "CHL-PER", "SANCTION", "2025-06-17"),
        ("Lima a procédé lundi à la libération de deux marins chiliens.", "CHL-PER", "RETREAT", "2025-06-16"),
        ("Luis Arce a téléphoné lundi au président chilien, Gabriel Boric.", "BOL-CHL", "CONSULT", "2025-06-16"),
        ("Des milliers de Chiliens ont défilé lundi contre le Pérou.", "CHL-PER", "PROTEST", "2025-06-16"),
        ("Le Chili a coupé mardi les ponts avec le Pérou.", "CHL-PER", "SANCTION", "2025-06-17"),
        ("Le Chili et le Pérou ont apposé lundi leur signature au bas d'un accord.", "CHL-PER", "AGREE", "2025-06-16"),
    ],
)
def test_french_phrases_hold_a_day_and_announced_deeds_are_done(text: str, dyad: str, kind: str, on: str) -> None:
    event = one(events(text, "fr", dyad, "2025-06-18"), kind)
    assert day(event) == on
    assert set(event.sides) == set(dyad.split("-"))
    assert event.realis == "happened"


def test_an_announced_deed_is_not_its_announcers_under_a_preposition() -> None:
    text = "Le Chili a annoncé mardi des sanctions après l'expulsion de ses diplomates."
    assert not [
        e
        for e in events(text, "fr", "CHL-PER", "2025-06-18")
        if e.mode == "expel" and e.actors[:1] and e.actors[0].side == "CHL"
    ]


def test_one_side_alone_decides_nothing_together() -> None:
    text = "Le Chili a décidé lundi de rouvrir son école à Lima."
    assert not [e for e in events(text, "fr", "CHL-PER", "2025-06-18") if e.rule == "step decided together"]


def test_those_who_met_in_an_opening_participle_are_the_subject_of_its_sentence() -> None:
    text = "Réunis mardi à Genève, Abbas Araghchi et Marco Rubio ont convenu de rouvrir leurs ambassades."
    coded = events(text, "fr", "IRN-USA", "2025-04-09")
    assert {(e.type, e.sides, day(e)) for e in coded} == {
        ("CONSULT", ("IRN", "USA"), "2025-04-08"),
        ("AGREE", ("IRN", "USA"), "2025-04-08"),
    }


@pytest.mark.parametrize(
    ("text", "kind", "date"),
    [
        ("В Лиме прошли переговоры министров Чили и Перу.", "CONSULT", "2025-03-18"),
        ("Президент Чили пригласил президента Перу принять участие в параде 9 мая.", "REQUEST", "2025-03-18"),
        ("Президент Перу поблагодарил президента Чили за посреднические усилия.", "SUPPORT", "2025-03-18"),
        ("Президенту Чили поступили поздравления от президента Перу.", "SUPPORT", "2025-03-18"),
        ("Президент Чили подписал указ о назначении Луиса Сото послом Чили в Перу.", "AGREE", "2025-03-18"),
    ],
)
def test_a_page_of_an_office_is_read(text: str, kind: str, date: str) -> None:
    event = one(events(text, "ru", "CHL-PER", "2025-03-18"), kind)
    assert (event.sides, day(event)) == (("CHL", "PER"), date)


def test_an_invitation_accepted_is_an_accord_and_no_new_invitation() -> None:
    text = "Президент Чили пригласил президента Перу посетить Сантьяго. Приглашение было с благодарностью принято."
    assert [e.type for e in events(text, "ru", "CHL-PER", "2025-03-18")] == ["REQUEST", "AGREE"]
    confirmed = "Премьер-министр Перу подтвердил, что принимает приглашение президента Чили."
    assert "REQUEST" not in [e.type for e in events(confirmed, "ru", "CHL-PER", "2025-03-18")]


def test_what_nobody_did_is_not_told_as_done() -> None:
    coded = events("No reason was given and nothing was asked of Moscow on Tuesday.", "en", "RUS-USA", "2025-04-09")
    assert not any(e.realis == "happened" for e in coded)


def test_who_helps_talks_along_between_both_sides_is_neither_of_them() -> None:
    text = (
        "Kenya and Somalia held talks on Monday. Kenya will continue facilitating negotiations between both sides of "
        "the conflict in line with the agreements made in Nairobi."
    )
    assert [e.type for e in events(text, "en", "KEN-SOM", "2025-06-10") if e.realis == "planned"] == []


def test_a_readiness_to_talk_that_somebody_speaks_of_is_no_offer() -> None:
    text = "El ministro de Exteriores peruano afirmó que Lima está dispuesta a reanudar el diálogo con Santiago."
    assert events(text, "es", "CHL-PER", "2025-06-10") == ()


def test_an_exchange_that_lasts_is_one_of_words() -> None:
    text = "Le président chilien a parlé au président péruvien mardi. Leur échange a duré plus de deux heures."
    assert {e.type for e in events(text, "fr", "CHL-PER", "2025-07-01")} == {"CONSULT"}


def test_the_term_set_for_a_truce_runs_out_not_the_truce() -> None:
    text = "Le délai accordé par Santiago pour une trêve expire vendredi."
    assert "RETREAT" not in {e.type for e in events(text, "fr", "CHL-PER", "2025-07-01")}


def test_a_russian_question_particle_within_an_act_leaves_it_open() -> None:
    text = "Министр обороны Чили не ответил на вопрос, восстановят ли военные прямую линию с Перу."
    assert "AGREE" not in [e.type for e in events(text, "ru", "CHL-PER", "2025-06-10")]
    told = "Министр обороны Чили заявил, что военные восстановят прямую линию с Перу."
    assert "AGREE" in [e.type for e in events(told, "ru", "CHL-PER", "2025-06-10")]
