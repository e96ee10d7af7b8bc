"""Which language a text is in: its script, the letters only some languages have, and its commonest words."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from detente.languages import codes, grammar
from detente.terms import LANGUAGES

# Commonest function words; those shared by neighbours weigh less because each list holds them.
# Languages that are not coded, so that their texts are taken for none that is.
_NEIGHBOURS = {
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus "
    "er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor "
    "zur bis",
    "it": "di e il la che in a per un è del non una le con i si da al dei sono ha della come anche più nel alla o "
    "ma se gli lo delle questo dalla su ad ed hanno nella stato essere loro due tra dopo degli dal era tutti molto "
    "ai",
    "pt": "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à seu sua ou "
    "quando muito nos já eu também só pelo pela até isso ela entre depois sem mesmo aos seus quem nas me esse foi "
    "são",
    "nl": "de van het een en in is dat op te zijn met voor niet aan er die om ook als dan maar bij of uit nog "
    "worden door naar heeft hij ze wordt tot je mijn deze over zo hebben al kan meer geen was we werd waren heel na "
    "onder",
    "pl": "w i na z że do nie się o jest to po za od przez jak dla co ale być był są jego który tym oraz czy tego "
    "ze które roku może tak przed już także po tylko było bardzo ich jej pod przy będzie gdy jako ma jednak nad "
    "między",
    "ro": "de și în a la cu pe nu că este din o un pentru care se mai au fi prin sau ca dar ce sunt fost lui am al "
    "ale după el ai ea iar până fără către între despre avea această acest unei unui sa cea cel două",
    "ca": "de la i a el que en les els del amb per un una es no al dels són més com va però seva seu aquest aquesta "
    "ha és o també als sobre entre fins tot molt ser qui han des quan on havia sense",
    "tr": "ve bir bu da de için ile olarak çok olan daha en gibi kadar sonra olduğu ne ki ancak ya ise var değil "
    "her o olduğunu göre tarafından ise yeni ilk büyük arasında türkiye iki üzerinde edilen eden dedi",
    "cs": "a v se na je že s z do o k i jako za by ale pro od který po jsou byl byla to jeho už ve si také které "
    "podle roku tak nebo než při jen může však mezi své při před další bylo této",
    "sv": "och i att det som en på är av för med den till inte om ett har de var han från vid kan men ska sig så "
    "under också efter eller nu hon sin mot över två vi där år när bara mycket",
    "da": "og i at det er en til af på for med den ikke de der som har et om var fra han men kan skal vil sig også "
    "efter eller nu hun ved over mod to vi år så blev når kun meget ud",
    "fi": "ja on ei että se oli hän myös joka mutta ovat kun mukaan vuonna sekä tai jo kuin ole sen hänen nyt vain "
    "niin olisi jos koska tämä ne jossa ollut",
    "hu": "a az és hogy nem is egy van meg de volt ez azt csak már még mint ki el kell lesz vagy szerint között "
    "után ezt volna ha lehet minden magyar",
    "uk": "і в на не що з та у до як за від це для про але він був його було вона або також який ще є які при так "
    "під після вже більше через тільки між чи коли їх її ми бути лише якщо щоб року році україни має може без цього "
    "того",
    "be": "і ў на не што з у да як за ад гэта для пра але ён быў яго было яна або таксама які яшчэ ёсць якія пры "
    "так пад пасля ўжо больш праз толькі паміж ці калі іх яе мы быць каб года годзе беларусі можа без гэтага таго "
    "ды",
    "bg": "и на да за от се че са по не е в с ще като до това при които който или след го си но бе беше има към "
    "която още му те бъде между само може ли така ни както те ги им той тя била били година обаче най под пред със "
    "във",
    "sr": "и у је да се на су за од са као који не то а или је био које што из по али та го би ће није све након "
    "због која године он биле била до према ово овај само може код јер тако њихов",
    "mk": "и на да се во од за е со што ќе не како по ги го или кои кој која но ја беше до овој оваа меѓу само може "
    "тоа при има нема според после години",
}
# Letters that exclude: a Cyrillic text that uses them is in one of these languages, not in Russian.
_LETTERS = (
    ("kk", "ғқңұһәөүҒҚҢҰҺӘӨҮ"),
    ("tg", "ҷӯҳҶӮҲӣӢ"),
    ("uk", "іїєґўІЇЄҐЎ"),
    ("sr", "ђћљњџјѓќѕЂЋЉЊЏЈЃЌЅ"),
)
_SCRIPTS = (
    ("ja", "\u3040-\u30ff"),
    ("ko", "\uac00-\ud7af\u1100-\u11ff"),
    ("zh", "\u4e00-\u9fff\u3400-\u4dbf"),
    ("ar", "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff"),
    ("he", "\u0590-\u05ff"),
    ("el", "\u0370-\u03ff\u1f00-\u1fff"),
    ("ka", "\u10a0-\u10ff"),
    ("hy", "\u0530-\u058f"),
    ("hi", "\u0900-\u097f"),
    ("bn", "\u0980-\u09ff"),
    ("ta", "\u0b80-\u0bff"),
    ("th", "\u0e00-\u0e7f"),
    ("my", "\u1000-\u109f"),
    ("am", "\u1200-\u137f"),
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ELIDED = re.compile(r"\b(?:[ldjmtsnc]|qu)['’](?=[^\W\d_])", re.I)
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_BULGARIAN = re.compile(r"ъ(?![еёюяиЕЁЮЯИ])[а-я]")
_CYRILLIC_LANGUAGES = ("ru", "uk", "be", "bg", "sr", "mk")
_READ = 20_000
"""Characters looked at: language does not change later often enough to pay for more."""


@dataclass(frozen=True, slots=True)
class Identified:
    """A language code (ISO 639-1; `und` where nothing decides) and whether the evidence is clear.

    Attributes:
        share: Share (0-1) of the words that are common words of that language; 0 where the script alone decided.
    """

    code: str
    sure: bool
    share: float = 0.0


def identify(text: str) -> Identified:
    """Say which language a text is in.

    A language that is coded is claimed only on evidence of its own; what is none of them keeps its own code.

    >>> identify("Les deux délégations ont échangé des notes sur leurs missions.").code
    'fr'
    >>> identify("Переговори тривали п'ять годин і завершилися без угоди.").code
    'uk'
    >>> identify("12:30 — 18,5 %").code
    'und'
    """
    sample = text[:_READ]
    counts = {name: len(found) for name, found in _scripts(sample).items()}
    script = max(counts, key=lambda name: counts[name], default="")
    if not counts or counts[script] < 2:
        return Identified("und", sure=False)
    # Kana beside many Chinese signs is Japanese; the reverse does not occur.
    if script == "zh" and counts.get("ja", 0) > counts["zh"] // 20:
        return Identified("ja", sure=True)
    if script not in ("latin", "cyrillic"):
        return _other_script(script, sample, counts)
    words = [word.lower().replace("’", "'") for word in _WORD.findall(_ELIDED.sub(_free, sample))]
    return _cyrillic(sample, words, counts["cyrillic"]) if script == "cyrillic" else _latin(sample, words)


def _free(elided: re.Match[str]) -> str:
    return elided.group() + " "


def _scripts(sample: str) -> dict[str, list[str]]:
    found = {"latin": _LATIN.findall(sample), "cyrillic": _CYRILLIC.findall(sample)}
    if not sample.isascii():
        for code, ranges in _SCRIPTS:
            found[code] = re.findall(f"[{ranges}]", sample)
    return {name: letters for name, letters in found.items() if letters}


def _other_script(script: str, sample: str, counts: dict[str, int]) -> Identified:
    sure = counts[script] >= 20
    if script in ("ar", "hi", "he"):
        # Persian, Urdu, Marathi, Nepali, Yiddish … share these scripts.
        return Identified(_trained(sample)[0], sure=sure)
    return Identified(script, sure=sure)


def _cyrillic(sample: str, words: list[str], letters: int) -> Identified:
    voted, share, lead = _vote(words, _CYRILLIC_LANGUAGES)
    for code, marks in _LETTERS:
        hits = sum(sample.count(mark) for mark in marks)
        # One in 50 letters: these languages use theirs in one of 15 to 30, Russian quotes a foreign word now and then.
        if hits >= max(1, letters // 50):
            settled = _neighbour(code, sample, words)
            return Identified(settled, sure=hits > 3, share=_share(words, settled) if settled in _known() else 0.0)
    # In Russian ъ stands before е, ё, ю, я alone; in Bulgarian it is a vowel.
    if len(_BULGARIAN.findall(sample)) > letters // 300:
        return Identified("bg", sure=letters > 60, share=_share(words, "bg"))
    # Every 14th letter of Russian is и; Belarusian has none, and some of its texts write і with the Latin letter.
    if letters > 100 and "и" not in sample and "ы" in sample:
        return Identified("be", sure=True, share=_share(words, "be"))
    # ы, э, ё: every 35th letter of Russian news, and in no Bulgarian, Serbian or Macedonian word.
    russian = sum(sample.count(mark) for mark in "ыэёЫЭЁ")
    if russian > letters // 200:
        own = _share(words, "ru")
        return Identified("ru", sure=letters > 40 and own > 0.08, share=own)
    if not voted or lead < 1.5 or (voted == "ru" and letters > 150):
        trained = _trained(sample, _CYRILLIC_LANGUAGES)[0]
        return Identified(
            trained, sure=trained == voted and letters > 60 and voted != "ru", share=_share(words, trained)
        )
    return Identified(voted, sure=share > 0.12 and letters > 60, share=share)


def _neighbour(code: str, sample: str, words: list[str]) -> str:
    """Which of the languages that share these letters."""
    if code == "uk":
        # Belarusian writes і and ы and never и; Ukrainian writes і and и and never ы.
        return "be" if "ў" in sample.lower() or sample.count("и") < sample.count("ы") else "uk"
    if code == "sr":
        return "mk" if _share(words, "mk") > _share(words, "sr") else "sr"
    if code == "kk" and not re.search("[ғқұәҒҚҰӘ]", sample):
        return _trained(sample, ("ky", "mn", "kk"))[0]
    return code


def _latin(sample: str, words: list[str]) -> Identified:
    latin = tuple(code for code in _known() if code not in _CYRILLIC_LANGUAGES)
    code, share, lead = _vote(words, latin)
    # A running text has its commonest words in every second to fourth place: in 600 sentences per language of
    # news treebanks (November 2026) 95 % of French and English ones reach 0.25 and no other language reaches 0.2 in
    # their lists while leading.
    if share >= 0.2 and lead >= 1.2:
        return Identified(code, sure=len(words) >= 8, share=share)
    trained, _ = _trained(sample)
    if trained == code:
        return Identified(code, sure=len(words) >= 8 and share >= 0.15, share=share)
    if trained in _known() and len(words) >= 12:
        own = _share(words, trained)
        if own < 0.1 and share < 0.1:
            return Identified("und", sure=False, share=share)
        return Identified(trained if own >= share else code, sure=False, share=max(own, share))
    if share >= 0.15 or (share > 0 and len(words) < 12):
        return Identified(code, sure=False, share=share)
    return Identified(trained if len(words) >= 12 and trained not in codes() else "und", sure=False, share=share)


def _known() -> tuple[str, ...]:
    """Languages whose commonest words are listed: those with a folder, the pages' own first, and their neighbours."""
    own = sorted((code for code in codes() if grammar(code).words("common")), key=lambda code: code not in LANGUAGES)
    return tuple(dict.fromkeys((*own, *_NEIGHBOURS)))


@lru_cache(maxsize=64)
def _list(code: str) -> frozenset[str]:
    return grammar(code).words("common") or frozenset(_NEIGHBOURS[code].split())


def _share(words: list[str], code: str) -> float:
    return sum(word.rstrip("'") in _list(code) or word in _list(code) for word in words) / len(words) if words else 0.0


def _vote(words: list[str], codes: tuple[str, ...]) -> tuple[str, float, float]:
    """Best language, its share of words, and how many times the runner-up's that is."""
    if not words:
        return "", 0.0, 0.0
    held = Counter(words)
    shares = {code: sum(count for word, count in held.items() if word in _list(code)) / len(words) for code in codes}
    best, second = sorted(shares, key=lambda code: -shares[code])[:2]
    if shares[best] == 0:
        return "", 0.0, 0.0
    return best, shares[best], shares[best] / shares[second] if shares[second] else 9.0


@lru_cache(maxsize=4)
def _identifier(codes: tuple[str, ...]) -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    if codes:
        identifier.set_languages(list(codes))
    return identifier


def _trained(sample: str, codes: tuple[str, ...] = ()) -> tuple[str, float]:
    code, chance = _identifier(codes).classify(sample)
    return str(code), float(chance)
