"""Agreed lists, split into their points."""

from __future__ import annotations

import pytest
from tests.coding.reports import events, one

from detente.coding.agreements import points


def split(text: str, after: str, language: str, stop: int | None = None) -> list[str]:
    start = text.index(after) + len(after)
    end = text.index("\n") if "\n" in text else len(text)
    found = points(text, start, end, "d", language, stop)
    assert all(text[p.start : p.end] == p.quote for p in found)
    return [p.quote for p in found]


def test_a_counted_list_is_cut_into_that_many_points() -> None:
    text = (
        "Ils ont convenu de trois points : la reprise des vols, l'échange de prisonniers "
        "et le retour du personnel et de l'ambassadeur."
    )
    assert split(text, "convenu", "fr") == [
        "la reprise des vols",
        "l'échange de prisonniers",
        "le retour du personnel et de l'ambassadeur",
    ]


@pytest.mark.parametrize(
    ("text", "after", "language", "wanted"),
    [
        (
            "They agreed to restore direct flights, reopen consulates and exchange prisoners and bodies.",
            "agreed",
            "en",
            ["to restore direct flights", "reopen consulates", "exchange prisoners and bodies"],
        ),
        (
            "Ils ont convenu de rouvrir les ambassades et de rétablir les vols.",
            "convenu",
            "fr",
            ["de rouvrir les ambassades", "de rétablir les vols"],
        ),
        (
            "Стороны договорились возобновить рейсы, открыть посольства и обменяться пленными.",
            "договорились",
            "ru",
            ["возобновить рейсы", "открыть посольства", "обменяться пленными"],
        ),
        (
            "The sides agreed on the following: 1) visas; 2) direct flights; 3) return of property.",
            "agreed",
            "en",
            ["visas", "direct flights", "return of property"],
        ),
        (
            "Стороны согласовали: открытие посольств; возобновление рейсов; обмен пленными.",
            "согласовали",
            "ru",
            ["открытие посольств", "возобновление рейсов", "обмен пленными"],
        ),
    ],
)
def test_lists_are_cut_by_their_marks(text: str, after: str, language: str, wanted: list[str]) -> None:
    assert split(text, after, language) == wanted


def test_bullets_after_the_sentence_are_its_points() -> None:
    text = "The two sides agreed:\n- to reopen consulates;\n- to restore\n  direct mail.\nNothing else was said."
    assert split(text, "agreed", "en", stop=len(text)) == ["to reopen consulates", "to restore\n  direct mail"]


@pytest.mark.parametrize(
    ("text", "after", "language"),
    [
        ("They agreed to meet again.", "agreed", "en"),
        (
            "Стороны договорились поддерживать контакты, чтобы готовить встречу: им предстоит многое, и скоро.",
            "договорились",
            "ru",
        ),
        ("Ils ont convenu d'un point : la paix.", "convenu", "fr"),
    ],
)
def test_what_is_no_list_has_no_points(text: str, after: str, language: str) -> None:
    assert split(text, after, language) == []


def test_the_points_of_an_accord_stand_in_its_evidence() -> None:
    text = (
        "Les États-Unis et Cuba ont convenu le 17 décembre 2014 de quatre points : la réouverture des ambassades, "
        "l'assouplissement des voyages, le relèvement des transferts d'argent et l'examen de la liste noire."
    )
    event = one(events(text, "fr", "CUB-USA"), "AGREE")
    assert [p.quote for p in event.points] == [
        "la réouverture des ambassades",
        "l'assouplissement des voyages",
        "le relèvement des transferts d'argent",
        "l'examen de la liste noire",
    ]
    assert all(event.evidence.span.covers(p.span) for p in event.points)
