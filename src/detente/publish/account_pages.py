"""What the pages of accounts say: roles, and why something is refused."""

from __future__ import annotations

from collections.abc import Mapping

from detente.publish.catalogue import Words

ROLE_NAMES: Mapping[str, str] = {
    "reader": "reader: reads the pages",
    "coder": "coder: decides at the desk and reads as the second reader",
    "editor": "editor: decides, settles what two readers differ on, publishes the brief, and takes the log out",
}
REFUSALS: Mapping[str, str] = {
    "undeclared": "Nobody may use this address.",
    "alone": "There are no accounts here: the desk works without sign-in, on this machine alone.",
    "elsewhere": "The desk works without sign-in, and so on this machine alone. Open it at 127.0.0.1.",
    "team": "Decisions are kept under the name of the account. To decide under another, sign in with it.",
    "signed out": "You are signed out, and nothing was kept. Sign in and do it again.",
    "role": "Your role does not allow this. Whoever keeps the accounts can give you another.",
    "foreign": "This form was sent from another page, or a proxy changed its address on the way. "
    "Open the page anew and send it from there.",
    "stale": "This form is too old. Open the page anew and send it again.",
    "large": "The form is too large.",
    "often": "Too many requests. Wait a moment and try again.",
    "wrong": "Name and password do not fit.",
    "busy": "Too many people sign in at this moment. Try again in a moment.",
    "differ": "The two new passwords are not the same. Nothing was changed.",
    "weak": "This cannot be your password. What was said:",
    "old": "Your present password is another one. Nothing was changed.",
}
"""Why the gate, or a page of an account, refuses something."""


def wait(words: Words, seconds: int) -> str:
    """What is said after too many wrong passwords.

    >>> wait(Words("en"), 2), wait(Words("en"), 901)
    ('Too many wrong passwords. Try again in 2\\xa0seconds.', 'Too many wrong passwords. Try again in 16\\xa0mins.')
    """
    if seconds < 100:
        return words.many(
            "Too many wrong passwords. Try again in {n} second.",
            "Too many wrong passwords. Try again in {n} seconds.",
            seconds,
        )
    return words("Too many wrong passwords. Try again in {length}.", length=words.length(-(-seconds // 60)))
