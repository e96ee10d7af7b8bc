"""The ledger: documents, codings, decisions and forecasts, only ever added, read as of any moment."""

from __future__ import annotations

import hashlib
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from copy import copy
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, cast, get_args, overload

from sqlalchemy import Connection, Engine, Select, Table, func, select, text
from sqlalchemy.engine import URL

from detente.errors import LedgerError, TermsError
from detente.ledger import chain
from detente.ledger.asof import AsOf, moment_of
from detente.ledger.chain import Head, Verification, Writer
from detente.ledger.database import connect, locate, name_of, reading, writing
from detente.ledger.groupings import Grouping, Ties, held, ties
from detente.ledger.guards import unprotected
from detente.ledger.occurrences import Source, occurrences
from detente.ledger.questions import (
    ANSWERS,
    Answer,
    Answering,
    Poll,
    Question,
    asked_by,
    check_question,
    digest,
    frozen,
    implied,
    person_key,
    poll,
    polls_of,
    read_answer,
    read_question,
)
from detente.ledger.records import canonical, evidence_in, from_json, read_moment, to_json, write_moment
from detente.ledger.reviews import Review, counting, review_of, reviews
from detente.ledger.standing import Standing, standings, without_copies
from detente.ledger.tables import (
    answers,
    codings,
    decisions,
    documents,
    entries,
    forecasts,
    groupings,
    issues,
    looks,
    originals,
    questions,
)
from detente.terms import (
    ACTIONS,
    CODING_KINDS,
    Action,
    Coding,
    CodingKind,
    Decision,
    Document,
    Entry,
    Event,
    Forecast,
    Issue,
    Look,
    Milestone,
    Occurrence,
    PersonMention,
    Statement,
    TimeExpression,
)

Saw = Literal["source", "coding"]
_Coded = Event | Statement | TimeExpression | PersonMention
_PAGE = 500


@dataclass(frozen=True, slots=True)
class LoggedForecast:
    """A forecast as it stands in the log, with the version of detente that made it."""

    seq: int
    recorded: datetime
    code: str
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class Status:
    """What the ledger holds.

    Attributes:
        documents: By language.
        copies: Documents that repeat an earlier one.
        undated: Documents without a day of publication.
        coded: Documents done, by coder.
        entries: By kind, those of the latest coding of each document.
        coders: All entries, by coder.
        decided: Entries whose last decision is accept, amend or reject, by that action.
        undecided: Events and statements of the latest codings that wait for a decision.
        head: Last line and its hash.
    """

    documents: Mapping[str, int]
    copies: int
    undated: int
    coded: Mapping[str, int]
    entries: Mapping[str, int]
    coders: Mapping[str, int]
    decided: Mapping[str, int]
    undecided: int
    issues: int
    forecasts: int
    first: datetime | None
    last: datetime | None
    head: Head


_DECISIONS = (
    select(
        decisions,
        entries.c.kind,
        *(looks.c[name] for name in ("reading", "second", "opened", "dwell_ms", "needed_ms", "client")),
    )
    .join(entries, entries.c.id == decisions.c.entry)
    .outerjoin(looks, looks.c.decision == decisions.c.seq)
)
"""Decisions with the kind of entry they are on, and how they came about."""
_ANSWERED = "{name}: settled, or answered by this person before. Nothing is left to answer."


class Ledger:
    """One dossier's ledger. Open it with `Ledger.open`, best in a `with` block.

    Whatever it answers, it answers `as_of` a moment: lines recorded after it are not seen, so that an old figure can
    be drawn again as it was. Every write is one transaction: all of it is kept, or none.
    """

    def __init__(self, engine: Engine, url: URL, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock
        self.url = url
        self.where = name_of(url)
        self._read_entries: dict[int, Entry] = {}
        self._held: Connection | None = None
        self._held_head: Head | None = None
        self._merging = threading.Lock()
        self._known_occurrences: dict[str, list[Occurrence]] = {}

    @classmethod
    def open(
        cls, path_or_url: str | Path, *, create: bool = False, clock: Callable[[], datetime] | None = None
    ) -> Ledger:
        """Open a ledger and bring it to the newest schema.

        Args:
            path_or_url: The file, the folder that holds `ledger.db`, or a SQLAlchemy address
                (`sqlite://` is a ledger in memory, `postgresql+psycopg://…` a team's).
            create: Make it where there is none.
            clock: Gives the moment at which lines are recorded; now, in UTC, unless given.

        Raises:
            LedgerError: There is none, it is damaged, written by a newer detente, or cannot be written.

        >>> with Ledger.open("sqlite://", create=True) as ledger:
        ...     ledger.status().documents
        {}
        """
        url = locate(path_or_url)
        return cls(connect(url, create=create), url, clock or (lambda: datetime.now(UTC)))

    def close(self) -> None:
        """Let go of the file; the ledger can be opened again."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _reading(self) -> AbstractContextManager[Connection]:
        return reading(self._engine, self.where) if self._held is None else nullcontext(self._held)

    def _writing(self) -> AbstractContextManager[Connection]:
        if self._held is not None:
            raise LedgerError(f"{self.where}: this is the ledger as it was at a moment. Write to the ledger itself.")
        return writing(self._engine, self.where)

    @contextmanager
    def snapshot(self) -> Iterator[Ledger]:
        """The ledger as it is now, for reading in one thread: what others add meanwhile is not seen."""
        with self._reading() as connection:
            then = copy(self)
            # A transaction sees what is there at its first query.
            then._held, then._held_head = connection, chain.head(connection)
            yield then

    # Documents

    def add_document(self, document: Document, raw: bytes | None = None, *, fingerprint: bytes | None = None) -> bool:
        """File a document, with the bytes it was taken from.

        Args:
            fingerprint: Whatever the documents room compares texts by; given back by `fingerprints`.

        Returns:
            False where this id is already there with this text. What was filed first stays; where the later
            reading gives another language or day of publication, an Issue says so.

        Raises:
            LedgerError: The id is there with another text, or the text cannot be stored.
        """
        _check_text(document)
        with self._writing() as connection:
            found = connection.execute(select(documents).where(documents.c.id == document.id)).one_or_none()
            if found is not None:
                earlier = _document(found)
                if earlier.text != document.text:
                    raise LedgerError(
                        f"{document.id}: already filed with another text ({len(earlier.text)} characters, this one has "
                        f"{len(document.text)}). A stored text never changes; give the new one its own id."
                    )
                self._note_differences(connection, earlier, document)
                return False
            writer = Writer(connection, self._clock)
            writer.add(
                documents,
                id=document.id,
                language=document.language,
                sha256=document.sha256,
                original=None if raw is None else _keep_original(connection, raw),
                fingerprint=fingerprint,
                text=document.text,
                record=_document_record(document),
            )
        return True

    def _note_differences(self, connection: Connection, earlier: Document, later: Document) -> None:
        for name in ("published", "language"):
            was, would = getattr(earlier, name), getattr(later, name)
            if was != would:
                message = f"filed with {name} {was}; a later reading gives {would} and is not used."
                self._add_issue(Writer(connection, self._clock), Issue(earlier.id, "ledger", message))

    def document(self, document_id: str) -> Document:
        """The document of that id.

        Raises:
            LedgerError: There is none.
        """
        with self._reading() as connection:
            row = connection.execute(select(documents).where(documents.c.id == document_id)).one_or_none()
        if row is None:
            raise LedgerError(
                f"{document_id}: no such document in {self.where}. `detente status` counts what there is."
            )
        return _document(row)

    def documents(self, *, as_of: AsOf = None, language: str | None = None) -> Iterator[Document]:
        """Documents in order of recording."""
        query = select(documents)
        if language is not None:
            query = query.where(documents.c.language == language)
        for row in self._pages(documents, query, as_of):
            yield _document(row)

    def uncoded(self, coder: str, codebook: str) -> Iterator[Document]:
        """Documents this coder has not done with this codebook, in order of recording: what `code` has to do."""
        done = select(codings.c.document).where(codings.c.coder == coder, codings.c.codebook == codebook)
        for row in self._pages(documents, select(documents).where(documents.c.id.not_in(done)), None):
            yield _document(row)

    def documents_done(self, coder: str, codebook: str) -> tuple[int, int]:
        """How many documents this coder has done with this codebook, and how many there are."""
        mine = select(func.count()).where(codings.c.coder == coder, codings.c.codebook == codebook)
        with self._reading() as connection:
            done, held = connection.scalar(mine), connection.scalar(select(func.count()).select_from(documents))
        return done or 0, held or 0

    def original(self, document_id: str) -> bytes | None:
        """The bytes a document's text was taken from, or None where none were kept."""
        query = (
            select(originals.c.sha256, originals.c.zlib)
            .join(documents, documents.c.original == originals.c.sha256)
            .where(documents.c.id == document_id)
        )
        with self._reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            self.document(document_id)
            return None
        return _unpack(row.sha256, row.zlib)

    def known_texts(self) -> dict[str, str]:
        """Id of the first document filed with each text, by the SHA-256 of the text."""
        with self._reading() as connection:
            rows = connection.execute(select(documents.c.sha256, documents.c.id).order_by(documents.c.seq.desc()))
            return {row.sha256: row.id for row in rows}

    def fingerprints(self) -> Iterator[tuple[str, bytes]]:
        """(document id, fingerprint) of every document filed with one, in order of recording."""
        query = select(documents.c.seq, documents.c.id, documents.c.fingerprint)
        for row in self._pages(documents, query.where(documents.c.fingerprint.is_not(None)), None):
            yield row.id, bytes(row.fingerprint)

    # Issues

    def file_issue(self, issue: Issue) -> bool:
        """Record what could not be read, and why; False where the same issue is there already."""
        with self._writing() as connection:
            return self._add_issue(Writer(connection, self._clock), issue)

    def _add_issue(self, writer: Writer, issue: Issue) -> bool:
        # Whether the record was lost matters to the run that reports it; a line is sealed over its columns alone.
        written = {"record": issue.record, "room": issue.room, "message": issue.message}
        key = _id(canonical(written))
        if writer.connection.scalar(select(issues.c.seq).where(issues.c.id == key)) is not None:
            return False
        writer.add(issues, id=key, **written)
        return True

    def issues(self, as_of: AsOf = None) -> list[Issue]:
        """Issues in order of recording."""
        return [Issue(row.record, row.room, row.message) for row in self._pages(issues, select(issues), as_of)]

    # Codings

    def file(self, coding: Coding) -> int:
        """File all that one coder found in one document, and mark the document as done, in one transaction.

        Returns:
            How many entries are new; 0 where this coder had done this document.

        Raises:
            LedgerError: The document is unknown, a quote does not stand at its offsets, or the same coder version
                has already coded the document with another result.
        """
        if not coding.coder or not coding.codebook:
            raise LedgerError(f"{coding.document}: the coding names no coder or no codebook. Give both, with versions.")
        found = [(kind, item) for kind, items in _by_kind(coding) for item in items]
        with self._writing() as connection:
            document = self._stored(connection, coding.document)
            lines: dict[str, tuple[CodingKind, str]] = {}
            for kind, item in found:
                _check_evidence(document, item)
                content = canonical(to_json(item, sparse=True))
                lines.setdefault(_id(canonical([coding.document, coding.coder, kind, content])), (kind, content))
            writer = Writer(connection, self._clock)
            for issue in coding.issues:
                self._add_issue(writer, issue)
            if self._done(connection, coding, list(lines)):
                return 0
            known = set(
                connection.scalars(
                    select(entries.c.id).where(entries.c.document == coding.document, entries.c.coder == coding.coder)
                )
            )
            for entry_id, (kind, content) in lines.items():
                if entry_id not in known:
                    writer.add(
                        entries,
                        id=entry_id,
                        document=coding.document,
                        coder=coding.coder,
                        codebook=coding.codebook,
                        kind=kind,
                        coding=content,
                    )
            writer.add(
                codings,
                document=coding.document,
                coder=coding.coder,
                codebook=coding.codebook,
                entries=canonical(list(lines)),
            )
            return len(lines.keys() - known)

    def _done(self, connection: Connection, coding: Coding, lines: list[str]) -> bool:
        done = connection.scalar(
            select(codings.c.entries).where(
                codings.c.document == coding.document,
                codings.c.coder == coding.coder,
                codings.c.codebook == coding.codebook,
            )
        )
        if done is None:
            return False
        before = set(from_text(done))
        if before != set(lines):
            raise LedgerError(
                f"{coding.document}: {coding.coder} has coded it before and found {len(before)} codings, now "
                f"{len(lines)}, of which {len(set(lines) - before)} are new. A changed coder needs a new version."
            )
        return True

    def is_coded(self, document_id: str, coder: str, codebook: str) -> bool:
        """Whether that coder is done with that document under that codebook."""
        query = select(codings.c.seq).where(
            codings.c.document == document_id, codings.c.coder == coder, codings.c.codebook == codebook
        )
        with self._reading() as connection:
            return connection.scalar(query) is not None

    def entry(self, entry_id: str) -> Entry:
        """The entry of that id.

        Raises:
            LedgerError: There is none.
        """
        with self._reading() as connection:
            row = connection.execute(select(entries).where(entries.c.id == entry_id)).one_or_none()
        if row is None:
            raise LedgerError(f"{entry_id}: no such entry in {self.where}. Ids have 16 hexadecimal digits.")
        return self._entry(row)

    def entries(
        self,
        kind: CodingKind | None = None,
        *,
        as_of: AsOf = None,
        coder: str | None = None,
        document: str | None = None,
        current: bool = True,
    ) -> Iterator[Entry]:
        """Entries in order of recording, as coders filed them.

        Args:
            coder: Only this coder version, also where a later coding has taken its place.
            current: Leave out entries of a document that its latest coding (of that coder, if one is named) does
                not hold.
        """
        _check_kind(kind)
        query = select(entries)
        for column, wanted in ((entries.c.kind, kind), (entries.c.coder, coder), (entries.c.document, document)):
            if wanted is not None:
                query = query.where(column == wanted)
        latest = self._latest(as_of, coder) if current else None
        for row in self._pages(entries, query, as_of):
            if latest is None or row.id in latest.get(row.document, ()):
                yield self._entry(row)

    # Decisions

    def decide(
        self,
        entry_id: str,
        action: Action,
        *,
        by: str,
        why: str,
        amended: Event | Statement | None = None,
        saw: Saw = "coding",
        look: Look | None = None,
        seen: int = 0,
        may_settle: bool = True,
    ) -> Decision:
        """Record what a person decided about an entry; what counts of several is in `detente.ledger.reviews`.

        Args:
            why: May be empty for `accept` and `undo` only.
            amended: The coding as it should be; with `amend`, and only then.
            saw: `source` where the source text was on the screen.
            look: How it came about, at the desk. Whether it is a second or a third reading is told from the ledger.
            seen: With `look`, `seq` of the last decision on the entry that the person was shown.
            may_settle: Whether the person may decide as the third, over what two readers said.

        Returns:
            The decision; the one already there where the last decision on the entry says the same.

        Raises:
            LedgerError: The entry or the action is unknown, a name or reason is missing, there is nothing to undo, or
                `amended` does not fit the entry or quotes what the document does not say.
        """
        if action not in ACTIONS:
            raise LedgerError(f"{entry_id}: action {action!r} is unknown. Use one of: {', '.join(ACTIONS)}.")
        if not by.strip():
            raise LedgerError(f'{entry_id}: nobody is named for this decision. Say who decides: by="…".')
        if not why.strip() and action not in ("accept", "undo"):
            raise LedgerError(f"{entry_id}: no reason given to {action}. Say why.")
        if saw not in get_args(Saw):
            raise LedgerError(f"{entry_id}: saw {saw!r} is unknown. Use one of: {', '.join(get_args(Saw))}.")
        if (amended is not None) != (action == "amend"):
            raise LedgerError(f"{entry_id}: give `amended` with the action amend, and with no other.")
        with self._writing() as connection:
            row = connection.execute(select(entries).where(entries.c.id == entry_id)).one_or_none()
            if row is None:
                raise LedgerError(f"{entry_id}: no such entry in {self.where}. Ids have 16 hexadecimal digits.")
            if amended is not None:
                self._check_amended(connection, self._entry(row), amended)
            values = {
                "entry": entry_id,
                "action": action,
                "decided_by": by.strip(),
                "why": why.strip(),
                "saw": saw,
                "amended": None if amended is None else canonical(to_json(amended, sparse=True)),
            }
            made = connection.execute(_DECISIONS.where(decisions.c.entry == entry_id).order_by(decisions.c.seq)).all()
            again = made and action != "undo"
            if again and all(made[-1]._mapping[name] == value for name, value in values.items()):
                return _decision(made[-1], row.kind)
            before = review_of([_decision(each, row.kind) for each in made])
            if not may_settle and before.is_third(by):
                raise LedgerError(f"{entry_id}: two readers have decided. An editor settles where they differ.")
            if action == "undo" and before.last_of(by) is None:
                raise LedgerError(f"{entry_id}: {by.strip()} has no decision on it to take back.")
            writer = Writer(connection, self._clock)
            seq = writer.add(decisions, **values)
            if look is not None:
                look = replace(look, reading="" if action == "undo" else before.reading_of(by, seen))
                writer.add(looks, decision=seq, **{**asdict(look), "opened": int(look.opened)})
            return Decision(
                entry=entry_id,
                action=action,
                by=by.strip(),
                why=why.strip(),
                seq=seq,
                recorded=writer.recorded,
                amended=amended,
                saw=saw,
                look=look,
            )

    def _check_amended(self, connection: Connection, entry: Entry, amended: Event | Statement) -> None:
        if type(amended) is not type(entry.coding):
            raise LedgerError(
                f"{entry.id}: a {entry.kind} cannot be amended to a {type(amended).__name__}. Reject it instead."
            )
        _check_evidence(self._stored(connection, entry.document), amended)

    def decisions(self, entry: str | None = None, as_of: AsOf = None) -> list[Decision]:
        """Decisions in order of recording, on one entry or on all."""
        query = _DECISIONS
        if entry is not None:
            query = query.where(decisions.c.entry == entry)
        return [_decision(row, row.kind) for row in self._pages(decisions, query, as_of)]

    def decisions_after(self, line: int) -> list[Decision] | None:
        """Decisions filed after a line, in order of recording; None where anything else was filed too."""
        with self._reading() as connection:
            made = connection.execute(_DECISIONS.where(decisions.c.line > line).order_by(decisions.c.seq)).all()
            about = connection.scalar(select(func.count()).where(looks.c.line > line)) or 0
            filed = (self._held_head or chain.head(connection)).line - line
        return [_decision(row, row.kind) for row in made] if len(made) + about == filed else None

    def reviews(self, as_of: AsOf = None) -> dict[str, Review]:
        """How far each entry is judged that someone has decided on, by entry id."""
        return reviews(self.decisions(as_of=as_of))

    # Which entries tell of one event

    def merge(self, entry_ids: Sequence[str], *, by: str, why: str) -> Grouping:
        """Record that events tell of one and the same; what is known of one is then known of all.

        Raises:
            LedgerError: Fewer than two entries, one of them no event, nobody named or no reason given.
        """
        return self._group("merge", entry_ids, (), by=by, why=why)

    def split(self, entry_ids: Sequence[str], others: Sequence[str], *, by: str, why: str) -> Grouping:
        """Record that events tell of something else than others that they were merged with.

        Raises:
            LedgerError: A side is empty, an entry stands on both or is no event, nobody named or no reason given.
        """
        return self._group("split", entry_ids, others, by=by, why=why)

    def regroup(self, seq: int, *, by: str, why: str = "") -> Grouping:
        """Take back one's own merge or split: `undo`, a line of its own.

        Raises:
            LedgerError: There is none of that number, it is another's, or it was taken back before.
        """
        with self._writing() as connection:
            lines = [_grouping(row) for row in connection.execute(select(groupings).order_by(groupings.c.seq))]
            found = next((line for line in held(lines) if line.seq == seq), None)
            if found is None or person_key(found.by) != person_key(by):
                raise LedgerError(f"grouping {seq}: {by.strip()} has none of that number to take back.")
            return self._write_grouping(connection, "undo", found.entries, found.others, by, why, seq)

    def groupings(self, *, as_of: AsOf = None) -> list[Grouping]:
        """Merges, splits and what was taken back of them, in order of recording."""
        return [_grouping(row) for row in self._pages(groupings, select(groupings), as_of)]

    def _group(
        self, action: Literal["merge", "split"], entry_ids: Sequence[str], others: Sequence[str], *, by: str, why: str
    ) -> Grouping:
        one, other = tuple(dict.fromkeys(entry_ids)), tuple(dict.fromkeys(others))
        if not by.strip() or not why.strip():
            raise LedgerError(f"{', '.join(one)}: to {action} takes a name and a reason. Say who does it, and why.")
        if (action == "merge" and len(one) < 2) or (action == "split" and not (one and other)):
            raise LedgerError(f"{', '.join(one)}: nothing to {action}. Name the events on both sides.")
        if set(one) & set(other):
            raise LedgerError(f"{', '.join(sorted(set(one) & set(other)))}: on both sides of a split. Choose one.")
        with self._writing() as connection:
            wanted = one + other
            kinds = {
                row.id: row.kind
                for row in connection.execute(select(entries.c.id, entries.c.kind).where(entries.c.id.in_(wanted)))
            }
            wrong = [entry for entry in wanted if kinds.get(entry) != "event"]
            if wrong:
                raise LedgerError(f"{wrong[0]}: no event in {self.where}. Only events are merged and split.")
            lines = [_grouping(row) for row in connection.execute(select(groupings).order_by(groupings.c.seq))]
            if lines and (lines[-1].action, lines[-1].entries, lines[-1].others) == (action, one, other):
                return lines[-1]
            return self._write_grouping(connection, action, one, other, by, why, None)

    def _write_grouping(
        self,
        connection: Connection,
        action: Literal["merge", "split", "undo"],
        one: tuple[str, ...],
        other: tuple[str, ...],
        by: str,
        why: str,
        undoes: int | None,
    ) -> Grouping:
        writer = Writer(connection, self._clock)
        seq = writer.add(
            groupings,
            action=action,
            entries=canonical(list(one)),
            others=canonical(list(other)),
            decided_by=by.strip(),
            why=why.strip(),
            undoes=undoes,
        )
        return Grouping(seq, writer.recorded, action, one, other, by.strip(), why.strip(), undoes)

    # Views

    @overload
    def codings(
        self, kind: Literal["event"], as_of: AsOf = None, *, coder: str | None = None
    ) -> list[Standing[Event]]: ...
    @overload
    def codings(
        self, kind: Literal["statement"], as_of: AsOf = None, *, coder: str | None = None
    ) -> list[Standing[Statement]]: ...
    @overload
    def codings(
        self, kind: Literal["time"], as_of: AsOf = None, *, coder: str | None = None
    ) -> list[Standing[TimeExpression]]: ...
    @overload
    def codings(
        self, kind: Literal["person"], as_of: AsOf = None, *, coder: str | None = None
    ) -> list[Standing[PersonMention]]: ...
    def codings(self, kind: CodingKind, as_of: AsOf = None, *, coder: str | None = None) -> list[Any]:
        """Codings of one kind as they stand: rejected ones dropped, amended ones replaced.

        Args:
            coder: Read this coder version alone. Without one, each document counts as last coded, and decisions on
                what earlier versions filed still hold (see `detente.ledger.standing`).
        """
        return self._standings(kind, as_of, coder)

    def _standings(self, kind: CodingKind, as_of: AsOf, coder: str | None) -> list[Standing[Any]]:
        until = moment_of(as_of) or self._now()
        last = counting(self.decisions(as_of=until))
        filed = self.entries(kind, as_of=until, coder=coder, current=False)
        return standings(filed, last, self._latest(until, coder))

    def statements(self, as_of: AsOf = None) -> list[Standing[Statement]]:
        """Statements as they stand; one carried by several copies of a report counts once."""
        until = moment_of(as_of) or self._now()
        origin = {document: source.origin for document, source in self._sources(until).items()}
        return without_copies(self.codings("statement", until), origin)

    def occurrences(self, *, as_of: AsOf = None) -> list[Occurrence]:
        """Events as they stand, those that tell of the same thing merged; in order of day, undated ones last."""
        until = moment_of(as_of) or self._now()
        if self._held_head is None or until != self._held_head.recorded:
            return self._merged(until)
        # The desk and the pages begin with the same, and two who ask at once would do the same work twice.
        with self._merging:
            key = self._held_head.hash
            if key not in self._known_occurrences:
                # Of one end of the ledger alone: who asked for those of another holds them.
                self._known_occurrences.clear()
                self._known_occurrences[key] = self._merged(until)
            return list(self._known_occurrences[key])

    def _merged(self, until: datetime) -> list[Occurrence]:
        times = (standing.coding for standing in self.codings("time", until))
        events = self.codings("event", until)
        return occurrences(events, self._sources(until), times, ties=self._ties(events, until))

    def _ties(self, events: list[Standing[Event]], until: datetime) -> Ties:
        lines = self.groupings(as_of=until)
        standing = {event.entry.id for event in events}
        gone = {entry for line in held(lines) for entry in line.all_entries} - standing
        heirs: dict[str, list[str]] = {}
        for entry in [self.entry(entry_id) for entry_id in gone]:
            # What another coder version filed of the same words tells of the same event.
            words = entry.coding.evidence.span
            heirs[entry.id] = [
                event.entry.id
                for event in events
                if event.entry.document == entry.document and event.entry.coding.evidence.span.overlaps(words)
            ]
        return ties(lines, heirs)

    def _now(self) -> datetime:
        """The last moment recorded, so that the queries behind one view see the same lines."""
        return self.head().recorded or datetime.min.replace(tzinfo=UTC)

    def _sources(self, as_of: AsOf) -> dict[str, Source]:
        records = {
            row.id: from_text(row.record)
            for row in self._pages(documents, select(documents.c.seq, documents.c.id, documents.c.record), as_of)
        }
        origin: dict[str, str] = {}
        for document in records:
            first, trail = document, {document}
            # Follow "duplicate of" to its end; one that leads in a circle ends where it began.
            while (earlier := records[first].get("duplicate_of")) in records and earlier not in trail:
                first = earlier
                trail.add(first)
            origin[document] = min(trail) if earlier in trail else first
        return {
            document: Source(origin[document], _day(record["published"]), record["language"])
            for document, record in records.items()
        }

    # Forecasts

    def file_forecast(self, forecast: Forecast, *, code: str | None = None) -> bool:
        """Log a forecast with the version of detente that made it; False where it is in the log already."""
        if code is None:
            from detente import __version__

            code = __version__
        content = canonical(to_json(forecast, sparse=True))
        key = _id(canonical([code, content]))
        with self._writing() as connection:
            if connection.scalar(select(forecasts.c.seq).where(forecasts.c.id == key)) is not None:
                return False
            Writer(connection, self._clock).add(
                forecasts,
                id=key,
                milestone=forecast.milestone,
                made=forecast.made.isoformat(),
                code=code,
                forecast=content,
            )
        return True

    def forecasts(self, milestone: str | None = None, *, as_of: AsOf = None) -> list[LoggedForecast]:
        """Logged forecasts in order of recording, of one milestone or of all."""
        query = select(forecasts)
        if milestone is not None:
            query = query.where(forecasts.c.milestone == milestone)
        return [
            LoggedForecast(row.seq, read_moment(row.recorded), row.code, from_json("forecast", from_text(row.forecast)))
            for row in self._pages(forecasts, query, as_of)
        ]

    # Questions and their answers

    def open_question(self, milestone: Milestone) -> Question:
        """Keep a milestone as it is put now; the question already there where it was opened before.

        Raises:
            LedgerError: It, or another date of its chain, was opened with another text.
        """
        with self._writing() as connection:
            opened = [read_question(row) for row in connection.execute(select(questions))]
            check_question(opened, milestone)
            for question in opened:
                if question.milestone == milestone.id:
                    return question
            writer = Writer(connection, self._clock)
            seq = writer.add(
                questions,
                milestone=milestone.id,
                sha256=digest(milestone),
                text=frozen(milestone),
                reference=canonical(to_json(milestone.reference, sparse=True)),
            )
            return Question(
                milestone.id, seq, writer.recorded, digest(milestone), frozen(milestone), milestone.reference
            )

    def questions(self, *, as_of: AsOf = None) -> dict[str, Question]:
        """Opened questions by the id of their milestone, in order of opening."""
        return {row.milestone: read_question(row) for row in self._pages(questions, select(questions), as_of)}

    def answer(
        self, name: str, answer: Answering, *, day: date | None = None, evidence: str, by: str, why: str = ""
    ) -> tuple[Poll, ...]:
        """Record what one person found to be the answer to a question, or to all dates of a chain.

        Args:
            name: Id of an opened milestone, or of a chain.
            day: Day on which it happened (`yes`) or the question fell (`void`); for `no` its deadline.
            evidence: Where that is shown: an address, a document, a citation.
            why: Needed for `void`.

        Returns:
            How far each question it spoke of is settled now.

        Raises:
            LedgerError: The question was not opened or is settled, the day does not fit it, nobody or no evidence is
                named, or this person has answered it.
        """
        if answer not in ANSWERS:
            raise LedgerError(f"{name}: answer {answer!r} is unknown. Use one of: {', '.join(ANSWERS)}.")
        for what, given in (("by", by), ("evidence", evidence), *((("why", why),) if answer == "void" else ())):
            if not given.strip():
                raise LedgerError(f"{name}: {what} is empty. Say who answers, where it is shown, why a question falls.")
        with self._writing() as connection:
            opened = {row.milestone: read_question(row) for row in connection.execute(select(questions))}
            asked = asked_by(name, opened)
            writer = Writer(connection, self._clock)
            said = implied(asked, answer, day, today=writer.recorded.date())
            rows = connection.execute(select(answers).order_by(answers.c.seq)).all()
            added = []
            for milestone, (reading, when) in said.items():
                held = [row for row in rows if row.milestone == milestone]
                standing = poll(milestone, [read_answer(row) for row in held])
                own = [row for row in held if row.person == person_key(by)]
                before = [(row.answer, date.fromisoformat(row.day)) for row in own]
                if standing.resolution:
                    before.append((standing.resolution.answer, standing.resolution.day))
                if any(other != (reading, when) for other in before):
                    if not standing.resolution:
                        # As where it agrees: anybody may give a name, and must not learn what it answered.
                        raise LedgerError(_ANSWERED.format(name=name))
                    what = "was answered by this person" if own else "was settled"
                    raise LedgerError(f"{milestone}: {what} before, and otherwise. What was recorded stays.")
                if before:
                    continue
                writer.add(
                    answers,
                    milestone=milestone,
                    person=person_key(by),
                    answered_by=" ".join(by.split()),
                    answer=reading,
                    day=when.isoformat(),
                    evidence=evidence.strip(),
                    why=why.strip(),
                )
                added.append(milestone)
            if not added:
                raise LedgerError(_ANSWERED.format(name=name))
        found = self.polls()
        return tuple(found[milestone] for milestone in added)

    def polls(self, *, as_of: AsOf = None) -> dict[str, Poll]:
        """How far each opened question is settled, by the id of its milestone."""
        by_milestone: dict[str, list[Answer]] = {name: [] for name in self.questions(as_of=as_of)}
        for row in self._pages(answers, select(answers), as_of):
            by_milestone[row.milestone].append(read_answer(row))
        return polls_of(self.questions(as_of=as_of), by_milestone)

    # The whole

    def status(self, as_of: AsOf = None) -> Status:
        """Count what the ledger holds."""
        until = moment_of(as_of) or self._now()
        records = [
            from_json("document", {"text": "", **from_text(row.record)})
            for row in self._pages(documents, select(documents.c.seq, documents.c.record), until)
        ]
        standing = [s for kind in ("event", "statement") for s in self._standings(kind, until, None)]
        last = {entry: decision.action for entry, decision in counting(self.decisions(as_of=until)).items()}
        with self._reading() as connection:
            first = chain.first(connection)
            end = chain.head(connection, until)
            coded = self._count(connection, codings, "coder", until)
            coders = self._count(connection, entries, "coder", until)
            forecast_lines = sum(self._count(connection, forecasts, "milestone", until).values())
        return Status(
            documents=_tally(document.language for document in records),
            copies=sum(document.duplicate_of is not None for document in records),
            undated=sum(document.published is None for document in records),
            coded=coded,
            entries=_tally(entry.kind for entry in self.entries(as_of=until)),
            coders=coders,
            decided=_tally(action for action in last.values() if action != "unsure"),
            undecided=sum(not s.decided for s in standing),
            issues=len(self.issues(until)),
            forecasts=forecast_lines,
            first=first if end.recorded else None,
            last=end.recorded,
            head=end,
        )

    def head(self, as_of: AsOf = None) -> Head:
        """The last line and its hash: print it, and `verify` can later show that nothing before it has changed."""
        if as_of is None and self._held_head is not None:
            return self._held_head
        with self._reading() as connection:
            return chain.head(connection, moment_of(as_of))

    def has_line(self, line: int, digest: str) -> bool:
        """Whether a line of an earlier `head()` is in this ledger."""
        with self._reading() as connection:
            return chain.hash_of(connection, line) == digest

    def lines(self, *tables: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Lines of the chain in order with the table of each, as they are sealed: blobs by their SHA-256.

        Args:
            tables: Only these; all lines unless named.
        """
        with self._reading() as connection:
            yield from chain.lines(connection, tables)

    def verify(self, expected: str | None = None) -> Verification:
        """Check that no line was changed, dropped or slipped in.

        Args:
            expected: The hash of an earlier `head()`, which must still be in the chain.

        Returns:
            The lines read and the first break, if any: of the chain, of a kept original, of the database file, or
            a missing guard against changes.
        """
        with self._reading() as connection:
            found = chain.verify(connection, expected)
            problem = found.problem or self._original_problem(connection)
            if not problem and (missing := unprotected(connection)):
                problem = f"the guard {missing[0]} is missing: someone could have changed lines, and still can."
            if not problem and connection.dialect.name == "sqlite":
                said = connection.scalar(text("PRAGMA integrity_check"))
                problem = "" if said == "ok" else f"the database file is damaged: {said}."
        return replace(found, problem=problem)

    def _original_problem(self, connection: Connection) -> str:
        kept = set()
        for row in connection.execute(select(originals.c.sha256, originals.c.zlib).execution_options(yield_per=50)):
            kept.add(row.sha256)
            try:
                _unpack(row.sha256, row.zlib)
            except LedgerError as problem:
                return str(problem)
        for row in connection.execute(select(documents.c.id, documents.c.original)):
            if row.original is not None and row.original not in kept:
                return f"{row.id}: its original {row.original} is missing."
        return ""

    def _stored(self, connection: Connection, document_id: str) -> Document:
        row = connection.execute(select(documents).where(documents.c.id == document_id)).one_or_none()
        if row is None:
            raise LedgerError(f"{document_id}: not in the ledger. Add the document before its coding.")
        return _document(row)

    def _latest(self, as_of: AsOf, coder: str | None = None) -> dict[str, frozenset[str]]:
        """By document, the entries its latest coding holds."""
        query = select(codings)
        if coder is not None:
            query = query.where(codings.c.coder == coder)
        return {row.document: frozenset(from_text(row.entries)) for row in self._pages(codings, query, as_of)}

    def _entry(self, row: Any) -> Entry:
        # Entries never change, so that each is read from JSON once.
        found = self._read_entries.get(row.seq)
        if found is None or found.id != row.id:
            found = Entry(
                id=row.id,
                seq=row.seq,
                recorded=read_moment(row.recorded),
                document=row.document,
                coder=row.coder,
                codebook=row.codebook,
                kind=row.kind,
                coding=from_json(row.kind, from_text(row.coding)),
            )
            self._read_entries[row.seq] = found
        return found

    def _count(self, connection: Connection, table: Table, column: str, until: datetime) -> dict[str, int]:
        rows = connection.execute(
            select(table.c[column], func.count())
            .where(table.c.recorded <= write_moment(until))
            .group_by(table.c[column])
            .order_by(table.c[column])
        )
        return {str(row[0]): int(row[1]) for row in rows}

    def _pages(self, table: Table, query: Select[Any], as_of: AsOf) -> Iterator[Any]:
        """Rows in order of recording, up to the last one there at the start; no transaction stays open between."""
        until = moment_of(as_of)
        if self._held is None:
            with self._reading() as connection:
                end = connection.scalar(select(func.coalesce(func.max(table.c.seq), 0)))
            query = query.where(table.c.seq <= end)
        if until is not None:
            query = query.where(table.c.recorded <= write_moment(until))
        after = 0
        while True:
            with self._reading() as connection:
                page = connection.execute(query.where(table.c.seq > after).order_by(table.c.seq).limit(_PAGE)).all()
            yield from page
            if len(page) < _PAGE:
                return
            after = page[-1].seq


def from_text(stored: str) -> Any:
    """Values of a JSON column."""
    import json

    return json.loads(stored)


def _day(stored: str | None) -> date | None:
    return None if stored is None else date.fromisoformat(stored)


def _tally(values: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return dict(sorted(counts.items()))


def _id(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _by_kind(coding: Coding) -> list[tuple[CodingKind, tuple[_Coded, ...]]]:
    return [
        ("event", coding.events),
        ("statement", coding.statements),
        ("time", coding.times),
        ("person", coding.persons),
    ]


def _check_kind(kind: str | None) -> None:
    if kind is not None and kind not in CODING_KINDS:
        raise LedgerError(f"kind {kind!r} is unknown. Use one of: {', '.join(CODING_KINDS)}.")


def _check_text(document: Document) -> None:
    if not document.id.strip():
        raise LedgerError("a document without an id cannot be filed. Give it one.")
    for name in ("id", "text", "title"):
        value = getattr(document, name)
        if "\x00" in value:
            raise LedgerError(f"{document.id!r}: its {name} has a NUL character. Clean it before it is filed.")


def _check_evidence(document: Document, coding: _Coded) -> None:
    for evidence in evidence_in(coding):
        try:
            evidence.check(document)
        except TermsError as problem:
            raise LedgerError(f"{document.id}: nothing of this coding was filed. {problem}") from problem


def _document_record(document: Document) -> str:
    written = to_json(document, sparse=True)
    del written["text"]
    return canonical(written)


def _document(row: Any) -> Document:
    return cast(Document, from_json("document", {**from_text(row.record), "text": row.text}))


def _decision(row: Any, kind: str) -> Decision:
    return Decision(
        entry=row.entry,
        action=row.action,
        by=row.decided_by,
        why=row.why,
        seq=row.seq,
        recorded=read_moment(row.recorded),
        amended=None if row.amended is None else from_json(kind, from_text(row.amended)),
        saw=row.saw,
        look=None
        if row.client is None
        else Look(bool(row.opened), row.dwell_ms, row.needed_ms, row.second, row.reading, row.client),
    )


def _grouping(row: Any) -> Grouping:
    return Grouping(
        row.seq,
        read_moment(row.recorded),
        row.action,
        tuple(from_text(row.entries)),
        tuple(from_text(row.others)),
        row.decided_by,
        row.why,
        row.undoes,
    )


def _keep_original(connection: Connection, raw: bytes) -> str:
    digest = hashlib.sha256(raw).hexdigest()
    if connection.scalar(select(originals.c.sha256).where(originals.c.sha256 == digest)) is None:
        connection.execute(originals.insert(), [{"sha256": digest, "size": len(raw), "zlib": zlib.compress(raw, 6)}])
    return digest


def _unpack(digest: str, packed: bytes) -> bytes:
    try:
        raw = zlib.decompress(packed)
    except zlib.error as problem:
        raise LedgerError(
            f"original {digest}: cannot be unpacked ({problem}). Restore a copy of the ledger."
        ) from problem
    if hashlib.sha256(raw).hexdigest() != digest:
        raise LedgerError(f"original {digest}: its bytes were changed. Restore a copy of the ledger.")
    return raw
