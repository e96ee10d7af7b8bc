"""Syntax as a second opinion: what a dependency parser, if one is there, says stands in what relation to a verb.

No parser ships (docs/decisions/0005-parser.md). Whatever parser a user has is read through `Parser`; its labels,
Universal Dependencies or the older English ones of spaCy, become the few relations that parties need.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Relation = Literal[
    "root",
    "subject",
    "passive subject",
    "object",
    "agent",
    "oblique",
    "conjunct",
    "name",
    "modifier",
    "clause",
    "relative",
    "other",
]

_RELATIONS: dict[str, Relation] = {
    "root": "root",
    "nsubj": "subject",
    "csubj": "subject",
    "nsubj:pass": "passive subject",
    "csubj:pass": "passive subject",
    "nsubjpass": "passive subject",
    "csubjpass": "passive subject",
    "obj": "object",
    "dobj": "object",
    "iobj": "object",
    "dative": "object",
    "obl:agent": "agent",
    "obj:agent": "agent",
    "agent": "agent",
    "obl": "oblique",
    "conj": "conjunct",
    "flat": "name",
    "compound": "name",
    "fixed": "name",
    "appos": "name",
    "nmod": "modifier",
    "amod": "modifier",
    "poss": "modifier",
    "det": "modifier",
    "xcomp": "clause",
    "ccomp": "clause",
    "advcl": "clause",
    "acl": "relative",
    "relcl": "relative",
}
_INSIDE_A_NAME = frozenset(("name", "conjunct", "modifier"))


@dataclass(frozen=True, slots=True)
class Node:
    """A word of a parse.

    Attributes:
        start, end: Offsets in the text that was parsed.
        head: Index of the word it depends on; its own where it is a root.
    """

    start: int
    end: int
    word: str
    head: int
    relation: Relation


class Parser(Protocol):
    """Any dependency parser, seen from here.

    Attributes:
        name: With its version, `fr_core_news_lg-3.8.0`; it becomes part of the coder's name.
        languages: Those it reads; texts in others are coded by rules alone.
    """

    @property
    def name(self) -> str: ...

    @property
    def languages(self) -> frozenset[str]: ...

    def parse(self, text: str, language: str) -> Parse:
        """Parse one sentence; the same text always gives the same parse."""
        ...


def relation(label: str) -> Relation:
    """What a parser's label means for parties.

    >>> relation("nsubj:pass"), relation("ROOT"), relation("dobj"), relation("punct")
    ('passive subject', 'root', 'object', 'other')
    """
    lowered = label.lower()
    return _RELATIONS.get(lowered) or _RELATIONS.get(lowered.split(":")[0], "other")


class Parse:
    """One parsed sentence.

    Args:
        words: (start, end, word, index of the head, the parser's label) in text order; a root is its own head.
    """

    def __init__(self, words: Iterable[tuple[int, int, str, int, str]]) -> None:
        raw = list(words)
        self.nodes: list[Node] = []
        for i, (start, end, word, head, label) in enumerate(raw):
            found = relation(label)
            if label == "pobj" and raw[head][4] in ("prep", "agent"):
                # The older English labels hang "Russia" on "by"; Universal Dependencies hang it on the verb.
                found, head = ("agent" if raw[head][4] == "agent" else "oblique"), raw[head][3]
            self.nodes.append(Node(start, end, word, head if found != "root" else i, found))

    def head_of(self, start: int, end: int) -> int | None:
        """The word that the words between two offsets hang by; None where there are none."""
        inside = [i for i, node in enumerate(self.nodes) if node.start < end and start < node.end]
        return next((i for i in inside if self.nodes[i].head == i or self.nodes[i].head not in inside), None)

    def children(self, at: int, *relations: Relation) -> list[int]:
        return [i for i, n in enumerate(self.nodes) if n.head == at != i and n.relation in relations]

    def role(self, at: int) -> tuple[int, Relation]:
        """The word whose argument this one is, and as what: "ministre" in "le ministre russe Lavrov a dit" for both.

        Conjuncts, appositions, parts of names and modifiers stand for the noun they belong to.
        """
        for _ in self.nodes:
            node = self.nodes[at]
            if node.relation not in _INSIDE_A_NAME:
                return node.head, node.relation
            at = node.head
        return at, "other"

    def noun(self, at: int) -> tuple[Sequence[int], Sequence[int]]:
        """The words a name stands for itself (conjuncts, appositions), and those whose phrase it only modifies."""
        itself, phrase = [at], [at]
        modifies = False
        for _ in self.nodes:
            node = self.nodes[phrase[-1]]
            if node.relation not in _INSIDE_A_NAME:
                break
            modifies = modifies or node.relation == "modifier"
            phrase.append(node.head)
            if not modifies:
                itself.append(node.head)
        return itself, phrase

    def subject_of(self, predicate: int) -> tuple[int, Relation] | None:
        """The subject of a verb, found at the verb that governs it where it has none of its own.

        Coordinated verbs share it, an infinitive takes the object of its governor ("urged Kyiv to withdraw") or else
        its subject ("agreed to withdraw"), a participle the noun it belongs to.
        """
        seen = set()
        while predicate not in seen:
            seen.add(predicate)
            own = self.children(predicate, "subject", "passive subject")
            if own:
                pronoun = self.nodes[own[0]].word.lower() in _RELATIVE
                if not (pronoun and self.nodes[predicate].relation == "relative"):
                    return own[0], self.nodes[own[0]].relation
                return self.nodes[predicate].head, self.nodes[own[0]].relation
            node = self.nodes[predicate]
            if node.relation == "conjunct" or node.relation == "clause":
                controlled = self.children(node.head, "object") if node.relation == "clause" else []
                if controlled:
                    return controlled[0], "subject"
                predicate = node.head
            elif node.relation == "relative":
                return node.head, "subject"
            else:
                return None
        return None


_RELATIVE = frozenset(("who", "which", "that", "qui", "который", "которая", "которое", "которые"))
