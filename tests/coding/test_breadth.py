"""The word lists see the type of lines that nobody who writes lists has read, as often as they once did."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]

# language: least share of unread lines whose type is seen, least share of unread NONE lines where nothing is
FLOORS = {"en": (0.53, 0.61), "fr": (0.6, 0.65), "ru": (0.61, 0.66)}


@pytest.fixture(scope="module")
def breadth() -> ModuleType:
    spec = importlib.util.spec_from_file_location("breadth", ROOT / "benchmarks" / "breadth.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["breadth"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("language", sorted(FLOORS))
def test_unread_lines_are_seen_as_often_as_before(breadth: ModuleType, language: str) -> None:
    seen, quiet = FLOORS[language]
    found = breadth.shares(ROOT / "tools/lines", language)
    assert breadth.share(found, "unread") >= seen
    assert breadth.share(found, "unread", nothing=True) >= quiet


def test_a_line_with_several_types_is_seen_by_one_of_them(breadth: ModuleType) -> None:
    assert breadth.seen(["ACCUSE", "CONSULT"], "The two presidents met in Geneva.", "en")
    assert not breadth.seen(["ASSAULT"], "The two presidents met in Geneva.", "en")
