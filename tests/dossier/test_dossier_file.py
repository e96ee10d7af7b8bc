"""`dossier.toml`: what is wrong is named with line, key and remedy."""

from datetime import date
from pathlib import Path

import pytest

from detente.dossier import load, parse, starter, starter_text, write_starter
from detente.errors import DossierError, TermsError
from detente.terms import Dyad


@pytest.fixture
def text() -> str:
    return starter_text(Dyad("CUB", "USA"), date(2025, 1, 1), today=date(2026, 1, 15))


FULL = """
[[milestone]]
id = "ferry"
question = { en = "Will a ferry sail?" }
rule = { en = "Yes on the day of the first scheduled sailing." }
opened = 2026-01-15
deadline = 2027-12-31
stage = "none"
"""


def _line(text: str, words: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), start=1) if words in line)


def test_a_new_dossier_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    written = write_starter(tmp_path / "cub", Dyad("CUB", "USA"), date(2025, 1, 1), today=date(2026, 1, 15))
    read = load(tmp_path / "cub")
    assert read.dyad == written.dyad == Dyad("CUB", "USA")
    assert [m.id for m in read.milestones] == [m.id for m in written.milestones]
    assert read.vocabulary == ""


def test_a_new_dossier_knows_both_sides_in_three_languages() -> None:
    case = starter(Dyad("CUB", "USA"), date(2025, 1, 1))
    assert case.title == {"fr": "Cuba – États-Unis", "en": "Cuba – United States", "ru": "Куба – США"}
    assert all(m.question_in(lang) and m.rule_in(lang) for m in case.milestones for lang in ("fr", "en", "ru"))


def test_a_dossier_is_never_overwritten(tmp_path: Path) -> None:
    write_starter(tmp_path, Dyad("CUB", "USA"), date(2025, 1, 1), today=date(2026, 1, 15))
    before = (tmp_path / "dossier.toml").read_text(encoding="utf-8")
    with pytest.raises(DossierError, match="is there already"):
        write_starter(tmp_path, Dyad("RUS", "USA"), date(2025, 1, 1), today=date(2026, 1, 15))
    assert (tmp_path / "dossier.toml").read_text(encoding="utf-8") == before


def test_a_missing_dossier_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(DossierError, match="detente new"):
        load(tmp_path)


def test_a_misspelt_key_is_named_with_its_line_and_the_likely_one(text: str) -> None:
    broken = text.replace("deadline =", "dedline =", 1)
    with pytest.raises(DossierError) as caught:
        parse(broken)
    assert f"line {_line(broken, 'dedline')}: key 'milestone[1].dedline' is not known; did you mean 'deadline'?" in str(
        caught.value
    )


def test_a_milestone_without_a_rule_is_refused_with_its_place(text: str) -> None:
    rule = FULL.splitlines()[4]
    with pytest.raises(DossierError, match=r"line \d+: key 'milestone\[10\].rule' is missing"):
        parse(text + FULL.replace(rule, ""))
    with pytest.raises(DossierError, match="has no rule for settling it"):
        parse(text + FULL.replace(rule, 'rule = { en = "  " }'))


def test_a_value_of_the_wrong_kind_is_named_with_what_was_found(text: str) -> None:
    with pytest.raises(DossierError, match=r"line 6: dossier.since: .*Found 'soon'"):
        parse(text.replace("since = 2025-01-01", 'since = "soon"', 1))


def test_broken_toml_is_refused_with_the_line_of_the_break(text: str) -> None:
    with pytest.raises(DossierError, match=r"not readable as TOML.*line 3"):
        parse(text.replace("[dossier]", "[dossier", 1))


def test_brackets_in_brackets_without_end_are_refused(text: str) -> None:
    with pytest.raises(DossierError, match="brackets in brackets"):
        parse(text + "deep = " + "[" * 5000)


def test_an_unknown_state_is_refused(text: str) -> None:
    with pytest.raises(DossierError, match=r"line 5: dossier\.dyad.*XXQ"):
        parse(text.replace('dyad = "CUB-USA"', 'dyad = "USA-XXQ"', 1))


def test_a_stage_without_past_cases_is_refused_with_the_stages_there_are(text: str) -> None:
    with pytest.raises(DossierError, match=r"line \d+: milestone\[10\].stage: .*'ambassadors_exchanged'"):
        parse(text + FULL.replace('stage = "none"', 'stage = "tea"'))


def test_a_milestone_id_used_twice_is_refused(text: str) -> None:
    with pytest.raises(DossierError, match="'ambassadors' is used twice"):
        parse(text + FULL.replace("ferry", "ambassadors"))


def test_a_person_whose_role_ends_before_it_starts_is_refused(text: str) -> None:
    person = """
[[person]]
id = "jane-doe"
names = { en = ["Jane Doe"] }
[[person.role]]
title = { en = "envoy" }
side = "USA"
since = 2025-05-01
until = 2025-04-01
"""
    with pytest.raises(DossierError, match=r"person\[1\].role\[1\]: ends 2025-04-01, before it starts"):
        parse(text + person)


def test_a_person_of_the_case_joins_the_registry_with_russian_case_forms(text: str) -> None:
    person = """
[[person]]
id = "ivan-testov"
names = { en = ["Ivan Testov"], ru = ["Иван Тестов"] }
[[person.role]]
title = { en = "envoy", ru = "посланник" }
side = "CUB"
since = 2025-01-01
"""
    case = parse(text + person)
    names = dict(case.registry.entities["ivan-testov"].names)
    assert "Иваном Тестовым" in names["ru"]
    assert case.registry.entities["ivan-testov"].side_on(date(2025, 6, 1)) == "CUB"


def test_what_a_dossier_adds_to_our_words_gives_its_coder_another_name(text: str) -> None:
    added = parse(text + '\n[[track]]\nid = "economy"\nwords = { en = ["ferry"] }\n')
    assert added.vocabulary
    assert added.track_of("A ferry will sail", "en") == "economy"
    assert added.vocabulary == parse(added.text).vocabulary


def test_a_phrase_with_a_type_that_plover_lacks_is_refused(text: str) -> None:
    with pytest.raises(DossierError, match=r"phrase\[1\].type: PLOVER has no type 'TEA'"):
        parse(text + '\n[[phrase]]\nlanguage = "en"\nwords = "took tea"\ntype = "TEA"\n')


def test_a_specific_track_wins_over_a_general_one() -> None:
    case = starter(Dyad("CUB", "USA"), date(2025, 1, 1))
    assert case.track_of("Talks on reopening the embassies", "en") == "embassies"
    assert case.track_of("Talks were held", "en") == "contacts"
    assert case.track_of("Переговоры о работе посольств", "ru") == "embassies"
    assert case.track_of("Rien à signaler", "fr") == ""


def test_a_dyad_of_one_state_is_refused() -> None:
    with pytest.raises(TermsError, match="two different states"):
        Dyad.parse("USA-USA")
