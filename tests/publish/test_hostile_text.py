"""What we read is data: no text can become markup, script, a link, a formula, or turn a line around."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markupsafe import Markup
from publish_examples import Page, complaints, document, event, found, new_dossier, read_site, state, statement

from detente import workflow
from detente.publish import sites, situation
from detente.publish.brief_markdown import plain
from detente.publish.cells import guarded, unguarded
from detente.publish.citing import link_of
from detente.publish.pages import _environment
from detente.publish.text import Text, harmless
from detente.terms import Action, Participant

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>\"><svg onload=alert(3)>'--><h1>x</h1>"
MARKDOWN = "[click](javascript:alert(4)) ![i](https://evil.test/i.png) <b>bold</b> `code` **b** <https://evil.test>"
BARE = "see https://evil.test/x and www.evil.test or a@evil.test, ~~gone~~ | cell | $x$ {{ 7*7 }} {% raw %} &lt;b&gt;"
TURNED = "safe \u202egpj.exe\u202c text \u2066x\u2069 \x1b[31mred\rgone pay\u200bpal \U000e0068"
FORMULA = '=HYPERLINK("https://evil.test","x")'
TEXT = f"{FORMULA}. {MARKUP}. {MARKDOWN}. {BARE}. {TURNED}. The end."


def _hostile(folder: Path) -> Path:
    stranger = Participant("", MARKUP, "RUS", "@SUM(A1) <b>")
    attack = {"title": f"{MARKUP} {MARKDOWN}", "source": f"{FORMULA} <i>outlet</i>", "licence": MARKUP}
    one = document('x" onclick="alert(5)', TEXT, url="javascript:alert(6)", **attack)
    two = document("../../etc/passwd", f"- {TEXT}", url='https://evil.test/"><script>alert(7)</script>', **attack)
    three = document("=1+1", f"1. {TURNED} {BARE}", url="https://good.test/a?b=c&d=e", source="Good", title="Title")
    talks = event(
        one,
        FORMULA,
        actors=(stranger, state("USA")),
        place=f"{MARKUP}",
        track="nothing",
        points=(found(one, MARKDOWN),),
    )
    blow = event(two, f"- {TEXT}", type="ACCUSE", actors=(state("RUS"),), recipients=(stranger, state("USA")))
    said = statement(
        one, MARKUP, speaker=stranger, stance=-2, stance_reason=MARKUP, conditions=(found(one, MARKDOWN),), issue=MARKUP
    )
    more = statement(three, three.text, stance=2, stance_reason=TURNED, time_claims=(found(three, BARE),))
    new_dossier(folder, (one, [talks, said]), (two, [blow]), (three, [event(three, TURNED, on="2025-04-09"), more]))
    with workflow.opened(folder) as (_, ledger):
        accept: Action = "accept"
        entry = next(s.entry.id for s in ledger.codings("event") if s.entry.document == one.id)
        ledger.decide(entry, accept, by=MARKUP, why=MARKDOWN)
    return folder


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = _hostile(tmp_path_factory.mktemp("hostile") / "dossier")
    out = tmp_path_factory.mktemp("out")
    with workflow.opened(folder) as (case, ledger):
        sites.write(situation.of(case, ledger), ledger, out)
    return out


@pytest.fixture(scope="module")
def pages(out: Path) -> dict[str, Page]:
    return dict(read_site(out))


def test_hostile_text_is_on_the_pages_as_text(pages: dict[str, Page]) -> None:
    shown = pages["timeline.html"].text() + pages["statements.html"].text() + pages["sources.html"].text()
    for attack in ("<script>alert(1)</script>", "[click](javascript:alert(4))", "{{ 7*7 }}", "=HYPERLINK("):
        assert attack in shown


def test_hostile_text_adds_no_element_and_no_attribute(pages: dict[str, Page]) -> None:
    assert {path: found for path, page in pages.items() if (found := complaints(page))} == {}
    for path, page in pages.items():
        for element in page.root.walk():
            assert element.tag not in ("img", "b", "i"), path
        titles = [e for e in page.all("svg") if "onload" in e.attributes]
        assert titles == []


def test_only_web_addresses_become_links(pages: dict[str, Page]) -> None:
    schemes = {urlsplit(href).scheme for page in pages.values() for href in page.links()}
    assert schemes <= {"", "http", "https"}
    # Past cases name sources of ours.
    theirs = [page for path, page in pages.items() if "cases/" not in path]
    outside = {href for page in theirs for href in page.links() if urlsplit(href).scheme}
    assert outside == {"https://good.test/a?b=c&d=e"}


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "https:/one-slash",
        "https://",
        "http://[",
        "https://a b.test",
        'https://a.test/"x',
        "https://a.test/<x>",
        "https://a.test/\u202ex",
        "https://a.test/\nx",
        "//evil.test",
        "",
    ],
)
def test_an_address_that_is_no_web_address_is_no_link(address: str) -> None:
    assert link_of(document("d", "Text.", url=address)) == ""


def test_nothing_turns_a_line_around_or_steers_a_terminal(out: Path) -> None:
    for file in [*out.rglob("*.html"), *out.glob("*.md")]:
        text = file.read_text("utf-8")
        assert not set(text) & set(
            "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\x1b\u200b\U000e0068"
        ), file
    assert "safe [U+202E]gpj.exe" in (out / "timeline.html").read_text("utf-8")


def test_data_keep_the_text_exactly(out: Path) -> None:
    rows = [json.loads(line) for line in (out / "data" / "events.jsonl").read_text("utf-8").splitlines()]
    assert TURNED in {row["quote"] for row in rows}


@pytest.mark.parametrize("language", ["fr", "en", "ru"])
def test_a_markdown_brief_holds_no_markup_of_others(out: Path, language: str) -> None:
    text = (out / f"brief.{language}.md").read_text("utf-8")
    assert "alert(1)" in text
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)
    kinds = {t.type for t in tokens} | {c.type for t in tokens for c in t.children or []}
    forbidden = {"html_block", "html_inline", "image", "code_inline", "fence", "code_block", "s_open", "table_open"}
    assert kinds & forbidden == set()
    assert "strong_open" not in kinds
    links = [c.attrs["href"] for t in tokens for c in t.children or [] if c.type == "link_open"]
    assert set(links) <= {"https://good.test/a?b=c&d=e"}
    for sign in ("https://evil", "www.evil"):  # what looks like an address becomes a link on many sites
        assert sign not in text


def test_a_quote_that_begins_like_a_list_stays_a_quote() -> None:
    for text in ("- x", "1. x", "+ x", "# x", "> x", "10) x", "=== x", "    x"):
        tokens = MarkdownIt("commonmark").parse(plain(text))
        assert [t.type for t in tokens] == ["paragraph_open", "inline", "paragraph_close"], text


def _rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as table:
        return list(csv.reader(table, strict=True))


def test_no_cell_of_a_table_runs_as_a_formula(out: Path) -> None:
    for file in [out / "chronology.csv", *(out / "data").glob("*.csv")]:
        for row in _rows(file):
            for cell in row:
                try:
                    float(cell)
                except ValueError:
                    # Where the machine parts cells by semicolons, each part of a text is a cell.
                    for part in re.split("[;\t\r\n]", cell):
                        assert part.lstrip(' "')[:1] not in tuple("=+-@"), (file.name, cell)


def test_a_guarded_cell_is_turned_back_into_the_text(out: Path) -> None:
    head, *rows = _rows(out / "data" / "events.csv")
    assert {len(row) for row in rows} == {len(head)}, "a carriage return in a text ended a row"
    told = [json.loads(line) for line in (out / "data" / "events.jsonl").read_text("utf-8").split("\n")[:-1]]
    assert [unguarded(row[head.index("quote")]) for row in rows] == [row["quote"] for row in told]


@given(st.text("'\"=+-@;\t\r\n \u200bx＝"))
def test_no_two_texts_are_guarded_into_the_same_cell(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_what_is_markup_already_is_made_harmless_on_a_page() -> None:
    page = _environment().from_string("{{ text }}{{ '<' ~ plain }}{{ made }}")
    shown = page.render(text=Text((("a\u202e", "ru"),)), plain="b\u200b", made=Markup("<i>c\x1b</i>"))
    assert shown == '<span lang="ru">a[U+202E]</span>&lt;b[U+200B]<i>c[U+001B]</i>'


def test_what_joins_letters_and_emoji_stays() -> None:
    assert harmless("می\u200cخواهم 👩\u200d👧 в\u00adо") == "می\u200cخواهم 👩\u200d👧 в\u00adо"
    assert harmless("pay\u200dpal") == "pay[U+200D]pal"


def test_names_others_gave_cannot_lead_a_file_astray(out: Path) -> None:
    top = {p.name for p in out.iterdir()}
    assert top <= {
        "event",
        "person",
        "cases",
        "data",
        "embed",
        "measures",
        "milestones",
        "fr",
        "ru",
        sites.MANIFEST,
    } | {p.name for p in out.iterdir() if p.suffix}
    assert not (out.parent / "etc").exists()
