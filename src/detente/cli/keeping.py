"""The commands that look after what is stored: check, backup, restore."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import HERE, DossierFolder, Json, Quiet
from detente.cli.output import complain, show, show_json


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("check")(check)
    app.command("backup")(backup)
    app.command("restore")(restore)


def check(
    dossier: DossierFolder = HERE,
    head: Annotated[
        str | None, typer.Option(metavar="HASH", help="A hash printed earlier, which must still be in the chain.")
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Check that everything stored is what was stored.

    Reads the dossier's file, every line of the ledger along its chain of hashes, every kept original, and every table
    of imported events. Keep the hash it prints: given back with --head, it shows that no lines were cut off since.
    What is damaged is named, and the exit code is 1.

    Example:

        $ detente check
    """
    from detente.check import check as checked

    parts = checked(dossier, expected=head)
    for part in parts:
        for problem in part.problems:
            complain(f"{part.part}: {problem}")
    whole = not any(part.problems for part in parts)
    if json:
        show_json({"whole": whole, "parts": [asdict(part) for part in parts]})
    elif not quiet:
        for part in parts:
            show(f"{part.part}: {'damaged' if part.problems else 'whole'}{f'; {part.holds}' if part.holds else ''}")
    if not whole:
        complain("Restore a backup with `detente restore`; imported events can also be imported again.")
        raise typer.Exit(1)


def backup(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="The archive to write, outside the dossier.")],
    dossier: DossierFolder = HERE,
    imported: Annotated[bool, typer.Option(help="Imported event databases too; they can be imported again.")] = True,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write the dossier and its ledger into one archive.

    Others may go on working. The ledger is checked along its chain, and the archive is read back before it gets its
    name. Accounts go with it, who is signed in does not.

    Example:

        $ detente backup ../thaw-2025-05-31.zip
    """
    from detente import backup as backups

    made = backups.backup(dossier, path, imported=imported)
    for each in made.left_out:
        complain(f"{each}: a link or no file; left out.")
    if json:
        show_json({"path": str(path), **asdict(made)})
    elif not quiet:
        size = sum(member.bytes for member in made.files.values())
        show(f"{path}: {len(made.files)} files, {size / 1e6:,.1f} MB before packing; ledger up to line {made.line:,}")
        show(f"  hash of that line: {made.head}")


def restore(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="What `detente backup` wrote.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder for the dossier.")],
    ledger: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="Put the ledger into this empty database: postgresql://user@host/name."),
    ] = "",
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Make a dossier from a backup.

    All of it is checked before it gets its place.

    Example:

        $ detente restore ../thaw-2025-04-30.zip thaw
    """
    from detente import backup as backups
    from detente import workflow
    from detente.dossier import load

    made = backups.restore(path, folder, ledger=ledger)
    named = str(workflow.ledger_of(load(folder), folder))
    if "://" in named and not ledger:
        complain(f"{folder / 'ledger.db'}: has the ledger; the dossier names another. Drop `ledger` there to use it.")
    if ledger and named != ledger:
        complain(f"{folder}: its ledger is at the address given. Write it as `ledger` into dossier.toml.")
    if json:
        show_json({"folder": str(folder), **asdict(made)})
    elif not quiet:
        show(f"{folder}: {made.dossier} as of {made.made[:16].replace('T', ' ')} UTC, ledger up to line {made.line:,}")
