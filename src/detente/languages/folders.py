"""Where the folders of the languages lie, and their files as TOML gives them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from detente.errors import LanguageError

_CODE = re.compile("[a-z]{2,3}")


@cache
def codes() -> tuple[str, ...]:
    """Codes of the languages with a folder, in alphabetical order.

    >>> codes()
    ('en', 'fr', 'ru')
    """
    return tuple(
        sorted(
            item.name for item in files("detente.languages").iterdir() if item.is_dir() and _CODE.fullmatch(item.name)
        )
    )


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
    source = files("detente.languages").joinpath(code, f"{name}.toml")
    if not source.is_file():
        return {}
    try:
        return tomllib.loads(source.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as problem:
        raise LanguageError(f"languages/{code}/{name}.toml: {problem}. Correct the file.") from problem
