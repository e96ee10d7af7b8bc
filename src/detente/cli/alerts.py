"""The command of alerts: what a reader asked to be told of, shown or sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.options import HERE, AsOf, DossierFolder, Json, Lang, read_language, read_moment
from detente.cli.output import complain, show, show_json

if TYPE_CHECKING:
    from detente.publish.alert_post import Outcome


def register(app: typer.Typer) -> None:
    """Add this file's command."""
    app.command("alerts")(alerts)


def alerts(
    dossier: DossierFolder = HERE,
    as_of: AsOf = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Look at what was recorded after this day or moment.")
    ] = None,
    rules: Annotated[
        Path | None, typer.Option("--rules", metavar="FILE", help="Rules to use; alerts.toml of the dossier otherwise.")
    ] = None,
    send: Annotated[bool, typer.Option("--send", help="Send them, as alerts.toml says, and never twice.")] = False,
    lang: Lang = "",
    json: Json = False,
) -> None:
    """Tell what has happened of what you asked to be told.

    Breaks, milestones that moved, events that two people should read, silences, speakers who turn: by the rules in
    alerts.toml, each with its quotes and page. Nothing is sent, and nothing kept of it, without --send.

    Example:

        $ detente alerts --as-of 2025-04-12
    """
    from detente import workflow
    from detente.publish import alert_digest, alert_log, alert_post, alert_rules
    from detente.publish import alerts as told

    settings = alert_rules.read(rules or dossier / alert_rules.FILE)
    language = read_language(lang or settings.language)
    if send and (as_of or since):
        raise typer.BadParameter(
            "what is sent is of now. Leave out --as-of and --since, or --send.", param_hint="--send"
        )
    with workflow.opened(dossier) as (case, ledger):
        if send:
            _send(alert_post.send(case, ledger, settings), json=json)
            return
        moment = read_moment(as_of)
        log = alert_log.read(dossier, as_of=moment)
        found = told.find(case, ledger, settings, since=read_moment(since, "--since"), as_of=moment, log=log)
    if json:
        show_json(found.as_json(settings.address))
    else:
        show(alert_digest.as_text(found, found.alerts, language, base=settings.address).rstrip("\n"))
    for row in log.unsure:
        complain(f"of {row.at.isoformat(timespec='minutes')}: nobody knows whether {len(row.keys)} alerts arrived.")


_STATES = {
    "sent": "sent.",
    "nothing": "nothing to tell.",
    "quiet": "the hours are quiet; nothing is sent before they end.",
    "enough": "enough was sent today; what is new comes with the next.",
    "failed": "nothing could be sent; it is tried again next time.",
}


def _send(outcome: Outcome, *, json: bool) -> None:
    for problem in outcome.problems:
        complain(problem)
    if json:
        show_json(
            {"state": outcome.state, "told": outcome.told, "left": outcome.left, "problems": list(outcome.problems)}
        )
    else:
        show(f"{outcome.told} alerts: {_STATES[outcome.state]}")
    if outcome.problems:
        raise typer.Exit(1)
