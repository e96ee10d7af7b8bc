"""Sending a digest of alerts: by mail over SMTP, and through apprise where that is asked for.

What is refused before the server takes the text is a failure and is tried again next time. What is lost while the
server takes it may have arrived: it is never sent again.
"""

from __future__ import annotations

import hashlib
import os
import re
import smtplib
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import partial
from importlib import import_module
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal

from detente.dossier import Dossier
from detente.errors import PublishError
from detente.ledger import Ledger
from detente.publish import alert_digest, alert_log, alerts
from detente.publish.alert_rules import FILE, PASSWORD_VARIABLE, SERVICES_VARIABLE, USER_VARIABLE, Mail, Settings
from detente.publish.alerts import Found

State = Literal["sent", "nothing", "quiet", "enough", "failed"]
Environment = Mapping[str, str]


_LEADING_DOT = re.compile(rb"(?m)^\.")
"""A line that is a dot ends the text, so that each that begins with one gets another (RFC 5321, 4.5.2)."""


class Unsure(Exception):
    """The connection was lost while the server took the text: nobody knows whether it arrived."""


@dataclass(frozen=True)
class Outcome:
    """What became of a run.

    Attributes:
        state: `sent`; `nothing` to tell; `quiet` hours; `enough` digests today; `failed` everywhere.
        told: How many alerts left.
        left: How many wait for the next digest.
        problems: What went wrong, a line each.
    """

    state: State
    told: int = 0
    left: int = 0
    problems: tuple[str, ...] = ()
    found: Found | None = None


def send(
    dossier: Dossier,
    ledger: Ledger,
    settings: Settings,
    *,
    environment: Environment | None = None,
    clock: Callable[[], datetime] | None = None,
) -> Outcome:
    """Tell what is new, unless the hours are quiet or enough was sent today.

    Raises:
        PublishError: There is nowhere to send to, the log cannot be read or written, or another run is sending.
    """
    secrets, tick = os.environ if environment is None else environment, clock or (lambda: datetime.now(UTC))
    if dossier.folder is None:
        raise PublishError(
            f"{dossier.name}: the dossier has no folder to keep what was sent in. Write it to one first."
        )
    channels = _channels(settings, secrets)
    moment = tick()
    if settings.quiet and settings.quiet.holds(moment):
        return Outcome("quiet")
    with alert_log.alone(dossier.folder):
        log = alert_log.read(dossier.folder)
        today = moment.astimezone(settings.zone).date()
        sent_today = log.digests_on(today, settings.zone)
        if sent_today >= settings.most_a_day:
            return Outcome("enough")
        found = alerts.find(dossier, ledger, settings, log=log, clock=lambda: moment)
        if not found.alerts:
            return Outcome("nothing", found=found)
        return _post(dossier.folder, found, settings, channels, tick)


def _channels(settings: Settings, secrets: Environment) -> dict[str, Callable[[EmailMessage], list[str]]]:
    """How each place is reached, by its name."""
    channels: dict[str, Callable[[EmailMessage], list[str]]] = {}
    mail = settings.mail
    if mail is not None:
        user, password = secrets.get(USER_VARIABLE, ""), secrets.get(PASSWORD_VARIABLE, "")
        check_secure(mail, password)
        channels["mail"] = lambda message: by_mail(message, mail, user, password)
    if settings.services:
        for number, carrier in enumerate(_services(secrets.get(SERVICES_VARIABLE, "").split()), start=1):
            channels[f"service-{number}"] = partial(_by_service, carrier=carrier)
    if not channels:
        raise PublishError(f"{FILE} names nowhere to send to. Add [mail], or services = true, as docs/alerts.md shows.")
    return channels


def check_secure(mail: Mail, password: str) -> None:
    """Refuse to send a password where everyone on the way could read it.

    Raises:
        PublishError: There is a password, no encryption, and the server is not on this machine.
    """
    if password and mail.security == "none" and not _is_here(mail.host):
        raise PublishError(
            f"{FILE}: mail.security is none, and the password would cross the network in the clear. "
            f"Write starttls or tls, or unset {PASSWORD_VARIABLE}."
        )


def _is_here(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def _post(
    folder: Path,
    found: Found,
    settings: Settings,
    channels: Mapping[str, Callable[[EmailMessage], list[str]]],
    tick: Callable[[], datetime],
) -> Outcome:
    chosen = found.alerts[: alert_digest.MOST_ALERTS]
    keys = [alert.key for alert in chosen]
    values = {alert.key: alert.value for alert in chosen if alert.value is not None}
    digest = hashlib.sha256("\n".join([found.situation.data_version, *keys]).encode()).hexdigest()[:24]
    address = settings.mail or Mail.model_validate({"to": ["nobody@localhost"], "from": "nobody@localhost"})
    message = alert_digest.as_mail(found, chosen, settings.language, address, digest=digest, base=settings.address)
    # What waits for the next digest is looked for again from the same moment on, or nobody would ever be told of it.
    known = found.known if len(chosen) == len(found.alerts) else found.since
    problems, arrived = [], False

    def note(kind: alert_log.RowKind, channel: str, why: str = "") -> None:
        row = alert_log.row_of(kind, digest, channel, at=tick(), known=known, keys=keys, values=values, why=why[:500])
        alert_log.add(folder, row)

    for channel, carry in channels.items():
        note("trying", channel)
        try:
            refused = carry(message)
        except Unsure as problem:
            # No row follows: it counts as told, and as unsure.
            problems.append(f"{channel}: {problem}. It may have arrived and is not sent again.")
            arrived = True
        except PublishError as problem:
            note("failed", channel, str(problem))
            problems.append(f"{channel}: {problem}")
        else:
            note("sent", channel, "; ".join(refused))
            problems += [f"{channel}: {each}" for each in refused]
            arrived = True
    left = len(found.alerts) - len(chosen)
    return Outcome("sent" if arrived else "failed", len(chosen) if arrived else 0, left, tuple(problems), found)


# Mail


def by_mail(message: EmailMessage, mail: Mail, user: str, password: str) -> list[str]:
    """Hand a mail to a server.

    Returns:
        Recipients that it refused while it took others.

    Raises:
        PublishError: It was not taken: server not there or too slow, no encryption, wrong password, all refused.
        Unsure: The connection was lost while the text was taken.
    """
    server = f"{mail.host}:{mail.port}"
    try:
        connection = _connected(mail)
        try:
            if password:
                connection.login(user, password)
            return _handed_over(connection, message, mail, server)
        finally:
            connection.close()
    except smtplib.SMTPAuthenticationError as problem:
        # What the server says may repeat what it was told.
        raise PublishError(
            f"{server} refused user and password ({problem.smtp_code}). Check {USER_VARIABLE} and {PASSWORD_VARIABLE}."
        ) from None
    except smtplib.SMTPNotSupportedError:
        raise PublishError(f"{server} offers no {_wanted(mail, password)}. Choose another mail.security.") from None
    except smtplib.SMTPResponseException as problem:
        raise PublishError(f"{server} answered {problem.smtp_code} {_said(problem.smtp_error)}.") from None
    except (OSError, smtplib.SMTPException) as problem:
        if isinstance(problem, TimeoutError) or isinstance(problem.__context__, TimeoutError):
            raise PublishError(f"{server} did not answer within {mail.timeout_seconds:g} s.") from None
        raise PublishError(f"{server} cannot be reached: {problem}.") from None


def _wanted(mail: Mail, password: str) -> str:
    return "STARTTLS" if mail.security == "starttls" else "sign-in" if password else "such command"


def _connected(mail: Mail) -> smtplib.SMTP:
    if mail.security == "none":
        return smtplib.SMTP(mail.host, mail.port, timeout=mail.timeout_seconds)
    try:
        context = ssl.create_default_context(cafile=mail.ca_file or None)
    except (OSError, ssl.SSLError) as problem:
        raise PublishError(f"{mail.ca_file}: no certificates: {problem}. Name a PEM file in mail.ca_file.") from None
    if mail.security == "tls":
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=mail.timeout_seconds, context=context)
    connection = smtplib.SMTP(mail.host, mail.port, timeout=mail.timeout_seconds)
    try:
        connection.starttls(context=context)
    except BaseException:
        connection.close()
        raise
    return connection


def _handed_over(connection: smtplib.SMTP, message: EmailMessage, mail: Mail, server: str) -> list[str]:
    connection.ehlo_or_helo_if_needed()
    code, said = connection.mail(mail.sender)
    if code != 250:
        raise smtplib.SMTPResponseException(code, said)
    refused, answers = [], []
    for recipient in mail.to:
        code, said = connection.rcpt(recipient)
        answers.append(code)
        if code not in (250, 251):
            refused.append(f"{recipient} was refused ({code} {_said(said)})")
    if len(refused) == len(mail.to):
        raise PublishError(f"{server}: {'; '.join(refused)}.")
    code, said = connection.docmd("data")
    if code != 354:
        raise smtplib.SMTPResponseException(code, said)
    try:
        # From here on the server may take it although we never hear so.
        connection.send(_LEADING_DOT.sub(b"..", message.as_bytes().rstrip(b"\r\n")) + b"\r\n.\r\n")
        code, said = connection.getreply()
    except (OSError, smtplib.SMTPServerDisconnected):
        raise Unsure(f"{server} was lost while it took the text") from None
    if code != 250:
        raise smtplib.SMTPResponseException(code, said)
    with suppress(OSError, smtplib.SMTPException):
        connection.quit()
    return refused


def _said(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:200]


# Other services


def _services(addresses: Sequence[str]) -> list[Any]:
    """For each address, what of apprise sends to it.

    Raises:
        PublishError: The alerts extra is not installed, there is no address, or one is none that apprise knows.
    """
    try:
        apprise = import_module("apprise")
    except ImportError:
        raise PublishError("other services need the alerts extra. Install it: pip install 'detente[alerts]'.") from None
    if not addresses:
        raise PublishError(f"services = true, and {SERVICES_VARIABLE} names none. Set it, addresses parted by blanks.")
    found = []
    for number, address in enumerate(addresses, start=1):
        carrier = apprise.Apprise()
        if not carrier.add(address):
            # The address itself holds the secret.
            raise PublishError(f"{SERVICES_VARIABLE}: apprise does not know address number {number}. Check it.")
        found.append(carrier)
    return found


def _by_service(message: EmailMessage, *, carrier: Any) -> list[str]:
    if not carrier.notify(title=str(message["Subject"]), body=message.get_content()):
        raise PublishError("the service did not take it.")
    return []
