"""Readers and reviewers at once: errors, decisions that are lost, and how long each answer takes.

    python benchmarks/load.py                                   20 readers and 3 reviewers for two minutes
    python benchmarks/load.py --seconds 5 --readers 4 --events 50
    python benchmarks/load.py --ledger postgresql://detente@127.0.0.1/load

`detente serve` runs on loopback over a made-up dossier (`desk_dossier.py`). A reader opens one page after another, with
a pause between; a reviewer opens the desk and decides, one decision after another. Times are of whole answers, without
the pauses. At the end every decision that was answered must be in the ledger, once and under its name, and the chain
must be whole.
"""

from __future__ import annotations

import argparse
import http.client
import os
import platform
import random
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

sys.path.insert(0, str(Path(__file__).parent))

import desk_dossier

from detente import workflow

PAGES = ("index", "timeline", "statements", "milestones", "measures", "data", "sources")
LANGUAGES = ("", "fr/", "ru/")
TIMEOUT_SECONDS = 60


@dataclass
class Tally:
    """What was asked and answered.

    Attributes:
        times: Milliseconds of each answer, by what was asked.
        decided: Entry, who decided on it and what, in the order of the answers.
    """

    times: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    decided: list[tuple[str, str, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def took(self, what: str, began: float) -> None:
        with self.lock:
            self.times.setdefault(what, []).append(1000 * (time.perf_counter() - began))

    def failed(self, what: str) -> None:
        with self.lock:
            self.errors.append(what)

    def gone(self) -> list[str]:
        """Answers that there is no page of an event that was rejected in these minutes: no errors."""
        rejected = {entry for entry, _, action in self.decided if action == "reject"}
        return [each for each in self.errors if any(each == f"/event/{entry}.html: 404" for entry in rejected)]

    def wrong(self) -> list[str]:
        """Every other error."""
        gone = self.gone()
        return [each for each in self.errors if each not in gone]

    @property
    def all_times(self) -> list[float]:
        return [each for times in self.times.values() for each in times]


class Client:
    """One person's browser: a connection that stays open, and cookies."""

    def __init__(self, address: str, tally: Tally) -> None:
        found = urlsplit(address)
        self._host, self._port = str(found.hostname), found.port
        self._tally = tally
        self._connection = http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT_SECONDS)
        self.cookies: dict[str, str] = {}

    def ask(self, what: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, text and where it leads; a status of 0 where no answer came."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            body = urlencode(form)
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        began = time.perf_counter()
        try:
            self._connection.request("GET" if form is None else "POST", path, body, headers)
            answer = self._connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as problem:
            self._connection.close()
            self._tally.failed(f"{path}: {problem!r}")
            return 0, "", ""
        self._tally.took(what, began)
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, rest = value.partition("=")
                self.cookies[cookie] = rest.partition(";")[0]
        if answer.status >= 400:
            self._tally.failed(f"{path}: {answer.status}")
        return answer.status, text, answer.getheader("location", "")


def read(client: Client, ends: float, pause: float, rng: random.Random) -> None:
    """Page after page, now and then an event that a page leads to, until the time is over."""
    events: list[str] = []
    time.sleep(rng.uniform(0, pause))
    while time.monotonic() < ends:
        if events and rng.random() < 0.4:
            client.ask("event", rng.choice(events))
        else:
            _, text, _ = client.ask("page", f"/{rng.choice(LANGUAGES)}{rng.choice(PAGES)}.html")
            events = [f"/event/{name}.html" for name in re.findall(r'href="(?:\.\./)*event/([0-9a-f]{16})\.html', text)]
        time.sleep(rng.uniform(0.5, 1.5) * pause)


def review(client: Client, name: str, ends: float, pause: float, tally: Tally, rng: random.Random) -> None:
    """One decision after another under a name, until the time is over."""
    client.cookies["detente-desk-who"] = quote(name)
    _, text, _ = client.ask("desk", "/desk")
    while time.monotonic() < ends:
        form = re.search(r'action="/desk/item/([0-9a-f]+)" class="decide"', text)
        token = re.search(r'name="token" value="([^"]+)"', text)
        seen = re.search(r'name="seen" value="(\d+)"', text)
        if not (form and token and seen):
            _, text, _ = client.ask("desk", "/desk")
            time.sleep(pause)
            continue
        action = rng.choice(("accept", "accept", "reject:1", "unsure"))
        sent = {"token": token[1], "seen": seen[1], "span": "", "action": action, "why": ""}
        status, _, further = client.ask("decision", f"/desk/item/{form[1]}", sent)
        if status == 303:
            tally.decided.append((form[1], name, action.partition(":")[0]))
            _, text, _ = client.ask("next item", further)
        else:
            _, text, _ = client.ask("desk", "/desk")
        time.sleep(rng.uniform(0.5, 1.5) * pause)


def lost(folder: Path, decided: list[tuple[str, str, str]]) -> list[str]:
    """What the ledger does not hold as it was answered; empty where all of it is there.

    The same decision said again right after itself is one line.
    """
    with workflow.opened(folder) as (_, ledger):
        found = ledger.verify()
        problems = [] if found.ok else [f"the chain is broken: {found.problem}"]
        held: dict[tuple[str, str], list[str]] = {}
        for made in ledger.decisions():
            held.setdefault((made.entry, made.by), []).append(made.action)
    told: dict[tuple[str, str], list[str]] = {}
    for entry, by, action in decided:
        told.setdefault((entry, by), []).append(action)
    for key in held.keys() | told.keys():
        kept, answered = held.get(key, []), told.get(key, [])
        if len(kept) > len(answered) or _runs(kept) != _runs(answered):
            problems.append(f"{key[0]} by {key[1]}: answered {answered}, kept {kept}")
    return problems


def _runs(actions: list[str]) -> list[str]:
    return [action for number, action in enumerate(actions) if number == 0 or action != actions[number - 1]]


def begin(address: str) -> None:
    """Ask a fresh server once: it has everything to measure."""
    first = Client(address, Tally())
    for path in ("/index.html", "/desk"):
        first.ask("first", path)


def together(address: str, *, readers: int, reviewers: int, seconds: float, pause: float = 1.0, seed: int = 1) -> Tally:
    """Let them all loose on a server."""
    tally = Tally()
    ends = time.monotonic() + seconds
    work: list[Callable[[], Any]] = []
    for number in range(readers):
        rng = random.Random(seed * 1000 + number)  # noqa: S311 (which page is looked at)
        work.append(lambda rng=rng: read(Client(address, tally), ends, pause, rng))
    for number in range(reviewers):
        rng = random.Random(-seed * 1000 - number)  # noqa: S311
        name = f"Reviewer {number + 1}"
        work.append(lambda rng=rng, name=name: review(Client(address, tally), name, ends, pause, tally, rng))
    threads = [threading.Thread(target=each) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally


def table(tally: Tally) -> str:
    lines = ["| asked | answers | p50, ms | p95, ms | most, ms |", "|---|---|---|---|---|"]
    for what, times in [*sorted(tally.times.items()), ("all", tally.all_times)]:
        half, most = desk_dossier.share(times, 0.5), desk_dossier.share(times, 0.95)
        lines.append(f"| {what} | {len(times):,} | {half:.0f} | {most:.0f} | {max(times):.0f} |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--reviewers", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between two pages or decisions, on average")
    parser.add_argument("--events", type=int, default=200)
    parser.add_argument("--settle", type=float, default=30, help="seconds a fresh server is left alone first")
    parser.add_argument("--ledger", default="", help="address of an empty database, for its ledger")
    given = parser.parse_args()
    if given.ledger:
        os.environ[workflow.LEDGER_VARIABLE] = given.ledger
    with tempfile.TemporaryDirectory() as out:
        folder = desk_dossier.make(Path(out) / "dossier", given.events)
        with desk_dossier.serving(folder) as address:
            begin(address)
            time.sleep(given.settle)  # A server that has just begun measures every figure ahead.
            tally = together(
                address, readers=given.readers, reviewers=given.reviewers, seconds=given.seconds, pause=given.pause
            )
        missing = lost(folder, tally.decided)
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {given.events:,} events; ",
        end="",
    )
    print(f"{given.readers} readers and {given.reviewers} reviewers, {given.seconds:.0f} s, pause {given.pause} s\n")
    print(table(tally))
    print(f"\nerrors: {len(tally.wrong())}; pages of events just rejected: {len(tally.gone())};", end=" ")
    print(f" decisions: {len(tally.decided)}; lost or doubled: {len(missing)}")
    for problem in [*tally.wrong()[:10], *missing[:10]]:
        print(" ", problem)
    return bool(tally.wrong() or missing)


if __name__ == "__main__":
    sys.exit(main())
