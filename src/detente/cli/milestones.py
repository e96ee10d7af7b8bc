"""Commands for the questions of a dossier: shown, opened, settled by people."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from detente.cli.options import HERE, AsOf, DossierFolder, Json, Lang, read_day, read_language, read_moment
from detente.cli.output import show, show_json

milestones = typer.Typer(help="Show the questions of a dossier, and open them.")


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.add_typer(milestones, name="milestones")
    app.command("resolve")(resolve)


@milestones.callback(invoke_without_command=True)
def milestones_shown(
    context: typer.Context,
    dossier: DossierFolder = HERE,
    milestone: Annotated[
        str | None, typer.Option(metavar="ID", help="Only this one, or this chain, with its whole rule.")
    ] = None,
    as_of: AsOf = None,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """Show the questions of a dossier, and open them.

    Each is shown with its state, the hash of its text, what its rule lacks to be exact, and how many answers are in. An
    opened question stays as it was put: when the dossier says something else, forecasts of it are refused.

    Example:

        $ detente milestones --milestone ambassadors
    """
    if context.invoked_subcommand:
        return
    from detente import workflow
    from detente.publish.catalogue import Words
    from detente.publish.questions import question_rows, questions_text

    words = Words(read_language(lang))
    with workflow.opened(dossier) as (case, ledger):
        if milestone and not any(m.chain == milestone for m in case.milestones):
            case.milestone(milestone)
        rows = question_rows(case, ledger, as_of=read_moment(as_of))
    rows = [row for row in rows if milestone in (None, row.milestone.id, row.milestone.chain)]
    if json:
        show_json([row.as_json() for row in rows])
    else:
        show(questions_text(rows, words, exact=milestone is not None))


@milestones.command("open")
def milestones_open(
    name: Annotated[str, typer.Argument(metavar="ID", help="The milestone, or a chain of dates.")],
    dossier: DossierFolder = HERE,
    json: Json = False,
) -> None:
    """Open a question: from now on its text stays as it is.

    What stays is the question, its rule, which day counts, sources, edge cases, tie-break, void rule and dates. Its
    hash is kept in the ledger. A rule that is not exact is opened too, and what it lacks is named.

    Example:

        $ detente milestones open ambassadors
    """
    from detente import workflow

    with workflow.opened(dossier) as (case, ledger):
        chosen = [m for m in case.milestones if m.chain == name] or [case.milestone(name)]
        opened = [ledger.open_question(m) for m in chosen]
    if json:
        show_json([{"milestone": q.milestone, "sha256": q.sha256, "frozen": q.recorded.isoformat()} for q in opened])
        return
    for question in opened:
        show(f"{question.milestone}: opened on {question.recorded.date()}, hash {question.sha256}")
    if lacked := chosen[0].missing:
        show(f"Its rule is not exact; it lacks: {', '.join(lacked)}. A question cannot be mended once it is open.")


def resolve(
    name: Annotated[str, typer.Argument(metavar="ID", help="The milestone, or a chain of dates.")],
    answer: Annotated[str, typer.Option(metavar="yes|no|void", help="What you found.")],
    evidence: Annotated[str, typer.Option(metavar="TEXT", help="Where it is shown: an address, a document.")],
    day: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Day it happened or fell; for no the deadline.", show_default="the deadline"),
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who answers.", show_default="your login")] = None,
    why: Annotated[str, typer.Option(metavar="TEXT", help="Reason; asked for with void.")] = "",
    dossier: DossierFolder = HERE,
    json: Json = False,
) -> None:
    """Answer a question: two people who agree settle it.

    Nobody is shown what the first one said before a second has answered. Where answer or day differ, a third person
    decides. Nobody answers twice. One answer to a chain answers for each of its dates.

    Example:

        $ detente resolve arms-treaty --answer yes --day 2026-05-19 --evidence URL
    """
    from detente import workflow
    from detente.ledger.questions import ANSWERS, Answering

    if answer not in ANSWERS:
        raise typer.BadParameter(f"{answer!r} is not one of {', '.join(ANSWERS)}.", param_hint="--answer")
    said: Answering = answer
    when = read_day(day, "--day")
    with workflow.opened(dossier) as (_, ledger):
        polls = ledger.answer(name, said, day=when, evidence=evidence, by=by or getpass.getuser(), why=why)
    if json:
        show_json(
            [
                {
                    "milestone": poll.milestone,
                    "answers_in": poll.given,
                    "settled": f"{poll.resolution.answer} {poll.resolution.day}" if poll.resolution else None,
                    "disagree": poll.disagree,
                }
                for poll in polls
            ]
        )
        return
    for poll in polls:
        if poll.resolution:
            state = f"settled: {poll.resolution.answer}, {poll.resolution.day}"
        elif poll.disagree:
            state = "no two agree on answer and day; it stays open, one more person decides"
        else:
            state = "one more person answers, without seeing yours"
        show(f"{poll.milestone}: {poll.given} answer{'s' if poll.given > 1 else ''} in; {state}.")
