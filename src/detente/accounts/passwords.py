"""Passwords: what may be one, and the salted hash that is kept of it.

scrypt (RFC 7914), of the standard library, at a cost of OWASP's list (Password Storage Cheat Sheet: N=2^15, r=8, p=3,
which is 32 MiB). What counts as a password follows NIST SP 800-63B-4, 3.1.1: at least 15 characters where nothing else
is asked for, no rule about kinds of characters, no change by the calendar.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import unicodedata
from base64 import b64decode, b64encode
from dataclasses import dataclass

from detente.errors import AccountError

FEWEST_CHARACTERS = 15
MOST_CHARACTERS = 256
FEWEST_DIFFERENT = 6
AT_ONCE = 2
"""Hashes worked out at the same time: each takes 32 MiB and a core."""
PATIENCE_SECONDS = 10.0
_turns = threading.BoundedSemaphore(AT_ONCE)


class Busy(AccountError):
    """Too many passwords are being looked at."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a hash costs: memory of 128 · 2^log_n · r bytes, passed over p times."""

    log_n: int = 15
    r: int = 8
    p: int = 3


def check(password: str, name: str) -> None:
    """Refuse what is easily guessed.

    Raises:
        AccountError: It is too short, too long, of few different characters, or holds the name of the account.
    """
    if len(password) < FEWEST_CHARACTERS:
        raise AccountError(
            f"the password has {len(password)} characters. Use at least {FEWEST_CHARACTERS}: some words."
        )
    if len(password) > MOST_CHARACTERS:
        raise AccountError(f"the password has {len(password)} characters. Use at most {MOST_CHARACTERS}.")
    if len(set(password)) < FEWEST_DIFFERENT:
        raise AccountError(f"the password has fewer than {FEWEST_DIFFERENT} different characters. Use some words.")
    if name.casefold() in password.casefold() and len(name) * 2 > len(password):
        raise AccountError("the password is little more than the name of the account. Use other words.")


def hashed(password: str, cost: Cost) -> str:
    """A new salt and the hash of a password, as text that says how it was made."""
    salt = secrets.token_bytes(16)
    return f"scrypt${cost.log_n}${cost.r}${cost.p}${_text(salt)}${_text(_scrypt(password, salt, cost))}"


def nobodys(cost: Cost) -> str:
    """What would be kept of a password that nobody has: a stranger is answered as slowly as a friend."""
    salt, digest = secrets.token_bytes(16), secrets.token_bytes(32)
    return f"scrypt${cost.log_n}${cost.r}${cost.p}${_text(salt)}${_text(digest)}"


def is_right(password: str, kept: str) -> bool:
    """Whether a password is the one that was hashed; takes as long whether it is or not."""
    cost, salt, digest = _parts(kept)
    return hmac.compare_digest(_scrypt(password, salt, cost), digest)


def is_cheaper(kept: str, cost: Cost) -> bool:
    """Whether a hash was made at another cost than it would be now."""
    return _parts(kept)[0] != cost


def _parts(kept: str) -> tuple[Cost, bytes, bytes]:
    kind, *numbers, salt, digest = kept.split("$")
    if kind != "scrypt" or len(numbers) != 3:
        raise AccountError("a stored password is of a kind this detente does not know. Set it anew.")
    return Cost(*map(int, numbers)), b64decode(salt), b64decode(digest)


def _scrypt(password: str, salt: bytes, cost: Cost) -> bytes:
    # Keyboards write one accented letter in several ways: RFC 8265, 4.2.2.
    text = unicodedata.normalize("NFC", password[: MOST_CHARACTERS + 1]).encode("utf-8", "surrogatepass")
    memory = 128 * cost.r * ((1 << cost.log_n) + cost.p + 2) + (1 << 20)
    if not _turns.acquire(timeout=PATIENCE_SECONDS):
        raise Busy("too many people sign in at this moment. Try again in a moment.")
    try:
        return hashlib.scrypt(text, salt=salt, n=1 << cost.log_n, r=cost.r, p=cost.p, maxmem=memory, dklen=32)
    finally:
        _turns.release()


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
