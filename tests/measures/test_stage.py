"""Stage: rungs are reached by acts, undone by acts, and claimed by words in three languages."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_examples import END, START, event, statement

from detente import workflow
from detente.errors import MeasureError
from detente.measures.spoken import Said
from detente.measures.stage import Stage, ladder, likely, read_ladder, stage
from detente.publish import readings
from detente.terms import LANGUAGES, Dyad, Event, Evidence, Occurrence, Participant, Statement

ERI_ETH = Dyad("ERI", "ETH")
PEOPLE = {"semere", "redwan"}


def act(
    when: str, kind: str, words: str = "They met.", *, confidence: float = 0.9, who: str = "ERI ETH", **how: object
) -> Occurrence:
    made = event(when, kind, who, key=f"{when}-{kind}-{words[:12]}-{confidence}", track="", confidence=confidence)
    said = replace(made.event, evidence=Evidence("d", 0, len(words), words), **how)  # type: ignore[arg-type]
    return replace(made, event=said)


def says(words: str, language: str = "en", when: str = "2025-05-01", issue: str = "relations") -> Said:
    made = statement("Osman", "ERI", 1, when, issue=issue)
    evidence = Evidence("d", 0, len(words), words)
    return Said(f"{when}-{words[:20]}", replace(made, evidence=evidence, content=evidence), language)


def measured(acts: Sequence[Occurrence] = (), said: Sequence[Said] = (), end: date = END) -> Stage:
    return stage(acts, said, ERI_ETH, start=START, end=end, general=("relations",), people=PEOPLE)


def ambassador(who: str, side: str, when: str, words: str = "He presented his credentials.") -> Occurrence:
    sent = Participant(who, who, side)
    other = "ETH" if side == "ERI" else "ERI"
    return act(when, "COOPERATE", words, actors=(sent,), recipients=(Participant(other, other, other),))


def test_each_rung_is_reached_by_its_own_acts() -> None:
    found = measured(
        [
            act("2025-01-05", "CONSULT", mode="phone"),
            act("2025-02-05", "CONSULT", mode="visit"),
            act("2025-02-06", "AGREE"),
            act("2025-03-01", "CONCEDE", "Phone lines were opened."),
            ambassador("semere", "ERI", "2025-04-01"),
            ambassador("redwan", "ETH", "2025-04-20"),
            act("2025-05-01", "AGREE", "The two restored diplomatic relations."),
        ]
    )
    assert [(held.rung, held.day) for held in found.rungs] == [
        ("contact", date(2025, 1, 5)),
        ("talks", date(2025, 2, 5)),
        ("list", date(2025, 2, 6)),
        ("measures", date(2025, 3, 1)),
        ("ambassadors", date(2025, 4, 20)),
        ("restoration", date(2025, 5, 1)),
    ]
    assert found.current == "restoration"
    assert sum(found.likely) == pytest.approx(1, abs=1e-5)


def test_one_ambassador_is_not_two_and_copies_of_credentials_are_none() -> None:
    alone = measured([ambassador("semere", "ERI", "2025-04-01")]).rung("ambassadors")
    assert (alone.reached, alone.day, alone.missing) == (0.0, None, ("ETH",))
    copies = measured([ambassador("semere", "ERI", "2025-04-01", "He handed over copies of his credentials.")])
    assert copies.rung("ambassadors").missing == ("ERI", "ETH")


def test_a_round_called_off_and_sanctions_undo_their_rung_and_a_new_one_brings_it_back() -> None:
    acts = [
        act("2025-02-05", "CONSULT"),
        act("2025-03-05", "REJECT", mode="meet", realis="cancelled"),
        act("2025-03-10", "CONCEDE"),
        act("2025-04-10", "SANCTION", who="ETH", recipients=(Participant("ERI", "ERI", "ERI"),), mode="discontinue"),
    ]
    found = measured(acts)
    talks, measures = found.rung("talks"), found.rung("measures")
    assert (talks.held, measures.held) == (pytest.approx(0.09), pytest.approx(0.09))
    assert [day for day, _ in talks.fallen] == [date(2025, 3, 5)]
    assert talks.reached == pytest.approx(0.9)
    assert found.current == "contact"
    again = measured([*acts, act("2025-05-05", "CONSULT", mode="visit")])
    assert again.rung("talks").held > 0.9
    assert again.current == "talks"


def test_an_embassy_at_work_again_is_a_first_measure_and_one_that_is_to_be_is_none() -> None:
    done = measured([act("2025-03-10", "SUPPORT", "Eritrea reopened its embassy.")]).rung("measures")
    assert done.day == date(2025, 3, 10)
    ahead = measured([act("2025-03-10", "AGREE", "They agreed to see their embassies reopened.")])
    assert ahead.rung("measures").reached == 0


def test_a_breach_of_years_ago_that_a_report_recalls_undoes_nothing_on_the_day_of_the_report() -> None:
    breach = act("2016", "SANCTION", mode="discontinue", who="ETH", recipients=(Participant("ERI", "ERI", "ERI"),))
    kept = act("2025-03-10", "CONCEDE")
    told = {name: date(2025, 4, 1) for name in breach.documents}
    found = stage([kept, breach], (), ERI_ETH, start=START, end=END, published=told).rung("measures")
    assert (found.held, found.fallen) == (0.9, ())


def test_what_the_coder_is_unsure_of_gives_the_day_an_interval() -> None:
    acts = [act(f"2025-0{month}-01", "CONSULT", confidence=0.4) for month in (1, 2, 3, 4, 5, 6)]
    contact = measured(acts).rung("contact")
    assert contact.reached == pytest.approx(1 - 0.6**6, abs=1e-6)
    assert (contact.earliest, contact.day, contact.latest) == (date(2025, 1, 1), date(2025, 2, 1), date(2025, 6, 1))
    assert measured(acts[:2]).rung("contact").latest is None


CLAIMS = [
    ("We are at an early stage.", "en", "contact", "reached"),
    ("Nous avons repris le dialogue : reprise du dialogue avec Addis-Abeba.", "fr", "contact", "reached"),
    ("Переговоры идут.", "ru", "talks", "reached"),
    ("A new round of talks will begin soon.", "en", "talks", "hoped for"),
    ("Стороны договорились о дорожной карте.", "ru", "list", "reached"),
    ("Les premières mesures sont prises.", "fr", "measures", "reached"),
    ("The ambassadors are back in both capitals.", "en", "ambassadors", "reached"),
    ("Relations have been fully restored.", "en", "restoration", "reached"),
    ("Отношения ещё не восстановлены: до нормализации отношений далеко.", "ru", "restoration", "not reached"),
    ("Les relations ne sont pas encore normalisées.", "fr", "restoration", "not reached"),
    ("We want to normalise relations.", "en", "restoration", "hoped for"),
    ("The weather was fine.", "en", None, None),
]


@pytest.mark.parametrize(("words", "language", "rung", "meant"), CLAIMS)
def test_a_claim_is_read_in_three_languages(words: str, language: str, rung: str | None, meant: str | None) -> None:
    found = measured(said=[says(words, language)]).claims
    assert [(claim.rung, claim.says) for claim in found] == ([(rung, meant)] if rung else [])


def test_claims_are_held_against_what_was_measured_on_that_day() -> None:
    acts = [act("2025-02-05", "CONSULT", confidence=0.95)]
    found = measured(
        acts,
        [
            says("Relations have been fully restored.", when="2025-03-01"),
            says("The talks are not under way: no round of talks.", when="2025-03-02"),
            says("No round of talks yet.", when="2025-01-02"),
            says("Relations have been fully restored.", issue="war"),
        ],
    )
    assert [(claim.rung, claim.against, claim.measured) for claim in found.claims] == [
        ("talks", "", 0.0),
        ("restoration", "ahead", 0.0),
        ("talks", "behind", 0.95),
    ]


def test_the_ladder_speaks_three_languages_and_another_can_be_given() -> None:
    for rung in ladder().rungs:
        assert set(rung.labels) == set(rung.claims) == set(LANGUAGES)
        assert rung.reached
    other = read_ladder(
        '[[rung]]\nid = "mail"\nlabel = { fr = "Courrier", en = "Mail", ru = "Почта" }\n'
        '[[rung.reached]]\ntypes = ["COOPERATE"]\nwords.en = ["postal service"]\n'
    )
    acts = [act("2025-02-05", "COOPERATE", "The postal service works again."), act("2025-02-06", "COOPERATE")]
    found = stage(acts, (), ERI_ETH, start=START, end=END, steps_of=other)
    assert [(held.rung, len(held.evidence)) for held in found.rungs] == [("mail", 1)]
    with pytest.raises(MeasureError):
        stage((), (), ERI_ETH, start=END, end=START)


kinds = st.sampled_from(["CONSULT", "AGREE", "CONCEDE", "SANCTION", "REJECT", "COERCE"])
acts_of = st.lists(
    st.builds(
        lambda month, day, kind, sure, mode, n: replace(
            act(f"2025-{month:02}-{day:02}", kind, confidence=sure / 10, mode=mode), id=f"o{n}"
        ),
        st.integers(1, 6), st.integers(1, 28), kinds, st.integers(0, 10), st.sampled_from(["", "meet", "phone"]),
        st.integers(0, 10**6),
    ),
    max_size=10,
    unique_by=lambda occurrence: occurrence.id,
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(acts_of, st.integers(1, 6))
def test_chances_stay_chances_and_later_acts_change_no_earlier_stage(acts: list[Occurrence], month: int) -> None:
    found = measured(acts)
    for held in found.rungs:
        assert 0 <= held.held <= held.reached + 1e-6 <= 1 + 2e-6
        days = [day for day in (held.earliest, held.day, held.latest) if day]
        assert days == sorted(days)
    assert sum(found.likely) == pytest.approx(1, abs=1e-4)
    cut = date(2025, month, 15)
    early = measured([o for o in acts if o.event.event_date and o.event.event_date.last <= cut], end=cut)
    assert early.path == tuple(point for point in found.path if point[0] <= cut)
    shuffled = measured(acts[::-1])
    assert shuffled.path == found.path


@given(st.lists(st.floats(0, 1), max_size=8))
def test_the_chances_of_the_highest_rung_add_up_to_one(held: list[float]) -> None:
    assert sum(likely(held)) == pytest.approx(1, abs=1e-4)


def test_the_sample_has_talks_called_off_in_june_and_neither_ambassadors_nor_restoration(sample: Path) -> None:
    with workflow.material(sample) as material:
        found: Stage = readings.read("stage", material).result
        shown = {occurrence.id: occurrence.event for occurrence in material.occurrences}
    talks = found.rung("talks")
    assert talks.day is not None
    assert talks.day < date(2025, 3, 1)
    june = [held for day, held in found.path if day <= date(2025, 6, 20)][-1][1]
    spring = [held for day, held in found.path if day <= date(2025, 4, 12)][-1][1]
    assert june < 0.5 < spring
    for rung in ("ambassadors", "restoration"):
        assert found.rung(rung).reached < 0.5
    assert any(c.rung == "restoration" and c.says == "not reached" for c in found.claims)
    assert all(isinstance(shown[name], Event) for held in found.rungs for name in held.evidence)


def test_statements_of_third_states_claim_nothing() -> None:
    said: Statement = statement("Guterres", "", 1, "2025-05-01")
    words = Evidence("d", 0, 33, "Relations have been fully restored"[:33])
    assert measured(said=[Said("s", replace(said, evidence=words, content=words), "en")]).claims == ()
