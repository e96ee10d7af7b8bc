"""Commands that bring something in: new, add, code, import."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import HERE, DossierFolder, Json, Quiet, read_day
from detente.cli.output import complain_of, progress, show_json


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("new")(new)
    app.command("add")(add)
    app.command("code")(code)
    app.command("import")(import_)


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make the dossier in.")],
    dyad: Annotated[str, typer.Option(metavar="AAA-BBB", help="The two states, as ISO 3166-1 alpha-3 codes.")],
    since: Annotated[str | None, typer.Option(metavar="DATE", help="First day the dossier looks at.")] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Make a dossier for a pair of states.

    The new dossier knows both states, their capitals, governments and office holders, the usual tracks, and six
    milestones with the rule that settles each; edit dossier.toml to add people and words.

    Example:

        $ detente new cub-usa --dyad CUB-USA --since 2025-01-01
    """
    from detente.dossier import write_starter
    from detente.terms import Dyad

    today = datetime.now(UTC).date()
    dossier = write_starter(
        folder, Dyad.parse(dyad), read_day(since, "--since") or today.replace(month=1, day=1), today=today
    )
    if json:
        show_json({"folder": str(folder), "name": dossier.name, "dyad": str(dossier.dyad), "since": dossier.since})
    elif not quiet:
        print(f"{folder / 'dossier.toml'}: {dossier.title_in('en')}, {len(dossier.milestones)} milestones.")
        print(f"Next: detente add FILE --dossier {folder}")


def add(
    what: Annotated[list[str], typer.Argument(metavar="FILE|FOLDER|URL...", help="Text, HTML, JSONL, feed, page.")],
    dossier: DossierFolder = HERE,
    published: Annotated[
        str | None, typer.Option(metavar="DATE", help="Day it appeared, where it does not say.")
    ] = None,
    language: Annotated[str | None, typer.Option(metavar="fr|en|ru", help="Language, where it is misread.")] = None,
    source: Annotated[str | None, typer.Option(metavar="NAME", help="Outlet it comes from.")] = None,
    url: Annotated[str | None, typer.Option(metavar="URL", help="Address it was found at.")] = None,
    warc: Annotated[
        Path | None, typer.Option(metavar="FILE", help="New WARC file for what servers are asked and answer.")
    ] = None,
    despite_robots: Annotated[
        bool, typer.Option("--despite-robots", help="Get the addresses named here though robots.txt asks not to.")
    ] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """File reports: texts, pages, feeds, JSON lines.

    A text never changes once stored. What cannot be read is filed with its reason, and the others go on. Adding
    the same thing twice changes nothing.

    Example:

        $ detente add reports --published 2025-04-30
    """
    from detente import workflow

    day = read_day(published, "--published")
    if not all(named.strip() for named in what):
        raise typer.BadParameter("one of the names is empty. Name a file, folder or address.", param_hint="WHAT")
    with workflow.opened(dossier) as (case, ledger), progress("reading", quiet=quiet or json) as advance:
        report = workflow.add(
            case,
            ledger,
            what,
            published=day,
            language=language,
            source=source,
            url=url,
            archive=warc,
            despite_robots=despite_robots,
            on_progress=advance,
        )
    if json:
        show_json(report.as_json())
    elif not quiet:
        print(f"{len(report.added)} added, {len(report.known)} known already, {len(report.issues)} issues.")
    if complain_of(report.issues) and report.failed:
        raise typer.Exit(1)


def code(
    dossier: DossierFolder = HERE,
    coder: Annotated[str | None, typer.Option(metavar="NAME", help="Coder to use, with its version.")] = None,
    processes: Annotated[
        int, typer.Option("--processes", metavar="N", min=1, help="Processes that code; each starts in up to 10 s.")
    ] = 1,
    engine: Annotated[
        str, typer.Option(metavar="spark|URL", help="Spark that codes instead; takes 10-20 s to start.")
    ] = "",
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Code what has been added: events, statements, times, persons.

    Documents that the coder has coded are passed over, so that a run that was stopped goes on where it was. After
    people, names or words were added to dossier.toml, everything is coded anew; what people decided stays.

    One process codes unless --processes or --engine asks for more, which pays from some hundreds of documents on. The
    ledger is the same whoever codes. Each process holds a coder of its own in memory. `--engine spark` is the Spark
    that DETENTE_ENGINE or the dossier names, else one on this machine.

    Example:

        $ detente code --quiet
    """
    from detente import workflow

    if processes > 1 and engine:
        raise typer.BadParameter("processes of this machine or a Spark code, not both.", param_hint="--processes")
    with workflow.opened(dossier) as (case, ledger), progress("coding", quiet=quiet or json) as advance:
        report = workflow.code(case, ledger, coder=coder, processes=processes, engine=engine, on_progress=advance)
    if json:
        show_json(report.as_json())
    elif not quiet:
        print(
            f"{report.documents} documents coded by {report.coder}: {report.entries} entries added; "
            f"{report.passed_over} coded before, {len(report.issues)} issues."
            + (f" {report.abstained} codings kept back as too doubtful." if report.abstained else "")
        )
    if complain_of(report.issues) and report.failed:
        raise typer.Exit(1)


def import_(
    kind: Annotated[str, typer.Argument(metavar="gdelt|icews|polecat", help="Format of the event database.")],
    what: Annotated[
        list[str], typer.Argument(metavar="FILE|FOLDER|URL...", help="Files, zipped or not; GDELT's lists.")
    ],
    dossier: DossierFolder = HERE,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="First day wanted of what a list names.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Last day wanted of what a list names.")] = None,
    day_zero: Annotated[
        str | None, typer.Option(metavar="DATE", help="What times of a knowledge graph count from.")
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Import event databases beside the dossier's own codings.

    Every row becomes a row of tables by month under `events/`, its CAMEO code read as PLOVER; lines that cannot be
    read go to a quarantine file with line and reason. Importing a file twice changes nothing. Of an address of one of
    GDELT's lists, only files that are new are got.

    Example:

        $ detente import icews events.tab
    """
    from detente import workflow

    with workflow.opened(dossier) as (case, ledger), progress("importing", quiet=quiet or json) as advance:
        report = workflow.import_events(
            case,
            ledger,
            kind,
            what,
            since=read_day(since, "--since"),
            until=read_day(until, "--until"),
            day_zero=read_day(day_zero, "--day-zero"),
            on_progress=advance,
        )
    if json:
        show_json(report.as_json())
    elif not quiet:
        for line in report.lines():
            print(line)
    complain_of(report.issues)
    if any(issue.lost for issue in report.issues):
        raise typer.Exit(1)
