"""A dossier that means harm, put through every output, each read by a reader of its format and in Chromium.

    python benchmarks/showing.py                    everything: some minutes
    python benchmarks/showing.py --no-browser       without Chromium
    python benchmarks/showing.py --keep FOLDER      keep what was written

Reports, titles, outlets, addresses, names, offices, issues, questions, reasons, names of who decides, corrections and
the dossier's own title and notice hold markup, scripts, code of other formats, formulas, controls and invisible signs
(`tests/publish/hostile_dossier.py`). The same dossier with plain words is written too: what its outputs are made of
(elements with their attributes, properties of calendars, tokens of Markdown, parts of Word) is all that the others may
be made of. Chromium runs without our content security policy: what stands on a page must do nothing by itself.
"""

from __future__ import annotations

import argparse
import csv
import email
import email.policy
import io
import json
import re
import shlex
import sys
import tempfile
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "publish")]

import httpx  # noqa: E402
from hostile_dossier import BENIGN, PAYLOADS, make  # noqa: E402
from icalendar import Calendar  # noqa: E402
from lxml import etree, html  # noqa: E402
from markdown_it import MarkdownIt  # noqa: E402
from tests.browser import Browser, browser  # noqa: E402
from tests.servers import served  # noqa: E402
from typer.testing import CliRunner  # noqa: E402

from detente import workflow  # noqa: E402
from detente.cli.app import app  # noqa: E402
from detente.cli.output import complain  # noqa: E402
from detente.errors import DetenteError  # noqa: E402
from detente.publish import alert_digest, alerts, sites, situation  # noqa: E402
from detente.publish.alert_rules import Mail, Rule, Settings  # noqa: E402
from detente.publish.cells import unguarded  # noqa: E402
from detente.publish.citing import addresses as as_links  # noqa: E402
from detente.publish.citing import link_of  # noqa: E402
from detente.web.assistants import Answers  # noqa: E402

ACTING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
MARK = re.compile(r"zq(\d\d)")
FORMULA = tuple("=+-@＝＋－＠")


@dataclass
class Found:
    """What is made of what, and what was wrong.

    Attributes:
        parts: By kind of output, the elements, properties or tokens that were met.
        outputs: By kind, how many.
        shown: Outputs and payloads in them, pairs by kind.
    """

    parts: dict[str, set[str]] = field(default_factory=dict)
    links: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    outputs: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)

    def met(self, kind: str, parts: Iterable[str]) -> None:
        self.parts.setdefault(kind, set()).update(parts)

    def add(self, other: Found) -> None:
        self.faults += other.faults
        self.outputs += other.outputs
        self.shown += other.shown

    def wrong(self, where: str, what: object) -> None:
        self.faults.append(f"{where}: {str(what)[:300]}")

    def count(self, kind: str, text: str) -> None:
        self.outputs[kind] += 1
        self.shown[kind] += len(set(MARK.findall(text)))


# Each format by its own rules


def of_html(found: Found, where: str, text: str, *, whole: bool = True) -> None:
    found.count("pages", text)
    if bad := ACTING.search(text.replace("\r", " ")):  # A carriage return is a blank there.
        found.wrong(where, f"acting sign in {text[max(0, bad.start() - 40) : bad.end()]!r}")
    tree = html.document_fromstring(text) if whole else html.fragment_fromstring(text, create_parent="div")
    found.met("html" if whole else "html within", _elements(tree))
    for element in tree.iter():
        if element.tag == "script" and element.get("type") == "application/ld+json":
            json.loads(element.text or "")


def _elements(tree: Any) -> Iterator[str]:
    for element in tree.iter():
        if not isinstance(element.tag, str):
            yield f"<{element.tag.__name__}>"
            continue
        above = element.getparent()
        names = ",".join(sorted(element.attrib))
        yield f"{above.tag if above is not None else ''} > {element.tag}[{names}]"


def of_xml(found: Found, where: str, raw: bytes, kind: str) -> Any:
    found.count(kind, raw.decode())
    reader = etree.XMLParser(resolve_entities=False, no_network=True)
    tree = etree.fromstring(raw, reader)
    found.met(kind, _elements(tree))
    text = "".join(tree.itertext())
    if ACTING.search(text.replace("\ufeff", "")):
        found.wrong(where, f"acting sign in XML: {ACTING.search(text)}")
    for element in tree.iter():
        for name, value in element.attrib.items():
            if name.endswith("href"):
                found.links.add(value)
    return tree


def of_atom(found: Found, where: str, raw: bytes) -> None:
    tree = of_xml(found, where, raw, "feeds (Atom)")
    for content in tree.iter("{http://www.w3.org/2005/Atom}content"):
        of_fragment(found, content.text or "")


def of_fragment(found: Found, text: str) -> None:
    tree = html.fragment_fromstring(text, create_parent="div")
    found.met("html within", _elements(tree))
    found.links.update(element.get("href") for element in tree.iter("a") if element.get("href"))


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def of_json(found: Found, raw: bytes, kind: str = "JSON") -> None:
    told = json.loads(raw, parse_constant=_no_constant)
    found.count(kind, json.dumps(told, ensure_ascii=False))
    if isinstance(told, dict) and str(told.get("version", "")).startswith("https://jsonfeed.org"):
        for item in told["items"]:
            of_fragment(found, item["content_html"])


def of_csv(found: Found, where: str, raw: bytes) -> None:
    text = raw.decode()
    found.count("CSV", text)
    rows = list(csv.reader(io.StringIO(text), strict=True))
    if {len(row) for row in rows} != {len(rows[0])}:
        found.wrong(where, f"rows of {sorted({len(row) for row in rows})} cells")
    for cell in (cell for row in rows for cell in row):
        for part in re.split("[;\t\r\n]", cell):
            try:
                float(cell)
            except ValueError:
                if part.lstrip(' "\u00a0\u200b\u2060\ufeff\u200e\u200f\u202a').startswith(FORMULA):
                    found.wrong(where, f"a formula in {cell[:80]!r}")


def of_calendar(found: Found, where: str, raw: bytes) -> None:
    found.count("calendars", raw.decode().replace("\r\n ", ""))
    if re.search(rb"(?<!\r)\n|\r(?!\n)", raw) or any(len(line) > 75 for line in raw.split(b"\r\n")):
        found.wrong(where, "a line that is no line of a calendar")
    read = Calendar.from_ical(raw)
    for part in read.walk():
        found.met("calendars", (f"{part.name} {name}" for name in part))
    for text in (str(part.get("DESCRIPTION", "")) + str(part.get("SUMMARY", "")) for part in read.walk()):
        if ACTING.search(text):
            found.wrong(where, f"acting sign {ACTING.search(text)}")


def of_markdown(found: Found, where: str, text: str) -> None:
    found.count("Markdown", text)
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)
    inner = [child for token in tokens for child in token.children or []]
    found.met("Markdown", (token.type for token in [*tokens, *inner]))
    found.links.update(str(token.attrs["href"]) for token in inner if token.type == "link_open")
    if ACTING.search(text.replace("\u2060", "")):
        found.wrong(where, f"acting sign {ACTING.search(text)}")


def of_docx(found: Found, where: str, raw: bytes) -> None:
    text = ""
    with zipfile.ZipFile(io.BytesIO(raw)) as held:
        for name in held.namelist():
            if name.endswith((".xml", ".rels")):
                tree = etree.fromstring(held.read(name), etree.XMLParser(resolve_entities=False))
                found.met("Word", (f"{Path(name).name} {part}" for part in _elements(tree)))
                text += "".join(tree.itertext())
                for element in tree.iter():
                    if element.get("TargetMode") == "External":
                        found.links.add(element.get("Target"))
    found.count("Word", text)
    if ACTING.search(text.replace("\u2060", "")):
        found.wrong(where, f"acting sign {ACTING.search(text)}")


def of_pdf(found: Found, where: str, raw: bytes) -> None:
    drawn, record = [re.sub(rb"stream\r?\n.*?\r?\nendstream", b"", raw, flags=re.DOTALL)], b"{}"
    for stream in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", raw, re.DOTALL):
        try:
            unpacked = zlib.decompress(stream[1])
        except zlib.error:
            continue
        if unpacked.lstrip().startswith(b"{"):
            record = unpacked  # The record that is attached is data, and may hold any words.
        elif b"/ObjStm" in raw[max(0, stream.start() - 200) : stream.start()]:
            drawn.append(unpacked)  # Of fonts and pictures any bytes come by chance.
    found.count("PDF", json.dumps(json.loads(record), ensure_ascii=False))
    said = b"\n".join(drawn)
    for name in (b"/JavaScript", b"/JS", b"/Launch", b"/OpenAction", b"/AA", b"/SubmitForm", b"/GoToR", b"/RichMedia"):
        if re.search(re.escape(name) + rb"\b", said):
            found.wrong(where, f"{name.decode()} in a PDF")
    found.links.update(uri.decode("latin-1") for uri in re.findall(rb"/URI\s*\(((?:\\.|[^\\)])*)\)", said))


def of_bibtex(found: Found, where: str, text: str) -> None:
    found.count("citations", text)
    field_line = r"  [a-z]+ = \{(?:[^{}\n]|\{Détente\})*\},?\n"
    if not re.fullmatch(rf"(?:@[a-z]+\{{[a-z0-9-]+,\n(?:{field_line})+\}}\n\n?)+", text):
        found.wrong(where, "a field that ends early")
    if re.search(r"\\[A-Za-z]", text) or ACTING.search(text):
        found.wrong(where, "a command of TeX or an acting sign")


def of_ris(found: Found, where: str, text: str) -> None:
    found.count("citations", text)
    lines = text.removesuffix("\r\n").split("\r\n")
    if any(not re.fullmatch(r"[A-Z][A-Z0-9]  - [^\x00-\x1f]*", line) for line in lines):
        found.wrong(where, "a line without a tag")
    kinds = Counter(line[:2] for line in lines)
    found.met("citations", (f"RIS {line[:2]}" for line in lines))
    if kinds["TY"] != kinds["ER"] or any(line == "TY  - BOOK" for line in lines):
        found.wrong(where, f"records that nobody wrote: {kinds}")


def of_png(found: Found, where: str, raw: bytes) -> None:
    marks = re.search(rb"<x:xmpmeta.*</x:xmpmeta>", raw, re.DOTALL)
    if marks is None:
        found.wrong(where, "no marks in a PNG")
        return
    of_xml(found, where, marks[0], "PNG")


def of_parquet(found: Found, raw: bytes) -> None:
    import pyarrow.parquet as pq

    found.count("Parquet", str(pq.read_table(io.BytesIO(raw)).to_pylist()))


def of_file(found: Found, where: str, raw: bytes) -> None:
    """By the end of its name."""
    if where.endswith(".html"):
        of_html(found, where, raw.decode())
    elif where.endswith(".svg"):
        of_xml(found, where, raw, "SVG")
    elif where.endswith(".atom"):
        of_atom(found, where, raw)
    elif where.endswith((".json", ".geojson", ".jsonld")):
        of_json(found, raw)
    elif where.endswith((".jsonl", ".ndjson")):
        found.count("JSON", raw.decode())
        for line in raw.decode().split("\n")[:-1]:
            json.loads(line, parse_constant=_no_constant)
    elif where.endswith(".csv"):
        of_csv(found, where, raw)
    elif where.endswith(".ics"):
        of_calendar(found, where, raw)
    elif where.endswith(".md"):
        of_markdown(found, where, raw.decode())
    elif where.endswith(".docx"):
        of_docx(found, where, raw)
    elif where.endswith(".pdf"):
        of_pdf(found, where, raw)
    elif where.endswith(".bib"):
        of_bibtex(found, where, raw.decode())
    elif where.endswith(".ris"):
        of_ris(found, where, raw.decode())
    elif where.endswith(".png"):
        of_png(found, where, raw)
    elif where.endswith(".parquet"):
        of_parquet(found, raw)
    elif where.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(raw)) as held:
            for name in held.namelist():
                if name.startswith(("/", "..")) or "\\" in name:
                    found.wrong(where, f"a file that leads astray: {name}")
                of_file(found, f"{where}!{name}", held.read(name))
    else:
        found.wrong(where, "no reader is known here for this kind of file")


def checked(found: Found, where: str, raw: bytes) -> None:
    """A file that its reader cannot read is a fault like any other."""
    try:
        of_file(found, where, raw)
    except Exception as problem:
        found.wrong(where, f"cannot be read: {type(problem).__name__}: {problem}")


# Where outputs come from


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str


def run(line: str) -> Run:
    """One command, with its last words as the program writes them."""
    done = CliRunner().invoke(app, shlex.split(line)[1:])
    problem, said = done.exception, io.StringIO()
    if isinstance(problem, DetenteError):
        with redirect_stderr(said):
            complain(str(problem))
    elif problem is not None and not isinstance(problem, SystemExit):
        raise problem
    return Run(done.exit_code, done.stdout_bytes.decode(), done.stderr_bytes.decode() + said.getvalue())


LANGUAGES = ("en", "fr", "ru")
COMMANDS = (
    "timeline --all", "statements", "forecast", "forecast --milestone m-0", "status", "track-record", "index", "agenda",
    "deeds", "stage", "breaks", "sources", "camps", "risers", "reciprocity", "outlook", "third-parties", "review",
    "milestones", "milestones --milestone m-0", "cases --search USA-Iran", "brief", "brief --format html",
    "brief approve", "brief versions", "brief diff", "alerts --since 2025-01-01", "verdict {folder}/article.txt",
    "check",
)  # fmt: skip
NO_LANGUAGE = ("status", "review", "brief versions", "brief diff", "check")
EXPORTS = ("events", "statements", "times", "persons", "rows", "occurrences")


def of_terminal(found: Found, folder: Path) -> None:
    lines = []
    for command in COMMANDS:
        given = f"{command.format(folder=folder)} --dossier {folder}"
        if command.startswith("brief "):
            room, _, rest = command.partition(" ")
            given = f"{room} {rest} --dossier {folder}"
        for language in ("",) if command in NO_LANGUAGE else LANGUAGES:
            lines.append(given + (f" --lang {language}" if language else ""))
        if "--format" not in command:
            lines.append(f"{given} --json")
    strange = list(PAYLOADS.values())
    lines += [f"explain {shlex.quote(text)} --dossier {folder}" for text in strange]
    lines += [f"statements --speaker {shlex.quote(text)} --dossier {folder}" for text in strange]
    lines += [f"timeline --track {shlex.quote(text)} --dossier {folder}" for text in strange]
    for what in ("forecast --milestone", "review --decision accept --entry", "timeline --since", "brief --format"):
        lines += [f"{what}={shlex.quote(text)} --dossier {folder}" for text in strange]
    lines += [f"resolve m-0 --answer yes --evidence {shlex.quote(text)} --by {shlex.quote(text)} --dossier {folder}"
              for text in list(PAYLOADS.values())[:4]]  # fmt: skip
    for line in lines:
        try:
            done = run(f"detente {line}")
        except Exception as problem:
            found.wrong(line[:160], f"{type(problem).__name__}: {problem}")
            continue
        said = done.out + done.err
        found.count("commands", said)
        if bad := ACTING.search(said.replace("\u2060", "")):
            at = max(0, bad.start() - 40)
            found.wrong(f"detente {line[:120]!r}", f"prints {bad[0]!r} in {said[at : at + 80]!r}")
        if line.endswith("--json") and done.code == 0:
            json.loads(done.out)
        if not line.endswith("--json") and "49\xa0" not in said and re.search(r"(?<![\w.])1337(?!\w)", said):
            found.wrong(line, "a template was worked out")
    for what in EXPORTS:
        for form in ("jsonl", "csv"):
            done = run(f"detente export {what} --format {form} --dossier {folder}")
            checked(found, f"export {what}.{form}", done.out.encode())
            found.outputs["commands"] += 1


def of_exports(found: Found, folder: Path) -> None:
    """What a cell holds before it was guarded is what the text is."""
    for what in ("events", "statements"):
        told = [json.loads(line) for line in run(f"detente export {what} --dossier {folder}").out.split("\n")[:-1]]
        run(f"detente export {what} --format csv --out {folder / 'rows.csv'} --dossier {folder} --quiet")
        with (folder / "rows.csv").open(encoding="utf-8", newline="") as table:
            cells = list(csv.DictReader(table))
        if [row["quote"] for row in told] != [unguarded(row["quote"]) for row in cells]:
            found.wrong(what, "a guarded cell cannot be told from what it was")


def of_mail(found: Found, folder: Path) -> None:
    address = Mail.model_validate({"to": ["desk@example.org"], "from": "detente@example.org"})
    rules = (Rule(kind="silence", days=1), Rule(kind="four-eyes"), Rule(kind="milestone", points=0.1, days=3000))
    rules += (Rule(kind="stance", statements=1), Rule(kind="break", above=0.5))
    with workflow.opened(folder) as (case, ledger):
        found_alerts = alerts.find(case, ledger, Settings(rule=rules), since=datetime(2025, 1, 1, tzinfo=UTC))
        for language in LANGUAGES:
            for chosen in [found_alerts.alerts, *([one] for one in found_alerts.alerts)]:
                raw = alert_digest.as_mail(found_alerts, chosen, language, address, digest="x").as_bytes()
                read = email.message_from_bytes(raw, policy=email.policy.SMTP)
                body = read.get_content()
                found.count("mails", body + str(read["Subject"]))
                found.met("mails", read.keys())
                if read.defects or ACTING.search(body.replace("\r\n", "\n").replace("\u2060", "")):
                    found.wrong(f"mail {language}", read.defects or ACTING.search(body.replace("\r\n", "\n")))


def of_assistants(found: Found, folder: Path) -> None:
    answers = Answers(folder)
    asked = [answers.what_changed(days=1000), answers.events(), answers.index(), answers.milestones(), answers.cite()]
    asked += [answers.people(), answers.forecast_history("m-0"), answers.measure("agenda"), answers.measure("camps")]
    for one in answers.events()["events"]:
        asked.append(answers.quote(one["occurrence"]))
    for told in asked:
        raw = json.dumps(told, ensure_ascii=True).encode()
        of_json(found, raw, "answers to assistants")


SERVED = (
    "/search.html?q={q}", "/fr/search.html?q={q}", "/timeline.html?text={q}", "/ru/timeline.html?actor={q}&track={q}",
    "/timeline.html?direction={q}&party={q}&language={q}", "/{q}", "/as-of/{q}/index.html", "/?as_of={q}",
    "/oembed?url={q}", "/oembed?url=/{q}&format={q}", "/api/timeline?text={q}", "/api/search?q={q}",
    "/api/measures/{q}", "/api/events?since={q}", "/feed.atom?track={q}", "/fr/feed.json?speaker={q}&side={q}",
    "/desk/item/{q}", "/desk?after={q}", "/desk/log?by={q}", "/sign-in?next={q}", "/desk/{q}.js",
)  # fmt: skip
ALONE = (
    "/", "/desk", "/fr/desk", "/ru/desk", "/desk/log", "/fr/desk/log", "/ru/desk/log", "/desk/agreement",
    "/fr/desk/agreement", "/desk/log.ndjson?whole=1", "/desk/log.prov.json", "/api/timeline", "/api/statements",
    "/api/index", "/api/milestones", "/api/track-record", "/api/verdicts", "/api/status", "/api/measures",
    "/api/measures/agenda", "/api/events", "/api/events?since=2025-01-01", "/api/openapi.json", "/sign-in",
    "/desk/brief", "/fr/desk/brief", "/ru/desk/brief", "/desk/brief/versions", "/desk/brief/publish",
    "/oembed?url=/index.html", "/oembed?url=/milestones.html%23m-0&frozen=true", "/embed/milestones-m-0.html",
)  # fmt: skip


def of_server(found: Found, folder: Path, texts: Iterable[str]) -> list[str]:
    """Everything only the application answers; returns addresses of pages to look at in a browser."""
    from detente.ledger import Ledger

    with Ledger.open(folder) as ledger:
        entries = [s.entry.id for kind in ("event", "statement") for s in ledger.codings(kind)]
    paths = [*ALONE, *(f"/desk/item/{entry}" for entry in entries)]
    paths += [f"{top}/desk/item/{entry}" for entry in entries[::8] for top in ("/fr", "/ru")]
    paths += [where.replace("{q}", quote(text, safe="")) for where in SERVED for text in texts]
    look = []
    with served(folder) as base, httpx.Client(base_url=base, timeout=120) as client:
        for path in paths:
            answer = client.get(path)
            kind = answer.headers.get("content-type", "").partition(";")[0]
            if answer.status_code >= 500 and answer.status_code != 501:
                found.wrong(path, f"{answer.status_code} {answer.text[:200]}")
            for name, value in answer.headers.multi_items():
                if ACTING.search(value) or (name == "location" and urlsplit(value).netloc):
                    found.wrong(path, f"header {name}: {value!r}")
            found.outputs["answers of the server"] += 1
            ending = {"text/html": ".html", "application/json": ".json", "application/x-ndjson": ".jsonl"}.get(kind, "")
            ending = ending or {"application/atom+xml": ".atom", "application/feed+json": ".json"}.get(kind, "")
            ending = ending or (".json" if kind.endswith("+json") else "")
            if ending:
                checked(found, f"{path[:150]} {ending}", answer.content)
            if kind == "text/html":
                look.append(path)
            if path == "/desk/brief":
                # The sentences that wait, each with a page of its own.
                more = sorted({*re.findall(r'href="(/desk/brief/sentence/[0-9a-f]+)', answer.text)})
                paths += more
    return look


def of_site(found: Found, out: Path) -> None:
    for file in sorted(out.rglob("*")):
        if file.is_file() and file.name != sites.MANIFEST:
            checked(found, file.relative_to(out).as_posix(), file.read_bytes())


# In Chromium

_WATCH = """window.alert = window.confirm = window.prompt = () => { window.ran = 1 };
window.open = () => { window.ran = 1 };"""
_LOOK = """(() => {
  const parts = new Set(), links = new Set(), styles = [];
  for (const e of document.querySelectorAll("*")) {
    const above = e.parentElement ? e.parentElement.localName : "";
    parts.add(above + " > " + e.localName + "[" + e.getAttributeNames().sort().join(",") + "]");
    for (const n of ["href", "src", "action", "formaction", "xlink:href", "data", "srcset", "poster"])
      if (e.hasAttribute(n)) links.add(e.getAttribute(n));
    if (e.localName === "style") styles.push(e.textContent.length + "");
  }
  const root = document.documentElement;
  return {ran: window.ran || 0, parts: [...parts], links: [...links], sheets: document.styleSheets.length,
    styles, wide: root.scrollWidth > root.clientWidth ? root.scrollWidth : 0,
    shown: !document.body || getComputedStyle(document.body).display !== "none"};
})()"""


def looked(found: Found, page: Browser, addresses: Iterable[str], own: str) -> None:
    for address in addresses:
        page.requests.clear()
        page.console.clear()
        page.open(address)
        seen = page.run(_LOOK)
        found.outputs["pages and figures in Chromium"] += 1
        where = unquote(address.removeprefix(own))[:150]
        if seen["ran"]:
            found.wrong(where, "a script ran")
        if not seen["shown"]:
            found.wrong(where, "the page is hidden")
        if seen["wide"] and not where.endswith(".svg"):  # A figure alone has the width it is drawn with.
            found.wrong(where, f"scrolls sideways at 390 px: {seen['wide']}")
        outside = [r for r in page.requests if not r.startswith((own, "data:"))]
        if outside:
            found.wrong(where, f"asked for {outside}")
        found.met("in Chromium", seen["parts"])
        found.met("style sheets", [f"{seen['sheets']} {','.join(seen['styles'])}"])
        found.links.update(seen["links"])
        noise = [line for line in page.console if "404" not in line and "403" not in line and "422" not in line]
        if noise:
            found.wrong(where, f"the console says {noise[0]}")


def of_browser(found: Found, folder: Path, out: Path, paths: list[str]) -> None:
    with browser() as page:
        page.ask("Page.setBypassCSP", enabled=True)
        page.ask("Page.addScriptToEvaluateOnNewDocument", source=_WATCH)
        page.size(390, 800)
        files = [file.as_uri() for kind in ("*.html", "*.svg") for file in sorted(out.rglob(kind))]
        looked(found, page, files, out.as_uri())
        with served(folder) as base:
            looked(found, page, (base + path for path in paths), base)


# The whole


def go(folder: Path, payloads: Mapping[str, str], *, with_browser: bool) -> Found:
    """Write everything of one dossier, and read it."""
    found = Found()
    started = time.monotonic()

    def told(what: str) -> None:
        said = f"{folder.name}: {time.monotonic() - started:.0f} s, {what}, {len(found.faults)} faults"
        print(said, file=sys.stderr, flush=True)

    home, out = make(folder / "dossier", payloads), folder / "site"
    told("made")
    with workflow.opened(home) as (case, ledger):
        now = situation.of(case, ledger)
        sites.write(now, ledger, out, base="https://pages.example/", with_png=True)
        addresses = {link_of(one) for one in ledger.documents()} - {""}
        # Whoever settles a question names addresses as evidence; these are links wherever it stands.
        evidence = " ".join(row.milestone.resolution.evidence for row in now.milestones if row.milestone.resolution)
        addresses |= {link for _, _, link, _ in html.iterlinks(f"<p>{as_links(evidence)}</p>")}
    told("written")
    of_site(found, out)
    told("site read")
    of_mail(found, home)
    of_assistants(found, home)
    told("mails, assistants")
    paths = of_server(found, home, payloads.values())
    told("server")
    if with_browser:
        of_browser(found, home, out, paths)
        told("Chromium")
    for link in found.links - addresses:
        if link.startswith(out.as_uri()):
            continue  # A page opened as a file gives its own address to a form.
        parts = urlsplit(link.strip())
        if parts.scheme not in ("", "http", "https") or "evil" in parts.netloc:
            found.wrong("a link", link)
    return found


def commands(folder: Path, payloads: Mapping[str, str]) -> Found:
    """Run every command on a dossier of its own, for some of them write to it."""
    found = Found()
    home = make(folder / "dossier", payloads)
    of_exports(found, home)
    of_terminal(found, home)
    return found


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--no-browser", action="store_true")
    asked.add_argument("--keep", type=Path)
    asked.add_argument("--only", nargs="*", help="these payloads alone, by name")
    given = asked.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="detente-showing-"))
    chosen = {name: text for name, text in PAYLOADS.items() if not given.only or name in given.only}
    with ProcessPoolExecutor(3) as pool:
        plain = pool.submit(go, folder / "plain", dict(BENIGN), with_browser=not given.no_browser)
        hostile = pool.submit(go, folder / "hostile", chosen, with_browser=not given.no_browser)
        printed = pool.submit(commands, folder / "commands", chosen)
        ours, theirs = plain.result(), hostile.result()
        theirs.add(printed.result())
    for kind, parts in sorted(theirs.parts.items()):
        for part in sorted(parts - ours.parts.get(kind, set())):
            theirs.wrong(kind, f"{part} is in nothing that we wrote")
    for fault in ours.faults:
        print(f"plain words: {fault}")
    for fault in theirs.faults:
        print(fault)
    print("\n| output | number | with payloads in them, pairs |\n|---|---|---|")
    for kind in sorted({*theirs.outputs}):
        print(f"| {kind} | {theirs.outputs[kind]:,} | {theirs.shown[kind]:,} |")
    print(f"| together | {sum(theirs.outputs.values()):,} | {sum(theirs.shown.values()):,} |")
    print(f"\n{len(chosen)} payloads; {len(theirs.faults)} faults")
    return 1 if theirs.faults or ours.faults else 0


if __name__ == "__main__":
    sys.exit(main())
