"""The command that says what may come next between two states."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from detente.cli.options import HERE, DossierFolder, Json, Lang, read_day, read_dyad, read_language
from detente.cli.output import show, show_json


def register(app: typer.Typer) -> None:
    """Add this file's command."""
    app.command("next-event")(next_event)


def next_event(
    dossier: DossierFolder = HERE,
    dyad: Annotated[
        str | None, typer.Option("--dyad", metavar="AAA-BBB", help="Two states.", show_default="the dossier's")
    ] = None,
    origin: Annotated[
        str, typer.Option("--origin", metavar="NAME", help="Event database: icews, gdelt or polecat.")
    ] = "icews",
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Use nothing that came after this day.")
    ] = None,
    most: Annotated[int, typer.Option("--most", metavar="N", min=1, help="Acts to show.")] = 10,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """Say which acts between two states may come next, and why.

    Learned from the rows of an imported event database, over all pairs of states, two years back. Each act is shown
    with its chance among what is recorded on the next day on which anything is, how often and when it was recorded
    before, the rule over all pairs that speaks most for it, and the rows behind each reason.

    Example:

        $ detente next-event --help
    """
    from detente import dossier as dossiers
    from detente.forecast.dyad_next import next_acts
    from detente.publish import next_event as published
    from detente.publish.catalogue import Words

    language, day = read_language(lang), read_day(as_of, "--as-of") or datetime.now(tz=UTC).date()
    case = dossiers.load(dossier)
    found = next_acts(dossier, read_dyad(dyad) or case.dyad, origin, as_of=day, most=most)
    if json:
        show_json(published.next_json(found))
    else:
        show(published.next_text(found, case.registry, Words(language)))
