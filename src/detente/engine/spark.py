"""Spark: a standalone cluster, this process alone, or a Spark Connect server.

A process speaks to one Spark at a time, in one application that stays until the process ends or `stop` is called:
starting one takes seconds, and a page opens several engines.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.engine.backend import Engine, first_line, settings_of, shown
from detente.errors import EngineError

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.expr.types import Table

SECRET_VARIABLE = "DETENTE_SPARK_SECRET"  # noqa: S105 - the name of the variable, not what it holds
_ANSWERS_WITHIN_SECONDS = 5
_SECRET = "spark.authenticate.secret"  # noqa: S105 - likewise
_GLOB = frozenset("{}[]*?\\")


@dataclass
class _Application:
    key: tuple[str, tuple[tuple[str, str], ...]]
    session: Any
    users: int = 0


_lock = threading.RLock()
_application: _Application | None = None


@dataclass(frozen=True)
class Spark(Engine):
    """A session of its own in this process's Spark application."""

    session: Any = None
    _views: set[str] = field(default_factory=set, repr=False)

    def table(self, columns: pa.Table, name: str = "table") -> Table:
        from pyspark.sql.pandas.types import from_arrow_schema

        # Spark Connect takes a schema from an empty table only where it is given as its own.
        schema = {} if columns.num_rows else {"schema": from_arrow_schema(columns.schema)}
        return self._viewed(self.session.createDataFrame(columns if columns.num_rows else [], **schema), name)

    def parquet(self, paths: Sequence[Path], columns: Sequence[str] | None = None, name: str = "files") -> Table:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        literal = ["file://" + "".join(f"\\{c}" if c in _GLOB else c for c in str(p)) for p in self._present(paths)]
        with self._reading(PySparkException, Py4JError):
            # Without a base path Spark takes no columns from folders called month=2025-01.
            frame = self.session.read.parquet(*literal)
            return self._viewed(frame if columns is None else frame.select(*map(_quoted, columns)), name)

    def drop(self, table: Table) -> None:
        self._forget(self._name(table))

    def close(self) -> None:
        for view in [*self._views]:
            self._forget(view)
        _leave(self.session)

    def _viewed(self, frame: Any, name: str) -> Table:
        view = self._unused(name)
        frame.createTempView(view)
        self._views.add(view)
        return self.backend.table(view)

    def _forget(self, view: str) -> None:
        self.session.catalog.dropTempView(view)
        self._views.discard(view)


def open_spark(url: str, rest: str) -> Spark:
    """Open an engine on Spark; addresses as in `connect`.

    Raises:
        EngineError: Nobody answers there, the secret is missing or wrong, or this process speaks to another Spark.
    """
    import ibis

    session = open_session(url, rest)
    return Spark(shown(url), ibis.pyspark.connect(session), session=session)


def open_session(url: str, rest: str | None = None) -> Any:
    """A session with tables and settings of its own, in this process's application; give it back to `leave`.

    Raises:
        EngineError: As `open_spark`.
    """
    global _application
    path, settings = settings_of(url, url.partition("://")[2] if rest is None else rest)
    for name in settings:
        if not name.startswith("spark.") or name == _SECRET:
            raise EngineError(
                f"engine {shown(url)!r}: {name!r} cannot be set here. Set Spark's own (spark.executor.memory=2g); "
                f"the secret goes into {SECRET_VARIABLE}."
            )
    if url.startswith("sc://"):
        return _remote(url, path, settings)
    master, conf, secret = _local(url, path) if url.startswith("spark+local://") else _cluster(url, path, settings)
    conf = {**_common(), **conf, **settings}
    key = (master, tuple(sorted({**conf, _SECRET: secret}.items())))
    with _lock:
        if _application is not None and (_application.key != key or _stopped(_application.session)):
            if _application.users and not _stopped(_application.session):
                raise EngineError(
                    f"engine {shown(url)!r}: this process has another Spark open. "
                    "Close it first, or use a process for each."
                )
            stop()
        if _application is None:
            _application = _Application(key, _started(url, master, conf, secret))
        _application.users += 1
        return _application.session.newSession()


def leave(session: Any) -> None:
    """Give back a session of `open_session`; the application stays for the next one."""
    _leave(session)


def stop() -> None:
    """End this process's Spark application, and so give its cores back to the cluster."""
    global _application
    with _lock:
        if _application is not None:
            _application.session.stop()
            _application = None


def _leave(session: Any) -> None:
    if "connect" in type(session).__module__.split("."):
        session.stop()
        return
    with _lock:
        if _application is not None and _application.users:
            _application.users -= 1


def _common() -> dict[str, str]:
    return {
        "spark.app.name": "detente",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        # Spark's own page listens on every address and asks nobody who they are.
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.authenticate": "true",
    }


def _local(url: str, path: str) -> tuple[str, dict[str, str], str]:
    if path and not (path.isascii() and path.isdigit() and int(path)):
        raise EngineError(f"engine {url!r}: {path!r} is no number of cores. Write spark+local:// or spark+local://2.")
    # Its driver speaks to itself alone, with a secret that Spark makes up; its Python workers are this Python.
    conf = {**_loopback(), "spark.sql.shuffle.partitions": "8", "spark.pyspark.python": sys.executable}
    return f"local[{path or '*'}]", conf, ""


def _cluster(url: str, path: str, settings: dict[str, str]) -> tuple[str, dict[str, str], str]:
    addresses = []
    for address in path.split(","):
        host, _, port = address.rpartition(":")
        if not host or not (port.isascii() and port.isdigit()):
            raise EngineError(f"engine {shown(url)!r}: {address!r} is no host and port. Write spark://host:7077.")
        addresses.append((host.strip("[]"), int(port)))
    secret = os.environ.get(SECRET_VARIABLE, "")
    if settings.get("spark.authenticate") == "false":
        secret = ""
    elif not secret:
        raise EngineError(
            f"engine {shown(url)!r} needs the cluster's secret. Set {SECRET_VARIABLE} to its "
            "spark.authenticate.secret, or write ?spark.authenticate=false for a cluster that asks nobody who they are."
        )
    _answering(url, addresses)
    conf = {"spark.network.crypto.enabled": "true"} if secret else {}
    if all(_is_loopback(host) for host, _ in addresses):
        # Workers on this machine have this Python; elsewhere PYSPARK_PYTHON or the settings say which.
        conf |= {**_loopback(), "spark.pyspark.python": sys.executable}
    return f"spark://{path}", conf, secret


def _answering(url: str, addresses: Sequence[tuple[str, int]]) -> None:
    # Spark itself would try for a minute.
    for number, address in enumerate(addresses, start=1):
        try:
            socket.create_connection(address, timeout=_ANSWERS_WITHIN_SECONDS).close()
        except OSError as problem:
            if number < len(addresses):
                continue
            raise EngineError(
                f"engine {shown(url)!r}: nobody answers there ({problem}). "
                "Check host and port, and that the master runs."
            ) from problem
        return


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _loopback() -> dict[str, str]:
    return {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}


def _started(url: str, master: str, conf: dict[str, str], secret: str) -> Any:
    from py4j.protocol import Py4JError
    from pyspark import SparkConf, SparkContext
    from pyspark.errors import PySparkException
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    public = SparkConf(loadDefaults=False).setMaster(master).setAll([*conf.items()])
    try:
        with _on_loopback("spark.driver.host" in conf):
            gateway = SparkContext._gateway or launch_gateway(public)  # type: ignore[no-untyped-call, unused-ignore]
        # Only now: settings given before are arguments of a process, which anybody on this machine can list.
        if secret:
            public.set(_SECRET, secret)
        context: Any = SparkContext(conf=public, gateway=gateway)
        # PySpark itself heeds this setting only where its own launcher starts the program.
        context.pythonExec = conf.get("spark.pyspark.python", context.pythonExec)
        if master.startswith("local"):
            # What it warns of changes no answer; of a cluster, that all cores are taken and the job waits.
            context.setLogLevel("ERROR")
        try:
            return SparkSession(context)
        except Py4JError:
            # A cluster that refused us has stopped it, and half an application would be in the way of the next.
            context.stop()
            raise
    except (Py4JError, PySparkException, ValueError, OSError) as problem:
        raise EngineError(
            f"engine {shown(url)!r} cannot be opened: {first_line(problem)} Check that Java 17 or 21 is installed, "
            f"that the master runs Spark 4.3, and that {SECRET_VARIABLE} is its secret."
        ) from problem


@contextmanager
def _on_loopback(wanted: bool) -> Iterator[None]:
    # Spark looks up the machine's own name as it starts, which fails on machines whose name has no address.
    name = "SPARK_LOCAL_IP"
    if not wanted or name in os.environ:
        yield
        return
    os.environ[name] = "127.0.0.1"
    try:
        yield
    finally:
        del os.environ[name]


def _stopped(session: Any) -> bool:
    # A context that lost its cluster stops by itself, and Python has no other way to ask.
    context: Any = session.sparkContext
    return context._jsc is None or bool(context._jsc.sc().isStopped())


def _remote(url: str, path: str, settings: dict[str, str]) -> Any:
    from pyspark.errors import PySparkException
    from pyspark.sql.connect.session import SparkSession

    try:
        session = SparkSession.builder.remote(f"sc://{path}").create()
        for name, value in {"spark.sql.session.timeZone": "UTC", **settings}.items():
            session.conf.set(name, value)
    except (PySparkException, ValueError, OSError) as problem:
        raise EngineError(
            f"engine {shown(url)!r} cannot be opened: {first_line(problem)} "
            "Check host and port, and that the server runs."
        ) from problem
    return session


def _quoted(column: str) -> str:
    # A dot in a name would be read as a field of a structure.
    return "`" + column.replace("`", "``") + "`"
