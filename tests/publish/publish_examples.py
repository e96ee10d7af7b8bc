"""Pages read as a browser reads them, and small dossiers to publish."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

from detente import workflow
from detente.dossier import write_starter
from detente.publish import sites, situation
from detente.publish.pages import script
from detente.terms import Coding, Document, Dyad, Event, EventDate, Evidence, Participant, Statement

VOID = {"meta", "link", "br", "hr", "img", "input", "col", "source", "wbr"}
MOMENT = datetime(2025, 4, 12, 8, 0, tzinfo=UTC)


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    def text(self) -> str:
        return "".join(c if isinstance(c, str) else c.text() for c in self.children)

    def walk(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.walk() if element.tag in tags]

    @property
    def language(self) -> str:
        return self.attributes.get("lang") or (self.parent.language if self.parent else "")

    def texts(self) -> Iterator[tuple[str, Element]]:
        """Stretches of text with the element each stands in."""
        for child in self.children:
            if isinstance(child, Element):
                yield from child.texts()
            elif child.strip():
                yield child, self


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.at = self.root
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) != len(names):
            self.problems.append(f"<{tag}> has an attribute twice")
        element = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.children.append(element)
        if tag not in VOID:
            self.at = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.at = self.at.parent or self.root

    def handle_endtag(self, tag: str) -> None:
        if tag != self.at.tag:
            self.problems.append(f"</{tag}> closes <{self.at.tag}>")
            return
        self.at = self.at.parent or self.root

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)


@dataclass
class Page:
    """One page of a site, parsed."""

    path: str
    source: str
    root: Element
    problems: list[str]

    def all(self, *tags: str) -> list[Element]:
        return self.root.all(*tags)

    def ids(self) -> list[str]:
        return [e.attributes["id"] for e in self.root.walk() if "id" in e.attributes]

    def text(self) -> str:
        return " ".join(self.root.all("main")[0].text().split())

    def links(self) -> list[str]:
        return [e.attributes["href"] for e in self.root.walk() if "href" in e.attributes]


def parsed(path: str, source: str) -> Page:
    builder = _Builder()
    builder.feed(source)
    builder.close()
    problems = builder.problems + ([f"<{builder.at.tag}> is never closed"] if builder.at is not builder.root else [])
    return Page(path, source, builder.root, problems)


@cache
def read_site(folder: Path) -> dict[str, Page]:
    """Every page of a written site, by its path."""
    return {
        file.relative_to(folder).as_posix(): parsed(file.relative_to(folder).as_posix(), file.read_text("utf-8"))
        for file in sorted(folder.rglob("*.html"))
    }


def path_is_brief(path: str) -> bool:
    """Whether a page is a brief, which carries its marks for machines as data."""
    return bool(re.fullmatch(r"(\w\w/)?brief(\.\w\w)?\.html", path))


def complaints(page: Page) -> list[str]:
    """What is wrong with the markup of a page; an empty list where nothing is."""
    out = list(page.problems)
    html = page.all("html")[0]
    expected = page.path.split("/")[0] if page.path[:3] in ("fr/", "ru/") else None
    if expected is None:
        named = re.fullmatch(r"brief\.(fr|en|ru)\.html", page.path)
        expected = named[1] if named else sites.ROOT_LANGUAGE
    if html.attributes.get("lang") != expected:
        out.append(f"lang is {html.attributes.get('lang')!r}, not {expected!r}")
    if len(page.all("h1")) != 1:
        out.append(f"{len(page.all('h1'))} h1")
    if len(page.all("main")) != 1 or not page.all("title")[0].text().strip():
        out.append("no main or no title")
    levels = [int(e.tag[1]) for e in page.all("h1", "h2", "h3", "h4")]
    out += [f"h{b} after h{a}" for a, b in pairwise(levels) if b > a + 1]
    ids = page.ids()
    out += [f"id {name} twice" for name in set(ids) if ids.count(name) > 1]
    for element in page.root.walk():
        names = set(element.attributes)
        out += [f"<{element.tag} {name}>" for name in names if name.startswith("on") or name == "style"]
        data = element.tag == "script" and element.attributes == {"type": "application/ld+json"}
        if data and path_is_brief(page.path):
            json.loads(element.text())
        elif element.tag == "script" and element.text() == script() and not element.attributes:
            pass  # our own, which the policy knows by its digest
        elif element.tag == "form" and element.attributes.get("method") == "get":
            pass  # it asks, and changes nothing
        elif element.tag in ("script", "iframe", "object", "embed", "form", "base", "img"):
            out.append(f"<{element.tag}>")
        if element.tag == "a" and not (element.text().strip() or element.attributes.get("aria-label")):
            out.append(f"a link without a name: {element.attributes}")
        if element.tag == "th" and element.attributes.get("scope") not in ("row", "col"):
            out.append(f"<th> without scope: {element.text()!r}")
        if element.tag == "svg" and not element.attributes.get("aria-label"):
            out.append("a figure without a name")
        out += [
            f"{name} names {part}, which is not there"
            for name in ("aria-labelledby", "aria-describedby")
            for part in element.attributes.get(name, "").split()
            if part not in ids
        ]
    return out


def document(
    name: str, text: str, *, language: str = "en", published: str | None = "2025-04-10", **more: str
) -> Document:
    return Document(
        id=name,
        text=text,
        language=language,
        published=date.fromisoformat(published) if published else None,
        published_basis="given",
        fetched=MOMENT,
        **more,  # type: ignore[arg-type]
    )


def found(where: Document, quote: str) -> Evidence:
    start = where.text.index(quote)
    return where.quote(start, start + len(quote))


def state(code: str) -> Participant:
    return Participant(code, code, code)


def event(
    where: Document, quote: str, *, type: str = "CONSULT", on: str | None = "2025-04-10", **more: object
) -> Event:
    given: dict[str, object] = {"mode": "", "actors": (state("RUS"), state("USA")), "recipients": ()}
    given |= {"realis": "happened", "confidence": 0.8} | more
    when = EventDate.of(on, "explicit") if on else None
    return Event(type=type, event_date=when, evidence=found(where, quote), **given)  # type: ignore[arg-type]


def statement(where: Document, quote: str, *, stance: int = 1, **more: object) -> Statement:
    given: dict[str, object] = {"speaker": Participant("dmitry-peskov", "Peskov", "RUS", "spokesman")}
    given |= {"mode": "paraphrase", "issue": "relations", "confidence": 0.7} | more
    evidence = found(where, quote)
    return Statement(stance=stance, evidence=evidence, content=evidence, **given)  # type: ignore[arg-type]


def new_dossier(
    folder: Path,
    *filed: tuple[Document, list[Event | Statement]],
    moment: datetime = MOMENT,
    questions: bool = True,
) -> Path:
    """A new dossier with these reports and codings in its ledger; without questions, it is published faster."""
    write_starter(folder, Dyad.parse("RUS-USA"), date(2025, 3, 1), today=date(2025, 4, 1))
    if not questions:
        toml = folder / "dossier.toml"
        toml.write_text(toml.read_text("utf-8").partition("[[milestone]]")[0], "utf-8")
    for case, codings in filed:
        file_report(folder, case, codings, moment=moment)
    return folder


def file_report(folder: Path, report: Document, codings: list[Event | Statement], *, moment: datetime = MOMENT) -> None:
    """One more report with its codings, recorded at a moment."""
    later = iter(moment + timedelta(seconds=n) for n in range(1000))
    with workflow.opened(folder, clock=lambda: next(later)) as (_, ledger):
        ledger.add_document(report, report.text.encode())
        ledger.file(
            Coding(
                document=report.id,
                coder="hand.v1",
                codebook="plover-2.0",
                events=tuple(c for c in codings if isinstance(c, Event)),
                statements=tuple(c for c in codings if isinstance(c, Statement)),
            )
        )


def written(dossier: Path, out: Path) -> dict[str, Page]:
    """The site of a dossier, written and read again."""
    with workflow.opened(dossier) as (case, ledger):
        sites.write(situation.of(case, ledger), ledger, out)
    read_site.cache_clear()
    return read_site(out)
