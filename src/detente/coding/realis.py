"""Whether an event happened, or is planned, proposed, cancelled, denied or only thought of.

First the verb group is read (tense, voice, negation) from the form and the words before it, then signs in the clause
are weighed against it. Source of the categories: `Event.realis` in detente.terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from detente.coding.events_lexicon import Hit, Token, beside
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

_EN_BE = {"is": "present", "are": "present", "am": "present", "was": "past", "were": "past", "been": "", "be": ""}
_EN_HAVE = {"has": "past", "have": "past", "had": "pluperfect", "'ve": "past", "having": "participle"}
_EN_MODAL = {
    "will": "future", "'ll": "future", "shall": "future", "would": "prospective", "could": "conditional",
    "might": "conditional", "may": "conditional", "should": "conditional", "must": "conditional", "can": "conditional",
}  # fmt: skip
_EN_DO = {"did": "past", "does": "present", "do": "present"}
_FR_HAVE = {
    "a": "past", "ont": "past", "avait": "pluperfect", "avaient": "pluperfect", "aura": "future", "auront": "future",
    "aurait": "claimed", "auraient": "claimed", "ayant": "past", "avoir": "past", "eut": "past",
}  # fmt: skip
_FR_BE = {
    "est": "present", "sont": "present", "était": "pluperfect", "étaient": "pluperfect", "sera": "future",
    "seront": "future", "serait": "prospective", "seraient": "prospective", "été": "", "étant": "past",
    "être": "past", "fut": "past", "furent": "past",
}  # fmt: skip
# French verbs that make their past with être: "est arrivé" is past, "est convenu" too.
_FR_MOVES = ("arriv", "parven", "conven", "ven", "parti", "sorti", "entr", "rentr", "retourn", "tomb", "all")
_FR_GO = {"va": "future", "vont": "future", "doit": "future", "doivent": "future", "devrait": "future",
          "devraient": "future", "devait": "pluperfect", "devaient": "pluperfect", "pourrait": "conditional",
          "pourraient": "conditional", "peut": "conditional", "peuvent": "conditional",
          "vient": "past", "viennent": "past"}  # fmt: skip
_CATENATIVE = ("continu", "begin", "began", "start", "keep", "kept", "resum")
_RU_BE = {"был": "past", "была": "past", "было": "past", "были": "past", "будет": "future", "будут": "future"}
_SKIP = {
    "en": frozenset(("also", "already", "just", "now", "recently", "not", "n't", "never", "to", "both", "jointly",
                     "officially", "formally", "again", "since", "then", "only", "even", "later", "finally", "still",
                     "however", "today", "yesterday", "already", "once", "long", "thus", "instead", "nevertheless")),
    "fr": frozenset(("pas", "jamais", "déjà", "également", "aussi", "officiellement", "ensuite", "plus", "encore",
                     "enfin", "bien", "notamment", "récemment", "ainsi", "d'", "finalement", "néanmoins", "toutefois",
                     "cependant", "pourtant", "aussitôt", "désormais", "hier", "depuis", "toujours", "même", "donc",
                     "tour", "à", "son", "leur", "en", "outre", "parallèle", "par", "ailleurs", "tôt", "tard",
                     "tous", "toutes", "de", "revanche", "effet", "commun", "principe", "fin", "lui", "elle", "fait",
                     "à", "nouveau", "mutuellement", "brièvement", "longuement", "formellement", "s'", "se")),
    "ru": frozenset(("уже", "также", "официально", "не", "ранее", "недавно", "снова", "вновь", "бы")),
}  # fmt: skip


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


def _back(words: Sequence[Token], at: int, language: str, reach: int = 4) -> list[int]:
    """Tokens before the verb that may belong to its group, nearest first."""
    found: list[int] = []
    i, skip = at - 1, _SKIP[language]
    while i >= 0 and at - i <= reach + 3 and len(found) < reach:
        word = words[i].word
        if word in skip or (language == "en" and word.endswith("ly")) or (language == "fr" and word.endswith("ment")):
            found.append(i)
            i -= 1
            continue
        known = {
            "en": word in _EN_BE or word in _EN_HAVE or word in _EN_MODAL or word in _EN_DO or word == "being",
            "fr": word in _FR_HAVE or word in _FR_BE or word in _FR_GO or word in ("n'", "ne", "y", "en", "l'"),
            "ru": word in _RU_BE,
        }[language]
        if not known:
            break
        found.append(i)
        i -= 1
    return found


def only(words: Sequence[Token], at: int) -> bool:
    """ "n'aura lieu que le 14 août": said of nothing but that day, no denial."""
    for token in words[at + 1 : at + 4]:
        if token.word in ("que", "qu'"):
            return True
        if token.word in (",", ".", ";", ":", "pas", "plus", "jamais"):
            return False
    return False


def group(words: Sequence[Token], hit: Hit, language: str) -> Group:
    """Read tense, voice and negation of a verb.

    >>> from detente.coding.events_lexicon import lexicon, tokens
    >>> words = tokens("Les pourparlers n'ont pas été suspendus", "fr")
    >>> verb = next(h for h in lexicon("fr").hits(words) if h.name == "suspend")
    >>> group(words, verb, "fr")
    Group(tense='past', passive=True, negated=True, first=2, bare=False)
    """
    if hit.kind != "verb":
        return Group("nominal", False, False, hit.first)
    if language == "en" and "ger" in hit.tags and hit.first and words[hit.first - 1].word.startswith(_CATENATIVE):
        # "will continue negotiating": the tense stands on the verb before.
        catenative = Hit("verb", hit.name, hit.first - 1, hit.first - 1, frozenset(("inf", "pres")))
        return group(words, catenative, language)
    back = _back(words, hit.first, language)
    before = [words[i].word for i in back]
    first = min([i for i in back if words[i].word not in _SKIP[language]] or [hit.first])
    if language == "en":
        made = _english(hit, before, first, words)
    elif language == "fr":
        made = _french(hit, before, first, words[hit.first].word, restricts=only(words, hit.last))
        if made.bare and hit.tags == {"pp"} and hit.first and words[hit.first - 1].word == "et":
            # "ont visé Kharkiv et blessé deux civils": the auxiliary stands once.
            shared = next(
                (t.word for t in reversed(words[max(0, hit.first - 14) : hit.first]) if t.word in _FR_HAVE), ""
            )
            if shared:
                made = Group(_as_tense(_FR_HAVE[shared]), False, False, hit.first)
    else:
        made = _russian(words, hit, before, first)
    return made


def _english(hit: Hit, before: list[str], first: int, words: Sequence[Token]) -> Group:
    negated = any(word in ("not", "n't", "never") for word in before)
    have = next((_EN_HAVE[w] for w in before if w in _EN_HAVE), "")
    modal = next((_EN_MODAL[w] for w in before if w in _EN_MODAL), "")
    be = next((w for w in before if w in _EN_BE), "")
    tags = hit.tags
    tense: Tense
    if "pp" in tags and be:
        tense = (
            "future" if modal == "future" else "conditional" if modal else "infinitive" if "to" in before else "past"
        )
        if not modal and not have and _EN_BE.get(be) == "present":
            tense = "present"
        if have == "pluperfect":
            tense = "pluperfect"
        return Group(tense, True, negated, first)
    if "pp" in tags and have:
        tense = "conditional" if modal else "pluperfect" if have == "pluperfect" else "past"
        return Group(tense, False, negated, first)
    if "ger" in tags:
        if be:
            return Group("past" if _EN_BE.get(be) == "past" else "present", False, negated, first)
        return Group("participle", False, negated, first, bare=True)
    if "inf" in tags:
        if modal:
            return Group(_as_tense(modal), False, negated, first)
        if any(word in _EN_DO for word in before):
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
            or previous in beside("attributive", "en")
            or previous.isdigit()
            or (hit.name in beside("transitive", "en") and nxt in beside("no_object", "en"))
        ):
            return Group("participle", True, negated, first, bare=True)
        return Group("past", False, negated, first)
    if "pp" in tags:
        return Group("participle", True, negated, first, bare=True)
    return Group("present", False, negated, first)


def _french(hit: Hit, before: list[str], first: int, word: str, *, restricts: bool = False) -> Group:
    negated = any(w in ("n'", "ne") for w in before) and not restricts
    have = next((_FR_HAVE[w] for w in before if w in _FR_HAVE), "")
    be = next((w for w in before if w in _FR_BE and w != "été"), "")
    tags = hit.tags
    if "pp" in tags and (have or be):
        tense: str
        if "été" in before or (have and be):
            return Group(_as_tense(have or "past"), True, negated, first)
        if have:
            return Group(_as_tense(have), False, negated, first)
        tense = _FR_BE[be]
        if hit.reflexive or word.startswith(_FR_MOVES):
            return Group("past" if tense == "present" else _as_tense(tense), False, negated, first)
        # "est signé", "sont suspendues": a state reached, read as done.
        return Group("past" if tense == "present" else _as_tense(tense), True, negated, first)
    for tag, named in (("fut", "future"), ("cond", "prospective"), ("impf", "past"), ("inf", "infinitive")):
        if tag in tags:
            if tag == "inf":
                go = next((_FR_GO[w] for w in before if w in _FR_GO), "")
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


def _russian(words: Sequence[Token], hit: Hit, before: list[str], first: int) -> Group:
    previous = words[hit.first - 1].word if hit.first else ""
    negated = previous == "не" or before[:1] == ["не"] or ("не" in before[:2])
    be = next((_RU_BE[w] for w in before if w in _RU_BE), "")
    tags = hit.tags
    if "short" in tags:
        return Group("future" if be == "future" else "past", True, negated, first)
    if "past" in tags:
        return Group("conditional" if "бы" in before else "past", False, negated, first)
    if "fut" in tags:
        return Group("future", False, negated, first)
    if "pres" in tags:
        return Group("present", False, negated, first)
    if "inf" in tags:
        return Group("future" if be == "future" else "infinitive", False, negated, first)
    return Group("participle", "pp" in tags, negated, first, bare=True)


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
