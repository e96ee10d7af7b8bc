"""A brief for archives and agencies: every sentence with what it was derived from, in forms that others can read."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from publish_examples import document, event, new_dossier
from tests.console import run

from detente import workflow
from detente.errors import PublishError
from detente.publish import brief_exports, brief_versions, briefs, occurrences, situation
from detente.publish.brief_log import Correction
from detente.publish.disclosure import IPTC
from detente.publish.situation import Situation
from detente.terms import LANGUAGES

ATTACK = 'Talks <script>alert(1)</script>\x1b\u202e & "x"\nER  - \r\nTY  - BOOK'
REPORT = document("en-1", f"Envoys met in Istanbul on 10 April. {ATTACK}", source=ATTACK, url="https://example.org/1")
FIRST, SECOND = datetime(2025, 4, 20, 9, tzinfo=UTC), datetime(2025, 4, 21, 9, tzinfo=UTC)
NINJS = {
    "uri", "type", "representationType", "standard", "version", "language", "pubStatus", "contentCreated",
    "versionCreated", "headlines", "descriptions", "bodies", "digitalSourceType", "infoSources", "altIds", "by",
    "edNote",
}  # fmt: skip
"""Members of ninjs 3.1 that we use; its schema lets any other name through."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dossier whose brief went out twice: with a review, an edit, a judgement, a correction."""
    home = new_dossier(
        tmp_path_factory.mktemp("exports") / "dossier", (REPORT, [event(REPORT, REPORT.text)]), questions=False
    )
    with workflow.opened(home) as (case, ledger):
        brief_versions.publish(case, ledger, by="Anna Lind", languages=["en"], clock=lambda: FIRST)
        now = situation.of(case, ledger)
        made = briefs.of(now, "en")
        title, other = made.title_sentence, next(s for s in made.sentences if s is not made.title_sentence)
        brief_versions.review(home, made, by="Anna Lind", start=title.sha256, clock=lambda: SECOND)
        brief_versions.review(home, made, by="Bo Ek", start=other.sha256, text="It stands still.", clock=lambda: SECOND)
        brief_versions.write(
            home, now, "Flights go first.", by="Bo Ek", language="en", section="outlook", clock=lambda: SECOND
        )
        told = [Correction(1, {"en": "A date was wrong."})]
        brief_versions.publish(case, ledger, by="Bo Ek", languages=["en"], corrections=told, clock=lambda: SECOND)
    return home


@pytest.fixture(scope="module")
def record(folder: Path) -> dict[str, Any]:
    found = brief_versions.version(folder, 2)
    return dict(json.loads(brief_versions.kept(folder, found, "en", "json")))


def _check_prov(prov: dict[str, Any]) -> None:
    ends = {
        "prov:entity": "entity", "prov:generatedEntity": "entity", "prov:usedEntity": "entity",
        "prov:collection": "entity", "prov:activity": "activity", "prov:agent": "agent",
        "prov:delegate": "agent", "prov:responsible": "agent",
    }  # fmt: skip
    prefixes = set(prov["prefix"])
    for kind, held in prov.items():
        for name, about in held.items() if kind != "prefix" else ():
            assert name.startswith("_:") or name.partition(":")[0] in prefixes
            assert re.fullmatch(r"(_|[a-z]+):[A-Za-z0-9-]+", name), "PROV-N names need no escaping"
            for key, value in about.items():
                assert key.partition(":")[0] in prefixes
                if key in ends and kind not in ("entity", "activity", "agent"):
                    assert value in prov[ends[key]], (kind, key, value)


def test_every_sentence_is_derived_from_what_the_record_says(record: dict[str, Any]) -> None:
    prov = brief_exports.as_prov(record)
    _check_prov(prov)
    sentences = [s for section in record["sections"] for s in section["sentences"]]
    (whole,) = {member["prov:collection"] for member in prov["hadMember"].values()}
    assert len(prov["hadMember"]) == len(sentences)
    origins: dict[str, set[str]] = {}
    for relation in prov["wasDerivedFrom"].values():
        origins.setdefault(relation["prov:generatedEntity"], set()).add(relation["prov:usedEntity"])
    for sentence in sentences:
        name = f"detente:sentence-en-{sentence['sha256'][:16]}"
        assert prov["entity"][name]["prov:value"] == sentence["text"]
        assert prov["entity"][name]["schema:digitalSourceType"]["$"].startswith(IPTC)
        if sentence["evidence"] or sentence["data"]:
            assert origins[name]
        quotes = {prov["entity"][each].get("prov:value") for each in origins.get(name, ())}
        assert {record["footnotes"][n - 1]["quote"] for n in sentence["evidence"]} <= quotes
    assert any("-v1-" in each for each in origins[whole]), "a revision of the version before"
    labels = {agent["prov:label"]: agent["prov:type"]["$"] for agent in prov["agent"].values()}
    assert labels["Anna Lind"] == labels["Bo Ek"] == "prov:Person"
    assert labels["hand.v1"] == "prov:SoftwareAgent"
    kinds = {act["prov:type"]["$"] for act in prov["activity"].values()}
    assert kinds == {"detente:accepted", "detente:edited", "detente:written", "detente:publishing"}


def test_an_agency_reads_headline_label_body_and_type(record: dict[str, Any], now: Situation) -> None:
    drafts = [briefs.of(now, language).as_json() for language in LANGUAGES]
    for each in (record, *drafts):
        told = brief_exports.as_ninjs(each)
        assert set(told) <= NINJS
        assert told["standard"]["version"] == "3.1"
        assert told["uri"].startswith("urn:uuid:")
        assert told["digitalSourceType"]["uri"] == each["digital_source_type"]
        assert told["headlines"][0]["value"] == re.sub(r"\s+", " ", each["title"]) or "\u00a0" in each["title"]
        plain, markup = told["bodies"]
        assert each["label"]["sentence"][each["language"]] in plain["value"]
        assert plain["charCount"] == len(plain["value"])
        assert set(re.findall(r"</?([a-z0-9]+)", markup["value"])) == {"p", "h2"}
        assert not set(plain["value"] + markup["value"]) & set("\x1b\u202e")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", told["contentCreated"])
        assert told["pubStatus"] == ("usable" if each["version"] else "withheld")
    published = brief_exports.as_ninjs(record)
    assert published["by"] == "Bo Ek"
    assert "A date was wrong." in published["edNote"]
    assert "&lt;script&gt;" in published["bodies"][1]["value"]


def test_the_command_gives_both_of_a_draft_and_of_what_was_published(folder: Path, record: dict[str, Any]) -> None:
    for form, make in (("prov", brief_exports.as_prov), ("ninjs", brief_exports.as_ninjs)):
        done = run(f"detente brief --format {form} --version 2 --dossier {folder}")
        assert done.code == 0, done.err
        assert json.loads(done.out) == make(record)
        assert json.loads(run(f"detente brief --format {form} --dossier {folder}").out)
    with pytest.raises(PublishError, match="no form"):
        brief_exports.made(record, "xml")


def test_ris_has_a_record_for_the_dossier_and_each_report_and_no_more(now: Situation, folder: Path) -> None:
    with workflow.opened(folder) as (case, ledger):
        hostile = situation.of(case, ledger)
    for found in (now, hostile):
        lines = occurrences.as_ris(found).split("\r\n")
        assert lines.pop() == ""
        assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines)
        kinds = [line for line in lines if line.startswith("TY  - ")]
        assert kinds == ["TY  - DATA", *["TY  - NEWS"] * len(found.documents)]
        assert sum(line.startswith("ER  - ") for line in lines) == len(kinds)
        assert not set("".join(lines)) & set("\x1b\u202e")
