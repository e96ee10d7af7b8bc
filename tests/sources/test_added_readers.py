"""A reader that a plugin offers is asked before our own."""

from collections.abc import Iterator

import pytest

from detente import plugins, sources
from detente.sources import Limits
from detente.terms import Issue


class Archive:
    """Takes `archive:…` and `*.warc`."""

    @plugins.hookimpl
    def register_sources(self) -> dict[str, object]:
        def read(what: str, limits: Limits, pages: bool) -> Iterator[Issue]:
            yield Issue(what, "sources", f"{what}: read by the archive, {limits.entries} at most, pages {pages}.")

        return {"archive": read, ".warc": read}


@pytest.mark.parametrize("what", ["archive:1998/17", "old.warc"])
def test_a_plugin_reader_takes_its_scheme_and_its_suffix(what: str) -> None:
    archive = Archive()
    plugins.manager().register(archive)
    try:
        (found,) = sources.get(what)
    finally:
        plugins.manager().unregister(archive)
    assert isinstance(found, Issue)
    assert "read by the archive" in found.message


def test_without_the_plugin_nobody_takes_its_scheme() -> None:
    (found,) = sources.get("archive:1998/17")
    assert isinstance(found, Issue)
    assert "no such file" in found.message
