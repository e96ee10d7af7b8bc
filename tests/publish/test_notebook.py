"""Records show themselves in a notebook, safely and with their marks; the example notebook runs as it stands."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbformat
import pytest
from nbclient import NotebookClient
from publish_examples import document, event, new_dossier, statement

from detente import workflow
from detente.errors import PublishError
from detente.publish import briefs, figures, readings, situation
from detente.publish.disclosure import IPTC
from detente.publish.notebook import MOST_ROWS, shown
from detente.terms import LANGUAGES

EXAMPLE = Path(__file__).parents[2] / "docs" / "notebooks" / "first-look.ipynb"
ATTACK = '<script>alert(1)</script><img src=x onerror=alert(2)> \x1b\u202e "x" \' & ]]>'


class _Seen(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert tag not in ("script", "img", "iframe", "object", "embed", "link", "a", "foreignobject", "style")
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name not in ("href", "src", "style", "xlink:href"), (tag, name, value)


def _records(folder: Path) -> dict[str, Any]:
    with workflow.opened(folder) as (case, ledger):
        now = situation.of(case, ledger)
    with workflow.material(folder) as material:
        reading = readings.read("agenda", material)
    found: dict[str, Any] = {
        "situation": now, "reading": reading, "event": now.rows[0], "figure": figures.of_situation(now),
        **{f"brief {language}": briefs.of(now, language) for language in LANGUAGES},
    }  # fmt: skip
    return found | {f"milestone {row.milestone.id}": row for row in now.milestones}


@pytest.fixture(scope="module")
def records(sample_folder: Path) -> dict[str, Any]:
    return _records(sample_folder)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    report = document("en-1", f"{ATTACK} Envoys met in Oslo.", source=ATTACK, title=ATTACK)
    met = event(report, report.text, place=ATTACK, track=ATTACK)
    said = statement(report, report.text, issue=ATTACK)
    return _records(new_dossier(tmp_path_factory.mktemp("notebook") / "dossier", (report, [met, said])))


@pytest.mark.parametrize("which", ["records", "hostile"])
def test_every_form_is_safe_and_says_how_it_came_to_be(request: pytest.FixtureRequest, which: str) -> None:
    for name, record in request.getfixturevalue(which).items():
        forms, about = record._repr_mimebundle_()
        assert {"text/html", "text/plain"} <= set(forms), name
        assert _Seen(forms["text/html"]).tags[0] == "div"
        assert f'data-digital-source-type="{IPTC}' in forms["text/html"]
        assert about["detente"]["digital_source_type"].startswith(IPTC)
        assert record._repr_html_() == forms["text/html"]
        assert not set("".join(forms.values())) & set("\x1b\u202e")
        if "image/svg+xml" in forms:
            assert ElementTree.fromstring(forms["image/svg+xml"]).tag == "{http://www.w3.org/2000/svg}svg"
            assert record._repr_svg_() == forms["image/svg+xml"]


def test_only_the_forms_that_are_asked_for_are_given(records: dict[str, Any]) -> None:
    figure = records["figure"]
    assert set(figure._repr_mimebundle_(include=["image/svg+xml"])[0]) == {"image/svg+xml"}
    assert set(figure._repr_mimebundle_(exclude=["image/svg+xml"])[0]) == {"text/html", "text/plain"}


def test_another_language_is_a_word_away_and_a_brief_keeps_its_own(records: dict[str, Any]) -> None:
    for name in ("situation", "reading", "event", "figure"):
        told = {language: str(records[name].shown(language)) for language in LANGUAGES}
        assert len(set(told.values())) == len(LANGUAGES), name
        assert all(f'lang="{language}"' in records[name].shown(language).html for language in LANGUAGES)
    with pytest.raises(PublishError, match="in fr, not ru"):
        records["brief fr"].shown("ru")


def test_a_label_stands_with_every_situation_figure_and_brief(records: dict[str, Any]) -> None:
    label = figures.label_of(records["situation"], "en")
    assert label in records["situation"].shown("en").text
    assert label in records["figure"].shown("en").text
    assert records["brief en"].label in records["brief en"].shown().text


def test_a_long_table_is_cut_and_says_so() -> None:
    rows = [("a", "b"), *((str(n), "<i>") for n in range(MOST_ROWS + 5)), ("a remark",)]
    found = shown("en", rows=rows, more="5 more")
    assert found.html.count("<tr>") == MOST_ROWS + 1
    assert "5 more" in found.html
    assert "&lt;i&gt;" in found.html
    assert 'colspan="2"' in shown("en", rows=[("a", "b"), ("a remark",)]).html


def test_the_example_is_kept_without_outputs() -> None:
    for cell in json.loads(EXAMPLE.read_text("utf-8"))["cells"]:
        assert cell["cell_type"] == "markdown" or (cell["outputs"], cell["execution_count"]) == ([], None)


def test_the_example_notebook_runs_and_shows_what_it_speaks_of(
    sample_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DETENTE_DOSSIER", str(sample_folder))
    # The kernel keeps its files where nobody else's are.
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    notebook = nbformat.read(EXAMPLE, as_version=4)
    nbformat.validate(notebook)
    where = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=where).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert {output.output_type for output in outputs} == {"execute_result"}, "no error, no warning, nothing printed"
    shown_forms = [set(output["data"]) for output in outputs]
    assert sum("image/svg+xml" in forms for forms in shown_forms) >= 4
    said = json.dumps(outputs, ensure_ascii=False)
    assert re.search(r'"digital_source_type": "http://cv\.iptc\.org', said)
    assert "intervalle" in said
