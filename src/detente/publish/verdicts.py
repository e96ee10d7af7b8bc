"""An article's claims and what the ledger says to them, as text and data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from detente.dossier import Dossier
from detente.errors import LedgerError, PublishError
from detente.ledger import from_json, to_json
from detente.measures.risers import SURE
from detente.publish.catalogue import Words
from detente.publish.chronology import what_text
from detente.publish.knowledge import limit_day
from detente.publish.marks import BY_RULES
from detente.publish.milestones import Row, chance_line, settled_text, when_line
from detente.publish.text import Text, joined
from detente.terms import (
    ArticleVerdicts,
    Bearing,
    Claim,
    ClaimShape,
    ClaimState,
    Event,
    Finding,
    Outlook,
    Participant,
    Verdict,
    VerdictName,
)

FOLDER = "verdicts"
"""Where kept verdicts lie beside `dossier.toml`."""
HORIZON_DAYS = 5 * 365
"""As far as a curve reaches: what is said to take decades is not to come within it."""
SOON_DAYS = 183

NAMES: Mapping[VerdictName, str] = {
    "supported": "supported",
    "contradicted": "contradicted",
    "mixed": "for and against",
    "not in the ledger": "not in the ledger",
    "about the future": "about the future",
}
SAID: Mapping[VerdictName, str] = {
    "supported": "The ledger has it.",
    "contradicted": "The ledger has the contrary.",
    "mixed": "The ledger speaks for it and against it.",
    "not in the ledger": "Nothing in the ledger settles it; that is no proof against it.",
    "about the future": "It is about the future: nothing in the ledger settles it yet.",
}
"""Each verdict as a sentence; what it rests on stands behind it."""
MEASURED: Mapping[VerdictName, str] = {
    "supported": "What is measured agrees.",
    "contradicted": "What is measured says otherwise.",
    "not in the ledger": "What is measured does not settle it.",
}
"""The same, of how things stand."""
STATES: Mapping[ClaimState, str] = {
    "two lines": "{who} speaks in two lines",
    "rises": "{who} comes up",
    "lever": "{who} as a lever",
    "warmer": "relations get better",
    "colder": "relations get worse",
}
"""How things stand by a claim."""
WHY: Mapping[str, str] = {
    "happened": "tells the same",
    "implied": "tells of what was agreed there",
    "came": "tells that it came about",
    "was proposed": "tells of the same offer",
    "did not happen": "tells that it was called off or denied",
    "contrary": "tells the contrary on that issue in those days",
    "another day": "has it on another day",
    "another place": "has it at another place",
    "was planned": "has it as a plan",
    "was thought of": "has it as a possibility",
    "meeting only": "tells of the meeting, not of what was agreed",
    "nearest": "the nearest there is",
    "said so": "the same speaker, in like words, in those days",
    "said the like": "the same speaker, to like effect",
    "said the contrary": "the same speaker, leaning the other way",
    "said near it": "the same speaker, on something near it",
    "made a condition too": "makes it wait for the like",
    "harder": "of the hardest speaker compared",
    "milder": "of the mildest speaker compared",
    "rose": "counts as contact or mention",
    "lever": "a lever or an offer",
    "moved": "weighs most in the index",
    "hopes": "sounds hopeful",
    "doubts": "sounds doubtful",
}
"""How a finding bears on a claim."""
COMPARED: Mapping[str, str] = {
    "kind": "kind of act",
    "who": "who",
    "people": "people named",
    "day": "day",
    "period": "time",
    "place": "place",
    "issue": "issue",
    "words": "words",
    "future": "what it says of the future",
}
"""What of a claim and a finding was compared."""
HEADS: Mapping[Bearing, str] = {"for": "For", "against": "Against", "beside": "Near it"}
SHAPES: Mapping[ClaimShape, str] = {
    "inevitable": "says that it is not whether but when",
    "long": "says that it is late or hard",
    "soon": "says that it is soon",
    "conditional": "makes it wait for a condition",
    "unlikely": "says that it hardly comes",
    "likely": "says that it may come",
    "planned": "tells of a plan",
}
UNREAD: Mapping[str, str] = {
    "judgement": "a judgement of its author, which no report settles",
    "not understood": "not understood",
    "no fact": "nothing about the two",
}
"""Why a sentence gave no claim."""


def read_kept(folder: Path | None, *, as_of: date | datetime | None = None) -> tuple[ArticleVerdicts, ...]:
    """Verdicts kept beside a dossier that had been made by a moment, the latest first.

    Raises:
        PublishError: A file of theirs cannot be read.
    """
    if folder is None:
        return ()
    found = []
    for path in sorted((folder / FOLDER).glob("*.json"), reverse=True):
        try:
            one = from_json("verdicts", json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, LedgerError) as problem:
            raise PublishError(
                f"{path}: cannot be read: {problem} Take it away, or put it back as it was."
            ) from problem
        if one.made <= limit_day(as_of):
            found.append(one)
    return tuple(found)


def kept_names(folder: Path) -> str:
    """Names what is kept: another list, another text."""
    return " ".join(sorted(path.name for path in (folder / FOLDER).glob("*.json")))


def verdicts_json(found: ArticleVerdicts) -> dict[str, Any]:
    """Verdicts as data."""
    return {**to_json(found), "digital_source_type": BY_RULES}


# What a claim is, in the reader's language


@dataclass(frozen=True)
class Teller:
    """Says verdicts of one dossier in one language."""

    dossier: Dossier
    words: Words

    def heading(self, claim: Claim) -> Text:
        """`Consult · Russia and United States · 10 April 2025 · Istanbul`"""
        words = self.words
        if claim.event is not None:
            event = claim.event
            parts: list[Text | str] = [what_text(event, words), self.parties(event, claim.language)]
            if event.event_date is not None:
                parts.append(words.event_date(event.event_date))
            if event.place:
                parts.append(self.place(event.place))
            return joined([part if isinstance(part, Text) else Text(((part, ""),)) for part in parts], " · ")
        if claim.statement is not None:
            who = self.named(claim.statement.speaker, claim.language)
            said = words.text("{speaker} said so", speaker=who)
        else:
            said = Text(((words("The article’s own view"), ""),))
        if claim.state:
            said += Text(((f" · {words(STATES[claim.state], who=self.about(claim))}", ""),))
        return said + (f" · {words(SHAPES[claim.shape])}" if claim.shape else "")

    def about(self, claim: Claim) -> str:
        """Whom a claim on how things stand is about."""
        registry = self.dossier.registry
        entity = registry.entities.get(claim.about)
        if entity is not None and entity.kind == "person":
            return entity.name_in(self.words.language)
        return registry.state_name(claim.about, self.words.language) if claim.about else ""

    def measured(self, verdict: Verdict) -> list[str]:
        """What our measures say of the state it tells of."""
        return [dict(sentence).get(self.words.language, "") for sentence in verdict.measured]

    def named(self, participant: Participant, language: str) -> Text:
        entity = self.dossier.registry.entities.get(participant.entity) if participant.entity else None
        if entity is not None:
            return Text(((entity.name_in(self.words.language), ""),))
        return self.words.foreign(participant.name, language)

    def parties(self, event: Event, language: str) -> Text:
        actors = self.words.listed_text(_once([self.named(p, language) for p in event.actors]))
        recipients = self.words.listed_text(_once([self.named(p, language) for p in event.recipients]))
        if event.actors and event.recipients:
            return actors + " → " + recipients
        return actors if event.actors else recipients

    def place(self, place: str) -> str:
        registry = self.dossier.registry
        if len(place) == 3 and place.isupper():
            return registry.state_name(place, self.words.language)
        entity = registry.entities.get(place)
        return entity.name_in(self.words.language) if entity else place

    # What the ledger says

    def sentence(self, verdict: Verdict) -> str:
        """The verdict, what it rests on and how sure it is."""
        words = self.words
        said = [words(SAID[verdict.name])]
        if verdict.name == "about the future" and any(o.milestone.resolution for o in verdict.outlooks):
            said = [words("It was about the future; a question that it names has been settled since.")]
        if verdict.claim.kind == "state":
            return words(MEASURED[verdict.name])
        settled = [f for f in verdict.findings if f.bearing != "beside"]
        if verdict.claim.state:
            settled = []
        if verdict.claim.kind == "statement" and verdict.name != "about the future":
            likened = settled and all(finding.why == "said the like" for finding in settled)
            told = words("The ledger has the like.") if likened else words(SAID[verdict.name])
            said = [words("That it was said") + words.colon() + _lower(told)]
        if settled:
            said.append(self.support(settled))
        if verdict.unconfirmed:
            left = words.listed([words.quoted(part) for part in verdict.unconfirmed])
            said.append(words("Not found there: {what}.", what=left))
        return " ".join(said)

    def support(self, settled: Sequence[Finding]) -> str:
        """How many sources, what of it agrees, and who checked the coding."""
        words = self.words
        most = max(*(f.sources for f in settled), len({f.evidence.document for f in settled}))
        counted = words.many("{n} independent report", "{n} independent reports", most)
        best = settled[0]
        agreeing = words.listed([words(COMPARED[name]) for name in best.agrees if name in COMPARED])
        checked = any(finding.checked for finding in settled)
        how = words("checked by a person") if checked else words("coded by machine, not checked by a person")
        return words("It rests on {reports}, alike in {what}; {how}.", reports=counted, what=agreeing, how=how)

    def finding_line(self, finding: Finding) -> Text:
        """`“quote” (Reuters, 19 February 2025; tells the same)`"""
        words = self.words
        outlet = words.foreign(finding.source or finding.title or finding.evidence.document, "")
        day = words.day(finding.published) if finding.published else words("undated")
        quote = words.quote(finding.evidence.quote, finding.language)
        source = joined([outlet, Text(((day, ""),))], ", ")
        return quote + " (" + source + f"{words.semicolon()}{words(WHY[finding.why])})"

    def outlook_lines(self, verdict: Verdict, outlook: Outlook) -> list[str]:
        """The question, whether it is one of the dossier, our forecast, and what it says to the claim."""
        words, m = self.words, outlook.milestone
        question = m.question_in(words.language)
        if outlook.proposed:
            lines = [words("A question that would settle it, proposed: {question}", question=question)]
            lines.append(f"{words('Rule')}{words.colon()}{m.rule_in(words.language)}")
            sources = [dict(source).get(words.language, "") for source in m.sources]
            lines.append(f"{words('Sources')}{words.colon()}{words.semicolon().join(sources)}")
        else:
            lines = [words("The dossier’s question: {question}", question=f"{question} [{m.id}]")]
            if outlook.stands_in:
                lines.append(words("It stands for the whole, which is wider than it asks."))
        if m.resolution is not None and outlook.forecast is None:
            return [*lines, f"{settled_text(m.resolution, words)} ({m.resolution.evidence})"]
        if outlook.forecast is None:
            return [*lines, words("No forecast can be made of it.")]
        row = Row(m, outlook.forecast, self.dossier)
        lines.append(chance_line(row, words))
        lines.append(when_line(row, words))
        if outlook.proposed:
            lines.append(words("No past case is comparable: the figures are those of the prior alone."))
        if told := self._against_claim(verdict.claim, outlook):
            lines.append(told)
        return lines

    def _against_claim(self, claim: Claim, outlook: Outlook) -> str:
        words, f = self.words, outlook.forecast
        if f is None:
            return ""
        if claim.shape == "inevitable":
            return words(
                "“When, not if” claims that it comes for certain. Our forecast leaves {never} ({interval}) that this "
                "process never gets there.",
                never=words.percent(f.never),
                interval=words.interval(*f.never_interval),
            )
        if claim.shape == "long":
            reach = f.curve[-1][0]
            later = words.percent(1 - f.curve[-1][1])
            return words(
                "Our forecast puts the chance that it has not come by {day} at {p}.", day=words.day(reach), p=later
            )
        if claim.shape == "soon":
            ends = [(day, share) for day, share in f.curve if (day - f.made).days <= SOON_DAYS]
            if ends:
                day, share = ends[-1]
                return words(
                    "Our forecast puts the chance by {day} at {p}.", day=words.day(day), p=words.percent(share)
                )
        if claim.shape == "conditional":
            return words("Our forecast does not know of that condition.")
        return ""


def rise_text(chance: float | None, name: str, words: Words) -> str:
    """How likely somebody's share rose; None where nobody saw them in the weeks compared."""
    if chance is None:
        return words("{name}: not seen in the weeks compared.", name=name)
    return words(
        "{name}: the share in the side’s contacts, words and mentions rose with a probability of {chance}; {sure} "
        "would settle it.",
        name=name,
        chance=words.percent(chance),
        sure=words.percent(SURE),
    )


def _once(names: Iterable[Text]) -> list[Text]:
    return list({str(name): name for name in names}.values())


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def summary(found: ArticleVerdicts, words: Words) -> str:
    """`14 claims: 5 supported, 3 not in the ledger, 6 about the future. 13 sentences gave none.`"""
    total = words.many("{n} claim", "{n} claims", len(found.verdicts))
    counts = [(name, sum(v.name == name for v in found.verdicts)) for name in NAMES]
    told = words.listed([f"{words(NAMES[name])} {words.number(count)}" for name, count in counts if count])
    left = words.many("{n} sentence gave none.", "{n} sentences gave none.", len(found.unread))
    return f"{total}{words.colon()}{told}. {left}" if found.verdicts else f"{total}. {left}"


def verdicts_text(found: ArticleVerdicts, dossier: Dossier, words: Words) -> str:
    """Verdicts for a terminal."""
    tell = Teller(dossier, words)
    lines = [
        words(
            "{title}, against the ledger as it stood on {day}",
            title=words.quoted(found.title) if found.title else found.document,
            day=words.day(found.made),
        ),
        summary(found, words),
    ]
    if found.left_out:
        left = words.many(
            "{n} document is the article or a copy of it and counts as no evidence",
            "{n} documents are the article or copies of it and count as no evidence",
            len(found.left_out),
        )
        lines.append(f"{left}{words.colon()}{', '.join(found.left_out)}.")
    for verdict in found.verdicts:
        claim = verdict.claim
        place = f"{claim.evidence.start}:{claim.evidence.end}"
        lines += [
            "",
            f"{claim.number}. {words(NAMES[verdict.name]).upper()} · {tell.heading(claim)}",
            f"    {words.quoted(claim.evidence.quote)} [{place}]",
            f"    {tell.sentence(verdict)}",
            *(f"    {told}" for told in tell.measured(verdict)),
        ]
        for head, findings in grouped(verdict, words):
            lines.append(f"    {head}{words.colon()}")
            lines += [f"      {tell.finding_line(finding)}" for finding in findings]
        for outlook in verdict.outlooks:
            lines += [f"    {line}" for line in tell.outlook_lines(verdict, outlook)]
    if found.unread:
        lines += ["", words("Sentences that gave no claim")]
        for why, quotes in unread_by_reason(found):
            lines.append(f"  {words(UNREAD[why])}{words.colon()}")
            lines += [f"    {words.quoted(quote)}" for quote in quotes]
    return "\n".join(lines)


def grouped(verdict: Verdict, words: Words) -> list[tuple[str, list[Finding]]]:
    """Findings under their heads; those on what a claim says will come apart from those on what was done or said."""
    parts = [(words(HEADS[bearing]), list(verdict.bearing(bearing))) for bearing in HEADS]
    ahead: Sequence[tuple[Bearing, str]] = (
        ("for", words("On what will come, for")),
        ("against", words("On what will come, against")),
    )
    parts += [(head, [f for f in verdict.ahead if f.bearing == bearing]) for bearing, head in ahead]
    return [(head, findings) for head, findings in parts if findings]


def unread_by_reason(found: ArticleVerdicts) -> list[tuple[str, list[str]]]:
    """Sentences that gave no claim, by why."""
    by_reason = [(why, [u.evidence.quote for u in found.unread if u.why == why]) for why in UNREAD]
    return [(why, quotes) for why, quotes in by_reason if quotes]
