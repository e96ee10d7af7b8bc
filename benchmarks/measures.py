"""What the measures cost: ten years of a busy dyad from a database, our own codings by the ten thousand, one day more.

    python benchmarks/measures.py all                            every table, as Markdown; about ten minutes
    python benchmarks/measures.py databases --events 1000000     one million events of a dyad in ten years
    python benchmarks/measures.py day                            one new day: what is computed again, and what it costs
    python benchmarks/measures.py own --occurrences 10000,100000

Each figure is the median of runs in a process of their own, from its start to its end: what the command
`detente NAME --json --svg FILE` costs, sentences in three languages, table and figure included. Which measures read
databases is asked of `detente.publish.readings`. Rows are made up (`event_files.py`); with `--folder` they are kept.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

DYAD = ("RUS", "USA")
OTHERS = (("CHN", "USA"), ("CHN", "RUS"), ("RUS", "UKR"), ("UKR", "USA"))
"""Dyads that triangles look at; each has a tenth of the busy one's rows."""
FIRST, DAYS = date(2015, 1, 1), 3_650
LAST = FIRST + timedelta(days=DAYS - 1)
ROWS_OF_AN_EVENT = 2.2
"""Rows written for an event: the others repeat it, as the importer marks them."""
FILE_ROWS = 100_000
TURNS = ((0.0, 0.75), (0.35, 0.9), (0.72, 0.45))
"""Share of the ten years at which a new share of cooperation among the codes begins."""
DATABASE = "gdelt"


# --- Made-up material -------------------------------------------------------------------------------------------------


def busy_lines(events: int, *, seed: int = 0) -> Iterator[bytes]:
    """GDELT lines of ten years, file by file: a busy dyad in waves and bursts, and four others."""
    import event_files
    import pyarrow as pa

    rng = np.random.default_rng(seed)
    own = int(events * ROWS_OF_AN_EVENT)
    pairs = [(*DYAD, own), *((a, b, own // 10) for a, b in OTHERS)]
    volume = _volume(rng)
    cooperative = np.array([int(code[:2]) < 9 for code, _ in event_files.codes()])
    weights = np.array([weight for _, weight in event_files.codes()], float)
    place = {code: at for at, code in enumerate(event_files.countries())}
    first = 0
    for a, b, count in pairs:
        days = np.sort(rng.choice(DAYS, count, p=volume))
        for begin in range(0, count, FILE_ROWS):
            day = days[begin : begin + FILE_ROWS]
            rows = len(day)
            turn = rng.random(rows) < 0.5
            share = np.array([good for _, good in TURNS])[
                np.searchsorted([at for at, _ in TURNS], day / DAYS, side="right") - 1
            ]
            good = rng.random(rows) < share
            code = np.where(good, _drawn(rng, weights * cooperative, rows), _drawn(rng, weights * ~cooperative, rows))
            held = event_files.draw(first, rows, seed=seed)
            number = FIRST.toordinal() + day
            changed = dataclasses.replace(
                held,
                day=number,
                added=number,
                actor=np.where(turn, place[a], place[b]),
                recipient=np.where(turn, place[b], place[a]),
                code=code,
            )
            yield b"".join(line + b"\n" for line in event_files.gdelt(changed).cast(pa.binary()).to_pylist())
            first += rows


def _drawn(rng: np.random.Generator, weights: Any, rows: int) -> Any:
    return rng.choice(len(weights), rows, p=weights / weights.sum())


def _volume(rng: np.random.Generator) -> Any:
    """Share of the events on each day: slow waves, fewer on weekends, and weeks in which all speak of the two."""
    waves = np.cumsum(rng.normal(0, 0.02, DAYS))
    weekday = np.where((FIRST.toordinal() + np.arange(DAYS)) % 7 >= 5, 0.6, 1.0)
    bursts = np.ones(DAYS)
    for at in rng.integers(0, DAYS - 30, 60):
        bursts[at : at + 30] += rng.pareto(1.5) * 0.7 ** np.arange(30)
    share = np.exp(waves - waves.mean()) * weekday * bursts
    return share / share.sum()


def make_store(folder: Path, events: int) -> dict[str, float]:
    """A dossier with the busy dyad imported, and what the import took; left as it is where it is there."""
    from detente.dossier import write_starter
    from detente.engine.imports import import_events
    from detente.terms import Dyad

    told = folder / "import.json"
    if told.exists():
        return dict(json.loads(told.read_text()))
    lines = folder / "files"
    lines.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(busy_lines(events)):
        (lines / f"{number:03}.export.CSV").write_bytes(text)
    write_starter(folder / "dossier", Dyad(*DYAD), FIRST, today=LAST)
    began, cpu = time.perf_counter(), time.process_time()
    report = import_events(DATABASE, [lines], folder=folder / "dossier")
    found = {"wall": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    found["rows"] = float(sum(file.counts.read for file in report.files))
    told.write_text(json.dumps(found))
    return found


def new_day(folder: Path, number: int) -> Path:
    """A file with one day more of the busy dyad: 440 rows."""
    import event_files
    import pyarrow as pa

    place = {code: at for at, code in enumerate(event_files.countries())}
    rows = 440
    turn = np.arange(rows) % 2 == 0
    held = event_files.draw(50_000_000 + number * rows, rows, seed=7)
    day = np.full(rows, LAST.toordinal() + 1 + number)
    changed = dataclasses.replace(
        held, day=day, added=day, actor=np.where(turn, place[DYAD[0]], place[DYAD[1]]),
        recipient=np.where(turn, place[DYAD[1]], place[DYAD[0]]),
    )  # fmt: skip
    path = folder / f"day-{number:03}.export.CSV"
    path.write_bytes(b"".join(line + b"\n" for line in event_files.gdelt(changed).cast(pa.binary()).to_pylist()))
    return path


def own_material(folder: Path, occurrences: int) -> Any:
    """A material of so many occurrences of ten years, told by one to four reports each."""
    from detente import workflow
    from detente.codebook import types
    from detente.dossier import write_starter
    from detente.publish.material import Material
    from detente.terms import Document, Dyad, Entry, Event, EventDate, Evidence, Occurrence, Participant, Statement

    if not (folder / "dossier.toml").exists():
        write_starter(folder, Dyad(*DYAD), FIRST, today=LAST)
    rng = np.random.default_rng(occurrences)
    kinds, tracks = sorted(types()), ("diplomacy", "security", "economy", "general")
    hosts = ("tass.com", "ria.ru", "kommersant.ru", "nytimes.com", "reuters.com", "foxnews.com", "lemonde.fr",
             "a-blog.example", "kremlin.ru", "state.gov")  # fmt: skip
    days = np.sort(rng.choice(DAYS, occurrences, p=_volume(rng)))
    columns = (days, rng.integers(0, len(kinds), occurrences), rng.integers(1, 5, occurrences),
               rng.integers(0, 2, occurrences), rng.integers(300, 1000, occurrences))  # fmt: skip
    documents, made, said = {}, [], []
    for number, (after, kind, reports, turn, sure) in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
        day = FIRST + timedelta(days=after)
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        sides = [Participant(code, code, code) for code in (DYAD if turn else DYAD[::-1])]
        joint = kinds[kind] in ("CONSULT", "AGREE")
        members = []
        for at in range(reports):
            name = f"d{number}-{at}"
            host = hosts[(number * 7 + at * 3) % len(hosts)]
            documents[name] = Document(name, "They met.", "en", day, "given", noon, url=f"https://{host}/{name}")
            event = Event(
                type=kinds[kind], mode="", actors=tuple(sides if joint else sides[:1]),
                recipients=() if joint else tuple(sides[1:]), event_date=EventDate.of(day.isoformat(), "explicit"),
                realis="happened", evidence=Evidence(name, 0, 4, "They"), confidence=sure / 1000,
                track=tracks[number % len(tracks)],
            )  # fmt: skip
            members.append(Entry(f"e{number}-{at}", len(made) + 1, noon, name, "c.v1", "plover-2.0", "event", event))
        made.append(Occurrence(members[0].id, event, tuple(members), tuple(m.document for m in members), reports))
        if number % 3 == 0:
            speaker = Participant(f"speaker-{number % 40}", f"Speaker {number % 40}", sides[0].side, "minister")
            where = Evidence(f"d{number}-0", 0, 4, "They")
            statement = Statement(
                speaker=speaker, mode="quote", issue=tracks[number % len(tracks)], stance=number % 5 - 2,
                evidence=where, content=where, confidence=0.8, said_date=EventDate.of(day.isoformat(), "explicit"),
            )  # fmt: skip
            said.append(_standing(number, noon, statement))
    case, ledger = workflow.opened(folder).__enter__()
    material = Material(case, ledger, folder)
    vars(material).update(occurrences=tuple(made), documents=documents, statements=tuple(said))
    return material


def _standing(number: int, noon: datetime, statement: Any) -> Any:
    from detente.ledger import Standing
    from detente.terms import Entry

    name = statement.evidence.document
    return Standing(
        Entry(f"s{number}", number + 1, noon, name, "c.v1", "plover-2.0", "statement", statement), statement
    )


# --- Work that is measured, each in a process of its own --------------------------------------------------------------


def _read(name: str, material: Any) -> None:
    from detente.publish import readings

    reading = readings.read(name, material)
    json.dumps(reading.as_json())
    if reading.draw:
        reading.svg("en")


def read_database(folder: str, names: Sequence[str]) -> dict[str, Any]:
    from detente import workflow

    took = {}
    with workflow.material(Path(folder) / "dossier", origin=DATABASE) as material:
        for name in names:
            began = time.process_time()
            _read(name, material)
            took[name] = time.process_time() - began
    return {"took": took, "day": str(material.day)}


def read_own(folder: str, occurrences: int, names: Sequence[str]) -> dict[str, Any]:
    material = own_material(Path(folder), occurrences)
    took = {}
    began, cpu = time.perf_counter(), time.process_time()
    for name in names:
        before, wall = time.process_time(), time.perf_counter()
        _read(name, material)
        took[name] = (time.process_time() - before, time.perf_counter() - wall)
    return {"took": took, "wall": time.perf_counter() - began, "cpu": time.process_time() - cpu}


def add_day(folder: str, path: str) -> dict[str, Any]:
    from detente.engine.imports import import_events

    import_events(DATABASE, [path], folder=Path(folder) / "dossier")
    return {}


def carry(folder: str) -> dict[str, Any]:
    """CPU seconds of the level of the index from all days, and of taking in one day more."""
    from detente.engine import imported_events
    from detente.measures.level import filtered
    from detente.terms import Dyad

    dyad = Dyad(*DYAD)
    held = imported_events(Path(folder) / "dossier", dyad, DATABASE).sums
    series = [[s for s in held if s.series == name] for name in sorted({s.series for s in held})]
    filtered(series[0][:100])  # libraries are loaded
    began = time.process_time()
    filters = [filtered(sums) for sums in series]
    whole = time.process_time() - began
    began = time.process_time()
    for number in range(100):
        for each in filters:
            each.add(each.days[-1] + 1 + number % 2, 250.0, 1.0, 9.0)
    return {"whole": whole, "day": (time.process_time() - began) / 100}


WORK = {"read_database": read_database, "read_own": read_own, "add_day": add_day, "carry": carry}


@dataclass(frozen=True)
class Cost:
    """Wall and CPU seconds and peak memory of a process, from start to end; with what it printed."""

    wall: float
    cpu: float
    peak_mb: float
    said: dict[str, Any]


def cost(work: str, *arguments: Any) -> Cost:
    """Run one piece of work in a process of its own."""
    with tempfile.TemporaryFile() as out:
        began = time.perf_counter()
        command = [sys.executable, __file__, "work", work, json.dumps(arguments)]
        process = subprocess.Popen(command, stdout=out, env=_compiled())  # noqa: S603  # this file, this interpreter
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read().decode()
    if process.returncode:
        raise SystemExit(f"{work} {arguments}: exit code {process.returncode}\n{text}")
    told = json.loads(text)
    return Cost(wall, used.ru_utime + used.ru_stime, told["peak_kb"] / 1024, told["said"])


def _compiled() -> dict[str, str]:
    """Surroundings in which modules are compiled once and kept, as they are where detente is installed."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "detente-benchmark-modules")}


def middle(costs: Sequence[Cost]) -> Cost:
    return Cost(
        statistics.median(c.wall for c in costs),
        statistics.median(c.cpu for c in costs),
        max(c.peak_mb for c in costs),
        costs[-1].said,
    )


def databases_read() -> list[str]:
    """Measures that can be made of a database's rows, asked of a small one."""
    from detente import workflow
    from detente.errors import DetenteError
    from detente.publish import readings

    found = []
    with tempfile.TemporaryDirectory() as folder:
        make_store(Path(folder), 20_000)
        with workflow.material(Path(folder) / "dossier", origin=DATABASE) as material:
            for name in readings.READERS:
                try:
                    readings.read(name, material)
                except DetenteError:
                    continue
                found.append(name)
    return found


# --- Tables -----------------------------------------------------------------------------------------------------------


def databases(folder: Path, events: int, runs: int) -> Iterator[str]:
    imported = make_store(folder, events)
    names = databases_read()
    yield f"{imported['rows']:,.0f} rows imported in {imported['wall']:.1f} s ({imported['cpu']:.1f} CPU s)."
    yield from _held(folder)
    yield "\n| measure | wall s | CPU s | of it the measure | peak MB |\n| --- | --- | --- | --- | --- |"
    for name in names:
        found = middle([_anew(folder, [name]) for _ in range(runs)])
        took = found.said["took"][name]
        yield f"| {name} | {found.wall:.2f} | {found.cpu:.2f} | {took:.2f} | {found.peak_mb:,.0f} |"
    found = middle([_anew(folder, names) for _ in range(runs)])
    took = sum(found.said["took"].values())
    whole = f"all {len(names)}, one after another"
    yield f"| {whole} | {found.wall:.2f} | {found.cpu:.2f} | {took:.2f} | {found.peak_mb:,.0f} |"


def _anew(folder: Path, names: list[str]) -> Cost:
    """What measures cost where nothing that an earlier run said is kept."""
    shutil.rmtree(folder / "dossier" / "cache", ignore_errors=True)
    return cost("read_database", str(folder), names)


def _held(folder: Path) -> Iterator[str]:
    from detente.engine import imported_events
    from detente.terms import Dyad

    sums = imported_events(folder / "dossier", Dyad(*DYAD), DATABASE).sums
    acts = {name: sum(s.weight for s in sums if s.series == name) // 2000 for name in sorted({s.series for s in sums})}
    yield f"Events: {', '.join(f'{name} {count:,}' for name, count in acts.items())}; {len(sums):,} daily sums."


def day(folder: Path, events: int, runs: int) -> Iterator[str]:
    whole = make_store(folder, events)
    names = databases_read()
    cost("read_database", str(folder), names)  # what is kept, is kept
    adding, within, ending, once, anew, alone = [], [], [], [], [], []
    for _ in range(7):
        number = len(list(folder.glob("day-*")))
        adding.append(cost("add_day", str(folder), str(new_day(folder, number))))
        found = cost("read_database", str(folder), names)
        (ending if (LAST + timedelta(days=1 + number)).weekday() == 6 else within).append(found)
    for _ in range(runs):
        cost("add_day", str(folder), str(new_day(folder, len(list(folder.glob("day-*"))))))
        once.append(cost("read_database", str(folder), ["index"]))
        alone.append(_anew(folder, ["index"]))
        anew.append(_anew(folder, names))
    every = f"all {len(names)} measures"
    yield "\n| | wall s | CPU s |\n| --- | --- | --- |"
    yield f"| the whole: import of {whole['rows']:,.0f} rows | {whole['wall']:.2f} | {whole['cpu']:.2f} |"
    for what, some in (
        (f"the whole: {every}, nothing kept", anew),
        ("one new day: import of its file", adding),
        (f"then {every}, the week is not over", within),
        (f"then {every}, the week is over", ending),
        ("index alone, nothing kept", alone),
        ("index alone after one new day", once),
    ):
        found = middle(some)
        yield f"| {what} | {found.wall:.2f} | {found.cpu:.2f} |"
    week = sum(each.cpu for some in (adding, within, ending) for each in some) / 7
    yield f"\nA new day, mean of seven: {week:.2f} CPU s."
    found = cost("carry", str(folder)).said
    yield f"\nLevels of the index, CPU s: from all days {found['whole']:.2f}; carried on by one day {found['day']:.5f}."


def own(folder: Path, sizes: Iterable[int], runs: int) -> Iterator[str]:
    from detente.publish import readings

    names = list(readings.READERS)
    yield "\n| measure | " + " | ".join(f"{size:,}" for size in sizes) + " |\n| --- |" + " --- |" * len(list(sizes))
    found = {size: middle([cost("read_own", str(folder / "own"), size, names) for _ in range(runs)]) for size in sizes}
    for name in names:
        yield f"| {name} | " + " | ".join(f"{found[size].said['took'][name][0]:.2f}" for size in sizes) + " |"
    yield "| all, CPU s | " + " | ".join(f"{found[size].said['cpu']:.2f}" for size in sizes) + " |"
    yield "| peak MB, the occurrences included | " + " | ".join(f"{found[size].peak_mb:,.0f}" for size in sizes) + " |"


def machine() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "pyarrow"))
    return (
        f"{os.cpu_count()} cores, Python {platform.python_version()}, {libraries}; "
        f"load average at the start {os.getloadavg()[0]:.1f}."
    )


def main() -> None:
    if sys.argv[1:2] == ["work"]:
        said = WORK[sys.argv[2]](*json.loads(sys.argv[3]))
        # The kernel's ru_maxrss would count what the parent held when it forked.
        status = Path("/proc/self/status").read_text()
        peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
        print(json.dumps({"said": said, "peak_kb": peak}))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["all", "databases", "day", "own"])
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--occurrences", default="10000,100000")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="keep the made-up rows here")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = given.folder or Path(made)
        print(machine(), flush=True)
        if given.what in ("all", "databases"):
            for line in databases(folder, given.events, given.runs):
                print(line, flush=True)
        if given.what in ("all", "day"):
            for line in day(folder, given.events, given.runs):
                print(line, flush=True)
        if given.what in ("all", "own"):
            for line in own(folder, [int(size) for size in given.occurrences.split(",")], given.runs):
                print(line, flush=True)


if __name__ == "__main__":
    main()
