"""The sample dossier's site, written once for a whole run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from publish_examples import Page, read_site

from detente import workflow
from detente.publish import sites, situation
from detente.publish.situation import Situation


@pytest.fixture(scope="session")
def now(sample_folder: Path) -> Situation:
    """The situation of the sample dossier."""
    with workflow.opened(sample_folder) as (case, ledger):
        return situation.of(case, ledger)


@pytest.fixture(scope="session")
def site_folder(
    request: pytest.FixtureRequest, sample_folder: Path, made_once: Callable[[str, Callable[[Path], object]], Path]
) -> Path:
    """The sample dossier's site on disk, written once for all workers; never written to."""

    def make(out: Path) -> None:
        with workflow.opened(sample_folder) as (_, ledger):
            sites.write(request.getfixturevalue("now"), ledger, out)

    return made_once("site", make)


@pytest.fixture(scope="session")
def site(site_folder: Path) -> dict[str, Page]:
    """Its pages, parsed, by path."""
    return dict(read_site(site_folder))
