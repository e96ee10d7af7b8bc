"""Who follows the brief learns of every version and every correction, and of nothing twice."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from publish_examples import document, event, new_dossier, written
from test_feeds import ATOM, BASE, check_atom, check_json_feed

from detente import workflow
from detente.errors import PublishError
from detente.publish import brief_feed, brief_versions, briefs, feeds, situation
from detente.publish.brief_log import Correction
from detente.publish.disclosure import IPTC
from detente.publish.situation import Situation

REPORT = document("en-1", "Envoys met in Istanbul on 10 April. They will meet again.")
FIRST, SECOND = datetime(2025, 4, 20, 9, tzinfo=UTC), datetime(2025, 4, 21, 9, tzinfo=UTC)
WRONG = {"en": "A <b>date</b>\u202e was wrong.", "fr": "Une date était fausse."}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dossier whose brief went out twice, the second time with a new sentence and a correction of the first."""
    home = new_dossier(
        tmp_path_factory.mktemp("feed") / "dossier",
        (REPORT, [event(REPORT, "Envoys met in Istanbul")]),
        questions=False,
    )
    with workflow.opened(home) as (case, ledger):
        brief_versions.publish(case, ledger, by="Anna Lind", languages=["en", "fr"], clock=lambda: FIRST)
        now = situation.of(case, ledger)
        said = "Flights <i>will</i> go first."
        brief_versions.write(home, now, said, by="Bo Ek", language="en", section="outlook", clock=lambda: SECOND)
        brief_versions.publish(
            case, ledger, by="Bo Ek", languages=["en"], corrections=[Correction(1, WRONG)], clock=lambda: SECOND
        )
    return home


@pytest.fixture(scope="module")
def told(folder: Path) -> Situation:
    with workflow.opened(folder) as (case, ledger):
        return situation.of(case, ledger)


def test_each_version_is_an_item_with_its_label_and_what_changed(told: Situation) -> None:
    items = brief_feed.versions(told, "en").items
    assert [item.about.get("version") or f"corrects {item.about['corrects']}" for item in items].count(2) == 1
    assert {item.about.get("version") for item in items} == {1, 2, None}
    second = next(item for item in items if item.about.get("version") == 2)
    assert "Flights &lt;i&gt;will&lt;/i&gt; go first." in second.html
    assert "Bo Ek" in second.text
    assert second.about["label"]["sentence"]["en"] in second.text
    assert second.source_type.startswith(IPTC)
    assert second.page == "briefs/0002/brief.en.html"
    first = next(item for item in items if item.about.get("version") == 1)
    assert "New in it" not in first.html


def test_a_correction_is_an_item_of_its_own_in_the_readers_language(told: Situation) -> None:
    found = next(item for item in brief_feed.versions(told, "fr").items if "corrects" in item.about)
    assert WRONG["fr"] in found.title
    assert found.source_type == IPTC + "digitalCreation"
    russian = next(item for item in brief_feed.versions(told, "ru").items if "corrects" in item.about)
    assert "&lt;b&gt;date&lt;/b&gt;[U+202E]" in russian.html
    assert 'lang="fr"' in russian.html


def test_a_version_of_another_language_says_in_which_it_was_written(told: Situation) -> None:
    second = next(item for item in brief_feed.versions(told, "fr").items if item.about.get("version") == 2)
    assert second.about["written_in"] == "en"
    assert 'lang="en"' in second.html


def test_it_keeps_to_the_rules_of_both_formats(told: Situation) -> None:
    for language in ("en", "fr", "ru"):
        for base in ("", BASE):
            feed = brief_feed.versions(told, language, base=base)
            check_atom(feed.as_atom(), base)
            check_json_feed(feed.as_json(), base)


def test_a_moment_before_knows_neither_the_second_version_nor_the_correction(folder: Path) -> None:
    with workflow.opened(folder) as (case, ledger):
        then = situation.of(case, ledger, as_of=FIRST)
        assert [item.about.get("version") for item in brief_feed.versions(then, "en").items] == [1]
        assert brief_feed.versions(then, "en").as_atom() == brief_feed.versions(then, "en").as_atom()


def test_a_version_that_was_tampered_with_is_not_told(folder: Path, told: Situation) -> None:
    file = folder / "briefs" / "0001" / "brief.en.json"
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"Envoys", b"Voyens"))
    try:
        with pytest.raises(PublishError, match="was changed after it was published"):
            brief_feed.versions(told, "en")
    finally:
        file.write_bytes(whole)


def test_the_page_of_the_brief_names_its_feed_and_the_site_holds_it(folder: Path, tmp_path: Path) -> None:
    pages = written(folder, tmp_path)
    for path, page in pages.items():
        if path in ("brief.html", "fr/brief.html", "ru/brief.html"):
            alternates = [e.attributes for e in page.all("link") if e.attributes.get("rel") == "alternate"]
            for kind, form in (("application/atom+xml", "atom"), ("application/feed+json", "json")):
                assert any(a.get("type") == kind and a["href"] == f"briefs.{form}" for a in alternates)
            assert {"briefs.atom", "briefs.json"} <= set(page.links())
    root = ElementTree.fromstring((tmp_path / "ru" / "briefs.atom").read_bytes())
    assert len(root.findall(f"{ATOM}entry")) == 3
    for item in json.loads((tmp_path / "briefs.json").read_text("utf-8"))["items"]:
        assert (tmp_path / item["_detente"]["page"]).is_file()
    assert feeds.is_feed("fr/briefs.atom")
    assert not feeds.is_feed("fr/briefs/0001/brief.en.json")


def test_a_dossier_without_versions_has_an_empty_feed(now: Situation) -> None:
    assert brief_feed.versions(now, "en").items == ()
    assert briefs.of(now, "en").publication is None
