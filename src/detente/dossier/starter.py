"""What `detente new` writes: a dossier that is useful before anyone has edited it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from detente.dossier.file import FILE_NAME, ladder, parse
from detente.dossier.record import Dossier
from detente.errors import DossierError
from detente.registry import load as load_registry
from detente.terms import LANGUAGES, Dyad, Language


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _texts(texts: Mapping[str, str] | Mapping[Language, str]) -> str:
    by_language = {str(lang): text for lang, text in texts.items() if text}
    return (
        "{ " + ", ".join(f"{lang} = {_quoted(by_language[lang])}" for lang in LANGUAGES if lang in by_language) + " }"
    )


def starter_text(dyad: Dyad, since: date, *, today: date) -> str:
    """TOML of a new dossier: both sides, the usual milestones with their rules, and how to add more.

    Raises:
        RegistryError: A side is not a state we know.
    """
    registry = load_registry()
    first, second = (registry.alpha3(side) for side in dyad.sides)
    deadline = date(today.year + 1, 12, 31)
    titles = {lang: f"{registry.state_name(first, lang)} – {registry.state_name(second, lang)}" for lang in LANGUAGES}
    lines = [
        f"# {titles['en']}: what this dossier follows. Every key is explained in docs/dossier.md.",
        "",
        "[dossier]",
        f'name = "{first.lower()}-{second.lower()}"',
        f'dyad = "{dyad}"',
        f"since = {since}",
        f"title = {_texts(titles)}",
        "third_parties = []        # alpha-3 codes of states whose pull you follow",
        "# process_start = 2025-02-12   # the day the two began to make up; forecasts start their clock there",
        "",
        "# People the shipped registry lacks, in dated roles:",
        "# [[person]]",
        '# id = "jane-doe"',
        '# names = { fr = ["Jane Doe"], en = ["Jane Doe"], ru = ["Джейн Доу"] }',
        "# [[person.role]]",
        '# title = { en = "special envoy", fr = "émissaire spéciale", ru = "спецпосланник" }',
        f'# side = "{first}"',
        f"# since = {since}",
        "",
        "# Words this case adds to a track, or a track of its own:",
        "# [[track]]",
        '# id = "economy"',
        '# words = { en = ["ferry"], fr = ["traversier"], ru = ["паром"] }',
        "",
    ]
    lines += [
        "# Questions with exact rules, from the ladder that ships (docs/milestones.md). Write one of your own in full,",
        "# or ask one by several days: deadlines = [2027-06-30, 2027-12-31]. What was opened stays as it was put.",
        "",
    ]
    for rung in ladder().values():
        # A question about an end of fighting would fall on its first day where nobody fights.
        out = "# " if rung["id"] == "ceasefire" else ""
        if out:
            lines.append("# Where one of the two is at war:")
        lines += [
            f"{out}[[milestone]]   # {rung['label']['en']}",
            f'{out}template = "{rung["id"]}"',
            f"{out}opened = {today}",
            f"{out}deadline = {deadline}",
            "",
        ]
    return "\n".join(lines)


def starter(dyad: Dyad, since: date, *, today: date | None = None) -> Dossier:
    """A new dossier in memory, as `detente new` would write it."""
    return parse(starter_text(dyad, since, today=today or since))


def write_starter(folder: Path, dyad: Dyad, since: date, *, today: date) -> Dossier:
    """Write a new dossier into a folder, making the folder where it is missing.

    Raises:
        DossierError: The folder already holds a dossier, or cannot be written.
    """
    path = folder / FILE_NAME
    text = starter_text(dyad, since, today=today)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as handle:
            handle.write(text)
    except FileExistsError:
        raise DossierError(f"{path} is there already. Edit it, or choose another folder.") from None
    except OSError as problem:
        raise DossierError(f"{folder}: cannot be written: {problem}. Choose a folder you may write to.") from problem
    return parse(text, folder=folder, where=str(path))
