"""All forms of a verb or noun, with the tense each form shows, so that a lexicon needs dictionary forms only.

Tags: `inf`, `pres`, `past`, `impf` (French imperfect), `fut`, `cond`, `pp` (past or passive participle), `short`
(Russian short one), `ger` (present participle, gerund), `noun`. English -ed is both `past` and `pp`. Only forms that
stand in reports are made: third person, plus infinitives and participles. A form too many finds nothing; a missing
one loses an event.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product, takewhile
from typing import TYPE_CHECKING

from detente.errors import CodingError
from detente.languages import Forms, grammar, noun_forms, verb_forms

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer
    from pymorphy3.analyzer import Parse
    from pymorphy3.tagset import OpencorporaTag

_VOWELS = "aeiou"
_ADJECTIVE = ("ADJF", "PRTF")
_CASE = {"gen2": "gent", "acc2": "accs", "loc2": "loct", "voct": "nomn"}  # cases that an adjective has no form for


def english_verb(lemma: str, irregular: str = "") -> Forms:
    """Forms of an English verb.

    Args:
        lemma: Bare infinitive.
        irregular: Past, participle and -ing form where they break the rule, in this order, separated by blanks; more
            forms in -ed or -ing may follow.

    >>> sorted(english_verb("lift"))
    ['lift', 'lifted', 'lifting', 'lifts']
    >>> sorted(english_verb("meet", "met")["met"])
    ['past', 'pp']
    """
    forms: Forms = defaultdict(set)
    forms[lemma] |= {"inf", "pres"}
    if lemma == "be":
        for form in ("is", "are", "am"):
            forms[form].add("pres")
        for form in ("was", "were"):
            forms[form].add("past")
        forms["been"].add("pp")
        forms["being"].add("ger")
        return dict(forms)
    if lemma.endswith(("s", "sh", "ch", "x", "z", "o")):
        third = lemma + "es"
    elif lemma[-1] == "y" and lemma[-2] not in _VOWELS:
        third = lemma[:-1] + "ies"
    else:
        third = lemma + "s"
    forms[third].add("pres")
    given = irregular.split()
    if lemma.endswith("e"):
        past, ing = lemma + "d", (lemma if lemma.endswith(("ee", "oe", "ye")) else lemma[:-1]) + "ing"
    elif lemma[-1] == "y" and lemma[-2] not in _VOWELS:
        past, ing = lemma[:-1] + "ied", lemma + "ing"
    else:
        past, ing = lemma + "ed", lemma + "ing"
    plain = [form for form in given if not form.endswith("ing")]
    gerunds = [form for form in given if form.endswith("ing")]
    if not plain:
        plain = [past]
    forms[plain[0]].add("past")
    for form in plain[1:] or plain:
        forms[form].add("pp")
    if len(plain) == 1 or plain[0].endswith("ed"):
        for form in plain:
            forms[form] |= {"past", "pp"}
    for form in gerunds or [ing]:
        forms[form].add("ger")
    return dict(forms)


# French models: present third singular and plural, stem of the imperfect, stem of the future, participle, simple past.
# `*` stands for the stem, cut from the infinitive by the ending that names the model; first model that fits.
_FRENCH: tuple[tuple[str, str], ...] = (
    (r"avoir$", "a ont av aur eu eut eurent"),
    (r"être$", "est sont ét ser été fut furent"),
    (r"(.*)(?<!r)faire$", "*fait *font *fais *fer *fait *fit *firent"),
    (r"(.*)envoyer$", "*envoie *envoient *envoy *enverr *envoyé *envoya *envoyèrent"),
    (r"(.*[tv])enir$", "*ient *iennent *en *iendr *enu *int *inrent"),
    (r"(.*)mourir$", "*meurt *meurent *mour *mourr *mort *mourut *moururent"),
    (r"(.*)asseoir$", "*assied *asseyent *assey *assiér *assis *assit *assirent"),
    (r"(.*)devoir$", "*doit *doivent *dev *devr *dû *dut *durent"),
    (r"(.*)raire$", "*rait *raient *ray *rair *rait *raya *rayèrent"),
    (r"(.*)soudre$", "*sout *solvent *solv *soudr *solu *solut *solurent"),
    (r"(.*)paraître$", "*paraît *paraissent *paraiss *paraîtr *paru *parut *parurent"),
    (r"(.*[onp])naître$", "*naît *naissent *naiss *naîtr *nu *nut *nurent"),
    (r"(.*)vaincre$", "*vainc *vainquent *vainqu *vaincr *vaincu *vainquit *vainquirent"),
    (r"(.*)courir$", "*court *courent *cour *courr *couru *courut *coururent"),
    (r"(.*[vf])rir$", "*re *rent *r *rir *ert *rit *rirent"),
    (r"(.*(?:par|sor|ser|sen|men))([tv])ir$", "*t *@ent *@ *@ir *@i *@it *@irent"),
    (r"(.*)quérir$", "*quiert *quièrent *quér *querr *quis *quit *quirent"),
    (r"(.*)cevoir$", "*çoit *çoivent *cev *cevr *çu *çut *çurent"),
    (r"(.*)cueillir$", "*cueille *cueillent *cueill *cueiller *cueilli *cueillit *cueillirent"),
    (r"(.*)voir$", "*voit *voient *voy *verr *vu *vit *virent"),
    (r"(.*)prendre$", "*prend *prennent *pren *prendr *pris *prit *prirent"),
    (r"(.*)mettre$", "*met *mettent *mett *mettr *mis *mit *mirent"),
    (r"(.*)battre$", "*bat *battent *batt *battr *battu *battit *battirent"),
    (r"(.*)rompre$", "*rompt *rompent *romp *rompr *rompu *rompit *rompirent"),
    (r"(.*[aeo][nr])dre$", "*d *dent *d *dr *du *dit *dirent"),
    (r"(.*)indre$", "*int *ignent *ign *indr *int *ignit *ignirent"),
    (r"(.*)uire$", "*uit *uisent *uis *uir *uit *uisit *uisirent"),
    (r"(.*)crire$", "*crit *crivent *criv *crir *crit *crivit *crivirent"),
    (r"(.*)(?<!cr)dire$", "*dit *disent *dis *dir *dit *dit *dirent"),
    (r"(.*)lire$", "*lit *lisent *lis *lir *lu *lut *lurent"),
    (r"(.*)clu?re$", "*clut *cluent *clu *clur *clu *clut *clurent"),
    (r"(.*)clore$", "*clôt *closent *clos *clor *clos *clôt *clorent"),
    (r"(.*)ivre$", "*it *ivent *iv *ivr *ivi *ivit *ivirent"),
    (r"(.*)naître$", "*naît *naissent *naiss *naîtr *nu *nut *nurent"),
    (r"(.*)ir$", "*it *issent *iss *ir *i *it *irent"),
)


def french_verb(lemma: str) -> Forms:
    """Forms of a French verb, third person.

    >>> sorted(french_verb("convenir"))[:4]
    ['convenaient', 'convenait', 'convenant', 'convenir']
    >>> french_verb("libérer")["libère"], french_verb("imposer")["imposeront"]
    ({'pres'}, {'fut'})

    Raises:
        CodingError: The infinitive follows no model known here.
    """
    forms: Forms = defaultdict(set)
    forms[lemma].add("inf")
    if lemma.endswith("er") and lemma != "envoyer":
        stem = lemma[:-2]
        soft = {"c": stem[:-1] + "ç", "g": stem + "e"}.get(stem[-1], stem)
        mute = [stem]  # the stem before a mute e
        if match := re.fullmatch(r"(.*)[eé]([^aeiouyé]|[gct]r|[bcdpt]l|gn)", stem):
            mute = [f"{match[1]}è{match[2]}"]
            if stem.endswith(("el", "et")):
                mute.append(stem + stem[-1])
            if "é" in stem:
                mute.append(stem)
        elif stem.endswith(("oy", "uy", "ay")):
            mute = [stem[:-1] + "i"]
        present = [s + e for s in mute for e in ("e", "ent")]
        future = [s + "er" for s in mute]
        imperfect, participle, simple = soft, stem + "é", (soft + "a", stem + "èrent")
    else:
        for pattern, model in _FRENCH:
            match = re.fullmatch(pattern, lemma)
            if match:
                groups = [g or "" for g in match.groups()] + ["", ""]
                parts = [p.replace("*", groups[0]).replace("@", groups[1]) for p in model.split()]
                break
        else:
            raise CodingError(f"lexicon: French verb {lemma!r} follows no model. Add one to events_forms.py.")
        present, imperfect, future = parts[:2], parts[2], [parts[3]]
        participle, simple = parts[4], (parts[5], parts[6])
    for form in present:
        forms[form].add("pres")
    for form in simple:
        forms[form].add("past")
    for ending in ("ait", "aient"):
        forms[imperfect + ending].add("impf")
    forms["ayant" if lemma == "avoir" else imperfect + "ant"].add("ger")
    for stem in future:
        for ending in ("a", "ont"):
            forms[stem + ending].add("fut")
        for ending in ("ait", "aient"):
            forms[stem + ending].add("cond")
    for form in (participle, participle + "e", participle.rstrip("s") + "s", participle + "es"):
        forms[form].add("pp")
    return dict(forms)


@cache
def _morph() -> MorphAnalyzer:
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer()


def russian_verb(lemma: str) -> Forms:
    """Forms of a Russian verb; the present of a perfective verb is future.

    >>> forms = russian_verb("встретиться")
    >>> forms["встретились"], forms["встретятся"]
    ({'past'}, {'fut'})

    Raises:
        CodingError: The dictionary has no such verb.
    """
    forms: Forms = defaultdict(set)
    parses = [p for p in _morph().parse(lemma) if p.tag.POS == "INFN"]
    if not parses:
        raise CodingError(f"lexicon: {lemma!r} is no Russian infinitive that the dictionary knows. Check its spelling.")
    parse = parses[0]
    for other in parse.lexeme:
        part = other.tag.POS
        if part == "INFN":
            tag = "inf"
        elif part == "VERB" and other.tag.mood == "indc":
            if other.tag.tense == "past":
                tag = "past"
            elif other.tag.person != "3per":
                tag = "fut" if other.tag.tense == "futr" else "pres"
            else:
                tag = "fut" if other.tag.tense == "futr" else "pres"
        elif part == "PRTS" or (part == "PRTF" and other.tag.voice == "pssv"):
            tag = "short" if part == "PRTS" else "pp"
        elif part in ("GRND", "PRTF"):
            tag = "ger"
        else:
            continue
        forms[other.word].add(tag)
        if "ё" in other.word:
            forms[other.word.replace("ё", "е")].add(tag)
    return dict(forms)


def english_noun(lemma: str) -> tuple[str, ...]:
    """Singular and plural, the last word taking the ending.

    >>> english_noun("embassy"), english_noun("talks")
    (('embassy', 'embassies'), ('talks',))
    """
    if lemma.endswith("s") and not lemma.endswith(("ss", "us")):
        return (lemma,)
    if lemma.endswith(("s", "sh", "ch", "x")):
        return (lemma, lemma + "es")
    if lemma[-1] == "y" and lemma[-2] not in _VOWELS:
        return (lemma, lemma[:-1] + "ies")
    return (lemma, lemma + "s")


def french_noun(lemma: str) -> tuple[str, ...]:
    """Singular and plural; in a phrase noun and adjective both take it.

    >>> french_noun("conversation téléphonique")
    ('conversation téléphonique', 'conversations téléphoniques')
    """

    def plural(word: str) -> str:
        if word[-1] in "sxz" or word in ("de", "d'", "du", "la", "l'", "non", "grata", "au", "a"):
            return word
        if word.endswith("al"):
            return word[:-2] + "aux"
        return word + ("x" if word.endswith(("eau", "eu")) else "s")

    words = lemma.split()
    if len(words) > 2 or any(word in ("de", "d'", "des") for word in words):
        several = " ".join([plural(words[0]), *words[1:]])
    else:
        several = " ".join(plural(word) for word in words)
    return tuple(dict.fromkeys((lemma, several)))


def russian_noun(lemma: str) -> tuple[str, ...]:
    """All cases of a noun, together with the adjectives that agree with it; what follows stays as written.

    A phrase in the plural may mean the plural alone (good offices), so it gets no singular.

    >>> "переговорах" in russian_noun("переговоры")
    True
    >>> {"гуманитарного груза", "гуманитарными грузами"} <= set(russian_noun("гуманитарный груз"))
    True
    >>> "временному поверенному в делах" in russian_noun("временный поверенный в делах")
    True
    >>> russian_noun("добрые услуги")
    ('добрые услуги', 'добрым услугам', 'добрыми услугами', 'добрых услуг', 'добрых услугах')
    >>> "выводу войск" in russian_noun("вывод войск"), "выводу войскам" in russian_noun("вывод войск")
    (True, False)
    """
    first, *rest = lemma.split()
    found: dict[str, None] = {first: None}
    if agreeing := _agreeing(lemma.split()):
        rest = rest[len(agreeing) - 1 :]
        found = dict.fromkeys(_declined(agreeing))
    else:
        for parse in _morph().parse(first):
            if parse.tag.POS in ("NOUN", *_ADJECTIVE) and parse.normal_form.replace("ё", "е") in _normals(first):
                for other in parse.lexeme:
                    if other.tag.POS == parse.tag.POS:
                        found[other.word] = None
    forms = {form for word in found for form in (word, word.replace("ё", "е"))}
    return tuple(" ".join([form, *rest]) for form in sorted(forms))


def _agreeing(words: Sequence[str]) -> list[Parse]:
    """The adjectives that open a phrase in the nominative and the noun they agree with, or nothing.

    A last adjective with no noun of its own stands for one ("поверенный").
    """
    parses = [_morph().parse(word) for word in words]
    # Dictionaries know every letter as an abbreviation too: where a word is a preposition first, it is no noun.
    readings = [[p for p in those if p.tag.case == "nomn" and those[0].tag.POS != "PREP"] for those in parses]
    adjectives = list(takewhile(bool, ([p for p in those if p.tag.POS in _ADJECTIVE] for those in readings)))
    nouns = [p for those in readings[len(adjectives) :][:1] for p in those if p.tag.POS == "NOUN"]
    for before, heads in ((adjectives, nouns), (adjectives[:-1], adjectives[-1:] and adjectives[-1])):
        for head in heads if before else ():
            found = [next((p for p in those if _agree(p, head)), None) for those in before]
            if None not in found:
                return [p for p in found if p] + [head]
    return []


def _agree(adjective: Parse, head: Parse) -> bool:
    """In case, number and, where the forms show it, gender and animacy."""
    of, by = adjective.tag, head.tag
    case = _CASE.get(by.case, by.case)
    return (
        (of.case, of.number) == (case, by.number)
        and of.gender in (None, by.gender)
        and of.animacy in (None, by.animacy)
    )


def _declined(agreeing: Sequence[Parse]) -> Iterator[str]:
    *adjectives, head = agreeing
    paradigms = [_paradigm(adjective) for adjective in adjectives]
    for form in _paradigm(head):
        if form.tag.number == "sing" and (head.tag.number, head.tag.gender) != ("sing", form.tag.gender):
            continue
        for chosen in product(*([p for p in paradigm if _agree(p, form)] for paradigm in paradigms)):
            yield " ".join(p.word for p in (*chosen, form))


def _paradigm(parse: Parse) -> list[Parse]:
    """Cases of a noun, adjective or participle, without its short forms, degrees and sister participles."""

    def kind(tag: OpencorporaTag) -> tuple[object, ...]:
        return tag.POS, tag.tense, tag.voice, "Supr" in tag

    return [other for other in parse.lexeme if kind(other.tag) == kind(parse.tag)]


def _normals(word: str) -> set[str]:
    return {p.normal_form.replace("ё", "е") for p in _morph().parse(word)[:1]} | {word.lower().replace("ё", "е")}


def verb(lemma: str, language: str, irregular: Mapping[str, str]) -> Forms:
    """Forms of a verb, by the generator that the language names or by its paradigms."""
    made_by = grammar(language).traits.inflection
    if made_by == "english":
        return english_verb(lemma, irregular.get(lemma, ""))
    if made_by == "french":
        return french_verb(lemma)
    return russian_verb(lemma) if made_by == "russian" else verb_forms(language, lemma)


def noun(lemma: str, language: str) -> Iterable[str]:
    """Forms of a noun or noun phrase, by the generator that the language names or by its paradigms."""
    made_by = {"english": english_noun, "french": french_noun, "russian": russian_noun}
    generator = made_by.get(grammar(language).traits.inflection)
    return generator(lemma) if generator else noun_forms(language, lemma)
