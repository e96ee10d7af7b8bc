"""What reaches the terminal: text, tables, JSON, progress, complaints."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from detente.publish.text import ACTING
from detente.publish.text import harmless as text_harmless
from detente.terms import Issue

if TYPE_CHECKING:
    from rich.console import Console


def console(*, quiet: bool = False) -> Console:
    """Standard output; tables keep their columns when piped to a file."""
    from rich.console import Console

    plain = not sys.stdout.isatty()
    return Console(quiet=quiet, highlight=False, soft_wrap=False, width=140 if plain else None, markup=False)


def harmless(text: str) -> str:
    r"""Text that a terminal shows and does not obey: what steers it, turns a line around or hides is written out.

    >>> harmless("talks \x1b[31mended")
    'talks [U+001B][31mended'
    """
    return text_harmless(text).replace("\r", "[U+000D]")


def show(text: str) -> None:
    """Text on standard output."""
    print(harmless(text))


def complain(message: str) -> None:
    """One message on standard error."""
    for line in message.split("\n"):
        print(f"detente: {harmless(line)}", file=sys.stderr)


def named(issue: Issue) -> str:
    """An issue as one line that opens with the record it is about."""
    said = issue.message if issue.message.startswith(issue.record) else f"{issue.record}: {issue.message}"
    return " ".join(said.splitlines())  # A record's name may hold lines that look like ours.


def complain_of(issues: Iterable[Issue]) -> int:
    """Every issue on standard error; returns how many there were."""
    count = 0
    for issue in issues:
        complain(named(issue))
        count += 1
    return count


def json_text(value: Any) -> str:
    """One JSON value as it is shown."""
    return _escaped(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def _escaped(written: str) -> str:
    """JSON without the signs that json.dumps leaves as they are and terminals obey; it reads the same."""
    return ACTING.sub(lambda found: json.dumps(found[0])[1:-1], written)


TEXT_FORMS = ("csv", "md", "html")
"""Forms of files that are no JSON."""


def show_file(content: str, *, form: str) -> None:
    """What a file would hold: to the letter where another program takes it, harmless on a terminal."""
    if form in TEXT_FORMS:
        print(harmless(content) if form != "csv" or sys.stdout.isatty() else content, end="")
    else:
        print(_escaped(content), end="")


def show_json(value: Any) -> None:
    """One JSON value on standard output."""
    print(json_text(value))


def show_table(title: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]]) -> None:
    """A table; a column is its heading and `left`, `right` or `fold`."""
    from rich import box
    from rich.table import Table

    table = Table(title=harmless(title) or None, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for heading, kind in columns:
        if kind == "right":
            table.add_column(heading, justify="right", no_wrap=True)
        else:
            table.add_column(heading, overflow="fold", no_wrap=kind == "left")
    for row in rows:
        table.add_row(*map(harmless, row))
    console().print(table)


class Progress(Protocol):
    def __call__(self, done: int, total: int | None, what: str) -> None: ...


@contextmanager
def progress(label: str, *, quiet: bool = False) -> Iterator[Progress]:
    """A progress bar on standard error while a long step runs; a line when it ends where there is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    err = Console(stderr=True, quiet=quiet)
    # Names of files and reports are no markup of ours.
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=err, transient=False, disable=quiet) as bar:
        task = bar.add_task(label, total=None)

        def advance(done: int, total: int | None, what: str) -> None:
            told = f"{label} {harmless(what[-40:])}".ljust(len(label) + 41)
            bar.update(task, completed=done, total=total, description=told)

        yield advance
