"""How the signs of one statement are weighed with those of the rest of its text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from detente import plugins
from detente.coding.weighing import Signs, features, noticed, weigh
from detente.dossier import starter
from detente.evaluation import article_document
from detente.terms import Dyad

UNSURE = Signs("", 0, (0.34, 0.33, 0.33), "TUR", frozenset({"kind person", "silent", "speaker of the pair"}))
FOR = replace(UNSURE, listed=1, shares=(0.03, 0.07, 0.9), seen=UNSURE.seen - {"silent"})
AGAINST = replace(UNSURE, listed=-1, shares=(0.9, 0.07, 0.03), seen=UNSURE.seen - {"silent"})


def test_lists_and_model_that_agree_decide() -> None:
    assert weigh([FOR]) == [1]
    assert weigh([AGAINST]) == [-1]


def test_words_found_are_not_turned_over_by_who_speaks_of_whom_alone() -> None:
    beside = frozenset({"kind person", "names the other", "quotation", "short", "speaker of the pair"})
    told = replace(FOR, shares=(0.36, 0.43, 0.21), seen=beside)
    assert weigh([told]) == [1]
    assert weigh([replace(told, shares=(0.8, 0.15, 0.05))]) == [-1], "the sentence itself may say so"


def test_what_else_the_text_says_counts() -> None:
    friendly = features([UNSURE, FOR, FOR, FOR])[0]
    hostile = features([UNSURE, AGAINST, AGAINST, AGAINST])[0]
    assert friendly["text lists"] == 1.0
    assert hostile["text lists"] == -1.0
    assert friendly["side for"] > 0 > hostile["side for"]


def test_one_other_statement_counts_for_less_than_three() -> None:
    assert 0 < features([UNSURE, FOR])[0]["text lists"] < features([UNSURE, FOR, FOR, FOR])[0]["text lists"]


def test_a_statement_alone_in_its_text_has_no_company() -> None:
    assert not [name for name in features([FOR])[0] if name.startswith(("text ", "side "))]


def test_who_is_named_is_noticed() -> None:
    seen = noticed(
        own=frozenset({"TUR"}),
        pair=frozenset({"TUR", "GRC"}),
        named=["CYP", ""],
        kind="person",
        said="we stand by the island",
        sentence="we stand by the island, the minister said",
        reasons="",
        marks={"quotation": False, "condition": True},
    )
    assert {"names only a third", "names one of no side", "silent", "condition", "speaker of the pair"} <= seen
    assert not {"names the other", "quotation"} & seen


@pytest.mark.parametrize(
    ("language", "text", "stance"),
    [
        ("en", "Turkey is ready to resume talks with Greece, the Turkish foreign minister, Hakan Fidan, said.", 1),
        (
            "fr",
            "Hakan Fidan, le ministre turc des Affaires étrangères, a accusé la Grèce de saboter les pourparlers.",
            -1,
        ),
        ("ru", "Турция готова возобновить переговоры с Грецией, заявил министр иностранных дел Турции Хакан Фидан.", 1),
    ],
)
def test_a_text_of_one_plain_statement_keeps_its_sign(language: str, text: str, stance: int) -> None:
    coder = plugins.coder(starter(Dyad.parse("GRC-TUR"), date(2000, 1, 1)), None)
    record = {"id": "x", "text": text, "published": "2024-05-02", "language": language, "title": ""}
    (statement,) = coder.code(article_document(record)).statements
    assert (statement.stance > 0) - (statement.stance < 0) == stance
