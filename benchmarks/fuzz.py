"""Readers of what others write, fed with damaged input: no crash, no hang, bounded memory.

    python benchmarks/fuzz.py                          each reader for a minute of CPU, in turn
    python benchmarks/fuzz.py --minutes 10 html feed   these two for ten minutes of CPU each
    python benchmarks/fuzz.py --keep FOLDER            what failed is kept there, and the seed repeats the run
    python benchmarks/fuzz.py --guided html            grown toward code not reached yet (pip install atheris)

Well-formed examples are cut, doubled, spliced, nested and salted with what has broken readers before. A reader may
refuse an input with an error of detente's, or as an Issue; anything else that it raises is a crash. One input may take
five seconds of its CPU, and a reader four gigabytes of memory.

Source:
    Coverage-guided search: libFuzzer (llvm.org/docs/LibFuzzer.html) through atheris.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import event_files

from detente import backup, dossier, plugins, sources
from detente.documents import make
from detente.engine.imports import import_events
from detente.errors import CodingError, DetenteError
from detente.terms import Coding, Document, Dyad, Evidence

ROOT = Path(__file__).parent.parent
SECONDS = 5
MEMORY = 4 << 30
LONGEST = 200_000
DYAD, FIRST, TODAY = Dyad("RUS", "USA"), date(2025, 1, 15), date(2025, 6, 1)

SALT = [
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf0\x9f\x87\xb7", b"\xe2\x80\xae", b"\xcc\x81" * 500,
    b"\r", b"\n\n", b"\t", b"\"", b"'", b"\\", b"\\u0000", b"\\ud800", b"%s", b"{{7*7}}", b"${x}", b"'; DROP TABLE x;",
    b"<", b">", b"&", b"&#0;", b"&#x110000;", b"&nbsp", b"]]>", b"<![CDATA[", b"<!--", b"<script>", b"</article>",
    b"<table><tr><td>", b"<svg><style><img>", b"<meta charset='utf-7'>", b"<base href='javascript:1'>",
    b"<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>", b"<!ENTITY a '&b;&b;&b;'>", b"xmlns:x='y'",
    b"2025-02-30", b"0000-00-00", b"99999999999999999999", b"-1", b"1e999", b"NaN", b"31/12/9999", b"2025-W60-9",
    "le 30 février 2025".encode(), "32 марта 2025 года".encode(), b"on Monday, Tuesday, Wednesday",
    "à l’issue de la".encode(), "« “ „ ‹ ".encode(), "…".encode() * 300, b" " * 300, b"(" * 3000, b"[" * 3000,
    b"{" * 3000, b"<div>" * 3000, b"a" * 20_000, b"A. " * 3000, b"\"\"\"", b"[[x]]\n", b"= ", b"1979-05-27T07:32:00Z",
]  # fmt: skip


def damaged(chance: random.Random, seeds: Sequence[bytes]) -> bytes:
    """One of the examples with one to eight wounds."""
    made = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, 8)):
        at = chance.randint(0, len(made))
        end = min(len(made), at + int(chance.expovariate(1 / 40)))
        wound = chance.randrange(8)
        if wound == 0 and made:
            made[min(at, len(made) - 1)] ^= 1 << chance.randrange(8)
        elif wound == 1:
            made[at:at] = chance.choice(SALT)
        elif wound == 2:
            made[at:end] = chance.choice(SALT)
        elif wound == 3:
            del made[at:end]
        elif wound == 4:
            made[at:at] = made[at:end] * chance.choice((1, 2, 50))
        elif wound == 5:
            other = chance.choice(seeds)
            start = chance.randint(0, len(other))
            made[at:end] = other[start : start + chance.randint(0, 400)]
        elif wound == 6:
            del made[at:]
        else:
            made[at:end] = chance.randbytes(end - at)
    return bytes(made[:LONGEST])


@cache
def coder() -> Any:
    return plugins.coder(dossier.parse(starter()), None)


def starter() -> str:
    return dossier.starter_text(DYAD, FIRST, today=TODAY)


def read(raw: bytes, suffix: str, place: Path) -> None:
    """As `detente add` and `detente code` do with a file."""
    path = place / f"input{suffix}"
    path.write_bytes(raw)
    for got in sources.get(path, pages=False):
        if isinstance(got, sources.Got):
            document = make(got).document
            if document is not None:
                check(document, coder().code(document))


def check(document: Any, coding: Any) -> None:
    """Whatever is coded quotes the text to the letter."""
    for each in (*coding.events, *coding.statements):
        evidence: Evidence = each.evidence
        if document.text[evidence.start : evidence.end] != evidence.quote:
            raise AssertionError(f"{evidence} is not in the text")


def table(kind: str) -> Callable[[bytes, Path], None]:
    def run(raw: bytes, place: Path) -> None:
        path = place / "rows.csv"
        path.write_bytes(raw)
        with tempfile.TemporaryDirectory(dir=place) as folder:
            import_events(kind, [path], folder=Path(folder))

    return run


def timeml(raw: bytes, place: Path) -> None:
    from detente.evaluation import score_timeml

    (place / "timeml").mkdir(exist_ok=True)
    (place / "timeml" / "a.tml").write_bytes(raw)
    score_timeml(place / "timeml", "en")


def gold(raw: bytes, place: Path) -> None:
    from detente.evaluation import evaluate_sentences

    path = place / "gold.jsonl"
    path.write_bytes(raw)
    evaluate_sentences([path])


@cache
def report() -> Any:
    """A text that a language model is asked about, read, with its paragraphs."""
    from detente.coding.llm_verify import paragraphs_of
    from detente.coding.names import Names
    from detente.coding.reading import read as read_text

    case = dossier.parse(starter())
    made = Document("d", REPORT, "en", date(2025, 2, 19), "given", datetime(2025, 2, 20, tzinfo=UTC))
    reading = read_text(made, case, Names(case))
    return reading, paragraphs_of(reading)


def answer(raw: bytes, _: Path) -> None:
    """As the language model as coder does with what a server sends."""
    from detente.coding.llm import Heard, checked
    from detente.coding.llm_prompt import Codebook, Unfit, read_answer

    content = raw.decode("utf-8", "replace")
    try:
        told = read_answer(content, Codebook.of(), lenient=True)
    except Unfit as problem:
        raise CodingError(str(problem)) from None
    reading, paragraphs = report()
    events, statements, _ = checked(reading, [paragraphs], [Heard(told, "fuzz")], 0.5)
    check(reading.document, Coding("d", "fuzz.v1", "plover", events=tuple(events), statements=tuple(statements)))


def archive(raw: bytes, place: Path) -> None:
    path = place / "a.zip"
    path.write_bytes(raw)
    with tempfile.TemporaryDirectory(dir=place) as folder:
        backup.restore(path, Path(folder, "again"))


def toml(raw: bytes, place: Path) -> None:
    (place / "dossier.toml").write_bytes(raw)
    dossier.load(place)


TIMEML = b"""<?xml version="1.0"?><TimeML><DOCID>a</DOCID><DCT><TIMEX3 tid="t0" type="DATE" value="2025-03-03"
functionInDocument="CREATION_TIME">2025-03-03</TIMEX3></DCT><TEXT>Talks ended on <TIMEX3 tid="t1" type="DATE"
value="2025-02-27">Thursday</TIMEX3> after <TIMEX3 tid="t2" type="DURATION" value="P2D">two days</TIMEX3>.</TEXT>
</TimeML>"""
FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Wire</title><item>
<title>Talks</title><link>https://example.org/1</link><pubDate>Fri, 07 Mar 2025 08:00:00 GMT</pubDate>
<description>Russia and the United States held talks in Istanbul on embassies and agreed to meet again.</description>
</item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title><entry><title>Talks</title><id>urn:1</id>
<link href="https://example.org/2"/><updated>2025-03-07T08:00:00Z</updated><summary>Envoys of Russia and the United
States met in Riyadh on Tuesday and agreed to restore the work of their embassies.</summary></entry></feed>"""


REPORT = (
    "Russian Foreign Minister Sergey Lavrov and US Secretary of State Marco Rubio met in Riyadh on 18 February 2025.\n"
    "“We are ready to restore relations with the United States,” Lavrov said after the talks.\n"
    "Moscow and Washington will exchange prisoners in March, the State Department said."
)


def answers() -> list[bytes]:
    event = {"paragraph": "p1", "quote": "met in Riyadh on 18 February 2025", "type": "CONSULT", "mode": "meet"}
    event |= {"actors": ["Sergey Lavrov"], "recipients": ["Marco Rubio"], "when": "18 February", "realis": "happened"}
    said = {"paragraph": "p2", "quote": "We are ready to restore relations", "speaker": "Lavrov", "stance": 2}
    swap = {**event, "paragraph": "p3", "quote": "will exchange prisoners in March", "type": "RETREAT", "when": "March"}
    swap |= {"actors": ["Moscow", "Washington"], "realis": "planned"}
    made = [{"events": [event, swap], "statements": [said]}, {"events": [event], "statements": []}]
    whole = [json.dumps(one) for one in (*made, {"events": [], "statements": [said, said]})]
    return [one.encode() for one in (*whole, f"<think>{{}}</think>\n```json\n{whole[0]}\n```", whole[0][:300])]


def pages() -> list[bytes]:
    return [path.read_bytes() for path in sorted((ROOT / "tests" / "sources" / "examples").glob("*/*.html"))]


def reports() -> list[bytes]:
    folder = ROOT / "src" / "detente" / "sample" / "reports"
    return [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_bytes().splitlines()]


def texts() -> list[bytes]:
    return [str(json.loads(line)["text"]).encode() for line in reports()]


def archives() -> list[bytes]:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "case")
        dossier.write_starter(folder, DYAD, FIRST, today=TODAY)
        from detente import workflow

        with workflow.opened(folder):
            pass
        backup.backup(folder, Path(place, "a.zip"))
        return [Path(place, "a.zip").read_bytes()]


@dataclass
class Reader:
    """A reader with its well-formed examples."""

    seeds: Callable[[], list[bytes]]
    run: Callable[[bytes, Path], None]
    inputs: int = 0
    refused: int = 0
    slowest: float = 0.0
    crashes: list[str] = field(default_factory=list)

    def row(self, name: str) -> str:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        return f"| {name} | {self.inputs} | {self.refused} | {self.slowest:.2f} | {len(self.crashes)} | {most} |"

    def tell(self) -> None:
        for crash in sorted(set(self.crashes))[:8]:
            print(f"  {crash}", file=sys.stderr, flush=True)


def readers() -> dict[str, Reader]:
    return {
        "html": Reader(pages, lambda raw, place: read(raw, ".html", place)),
        "feed": Reader(lambda: [FEED.encode(), ATOM.encode()], lambda raw, place: read(raw, ".xml", place)),
        "jsonl": Reader(reports, lambda raw, place: read(raw, ".jsonl", place)),
        "text": Reader(texts, lambda raw, place: read(raw, ".txt", place)),
        "toml": Reader(lambda: [starter().encode()], toml),
        "gdelt": Reader(lambda: tables("gdelt"), table("gdelt")),
        "icews": Reader(lambda: tables("icews"), table("icews")),
        "polecat": Reader(lambda: tables("polecat"), table("polecat")),
        "timeml": Reader(lambda: [TIMEML], timeml),
        "gold": Reader(gold_lines, gold),
        "backup": Reader(archives, archive),
        "answer": Reader(answers, answer),
    }


def tables(kind: str) -> list[bytes]:
    return [event_files.table(kind, event_files.lines(kind, 8, seed=n)) for n in range(4)]


def gold_lines() -> list[bytes]:
    return [
        line
        for path in sorted((ROOT / "tests" / "coding" / "gold").rglob("*.jsonl"))[:4]
        for line in path.read_bytes().splitlines()[:50]
    ]


class TooLong(BaseException):
    pass


def _alarm(*_: object) -> None:
    raise TooLong


def feed(name: str, one: Reader, raw: bytes, place: Path, keep: Path | None) -> None:
    """Give a reader one input and count what came of it."""
    one.inputs += 1
    began = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        one.run(raw, place)
    except DetenteError:
        one.refused += 1
    except (Exception, TooLong) as problem:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        where = traceback.extract_tb(problem.__traceback__)[-1]
        one.crashes.append(f"{type(problem).__name__} {str(problem)[:120]!r} at {where.filename}:{where.lineno}")
        if keep:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{name}-{one.inputs}").write_bytes(raw)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    one.slowest = max(one.slowest, time.process_time() - began)


def some(seeds: Sequence[bytes]) -> Sequence[bytes]:
    """Examples from all over the list, so that each language is among them: its lists take seconds to load, once."""
    return seeds[:: max(1, len(seeds) // 9)]


def fuzz(name: str, one: Reader, minutes: float, seed: int, keep: Path | None) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    chance, seeds = random.Random(f"{seed}-{name}"), one.seeds()  # noqa: S311 - no secret
    until = time.process_time() + 60 * minutes
    with tempfile.TemporaryDirectory() as place:
        for raw in some(seeds):
            one.run(raw, Path(place))
        while time.process_time() < until:
            feed(name, one, damaged(chance, seeds), Path(place), keep)


def own_functions() -> Iterator[types.FunctionType]:
    """Functions and methods of every module of detente that is loaded."""
    for module in [module for key, module in sys.modules.items() if key.split(".")[0] == "detente"]:
        classes = [each for each in vars(module).values() if isinstance(each, type)]
        for holder in (module, *(each for each in classes if each.__module__ == module.__name__)):
            for each in vars(holder).values():
                if isinstance(each, types.FunctionType) and each.__module__ == module.__name__:
                    yield each


def guided(name: str, one: Reader, minutes: float, seed: int, keep: Path | None) -> None:
    """As `fuzz`, by libFuzzer; it ends the process, which is why `main` starts one for each reader."""
    import atheris

    seeds = one.seeds()
    with tempfile.TemporaryDirectory() as folder:
        place, corpus = Path(folder, "place"), Path(folder, "corpus")
        place.mkdir()
        corpus.mkdir()
        for number, raw in enumerate(seeds):
            (corpus / str(number)).write_bytes(raw[:LONGEST])
        words = [f'"{"".join(f"{chr(92)}x{byte:02x}" for byte in salt)}"' for salt in SALT if len(salt) <= 64]
        Path(folder, "words").write_text("\n".join(words), encoding="ascii")
        for raw in some(seeds):
            one.run(raw, place)  # what is loaded at first use is loaded before the functions are watched
        until = time.process_time() + 60 * minutes

        def test_one_input(raw: bytes) -> None:
            feed(name, one, raw, place, keep)
            if time.process_time() > until:
                print(one.row(name), flush=True)
                one.tell()
                shutil.rmtree(folder)
                os._exit(int(bool(one.crashes)))

        for function in own_functions():
            atheris.instrument_func(function)
        limits = [f"-seed={seed}", f"-max_len={LONGEST}", f"-rss_limit_mb={MEMORY >> 20}", f"-timeout={60 * SECONDS}"]
        atheris.Setup([sys.argv[0], *limits, f"-dict={folder}/words", "-verbosity=0", str(corpus)], test_one_input)
        atheris.Fuzz()


def main() -> int:
    every = readers()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("readers", nargs="*", choices=[[], *every], help="all of them unless named")
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--guided", action="store_true")
    asked = parser.parse_args()
    signal.signal(signal.SIGVTALRM, _alarm)
    names = asked.readers or list(every)
    if asked.guided and len(names) == 1:
        guided(names[0], every[names[0]], asked.minutes, asked.seed, asked.keep)
        return 0
    print(
        "| reader | inputs | refused | slowest, CPU s | crashes and hangs | memory so far, MB |\n"
        "|---|---|---|---|---|---|",
        flush=True,
    )
    if asked.guided:
        options = [each for each in sys.argv[1:] if each not in names]
        return max(subprocess.run([sys.executable, __file__, *options, name]).returncode for name in names)  # noqa: S603
    for name in names:
        one = every[name]
        fuzz(name, one, asked.minutes, asked.seed, asked.keep)
        print(one.row(name), flush=True)
        one.tell()
    return int(any(one.crashes for one in every.values()))


if __name__ == "__main__":
    sys.exit(main())
