"""Whose side persons are on where neither the registry nor their title says it: what stands around their names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from detente.coding.names_lexicon import Words
from detente.languages import grammar


@dataclass(frozen=True, slots=True)
class Sided:
    """A name in a text with the words around it that belong to it, as word numbers.

    Attributes:
        first, last: The name.
        outer, stop: Title and apposition included; `stop` exclusive.
        title: The words of its title, as they are written; empty without one.
        plural: One title for several persons.
        side: Whose side is known so far; empty where it is not.
    """

    first: int
    last: int
    outer: int
    stop: int
    title: str
    plural: bool
    side: str


@dataclass(frozen=True)
class Around:
    """What is known of one text.

    Attributes:
        sentence_of: Number of the sentence of each word.
        covered: Word number -> kind and side of the state, people or body named there.
        sides: The two of the dossier.
        home: The side on whose own site the text stands, or empty.
    """

    words: Words
    language: str
    sentence_of: Sequence[int]
    covered: Mapping[int, tuple[str, str]]
    sides: tuple[str, str]
    home: str = ""

    def side_of(self, people: Sequence[Sided], i: int) -> str:
        """The side of the person at place i of a text's persons, in text order; empty where nothing tells."""
        ways: tuple[Callable[[Sequence[Sided], int], str], ...] = (
            self._people_before, self._counterpart, self._beside, self._listed, self._own, self._summoned,
            self._at_home,
        )  # fmt: skip
        return next((side for way in ways if (side := way(people, i))), "")

    def _says(self, key: str) -> frozenset[str]:
        return grammar(self.language).words(key)

    def _other(self, side: str) -> str:
        return next((one for one in self.sides if one != side), "") if side in self.sides else ""

    def _people_before(self, people: Sequence[Sided], i: int) -> str:
        """ "The American *X*", "l'Américain *X*", "basketteuse américaine *X*", «американец *X*»."""
        k = people[i].first - 1
        if k < 0 or self.words.gap(k) not in (" ", "\n", "\u00a0"):
            return ""
        kind, side = self.covered.get(k, ("", ""))
        return side if kind == "people" else ""

    def _counterpart(self, people: Sequence[Sided], i: int) -> str:
        """ "Lavrov met his counterpart *X*": the other of the two."""
        one = people[i]
        titled = self.words.flats[one.outer : one.first]
        if not i or self._says("counterparts").isdisjoint(titled):
            return ""
        return self._other(people[i - 1].side) if self._near(people[i - 1], one) else ""

    def _near(self, before: Sided, one: Sided) -> bool:
        return self.sentence_of[before.first] == self.sentence_of[one.first]

    def _beside(self, people: Sequence[Sided], i: int) -> str:
        """ "The first secretary of the American embassy, Y, and the second secretary, *X*"; "diplomats Y and *X*"."""
        if not i:
            return ""
        before, one = people[i - 1], people[i]
        if not self._near(before, one) or not (one.title or before.plural) or not before.title:
            return ""
        between = self.words.flats[before.stop : one.outer]
        return before.side if len(between) <= 1 and self._says("and").issuperset(between) else ""

    def _listed(self, people: Sequence[Sided], i: int) -> str:
        """ "Three American citizens were freed: X, *Y* and *Z*", "Deux Américains, X et *Y*, …"."""
        if people[i].title:
            return ""
        first = i
        while first and self._runs_on(people[first - 1], people[first]):
            first -= 1
        last = i
        while last + 1 < len(people) and self._runs_on(people[last], people[last + 1]):
            last += 1
        begin = people[first].first
        gap = self.words.gap(begin - 1).strip() if begin else ""
        if last == first or gap[:1] not in (":", ",", "—", "–", "(") or not gap:
            return ""
        sides = {side for _, side in self._several(begin)}
        return sides.pop() if len(sides) == 1 else ""

    def _runs_on(self, before: Sided, one: Sided) -> bool:
        between = self.words.flats[before.last + 1 : one.first]
        return self._near(before, one) and len(between) <= 1 and self._says("and").issuperset(between)

    def _several(self, end: int) -> Iterator[tuple[int, str]]:
        """Nationals named together before word `end` of its sentence."""
        k = end - 1
        while k >= 0 and self.sentence_of[k] == self.sentence_of[end]:
            kind, side = self.covered.get(k, ("", ""))
            beside = {*self.words.flats[max(0, k - 1) : k], *self.words.flats[k + 1 : k + 2]}
            fellow = not self._says("nationals").isdisjoint(beside)
            if side and ((kind == "people" and (fellow or self._plural(k))) or (kind == "state" and fellow)):
                yield k, side
            k -= 1

    def _plural(self, k: int) -> bool:
        word = self.words.flats[k]
        if not grammar(self.language).traits.inflected:
            return word.endswith(("s", "x")) and self.words.capital[k]
        from detente.coding.names_russian import several

        return several(word)

    def _own(self, people: Sequence[Sided], i: int) -> str:
        """ "Paris has recalled its ambassador to Algiers, *X*"."""
        one = people[i]
        if one.outer == one.first or self.words.flats[one.outer] not in self._says("own"):
            return ""
        k = one.outer - 1
        while k > 0 and self.sentence_of[k - 1] == self.sentence_of[one.outer]:
            k -= 1
        for at in range(max(k, 0), one.outer):
            kind, side = self.covered.get(at, ("", ""))
            if side:
                return side if kind != "people" else ""
        return ""

    def _summoned(self, people: Sequence[Sided], i: int) -> str:
        """ "Moscow summoned Ambassador *X*": of the two, not the one that summons."""
        one = people[i]
        title = self.words.flats[one.outer : one.first] + self.words.flats[one.last + 1 : one.stop]
        if self._says("summoned").isdisjoint(title):
            return ""
        here = [k for k, sentence in enumerate(self.sentence_of) if sentence == self.sentence_of[one.first]]
        if self._says("summons").isdisjoint(self.words.flats[k] for k in here):
            return ""
        outside = (self.covered.get(k, ("", ""))[1] for k in here if not one.outer <= k < one.stop)
        named = {side for side in outside if side}
        return self._other(named.pop()) if len(named) == 1 else ""

    def _at_home(self, people: Sequence[Sided], i: int) -> str:
        """ "Senior Advisor *X*" on the White House's site."""
        one = people[i]
        return self.home if one.outer < one.first and one.title[:1].isupper() and not one.plural else ""
