"""The ladder of ten: exact in three languages, for any two states, never changed once written."""

import hashlib
import json
from datetime import date

import pytest

from detente.dossier import Dossier, ladder, parse, starter
from detente.errors import DossierError
from detente.terms import EXACT, Dyad

HEAD = """
[dossier]
name = "case"
dyad = "{dyad}"
since = 2025-01-01
"""
LANGUAGES = ("fr", "en", "ru")


def case(milestones: str, dyad: str = "CUB-USA") -> Dossier:
    return parse(HEAD.format(dyad=dyad) + milestones)


def test_ten_questions_are_exact_in_three_languages() -> None:
    assert len(ladder()) == 10
    for name in ladder():
        (one,) = case(f'[[milestone]]\ntemplate = "{name}"\nopened = 2026-01-15\ndeadline = 2027-12-31\n').milestones
        assert one.id == name
        assert one.missing == ()
        for texts in (one.question, one.rule, one.edge_cases, one.tie_break, one.void_rule, one.label, *one.sources):
            assert tuple(language for language, text in texts if text) == LANGUAGES, name


@pytest.mark.parametrize("dyad", ["RUS-USA", "ISR-SAU", "ARM-TUR", "CHN-IND"])
def test_a_question_names_the_two_states_of_any_pair(dyad: str) -> None:
    found = starter(Dyad.parse(dyad), date(2026, 1, 15))
    states = [found.registry.state_name(side, "ru") for side in Dyad.parse(dyad).sides]
    for milestone in found.milestones:
        assert milestone.question_in("ru").startswith(" — ".join(states) + ": ")
        assert "{" not in "".join(text for _, text in (*milestone.question, *milestone.rule))


def test_a_wording_that_shipped_never_changes() -> None:
    """An opened question stays as it was put: a new wording is a new id, added to this table."""
    shipped = {name: json.dumps(rung, ensure_ascii=False, sort_keys=True) for name, rung in ladder().items()}
    assert {name: hashlib.sha256(text.encode()).hexdigest()[:12] for name, text in shipped.items()} == DIGESTS


def test_a_template_lends_its_rule_whole() -> None:
    with pytest.raises(DossierError, match=r"rule, stage comes from the template 'ambassadors'"):
        case('[[milestone]]\ntemplate = "ambassadors"\nstage = "none"\nrule = { en = "Mine." }\n')
    with pytest.raises(DossierError, match="template 'embassy' is not known; use one of minister-talks"):
        case('[[milestone]]\ntemplate = "embassy"\n')
    with pytest.raises(DossierError, match=r"line 6: milestone\[1\]: template \[\] is not known; use one of minister"):
        case("[[milestone]]\ntemplate = []\n")


def test_a_template_lends_its_rule_to_a_question_with_its_own_id_label_and_clock() -> None:
    (one,) = case("""
[[milestone]]
template = "ambassadors"
id = "ambassadors-2028"
label = { en = "Envoys" }
opened = 2026-01-15
deadline = 2028-12-31
clock_start = 2025-06-27
""").milestones
    assert (one.id, one.label_in("en"), one.reference.clock_start) == ("ambassadors-2028", "Envoys", date(2025, 6, 27))
    assert one.reference.stage == "ambassadors_exchanged"


def test_a_chain_of_dates_shares_one_rule() -> None:
    chain = case("""
[[milestone]]
template = "direct-flights"
opened = 2026-01-15
deadlines = [2026-06-30, 2026-12-31, 2027-12-31]
""").milestones
    assert [m.id for m in chain] == [f"direct-flights-{m.deadline}" for m in chain]
    assert {m.chain for m in chain} == {"direct-flights"}
    assert len({tuple(getattr(m, name) for name in EXACT) for m in chain}) == 1


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ("", "give `deadline`, one day, or `deadlines`"),
        ("deadline = 2027-01-01\ndeadlines = [2027-01-01]", "give `deadline`, one day, or `deadlines`"),
        ("deadlines = [2027-01-01, 2026-06-01]", "not in order"),
        ("deadlines = [2025-01-01, 2026-06-01]", "deadline 2025-01-01 is not after opened"),
    ],
)
def test_deadlines_that_cannot_be_are_refused(dates: str, said: str) -> None:
    with pytest.raises(DossierError, match=said):
        case(f'[[milestone]]\ntemplate = "direct-flights"\nopened = 2026-01-15\n{dates}\n')


def test_a_rule_alone_stays_valid_and_says_what_it_lacks() -> None:
    (one,) = case("""
[[milestone]]
id = "ferry"
question = { en = "Will a ferry sail?" }
rule = { en = "Yes on the day of the first scheduled sailing." }
sources = [ { en = "The port" } ]
opened = 2026-01-15
deadline = 2027-12-31
stage = "none"
""").milestones
    assert one.missing == ("day_of", "sources", "edge_cases", "tie_break", "void_rule")


DIGESTS = {
    "minister-talks": "d14f303b2de7",
    "leaders-summit": "c52cebc9eabf",
    "embassies-restaffed": "6698e8686571",
    "ambassadors": "89210a660524",
    "property-returned": "1637e89c3684",
    "direct-flights": "0e0cfacca629",
    "sanctions-relief": "9ed543facf97",
    "arms-treaty": "106a9923b5d8",
    "arms-treaty-in-force": "9e610e9fc3d8",
    "ceasefire": "3d4c8b8a7840",
}
