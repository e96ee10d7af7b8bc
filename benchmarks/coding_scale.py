"""What coding many documents costs: by one process, by several, by Spark on this machine.

    python benchmarks/coding_scale.py [--documents 1200] [--runs 3] [--processes 1,2] [--json FILE]

The texts are the sample's reports, two by two in changing pairs of one language, under ids of their own. Each run is a
program of its own on a fresh copy of the ledger; runs of the ways are interleaved, and each figure is their median.
Every way codes all the documents and, in another run, a quarter of them: the difference is what more documents cost
once Python has started and each process has loaded its words (the rates), the rest is the start. Memory is the sum
over the program and all it started, shared pages counted in part (PSS), the highest of ten samples a second; it is
read from /proc, on Linux alone.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from detente import documents, dossier, sample, workflow
from detente.ledger import Ledger

WORK = """
import json, sys
from pathlib import Path
from detente import workflow

with workflow.opened(Path(sys.argv[1])) as (case, ledger):
    report = workflow.code(case, ledger, **json.loads(sys.argv[2]))
print(json.dumps({"documents": report.documents, "entries": report.entries, "failed": report.failed}))
"""


def reports(count: int) -> list[dict[str, Any]]:
    """Reports of two of the sample's each, in its languages' proportions; no two alike while pairs last."""
    by_language: dict[str, list[dict[str, Any]]] = defaultdict(list)
    order = []
    for path in sample.report_files():
        for line in path.read_text(encoding="utf-8").splitlines():
            report = json.loads(line)
            by_language[report["language"]].append(report)
            order.append((report["language"], len(by_language[report["language"]]) - 1))
    made = []
    for number in range(count):
        language, place = order[number % len(order)]
        held = by_language[language]
        one, other = held[place], held[(place + 1 + number // len(order)) % len(held)]
        made.append(
            {"id": f"made-{number:06}", "language": language, "published": one["published"], "title": one["title"]}
            | {"text": f"{one['text']}\n\n{other['text']}"}
        )
    return made


def filed(folder: Path, count: int) -> tuple[Path, int]:
    """A dossier with that many documents, not coded, and how many sentences they have."""
    folder.mkdir()
    (folder / dossier.FILE_NAME).write_text(sample.dossier_text(), encoding="utf-8")
    lines = folder.parent / "reports.jsonl"
    lines.write_text("".join(json.dumps(report) + "\n" for report in reports(count)), encoding="utf-8")
    with workflow.opened(folder) as (case, ledger):
        workflow.add(case, ledger, [str(lines)])
    with Ledger.open(folder) as ledger:
        held = list(ledger.documents())
    if len(held) != count:
        raise SystemExit(f"{len(held)} of {count} were filed")
    return folder, sum(len(documents.split(d.text, d.language)) for d in held)


def memory_below(pid: int) -> int:
    """Bytes held by a process and all it started."""
    children: dict[int, list[int]] = defaultdict(list)
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            children[int(file.read_text().rpartition(")")[2].split()[1])].append(int(file.parent.name))
        except OSError:
            continue  # it has ended
    total, todo = 0, [pid]
    while todo:
        one = todo.pop()
        todo += children[one]
        try:
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:"))
    return total


def measured(folder: Path, how: dict[str, Any]) -> dict[str, float]:
    """One run on a copy of the dossier."""
    with tempfile.TemporaryDirectory() as held:
        copy = Path(shutil.copytree(folder, Path(held) / "case"))
        said = Path(held) / "said.json"
        begun, peak = time.perf_counter(), 0
        with said.open("wb") as output:
            command = [sys.executable, "-c", WORK, str(copy), json.dumps(how)]
            process = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL)  # noqa: S603 - our own
            while process.poll() is None:
                peak = max(peak, memory_below(process.pid))
                time.sleep(0.1)
        wall = time.perf_counter() - begun
        if process.returncode:
            raise SystemExit(f"{how}: exit code {process.returncode}")
        return {**json.loads(said.read_text()), "wall": wall, "peak": peak}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1200)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--processes", default="1,2")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    numbers = [int(number) for number in options.processes.split(",")]
    ways: dict[str, dict[str, Any]] = {f"{n} process{'es' * (n > 1)}": {"processes": n} for n in numbers}
    if find_spec("pyspark"):
        ways[f"Spark, {max(numbers)} cores of this machine"] = {"engine": f"spark+local://{max(numbers)}"}
    runs: dict[tuple[str, int], list[dict[str, float]]] = defaultdict(list)
    sizes = (options.documents // 4, options.documents)
    with tempfile.TemporaryDirectory() as held:
        made = {size: filed(Path(held) / str(size), size) for size in sizes}
        for number in range(options.runs):
            for size in sizes:
                for way, how in ways.items():
                    runs[way, size].append(measured(made[size][0], how))
                    wall = runs[way, size][-1]["wall"]
                    print(f"run {number + 1}, {way}, {size} documents: {wall:.1f} s", file=sys.stderr, flush=True)
    for size in sizes:
        if len({(r["entries"], r["failed"]) for way in ways for r in runs[way, size]}) > 1:
            raise SystemExit(f"{size} documents: not every run filed the same")
    if options.json:
        rows = [{"way": way, "size": size, **run} for (way, size), found in runs.items() for run in found]
        options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    show(ways, runs, {size: sentences for size, (_, sentences) in made.items()}, options.runs)


def show(
    ways: Iterable[str], runs: Mapping[tuple[str, int], list[dict[str, float]]], sentences: Mapping[int, int], of: int
) -> None:
    """The table, as Markdown."""
    few, many = sentences
    print(f"{many} documents, {sentences[many]} sentences, {os.cpu_count()} cores, median of {of} interleaved runs.\n")
    print("| coded by | whole command, s (range) | start, s | documents/s | sentences/s | ratio | peak MB |")
    print("|---|---|---|---|---|---|---|")
    alone: list[float] = []
    for way in ways:
        walls = [run["wall"] for run in runs[way, many]]
        # Within one round, so that a machine busy for some minutes does not compare a slow run with a quick one.
        more = [wall - run["wall"] for wall, run in zip(walls, runs[way, few], strict=True)]
        alone = alone or more
        if min(more) <= 0:
            raise SystemExit(
                f"{way}: {few} documents took longer than {many}. Measure again when the machine is quiet."
            )
        each = statistics.median(more) / (many - few)
        start = statistics.median(wall - extra * many / (many - few) for wall, extra in zip(walls, more, strict=True))
        ratio = statistics.median(one / extra for one, extra in zip(alone, more, strict=True))
        peak = statistics.median(run["peak"] for run in runs[way, many])
        print(
            f"| {way} | {statistics.median(walls):.1f} ({min(walls):.1f}-{max(walls):.1f}) | {start:.1f} | "
            f"{1 / each:.0f} | {sentences[many] / many / each:.0f} | {ratio:.2f} | {peak / 1e6:.0f} |"
        )


if __name__ == "__main__":
    main()
