"""Options that several commands share, and how their values are read."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from detente.terms import Dyad

DossierFolder = Annotated[
    Path, typer.Option("--dossier", "-d", metavar="DIR", help="Folder with dossier.toml.", show_default="this folder")
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Use only what was recorded by the end of this day (UTC), or moment."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
Lang = Annotated[str, typer.Option("--lang", metavar="fr|en|ru", help="Language of what is written.")]

HERE = Path()


def read_day(text: str | None, option: str) -> date | None:
    """A day as given to an option.

    Raises:
        typer.BadParameter: It is no ISO 8601 day.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day. Write 2025-04-30.", param_hint=option) from None


def read_address(text: str) -> str:
    """Where pages stand, ending in a slash; empty where nothing was given.

    Raises:
        typer.BadParameter: It is no address.
    """
    if not text:
        return ""
    if not re.fullmatch(r"https?://[^\s<>\"'?#]+", text):
        raise typer.BadParameter(f"{text!r} is no address. Write https://example.org/dossier/.", param_hint="--address")
    return f"{text.rstrip('/')}/"


def read_moment(text: str | None, option: str = "--as-of") -> date | datetime | None:
    """A day, or a moment with its offset from UTC.

    Raises:
        typer.BadParameter: It is neither, or a moment without an offset.
    """
    if text is None or len(text) <= 10:
        return read_day(text, option)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is neither a day nor a moment. Write 2025-04-30 or 2025-04-30T12:00:00+00:00.",
            param_hint=option,
        ) from None
    if moment.tzinfo is None:
        raise typer.BadParameter(f"{text!r} has no offset from UTC. Add +00:00.", param_hint=option)
    return moment


def read_language(text: str) -> str:
    """One of the three languages.

    Raises:
        typer.BadParameter: It is another.
    """
    if text not in ("fr", "en", "ru"):
        raise typer.BadParameter(f"{text!r} is not one of fr, en, ru.", param_hint="--lang")
    return text


def read_dyad(text: str | None) -> Dyad | None:
    """A pair of states, `USA-CUB`.

    Raises:
        typer.BadParameter: It is no pair of two codes.
    """
    if text is None:
        return None
    codes = sorted(text.split("-"))
    if not re.fullmatch(r"[A-Z]{3}-[A-Z]{3}", text) or codes[0] == codes[1]:
        raise typer.BadParameter(f"{text!r} is no pair of two states. Write USA-CUB.", param_hint="--dyad")
    return Dyad(codes[0], codes[1])
