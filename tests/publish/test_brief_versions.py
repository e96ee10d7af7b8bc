"""A brief goes out only when every sentence can stand; what it says of its making is derived; versions stay."""

from __future__ import annotations

import io
import json
import re
import shutil
import sys
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from publish_examples import document, event, file_report, found, new_dossier, parsed
from tests.console import run

from detente import workflow
from detente.dossier import Dossier
from detente.errors import PublishError
from detente.ledger import Ledger
from detente.publish import brief_log, brief_versions, briefs, disclosure, sites, situation
from detente.publish.brief_log import Correction, Model, Review
from detente.publish.brief_record import Brief, Data, Publication, Section, Sentence
from detente.publish.brief_versions import refusals
from detente.publish.citing import Cited
from detente.publish.situation import Situation
from detente.publish.text import Text
from detente.terms import LANGUAGES

REPORT = document("en-1", "Envoys met in Istanbul on 10 April. They will meet again.")
CITED = Cited(found(REPORT, "Envoys met in Istanbul"), REPORT)
DAY = datetime(2025, 4, 20, 9, 0, tzinfo=UTC)


def _text(text: str) -> Text:
    return Text(((text, ""),))


def _said(text: str = "Envoys met.", **more: object) -> Sentence:
    given: dict[str, object] = {"kind": "fact", "evidence": (CITED,), "data_version": "7-abc"}
    return Sentence(_text(text), **(given | more))  # type: ignore[arg-type]


def _read(sentence: Sentence, who: str = "Anna Lind", seq: int = 3) -> Sentence:
    return replace(sentence, reviews=(Review(seq, who, DAY, "accepted", sentence.sha256),))


def _brief(now: Situation, *sentences: Sentence, publication: Publication | None = None) -> Brief:
    title = sentences[0]
    return Brief(now, "en", title, (Section("one", "Heading", sentences[1:]),), publication)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dossier of one meeting, with one question less to forecast."""
    folder = tmp_path_factory.mktemp("briefs") / "dossier"
    talks = event(REPORT, "Envoys met in Istanbul", place="Istanbul")
    return new_dossier(folder, (REPORT, [talks]), questions=False)


@pytest.fixture
def case(small: Path, tmp_path: Path) -> Iterator[tuple[Dossier, Ledger]]:
    with workflow.opened(Path(shutil.copytree(small, tmp_path / "case"))) as opened:
        yield opened


def _home(case: tuple[Dossier, Ledger]) -> Path:
    assert case[0].folder
    return case[0].folder


def _draft(case: tuple[Dossier, Ledger], language: str = "en") -> Brief:
    return briefs.of(situation.of(*case), language)


def _approve_all(case: tuple[Dossier, Ledger], language: str) -> None:
    made = _draft(case, language)
    for start in dict.fromkeys(s.sha256 for s in made.sentences):
        brief_versions.review(_home(case), made, by="Anna Lind", start=start)


# What is refused


@pytest.mark.parametrize(
    ("sentence", "exempt", "reason"),
    [
        (_said(kind="judgement", judge=""), False, "a judgement without the name of who judges"),
        (_said("It rose by 3 points.", data_version=""), False, "a number without the version of its data"),
        (_said(kind="number", data_version=""), False, "a number without the version of its data"),
        (_said(), True, "made by machine and reviewed by nobody, and the exemption is claimed"),
        (_said(origin="model", model=Model("m")), True, "made by machine and reviewed by nobody"),
        (replace(_read(_said()), text=_text("Envoys met again.")), False, "reviewed as another text"),
        (
            _said(evidence=(replace(CITED, document=document("en-1", "Another text altogether, of which more.")),)),
            False,
            "its quote does not stand in en-1",
        ),
    ],
)
def test_a_sentence_that_cannot_stand_is_refused_with_its_reason(
    now: Situation, sentence: Sentence, exempt: bool, reason: str
) -> None:
    brief = _brief(now, _read(_said("Title")), sentence)
    told = [each.reason for each in refusals(brief, responsible="Anna Lind", exempt=exempt)]
    assert any(each.startswith(reason) for each in told), told


def test_a_sentence_without_evidence_or_judge_is_no_part_of_a_brief(now: Situation) -> None:
    with pytest.raises(PublishError, match="neither quote nor data"):
        _brief(now, _said("Title"), _said(evidence=()))
    assert (
        refusals(_brief(now, _said(), _said(evidence=(), kind="judgement", judge="Bo")), responsible="A", exempt=False)
        == []
    )


def test_a_brief_without_a_responsible_person_is_refused(now: Situation, case: tuple[Dossier, Ledger]) -> None:
    assert refusals(_brief(now, _said()), responsible=" ", exempt=False)
    with pytest.raises(PublishError, match="name of a person"):
        brief_versions.publish(*case, by="")
    assert brief_log.read(_home(case)).versions == ()


def test_a_number_inside_a_quote_is_its_authors_and_needs_no_data(now: Situation) -> None:
    said = _said("He spoke of “25 per cent”.", data_version="")
    assert refusals(_brief(now, _said("Title"), said), responsible="Anna", exempt=False) == []


def test_the_exemption_is_refused_until_every_text_is_reviewed_as_it_stands(case: tuple[Dossier, Ledger]) -> None:
    for language in ("en", "ru"):
        _approve_all(case, language)
    with pytest.raises(PublishError, match=r"the brief \(fr\) is not published(.|\n)*exemption is claimed"):
        brief_versions.publish(*case, by="Anna Lind", exempt=True)
    made, _ = brief_versions.publish(*case, by="Anna Lind", languages=("en", "ru"), exempt=True)
    assert made.exempt
    # Another report: the sentences about it are new, and a review of the old ones does not hold for them.
    more = document("en-2", "Envoys met in Geneva on 11 April.", published="2025-04-11")
    file_report(_home(case), more, [event(more, "Envoys met in Geneva", on="2025-04-11")])
    with pytest.raises(PublishError, match="exemption is claimed"):
        brief_versions.publish(*case, by="Anna Lind", languages=("en",), exempt=True)


# The label


def test_a_label_names_the_language_models_that_coded_whoever_wrote_the_text(now: Situation) -> None:
    coders = ("rules.v2", "llm.v1+small:8b+3f2a9c01", "rules.v2+llm.v1+big@2026-10", "trained.v1")
    (human,) = (replace(_said("One."), origin="human"),)
    for sentences, grade in ((human,), "human"), ((_said("One."),), "generated"):
        label = disclosure.of(sentences, None, coders)
        assert label.grade == grade
        assert label.sentences["en"].endswith("A language model took part in the coding: big@2026-10 and small:8b.")
        assert "участвовала языковая модель: big@2026-10" in label.sentences["ru"]
        assert label.why.endswith("coded by language models: big@2026-10, small:8b")
    assert "language model" not in disclosure.of((_said("One."),), None, ("rules.v2+3f2a9c01",)).sentences["en"]


def test_the_label_is_derived_from_the_log_and_claims_no_more_than_it_holds(now: Situation) -> None:
    one, two = _said("One."), _said("Two.")
    none = _brief(now, one, two).disclosed
    assert (none.grade, none.required, none.log_range) == ("generated", True, None)
    assert "artificially generated or manipulated" in none.sentences["en"]
    assert "0 of 2" in none.sentences["en"]
    claimed = Publication(1, 0, "Bo Ek", DAY, exempt=True)
    half = _brief(now, _read(one), two, publication=claimed).disclosed
    assert (half.grade, half.required, half.log_range) == ("generated", True, (3, 3)), "a claim alone lifts no label"
    assert "1 of 2" in half.sentences["en"]
    whole = _brief(now, _read(one), _read(two, "Bo Ek", 5), publication=claimed).disclosed
    assert (whole.grade, whole.required, whole.log_range) == ("reviewed", False, (3, 5))
    assert "Anna Lind and Bo Ek" in whole.sentences["en"]
    assert "20\u00a0April\u00a02025" in whole.sentences["en"]
    unclaimed = _brief(now, _read(one), _read(two), publication=replace(claimed, exempt=False)).disclosed
    assert unclaimed.required
    human = _brief(now, _said(origin="human", judge="Bo", kind="judgement")).disclosed
    assert (human.grade, human.required) == ("human", False)


def test_the_label_says_the_same_in_each_language(now: Situation) -> None:
    said = _brief(now, _said()).disclosed.sentences
    by_people = _said(origin="human", judge="Bo", kind="judgement")
    claimed = Publication(1, 0, "Bo", DAY, exempt=True)
    for label in (said, _brief(now, by_people).disclosed.sentences):
        assert set(label) == set(LANGUAGES)
        assert len(set(label.values())) == 3, "each language has its own"
    whole = _brief(now, _read(_said()), publication=claimed).disclosed.sentences
    assert len({text.partition(" ")[0] for text in whole.values()}) == 3
    assert "généré ou manipulé par une IA" in said["fr"]
    assert "искусственным интеллектом" in said["ru"]
    assert all("2024/1689" in text and re.search(r"50", text) for text in said.values())


@pytest.mark.parametrize(
    ("sentences", "kind"),
    [
        ((_said(), _said(kind="number", data=Data("x"))), "algorithmicMedia"),
        ((_said(), _said("X", origin="human")), "composite"),
        ((_said(), _said("X", before_sha256="0" * 64)), "composite"),
        ((_said(), _said("X", origin="model", model=Model("m"))), "compositeWithTrainedAlgorithmicMedia"),
        ((_said(origin="model", model=Model("m")),), "trainedAlgorithmicMedia"),
        ((_said(origin="human"),), "digitalCreation"),
    ],
)
def test_the_digital_source_type_follows_from_who_wrote_the_sentences(
    now: Situation, sentences: tuple[Sentence, ...], kind: str
) -> None:
    assert _brief(now, *sentences).source_type == kind


def test_a_model_may_draft_and_is_named_but_may_not_judge(case: tuple[Dossier, Ledger]) -> None:
    now = situation.of(*case)
    given = {"by": "Bo", "language": "en", "section": "answer", "model": Model("m", "2")}
    with pytest.raises(PublishError, match="a model cannot judge"):
        brief_versions.write(_home(case), now, "It will pass.", **given)  # type: ignore[arg-type]
    entry = next(iter(now.cited_entries))
    brief_versions.write(_home(case), now, "Envoys met.", entries=[entry], **given)  # type: ignore[arg-type]
    made = _draft(case)
    drafted = next(s for s in made.sentences if s.origin == "model")
    assert drafted.reviews == (), "who hands in a draft has not read it"
    assert "(drafted by m 2)" in made.as_markdown()
    assert made.source_type == "compositeWithTrainedAlgorithmicMedia"


# The marks, on every output


def _visible(xml: bytes) -> str:
    return "".join(ElementTree.fromstring(xml).itertext())


@pytest.mark.parametrize("language", LANGUAGES)
def test_label_and_marks_are_on_every_output(now: Situation, language: str) -> None:
    brief = briefs.of(now, language)
    uri = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"
    markdown = brief.as_markdown()
    assert brief.disclosed.sentences[language] in markdown
    assert f"[digital-source-type]: {uri}" in markdown
    assert f'[ai-disclosure]: # "{brief.meta}"' in markdown
    page = parsed(f"brief.{language}.html", brief.as_html())
    assert brief.label in page.all("main")[0].text()
    metas = {e.attributes.get("name"): e.attributes.get("content") for e in page.all("meta")}
    assert metas["ai-disclosure"] == "generated; required=yes; icon=ai"
    assert metas["digital-source-type"] == uri
    data = json.loads(page.all("script")[0].text())
    assert data["@type"] == "AnalysisNewsArticle"
    assert data["digitalSourceType"] == "https://schema.org/AlgorithmicMediaDigitalSource"
    assert data["creditText"] == brief.label
    assert data["inLanguage"] == language
    assert {e.attributes["data-origin"] for e in page.all("span") if "data-origin" in e.attributes} == {"template"}
    with zipfile.ZipFile(io.BytesIO(brief.as_docx())) as word:
        assert brief.label in _visible(word.read("word/document.xml"))
        marks = _visible(word.read("docProps/custom.xml"))
        assert uri in marks
        assert brief.meta in marks
        assert uri in _visible(word.read("docProps/core.xml"))
    record = brief.as_json()
    assert record["label"]["sentence"][language] in record["label"]["line"]
    assert record["digital_source_type"] == uri
    assert all(
        s["digital_source_type"].startswith("http://cv.iptc") for part in record["sections"] for s in part["sentences"]
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_label_and_marks_are_in_the_pdf(now: Situation, language: str) -> None:
    pytest.importorskip("typst", reason="the PDF needs pip install 'detente[pdf]'")
    brief = briefs.of(now, language)
    whole = brief.as_pdf()
    xmp = whole[whole.index(b"<x:xmpmeta") : whole.index(b"</x:xmpmeta>")].decode()
    assert brief.disclosed.sentences[language] in unescape(xmp)
    assert "digitalsourcetype/algorithmicMedia" in xmp
    assert brief.meta in xmp
    assert "pdfaid:part>3<" in xmp, "an archival file: every character was in a font"
    assert b"brief.json" in whole


def test_without_typst_the_pdf_says_what_to_install_and_word_has_a_table(
    now: Situation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    brief = briefs.of(now, "fr")
    with pytest.raises(PublishError, match=r"pip install 'detente\[pdf\]'"):
        brief.as_pdf()
    with zipfile.ZipFile(io.BytesIO(brief.as_docx())) as word:
        assert b"<w:tbl>" in word.read("word/document.xml")
        assert not [name for name in word.namelist() if name.startswith("word/media/")]


# Versions


def test_a_version_stays_as_it_went_out_and_a_changed_file_is_noticed(case: tuple[Dossier, Ledger]) -> None:
    home = _home(case)
    made, _ = brief_versions.publish(*case, by="Anna Lind")
    assert (made.version, made.supersedes) == (1, 0)
    with pytest.raises(PublishError, match="nothing has changed since version 1"):
        brief_versions.publish(*case, by="Anna Lind")
    before = brief_versions.kept(home, made, "fr", "html")
    brief_versions.write(home, situation.of(*case), "Talks on flights first.", by="Bo", language="fr", section="answer")
    second, _ = brief_versions.publish(
        *case, by="Anna Lind", corrections=[Correction(1, {"en": "A <b>date</b> was wrong."})]
    )
    assert second.supersedes == 1
    assert brief_versions.kept(home, made, "fr", "html") == before
    page = brief_versions.kept(home, second, "fr", "html").decode()
    assert "A &lt;b&gt;date&lt;/b&gt; was wrong." in page
    assert '"CorrectionComment"' in page
    assert "Talks on flights first. (jugement de Bo)" in page
    (home / "briefs" / "0001" / "brief.fr.html").write_text("changed", "utf-8")
    assert brief_versions.damaged(home, made) == ["0001/brief.fr.html"]
    with pytest.raises(PublishError, match="was changed after it was published"):
        brief_versions.kept(home, made, "fr", "html")


def test_two_versions_are_compared_sentence_by_sentence(case: tuple[Dossier, Ledger]) -> None:
    first = _draft(case)
    target = first.sections[0].sentences[0]
    brief_versions.review(_home(case), first, by="Bo", start=target.sha256, text="Rewritten by Bo.")
    changes = brief_versions.diff(first.as_json(), _draft(case).as_json())
    assert [(c.section, c.gone, c.new) for c in changes] == [("answer", (str(target.text),), ("Rewritten by Bo.",))]
    assert brief_versions.diff(first.as_json(), first.as_json()) == []


def test_an_edit_is_kept_with_the_text_it_replaced_and_counts_as_a_review_of_the_new_one(
    case: tuple[Dossier, Ledger],
) -> None:
    first = _draft(case)
    target = first.sections[0].sentences[0]
    brief_versions.review(_home(case), first, by="Bo", start=target.sha256[:10], text="Rewritten by Bo.")
    changed = _draft(case).sections[0].sentences[0]
    assert (str(changed.text), changed.before_sha256) == ("Rewritten by Bo.", target.sha256)
    assert [(r.who, r.action) for r in changed.reviews] == [("Bo", "edited")]
    assert changed.source_type == "humanEdits"
    assert changed.evidence == target.evidence
    brief_versions.review(_home(case), _draft(case), by="Bo", start=changed.sha256, drop=True)
    assert _draft(case).dropped == 1
    with pytest.raises(PublishError, match="a brief needs its title"):
        brief_versions.review(_home(case), first, by="Bo", start=first.title_sentence.sha256, drop=True)
    with pytest.raises(PublishError, match="0 texts of this brief"):
        brief_versions.review(_home(case), first, by="Bo", start="zz")


def test_whoever_rewords_a_judgement_is_the_one_who_judges(case: tuple[Dossier, Ledger]) -> None:
    now = situation.of(*case)
    start = brief_versions.write(_home(case), now, "Flights first.", by="Bo", language="en", section="answer")
    brief_versions.review(_home(case), _draft(case), by="Anna Lind", start=start, text="Flights never.")
    text = _draft(case).as_markdown()
    assert "Flights never. (judgement by Anna Lind)" in text
    assert "(judgement by Bo)" not in text


def test_what_was_taken_out_and_is_written_anew_stands(case: tuple[Dossier, Ledger]) -> None:
    now = situation.of(*case)
    start = brief_versions.write(_home(case), now, "Flights first.", by="Bo", language="en", section="answer")
    brief_versions.review(_home(case), _draft(case), by="Bo", start=start, drop=True)
    assert "Flights first." not in _draft(case).as_markdown()
    brief_versions.write(_home(case), now, "Flights first.", by="Bo", language="en", section="answer")
    assert _draft(case).as_markdown().count("Flights first.") == 1


def test_changes_hold_in_the_order_they_were_made(case: tuple[Dossier, Ledger]) -> None:
    first = _draft(case)
    target = first.sections[0].sentences[0]

    def change(text: str) -> Sentence:
        before = _draft(case).sections[0].sentences[0]
        brief_versions.review(_home(case), _draft(case), by="Bo", start=before.sha256, text=text)
        return _draft(case).sections[0].sentences[0]

    assert str(change("Reworded by Bo.").text) == "Reworded by Bo."
    back = change(str(target.text))
    assert (str(back.text), back.before_sha256, back.source_type) == (str(target.text), "", target.source_type)
    assert str(change("Reworded by Bo.").text) == "Reworded by Bo.", "an older change back does not undo a newer one"


def test_the_numbers_of_a_changed_sentence_are_those_of_the_ledger_it_was_changed_at(
    case: tuple[Dossier, Ledger],
) -> None:
    before = _draft(case)
    target = next(s for s in before.sentences if "Istanbul" in str(s.text) and s.kind == "fact")
    brief_versions.review(_home(case), before, by="Bo", start=target.sha256, text="12 envoys met in Istanbul.")
    more = document("en-2", "Envoys met in Geneva on 1 February.", published="2025-02-01")
    file_report(_home(case), more, [event(more, "Envoys met in Geneva", on="2025-02-01")])
    after = _draft(case)
    changed = next(s for s in after.sentences if str(s.text) == "12 envoys met in Istanbul.")
    assert changed.data_version == before.situation.data_version != after.situation.data_version


def test_a_sentence_whose_entry_was_rejected_is_left_out_and_holds_up_publishing_alone(
    case: tuple[Dossier, Ledger],
) -> None:
    dossier, ledger = case
    now = situation.of(*case)
    entry = next(iter(now.cited_entries))
    given = {"by": "Bo", "language": "en", "section": "answer"}
    start = brief_versions.write(_home(case), now, "They met.", entries=[entry], **given)  # type: ignore[arg-type]
    ledger.decide(entry, "reject", by="Anna Lind", why="another meeting")
    made = _draft(case)
    assert [str(s.text) for s in made.fallen] == ["They met."]
    assert "They met." not in made.as_markdown()
    with pytest.raises(PublishError, match=r"rests on an entry that no longer stands \(1\)"):
        brief_versions.publish(*case, by="Anna Lind", languages=("en",))
    brief_versions.publish(*case, by="Anna Lind", languages=("fr",))
    brief_versions.review(_home(case), made, by="Bo", start=start, drop=True)
    brief_versions.publish(dossier, ledger, by="Anna Lind", languages=("en",))


def test_a_log_cut_off_or_changed_in_any_byte_is_noticed(case: tuple[Dossier, Ledger]) -> None:
    made = _draft(case)
    for sentence in made.sentences[:2]:
        brief_versions.review(_home(case), made, by="Bo", start=sentence.sha256)
    path = _home(case) / "briefs" / "log.jsonl"
    whole = path.read_bytes()
    rows = whole.index(b"\n") + 1
    broken = [whole[:n] for n in range(1, len(whole)) if n != rows]
    broken += [whole[:n] + bytes([whole[n] ^ 1]) + whole[n + 1 :] for n in range(len(whole))]
    for content in broken:
        path.write_bytes(content)
        with pytest.raises(PublishError, match="Put the file back"):
            brief_log.read(_home(case))


def test_the_notes_of_the_title_are_there_whatever_was_taken_out(now: Situation) -> None:
    title, only = _said("Title", evidence=(CITED,)), _said(evidence=(), data=Data("x"))
    brief = _brief(now, title, only)
    before = brief.as_markdown()
    brief.as_json()
    assert brief.as_markdown() == before
    assert "Envoys met in Istanbul" in before


def test_a_row_changed_or_taken_out_of_the_log_is_noticed(case: tuple[Dossier, Ledger]) -> None:
    made = _draft(case)
    for sentence in made.sentences[:3]:
        brief_versions.review(_home(case), made, by="Bo", start=sentence.sha256)
    path = _home(case) / "briefs" / "log.jsonl"
    rows = path.read_text("utf-8").splitlines(keepends=True)
    for broken in (rows[1:], [rows[0], rows[2]], [rows[0].replace('"Bo"', '"Eve"'), *rows[1:]], [*rows, "{}\n"]):
        path.write_text("".join(broken), "utf-8")
        with pytest.raises(PublishError, match="Put the file back"):
            brief_log.read(_home(case))
    path.write_text("".join(rows), "utf-8")
    assert len(brief_log.read(_home(case)).rows) == 3


def test_writers_at_once_lose_no_row(tmp_path: Path) -> None:
    def review(number: int) -> int:
        content = {
            "language": "en",
            "action": "accepted",
            "sha256": f"{number:064x}",
            "before_sha256": "",
            "text": None,
        }
        return brief_log.add(tmp_path, "review", f"person {number}", lambda _log, _at: content).seq

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(review, range(40)))
    assert sorted(numbers) == list(range(1, 41))
    assert {row.by for row in brief_log.read(tmp_path).rows} == {f"person {n}" for n in range(40)}


def test_a_name_that_is_too_long_is_not_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match=r"has 201 characters, and the log takes 200: Anna.* with --by"):
        brief_log.add(tmp_path, "review", f"Anna {'x' * 196}", lambda _log, _at: {})
    assert brief_log.read(tmp_path).rows == ()


def test_what_a_publishing_broken_off_left_behind_is_no_version(case: tuple[Dossier, Ledger]) -> None:
    home = _home(case) / "briefs"
    for left in ("0001", ".0001.part"):
        (home / left).mkdir(parents=True)
        (home / left / "brief.en.pdf.half").write_text("half", "utf-8")
    assert brief_log.read(_home(case)).versions == ()
    made, _ = brief_versions.publish(*case, by="Anna Lind", languages=("en",))
    assert {f"0001/{path.name}" for path in (home / "0001").iterdir()} == set(made.files)
    assert not (home / ".0001.part").exists()


def test_a_brief_replayed_as_of_a_day_is_the_same_to_the_byte(case: tuple[Dossier, Ledger]) -> None:
    def everything() -> list[bytes]:
        out = []
        for language in LANGUAGES:
            brief = briefs.of(situation.of(*case, as_of=date(2025, 4, 12)), language)
            out += [brief.as_markdown().encode(), brief.as_html().encode(), brief.as_docx()]
            out += [brief.as_pdf()] if brief_versions.can_set() else []
            out.append(json.dumps(brief.as_json(), ensure_ascii=False).encode())
        return out

    before = everything()
    # What comes later: a report, a review, a judgement, a version.
    more = document("en-2", "Envoys met in Geneva on 13 April.", published="2025-04-13")
    told = event(more, "Envoys met in Geneva", on="2025-04-13")
    file_report(_home(case), more, [told], moment=datetime(2025, 4, 14, tzinfo=UTC))
    _approve_all(case, "en")
    brief_versions.write(_home(case), situation.of(*case), "Flights first.", by="B", language="en", section="answer")
    brief_versions.publish(*case, by="Anna Lind", languages=("en",))
    assert everything() == before
    assert brief_log.read(_home(case), as_of=date(2025, 4, 12)).versions == ()


def test_site_and_application_show_every_version_and_hand_out_its_files(
    case: tuple[Dossier, Ledger], tmp_path: Path
) -> None:
    testclient = pytest.importorskip("fastapi.testclient", reason="serving needs pip install 'detente[web]'")
    from detente.web.server import application

    client = testclient.TestClient(application(_home(case)))
    assert "briefs/0001" not in client.get("/fr/brief.html").text
    made, _ = brief_versions.publish(*case, by="Anna Lind")
    sites.write(situation.of(*case), case[1], tmp_path / "site")
    page = parsed("fr/brief.html", (tmp_path / "site" / "fr" / "brief.html").read_text("utf-8"))
    offered = [href for href in page.links() if "briefs/" in href]
    assert {name.rpartition(".")[2] for name in offered} == {name.rpartition(".")[2] for name in made.files}
    assert "Anna Lind" in page.text()
    shown = client.get("/fr/brief.html").text
    for href in offered:
        name = href.removeprefix("../briefs/")
        assert (tmp_path / "site" / "briefs" / name).read_bytes() == (_home(case) / "briefs" / name).read_bytes()
        assert f'href="{href}"' in shown
        assert client.get(f"/briefs/{name}").content == (_home(case) / "briefs" / name).read_bytes()


def test_links_in_a_word_file_lead_to_notes_that_are_there(now: Situation) -> None:
    with zipfile.ZipFile(io.BytesIO(briefs.of(now, "ru").as_docx())) as word:
        text = word.read("word/document.xml").decode()
    names = set(re.findall(r'w:bookmarkStart [^>]*w:name="([^"]+)"', text))
    assert names
    assert set(re.findall(r'w:anchor="([^"]+)"', text)) == names
    # Word takes letters, digits and low lines in the name of a bookmark (ECMA-376, part 1, 17.13.6.2; 40 characters).
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name) for name in names)


def test_the_commands_go_the_whole_way(sample: Path) -> None:
    def said(line: str) -> str:
        done = run(f"{line} --dossier {sample}")
        assert done.code == 0, done.err
        return done.out

    assert said("detente brief versions") == "No version has been published.\n"
    listed = json.loads(said("detente brief approve --lang ru --json"))
    first = listed[0]["sha256"][:12]
    assert said(f"detente brief approve --lang ru --by Bo --text {first}") == f"{first}: approved by Bo.\n"
    assert len(json.loads(said("detente brief approve --lang ru --json"))) == len(listed) - 1
    assert "stands in against" in said('detente brief write "Рейсы раньше." --lang ru --by Bo --section against')
    assert said("detente brief publish --by Anna --lang ru").startswith("Version 1 of 2026-05-18, ru: Anna.")
    assert "Рейсы раньше. (суждение: Bo)" in said("detente brief --version 1 --lang ru")
    assert said("detente brief diff --lang ru") == "Nothing has changed.\n"
    said('detente brief publish --by Anna --lang ru --correct "1:ru=Ошибка в дате." --quiet')
    assert "## Исправления" in said("detente brief --version 2 --lang ru")
    versions = json.loads(said("detente brief versions --json"))
    assert [each["version"] for each in versions] == [1, 2]
    refused = run(f"detente brief publish --by Anna --exempt --dossier {sample}")
    assert (refused.code, "the exemption is claimed" in refused.err) == (2, True)
    for line, problem in (
        ("detente brief --format pdf", "cannot be printed"),
        ("detente brief --lang fr versions", "go behind its name"),
        (f"detente brief approve --drop --dossier {sample}", "give one --text"),
        (f"detente brief publish --by A --correct x --dossier {sample}", "is not N:LANG=TEXT"),
        (f"detente brief --version 9 --dossier {sample}", "no version 9"),
        (f"detente brief write X --section nowhere --dossier {sample}", "no section 'nowhere'"),
        (f"detente brief write X --entry 0 --dossier {sample}", "no entry '0'"),
        (f"detente brief write X --model @2 --dossier {sample}", "names no model"),
        (f"detente brief publish --by A --correct ²:en=x --dossier {sample}", "is not N:LANG=TEXT"),
    ):
        done = run(line)
        assert done.code == 2
        assert problem in " ".join(done.err.split()), line


# Hostile text

ATTACK = (
    '#eval("1") $x$ @x <script>alert(1)</script> ]]> --> \\u{41} *b* _i_ #include "/etc/passwd" \u202egpj.exe \x07 '
    "\ufffe 漢字"
)


def test_hostile_text_is_text_in_every_format(tmp_path: Path) -> None:
    report = document('x" y', f"{ATTACK}. The end.", title=ATTACK, source=ATTACK, url="javascript:alert(1)")
    folder = new_dossier(tmp_path / "d", (report, [event(report, ATTACK)]), questions=False)
    with workflow.opened(folder) as opened:
        brief_versions.write(folder, situation.of(*opened), ATTACK, by=ATTACK, language="en", section="against")
        made, _ = brief_versions.publish(*opened, by=ATTACK, languages=("en",))
        brief = briefs.of(situation.of(*opened), "en")
    page = parsed("brief.en.html", brief_versions.kept(folder, made, "en", "html").decode())
    assert page.problems == []
    assert {e.attributes.get("type") for e in page.all("script")} == {"application/ld+json"}
    assert "<script>alert(1)</script>" in page.text()
    assert json.loads(page.all("script")[0].text())["citation"][0]["text"].startswith("#eval")
    with zipfile.ZipFile(io.BytesIO(brief_versions.kept(folder, made, "en", "docx"))) as word:
        text = _visible(word.read("word/document.xml"))
        assert '#eval("1") $x$ @x <script>alert(1)</script>' in text
        assert "[U+202E]gpj.exe" in text
        links = word.read("word/_rels/document.xml.rels").decode()
        assert "javascript" not in links
    if brief_versions.can_set():
        whole = brief_versions.kept(folder, made, "en", "pdf")
        assert whole.startswith(b"%PDF")
        assert b"javascript:alert" not in whole
    assert brief.title
    assert "</script" not in disclosure.data_block({"x": ATTACK + "</script>"})
