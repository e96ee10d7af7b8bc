"""The languages that can be read, a folder each: words, forms and time expressions as data, no code.

A folder is named after the ISO 639-1 code of its language. Each file in it is a table that one part of the coder reads
(`events.toml`, `times.toml`, `reporting.toml` …); a language without one is read without what it would tell.
"""

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
        sorted(item.name for item in files(__name__).iterdir() if item.is_dir() and _CODE.fullmatch(item.name))
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
    source = files(__name__).joinpath(code, f"{name}.toml")
    if not source.is_file():
        return {}
    try:
        return tomllib.loads(source.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as problem:
        raise LanguageError(f"languages/{code}/{name}.toml: {problem}. Correct the file.") from problem
