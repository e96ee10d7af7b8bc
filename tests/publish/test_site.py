"""The sample site is what a browser, a reader in each language, a screen reader and a cautious office would want."""

from __future__ import annotations

import base64
import gzip
import hashlib
import posixpath
import re
from collections import deque
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from publish_examples import Page, complaints

import detente.publish
from detente.publish import sites
from detente.publish.catalogue import translated
from detente.publish.pages import script
from detente.publish.situation import Situation
from detente.terms import LANGUAGES

BUDGET = 60 * 1024


def _target(page: str, href: str) -> tuple[str, str]:
    parts = urlsplit(href)
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path))) if parts.path else page
    return path, parts.fragment


def test_every_page_is_well_formed_and_fit_for_a_screen_reader(site: dict[str, Page]) -> None:
    assert {path: found for path, page in site.items() if (found := complaints(page))} == {}


def test_every_page_exists_in_every_language(site: dict[str, Page]) -> None:
    def of(language: str) -> set[str]:
        return {path[3:] for path in site if path.startswith(f"{language}/")}

    root = {path for path in site if path[:3] not in ("fr/", "ru/") and not re.match(r"brief\.\w\w\.html", path)}
    assert of("fr") == of("ru") == root
    assert {
        "index.html",
        "timeline.html",
        "statements.html",
        "milestones.html",
        "track-record.html",
        "brief.html",
        "data.html",
    } <= root


def test_every_link_within_the_site_leads_to_something(site: dict[str, Page], site_folder: Path) -> None:
    broken = []
    for path, page in site.items():
        for href in page.links():
            if urlsplit(href).scheme:
                continue
            target, fragment = _target(path, href)
            there = (site_folder / target).is_file()
            if not there or (fragment and target in site and fragment not in site[target].ids()):
                broken.append((path, href))
    assert broken == []


@pytest.mark.parametrize("start", ["index.html", "fr/index.html", "ru/index.html"])
def test_every_page_can_be_reached_from_the_first(site: dict[str, Page], start: str) -> None:
    seen, ahead = {start}, deque([start])
    while ahead:
        path = ahead.popleft()
        for href in site[path].links():
            target, _ = _target(path, href)
            if not urlsplit(href).scheme and target in site and target not in seen:
                seen.add(target)
                ahead.append(target)
    assert set(site) - seen == set()


def test_nothing_is_loaded_from_anywhere_and_no_script_runs_but_the_one_of_all_pages(site: dict[str, Page]) -> None:
    for path, page in site.items():
        assert "@import" not in page.source, path
        assert not re.search(r"url\((?!#)", page.source), path  # the head of an arrow is drawn once in its figure
        for element in page.root.walk():
            # Data for machines is no script: browsers run none of that type.
            if element.tag == "script" and element.attributes != {"type": "application/ld+json"}:
                assert (element.attributes, element.text()) == ({}, script()), path
            assert element.tag not in ("img", "iframe", "object", "embed", "audio", "video", "use"), path
            assert not {"src", "srcset", "background", "poster", "xlink:href"} & set(element.attributes), path
            if element.tag == "link":
                assert element.attributes["rel"] == "alternate", path
                assert not urlsplit(element.attributes["href"]).scheme, path


def test_the_policy_of_a_page_lets_its_own_style_sheet_and_script_through_and_nothing_else(
    site: dict[str, Page],
) -> None:
    for path, page in site.items():

        def digest(text: str) -> str:
            return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

        policy = next(m for m in page.all("meta") if m.attributes.get("http-equiv") == "Content-Security-Policy")
        allowed = ["default-src 'none'", f"style-src {digest(page.all('style')[0].text())}"]
        allowed += [f"script-src {digest(script())}", "base-uri 'none'", "form-action 'none'"]
        assert policy.attributes["content"].split("; ") == allowed, path


def test_no_page_weighs_more_than_its_budget(site: dict[str, Page]) -> None:
    heavy = {path: size for path, page in site.items() if (size := len(gzip.compress(page.source.encode()))) > BUDGET}
    assert heavy == {}


@pytest.mark.parametrize("language", ["fr", "ru"])
def test_no_english_message_stays_on_a_page_in_another_language(site: dict[str, Page], language: str) -> None:
    held = [m for m in translated(language) if isinstance(m.id, str) and m.id]
    # "Issue" is a French word too.
    english = {m.id for m in held if m.string not in (m.id, "")} - {str(m.string).capitalize() for m in held}
    left = set()
    for path, page in site.items():
        if path.startswith(f"{language}/") or path == f"brief.{language}.html":
            shown = {text.strip() for text, element in page.root.texts() if element.language == language}
            shown |= {e.attributes["aria-label"] for e in page.root.walk() if "aria-label" in e.attributes}
            left |= shown & english
    assert left == set()


def test_words_of_a_source_are_marked_with_their_language(site: dict[str, Page], now: Situation) -> None:
    languages = {document.id: document.language for document in now.documents.values()}
    for row in now.rows:
        page = site[f"fr/event/{row.id}.html"]
        shown = [quote.language for quote in page.all("blockquote")]
        assert shown == [languages[cited.document.id] for cited in row.cited]


def test_every_figure_of_the_situation_is_at_most_two_links_from_its_quote(site: dict[str, Page]) -> None:
    for start in ("index.html", "fr/index.html", "ru/index.html"):
        lead = next(e for e in site[start].all("ul") if e.attributes.get("class") == "lead")
        numbers = [li for li in lead.all("li") if re.search(r"[+−]\d|\d", li.text())]
        assert numbers
        for li in numbers:
            links = [a.attributes["href"] for a in li.all("a")]
            assert links, li.text()
            for href in links:
                target, _ = _target(start, href)
                if "event/" in target:
                    assert site[target].all("mark"), target
        table = next(e for e in site[start].all("table") if "when" in e.attributes["class"].split())
        for row in table.all("tr")[1:]:
            target, _ = _target(start, row.all("a")[0].attributes["href"])
            assert re.search(r"milestones/[\w-]+\.html$", target)
            beyond = {_target(target, a.attributes["href"])[0] for a in site[target].all("main")[0].all("a")}
            assert any("cases/" in path or "event/" in path or "timeline" in path for path in beyond), target


def test_the_past_cases_of_a_forecast_are_as_many_as_it_says(site: dict[str, Page], now: Situation) -> None:
    for row in now.milestones:
        cases = row.past_cases()
        if not cases:
            continue
        fitted = next(note for note in row.forecast.notes if note.startswith("fitted:"))
        assert sum(case.used for case in cases) == int(fitted.partition(":")[2])
        table = site[f"fr/cases/{row.slug}.html"].all("table")[0]
        assert len(table.all("tr")) == 1 + len(cases)


def test_a_past_case_tells_nothing_later_than_the_forecast(now: Situation) -> None:
    for row in now.milestones:
        assert all(c.reached is None or c.reached <= row.forecast.made for c in row.past_cases())


def test_every_statement_and_event_says_whether_a_person_checked_it(site: dict[str, Page]) -> None:
    for path in ("timeline.html", "statements.html"):
        for li in next(e for e in site[path].all("ol") if "events" in e.attributes.get("class", "")).children:
            if not isinstance(li, str):
                assert "checked by a person" in li.text() or "by " in li.text(), li.text()


def test_every_quote_shown_with_an_event_stands_in_its_report(site: dict[str, Page], now: Situation) -> None:
    for row in now.rows:
        shown = [mark.text() for mark in site[f"event/{row.id}.html"].all("mark")]
        assert shown == [cited.evidence.quote for cited in row.cited]
        for cited in row.cited:
            cited.evidence.check(cited.document)


def test_a_line_never_starts_in_lower_case(site: dict[str, Page]) -> None:
    wrong = []
    for path, page in site.items():
        for element in page.all("h1", "h2", "h3", "dt", "caption", "summary"):
            text = element.text().strip()
            if text[:1].islower() and not element.all("bdi"):  # an outlet writes its name as it likes
                wrong.append((path, text))
        for element in page.all("th"):
            if (
                element.parent is not None
                and element.parent.parent is not None
                and element.parent.parent.tag == "thead"
            ):
                text = element.text().strip()
                if text[:1].islower():
                    wrong.append((path, text))
    assert wrong == []


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("behind", ["#fff", "#fff1c2", "#f3f4f7"])
@pytest.mark.parametrize("colour", ["ink", "quiet", "link", "up", "down"])
def test_text_stands_out_from_what_is_behind_it(colour: str, behind: str) -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1."""
    css = (Path(detente.publish.__file__).parent / "templates" / "style.css").read_text("utf-8")
    declared = re.search(rf"--{colour}: (#\w+);", css)
    assert declared is not None
    light, dark = sorted((_luminance(declared[1]), _luminance(behind)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_every_file_a_page_names_is_written(site_folder: Path) -> None:
    listed = (site_folder / sites.MANIFEST).read_text("utf-8").splitlines()
    there = {f.relative_to(site_folder).as_posix() for f in site_folder.rglob("*") if f.is_file()}
    assert set(listed) == there - {sites.MANIFEST}
    assert {f"brief.{language}.md" for language in LANGUAGES} <= set(listed)
