"""Queries over cases: what they find, and what they refuse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import ForecastError
from detente.forecast import load_cases
from detente.forecast.queries import FLAGS, parse_query, search


def found(query: str) -> set[str]:
    holds = parse_query(query, endings=True)
    return {case.label for case in load_cases() if holds(case)}


EVERY = found("")


def test_terms_mean_what_the_fields_say() -> None:
    assert found("major_power") == {case.label for case in load_cases() if case.major_power}
    assert found("severed and not severed") == set()
    assert "USA-Cuba 2013-15" in found("with CUB and since 2013 and before 2014-01-01")
    assert found("outcome failed") == {case.label for case in load_cases() if case.outcome == "failed"}
    assert "USA-USSR 1933" in found("reached ambassadors_exchanged")
    assert found("rupture never") == {case.label for case in load_cases() if case.rupture_level == "never"}


def test_and_binds_closer_than_or_and_brackets_bind_closest() -> None:
    assert found("war or severed and mediator") == found("war or (severed and mediator)")
    assert found("(war or severed) and mediator") != found("war or severed and mediator")
    assert found("not war and mediator") == found("(not war) and mediator")


@given(
    st.recursive(
        st.sampled_from([*FLAGS, "since 1990", "confidence high"]),
        lambda each: st.one_of(
            each.map(lambda a: f"not ({a})"), st.tuples(each, each).map(lambda ab: f"({ab[0]}) or ({ab[1]})")
        ),
        max_leaves=8,
    )
)
def test_not_divides_the_cases_in_two(query: str) -> None:
    yes, no = found(query), found(f"not ({query})")
    assert not yes & no
    assert yes | no == EVERY


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("major_powr", "Did you mean 'major_power'"),
        ("__import__('os').system('true')", "not known"),
        ("severed war", "Join the terms"),
        ("(severed", "Close it"),
        ("severed and", "a term is expected"),
        ("since yesterday", "Write 1990"),
        ("rupture total", "severed, embassy_closed"),
        ("with US", "three letters"),
        (" and ".join(["war"] * 200), "Use at most"),
    ],
)
def test_what_is_not_understood_is_refused_with_the_remedy(query: str, said: str) -> None:
    with pytest.raises(ForecastError, match=said.replace("(", r"\(")):
        parse_query(query)


def test_a_class_is_never_chosen_by_how_its_cases_ended() -> None:
    for query in ("outcome achieved", "severed and not reached relations_restored"):
        with pytest.raises(ForecastError, match="how they ended"):
            parse_query(query)
        parse_query(query, endings=True)


def test_words_are_searched_in_label_notes_and_source() -> None:
    assert [case.label for case in search(load_cases(), "CAPTURE maduro")] == ["USA-Venezuela 2026"]
    assert search(load_cases(), "") == load_cases()
