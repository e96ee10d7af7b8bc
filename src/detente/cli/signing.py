"""The command that signs figures and PDF, and says whether a signature holds."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.options import Json
from detente.cli.output import complain, show, show_json

if TYPE_CHECKING:
    from detente.publish.signing import Checked

CERTIFICATE_VARIABLE, KEY_VARIABLE = "DETENTE_C2PA_CERTIFICATE", "DETENTE_C2PA_KEY"


def register(app: typer.Typer) -> None:
    """Add this file's command."""
    app.command("sign")(sign)


def sign(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Figure (.svg, .png) or brief (.pdf).")],
    check: Annotated[bool, typer.Option("--check", help="Say whether its signature holds, and sign nothing.")] = False,
    certificate: Annotated[
        Path | None,
        typer.Option("--certificate", metavar="PEM", help="Your certificate, then its chain."),
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", metavar="PEM", help="Its key, without a password.")] = None,
    algorithm: Annotated[str, typer.Option(metavar="NAME", help="es256, es384, ps256, ed25519 ...")] = "es256",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write here; over the file otherwise.")] = None,
    json: Json = False,
) -> None:
    """Sign a figure or a PDF as C2PA has it.

    A letter changed after is then found. With your own certificate and key, whose files can be named in
    DETENTE_C2PA_CERTIFICATE and DETENTE_C2PA_KEY instead. Needs the c2pa extra.

    Example:

        $ detente sign --help
    """
    from detente.publish import signing
    from detente.publish.files import write_whole

    if check:
        _tell(file, signing.check(file), json=json)
        return
    given = {
        "--certificate": certificate or _named(CERTIFICATE_VARIABLE),
        "--key": key or _named(KEY_VARIABLE),
    }
    texts = {}
    for option, path in given.items():
        if path is None:
            raise typer.BadParameter("nothing to sign with. Name a PEM file.", param_hint=option)
        try:
            texts[option] = path.read_text("ascii")
        except (OSError, UnicodeDecodeError):
            raise typer.BadParameter(f"{path}: no PEM file can be read there.", param_hint=option) from None
    content = signing.sign(file, certificates=texts["--certificate"], key=texts["--key"], algorithm=algorithm)
    target = out or file
    write_whole(target, content)
    _tell(target, signing.check(target), json=json)


def _named(variable: str) -> Path | None:
    return Path(os.environ[variable]) if os.environ.get(variable) else None


def _tell(file: Path, found: Checked, *, json: bool) -> None:
    if json:
        show_json(asdict(found))
    elif found.holds:
        known = "" if found.known else " The certificate is on no list of C2PA's: whose it is, you must know yourself."
        show(f"{file}: signed by {found.signer or 'nobody named'} and unchanged since; {found.source_type}.{known}")
    if not found.holds:
        changed = f"changed since it was signed ({', '.join(found.problems)})"
        complain(f"{file}: {changed if found.signed else 'not signed'}.")
        raise typer.Exit(1)
