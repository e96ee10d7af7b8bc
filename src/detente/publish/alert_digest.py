"""Alerts as a reader gets them: on a terminal, and as one mail of plain text with the marks of how it was made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from detente import __version__
from detente.publish import figures
from detente.publish.alert_rules import FILE, Mail
from detente.publish.alerts import MOST_QUOTES, Alert, Found
from detente.publish.catalogue import Words
from detente.publish.citing import Cited, link_of
from detente.publish.marks import DRAWN
from detente.publish.text import flat, harmless

MOST_ALERTS = 30
"""Alerts in one digest; those left come with the next."""
_WIDTH = 78


def title_of(found: Found, alerts: Sequence[Alert], language: str) -> str:
    """One line: how many, of which dossier, and the first of them where there is one alone."""
    words = Words(language)
    dossier = found.situation.dossier.title_in(language)
    if len(alerts) == 1:
        return flat(f"{dossier}{words.colon()}{alerts[0].texts[language][0]}")
    return flat(f"{dossier}{words.colon()}{words.many('{n} alert', '{n} alerts', len(alerts))}")


def as_text(found: Found, alerts: Sequence[Alert], language: str, *, base: str = "") -> str:
    """The alerts with their quotes and pages, then how it was made and what it is of."""
    words, now = Words(language), found.situation
    notice = now.dossier.notice_in(language)
    lines = [title_of(found, alerts, language), ""]
    lines += [f"! {flat(notice)}", ""] if notice else []
    if not alerts:
        lines = [words("Nothing to tell since {day}.", day=words.day(found.since.date())), ""]
    for number, alert in enumerate(alerts, start=1):
        title, said = alert.texts[language]
        lines += [f"{number}. {title}", *(f"   {line}" for line in said)]
        lines += [f"   {line}" for line in _quotes(alert.evidence, words)]
        lines += [f"   {alert.address(language, base)}", f"   ({words('rule {name}', name=alert.rule)})", ""]
    lines += [figures.label_of(now, language), figures.credit(now, words), figures.rights(language)]
    lines.append(words("How it was made, for machines: {type}", type=DRAWN))
    return harmless("\n".join(lines)) + "\n"


def _quotes(evidence: Sequence[Cited], words: Words) -> Iterator[str]:
    for cited in evidence[:MOST_QUOTES]:
        published = cited.document.published
        day = words.day(published) if published else words("undated")
        yield words.quoted(cited.evidence.quote)
        where = f"{cited.document.id} {cited.evidence.start}:{cited.evidence.end}"
        yield flat(f"  {cited.outlet}, {day} · {cited.document.language} · {cited.done(words)} · {where}")
        if link_of(cited.document):
            yield f"  {flat(link_of(cited.document))}"
    left = len(evidence) - MOST_QUOTES
    if left > 0:
        yield words.many("{n} more quote on the page", "{n} more quotes on the page", left)


def as_mail(
    found: Found, alerts: Sequence[Alert], language: str, mail: Mail, *, digest: str, base: str = ""
) -> EmailMessage:
    """The digest as a mail.

    Args:
        digest: Names it: a server that is given the same twice can tell.
    """
    now = found.situation
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = title_of(found, alerts, language)[:200]
    message["From"] = mail.sender
    message["To"] = ", ".join(mail.to)
    message["Date"] = format_datetime(found.known)
    message["Message-ID"] = f"<{digest}@detente>"
    # A mail that no person wrote, so that nobody's absence answers it (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message["X-Mailer"] = f"detente {__version__} ({FILE})"
    message["X-Detente-Digital-Source-Type"] = DRAWN
    message["X-Detente-Data-Version"] = now.data_version
    body = as_text(found, alerts, language, base=base)
    message.set_content(body, charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = language
    return message
