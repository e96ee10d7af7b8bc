"""A made-up dossier of any size, and a server on it, for the benchmarks of the desk and of load.

The reports are made up sentence by sentence and coded as they are written: nothing is read by a coder. So many events
lie in five years, in reports of five events and a statement each, by one of forty outlets in three languages.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from detente import workflow
from detente.dossier import write_starter
from detente.terms import Coding, Document, Dyad, Event, EventDate, Participant, Statement

FIRST, DAYS = date(2020, 1, 1), 1826
EVENTS_A_REPORT = 5
TYPES = ("CONSULT", "ACCUSE", "COOPERATE", "AGREE", "SANCTION", "REJECT", "REQUEST", "THREATEN", "SUPPORT", "AID")
PLACES = ("Geneva", "Istanbul", "Riyadh", "Moscow", "Washington", "Vienna", "Helsinki", "Ankara")
STATES = {"RUS": "Russia", "USA": "The United States"}
START_SECONDS = 120


def reports(events: int, *, seed: int = 1) -> Iterator[tuple[Document, Coding]]:
    """Reports with what is coded in them, in order of day."""
    rng = random.Random(seed)  # noqa: S311 (made-up reports)
    count = max(1, round(events / EVENTS_A_REPORT))
    left = events
    for number in range(count):
        here, left = min(left, EVENTS_A_REPORT), left - EVENTS_A_REPORT
        yield report(f"made-up-{number:06}", FIRST + timedelta(days=DAYS * number // count), here, rng)


def report(name: str, published: date, events: int, rng: random.Random) -> tuple[Document, Coding]:
    """One report of so many events and a statement."""
    sentences, kinds = [], []
    for number in range(events):
        actor, recipient = rng.sample(sorted(STATES), 2)
        kind, place = rng.choice(TYPES), rng.choice(PLACES)
        when = published - timedelta(days=rng.randrange(3))
        sentences.append(
            f"{STATES[actor]} and {STATES[recipient]} were in {place} on {when:%d %B %Y}, and {kind.lower()} is what "
            f"came of item {number + 1} of report {name}."
        )
        kinds.append((kind, actor, recipient, when, place))
    said = f"We are ready for step {rng.randrange(1000)} after report {name}, Peskov said."
    filler = "Officials gave no further details, and a second round may follow in the coming weeks. " * 8
    document = Document(
        id=name,
        text=" ".join([*sentences, said, filler.strip()]),
        language=rng.choice(("en", "en", "fr", "ru")),
        published=published,
        published_basis="given",
        fetched=datetime(2025, 1, 1, tzinfo=UTC),
        source=f"outlet-{rng.randrange(40)}",
        title=f"Report {name}",
    )

    def words(sentence: str):  # type: ignore[no-untyped-def]
        start = document.text.index(sentence)
        return document.quote(start, start + len(sentence))

    found = []
    for sentence, (kind, actor, recipient, when, place) in zip(sentences, kinds, strict=True):
        a, r = (Participant(code, STATES[code], code) for code in (actor, recipient))
        found.append(
            Event(
                type=kind,
                mode="",
                actors=(a, r) if kind in ("CONSULT", "AGREE") else (a,),
                recipients=() if kind in ("CONSULT", "AGREE") else (r,),
                event_date=EventDate.of(when.isoformat(), "explicit"),
                realis="happened",
                evidence=words(sentence),
                confidence=round(rng.uniform(0.3, 0.95), 2),
                place=place,
            )
        )
    spoken = Statement(
        speaker=Participant("dmitry-peskov", "Peskov", "RUS", "spokesman"),
        mode="paraphrase",
        issue="relations",
        stance=rng.randrange(-2, 3),
        evidence=words(said),
        content=words(said),
        confidence=round(rng.uniform(0.3, 0.95), 2),
    )
    return document, Coding(name, "hand.v1", "plover-2.0", events=tuple(found), statements=(spoken,))


def make(folder: Path, events: int, *, seed: int = 1) -> Path:
    """Make the dossier; as a benchmark's material only: the disk is not waited for between reports."""
    write_starter(folder, Dyad.parse("RUS-USA"), FIRST, today=date(2025, 1, 1))
    with workflow.opened(folder) as (_, ledger):
        for document, coding in reports(events, seed=seed):
            ledger.add_document(document)
            ledger.file(coding)
    return folder


@contextmanager
def serving(folder: Path, *, log: Path | None = None) -> Iterator[str]:
    """`detente serve` on a free port of loopback; gives its address."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as held:
        port = int(held.getsockname()[1])
    output = log.open("wb") if log else subprocess.DEVNULL
    server = subprocess.Popen(  # noqa: S603 (our own command)
        [Path(sys.executable).with_name("detente"), "serve", "--dossier", str(folder), "--port", str(port)],
        stdout=output,
        stderr=output,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                urllib.request.urlopen(f"{address}/desk/desk.css", timeout=5).close()  # noqa: S310
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                if server.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"the server did not come up (exit code {server.poll()}).") from None
                time.sleep(0.1)
        yield address
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()


def share(times: list[float], part: float) -> float:
    """The value below which that part of the times lies (nearest rank).

    >>> share([3.0, 1.0, 2.0, 4.0], 0.5)
    2.0
    """
    ranked = sorted(times)
    return ranked[max(0, -(-int(part * 1000) * len(ranked) // 1000) - 1)]
