"""Sentences in the style of news agencies, about any two states, coded as a dossier that has nothing to do with them.

`newswire_style.tsv` holds invented sentences; rules were written with those of the set `dev` in view, the others
(`set aside`) are measured only.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from detente import plugins
from detente.dossier import starter
from detente.evaluation.newswire import directed
from detente.terms import Document, Dyad

_FLOORS = {"dev": 0.94, "set aside": 0.91}
_DAY = date(2008, 8, 5)


def _rows(chosen: str) -> list[tuple[list[tuple[str, str, str]], str]]:
    read = []
    for line in Path(__file__).with_name("newswire_style.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        name, codings, text = line.split("\t")
        if name == chosen:
            gold = [] if codings == "none" else [(c[:3], c[4:7], c[8:]) for c in codings.split(",")]
            read.append((gold, text))
    return read


@pytest.mark.parametrize("chosen", sorted(_FLOORS))
def test_directed_dyad_and_type_of_agency_sentences(chosen: str) -> None:
    coder = plugins.coder(starter(Dyad("CHE", "FJI"), date(2000, 1, 1)), None)
    wanted = given = right = 0
    for gold, text in _rows(chosen):
        coding = coder.code(Document("one", text, "en", _DAY, "given", datetime(2026, 1, 1, tzinfo=UTC)))
        found = directed(coding.events)
        wanted, given = wanted + len(gold), given + len(found)
        for source, target, kind in gold:
            hit = next((f for f in found if f.dyad == (source, target) and kind in (f.type, f.folded)), None)
            if hit is not None:
                found.remove(hit)
                right += 1
    assert 2 * right / (wanted + given) >= _FLOORS[chosen]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Peru said that it had shelled a depot in Chile.", ("PER", "CHL", "ASSAULT")),
        ("Rockets were fired into Kenya from Somalia on Monday.", ("SOM", "KEN", "ASSAULT")),
        ("Dutch and Belgian students staged a protest in Ankara on Monday.", ("NLD", "TUR", "PROTEST")),
        ("Malian bandits killed two Algerian traders on Monday.", ("MLI", "DZA", "ASSAULT")),
        ("Ghana refused Monday to lift its ban on Togolese cocoa.", ("GHA", "TGO", "REJECT")),
        ("Gabon's president thanked Oman on Monday.", ("GAB", "OMN", "SUPPORT")),
        ("Laos closed its airspace to Burmese aircraft on Monday.", ("LAO", "MMR", "SANCTION")),
    ],
)
def test_who_does_it_to_whom(text: str, wanted: tuple[str, str, str]) -> None:
    coder = plugins.coder(starter(Dyad("CHE", "FJI"), date(2000, 1, 1)), None)
    coding = coder.code(Document("one", text, "en", _DAY, "given", datetime(2026, 1, 1, tzinfo=UTC)))
    assert wanted in [(f.source, f.target, f.type) for f in directed(coding.events)]
