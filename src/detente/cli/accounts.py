"""Commands for the accounts of a team: add, list, role, password, disable, enable."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.options import HERE, DossierFolder, Json
from detente.cli.output import show, show_json, show_table

if TYPE_CHECKING:
    from detente.accounts import Account, Role, SignIns

accounts = typer.Typer(no_args_is_help=True)
MOST_BYTES = 4096

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the account: small letters and digits.")]
PasswordFile = Annotated[
    str | None,
    typer.Option(
        "--password-file", metavar="FILE", help="Read the password from its first line; - for standard input."
    ),
]


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.add_typer(accounts, name="account", help="Keep the accounts of a team that works at the desk.")


@accounts.command("add")
def add(
    name: Name,
    role: Annotated[str, typer.Option(metavar="reader|coder|editor", help="What it may.")] = "coder",
    display: Annotated[str, typer.Option(metavar="TEXT", help="What pages call the person.")] = "",
    password_file: PasswordFile = None,
    dossier: DossierFolder = HERE,
    json: Json = False,
) -> None:
    """Add an account.

    From the first one on, nobody works at the desk of `detente serve` without signing in. A reader reads the pages, a
    coder decides too, an editor also settles what two readers differ on and takes the log out. The password is asked
    for, or read from a file or standard input; it is no argument, for those can be seen by others. Names stay taken.

    Example:

        $ detente account add --help
    """
    with _opened(dossier) as held:
        made = held.add(name, _role(role), _new_password(name, password_file), display=display, by=_by())
    _told(made, f"{made.name}: added as {made.role}.", json=json)


@accounts.command("list")
def list_(dossier: DossierFolder = HERE, json: Json = False) -> None:
    """List the accounts, and what became of each.

    Example:

        $ detente account list
    """
    with _opened(dossier) as held:
        found, changes = held.all(), held.changes()
    if json:
        told = [
            account.as_json()
            | {
                "changes": [
                    {"recorded": c.recorded.isoformat(), "change": c.change, "role": c.role, "by": c.by}
                    for c in changes
                    if c.account == account.name
                ]
            }
            for account in found
        ]
        show_json(told)
        return
    if not found:
        show("There are no accounts: the desk works without sign-in, on this machine alone.")
        return
    last = {change.account: change for change in changes}
    show_table(
        "",
        [("name", "left"), ("role", "left"), ("who", "fold"), ("state", "left"), ("last change", "fold")],
        [
            (
                account.name,
                account.role,
                account.display,
                "disabled" if account.disabled else "",
                f"{last[account.name].change} {last[account.name].recorded:%Y-%m-%d} by {last[account.name].by}",
            )
            for account in found
        ],
    )


@accounts.command("role")
def role_(
    name: Name,
    role: Annotated[str, typer.Argument(metavar="reader|coder|editor", help="What it may from now on.")],
    dossier: DossierFolder = HERE,
    json: Json = False,
) -> None:
    """Give an account another role, at once.

    Example:

        $ detente account role --help
    """
    with _opened(dossier) as held:
        made = held.set_role(name, _role(role), by=_by())
    _told(made, f"{made.name}: {made.role}.", json=json)


@accounts.command("password")
def password(name: Name, password_file: PasswordFile = None, dossier: DossierFolder = HERE, json: Json = False) -> None:
    """Give an account another password, and end its sessions.

    Wrong passwords that were tried before are forgotten.

    Example:

        $ detente account password --help
    """
    with _opened(dossier) as held:
        held.account(name)
        made = held.set_password(name, _new_password(name, password_file), by=_by())
        held.unlock(name)
    _told(made, f"{made.name}: another password; its sessions have ended.", json=json)


@accounts.command("disable")
def disable(name: Name, dossier: DossierFolder = HERE, json: Json = False) -> None:
    """Let nobody sign in with an account, and end its sessions.

    Example:

        $ detente account disable --help
    """
    with _opened(dossier) as held:
        made = held.disable(name, by=_by())
    _told(made, f"{made.name}: disabled; its sessions have ended.", json=json)


@accounts.command("enable")
def enable(name: Name, dossier: DossierFolder = HERE, json: Json = False) -> None:
    """Let people sign in with an account again.

    Example:

        $ detente account enable --help
    """
    with _opened(dossier) as held:
        made = held.enable(name, by=_by())
    _told(made, f"{made.name}: enabled.", json=json)


def _opened(folder: Path) -> SignIns:
    from detente import workflow
    from detente.accounts import SignIns

    return SignIns(workflow.ledger_at(folder))


def _by() -> str:
    """The login of who runs the command: accounts are kept by who has the machine."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def _role(given: str) -> Role:
    from detente.accounts import ROLES

    for role in ROLES:
        if given == role:
            return role
    raise typer.BadParameter(f"{given!r} is not one of {', '.join(ROLES)}.", param_hint="role")


def _told(account: Account, line: str, *, json: bool) -> None:
    if json:
        show_json(account.as_json())
    else:
        show(line)


def _new_password(name: str, file: str | None) -> str:
    if file == "-":
        return _first_line(sys.stdin.buffer.read(MOST_BYTES))
    if file is not None:
        try:
            with Path(file).open("rb") as given:
                return _first_line(given.read(MOST_BYTES))
        except OSError as problem:
            raise typer.BadParameter(f"{file}: {problem.strerror}.", param_hint="--password-file") from None
    if not sys.stdin.isatty():
        raise typer.BadParameter(
            "there is no terminal to ask for the password. Name a file, or - for standard input.",
            param_hint="--password-file",
        )
    first = getpass.getpass(f"Password of {name}: ")
    if getpass.getpass("The same again: ") != first:
        raise typer.BadParameter("the two are not the same. Nothing was changed.", param_hint="password")
    return first


def _first_line(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig").partition("\n")[0].removesuffix("\r")
    except UnicodeDecodeError:
        raise typer.BadParameter("the password is not UTF-8.", param_hint="--password-file") from None
