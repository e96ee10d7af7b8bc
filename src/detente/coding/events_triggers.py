"""Where a sentence names an event: an act, the thing it is done with, and the rule that joins the two."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from detente.coding.events_lexicon import Hit, Lexicon, Rule, Token, beside, rules_naming, rules_of, spans
from detente.coding.realis import Group, group
from detente.languages import grammar

# Between an act and its thing stand articles, adjectives and short names, seldom more than this many words
# ("took the unusual step of expelling thirty-five of the embassy's diplomats").
_REACH = {"verb": 11, "noun": 7}
_BACK = 20
_OPENERS = frozenset(";:()—–")
_CLOSER = {"(": ")", "—": "—", "–": "–"}
_PRESUPPOSED = frozenset(("cancelled", "sanction", "lift", "release", "retreat"))
"""Families whose noun, at the head of a sentence, tells a deed ("The expulsion of ... drew protests")."""
_PREPOSITIONS = frozenset(("with", "between", "against", "by", "from", "on", "to", "in"))
_GOVERNORS = frozenset(
    ("agree", "offer", "propose", "request", "invite", "reject", "threaten", "promise", "cancel", "postpone")
)


@dataclass(slots=True)
class Trigger:
    """An event as a sentence names it, before parties, date and realis are known.

    Attributes:
        head: The act, or the thing where it names the event alone.
        thing: What the act is done with, where the rule asks for one.
        verb: The verb that carries the event, as read.
        weak: Named in passing: it must be dated or merge with another mention.
        inside: The trigger whose infinitive or noun this is ("agreed to *hold talks*").
        of_relative: The thing stands in the main clause, the act in a relative one about it.
        shares_subject: It follows "and": its subject is that of the verb before.
        relatives: Tokens of the sentence that open a relative clause.
        ordered: An infinitive under a verb of ordering or deciding, told by that verb ("ordered to lift").
        holds: Triggers inside this one.
        aside: A participle after a comma that tells a deed of the same subject ("..., accusing Ankara of ...").
        none: There was none of its thing: "signed *no* agreement".
        between: First tokens of the names of who does it and to whom, where that is known before the parties are read.
    """

    rule: Rule
    head: Hit
    thing: Hit | None
    verb: Group
    weak: bool
    inside: Trigger | None = None
    of_relative: bool = False
    shares_subject: bool = False
    relatives: frozenset[int] = frozenset()
    ordered: bool = False
    holds: list[Trigger] = field(default_factory=list)
    aside: bool = False
    between: tuple[int, ...] = ()
    none: bool = False

    @property
    def first(self) -> int:
        return min(self.head.first, self.thing.first) if self.thing else self.head.first

    @property
    def last(self) -> int:
        return max(self.head.last, self.thing.last) if self.thing else self.head.last


def clauses(
    words: Sequence[Token], small: Sequence[tuple[str, int, int]], language: str, hits: Sequence[Hit] = ()
) -> list[int]:
    """Number the clauses: one number per token, growing at conjunctions, relatives and strong marks.

    With `hits`, who says it, put between commas ("Moscow, he admitted, did not agree"), is a clause of its own too.

    >>> from detente.coding.events_lexicon import lexicon, tokens
    >>> words = tokens("Moscow said that talks resumed", "en")
    >>> clauses(words, lexicon("en").small.find(words), "en")
    [0, 0, 1, 1, 1]
    """
    opens = {first for name, first, _ in small if name == "clause"} - {f for name, f, _ in small if name == "capacity"}
    asides = _asides(words, hits, language)
    numbers: list[int] = []
    number = highest = 0
    outer: list[tuple[str, int]] = []  # what closes the inserted clause, and the clause it was inserted in
    for i, token in enumerate(words):
        word = token.word
        if outer and word == outer[-1][0]:
            number = outer.pop()[1]
        elif i in asides:
            outer.append((",", number))
            highest += 1
            number = highest
        elif (i in opens and not _of_time(words, i, language)) or word in _OPENERS or _full_stop(words, i):
            # ", which ...," and ", under which ...,": the clause around it goes on behind the comma.
            before = [t.word for t in words[max(0, i - 2) : i]]
            inserted = "," in before and word in beside("relative", language)
            inserted = inserted or (before[-1:] == [","] and word in grammar(language).words("inserted"))
            if inserted or word in ("(", "—", "–"):
                outer.append(("," if inserted else _CLOSER[word], number))
            highest += 1
            number = highest
        numbers.append(number)
    return numbers


def _asides(words: Sequence[Token], hits: Sequence[Hit], language: str) -> set[int]:
    """Where an inserted "he admitted", "Dmitriev complained" begins: behind a comma, and no longer than that."""
    commas = [i for i, token in enumerate(words) if token.word == ","]
    rules = grammar(language)
    tellers = rules.words("teller")
    found = set()
    for opening, closing in pairwise(commas):
        inside = range(opening + 1, closing)
        if opening == 0 or not inside or len(inside) > _ASIDE:
            continue
        if any(words[i].word.endswith(tuple(f"-{teller}" for teller in tellers)) for i in inside):
            found.add(opening + 1)
            continue
        verbs = [h for h in hits if h.kind == "verb" and h.name in _SAYING and h.first in inside and h.last in inside]
        said = {i for h in verbs for i in range(h.first, h.last + 1)}
        rest = [words[i] for i in inside if i not in said]
        alone = len(inside) == _TELLER and any(words[i].word in tellers for i in inside)
        if alone or (said and rest and all(t.capital or t.word in rules.words("auxiliary") for t in rest)):
            found.add(opening + 1)
    return found


_ASIDE = 5
"""Words of an inserted "he admitted"."""
_TELLER = 2
"""Words of a pronoun with its verb."""
_SAYING = frozenset(("report", "condemn", "accept", "announce", "notify"))


def _between_days(words: Sequence[Token], at: int, language: str) -> bool:
    """ "le 28 juillet puis le 30 septembre": no new clause, another day."""
    rules = grammar(language)
    after = [t.word for t in words[at + 1 : at + 3]]
    number = next((word for word in after if word not in rules.words("articles")), "")
    return words[at].word in rules.words("between_days") and number.isdigit()


def _of_time(words: Sequence[Token], at: int, language: str) -> bool:
    return _between_days(words, at, language) or _at_hour(words, at, language) or _calendar(words, at, language)


def _at_hour(words: Sequence[Token], at: int, language: str) -> bool:
    """ "peu après 17h00", "avant minuit": no new clause, an hour."""
    rules = grammar(language)
    if words[at].word not in rules.words("until") | rules.words("separate"):
        return False
    after = [t.word for t in words[at + 1 : at + 3]]
    number = after[0].isdigit() and after[-1] in rules.words("hours") if after else False
    return number or not rules.words("of_clock").isdisjoint(after[:1])


def _calendar(words: Sequence[Token], at: int, language: str) -> bool:
    """ "expelled the consul *that* November", "that same evening": part of a date, and no new clause."""
    following = words[at + 1].word if at + 1 < len(words) else ""
    opens = words[at].word in grammar(language).words("content_clause")
    return opens and following in beside("calendar", language)


def _full_stop(words: Sequence[Token], at: int) -> bool:
    """A stop inside a passage that was not cut there («... США. Россия ...»); initials and «г.» are none."""
    stop = words[at].word == "." and at > 0 and len(words[at - 1].word) > 2
    return stop and at + 1 < len(words) and words[at + 1].capital


def _allowed_before(rule: Rule, hit: Hit, verb: Group, lexicon: Lexicon) -> bool:
    """May the thing stand before the act? As subject of a passive or of an intransitive, or anywhere in Russian."""
    if hit.kind == "noun":
        return False
    if rule.either:
        return True
    if grammar(lexicon.language).traits.free_order or verb.passive or hit.reflexive or hit.name in lexicon.intransitive:
        return True
    return "pp" in hit.tags and verb.bare


def _object_of(thing: Hit, hit: Hit, numbers: Sequence[int], words: Sequence[Token], lexicon: Lexicon) -> bool:
    """ "the summit *that Trump had called off*": the thing stands before the relative clause that has its act."""
    opening = numbers.index(numbers[hit.first])
    if hit.kind != "verb" or not 0 < opening - thing.last <= _BEFORE_RELATIVE:
        return False
    # "la conversation qu'ont eue X et Y", without a comma
    rules, lead = grammar(lexicon.language), words[opening + 1 : hit.last]
    had = hit.name in ("hold", "discuss", "meet") and rules.traits.verbs == "romance" and "pp" in hit.tags
    had = had and any(t.word in rules.tenses("have") for t in lead)
    return (words[opening - 1].word == "," or had) and words[opening].word in beside(
        "object_relative", lexicon.language
    )


_BEFORE_RELATIVE = 9
"""Words from a thing to the relative clause about it."""


def _by_means(thing: Hit, hit: Hit, words: Sequence[Token], lexicon: Lexicon) -> bool:
    """ "speaking *by video link* to a forum": how it was done, not what."""
    before = words[thing.first - 1].word if thing.first else ""
    return thing.name == "call" and hit.name == "occur" and before in lexicon.words["by"]


def _where(hit: Hit, thing: Hit, words: Sequence[Token], language: str) -> bool:
    """ "proposed at the talks", «предложила на консультациях»: where, not what ("take part in the talks")."""
    if thing.name not in ("talks", "call", "visit", "demands", "drill", "exercise"):
        return False
    before = [t.word for t in words[max(0, thing.first - 2, hit.last + 1) : thing.first]]
    at = beside("at_meeting", language)
    rules = grammar(language)
    article = bool(before) and before[-1] in rules.words("articles") | rules.words("contracted")
    return bool(before) and (before[-1] in at or (article and before[0] in at))


def _has_object(words: Sequence[Token], hit: Hit, language: str) -> bool:
    """Tell "returned a painting" from "returned to Moscow"."""
    if hit.last + 1 >= len(words):
        return False
    following = words[hit.last + 1].word
    return following in beside("opens_object", language) or following.isdigit()


def _thing_for(
    rule: Rule,
    hit: Hit,
    verb: Group,
    candidates: Sequence[Hit],
    numbers: Sequence[int],
    words: Sequence[Token],
    lexicon: Lexicon,
) -> Hit | None:
    best: tuple[int, Hit] | None = None
    opening = "pp" in hit.tags and _opens(words, hit, lexicon.language)
    for thing in candidates:
        wanted = thing.name if thing.kind == "thing" else f"acts.{thing.name}"
        if wanted not in rule.with_ or thing.first == hit.first or _by_means(thing, hit, words, lexicon):
            continue
        crossing = abs(numbers[thing.first] - numbers[hit.first])
        if hit.first < thing.first <= hit.last:
            away = 0  # "called its envoy home"
        elif thing.first > hit.last:
            away = thing.first - hit.last
            if _of_a_relative(words[hit.last + 1 : thing.first], lexicon):
                continue  # «принят президентом, которому вручил приглашение»
            # "Signé à Prague le ... par ..., le traité ...": a participle that opens the sentence waits for its noun.
            waits = opening and verb.bare and thing.name in ("treaty", "accord", "text")
            if (
                (away > _REACH[hit.kind] and not (waits and away <= _WAIT))
                or (crossing and not _opens_list(words[hit.last + 1 : thing.first]))
                or _where(hit, thing, words, lexicon.language)
            ):
                continue
            before_it = (verb.passive and not verb.bare) or rule.expires
            if before_it and not grammar(lexicon.language).traits.free_order:
                away += 8  # a passive has its thing before it, and so has what expires
        else:
            here = (numbers[hit.first], numbers[thing.first])
            away = sum(numbers[i] in here for i in range(thing.last, hit.first)) + 2  # what is inserted does not count
            # A relative clause sits between noun and verb: "les pourparlers, qui ont duré …, se sont tenus".
            if "ger" in hit.tags and "past" not in hit.tags and not grammar(lexicon.language).traits.free_order:
                continue  # "an encounter ... ending"
            allowed = _allowed_before(rule, hit, verb, lexicon) or _object_of(thing, hit, numbers, words, lexicon)
            if crossing and verb.negated and words[hit.first].word.endswith(lexicon.grammar.endings("impersonal")):
                continue  # «переговоры были полезны, но прорыва не произошло»
            if away > _BACK or crossing > 2 or not allowed or _cut_off(words[thing.last + 1 : hit.first], lexicon):
                continue
            away += 4 * crossing
        if best is None or away < best[0]:
            best = (away, thing)
    return best[1] if best else None


def _of_a_relative(between: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether a relative clause opens between an act and a thing, where relatives are declined."""
    return lexicon.grammar.traits.inflected and any(
        a.word == "," and b.word in beside("relative", lexicon.language) for a, b in pairwise(between)
    )


def _opens_list(between: Sequence[Token]) -> bool:
    """ "prohibited the following: (i) the import of": the first point of a list that a verb opens."""
    marks = [token.word for token in between if not token.word.isalpha()]
    return ":" in marks and ";" not in marks and len(between) <= _LIST_LEAD


_LIST_LEAD = 8
"""Words and marks between a verb and the first thing of the list that it opens."""


def _cut_off(between: Sequence[Token], lexicon: Lexicon) -> bool:
    """ "... d'huile, *l'*Américaine a été échangée", "un avion, elle rentre », a lancé": another subject begins."""
    rules = lexicon.grammar
    marks = [t.word for t in between if t.word in _QUOTES]
    if len(marks) % 2:
        return True  # the thing stands in a quotation, or the act does
    starts = rules.words("subject_pronoun") | (rules.words("definite") if rules.traits.verbs == "romance" else set())
    return any(a.word == "," and b.word in starts for a, b in pairwise(between)) and not any(
        t.word in beside("relative", lexicon.language) for t in between
    )


_QUOTES = frozenset('«»“”"')

_OFFERED = 12
"""Words between an offer and the verb of what is offered ("proposed to set aside a billion dollars to finance")."""

_WAIT = 40
"""Words that participles at the head of a sentence may stand before the noun they belong to."""


_ORDERED = frozenset(("sanction", "lift", "release", "retreat", "aid", "coerce"))
_ORDER_REACH = 7
"""Words between a verb of ordering or deciding and the infinitive of the deed."""


def _order_of(hit: Hit, hits: Sequence[Hit], numbers: Sequence[int]) -> Hit | None:
    """The verb of ordering or deciding that an infinitive hangs on («поручил снять ограничения»)."""
    before = [h for h in hits if h.kind == "verb" and h.first < hit.first and numbers[h.first] == numbers[hit.first]]
    last = before[-1].first if before else -1
    return next(
        (h for h in before if h.first == last and h.name == "order" and hit.first - h.last <= _ORDER_REACH), None
    )


def _only_promised(rule: Rule, order_of: Hit, hits: Sequence[Hit]) -> bool:
    ill = rule.family in ("sanction", "coerce") or rule.type == "MOBILIZE"
    return ill and any(h.name == "promise" and h.first == order_of.first for h in hits)


_CARRIERS = frozenset(("announce", "notify", "order", "hold", "start", "decide"))
_ENDERS = frozenset(("finish",))
_DEEDS = frozenset(("sanction", "retreat", "release", "lift", "coerce", "force", "aid"))
_CARRIED = 14
"""Words between a verb of announcing or doing and the noun of what is announced or done."""


def _carrier(
    rule: Rule,
    hit: Hit,
    hits: Sequence[Hit],
    numbers: Sequence[int],
    words: Sequence[Token],
    prepositions: Container[int],
    lexicon: Lexicon,
) -> Hit | None:
    """The verb whose object the noun of a deed is: "announced the expulsion of ...", "a achevé le retrait de ..."."""
    if rule.family not in _DEEDS:
        return None
    carriers = _CARRIERS | _ENDERS if rule.family in ("retreat", "release") else _CARRIERS
    clause = numbers[hit.first]
    verbs = [h for h in hits if h.kind == "verb" and numbers[h.first] == clause]
    before = [h for h in verbs if h.name in carriers and 0 < hit.first - h.last <= _CARRIED]
    if not before:
        return _carrier_behind(hit, verbs, numbers, words, lexicon)
    carrier = before[-1]
    if any(h.name not in carriers and carrier.last < h.first < hit.first for h in verbs):
        return None
    at = hit.first - 1
    while at > carrier.last and words[at].word not in lexicon.grammar.words("and") and words[at].word != ",":
        if at in prepositions:
            # "a procédé lundi à la libération": the verb's own; behind an object it opens something else.
            # «объявил во вторник о снятии»: Russian has a preposition that opens nothing but what is told.
            near = at - carrier.last <= 2 or words[at].word in lexicon.grammar.words("told_about")
            own = near and not any(carrier.last < h.first < at for h in hits)
            return carrier if own else None
        at -= 1
    return carrier


def _carrier_behind(
    hit: Hit, verbs: Sequence[Hit], numbers: Sequence[int], words: Sequence[Token], lexicon: Lexicon
) -> Hit | None:
    """«О прекращении соглашения объявило ...», «Отмену санкций анонсировал ...»: told by the first verb behind it."""
    opening = numbers.index(numbers[hit.first])
    fronted = hit.first == opening or (
        hit.first == opening + 1 and words[opening].word in lexicon.grammar.words("told_about")
    )
    behind = next((h for h in verbs if h.first > hit.last), None)
    if not lexicon.grammar.traits.free_order or not fronted or behind is None:
        return None
    told = any(h.name in _CARRIERS and h.first == behind.first for h in verbs)
    return behind if told and behind.first - hit.last <= _CARRIED else None


def _governed(rule: Rule, verb: Hit, thing: Hit | None, numbers: Sequence[int]) -> bool:
    """Is this what is offered, promised or ordered: an infinitive, a noun, or "an order *imposing*"?"""
    if thing is not None and numbers[thing.first] != numbers[verb.first]:
        return False
    told = verb.kind == "noun" or "inf" in verb.tags or (rule.family == "affirmed" and "fut" in verb.tags)
    return told or (thing is not None and "ger" in verb.tags and 0 < verb.first - thing.last <= 3)


_ILL = frozenset(
    (
        "reject",
        "suspend",
        "quit",
        "cancel",
        "postpone",
        "sever",
        "break_off",
        "ban",
        "impose",
        "penalize",
        "expel",
        "cease",
    )
)
_ILL_THINGS = frozenset(
    ("troops", "sanctions", "blockade", "alert", "reservists", "protest_note", "persona", "missile")
)
_OFFERED_NEAR = 4
"""Words from a verb of giving to what is given ("send *more of its troops*")."""


def _offers_ill(rule: Rule, hit: Hit, thing: Hit | None, hits: Sequence[Hit], numbers: Sequence[int]) -> bool:
    """ "is ready to *break off* talks", "intends to send *troops*": nothing is offered."""
    behind = [h for h in hits if h.first > hit.last and numbers[h.first] == numbers[hit.first]]
    if thing is not None:
        return any(h.name in _ILL and h.first < thing.first for h in behind)
    done = next((h for h in behind if h.kind == "verb" and h.name in rule.verbs), None)
    return done is not None and any(
        # One word may stand for a good act and a bad one («prorrogar» a treaty, sanctions).
        (h.name in _ILL and (h.first < done.first or done.name in _ILL))
        or (h.name in _ILL_THINGS and h.kind == "thing" and 0 < h.first - done.last <= _OFFERED_NEAR)
        for h in behind
    )


_REFUSED = frozenset(("reject", "accept", "back"))
_REFUSED_NEAR = 3
"""Words from a refusal to what is refused ("did not back new *sanctions*")."""


def _refuses_ill(words: Sequence[Token], hit: Hit, hits: Sequence[Hit], numbers: Sequence[int], language: str) -> bool:
    """Is it something hostile that is refused? Then nobody is turned down; of an infinitive, the draft decides."""
    near = [h for h in hits if 0 < h.first - hit.last <= _REFUSED_NEAR and numbers[h.first] == numbers[hit.first]]
    if hit.name == "reject" and hit.last + 1 < len(words) and words[hit.last + 1].word in beside("no_deed", language):
        return True  # «отказался уточнить»
    if hit.name not in _REFUSED or any(h.kind != "thing" for h in near):
        return False
    return any(h.name == "sanctions" for h in near)


def _of_mission(hit: Hit, verb: Group, things: Sequence[Hit], numbers: Sequence[int]) -> bool:
    """ "The consulate is suspending its services": a mission does it itself, before the verb."""
    before = (h for h in things if h.name == "mission" and h.last < min(verb.first, hit.first))
    return any(numbers[h.first] == numbers[hit.first] for h in before)


def _done_to_it(words: Sequence[Token], hit: Hit, verb: Group, lexicon: Lexicon) -> bool:
    """ "They will sign it on 8 April", "ils le signeront", «его подпишут»: the paper told of before, as a pronoun."""
    if verb.tense in ("nominal", "participle"):
        return False
    low, high = min(verb.first, hit.first), hit.last
    near = (
        words[max(0, low - 1) : hit.first]
        if lexicon.grammar.traits.verbs == "romance"
        else words[max(0, low - 1) : high + 2]
    )
    return not beside("it", lexicon.language).isdisjoint(t.word for t in near)


def _offered_clause(words: Sequence[Token], hit: Hit, offered: Hit, numbers: Sequence[int], lexicon: Lexicon) -> bool:
    """ "proposed that both keep the limits", "a proposé que chacun respecte"."""
    opening = numbers.index(numbers[offered.first])
    said = words[opening].word in lexicon.grammar.words("content_clause")
    return said and 0 < opening - hit.last <= 2 and not offered.tags <= {"pp"}


def _apart(hit: Hit, other: Hit, numbers: Sequence[int], words: Sequence[Token]) -> int:
    """Words from one act to a later one, without marks and numbers and what is inserted between commas."""
    between = range(hit.last + 1, other.first)
    same = numbers[other.first] == numbers[hit.first]
    skipped = (i for i in between if (same and numbers[i] > numbers[hit.first]) or not words[i].word[0].isalpha())
    return other.first - hit.last - sum(1 for _ in skipped)


def _no_longer(words: Sequence[Token], hit: Hit, verb: Group, lexicon: Lexicon) -> bool:
    """ "ne fait plus partie", "is no longer party": it was so, and is over."""
    near = words[max(0, min(verb.first, hit.first) - 2) : hit.last + 1]
    return any(token.word in lexicon.grammar.words("no_longer") for token in near)


def _opens_before(inner: Hit, hit: Hit, words: Sequence[Token], numbers: Sequence[int], lexicon: Lexicon) -> bool:
    """«Встретиться в Москве предложил ...»: where the order of words is free, what is offered may open its clause."""
    if not grammar(lexicon.language).traits.free_order or not 0 < hit.first - inner.last <= _OFFERED:
        return False
    opens = inner.first <= 1 or words[inner.first - 1].word in _OPENERS | {","}
    return opens and "inf" in inner.tags and numbers[inner.first] == numbers[hit.first]


_TELLING = frozenset(("announce", "notify"))


def _lacks(between: Sequence[Token], lexicon: Lexicon) -> bool:
    """ "ended *without* any documents signed": what stands behind it is what there was not."""
    return not lexicon.grammar.words("lacking").isdisjoint(token.word for token in between)


def _none_of(words: Sequence[Token], hit: Hit, thing: Hit, lexicon: Lexicon) -> bool:
    """ "*No* peace agreement was signed", "held no talks": there was none."""
    rules = lexicon.grammar
    for i in range(thing.first - 1, max(-1, thing.first - _NONE), -1):
        if words[i].word in rules.words("none_of"):
            near = thing.last < hit.first or i == hit.last + 1
            return near and words[i + 1].word not in rules.words("no_longer")
        if not words[i].word.isalpha() or words[i].word in rules.words("articles") | lexicon.words["to"]:
            return False
    return False


_NONE = 4
"""Words from a thing back to the "no" before it."""


def _without(rule: Rule, hit: Hit, things: Sequence[Hit]) -> bool:
    return any(h.name in rule.without and -6 <= h.first - hit.last <= 9 for h in things)


def _opens(words: Sequence[Token], hit: Hit, language: str) -> bool:
    """A participle at the head of the sentence, or one coordinated with it before any finite verb."""
    if hit.first == 0:
        return words[0].capital
    before = words[hit.first - 1].word
    head = words[0].word
    rules = grammar(language)
    joined = before == "," or before in rules.words("and")
    return joined and head.endswith(rules.endings("opening_participle"))


def _says_more(hit: Hit, hits: Sequence[Hit]) -> bool:
    """Is the verb part of a phrase that means a deed of its own (« condamner ... à deux ans de prison »)?"""
    phrases = (
        h for h in hits if h.kind == "verb" and h.first == hit.first and h.last > hit.last and h.name != hit.name
    )
    return any(not (rule.with_ or rule.verbs) for h in phrases for _, rule in rules_of(h.name))


def _in_hostile_phrase(hit: Hit, thing: Hit, hits: Sequence[Hit]) -> bool:
    """Is the thing a word of a phrase that means a measure («аннулировать визы», beside «аннулировать запрет»)?"""
    phrases = (h for h in hits if h.kind == "verb" and h.first == hit.first and h.last >= thing.last > hit.last)
    return any(rule.family == "sanction" for h in phrases for _, rule in rules_of(h.name))


def _says_threat(hit: Hit, hits: Sequence[Hit]) -> bool:
    """ "brandir la menace d'un embargo": the phrase threatens, nothing is imposed."""
    phrases = (h for h in hits if h.kind == "verb" and h.first == hit.first and h.last > hit.last)
    return any(rule.family == "threat" for h in phrases for _, rule in rules_of(h.name))


def _undone(hit: Hit, thing: Hit, nouns: Sequence[Hit]) -> bool:
    """Are the measures part of what undoes them («отмену санкций анонсировал», "the lifting of sanctions")?"""
    return any(
        n.name in ("lift", "cancel", "suspend") and n is not hit and 0 < thing.first - n.last <= 2 for n in nouns
    )


def _reduced(
    words: Sequence[Token], hit: Hit, verb: Group, hits: Sequence[Hit], numbers: Sequence[int], lexicon: Lexicon
) -> Group:
    """Read "released a mayor *jailed* last year" as a participle: the clause has its verb, and nothing joins another.

    Only English writes past tense and participle alike.
    """
    rules = lexicon.grammar
    alike = rules.traits.verbs == "english" and verb.tense == "past" and not verb.passive and "pp" in hit.tags
    if not alike or verb.first != hit.first or hit.first < 2:
        return verb
    before = words[hit.first - 1]
    lead = {w.word for w in words[max(0, hit.first - _EVERY) : hit.first]}
    counted = before.capital and lead & rules.words("every")
    if (
        (before.capital and not counted)
        or before.word == ","
        or before.word in rules.words("and") | rules.words("subjects")
    ):
        return verb
    joins = rules.words("and") | rules.words("clause_joins") | {",", ";"}
    if lead & rules.words("every") and not lead & beside("relative", lexicon.language):
        return Group("participle", True, verb.negated, verb.first, bare=True)  # "until every citizen detained is free"
    for other in hits:
        if other.kind != "verb" or not other.last < hit.first - 1 or numbers[other.first] != numbers[hit.first]:
            continue
        finite = other.tags & {"past", "pres"} and words[other.first - 1].word not in lexicon.words["to"]
        gap = words[other.last + 1 : hit.first]
        comma = max((i for i, t in enumerate(gap) if t.word == ","), default=-1)
        if comma >= 0 and comma + 1 < len(gap) and gap[comma + 1].word in beside("apposed", lexicon.language):
            gap = gap[comma + 1 :]  # "freed a mayor, *a* member of a movement *jailed* last year"
        if finite and other.name != "report" and not {t.word for t in gap} & joins:
            return Group("participle", True, verb.negated, verb.first, bare=True)
    return verb


def _ordinals(small: Sequence[tuple[str, int, int]], hits: Sequence[Hit]) -> list[Hit]:
    """Read "le premier", "the previous one" as the meeting named before them in the sentence."""
    talks = [hit for hit in hits if hit.name in ("talks", "call")]
    found = []
    for name, first, last in small:
        if name != "ordinal" or not talks or talks[0].first > first:
            continue
        if any(hit.kind != "verb" and last < hit.first <= last + 3 for hit in hits):
            continue
        found.append(Hit("thing", "talks", first, last, frozenset(("noun", "ordinal"))))
    return found


_EVERY = 6
"""Words from "every" to the participle of whom it counts."""
_NEAR = 4
"""Words behind an act within which a rule that is `near` wants its thing ("welcome the agreement")."""


def find_triggers(
    words: Sequence[Token],
    hits: Sequence[Hit],
    small: Sequence[tuple[str, int, int]],
    lexicon: Lexicon,
    numbers: Sequence[int] = (),
) -> list[Trigger]:
    """Every trigger of a sentence, in text order; each act and each thing is used once.

    Args:
        numbers: Of its clauses, where they are known.

    >>> from detente.coding.events_lexicon import lexicon, tokens
    >>> book = lexicon("ru")
    >>> words = tokens("Стороны отменили консультации", "ru")
    >>> [t.rule.name for t in find_triggers(words, book.hits(words), book.small.find(words), book)]
    ['meeting cancelled']
    """
    numbers = numbers or clauses(words, small, lexicon.language, hits)
    things = [hit for hit in hits if hit.kind == "thing"]
    things += _ordinals(small, hits)
    nouns = [hit for hit in hits if hit.kind == "noun"]
    candidates = [*things, *nouns]
    prepositions = {i for name, first, last in small if name in _PREPOSITIONS for i in (first, last)}
    denies = lexicon.grammar.words("negation")
    groups: dict[Hit, Group] = {}
    made: dict[int, tuple[int, Trigger]] = {}
    ordered: set[int] = set()
    for hit in hits:
        if hit.kind == "thing":
            continue
        longer = hit.kind == "verb" and _says_more(hit, hits)
        for order, rule in rules_of(hit.name):
            if longer and not (rule.with_ or rule.verbs):
                continue
            verb = groups.get(hit)
            if verb is None:
                verb = groups[hit] = _reduced(words, hit, group(words, hit, lexicon.language), hits, numbers, lexicon)
            ordered_deed = rule.family in _ORDERED or rule.type == "MOBILIZE"
            order_of = _order_of(hit, hits, numbers) if verb.tense == "infinitive" and ordered_deed else None
            if order_of is not None and _only_promised(rule, order_of, hits):
                order_of = None  # "promised to impose tariffs": not yet done
            if order_of is not None:
                told = group(words, order_of, lexicon.language)
                verb = replace(told, negated=told.negated or verb.negated)  # "decided not to impose"
            if hit.kind == "noun":
                carrier = _carrier(rule, hit, hits, numbers, words, prepositions, lexicon)
                verb = group(words, carrier, lexicon.language) if carrier else groups[hit]
            if rule.negated or rule.no_longer:
                over = _no_longer(words, hit, verb, lexicon)
                if not (over if rule.no_longer else verb.negated):
                    continue
                verb = replace(verb, negated=False)
            thing = None
            if rule.with_:
                thing = _thing_for(rule, hit, verb, candidates, numbers, words, lexicon)
                if thing is None or (rule.near and not 0 < thing.first - hit.last <= _NEAR):
                    continue
                nearer = (h for h in hits if h.kind == "verb" and h.name in rule.acts and "pp" in h.tags)
                if not verb.bare and any(hit.last < h.first < thing.first for h in nearer):
                    continue  # "sends X, recently named ambassador": the thing of the act nearer to it
            behind = thing is not None and any(t.word == "," for t in words[thing.last : hit.first])
            if behind and rule.joint and hit.name in _TELLING:
                continue  # "until an accord is reached, the minister announced"
            if thing is not None and _lacks(words[hit.last + 1 : thing.first], lexicon):
                continue
            if (
                rule.type == "REJECT"
                and hit.kind == "verb"
                and _refuses_ill(words, hit, hits, numbers, lexicon.language)
            ):
                continue
            if rule.family == "offer" and rule.type == "COOPERATE" and _offers_ill(rule, hit, thing, hits, numbers):
                continue
            if rule.by_mission and not _of_mission(hit, verb, things, numbers):
                continue
            if rule.in_kind and not any(first > hit.last for first, _ in spans(small, "in_kind")):
                continue
            if rule.it and not _done_to_it(words, hit, verb, lexicon):
                continue
            if longer and thing is not None and rule.family == "lift" and _in_hostile_phrase(hit, thing, hits):
                continue
            if longer and thing is not None and rule.family == "sanction" and _says_threat(hit, hits):
                continue
            if thing is not None and rule.family == "sanction" and _undone(hit, thing, nouns):
                continue
            if rule.transitive and not _has_object(words, hit, lexicon.language):
                continue
            if _without(rule, hit, things):
                continue
            if rule.verbs and not any(
                h.kind in ("verb", "noun")
                and h.name in rule.verbs
                and not (rule.type == "THREATEN" and h.first and words[h.first - 1].word in denies)
                and (0 < _apart(hit, h, numbers, words) <= _OFFERED or _opens_before(h, hit, words, numbers, lexicon))
                and (
                    _governed(rule, h, thing, numbers)
                    or (rule.family == "offer" and _offered_clause(words, hit, h, numbers, lexicon))
                )
                for h in hits
            ):
                continue
            # A rule that asks for more knows more; among equals the nearer thing, then file order.
            away = min(abs(thing.first - hit.first), abs(thing.last - hit.first)) if thing else 0
            rank = (0 if rule.with_ or rule.verbs else 1000) + 10 * away + order * 0.01
            rank -= 5 * (rule.negated or rule.no_longer)
            score = int(rank * 100)
            known = made.get(hit.first)
            if known is None or score < known[0]:
                heads = verb.tense == "nominal" and hit.first == 0 and rule.family in _PRESUPPOSED
                weak = (
                    (verb.tense == "nominal" and not heads)
                    or (verb.bare and not rule.with_)
                    or (verb.bare and verb.passive)
                )
                relative = thing is not None and thing.last < hit.first and numbers[thing.first] != numbers[hit.first]
                none = thing is not None and not verb.negated and _none_of(words, hit, thing, lexicon)
                made[hit.first] = (score, Trigger(rule, hit, thing, verb, weak, of_relative=relative, none=none))
                if order_of is not None:
                    made[hit.first][1].ordered = True
                    ordered.add(order_of.first)
    for at in ordered:
        made.pop(at, None)  # "agreed to pull back": the deed is told, not the word that it hangs on
    for hit in hits:
        if hit.name in lexicon.own:
            verb = group(words, hit, lexicon.language) if hit.kind == "verb" else Group("past", False, False, hit.first)
            made[hit.first] = (-1, Trigger(lexicon.own[hit.name], hit, None, verb, weak=False))
    triggers = [trigger for _, trigger in made.values()]
    triggers = _without_doubles(triggers)
    used = {i for t in triggers for h in (t.head, t.thing) if h for i in range(h.first, h.last + 1)}
    for thing in sorted(things, key=lambda h: (h.first, h.first - h.last)):
        if "ordinal" in thing.tags or any(i in used for i in range(thing.first, thing.last + 1)):
            continue
        for rule in rules_naming(thing.name):
            if not rule.since and not _without(rule, thing, things):
                verb = Group("nominal", False, False, thing.first)
                triggers.append(Trigger(rule, thing, None, verb, weak=True))
                used |= set(range(thing.first, thing.last + 1))
                break
    for thing in things:
        # "The embargo, in force since 1962, can only be lifted by ...": another act beside the one done with it.
        for rule in rules_naming(thing.name):
            if rule.since:
                triggers.append(Trigger(rule, thing, None, Group("nominal", False, False, thing.first), weak=True))
    triggers.sort(key=lambda t: t.head.first)
    relatives = frozenset(i for i, token in enumerate(words) if token.word in beside("relative", lexicon.language))
    for trigger in triggers:
        trigger.relatives = relatives
        before = words[trigger.verb.first - 1].word if trigger.verb.first else ""
        trigger.shares_subject = trigger.head.kind == "verb" and before in grammar(lexicon.language).words("and")
        trigger.aside = before == "," and trigger.head.tags == {"ger"}
        trigger.weak = trigger.weak and not trigger.aside
    _nest(triggers, numbers, words, lexicon.language)
    return triggers


def _without_doubles(triggers: list[Trigger]) -> list[Trigger]:
    """One trigger for a thing: "met for talks that opened" is a meeting once; an act inside another's words goes."""
    kept: list[Trigger] = []
    order = sorted(
        triggers,
        key=lambda t: (
            t.rule.family != "cancelled" or t.thing is None or abs(t.thing.first - t.head.last) > 2,
            t.rule.sets_day,
            t.rule.talk,
            t.weak,
            t.head.first,
        ),
    )
    for trigger in order:
        inside = any(
            other.head.first <= trigger.head.first <= other.head.last
            or (other.thing is not None and other.thing.first <= trigger.head.first <= other.thing.last)
            for other in kept
        )
        same = trigger.thing is not None and any(
            other.thing is not None
            and other.rule.since == trigger.rule.since
            and other.thing.first == trigger.thing.first
            and (other.rule.type == trigger.rule.type or trigger.rule.sets_day)
            # "the summit, which he had put off, is not buried": two acts on one thing, one of them denied.
            and other.verb.negated == trigger.verb.negated
            # "signed in 2010, in force since 2011, extended in 2021, the treaty ...": three acts on one text.
            and not (other.verb.bare and trigger.verb.bare and other.rule.of_story)
            for other in kept
        )
        if not inside and not same:
            kept.append(trigger)
    return kept


def on_the_occasion(trigger: Trigger, words: Sequence[Token], language: str) -> bool:
    """ "warned him *during a two-hour call* on Tuesday": when it was done, and no part of what was done."""
    if trigger.rule.type != "CONSULT" or trigger.head.kind != "thing":
        return False
    before = [t.word for t in words[max(0, trigger.head.first - 4) : trigger.head.first]]
    return bool(grammar(language).words("on_the_occasion").intersection(before))


def _sabotaged(trigger: Trigger, other: Trigger, words: Sequence[Token], language: str) -> bool:
    """ "accused Chile of *sabotaging the talks*": what somebody is said to have done to them, and no meeting."""
    if other.rule.type != "ACCUSE" or trigger.head.kind != "thing" or not trigger.head.first:
        return False
    rules = grammar(language)
    at = trigger.head.first - 1
    while at > other.head.last and words[at].word in rules.words("articles") | rules.words("pointing"):
        at -= 1
    return words[at].word.endswith(rules.endings("gerund")) and words[at - 1].word in beside("charge", language)


_THREATENED = frozenset(("SANCTION", "ASSAULT", "MOBILIZE", "COERCE", "THREATEN"))
_ASKED_IN = frozenset(("present", "infinitive", "future"))
"""Tenses of what is asked for ("que cessent les livraisons")."""


def _in_charge(accuses: Trigger, inner: Trigger, words: Sequence[Token], language: str) -> bool:
    """ "accused Peru *of* sabotaging the talks": named in a charge, and not told as held."""
    between = {t.word for t in words[accuses.head.last : inner.head.first]}
    return accuses.rule.type == "ACCUSE" and inner.head.kind == "thing" and bool(between & beside("charge", language))


def _nest(triggers: Sequence[Trigger], numbers: Sequence[int], words: Sequence[Token], language: str) -> None:
    """Put infinitives and nouns into the acts that govern them, and a clause into the accord that it tells."""
    opens = grammar(language).words("content_clause")
    for i, trigger in enumerate(triggers):
        opening = numbers.index(numbers[trigger.head.first])
        if opening and words[opening].word in opens and trigger.verb.tense in _ASKED_IN:
            asks = next((t for t in triggers[:i] if numbers[t.head.first] == numbers[opening - 1]), None)
            if asks is not None and asks.rule.type == "REQUEST" and asks.head.kind == "verb":
                # "exige que cessent les livraisons": what is asked for.
                trigger.inside = asks
                asks.holds.append(trigger)
                continue
        if opening and words[opening].word in opens and trigger.verb.tense not in ("infinitive", "nominal"):
            # "announced in a joint declaration that they would cease fire": one accord.
            accord = next((t for t in triggers[:i] if numbers[t.head.first] == numbers[opening - 1]), None)
            threat = accord is not None and accord.rule.type == "THREATEN" and accord.head.kind == "verb"
            if accord is not None and threat and trigger.verb.tense == "future" and trigger.rule.type in _THREATENED:
                # "warned that it would answer new sanctions": the threat, and no measure yet.
                trigger.inside = accord
                accord.holds.append(trigger)
                continue
            if accord is not None and accord.rule.type == "AGREE" and accord.rule.joint and accord.head.kind == "verb":
                trigger.inside = accord
                accord.holds.append(trigger)
                continue
        # "is not ready to hold talks": the infinitive is read as denied with what stands over it.
        over = trigger.verb.negated and any(
            trigger.verb.first <= t.head.first < trigger.head.first for t in triggers[:i]
        )
        content = over or trigger.verb.tense in ("infinitive", "nominal", "participle")
        if not content or on_the_occasion(trigger, words, language):
            continue
        for other in reversed(triggers[:i]):
            if trigger.verb.bare and other.verb.bare and other.thing == trigger.thing:
                break  # coordinated participles on one noun
            if numbers[other.head.first] != numbers[trigger.head.first] or trigger.head.first - other.head.last > 9:
                break
            if trigger.shares_subject and trigger.verb.tense == other.verb.tense == "infinitive":
                # "plans to open an embassy *and ease* travel": what the first is under, the second is too.
                trigger.inside = other.inside
                if other.inside is not None:
                    other.inside.holds.append(trigger)
                break
            # "met for talks" and "agreed a truce after talks" leave the meeting to stand by itself.
            governs = other.head.kind == "verb" and (
                over
                or trigger.verb.tense == "infinitive"
                or other.head.name in _GOVERNORS
                or trigger.rule.type != "CONSULT"
                or _in_charge(other, trigger, words, language)
            )
            governs = governs or _sabotaged(trigger, other, words, language)
            if governs:
                trigger.inside = other
                other.holds.append(trigger)
                break
