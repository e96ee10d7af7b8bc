"""An article against the ledger: each of its claims with what speaks for and against it, and a verdict."""

from __future__ import annotations

from datetime import date, datetime

from detente.coding import Coder
from detente.dossier import Dossier
from detente.ledger import Ledger
from detente.publish.knowledge import knowledge_day, limit_day
from detente.publish.milestones import rows_on
from detente.terms import ArticleVerdicts, Claim, Document, Finding, Texts, Verdict, VerdictName
from detente.verdicts.claims import claims_of
from detente.verdicts.findings import Held, another_year, on_event, on_future, on_statement, unconfirmed
from detente.verdicts.outlooks import outlooks
from detente.verdicts.states import States


def judge(
    article: Document, dossier: Dossier, ledger: Ledger, coder: Coder, *, as_of: date | datetime | None = None
) -> ArticleVerdicts:
    """Take an article apart and say of each claim what the ledger held for and against it at a moment.

    The article itself and copies of it count as no evidence, in the ledger or not.

    Raises:
        LedgerError: The ledger cannot be read.
    """
    claims, unread = claims_of(article, dossier, coder)
    held = Held.of(article, dossier, ledger, as_of=as_of)
    day = knowledge_day(held.documents.values(), as_of, dossier)
    rows = rows_on(dossier, day, ledger=ledger, as_of=as_of)
    states = States(dossier, ledger, held, as_of=as_of)
    verdicts = []
    for claim in claims:
        findings = _findings(claim, held)
        if claim.kind == "event" and not any(finding.bearing == "for" for finding in findings):
            claim, findings = another_year(claim, held) or (claim, findings)
        told: tuple[Texts, ...] = ()
        if claim.state:
            told, measured = states.on(claim)
            findings = [*findings, *measured]
        is_open = _is_open(claim, findings)
        verdicts.append(
            Verdict(
                claim,
                name_of(claim, findings),
                tuple(findings),
                tuple(on_future(claim, held)) if is_open and claim.kind != "event" else (),
                unconfirmed(claim, findings, held),
                outlooks(claim, rows, dossier, made=day, published=article.published) if is_open else (),
                told,
            )
        )
    head = ledger.head(as_of)
    return ArticleVerdicts(
        document=article.id,
        title=article.title,
        url=article.url,
        source=article.source,
        language=article.language,
        published=article.published,
        dyad=dossier.dyad,
        made=limit_day(as_of),
        data_version=f"{head.line}-{head.hash[:12]}",
        coder=coder.name,
        verdicts=tuple(verdicts),
        unread=tuple(unread),
        left_out=tuple(sorted(held.own)),
    )


def _findings(claim: Claim, held: Held) -> list[Finding]:
    if claim.kind == "event":
        return on_event(claim, held)
    if claim.kind == "statement":
        return on_statement(claim, held)
    return []


def _is_open(claim: Claim, findings: list[Finding]) -> bool:
    """Whether a claim speaks of what is still to come: a plan that was carried out or called off no longer does."""
    if claim.kind == "event" and claim.event is not None:
        pending = claim.about_future or claim.event.realis == "proposed"
        return pending and not any(finding.why in ("came", "happened", "did not happen") for finding in findings)
    return claim.about_future


def name_of(claim: Claim, findings: list[Finding]) -> VerdictName:
    """The verdict that the findings on a claim give.

    A meeting that the ledger has on another day or at another place is one that took place and was told wrongly: mixed.
    """
    speaks_for = any(finding.bearing == "for" for finding in findings)
    against = [finding for finding in findings if finding.bearing == "against"]
    if claim.kind == "future":
        return "about the future"
    if against and (speaks_for or all(finding.differs for finding in against)):
        return "mixed"
    if against:
        return "contradicted"
    if speaks_for:
        return "supported"
    if claim.kind == "event" and claim.about_future:
        return "about the future"
    return "not in the ledger"
