"""The lists of boilerplate.toml, read once and made into patterns."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_MONTH = (
    r"(?:janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc|jan|feb|mar|apr|may|jun|jul|aug|sep|dec"
    r"|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[^\W\d_]*\.?"
)
_DAY = (
    rf"(?:\d{{1,2}}(?:er|st|nd|rd|th)? {_MONTH},? \d{{4}}(?: года| г\.)?|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}"
    r"|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2})"
)
_DATE = (
    rf"(?:(?:[^\W\d_]{{3,11}}\.?,? )?(?:{_DAY}|\d{{1,2}}(?:er|st|nd|rd|th)? {_MONTH}|{_MONTH} \d{{1,2}}\b)"
    r"|aujourd['’]hui|hier|today|yesterday|сегодня|вчера"
    r"|\d+ (?:minutes?|heures?|jours?|hours?|days?|минут[уы]?|час(?:а|ов)?|дн(?:я|ей))(?: ago| назад)?)"
)
_CLOCK = (
    r"(?:(?:\d{1,2} ?[:.hч] ?\d{2}(?::\d{2})?(?: ?[ap]\.?m\b\.?)?|\d{1,2} ?(?:h(?:eures?)?\b|[ap]\.?m\b\.?))"
    r"(?: ?\(?(?:gmt|utc|ce?s?t|e[ds]?t|pt|p[ds]t|bst|msk|мск"
    r"|heure de [^\W\d_]+|(?:по )?(?:московскому времени|москве)|[^\W\d_]+ time)"
    r"(?: ?[+-] ?\d{1,2}(?::?\d{2})?)?\)?)?)"
)
_NAME = (
    r"(?-i:[A-ZÀ-ÝА-ЯЁ](?:\.|[\w'’-]+)"
    r"(?: (?:[A-ZÀ-ÝА-ЯЁ]\. ?|de |von |van |d['’]|la ){0,2}[A-ZÀ-ÝА-ЯЁ][\w'’-]+){1,3})"
)
_ONE_AGENCY = (
    r"(?:l['’])?(?:(?:the )?associated press"
    r"|agence france[- ]presse|reuters|рейтер|afp|афп|ap|aap|ats|keystone-ats|belga|dpa|efe|ansa|afx|upi|tass|тасс"
    r"|интерфакс|interfax|ria novosti|риа(?: «?новости»?)?"
    r"|xinhua|kyodo|anadolu|bloomberg|rfe/rl|укринформ|ukrinform|unian|униан|белта|belta"
    r"|(?:plusieurs |other |news |wire |press |information |international )?"
    r"(?:agences?|agency|agencies)(?: de presse| reports?)?"
    r"|(?:информационных )?(?:информ)?агентств(?:а|ами|о)?|wires?|wire services?|сми)"
)
_AGENCY = rf"{_ONE_AGENCY}(?:(?:,| ?/| ?[–-]|,? et| ?&|,? and|,? и| de l['’]| des) ?{_ONE_AGENCY}){{0,5}}"
_MACROS = {"<agency>": _AGENCY, "<date>": _DATE, "<clock>": _CLOCK, "<name>": _NAME}


@dataclass(frozen=True, slots=True)
class Lists:
    """Patterns by what they find; each is described at the top of boilerplate.toml."""

    opens: re.Pattern[str]
    related: re.Pattern[str]
    boxes: re.Pattern[str]
    heads: re.Pattern[str]
    inline: re.Pattern[str]
    notice: re.Pattern[str]
    credit: re.Pattern[str]
    age: re.Pattern[str]
    label: re.Pattern[str]
    labels_inline: re.Pattern[str]
    section: re.Pattern[str]
    announced: re.Pattern[str]
    starts: re.Pattern[str]
    alone: re.Pattern[str]
    piece: re.Pattern[str]
    beside: re.Pattern[str]
    byline: re.Pattern[str]
    top_home: re.Pattern[str]
    top_sure: re.Pattern[str]
    top_page: re.Pattern[str]
    top_body: re.Pattern[str]
    tag_head: re.Pattern[str]
    tag_line: re.Pattern[str]
    tag_tail: re.Pattern[str]
    caption_sign: re.Pattern[str]
    caption_credit: re.Pattern[str]
    caption_verb: re.Pattern[str]
    caption_not: re.Pattern[str]
    dated: re.Pattern[str]
    named: re.Pattern[str]
    bio: re.Pattern[str]
    bio_not: re.Pattern[str]


def _loose(pattern: str) -> str:
    """Macros written out, blanks as any blanks, apostrophes as any apostrophe."""
    pattern = pattern.replace("'", "['’]")
    for macro, written in _MACROS.items():
        pattern = pattern.replace(macro, written)
    return pattern.replace(" ?", "\\s?").replace(" ", "\\s+")


def _any(patterns: list[str]) -> str:
    return "|".join(_loose(pattern) for pattern in patterns)


@lru_cache(maxsize=1)
def lists() -> Lists:
    """Every pattern, compiled; held for the life of the process."""
    held = tomllib.loads(files("detente.documents").joinpath("boilerplate.toml").read_text(encoding="utf-8"))
    opens = _any([p for room in ("share", "related", "follow") for p in held[room]["opens"]])
    heads = _any([p for room in ("share", "related", "follow") for p in held[room]["heads"]])
    closes = _any(held["credit"]["closes"])
    labels = _any(held["label"]["field"])
    age = _any(held["age"]["phrase"])
    top = held["top"]
    caption = held["caption"]
    every = re.IGNORECASE

    def whole(patterns: list[str]) -> re.Pattern[str]:
        return re.compile(rf"(?:{_any(patterns)})", every)

    def word(patterns: list[str]) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w'’-])(?:{_any(patterns)})(?![\w'’-])", every)

    return Lists(
        opens=re.compile(rf"(?:{opens})", every),
        related=re.compile(rf"(?:{_any(held['related']['opens'])})", every),
        boxes=re.compile(rf"(?<!\w)(?:{_any(held['related']['opens'] + held['related']['boxes'])})", every),
        heads=re.compile(rf"(?:{heads})\s*(?::|$|\n)", every),
        inline=re.compile(rf"(?<![^\W_])(?:{opens}|{closes})|(?<=[a-zа-яё])(?-i:(?=[A-ZА-ЯЁ]))(?:{opens})", every),
        notice=re.compile(rf"(?:{_any(held['notice']['anywhere'])})", every),
        credit=re.compile(rf"(?:{_any(held['credit']['line'])})$", every),
        age=re.compile(rf"(?:^.{{0,60}}?(?:{age})[\s.]*$|^(?:{age})\b)", every),
        label=re.compile(rf"(?:{labels})(?=\s|:|$)", every),
        labels_inline=re.compile(rf"(?<!\w)(?-i:(?=[A-ZА-ЯЁÉ]))(?:{labels})(?=\s|:|$)", every),
        section=re.compile(rf"(?:{_any(held['section']['name'])})\s+(?-i:(?=[^\W_a-zа-яё]))", every),
        announced=re.compile(rf"(?<!\s)(?:\s*(?:{_any(held['section']['below'])})(?!\w))+", every),
        starts=re.compile(rf"(?<=[^\W\d_] )(?:{_any(held['section']['starts'])})"),
        alone=whole(held["alone"]["line"]),
        piece=re.compile(rf"(?:{_any(held['piece']['part'])})(?!\w)", every),
        beside=re.compile(rf"(?:{_any(held['piece']['beside'])})(?!\w)", every),
        byline=whole(
            [
                "(?:par|by|автор ?:) <name>(?:(?:,| et| and| и) <name>){0,3}"
                "(?:(?:,| à| in| \\|) (?-i:[A-ZÀ-ÝА-ЯЁ])[\\w .-]{1,40})?"
            ]
        ),
        top_home=whole(top["home"]),
        top_sure=whole(top["sure"]),
        top_page=whole(top["home"] + top["sure"] + top["page"]),
        top_body=whole(top["body"]),
        tag_head=re.compile(rf"(?:{_any(held['tags']['head'])})\s?:?", every),
        tag_line=whole(held["tags"]["line"]),
        tag_tail=whole(held["tags"]["tail"]),
        caption_sign=whole(caption["sign"]),
        caption_credit=re.compile(rf"(?<!\w)(?:{_any(caption['credit'])})[.)\]]*$", every),
        caption_verb=word(caption["verb"]),
        caption_not=word(caption["not"]),
        dated=re.compile(_loose(rf"(?:,|\b(?:on|le|du|в|от)) {_DAY}$"), every),
        named=re.compile(_loose(r"(?:[^\W\d_][\w-]*(?:(?: |')[^\W\d_][\w-]*){0,4}? )??<name>"), every),
        bio=whole(held["bio"]["line"]),
        bio_not=word(held["bio"]["not"]),
    )
