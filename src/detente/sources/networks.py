"""Which addresses lie in a private network, and who may lead us there.

An address in a private network is read where a person gave it, by number or by name, and where a feed that a person
gave stands on the same host and port and was itself got from there. Nothing else leads inside: no link of a feed, no
redirect, and no name that answered from outside before.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass

from detente.errors import SourceError

_WEB_PORTS = frozenset({80, 443})
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_DOCUMENTATION = ipaddress.IPv6Network("3fff::/20")
_given_from_inside: dict[tuple[str, int], bool] = {}
"""Whether a host and port that a person gave answered from a private network, this process's last time."""


def is_inside(number: str) -> bool:
    """Whether a numeric address is anything but a public one that a page could be got from.

    IPv6 addresses that carry an IPv4 address (mapped, 6to4, NAT64) are judged by it; other local ways of carrying one
    count as private.

    >>> is_inside("10.0.0.1"), is_inside("::ffff:127.0.0.1"), is_inside("64:ff9b::a9fe:a9fe"), is_inside("8.8.8.8")
    (True, True, True, False)
    """
    try:
        address = ipaddress.ip_address(number.split("%")[0])
    except ValueError:
        return True
    if isinstance(address, ipaddress.IPv6Address):
        carried = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            carried = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if carried is not None:
            address = carried
        elif address not in _GLOBAL_UNICAST or address in _DOCUMENTATION:
            return True
    return address.is_multicast or not address.is_global


def resolve(host: str, port: int) -> list[tuple[int, tuple[str, int]]]:
    """Family and socket address of each number that a name stands for; decimal and octal hosts are read by the system.

    Raises:
        OSError: It stands for none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as problem:  # a label that is empty or too long
        raise OSError(f"{host!r} is no host name") from problem
    return [(int(family), place) for family, _, _, _, place in found]  # type: ignore[misc]


def stands_inside(host: str, port: int = 80) -> bool:
    """Whether any number of a name lies inside; a name without numbers does not."""
    try:
        return any(is_inside(place[0]) for _, place in resolve(host, port))
    except OSError:
        return False


def was_given_inside(host: str, port: int) -> bool:
    """Whether this host and port answered from a private network when a person gave it."""
    return _given_from_inside.get((_plain(host), port), False)


@dataclass(slots=True)
class Reach:
    """What may be reached while one address is followed.

    Attributes:
        host, port: Of the address that a person gave; an empty host where no host led here (a feed on disk).
        led: Whether something that was read leads here, rather than a person.
        inside: Whether that host answered from a private network; None where it has not answered yet.
    """

    host: str
    port: int
    led: bool
    inside: bool | None = None

    @classmethod
    def of(cls, host: str | None, port: int, *, led: bool) -> Reach:
        """Of the address that a person gave, whether it was just now (not `led`) or before."""
        host = _plain(host or "")
        try:
            ipaddress.ip_address(host)
        except ValueError:
            # A name that was not asked before in this process could stand for anything by now.
            return cls(host, port, led, _given_from_inside.get((host, port), False) if led else None)
        # A number stands for itself, whenever it was given.
        return cls(host, port, led, is_inside(host) if led else None)

    def check(self, url: str, host: str, port: int, numbers: list[str]) -> None:
        """Refuse an address unless it is public or was meant.

        Raises:
            SourceError: It stands inside, and the person who asked did not name it.
        """
        inside = any(map(is_inside, numbers))
        same = _plain(host) == self.host and (port == self.port or {port, self.port} <= _WEB_PORTS)
        if same and self.inside is None:
            self.inside = _given_from_inside[self.host, self.port] = inside
        if not inside or (same and self.inside):
            return
        if same:
            raise SourceError(
                f"{url}: {host} answers from a private network now and did not when it was first asked; not read. "
                "If you mean it, give this address yourself."
            )
        raise SourceError(
            f"{url}: stands in a private network and was reached from {self.host or 'a file'}; not followed. "
            "If you mean it, give this address yourself."
        )


def _plain(host: str) -> str:
    return host.rstrip(".").lower()
