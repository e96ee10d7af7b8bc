"""The API of a served dossier, asked by schemathesis what its own description allows and what it does not.

    python benchmarks/api.py                                    on a small dossier that means harm, made first
    python benchmarks/api.py --dossier DIR --examples 100       on a copy of another one, with more tries

Schemathesis is no dependency of ours: it is run by `uvx --from schemathesis==4.32.5 st`, or as --program says.
`detente serve` is started three times as its users start it: without accounts; with accounts and private pages, asked
by somebody who is signed in; and the same, asked by somebody who is not. Every answer must be one that
`/api/openapi.json` describes, and none a failure of the server (but 501, by which oEmbed refuses a form). What the
server prints must hold no password, no session and no traceback. Exit code 1 where anything is wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests" / "publish")]

import httpx  # noqa: E402
from hostile_dossier import PAYLOADS, make  # noqa: E402

from detente.accounts import SignIns  # noqa: E402
from detente.ledger import FILE_NAME  # noqa: E402

PROGRAM = "uvx --from schemathesis==4.32.5 st"
SEED = 8
REPORTS = 6
"""Each day that is asked for is measured anew, which takes seconds where there is much to measure."""
NAME, PASSWORD = "ruth", "ruth and her seven secrets"
CONFIG = """[checks]
# A day can be well written and still lie before what is asked since, or outside the calendar in UTC.
positive_data_acceptance.expected-statuses = ["2xx", 401, 403, 404, 422]
[[operations]]
include-path = "/oembed"
checks.not_a_server_error.expected-statuses = ["2xx", "4xx", 501]
"""


@dataclass(frozen=True)
class Tried:
    """What came of one server."""

    what: str
    operations: int
    requests: int
    faults: tuple[str, ...]


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def _token(page: str) -> str:
    return page.partition('name="token" value="')[2].partition('"')[0]


def _signed_in(base: str) -> httpx.Client:
    client = httpx.Client(base_url=base, headers={"Origin": base}, timeout=120)
    given = {"token": _token(client.get("/sign-in").text), "name": NAME, "password": PASSWORD}
    answer = client.post("/sign-in", data=given)
    if answer.status_code != 303:
        raise SystemExit(f"signing in was answered by {answer.status_code}.")
    return client


def tried(what: str, folder: Path, room: Path, program: str, examples: int, *, private: bool, session: bool) -> Tried:
    """Start a server, ask it, and look at what it printed."""
    port, log = _free_port(), room / "serve.log"
    base = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-c", "from detente.cli import main; main()", "serve", "--dossier", str(folder)]
    command += ["--port", str(port), *(["--private"] if private else [])]
    secrets = [PASSWORD]
    with log.open("wb") as out:
        server = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)  # noqa: S603
        try:
            _wait(base)
            described = room / "openapi.json"
            client = _signed_in(base) if private or session else httpx.Client(base_url=base, timeout=120)
            described.write_text(client.get("/api/openapi.json").text, "utf-8")
            secrets += client.cookies.values()
            header = []
            if session:
                cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
                header = ["-H", f"Cookie:{cookies}"]
            report = room / "report.json"
            (room / "schemathesis.toml").write_text(CONFIG, "utf-8")
            asked = [*shlex.split(program), "--config-file", str(room / "schemathesis.toml"), "run", str(described)]
            asked += ["--url", base, "--checks", "all", "--max-examples", str(examples), "--seed", str(SEED)]
            asked += ["--no-color", "--continue-on-failure", "--report", "json", "--report-json-path", str(report)]
            # Its own libraries, and not those of this process.
            environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
            done = subprocess.run(asked + header, capture_output=True, text=True, env=environment, cwd=room)  # noqa: S603
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=60)
    if not report.is_file():
        raise SystemExit(f"{program} wrote no report:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    (room / "schemathesis.log").write_text(done.stdout, "utf-8")
    found = json.loads(report.read_text("utf-8"))
    faults = [f"{f['title']}: {', '.join(map(str, f['operations']))[:200]}" for f in found["failures"]]
    faults += [str(error)[:200] for error in found["errors"]]
    printed = log.read_text("utf-8", "replace")
    faults += [
        f"a secret of {len(secret)} signs stands in what the server printed" for secret in secrets if secret in printed
    ]
    if "Traceback" in printed:
        faults.append(f"a traceback: {printed[printed.index('Traceback') :][:500]}")
    return Tried(what, found["operations"]["tested"], found["test_cases"]["generated"], tuple(faults))


def _wait(base: str) -> None:
    for _ in range(600):
        try:
            httpx.get(f"{base}/sign-in", timeout=5)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit(f"{base}: the server did not start within two minutes.")


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--dossier", type=Path, help="a copy of it is served")
    asked.add_argument("--program", default=PROGRAM)
    asked.add_argument("--examples", type=int, default=30, help="tries for each address, at most")
    given = asked.parse_args()
    room = Path(tempfile.mkdtemp(prefix="detente-api-"))
    if given.dossier is None:
        make(room / "made", dict(list(PAYLOADS.items())[:REPORTS]), questions=2)
    alone = Path(shutil.copytree(given.dossier or room / "made", room / "alone"))
    team = Path(shutil.copytree(alone, room / "team"))
    with SignIns(team / FILE_NAME) as accounts:
        accounts.add(NAME, "reader", PASSWORD, display="Ruth", by="root")
    cases = (
        ("without accounts", alone, False, False),
        ("with accounts, signed in", team, True, True),
        ("private, signed out", team, True, False),
    )
    faults = 0
    print("| served | addresses | requests | faults |\n|---|---|---|---|")
    for number, (what, folder, private, session) in enumerate(cases):
        place = room / str(number)
        place.mkdir()
        one = tried(what, folder, place, given.program, given.examples, private=private, session=session)
        print(f"| {what} | {one.operations} | {one.requests:,} | {len(one.faults)} |", flush=True)
        for fault in one.faults:
            print(f"  {what}: {fault}", file=sys.stderr)
        faults += len(one.faults)
    print(f"\nlogs: {room}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
