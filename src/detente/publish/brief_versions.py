"""Versions of a brief: published only when every sentence can stand, kept as they were, compared with one another."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from detente.dossier import Dossier
from detente.errors import DetenteError, PublishError
from detente.ledger import AsOf, Ledger
from detente.publish import brief_log, briefs
from detente.publish.brief_log import FOLDER, BriefLog, Clock, Correction, Published, text_hash
from detente.publish.brief_record import Brief, Publication
from detente.publish.files import write_whole
from detente.publish.situation import Situation
from detente.publish.situation import of as situation_of
from detente.publish.text import flat
from detente.terms import LANGUAGES

MOST_SHOWN = 5
"""Sentences named in a refusal; the rest are counted."""


REASONS: Mapping[str, str] = {
    "nobody": "nobody answers for it: name who does with --by",
    "fallen": "rests on an entry that no longer stands",
    "bare": "neither evidence nor a named judge",
    "unsigned": "a judgement without the name of who judges",
    "unversioned": "a number without the version of its data",
    "other text": "reviewed as another text",
    "unread": "made by machine and reviewed by nobody, and the exemption is claimed",
    "quote": "its quote does not stand in {document}",
}
"""What stands against publishing, by the name of the rule."""


@dataclass(frozen=True)
class Refusal:
    """Why a sentence cannot go out.

    Attributes:
        rule: A key of `REASONS`.
        text: The sentence; empty where it is the whole that cannot.
        document: Where a quote should stand and does not.
    """

    rule: str
    text: str = ""
    sha256: str = ""
    document: str = ""

    @property
    def reason(self) -> str:
        return REASONS[self.rule].format(document=self.document)


def refusals(brief: Brief, *, responsible: str, exempt: bool) -> list[Refusal]:
    """Everything that stands against publishing a brief; empty where nothing does.

    Args:
        responsible: Who answers for it.
        exempt: Whether the exemption of Article 50(4) is claimed: then a person must have reviewed every sentence that
            a machine had a hand in, as it stands.
    """
    found = [] if flat(responsible) else [Refusal("nobody")]
    found += [Refusal("fallen", str(s.text), s.sha256) for s in brief.fallen]
    for s in brief.sentences:
        text = str(s.text)

        def refuse(rule: str, document: str = "", text: str = text, sha256: str = s.sha256) -> None:
            found.append(Refusal(rule, text, sha256, document))

        if not (s.evidence or s.data or s.judge):
            refuse("bare")
        if s.kind == "judgement" and not s.judge:
            refuse("unsigned")
        if s.counts and not s.data_version:
            refuse("unversioned")
        if any(review.sha256 != text_hash(text) for review in s.reviews):
            refuse("other text")
        if exempt and s.by_machine and not s.reviews:
            refuse("unread")
        for cited in (*s.evidence, *s.points):
            try:
                cited.evidence.check(cited.document)
            except DetenteError:
                refuse("quote", cited.document.id)
    return found


def _refuse(found: Sequence[Refusal], language: str) -> None:
    if not found:
        return
    lines = [f"the brief ({language}) is not published:"]
    for reason in dict.fromkeys(each.reason for each in found):
        same = [each for each in found if each.reason == reason]
        lines.append(f"  {reason}" + (f" ({len(same)})" if same[0].text else ""))
        lines += [f"    {each.sha256[:12]}  {each.text[:80]}" for each in same[:MOST_SHOWN] if each.text]
        lines += [f"    and {len(same) - MOST_SHOWN} more"] if len(same) > MOST_SHOWN else []
    lines.append("Review or mend them with detente brief approve, or publish with the label, without --exempt.")
    raise PublishError("\n".join(lines))


class Changed(PublishError):
    """The text is no longer the one that was read."""


def publish(
    dossier: Dossier,
    ledger: Ledger,
    *,
    by: str,
    languages: Sequence[str] = LANGUAGES,
    exempt: bool = False,
    corrections: Sequence[Correction] = (),
    situation: Situation | None = None,
    read: Mapping[str, str] | None = None,
    clock: Clock | None = None,
) -> tuple[Published, list[str]]:
    """Publish the brief as it stands: keep it in every format, and say so in the log.

    Args:
        by: Who answers for it.
        corrections: Of earlier versions.
        situation: What it is written from; measured anew unless given.
        read: Hash of the whole text that was read, by language; where it has changed since, nothing is published.

    Returns:
        The version, and the formats that could not be made.

    Raises:
        PublishError: A sentence cannot stand, nothing has changed since the last version, the text is no longer the
            one that was read, or a version to correct is not there.
    """
    folder = _home(dossier)
    who = flat(by)
    skipped: set[str] = set()
    now = situation or situation_of(dossier, ledger)

    def made(log: BriefLog, at: datetime) -> Mapping[str, Any]:
        last = log.versions[-1] if log.versions else None
        number = last.version + 1 if last else 1
        for each in corrections:
            if not 0 < each.version < number:
                raise PublishError(f"version {each.version} was not published; there are {number - 1}.")
        told = (*(last.corrections if last else ()), *corrections)
        publication = Publication(number, number - 1, who, at, exempt, told)
        written = {language: briefs.of(now, language, log=log, publication=publication) for language in languages}
        for language, brief in written.items():
            _refuse(refusals(brief, responsible=who, exempt=exempt), language)
        hashes = {language: brief.text_sha256 for language, brief in written.items()}
        for language, digest in hashes.items():
            if read is not None and read.get(language) != digest:
                raise Changed(f"the draft ({language}) has changed since it was read. Read it again, then publish.")
        if last and dict(last.text_sha256) == hashes and last.exempt == exempt and not corrections:
            raise PublishError(f"nothing has changed since version {last.version}. There is nothing to publish.")
        return {
            "version": number,
            "supersedes": number - 1,
            "exempt": exempt,
            "day": now.day.isoformat(),
            "data_version": now.data_version,
            "text_sha256": hashes,
            "files": _keep(folder / FOLDER, number, written, skipped),
            "corrections": [{"version": each.version, "text": dict(each.text)} for each in told],
        }

    brief_log.add(folder, "published", who, made, clock=clock)
    return brief_log.read(folder).versions[-1], sorted(skipped)


def _keep(home: Path, number: int, written: Mapping[str, Brief], skipped: set[str]) -> dict[str, str]:
    """Write the files of a version beside its place, then put them there in one step; returns their hashes."""
    place, partial = home / f"{number:04d}", home / f".{number:04d}.part"
    hashes = {}
    try:
        shutil.rmtree(partial, ignore_errors=True)
        for language, brief in written.items():
            for form, content in _files(brief, skipped):
                write_whole(partial / f"brief.{language}.{form}", content)
                hashes[f"{place.name}/brief.{language}.{form}"] = hashlib.sha256(content).hexdigest()
        # What stands there was never said in the log: a writing that was broken off.
        shutil.rmtree(place, ignore_errors=True)
        partial.replace(place)
    except OSError as problem:
        raise PublishError(f"{place}: cannot be written: {problem}. Free space or choose another place.") from problem
    return hashes


def _files(brief: Brief, skipped: set[str]) -> Iterator[tuple[str, bytes]]:
    yield "json", (json.dumps(brief.as_json(), ensure_ascii=False, indent=1) + "\n").encode()
    yield "html", brief.as_html().encode()
    yield "md", brief.as_markdown().encode()
    yield "docx", brief.as_docx()
    if can_set():
        yield "pdf", brief.as_pdf()
    else:
        skipped.add("pdf")


def can_set() -> bool:
    """Whether typst is installed, which sets the PDF."""
    from importlib.util import find_spec

    return find_spec("typst") is not None


def _home(dossier: Dossier) -> Path:
    if dossier.folder is None:
        raise PublishError(f"{dossier.name}: the dossier has no folder to keep versions in. Write it to one first.")
    return dossier.folder


def kept(folder: Path, published: Published, language: str, form: str) -> bytes:
    """A file of a version, as it was published.

    Raises:
        PublishError: It is not there, or was changed since.
    """
    name = f"{published.version:04d}/brief.{language}.{form}"
    if name not in published.files:
        has = ", ".join(sorted(each.partition("brief.")[2] for each in published.files))
        raise PublishError(f"version {published.version} has no {language}.{form}. It has {has}.")
    path = folder / FOLDER / name
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise PublishError(f"{path}: cannot be read: {problem}. Put it back from a copy.") from problem
    if hashlib.sha256(content).hexdigest() != published.files[name]:
        raise PublishError(f"{path}: was changed after it was published. Put it back from a copy.")
    return content


def all_kept(folder: Path | None, *, as_of: AsOf = None) -> Iterator[tuple[str, bytes]]:
    """Every file of every version published by a moment, by its place in the folder of briefs."""
    if folder is None:
        return
    for published in brief_log.read(folder, as_of=as_of).versions:
        for name in published.files:
            _, language, form = name.rsplit(".", 2)
            yield name, kept(folder, published, language, form)


def damaged(folder: Path, published: Published) -> list[str]:
    """Files of a version that are missing or were changed."""
    out = []
    for name in published.files:
        _, language, form = name.rsplit(".", 2)
        try:
            kept(folder, published, language, form)
        except PublishError:
            out.append(name)
    return out


def version(folder: Path, number: int, *, as_of: AsOf = None) -> Published:
    """A version by its number.

    Raises:
        PublishError: There is none.
    """
    found = {each.version: each for each in brief_log.read(folder, as_of=as_of).versions}
    if number not in found:
        raise PublishError(f"no version {number}: there are {len(found)}. See detente brief versions.")
    return found[number]


def record(folder: Path, number: int, language: str) -> dict[str, Any]:
    """The record of a version as it was published (`Brief.as_json`).

    Raises:
        PublishError: There is no such version, or not in this language; or its file was changed.
    """
    found: dict[str, Any] = json.loads(kept(folder, version(folder, number), language, "json"))
    return found


@dataclass(frozen=True)
class Difference:
    """What one section lost and gained between two versions; a sentence that was reworded is in both."""

    section: str
    heading: str
    gone: tuple[str, ...]
    new: tuple[str, ...]


def diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Compare two records of a brief (`Brief.as_json`) sentence by sentence, section by section."""
    out = []
    olds, news = ({s["id"]: s for s in record["sections"]} for record in (before, after))
    for name in dict.fromkeys((*olds, *news)):
        old, new = (
            [each["text"] for each in found[name]["sentences"]] if name in found else [] for found in (olds, news)
        )
        gone: list[str] = []
        come: list[str] = []
        for _, a, b, c, d in (
            m for m in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes() if m[0] != "equal"
        ):
            gone += old[a:b]
            come += new[c:d]
        # A sentence that only moved is no change.
        moved = set(gone) & set(come)
        gone, come = [t for t in gone if t not in moved], [t for t in come if t not in moved]
        if gone or come:
            heading = (news.get(name) or olds[name])["heading"]
            out.append(Difference(name, heading, tuple(gone), tuple(come)))
    return out


def review(
    folder: Path,
    brief: Brief,
    *,
    by: str,
    start: str,
    text: str | None = None,
    drop: bool = False,
    seconds: float | None = None,
    clock: Clock | None = None,
) -> str:
    """Record that a person read a sentence as it stands, changed it or took it out.

    Args:
        start: Beginning of the hash of the sentence's text, long enough to name one.
        text: What stands in its place from now on; None to accept it as it is.
        drop: Take the sentence out.

    Returns:
        Hash of the text as it stands now, empty where it was taken out.

    Raises:
        PublishError: No sentence, or more than one text, has a hash that begins so; or the title would be taken out.
    """
    found = {s.sha256 for s in (*brief.sentences, *brief.fallen) if start and s.sha256.startswith(start.lower())}
    if len(found) != 1:
        raise PublishError(
            f"{start!r} begins the hash of {len(found)} texts of this brief, expected one. "
            "`detente brief approve` lists them."
        )
    before = found.pop()
    if drop and before == brief.title_sentence.sha256:
        raise PublishError("a brief needs its title. Change it with --write instead.")
    new = "" if drop else flat(text) if text is not None else None
    if new == "" and not drop:
        raise PublishError("the new text is empty. Take the sentence out with --drop.")
    changed = new is not None and text_hash(new) != before
    after = before if new is None or not changed else text_hash(new)
    content = {
        "language": brief.language,
        "action": "dropped" if drop else "edited" if changed else "accepted",
        "sha256": after,
        "before_sha256": before if changed else "",
        "text": new if changed else None,
        "seconds": None if seconds is None else round(seconds, 1),
        "data_version": brief.situation.data_version,
    }
    brief_log.add(folder, "review", by, lambda _log, _at: content, clock=clock)
    return "" if drop else after


def write(
    folder: Path,
    situation: Situation,
    text: str,
    *,
    by: str,
    language: str,
    section: str,
    entries: Sequence[str] = (),
    model: brief_log.Model | None = None,
    clock: Clock | None = None,
) -> str:
    """Put a sentence into a section of the brief: a judgement, or a fact that rests on entries of the ledger.

    Args:
        model: The model that drafted it; a person's own sentence unless given.

    Returns:
        Hash of its text.

    Raises:
        PublishError: There is no such section, an entry is unknown, or a model's draft names no entry.
    """
    said = flat(text)
    if not said:
        raise PublishError("the sentence is empty. Give its text.")
    if section not in briefs.SECTIONS:
        raise PublishError(f"no section {section!r}. There are {', '.join(briefs.SECTIONS)}.")
    if model and not entries:
        raise PublishError("a model cannot judge: a sentence it drafted must rest on entries. Name them with --entry.")
    for entry in entries:
        if entry not in situation.cited_entries:
            raise PublishError(
                f"no entry {entry!r} stands in the ledger. detente timeline --json and statements name them."
            )
    content = {
        "language": language,
        "section": section,
        "text": said,
        "action": "written",
        "sha256": text_hash(said),
        "entries": list(entries),
        "data_version": situation.data_version,
        "model": model.as_json() if model else None,
    }
    brief_log.add(folder, "written", by, lambda _log, _at: content, clock=clock)
    return text_hash(said)
