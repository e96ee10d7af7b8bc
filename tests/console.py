"""Running `$ detente …` examples of the documents and comparing what they print."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

from sybil import Example
from typer.testing import CliRunner

from detente.cli.app import app
from detente.errors import DetenteError


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str


def run(line: str) -> Run:
    """Run one command line (`detente …`) as the program would, without a new process."""
    words = shlex.split(line, comments=True)
    assert words[0] == "detente", line
    result = CliRunner().invoke(app, words[1:], catch_exceptions=True)
    problem = result.exception
    if isinstance(problem, DetenteError):
        return Run(2, result.stdout, f"{result.stderr}detente: {problem}\n")
    if problem is not None and not isinstance(problem, SystemExit):
        raise problem
    return Run(result.exit_code, result.stdout, result.stderr)


def matches(wanted: str, got: str) -> bool:
    """Whether output is as shown; `...` stands for any text, a line of `...` for any lines."""
    pattern = re.escape(_spaced(wanted)).replace(re.escape("..."), ".*")
    return re.fullmatch(pattern, _spaced(got), re.DOTALL) is not None


def _spaced(text: str) -> str:
    """Spaces that do not break, and those at the end of a line, as a document shows them."""
    return "\n".join(line.rstrip() for line in text.translate({0xA0: " ", 0x202F: " "}).strip().splitlines())


class ConsoleBlock:
    """Evaluates a console block: each `$ detente` line is run, and what follows it is compared."""

    def __call__(self, example: Example) -> str | None:
        commands = re.split(r"^\$ ", str(example.parsed), flags=re.MULTILINE)[1:]
        for command in commands:
            line, _, wanted = command.partition("\n")
            if not line.startswith("detente"):
                continue
            done = run(line)
            if done.code not in (0,):
                return f"$ {line}\nexit code {done.code}\n{done.out}{done.err}"
            if wanted.strip() and not matches(wanted, done.out):
                return f"$ {line}\nprinted\n{done.out}\nwhere the document shows\n{wanted}"
        return None
