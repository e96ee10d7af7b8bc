"""Nothing stored is lost or changed: runs killed with -9 at random moments, and stores with a flipped bit.

    python benchmarks/keeping.py kills                200 kills, spread over six commands
    python benchmarks/keeping.py kills --kills 600 --seed 2
    python benchmarks/keeping.py flips                200 flipped bits in a ledger and in imported tables

A killed run is told from one that was left alone by what it had said was done: each report filed or coded and each
decision is written to a pipe as soon as the command says so. After each kill the chain is read from its first line,
and everything that was said must be there. The next run goes on from there; one that ends must hold what an
undisturbed run does. A flipped bit must be reported, or change nothing that can be read.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import event_files
import pyarrow.parquet as pq
from sqlalchemy import create_engine, event

from detente import backup, check, dossier, workflow
from detente.engine.imports import import_events
from detente.engine.lake import Lake
from detente.ledger import Ledger
from detente.ledger.database import _begin, _settings, migrate, writing
from detente.terms import Dyad

REPORTS = 60
FILES = 6
OLD_TABLES = ("originals", "documents", "issues", "codings", "entries", "decisions")
Say = Callable[[str], None]


@dataclass
class Trial:
    """One command that is killed again and again.

    Attributes:
        fresh: Makes the folder it begins with.
        run: The command; says what is done.
        there: Everything said that is stored, of what it is asked about.
        held: What is stored, to compare with an undisturbed run.
    """

    name: str
    fresh: Callable[[Path], None]
    run: Callable[[Path, Say], None]
    there: Callable[[Path], set[str]]
    held: Callable[[Path], Any]
    kills: int = 0
    ended: int = 0
    said: int = 0
    faults: list[str] = field(default_factory=list)


def in_child(work: Callable[[Say], None], delay: float | None) -> tuple[bool, list[str]]:
    """Run in a forked process, killed after some seconds; whether it was, and what it said before."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        code = 1
        try:
            work(lambda text: os.write(theirs, text.encode() + b"\n") and None)
            code = 0
        except BaseException as problem:
            os.write(2, f"{problem!r}\n".encode())
        finally:
            os._exit(code)
    os.close(theirs)
    until = None if delay is None else time.monotonic() + delay
    said = b""
    with os.fdopen(ours, "rb", buffering=0) as pipe:
        while True:
            left = None if until is None else max(until - time.monotonic(), 0)
            if not select.select([pipe], [], [], left)[0]:
                os.kill(child, signal.SIGKILL)
                until = None
            elif more := pipe.read(1 << 16):
                said += more
            else:
                break
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status)
    if not killed and os.WEXITSTATUS(status):
        raise SystemExit("a run failed by itself; see above")
    return killed, said.decode().splitlines()


def trial(one: Trial, kills: int, place: Path, chance: random.Random) -> None:
    whole, folder = place / "whole", place / "killed"
    one.fresh(whole)
    began = time.monotonic()
    in_child(lambda say: one.run(whole, say), None)
    took = time.monotonic() - began
    expected = one.held(whole)
    said: set[str] = set()
    while one.kills < kills:
        if not folder.exists():
            one.fresh(folder)
            said = set()
        killed, told = in_child(lambda say: one.run(folder, say), chance.uniform(0, took))
        said.update(told)
        one.said += len(told)
        one.kills += killed
        one.faults += [f"{part.part}: {problem}" for part in checked(folder) for problem in part.problems]
        one.faults += [f"{each}: said to be done, and lost" for each in sorted(said - one.there(folder))]
        if not killed:
            finish(one, folder, expected)
    if folder.exists():
        in_child(lambda say: one.run(folder, say), None)
        finish(one, folder, expected)


def finish(one: Trial, folder: Path, expected: Any) -> None:
    one.ended += 1
    if one.held(folder) != expected:
        one.faults.append("a run that went on after kills holds something else than one left alone")
    shutil.rmtree(folder)


def checked(folder: Path) -> list[check.Checked]:
    """As `detente check`, in a process of its own: tables are read with threads, which a fork does not survive."""
    found: list[check.Checked] = []

    def work(say: Say) -> None:
        for part in check.check(folder):
            say(json.dumps([part.part, part.holds, part.problems]))

    for line in in_child(work, None)[1]:
        part, holds, problems = json.loads(line)
        found.append(check.Checked(part, holds, tuple(problems)))
    return found


# --- What is killed ---------------------------------------------------------------------------------------------------


def report(n: int) -> str:
    text = (
        f"Delegations of Russia and the United States met in Istanbul on Monday for round {n} of their talks. "
        f"Foreign Minister Sergei Lavrov said that embassies needed {n + 2} more diplomats. They agreed to meet again."
    )
    return json.dumps({"id": f"made-up-{n}", "text": text, "published": f"2025-03-{1 + n % 28:02}", "language": "en"})


def new(folder: Path) -> None:
    folder.mkdir(parents=True)
    dossier.write_starter(folder, Dyad("RUS", "USA"), date(2025, 1, 15), today=date(2025, 6, 1))
    (folder / "reports.jsonl").write_text("".join(report(n) + "\n" for n in range(REPORTS)), encoding="utf-8")
    with workflow.opened(folder):
        pass


def added(folder: Path) -> None:
    new(folder)
    add(folder, lambda _: None)


def coded(folder: Path) -> None:
    added(folder)
    code(folder, lambda _: None)


def add(folder: Path, say: Say) -> None:
    with workflow.opened(folder) as (case, ledger):
        workflow.add(case, ledger, [str(folder / "reports.jsonl")], on_progress=lambda n, *_: say(f"made-up-{n - 1}"))


def code(folder: Path, say: Say) -> None:
    with workflow.opened(folder) as (case, ledger):
        workflow.code(case, ledger, on_progress=lambda _n, _of, record: say(record))


def review(folder: Path, say: Say) -> None:
    with workflow.opened(folder) as (_case, ledger):
        for n, entry in enumerate(list(ledger.entries())):
            ledger.decide(entry.id, ("accept", "reject", "unsure")[n % 3], by="Anna", why=f"reason {n}")
            say(entry.id)


def bring_in(folder: Path, say: Say) -> None:
    import_events("gdelt", sorted((folder / "gdelt").glob("*.zip")), folder=folder)
    say("imported")


def away(folder: Path, say: Say) -> None:
    path = folder.with_suffix(".zip")
    path.unlink(missing_ok=True)
    backup.backup(folder, path)
    say("backed up")


def bring_up(folder: Path, say: Say) -> None:
    with Ledger.open(folder):
        say("brought up")


def old(folder: Path) -> None:
    """A ledger of the first schema with everything coded."""
    coded(folder)
    path, newest = folder / "ledger.db", folder / "newest.db"
    path.rename(newest)
    engine = create_engine(f"sqlite:///{path}", connect_args={"isolation_level": None})
    event.listen(engine, "begin", _begin)
    event.listen(engine, "connect", _settings)
    with writing(engine, str(path)) as connection:
        migrate(connection, "0001")
    engine.dispose()
    with sqlite3.connect(path) as held:
        held.execute("ATTACH ? AS filled", (str(newest),))
        for table in OLD_TABLES:
            held.execute(f"INSERT INTO {table} SELECT * FROM filled.{table}")  # noqa: S608 (our own names)
    held.close()
    newest.unlink()


def importing(folder: Path) -> None:
    new(folder)
    (folder / "gdelt").mkdir()
    list(event_files.write_zips(folder / "gdelt", FILES))


@contextmanager
def opened(folder: Path) -> Iterator[Ledger]:
    with Ledger.open(folder, create=True) as ledger:
        yield ledger


def filed(folder: Path) -> set[str]:
    with opened(folder) as ledger:
        return {each.id for each in ledger.documents()}


def done(folder: Path) -> set[str]:
    with workflow.opened(folder) as (case, ledger):
        from detente import plugins

        made = plugins.coder(case)
        return {each.id for each in ledger.documents() if ledger.is_coded(each.id, made.name, made.codebook)}


def decided(folder: Path) -> set[str]:
    with opened(folder) as ledger:
        return {each.entry for each in ledger.decisions()}


def contents(folder: Path) -> Any:
    with opened(folder) as ledger:
        return (
            sorted((each.id, each.text) for each in ledger.documents()),
            sorted(each.id for each in ledger.entries(current=False)),
            sorted((each.entry, each.action, each.why) for each in ledger.decisions()),
        )


def rows(folder: Path) -> Any:
    # The name of a batch is by the bytes of its files, and a ZIP tells when it was made.
    return sorted(
        (path.relative_to(batch.folder).as_posix(), pq.read_metadata(path).num_rows)
        for batch in Lake(folder).batches()
        for path in batch.folder.rglob("*.parquet")
    )


def nothing(folder: Path) -> set[str]:  # noqa: ARG001
    return {"imported", "brought up"}


def archive(folder: Path) -> set[str]:
    """Whether the archive is there; where it is, it can be brought back."""
    path = folder.with_suffix(".zip")
    if not path.exists():
        return set()
    with tempfile.TemporaryDirectory(dir=folder.parent) as made:
        backup.restore(path, Path(made, "again"))
    return {"backed up"}


def trials() -> list[Trial]:
    return [
        Trial("add", new, add, filed, contents),
        Trial("code", added, code, done, contents),
        Trial("review", coded, review, decided, contents),
        Trial("import", importing, bring_in, nothing, rows),
        Trial("migrate", old, bring_up, nothing, contents),
        Trial("backup", coded, away, archive, contents),
    ]


def kills(count: int, seed: int) -> int:
    chance, every = random.Random(seed), trials()  # noqa: S311 - no secret
    print("| command | kills | runs that ended | said to be done | lost or changed |\n|---|---|---|---|---|")
    for n, one in enumerate(every):
        with tempfile.TemporaryDirectory() as place:
            share = count * (n + 1) // len(every) - count * n // len(every)
            trial(one, share, Path(place), chance)
        print(f"| {one.name} | {one.kills} | {one.ended} | {one.said} | {len(one.faults)} |", flush=True)
        for fault in one.faults[:5]:
            print(f"  {fault}", file=sys.stderr)
    print(f"\n{sum(one.kills for one in every)} kills, {sum(len(one.faults) for one in every)} faults")
    return int(any(one.faults for one in every))


def flips(count: int, seed: int) -> int:
    chance = random.Random(seed)  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "dossier")
        coded(folder)
        review(folder, lambda _: None)
        importing_files = Path(place, "files")
        list(event_files.write_zips(importing_files, 1))
        import_events("gdelt", sorted(importing_files.glob("*.zip")), folder=folder)
        ledger = folder / "ledger.db"
        tables = sorted(path for path in (folder / "events").rglob("*.parquet"))
        before = dump(ledger), [pq.read_table(path) for path in tables]
        told = {"ledger": [0, 0, 0], "events": [0, 0, 0]}
        for n in range(count):
            part = "ledger" if n % 2 else "events"
            path = ledger if n % 2 else chance.choice(tables)
            was = path.read_bytes()
            at = chance.randrange(len(was))
            path.write_bytes(was[:at] + bytes([was[at] ^ 1 << chance.randrange(8)]) + was[at + 1 :])
            reported = any(each.problems for each in check.check(folder))
            same = reported or (
                dump(ledger) == before[0]
                if n % 2
                else all(pq.read_table(p).equals(t) for p, t in zip(tables, before[1], strict=True))
            )
            told[part][0 if reported else 1 if same else 2] += 1
            if not same:
                print(f"  {path.name}: byte {at} of {len(was)} was flipped unnoticed", file=sys.stderr)
            path.write_bytes(was)
            for left in folder.glob("ledger.db-*"):
                left.unlink()
    print("| store | flipped bits | reported | change nothing that can be read | unnoticed |\n|---|---|---|---|---|")
    for part, (reported, harmless, unnoticed) in told.items():
        print(f"| {part} | {reported + harmless + unnoticed} | {reported} | {harmless} | {unnoticed} |")
    return int(any(unnoticed for _, _, unnoticed in told.values()))


def dump(path: Path) -> list[str]:
    held = sqlite3.connect(path)
    try:
        return list(held.iterdump())
    finally:
        held.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("kills", "flips"))
    parser.add_argument("--kills", "--flips", dest="count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    return {"kills": kills, "flips": flips}[asked.what](asked.count, asked.seed)


if __name__ == "__main__":
    sys.exit(main())
