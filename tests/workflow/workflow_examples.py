"""What the tests of the whole way share: reports in three languages, the program as a process, what a folder holds."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from detente.ledger import Ledger

PLACES = {
    "en": ("Havana", "Washington", "Panama City", "Mexico City", "Geneva"),
    "fr": ("La Havane", "Washington", "Panama", "Mexico", "Genève"),
    "ru": ("Гаване", "Вашингтоне", "Панаме", "Мехико", "Женеве"),
}
REPORTS = {
    "en": (
        "Cuban and U.S. officials held talks in {place} on {day} March 2025 about round {n} of the migration file. "
        'Foreign Minister Bruno Rodriguez said: "The talks of week {n} were useful, and {word} comes next."'
    ),
    "fr": (
        "Des délégations cubaine et américaine se sont rencontrées à {place} le {day} mars 2025 pour le dossier {n}. "
        "Le ministre cubain des Affaires étrangères, Bruno Rodríguez, a salué la {n}e réunion, avant celle sur {word}."
    ),
    "ru": (
        "{day} марта 2025 года делегации Кубы и США провели в {place} переговоры по вопросу {n}. "
        "Министр иностранных дел Кубы Бруно Родригес заявил, что встреча {n} была полезной и далее речь о {word}."
    ),
}
WORDS = {
    "en": ("mail", "flights", "fishing", "visas", "science", "coastguards", "ports"),
    "fr": ("la poste", "les vols", "la pêche", "les visas", "la science", "les ports", "les assurances"),
    "ru": ("почте", "рейсах", "рыболовстве", "визах", "науке", "портах", "страховании"),
}


def line(n: int) -> str:
    """One JSON line: three languages in turn; some undated, some reprints, some that cannot be read."""
    language = ("en", "fr", "ru")[n % 3]
    if n % 50 == 17:
        return f'{{"id": "broken-{n}", "text": "cut off'
    if n % 50 == 33:
        return json.dumps({"id": f"empty-{n}", "text": " "})
    of = n - 3 if n % 25 == 10 else n
    text = REPORTS[language].format(
        place=PLACES[language][of % 5], day=1 + of % 28, n=of, word=WORDS[language][of * 5 % 7]
    )
    record = {"id": f"r{n:03}", "text": text, "language": language, "source": f"Wire {n % 4}"}
    if n % 20 != 4:
        record["published"] = f"2025-03-{1 + n % 28:02}"
    return json.dumps(record, ensure_ascii=False)


def write_lines(path: Path, count: int, *, step: int = 1) -> Path:
    """Write that many lines; with a step of 3, English ones alone, for which a coder is sooner ready."""
    path.write_text("".join(line(n) + "\n" for n in range(0, count * step, step)), encoding="utf-8")
    return path


def command(*words: str | Path) -> list[str]:
    """The program as it is installed, without the need to be on the PATH."""
    return [sys.executable, "-c", "from detente.cli import main; main()", *map(str, words)]


@cache
def environment() -> dict[str, str]:
    """Ours, with compiled modules kept for the length of the run: half the time of a short process is compiling."""
    kept = tempfile.mkdtemp(prefix="detente-pycache-")
    atexit.register(shutil.rmtree, kept, ignore_errors=True)
    ours = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**ours, "PYTHONPYCACHEPREFIX": kept}


def started(*words: str | Path, **options: Any) -> subprocess.Popen[str]:
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "encoding": "utf-8"}
    return subprocess.Popen(command(*words), env=environment(), preexec_fn=_heeding_ctrl_c, **pipes, **options)


def _heeding_ctrl_c() -> None:
    """A shell lets what it runs in the background ignore Ctrl-C, and so would what our tests start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def finished(*words: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env=environment(),
        **options,
    )


DIES_AT_STATEMENT = """
import os, signal, sys
from sqlalchemy import Engine, event
left = int(sys.argv.pop(1))

def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(Engine, "before_cursor_execute", count)
event.listen(Engine, "commit", count)
from detente.cli import main
main()
"""


def killed_at_statement(number: int, *words: str | Path) -> int:
    """Run the program and kill it with -9 right before its `number`th statement to the database; the exit code."""
    done = subprocess.run(
        [sys.executable, "-c", DIES_AT_STATEMENT, str(number), *map(str, words)],
        capture_output=True,
        timeout=120,
        check=False,
        env=environment(),
    )
    return done.returncode


def rows_in(folder: Path, table: str) -> int:
    """How many rows a table has, seen from outside while another process may write."""
    try:
        with closing(sqlite3.connect(f"file:{folder / 'ledger.db'}?mode=ro", uri=True, timeout=5)) as connection:
            return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


@dataclass(frozen=True)
class Held:
    """All that a dossier holds but for moments and line numbers."""

    documents: list[tuple[str, str, str, str, str, str]]
    originals: list[bytes | None]
    issues: list[tuple[str, str]]
    entries: list[tuple[str, str, str]]
    coded: dict[str, int]


def held(folder: Path) -> Held:
    """What is stored, after the chain and the file have been checked."""
    with Ledger.open(folder, create=True) as ledger:
        checked = ledger.verify()
        assert checked.ok, checked.problem
        documents = list(ledger.documents())
        ids = [document.id for document in documents]
        assert len(ids) == len(set(ids)), "a document is stored twice"
        issues = sorted((issue.record, issue.message) for issue in ledger.issues())
        assert len(issues) == len(set(issues)), "an issue is on record twice"
        entries = [(entry.document, entry.kind, entry.id) for entry in ledger.entries(current=False)]
        assert len(entries) == len(set(entries)), "an entry is stored twice"
        return Held(
            documents=sorted(
                (d.id, d.sha256, d.language, str(d.published), str(d.duplicate_of), str(d.likeness)) for d in documents
            ),
            originals=[ledger.original(document_id) for document_id in sorted(ids)],
            issues=issues,
            entries=sorted(entries),
            coded=dict(ledger.status().coded),
        )


def head(folder: Path) -> str:
    with Ledger.open(folder, create=True) as ledger:
        return ledger.head().hash


Make = Callable[[], Path]


def without_capability(number: int) -> Callable[[], None]:
    """For `preexec_fn`: root gives up one capability, so that the rights of files hold for it as for anyone."""

    def give_up() -> None:
        import ctypes

        prctl = ctypes.CDLL(None, use_errno=True).prctl
        if prctl(24, number, 0, 0, 0) != 0:  # PR_CAPBSET_DROP
            os._exit(99)

    return give_up
