"""One function over many items, by processes of this machine or by Spark, with answers in the order of the items.

Items and answers are bytes, so that nothing a worker sends back is ever unpickled. A worker that is killed takes
nothing with it: what it had not answered is given out again, and an item that kills every worker it is given to comes
back as `Lost`. What is held at one time is bounded, however many items there are.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import queue
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, Protocol, Self

from detente.errors import EngineError

if TYPE_CHECKING:
    import pyarrow as pa

Function = Callable[[bytes], bytes]
Recipe = Callable[[], Function]
"""Goes to each worker, pickled by us and read by our own process; made into the function there, once. Hashable."""

TRIES = 3
"""How many workers an item may kill before it is given up."""
LOST_IN_A_ROW = 10
"""Items lost one after the other that say it is not the items."""
_AHEAD = 3
_PROCESS_ITEMS, _SPARK_TASK_ITEMS, _SPARK_TASKS = 16, 16, 16
_MANY_OBJECTS = 100_000
_STOP_SECONDS = 30
_ANSWER, _REFUSAL, _READY = b"+", b"!", b"."


@dataclass(frozen=True)
class Lost:
    """An item without an answer: each worker that it was given to ended over it."""

    item: bytes


class WorkerLost(Exception):
    """A worker ended over a unit; carries the answers it gave before."""

    def __init__(self, answers: Sequence[bytes] = ()) -> None:
        super().__init__()
        self.answers = [*answers]


class _Stopped(Exception):
    """Asked of a runner that has been stopped."""


class Runner(Protocol):
    """Who answers units of items.

    Attributes:
        width: Units that may be asked for at the same time, from as many threads.
        unit_items: Items in a unit.
        in_order: Whether items are answered one after the other, so that the first without an answer killed its worker.
    """

    width: int
    unit_items: int
    in_order: bool

    def ask(self, items: Sequence[bytes]) -> list[bytes]:
        """An answer to each item.

        Raises:
            WorkerLost: A worker ended before it had answered all.
            EngineError: No worker can be had, or the function raised.
        """
        ...

    def stop(self) -> None:
        """End what is running now; whoever asks is told so."""
        ...


def run(items: Iterable[bytes], runner: Runner) -> Generator[bytes | Lost, None, None]:
    """Answers to all items, in their order; close the iterator to stop.

    Items are taken in the thread that takes the answers, no more than a few units ahead of them.

    Raises:
        EngineError: No worker can be had, the function raised, or so many items were lost one after the other that
            something else must be wrong.
    """
    waiting: deque[Future[list[bytes | Lost]]] = deque()
    threads = ThreadPoolExecutor(runner.width, "detente-runner", initializer=_leave_interrupts_to_main)
    lost_in_a_row = 0

    def answers(room: int) -> Iterator[bytes | Lost]:
        nonlocal lost_in_a_row
        while len(waiting) > room:
            for answer in waiting.popleft().result():
                lost_in_a_row = lost_in_a_row + 1 if isinstance(answer, Lost) else 0
                if lost_in_a_row >= LOST_IN_A_ROW:
                    raise EngineError(
                        f"workers ended over {lost_in_a_row} items one after the other. Look for a lack of memory (in "
                        "the system's log), use fewer workers, and run this again: what was done is kept."
                    )
                yield answer

    try:
        source = iter(items)
        while unit := list(islice(source, runner.unit_items)):
            waiting.append(threads.submit(_answers, runner, unit))
            yield from answers(runner.width * _AHEAD)
        yield from answers(0)
    except BaseException:
        runner.stop()
        raise
    finally:
        threads.shutdown(wait=True, cancel_futures=True)


def _answers(runner: Runner, items: Sequence[bytes], tries: int = 1) -> list[bytes | Lost]:
    try:
        return [*runner.ask(items)]
    except WorkerLost as lost:
        answers: list[bytes | Lost] = [*lost.answers]
    rest = items[len(answers) :]
    if len(rest) == len(items) == 1:
        return [Lost(rest[0])] if tries >= TRIES else _answers(runner, rest, tries + 1)
    if not rest:
        return answers
    cut = 1 if runner.in_order else (len(rest) + 1) // 2
    answers += _answers(runner, rest[:cut], 2 if runner.in_order else 1)
    return answers + _answers(runner, rest[cut:]) if rest[cut:] else answers


def _answered(function: Function, item: bytes) -> bytes:
    try:
        return _ANSWER + function(item)
    except Exception as problem:
        return _refusal(problem)


def _refusal(problem: Exception) -> bytes:
    said = str(problem) if isinstance(problem, EngineError) else f"{type(problem).__name__}: {problem}"
    return _REFUSAL + said.encode(errors="backslashreplace")


def _opened(message: bytes) -> bytes:
    """What an answer holds.

    Raises:
        EngineError: The worker could not answer.
    """
    kind, content = message[:1], message[1:]
    if kind == _REFUSAL:
        raise EngineError(f"a worker could not do its work: {content.decode(errors='replace')}")
    return content


class Processes:
    """Processes of this machine that each make the function once, started when they are first needed.

    They start with a fresh Python (not a copy of this one, which may have threads), so that a program of your own must
    call from under `if __name__ == "__main__":`. They end with this process, however it ends.

    Raises:
        EngineError: The number is not positive.
    """

    in_order = True

    def __init__(self, recipe: Recipe, number: int, *, unit_items: int = _PROCESS_ITEMS) -> None:
        if number < 1:
            raise EngineError(f"{number} processes cannot work. Give 1 or more.")
        self.width = number
        self.unit_items = unit_items
        self._recipe = recipe
        self._idle: queue.SimpleQueue[_Process] = queue.SimpleQueue()
        self._all: set[_Process] = set()
        self._stopped = False
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def ask(self, items: Sequence[bytes]) -> list[bytes]:
        worker = self._worker()
        answers: list[bytes] = []
        try:
            worker.give(items)
            for _ in items:
                answers.append(_opened(worker.take()))
        except (EOFError, OSError) as problem:
            self._end(worker)
            if self._stopped:
                raise _Stopped from problem
            raise WorkerLost(answers) from problem
        self._idle.put(worker)
        return answers

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            for worker in self._all:
                worker.kill()
            for worker in self._all:
                worker.end()
            self._all.clear()

    def _worker(self) -> _Process:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            pass
        for _ in range(TRIES):
            with self._lock:
                if self._stopped:
                    raise _Stopped
                worker = _Process(self._recipe)
                self._all.add(worker)
            try:
                _opened(worker.take())
            except (EOFError, OSError):
                self._end(worker)
                if self._stopped:
                    raise _Stopped from None
            else:
                return worker
        raise EngineError(
            f"{TRIES} processes ended before they had begun. Look for a lack of memory (in the system's log); a "
            'program that codes with several processes must do so under `if __name__ == "__main__":`.'
        )

    def _end(self, worker: _Process) -> None:
        with self._lock:
            if worker in self._all:
                self._all.discard(worker)
                worker.kill()
                worker.end()


class _Process:
    def __init__(self, recipe: Recipe) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, recipe), name="detente-worker", daemon=True)
        self._process.start()
        theirs.close()

    def give(self, items: Sequence[bytes]) -> None:
        # The worker takes them all before it answers the first, so neither waits for the other.
        self._connection.send_bytes(str(len(items)).encode())
        for item in items:
            self._connection.send_bytes(item)

    def take(self) -> bytes:
        return self._connection.recv_bytes()

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        self._process.join()
        # A thread that still reads sees the end of the file by itself.


def _work(connection: Connection, recipe: Recipe) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        function = recipe()
    except Exception as problem:
        connection.send_bytes(_refusal(problem))
        return
    try:
        connection.send_bytes(_READY)
        while True:
            items = [connection.recv_bytes() for _ in range(int(connection.recv_bytes()))]
            for item in items:
                connection.send_bytes(_answered(function, item))
    except (EOFError, OSError):
        return  # whoever asked is gone


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _leave_interrupts_to_main() -> None:
    # Inherited by the processes this thread starts: Ctrl-C reaches all of a terminal's processes, and one that is
    # starting would complain of it.
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


class OnSpark:
    """The workers of a Spark, each of which makes the function once for each of its Python processes.

    The workers need detente, in the version that asks. Spark itself gives out again what a lost worker had; what it
    gives up is halved until the item at fault is found.

    Raises:
        EngineError: Spark cannot be opened.
    """

    width = 2  # While the last tasks of one job end, those of the next fill the cores.
    in_order = False

    def __init__(self, recipe: Recipe, url: str, *, unit_items: int = _SPARK_TASK_ITEMS * _SPARK_TASKS) -> None:
        self.unit_items = unit_items
        self._recipe = recipe
        self._url = url
        self._stopped = False
        self._asking: set[int] = set()
        try:
            from detente.engine.spark import open_session

            self._session = open_session(url)
        except ModuleNotFoundError as problem:
            raise EngineError(
                f"coding on Spark needs {problem.name}, which is not installed. Run pip install 'detente[spark]'."
            ) from problem

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        from detente.engine.spark import leave

        leave(self._session)

    def ask(self, items: Sequence[bytes]) -> list[bytes]:
        self._asking.add(threading.get_ident())
        try:
            return self._answers(items)
        finally:
            self._asking.discard(threading.get_ident())

    def _answers(self, items: Sequence[bytes]) -> list[bytes]:
        import pyarrow as pa
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException, PythonException

        from detente.engine.backend import first_line, shown

        if self._stopped:
            raise _Stopped
        columns = pa.table({"number": pa.array(range(len(items)), pa.int32()), "content": pa.array(items, pa.binary())})
        try:
            frame = self._session.createDataFrame(columns).repartition(-(-len(items) // _SPARK_TASK_ITEMS))
            found = frame.mapInArrow(_batches(self._recipe), "number int, content binary").toArrow()
        except (PySparkException, Py4JError, OSError) as problem:
            if self._stopped:
                raise _Stopped from problem
            if any(sign in str(problem) for sign in _LOST_SIGNS):
                raise WorkerLost from problem
            if isinstance(problem, PythonException):
                said = str(problem).strip().splitlines()[-1]
                raise EngineError(
                    f"engine {shown(self._url)!r}: a worker could not begin: {said}. Install there, for its "
                    "PYSPARK_PYTHON, what is installed here."
                ) from problem
            raise EngineError(
                f"engine {shown(self._url)!r} did not do its work: {first_line(problem)} What was done is kept: mend "
                "it and run this again."
            ) from problem
        found = found.sort_by("number")
        if found["number"].to_pylist() != [*range(len(items))]:
            raise EngineError(f"engine {shown(self._url)!r} answered {found.num_rows} items of {len(items)}.")
        return [_opened(message) for message in found["content"].to_pylist()]

    def stop(self) -> None:
        self._stopped = True
        until = time.monotonic() + _STOP_SECONDS
        # A job that was being prepared begins after the others were cancelled.
        while self._asking and time.monotonic() < until:
            self._session.interruptAll()
            time.sleep(0.1)


_LOST_SIGNS = ("worker exited unexpectedly", "ExecutorLostFailure", "MetadataFetchFailed", "FetchFailed")


def _batches(recipe: Recipe) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def answers(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for batch in batches:
            numbers, items = batch.columns
            found = [_made_and_answered(recipe, item) for item in items.to_pylist()]
            yield pa.RecordBatch.from_arrays([numbers, pa.array(found, pa.binary())], names=["number", "content"])
        _keep_what_was_loaded()

    return answers


def _keep_what_was_loaded() -> None:
    # Spark collects garbage after each task, which walks a coder's words: 0.5 s for the three languages of rules.v2,
    # as long as it takes to read twenty reports. What is frozen is not walked.
    if len(gc.get_objects()) > _MANY_OBJECTS:
        gc.collect()
        gc.freeze()


def _made_and_answered(recipe: Recipe, item: bytes) -> bytes:
    try:
        function = _made(recipe)
    except Exception as problem:
        return _refusal(problem)
    return _answered(function, item)


@lru_cache(maxsize=2)  # Spark keeps its Python processes from one task to the next.
def _made(recipe: Any) -> Function:
    function: Function = recipe()
    return function
