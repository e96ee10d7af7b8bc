"""Commands that show what the ledger holds: timeline, statements, forecast, status."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli.options import HERE, AsOf, DossierFolder, Json, Lang, Quiet, read_day, read_language, read_moment
from detente.cli.output import complain, named, show, show_json

if TYPE_CHECKING:
    from detente.dossier import Dossier
    from detente.forecast.class_panel import ClassAnswer
    from detente.terms import Issue

_ISSUES = 10
"""How many issues `status` shows."""


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("timeline")(timeline)
    app.command("statements")(statements)
    app.command("forecast")(forecast)
    app.command("status")(status)
    app.command("explain")(explain)


def timeline(
    dossier: DossierFolder = HERE,
    as_of: AsOf = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Leave out what happened before.")] = None,
    track: Annotated[str | None, typer.Option(metavar="TRACK", help="Only this track.")] = None,
    last: Annotated[int | None, typer.Option(metavar="N", help="Only the last N.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also events in which the dyad's two sides do not both take part.")
    ] = False,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """Show the chronology, each entry with its quote.

    Example:

        $ detente timeline --last 5
    """
    from detente import workflow
    from detente.publish import chronology

    with workflow.opened(dossier) as (case, ledger):
        rows = chronology.rows(
            case,
            ledger,
            as_of=read_moment(as_of),
            since=read_day(since, "--since"),
            track=track,
            everything=everything,
        )
    rows = rows[-last:] if last else rows
    if json:
        show_json([row.as_json() for row in rows])
    else:
        show(chronology.as_text(rows, read_language(lang)))


def statements(
    dossier: DossierFolder = HERE,
    as_of: AsOf = None,
    speaker: Annotated[str | None, typer.Option(metavar="NAME", help="Only this speaker (part of the name).")] = None,
    side: Annotated[str | None, typer.Option(metavar="AAA", help="Only speakers of this state.")] = None,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """Show who said what, with role, side and stance.

    Stance is toward normalisation: above 0 for it, below 0 against it.

    Example:

        $ detente statements --speaker Peskov
    """
    from detente import workflow
    from detente.publish import speakers

    with workflow.opened(dossier) as (case, ledger):
        rows = speakers.rows(case, ledger, as_of=read_moment(as_of), speaker=speaker, side=side)
    if json:
        show_json([row.as_json() for row in rows])
    else:
        show(speakers.as_text(rows, read_language(lang)))


def explain(
    what: Annotated[
        str, typer.Argument(metavar="DOC[:START-END]", help="Document and, from its first character 0, the stretch.")
    ],
    dossier: DossierFolder = HERE,
    json: Json = False,
) -> None:
    """Show how the codings of a stretch of text came about.

    For each sentence: its clauses, acts, names and times, what was coded by which rule with what confidence and
    doubts, and what was seen and not coded, with the reason. The sentence is read anew by the rule coder.

    Example:

        $ detente explain en-2025-02-19-riyadh-missions:0-216
    """
    from detente import workflow
    from detente.coding.rules import RulesCoder

    name, start, end = _stretch(what)
    with workflow.opened(dossier) as (case, ledger):
        document = ledger.document(name)
        length = len(document.text)
        if start is not None and end is not None and start < length < end:
            complain(f"{document.id}: the text has {length} characters; shown to its end.")
        found = RulesCoder(case).explain(document, start or 0, length if end is None else end)
    if json:
        show_json(asdict(found))
    else:
        show("\n".join(found.lines()))


def _stretch(what: str) -> tuple[str, int | None, int | None]:
    """Document id and offsets; an id may hold colons itself."""
    match = re.fullmatch(r"(?P<id>.+?)(?::(?P<start>\d+)[-:](?P<end>\d+))?", what)
    if match is None:
        raise typer.BadParameter("name a document, as in tass-1:0-120.", param_hint="DOC[:START-END]")
    if match["start"] is None:
        return match["id"], None, None
    return match["id"], int(match["start"]), int(match["end"])


def forecast(
    dossier: DossierFolder = HERE,
    as_of: AsOf = None,
    milestone: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Only this milestone or chain, with its rule, its layers and what each class says.",
        ),
    ] = None,
    adjust: Annotated[
        float | None, typer.Option(metavar="LOG_ODDS", help="Your own change: 0.7 about doubles the odds.")
    ] = None,
    why: Annotated[str, typer.Option(metavar="REASON", help="Why you change it.")] = "",
    by: Annotated[str, typer.Option(metavar="NAME", help="Who signs the change.")] = "",
    posterior: Annotated[
        bool,
        typer.Option("--posterior", help="Average over all that past cases allow, not at the most probable values."),
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Write these forecasts into the ledger, to be scored when they are settled.")
    ] = False,
    history: Annotated[
        bool,
        typer.Option("--history", help="Also what was said over time: kept, or asked anew of earlier month ends."),
    ] = False,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """Show if and when each milestone is reached.

    Each comes with the number of past cases and the interval, and with the chance that it is never reached. With
    --milestone also how the chance came about (past cases, the step reached, events, a person) and what every reference
    class says, with failures added that nobody recorded. --adjust with --why and --by is your own change of it.
    --posterior averages over the whole posterior of both models, which takes some seconds. With
    --keep the forecast stays on record, each step to be scored apart, and a question is opened: it stays as it was put
    (see `detente milestones`). --history adds what was said before, each line with what moved it: kept forecasts, and
    what today's program says of month ends in which none was kept, marked as made afterwards. JSON has the kept ones
    without it.

    Example:

        $ detente forecast --milestone ambassadors
    """
    from detente import workflow
    from detente.forecast.layers import Adjustment
    from detente.publish import forecast_history, milestones
    from detente.publish.cases import panel_text
    from detente.publish.catalogue import Words
    from detente.publish.forecast_layers import panel_of
    from detente.publish.knowledge import knowledge_day

    with workflow.opened(dossier) as (case, ledger):
        if milestone and not any(m.chain == milestone for m in case.milestones):
            case.milestone(milestone)
        changed_by = None
        if adjust is not None:
            if milestone is None:
                raise typer.BadParameter("name the one milestone you judge, with --milestone.", param_hint="--adjust")
            changed_by = Adjustment(adjust, why, by)
        elif why or by:
            raise typer.BadParameter("they sign a change: give --adjust too.", param_hint="--why, --by")
        rows = milestones.rows(
            case, ledger, as_of=read_moment(as_of), only=milestone, adjustment=changed_by, posterior=posterior
        )
        if changed_by and rows and all(row.settled for row in rows):
            raise typer.BadParameter(f"{milestone} is settled: nothing is left to change.", param_hint="--adjust")
        panels = {
            row.milestone.id: panel_of(row.milestone, case, row.forecast.made, posterior=posterior)
            for row in rows
            if milestone and not row.settled
        }
        changed = [] if milestone else milestones.changed_on(case, ledger, as_of=read_moment(as_of))
        said = {}
        if history or json:
            moment = read_moment(as_of)
            logged = ledger.forecasts(as_of=moment)
            day = knowledge_day(ledger.documents(as_of=moment), moment, case)
            replays = forecast_history.replays(case, ledger, day) if history else {}
            for row in rows:
                name = row.milestone.id
                said[name] = forecast_history.history(row, logged, replays.get(name, ()))
        if keep:
            if as_of:
                raise typer.BadParameter("a forecast is kept on the day it is made.", param_hint="--keep")
            for row in rows:
                ledger.open_question(row.milestone)
                ledger.file_forecast(row.forecast)
    if json:
        for each in changed:
            complain(each.line(Words("en")))
        show_json(
            [
                {
                    **row.as_json(),
                    **_panel_json(panels.get(row.milestone.id, ())),
                    "history": forecast_history.history_json(said[row.milestone.id]),
                }
                for row in rows
            ]
        )
        return
    words = Words(read_language(lang))
    show(milestones.as_text(rows, words.language, with_rule=milestone is not None, changed=changed))
    for row in rows:
        if panel := panels.get(row.milestone.id):
            show("\n" + panel_text(row.milestone.reference.stage, panel, row.forecast.made, words))
    for row in rows if history else ():
        title = f"{words('What was said over time')}{words.colon()}{row.milestone.question_in(words.language)}"
        lines = [f"    {line}" for line in forecast_history.history_lines(said[row.milestone.id], words)]
        show("\n".join(["", title, *lines]))


def _panel_json(panel: tuple[ClassAnswer, ...]) -> dict[str, Any]:
    return {"panel": [row.as_json() for row in panel]} if panel else {}


def status(
    dossier: DossierFolder = HERE,
    as_of: AsOf = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Show what the dossier holds, and what could not be used.

    Documents, entries, decisions and issues are counted; the last issues are shown, with --json all of them. Whether
    what is stored is whole, `detente check` says.

    Example:

        $ detente status
    """
    from detente import workflow
    from detente.engine.lake import Lake

    with workflow.opened(dossier) as (case, ledger):
        counts = workflow.plain(asdict(ledger.status(as_of=read_moment(as_of))))
        issues = list(ledger.issues(as_of=read_moment(as_of)))
        counts["imported"] = {
            name: {"rows": rows, "bytes": size} for name, (rows, size) in Lake(dossier).size().items()
        }
    if json:
        recorded = [{"record": issue.record, "room": issue.room, "message": issue.message} for issue in issues]
        show_json({"dossier": case.name, "dyad": str(case.dyad), **counts, "recorded_issues": recorded})
    elif not quiet:
        _show_status(case, counts, issues)


def _show_status(case: Dossier, counts: dict[str, Any], issues: list[Issue]) -> None:
    show(f"{case.title_in('en')} ({case.dyad}), since {case.since}")
    for name, value in counts.items():
        if name == "imported":
            value = ", ".join(f"{k} {v['rows']:,} rows in {v['bytes'] / 1e6:,.1f} MB" for k, v in value.items())
        elif isinstance(value, dict):
            value = ", ".join(f"{k} {v}" for k, v in value.items() if v is not None)
        show(f"  {name.replace('_', ' ')}: {'none' if value in (None, '') else value}")
    if len(issues) > _ISSUES:
        print(f"  the last {_ISSUES} of {len(issues)} issues (all of them with --json):")
    for issue in issues[-_ISSUES:]:
        show(f"  issue: {named(issue)}")
