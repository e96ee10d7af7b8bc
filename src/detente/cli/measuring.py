"""Commands that measure how the relationship moves: one for each reading, all with the same options."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from detente.cli.options import HERE, AsOf, DossierFolder, Json, Lang, read_day, read_dyad, read_language, read_moment
from detente.cli.output import show, show_json
from detente.publish.readings import READERS

Svg = Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Write the figure to this file.")]
Origin = Annotated[
    str,
    typer.Option(
        "--origin",
        metavar="NAME",
        help="Measure this event database instead of our own codings: gdelt, icews, polecat, gdelt-net, icews-yearly.",
    ),
]
Pair = Annotated[str | None, typer.Option("--dyad", metavar="AAA-BBB", help="Measure another pair of states.")]
Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="Begin at this day.")]


def register(app: typer.Typer) -> None:
    """Add a command for each reading, but for those with options of their own."""
    for name in READERS:
        app.command(name)(_OWN_COMMANDS.get(name) or _command(name))


def measured(
    name: str,
    *,
    dossier: Path,
    as_of: str | None,
    since: str | None,
    dyad: str | None,
    origin: str,
    svg: Path | None,
    lang: str,
    json: bool,
    **options: Any,
) -> None:
    """Read a measure and print it; `options` go to the reading."""
    from detente import workflow
    from detente.publish import readings

    with workflow.material(
        dossier,
        as_of=read_moment(as_of),
        origin=origin,
        dyad=read_dyad(dyad),
        since=read_day(since, "--since"),
    ) as material:
        reading = readings.read(name, material, **options)
        if svg is not None:
            svg.write_text(reading.svg(read_language(lang)) + "\n", encoding="utf-8")
        if json:
            show_json(reading.as_json())
        else:
            show(reading.text(read_language(lang)))


def _command(name: str) -> Callable[..., None]:
    def run(
        dossier: DossierFolder = HERE,
        as_of: AsOf = None,
        since: Since = None,
        dyad: Pair = None,
        origin: Origin = "detente",
        svg: Svg = None,
        lang: Lang = "en",
        json: Json = False,
    ) -> None:
        measured(
            name, dossier=dossier, as_of=as_of, since=since, dyad=dyad, origin=origin, svg=svg, lang=lang, json=json
        )

    run.__doc__ = _help(name)
    return run


def _help(name: str) -> str:
    reader = READERS[name]
    more = f"{reader.more}\n\n" if reader.more else ""
    return inspect.cleandoc(f"{reader.summary}\n\n{more}Example:\n\n    $ detente {name}")


def _index(
    dossier: DossierFolder = HERE,
    as_of: AsOf = None,
    since: Since = None,
    dyad: Pair = None,
    origin: Origin = "detente",
    model: Annotated[
        str, typer.Option("--model", metavar="level|decayed|tsinghua|of-world", help="How scores become an index.")
    ] = "level",
    of_world: Annotated[
        bool,
        typer.Option("--of-world", help="Shares of all states' events in a database, by week: --model of-world."),
    ] = False,
    acts: Annotated[str, typer.Option("--acts", metavar="all|verbal|material", help="Words or deeds alone.")] = "all",
    track: Annotated[str | None, typer.Option("--track", metavar="TRACK", help="Events on this issue alone.")] = None,
    last: Annotated[int, typer.Option(metavar="N", min=0, help="Days to show.")] = 14,
    imported: Annotated[
        bool, typer.Option("--imported", help="Count what was imported instead, each database for itself.")
    ] = False,
    svg: Svg = None,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    if not imported:
        measured(
            "index",
            dossier=dossier,
            as_of=as_of,
            since=since,
            dyad=dyad,
            origin=origin,
            svg=svg,
            lang=lang,
            json=json,
            last=last,
            model="of-world" if of_world else model,
            acts=acts,
            track=track,
        )
        return
    from detente import workflow
    from detente.engine.imported import imported_daily

    if as_of:
        raise typer.BadParameter("imported rows have no day of recording. Leave it out.", param_hint="--as-of")
    with workflow.opened(dossier) as (case, _):
        found = imported_daily(dossier, read_dyad(dyad) or case.dyad)
        if json:
            show_json(found.as_json())
        else:
            show("\n".join(found.lines(last=last)))


def _breaks(
    dossier: DossierFolder = HERE,
    as_of: AsOf = None,
    since: Since = None,
    dyad: Pair = None,
    origin: Origin = "detente",
    step: Annotated[
        str, typer.Option("--step", metavar="week|month", help="What the series is cut in: months for slow turns.")
    ] = "week",
    svg: Svg = None,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    measured(
        "breaks",
        dossier=dossier,
        as_of=as_of,
        since=since,
        dyad=dyad,
        origin=origin,
        svg=svg,
        lang=lang,
        json=json,
        step=step,
    )


_OWN_COMMANDS: Mapping[str, Callable[..., None]] = {"index": _index, "breaks": _breaks}
for _name, _made in _OWN_COMMANDS.items():
    _made.__doc__ = _help(_name)
