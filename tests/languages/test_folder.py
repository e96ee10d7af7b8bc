"""A language is a folder: one made up here, of a few words, is read by data alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pluggy
import pytest

from detente import languages, plugins
from detente.coding.rules import RulesCoder
from detente.documents import identify
from detente.dossier import parse
from detente.errors import LanguageError
from detente.languages import folders
from detente.sample import dossier_text
from detente.terms import Coding, Document

# Verbs end in -ok, their past in -u; "zu" is to, "yi" and.
FILES = {
    "grammar": """
        [traits]
        verbs = "romance"
        [words]
        and = "yi"
        common = "yi ne zu tel sok"
        called = "tlonish"
        [patterns]
        that = '^\\W*ke(?!\\w)'
    """,
    "forms": """
        [[verbs]]
        ending = "ok"
        pres = ["a"]
        past = ["u"]
        pp = ["un"]
        [[nouns]]
        ending = ""
        forms = ["", "i"]
    """,
    "events": """
        [acts.meet]
        verbs = ["tomok"]
        [acts.impose]
        verbs = ["lagok"]
        [things.sanctions]
        nouns = ["zank"]
    """,
    "places": """
        to = ["zu"]
        against = ["kon"]
    """,
    "times": """
        [words.MONTH]
        8 = ["osto"]
        [words.DEICTIC]
        -1 = ["jeri"]
        [tense]
        past_ends = ["u"]
        [macros]
        D = "DAY"
        [rules]
        date = ["D MONTH YEAR?"]
        deictic = ["DEICTIC"]
    """,
    "reporting": """
        prepositions = "zu kon"
        [verbs]
        say = "dikok"
    """,
    "registry": """
        [entities]
        RUS = ["Ruzia"]
        USA = ["Yanka"]
    """,
    "stance": """
        [steps]
        plus = ['bon']
    """,
}


@pytest.fixture
def tlon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for the language, known while the test runs."""
    folder = tmp_path / "qtl"
    folder.mkdir()
    for name, content in FILES.items():
        lines = (line.strip() for line in content.splitlines())
        (folder / f"{name}.toml").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr(folders, "_ADDED", {})
    yield folder
    folders.codes.cache_clear()
    folders.table.cache_clear()


def _coded(text: str, language: str = "qtl") -> Coding:
    document = Document("own", text, language, date(2025, 8, 20), "given", datetime(2026, 1, 1, tzinfo=UTC))
    return RulesCoder(parse(dossier_text())).code(document)


def test_a_language_without_a_folder_is_not_coded() -> None:
    issues = _coded("Ruzia yi Yanka tomu 15 osto 2025.").issues
    assert ["language 'qtl' is not coded" in issue.message for issue in issues] == [True]


def test_a_folder_added_is_read(tlon: Path) -> None:
    languages.add(tlon)
    coding = _coded("Ruzia yi Yanka tomu 15 osto 2025. Yanka lagu zanki kon Ruzia jeri. Lavrov diku ke Yanka bon.")
    assert [time.value for time in coding.times] == ["2025-08-15", "2025-08-19"]
    events = [(e.type, {p.side for p in e.actors}, {p.side for p in e.recipients}) for e in coding.events]
    assert ("CONSULT", {"RUS", "USA"}, set()) in events
    assert ("SANCTION", {"USA"}, {"RUS"}) in events
    assert [(s.speaker.side, s.stance) for s in coding.statements] == [("RUS", 1)]


def test_a_folder_may_be_nearly_empty(tlon: Path) -> None:
    for name in FILES.keys() - {"registry"}:
        (tlon / f"{name}.toml").unlink()
    languages.add(tlon.rename(tlon.with_name("qtm")))
    assert _coded("Ruzia yi Yanka tomu 15 osto 2025.", "qtm").events == ()


def test_a_code_has_one_folder(tlon: Path) -> None:
    languages.add(tlon)
    with pytest.raises(LanguageError, match="already"):
        languages.add(tlon)


def test_a_folder_is_named_after_a_code(tmp_path: Path) -> None:
    with pytest.raises(LanguageError, match="ISO 639"):
        languages.add(tmp_path / "no such folder")


def test_a_trait_nobody_reads_is_refused(tlon: Path) -> None:
    (tlon / "grammar.toml").write_text("[traits]\ntonal = true\n", encoding="utf-8")
    languages.add(tlon.rename(tlon.with_name("qtn")))
    with pytest.raises(LanguageError, match="nothing reads trait 'tonal'"):
        languages.grammar("qtn")


def test_a_plugin_brings_its_folder(tlon: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tlon.rename(tlon.with_name("qtp"))

    class Tlon:
        @plugins.hookimpl
        def register_languages(self) -> list[Path]:
            return [folder]

    monkeypatch.setattr(pluggy.PluginManager, "load_setuptools_entrypoints", lambda self, _: self.register(Tlon()))
    plugins.manager.cache_clear()
    try:
        plugins.manager()
    finally:
        plugins.manager.cache_clear()
    assert "qtp" in languages.codes()


def test_a_text_is_known_by_the_folders_common_words(tlon: Path) -> None:
    languages.add(tlon.rename(tlon.with_name("qtw")))
    assert identify("Zu tel ne sok yi ne zu Ruzia tel sok yi ne Yanka zu sok.").code == "qtw"
