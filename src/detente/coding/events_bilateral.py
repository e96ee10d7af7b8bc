"""What a text about two states leaves unsaid: a deed of one, with no other state beside it, is done to the other.

"Biden urged restraint" in the readout of his call with Putin, "Seoul summoned the ambassador" in a report on Tokyo and
Seoul: the recipient stands in the title or the sentence before.
"""

from __future__ import annotations

from collections.abc import Set

from detente.coding.events_lexicon import beside, spans
from detente.coding.events_parties import Named, Parties, is_third
from detente.coding.events_sentence import Sentence
from detente.coding.events_triggers import Trigger
from detente.coding.names_lexicon import office_of
from detente.languages import grammar
from detente.terms import Participant


def between_two(
    trigger: Trigger,
    found: Parties,
    actors: tuple[Participant, ...],
    recipients: tuple[Participant, ...],
    dyad: Set[str],
    sentence: Sentence,
    language: str,
) -> tuple[tuple[Participant, ...], tuple[Participant, ...]]:
    """Leave out third states that only stand in the complement of a deed between the two.

    "urged Russia to de-escalate tensions with Ukraine", "fired at bases in Iraq that house Americans": the one
    addressed stands before the others.
    """
    if trigger.rule.frame != "directed" or not dyad <= {p.side for p in (*actors, *recipients)}:
        return actors, recipients
    if not {p.side for p in actors} <= dyad:
        return actors, recipients
    order = sorted(found.recipients, key=lambda n: n.first)
    addressed = next((n for n in order if n.side in dyad), None)
    if addressed is None:
        return actors, recipients
    at = order.index(addressed)
    last = at
    while last + 1 < len(order) and _listed(order[last], order[last + 1], sentence, language):
        last += 1
    kept = {n.side for n in order[at : last + 1]} | dyad
    return actors, tuple(p for p in recipients if p.side in kept)


def _listed(one: Named, other: Named, sentence: Sentence, language: str) -> bool:
    """ "à la Chine et à l'Iran": named side by side."""
    joined = grammar(language).words("and").intersection(t.word for t in sentence.words[one.last + 1 : other.first])
    return one.link == other.link and other.first - one.last <= (_LISTED if joined else _LISTED - 1)


_LISTED = 4
"""Words from one of those addressed to the next; without "and" between them one less."""


def unnamed_official(trigger: Trigger, sentence: Sentence, language: str) -> bool:
    """Is the subject an official whose state is not named, or "we": "The Secretary met with Polish officials"?

    A government's own page names its president, its secretary and itself without their country.
    """
    verb = min(trigger.verb.first, trigger.head.first)
    clause = sentence.numbers[verb]
    before = [i for i in range(verb) if sentence.numbers[i] == clause]
    if not before or trigger.verb.passive or trigger.verb.tense == "nominal":
        return False
    subjects = [n for n in sentence.named if n.first in before]
    if any(n.side for n in subjects):
        return False
    if any(n.link == "" and n.mention.kind in ("person", "role") for n in subjects):
        return True
    words = [sentence.words[i].word for i in before][:_SUBJECT]
    if said_of_us(trigger, sentence, language) or office_of(" ".join(words), language):
        return True
    return not beside("official", language).isdisjoint(words)


def said_of_us(trigger: Trigger, sentence: Sentence, language: str) -> bool:
    """Is the subject "we", the body whose text it is? In a quotation "we" is the speaker, whoever that is."""
    verb = min(trigger.verb.first, trigger.head.first)
    clause = sentence.numbers[verb]
    before = [i for i in range(verb) if sentence.numbers[i] == clause][-_SUBJECT:]
    at = sentence.words[verb].start
    if any(q.start <= at < q.end for q in sentence.passage.quoted):
        return False
    return not beside("we", language).isdisjoint(sentence.words[i].word for i in before)


_SUBJECT = 6
"""Words of a clause among which an office or "we" is its subject."""

_SPEAKS_FOR_A_STATE = ("person", "role", "institution", "pronoun")
_BESIDE = 6


def toward_the_other(
    trigger: Trigger,
    found: Parties,
    actors: tuple[Participant, ...],
    recipients: tuple[Participant, ...],
    sentence: Sentence,
    dyad: Set[str],
    language: str,
) -> str:
    """The side understood where only one of the two is named; empty where a third state may be meant."""
    sides = {p.side for p in (*actors, *recipients) if p.side}
    if len(sides) != 1 or not sides <= dyad or trigger.weak or (trigger.verb.bare and not trigger.aside):
        return ""
    if trigger.rule.type == "SUPPORT":
        return _greeted(trigger, found, sentence, next(iter(dyad - sides)), dyad, language)
    if trigger.rule.to_anybody or blames_outsiders(trigger, sentence):
        return ""  # promises may be made to anybody, and help given to anybody
    official = unnamed_official(trigger, sentence, language)
    if (
        trigger.rule.type == "CONSULT"
        and not official
        and not any(n.mention.kind in _SPEAKS_FOR_A_STATE for n in (*found.actors, *found.recipients))
    ):
        return ""  # a flight lands, an army is received
    # «Трудовая партия пеняет Сеулу»: case tells that Seoul is whom it is done to, so somebody else does it.
    object_known = grammar(language).traits.free_order and any(n.link == "" for n in found.recipients)
    if trigger.rule.frame == "directed" and not (actors or trigger.verb.passive or official) and not object_known:
        return ""
    if at_home(trigger, sentence):
        return ""
    clause = sentence.numbers[trigger.head.first]
    if trigger.rule.type == "ACCUSE" and any(
        0 < n.first - trigger.head.last <= _BESIDE and n.side in sides and n.mention.kind in _SPEAKS_FOR_A_STATE
        for n in sentence.named
    ):
        return ""  # "the opposition accuses the prime minister": its own
    other = next(iter(dyad - sides))
    for name in sentence.named:
        beside = 0 < name.first - trigger.head.last <= _BESIDE and name.link in ("on", "in", "against")
        if name.side == other and trigger.rule.talk and beside:
            return ""  # "condemned the attempt on Trump": named, and not as the one addressed
        if not is_third(name, dyad):
            continue
        if sentence.numbers[name.first] == clause and name.who and not name.modifier and name.link not in ("in", "on"):
            return ""
    return other


def _greeted(trigger: Trigger, found: Parties, sentence: Sentence, other: str, dyad: Set[str], language: str) -> str:
    """The other of two, where praise or greetings go to its people or its leaders; such words may be for anybody.

    "congratulated the Crown Prince and the people of the Kingdom", "sent greetings to veterans living in Israel".
    """
    clause = sentence.numbers[trigger.head.first]
    after = [n for n in sentence.named if n.first > trigger.head.first and sentence.numbers[n.first] == clause]
    near = [n for n in after if n.side and n.first - trigger.head.last <= _GREETED]
    if not any(n.mention.kind in _SPEAKS_FOR_A_STATE for n in found.actors) or any(n.side not in dyad for n in near):
        return ""
    if any(n.side == other and n.venue and sentence.numbers[n.first] <= clause for n in sentence.named):
        return other
    if any(t.word in beside("condolence", language) for t in sentence.words[trigger.first : trigger.last + 2]):
        return other
    words = {t.word for t in sentence.words[trigger.last + 1 : trigger.last + 1 + _BESIDE]}
    return other if beside("greeted", language).intersection(words) else ""


_GREETED = 10
"""Words from praise to where those are whom it is for."""
_AT_HOME = 6
"""Words between an act and what shows that it is done at home."""


def at_home(trigger: Trigger, sentence: Sentence) -> bool:
    """ "visited a factory", "met students", "sat down with his cabinet": no other state is meant."""
    if trigger.rule.family in ("coerce", "release"):
        return False  # students and workers may be those held
    clause = sentence.numbers[trigger.head.first]
    near = range(trigger.first + 1, trigger.last + _AT_HOME + 1)
    return any(first in near and sentence.numbers[first] == clause for first, _ in spans(sentence.small, "home"))


def blames_outsiders(trigger: Trigger, sentence: Sentence) -> bool:
    """ "accused outside forces of", "Outside forces, he complained, disrupt the talks": not the other of the two."""
    return trigger.rule.type in ("ACCUSE", "THREATEN") and bool(spans(sentence.small, "outsiders"))


_PEOPLE = frozenset(("prisoners", "diplomats", "agents"))
_DOERS = frozenset(("agents", "diplomats", "troops", "weapons"))
_ANTECEDENT = 3
"""Words between a noun and the relative clause about it."""

_OBJECT = 10
"""Words between a verb and its object."""


def misses_object(trigger: Trigger, sentence: Sentence, *, free_order: bool) -> bool:
    """Does a verb with everyday senses stand without an object that makes it a deed between states?

    Asked where the other side is not named: the object is then all that tells "seized a ship" from "seized a chance".
    """
    wanted = trigger.rule.objects
    if not wanted or trigger.head.kind != "verb":
        return False
    head, numbers = trigger.head, sentence.numbers
    opening = numbers.index(numbers[head.first])
    relative = opening in trigger.relatives or opening + 1 in trigger.relatives  # «объекты, которые арестовали»
    both = free_order or relative or trigger.verb.passive or trigger.verb.bare or head.reflexive
    low = head.first - (2 * _OBJECT if both else 0)
    high = head.last + _OBJECT

    def near(first: int, last: int) -> bool:
        if not low <= first <= high:
            return False
        if first > head.last:
            return trigger.rule.objects_apart or numbers[first] == numbers[head.first]
        if relative and numbers[first] != numbers[head.first]:
            return opening - _ANTECEDENT <= last < opening
        return both and last < head.first and numbers[first] == numbers[head.first]

    done_to = wanted if trigger.verb.passive or trigger.verb.bare else wanted - _DOERS
    for hit in sentence.hits:
        # Where the order of words is free, those who act may stand before their verb as its subject.
        fitting = wanted if hit.first > head.last else done_to
        nominal = hit.kind in ("thing", "noun") or trigger.rule.objects_apart
        if nominal and hit.name in fitting and near(hit.first, hit.last):
            return False
    if trigger.rule.objects_apart and any(first == head.last + 1 for first, _ in spans(sentence.small, "against")):
        return False  # "objects to the courses", «возражает против курсов»
    if any(h.first >= head.first and h.last <= head.last and h.name in wanted for h in sentence.hits):
        return False
    if wanted.isdisjoint(_PEOPLE):
        return True
    following = sentence.words[head.last + 1].word if head.last + 1 < len(sentence.words) else ""
    people = any(
        n.link != "by" and n.mention.kind in ("person", "people", "role") and near(n.first, n.last)
        for n in sentence.named
    )
    return not (people or following.isdigit())
