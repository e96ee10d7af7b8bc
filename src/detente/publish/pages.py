"""Templates: every value is escaped, so that what we quote can never be markup or script."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from detente import __version__
from detente.publish.catalogue import Words
from detente.publish.disclosure import IPTC, data_block
from detente.publish.text import harmless


def _shown(value: Any) -> Any:
    """Whatever a template prints is made harmless on its way, what is markup already too: texts of others are in it."""
    if hasattr(value, "__html__"):
        return Markup(harmless(value.__html__()))  # noqa: S704 - markup before, and nothing that is put in is a sign of it
    return harmless(value) if isinstance(value, str) else value


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("detente.publish", "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def style() -> str:
    """The one style sheet, put into each page so that it opens from disk."""
    return (files("detente.publish") / "templates" / "style.css").read_text(encoding="utf-8")


@cache
def script() -> str:
    """The one script, put into each page for the same reason: keys, charts by keyboard, and filters of files."""
    return (files("detente.publish") / "templates" / "pages.js").read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def policy(*, desk: bool = False, served: bool = False) -> str:
    """Content security policy of every page: its own style sheet and script, known by their digests, and nothing else.

    Args:
        desk: For the pages of the desk, which have forms, and a script and a style sheet from the same address.
        served: For pages of the application, whose forms it answers.
    """
    if desk:
        own = f"style-src {_digest(style())} 'self'; script-src 'self'; connect-src 'self'; form-action 'self'"
        return f"default-src 'none'; {own}; base-uri 'none'"
    action = "'self'" if served else "'none'"
    own = f"style-src {_digest(style())}; script-src {_digest(script())}"
    return f"default-src 'none'; {own}; base-uri 'none'; form-action {action}"


_TOKENS = re.compile(
    r"<!--.*?-->|<(?P<whole>script|style|svg|title|textarea|option)\b.*?</(?P=whole)>"
    r"|<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>|(?P<text>[^<]+)",
    re.DOTALL,
)
_STRETCH = re.compile("[−+]?\\d[\\d.,\u00a0\u202f]*–[−+]?\\d[\\d.,\u00a0\u202f]*%?")


def unbroken(markup: str) -> str:
    """A page whose intervals stay on one line: browsers break after an en dash (Unicode TR 14, class BA).

    What the page says, and what is copied from it, stays the same to the letter.

    >>> unbroken('<p title="7–34">7–34%</p>')
    '<p title="7–34"><span class="whole">7–34%</span></p>'
    """

    def kept(found: re.Match[str]) -> str:
        text = found["text"]
        if not text or "–" not in text:
            return found[0]
        return _STRETCH.sub(lambda stretch: f'<span class="whole">{stretch[0]}</span>', text)

    return _TOKENS.sub(kept, markup)


def render(template: str, language: str, *, desk: bool = False, **values: Any) -> str:
    """Fill in a template in one language."""
    shown: dict[str, Any] = {
        "query": "",
        "given": (),
        "asked_for": "",
        "served": False,
        "words": Words(language),
        **values,
    }
    allowed = policy(desk=desk, served=bool(shown["served"]))
    shown |= {"language": language, "style": style(), "script": script(), "policy": allowed, "version": __version__}
    shown |= {"iptc": IPTC, "data_block": data_block}
    return unbroken(_environment().get_template(template).render(**shown))
