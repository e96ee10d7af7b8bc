"""The record of a brief: every sentence with what it rests on, who or what wrote it, and who has read exactly that."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal

from detente import __version__
from detente.errors import PublishError
from detente.ledger import canonical, write_moment
from detente.publish import disclosure
from detente.publish.brief_log import Correction, Model, Review, text_hash
from detente.publish.catalogue import Words
from detente.publish.citing import Cited
from detente.publish.disclosure import IPTC, Label
from detente.publish.notebook import Shown, ShowsItself, shown
from detente.publish.situation import Situation
from detente.publish.text import Text

Kind = Literal["fact", "number", "forecast", "judgement", "quote", "translation"]
Origin = Literal["human", "template", "model"]
TEMPLATE_TYPES: Mapping[Kind, str] = {
    "fact": "algorithmicMedia",
    "number": "dataDrivenMedia",
    "forecast": "dataDrivenMedia",
    "judgement": "algorithmicMedia",
    "quote": "composite",
    "translation": "algorithmicMedia",
}
"""IPTC digital source type of a sentence that a template wrote: a quote in it is a person's, its frame is not."""
_QUOTED = re.compile(r"«[^»]*»|“[^”]*”")


@dataclass(frozen=True)
class Data:
    """What a number rests on where that is no single quote.

    Attributes:
        name: The data and the version of them, for the record.
        page: Page of the site that shows them, in the reader's language.
        file: Download that holds them, from the top of the site.
    """

    name: str
    page: str = ""
    file: str = ""


@dataclass(frozen=True)
class Sentence:
    """One sentence with what it rests on.

    Attributes:
        evidence: Quotes behind it.
        data: Data behind a number.
        points: A list that belongs to the sentence.
        judge: Who judges so, where it is a person's judgement and no fact.
        model: The model that drafted it, where one did.
        data_version: State of the ledger its numbers come from.
        reviews: Acts of people on exactly this text.
        before_sha256: Hash of the text a person changed; empty where nobody did.
    """

    text: Text
    kind: Kind
    evidence: tuple[Cited, ...] = ()
    data: Data | None = None
    points: tuple[Cited, ...] = ()
    origin: Origin = "template"
    judge: str = ""
    model: Model | None = None
    data_version: str = ""
    reviews: tuple[Review, ...] = ()
    before_sha256: str = ""

    @cached_property
    def sha256(self) -> str:
        return text_hash(str(self.text))

    def told(self, words: Words) -> Text:
        """The text as a reader gets it: a judgement with whose it is, a model's draft with the model's name."""
        if self.judge:
            return self.text + " " + words("(judgement by {name})", name=self.judge)
        if self.model:
            return self.text + " " + words("(drafted by {name})", name=self.model.called)
        return self.text

    @property
    def by_machine(self) -> bool:
        """Whether a machine had a hand in the text; a sentence that a person changed stays one."""
        return self.origin != "human"

    @property
    def counts(self) -> bool:
        """Whether it holds a number in its own words."""
        return self.kind in ("number", "forecast") or bool(re.search(r"\d", _QUOTED.sub("", str(self.text))))

    @property
    def source_type(self) -> str:
        """IPTC digital source type, its last part."""
        if self.origin == "human":
            return "digitalCreation"
        if self.origin == "model":
            return "compositeWithTrainedAlgorithmicMedia" if self.before_sha256 else "trainedAlgorithmicMedia"
        return "humanEdits" if self.before_sha256 else TEMPLATE_TYPES[self.kind]


@dataclass(frozen=True)
class Section:
    """A part of the brief; one in prose is read as a paragraph, others as a list."""

    id: str
    heading: str
    sentences: tuple[Sentence, ...]
    prose: bool = False


@dataclass(frozen=True)
class Publication:
    """Under whose name and number a brief goes out.

    Attributes:
        exempt: Whether the exemption of Article 50(4) is claimed.
        corrections: Of this version and those before it.
    """

    version: int
    supersedes: int
    responsible: str
    at: datetime
    exempt: bool = False
    corrections: tuple[Correction, ...] = ()


@dataclass
class Brief(ShowsItself):
    """A brief in one language.

    Attributes:
        publication: None for a draft, which nobody answers for.
        dropped: Sentences that people took out.
        fallen: Sentences of people, left out because an entry they rest on no longer stands; while there are any,
            nothing is published.
        index_checked: Joint index if every event that nobody has checked were left out; None where there is none.
        footnotes: Each quote cited, once, in order of first citation.
        data: Each piece of data cited, once.
    """

    situation: Situation
    language: str
    title_sentence: Sentence
    sections: tuple[Section, ...]
    publication: Publication | None = None
    dropped: int = 0
    fallen: tuple[Sentence, ...] = ()
    index_checked: float | None = None
    footnotes: list[Cited] = field(default_factory=list)
    data: list[Data] = field(default_factory=list)

    def __post_init__(self) -> None:
        for section in self.sections:
            for sentence in section.sentences:
                if not sentence.evidence and not sentence.data and not sentence.judge:
                    raise PublishError(
                        f"brief {section.id}: {str(sentence.text)[:60]!r} has neither quote nor data behind it. "
                        "Give the sentence its evidence or the name of who judges so, or leave it out."
                    )
                for cited in (*sentence.evidence, *sentence.points):
                    self.number(cited)
                if sentence.data:
                    self.letter(sentence.data)
        # Last, so that notes are counted from the text on: the title rests on what its first sentence does, unless a
        # person took that out.
        self.refs(self.title_sentence)

    @property
    def title(self) -> str:
        return str(self.title_sentence.text)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The title, then every sentence in order."""
        return (self.title_sentence, *(s for section in self.sections for s in section.sentences))

    @cached_property
    def disclosed(self) -> Label:
        """What must be said of how the text was made, derived from its sentences and the log."""
        return disclosure.of(self.sentences, self.publication, self.situation.status.coders)

    @property
    def label(self) -> str:
        """The disclosure, and what machine and people did with the codings behind it."""
        words = Words(self.language)
        return f"{self.disclosed.sentences[self.language]} {disclosure.codings_line(self.situation, words)}"

    @property
    def draft_line(self) -> str:
        """Version and day, or that it is a draft."""
        words = Words(self.language)
        if self.publication is None:
            return words("Draft of {day}; not published.", day=words.day(self.situation.day))
        return words(
            "Version {n} of {day}; {name} answers for it.",
            n=words.number(self.publication.version),
            day=words.day(self.publication.at.date()),
            name=self.publication.responsible,
        )

    @property
    def text_sha256(self) -> str:
        """Hash of title and sentences, in order: the same text has the same hash, whoever publishes it."""
        return text_hash(canonical([self.language, *(str(s.text) for s in self.sentences)]))

    @property
    def source_type(self) -> str:
        """IPTC digital source type of the whole, its last part."""
        return disclosure.whole([s.source_type for s in self.sentences])

    def number(self, cited: Cited) -> int:
        """Number of the footnote of a quote, from 1."""
        for position, known in enumerate(self.footnotes, start=1):
            if known.evidence == cited.evidence:
                return position
        self.footnotes.append(cited)
        return len(self.footnotes)

    def letter(self, data: Data) -> str:
        """Letter of the note on some data: a ... z, then aa, ab ..."""
        if data not in self.data:
            self.data.append(data)
        position, letters = self.data.index(data), ""
        while position >= 0:
            letters = chr(ord("a") + position % 26) + letters
            position = position // 26 - 1
        return letters

    def refs(self, sentence: Sentence) -> list[str]:
        """Names of the notes of a sentence, in order."""
        numbers = [str(self.number(cited)) for cited in sentence.evidence]
        return [*numbers, self.letter(sentence.data)] if sentence.data else numbers

    def as_json(self) -> dict[str, Any]:
        """The whole record, for machines."""
        situation, index = self.situation, self.situation.index
        return {
            "id": f"{situation.dossier.name}-brief",
            "version": self.publication.version if self.publication else None,
            "supersedes": (self.publication.supersedes or None) if self.publication else None,
            "responsible_person": self.publication.responsible if self.publication else None,
            "approved_at": write_moment(self.publication.at) if self.publication else None,
            "title": self.title,
            "language": self.language,
            "day": situation.day.isoformat(),
            "as_of": situation.as_of.isoformat() if isinstance(situation.as_of, date) else None,
            "data_version": situation.data_version,
            "code_version": __version__,
            "text_sha256": self.text_sha256,
            "digital_source_type": IPTC + self.source_type,
            "label": {"line": self.label, **self.disclosed.as_json()},
            "counts": self._counts(),
            "index": index.series[str(situation.dossier.dyad)].last.value,
            "index_if_unreviewed_dropped": self.index_checked,
            "forecasts": [
                {
                    "milestone": row.milestone.id,
                    "p": row.forecast.probability,
                    "lo": row.forecast.interval[0],
                    "hi": row.forecast.interval[1],
                    "model_id": row.forecast.method,
                }
                for row in situation.milestones
                if not row.settled
            ],
            "corrections": [
                {"version": each.version, "text": dict(each.text)}
                for each in (self.publication.corrections if self.publication else ())
            ],
            "sections": [
                {
                    "id": section.id,
                    "heading": section.heading,
                    "sentences": [
                        self._sentence_json(f"{section.id}.{position}", s)
                        for position, s in enumerate(section.sentences, start=1)
                    ],
                }
                for section in (Section("title", "", (self.title_sentence,)), *self.sections)
            ],
            "footnotes": [cited.as_json() for cited in self.footnotes],
        }

    def _sentence_json(self, name: str, s: Sentence) -> dict[str, Any]:
        return {
            "id": name,
            "lang": self.language,
            "text": str(s.text),
            "sha256": s.sha256,
            "kind": s.kind,
            "origin": s.origin,
            "judge": s.judge or None,
            "model": s.model.as_json() if s.model else None,
            "digital_source_type": IPTC + s.source_type,
            "data": s.data.name if s.data else None,
            "data_version": s.data_version or None,
            "evidence": [self.number(c) for c in s.evidence],
            "points": [self.number(c) for c in s.points],
            "human": [review.as_json() for review in s.reviews],
            "before_sha256": s.before_sha256 or None,
        }

    def _counts(self) -> dict[str, Any]:
        rows = self.situation.rows
        checked = sum(bool(row.occurrence.decided) for row in rows)
        return {
            "sentences": dict(sorted(Counter(s.origin for s in self.sentences).items())),
            "sentences_by_machine": sum(s.by_machine for s in self.sentences),
            "sentences_by_machine_reviewed": sum(s.by_machine and bool(s.reviews) for s in self.sentences),
            "sentences_dropped": self.dropped,
            "sentences_fallen": len(self.fallen),
            "events": {"checked": checked, "unchecked": len(rows) - checked},
            "reports": dict(self.situation.sources_by_language),
        }

    def shown(self, language: str = "") -> Shown:
        """The sentences with label and sources, as a notebook shows them: in the brief's own language.

        Raises:
            PublishError: Another language is asked for.
        """
        if language not in ("", self.language):
            raise PublishError(f"this brief is in {self.language}, not {language}. Ask briefs.of for another.")
        words = Words(self.language)
        said = []
        for section in self.sections:
            said += [f"— {section.heading}"] if section.heading else []
            for s in section.sentences:
                marks = ", ".join(self.refs(s))
                said.append(f"{s.told(words)}{f' [{marks}]' if marks else ''}")
        sources = [
            f"[{n}] {words.quoted(c.evidence.quote)} ({c.outlet}; {c.done(words)})"
            for n, c in enumerate(self.footnotes, start=1)
        ]
        sources += [f"[{self.letter(data)}] {data.name}" for data in self.data]
        return shown(
            self.language,
            title=self.title,
            sentences=[self.label, *said],
            foot=sources,
            source_type=IPTC + self.source_type,
        )

    def as_markdown(self) -> str:
        from detente.publish.brief_markdown import markdown

        return markdown(self)

    def as_html(self) -> str:
        from detente.publish.citing import link_of
        from detente.publish.hero import chart
        from detente.publish.pages import render

        words = Words(self.language)
        hero = disclosure.without_links(chart(self.situation, words))
        return render("brief.html", self.language, brief=self, at=None, where=None, link_of=link_of, hero=hero)

    def as_docx(self) -> bytes:
        from detente.publish.brief_docx import docx

        return docx(self)

    def as_pdf(self) -> bytes:
        from detente.publish.brief_pdf import pdf

        return pdf(self)

    @property
    def meta(self) -> str:
        """Content of `<meta name="ai-disclosure">`."""
        return self.disclosed.meta

    @property
    def json_ld(self) -> dict[str, Any]:
        """The brief as schema.org's AnalysisNewsArticle."""
        return disclosure.json_ld(self)
