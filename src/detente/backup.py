"""Backup and restore: a dossier with its ledger in one ZIP file, and back, whole or not at all.

The archive holds `dossier.toml`, the ledger as one SQLite file whatever it is kept in, imported event databases and
every other file of the dossier's folder, and a `manifest.json` with the SHA-256 of each. It may be made while others
write: the ledger is copied as it stands at one moment. An archive is read back before it gets its name; a dossier is
restored beside its place, and checked along the whole chain, before it gets there.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO

from detente import __version__, workflow
from detente import dossier as dossiers
from detente.engine.lake import events_folder
from detente.errors import BackupError
from detente.ledger import FILE_NAME as LEDGER_NAME
from detente.ledger import Ledger
from detente.ledger.copies import copy_ledger, fill_ledger

MANIFEST = "manifest.json"
FORMAT = 1
_CHUNK = 1 << 20
_MOST_MANIFEST = 256 << 20
_TRIES = 3
_PACKED = (".parquet", ".zip", ".gz", ".png", ".pdf", ".docx")
_FIRST_TIME = (1980, 1, 1, 0, 0, 0)
"""The moment of every member: an archive says when it was made in its manifest alone."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the dossier's folder: SHA-256 and bytes."""

    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds.

    Attributes:
        dossier: Its name.
        made: When the ledger was copied, UTC.
        detente: Version that wrote it.
        line, head: Last line of the ledger, and its hash.
        files: By path in the dossier's folder.
        left_out: Links and other things that are no files; they stay where they are.
    """

    dossier: str
    made: str
    detente: str
    line: int
    head: str
    files: dict[str, Member]
    left_out: tuple[str, ...] = ()
    format: int = FORMAT


def backup(folder: Path, path: Path, *, imported: bool = True) -> Manifest:
    """Write a dossier into one archive.

    Args:
        folder: The dossier.
        path: The archive; not there yet, and outside the dossier.
        imported: Whether imported event databases go in; they can be imported again.

    Raises:
        BackupError: A place that is taken, a ledger with a broken chain, or a disk that is full.
        DossierError, LedgerError: There is no dossier or no ledger there.
    """
    case = dossiers.load(folder)
    if path.exists():
        raise BackupError(f"{path}: there is a file already. Give another name; a backup replaces nothing.")
    if path.resolve().is_relative_to(folder.resolve()):
        raise BackupError(f"{path}: lies in the dossier itself. Give a place outside, best on another disk.")
    with _in_our_words(path, path), tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as made:
        copy, unfinished = Path(made, LEDGER_NAME), Path(made, "archive")
        moment = datetime.now(UTC).isoformat()
        copy_ledger(workflow.ledger_of(case, folder), copy)
        line, head = _checked(copy)
        for left in range(_TRIES)[::-1]:
            names, left_out = _names(folder, imported=imported)
            try:
                files = _write(unfinished, {LEDGER_NAME: copy, **{name: folder / name for name in names}})
            except FileNotFoundError as problem:
                # An import merges its files, and those that are merged go.
                if not left:
                    raise BackupError(f"{problem.filename}: went meanwhile. Wait until imports have ended.") from None
                continue
            break
        manifest = Manifest(case.name, moment, __version__, line, head, files, left_out)
        with zipfile.ZipFile(unfinished, "a") as archive:
            archive.writestr(_member(MANIFEST), json.dumps(asdict(manifest), ensure_ascii=False, indent=1) + "\n")
        with _opened(unfinished, path) as (archive, read):
            for _ in _members(archive, read, path):
                pass
        _settle(unfinished)
        unfinished.replace(path)
        _settle(path.parent)
    return manifest


def restore(path: Path, folder: Path, *, ledger: str = "") -> Manifest:
    """Make a dossier from an archive.

    Args:
        folder: Where it shall be; not there yet, or empty.
        ledger: Address of an empty database that the ledger goes into; a file in the folder without one.

    Raises:
        BackupError: No archive of ours, one that is damaged, a place that is taken, or a disk that is full.
        LedgerError: It was written by a newer detente.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(f"{folder}: is not empty. Give a new folder; a restored dossier replaces nothing.")
    place = folder.resolve()
    with (
        _in_our_words(path, folder),
        _opened(path, path) as (archive, manifest),
        tempfile.TemporaryDirectory(prefix=f".{place.name}.", dir=place.parent) as made,
    ):
        new = Path(made, "dossier")
        new.mkdir()
        for name, chunks in _members(archive, manifest, path):
            target = new / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                for chunk in chunks:
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
        dossiers.load(new)
        line, head = _checked(new / LEDGER_NAME)
        if (line, head) != (manifest.line, manifest.head):
            raise BackupError(f"{path}: its ledger ends at line {line}, not {manifest.line}. Use another backup.")
        if ledger:
            fill_ledger(new / LEDGER_NAME, ledger)
            (new / LEDGER_NAME).unlink()
        if folder.exists():
            folder.rmdir()
        new.replace(folder)
        _settle(place.parent)
    return manifest


def _checked(ledger: Path) -> tuple[int, str]:
    with Ledger.open(ledger) as held:
        found = held.verify()
    if not found.ok:
        raise BackupError(f"ledger: {found.problem} Run `detente check`, and restore an earlier backup.")
    return found.lines, found.head


def _names(folder: Path, *, imported: bool) -> tuple[list[str], tuple[str, ...]]:
    """What goes in beside the ledger, and what cannot."""
    names, left_out = [], []
    events = events_folder(folder)
    for here, folders, files in os.walk(folder):
        inside = Path(here)
        folders[:] = sorted(
            each
            for each in folders
            if not each.startswith((".unfinished-", ".incoming")) and (imported or inside / each != events)
        )
        for name in sorted([*files, *(each for each in folders if (inside / each).is_symlink())]):
            path = inside / name
            if inside == folder and name.startswith(LEDGER_NAME):
                continue
            if path.is_symlink() or not path.is_file():
                left_out.append(path.relative_to(folder).as_posix())
            elif name != ".lock":
                names.append(path.relative_to(folder).as_posix())
    return names, tuple(left_out)


def _write(path: Path, files: dict[str, Path]) -> dict[str, Member]:
    written = {}
    with zipfile.ZipFile(path, "w") as archive:
        for name, source in files.items():
            digest, size = hashlib.sha256(), 0
            with source.open("rb") as file, archive.open(_member(name), "w", force_zip64=True) as member:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    member.write(chunk)
            written[name] = Member(digest.hexdigest(), size)
    return written


def _member(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, _FIRST_TIME)
    made.external_attr = 0o644 << 16
    made.compress_type = zipfile.ZIP_STORED if name.endswith(_PACKED) else zipfile.ZIP_DEFLATED
    return made


@contextmanager
def _opened(path: Path, called: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    with zipfile.ZipFile(path) as archive:
        try:
            info = archive.getinfo(MANIFEST)
            if info.file_size > _MOST_MANIFEST:
                raise ValueError(f"a manifest of {info.file_size:,} bytes")
            held = json.loads(archive.read(MANIFEST))
            if held["format"] > FORMAT:
                raise BackupError(f"{called}: written by a newer detente ({held['detente']}). Upgrade detente.")
            files = {str(name): Member(str(each["sha256"]), int(each["bytes"])) for name, each in held["files"].items()}
            read = Manifest(
                dossier=str(held["dossier"]),
                made=str(held["made"]),
                detente=str(held["detente"]),
                line=int(held["line"]),
                head=str(held["head"]),
                files=files,
                left_out=tuple(map(str, held["left_out"])),
            )
            for needed in (dossiers.FILE_NAME, LEDGER_NAME):
                if needed not in files:
                    raise ValueError(f"no {needed} in it")
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            raise BackupError(
                f"{called}: no backup of detente: {problem}. Give one that `detente backup` wrote."
            ) from (problem)
        yield archive, read


def _members(archive: zipfile.ZipFile, manifest: Manifest, called: Path) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Each file of the manifest with its bytes, which are checked as they are read; nothing else is looked at."""
    for name, member in manifest.files.items():
        pure = PurePosixPath(name)
        if pure.is_absolute() or ".." in pure.parts or "\\" in name or ":" in name or pure.as_posix() != name:
            raise BackupError(f"{called}: has a file outside the dossier, {name!r}. This is none of our backups.")
        try:
            with archive.open(name) as file:
                yield name, (chunks := _Chunks(file, name, member, called))
                chunks.finish()
        except KeyError:
            raise BackupError(f"{called}: {name} is missing. Use another backup.") from None


class _Chunks:
    """The bytes of one member, never more than the manifest says."""

    def __init__(self, file: IO[bytes], name: str, member: Member, called: Path) -> None:
        self._file, self._member = file, member
        self._damaged = BackupError(f"{called}: {name} is damaged; its hash differs. Use another backup.")
        self._digest, self._left = hashlib.sha256(), member.bytes

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self._file.read(min(_CHUNK, self._left + 1)):
            self._left -= len(chunk)
            if self._left < 0:
                raise self._damaged
            self._digest.update(chunk)
            yield chunk

    def finish(self) -> None:
        for _ in self:
            pass
        if self._left or self._digest.hexdigest() != self._member.sha256:
            raise self._damaged


@contextmanager
def _in_our_words(archive: Path, target: Path) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeError) as problem:
        raise BackupError(f"{archive}: no backup, or a damaged one: {problem}. Use another backup.") from problem
    except OSError as problem:
        where = problem.filename or target
        raise BackupError(f"{where}: {problem.strerror or problem}. Check the path, and make room there.") from problem


def _settle(path: Path) -> None:
    """Have a file, or a folder's names, on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
