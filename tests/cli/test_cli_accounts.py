"""`detente account`: what it keeps, prints and refuses; a password is never an argument and never printed."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from tests.console import run

from detente.accounts import SignIns
from detente.ledger import FILE_NAME

PASSWORD = "correct horse battery"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert run("detente new dossier --dyad RUS-USA").code == 0
    monkeypatch.chdir(tmp_path / "dossier")
    (tmp_path / "dossier" / "secret").write_text(f"{PASSWORD}\r\nsecond line\n", encoding="utf-8")
    return tmp_path / "dossier"


def accounts_of(folder: Path) -> SignIns:
    return SignIns(folder / FILE_NAME)


def test_an_account_lives_through_all_commands_and_its_password_is_printed_by_none(folder: Path) -> None:
    said = [
        run(f"detente {line}")
        for line in (
            "account list",
            "account add anna --display 'Anna Petrova' --password-file secret",
            "account add boris --role editor --password-file secret --json",
            "account role anna reader",
            "account role anna coder --json",
            "account password anna --password-file secret",
            "account disable boris --json",
            "account enable boris",
            "account disable boris",
            "account list",
            "account list --json",
        )
    ]
    assert [each.code for each in said] == [0] * len(said), said
    assert "works without sign-in" in said[0].out
    assert said[1].out == "anna: added as coder.\n"
    assert json.loads(said[2].out)["role"] == "editor"
    assert json.loads(said[6].out)["disabled"]
    listed = json.loads(said[-1].out)
    assert [(each["name"], each["role"], bool(each["disabled"])) for each in listed] == [
        ("anna", "coder", False),
        ("boris", "editor", True),
    ]
    assert [c["change"] for c in listed[0]["changes"]] == ["added", "role", "role", "password"]
    for each in said:
        assert PASSWORD not in each.out + each.err
        assert "scrypt" not in each.out + each.err
    with accounts_of(folder) as held:
        assert held.visit(held.sign_in("anna", PASSWORD, address=""))


def test_a_password_comes_from_standard_input_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = type("Given", (), {"buffer": io.BytesIO(f"{PASSWORD}\n".encode()), "isatty": lambda self: False})()
    from detente.cli import accounts

    monkeypatch.setattr(accounts.sys, "stdin", given)
    monkeypatch.setattr(sys, "stdin", given)
    assert accounts._new_password("anna", "-") == PASSWORD


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("account add anna", "--password-file"),
        ("account add Anna --password-file secret", "no name of an account"),
        ("account add anna --role boss --password-file secret", "is not one of reader, coder, editor"),
        ("account add anna --password-file nowhere", "nowhere"),
        ("account add anna --password-file short", "Use at least 15"),
        ("account add anna --password-file bytes", "not UTF-8"),
        ("account add anna --password hunter2hunter2hunter2", "No such option"),
        ("account role carol coder", "there is no such account"),
        ("account password carol --password-file secret", "there is no such account"),
        ("account disable carol", "there is no such account"),
    ],
)
def test_what_cannot_be_is_refused_with_the_remedy(folder: Path, line: str, said: str) -> None:
    (folder / "short").write_text("hunter2", encoding="utf-8")
    (folder / "bytes").write_bytes(b"\xff\xfe" * 12)
    done = run(f"detente {line}")
    assert done.code == 2
    assert said in done.err
    assert "hunter2hunter2" not in done.out
    with accounts_of(folder) as held:
        assert not held.any()
