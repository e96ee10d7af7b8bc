"""A server of raw bytes on this machine, and names that stand for what a test says: for hostile answers."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, repeat

import pytest

from detente.sources import networks

PUBLIC = "93.184.215.14"


@dataclass
class Hostile:
    """What it was asked, and what it answers: bytes, or a function that sends them until the other side is gone."""

    port: int
    answers: dict[str, bytes | Callable[[socket.socket], None]] = field(default_factory=dict)
    asked: list[bytes] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        return [asked.split(b" ")[1].decode() for asked in self.asked]


@contextmanager
def hostile_server(context: ssl.SSLContext | None = None) -> Iterator[Hostile]:
    listening = socket.create_server(("127.0.0.1", 0), backlog=50)
    site = Hostile(listening.getsockname()[1])

    def talk(made: socket.socket) -> None:
        with suppress(OSError):
            if context:
                made = context.wrap_socket(made, server_side=True)
            with made:
                request = b""
                while b"\r\n\r\n" not in request and (piece := made.recv(65536)):
                    request += piece
                if not request:
                    return
                site.asked.append(request)
                answer = site.answers.get(site.paths()[-1], b"HTTP/1.1 404 Not here\r\nContent-Length: 0\r\n\r\n")
                if callable(answer):
                    answer(made)
                else:
                    made.sendall(answer)

    def serve() -> None:
        with suppress(OSError):
            while True:
                made, _ = listening.accept()
                threading.Thread(target=talk, args=(made,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield site
    finally:
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def html(text: str = "The delegations left Istanbul on Friday.", *headers: str) -> bytes:
    body = f"<!DOCTYPE html><html><body><p>{text}</p></body></html>".encode()
    return answer(body, "Content-Type: text/html; charset=utf-8", f"Content-Length: {len(body)}", *headers)


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    return "\r\n".join((f"HTTP/1.1 {status}", *headers, "", "")).encode("latin-1") + body


def names(monkeypatch: pytest.MonkeyPatch, numbers: dict[str, Sequence[str]], port: int) -> list[tuple[str, str]]:
    """Let names stand for numbers, one after the other and then the last for ever; a public one reaches our server.

    Returns:
        Each name that was asked for, with the number that was given.
    """
    real, given = networks.resolve, list[tuple[str, str]]()
    answers = {name: chain(those, repeat(those[-1])) for name, those in numbers.items()}

    def resolve(host: str, asked_port: int) -> list[tuple[int, tuple[str, int]]]:
        if host not in answers:
            return real(host, asked_port)
        number = next(answers[host])
        given.append((host, number))
        return [(socket.AF_INET, (number, asked_port))]

    def connect(made: socket.socket, place: tuple[str, int]) -> None:
        plain(made, ("127.0.0.1", port) if place[0] == PUBLIC else place)

    plain = socket.socket.connect
    monkeypatch.setattr(networks, "resolve", resolve)
    monkeypatch.setattr(socket.socket, "connect", connect)
    return given
