"""Who takes part: states and the people who speak for them, around one trigger.

Every name in the sentence gets a link from the little words before it ("with", "à", "между") and is then taken in as
actor or recipient, or left out as a venue, host or topic.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence, Set
from dataclasses import dataclass, replace

from detente.coding.events_lexicon import Hit, Lexicon, Token, beside, spans
from detente.coding.events_triggers import Trigger
from detente.coding.names_titles import accusative, name_cases, russian_cases
from detente.coding.passages import Mention
from detente.languages import grammar
from detente.registry import Registry
from detente.terms import Document, Participant

_PREPOSITIONS = ("with", "between", "against", "by", "from", "of", "on", "to", "in")
_PUNCTUATION = frozenset(',;:()—–«»"“”.!?')
_AND = frozenset(("&", "-", "–"))
"""Signs that join two names like the word for "and" does."""


@dataclass(frozen=True, slots=True)
class Named:
    """A mention with its place in the token list and its link.

    Attributes:
        link: Class of the preposition that governs it, empty for a bare subject or object.
        venue: It says where, not who.
        host: It lends its house or good offices.
        modifier: An adjective on a noun that cannot act ("the *Russian* economy").
    """

    mention: Mention
    first: int
    last: int
    side: str
    link: str
    venue: bool = False
    host: bool = False
    modifier: bool = False

    @property
    def who(self) -> bool:
        return not self.venue and not self.host


def sides_of(mention: Mention, registry: Registry) -> tuple[str, ...]:
    """States a mention acts for: its own side ("the two sides": both), or the state its name stands for."""
    if mention.side:
        return tuple(mention.side.split("+"))
    entity = mention.entity
    if entity is None:
        return ("",)
    if entity.kind == "state":
        return (entity.id,)
    return (entity.side or entity.stands_for or registry.city_country(entity.id),)


def link_names(
    mentions: Sequence[Mention],
    words: Sequence[Token],
    small: Sequence[tuple[str, int, int]],
    hits: Sequence[Hit],
    lexicon: Lexicon,
    registry: Registry,
    dated: Container[int] = (),
) -> list[Named]:
    """Give every mention its link, skipping those inside another's title ("Lavrov, *Russian* foreign minister")."""
    by_end: dict[int, list[tuple[str, int]]] = {}
    for name, first, last in small:
        by_end.setdefault(last, []).append((name, first))
    hosts = [(first, last) for name, first, last in small if name == "host" and first not in dated]
    venues = {first for name, first, _ in small if name == "venue"}
    verbs = {hit.first for hit in hits if hit.kind == "verb"}
    taken: set[int] = {i for i in range(len(words)) if i in dated}
    placed: list[tuple[Mention, int, int]] = []
    for mention in mentions:
        inside = any(
            other is not mention
            and other.whole is not None
            and other.kind in ("person", "institution", "role")
            and other.whole.covers(mention.span)
            and not other.span.covers(mention.span)
            for other in mentions
        )
        if inside:
            continue
        start = mention.whole.start if mention.whole and mention.kind == "person" else mention.span.start
        start = min(start, mention.span.start)
        opens = next((i for i, t in enumerate(words) if t.end > start), None)
        closes = next((i for i, t in enumerate(words) if t.end >= mention.span.end), None)
        if opens is None or closes is None:
            continue
        first, last = opens, closes
        placed.append((mention, first, last))
        taken |= set(range(first, last + 1))
    found: list[Named] = []
    joins = _AND | lexicon.grammar.words("and")
    dash = next((i for i, t in enumerate(words[:12]) if t.word in ("—", "–", "-")), 0)
    for mention, first, last in placed:
        link, venue = _link(mention, first, words, by_end, venues, verbs, taken, hits, lexicon)
        dateline = False
        if last < dash and mention.kind in ("city", "state"):
            # A dateline ("MOSCOW, Dec 3 —") says where it was written.
            dateline = mention.text.isupper() or any(i in dated for i in range(last, dash))
        previous = found[-1] if found else None
        ended = max(previous.last, _whole_end(previous.mention, words)) if previous is not None else 0
        if previous is not None and link == "" and 0 < first - ended <= 3:
            between = [t.word for t in words[ended + 1 : first]]
            if between and between[-1] in lexicon.words["between_words"]:
                between = between[:-1]
            listed = any(word in joins for word in between)
            city = previous.mention.kind == "city" and mention.kind == "state" and between == [","]
            city = city and previous.side in (*sides_of(mention, registry), "")
            goes_on = any(t.word in joins for t in words[last + 1 : last + 6])
            beside = goes_on and previous.mention.kind == mention.kind != "people" and previous.link != "in"
            if between and all(word in joins or word == "," for word in between) and (listed or beside or city):
                link, venue = previous.link, previous.venue
        if mention.kind == "people" and link in ("in", "to") and _before_city(last, placed):
            venue = True  # «в грузинском Батуми»
        if mention.kind == "city" and found and found[-1].last + 1 == first and found[-1].mention.kind == "people":
            link, venue = found[-1].link or link, found[-1].venue or venue
        lends = words[last].word.rpartition("-")[2] in lexicon.words["lends"]  # "the EU-brokered dialogue"
        host = dateline or lends or any(0 < first - end <= 4 or begin <= first <= end for begin, end in hosts)
        if mention.kind == "people" and _named_by_place(mention, first, last, hits, found, registry):
            venue = True
        modifier = mention.kind == "people" and _modifies(mention, first, last, words, hits, lexicon.language)
        for side in sides_of(mention, registry):
            found.append(Named(mention, first, last, side, link, venue, host, modifier))
    for i in range(len(found) - 2, -1, -1):
        # "Russian and American officials": the noun stands once.
        here, following = found[i], found[i + 1]
        joined = following.first - here.last == 2 and words[here.last + 1].word in joins
        if here.modifier and joined and not following.modifier and following.mention.kind in _WITH_NOUN:
            found[i] = replace(here, modifier=False)
    return found


def _whole_end(mention: Mention, words: Sequence[Token]) -> int:
    """Last token of a role with what belongs to it ("le président *turc*")."""
    if mention.whole is None or mention.kind != "role":
        return -1
    return next((i for i, t in enumerate(words) if t.end >= mention.whole.end), -1)


def _before_city(last: int, placed: Sequence[tuple[Mention, int, int]]) -> bool:
    return any(mention.kind == "city" and first == last + 1 for mention, first, _ in placed)


def _named_by_place(
    mention: Mention, first: int, last: int, hits: Sequence[Hit], found: Sequence[Named], registry: Registry
) -> bool:
    """ "le rendez-vous hongrois", after "à Budapest": the meeting by where it was to be, and no party of it."""
    meeting = any(
        h.kind == "thing" and h.name in ("talks", "visit") and first - 1 <= h.last + 1 <= last + 1 for h in hits
    )
    beside = any(h.name in ("talks", "visit") and (h.last + 1 == first or h.first - 1 == last) for h in hits)
    places = {n.side for n in found if n.mention.kind == "city" and n.link in ("in", "to") and n.side}
    return meeting and beside and places.issuperset(sides_of(mention, registry))


def _link(
    mention: Mention,
    first: int,
    words: Sequence[Token],
    by_end: dict[int, list[tuple[str, int]]],
    venues: set[int],
    verbs: set[int],
    taken: set[int],
    hits: Sequence[Hit],
    lexicon: Lexicon,
) -> tuple[str, bool]:
    link, steps, i, venue = "", 0, first - 1, False
    noun_between = False
    while i >= 0 and steps < 5:
        word = words[i].word
        classes = {name for name, _ in by_end.get(i, ())}
        found = next((name for name in _PREPOSITIONS if name in classes), "")
        if word in _PUNCTUATION or i in taken or (word in lexicon.words["clause"] and not found):
            break
        if word in lexicon.grammar.words("governed_alone"):
            break  # «винит в этом Киев»
        if found == "of" and i not in verbs:
            link = link or "of"
            noun_between = True
            i, steps = i - 1, steps + 1
            continue
        if found == "on" and any(h.kind == "verb" and h.first < i == h.last for h in hits):
            break  # "called on the Chilean government": a part of the verb
        if found:
            if noun_between and link == "of":
                # "in the premises of the consulate of Russia": where; "with the head of Russia": with.
                if found in ("with", "between", "against", "on", "by"):
                    link = found
                elif found in ("in", "to") and any(j in venues for j in range(i + 1, first)):
                    venue = True
            else:
                link = found
            break
        if i in verbs and word not in lexicon.words["between_words"]:
            break
        if i in venues and (link == "of" or lexicon.grammar.traits.inflected):
            noun_between = True
        i, steps = i - 1, steps + 1
    addressed = link == "to" and mention.side != "" and _addressed(i, words, hits, taken, lexicon)
    direct = first - i <= 3
    meetings = {hit.first for hit in hits if hit.kind == "thing" and hit.name in ("talks", "call", "visit", "accord")}
    adjectival = mention.kind == "people"
    if link == "in" and not adjectival and mention.kind in ("city", "state", "institution") and direct:
        venue = True
    summit = any(token.word in lexicon.grammar.words("summit") for token in words[max(0, first - 3) : first])
    if (mention.kind == "city" or (mention.kind == "state" and summit and link == "of")) and _names_meeting(
        first, words, meetings, by_end, _AND | lexicon.grammar.words("and")
    ):
        venue = True
    if link in ("in", "to") and mention.kind == "city" and not adjectival and not addressed:
        venue = True
    if adjectival and any(j in venues for j in range(max(0, first - 2), min(len(words), first + 3))):
        venue = True
    if adjectival and link in ("in", "to") and _on_a_place(first, words, by_end):
        venue = True
    if mention.kind in ("state", "person") and link == "in" and not direct:
        link = ""  # «В ходе беседы Дональд Трамп ...»
    return link, venue


_ADDRESSING = frozenset(
    (
        "request",
        "propose",
        "offer",
        "promise",
        "instruct",
        "bid",
        "accuse",
        "provide",
        "impose",
        "ban",
        "reject",
        "answer",
    )
)
"""Acts whose dative is whom they reach, a capital too ("a demandé à Washington de")."""


def _addressed(at: int, words: Sequence[Token], hits: Sequence[Hit], taken: Container[int], lexicon: Lexicon) -> bool:
    """ "a demandé mardi *à* Washington de": right behind such a verb, a day not counted, a city is no venue."""
    if lexicon.grammar.traits.verbs != "romance":
        return False
    i = at - 1
    while i > 0 and (i in taken or words[i].word in lexicon.grammar.words("adverbs")):
        i -= 1
    return any(h.kind == "verb" and h.last == i and h.name in _ADDRESSING for h in hits)


def _on_a_place(first: int, words: Sequence[Token], by_end: dict[int, list[tuple[str, int]]]) -> bool:
    """ "в македонском Охриде", "the Kazakh resort of Borovoe": the adjective is on the name of a place."""
    following = words[first + 1 : first + 2]
    if following and following[0].capital and any(name in ("in", "to") for name, _ in by_end.get(first - 1, ())):
        return not following[0].word.isupper() and following[0].word.isalpha()
    for i in range(first + 1, min(first + 4, len(words) - 1)):
        if any(name == "of" for name, _ in by_end.get(i, ())):
            return words[i + 1].capital
        if words[i].capital or not words[i].word.isalpha():
            return False
    return False


_WITH_NOUN = ("people", "role", "institution", "group")


def _names_meeting(
    first: int,
    words: Sequence[Token],
    meetings: set[int],
    by_end: dict[int, list[tuple[str, int]]],
    joins: frozenset[str],
) -> bool:
    """ "la rencontre de Riyad", "the Riyadh talks": the city says which meeting, not who met."""
    if first + 1 in meetings and (first == 0 or words[first - 1].word not in joins):
        return True
    of = any(name == "of" for name, _ in by_end.get(first - 1, ()))
    coordinated = first + 1 < len(words) and words[first + 1].word in joins
    return of and first - 2 in meetings and not coordinated


_AGENTS = frozenset(
    ("agents", "ambassador", "diplomats", "troops", "weapons", "exercise", "talks", "call", "visit", "accord")
)


def _modifies(
    mention: Mention, first: int, last: int, words: Sequence[Token], hits: Sequence[Hit], language: str
) -> bool:
    """Is this adjective on a noun that cannot act? Delegations, presidents and the like are mentions of their own."""
    text = mention.text
    rules = grammar(language)
    if rules.pattern("people_noun").search(text):
        return False
    if rules.traits.adjectives_follow:
        beside = range(max(0, first - 3), first)
    else:
        beside = range(last + 1, min(len(words), last + 5))
    return not any(
        hit.kind in ("thing", "noun") and hit.first in beside and (hit.name in _AGENTS or hit.kind == "noun")
        for hit in hits
    )


def is_third(name: Named, dyad: Set[str]) -> bool:
    """Is it a party beside the two: a third state, or someone known who acts for no state (NATO, the Pope's envoy)?"""
    known = bool(name.mention.entity) and name.mention.kind in ("person", "institution")
    return name.side not in dyad if name.side else known


def participants(named: Iterable[Named], document: Document) -> tuple[Participant, ...]:
    """Parties with their evidence; a state given only by an adjective counts unless a person of it is there."""
    chosen = list(named)
    sides_of_people = {n.side for n in chosen if n.mention.kind in ("person", "institution")}
    out: dict[str, Participant] = {}
    for item in chosen:
        mention = item.mention
        if mention.kind in ("people", "role") and item.side in sides_of_people:
            continue
        made = mention.participant(document)
        if "+" in made.side:
            made = Participant(item.side, made.name, item.side, "", made.evidence)
        elif made.side != item.side:
            made = Participant(made.entity, made.name, item.side, made.role, made.evidence)
        out.setdefault(made.entity or made.name, made)
    return tuple(out.values())


@dataclass(frozen=True, slots=True)
class Parties:
    """Actors and recipients found in the sentence itself."""

    actors: tuple[Named, ...]
    recipients: tuple[Named, ...]

    @property
    def sides(self) -> set[str]:
        return {n.side for n in (*self.actors, *self.recipients) if n.side}


def parties(
    trigger: Trigger,
    named: Sequence[Named],
    numbers: Sequence[int],
    hits: Sequence[Hit],
    lexicon: Lexicon,
    others: Sequence[Trigger] = (),
    words: Sequence[Token] = (),
) -> Parties:
    """Sort the names around a trigger into actors and recipients, by the frame of its rule.

    `others` are all triggers of the sentence: what stands between two of them is the object of the first.
    """
    clause = numbers[trigger.head.first]
    group_first = min(trigger.verb.first, trigger.head.first)
    tellers = [
        h
        for h in hits
        if h.kind == "verb"
        and h.name == "report"
        and h.first != trigger.head.first
        and not (h.first and words and words[h.first - 1].word in lexicon.words["to"])  # "asked Chile to announce"
    ]
    if trigger.rule.type == "ACCUSE":
        # "raised concerns about *China's* practices": whose deed it is, is blamed.
        follows = trigger.last + 1
        named = [replace(n, link="") if _concerned(n, follows, words, lexicon.language) else n for n in named]
        phrase = trigger.head.kind == "verb" and trigger.head.first < trigger.head.last
        # «возложил на *Чили*»: behind a phrase that ends in a preposition
        named = [replace(n, link="", venue=False) if phrase and n.first == follows else n for n in named]
    if trigger.rule.type == "SUPPORT":
        # Thanked for its good offices: no party to the talks, but whom the thanks go to.
        named = [replace(n, host=False) if 0 < n.first - trigger.head.last <= 3 else n for n in named]
    people = [n for n in named if (n.side or n.mention.kind == "person")]
    speaking = [n for n in people if _tells(n, tellers, group_first, words, lexicon)]
    we = not beside("we", lexicon.language).isdisjoint(t.word for t in words[max(0, group_first - 4) : group_first])
    people = [n for n in people if n not in speaking]
    left = [n for n in people if n.last < group_first and numbers[n.first] == clause]
    earlier = [t.head.first for t in others if t.head.kind == "verb" and numbers[t.head.first] == clause]
    if we and speaking and trigger.rule.frame == "directed" and not any(n.side == speaking[0].side for n in left):
        # "X let us down, and we will not stand by, *the president said*": whoever speaks does it.
        made = _directed(
            trigger, speaking[:1], [*left, *(n for n in people if n.first > trigger.head.last)], lexicon, words
        )
        if made.actors:
            return made
    if trigger.aside and trigger.rule.frame == "directed":
        # "Chile broke its ties *with Peru*, accusing it": who does the one does the other.
        left = [n for n in left if n.link == ""] or left
    first_verb = min([i for i in earlier if i < group_first], default=None)
    if first_verb is not None and any(n.who and n.last < first_verb for n in left):
        last_verb = max(i for i in earlier if i < group_first)
        own = [n for n in left if n.first > last_verb]
        if (
            own
            and own[-1].link == ""
            and group_first - own[-1].last <= 2
            and own[-1].mention.kind != "people"
            and not trigger.shares_subject
        ):
            left = own  # "... and Havana freed him": a subject of its own
        else:
            left = [n for n in left if n.last < first_verb]
    fronted = _fronted(trigger, left, words, lexicon)
    left = [n for n in left if n not in fronted]
    if _has_own_subject(trigger, group_first, numbers, hits, words, lexicon):
        left = [n for n in left if n.first > _joint(trigger, group_first, numbers, words, lexicon)]
    elif not any(n.who for n in left):
        left = _from_before(trigger, people, numbers, group_first, words, lexicon, fronted, others)
    if trigger.verb.passive and trigger.thing is not None and trigger.thing.last < group_first:
        # "the designation of Sudan as a ... is rescinded": within the subject, wherever a clause seems to begin.
        left = [*left, *(n for n in people if trigger.thing.last < n.first < group_first and n not in left)]
    reports = [h.first for h in hits if h.kind == "verb" and h.name == "report" and h.first < group_first]
    if reports:
        after = [n for n in left if n.first > reports[-1]]
        if any(n.who and n.side for n in after):
            left = after
    right = [n for n in people if n.first > trigger.head.last and numbers[n.first] in (clause, clause + 1)]
    right = [n for n in right if numbers[n.first] == clause or _continues(trigger, n, numbers)]
    right = [*_before_next(trigger, right, others, numbers), *_under_measures(trigger, people, numbers)]
    right += _antecedent(trigger, people, numbers, words, lexicon)
    finite = [
        h.first
        for h in hits
        if h.kind == "verb"
        and h.tags & {"past", "pres", "fut"}
        and h.first > trigger.last
        and words[h.first - 1].word not in lexicon.words["to"]  # "urged Chile to cut": no subject of a verb of its own
        and not (
            "pp" in h.tags
            and h.last + 1 < len(words)
            and words[h.last + 1].word in lexicon.grammar.words("after_participle")
        )
    ]
    opens = trigger.verb.bare and trigger.head.first == 0
    if not lexicon.grammar.traits.free_order and not (
        opens and (trigger.rule.frame == "mutual" or trigger.verb.passive)
    ):
        # "freed Fogel, and Washington agreed": who stands before a verb is its subject; "Meeting in Riyadh, Rubio and
        # Lavrov agreed", "Received in Ankara, Sisi signed": and of the participle that opens its sentence.
        helped = trigger.head.last + 1 if trigger.rule.family == "help" else -1  # "helped *Chile* put out the fires"
        right = [
            n
            for n in right
            if n.link != "" or n.first == helped or not any(0 < first - n.last <= 2 for first in finite)
        ]
    if trigger.rule.frame == "mutual":
        right = [n for n in right if not _of_other_talks(n, trigger, hits)]
    inner = [n for n in people if n.first <= trigger.head.last and n.last >= group_first]
    frame = trigger.rule.frame
    if frame == "directed" and trigger.rule.type in _REACHES and not any(n.who and n.side for n in (*inner, *right)):
        subjects = {n.side for n in left}
        right = [n for n in people if n.first > trigger.head.last and n.who and n.side not in subjects] or right
    if frame in ("mutual", "visit"):
        left, right = ([n for n in group if not _named_after(n, people)] for group in (left, right))
    held = trigger.rule.mode in ("release", "arrest") and trigger.rule.frame == "directed" and trigger.verb.passive
    kept = _captive(trigger, people, words, lexicon) if held or frame == "captive" else None
    sends = frame == "captive" and trigger.rule.mode != "release"
    if sends and not trigger.verb.passive and trigger.thing and trigger.thing.first > trigger.head.first:
        sent = _directed(trigger, left, [*inner, *right], lexicon, words)
        if sent.actors and sent.recipients:
            return sent  # "gave forty-eight hours to twelve of the embassy's officials"
    if frame == "captive" and kept is not None and not kept.sides:
        bound = tuple(n for n in people if n.link == "between")
        return Parties(bound, ()) if len({n.side for n in bound}) == 2 else kept  # "a swap between Chile and Peru"
    if kept is not None and (kept.actors or frame == "captive"):
        return kept
    if frame == "mutual":
        traits = lexicon.grammar.traits
        inverts = traits.free_order or traits.verbs == "romance"
        return _mutual(trigger, left, [*inner, *right], inverts=inverts)
    if frame == "visit":
        return _visit(left, [*fronted, *right])
    if frame == "envoy":
        return _envoy(left, right)
    if frame == "crowd":
        return _crowd(left, [*inner, *right])
    right = [*fronted, *inner, *right]
    if trigger.rule.type == "ACCUSE":
        right = _accused(trigger, right, words, lexicon)
    made = _directed(trigger, left, right, lexicon, words)
    if trigger.rule.undergone:
        made = Parties(made.recipients, made.actors)
    if trigger.rule.at_whose and trigger.verb.passive and not any(n.link == "by" for n in made.actors):
        # «В МИД Чили был вызван *посол* Перу»: behind a passive stands who is called in.
        made = Parties((), tuple(dict.fromkeys((*made.recipients, *made.actors))))
    if trigger.rule.at_whose and not made.actors:
        made = _at_whose(made, people, trigger)
    if kept is not None and not made.sides:
        return kept
    if frame == "host":
        hosts = made.actors
        if not hosts and trigger.verb.passive:
            # "was received in Algiers": by whom is not said, but where.
            guests = {n.side for n in made.recipients}
            there = (n for n in right if n.venue and n.side and n.side not in guests)
            hosts = tuple(n for n in there if n.mention.kind in ("city", "state"))[:1]
        return Parties(tuple(n for n in made.recipients if n.mention.kind != "city"), hosts)
    return made


def _antecedent(
    trigger: Trigger, people: Sequence[Named], numbers: Sequence[int], words: Sequence[Token], lexicon: Lexicon
) -> list[Named]:
    """ "X, *que* son homologue recevait": whom the relative clause is about is its object."""
    opening = numbers.index(numbers[trigger.head.first])
    if not opening or words[opening].word not in beside("object_relative", lexicon.language):
        return []
    if trigger.head.kind != "verb" or trigger.verb.passive or trigger.rule.frame == "mutual":
        return []
    return [n for n in people if n.who and 0 < opening - n.last <= 2 and words[opening - 1].word == ","][-1:]


def _under_measures(trigger: Trigger, people: Sequence[Named], numbers: Sequence[int]) -> list[Named]:
    """ "lifted the sanctions *that weigh on Chile*": whom measures touch, in the relative clause about them."""
    thing = trigger.thing
    if thing is None or trigger.rule.family not in ("lift", "sanction") or thing.first < trigger.head.first:
        return []
    opening = thing.last + 1
    if opening not in trigger.relatives:
        return []
    there = [n for n in people if n.first > opening and numbers[n.first] == numbers[opening]]
    return [replace(n, venue=False) for n in there][:1]


def _before_next(
    trigger: Trigger, right: list[Named], others: Sequence[Trigger], numbers: Sequence[int]
) -> list[Named]:
    """ "condemned Chile and *expelled two Peruvians*": what follows a second verb of the same subject is its object.

    Where nothing stands between the two ("condemned and expelled"), both have it.
    """
    clause = numbers[trigger.head.first]
    following = [
        t.verb.first
        for t in others
        if t.shares_subject and not t.verb.bare and t.verb.first > trigger.last and numbers[t.verb.first] == clause
    ]
    own = [n for n in right if n.first < min(following, default=0)]
    return own if any(n.who and n.side for n in own) else right


def _joint(trigger: Trigger, verb: int, numbers: Sequence[int], words: Sequence[Token], lexicon: Lexicon) -> int:
    """Where "and" joins a clause to the one before ("shares fell, *and* short selling was banned"); -1 without one."""
    clause = numbers[trigger.head.first]
    joins = lexicon.grammar.words("and")
    found = (i for i in range(verb - 1, 0, -1) if numbers[i] == clause and words[i].word in joins)
    return next((i for i in found if words[i - 1].word == ","), -1)


def _has_own_subject(
    trigger: Trigger, verb: int, numbers: Sequence[int], hits: Sequence[Hit], words: Sequence[Token], lexicon: Lexicon
) -> bool:
    """Does a clause joined by ", and" have a subject that is no name: then it is not that of the clause before."""
    at = _joint(trigger, verb, numbers, words, lexicon)
    if at < 0 or lexicon.grammar.traits.free_order or not any(h.kind == "verb" and h.last < at for h in hits):
        return False
    lead = words[at + 1 : verb]
    small = {first for _, first, _ in lexicon.small.find(lead)}
    names = lexicon.grammar.words("subject_pronoun") | lexicon.grammar.words("subjects")
    first = lead[0].word if lead else ""
    plain = lead and 0 not in small and first not in names | lexicon.words["their"] and first not in _POSSESSIVE
    return bool(plain) and len(lead) > 1


_POSSESSIVE = frozenset(("its", "their", "his", "her", "son", "sa", "ses", "leur", "leurs"))


def _at_whose(made: Parties, people: Sequence[Named], trigger: Trigger) -> Parties:
    """ "summoned to the Algerian foreign ministry": who does it is where it is done; its guest may follow."""
    there = [n for n in people if n.link in ("in", "to") and abs(n.first - trigger.head.last) <= _WHERE]
    hosts = [n for n in there if n.side and n.mention.kind in ("institution", "people", "state", "city")][:1]
    if not hosts:
        return made
    own = {n.side for n in hosts}
    guests = [n for n in made.recipients if n.side not in own]
    guests = guests or [n for n in people if n.side and n.side not in own and n.mention.kind in ("person", "role")][:1]
    return Parties(tuple(hosts), tuple(guests))


_WHERE = 8
"""Words from a verb to the place where it is done."""


def _named_after(name: Named, people: Sequence[Named]) -> bool:
    """ "planned for Budapest", "arrivés du Forum de Davos": one city says where, two ("de Moscou et de Paris") who."""
    if name.mention.kind != "city" or name.link not in ("of", "from"):
        return False
    return not any(
        other is not name and other.mention.kind in ("city", "state") and abs(other.first - name.first) <= 3
        for other in people
    )


def _of_other_talks(name: Named, trigger: Trigger, hits: Sequence[Hit]) -> bool:
    """ "held a call on the *summit between Putin and Kim*": who is named between a later noun's parties."""
    things = [h for h in hits if h.kind == "thing" and h.name in _MEETINGS and trigger.last < h.first < name.first]
    return name.link == "between" and bool(things)


_MEETINGS = frozenset(("talks", "call", "visit", "accord", "treaty"))


def _concerned(name: Named, after: int, words: Sequence[Token], language: str) -> bool:
    if name.link not in ("on", "with") or not after <= name.first <= after + 3:
        return False
    return not beside("concerning", language).isdisjoint(t.word for t in words[after : name.first])


def _accused(trigger: Trigger, right: Sequence[Named], words: Sequence[Token], lexicon: Lexicon) -> list[Named]:
    """Whom the verb itself names: not those in the charge ("of undermining *Washington's* effort"), nor owners."""
    charge = beside("charge", lexicon.language)
    noun = trigger.verb.tense == "nominal"
    stop = len(words)
    if trigger.rule.blames == "charge" and not noun:
        after = range(trigger.head.last + 1, len(words))
        stop = next((i for i in after if words[i].word in charge and i > trigger.head.last + 1), stop)
        if trigger.head.last + 1 < len(words):
            opening = words[trigger.head.last + 1].word
            stop = trigger.head.last if opening in lexicon.grammar.words("charge_at_once") else stop
    if not noun:
        outside = spans(lexicon.small.find(words), "outsiders")
        # "accused outside forces of undermining *Chile*"
        stop = min([stop, *(first for first, _ in outside if first > trigger.head.last)])
    kept = []
    for name in right:
        following = words[name.last + 1].word if name.last + 1 < len(words) else ""
        owner = following == "'s" and trigger.rule.blames == "charge"
        aside = name.link in ("in", "on", "against") and not noun and trigger.rule.blames
        if (name.first < stop or name.link == "by") and not owner and not (aside and name.mention.kind == "person"):
            kept.append(name)
    return kept


def _captive(trigger: Trigger, people: Sequence[Named], words: Sequence[Token], lexicon: Lexicon) -> Parties | None:
    """Who held, and whose citizen is free: "a *Russian* prison", "held *in Cuba*", "an *American* teacher"."""
    custody = beside("custody", lexicon.language)
    beside_it = {n: {t.word for t in words[max(0, n.first - 3) : n.last + 4]} for n in people}
    holders = [n for n in people if n.link == "by" and n.who]
    holders += [n for n in people if n.mention.kind in ("people", "state") and beside_it[n] & custody]
    if not holders:
        holders = [n for n in people if n.venue and n.mention.kind in ("state", "city")]
    holding = {n.side for n in holders if n.side}
    if not holding and trigger.rule.frame == "captive" and trigger.rule.mode == "release":
        # "came home from Chile", "won the release of two men from Chile"
        holders = [n for n in people if n.link == "from" and n.mention.kind in ("state", "city")]
        holding = {n.side for n in holders if n.side}
    held = [n for n in people if n.side and n.side not in holding and n.mention.kind in ("people", "role", "person")]
    if trigger.thing is not None and trigger.rule.frame == "captive" and trigger.rule.mode != "release":
        # "Chilean *diplomats* have two days to leave Peru": whose they are, and where they leave.
        held.sort(key=lambda n: abs(n.first - trigger.thing.first) if trigger.thing else 0)
        sent = {n.side for n in held[:1]}
        there = (n for n in people if n.first > trigger.head.last and n.mention.kind in ("state", "city"))
        holders = holders or [n for n in there if n.side and n.side not in sent][:1]
        return Parties(tuple(n for n in holders if n.side), tuple(held[:1]))
    before = [n for n in held if n.last < trigger.head.first] or held
    if trigger.rule.frame != "captive" and not holding and (trigger.rule.mode != "release" or not before):
        return None
    return Parties(tuple(n for n in holders if n.side), tuple(before[:1]))


# What is threatened, asked or blamed may be said in a clause of its own: "threatened to tax all that Russia sells".
_REACHES = frozenset(("THREATEN", "REQUEST", "ACCUSE", "SANCTION"))


def _tells(name: Named, tellers: Sequence[Hit], before: int, words: Sequence[Token], lexicon: Lexicon) -> bool:
    """Is this the speaker of the sentence, told after the event ("..., the Kremlin said", "a déclaré X")?"""
    if name.first < before:
        return False
    following = words[name.last + 1].word if name.last + 1 < len(words) else ""
    # «прибыл в Токио, подчеркнув», «отправится в Лахор, пишет газета»: after a comma somebody else speaks.
    apart = following == "," and name.link in ("in", "to")
    return any(
        (0 < hit.first - name.last <= 2 and not apart)
        or 0 < name.first - hit.last <= 2
        or _inverted(name, hit, words, lexicon)
        for hit in tellers
    )


def _inverted(name: Named, hit: Hit, words: Sequence[Token], lexicon: Lexicon) -> bool:
    """ "…, a déclaré mardi devant la presse *le ministre*": the subject of a verb of saying behind a comma."""
    if lexicon.grammar.traits.verbs != "romance" or name.link or not 0 < name.first - hit.last <= _INVERTED:
        return False
    i = hit.first - 1
    while i > 0 and words[i].word in lexicon.grammar.auxiliaries | lexicon.grammar.words("clitics"):
        i -= 1
    between = {t.word for t in words[hit.last + 1 : name.first]}
    opens = lexicon.grammar.words("opens_said") - lexicon.grammar.words("and")
    return i > 0 and words[i].word in (",", "»", "”") and between.isdisjoint(opens | _PUNCTUATION)


_INVERTED = 8
"""Words from a verb of saying to its subject behind it."""


def _continues(trigger: Trigger, name: Named, numbers: Sequence[int]) -> bool:
    return any(
        inner.head.first <= name.first and numbers[inner.head.first] == numbers[name.first] for inner in trigger.holds
    )


def _from_before(
    trigger: Trigger,
    people: Sequence[Named],
    numbers: Sequence[int],
    before: int,
    words: Sequence[Token],
    lexicon: Lexicon,
    fronted: Sequence[Named] = (),
    others: Sequence[Trigger] = (),
) -> list[Named]:
    """The subject of an earlier clause: for relatives and participles the nearest, else that of the sentence."""
    earlier = [n for n in people if n.last < before and n.who]
    clause = numbers[trigger.head.first]
    opening = numbers.index(clause)
    relative = opening == 0 or opening in trigger.relatives
    # "said that *it* had bombed a depot": the subject is who says so.
    pronoun = [t.word for t in words[opening + 1 : before]]
    same = len(pronoun) == 1 and pronoun[0] in lexicon.grammar.words("subject_pronoun")
    unknown = not relative and not same and before - opening > 1 and not trigger.verb.bare
    if fronted and fronted[0].first - opening <= 1 and before - fronted[-1].last <= 1:
        unknown = False  # «Путин осудил A, а Варшаву обвинил в ...»: of the same subject
    if words[opening].word in lexicon.grammar.words("clause_joins") and _no_subject(
        words[opening + 1 : before], lexicon
    ):
        unknown = False  # «приостановил договор, а 7 мая нанёс удар»
    if trigger.rule.frame in ("directed", "visit") and unknown:
        return []  # "after protesters stormed its embassy": the clause has a subject, one we do not know
    if not earlier:
        return []
    near = [n for n in earlier if numbers[n.first] == clause - 1] or earlier
    if fronted:
        verbs = [t.verb.first for t in others if t.head.kind == "verb" and numbers[t.verb.first] == clause - 1]
        near = [n for n in near if n.last < min(verbs, default=before)] or near
    bare = [n for n in near if n.link in ("", "with", "between")]
    return bare or near


def _no_subject(between: Sequence[Token], lexicon: Lexicon) -> bool:
    """Where cases tell: whether no word before a verb can be its subject ("а 7 мая", "но накануне")."""
    words = [t.word for t in between]
    return (
        lexicon.grammar.traits.inflected
        and len(words) <= _ELIDED
        and not any(word.isalpha() and "nomn" in russian_cases(word) for word in words)
    )


_ELIDED = 4
"""Words that may stand between a conjunction and a verb whose subject is that of the clause before."""


def _who(names: Iterable[Named]) -> list[Named]:
    return [n for n in names if n.who and n.side]


def _mutual(trigger: Trigger, left: Sequence[Named], right: Sequence[Named], *, inverts: bool) -> Parties:
    named_alone = trigger.head.kind == "thing" or trigger.verb.tense == "nominal" or trigger.of_relative
    subjects = [n for n in left if n.who and n.side and n.link == "" and not n.modifier]
    taken: list[Named] = []
    for name in _who(left):
        if (
            name.link in ("", "with", "between", "by")
            or (name.link == "of" and not named_alone)
            or (name.link == "of" and trigger.head.first - name.last <= 3)
        ):
            taken.append(name)
    sent = [n for n in _who(left) if n.link == "from" and n.mention.kind in ("state", "city", "people")]
    if not taken and len({n.side for n in sent}) > 1:
        taken = sent  # "Delegations from Chile and Peru met"
    if named_alone:
        # Talks named in passing belong to whom stands right before ("US-Russia talks"), not to the sentence's subject.
        taken = [n for n in _last_group(taken) if taken and trigger.head.first - taken[-1].last <= 2]
    taken = [n for n in taken if not n.modifier or _beside(n, trigger)]
    # «план, который обсуждали Рябков и Кин», "dont ont discuté Rubio et Attaf": they follow their verb.
    after = [n for n in _who(right) if n.link == "" and n.mention.kind in _PEOPLE and not taken and inverts]
    spoke = after if len({n.side for n in after}) > 1 and trigger.head.kind == "verb" else []
    anchor = trigger.thing or trigger.head
    complete = len({n.side for n in taken}) > 1 and not named_alone
    for name in _who(right):
        if complete and name.link != "with" and not _beside(name, trigger):
            continue
        near = name.first - max(anchor.last, trigger.head.last) <= 3 or name.first <= anchor.last + 2
        if name.link in ("with", "between", "by") or (name.link == "from" and trigger.head.name == "pass_time"):
            taken.append(name)
        elif name.link == "to" and trigger.head.name in _REACHED and name.mention.kind in _PEOPLE:
            taken.append(name)  # "a téléphoné à X", "позвонил X"
        elif name.link in ("to", "of", "from") and trigger.head.name == "run":
            taken.append(name)  # "de Colombie au Venezuela"
        elif trigger.rule.topic:
            if name in spoke:
                taken.append(name)
        elif name.mention.kind == "people":
            opening = trigger.verb.bare and trigger.head.name == "meet" and name.link == "" and not name.modifier
            if _beside(name, trigger) or (not name.modifier and near) or opening:
                taken.append(name)
        elif (name.link in ("", "of") and (near or _chained(name, taken))) or (
            name.link == "" and trigger.head.name in ("meet", "phone") and not named_alone
        ):
            taken.append(name)
    if named_alone and any(n.link == "with" for n in taken) and len({n.side for n in taken}) == 1:
        # "Lavrov raised it in a call with Rubio": the one who speaks is the other party.
        taken = [*subjects[-1:], *taken]
    return Parties(tuple(dict.fromkeys(taken)), ())


_REACHED = frozenset(("phone", "discuss", "meet", "call"))
"""Acts that reach someone as a dative."""
_PEOPLE = frozenset(("person", "role", "institution", "group"))


def _beside(name: Named, trigger: Trigger) -> bool:
    anchor = trigger.thing or trigger.head
    return (
        name.first - anchor.last <= 3
        and anchor.first - name.first <= 3
        and (trigger.thing is not None or trigger.head.kind != "verb")
    )


def _chained(name: Named, taken: Sequence[Named]) -> bool:
    return bool(taken) and 0 < name.first - taken[-1].last <= 4 and name.link == taken[-1].link


def _last_group(names: Sequence[Named]) -> list[Named]:
    """The coordinated names nearest to the verb."""
    group: list[Named] = []
    for name in reversed(names):
        if group and not (group[0].first - name.last <= 4 or name.mention.kind == "people"):
            break
        group.insert(0, name)
    return group


def _cases(name: Named, words: Sequence[Token]) -> frozenset[str]:
    """Cases that the name can stand in; as the registry writes it, it may be a subject."""
    if name.mention.text == name.mention.name and name.mention.kind != "state":
        return frozenset(("nomn", "accs"))
    own = tuple(words[i].word for i in range(name.first, name.last + 1))
    return name_cases(own) if name.mention.kind == "person" else russian_cases(own[0])


def _fronted(trigger: Trigger, left: Sequence[Named], words: Sequence[Token], lexicon: Lexicon) -> list[Named]:
    """Objects before their verb: a name in the accusative, or in a noun phrase that is («операцию *США* осудили»)."""
    free = lexicon.grammar.traits.free_order and trigger.rule.frame in ("directed", "visit")
    if not free or trigger.head.kind != "verb" or trigger.verb.passive or trigger.verb.bare:
        return []
    before = min(trigger.verb.first, trigger.head.first)
    return [
        n
        for n in left
        if n.link == ""
        and n.who
        and not n.modifier
        and _is_object(n, words, lexicon)
        and _PUNCTUATION.isdisjoint(t.word for t in words[n.last + 1 : before])
    ]


def _is_object(name: Named, words: Sequence[Token], lexicon: Lexicon) -> bool:
    cases = _cases(name, words)
    if cases and "nomn" not in cases:
        return "accs" in cases and not _of_noun(name, words, lexicon)
    return _of_noun(name, words, lexicon)


def _may_follow_as_subject(name: Named, words: Sequence[Token]) -> bool:
    cases = _cases(name, words)
    before = words[name.first - 1] if name.first else None
    noun = before is not None and not before.capital and {"accs", "gent"} & russian_cases(before.word)
    return not (cases and "nomn" not in cases) and not (noun and len(cases - {"voct"}) != 1)


def _may_be_agent(name: Named, words: Sequence[Token]) -> bool:
    """«был принят *Лукашенко*», and not «был принят *Сикорский*»: by whom it is done stands in a case of its own."""
    cases = _cases(name, words)
    return not cases or "ablt" in cases


def _of_noun(name: Named, words: Sequence[Token], lexicon: Lexicon) -> bool:
    """Does a noun in the accusative, without a preposition, stand right before it?"""
    if not name.first or words[name.first - 1].capital:
        return False
    before = {t.word for t in words[max(0, name.first - 4) : name.first - 1]}
    governed = any(not before.isdisjoint(lexicon.words[kind]) for kind in _PREPOSITIONS)
    return accusative(words[name.first - 1].word) and not governed


def _directed(
    trigger: Trigger, left: Sequence[Named], right: Sequence[Named], lexicon: Lexicon, words: Sequence[Token]
) -> Parties:
    subjects = [n for n in _who(left) if n.link in ("", "of", "by", "between")]
    if trigger.shares_subject and subjects:
        subjects = [n for n in subjects if n.first - subjects[0].last <= 4 or n is subjects[0]]
    subjects = _last_group(subjects) or [n for n in _who(left) if n.link in ("with", "from")]
    nominal = trigger.verb.tense == "nominal"
    doers = [n for n in subjects if not n.modifier or (nominal and trigger.head.first - n.last <= 2)]
    if not doers and not nominal and not trigger.verb.bare and trigger.rule.type in _DEEDS:
        # "Palestinian gunmen killed", "a Turkish F-16 shot down": who does that acts, whatever the noun.
        doers = [n for n in subjects if n.link == "" and 0 < trigger.verb.first - n.last <= _NOUN_PHRASE]
    subjects = doers
    objects = _who(right)
    if trigger.rule.type == "SUPPORT" and not objects:
        objects = [n for n in right if n.side and n.first == trigger.head.last + 1]  # "thanked Oman" as host
    if (
        (trigger.rule.type in _ON or (trigger.rule.type == "AID" and trigger.thing is not None))
        and (not trigger.verb.passive or trigger.rule.type == "AID")
        and {n.side for n in objects} <= {n.side for n in subjects}
    ):
        objects += [n for n in right if n.side and n.venue and not n.host]
    agents = [n for n in objects if n.link == "by"]
    opens = trigger.verb.bare and trigger.verb.passive and trigger.head.first == 0
    if trigger.verb.bare and trigger.thing is None and not agents and not trigger.aside and not opens:
        return Parties((), ())  # "a citizen arrested in 2023": who he is, not what was done now
    passive = trigger.verb.passive or (trigger.verb.tense == "nominal" and bool(agents))
    if passive and not agents and trigger.rule.type in ("ASSAULT", "AID"):
        # "mortars were fired into Turkey from Syria", "aid from Chad was delivered to Niger"
        agents = [n for n in (*objects, *_who(left)) if n.link == "from"]
        subjects = [n for n in subjects if n not in agents]
    agents = agents if passive else []
    if passive:
        about = nominal or (trigger.verb.bare and trigger.thing is not None)  # "denounced the sanctions decided by ..."
        told_of = () if about else [*subjects, *(n for n in _who(left) if n.link == "against" and n not in subjects)]
        actors, recipients = agents, [*told_of, *(n for n in objects if n not in agents)]
        if lexicon.grammar.traits.free_order and not actors and not opens:
            actors = [n for n in objects if n.link == "" and _may_be_agent(n, words)][:1]
            recipients = [n for n in recipients if n not in actors]
    elif trigger.verb.tense == "nominal":
        # "the Russian attack on Kharkiv": whose act stands beside the noun, the sentence's subject does something else.
        actors = [n for n in subjects if trigger.head.first - n.last <= 2]
        actors += [n for n in objects if n.link == "of" and n.first - trigger.last <= 3][:1] if not actors else []
        recipients = [n for n in objects if n not in actors]
    else:
        actors, recipients = subjects, [n for n in objects if n.link != "between" or trigger.rule.family == "offer"]
        if not actors and lexicon.grammar.traits.free_order:
            # «Осудили операцию *США*»: a name behind another noun, or in another case, is nobody's subject.
            actors = [n for n in objects if n.link == "" and _may_follow_as_subject(n, words)][:1]
            recipients = [n for n in objects if n not in actors]
    own = {n.side for n in actors}
    if trigger.rule.type in _REACHES - {"SANCTION"} or trigger.rule.family in ("offer", "affirmed"):
        recipients = [n for n in recipients if not n.modifier] or recipients[:1]
    recipients = [n for n in recipients if n.side not in own and (n.link != "on" or trigger.rule.type in _ON)]
    if trigger.rule.type in _FOR_SOMEBODY:
        recipients = [n for n in recipients if n.link != "against"]  # "help them defend against Chile"
    if any(n.link != "of" for n in recipients):
        recipients = [n for n in recipients if n.link != "of"]
    return Parties(tuple(dict.fromkeys(actors)), tuple(dict.fromkeys(recipients)))


def _envoy(left: Sequence[Named], right: Sequence[Named]) -> Parties:
    """Who sends an ambassador, and where to: "named ambassador *to Cuba*", «послом *в США*»."""
    to = [
        n
        for n in right
        if n.side and (n.venue or n.link in ("in", "to")) and n.mention.kind in ("city", "state", "institution")
    ]
    senders = {n.side for n in left}
    # Credentials go to a person: "presented them to the president".
    recipients = (
        to[:1] or [n for n in _who(right) if n.side not in senders and n.mention.kind in ("person", "role")][:1]
    )
    there = {n.side for n in recipients}
    sent = [n for n in (*_who(left), *_who(right)) if n.side not in there and n.link in ("", "of", "by")]
    return Parties(tuple(dict.fromkeys(sent[:2])), tuple(recipients))


def _crowd(left: Sequence[Named], right: Sequence[Named]) -> Parties:
    """Who protests, and against whom: people of the place where it is, unless they are named."""
    people = [n for n in left if n.side and n.who and n.mention.kind in ("people", "role", "group") and n.link == ""]
    beside_them = [
        n for n in left if people and n.link == "" and abs(people[0].first - n.last) <= 2
    ]  # "US and British"
    place = [n for n in (*right, *left) if n.side and n.venue and n.mention.kind in ("city", "state")]
    actors = list(dict.fromkeys((*people[:1], *beside_them))) or place[:1]
    own = {n.side for n in actors}
    against = [n for n in (*right, *left) if n.side and n.side not in own]
    plain = [n for n in against if n.link == "against"] or [n for n in against if n.who] or against
    return Parties(tuple(actors), tuple(plain[:1]))


_DEEDS = frozenset(("ASSAULT", "COERCE", "MOBILIZE", "RETREAT", "AID"))
_FOR_SOMEBODY = frozenset(("COOPERATE", "AID", "SUPPORT"))
_NOUN_PHRASE = 4
"""Words from an adjective of a state to the verb of the noun it stands on."""

# Where "on", "sur", "по" name the target: sanctions on Russia, frappes sur Kiev.
_ON = frozenset(("SANCTION", "CONCEDE", "ASSAULT", "THREATEN", "COERCE"))


def _visit(left: Sequence[Named], right: Sequence[Named]) -> Parties:
    subjects = [n for n in _who(left) if n.link in ("", "of", "by", "between")]
    actors = _last_group(subjects)
    if not actors:
        actors = [n for n in _who(right) if n.link in ("", "of") and n.mention.kind in ("person", "role", "people")]
    own = {n.side for n in actors}
    met = [
        n
        for n in _who(right)
        if n not in actors
        and n.mention.kind in ("person", "institution")
        and n.side not in own
        and n.link in ("", "with", "by")
    ]
    # «Визит ... в Пекин начнётся»: between the visit and its verb stands where to.
    where = [
        n
        for n in (*right, *(n for n in left if n.venue or n.link in ("to", "in")))
        if n.side
        and (n.venue or n.link in ("to", "in", "of", ""))
        and n.side not in own
        and n.mention.kind in ("city", "state", "institution")
        and n not in met
    ]
    # The host is who is visited; the capital's state where no person is named.
    recipients = met or where[:1]
    return Parties(tuple(dict.fromkeys(actors)), tuple(dict.fromkeys(recipients)))
