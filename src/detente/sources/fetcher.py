"""Addresses are asked for as a guest asks: what robots.txt allows, one after the other, and only what has changed."""

from __future__ import annotations

import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from detente.errors import SourceError
from detente.sources import networks, robots
from detente.sources.address import Answer, NoAnswer, fetch, place_of
from detente.sources.got import LIMITS, Limits
from detente.sources.kept import Kept
from detente.sources.warc import Archive

_ROBOTS_SECONDS = 15.0
_UNREADABLE = robots.Rules(((False, "/", ""),))


@dataclass(frozen=True, slots=True)
class Manners:
    """How a site is treated.

    Attributes:
        pause_seconds: Between two requests to one host of the public network.
        longest_pause: Most seconds between two requests where a Crawl-delay asks for more.
        longest_wait: Most seconds waited where a busy server says how long (Retry-After); one that asks for more is
            left alone until then.
        waits: How often a host is waited for in one run before it is left alone.
    """

    pause_seconds: float = 1.0
    longest_pause: float = 10.0
    longest_wait: float = 30.0
    waits: int = 3


MANNERS = Manners()


@dataclass(slots=True)
class _Host:
    """What is known of one host: when it may be asked again, how often it was waited for, and its rules."""

    free_at: float = 0.0
    waited: int = 0
    closed: str = ""
    rules: robots.Rules | None = None
    unread: str = ""


@dataclass(slots=True)
class Fetcher:
    """Gets the addresses of one run.

    Attributes:
        limits: Of one address.
        manners: Pauses and waits.
        despite_robots: Get what a person names himself although robots.txt does not allow it; never what a feed names.
            None where nobody can say so: no refusal then speaks of it.
        kept: Versions from earlier runs.
        archive: Where everything that is asked and answered is written.
        pause, clock: Wait that many seconds; tell seconds that only grow.
    """

    limits: Limits = LIMITS
    manners: Manners = MANNERS
    despite_robots: bool | None = None
    kept: Kept | None = None
    archive: Archive | None = None
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _hosts: dict[str, _Host] = field(default_factory=dict)

    def get(self, url: str, *, reached_from: str = "", allow_cut: bool = False) -> Answer:
        """Get one address.

        Args:
            url, reached_from, allow_cut: As for `detente.sources.address.fetch`.

        Returns:
            The answer; where the server says that nothing has changed since it was kept, one that says so.

        Raises:
            SourceError: As for `fetch`; or robots.txt does not allow it; or its host asked to be left alone.
        """
        scheme, host, port = place_of(url)
        known = self._hosts.setdefault(f"{scheme}://{host}:{port}", _Host())
        if host:  # what is no address is refused where it is asked for
            self._obey(url, known, reached_from)
        version = self.kept.of(url) if self.kept else None
        while True:
            self._wait(url, known, networks.was_given_inside(host, port))
            try:
                answer = fetch(
                    url,
                    limits=self.limits,
                    allow_cut=allow_cut,
                    reached_from=reached_from,
                    headers=version.headers if version else {},
                    archive=self.archive,
                )
            except NoAnswer as problem:
                if problem.status == 304 and version:
                    return Answer(url, b"", "", unchanged=version.documents)
                if not self._again(problem, known):
                    raise
            else:
                if self.kept and not answer.cut:
                    self.kept.saw(url, answer.etag, answer.last_modified)
                return answer
            finally:
                known.free_at = max(known.free_at, self.clock() + self._between(known))

    def _between(self, known: _Host) -> float:
        asked = known.rules.delay_seconds if known.rules else 0.0
        return max(self.manners.pause_seconds, min(asked, self.manners.longest_pause))

    def _wait(self, url: str, known: _Host, inside: bool) -> None:
        left = known.free_at - self.clock()
        if known.closed and left > 0:
            raise NoAnswer(f"{url}: not asked, as its host {known.closed}. Add it again later.", passing=True)
        known.closed = ""
        if left > 0 and (not inside or known.waited):
            self.pause(left)

    def _again(self, problem: NoAnswer, known: _Host) -> bool:
        """Whether to ask again after waiting; a host that asks for too much is left alone."""
        if problem.status not in (429, 503) or problem.retry_after is None:
            return False
        known.waited += 1
        known.free_at = self.clock() + problem.retry_after
        if problem.retry_after > self.manners.longest_wait:
            known.closed = f"asked to be left alone for {problem.retry_after:,.0f} seconds"
        elif known.waited > self.manners.waits:
            known.free_at = float("inf")
            known.closed = f"was busy {known.waited} times"
        return not known.closed

    def _obey(self, url: str, known: _Host, reached_from: str) -> None:
        if self.despite_robots and not reached_from:
            return
        origin = urllib.parse.urljoin(url, "/robots.txt")
        if known.rules is None:
            known.rules = self._rules(origin, known, reached_from)
        line = known.rules.forbids(url)
        mine = (
            ""
            if reached_from or self.despite_robots is None
            else " If you mean this one page, add it with --despite-robots."
        )
        if known.rules is _UNREADABLE:
            raise SourceError(
                f"{url}: not asked, as what its site allows programs could not be read ({known.unread}) "
                f"Add it again later, or save the page and add the file.{mine}"
            )
        if line:
            raise SourceError(
                f"{url}: its site asks programs not to read it ({origin}: {line!r}); not read. "
                f"Save the page and add the file.{mine}"
            )

    def _rules(self, origin: str, known: _Host, reached_from: str) -> robots.Rules:
        limits = replace(
            self.limits,
            document_bytes=min(robots.MOST_BYTES, self.limits.document_bytes),
            whole_seconds=min(_ROBOTS_SECONDS, self.limits.whole_seconds),
        )
        try:
            answer = fetch(origin, limits=limits, allow_cut=True, reached_from=reached_from, archive=self.archive)
        except NoAnswer as problem:
            if 400 <= problem.status < 500 and problem.status != 429:
                return robots.Rules()  # RFC 9309, 2.3.1.3: there are no rules
            known.unread = str(problem)
            return _UNREADABLE
        except SourceError as problem:
            known.unread = str(problem)
            return _UNREADABLE
        return robots.read(answer.body.decode("utf-8", "replace"))
