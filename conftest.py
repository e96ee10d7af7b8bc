"""Every example a reader can copy is run: docstrings, Markdown `python`, `$ detente …` against the sample dossier."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser
from tests.console import ConsoleBlock
from tests.sources.database_examples import icews, table


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample dossier, filed and coded once for a whole run; never written to."""
    from detente import workflow

    out = tmp_path_factory.mktemp("sample") / "demo"
    _, added, coded = workflow.make_sample(out)
    assert not added.failed, added.issues
    assert not coded.failed, coded.issues
    return out / "dossier"


@pytest.fixture
def sample(sample_folder: Path, tmp_path: Path) -> Path:
    """A copy of the sample dossier that a test may write to."""
    return Path(shutil.copytree(sample_folder, tmp_path / "sample"))


@pytest.fixture
def outside() -> Path:
    """Folder of the outside test sets; tests that need it are skipped where it is absent."""
    folder = Path(__file__).resolve().parent.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the outside test sets are not here (../shared)")
    return folder


@pytest.fixture
def example_folder(sample_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the documents' console examples run: a copy of the sample dossier with a report and an event file in it."""
    folder = Path(shutil.copytree(sample_folder, tmp_path / "example"))
    reports = folder / "reports"
    reports.mkdir()
    text = "Washington and Moscow held talks in Geneva on 3 March 2025, the State Department said.\n"
    (reports / "talks.txt").write_text(text, encoding="utf-8")
    (folder / "events.tab").write_text(table("icews", icews()), encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


pytest_collect_file = (
    Sybil(parsers=[DocTestParser()], patterns=["src/detente/*.py", "src/detente/**/*.py"])
    + Sybil(
        parsers=[PythonCodeBlockParser(), CodeBlockParser("console", ConsoleBlock()), SkipParser()],
        patterns=["README.md", "docs/*.md", "docs/**/*.md"],
        fixtures=["example_folder"],
    )
).pytest()
