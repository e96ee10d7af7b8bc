"""Commands for the past cases that forecasts are compared with: read, search, ask, add, review."""

from __future__ import annotations

import getpass
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import HERE, DossierFolder, Json, Lang, read_day, read_dyad, read_language
from detente.cli.output import show, show_json

cases = typer.Typer()

By = Annotated[str | None, typer.Option(metavar="NAME", help="Who does so.", show_default="your login")]


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.add_typer(cases, name="cases")


@cases.callback(invoke_without_command=True)
def cases_shown(
    context: typer.Context,
    dossier: DossierFolder = HERE,
    name: Annotated[str | None, typer.Option("--class", metavar="NAME", help="Only this reference class.")] = None,
    where: Annotated[
        str | None, typer.Option(metavar="QUERY", help="Only cases asked for: 'major_power and since 1990'.")
    ] = None,
    dyad: Annotated[str | None, typer.Option(metavar="AAA-BBB", help="Only this pair of states.")] = None,
    search: Annotated[str, typer.Option(metavar="WORDS", help="Only cases in which every word stands.")] = "",
    stage: Annotated[
        str | None, typer.Option(metavar="STAGE", help="What each class answers on this: ambassadors_exchanged.")
    ] = None,
    waited: Annotated[
        list[str] | None, typer.Option(metavar="[CLASS=]YEARS", help="How long the stage has been waited for.")
    ] = None,
    found: Annotated[
        bool, typer.Option("--found", help="Attempts that a machine found instead, which nobody reviewed.")
    ] = False,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Use only what was known by this day.")
    ] = None,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """Read, search and add the past cases behind forecasts.

    Without --stage the cases are shown: stages with their days, ending, source, confidence. With it, every reference
    class is asked how likely the stage still is after --waited years; each is shown with its size and endings, and with
    how its answer moves when failed attempts are added that nobody recorded. --class, --where, --dyad and --search
    choose; with --stage what is chosen is one class, shown with its members. Classes about United States posts and
    relations count from another day, given as us-vacancies=1.4.

    With --found the cases are attempts that a machine found in event data. No forecast counts them.

    A query joins terms by and, or, not and brackets: severed, war, territorial, leader_change, mediator, major_power,
    documented, since 1990, before 2003-05-01, with USA, rupture never, confidence high; without --stage also outcome
    failed and reached relations_restored.

    Example:

        $ detente cases --stage ambassadors_exchanged --waited 1.8
    """
    if context.invoked_subcommand:
        return
    from detente.forecast import parse_query
    from detente.forecast import search as found_by
    from detente.forecast.cases import found_attempts
    from detente.forecast.class_panel import class_panel
    from detente.forecast.classes import CaseClass
    from detente.forecast.months import DAYS_A_YEAR
    from detente.forecast.own_cases import known_cases, own_cases, own_classes
    from detente.publish import cases as published
    from detente.publish.catalogue import Words

    words = Words(read_language(lang))
    asked = read_day(as_of, "--as-of")
    every = found_attempts() if found else known_cases(dossier, as_of=asked or date.max)
    pair, wanted = read_dyad(dyad), parse_query(where or "", endings=stage is None)
    own = own_classes(dossier)
    chosen = own.chosen(name) if name else None
    # What a query asks of a case is what was known of it then.
    seen = [c.as_known(asked) for c in every if c.process_start and c.process_start <= asked] if asked else every
    shown = [
        case
        for case in found_by(seen, search)
        if (pair is None or case.dyad == pair) and (chosen is None or chosen.holds(case)) and wanted(case)
    ]
    if stage is not None:
        day = asked or max(case.end_date for case in every)
        years, by_class = _waited(waited or [])
        clocks = {key: (day - first).days / DAYS_A_YEAR for key, first in own.clocks.items() if first <= day}
        classes, compared = own.classes, every
        if chosen or where or pair or search:
            label = " ".join(filter(None, (where, dyad, search)))
            one = chosen or CaseClass("chosen", dict.fromkeys(("en", "fr", "ru"), label))
            classes, compared = {one.id: one}, every if one.table != "cases" else tuple(shown)
        by_class = {
            key: value for key, value in {**clocks, **by_class}.items() if key in classes or key not in own.classes
        }
        rows = class_panel(stage, years, as_of=day, cases=compared, classes=classes, waited_by_class=by_class)  # type: ignore[arg-type]
        if json:
            show_json({"stage": stage, "as_of": day.isoformat(), "panel": [published.panel_json(row) for row in rows]})
        else:
            show(published.panel_text(stage, rows, day, words, members=len(classes) == 1))
        return
    waiting = [] if found else [each for each in own_cases(dossier) if not each.counts(asked or date.max)]
    if asked:
        waiting = [each for each in waiting if each.proposed <= asked]
    if json:
        show_json(
            {
                "total": len(every),
                "cases": [published.case_json(case) for case in shown],
                "not_reviewed": [published.own_json(each) for each in waiting],
            }
        )
    else:
        show(published.cases_text(shown, len(every), waiting, words, found=found))


def _waited(given: list[str]) -> tuple[float, dict[str, float]]:
    years, by_class = 0.0, {}
    for each in given:
        name, _, number = each.rpartition("=")
        try:
            value = float(number)
        except ValueError:
            raise typer.BadParameter(f"{each!r} is no number of years. Write 1.8.", param_hint="--waited") from None
        if name:
            by_class[name] = value
        else:
            years = value
    return years, by_class


@cases.command("add")
def cases_add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Table with the columns of the one that ships.")],
    dossier: DossierFolder = HERE,
    by: By = None,
    json: Json = False,
) -> None:
    """Propose cases, each with two sources that have addresses.

    They are written into cases.csv beside dossier.toml and count once another person has reviewed them. A
    table that lacks a column is refused with its name; "-" reads standard input.

    Example:

        $ detente cases add attempts.csv --by anna
    """
    from detente.forecast.own_cases import propose
    from detente.publish import cases as published

    text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    added = propose(dossier, text, by=by or getpass.getuser(), day=datetime.now(tz=UTC).date(), name=str(file))
    if json:
        show_json([published.own_json(own) for own in added])
    else:
        labels = ", ".join(own.case.label for own in added)
        show(f"{dossier / 'cases.csv'}: {labels} proposed by {added[0].proposed_by}.")
        show("Each counts once another person has reviewed it: detente cases review LABEL")


@cases.command("review")
def cases_review(
    label: Annotated[str, typer.Argument(metavar="LABEL", help="The case, as `USA-Cuba 2013-15`.")],
    dossier: DossierFolder = HERE,
    by: By = None,
    json: Json = False,
) -> None:
    """Agree to a case that another person proposed; it counts from today.

    Example:

        $ detente cases review 'USA-Iran 2013' --by boris
    """
    from detente.forecast.own_cases import review
    from detente.publish import cases as published

    own = review(dossier, label, by=by or getpass.getuser(), day=datetime.now(tz=UTC).date())
    if json:
        show_json(published.own_json(own))
    else:
        show(f"{own.case.label}: proposed by {own.proposed_by}, reviewed by {own.reviewed_by}.")
        show(f"Forecasts made from {own.reviewed} on count it.")
