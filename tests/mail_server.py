"""A small mail server of ours that takes mail, or fails in the ways that mail servers do."""

from __future__ import annotations

import base64
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Literal

Manner = Literal[
    "good",
    "refuses-all",  # 554 instead of a greeting
    "slow-greeting",  # never greets
    "bad-password",  # 535
    "refuses-recipient",  # 550 for the recipients named in `refused`
    "refuses-text",  # 554 after the text
    "lost-in-text",  # takes the text and hangs up without a word
    "no-starttls",
]


@dataclass
class MailServer:
    """What it was told so far."""

    port: int
    manner: Manner
    refused: tuple[str, ...] = ()
    tls: ssl.SSLContext | None = None
    texts: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    signed_in: list[tuple[str, str]] = field(default_factory=list)

    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(text, policy=policy.default) for text in self.texts]  # type: ignore[misc]


@contextmanager
def mail_server(
    manner: Manner = "good", *, refused: tuple[str, ...] = (), tls: ssl.SSLContext | None = None
) -> Iterator[MailServer]:
    """A server of one manner on a free port of this machine; with `tls`, it takes nothing before STARTTLS."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)
        server = MailServer(listening.getsockname()[1], manner, refused, tls)
        stop = threading.Event()

        def serve() -> None:
            while not stop.is_set():
                try:
                    connection, _ = listening.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(10)
                    try:
                        _talk(server, connection, stop)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            stop.set()
            thread.join(10)


def _talk(server: MailServer, connection: socket.socket, stop: threading.Event, *, veiled: bool = False) -> None:
    lines = connection.makefile("rb")

    def say(text: str) -> None:
        connection.sendall(f"{text}\r\n".encode())

    if server.manner == "slow-greeting":
        stop.wait(5)
        return
    if not veiled:
        say("554 go away" if server.manner == "refuses-all" else "220 here")
    for raw in lines:
        line = raw.decode("utf-8", "replace").strip()
        verb = line.partition(" ")[0].upper()
        if verb in ("EHLO", "HELO"):
            say("250-here")
            if server.tls and not veiled:
                say("250 STARTTLS")
                continue
            say("250 AUTH PLAIN")
        elif verb == "STARTTLS" and server.tls:
            say("220 go on")
            with server.tls.wrap_socket(connection, server_side=True) as hidden:
                _talk(server, hidden, stop, veiled=True)
            return
        elif verb == "STARTTLS" or (server.tls and not veiled and verb != "QUIT"):
            say("502 not here")
        elif verb == "AUTH":
            _, user, password = base64.b64decode(line.split()[-1]).decode().split("\0")
            server.signed_in.append((user, password))
            say(f"535 no such {password}" if server.manner == "bad-password" else "235 welcome")
        elif verb == "RCPT":
            name = line.partition("<")[2].partition(">")[0]
            if name in server.refused:
                say("550 nobody of that name")
            else:
                server.recipients.append(name)
                say("250 ok")
        elif verb == "DATA":
            say("354 go on")
            text = b""
            for part in lines:
                if part == b".\r\n":
                    break
                text += part[1:] if part.startswith(b"..") else part
            server.texts.append(text)
            if server.manner == "lost-in-text":
                return
            say("554 not this" if server.manner == "refuses-text" else "250 taken")
        elif verb == "QUIT":
            say("221 bye")
            return
        else:
            say("250 ok")
