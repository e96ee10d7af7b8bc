"""The type of what one side does to another is read from the predicate between them."""

import re
from pathlib import Path

import pytest

from detente.codebook import types
from detente.coding.predicates import TypeReading, sentence_type

OWN = Path(__file__).parent / "types"
# Reached in November 2026 on sentences of our own, which the word lists were written with. At first sight of new ones,
# mostly harder than news, English got .64 to .80, French .90 and Russian .87 (.62 and .67 without their files).
OWN_FLOOR = {"en": 0.94, "fr": 0.96, "ru": 0.96}


def _typed(line: str) -> tuple[str, str, str, str]:
    kind, marked = line.split(" ", 1)
    source, target = re.search(r"\[(.*?)\]", marked), re.search(r"\{(.*?)\}", marked)
    assert source is not None, line
    assert target is not None, line
    return kind, re.sub(r"[\[\]{}]", "", marked), source[1], target[1]


@pytest.mark.parametrize("language", sorted(OWN_FLOOR))
def test_own_sentences_keep_their_share_of_right_types(language: str) -> None:
    lines = (OWN / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    cases = [_typed(line) for line in lines if line and not line.startswith("#")]
    wrong = []
    for kind, sentence, source, target in cases:
        found = sentence_type(sentence, source, target, language)
        if found.type != kind and not (kind == "YIELD" and found.type in ("CONCEDE", "RETREAT")):
            wrong.append(f"{kind}, found {found.type} ({found.why}): {sentence}")
    assert len(wrong) / len(cases) <= 1 - OWN_FLOOR[language], "\n".join(wrong)


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Lima released the envoy of Quito.", "RETREAT"),
        ("Lima will release the envoy of Quito.", "AGREE"),
        ("Lima agreed to release the envoy of Quito.", "AGREE"),
        ("Lima refused to release the envoy of Quito.", "REJECT"),
        ("Lima will not release the envoy of Quito.", "REJECT"),
        ("Lima arrested the envoy of Quito.", "COERCE"),
        ("Lima threatened to arrest the envoy of Quito.", "THREATEN"),
        ("Lima would arrest the envoy of Quito.", "THREATEN"),
        ("The envoy of Quito was arrested by Lima.", "COERCE"),
        ("Lima said Quito had bombed a bridge.", "ACCUSE"),
        ("Lima said Quito must free the miners.", "REQUEST"),
        ("Lima stopped shelling Quito.", "RETREAT"),
    ],
)
def test_what_governs_the_deed_decides_its_type(sentence: str, kind: str) -> None:
    assert sentence_type(sentence, "Lima", "Quito").type == kind


def test_a_crowd_protests_where_an_army_assaults() -> None:
    assert sentence_type("Protesters clashed with police.", "Protesters", "police").type == "PROTEST"
    assert sentence_type("The army clashed with rebels.", "The army", "rebels").type == "ASSAULT"


def test_the_schemes_part_where_the_outside_set_leaves_the_manual() -> None:
    sentence = ("Bern imposed sanctions on Minsk.", "Bern", "Minsk")
    assert sentence_type(*sentence).type == "SANCTION"
    assert sentence_type(*sentence, scheme="zero-shot").type == "COERCE"


def test_the_words_that_decided_are_named() -> None:
    assert sentence_type("Bern agreed on Monday to lift its ban on Minsk.", "Bern", "Minsk").why == "agreed to lift ban"


@pytest.mark.parametrize("language", ["en", "fr", "ru", "de"])
def test_an_answer_is_always_given(language: str) -> None:
    for sentence in ("", "Oslo.", "…", "Oslo Oslo"):
        found = sentence_type(sentence, "Oslo", "Bergen", language)
        assert isinstance(found, TypeReading)
        assert found.type in types()
        assert 0 < found.confidence < 1
