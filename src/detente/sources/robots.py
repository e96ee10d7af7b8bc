"""What a site's robots.txt asks of programs.

The standard library's `urllib.robotparser` knows no wildcards and takes the first rule that matches rather than the
longest, so that `Disallow: /*.pdf$` would forbid nothing and `Disallow: /` before `Allow: /news` everything.

Source:
    Koster, Illyes, Zeller, Sassman (2022), Robots Exclusion Protocol, RFC 9309.
"""

from __future__ import annotations

import re
import string
import urllib.parse
from dataclasses import dataclass

AGENT = "detente"
"""The name that rules for us are written under."""
MOST_BYTES = 512_000
"""RFC 9309, 2.5: at least 500 kibibytes are read."""
_MOST_RULES = 10_000
_UNRESERVED = frozenset(string.ascii_letters + string.digits + "-._~")
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for us.

    Attributes:
        rules: Whether it allows, its path, and the line as it stands there, in order.
        delay_seconds: Crawl-delay, which is no part of the standard, or 0.
    """

    rules: tuple[tuple[bool, str, str], ...] = ()
    delay_seconds: float = 0.0

    def forbids(self, url: str) -> str:
        """The line that forbids an address, or nothing: the longest that matches decides, of two as long the kinder.

        >>> rules = read("User-agent: *\\nDisallow: /\\nAllow: /news/\\nDisallow: /*.pdf$")
        >>> rules.forbids("https://example.org/desk"), rules.forbids("https://example.org/news/2025")
        ('Disallow: /', '')
        >>> rules.forbids("https://example.org/news/a.pdf")
        'Disallow: /*.pdf$'
        """
        parts = urllib.parse.urlsplit(url)
        path = _plain((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        if path == "/robots.txt":
            return ""
        longest, decided, said = -1, True, ""
        for allows, pattern, line in self.rules:
            if (len(pattern), allows) > (longest, decided) and _matches(pattern, path):
                longest, decided, said = len(pattern), allows, line
        return "" if decided else said


def read(text: str) -> Rules:
    """The rules written for us, else those for all; lines that are none are passed over."""
    ours: list[tuple[bool, str, str]] = []
    others: list[tuple[bool, str, str]] = []
    delays: dict[str, float] = {}
    agents: set[str] = set()
    named_us = naming = False
    for line in re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")):
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            if not naming:
                agents = set()
            agents.add(re.split(r"[^a-z_*-]", value.lower(), maxsplit=1)[0])
            naming, named_us = True, named_us or AGENT in agents
        elif key in ("allow", "disallow"):
            naming = False
            if value and len(ours) + len(others) < _MOST_RULES:
                rule = (key == "allow", _plain(value), f"{key.capitalize()}: {value[:200]}")
                if AGENT in agents:
                    ours.append(rule)
                if "*" in agents:
                    others.append(rule)
        elif key == "crawl-delay":
            naming = False
            if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", value, re.ASCII):
                delays |= {agent: float(value) for agent in agents}
    if named_us:
        return Rules(tuple(ours), delays.get(AGENT, 0.0))
    return Rules(tuple(others), delays.get("*", 0.0))


def _plain(path: str) -> str:
    """One spelling: letters and digits as they are, everything else that may be escaped escaped in capitals."""

    def spelt(found: re.Match[str]) -> str:
        letter = chr(int(found[1], 16))
        return letter if letter in _UNRESERVED else f"%{found[1].upper()}"

    return urllib.parse.quote(_ESCAPED.sub(spelt, path), safe="/%:@!$&'()*+,;=~-._?[]")


def _matches(pattern: str, path: str) -> bool:
    """Whether a path begins with a pattern, in which `*` stands for anything and a last `$` for the end."""
    ends = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not others:
        return not ends or at == len(path)
    last = others.pop() if ends else ""
    for piece in others:  # the leftmost place leaves most room for the rest, so nothing is tried twice
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return not ends or (len(path) - len(last) >= at and path.endswith(last))
