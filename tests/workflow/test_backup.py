"""Check, backup and restore: what is damaged is named, what is copied away comes back whole or not at all."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet
import pytest
from sqlalchemy.engine import make_url
from tests.console import run
from tests.sources.database_examples import icews, table
from workflow_examples import held, started

from detente import backup as backups
from detente.engine.imports import import_events
from detente.errors import BackupError, LedgerError
from detente.ledger import Ledger
from detente.ledger.copies import copy_ledger, fill_ledger


@pytest.fixture
def kept(few_coded: Path, tmp_path: Path) -> Path:
    """A coded dossier with two decisions, a note of the owner's and a link out of it, that a test may write to."""
    folder = Path(shutil.copytree(few_coded, tmp_path / "kept"))
    with Ledger.open(folder) as ledger:
        for entry in list(ledger.entries())[:2]:
            ledger.decide(entry.id, "reject", by="Anna", why="another meeting")
    (folder / "notes").mkdir()
    (folder / "notes" / "заметка.txt").write_text("Ask the embassy.\n", encoding="utf-8")
    (folder / "link").symlink_to("/etc/hostname")
    return folder


@pytest.fixture
def archive(kept: Path, tmp_path: Path) -> Path:
    path = tmp_path / "kept.zip"
    backups.backup(kept, path)
    return path


def chain(folder: Path) -> list[tuple[str, dict[str, object]]]:
    with Ledger.open(folder) as ledger:
        return list(ledger.lines())


def bring_in(folder: Path) -> None:
    path = folder.parent / "events.tab"
    path.write_text(table("icews", icews()), encoding="utf-8")
    import_events("icews", [path], folder=folder)


def flipped(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


# Backup and restore


def test_a_dossier_comes_back_as_it_was_with_every_line_and_file(kept: Path, tmp_path: Path) -> None:
    made = run(f"detente backup {tmp_path / 'a.zip'} --dossier {kept}")
    assert made.code == 0
    assert "link: a link or no file; left out." in made.err
    back = run(f"detente restore {tmp_path / 'a.zip'} {tmp_path / 'again'}")
    assert back.code == 0, back.err
    assert chain(tmp_path / "again") == chain(kept)
    assert held(tmp_path / "again") == held(kept)
    assert (tmp_path / "again" / "notes" / "заметка.txt").read_text(encoding="utf-8") == "Ask the embassy.\n"
    assert not (tmp_path / "again" / "link").exists()
    assert run(f"detente check --dossier {tmp_path / 'again'}").code == 0


def test_a_backup_is_made_while_another_process_files(case: Path, lines: Path, tmp_path: Path) -> None:
    Ledger.open(case, create=True).close()
    process = started("add", str(lines), "-d", str(case), "-q")
    for n in range(2):
        manifest = backups.backup(case, tmp_path / f"{n}.zip")
        backups.restore(tmp_path / f"{n}.zip", tmp_path / f"again-{n}")
        assert len(chain(tmp_path / f"again-{n}")) == manifest.line
    process.communicate(timeout=120)
    whole = chain(case)
    assert all(chain(tmp_path / f"again-{n}") == whole[: len(chain(tmp_path / f"again-{n}"))] for n in range(2))


def test_who_is_signed_in_is_left_behind_and_accounts_come_along(kept: Path, tmp_path: Path) -> None:
    with sqlite3.connect(kept / "ledger.db") as other:
        other.execute("INSERT INTO accounts VALUES ('anna', 'Anna', 'coder', 'hash', '2025-01-01', NULL)")
        other.execute("INSERT INTO sessions VALUES ('token', 'anna', '2025-01-01', '2025-01-01')")
    backups.backup(kept, tmp_path / "a.zip")
    backups.restore(tmp_path / "a.zip", tmp_path / "again")
    with sqlite3.connect(tmp_path / "again" / "ledger.db") as other:
        assert other.execute("SELECT name FROM accounts").fetchall() == [("anna",)]
        assert other.execute("SELECT * FROM sessions").fetchall() == []


def test_nothing_is_replaced(kept: Path, archive: Path, tmp_path: Path) -> None:
    before = archive.read_bytes()
    for words, complaint in (
        (f"backup {archive} -d {kept}", "a backup replaces nothing"),
        (f"backup {kept / 'in.zip'} -d {kept}", "lies in the dossier itself"),
        (f"restore {archive} {kept}", "a restored dossier replaces nothing"),
        (f"restore {archive} {tmp_path / 'none' / 'below'}", "No such file or directory"),
    ):
        done = run(f"detente {words}")
        assert (done.code, complaint in done.err) == (2, True), done.err
    assert archive.read_bytes() == before


def with_manifest(change: Callable[[dict[str, dict[str, object]]], None]) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        with zipfile.ZipFile(path) as old:
            members = {name: old.read(name) for name in old.namelist()}
        manifest = json.loads(members["manifest.json"])
        change(manifest)
        members["manifest.json"] = json.dumps(manifest).encode()
        with zipfile.ZipFile(path, "w") as new:
            for name, content in members.items():
                new.writestr(name, content)
            new.writestr("../outside.txt", b"slipped in")

    return spoil


OUTSIDE = {"../outside.txt": {"sha256": "0" * 64, "bytes": 10}}


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda path: flipped(path, 2000), "damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:-500]), "no backup, or a damaged one"),
        (lambda path: path.write_text("<html>"), "no backup, or a damaged one"),
        (with_manifest(lambda made: made["files"].update(OUTSIDE)), "a file outside the dossier"),
        (with_manifest(lambda made: made["files"]["ledger.db"].update(bytes=5)), "ledger.db is damaged"),
        (with_manifest(lambda made: made["files"].pop("ledger.db")), "no ledger.db in it"),
        (with_manifest(lambda made: made.update(line=1)), "not 1"),  # type: ignore[call-overload]
        (with_manifest(lambda made: made.update(format=9)), "Upgrade detente"),  # type: ignore[call-overload]
        (with_manifest(lambda made: made.pop("head") and None), "no backup of detente: 'head'"),
    ],
)
def test_an_archive_that_is_not_whole_leaves_nothing_behind(
    archive: Path, tmp_path: Path, spoil: Callable[[Path], None], complaint: str
) -> None:
    spoil(archive)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(BackupError, match=complaint):
        backups.restore(archive, tmp_path / "again")
    assert sorted(tmp_path.iterdir()) == before


def test_a_broken_chain_is_not_copied_away(kept: Path, tmp_path: Path) -> None:
    slipped_past_the_guards(kept)
    with pytest.raises(BackupError, match=r"was changed after it was recorded.*restore an earlier backup"):
        backups.backup(kept, tmp_path / "a.zip")
    assert not list(tmp_path.glob("*a.zip*"))


def slipped_past_the_guards(folder: Path) -> None:
    with sqlite3.connect(folder / "ledger.db") as other:
        guard = other.execute("SELECT sql FROM sqlite_master WHERE name = 'decisions_keeps_update'").fetchone()[0]
        other.execute("DROP TRIGGER decisions_keeps_update")
        other.execute("UPDATE decisions SET why = 'no meeting' WHERE seq = 1")
        other.execute(guard)


def test_imported_events_go_along_unless_they_are_not_wanted(kept: Path, tmp_path: Path) -> None:
    bring_in(kept)
    whole = backups.backup(kept, tmp_path / "whole.zip")
    assert any(name.startswith("events/icews/batch=") for name in whole.files)
    assert run(f"detente backup {tmp_path / 'small.zip'} -d {kept} --no-imported --quiet").code == 0
    backups.restore(tmp_path / "whole.zip", tmp_path / "whole")
    backups.restore(tmp_path / "small.zip", tmp_path / "small")
    assert "events/icews: whole" in run(f"detente check -d {tmp_path / 'whole'}").out
    assert not (tmp_path / "small" / "events").exists()


def test_a_ledger_in_postgresql_is_copied_line_for_line(postgres_url: str, few_coded: Path, tmp_path: Path) -> None:
    import psycopg

    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute("CREATE DATABASE copied")
    url = make_url(postgres_url).set(drivername="postgresql+psycopg", database="copied")
    address = url.render_as_string(hide_password=False)
    with Ledger.open(few_coded) as source, Ledger.open(address, create=True) as team:
        for document in source.documents():
            team.add_document(document, source.original(document.id))
        first = next(source.documents())
        expected = list(team.lines())
    copy_ledger(address, tmp_path / "copy.db")
    with pytest.raises(LedgerError, match="holds a ledger already"):
        fill_ledger(tmp_path / "copy.db", address)
    with Ledger.open(tmp_path / "copy.db") as copy:
        assert list(copy.lines()) == expected
        assert copy.verify().ok
        assert copy.original(first.id) is not None
    with pytest.raises(LedgerError, match="there is a file already"):
        copy_ledger(address, tmp_path / "copy.db")


def test_a_team_gets_its_database_back_from_an_archive(
    postgres_url: str, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute("CREATE DATABASE restored")
    address = make_url(postgres_url).set(database="restored").render_as_string(hide_password=False)
    text = (kept / "dossier.toml").read_text(encoding="utf-8")
    (kept / "dossier.toml").write_text(text.replace("[dossier]", f'[dossier]\nledger = "{address}"'), encoding="utf-8")
    expected = chain(kept)
    monkeypatch.setenv("DETENTE_LEDGER", str(kept / "ledger.db"))
    assert run(f"detente backup {tmp_path / 'a.zip'} -d {kept} --quiet").code == 0
    monkeypatch.delenv("DETENTE_LEDGER")
    done = run(f"detente restore {tmp_path / 'a.zip'} {tmp_path / 'again'} --ledger {address}")
    assert (done.code, done.err) == (0, "")
    assert not (tmp_path / "again" / "ledger.db").exists()
    with Ledger.open(address) as team:
        assert list(team.lines()) == expected
    assert run(f"detente check -d {tmp_path / 'again'}").code == 0
    alone = run(f"detente restore {tmp_path / 'a.zip'} {tmp_path / 'alone'}")
    assert "names another" in alone.err


# Check


def test_a_dossier_that_is_whole_says_so_with_the_hash_to_keep(kept: Path) -> None:
    done = run(f"detente check -d {kept} --json")
    parts = json.loads(done.out)["parts"]
    assert (done.code, done.err, [part["problems"] for part in parts]) == (0, "", [[], []])
    with Ledger.open(kept) as ledger:
        head = ledger.head().hash
    assert head in parts[1]["holds"]
    assert run(f"detente check -d {kept} --head {head} --quiet").code == 0
    assert "lines were cut off" in run(f"detente check -d {kept} --head {head[::-1]}").err


def test_a_byte_flipped_in_a_stored_text_is_found_and_named(kept: Path) -> None:
    path = kept / "ledger.db"
    flipped(path, path.read_bytes().rindex(b"Havana"))
    done = run(f"detente check -d {kept}")
    assert done.code == 1
    assert "was changed after it was recorded; its hash differs" in done.err
    assert "Restore a backup" in done.err


def test_a_guard_that_was_made_toothless_is_found(kept: Path) -> None:
    with sqlite3.connect(kept / "ledger.db") as other:
        other.execute("DROP TRIGGER decisions_keeps_update")
        other.execute(
            "CREATE TRIGGER decisions_keeps_update BEFORE UPDATE ON decisions WHEN 0 BEGIN SELECT RAISE(ABORT, ''); END"
        )
    assert "the guard decisions_keeps_update is missing" in run(f"detente check -d {kept}").err


def test_bytes_flipped_in_imported_tables_are_found_or_change_nothing(kept: Path) -> None:
    bring_in(kept)
    reported = 0
    for path in sorted((kept / "events").rglob("*.parquet")):
        was, rows = path.read_bytes(), pyarrow.parquet.read_table(path)
        for at in range(10, len(was), len(was) // 7):
            flipped(path, at)
            done = run(f"detente check -d {kept}")
            if done.code == 0:
                assert pyarrow.parquet.read_table(path).equals(rows), (path, at)
            else:
                assert path.name in done.err
                reported += 1
        path.write_bytes(was)
    assert reported
    assert run(f"detente check -d {kept}").code == 0


def test_rows_that_went_missing_are_counted(kept: Path) -> None:
    bring_in(kept)
    next((kept / "events").rglob("rows-0.parquet")).unlink()
    assert "rows that can be read" in run(f"detente check -d {kept}").err
