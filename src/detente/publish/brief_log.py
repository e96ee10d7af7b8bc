"""What people did with the sentences of a brief: read, changed, wrote, published. Rows are only ever added."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from detente.errors import PublishError
from detente.ledger import AsOf, canonical, moment_of, read_moment, write_moment
from detente.publish.files import write_whole
from detente.publish.text import flat

FOLDER, LOG_NAME = "briefs", "log.jsonl"
GENESIS = "0" * 64
"""`prev_hash` of the first row."""
RowKind = Literal["review", "written", "published"]
Action = Literal["accepted", "edited", "dropped", "written"]
Clock = Callable[[], datetime]


MOST_NAME = 200
"""Letters of the name of a person in the log."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the log, sealed with the hash of the one before."""

    seq: int
    at: datetime
    kind: RowKind
    by: str
    content: Mapping[str, Any]
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Review:
    """A person's act on one text: good for exactly that text, in that language, and for no other.

    Attributes:
        sha256: Of the text as it stands after the act.
        before_sha256: Of the text that was changed; empty where nothing was.
        seconds: How long the text was shown before the decision; None where nobody measured it.
    """

    seq: int
    who: str
    at: datetime
    action: Action
    sha256: str
    before_sha256: str = ""
    seconds: float | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "seq": self.seq,
            "who": self.who,
            "at": write_moment(self.at),
            "action": self.action,
            "sha256": self.sha256,
            "before_sha256": self.before_sha256 or None,
            "seconds": self.seconds,
        }


@dataclass(frozen=True, slots=True)
class Change:
    """A text that a person put in the place of another.

    Attributes:
        before_sha256: Of the text that was changed.
        text: What stands in its place; empty where it was taken out.
        data_version: The ledger as it stood when it was changed.
    """

    seq: int
    who: str
    before_sha256: str
    text: str
    data_version: str


@dataclass(frozen=True, slots=True)
class Model:
    """The model that drafted a sentence, as its user names it."""

    name: str
    version: str = ""

    @property
    def called(self) -> str:
        return f"{self.name} {self.version}".strip()

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "version": self.version or None}


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence that a person put into a brief: their own, or a model's draft.

    Attributes:
        section: Id of the section it stands in.
        entries: Ids of the ledger entries it rests on; none for a judgement.
        data_version: The ledger as it stood when it was written.
        model: None where a person wrote it.
    """

    review: Review
    section: str
    text: str
    entries: tuple[str, ...]
    data_version: str
    model: Model | None


@dataclass(frozen=True, slots=True)
class Correction:
    """What was wrong in an earlier version, in the words of the person who corrects it, by language."""

    version: int
    text: Mapping[str, str]

    def told(self, language: str) -> Mapping[str, str]:
        """In the reader's language, or in all there are."""
        return {language: self.text[language]} if language in self.text else self.text


@dataclass(frozen=True, slots=True)
class Published:
    """One version of the brief as it was published.

    Attributes:
        supersedes: The version before it; 0 for the first.
        responsible: Who answers for it.
        exempt: Whether the exemption of Article 50(4) was claimed, every sentence having been reviewed.
        files: SHA-256 by file, from the folder of briefs.
        text_sha256: By language.
    """

    seq: int
    at: datetime
    version: int
    supersedes: int
    responsible: str
    exempt: bool
    day: date
    data_version: str
    text_sha256: Mapping[str, str]
    files: Mapping[str, str]
    corrections: tuple[Correction, ...]


@dataclass(frozen=True)
class BriefLog:
    """The log of a dossier's briefs as it stood at a moment."""

    rows: tuple[Row, ...] = ()

    def reviews(self, language: str) -> Mapping[str, tuple[Review, ...]]:
        """Reviews by the hash of the text they are good for."""
        found: dict[str, tuple[Review, ...]] = {}
        for row in self.rows:
            if row.kind in ("review", "written") and row.content["language"] == language:
                review = _review(row)
                # Whoever hands in a model's draft has not thereby read it.
                if not (row.kind == "written" and row.content["model"]):
                    found[review.sha256] = (*found.get(review.sha256, ()), review)
        return found

    def changes(self, language: str) -> list[Change]:
        """What people put in the place of texts, in order."""
        return [
            Change(row.seq, row.by, c["before_sha256"], c["text"], c["data_version"])
            for row in self.rows
            if row.kind == "review" and (c := row.content)["before_sha256"] and c["language"] == language
        ]

    def written(self, language: str) -> list[Written]:
        """Sentences people put in, in order."""
        return [
            Written(
                _review(row),
                row.content["section"],
                row.content["text"],
                tuple(row.content["entries"]),
                row.content["data_version"],
                _model(row.content["model"]),
            )
            for row in self.rows
            if row.kind == "written" and row.content["language"] == language
        ]

    @property
    def versions(self) -> tuple[Published, ...]:
        """Versions published, the first one first."""
        return tuple(_published(row) for row in self.rows if row.kind == "published")


def head(folder: Path | None) -> str:
    """Hash of the last row: another log, another head."""
    rows = read(folder).rows
    return rows[-1].hash if rows else GENESIS


def text_hash(text: str) -> str:
    """SHA-256 of a text, which a review names."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(folder: Path | None, *, as_of: AsOf = None) -> BriefLog:
    """The log of a dossier's folder, without what was written after a moment; empty where there is none.

    Raises:
        PublishError: A row was changed, or taken out.
    """
    if folder is None:
        return BriefLog()
    limit = moment_of(as_of)
    return BriefLog(tuple(row for row in _rows(folder / FOLDER / LOG_NAME) if limit is None or row.at <= limit))


def add(
    folder: Path,
    kind: RowKind,
    by: str,
    content: Callable[[BriefLog, datetime], Mapping[str, Any]],
    *,
    clock: Clock | None = None,
) -> Row:
    """Add a row, made from the log as it stands and the moment of writing, while nobody else can write.

    Raises:
        PublishError: The log is damaged or cannot be written, nobody is named, or the name is too long.
    """
    who = flat(by)
    if not who:
        raise PublishError("the log needs the name of a person. Give it with --by.")
    if len(who) > MOST_NAME:
        raise PublishError(
            f"the name of a person has {len(who)} characters, and the log takes {MOST_NAME}: {who[:40]}… "
            "Give the name alone with --by."
        )
    path = folder / FOLDER / LOG_NAME
    with _alone(path.parent):
        rows = list(_rows(path))
        now = (clock or (lambda: datetime.now(UTC)))()
        # A row dated before the one above it would change what was seen then.
        at = max([read_moment(write_moment(now)), *(row.at for row in rows[-1:])])
        filled = content(BriefLog(tuple(rows)), at)
        before = rows[-1].hash if rows else GENESIS
        written = {"seq": len(rows) + 1, "at": write_moment(at), "kind": kind, "by": who, "content": filled}
        line = {**written, "prev_hash": before, "hash": _seal(written, before)}
        known = path.read_text("utf-8") if rows else ""
        write_whole(path, known + canonical(line) + "\n")
        return Row(len(rows) + 1, at, kind, who, filled, before, str(line["hash"]))


def _seal(written: Mapping[str, Any], before: str) -> str:
    return text_hash(canonical([before, written]))


def _rows(path: Path) -> Iterator[Row]:
    try:
        *lines, rest = path.read_bytes().decode().split("\n")
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as problem:
        raise PublishError(f"{path}: cannot be read: {problem}. Put the file back from a copy.") from problem
    before, last = GENESIS, None
    for number, text in enumerate(lines, start=1):
        try:
            line = json.loads(text)
            written = {name: line[name] for name in ("seq", "at", "kind", "by", "content")}
            row = Row(**{**written, "at": read_moment(line["at"])}, prev_hash=line["prev_hash"], hash=line["hash"])
        except (ValueError, KeyError, TypeError) as problem:
            raise PublishError(
                f"{path}, line {number}: not a row of the log. Put the file back from a copy."
            ) from problem
        whole = row.seq == number and row.prev_hash == before and row.hash == _seal(written, before)
        if not whole or row.kind not in get_args(RowKind) or (last and row.at < last):
            raise PublishError(
                f"{path}, line {number}: does not follow from the line above it, or was changed after it was written. "
                "Put the file back from a copy."
            )
        before, last = row.hash, row.at
        yield row
    # Rows are written whole or not at all: what ends without a line end was changed or cut off.
    if rest:
        raise PublishError(f"{path}: its last line is not whole. Put the file back from a copy.")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One writer at a time, where the system can lock files."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ".lock").open("wb") as handle:
            try:
                import fcntl
            except ImportError:
                yield
                return
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
    except OSError as problem:
        raise PublishError(f"{folder}: cannot be written: {problem}. Free space or choose another place.") from problem


def _review(row: Row) -> Review:
    c = row.content
    return Review(row.seq, row.by, row.at, c["action"], c["sha256"], c.get("before_sha256") or "", c.get("seconds"))


def _published(row: Row) -> Published:
    c = row.content
    return Published(
        row.seq,
        row.at,
        c["version"],
        c["supersedes"],
        row.by,
        c["exempt"],
        date.fromisoformat(c["day"]),
        c["data_version"],
        c["text_sha256"],
        c["files"],
        tuple(Correction(each["version"], each["text"]) for each in c["corrections"]),
    )


def _model(content: Mapping[str, Any] | None) -> Model | None:
    return Model(content["name"], content["version"] or "") if content else None
