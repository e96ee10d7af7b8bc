"""What the desk of the brief shows: each sentence with how far it is read, and what stands against publishing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from detente.publish import brief_versions, briefs
from detente.publish.brief_record import Brief, Sentence
from detente.publish.brief_versions import Refusal
from detente.publish.catalogue import Words
from detente.publish.desk import READ_A_SECOND

RULES: Mapping[str, str] = {
    "fallen": "They rest on an entry that no longer stands: take them out.",
    "bare": "They have neither evidence nor a named judge.",
    "unsigned": "They are judgements without the name of who judges.",
    "unversioned": "They hold a number without the version of its data.",
    "other text": "They were reviewed as another text.",
    "unread": "A machine made them, and nobody has reviewed them as they stand.",
    "quote": "Their quote does not stand in its report.",
}
"""What stands against publishing, as `brief_versions.REASONS` names it; that nobody answers for it cannot be here."""
KINDS: Mapping[str, str] = {
    "fact": "fact",
    "number": "number",
    "forecast": "forecast",
    "judgement": "judgement",
    "quote": "quote",
    "translation": "translation",
}
STATES: Mapping[str, str] = {
    "fallen": "rests on an entry that no longer stands",
    "waits": "waits for a review",
    "read": "reviewed",
    "own": "written by a person",
}
DONE: Mapping[str, str] = {
    "accepted": "accepted",
    "edited": "rewritten",
    "dropped": "taken out",
    "written": "written",
}


@dataclass(frozen=True)
class Item:
    """One text of the brief: where two sentences are the same to the letter, they are read once.

    Attributes:
        section: Id of the first section it stands in; `title` for the title, empty for one left out.
        state: A key of `STATES`.
    """

    sentence: Sentence
    section: str
    state: str

    @property
    def sha256(self) -> str:
        return self.sentence.sha256

    @property
    def waits(self) -> bool:
        return self.state in ("fallen", "waits")

    @property
    def needed_seconds(self) -> float:
        """How long reading it takes."""
        return len(str(self.sentence.text)) / READ_A_SECOND


@dataclass(frozen=True)
class Part:
    """A section as the desk lists it."""

    id: str
    heading: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Draft:
    """A draft in one language."""

    brief: Brief
    parts: tuple[Part, ...]
    against: tuple[Refusal, ...]
    unread: tuple[Refusal, ...]

    @property
    def items(self) -> list[Item]:
        """Each text once, in order, what was left out first."""
        return list({item.sha256: item for part in self.parts[::-1] for item in part.items[::-1]}.values())[::-1]

    @property
    def waiting(self) -> list[Item]:
        return [item for item in self.items if item.waits]

    @property
    def machine(self) -> int:
        return sum(s.by_machine for s in self.brief.sentences)

    @property
    def reviewed(self) -> int:
        return sum(s.by_machine and bool(s.reviews) for s in self.brief.sentences)


def draft_of(brief: Brief) -> Draft:
    """How far a draft is read, and what stands against publishing it with the label and under the exemption."""
    words = Words(brief.language)
    parts = [
        Part("", "", tuple(Item(s, "", "fallen") for s in brief.fallen)),
        Part("title", words("Title"), (_item(brief.title_sentence, "title"),)),
        *(
            Part(section.id, section_name(section.id, words), tuple(_item(s, section.id) for s in section.sentences))
            for section in brief.sections
        ),
    ]
    against = brief_versions.refusals(brief, responsible="somebody", exempt=False)
    exempt = brief_versions.refusals(brief, responsible="somebody", exempt=True)
    unread = {each.sha256: each for each in exempt if each.rule == "unread"}
    return Draft(brief, tuple(part for part in parts if part.items), tuple(against), tuple(unread.values()))


def _item(sentence: Sentence, section: str) -> Item:
    if sentence.reviews:
        return Item(sentence, section, "read" if sentence.by_machine else "own")
    return Item(sentence, section, "waits" if sentence.by_machine else "own")


def section_name(section: str, words: Words) -> str:
    """What a section is called where a person chooses one: the second paragraph has no heading of its own."""
    if section == "outlook":
        return words("The answer, second paragraph")
    return words(briefs.HEADINGS[section])


def by_rule(found: Sequence[Refusal]) -> list[tuple[str, list[Refusal]]]:
    """What stands against publishing, rule by rule, each sentence once."""
    rules: dict[str, dict[str, Refusal]] = {}
    for each in found:
        rules.setdefault(each.rule, {}).setdefault(each.sha256, each)
    return [(rule, list(same.values())) for rule, same in rules.items()]
