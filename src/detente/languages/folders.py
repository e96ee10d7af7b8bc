"""Where the folders of the languages lie, and their files as TOML gives them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from detente.errors import LanguageError

_CODE = re.compile("[a-z]{2,3}")


_ADDED: dict[str, Traversable] = {}


def add(folder: Path) -> None:
    """Make a folder outside the package a language that can be read; its name is the language's code.

    Raises:
        LanguageError: There is no such folder, its name is no code, or the code is taken.
    """
    if not folder.is_dir() or not _CODE.fullmatch(folder.name):
        raise LanguageError(f"{folder}: no folder named after an ISO 639 code. Name it like 'es'.")
    if folder.name in codes():
        raise LanguageError(f"{folder}: there is a language {folder.name!r} already. A language has one folder.")
    _ADDED[folder.name] = folder
    codes.cache_clear()
    table.cache_clear()


@cache
def codes() -> tuple[str, ...]:
    """Codes of the languages with a folder, in alphabetical order.

    >>> codes()
    ('en', 'es', 'fr', 'ru')
    """
    folders = (item.name for item in files("detente.languages").iterdir() if item.is_dir())
    return tuple(sorted({*(name for name in folders if _CODE.fullmatch(name)), *_ADDED}))


def rows(code: str, name: str) -> list[list[str]]:
    """Rows of a tab-separated file of a language, without comments; empty where the language has no such file."""
    if code not in codes():
        return []
    source = (_ADDED.get(code) or files("detente.languages").joinpath(code)).joinpath(f"{name}.tsv")
    if not source.is_file():
        return []
    lines = source.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@cache
def table(code: str, name: str) -> Mapping[str, Any]:
    """One file of a language, as TOML gives it; empty where the language has no such file.

    >>> table("fr", "places")["between"]
    ['entre']

    Raises:
        LanguageError: The file is no TOML.
    """
    if code not in codes():
        return {}
    source = (_ADDED.get(code) or files("detente.languages").joinpath(code)).joinpath(f"{name}.toml")
    if not source.is_file():
        return {}
    try:
        return tomllib.loads(source.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as problem:
        raise LanguageError(f"languages/{code}/{name}.toml: {problem}. Correct the file.") from problem
