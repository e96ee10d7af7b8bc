"""The commands put together, and how a run ends.

Exit code 0: all done. 1: the command ran, but a record could not be read or a check failed; each is named on standard
error. 2: the command could not run: wrong usage, or a dossier or ledger that is missing or broken. 130: stopped with
Ctrl-C.
"""

from __future__ import annotations

import io
import sys

import typer

from detente import __version__
from detente.cli import (
    accounts,
    alerts,
    briefs,
    cases,
    collecting,
    comparing,
    judging,
    keeping,
    measuring,
    milestones,
    next_event,
    publishing,
    showing,
    signing,
    track_record,
    verdict,
)
from detente.cli.output import complain
from detente.errors import DetenteError

app = typer.Typer(
    name="detente",
    help="Follow how two states make up again: coded news, an index, an if-and-when, every number tied to its quote.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"detente {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None: ...


for room in (
    collecting,
    showing,
    milestones,
    track_record,
    verdict,
    cases,
    measuring,
    next_event,
    comparing,
    briefs,
    publishing,
    signing,
    alerts,
    judging,
    accounts,
    keeping,
):
    room.register(app)


_STOPPED = 130
"""What a shell expects of a program that Ctrl-C ended; Typer ends with it."""


def main() -> None:
    """Run the command line; every refusal ends in one clear message and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Three scripts in one line: files and pipes get UTF-8 whatever the locale, a terminal what it can show.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    try:
        app()
    except DetenteError as problem:
        complain(str(problem))
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as problem:
        complain(f"{problem.filename or 'output'}: {problem.strerror or problem}. Make room or choose another place.")
        sys.exit(2)
    except SystemExit as end:
        if end.code == _STOPPED:
            complain("stopped. What was stored before stays; run the command again to go on.")
        raise
