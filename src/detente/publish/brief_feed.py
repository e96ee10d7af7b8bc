"""What was published of the brief, as a feed: each version with what changed in it, each correction by itself.

Everything is read from what was kept when it went out; nothing is written anew, so an item never changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from detente.publish import brief_log, brief_versions, feeds, sites
from detente.publish.brief_log import Correction, Published
from detente.publish.catalogue import Words
from detente.publish.disclosure import IPTC
from detente.publish.situation import Situation
from detente.publish.text import flat, harmless
from detente.terms import LANGUAGES

NAME = "briefs"
MOST_CHANGES = 20
"""Sentences told of what changed; the rest are counted, and stand in the version itself."""


def versions(situation: Situation, language: str, *, base: str = "") -> feeds.Feed:
    """Versions of the brief published by the moment of the situation, and their corrections.

    Raises:
        PublishError: A file of a version is missing or was changed since it was published.
    """
    words, folder = Words(language), situation.dossier.folder
    published = brief_log.read(folder, as_of=situation.as_of).versions
    items: list[feeds.Item] = []
    before: Published | None = None
    for each in published[-feeds.MOST - 1 :] if folder else ():
        items += [_correction(each, one, situation, words) for one in _new_corrections(each, before)]
        items.append(_version(Path(folder or ""), each, before, situation, words))
        before = each
    return feeds.Feed(
        path=sites.folder_of(language) + NAME,
        page=sites.path_of("brief", language),
        title=f"{words('Versions and corrections of the brief')} · {situation.dossier.title_in(language)}",
        language=language,
        items=tuple(sorted(items, key=lambda item: (-item.updated.timestamp(), item.id))[: feeds.MOST]),
        situation=situation,
        base=base,
    )


def _new_corrections(each: Published, before: Published | None) -> Sequence[Correction]:
    """Those first told in this version: a version repeats all that were told before."""
    return each.corrections[len(before.corrections) if before else 0 :]


def _written_in(each: Published, language: str) -> str:
    """The reader's language, or the first that the version was published in."""
    has = [code for code in LANGUAGES if code in each.text_sha256]
    return language if language in has else has[0]


def _record(folder: Path, each: Published, language: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(brief_versions.kept(folder, each, language, "json"))
    return record


def _version(folder: Path, each: Published, before: Published | None, situation: Situation, words: Words) -> feeds.Item:
    language = _written_in(each, words.language)
    record = _record(folder, each, language)
    number = words.number(each.version)
    who = words(
        "Version {n} of {day}; {name} answers for it.", n=number, day=words.day(each.at.date()), name=each.responsible
    )
    label = record["label"]["line"]
    # What changed is told in one language, in which both versions went out.
    older = _record(folder, before, language) if before and language in before.text_sha256 else None
    changed = list(_changes(older, record, words)) if older else []
    html = Markup("<p>{}</p>").format(harmless(who))
    html += Markup('<p lang="{}">{}</p>').format(language, harmless(label))
    for heading, texts in changed:
        html += Markup("<p>{}</p>").format(harmless(heading))
        html += Markup("").join(Markup('<p lang="{}">{}</p>').format(language, harmless(text)) for text in texts)
    lines = [who, label, *(line for heading, texts in changed for line in (heading, *texts))]
    title = words("Version {n}: {title}", n=number, title=record["title"])
    files = [f"{brief_log.FOLDER}/{name}" for name in each.files if name.split(".")[1] == language]
    return feeds.Item(
        id=feeds.urn(situation, "brief", f"{each.version} {each.at.isoformat()}"),
        title=flat(title),
        page=next((name for name in files if name.endswith(".html")), sites.path_of("brief", words.language)),
        html=html,
        text=harmless("\n".join(flat(line) for line in lines)),
        published=each.at,
        updated=each.at,
        source_type=record["digital_source_type"],
        about={
            "version": each.version,
            "supersedes": each.supersedes or None,
            "written_in": language,
            "responsible_person": each.responsible,
            "text_sha256": each.text_sha256[language],
            "data_version": each.data_version,
            "label": record["label"],
            "files": files,
        },
    )


def _changes(older: dict[str, Any], newer: dict[str, Any], words: Words) -> Iterator[tuple[str, list[str]]]:
    found = brief_versions.diff(older, newer)
    for heading, texts in (
        (words("New in it:"), [text for each in found for text in each.new]),
        (words("No longer in it:"), [text for each in found for text in each.gone]),
    ):
        left = len(texts) - MOST_CHANGES
        more = [words.many("and {n} more sentence", "and {n} more sentences", left)] if left > 0 else []
        if texts:
            yield heading, [*texts[:MOST_CHANGES], *more]


def _correction(each: Published, one: Correction, situation: Situation, words: Words) -> feeds.Item:
    told = one.told(words.language)
    title = words("Correction of version {n}: {text}", n=words.number(one.version), text=" ".join(told.values()))
    html = Markup("").join(Markup('<p lang="{}">{}</p>').format(code, harmless(text)) for code, text in told.items())
    who = words(
        "Told in version {n} of {day} by {name}.",
        n=words.number(each.version),
        day=words.day(each.at.date()),
        name=each.responsible,
    )
    position = each.corrections.index(one)
    return feeds.Item(
        id=feeds.urn(situation, "correction", f"{each.version} {position} {each.at.isoformat()}"),
        title=flat(title),
        page=sites.path_of("brief", words.language),
        html=html + Markup("<p>{}</p>").format(harmless(who)),
        text=harmless("\n".join(flat(line) for line in (*told.values(), who))),
        published=each.at,
        updated=each.at,
        # A person wrote it, in words of their own.
        source_type=IPTC + "digitalCreation",
        about={"corrects": one.version, "told_in": each.version, "correction": dict(one.text)},
    )
