"""Who speaks: statements with speaker, role, side and stance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from detente.dossier import Dossier
from detente.ledger import Ledger
from detente.publish.catalogue import Words
from detente.publish.chronology import first_upper
from detente.publish.citing import Cited, cite, name_of, name_text, role_text
from detente.publish.marks import source_type
from detente.publish.text import Text, flat
from detente.terms import Decision, Document, Entry, Statement

STANCES = {-2: "hostile", -1: "critical", 0: "neutral or conditional", 1: "favourable", 2: "strongly favourable"}

CAMPS = {"hard line": "hard line", "between": "between", "moderate": "moderate"}


@dataclass(frozen=True)
class Row:
    """One statement with its citation."""

    statement: Statement
    cited: Cited
    dossier: Dossier

    @property
    def day(self) -> date | None:
        """Day of speaking; without one, the day it was reported."""
        said = self.statement.said_date
        return said.last if said else self.cited.document.published

    def issue_label(self, words: Words) -> str:
        track = self.dossier.track(self.statement.issue)
        return track.label_in(words.language) if track else self.statement.issue

    def when(self, words: Words) -> str:
        """The day of speaking; without one, the day of the report, said to be that."""
        said, published = self.statement.said_date, self.cited.document.published
        if said is not None:
            return words.event_date(said)
        return words("reported {day}", day=words.day(published)) if published else words("undated")

    def who(self, words: Words) -> Text:
        """Speaker and office: `Sergueï Lavrov, ministre des Affaires étrangères`."""
        role = self.role(words)
        return self.speaker(words) + ", " + role if role else self.speaker(words)

    def speaker(self, words: Words) -> Text:
        return name_text(self.statement.speaker, self.dossier, words, self.cited.document.language)

    def role(self, words: Words) -> Text:
        return role_text(self.statement.speaker, self.day, self.dossier, words, self.cited.document.language)

    def speaker_name(self, language: str) -> str:
        return name_of(self.statement.speaker, self.dossier, language)

    def as_json(self) -> dict[str, Any]:
        s = self.statement
        return {
            "speaker": self.speaker_name("en"),
            "speaker_id": s.speaker.entity,
            "role": s.speaker.role,
            "side": s.speaker.side,
            "addressee": name_of(s.addressee, self.dossier, "en") if s.addressee else None,
            "issue": s.issue,
            "stance": s.stance,
            "stance_reason": s.stance_reason,
            "mode": s.mode,
            "said_date": s.said_date.value if s.said_date else None,
            "conditions": [c.quote for c in s.conditions],
            "time_claims": [c.quote for c in s.time_claims],
            "content": s.content.quote,
            "confidence": s.confidence,
            "digital_source_type": source_type(self.cited.coder, self.cited.decided),
            "evidence": self.cited.as_json(),
        }


def row_of(
    entry: Entry, statement: Statement, documents: Mapping[str, Document], dossier: Dossier, decision: Decision | None
) -> Row:
    """A row for one statement as it stands after decisions."""
    return Row(statement, cite(entry, documents, statement.evidence, decision), dossier)


def rows(
    dossier: Dossier,
    ledger: Ledger,
    *,
    as_of: date | datetime | None = None,
    speaker: str | None = None,
    side: str | None = None,
) -> list[Row]:
    """Statements as the ledger stood at a moment, in order of day."""
    documents = {document.id: document for document in ledger.documents(as_of=as_of)}
    found = []
    for standing in ledger.codings("statement", as_of=as_of):
        statement = standing.coding
        if not isinstance(statement, Statement):
            continue
        row = row_of(standing.entry, statement, documents, dossier, standing.decision)
        if side and dossier.registry.alpha3(side) not in statement.speaker.sides:
            continue
        spoken_names = " ".join(row.speaker_name(lang) for lang in ("fr", "en", "ru")).lower()
        if speaker and speaker.lower() not in spoken_names:
            continue
        found.append(row)
    return sorted(found, key=lambda r: (r.day or date.min, r.cited.document.id, r.cited.evidence.start))


def stance_text(stance: int, words: Words) -> str:
    """−2 … +2 in words as well as in figures.

    >>> stance_text(-2, Words("en"))
    '−2 hostile'
    """
    return f"{words.number(stance, signed=True)} {words(STANCES[stance])}"


def as_text(shown: list[Row], language: str) -> str:
    """Statements for a terminal."""
    words = Words(language)
    if not shown:
        return words("No statement is recorded. Add reports with `detente add` and code them with `detente code`.")
    lines = []
    for row in shown:
        s = row.statement
        side = f" [{s.speaker.side}]" if s.speaker.side else ""
        stance = f"{stance_text(s.stance, words)} · {row.issue_label(words)}"
        lines.append(f"{first_upper(row.when(words))}  {row.who(words)}{side}  {stance}")
        lines.append(f"    {words.quoted(s.evidence.quote)}")
        for condition in s.conditions:
            lines.append(f"    {words('Condition')}{words.colon()}{words.quoted(condition.quote)}")
        for claim in s.time_claims:
            lines.append(f"    {words('On timing')}{words.colon()}{words.quoted(claim.quote)}")
        cited = row.cited
        place = f"{cited.document.id} {cited.evidence.start}:{cited.evidence.end}"
        lines.append(f"    {flat(cited.outlet)} · {place} · {cited.done(words)}")
    return "\n".join(lines)
