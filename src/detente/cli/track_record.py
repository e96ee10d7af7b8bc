"""The command that shows how a dossier's forecasts did."""

from __future__ import annotations

import typer

from detente.cli.options import HERE, AsOf, DossierFolder, Json, Lang, read_language, read_moment
from detente.cli.output import show, show_json


def register(app: typer.Typer) -> None:
    """Add this file's command."""
    app.command("track-record")(track_record)


def track_record(dossier: DossierFolder = HERE, as_of: AsOf = None, lang: Lang = "en", json: Json = False) -> None:
    """Show every forecast that was kept, and how those settled did.

    Scores stand beside those of the base rate, computed anew as of each forecast's own day, and of "nothing changes".
    Questions are settled by `detente resolve`. Where intervals overlap, or fewer than ten questions are settled, it
    says so.

    Example:

        $ detente track-record
    """
    from detente import workflow
    from detente.publish.catalogue import Words
    from detente.publish.track_record import record_json, record_of, record_text

    words = Words(read_language(lang))
    with workflow.opened(dossier) as (case, ledger):
        record = record_of(case, ledger, as_of=read_moment(as_of))
    if json:
        show_json(record_json(record))
    else:
        show(record_text(record, case, words))
