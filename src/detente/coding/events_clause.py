"""What stands beside a trigger in its sentence: pronouns, quotations, reports, what is only thought or recalled."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import date

from detente.coding.events_lexicon import Lexicon, Token, beside, spans
from detente.coding.events_parties import Named, Parties, is_third
from detente.coding.events_sentence import Sentence
from detente.coding.events_triggers import Trigger
from detente.coding.passages import Passage, Reading
from detente.languages import Grammar
from detente.terms import Document, EventDate, Participant

ONE_SIDED = frozenset(("SANCTION", "CONCEDE", "RETREAT", "ASSAULT", "MOBILIZE", "COERCE"))
"""Types of a deed that one side may do with nobody named whom it is done to."""


def each_counterpart(trigger: Trigger, sentence: Sentence) -> list[Sentence]:
    """ "spoke separately with Chile and Peru": the sentence once with each of them, as two were met apart."""
    clause = sentence.numbers[trigger.head.first]
    apart = any(sentence.numbers[first] == clause for first, _ in spans(sentence.small, "apart"))
    met = [n for n in sentence.named if n.side and sentence.numbers[n.first] == clause and _met(n, trigger)]
    sides = list(dict.fromkeys(n.side for n in met))
    if trigger.rule.type != "CONSULT" or not apart or len(sides) < 2:
        return [sentence]
    return [replace(sentence, named=[n for n in sentence.named if n not in met or n.side == one]) for one in sides]


def _met(name: Named, trigger: Trigger) -> bool:
    after = trigger.head.kind == "verb" and name.first > trigger.head.last
    return name.link == "with" or (after and name.link == "" and name.who and not name.modifier)


def meets_no_state(trigger: Trigger, sentence: Sentence) -> bool:
    """ "met NATO's secretary general": who is met is known, and speaks for no state."""
    clause = sentence.numbers[trigger.head.first]
    met = [n for n in sentence.named if sentence.numbers[n.first] == clause and _met(n, trigger)]
    known = [n for n in met if n.mention.entity is not None and n.mention.kind in ("person", "institution")]
    return trigger.rule.type == "CONSULT" and bool(known) and not any(n.side for n in met)


def those_thanked(
    recipients: Sequence[Named], trigger: Trigger, words: Sequence[Token], book: Lexicon
) -> tuple[Named, ...]:
    """Whom praise is for, and not who stands in what it is for ("thanks for hosting the Russian-American talks")."""
    cut = what_for(trigger, words, book)
    return tuple(n for n in recipients if n.first < cut or (not n.modifier and n.mention.kind != "people"))


def what_for(trigger: Trigger, words: Sequence[Token], book: Lexicon) -> int:
    """Where "for what" opens behind praise; behind the last word where it does not."""
    opens = book.grammar.words("thanked_for")
    return next((i for i in range(trigger.head.first + 1, len(words)) if words[i].word in opens), len(words))


def one_group(actors: Sequence[Participant], recipients: Sequence[Participant]) -> bool:
    """ "The readiness of both countries": one mention stands for who does it and for whom it is done to."""
    spans_of = [{p.evidence.span for p in group if p.evidence is not None} for group in (actors, recipients)]
    return bool(recipients) and spans_of[0] == spans_of[1] and len(spans_of[0]) == 1


def is_intended(sentence: Sentence, trigger: Trigger, book: Lexicon) -> bool:
    """ "The United States intends to open a consulate": announced, as with "will"."""
    intends = beside("intends", book.language)
    if trigger.inside is not None or not intends:
        return False
    opens = [trigger.verb.first]
    if trigger.verb.first and sentence.words[trigger.verb.first - 1].word in book.grammar.words("and"):
        # "intends to open an embassy *and ease* travel"
        shared = [
            h.first for h in sentence.hits if h.kind == "verb" and "inf" in h.tags and h.last < trigger.verb.first
        ]
        opens += [i for i in shared[-1:] if all(t.word.isalnum() for t in sentence.words[i : trigger.verb.first])]
    return any(t.word in intends for i in opens for t in sentence.words[max(0, i - 2) : i])


def done_by_strangers(sentence: Sentence, trigger: Trigger, book: Lexicon) -> bool:
    """ "IEA member countries agreed", "the three advisers reaffirmed": who stands before the verb is not the two."""
    verb = min(trigger.verb.first, trigger.head.first)
    clause, words = sentence.numbers[verb], sentence.words
    if trigger.verb.tense == "nominal" or said_of_them(sentence, trigger):
        return False
    if trigger.thing is not None and trigger.thing.first < verb:
        return False  # "three rounds of talks were held"
    start = max((h.last + 1 for h in sentence.hits if h.kind == "verb" and h.last < trigger.verb.first), default=0)
    before = [i for i in range(max(start, verb - _SUBJECT), verb) if sentence.numbers[i] == clause]
    if any(n.side and n.link == "" and n.first in before for n in sentence.named):
        return False
    if trigger.verb.passive:
        # "have been rejected by the international community"
        agents = [last for name, _, last in sentence.small if name == "by" and 0 <= last - trigger.head.last <= 2]
        before += [i for last in agents for i in range(last + 1, min(len(words), last + 1 + _AGENT))]
    taken = {i for moment in sentence.moments for i in range(moment.first, moment.last + 1)}
    taken |= {i for name in sentence.named for i in range(name.first, name.last + 1)}
    listed = beside("strangers", book.language)
    # "The Bureau of Industry": a word of a name is nobody's group.
    return any(
        words[i].word in listed and not (words[i].capital and i and words[i - 1].word in book.grammar.words("belongs"))
        for i in before
        if i not in taken
    )


_AGENT = 4
"""Words behind "by" among which who does it stands."""
_SUBJECT = 8
"""Words before a verb among which its subject stands."""


def of_others(sentence: Sentence, trigger: Trigger, book: Lexicon) -> bool:
    """ "the leaders of the opposition met", "a truce between gangs", "talks with the unions": told with their nouns."""
    listed, words = tuple(beside("insiders", book.language)), sentence.words
    first, last = min(trigger.first, trigger.verb.first), trigger.last
    clause = sentence.numbers[trigger.head.first]
    opens = [i for name, i, _ in sentence.small if name in _THEIRS and first - _SUBJECT < i <= last + 2]
    near = range(max(0, first - _SUBJECT), min(len(words), last + _SUBJECT))
    reach = {j for i in opens for j in range(i + 1, i + _OTHERS) if j in near}
    reach |= set(range(max(0, first - 3), last))  # "a pay deal was agreed"
    taken = {i for n in sentence.named for i in range(n.first, n.last + 1)}
    told = (i for i in reach if i < len(words) and sentence.numbers[i] == clause and i not in taken)
    return any(words[i].word.startswith(listed) for i in told)


_THEIRS = frozenset(("of", "between", "with"))
_OTHERS = 7
"""Words behind "between" or "of" among which those who meet stand."""


def by_nature(sentence: Sentence, trigger: Trigger, book: Lexicon) -> bool:
    """ "closed by a landslide", "fermée à cause de la neige": nobody did it to anybody."""
    listed = tuple(beside("nature", book.language))
    after = sentence.words[trigger.last + 1 : trigger.last + 1 + _SUBJECT]
    return any(t.word.startswith(listed) for t in after)


def done_by_outlaws(sentence: Sentence, trigger: Trigger, book: Lexicon) -> bool:
    """ "the militant group *that has seized* parts of Chad": the deed of those whom the clause tells of."""
    opening = sentence.numbers.index(sentence.numbers[trigger.head.first])
    tells = beside("relative", book.language) | book.grammar.words("content_clause")
    if not opening or sentence.words[opening].word not in tells or trigger.verb.tense == "nominal":
        return False
    verb = min(trigger.verb.first, trigger.head.first)
    if any(opening < n.first < verb and n.link == "" and n.side for n in sentence.named):
        return False  # "the militants whom Chad has jailed"
    return _are_outlaws(sentence, range(max(0, opening - _ANTECEDENT), opening), book)


def said_by_a_paper(sentence: Sentence, trigger: Trigger, book: Lexicon) -> bool:
    """ "voted for a *resolution that condemned* Chad": what a paper says is no deed of who stands before it."""
    opening = sentence.numbers.index(sentence.numbers[trigger.head.first])
    tells = beside("relative", book.language) | book.grammar.words("content_clause")
    if not opening or sentence.words[opening].word not in tells or trigger.verb.tense == "nominal":
        return False
    if not 0 < min(trigger.verb.first, trigger.head.first) - opening <= 2:
        return False
    before = range(max(0, opening - _PAPER), opening)
    return any(sentence.words[i].word in beside("papers", book.language) for i in before)


_PAPER = 9
"""Words before a relative clause among which the paper stands that it is about."""


def done_to_outlaws(sentence: Sentence, trigger: Trigger, book: Lexicon) -> bool:
    """ "condemned *the sect*": done to those who act for no state."""
    behind = range(trigger.last + 1, min(len(sentence.words), trigger.last + _ANTECEDENT))
    same = [i for i in behind if sentence.numbers[i] == sentence.numbers[trigger.head.first]]
    return not trigger.verb.passive and _are_outlaws(sentence, same, book)


def _are_outlaws(sentence: Sentence, near: Sequence[int], book: Lexicon) -> bool:
    """Is an armed band named there, and no state whose people it would be ("Palestinian militants")?"""
    if any(n.side and n.first in near for n in sentence.named):
        return False
    return any(sentence.words[i].word in beside("outlaws", book.language) for i in near)


_ANTECEDENT = 5
"""Words before a relative clause, or behind a verb, among which the noun stands that it is about."""


def first_to_do(sentence: Sentence, trigger: Trigger, book: Lexicon) -> bool:
    """ "the *first* Chilean leader to visit in seven years": who did it, and no deed to come."""
    verb = trigger.verb.first
    near = [t.word for t in sentence.words[max(0, verb - _FIRST_TO) : verb]]
    if "," in near:
        near = near[len(near) - near[::-1].index(",") :]
    return not beside("first_to", book.language).isdisjoint(near)


_FIRST_TO = 6
"""Words from "first" to what somebody was the first to do."""


def tells_of_another(sentence: Sentence, trigger: Trigger, book: Lexicon) -> bool:
    """ "will hold *another* meeting", "se réuniront *de nouveau*": apart from the one that the text tells of."""
    near = sentence.words[max(0, trigger.first - 3) : trigger.last + 3]
    return not beside("another", book.language).isdisjoint(t.word for t in near)


def tells_of_a_thing(sentence: Sentence, opening: int, rules: Grammar) -> bool:
    """ "turned down the truce *that* Chad had accepted": the clause says which thing is meant, as with "which"."""
    words = sentence.words
    if not opening or words[opening].word not in rules.words("content_clause"):
        return False
    things = [h for h in sentence.hits if h.kind == "thing" and h.last == opening - 1]
    return bool(things) and not any(h.kind == "verb" and h.last == opening - 1 for h in sentence.hits)


def where_it_is(sentence: Sentence, trigger: Trigger, book: Lexicon) -> bool:
    """ "near the hall *where* the summit will open": says which place is meant, and nothing that is news.

    Behind a comma or a name it goes on telling ("flew to Lima, where talks will open").
    """
    opening = sentence.numbers.index(sentence.numbers[trigger.head.first])
    if not opening or sentence.words[opening].word not in beside("where", book.language):
        return False
    if any(0 <= opening - n.last <= 2 for n in sentence.named):
        return False
    return sentence.words[opening - 1].word != "," or (
        book.grammar.traits.free_order and trigger.verb.tense in ("future", "infinitive")
    )


def what_they_did(trigger: Trigger, sentence: Sentence, book: Lexicon) -> int:
    """Where it says what somebody is held *for*; behind the last word where it does not.

    "jailed for two years" says how long.
    """
    words, opens = sentence.words, beside("crime", book.language)
    long = {i - 1 for time in sentence.passage.times for i, t in enumerate(words) if t.start == time.evidence.start}
    after = range(trigger.head.last + 1, len(words) - 1)
    return next((i for i in after if words[i].word in opens and i not in long), len(words))


def aimed_at_somebody(sentence: Sentence, trigger: Trigger) -> bool:
    """ "fired ballistic missiles *at Chile*", «выпустил ракеты *по Чили*»."""
    near = range(trigger.head.last + 1, trigger.last + _ANTECEDENT)
    return any(n.side and n.link in ("on", "against") and n.first in near for n in sentence.named)


def calls_off(other: Trigger, trigger: Trigger) -> bool:
    if other is trigger or other.rule.family != "cancelled" or other.verb.negated or other.weak:
        return False
    return other.thing is not None and trigger.thing is not None and abs(other.thing.first - trigger.thing.first) < 3


def was_set(sentence: Sentence, trigger: Trigger) -> bool:
    """ "talks, due to resume on June 15, were postponed"."""
    return any(trigger.first <= first <= trigger.last for first, _ in spans(sentence.small, "set_for"))


def both_promise(sentence: Sentence, trigger: Trigger, book: Lexicon) -> bool:
    """ "The leaders pledged to deepen ties", "X and Y committed to": two who promise the same have agreed on it."""
    if trigger.verb.passive or trigger.verb.bare:
        return False
    if said_of_them(sentence, trigger):
        return True
    clause = sentence.numbers[trigger.head.first]
    before = [n for n in sentence.named if n.who and n.side and n.last < trigger.verb.first and n.link == ""]
    group = [n for n in before if sentence.numbers[n.first] == clause and n.mention.kind in ("person", "state", "role")]
    if len({n.side for n in group[-2:]}) < 2:
        return False
    between = {t.word for t in sentence.words[group[-2].last + 1 : group[-1].first]}
    return bool(between & book.grammar.words("and")) and trigger.verb.first - group[-1].last <= 2


def tells_view(sentence: Sentence, trigger: Trigger, book: Lexicon) -> bool:
    """ "agreed that ...", "spoke of ...": a view is told, no meeting and no accord."""
    after = [t.word for t in sentence.words[trigger.head.last + 1 : trigger.head.last + 3]]
    return bool(after) and (after[0] in book.grammar.words("opinion") or after == [",", "что"])


def only_thought(sentence: Sentence, trigger: Trigger) -> bool:
    """ "agreed that peace would be in the interest of both": said behind the verb, nothing is to be done."""
    return any(first > trigger.head.last for first, _ in spans(sentence.small, "only_thought"))


def not_yet(sentence: Sentence, trigger: Trigger, book: Lexicon) -> bool:
    """ "before any talks take place", "if they met": no more than a thought."""
    opening = sentence.words[sentence.numbers.index(sentence.numbers[trigger.head.first])].word
    to_come = opening in book.grammar.words("until") and trigger.verb.tense in ("present", "future")
    return to_come or opening in book.grammar.words("if")


def term_for(sentence: Sentence, trigger: Trigger, book: Lexicon) -> bool:
    """ "The ten days granted for a truce expire on Friday": the thing is not what expires."""
    thing = trigger.thing
    if thing is None or thing.first > trigger.head.first:
        return False
    before = (token.word for token in sentence.words[max(0, thing.first - 2) : thing.first])
    return not book.grammar.words("for_whom").isdisjoint(before)


def helps_along(trigger: Trigger, found: Parties) -> bool:
    """ "will continue facilitating negotiations between both sides": the subject is neither of them."""
    if trigger.rule.frame != "mutual" or trigger.head.kind != "verb" or trigger.verb.passive:
        return False
    others = any(n.mention.kind == "group" and n.link == "between" for n in found.actors)
    return others and any(
        n.mention.kind != "group" and n.link == "" and n.last < trigger.head.first for n in found.actors
    )


def is_reported(sentence: Sentence, trigger: Trigger) -> bool:
    first = min(trigger.verb.first, trigger.first)
    return any(h.kind == "verb" and h.name == "report" and h.first < first for h in sentence.hits)


def by_phone(sentence: Sentence, trigger: Trigger) -> bool:
    return any(trigger.first - 8 <= first <= trigger.last + 8 for first, _ in spans(sentence.small, "phone"))


def in_relative_clause(sentence: Sentence, trigger: Trigger, book: Lexicon) -> bool:
    """In a relative clause about someone, or the topic of talks ("on the release of ..."): told in passing."""
    clause = sentence.numbers[trigger.head.first]
    opening = sentence.numbers.index(clause)
    if sentence.words[opening].word in beside("aside", book.language):
        return not _after_relative(sentence, trigger, opening, book)
    if trigger.verb.tense != "nominal" and not trigger.verb.bare:
        return False
    return any(0 < trigger.first - last <= 3 for _, last in spans(sentence.small, "on"))


def _after_relative(sentence: Sentence, trigger: Trigger, opening: int, book: Lexicon) -> bool:
    """ "Three men who were jailed in Chile *are coming home*": the relative clause has its verb already."""
    verb = trigger.verb
    if verb.bare or verb.tense not in ("past", "present", "future"):
        return False
    own = [h for h in sentence.hits if h.kind == "verb" and opening < h.first <= h.last < verb.first]
    if not any(h.tags & {"past", "pres", "fut"} for h in own):
        return False
    between = {t.word for t in sentence.words[own[-1].last + 1 : verb.first]}
    rules = book.grammar
    joins = (
        rules.words("and")
        | rules.words("subject_pronoun")
        | rules.words("subjects")
        | rules.words("opinion")
        | {",", ";"}
    )
    named = any(own[-1].last < n.first < verb.first and n.link == "" for n in sentence.named)
    return not between & joins and not named and own[-1].name != "report"


_AIMED = frozenset(("REJECT", "ACCUSE", "THREATEN"))


def is_aimed(sentence: Sentence, trigger: Trigger) -> bool:
    """A plain deed in words ("on Wednesday X rejected a demand"), dated, and no third state beside it."""
    if trigger.weak or trigger.inside is not None or trigger.verb.tense not in ("past", "pluperfect"):
        return False
    return trigger.rule.type in _AIMED and any(
        not m.since and sentence.numbers[m.first] == sentence.numbers[trigger.head.first] for m in sentence.moments
    )


def published_in(document: Document, day: EventDate) -> bool:
    return document.published is not None and day.first.year == document.published.year


def pronoun_object(sentence: Sentence, trigger: Trigger) -> bool:
    """ "invited him", "l'a invité": the other party, as a pronoun."""
    beside_it = range(trigger.verb.first - 2, trigger.head.last + 2)
    asked = trigger.rule.type == "REQUEST"
    return asked and any(first in beside_it for first, _ in spans(sentence.small, "him"))


def guest_named_before(sentence: Sentence, trigger: Trigger, dyad: Set[str]) -> list[Named]:
    """ "was in Rabat, where the king received *him*", "où *il* a été reçu, X a dit": whom the pronoun stands for."""
    if not pronoun_guest(sentence, trigger):
        return []
    clause = sentence.numbers[trigger.head.first]
    people = [n for n in sentence.named if n.mention.kind in ("person", "role") and n.who and n.side in dyad]
    guests = [n for n in people if sentence.numbers[n.first] != clause or n.first > trigger.last]
    there = {n.side for n in sentence.named if n.venue and n.link in ("in", "to") and n.side in dyad}
    return [n for n in guests if n.side not in there][:1] if there else []


def pronoun_guest(sentence: Sentence, trigger: Trigger) -> bool:
    """ "the king received *him*", "*il* a été reçu", «*его* принял король»."""
    if trigger.rule.frame != "host" or not trigger.rule.persons or trigger.verb.tense == "infinitive":
        return False
    verb = min(trigger.verb.first, trigger.head.first)
    if trigger.verb.passive:
        return any(0 < verb - last <= 2 for _, last in spans(sentence.small, "one"))
    near = range(verb - 2, trigger.head.last + 2)
    return any(first in near for first, _ in spans(sentence.small, "him"))


def meets_counterpart(sentence: Sentence, trigger: Trigger) -> bool:
    """ "received *his counterpart*": the other of the two."""
    return any(
        trigger.first - 2 <= first <= trigger.last + _COUNTERPART for first, _ in spans(sentence.small, "counterpart")
    )


_COUNTERPART = 12
"""Words from a meeting to "his counterpart"."""


def names_title(sentence: Sentence, trigger: Trigger, book: Lexicon) -> bool:
    """ "received the *interior minister* of Oman", whose name nobody knows."""
    after = sentence.words[trigger.head.last + 1 : trigger.head.last + _TITLE]
    return any(t.word in beside("greeted", book.language) for t in after)


_TITLE = 9
"""Words from a verb to the title of whom it is about."""


def those_two(sentence: Sentence, trigger: Trigger) -> bool:
    """Is the subject of the clause "they" or "both sides", whoever the clause before it names?"""
    clause, head = sentence.numbers[trigger.head.first], trigger.head.first
    found = (*spans(sentence.small, "they"), *spans(sentence.small, "both"))
    return any(first < head and sentence.numbers[first] == clause for first, _ in found)


def theirs(sentence: Sentence, trigger: Trigger) -> bool:
    """ "their deputies had gone over the accords of 1994": an old accord of the two, no other place or state named."""
    return bool(spans(sentence.small, "both") or spans(sentence.small, "their")) and not any(
        n.first >= trigger.first - 6 for n in sentence.named
    )


def said_of_them(sentence: Sentence, trigger: Trigger) -> bool:
    """ "They spoke", "les deux hommes ont parlé": said of the parties of the story."""
    clause = sentence.numbers[trigger.head.first]
    found = [*spans(sentence.small, "they"), *spans(sentence.small, "both")]
    told = any(first < trigger.head.first and sentence.numbers[first] == clause for first, _ in found)
    return told or host_and_guest(sentence, trigger)


def host_and_guest(sentence: Sentence, trigger: Trigger) -> bool:
    """ "he and his host spoke for two hours": who of them is who, the sentences before have told."""
    clause, verb = sentence.numbers[trigger.head.first], min(trigger.verb.first, trigger.head.first)
    met = [f for f, _ in spans(sentence.small, "counterpart") if f < verb and sentence.numbers[f] == clause]
    return any(0 < met[0] - last <= 2 for _, last in spans(sentence.small, "one")) if met else False


def pair_met(found: Parties) -> bool:
    """Someone of each of two sides, at least one of them a person."""
    met = [n for n in (*found.actors, *found.recipients) if n.side]
    return len({n.side for n in met}) > 1 and any(n.mention.kind == "person" for n in met)


def act_together(sentence: Sentence, trigger: Trigger, found: Parties) -> bool:
    """Two sides as the subject ("India and China decided"), or "they" who stand for them."""
    before = min(trigger.verb.first, trigger.first)
    counted = found.actors if trigger.rule.type != "AGREE" else [n for n in found.actors if n.last < before]
    agents = [n for n in found.actors if n.link in ("by", "between")]
    return any(len({n.side for n in group if n.side}) > 1 for group in (counted, agents)) or said_of_them(
        sentence, trigger
    )


def agreed_by_whom_not_said(sentence: Sentence, trigger: Trigger) -> bool:
    """ "It was decided to ...": by the two whom the text is about."""
    clause = sentence.numbers[trigger.head.first]
    return any(sentence.numbers[first] == clause for first, _ in spans(sentence.small, "it_was_agreed"))


def since_a_day(sentence: Sentence, trigger: Trigger, book: Lexicon) -> bool:
    after = sentence.words[trigger.head.last + 1 : trigger.head.last + 4]
    marks = book.grammar.words("in_force_since")
    return any(t.word in marks for t in after)


def in_quotation(passage: Passage, words: Sequence[Token], trigger: Trigger) -> bool:
    at = words[trigger.head.first].start
    return any(q.start <= at < q.end and len(q) > 25 for q in passage.quoted)


def strangers_near(sentence: Sentence, trigger: Trigger, reading: Reading) -> bool:
    """Are others than the dossier's two named beside talks whose parties are not? Then they may be theirs."""
    dyad = set(reading.dossier.dyad.sides)
    low, high = trigger.first - 3, trigger.last + 8
    away = [n for n in sentence.named if n.mention.kind == "city" and n.link in ("of", "to", "in", "from")]
    return any(is_third(n, dyad) and n.who and low <= n.first <= high and n not in away for n in sentence.named)


def points_back(sentence: Sentence, trigger: Trigger, how: str = "same_day") -> bool:
    """ "who the same week ...", "Тогда ...": in the trigger's clause or the one over it, or at the sentence's head."""
    clause = sentence.numbers[trigger.head.first]
    opening = sentence.numbers.index(clause)
    clauses = {clause, sentence.numbers[opening - 1]} if opening and is_reported(sentence, trigger) else {clause}
    return any(first <= 1 or sentence.numbers[first] in clauses for first, _ in spans(sentence.small, how))


def names_that_day(sentence: Sentence, trigger: Trigger) -> bool:
    """ "The same day", «тогда же»: the day named last, in the trigger's clause or at the head of the sentence."""
    clause = sentence.numbers[trigger.head.first]
    return any(first <= 1 or sentence.numbers[first] == clause for first, _ in spans(sentence.small, "that_day"))


def is_definite(sentence: Sentence, trigger: Trigger, book: Lexicon) -> bool:
    if trigger.head.kind == "verb" and trigger.thing is None:
        return False
    if trigger.rule.type == "AGREE" and not (trigger.rule.of_story or trigger.rule.named):
        return False
    at = (trigger.thing or trigger.head).first
    before = [t.word for t in sentence.words[max(0, at - 4) : at]]
    if any(m.last in (at - 2, at - 1) for m in sentence.moments):
        return True  # "Thursday's talks"
    rules = book.grammar
    if any(word in rules.words("pointing") for word in before):
        return True
    # Without an article, rounds and negotiations are taken as those of the story, any meeting is not.
    return not rules.words("articles") and trigger.weak and sentence.words[at].word not in rules.words("plain")


def is_recalled(
    sentence: Sentence, trigger: Trigger, tense: str, rules: Grammar, published: date | None = None
) -> bool:
    """Is it told as something of before? "Recalled its envoy" and "earlier this week" are none of that."""
    if tense == "pluperfect" or _under_pluperfect(sentence, trigger, rules):
        return True
    clause = sentence.numbers[trigger.head.first]
    return any(
        s.name == "recalled"
        # "a rappelé son ambassadeur" recalls nothing told before
        and not (trigger.rule.family == "retreat" and not trigger.verb.bare and trigger.head.first == s.first)
        and (sentence.numbers[s.first] == clause or _set_off(sentence, s.last, clause))
        and s.first < trigger.last + 2
        and not trigger.head.first <= s.first <= s.last <= trigger.head.last
        and not any(
            m.first - _OF_DAY <= s.last <= m.last and _of_these_days(m.date, published) for m in sentence.moments
        )
        for s in sentence.signs
    ) or _told_before(sentence, trigger)


def _of_these_days(day: EventDate, published: date | None) -> bool:
    return published is not None and (published - day.first).days <= _THESE_DAYS


_OF_DAY = 2
"""Words from "earlier" to the day that it is part of."""
_THESE_DAYS = 7
"""Days that "earlier this week" may reach back."""


def _told_before(sentence: Sentence, trigger: Trigger) -> bool:
    """ "..., the minister had said earlier": what a report of another day tells."""
    reports = [h for h in sentence.hits if h.kind == "verb" and h.name == "report" and h.first != trigger.head.first]
    return any(
        s.name == "recalled" and s.first > trigger.last and (h.last + 1 == s.first or s.last + 1 == h.first)
        for s in sentence.signs
        for h in reports
    )


def _set_off(sentence: Sentence, last: int, clause: int) -> bool:
    """ "Earlier, as reported, ...": a word at the head of the sentence that an inserted clause parts from its verb."""
    words = sentence.words
    return last <= 2 and last + 1 < len(words) and words[last + 1].word == "," and sentence.numbers[last] < clause


def _under_pluperfect(sentence: Sentence, trigger: Trigger, rules: Grammar) -> bool:
    """ "avait montré que Moscou ne cédait rien": of the time of what stands over it."""
    clause = sentence.numbers[trigger.head.first]
    opening = sentence.numbers.index(clause)
    if not opening or sentence.words[opening].word not in rules.words("content_clause"):
        return False
    over = sentence.numbers[opening - 1]
    had = {word for word, tense in rules.tenses("have").items() if tense == "pluperfect"}
    before = (t.word for t, number in zip(sentence.words[:opening], sentence.numbers, strict=False) if number == over)
    return not had.isdisjoint(before)


def at_its_end(sentence: Sentence, trigger: Trigger, book: Lexicon) -> bool:
    """ "Au terme de leur entretien", "à l'issue de discussions": the meeting is over, so it took place."""
    if trigger.rule.type != "CONSULT" or trigger.head.kind != "thing" or trigger.verb.tense != "nominal":
        return False
    before = [t.word for t in sentence.words[max(0, trigger.first - _END) : trigger.first]]
    closed = any(word in book.grammar.words("at_its_end") for word in before) and "," not in before
    negated = any(s.name in ("negation", "future") and s.last < trigger.first for s in sentence.signs)
    return closed and not negated


_END = 5
"""Words from "at the end of" to the meeting."""


def foreseen(sentence: Sentence, trigger: Trigger) -> bool:
    """ "The accord provides that the troops *will leave*", «Le texte prévoit que ...»: what was agreed."""
    clause = sentence.numbers[trigger.head.first]
    papers = [
        h for h in sentence.hits if h.kind == "thing" and h.name in _PAPERS and sentence.numbers[h.first] < clause
    ]
    provides = [first for first, _ in spans(sentence.small, "provides") if sentence.numbers[first] < clause]
    return any(0 < first - h.last <= _PROVIDES for h in papers for first in provides)


_PAPERS = frozenset(("accord", "treaty", "text", "ceasefire", "roadmap"))
_PROVIDES = 8
"""Words from a paper to the verb of what it lays down."""


def reached(sentence: Sentence, trigger: Trigger) -> bool:
    """ "a deputy *reached by telephone* says": a participle, behind the verb of its clause where forms are alike."""
    verb, clause = trigger.verb, sentence.numbers[trigger.head.first]
    if verb.bare and verb.passive:
        return True
    before = (h for h in sentence.hits if h.kind == "verb" and h.last < verb.first)
    alike = "pp" in trigger.head.tags and verb.tense == "present"
    return alike and any(sentence.numbers[h.first] == clause for h in before)


def ready_to(sentence: Sentence, trigger: Trigger) -> bool:
    """ "is ready to meet", "se dit prêt à rencontrer": a mood, no meeting that is arranged."""
    return any(0 < trigger.verb.first - last <= _READY for _, last in spans(sentence.small, "ready"))


_READY = 3
"""Words from "ready to" to the verb."""


def meeting_of_many(sentence: Sentence, trigger: Trigger) -> bool:
    """ "will travel to the G20 summit in St Petersburg": the city's state is no host of its own."""
    clause = sentence.numbers[trigger.head.first]
    found = spans(sentence.small, "of_many")
    return any(trigger.head.first < first and sentence.numbers[first] == clause for first, _ in found)


def names_many(sentence: Sentence, trigger: Trigger) -> bool:
    """ "the G20 summit", "le sommet du G20" itself."""
    return any(
        trigger.first - 2 <= last and first <= trigger.last + 3 for first, last in spans(sentence.small, "of_many")
    )


def months_of(sentence: Sentence, trigger: Trigger, book: Lexicon) -> bool:
    """ "after months of secret talks", «после месяцев переговоров»: how long they went on, and no meeting."""
    before = sentence.words[max(0, trigger.head.first - 4) : trigger.head.first]
    return trigger.verb.tense == "nominal" and any(t.word in beside("stretches", book.language) for t in before)


def came_from(sentence: Sentence, trigger: Trigger) -> bool:
    """ "arrived straight from Davos"."""
    near = range(trigger.head.last + 1, trigger.head.last + _TITLE)
    return any(n.mention.kind == "city" and n.link in ("from", "of") and n.first in near for n in sentence.named)


def lasted(sentence: Sentence, trigger: Trigger) -> bool:
    """ "after five days of secret talks", "trois heures d'entretien": talks whose length is known were held."""
    at, words = trigger.first, sentence.words
    ends = [t.evidence.span.end for t in sentence.passage.times if t.type == "DURATION"]
    last = [i for i in range(max(0, at - _LASTED), at) if words[i].end in ends]
    return bool(last) and any(last[-1] < first < at for first, _ in spans(sentence.small, "of"))


_LASTED = 5
"""Words from how long talks took to their noun."""


def of_both(sentence: Sentence, trigger: Trigger) -> bool:
    """ "a call between the two countries' directors of operations": said behind the noun of the meeting."""
    between = {last for name, _, last in sentence.small if name == "between"}
    clause = sentence.numbers[trigger.head.first]
    after = [first for first, _ in spans(sentence.small, "both") if first > trigger.last]
    near = any(0 < last - trigger.last <= 2 for last in between)
    return near and any(first - trigger.last <= 2 * _TITLE and sentence.numbers[first] == clause for first in after)


def calls_up(sentence: Sentence, trigger: Trigger) -> bool:
    """ "a appelé mardi Vladimir Poutine": a call, for nothing is asked ("a appelé Moscou *à* la retenue")."""
    head, clause = trigger.head, sentence.numbers[trigger.head.first]
    if head.first != head.last or not any(h.name == "call_up" and h.first == head.first for h in sentence.hits):
        return False
    reached = [
        n for n in sentence.named if n.mention.kind in ("person", "role") and 0 < n.first - head.last <= _REACHED
    ]
    if not reached or reached[0].link:
        return False
    behind = [i for i in range(reached[0].last + 1, len(sentence.words)) if sentence.numbers[i] == clause]
    return not any(name == "to" and first in behind[:_ASKED] for name, first, _ in sentence.small)


_REACHED, _ASKED = 5, 3
"""Words from the verb to whom it reaches, and from there to what is asked of them."""
