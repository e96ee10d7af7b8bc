"""What reaches the terminal: text, tables, JSON, progress, complaints."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from detente.terms import Issue

if TYPE_CHECKING:
    from rich.console import Console


def console(*, quiet: bool = False) -> Console:
    """Standard output; tables keep their columns when piped to a file."""
    from rich.console import Console

    plain = not sys.stdout.isatty()
    return Console(quiet=quiet, highlight=False, soft_wrap=False, width=140 if plain else None, markup=False)


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def harmless(text: str) -> str:
    r"""Text that a terminal shows and does not obey: control characters, which a quote may hold, are written out.

    >>> harmless("talks \x1b[31mended")
    'talks \\x1b[31mended'
    """
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def show(text: str) -> None:
    """Text on standard output."""
    print(harmless(text))


def complain(message: str) -> None:
    """One message on standard error."""
    for line in message.split("\n"):
        print(f"detente: {harmless(line)}", file=sys.stderr)


def named(issue: Issue) -> str:
    """An issue as one line that opens with the record it is about."""
    return issue.message if issue.message.startswith(issue.record) else f"{issue.record}: {issue.message}"


def complain_of(issues: Iterable[Issue]) -> int:
    """Every issue on standard error; returns how many there were."""
    count = 0
    for issue in issues:
        complain(named(issue))
        count += 1
    return count


def json_text(value: Any) -> str:
    """One JSON value as it is shown."""
    written = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    # json.dumps leaves the upper control characters as they are, and terminals obey some of them.
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def show_json(value: Any) -> None:
    """One JSON value on standard output."""
    print(json_text(value))


def show_table(title: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]]) -> None:
    """A table; a column is its heading and `left`, `right` or `fold`."""
    from rich import box
    from rich.table import Table

    table = Table(title=title or None, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
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
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=err, transient=False, disable=quiet) as bar:
        task = bar.add_task(label, total=None)

        def advance(done: int, total: int | None, what: str) -> None:
            bar.update(task, completed=done, total=total, description=f"{label} {what[-40:]}".ljust(len(label) + 41))

        yield advance
