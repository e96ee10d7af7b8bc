"""The brief as Markdown, in which what we quote is data and never markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from detente.publish.catalogue import Words
from detente.publish.citing import Cited, link_of, source_text
from detente.publish.disclosure import IPTC
from detente.publish.text import flat

if TYPE_CHECKING:
    from detente.publish.brief_record import Brief

# Every sign with a meaning in CommonMark or in GitHub's extensions (tables, strikethrough, formulas, mentions).
_MARKDOWN = str.maketrans({c: f"\\{c}" for c in "\\`*_[]{}<>#|~$&@^"})
_LINE_START = re.compile(r"^([-+=]|\d+[.)])")
_BARE_ADDRESS = re.compile(r"(?i)(://)|(www)\.")


def plain(text: str) -> str:
    """Text that Markdown shows as it is: what we quote is data, never markup, nor a link by its looks alone.

    >>> plain("<b>1</b> [x](javascript:y) https://x.test")
    '\\\\<b\\\\>1\\\\</b\\\\> \\\\[x\\\\](javascript:y) https:\\\\//x.test'
    """
    safe = flat(text).translate(_MARKDOWN)
    safe = _LINE_START.sub(lambda m: m[1][:-1] + "\\" + m[1][-1], safe)
    return _BARE_ADDRESS.sub(lambda m: ":\\//" if m[1] else f"{m[2]}\\.", safe)


def _footnote(cited: Cited, words: Words) -> str:
    """Quote, outlet, title, day, address, place in the text, and what machine and person did."""
    link = link_of(cited.document)
    # In an autolink a Markdown reader takes every character as it is; `link_of` lets none through that would end it.
    address = f" <{link}>." if link else ""
    place = f"{cited.document.id} {cited.evidence.start}:{cited.evidence.end}"
    quote = plain(words.quoted(cited.evidence.quote))
    source = plain(str(source_text(cited, words)))
    return f"{quote} {source}.{address} {plain(place)} ({plain(cited.done(words))})"


def markdown(brief: Brief) -> str:
    """Title, label, sections and notes; the marks for machines stand at the end, where no reader is shown them."""
    words = Words(brief.language)
    lines = [f"# {plain(brief.title)}", "", f"*{plain(brief.label)}*", "", plain(brief.draft_line), ""]
    notice = brief.situation.dossier.notice_in(brief.language)
    if notice:
        lines += [f"> {plain(notice)}", ""]
    for section in brief.sections:
        if section.heading:
            lines += [f"## {plain(section.heading)}", ""]
        told = []
        for s in section.sentences:
            refs = "".join(f"[^{ref}]" for ref in brief.refs(s))
            told.append([f"{plain(str(s.told(words)))}{refs}"])
            told[-1] += [
                f"    {order}. {plain(p.evidence.quote)}[^{brief.number(p)}]"
                for order, p in enumerate(s.points, start=1)
            ]
        if section.prose:
            lines += [" ".join(line for each in told for line in each), ""]
        else:
            lines += [f"- {first}" if not at else first for each in told for at, first in enumerate(each)] + [""]
    if brief.publication and brief.publication.corrections:
        lines += [f"## {plain(words('Corrections'))}", ""]
        for each in brief.publication.corrections:
            head = words("Version {n}", n=words.number(each.version)) + words.colon()
            lines.append(f"- {head}{plain(' '.join(each.told(brief.language).values()))}")
        lines.append("")
    if brief.footnotes or brief.data:
        lines += [f"## {words('Sources')}", ""]
    for position, cited in enumerate(brief.footnotes, start=1):
        lines.append(f"[^{position}]: {_footnote(cited, words)}")
    for data in brief.data:
        lines.append(f"[^{brief.letter(data)}]: {plain(words('Data'))}{words.colon()}{plain(data.name)}")
    # Definitions that nothing refers to: every Markdown reader takes them and shows none.
    lines += [
        "",
        f'[ai-disclosure]: # "{brief.meta}"',
        f"[digital-source-type]: {IPTC}{brief.source_type}",
        f'[data-version]: # "{brief.situation.data_version}"',
        f'[text-sha256]: # "{brief.text_sha256}"',
    ]
    return "\n".join(lines) + "\n"
