"""Titles before a name and appositions after it: where they stand, and which words of them say what someone is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from detente.coding.names_lexicon import PersonWords, Words
from detente.languages import grammar

# A title runs over spaces, elisions and hyphens, an English one over "'s" too.
_RUNS_ON = re.compile(r"(?:['’]s?)?[ \n\u00a0\u202f](?:\d{1,4}(?:er|e|-?[а-я]{1,2})?[ \u00a0\u202f])?|")
_CLOSES = re.compile(r"\s*[,.;:!?)»”\"–—]|\s*$|\n")


@dataclass(frozen=True, slots=True)
class Title:
    """Words of a text that say what someone is, as word numbers, end exclusive.

    Attributes:
        start, end: The title itself, without article.
        outer: Where the noun phrase begins, article included.
        sex: `f` where a form said of women only is used.
        plural: One title for several persons.
    """

    start: int
    end: int
    outer: int
    sex: str = ""
    plural: bool = False


@lru_cache(maxsize=20000)
def russian_cases(word: str, *, single: bool = False) -> frozenset[str]:
    """Cases that a Russian word can stand in; empty where nobody knows.

    Args:
        single: Leave its plurals out, where it has singular forms that look the same ("администрации").
    """
    from detente.coding.names_russian import analyser

    tags = [parse.tag for parse in analyser().parse(word) if parse.tag.case is not None and parse.score > 0.01]
    if single and any("sing" in tag for tag in tags):
        tags = [tag for tag in tags if "sing" in tag]
    return frozenset(str(tag.case) for tag in tags)


def accusative(word: str) -> bool:
    """True where a Russian word is an object by its form, and no subject ("операцию")."""
    cases = russian_cases(word)
    return "accs" in cases and "nomn" not in cases


@lru_cache(maxsize=20000)
def name_cases(words: tuple[str, ...]) -> frozenset[str]:
    """Cases that all the words of a Russian name can share; empty where nobody knows."""
    from detente.coding.names_russian import analyser

    shared: frozenset[str] = frozenset()
    for word in words:
        cases = frozenset(
            str(parse.tag.case)
            for parse in analyser().parse(word)
            if parse.tag.case
            and parse.tag.case != "voct"
            and ("Name" in parse.tag or "Surn" in parse.tag)
            and "plur" not in parse.tag
        )
        if cases:
            # Where the two disagree, the given name is the surer one: foreign surnames look like other words.
            shared = (shared & cases) or shared or cases
    return shared


class Titles:
    """Finds titles and appositions in one text.

    Args:
        heads: Word number -> (words, label) of every role noun in the text.
        names: Word numbers inside a person's name.
    """

    def __init__(
        self,
        words: Words,
        lists: PersonWords,
        language: str,
        heads: Mapping[int, tuple[int, str]],
        names: frozenset[int],
        covered: Mapping[int, str],
    ) -> None:
        self._w = words
        self._lists = lists
        self._grammar = grammar(language)
        self._traits = self._grammar.traits
        self._determiners = self._grammar.words("title_determiners")
        self._heads = heads
        self._names = names
        self._covered = covered
        self._head_ends = {i + size - 1: i for i, (size, _) in heads.items()}

    def before(self, i: int, last: int) -> Sequence[Title]:
        """Titles that can belong to the name at words i to last, the likeliest first."""
        w = self._w
        if i == 0:
            return ()
        gap = w.gap(i - 1)
        comma = gap.strip() == "," and not self._traits.inflected
        if not comma and not _RUNS_ON.fullmatch(gap):
            return ()
        if comma and not _CLOSES.match(w.text[w.ends[last] :][:4] or " "):
            return ()
        if self._traits.head_last and not comma:
            return self._english(i)
        heads: list[int] = []
        k = i - 1
        crossed = False
        while k >= 0 and i - k <= 16:
            if k < i - 1 and not _RUNS_ON.fullmatch(w.gap(k)):
                break
            if (
                (w.flats[k] in self._lists.stop and k not in self._head_ends)
                or (k in self._names and not crossed and not self._owner(k, i))
                or (w.flats[k] in self._lists.honorific)
                or self._leaves(k, i)
            ):
                break
            # "l'émissaire de X, Y", "спецпосланник X-а Y": the walk goes on over the name of whom someone serves.
            crossed = k in self._names
            if k in self._heads:
                size, _ = self._heads[k]
                # The longest phrase that ends here was found from its first word; inner words do not count again.
                heads = [h for h in heads if not k <= h < k + size]
                heads.append(k)
            k -= 1
        titles = [self._title(h, i) for h in heads]
        if comma:
            # "Le porte-parole de la présidence, X,": the whole phrase, which opens with its article.
            return [t for t in reversed(titles) if t.outer < t.start and self._opens(t)][:1]
        if self._traits.inflected:
            # Title and name stand in one case: "пресс-секретарь президента Дмитрий …" is no president.
            own = name_cases(tuple(w.flats[i : last + 1]))
            return [t for t in titles if not own or self._head_cases(t) & own]
        return titles

    def _leaves(self, k: int, i: int) -> bool:
        """Whether the word at k is in no title: "le président tient *les* …", "du ministre d'*entendre* X"."""
        w = self._w
        links = self._grammar.words("object_prepositions")
        if self._traits.verbs != "romance" or k == 0 or k in self._head_ends:
            return False
        if w.flats[k] in self._grammar.words("articles") and k + 1 < i and k + 1 not in self._heads:
            return w.flats[k - 1] not in links and not w.gap(k - 1).strip(" '’") and w.flats[k - 1].isalpha()
        if w.capital[k]:
            return False  # "ambassadeur à Alger"
        return w.flats[k - 1] in links and w.flats[k].endswith(self._grammar.endings("infinitive") or ("\n",))

    def _owner(self, k: int, i: int) -> bool:
        w = self._w
        if k == i - 1 and not self._traits.inflected and w.gap(k).strip() != ",":
            return False
        first = k
        while first and first - 1 in self._names and _RUNS_ON.fullmatch(w.gap(first - 1)):
            first -= 1
        if first == 0:
            return False
        if self._traits.inflected:
            return first - 1 in self._head_ends and "gent" in name_cases(tuple(w.flats[first : k + 1]))
        return w.flats[first - 1] in self._grammar.words("belongs")

    def _head_cases(self, title: Title) -> frozenset[str]:
        head = next((k for k in range(title.start, title.end) if k in self._heads), title.start)
        return russian_cases(self._w.flats[head]) or frozenset(("nomn", "gent", "datv", "accs", "ablt", "loct"))

    def _opens(self, title: Title) -> bool:
        return self._w.flats[title.outer] in self._determiners

    def _title(self, head: int, end: int) -> Title:
        w = self._w
        # "his American counterpart, X": English words before the head belong to it.
        start = outer = self._extend_left(head) if self._traits.head_last else head
        if start and w.flats[start - 1] in self._determiners and _RUNS_ON.fullmatch(w.gap(start - 1)):
            outer = start - 1
        elif self._traits.inflected:
            # "российский министр иностранных дел": adjectives before the head belong to it.
            while (
                outer
                and self._covered.get(outer - 1) == "people"
                and w.flats[outer - 1].endswith(self._grammar.endings("people_adjective"))
                and _RUNS_ON.fullmatch(w.gap(outer - 1))
            ):
                outer -= 1
            return Title(outer, end, outer, self._sex(head), self._heads[head][1] == "plural")
        elif head >= 1 and w.flats[head - 1] in self._grammar.words("title_adjectives"):
            outer = head - 1 - int(head >= 2 and w.flats[head - 2] in self._determiners)
        return Title(start, end, outer, self._sex(head), self._heads[head][1] == "plural")

    def _adjective(self, k: int) -> bool:
        return self._covered.get(k) == "people" and self._w.flats[k].endswith(self._grammar.endings("people_adjective"))

    def _sex(self, head: int) -> str:
        label = self._heads[head][1]
        if label == "f" or (head and self._w.flats[head - 1] in self._grammar.words("feminine_articles")):
            return "f"
        return ""

    def _english(self, i: int) -> Sequence[Title]:
        w = self._w
        head = self._head_ends.get(i - 1)
        if head is None:
            # "head of the Russian delegation Ivan Petrov": the head stands further left, linked by "of".
            if w.flats[i - 1] in self._grammar.words("title_links"):
                return ()
            k = i - 1
            while k >= 0 and i - k <= 10 and k not in self._names and w.flats[k] not in self._lists.stop:
                if k < i - 1 and not _RUNS_ON.fullmatch(w.gap(k)):
                    return ()
                if k in self._head_ends and k + 1 < i and w.flats[k + 1] in self._grammar.words("title_links"):
                    return [self._title(self._head_ends[k], i)]
                k -= 1
            return ()
        start = self._extend_left(head)
        outer = start - 1 if start and w.flats[start - 1] in self._determiners and w.gap(start - 1) == " " else start
        return [Title(start, i, outer, "f" if self._heads[head][1] == "f" else "", self._heads[head][1] == "plural")]

    def _extend_left(self, head: int) -> int:
        w = self._w
        start = head
        while start and head - start < 8:
            k = start - 1
            if not _RUNS_ON.fullmatch(w.gap(k)):
                break
            fits = k in self._covered or w.flats[k] in self._lists.modifiers or k in self._head_ends
            if not fits and w.capital[k] and w.flats[k] not in self._lists.function and k not in self._names:
                fits = True
            if k in self._names:
                # "Putin's spokesman", "Putin spokesman"
                fits = True
            if not fits:
                break
            start = k
        return start

    def after(self, last: int) -> Title | None:
        """The apposition that follows the name whose last word this is."""
        w = self._w
        if w.gap(last).strip() != "," or last + 1 >= len(w):
            return None
        begin = last + 1
        head, k, end = -1, begin, begin
        while k < len(w) and k - begin < 20:
            low = w.flats[k]
            if k > begin and not _RUNS_ON.fullmatch(w.gap(k - 1)):
                break
            if low in self._lists.stop and not (head < 0 and low in self._grammar.words("lead_in") and k - begin < 2):
                break
            if head < 0 and k in self._heads:
                head = k
            elif head < 0 and k in self._names and w.text[w.ends[k] : w.ends[k] + 2] not in ("'s", "’s"):
                return None
            if head < 0 and not self._may_lead(k, begin):
                return None
            end = k + 1
            k += 1
        if head < 0:
            return self._demonym(begin, end)
        size, label = self._heads[head]
        after = head + size
        # "Lavrov, le président Poutine et …": the title of the next person in a list.
        if after < end and after in self._names and after == head + size and not self._traits.inflected:
            return None
        if self._traits.inflected and end < len(w) and end in self._names:
            return None
        start = head
        if self._traits.head_last:
            start = begin
            while start < head and w.flats[start] in self._determiners | self._grammar.words("relative_lead"):
                start += 1
            # Several heads in a row: "the Kremlin's foreign policy adviser" ends at its last head before a link.
        elif self._traits.inflected:
            start = begin
        outer = begin
        plural = label == "plural"
        if end < len(w) and not _CLOSES.match(w.gap(end - 1)) and w.flats[end] not in self._lists.stop:
            return None
        if end < len(w) and self._subject_of(begin, end):
            return None
        return Title(start, end, outer, "f" if label == "f" else "", plural)

    def _subject_of(self, begin: int, end: int) -> bool:
        """ "Reçu par X, *le ministre grec* a ...": no comma parts it from the verb, so it is the subject, not X."""
        w, rules = self._w, self._grammar
        auxiliaries = rules.tenses("have").keys() | rules.tenses("be").keys()
        romance = rules.traits.verbs == "romance" and w.flats[begin] in rules.words("definite") | rules.words("own")
        return romance and w.flats[end] in auxiliaries and not w.gap(end - 1).strip()

    def _may_lead(self, k: int, begin: int) -> bool:
        w = self._w
        if self._traits.head_last:
            return k - begin < 9
        return (
            w.flats[k] in self._grammar.words("lead_in")
            or k in self._covered
            or k in self._heads
            or (self._traits.inflected and k - begin < 3 and not w.capital[k])
            or (k - begin < 3 and w.flats[k].endswith(self._grammar.endings("demonym")))
        )

    def _demonym(self, begin: int, end: int) -> Title | None:
        """ "X, an American": a people alone says whose side someone is on."""
        w = self._w
        if (
            self._traits.head_last
            and end - begin == 2
            and w.flats[begin] in self._grammar.words("indefinite")
            and self._covered.get(begin + 1) == "people"
        ):
            return Title(begin + 1, end, begin)
        return None

    def toward(self, k: int, *, body: bool = False, outer: int = 0) -> bool:
        """True where word k says where to, not on whose behalf: "envoy to Russia", "ambassadeur à Washington"."""
        w = self._w
        while k and w.flats[k - 1] in self._grammar.words("definite"):
            k -= 1
        wanted = self._grammar.words("toward_body" if body else "toward")
        return k > outer and w.flats[k - 1] in wanted
