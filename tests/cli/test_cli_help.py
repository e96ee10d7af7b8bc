"""Help can be read: paragraphs apart, the example on a line of its own, nothing cut off."""

import re

import pytest
import typer.main
from tests.console import run

from detente.cli.app import app


def _names() -> list[str]:
    names = []
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        names += [f"{name} {sub}" for sub in getattr(command, "commands", {})] or [name]
    return names


def test_the_list_of_commands_says_of_each_in_a_whole_sentence_what_it_does() -> None:
    listed = run("detente --help").out.split("Commands:\n")[1].splitlines()
    assert len(listed) == len(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    for line in listed:
        assert re.fullmatch(r"  [a-z-]+ +[A-Z].*\w\.", line), line


@pytest.mark.parametrize("name", _names())
def test_the_help_of_a_command_keeps_its_paragraphs_and_its_example_apart(name: str) -> None:
    done = run(f"detente {name} --help")
    assert done.code == 0
    text = done.out
    assert max(map(len, text.splitlines())) <= 80
    usage, summary, *_ = text.split("\n\n")
    assert usage.startswith("Usage: ")
    assert re.fullmatch(r"  [A-Z][^\n]*[.]", summary), "one sentence on one line comes first"
    examples = re.findall(r"\n\n  Example:\n\n((?:      \$ detente [^\n]+\n)+)\n", text)
    assert len(examples) == 1, text
    assert examples[0].startswith(f"      $ detente {name}")
    assert run(f"detente {name} -h").out == text


def test_no_command_at_all_shows_the_help() -> None:
    done = run("detente")
    assert "Commands:" in done.out + done.err
