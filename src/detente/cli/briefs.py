"""The commands of briefs: write one, read and mend its sentences, publish it, compare its versions."""

from __future__ import annotations

import getpass
import re
import sys
import time
from json import loads as read_json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli.options import HERE, AsOf, DossierFolder, Json, Lang, Quiet, read_language, read_moment
from detente.cli.output import complain, json_text, show, show_file, show_json, show_table

if TYPE_CHECKING:
    from detente.publish.brief_record import Brief

MADE_OF_RECORD = {"prov": "prov.json", "ninjs": "ninjs.json"}
FORMS = ("md", "html", "docx", "pdf", *MADE_OF_RECORD)
By = Annotated[str | None, typer.Option(metavar="NAME", help="Who does it.", show_default="your login")]
app = typer.Typer(help="Write the brief, each sentence with its evidence.", add_completion=False, rich_markup_mode=None)


def register(root: typer.Typer) -> None:
    """Add this file's commands."""
    root.add_typer(app, name="brief")


@app.callback(invoke_without_command=True)
def brief(
    context: typer.Context,
    dossier: DossierFolder = HERE,
    lang: Lang = "en",
    as_of: AsOf = None,
    form: Annotated[str, typer.Option("--format", metavar="md|html|...", help="What to write.")] = "md",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write here instead of printing.")] = None,
    number: Annotated[
        int | None, typer.Option("--version", metavar="N", help="A published version, as it went out.")
    ] = None,
    json: Json = False,
) -> None:
    """Write the brief, each sentence with its evidence.

    The answer first, then the chart, if and when, what changed, what would change our mind, the best case against, and
    the sources. It says of itself what a machine made and what people read. Formats: md, html, docx, pdf; prov (W3C
    PROV of every sentence) and ninjs (IPTC's News in JSON 3.1).

    Example:

        $ detente brief --lang fr
    """
    if context.invoked_subcommand:
        given = [n for n in context.params if str(context.get_parameter_source(n)).endswith("COMMANDLINE")]
        if given:
            raise typer.BadParameter(f"options of brief {context.invoked_subcommand} go behind its name.")
        return
    from detente.publish import brief_exports, brief_versions
    from detente.publish.files import write_whole

    language = read_language(lang)
    if form not in FORMS:
        raise typer.BadParameter(f"{form!r} is not one of {', '.join(FORMS)}.", param_hint="--format")
    if form in ("docx", "pdf") and out is None and not json:
        raise typer.BadParameter(f"{form} cannot be printed. Name a file.", param_hint="--out")
    if number is not None:
        found = brief_versions.version(dossier, number, as_of=read_moment(as_of))
        kept = "json" if json or form in MADE_OF_RECORD else form
        content = brief_versions.kept(dossier, found, language, kept)
        if form in MADE_OF_RECORD and not json:
            content = brief_exports.made(read_json(content), MADE_OF_RECORD[form])
    else:
        made = _made(dossier, language, as_of)
        if made.fallen:
            complain(
                f"left out, as an entry they rest on no longer stands: {len(made.fallen)}. "
                "detente brief approve lists them, and takes them out with --drop."
            )
        content = f"{json_text(made.as_json())}\n".encode() if json else _written(made, form)
    if out:
        write_whole(out, content)
    else:
        show_file(f"{content.decode().removesuffix(chr(10))}\n", form="json" if json else form)


def _made(dossier: Path, language: str, as_of: str | None = None) -> Brief:
    from detente import workflow
    from detente.publish import briefs, situation

    with workflow.opened(dossier) as (case, ledger):
        return briefs.of(situation.of(case, ledger, as_of=read_moment(as_of)), language)


def _written(made: Brief, form: str) -> bytes:
    if form == "docx":
        return made.as_docx()
    if form == "pdf":
        return made.as_pdf()
    if form in MADE_OF_RECORD:
        from detente.publish import brief_exports

        return brief_exports.made(made.as_json(), MADE_OF_RECORD[form])
    return (made.as_html() if form == "html" else made.as_markdown()).encode()


@app.command("approve")
def approve(
    dossier: DossierFolder = HERE,
    lang: Lang = "en",
    by: By = None,
    text: Annotated[
        list[str] | None, typer.Option(metavar="HASH", help="Approve the sentence whose hash begins so; repeatable.")
    ] = None,
    write: Annotated[str | None, typer.Option(metavar="TEXT", help="Put this in its place; with one --text.")] = None,
    drop: Annotated[bool, typer.Option("--drop", help="Take it out; with one --text.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="List or ask for those reviewed already, too.")] = False,
    json: Json = False,
) -> None:
    """Read the sentences of the brief and say which may stand.

    A review holds for exactly the text that was read: a sentence that changes waits again. In a terminal they are gone
    through one by one, each with its quotes; elsewhere they are listed. No option approves them all unread.

    Example:

        $ detente brief approve --lang fr
    """
    from detente.publish import brief_versions

    language = read_language(lang)
    made, who = _made(dossier, language), by or getpass.getuser()
    if (write is not None or drop) and (len(text or []) != 1 or (write is not None and drop)):
        raise typer.BadParameter("give one --text, and either --write or --drop.", param_hint="--text")
    if text:
        for start in text:
            now = brief_versions.review(dossier, made, by=who, start=start, text=write, drop=drop)
            print(f"{now[:12]}: approved by {who}." if now else f"{start}: taken out by {who}.")
        return
    waiting = [s for s in made.sentences if everything or (s.by_machine and not s.reviews)]
    rows = list({s.sha256: s for s in (*made.fallen, *waiting)}.values())
    if json:
        show_json(
            [
                {
                    "sha256": s.sha256,
                    "text": str(s.text),
                    "human": [r.as_json() for r in s.reviews],
                    "fallen": s in made.fallen,
                }
                for s in rows
            ]
        )
    elif sys.stdin.isatty() and sys.stdout.isatty():
        _go_through(dossier, made, rows, who)
    elif rows:
        shown = [
            (
                s.sha256[:12],
                "entry fell" if s in made.fallen else ", ".join(r.who for r in s.reviews) or "-",
                str(s.text),
            )
            for s in rows
        ]
        show_table("", [("text", "left"), ("reviewed by", "left"), ("sentence", "fold")], shown)
    else:
        print("Every sentence has been reviewed.")


def _go_through(dossier: Path, made: Brief, rows: list[Any], who: str) -> None:
    from rich.prompt import Prompt

    from detente.cli.output import console, harmless
    from detente.publish import brief_versions

    out = console()
    for number, s in enumerate(rows, start=1):
        out.rule(f"{number} of {len(rows)} · {s.kind} · {s.sha256[:12]}")
        out.print(harmless(str(s.text)), style="bold")
        if s in made.fallen:
            out.print("  It rests on an entry that no longer stands: take it out.", style="dim")
        for cited in s.evidence:
            out.print(harmless(f"  “{cited.evidence.quote}” {cited.outlet} · {cited.document.id}"), style="dim")
        if s.data:
            out.print(harmless(f"  {s.data.name}"), style="dim")
        began = time.monotonic()
        key = Prompt.ask("accept, edit, drop, skip, quit", choices=["a", "e", "d", "s", "q"], default="s")
        if key == "q":
            break
        if key == "s":
            continue
        text = Prompt.ask("new text") if key == "e" else None
        seconds = time.monotonic() - began
        brief_versions.review(dossier, made, by=who, start=s.sha256, text=text, drop=key == "d", seconds=seconds)


@app.command("write")
def write(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The sentence.", show_default=False)],
    dossier: DossierFolder = HERE,
    lang: Lang = "en",
    by: By = None,
    section: Annotated[str, typer.Option(metavar="ID", help="Section it stands in, as --json names it.")] = "answer",
    entry: Annotated[list[str] | None, typer.Option(metavar="ID", help="Entry it rests on; repeatable.")] = None,
    model: Annotated[
        str | None, typer.Option(metavar="NAME[@VERSION]", help="The model that drafted it, if one did.")
    ] = None,
) -> None:
    """Put a sentence of your own into the brief.

    Without an entry it is your judgement, and your name stands behind it. With one it is a fact and has its quotes. A
    model's draft is marked as one, and waits for a review like every sentence a machine made.

    Example:

        $ detente brief write "Talks on flights will go first." --by "Anna Lind"
    """
    from detente import workflow
    from detente.publish import brief_versions, situation
    from detente.publish.brief_log import Model
    from detente.publish.text import flat

    language = read_language(lang)
    name, _, version = (flat(each) for each in (model or "").partition("@"))
    if model is not None and not name:
        raise typer.BadParameter(f"{model!r} names no model. Write NAME or NAME@VERSION.", param_hint="--model")
    with workflow.opened(dossier) as (case, ledger):
        now = situation.of(case, ledger)
        digest = brief_versions.write(
            dossier,
            now,
            text,
            by=by or getpass.getuser(),
            language=language,
            section=section,
            entries=entry or [],
            model=Model(name, version) if name else None,
        )
    print(f"{digest[:12]}: stands in {section}.")


@app.command("publish")
def publish(
    dossier: DossierFolder = HERE,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who answers for it.")] = "",
    lang: Annotated[
        list[str] | None, typer.Option(metavar="fr|en|ru", help="Language; repeatable.", show_default="all three")
    ] = None,
    exempt: Annotated[
        bool, typer.Option("--exempt", help="Claim the exemption of Article 50(4): every sentence was reviewed.")
    ] = False,
    correct: Annotated[
        list[str] | None,
        typer.Option(metavar="N:LANG=TEXT", help="What was wrong in version N; repeatable."),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Publish the brief as it stands, as a version that stays.

    Refused unless every sentence has evidence or a named judge and every number the version of its data. The label that
    the EU AI Act asks for is derived from the log. With --exempt each sentence of a machine must have been reviewed.

    Example:

        $ detente brief publish --by "Anna Lind"
    """
    from detente import workflow
    from detente.publish import brief_versions
    from detente.terms import LANGUAGES

    languages = [read_language(each) for each in lang] if lang else list(LANGUAGES)
    corrections = _corrections(correct or [])
    with workflow.opened(dossier) as (case, ledger):
        made, skipped = brief_versions.publish(
            case, ledger, by=by, languages=languages, exempt=exempt, corrections=corrections
        )
    if json:
        show_json(_version_json(made, []))
    elif not quiet:
        print(f"Version {made.version} of {made.day.isoformat()}, {', '.join(made.text_sha256)}: {made.responsible}.")
        for name in made.files:
            print(f"  {dossier / 'briefs' / name}")
    if skipped:
        complain("no PDF was made: pip install 'detente[pdf]'.")


def _corrections(given: list[str]) -> list[Any]:
    from detente.publish.brief_log import Correction
    from detente.publish.text import flat

    told: dict[int, dict[str, str]] = {}
    for each in given:
        number, colon, rest = each.partition(":")
        language, sign, text = rest.partition("=")
        if not (colon and sign and re.fullmatch("[0-9]{1,9}", number) and flat(text)):
            raise typer.BadParameter(
                f"{each!r} is not N:LANG=TEXT. Write 1:en=A date was wrong.", param_hint="--correct"
            )
        texts = told.setdefault(int(number), {})
        known = texts.get(read_language(language))
        texts[read_language(language)] = f"{known} {flat(text)}" if known else flat(text)
    return [Correction(number, texts) for number, texts in told.items()]


def _version_json(made: Any, damaged: list[str]) -> dict[str, Any]:
    return {
        "version": made.version,
        "supersedes": made.supersedes or None,
        "responsible_person": made.responsible,
        "approved_at": made.at.isoformat(),
        "day": made.day.isoformat(),
        "data_version": made.data_version,
        "exempt": made.exempt,
        "languages": list(made.text_sha256),
        "text_sha256": dict(made.text_sha256),
        "files": dict(made.files),
        "corrections": [{"version": each.version, "text": dict(each.text)} for each in made.corrections],
        "log_row": made.seq,
        "damaged": damaged,
    }


@app.command("versions")
def versions(dossier: DossierFolder = HERE, as_of: AsOf = None, json: Json = False) -> None:
    """List the versions published, and whether their files are whole.

    Example:

        $ detente brief versions
    """
    from detente.publish import brief_log, brief_versions

    found = brief_log.read(dossier, as_of=read_moment(as_of)).versions
    broken = {each.version: brief_versions.damaged(dossier, each) for each in found}
    if json:
        show_json([_version_json(each, broken[each.version]) for each in found])
    elif not found:
        print("No version has been published.")
    else:
        columns = [
            ("version", "right"),
            ("published", "left"),
            ("by", "left"),
            ("languages", "left"),
            ("label", "left"),
        ]
        rows = [
            (
                str(each.version),
                each.at.strftime("%Y-%m-%d %H:%M UTC"),
                each.responsible,
                " ".join(each.text_sha256),
                "exempt" if each.exempt else "label",
            )
            for each in found
        ]
        show_table("", columns, rows)
    for number, names in broken.items():
        for name in names:
            complain(f"version {number}: {name} is missing or was changed after it was published.")
    if any(broken.values()):
        raise typer.Exit(1)


@app.command("diff")
def diff(
    dossier: DossierFolder = HERE,
    lang: Lang = "en",
    before: Annotated[int | None, typer.Option("--from", metavar="N", help="Version; the last unless given.")] = None,
    after: Annotated[int | None, typer.Option("--to", metavar="N", help="Version; the draft unless given.")] = None,
    json: Json = False,
) -> None:
    """Show what changed between two versions, or since the last one.

    Example:

        $ detente brief diff --lang fr
    """
    from detente.publish import brief_log, brief_versions

    language = read_language(lang)
    found = brief_log.read(dossier).versions
    if not found:
        print("No version has been published.")
        return
    old = brief_versions.record(dossier, before if before is not None else found[-1].version, language)
    new = _made(dossier, language).as_json() if after is None else brief_versions.record(dossier, after, language)
    changes = brief_versions.diff(old, new)
    if json:
        show_json(
            {
                "from": old["version"],
                "to": new["version"],
                "label": [old["label"]["line"], new["label"]["line"]],
                "data_version": [old["data_version"], new["data_version"]],
                "sections": [
                    {"id": c.section, "heading": c.heading, "gone": list(c.gone), "new": list(c.new)} for c in changes
                ],
            }
        )
        return
    lines = [f"version {old['version']} -> {'draft' if new['version'] is None else 'version ' + str(new['version'])}"]
    for name, a, b in (
        ("label", old["label"]["line"], new["label"]["line"]),
        ("data version", old["data_version"], new["data_version"]),
    ):
        lines += ["", name, f"- {a}", f"+ {b}"] if a != b else []
    for change in changes:
        lines += ["", change.heading or change.section]
        lines += [*(f"- {text}" for text in change.gone), *(f"+ {text}" for text in change.new)]
    show("\n".join(lines) if len(lines) > 1 else "Nothing has changed.")
