"""In whose voice an official text is written: of the body that publishes it, of who signs it, or of two states."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from detente.coding.names import Names
from detente.coding.names_lexicon import flat, office_of, person_words, word_list
from detente.coding.passages import Mention
from detente.coding.statements_lexicon import publisher_of
from detente.dossier import Dossier
from detente.languages import grammar, table
from detente.terms import Document, Entity, Participant, Span

_NOWHERE = "(?!)"
_ARTICLE = 4
_NAME = re.compile(r"[\w)] (?P<name>[A-Z][\w'’-]+(?: [A-Z]\.)? [A-Z][\w'’-]+)$")
_SIGNERS = 2
_OPENING = 600
_HEADING = 200
"""Characters of a first line that can be a title."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks where a text on a body's own site names nobody.

    Attributes:
        body: The body whose site carries the text.
        signer: The person whom the title names as its author, or None.
        head: The person who leads the body on that day, or None.
        joint: Whether two governments publish it together.
        several: Whether its signers are of several states, of which one alone is of the pair.
    """

    body: Entity
    signer: Participant | None = None
    head: Participant | None = None
    joint: bool = False
    several: bool = False

    @property
    def side(self) -> str:
        return self.body.stands_for or self.body.side

    def speaker(self, language: str) -> Participant:
        """Who says what the text says of itself: its signer, else the body."""
        return self.signer or Participant(self.body.id, self.body.name_in(language), self.side)


def find_voice(document: Document, dossier: Dossier, names: Names) -> Voice | None:
    """Read the voice from the address and the title of a text; None where no body's site carries it.

    >>> from datetime import UTC, date, datetime
    >>> from detente.dossier import starter
    >>> from detente.terms import Dyad
    >>> case = starter(Dyad("CHL", "USA"), date(2024, 1, 1))
    >>> text = Document("d", "I welcome it.", "en", date(2024, 5, 2), "given", datetime(2024, 5, 2, tzinfo=UTC))
    >>> page = replace(text, url="https://www.state.gov/x", title="Statement by Ambassador Jane Roe on Chile")
    >>> find_voice(page, case, Names(case)).speaker("en").name
    'Jane Roe'
    """
    lists = table(document.language, "reporting")
    body = dossier.registry.entities.get(publisher_of(document.url)) or _titled_body(document, dossier)
    if body is None:
        return None
    joint = re.search(lists.get("joint_title", _NOWHERE), document.title) is not None
    voice = Voice(body, head=_head(body, document, dossier), joint=joint)
    heading = document.title or document.text.lstrip()[:_HEADING].split("\n")[0]
    signed = re.match(lists.get("signed_title", _NOWHERE), heading)
    if joint:
        return _signed_together(voice, heading, document, dossier, names)
    if signed is None:
        return voice
    title = replace(document, text=heading, boilerplate=())
    span = Span(signed.start("who"), signed.end("who"))
    people = [m for m in names.find(title, [Span(0, len(title.text))]) if m.kind == "person" and span.covers(m.span)]
    if not people:
        name = _closing_name(signed.group("who"), document.language)
        return replace(voice, signer=Participant("", name, voice.side)) if name else voice
    if len(people) != 1:
        return voice
    who = people[0]
    signer = Participant(who.entity.id if who.entity else "", who.name, who.side or voice.side, who.role)
    return replace(voice, signer=signer)


def _titled_body(document: Document, dossier: Dossier) -> Entity | None:
    """The readers' own foreign ministry, whose notice came without its address: «О встрече министра с послом …»."""
    home = table(document.language, "names").get("home", "")
    title = table(document.language, "reporting").get("office_title", _NOWHERE)
    if document.url or home not in dossier.dyad.sides or re.match(title, document.title) is None:
        return None
    return dossier.registry.entities.get(f"mfa-{home.lower()}")


def _closing_name(who: str, language: str) -> str:
    """The name that closes a title which the names search does not read.

    >>> _closing_name("Deputy National Security Advisor for International Economics Daleep Singh", "en")
    'Daleep Singh'
    >>> _closing_name("Press Secretary", "en"), _closing_name("the Deputy Press Secretary", "en")
    ('', '')
    """
    match = _NAME.search(who)
    words = person_words(language)
    if match is None or grammar(language).traits.inflected:
        return ""
    parts = [flat(word) for word in match.group("name").split()]
    titles = words.modifiers | {word for head in table(language, "roles")["heads"]["m"] for word in head.split()}
    return "" if titles.intersection(parts) else match.group("name")


def _signed_together(voice: Voice, heading: str, document: Document, dossier: Dossier, names: Names) -> Voice:
    """A joint text whose title or "We, …" names who signs, of whom only one is of the pair: they speak for its side."""
    lists = table(document.language, "reporting")
    opening = document.text.lstrip()[:_OPENING]
    for text, match in (
        (heading, re.search(lists.get("joint_signers", _NOWHERE), heading)),
        (opening, re.match(lists.get("joint_we", _NOWHERE), opening)),
    ):
        if match is None:
            continue
        span = Span(match.start("who"), match.end("who"))
        found = names.find(replace(document, text=text, boilerplate=()), [Span(0, len(text))])
        named = [m for m in found if span.covers(m.span)]
        sides = {side for m in named for side in m.side.split("+") if side}
        if len({m.name for m in named}) < _SIGNERS or sides.intersection(dossier.dyad.sides) != {voice.side}:
            continue
        together = Participant("", " ".join(match.group("who").split()), voice.side)
        return replace(voice, signer=together, joint=False, several=True)
    return voice


def _head(body: Entity, document: Document, dossier: Dossier) -> Participant | None:
    office = word_list("reporting")["head"].get(body.id, "")
    side = body.stands_for or body.side
    holders = dossier.registry.holders(office, side, document.published) if office and document.published else ()
    if len(holders) != 1:
        return None
    held = holders[0].role_on(document.published)
    role = held.title_in(document.language) if held else ""
    return Participant(holders[0].id, holders[0].name_in(document.language), side, role)


def signed_by_head(voice: Voice, ours: Sequence[Mention]) -> Voice:
    """The voice of a text that says "I" and that nobody signs: an order or a message of who leads the body."""
    said = voice.head is not None and any(m.entity is not None and m.entity.id == voice.head.entity for m in ours)
    return replace(voice, signer=voice.head) if said and voice.signer is None else voice


def own_head(mention: Mention, voice: Voice, language: str, dossier: Dossier) -> Mention:
    """ "The President" on the White House's site is its own, whichever president was named last."""
    office = word_list("reporting")["head"].get(voice.body.id, "")
    bare = mention.kind == "role" and mention.text.istitle() and " " not in mention.text and mention.whole is not None
    if voice.head is None or not bare or mention.whole is None or len(mention.whole) > len(mention.text) + _ARTICLE:
        return mention
    if office_of(mention.text, language) != office or mention.side == voice.side:
        return mention
    entity = dossier.registry.entities.get(voice.head.entity)
    return replace(mention, entity=entity, name=voice.head.name, side=voice.head.side, role=voice.head.role)


def first_person(
    document: Document,
    voice: Voice,
    sentences: Sequence[Span],
    quotes: Sequence[Span],
    dossier: Dossier,
) -> Iterator[Mention]:
    """ "I" and "we" of an official text, outside quotation marks: its signer, else the body or who leads it."""
    pattern = table(document.language, "reporting").get("first_person")
    if pattern is None or voice.joint:
        return
    starts = [span.start for span in sentences]
    found = list(re.finditer(pattern, document.text))
    by_head = voice.head is not None and any(match.lastgroup == "single" for match in found)
    for match in found:
        i = bisect_right(starts, match.start()) - 1
        if i < 0 or match.end() > sentences[i].end or any(q.start <= match.start() < q.end for q in quotes):
            continue
        single = match.lastgroup == "single"
        who = voice.signer or (voice.head if single or by_head else voice.speaker(document.language))
        if who is None:
            continue
        yield Mention(
            span=Span(match.start(), match.end()),
            text=match.group(),
            kind="pronoun",
            entity=dossier.registry.entities.get(who.entity),
            name=who.name,
            side=who.side,
            role=who.role,
        )
