"""What must be said of how a text was made: a label in three languages and marks for machines, derived from the log.

Article 50(4) of Regulation (EU) 2024/1689 asks whoever publishes text made or changed by an AI system, to inform the
public on matters of public interest, to say so; not where a person reviewed the text and a person answers for it.
Whether rules and templates are an "AI system" is left to lawyers: the label treats them as one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from markupsafe import Markup

from detente import __version__
from detente.ledger import write_moment
from detente.publish.catalogue import Words
from detente.publish.citing import link_of
from detente.publish.text import ACTING
from detente.terms import LANGUAGES

if TYPE_CHECKING:
    from detente.publish.brief_record import Brief, Publication, Sentence
    from detente.publish.situation import Situation

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
"""IPTC's vocabulary of digital source types; its addresses are `http`."""
SCHEMA_TYPES: Mapping[str, str] = {
    "algorithmicMedia": "https://schema.org/AlgorithmicMediaDigitalSource",
    "composite": "https://schema.org/CompositeDigitalSource",
    "compositeWithTrainedAlgorithmicMedia": "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource",
    "trainedAlgorithmicMedia": "https://schema.org/TrainedAlgorithmicMediaDigitalSource",
}
"""What schema.org calls the types a whole brief can have; for one it has no name, IPTC's address is given."""
Grade = Literal["human", "reviewed", "generated"]


@dataclass(frozen=True)
class Label:
    """The disclosure of one text.

    Attributes:
        grade: Written by people; made by machine and every sentence reviewed; or made by machine.
        required: Whether Article 50(4) asks for it.
        sentences: By language.
        why: What it was derived from, for machines.
        basis: `Article 50(4) label`, `Article 50(4) exemption` or empty.
        log_range: First and last row of the log that the reviews behind it are; None where there is none.
    """

    grade: Grade
    required: bool
    sentences: Mapping[str, str]
    why: str
    basis: str
    log_range: tuple[int, int] | None

    @property
    def icon(self) -> str:
        return "none" if self.grade == "human" else "ai"

    @property
    def meta(self) -> str:
        return f"{self.grade}; required={'yes' if self.required else 'no'}; icon={self.icon}"

    def as_json(self) -> dict[str, Any]:
        return {
            "grade": self.grade,
            "required": self.required,
            "icon": self.icon,
            "sentence": dict(self.sentences),
            "why": self.why,
            "legal_basis": self.basis or None,
            "log_range": list(self.log_range) if self.log_range else None,
        }


def of(sentences: Sequence[Sentence], publication: Publication | None, coders: Iterable[str] = ()) -> Label:
    """Derive the label of a text from its sentences and the log: nobody can type one.

    The exemption shows only where every sentence of a machine has a review of exactly its text and somebody answers
    for the whole; whoever claims it without that gets the label. Whoever wrote it, a language model that coded what it
    rests on is named.

    Args:
        coders: Whose codings the numbers rest on.
    """
    cited = {one.coder for s in sentences for one in (*s.evidence, *s.points)}
    models = language_models({*coders, *cited})
    label = _of(sentences, publication)
    if not models:
        return label
    said = {lang: f"{text} {_models_line(models, Words(lang))}" for lang, text in label.sentences.items()}
    return replace(label, sentences=said, why=f"{label.why}; coded by language models: {', '.join(models)}")


def language_models(coders: Iterable[str]) -> list[str]:
    """The language models among coders, as their entries name them.

    >>> language_models(["rules.v2", "llm.v1+small:8b", "rules.v2+fr_core-3.8+llm.v1+big@2026+3f2a9c01"])
    ['big@2026', 'small:8b']
    """
    found = set()
    for coder in coders:
        parts = coder.split("+")
        found |= {name for coded_by, name in pairwise(parts) if re.fullmatch(r"llm\.v\d+", coded_by)}
    return sorted(found)


def _models_line(models: Sequence[str], words: Words) -> str:
    return words("A language model took part in the coding: {models}.", models=words.listed(models))


def _of(sentences: Sequence[Sentence], publication: Publication | None) -> Label:
    machine = [s for s in sentences if s.by_machine]
    reviewed = [s for s in machine if s.reviews]
    rows = [review for s in machine for review in s.reviews]
    span = (min(r.seq for r in rows), max(r.seq for r in rows)) if rows else None
    said: dict[str, str]
    why = f"{len(machine)} of {len(sentences)} sentences by machine, {len(reviewed)} of them reviewed"
    if not machine:
        names = sorted({who for s in sentences for who in (s.judge, *(r.who for r in s.reviews)) if who})
        said = {lang: _human(Words(lang), names) for lang in LANGUAGES}
        return Label("human", False, said, why, "", span)
    if publication and publication.exempt and len(reviewed) == len(machine):
        names = sorted({review.who for review in rows})
        said = {lang: _exempt(Words(lang), names, publication) for lang in LANGUAGES}
        return Label(
            "reviewed", False, said, f"{why}; responsible: {publication.responsible}", _basis(exempt=True), span
        )
    said = {lang: _required(Words(lang), len(reviewed), len(machine)) for lang in LANGUAGES}
    return Label("generated", True, said, why, _basis(exempt=False), span)


def _basis(*, exempt: bool) -> str:
    return f"Regulation (EU) 2024/1689, Article 50(4), {'exemption' if exempt else 'label'}"


def _human(words: Words, names: Sequence[str]) -> str:
    return words("Written by people: {names}.", names=words.listed(names))


def _required(words: Words, reviewed: int, machine: int) -> str:
    return words(
        "This text has been artificially generated or manipulated (Article 50(4) of Regulation (EU) 2024/1689); "
        "sentences a person has reviewed: {reviewed} of {machine}.",
        reviewed=words.number(reviewed),
        machine=words.number(machine),
    )


def _exempt(words: Words, names: Sequence[str], publication: Publication) -> str:
    return words(
        "Drafted by machine; every sentence reviewed by {names}; {responsible} holds editorial responsibility, {day} "
        "(Article 50(4) of Regulation (EU) 2024/1689).",
        names=words.listed(names),
        responsible=publication.responsible,
        day=words.day(publication.at.date()),
    )


def made_line(situation: Situation, words: Words) -> str:
    """One line on what a machine and what a person did with the codings behind a text."""
    decided = sum(situation.status.decided.values())
    coders = words.listed(sorted(situation.status.coders))
    if not coders:
        return words("Nothing is coded yet.")
    line = words(
        "Coded by machine ({coder}), written from templates; {checked}.",
        coder=coders,
        checked=words.many("{n} coding checked by a person", "{n} codings checked by a person", decided)
        if decided
        else words("nothing checked by a person yet"),
    )
    models = language_models(situation.status.coders)
    return f"{line} {_models_line(models, words)}" if models else line


def codings_line(situation: Situation, words: Words) -> str:
    """The same beside what is said of the sentences: how many codings a person has checked, in numbers."""
    coders = words.listed(sorted(situation.status.coders))
    if not coders:
        return words("Nothing is coded yet.")
    return words(
        "Coded by machine ({coder}), written from templates; codings a person has checked: {n}.",
        coder=coders,
        n=words.number(sum(situation.status.decided.values())),
    )


def whole(types: Iterable[str]) -> str:
    """Digital source type of a text from those of its sentences.

    >>> whole(["dataDrivenMedia", "composite"]), whole(["algorithmicMedia", "trainedAlgorithmicMedia"])
    ('algorithmicMedia', 'compositeWithTrainedAlgorithmicMedia')
    """
    found = set(types)
    trained = {each for each in found if "rainedAlgorithmicMedia" in each}
    if trained:
        return (
            "trainedAlgorithmicMedia"
            if found == {"trainedAlgorithmicMedia"}
            else "compositeWithTrainedAlgorithmicMedia"
        )
    if found & {"digitalCreation", "humanEdits"}:
        return "digitalCreation" if found == {"digitalCreation"} else "composite"
    return "algorithmicMedia"


def json_ld(brief: Brief) -> dict[str, Any]:
    """A brief as schema.org's AnalysisNewsArticle; what nobody said of it is left out."""
    situation, published = brief.situation, brief.publication
    addresses = sorted({address for cited in brief.footnotes if (address := link_of(cited.document))})
    out: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "AnalysisNewsArticle",
        "headline": brief.title,
        "inLanguage": brief.language,
        "temporalCoverage": f"{situation.index.start.isoformat()}/{situation.day.isoformat()}",
        "creditText": brief.label,
        "digitalSourceType": SCHEMA_TYPES.get(brief.source_type, IPTC + brief.source_type),
        "isBasedOn": addresses,
        "citation": [
            {"@type": "CreativeWork", "name": cited.document.title or cited.outlet, "text": cited.evidence.quote}
            for cited in brief.footnotes
        ],
        "identifier": f"sha256:{brief.text_sha256}",
        "creator": {"@type": "SoftwareApplication", "name": "detente", "softwareVersion": __version__},
    }
    if published:
        out |= {
            "version": published.version,
            "datePublished": write_moment(published.at),
            "editor": {"@type": "Person", "name": published.responsible},
        }
        if corrections := [" ".join(each.told(brief.language).values()) for each in published.corrections]:
            out["correction"] = [{"@type": "CorrectionComment", "text": text} for text in corrections]
    return out


def data_block(value: Any) -> Markup:
    """JSON that can stand in a `<script type="application/ld+json">` or a comment: no text in it can end either."""
    written = json.dumps(value, ensure_ascii=False, sort_keys=True)
    # A backslash-u escape reads as the same text to every JSON reader.
    plain = ACTING.sub(lambda found: json.dumps(found[0])[1:-1], written)
    ending = "[<>&\u2028\u2029]|-(?=-)"
    return Markup(re.sub(ending, lambda found: f"\\u{ord(found[0]):04x}", plain))  # noqa: S704


def without_links(figure: Markup | None) -> Markup | None:
    """A figure for a page that stands alone: the marks stay, the links to pages beside it do not."""
    return Markup(re.sub(r"</?a\b[^>]*>", "", figure)) if figure is not None else None  # noqa: S704 - ours, made less
