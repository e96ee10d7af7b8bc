"""Boilerplate against annotated articles and against clean ones, where the outside sets lie beside the checkout."""

import json
import re
from pathlib import Path

import pytest

from detente.documents import find_boilerplate

GOLD = Path(__file__).parents[3] / "shared" / "gold"
pytestmark = pytest.mark.skipif(not GOLD.is_dir(), reason="the outside sets are not beside this checkout")


def test_every_character_of_the_annotated_articles_is_told_apart():
    wrong = {}
    for path in sorted((GOLD / "articles" / "gold").glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        article = json.loads((GOLD / "articles" / "texts" / f"{gold['article_id']}.json").read_text(encoding="utf-8"))
        wanted = {at for span in gold["boilerplate"] for at in range(span["start"], span["end"])}
        found = {at for span in find_boilerplate(article["text"]) for at in range(span.start, span.end)}
        if wanted != found:
            wrong[path.stem] = (len(wanted - found), len(found - wanted))
    assert wrong == {}


@pytest.mark.parametrize("folder", ["timex/fr", "timex/en"])
def test_nothing_is_marked_in_clean_news_text(folder):
    for path in sorted((GOLD / folder).glob("*.tml")):
        text = re.sub(r"<[^>]+>", "", path.read_text(encoding="utf-8"))
        assert find_boilerplate(text) == (), path.name
