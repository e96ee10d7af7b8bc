"""Whether an event happened, or is planned, proposed, cancelled, denied or only thought of.

First the verb group is read (tense, voice, negation) from the form and the words before it, then signs in the clause
are weighed against it. Source of the categories: `Event.realis` in detente.terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from detente.coding.events_lexicon import Hit, Token, beside
from detente.languages import Grammar, grammar
from detente.terms import Realis

Tense = Literal[
    "past",
    "pluperfect",
    "present",
    "future",
    "prospective",
    "claimed",
    "conditional",
    "infinitive",
    "participle",
    "nominal",
]
"""`prospective`: would, -rait: future seen from the past. `claimed`: French "aurait signé", said to have happened."""


_SHARED = 22
"""Words from an auxiliary to the second participle that it carries."""


@dataclass(frozen=True, slots=True)
class Group:
    """A verb with its auxiliaries.

    Attributes:
        first: Token where the group opens (auxiliary or the verb itself).
        bare: A participle without auxiliary: "the talks hosted by", "récemment nommé".
    """

    tense: Tense
    passive: bool
    negated: bool
    first: int
    bare: bool = False


_LACKING = 5
"""Words between "without" and the infinitive of what is not done."""


def _back(words: Sequence[Token], at: int, language: str, reach: int = 4) -> list[int]:
    """Tokens before the verb that may belong to its group, nearest first."""
    found: list[int] = []
    rules = grammar(language)
    i, skip = at - 1, rules.words("adverbs")
    inserted = _before_inserted(words, at, rules)
    if inserted is not None:
        i = inserted
    start = i + 1
    english = rules.traits.verbs == "english"
    while i >= 0 and start - i <= reach + 3 and len(found) < reach:
        word = words[i].word
        no_more = word in rules.words("no_longer") or words[i + 1].word in rules.words("no_longer")
        if word in skip or (english and no_more) or word.endswith(rules.endings("adverb")):
            found.append(i)
            i -= 1
            continue
        if word in rules.words("before_infinitive") and i and words[i - 1].word in rules.tenses("go"):
            found += [i, i - 1]  # "venait de serrer"
            break
        if word not in rules.auxiliaries and word not in rules.words("clitics"):
            break
        found.append(i)
        i -= 1
    return found


def _before_inserted(words: Sequence[Token], at: int, rules: Grammar) -> int | None:
    """ "Chad will not, *its minister told reporters on Monday*, lift the ban": the auxiliary before the insertion."""
    if at < 4 or words[at - 1].word != ",":
        return None
    opening = next((i for i in range(at - 2, max(0, at - _INSERTED), -1) if words[i].word == ","), None)
    if opening is None or rules.words("inserted_saying").isdisjoint(t.word for t in words[opening + 1 : at - 1]):
        return None
    before = words[opening - 1].word
    helps = before in rules.auxiliaries or before in rules.words("negation")
    return opening - 1 if helps else None


_INSERTED = 14
"""Words from a verb back to the comma that opens what is inserted before it."""


def _only(words: Sequence[Token], at: int, rules: Grammar) -> bool:
    """ "n'aura lieu que le 14 août": said of nothing but that day, no denial."""
    for token in words[at + 1 : at + 4]:
        if token.word in rules.words("only"):
            return True
        if token.word in (",", ".", ";", ":") or token.word in rules.words("not_only"):
            return False
    return False


def _as_never_before(words: Sequence[Token], hit: Hit, rules: Grammar) -> bool:
    """ "Jamais, depuis 1991, on n'avait échangé *autant* de prisonniers": now they were."""
    so_many = any(t.word in rules.words("so_many") for t in words[hit.last + 1 : hit.last + 3])
    return so_many and any(t.word in rules.words("never") for t in words[: hit.first])


def _without(words: Sequence[Token], at: int, rules: Grammar) -> bool:
    """ "sans pour autant fermer la porte": the deed is not done."""
    for token in reversed(words[max(0, at - _LACKING) : at]):
        if token.word in rules.words("lacking"):
            return True
        if token.word not in rules.words("adverbs") and token.word not in rules.words("concedes"):
            return False
    return False


def _managed(words: Sequence[Token], hit: Hit, made: Group, language: str) -> Group:
    """ "a dû geler", "ont fini par signer", "n'a pas pu rencontrer": done, or not, as the verb before says."""
    rules, at = grammar(language), hit.first - 1
    while at > 0 and (words[at].word in rules.words("to_manage") | rules.words("clitics") | rules.words("adverbs")):
        at -= 1
    if at < 1 or words[at].word not in rules.words("manages"):
        return made
    back = _back(words, at, language)
    helps = dict(rules.tenses("have"))
    if words[at].word.startswith(rules.endings("moves")):
        helps |= dict.fromkeys(rules.tenses("be"), "past")  # "ne sont pas parvenus à s'entendre"
    have = next((helps[words[i].word] for i in back if words[i].word in helps), "")
    negated = any(words[i].word in rules.words("negation") for i in back)
    return Group(_as_tense(have), False, negated, min(back)) if have else made


_INTENDED = 5
"""Words from a deed back to the word that means to do it, and from there to what denies it."""


def _unintended(words: Sequence[Token], at: int, rules: Grammar) -> int | None:
    """ "does not intend to ease", "n'a pas l'intention de lever": where what is not meant to be done opens."""
    between = rules.words("intends_to") | rules.words("adverbs")
    means = next((i for i in range(at - 1, max(-1, at - 2 * _INTENDED), -1) if words[i].word not in between), 0)
    if words[means].word not in rules.words("intends"):
        return None
    for i in range(means - 1, max(-1, means - _INTENDED), -1):
        if words[i].word in rules.words("negation") | rules.words("no_longer"):
            return i
        if not words[i].word[:1].isalpha():
            return None
    return None


_NEITHER = 14
"""Words from "neither" to the verb whose subjects it denies."""


def _neither(words: Sequence[Token], at: int, rules: Grammar) -> bool:
    """ "*Neither* Chad *nor* Niger signed", "neither side has signed": the subjects of a verb are denied."""
    lead = [token.word for token in words[max(0, at - _NEITHER) : at]]
    opens = max((i for i, word in enumerate(lead) if word in rules.words("neither")), default=-1)
    if opens < 0:
        return False
    between = lead[opens + 1 :]
    if len(between) == 1:
        return True
    joined = not rules.words("nor").isdisjoint(between)
    return joined and not any(word in rules.auxiliaries or word in (";", ":", ",") for word in between)


_LEAD = 7
"""Words before a deed in which what keeps it undone stands ("stopped short of", "has no intention of")."""


def kept_undone(words: Sequence[Token], at: int, rules: Grammar) -> Group | None:
    """ "stopped short of expelling", "has no plans to", "is considering": not done, not meant, or only thought of."""
    low = max(0, at - _LEAD)
    lead = " ".join(token.word for token in words[low:at]) + " "
    for name, group_of in _UNDONE:
        found = rules.pattern(name).search(lead)
        if found is not None:
            first = low + lead.count(" ", 0, found.start() + 1)
            denied = any(token.word in rules.words("negation") for token in words[max(0, first - 2) : first])
            return replace(_THOUGHT if denied else group_of, first=first)
    return None


_THOUGHT = Group("conditional", False, False, 0)
_UNDONE = (
    ("left_undone", Group("past", False, True, 0)),
    ("not_meant", Group("future", False, True, 0)),
    ("only_thought", _THOUGHT),
)


def group(words: Sequence[Token], hit: Hit, language: str) -> Group:
    """Read tense, voice and negation of a verb.

    >>> from detente.coding.events_lexicon import lexicon, tokens
    >>> words = tokens("Les pourparlers n'ont pas été suspendus", "fr")
    >>> verb = next(h for h in lexicon("fr").hits(words) if h.name == "suspend")
    >>> group(words, verb, "fr")
    Group(tense='past', passive=True, negated=True, first=2, bare=False)
    """
    rules = grammar(language)
    if hit.kind != "verb":
        return kept_undone(words, hit.first, rules) or Group("nominal", False, False, hit.first)
    catenatives = rules.endings("catenative")
    named = hit.first > 1 and words[hit.first - 2].word in rules.words("before_noun_only") | {"'s"}
    if "ger" in hit.tags and hit.first and not named and words[hit.first - 1].word.startswith(catenatives):
        # "will continue negotiating": the tense stands on the verb before.
        catenative = Hit("verb", hit.name, hit.first - 1, hit.first - 1, frozenset(("inf", "pres")))
        return group(words, catenative, language)
    if hit.tags & {"inf", "ger"} and (refused := _unintended(words, hit.first, rules)) is not None:
        return Group("future", False, True, refused)
    if hit.tags & {"inf", "ger"} and (undone := kept_undone(words, hit.first, rules)) is not None:
        return undone
    back = _back(words, hit.first, language)
    before = [words[i].word for i in back]
    first = min([i for i in back if words[i].word not in rules.words("adverbs")] or [hit.first])
    if rules.traits.verbs == "english":
        made = _english(hit, before, first, words, rules)
        # "nothing was asked of Moscow"
        unsaid = made.first > 0 and words[made.first - 1].word in rules.words("negative_subjects")
        if unsaid or _neither(words, made.first, rules):
            return replace(made, negated=not made.negated)
        almost = hit.first > 0 and words[hit.first - 1].word in rules.words("almost")
        return replace(made, tense="conditional") if almost and made.tense in ("past", "pluperfect") else made
    if rules.traits.verbs == "slavic":
        return _slavic(words, hit, before, first, rules)
    made = _romance(hit, before, first, words[hit.first].word, rules, restricts=_only(words, hit.last, rules))
    if _as_never_before(words, hit, rules):
        made = replace(made, tense="past", negated=False)
    if made.tense == "infinitive":
        made = _managed(words, hit, made, language)
    if made.tense == "infinitive" and _without(words, hit.first, rules):
        made = replace(made, negated=True)
    joins = rules.words("and") | rules.words("joins_participle")
    if made.bare and hit.tags == {"pp"} and hit.first and words[hit.first - 1].word in joins:
        # "ont visé Kharkiv et blessé deux civils": the auxiliary stands once.
        have = rules.tenses("have")
        shared = next((t.word for t in reversed(words[max(0, hit.first - _SHARED) : hit.first]) if t.word in have), "")
        if shared:
            made = Group(_as_tense(have[shared]), False, False, hit.first)
    return made


def _english(hit: Hit, before: list[str], first: int, words: Sequence[Token], rules: Grammar) -> Group:
    haves, modals, bes = rules.tenses("have"), rules.tenses("modal"), rules.tenses("be")
    negated = any(word in rules.words("negation") | rules.words("no_longer") for word in before)
    have = next((haves[w] for w in before if w in haves), "")
    modal = next((modals[w] for w in before if w in modals), "")
    be = next((w for w in before if w in bes), "")
    tags = hit.tags
    tense: Tense
    if "pp" in tags and be:
        tense = (
            "future" if modal == "future" else "conditional" if modal else "infinitive" if "to" in before else "past"
        )
        if not modal and not have and bes.get(be) == "present":
            tense = "present"
        if have == "pluperfect":
            tense = "pluperfect"
        return Group(tense, True, negated, first)
    if "pp" in tags and have:
        tense = "conditional" if modal else "pluperfect" if have == "pluperfect" else "past"
        return Group(tense, False, negated, first)
    if "ger" in tags:
        if be:
            return Group("past" if bes.get(be) == "past" else "present", False, negated, first)
        return Group("participle", False, negated, first, bare=True)
    if "inf" in tags:
        if modal:
            return Group(_as_tense(modal), False, negated, first)
        if any(word in rules.tenses("do") for word in before):
            return Group("past" if "did" in before else "present", False, negated, first)
        shared = hit.first and words[hit.first - 1].word in ("and", ",", "or")
        shared = shared and any(t.word == "to" for t in words[max(0, hit.first - 9) : hit.first])
        if "to" in before or (shared and "past" not in tags):
            return Group("infinitive", False, negated, hit.first)
        if "past" not in tags:
            return Group("present", False, negated, first)
    if "past" in tags:
        nxt = words[hit.last + 1].word if hit.last + 1 < len(words) else ""
        previous = words[hit.first - 1].word if hit.first else ""
        if "pp" in tags and (
            nxt == "by"
            or (previous in beside("attributive", rules.code) and not _counted_subject(words, hit, rules))
            or _newly_done(words, hit, rules)
            or previous.isdigit()
            or (
                hit.last == hit.first  # "called its envoy home on Tuesday" has its object inside
                and hit.name in beside("transitive", rules.code)
                and nxt in beside("no_object", rules.code)
                and previous not in beside("before_finite", rules.code)
            )
        ):
            return Group("participle", True, negated, first, bare=True)
        return Group("past", False, negated, first)
    if "pp" in tags:
        return Group("participle", True, negated, first, bare=True)
    return Group("present", False, negated, first)


def _newly_done(words: Sequence[Token], hit: Hit, rules: Grammar) -> bool:
    """ "its *newly appointed* envoy": a participle with its adverb before a noun."""
    if hit.first < 2 or hit.last + 1 >= len(words) or not words[hit.first - 1].word.endswith(rules.endings("adverb")):
        return False
    owned = words[hit.first - 2].word in rules.words("before_noun_only") | {"'s"}
    return owned and words[hit.last + 1].word.isalpha()


def _counted_subject(words: Sequence[Token], hit: Hit, rules: Grammar) -> bool:
    """ "*The two* agreed to meet", "the three signed a treaty": and no "the two agreed points"."""
    if hit.first < 2 or words[hit.first - 2].word not in rules.words("definite"):
        return False
    nxt = words[hit.last + 1].word if hit.last + 1 < len(words) else "."
    return words[hit.first - 1].word in beside("pair_or_more", rules.code) and (
        not nxt.isalpha() or nxt in rules.words("before_noun_only") | beside("no_object", rules.code) | {"to", "that"}
    )


def _romance(hit: Hit, before: list[str], first: int, word: str, rules: Grammar, *, restricts: bool = False) -> Group:
    haves, bes, goes = rules.tenses("have"), rules.tenses("be"), rules.tenses("go")
    been = rules.words("been")
    negated = any(w in rules.words("negation") for w in before) and not restricts
    have = next((haves[w] for w in before if w in haves), "")
    be = next((w for w in before if w in bes and w not in been), "")
    tags = hit.tags
    if "pp" in tags and (have or be):
        tense: str
        may = next((goes[w] for w in before if w in goes), "")
        if may and be and rules.tenses("be")[be] == "past":
            return Group(_as_tense(may), True, negated, first)  # "pourrait être déprogrammée"
        if been.intersection(before) or (have and be):
            return Group(_as_tense(have or "past"), True, negated, first)
        if have:
            return Group(_as_tense(have), False, negated, first)
        tense = bes[be]
        if hit.reflexive or word.startswith(rules.endings("moves")):
            return Group("past" if tense == "present" else _as_tense(tense), False, negated, first)
        # "est signé", "sont suspendues": a state reached, read as done.
        return Group("past" if tense == "present" else _as_tense(tense), True, negated, first)
    for tag, named in (("fut", "future"), ("cond", "prospective"), ("impf", "past"), ("inf", "infinitive")):
        if tag in tags:
            if tag == "inf":
                go = next((goes[w] for w in before if w in goes), "")
                if go:
                    return Group(_as_tense(go), False, negated, first)
            return Group(_as_tense(named), False, negated, first)
    if "ger" in tags:
        return Group("participle", False, negated, first, bare=True)
    if tags == {"pp"} or ("pp" in tags and "pres" not in tags and "past" not in tags):
        return Group("participle", True, negated, first, bare=True)
    if "past" in tags and "pres" not in tags:
        return Group("past", False, negated, first)
    return Group("present", False, negated, first)


def _slavic(words: Sequence[Token], hit: Hit, before: list[str], first: int, rules: Grammar) -> Group:
    no, bes = rules.words("negation"), rules.tenses("be")
    previous = words[hit.first - 1].word if hit.first else ""
    negated = previous in no or bool(no.intersection(before[:2]))
    be = next((bes[w] for w in before if w in bes), "")
    tags = hit.tags
    if "short" in tags:
        return Group("future" if be == "future" else "past", True, negated, first)
    if "past" in tags:
        return Group("conditional" if rules.words("would").intersection(before) else "past", False, negated, first)
    if "fut" in tags and "pres" not in tags:  # «признает» is written for «признаёт» too
        return Group("future", False, negated, first)
    if "pres" in tags:
        return Group("present", False, negated, first)
    if "inf" in tags:
        managed = _slavic_managed(words, hit, rules)
        if managed is not None:
            return managed
        return Group(
            "future" if be == "future" or _goes_on(words, hit.first, rules) else "infinitive", False, negated, first
        )
    return Group("participle", "pp" in tags, negated, first, bare=True)


_TOLD_BEHIND = 9
"""Words from an infinitive to "did not manage" behind it («договориться о возобновлении рейсов не удалось»)."""


def _slavic_managed(words: Sequence[Token], hit: Hit, rules: Grammar) -> Group | None:
    """«смогли вернуться»: they did; «не удалось договориться», «договориться не удалось»: they did not."""
    no, managed = rules.words("negation"), rules.words("managed")
    at = hit.first - 1
    while at > 0 and (words[at].word in rules.words("adverbs") or words[at].word.endswith(rules.endings("between"))):
        at -= 1
    if at >= 0 and words[at].word in managed:
        negated = at > 0 and words[at - 1].word in no
        return Group("past", False, negated, at - negated)
    for i in range(hit.last + 1, min(len(words), hit.last + 1 + _TOLD_BEHIND)):
        if not words[i].word[:1].isalnum():
            break
        if words[i].word in managed and words[i - 1].word in no:
            return Group("past", False, True, hit.first)
    return None


def _goes_on(words: Sequence[Token], at: int, rules: Grammar) -> bool:
    """«будут и далее тесно взаимодействовать», «продолжат активно сотрудничать»: one verb, with adverbs inside."""
    for token in reversed(words[max(0, at - 5) : at]):
        if token.word in rules.words("goes_on"):
            return True
        if token.word not in rules.words("adverbs") and not token.word.endswith(rules.endings("between")):
            return False
    return False


def _as_tense(name: str) -> Tense:
    tenses: dict[str, Tense] = {
        "past": "past", "pluperfect": "pluperfect", "present": "present", "future": "future",
        "conditional": "conditional", "infinitive": "infinitive", "participle": "participle",
        "prospective": "prospective", "claimed": "claimed",
    }  # fmt: skip
    return tenses.get(name, "past")


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign found near an event: its class in `realis.toml` and the tokens it takes."""

    name: str
    first: int
    last: int


def decide(
    verb: Group, signs: Sequence[Sign], *, later: bool | None, reported: bool = False
) -> tuple[Realis, Sign | None]:
    """Weigh the verb against the signs around it.

    Args:
        verb: The verb group that carries the event.
        signs: Signs in the event's clause, nearest to the verb first.
        later: True where the event is dated after the report, False where on or before it, None where unknown.
        reported: A verb of saying stands before it ("said the talks would ...").

    >>> decide(Group("future", False, False, 0), [], later=None)
    ('planned', None)
    """
    by_name = {sign.name: sign for sign in reversed(signs)}
    if "denied" in by_name:
        return "denied", by_name["denied"]
    if verb.negated:
        return "cancelled", by_name.get("negation")
    if verb.tense == "future":
        return "planned", None
    if verb.tense == "conditional":
        return "hypothetical", by_name.get("hypothetical")
    if verb.tense == "prospective":
        if "hypothetical" in by_name or not reported:
            return "hypothetical", by_name.get("hypothetical")
        return "planned", None
    if verb.tense == "claimed":
        return ("hypothetical", by_name["hypothetical"]) if "hypothetical" in by_name else ("happened", None)
    if verb.tense in ("nominal", "participle", "infinitive", "present", "past") and "expected" in by_name:
        return "planned", by_name["expected"]
    if verb.tense in ("past", "pluperfect"):
        return ("planned" if later else "happened"), None
    if verb.tense == "infinitive":
        for name, realis in _OF_INFINITIVES:
            if name in by_name:
                return realis, by_name[name]
        return "planned", None
    if verb.tense in ("nominal", "participle"):
        for name, realis in _OF_NOUNS:
            if name in by_name and not (later is False and realis in ("planned", "hypothetical")):
                return realis, by_name[name]
        return ("planned" if later else "happened"), None
    if "hypothetical" in by_name and later is not False:
        return "hypothetical", by_name["hypothetical"]
    return ("planned" if later else "happened"), None


_OF_INFINITIVES: tuple[tuple[str, Realis], ...] = (
    ("hypothetical", "hypothetical"),
    ("future", "planned"),
    ("proposed", "proposed"),
)
_OF_NOUNS: tuple[tuple[str, Realis], ...] = (
    ("negation", "denied"),
    ("cancelled", "cancelled"),
    ("future", "planned"),
    ("proposed", "proposed"),
    ("hypothetical", "hypothetical"),
)
