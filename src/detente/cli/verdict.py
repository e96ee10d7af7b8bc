"""The command that takes an article apart and holds it against the ledger."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import HERE, AsOf, DossierFolder, Json, Lang, read_day, read_language, read_moment
from detente.cli.output import complain, named, show, show_json


def register(app: typer.Typer) -> None:
    """Add this file's command."""
    app.command("verdict")(verdict)


def verdict(
    article: Annotated[str, typer.Argument(metavar="FILE", help="A text, a page or an address.", show_default=False)],
    dossier: DossierFolder = HERE,
    published: Annotated[
        str | None, typer.Option(metavar="DATE", help="Day it appeared, where it does not say.")
    ] = None,
    language: Annotated[str | None, typer.Option(metavar="CODE", help="Its language.", show_default="found")] = None,
    as_of: AsOf = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the verdicts, for the page of the site.")] = False,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """Hold what an article claims against the ledger.

    What it says was done, said or will come is tied to its exact characters. Each claim has quotes for and against it,
    and a question with our forecast where it is about the future. The article and copies of it are no evidence. What
    was not understood is listed.

    Example:

        $ detente verdict article.txt --published 2025-04-30
    """
    from detente import workflow
    from detente.publish.catalogue import Words
    from detente.publish.verdicts import verdicts_json, verdicts_text

    words = Words(read_language(lang))
    if keep and as_of:
        raise typer.BadParameter("verdicts are kept on the day they are made.", param_hint="--keep")
    with workflow.opened(dossier) as (case, ledger):
        found, issues = workflow.verdicts(
            case,
            ledger,
            article,
            published=read_day(published, "--published"),
            language=language,
            as_of=read_moment(as_of),
            keep=keep,
        )
    for issue in issues:
        complain(named(issue))
    if json:
        show_json([verdicts_json(one) for one in found])
    else:
        show("\n\n".join(verdicts_text(one, case, words) for one in found))
    if not found:
        raise typer.Exit(1)
