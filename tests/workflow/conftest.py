"""A new dossier for each test, and a small news site on this machine."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from tests.console import run
from workflow_examples import Held, held, write_lines


@pytest.fixture(scope="session")
def new_dossier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "case"
    assert run(f"detente new {folder} --dyad CUB-USA --since 2025-01-01").code == 0
    return folder


@pytest.fixture
def case(new_dossier: Path, tmp_path: Path) -> Path:
    """An empty dossier that a test may write to."""
    return Path(shutil.copytree(new_dossier, tmp_path / "case"))


@pytest.fixture(scope="session")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three hundred reports, one a line."""
    return write_lines(tmp_path_factory.mktemp("lines") / "reports.jsonl", 300)


@pytest.fixture(scope="session")
def added(new_dossier: Path, lines: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dossier to which the three hundred were added in one go; never written to."""
    folder = Path(shutil.copytree(new_dossier, tmp_path_factory.mktemp("added") / "case"))
    assert run(f"detente add {lines} --dossier {folder} --quiet").code == 1, "the broken lines are reported"
    return folder


@pytest.fixture(scope="session")
def coded(added: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, coded in one go; never written to."""
    folder = Path(shutil.copytree(added, tmp_path_factory.mktemp("coded") / "case"))
    done = run(f"detente code --dossier {folder} --quiet")
    assert done.code == 0, done.err
    return folder


@pytest.fixture(scope="session")
def undisturbed(coded: Path) -> Held:
    """What an undisturbed run stores."""
    return held(coded)


@pytest.fixture(scope="session")
def few(new_dossier: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dossier with seventy reports in English, not coded; never written to."""
    folder = Path(shutil.copytree(new_dossier, tmp_path_factory.mktemp("few") / "case"))
    reports = write_lines(folder.parent / "reports.jsonl", 70, step=3)
    assert run(f"detente add {reports} --dossier {folder} --quiet").code == 1
    return folder


@pytest.fixture(scope="session")
def few_coded(few: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, coded in one go; never written to."""
    folder = Path(shutil.copytree(few, tmp_path_factory.mktemp("few-coded") / "case"))
    assert run(f"detente code --dossier {folder} --quiet").code == 0
    return folder


ARTICLE = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title>"
    "<meta property='article:published_time' content='2025-03-0{n}T09:00:00Z'></head><body><nav>Home</nav>"
    "<article><h1>{title}</h1><p>Cuban and U.S. officials held talks in Havana on {n} March 2025 about visas, and "
    "both sides called round {n} of the talks useful.</p><p>The next round is due in a month, the foreign ministry "
    "said, with {title} again on the agenda of the two delegations.</p></article></body></html>"
)


class Site(BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def log_message(self, *_: object) -> None:
        return

    def do_GET(self) -> None:
        self.asked.append(self.path)
        port = self.server.server_address[1]
        name = self.path.strip("/")
        if name.startswith("article-"):
            n = int(name[-1])
            body, kind = ARTICLE.format(title=("Fishing", "Postal service", "Flights")[n - 1], n=n), "text/html"
        elif name == "feed.xml":
            here, inside = f"http://127.0.0.1:{port}", f"http://localhost:{port}"
            links = [f"{here}/article-1", f"{here}/article-2", f"{here}/gone", f"{inside}/article-3"]
            items = "".join(
                f"<item><title>Entry {n}</title><link>{link}</link><pubDate>Fri, 0{n} Mar 2025 08:00:00 GMT</pubDate>"
                f"<description>Summary {n}: envoys of Cuba and the United States spoke on the telephone.</description>"
                "</item>"
                for n, link in enumerate(links, start=1)
            )
            body, kind = (
                f"<rss version='2.0'><channel><title>Wire</title>{items}</channel></rss>",
                "application/rss+xml",
            )
        else:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())


@pytest.fixture
def site() -> Iterator[str]:
    """Address of a news site with articles and a feed."""
    Site.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
