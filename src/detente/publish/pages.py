"""Templates: every value is escaped, so that what we quote can never be markup or script."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from detente import __version__
from detente.publish.catalogue import Words

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
"""Content security policy of every page: nothing is loaded from anywhere, and no script runs."""


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("detente.publish", "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def style() -> str:
    """The one style sheet, put into each page so that it opens from disk."""
    return (files("detente.publish") / "templates" / "style.css").read_text(encoding="utf-8")


def render(template: str, language: str, **values: Any) -> str:
    """Fill in a template in one language."""
    shown: dict[str, Any] = {"words": Words(language), **values}
    shown |= {"language": language, "style": style(), "policy": POLICY, "version": __version__}
    return _environment().get_template(template).render(**shown)
