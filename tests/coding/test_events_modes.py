"""How a thing was done is read from the words around the act, where the rule leaves it open."""

from __future__ import annotations

import pytest
from reports import events, one


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Russia threatened on Tuesday to expel two American diplomats."),
        ("fr", "La Russie a menacé mardi d'expulser deux diplomates américains."),
        ("ru", "Россия пригрозила во вторник выслать двух американских дипломатов."),
    ],
)
def test_the_threat_names_its_mode(language: str, text: str) -> None:
    assert one(events(text, language, "RUS-USA", "2024-05-16"), "THREATEN").mode == "expel"


def test_an_act_without_a_word_for_its_mode_has_none() -> None:
    (event,) = events("Russia and the United States agreed on Tuesday.", "en", "RUS-USA", "2024-05-16")
    assert event.mode == ""
