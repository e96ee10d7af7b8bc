"""Commands that publish: site, serve, export, demo."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import HERE, AsOf, DossierFolder, Lang, Quiet, read_address, read_language, read_moment
from detente.cli.output import complain, complain_of, progress, show, show_file, show_json


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("site")(site)
    app.command("serve")(serve)
    app.command("export")(export)
    app.command("mcp")(mcp)
    app.command("demo")(demo)


def site(
    dossier: DossierFolder = HERE,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder to write.")] = Path("site"),
    as_of: AsOf = None,
    address: Annotated[
        str,
        typer.Option("--address", metavar="URL", help="Where the site will stand; feeds then name whole addresses."),
    ] = "",
    png: Annotated[bool, typer.Option("--png", help="Draw each figure as PNG too (png extra).")] = False,
    other: Annotated[
        Path | None, typer.Option("--compare", metavar="OTHER", help="Another dossier, for a page that compares them.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Write the site: pages in three languages.

    They open from disk, with briefs, chronology and data, every figure as SVG, CSV, JSON and ZIP, feeds and a calendar.

    Example:

        $ detente site --out site
    """
    from detente import workflow
    from detente.publish import figures, sites, situation

    base = read_address(address)
    if png:
        figures.check_png()
    beside = None
    if other is not None:
        workflow.check_apart(dossier, other)
        with workflow.opened(other) as (case, ledger):
            beside = situation.of(case, ledger, as_of=read_moment(as_of))
    with workflow.opened(dossier) as (case, ledger), progress("writing", quiet=quiet) as advance:
        now = situation.of(case, ledger, as_of=read_moment(as_of))
        pages = sites.write(now, ledger, out, on_progress=advance, base=base, with_png=png, beside=beside)
    if not quiet:
        print(f"{out / 'index.html'}: {len(pages)} files.")


def serve(
    dossier: DossierFolder = HERE,
    host: Annotated[str, typer.Option(metavar="HOST", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="PORT", help="Port to listen on.")] = 8765,
    private: Annotated[
        bool, typer.Option("--private", help="Show the pages and their JSON to those with an account alone.")
    ] = False,
    proxy: Annotated[
        str,
        typer.Option(
            "--proxy", metavar="ADDRESS", help="Proxy in front; what it says of who asks and of https is believed."
        ),
    ] = "",
    certificate: Annotated[
        Path | None, typer.Option(metavar="FILE", help="PEM certificate, to serve https; with --key.")
    ] = None,
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="PEM key of the certificate.")] = None,
    other: Annotated[
        Path | None, typer.Option("--compare", metavar="OTHER", help="Another dossier, for a page that compares them.")
    ] = None,
) -> None:
    """Serve the pages and their JSON; stop with Ctrl-C.

    Each answer is drawn from the ledger as it is at that moment. Without accounts it is one person's, on this machine
    alone, and the desk needs no sign-in. Where `detente account add` made accounts, the desk asks for one.
    With --compare one page, `compare.html`, sets another dossier beside this one; nothing is filed in that one.

    Example:

        $ detente serve --help
    """
    from detente.web import run

    if (certificate is None) != (key is None):
        raise typer.BadParameter("a certificate and its key go together. Give both.", param_hint="--certificate")
    for path, option in ((certificate, "--certificate"), (key, "--key")):
        if path is not None and not path.is_file():
            raise typer.BadParameter(f"{path}: there is no such file.", param_hint=option)
    run(dossier, host=host, port=port, private=private, proxy=proxy, certificate=certificate, key=key, compare=other)


def export(
    what: Annotated[str, typer.Argument(metavar="events|statements|...", help="What to export.")],
    dossier: DossierFolder = HERE,
    form: Annotated[str, typer.Option("--format", metavar="jsonl|csv|parquet|...", help="File format.")] = "jsonl",
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Of occurrences: what changed since, with tombstones.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write here instead of printing.")] = None,
    as_of: AsOf = None,
    quiet: Quiet = False,
) -> None:
    """Write codings as plain rows for other programs.

    Each row is one coding, with document, start, end and quote; `rows` are occurrences as directed rows, in the columns
    that imported event databases have too. Kinds: events, statements, times, persons, rows; and occurrences, one event
    a row with every quote, also as geojson, jsonld and zip (with codebook).

    Example:

        $ detente export events --format csv
    """
    from detente import workflow
    from detente.publish import export as exports
    from detente.publish.files import write_whole

    if what == "occurrences":
        _export_occurrences(dossier, form, out, as_of=as_of, since=since, quiet=quiet)
        return
    if since:
        raise typer.BadParameter("only occurrences can be asked for by what changed.", param_hint="--since")
    kind: exports.What = exports.choice(what, exports.What, "export")
    chosen: exports.Format = exports.choice(form, exports.Format, "--format")
    if chosen == "parquet" and out is None:
        raise typer.BadParameter("a Parquet file cannot be printed. Name one.", param_hint="--out")
    with workflow.opened(dossier) as (case, ledger):
        rows = exports.records(kind, case, ledger, as_of=read_moment(as_of))
    if out:
        write_whole(out, exports.as_bytes(rows, kind, chosen))
        if not quiet:
            print(f"{out}: {len(rows)} {kind}.")
    else:
        show_file(exports.as_bytes(rows, kind, chosen).decode(), form=chosen)


def _export_occurrences(
    dossier: Path, form: str, out: Path | None, *, as_of: str | None, since: str | None, quiet: bool
) -> None:
    from detente import workflow
    from detente.publish import occurrences, situation
    from detente.publish.files import write_whole

    moment = read_moment(since, "--since")
    if form in ("parquet", "zip") and out is None and moment is None:
        raise typer.BadParameter(f"{form} cannot be printed. Name a file.", param_hint="--out")
    with workflow.opened(dossier) as (case, ledger):
        if moment is not None:
            show_json(occurrences.since(case, ledger, moment, as_of=read_moment(as_of)))
            return
        content = occurrences.made(situation.of(case, ledger, as_of=read_moment(as_of)), form)
    if out is None:
        show_file(content.decode(), form=form)
        return
    write_whole(out, content)
    if not quiet:
        print(f"{out}: written.")


def mcp(
    dossier: DossierFolder = HERE,
    address: Annotated[
        str, typer.Option("--address", metavar="URL", help="Where the pages stand, so that answers can name them.")
    ] = "",
) -> None:
    """Answer assistants over MCP, with quotes.

    It speaks the Model Context Protocol on standard input and output, and only reads. Needs the mcp extra.

    Example:

        $ detente mcp --help
    """
    from detente.web.assistants import run

    run(dossier, base=read_address(address))


def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder to write.")] = Path("demo"),
    quiet: Quiet = False,
    lang: Lang = "en",
) -> None:
    """Run the whole way on the sample dossier.

    Read, code, file, measure, forecast, write a site and briefs. The folder is made anew. Its reports were written for
    the sample from facts at the addresses they name.

    Example:

        $ detente demo --out demo --quiet
    """
    from detente import workflow
    from detente.publish import overview, sites, situation

    language = read_language(lang)
    began = time.monotonic()
    with progress("reading and coding", quiet=quiet) as advance:
        case, added, coded = workflow.make_sample(out, on_progress=advance)
    complain_of([*added.issues, *coded.issues])
    with workflow.opened(out / "dossier") as (case, ledger):
        now = situation.of(case, ledger)
        with progress("writing", quiet=quiet) as advance:
            sites.write(now, ledger, out, on_progress=advance)
    if not quiet:
        show(overview.as_text(now, language))
        print(f"\n{out / 'index.html'} opens from disk. Done in {time.monotonic() - began:.0f} s.")
    if added.failed or coded.failed:
        complain("some records of the sample could not be used; they are named above.")
        raise typer.Exit(1)
