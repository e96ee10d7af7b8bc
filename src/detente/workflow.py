"""A text's way through: got, made a document, filed, coded, filed again. What command line and application share."""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente import __version__, documents, plugins, sample, sources
from detente import dossier as dossiers
from detente.dossier import Dossier
from detente.engine import OWN
from detente.engine.coders import CoderRecipe, Failure, document_in, packed, read, reading_in
from detente.errors import CodingError, DetenteError, DossierError, EngineError, LedgerError, ModelStopped
from detente.ledger import FILE_NAME as LEDGER_NAME
from detente.ledger import Ledger
from detente.sources.kept import FILE_NAME as VERSIONS
from detente.terms import ArticleVerdicts, Coding, Document, Dyad, Event, Issue

if TYPE_CHECKING:
    from detente.coding import Coder
    from detente.engine.import_report import ImportReport
    from detente.publish.material import Material
    from detente.sources.downloads import ListedFile

OnProgress = Callable[[int, int | None, str], None]
Readings = Generator[tuple[str, Coding | Failure | Issue], None, None]
"""Ids of documents and what was made of each; an Issue where it cost the worker its life."""
_IMPORTED_AT_ONCE = 500
DEMO_MARK = ".detente-demo"
"""Stands in a folder that `detente demo` made and may make anew."""


def _silent(done: int, total: int | None, what: str) -> None: ...


@dataclass
class AddReport:
    """What became of what was added.

    Attributes:
        added, known: Ids of documents filed now, and of those filed before.
        issues: Also those about documents that were filed (no date found, language not coded).
        failed: How many records could not be filed.
    """

    added: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    failed: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "added": self.added,
            "known": self.known,
            "failed": self.failed,
            "issues": [dataclasses.asdict(issue) for issue in self.issues],
        }


@dataclass
class CodeReport:
    """What a coder did."""

    coder: str
    documents: int = 0
    entries: int = 0
    passed_over: int = 0
    issues: list[Issue] = field(default_factory=list)
    failed: int = 0
    abstained: int = 0

    def as_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


def today() -> date:
    """The day in UTC."""
    return datetime.now(UTC).date()


def moment(text: str | None, name: str = "as_of") -> date | datetime | None:
    """A day or a moment with its offset, as an address or an option gives it under a name.

    Raises:
        DetenteError: It is neither.
    """
    if not text:
        return None
    try:
        if len(text) <= 10:
            return date.fromisoformat(text)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise DetenteError(f"{name} {text!r} is neither a day nor a moment. Write 2025-04-30.") from None
    if found.tzinfo is None:
        raise DetenteError(f"{name} {text!r} has no offset from UTC. Add +00:00.")
    return found


LEDGER_VARIABLE = "DETENTE_LEDGER"
"""Environment variable that names the ledger's database, before the dossier's own setting."""


def ledger_of(case: Dossier, folder: Path) -> str | Path:
    """Where a dossier's ledger is: what `DETENTE_LEDGER` in the environment says, or the dossier, or its own file."""
    return os.environ.get(LEDGER_VARIABLE, "").strip() or case.ledger or folder / LEDGER_NAME


def check_apart(folder: Path, other: Path) -> None:
    """Refuse to set a dossier beside itself, or beside another one with the same ledger.

    Raises:
        DossierError: One of the two is missing or broken, or both have one ledger.
    """
    found = [ledger_at(each) for each in (folder, other)]
    one, two = (where if isinstance(where, str) and "://" in where else Path(where).resolve() for where in found)
    if one == two:
        named = os.environ.get(LEDGER_VARIABLE, "").strip()
        why = f" {LEDGER_VARIABLE} is set, and goes before what dossiers say." if named else ""
        raise DossierError(f"{other}: has the same ledger as {folder}.{why} Name another dossier.")


def ledger_at(folder: Path) -> str | Path:
    """Where the ledger of a folder's dossier is, see `ledger_of`; the accounts of its team are there too.

    Raises:
        DossierError: There is no dossier, or it is broken.
    """
    return ledger_of(dossiers.load(folder), folder)


@contextmanager
def opened(folder: Path, *, clock: Callable[[], datetime] | None = None) -> Iterator[tuple[Dossier, Ledger]]:
    """A dossier with its ledger, which is made where there is none yet.

    Raises:
        DossierError: There is no dossier, or it is broken.
        LedgerError: The ledger cannot be opened.
    """
    case = dossiers.load(folder)
    options = {"clock": clock} if clock else {}
    with Ledger.open(ledger_of(case, folder), create=True, **options) as ledger:
        yield case, ledger


@contextmanager
def material(
    folder: Path,
    *,
    as_of: date | datetime | None = None,
    origin: str = OWN,
    dyad: Dyad | None = None,
    since: date | None = None,
) -> Iterator[Material]:
    """What a dossier holds, as the measures read it; see `detente.publish.readings.read`.

    Args:
        as_of: Use nothing recorded later; of a database, nothing that happened later.
        origin: `detente` for our own codings, a database (`gdelt`), or a table of counts (`gdelt-net`).
        dyad: Another pair of states than the dossier's.
        since: The first day looked at.

    Raises:
        DossierError: There is no dossier, or it is broken.
        LedgerError: The ledger cannot be opened.
    """
    from detente.publish.material import Material

    with opened(folder) as (case, ledger):
        yield Material(case, ledger, folder, as_of=as_of, origin=origin, asked=dyad, since=since)


def _gathered(what: Iterable[str]) -> Iterator[sources.Got | Issue]:
    fetcher = sources.Fetcher()
    for named in what:
        for item in sources.get(named, fetcher=fetcher):
            if not isinstance(item, sources.Unchanged):  # which no fetcher gives that keeps no versions
                yield item


def add(
    case: Dossier,
    ledger: Ledger,
    what: Sequence[str],
    *,
    published: date | None = None,
    language: str | None = None,
    source: str | None = None,
    url: str | None = None,
    archive: Path | None = None,
    despite_robots: bool = False,
    fetcher: sources.Fetcher | None = None,
    on_progress: OnProgress = _silent,
) -> AddReport:
    """File everything behind the files, folders, addresses or feeds named.

    Args:
        published, language, url: For what does not say it of itself; a given day wins over one found in a page.
        archive: A new WARC file for what is asked of servers and what they answer.
        despite_robots: Get addresses named here although robots.txt does not allow it; never those a feed names.
        fetcher: Gets what is behind addresses, with other manners and limits; versions and archive are added to it.

    Raises:
        SourceError: The archive cannot be made.
        LedgerError: The ledger cannot take what is filed (full disk); what was filed before stays.
    """
    report = AddReport()
    known = documents.Known.of(ledger.documents())
    fetcher = dataclasses.replace(fetcher or sources.Fetcher(), despite_robots=despite_robots)
    if case.folder is not None and published is None and not language:
        # With a day or a language given, a page is read again, so that what is not used of them is said.
        fetcher.kept = sources.Kept(case.folder / VERSIONS, ledger.has_line)
    number = 0
    with sources.Archive(archive, software=f"detente/{__version__}") if archive else nullcontext() as fetcher.archive:
        for named in what:
            whole, alone = True, list[str]()
            for got in sources.get(named, source=source or "", fetcher=fetcher):
                number += 1
                if isinstance(got, sources.Unchanged):
                    report.known += got.documents
                else:
                    made = file_one(ledger, got, known, report, published=published, language=language, url=url)
                    whole = whole and made is not None
                    if made is not None and got.record != named:
                        _settle(fetcher, ledger, got.record, [made.id], report)
                    elif made is not None:
                        alone.append(made.id)
                on_progress(number, None, got.record)
            if whole or alone:
                _settle(fetcher, ledger, named, alone, report)
    return report


def _settle(fetcher: sources.Fetcher, ledger: Ledger, address: str, filed: Sequence[str], report: AddReport) -> None:
    """Keep an address's version: all there is behind it is in the ledger."""
    if fetcher.kept is None or not fetcher.kept.waits(address):
        return
    head = ledger.head()
    try:
        fetcher.kept.settle(address, filed, head.line, head.hash)
    except OSError as problem:
        fetcher.kept = None
        reason = f"{VERSIONS}: {problem.strerror or problem}; pages are got whole the next time too."
        _note(ledger, Issue(VERSIONS, "sources", reason, lost=False), report, failed=False)


def file_one(
    ledger: Ledger,
    got: sources.Got | Issue,
    known: documents.Known,
    report: AddReport,
    *,
    published: date | None = None,
    language: str | None = None,
    url: str | None = None,
) -> Document | None:
    """File one thing that was got; what cannot be filed becomes an issue on record."""
    if isinstance(got, Issue):
        _note(ledger, got, report, failed=got.lost)
        return None
    made = documents.make(got, published=published, language=language, url=url)
    document = made.document
    filed = known.has(document.id, document.sha256) if document else None
    if document and filed:
        _note_unused(ledger, got, document, report, published=published, language=language)
        report.known.append(document.id)
        return document
    for issue in made.issues:
        _note(ledger, issue, report, failed=document is None)
    if document is None:
        return None
    if broken := _unstorable(document):
        reason = f"{got.record}: its {broken} holds half a character or a NUL, which cannot be stored. Export it again."
        _note(ledger, Issue(got.record, "ledger", reason), report, failed=True)
        return None
    if filed is None:
        copied = known.match(document.text, document.boilerplate)
        if copied is not None:
            document = dataclasses.replace(document, duplicate_of=copied[0], likeness=copied[1])
        filed = _file_new(ledger, document, got.raw, report)
    if not filed:
        reason = f"{got.record}: id {document.id!r} is filed with another text, and a filed text never changes. "
        _note(ledger, Issue(got.record, "ledger", reason + "Give this one an id of its own."), report, failed=True)
        return None
    known.add(document)
    return document


def _unstorable(document: Document) -> str:
    """The first field that no database takes as text, or nothing. (The text itself is checked where it is made.)"""
    for name in ("id", "title", "url", "source", "licence"):
        value = getattr(document, name)
        if "\x00" in value or value.encode(errors="ignore").decode() != value:
            return name
    return ""


def _file_new(ledger: Ledger, document: Document, raw: bytes, report: AddReport) -> bool:
    """File a document; False where another process filed another text under its id since we looked."""
    try:
        added = ledger.add_document(document, raw)
    except LedgerError:
        if all(filed.sha256 == document.sha256 for filed in _filed(ledger, document.id)):
            raise
        return False
    (report.added if added else report.known).append(document.id)
    return True


def _filed(ledger: Ledger, document_id: str) -> list[Document]:
    try:
        return [ledger.document(document_id)]
    except LedgerError:
        return []


def _note_unused(
    ledger: Ledger,
    got: sources.Got,
    document: Document,
    report: AddReport,
    *,
    published: date | None,
    language: str | None,
) -> None:
    """Say so where a day or language that a person gives comes too late for a text that is filed without it."""
    given = {
        "published": published is not None or got.published_basis == "given",
        "language": bool(language or got.language),
    }
    if not any(given.values()):
        return
    filed = ledger.document(document.id)
    for name, is_given in given.items():
        was, would = getattr(filed, name), getattr(document, name)
        if is_given and was != would:
            reason = (
                f"{got.record}: filed before with {name} {was or 'unknown'}, which never changes; {would} is not used. "
                "Give the text an id of its own, as a line of a .jsonl file, to have it read anew."
            )
            _note(ledger, Issue(got.record, "ledger", reason), report, failed=True)


def _note(ledger: Ledger, issue: Issue, report: AddReport | CodeReport, *, failed: bool) -> None:
    # A file's name may hold bytes that are no text; they are written out, as no database takes them.
    record, message = (text.encode(errors="backslashreplace").decode() for text in (issue.record, issue.message))
    issue = dataclasses.replace(issue, record=record.replace("\x00", "\\x00"), message=message.replace("\x00", "\\x00"))
    ledger.file_issue(issue)
    report.issues.append(issue)
    report.failed += failed


def code(
    case: Dossier,
    ledger: Ledger,
    *,
    coder: str | None = None,
    processes: int = 1,
    engine: str = "",
    on_progress: OnProgress = _silent,
) -> CodeReport:
    """Code every document that the coder has not coded yet, each in one transaction.

    A document the coder fails on is an issue on record, and the others go on. Whoever codes, this process alone files
    what was found, in the order of the documents, so that the ledger is the same.

    A dossier whose names or words have changed makes another coder, so that everything is coded anew.

    Args:
        processes: Processes of this machine that code; 1 is this one.
        engine: Address of a Spark that codes instead (`spark://host:7077`, `spark+local://2`), or `spark` for the one
            that `DETENTE_ENGINE` or the dossier names, else one on this machine.

    Raises:
        PluginError: There is no such coder.
        ModelStopped: The coder asks a language model, and nothing more may be asked; what was filed before stays.
        EngineError: Processes or Spark cannot be had, or workers have another coder; what was filed before stays.
        LedgerError: The ledger cannot take what is filed; what was filed before stays.
    """
    made = plugins.coder(case, coder)
    report = CodeReport(made.name)
    report.passed_over, held = ledger.documents_done(made.name, made.codebook)
    waiting = ledger.uncoded(made.name, made.codebook)
    if processes == 1 and not engine:
        readings: Readings = ((d.id, read(made, d)) for d in waiting)
    else:
        readings = _readings(waiting, CoderRecipe.of(case, coder, made), processes, _spark_address(case, engine))
    with closing(readings):
        for number, (document_id, reading) in enumerate(readings, start=1):
            _file_reading(ledger, made, document_id, reading, report)
            on_progress(number, held - report.passed_over, document_id)
    return report


def _spark_address(case: Dossier, engine: str) -> str:
    """The Spark that is meant, if any.

    Raises:
        EngineError: It is none.
    """
    from detente.engine import engine_url
    from detente.engine.backend import shown

    schemes = ("spark://", "spark+local://", "sc://")
    if engine == "spark":
        chosen = engine_url(case)
        return chosen if chosen.startswith(schemes) else "spark+local://"
    if engine and not engine.startswith(schemes):
        raise EngineError(f"engine {shown(engine)!r} codes nothing. Write spark, or an address of Spark: {schemes}.")
    return engine


def _readings(waiting: Iterable[Document], recipe: CoderRecipe, processes: int, spark: str) -> Readings:
    from detente.engine import runners

    with (
        runners.OnSpark(recipe, spark) if spark else runners.Processes(recipe, processes) as runner,
        closing(runners.run(map(packed, waiting), runner)) as answers,
    ):
        # Ids are asked of the answers: documents are read a few units ahead.
        for answer in answers:
            if isinstance(answer, runners.Lost):
                lost = document_in(answer.item).id
                reason = (
                    f"{recipe.name} was killed over it {runners.TRIES} times, by lack of memory or by itself. "
                    "The next `detente code` tries again. Report this with the text."
                )
                yield lost, Issue(lost, "coding", reason)
            else:
                yield reading_in(answer)


def code_one(ledger: Ledger, made: Coder, document: Document, report: CodeReport) -> None:
    """Code one document and file what was found."""
    _file_reading(ledger, made, document.id, read(made, document), report)


def _file_reading(
    ledger: Ledger, made: Coder, document_id: str, reading: Coding | Failure | Issue, report: CodeReport
) -> None:
    if isinstance(reading, Failure):
        if reading.stops:
            raise ModelStopped(reading.reason)
        reason = f"{made.name} failed on it: {reading.reason}. Report this with the text."
        reading = Issue(document_id, "coding", reason)
    if isinstance(reading, Issue):
        _note(ledger, reading, report, failed=True)
        return
    if (reading.coder, reading.document) != (made.name, document_id):
        raise CodingError(f"{document_id}: {made.name} signed its coding {reading.coder} for {reading.document}.")
    for issue in reading.issues:
        _note(ledger, issue, report, failed=False)
    if reading.abstained:
        _note(ledger, _kept_back(reading), report, failed=False)
    report.abstained += len(reading.abstained)
    report.entries += ledger.file(reading)
    report.documents += 1


def _kept_back(coding: Coding) -> Issue:
    """What a coder was not sure enough of to code, on record so that it can be counted and looked at."""
    shown = [
        f"{c.type if isinstance(c, Event) else 'statement'} at {c.evidence.start}-{c.evidence.end} ({c.confidence:.2f}"
        + (f"; doubts {', '.join(c.doubts)})" if c.doubts else ")")
        for c in coding.abstained
    ]
    message = f"{len(shown)} codings kept back, less sure than the dossier asks: {', '.join(shown)}."
    return Issue(coding.document, "coding", f"{message} Lower abstain_below in dossier.toml to have them.", lost=False)


def import_events(
    case: Dossier,
    ledger: Ledger,  # noqa: ARG001 - opened so that a broken dossier is refused before a long import
    kind: str,
    what: Sequence[str | Path],
    *,
    since: date | None = None,
    until: date | None = None,
    day_zero: date | None = None,
    on_progress: OnProgress = _silent,
) -> ImportReport:
    """Import event databases into the dossier's folder: files, folders, and addresses of files or of GDELT's lists.

    What an address names is got into `events/.incoming`, imported some hundred files at a time, and deleted there.

    Args:
        since, until: First and last day wanted of what a list names.
        day_zero: What times of a temporal knowledge graph count from, where it is no known publication.

    Raises:
        SourceError: The kind is unknown, or the disk takes nothing more.
        EngineError: The folder cannot be written to, or the disk is full; what was added before stays.
    """
    from detente.engine.imports import import_events as run
    from detente.engine.lake import events_folder
    from detente.sources import gdelt_lists
    from detente.sources.address import is_address

    if case.folder is None:
        raise DossierError("this dossier lies in no folder, so there is no place for imported events.")
    addresses = [str(named) for named in what if is_address(str(named))]
    paths = [Path(named) for named in what if not is_address(str(named))]
    report = run(kind, paths, folder=case.folder, day_zero=day_zero, on_progress=on_progress)
    for address in addresses:
        listing = gdelt_lists.listed(address, kind, since=since, until=until, known=_known_in(case.folder, kind))
        report = report.with_issues(listing.issues)
        incoming = events_folder(case.folder) / ".incoming"
        got: list[Path] = []
        for number, item in enumerate(gdelt_lists.download(listing.files, incoming), start=1):
            if isinstance(item, Issue):
                report = report.with_issues([item])
            else:
                got.append(item.path)
            on_progress(number, len(listing.files), item.record if isinstance(item, Issue) else item.file.name)
            if len(got) == _IMPORTED_AT_ONCE:
                report += run(kind, got, folder=case.folder)
                _delete(got)
        if got:
            report += run(kind, got, folder=case.folder)
            _delete(got)
    return report


def _known_in(folder: Path, kind: str) -> Callable[[ListedFile], bool]:
    """Whether a listed file was imported: a file that is replaced keeps its address and has another MD5."""
    from detente.engine.lake import Lake

    imported = {md5 for batch in Lake(folder).batches(kind) for md5 in batch.files("md5")}
    return lambda file: file.md5 in imported


def _delete(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
    paths.clear()


def verdicts(
    case: Dossier,
    ledger: Ledger,
    what: str,
    *,
    published: date | None = None,
    language: str | None = None,
    as_of: date | datetime | None = None,
    keep: bool = False,
) -> tuple[list[ArticleVerdicts], list[Issue]]:
    """Hold the articles behind a file or address against the ledger; nothing of them is filed.

    Args:
        keep: Keep the verdicts beside the dossier, for its page.

    Returns:
        One for each article, and what could not be read.

    Raises:
        PublishError: They cannot be kept.
    """
    from detente.verdicts import judge
    from detente.verdicts import keep as keep_verdicts

    coder = plugins.coder(case)
    found, issues = [], []
    for got in _gathered([what]):
        if isinstance(got, Issue):
            issues.append(got)
            continue
        made = documents.make(got, published=published, language=language)
        issues += made.issues
        if made.document is None:
            continue
        one = judge(made.document, case, ledger, coder, as_of=as_of)
        found.append(one)
        if keep and case.folder is not None:
            keep_verdicts(case.folder, one)
    return found, issues


class _Calendar:
    """A clock that stands where it is set: the sample's lines are recorded on the evening a report appeared."""

    def __init__(self) -> None:
        self.now = datetime(2025, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def set(self, day: date) -> None:
        self.now = max(self.now, datetime.combine(day, time(20), tzinfo=UTC))


def make_sample(out: Path, *, on_progress: OnProgress = _silent) -> tuple[Dossier, AddReport, CodeReport]:
    """Make the sample dossier in `out/dossier` anew: its reports filed and coded.

    So that every figure can be replayed `as_of` a day, each report and its codings are recorded on the day the report
    is dated to, as if the dossier had been kept from the start.

    Raises:
        DossierError: `out` holds something that no demo made.
    """
    folder = out / "dossier"
    if out.exists() and any(out.iterdir()) and not (out / DEMO_MARK).exists():
        raise DossierError(f"{out} holds files that no demo wrote. Choose an empty folder with --out.")
    try:
        if out.exists():
            shutil.rmtree(out)
        folder.mkdir(parents=True)
        (out / DEMO_MARK).write_text("Written by detente demo, which may delete this folder.\n", encoding="utf-8")
        (folder / dossiers.FILE_NAME).write_text(sample.dossier_text(), encoding="utf-8")
    except OSError as problem:
        raise DossierError(f"{out}: cannot be written: {problem}. Free space or choose another place.") from problem
    calendar = _Calendar()
    with opened(folder, clock=calendar) as (case, ledger):
        coder = plugins.coder(case)
        added, coded = AddReport(), CodeReport(coder.name)
        known = documents.Known()
        gathered = list(_gathered(map(str, sample.report_files())))
        gathered.sort(key=lambda got: ("", "") if isinstance(got, Issue) else (str(got.published), got.id))
        for number, got in enumerate(gathered, start=1):
            if isinstance(got, sources.Got) and got.published:
                calendar.set(got.published)
            document = file_one(ledger, got, known, added)
            if document is not None:
                code_one(ledger, coder, document, coded)
            on_progress(number, len(gathered), got.record)
    return case, added, coded


def plain(value: Any) -> Any:
    """Days and moments as text, so that a record can go out as JSON."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date | datetime) else value
