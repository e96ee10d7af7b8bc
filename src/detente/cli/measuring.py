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
    """Add a command for each reading."""
    for name in READERS:
        app.command(name)(_command(name))


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


def _asked(
    dossier: DossierFolder = HERE,
    as_of: AsOf = None,
    since: Since = None,
    dyad: Pair = None,
    origin: Origin = "detente",
    svg: Svg = None,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """The options that every measure takes."""


def _command(name: str) -> Callable[..., None]:
    """A command with those options, and the ones of its own before the last three."""
    reading, own = _OWN.get(name, (measured, _asked))
    shared = dict(inspect.signature(_asked, eval_str=True).parameters)
    more = {key: each for key, each in inspect.signature(own, eval_str=True).parameters.items() if key not in shared}
    last = {key: shared.pop(key) for key in ("svg", "lang", "json")}

    def run(**options: Any) -> None:
        reading(name, **options)

    asked = {**shared, **more, **last}
    run.__signature__ = inspect.Signature([*asked.values()])  # type: ignore[attr-defined]
    run.__annotations__ = {key: each.annotation for key, each in asked.items()} | {"return": None}
    run.__doc__ = _help(name)
    return run


def _help(name: str) -> str:
    reader = READERS[name]
    more = f"{reader.more}\n\n" if reader.more else ""
    return inspect.cleandoc(f"{reader.summary}\n\n{more}Example:\n\n    $ detente {name}")


def _of_index(
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
) -> None: ...


def _index(name: str, *, imported: bool, of_world: bool, model: str, last: int, **options: Any) -> None:
    if not imported:
        measured(name, model="of-world" if of_world else model, last=last, **options)
        return
    from detente import workflow
    from detente.engine.imported import imported_daily

    if options["as_of"]:
        raise typer.BadParameter("imported rows have no day of recording. Leave it out.", param_hint="--as-of")
    with workflow.opened(options["dossier"]) as (case, _):
        found = imported_daily(options["dossier"], read_dyad(options["dyad"]) or case.dyad)
        if options["json"]:
            show_json(found.as_json())
        else:
            show("\n".join(found.lines(last=last)))


def _of_breaks(
    step: Annotated[
        str, typer.Option("--step", metavar="week|month", help="What the series is cut in: months for slow turns.")
    ] = "week",
) -> None: ...


_OWN: Mapping[str, tuple[Callable[..., None], Callable[..., None]]] = {
    "index": (_index, _of_index),
    "breaks": (measured, _of_breaks),
}
"""What some measures do themselves, and the options that they alone take."""
