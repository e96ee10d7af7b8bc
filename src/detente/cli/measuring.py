"""Commands that measure how the relationship moves: one for each reading, all with the same options."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import HERE, AsOf, DossierFolder, Json, Lang, read_day, read_dyad, read_language, read_moment
from detente.cli.output import show, show_json
from detente.publish.readings import READERS, Reader

Svg = Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Write the figure to this file.")]
Origin = Annotated[
    str,
    typer.Option(
        "--origin",
        metavar="NAME",
        help="Measure this event database instead of our own codings: gdelt, icews, polecat, gdelt-net, icews-yearly.",
    ),
]
Pair = Annotated[str | None, typer.Option("--dyad", metavar="AAA-BBB", help="Measure another pair of states.")]
Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="Begin at this day.")]


def register(app: typer.Typer) -> None:
    """Add a command for each reading."""
    for name, reader in READERS.items():
        app.command(name)(_command(name, reader))


def _command(name: str, reader: Reader) -> Callable[..., None]:
    def run(
        dossier: DossierFolder = HERE,
        as_of: AsOf = None,
        since: Since = None,
        dyad: Pair = None,
        origin: Origin = "detente",
        svg: Svg = None,
        lang: Lang = "en",
        json: Json = False,
    ) -> None:
        from detente import workflow
        from detente.publish import readings

        with workflow.material(
            dossier,
            as_of=read_moment(as_of),
            origin=origin,
            dyad=read_dyad(dyad),
            since=read_day(since, "--since"),
        ) as material:
            reading = readings.read(name, material)
            if svg is not None:
                svg.write_text(reading.svg(read_language(lang)) + "\n", encoding="utf-8")
            if json:
                show_json(reading.as_json())
            else:
                show(reading.text(read_language(lang)))

    more = f"{reader.more}\n\n" if reader.more else ""
    run.__doc__ = inspect.cleandoc(f"{reader.summary}\n\n{more}Example:\n\n    $ detente {name}")
    return run
