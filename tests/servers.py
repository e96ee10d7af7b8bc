"""Real servers for the tests: on loopback, on free ports, started and ended by the test that asks."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

WAIT_SECONDS = 120
"""For a server to be up: a loaded machine takes ten times as long as a quiet one."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A dossier served by the application, in a thread of this process; gives its address without a slash."""
    import uvicorn

    from detente.web import application

    server = uvicorn.Server(uvicorn.Config(application(folder), host="127.0.0.1", port=0, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + WAIT_SECONDS
    while not server.started:
        assert thread.is_alive(), "the application did not start"
        assert time.monotonic() < until, f"the application did not start in {WAIT_SECONDS} seconds"
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(WAIT_SECONDS)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def wait_for(what: str, found: Callable[[], object], process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until `found` gives something; what the server wrote is in the error if it never does."""
    until = time.monotonic() + WAIT_SECONDS
    while not found():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"{what} did not come up (exit code {process.poll()}):\n{log.read_text()[-3000:]}")
        time.sleep(0.1)


def end(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGKILL) -> None:
    """End a process started with a session of its own, with all it started."""
    if process.poll() is None:
        os.killpg(process.pid, how)
    process.wait(timeout=WAIT_SECONDS)


def postgres_programs() -> Path | None:
    """Folder of PostgreSQL's programs; None where there is no server on this machine."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))[::-1]:
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def postgres_server(programs: Path) -> Iterator[str]:
    """A PostgreSQL server with an empty database; gives its address."""
    # It refuses to run as root, and another user cannot pass through pytest's own folders.
    user = "nobody" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="detente-postgres-"))
    data, log, port = folder / "data", folder / "log", free_port()
    if user:
        shutil.chown(folder, user)
    try:
        subprocess.run(
            [programs / "initdb", "-D", data, "-A", "trust", "-U", "detente", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
            check=True,
            capture_output=True,
            user=user,
            cwd=folder,
        )
        with log.open("wb") as output:
            options = ["listen_addresses=127.0.0.1", f"port={port}", "unix_socket_directories=", "fsync=off"]
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, *(part for option in options for part in ("-c", option))],
                stdout=output,
                stderr=output,
                user=user,
                cwd=folder,
                start_new_session=True,
            )
        try:
            wait_for("PostgreSQL", partial(_says, log, "ready to accept connections"), server, log)
            yield f"postgresql://detente@127.0.0.1:{port}/postgres"
        finally:
            end(server, signal.SIGQUIT)
    finally:
        shutil.rmtree(folder)


def _says(log: Path, what: str) -> bool:
    return what in log.read_text(errors="replace")


@contextmanager
def spark_connect_server(folder: Path) -> Iterator[str]:
    """A Spark Connect server with a Spark of its own; gives its address."""
    import pyspark

    home, port, log = Path(pyspark.__file__).parent, free_port(), folder / "connect.log"
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": port,
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "512m",
        "spark.sql.shuffle.partitions": 4,
        "spark.ui.enabled": "false",
    }
    with log.open("wb") as output:
        server = subprocess.Popen(
            [
                *(home / "bin" / "spark-class", "org.apache.spark.deploy.SparkSubmit", "--master", "local[1]"),
                *("--class", "org.apache.spark.sql.connect.service.SparkConnectServer"),
                *(part for name, value in settings.items() for part in ("--conf", f"{name}={value}")),
                "spark-internal",
            ],
            stdout=output,
            stderr=output,
            env={**_without_spark(), "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"},
            cwd=folder,
            start_new_session=True,
        )
    try:
        wait_for("the Spark Connect server", partial(_says, log, "Spark Connect server started"), server, log)
        yield f"sc://127.0.0.1:{port}"
    finally:
        end(server)


def _without_spark() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("SPARK_", "PYSPARK_"))}


@dataclass
class SparkCluster:
    """A standalone master with workers, as separate processes.

    Attributes:
        address: `spark://127.0.0.1:PORT`.
        url: The same for `connect`, with settings for a small machine.
        rest_port: Where the master would take jobs over HTTP from anybody, were that not switched off.
    """

    folder: Path
    address: str
    secret: str
    rest_port: int
    master_log: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        settings = {
            "spark.executor.memory": "512m",
            "spark.driver.memory": "512m",
            "spark.sql.shuffle.partitions": "4",
        }
        return f"{self.address}?" + "&".join(f"{name}={value}" for name, value in settings.items())


@contextmanager
def spark_cluster(folder: Path, *, workers: int = 2) -> Iterator[SparkCluster]:
    """A Spark master and workers that ask for a secret."""
    import pyspark

    home = Path(pyspark.__file__).parent
    secret, rest_port = secrets.token_hex(16), free_port()
    conf = folder / "conf"
    conf.mkdir()
    defaults = conf / "spark-defaults.conf"
    defaults.touch(mode=0o600)
    defaults.write_text(
        "spark.authenticate true\n"
        f"spark.authenticate.secret {secret}\n"
        "spark.network.crypto.enabled true\n"
        "spark.master.rest.enabled false\n"
        f"spark.master.rest.port {rest_port}\n"
        "spark.ui.enabled false\n"
    )
    environment = _without_spark() | {
        "SPARK_HOME": str(home),
        "SPARK_CONF_DIR": str(conf),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "192m",
        "PYSPARK_PYTHON": sys.executable,
    }

    def started(name: str, kind: str, *arguments: object) -> tuple[subprocess.Popen[bytes], Path]:
        log = folder / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [
                    home / "bin" / "spark-class",
                    f"org.apache.spark.deploy.{kind.lower()}.{kind}",
                    *map(str, ("--host", "127.0.0.1", "--port", 0, "--webui-port", 0)),
                    *map(str, arguments),
                ],
                stdout=output,
                stderr=output,
                env=environment,
                cwd=folder,
                start_new_session=True,
            )
        stack.callback(end, process)
        return process, log

    with ExitStack() as stack:
        master, log = started("master", "Master")
        serving = re.compile(r"Starting Spark master at (spark://\S+)")
        wait_for("the Spark master", lambda: serving.search(log.read_text()), master, log)
        found = serving.search(log.read_text())
        assert found
        cluster = SparkCluster(folder, found[1], secret, rest_port, log)
        begun = [
            started(
                f"worker-{i}", "Worker", "--cores", 1, "--memory", "1g", "--work-dir", folder / f"work-{i}", found[1]
            )
            for i in range(workers)
        ]
        for worker, log in begun:
            wait_for("a Spark worker", partial(_says, log, "Successfully registered with master"), worker, log)
            cluster.workers.append(worker)
        yield cluster
