"""The command line starts light, and every command shows an example that runs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main
from tests.console import run
from typer.testing import CliRunner

from detente.cli.app import app

_HEAVY_NAMES = """
ibis duckdb pandas pyarrow numpy scipy trafilatura lxml sqlalchemy alembic pydantic pymorphy3 jinja2 babel
rich.progress fastapi
"""
HEAVY = tuple(_HEAVY_NAMES.split())


def _commands() -> list[tuple[str, str]]:
    group = typer.main.get_command(app)
    found = []
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        for sub, inner in getattr(command, "commands", {}).items():
            found.append((f"{name} {sub}", inner.help or ""))
        if not hasattr(command, "commands"):
            found.append((name, command.help or ""))
    return found


def test_importing_detente_and_asking_for_help_load_nothing_heavy() -> None:
    code = (
        "import sys, detente\nfrom detente.cli.app import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print('LOADED', [m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "LOADED []" in done.stdout


@pytest.mark.parametrize(("name", "text"), _commands(), ids=[name for name, _ in _commands()])
def test_the_help_of_a_command_shows_an_example(name: str, text: str) -> None:
    assert re.search(r"^\s*\$ detente " + re.escape(name.split()[0]), text, re.MULTILINE), f"{name} has no example"


@pytest.mark.parametrize(("name", "text"), _commands(), ids=[name for name, _ in _commands()])
def test_the_example_in_the_help_of_a_command_runs(name: str, text: str, example_folder: Path) -> None:
    for line in re.findall(r"^\s*\$ (detente .+)$", text, re.MULTILINE):
        done = run(line)
        assert done.code == 0, f"{line}: {done.err}{done.out}"


def test_the_version_is_printed() -> None:
    assert CliRunner().invoke(app, ["--version"]).stdout.startswith("detente 0.")
