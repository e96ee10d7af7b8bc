"""The command that puts two dossiers, or two days of one, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import HERE, AsOf, Json, Lang, read_language, read_moment
from detente.cli.output import show, show_json


def register(app: typer.Typer) -> None:
    """Add this file's command."""
    app.command("compare")(compare)


def compare(
    dossier: Annotated[
        Path, typer.Argument(metavar="[DOSSIER]", help="Folder with dossier.toml.", show_default="this folder")
    ] = HERE,
    other: Annotated[
        Path | None, typer.Argument(metavar="[OTHER]", help="Another dossier.", show_default=False)
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="Of one dossier: the record as it stood on this day.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Beside this one.", show_default="now")
    ] = None,
    as_of: AsOf = None,
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Write the figure to this file.")] = None,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """Put two dossiers, or two days of one, side by side.

    Index, stage, chances and coverage of both, and what makes them hard to compare. Of one dossier on two days also the
    events that were added, are told otherwise or are gone.

    Example:

        $ detente compare . --from 2025-06-01
    """
    from detente import workflow
    from detente.publish import compare as comparing
    from detente.publish import situation
    from detente.publish.files import write_whole

    language = read_language(lang)
    if (other is None) == (start is None):
        raise typer.BadParameter("give another dossier, or a day of this one with --from.", param_hint="OTHER")
    if (other is None and as_of) or (other is not None and end):
        raise typer.BadParameter(
            "two dossiers go with --as-of, two days of one with --from and --to.",
            param_hint="--to" if end else "--as-of",
        )
    if other is not None:
        workflow.check_apart(dossier, other)
        found = []
        for folder in (dossier, other):
            with workflow.opened(folder) as (case, ledger):
                found.append(situation.of(case, ledger, as_of=read_moment(as_of)))
        compared = comparing.of_dossiers(*found)
    else:
        days = (read_moment(start, "--from"), read_moment(end, "--to"))
        with workflow.opened(dossier) as (case, ledger):
            first, second = (situation.of(case, ledger, as_of=day) for day in days)
            compared = comparing.of_days(first, second, ledger)
    if svg is not None:
        from detente.publish.catalogue import Words

        drawn = compared.chart(Words(language))
        if drawn is None:
            raise typer.BadParameter("neither has an index of two days.", param_hint="--svg")
        write_whole(svg, f"{drawn}\n".encode())
    if json:
        show_json(compared.as_json())
    else:
        show(compared.as_text(language))
