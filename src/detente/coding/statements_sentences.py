"""Who says what in one sentence: verbs and phrases of speech with their speakers."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

from detente.coding.names_lexicon import Words, flat, person_words, word_list
from detente.coding.names_russian import given_name, heads_clause
from detente.coding.names_titles import accusative, name_cases, russian_cases
from detente.coding.passages import Mention, Passage, Reading
from detente.coding.statements_lexicon import (
    ReportingVerb,
    outlets,
    reporting_words,
)
from detente.languages import grammar, table
from detente.terms import Participant, Span

_LEAD_MIN = 28
_ASIDE = 12
"""Words that may tell to whom and where something was said, between the verb and its subject."""

_BETWEEN = 9
"""Words between a subject and its verb where cases say which is which: when, where and about what."""

_INSIDE = 8
"""Words that may stand between an auxiliary and its participle."""

_WHO = ("person", "role", "institution", "anonymous")
_CLOSE = ("»", "”", '"', ",", "—", "–")
"""Marks after which a reporting clause may have its subject behind its verb."""

_CARD = re.compile(
    r"((?:[A-ZА-ЯЁ][\w-]+ ){1,2}([A-ZА-ЯЁ][\w-]+)) \2 (?:[A-ZА-ЯЁ][\w-]+)(?: [А-ЯЁ]\w+(?:вич|вна|ич))?(?=[ ,])"
)


_GRAVE = frozenset(("regret", "accuse", "warn", "threaten", "fear", "demand"))
_TELLING = frozenset(("welcome", "accuse", "warn", "regret", "promise", "call", "demand", "fear", "hope", "threaten"))
"""Classes of verbs whose gerund tells a view without the words of it."""
_TO_NOBODY = frozenset(("say", "make", "suggest"))
"""Classes of verbs that take no person as their object."""
_FAR = 3
"""Sentences over which a pronoun may reach back."""
_NEAR_QUOTE = 70
"""Characters from a verb to the quotation that it reports."""
_NEXT = 5
"""Characters between a verb and the subject right behind it: an article."""
_MOODS = frozenset(("promise", "regret"))
"""Classes of set phrases that a report may tell of a state as its mood, where nobody said so."""
_WARM = frozenset(("welcome", "hope", "promise"))
"""Classes of verbs that turn what was said so far: praise, but concern."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Someone who can be the subject of a verb of speech, with the words that stand for them."""

    participant: Participant
    start: int
    end: int
    kind: str
    trailing: bool = False

    @property
    def key(self) -> str:
        return self.participant.entity or self.participant.name


@dataclass
class Draft:
    """A statement in the making.

    Attributes:
        reporting: The reporting clause.
        post: Whether what is said stands before the reporting clause.
        until: Where the last of the same speaker's verbs ends.
    """

    passage: Passage
    speaker: Speaker
    rule: str
    reporting: Span
    cue: Span | None
    post: bool
    classes: set[str] = field(default_factory=set)
    negated: bool = False
    evidence: Span | None = None
    until: int = 0


@cache
def _listed(language: str, name: str) -> frozenset[str]:
    return frozenset(table(language, "reporting").get(name, "").split())


class Sentences(ABC):
    """Finds who says something in single sentences of one reading.

    What a sentence cannot tell, it takes from the last speaker before it.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._document = reading.document
        self._text = reading.document.text
        self._language = reading.language
        self._lists = reporting_words(reading.language)
        self._grammar = grammar(reading.language)
        self._traits = self._grammar.traits
        self._list = self._grammar.words
        self._pattern = self._grammar.pattern
        self._prepositions = _listed(reading.language, "prepositions")
        self._determiners = _listed(reading.language, "determiners")
        self._articles = self._list("articles")
        self._and = next(iter(self._list("and")), "")
        self._flat = flat(self._text)
        self._words = Words.of(self._text, self._flat, self._language)
        self._voice = reading.voice
        self._publisher = reading.voice.body if reading.voice is not None else None
        self._last: Speaker | None = None
        self._last_at = -1

    def _by_last_speaker(self, draft: Draft) -> None:
        """A pronoun that opens a sentence means whoever spoke last, where that is a person of the same sex."""
        last, speaker = self._last, draft.speaker
        if last is not None and last.kind == "institution" and self._body_goes_on(draft, last):
            draft.speaker = replace(
                speaker, participant=replace(last.participant, evidence=speaker.participant.evidence)
            )
            return
        if last is None or speaker.kind != "pronoun" or last.kind not in ("person", "role", "pronoun"):
            return
        # "X wants it, he said": whoever is named before a closing "he said" is spoken of, not speaking.
        near = draft.passage.index - (2 if draft.post else 1)
        if not 0 <= near <= self._last_at < draft.passage.index or last.key == speaker.key:
            return
        named = any(m.kind in ("person", "role") and m.span.end <= speaker.start for m in draft.passage.mentions)
        if named and not draft.post:
            return
        evidence = speaker.participant.evidence
        pronoun = flat(evidence.quote) if evidence is not None else ""
        words = person_words(self._language)
        if pronoun not in words.pronouns:
            return  # "I" and "we" mean whoever signs
        sex = words.pronouns[pronoun]
        own = words.given.get(flat(last.participant.name.split()[0]), "")
        if not own and self._traits.inflected:
            own = given_name(last.participant.name.split()[0])
        if own in ("", sex):
            draft.speaker = replace(speaker, participant=replace(last.participant, evidence=evidence))

    def _body_goes_on(self, draft: Draft, last: Speaker) -> bool:
        """ "Le ministère salue …. *Il* fait savoir que …": a body that spoke last, where its sentence named nobody."""
        speaker = draft.speaker
        opens = speaker.kind == "pronoun" and speaker.start == draft.passage.span.start
        if not opens or self._traits.verbs != "romance" or draft.passage.index - self._last_at != 1:
            return False
        before = self._reading.passages[self._last_at]
        people = [m for m in before.mentions if m.kind in ("person", "role") and not m.span.start < last.end]
        pronoun = self._flat[speaker.start : speaker.end]
        return not people and self._joins(draft.passage) and self._agrees(pronoun, last)

    # Speakers

    def _dates_line(self, passage: Passage, city: Mention) -> bool:
        """ "ISLAMABAD: Chile on Wednesday expelled …": where it was written, in capitals, and nobody's words."""
        opens = city.span.start == passage.span.start and self._text[city.span.end : city.span.end + 1] == ":"
        return opens and self._text[city.span.start : city.span.end].isupper()

    def _speakers(self, passage: Passage) -> list[Speaker]:
        out = []
        wholes = [m for m in passage.mentions if m.whole is not None]
        for mention in passage.mentions:
            if not self._can_speak(mention) or any(q.covers(mention.span) for q in passage.quoted):
                continue
            if any(o is not mention and o.whole is not None and o.whole.covers(mention.span) for o in wholes):
                continue
            if mention.kind == "city" and self._dates_line(passage, mention):
                continue
            whole = mention.whole or mention.span
            party = self._taken_up(mention) or mention.participant(self._document)
            apposed = mention.kind == "person" and self._text[whole.start - 2 : whole.start] == ", "
            apposed = apposed and self._text[whole.end : whole.end + 1] == ","
            if apposed and not party.side:
                party = replace(party, side=self._side_of_title(passage, whole.start - 2))
            out.append(
                Speaker(
                    party,
                    self._with_article(whole.start),
                    whole.end,
                    "role" if mention.kind == "people" and party.name != mention.name else mention.kind,
                    trailing=apposed
                    or (whole.end > mention.span.end and self._apposes(mention.span.end, whole.end))
                    or "," in self._text[whole.start : mention.span.start],
                )
            )
        out = self._without_cards(passage, out)
        unnamed = [*self._lists.anonymous.finditer(self._text, passage.span.start, passage.span.end)]
        unnamed += self._lists.owned.finditer(self._flat, passage.span.start, passage.span.end)
        for match in unnamed:
            start, end = match.start(), match.end()
            while start < end and self._text[start].isspace():
                start += 1
            end = self._at_body(passage, self._before_verb(start, end))
            # "Cuban officials", "кубинские чиновники"
            start = next(
                (
                    m.span.start
                    for m in passage.mentions
                    if m.span.end == start - 1
                    and (m.kind == "people" or (self._traits.head_last and m.kind in ("institution", "city")))
                ),
                start,
            )
            lead = self._pattern("before_unnamed").search(self._text[max(0, start - 30) : start])
            start -= len(lead.group()) if lead is not None and not self._lists.owned.match(self._flat, start) else 0
            known = [s for s in out if s.start < end and start < s.end]
            served = next((s for s in out if end <= s.start < end + _NEXT + 2 and s.kind in _WHO[:2]), None)
            if served is not None and self._serves(end, served.start):
                # "an aide to X", "l'entourage du président"
                end, known = served.end, [*known, served]
            if any(s.kind == "anonymous" and s.start <= start and end < s.end for s in known):
                continue
            if any(s.kind == "institution" and s.participant.side for s in known) and self._lists.owned.match(
                self._flat, start
            ):
                continue
            named_ones = [
                s for s in known if s.kind in ("person", "pronoun") or (s.kind == "role" and s.participant.entity)
            ]
            if any(s.start <= start or not self._is_object(s) for s in named_ones):
                # Whose words they are is known, but for "a Kremlin official", "un conseiller du président".
                continue
            if any(q.start <= start and end <= q.end for q in passage.quoted):
                continue
            if not self._lists.owned.match(self._flat, start):
                end = max([end, *(s.end for s in known if s.kind in ("role", "person"))])  # "an aide to X"
            out = [s for s in out if s not in known]
            named = ("state", "people", "city", "institution")
            inside = [m for m in passage.mentions if start <= m.span.start < end + 1 and m.side]
            side = next((m.side for m in inside if m.kind in named), "")
            if not side and self._lists.owned.match(self._flat, start):
                # "her delegation", "son gouvernement", "their leaders", "the interior ministry", "it announced"
                side = self._owner(passage, start)
            if not side and self._text[max(0, start - 3) : start] in ("'s ", "’s "):
                side = next((m.side for m in passage.mentions if m.span.end == start - 3), "")
            if self._text[max(0, start - 3) : start] in ("'s ", "’s "):
                # "India's external affairs ministry"
                start = next((m.span.start for m in passage.mentions if m.span.end == start - 3), start)
            evidence = self._document.quote(start, end)
            party = Participant("", evidence.quote, side, "", evidence)
            body = self._named_before(passage, start, end)
            if body is not None:
                out.append(Speaker(replace(body, evidence=evidence), start, end, "institution"))
                continue
            if not side and self._last is not None and passage.index - self._last_at == 1 and self._joins(passage):
                # "Le ministère examine …. …, a déclaré un responsable": one of those just heard.
                side = self._last.participant.side if self._last.kind in ("institution", "city", "state") else ""
                party = replace(party, side="" if "+" in side else side)
            out.append(Speaker(party, start, end, "anonymous"))
        out = self._unnamed(passage, self._with_names(passage, out))
        for several in list(self._together(passage, [s for s in out if s.participant.side])):
            out = [s for s in out if s.end <= several.start or several.end <= s.start] + [several]
        out.sort(key=lambda s: s.start)
        return [self._of_first_clause(passage, s, out) for s in out]

    def _of_first_clause(self, passage: Passage, speaker: Speaker, known: Sequence[Speaker]) -> Speaker:
        """ "X, qui …, a écrit à Y ; *il* menace …": a pronoun that opens a clause is whom the sentence opened on."""
        lead = self._text[passage.span.start : speaker.start].rstrip()
        if speaker.kind != "pronoun" or lead[-1:] != ";" or not known:
            return speaker
        first = known[0]
        pronoun = self._flat[speaker.start : speaker.end]
        words = person_words(self._language)
        opens = first.kind in ("person", "role") and first.start - passage.span.start < _LEAD_MIN
        if not opens or pronoun not in words.pronouns or self._is_object(first) or not self._nominative(first):
            return speaker
        if self._sex_of(first) not in ("", words.pronouns[pronoun]):
            return speaker
        return replace(speaker, participant=replace(first.participant, evidence=speaker.participant.evidence))

    @abstractmethod
    def _unnamed(self, passage: Passage, known: list[Speaker]) -> list[Speaker]:
        """Speakers of a sentence with those that only a word for what they are stands for."""

    @abstractmethod
    def _others(self, passage: Passage, speakers: Sequence[Speaker], drafts: Sequence[Draft]) -> Iterator[Draft]:
        """What is said without a verb of saying that has its subject beside it."""

    def _serves(self, end: int, start: int) -> bool:
        """Whether only "of" or "to" stands between someone unnamed and whoever they work for."""
        words = self._flat[end:start].replace("'", "' ").split()
        if not words and end < len(self._text) and self._flat[:end].rsplit(None, 1)[-1] in self._list("serves_one"):
            return True
        return bool(words) and words[0] in self._list("serves_one") and self._articles.issuperset(words[1:])

    def _side_of_title(self, passage: Passage, end: int) -> str:
        """ "Mr. Smith's spokesman, Jane Roe, said": the side of the words that a name stands in apposition to."""
        begin = max(passage.span.start, self._text.rfind(",", passage.span.start, end))
        return next((m.side for m in reversed(passage.mentions) if begin <= m.span.start < end and m.side), "")

    def _at_body(self, passage: Passage, end: int) -> int:
        """Where an unnamed speaker ends whose body follows: "a source *at the Russian foreign ministry*"."""
        here = next((m.span.end for m in passage.mentions if m.span.start < end < m.span.end), end)
        k = bisect_left(self._words.starts, here)
        # The pattern may have read the first small word, or part of the body's name.
        if here == end and self._list("works_at").isdisjoint(self._words.flats[max(0, k - 1) : k + 1]):
            return end
        for mention in passage.mentions:
            if mention.span.start < here or mention.kind not in ("people", "institution", "city", "state"):
                continue
            between = self._flat[here : mention.span.start].replace("'", "' ").split()
            if len(between) > 3 or not self._list("works_at").issuperset(between):
                break
            here = mention.span.end
        return here

    def _national(self, mention: Mention) -> Participant | None:
        """ "…, said the Cuban": whoever of that state was named last."""
        if self._pattern("people_as_party").search(mention.text):
            return None
        near = (p for p in reversed(self._reading.passages) if p.span.start <= mention.span.start)
        for passage in near:
            for one in reversed(passage.mentions):
                if one.kind in ("person", "role") and one.side == mention.side and one.span.end <= mention.span.start:
                    return replace(
                        one.participant(self._document), evidence=mention.participant(self._document).evidence
                    )
        return None

    def _taken_up(self, mention: Mention) -> Participant | None:
        """ "Un porte-parole a assuré que …. …, ajoute *le porte-parole*": the same, whoever else was named."""
        if mention.kind == "people":
            return self._national(mention)
        last = self._last
        if mention.kind != "role" or last is None or last.kind != "anonymous":
            return None
        head = flat(mention.text)
        shown = last.participant.evidence
        if shown is None or head not in flat(shown.quote).split():
            return None
        return replace(last.participant, evidence=mention.participant(self._document).evidence)

    def _joins(self, passage: Passage) -> bool:
        before = self._reading.passages[passage.index - 1] if passage.index else None
        return before is not None and before.paragraph == passage.paragraph

    def _before_verb(self, start: int, end: int) -> int:
        """Where the noun phrase of an unnamed speaker ends: before a verb of speech ("un diplomate y voit …")."""
        w = self._words
        k = bisect_left(w.starts, start) + 2
        while k < len(w) and w.starts[k] < end:
            homograph = w.flats[k] in self._lists.verbs.homographs and w.flats[k - 1] not in self._list("clitics")
            if not homograph and any(verb.form == "finite" for verb in self._lists.verbs.at(w, k)):
                while w.flats[k - 1] in self._list("clitics") or w.flats[k - 1] in self._list("reflexive"):
                    k -= 1
                return min(end, w.ends[k - 1])
            k += 1
        return end

    def _named_before(self, passage: Passage, start: int, end: int) -> Participant | None:
        """ "le ministère", "l'ambassade": the body of that kind that the text named last."""
        words = self._flat[start:end].replace("'", "' ").split()
        if len(words) == 1 and self._pattern("any_body").fullmatch(words[0]):
            noun = re.compile("")  # "ведомство": whichever body it was
        elif len(words) == 1 and self._traits.inflected:
            noun = re.compile(rf"\b{re.escape(words[0][:-1])}\w?\b")
        elif len(words) == 2 and words[0] in self._articles:
            noun = re.compile(rf"\b{re.escape(words[1])}\b")
        else:
            return None
        for near in reversed(self._reading.passages[: passage.index + 1]):
            for mention in reversed(near.mentions):
                if mention.kind == "institution" and mention.span.end <= start and noun.search(flat(mention.text)):
                    return mention.participant(self._document)
        return None

    def _with_names(self, passage: Passage, known: Sequence[Speaker]) -> list[Speaker]:
        """ "Egypt's foreign minister, Sameh Shoukry, said": the title before the name is who is named."""
        people = {m.span.start: m for m in passage.mentions if m.kind == "person"}
        titled: dict[int, Speaker] = {}
        for speaker in known:
            if speaker.kind not in ("role", "anonymous") or self._text[speaker.end : speaker.end + 2] != ", ":
                continue
            named = people.get(speaker.end + 2)
            closed = named is not None and re.match(
                r"\s*(?:,|[.;]?$|[.;]\s)", self._text[named.span.end : passage.span.end]
            )
            same = named is not None and named.side in ("", speaker.participant.side)
            if named is not None and closed and same:
                party = named.participant(self._document)
                party = party if party.side else replace(party, side=speaker.participant.side)
                titled[speaker.start] = Speaker(party, speaker.start, named.span.end, "person", trailing=True)
        spans_of = [Span(one.start, one.end) for one in titled.values()]
        rest = [s for s in known if not any(span.overlaps(Span(s.start, s.end)) for span in spans_of)]
        return [*rest, *titled.values()]

    def _owner(self, passage: Passage, before: int) -> str:
        """Whose a body is that only a possessive or an article names: of whoever was named last, or of both."""
        here = [m for m in passage.mentions if m.span.end <= before and m.side]
        plural = self._lists.owned_by_both.match(self._flat, before) is not None
        pair = set(self._reading.dossier.dyad.sides)
        if plural and pair <= {side for m in here for side in m.side.split("+")}:
            return "+".join(sorted(pair))
        ours = [m for m in here if m.side in pair]
        person = [m for m in ours if m.kind in ("person", "role", "pronoun")]
        if person and self._pattern("of_one_person").match(self._flat, before):
            return person[-1].side  # "X hopes to visit Algiers, *his* office said"
        if ours:
            return (ours[0] if before - ours[0].span.start > 60 and ours[0].kind != "person" else ours[-1]).side
        if self._last is not None:
            return self._last.participant.side
        earlier = [m.side for p in self._reading.passages[: passage.index] for m in p.mentions if m.side in pair]
        return earlier[0] if earlier else ""

    def _apposes(self, start: int, end: int) -> bool:
        """ "X, ministre chilien" ends with a comma of its own; in French "le président *chilien*" does not."""
        return self._traits.verbs != "romance" or "," in self._text[start:end]

    def _apart(self, passage: Passage, start: int, end: int) -> int:
        """Characters between a verb and who follows it, days not counted ("a déclaré *mardi* le président")."""
        return len(" ".join(self._without_times(passage, start, end).split()))

    def _without_cards(self, passage: Passage, known: list[Speaker]) -> list[Speaker]:
        """Name cards that pages of offices insert: "Name Surname Surname Name Office of State said": one speaker."""
        for card in _CARD.finditer(self._text, passage.span.start, passage.span.end):
            end = card.end()
            for mention in passage.mentions:
                if mention.span.start < end:
                    continue
                between = self._text[end : mention.span.start]
                if re.search(r"[,.;:()«»\n]", between) or len(between.split()) > 4 or self._reports(between):
                    break
                end = mention.span.end
            inside = [m for m in passage.mentions if card.start() <= m.span.start < end]
            known = [s for s in known if s.end <= card.start() or s.start >= end]
            earlier = [m for p in self._reading.passages[: passage.index + 1] for m in p.mentions if m.kind == "person"]
            same = next((m for m in earlier if flat(m.name).split()[-1:] == [flat(card.group(2))]), None)
            side = next((m.side for m in inside if m.side), "")
            evidence = self._document.quote(card.start(1), card.end(1))
            party = Participant("", card.group(1), side, "", evidence)
            if same is not None:
                party = replace(same.participant(self._document), evidence=evidence)
            known.append(Speaker(party, card.start(), end, "person"))
        return known

    def _reports(self, text: str) -> bool:
        words = Words.of(text, flat(text), self._language)
        return any(verb.form == "finite" for k in range(len(words)) for verb in self._lists.verbs.at(words, k))

    def _together(self, passage: Passage, known: Sequence[Speaker]) -> Iterator[Speaker]:
        """ "The leaders", "they", where the sentences before name somebody of either side and nobody else's."""
        pair = self._reading.dossier.dyad.sides
        for match in self._lists.together.finditer(self._text, passage.span.start, passage.span.end):
            start, end = match.span()
            for mention in passage.mentions:
                # "The presidents of X and Y", "президенты США и России"
                if mention.span.start > end and self._flat[end : mention.span.start].strip() in ("", "of", self._and):
                    end = mention.span.end
            known = [s for s in known if not (start <= s.start < end)]
            if any(s.start < end and start < s.end for s in known) or any(
                q.covers(Span(start, end)) for q in passage.quoted
            ):
                continue
            if self._of_others(passage, start):
                continue
            if self._voice is not None and self._voice.several:
                evidence = self._document.quote(start, end)
                signers = Participant("", evidence.quote, self._voice.side, "", evidence)
                yield Speaker(signers, start, end, "group")
                continue
            first = 0 if self._publisher is not None else max(0, passage.index - 3)
            near = [m for p in self._reading.passages[first : passage.index + 1] for m in p.mentions]
            sides = {m.side for m in near if m.span.end <= end and m.kind != "people"}
            people = {m.side for m in near if m.span.end <= end and m.kind in ("person", "role")}
            both = set(pair)
            met = self._met(passage, start)
            counted = self._pattern("more_than_two").search(self._flat, start, end) is not None
            if not both <= sides or people - {*pair, ""} or (counted and met):
                # Of several states, those of the pair: "The three advisers", "they".
                both &= met & people
                if not both:
                    continue
            evidence = self._document.quote(start, end)
            side = "+".join(sorted(both))
            yield Speaker(Participant("", evidence.quote, side, "", evidence), start, end, "group")

    def _of_others(self, passage: Passage, start: int) -> bool:
        """ "Politicians refused it because *they* believed …": whom its sentence tells of, who are not the two."""
        k = bisect_left(self._words.starts, start) - 1
        if k < 0 or self._words.flats[k] not in self._list("they_behind"):
            return False
        here = {side for m in passage.mentions if m.span.end <= start for side in m.side.split("+")}
        named = any(m.end() < start for m in self._lists.together.finditer(self._text, passage.span.start, start))
        return not named and not here >= set(self._reading.dossier.dyad.sides)

    def _own_side(self) -> str:
        return self._voice.side if self._voice is not None else ""

    def _met(self, passage: Passage, before: int) -> set[str]:
        """Sides of the people in the nearest sentence that names several."""
        for near in reversed(self._reading.passages[: passage.index + 1]):
            topic = self._lists.talked_of.search(self._flat, near.span.start, near.span.end)
            until = min(before, topic.start()) if topic is not None else before
            people = [m for m in near.mentions if m.kind in ("person", "role") and m.side and m.span.end <= until]
            if len({m.name for m in people}) > 1:
                return {m.side for m in people}
        return set()

    def _with_article(self, start: int) -> int:
        k = bisect_left(self._words.starts, start) - 1
        if k >= 0 and self._words.flats[k] in self._articles and self._words.gap(k) in (" ", "", "\u00a0"):
            return self._words.starts[k]
        return start

    def _can_speak(self, mention: Mention) -> bool:
        if mention.kind == "group" and self._pattern("one_side").search(
            self._flat[max(0, mention.span.start - 12) : mention.span.start]
        ):
            # "со своей стороны"
            return False
        if mention.kind in ("person", "institution", "state", "role", "pronoun", "group"):
            return flat(mention.text) not in outlets()
        if mention.kind == "city":
            return bool(mention.side) and mention.entity is not None
        if mention.kind == "people":
            # "les Russes", "the Americans", "американцы": the people as a party, not the adjective.
            return self._pattern("people_as_party").search(mention.text) is not None or self._single(mention)
        return False

    def _single(self, mention: Mention) -> bool:
        """ "said the Cuban", "le Russe a répondu", «американец отметил»: one person by nation, not the adjective."""
        if not self._pattern("one_of_people").search(mention.text):
            return False
        if not self._articles:
            return True
        w = self._words
        k = bisect_left(w.starts, mention.span.start)
        if not k or w.flats[k - 1] not in self._articles:
            return False
        if not self._traits.head_last:
            return True
        last = bisect_left(w.starts, mention.span.end)
        speaks = last < len(w) and any(verb.form == "finite" for verb in self._lists.verbs.at(w, last))
        after = self._text[mention.span.end : mention.span.end + 1]
        follows = k > 1 and bool(self._lists.verbs.at(w, k - 2)) and (not after or after in ".,;:!?")
        return (speaks and w.flats[last] not in self._lists.verbs.homographs) or follows

    def _nominative(self, speaker: Speaker) -> bool:
        """Whether a phrase can be a subject by its case; always true where there are none."""
        if not self._traits.inflected or speaker.kind == "pronoun":
            return True
        if speaker.kind == "anonymous":
            # «о высылке десяти российских дипломатов»
            words = self._flat[speaker.start : speaker.end].split()
            return len(words) < 2 or any("nomn" in russian_cases(word, single=False) for word in words[:2])
        evidence = speaker.participant.evidence
        words = flat(evidence.quote).split() if evidence is not None else []
        if not words:
            return True
        if speaker.kind == "person":
            cases = name_cases(tuple(words))
            return not cases or "nomn" in cases
        single = speaker.kind in ("institution", "role")
        # "министр иностранных дел", "хозяин Белого дома": the noun comes before what depends on it.
        cases = russian_cases(words[0], single=single)
        return (not cases or "nomn" in cases) and not self._within_object(speaker)

    def _within_object(self, speaker: Speaker) -> bool:
        """«Наземную операцию *США* осудили»: a state behind a noun in the accusative that nothing governs."""
        k = bisect_left(self._words.starts, speaker.start) - 1
        if k < 0 or speaker.kind != "state" or self._words.gap(k).strip():
            return False
        governed = any(word in self._prepositions for word in self._words.flats[max(0, k - 3) : k])
        return not governed and accusative(self._words.flats[k])

    def _is_object(self, speaker: Speaker) -> bool:
        k = bisect_left(self._words.starts, speaker.start) - 1
        own = self._words.flats[k + 1] if k + 1 < len(self._words) else ""
        if own in self._list("contracted_to") and speaker.kind in ("person", "role"):
            return True  # "a écrit *au* guide suprême X"
        if k < 0 or self._words.gap(k).strip(" \u00a0\n'’"):
            return False
        if speaker.kind == "group" and self._words.flats[k] in self._list("subject_with"):
            # "with both sides calling …"
            return False
        return self._words.flats[k] in self._prepositions

    # One sentence

    def _passage(self, passage: Passage) -> list[Draft]:
        speakers = self._speakers(passage)
        drafts: list[Draft] = []
        lo = bisect_left(self._words.starts, passage.span.start)
        hi = bisect_left(self._words.starts, passage.span.end)
        for verb, clitic in list(self._verbs(passage, lo, hi)):
            draft = self._by_verb(passage, verb, clitic, speakers, drafts)
            if draft is not None:
                self._merge(drafts, draft)
        for draft in (
            *self._according(passage, speakers, drafts),
            *self._in_the_eyes_of(passage, speakers),
            *self._passive(passage, speakers, lo, hi),
            *self._one_mind(passage, speakers),
            *self._infinitives(passage, speakers),
            *self._colon(passage, speakers),
            *self._after_dash(passage, speakers),
        ):
            self._merge(drafts, draft)
        for draft in list(self._others(passage, speakers, drafts)):
            self._merge(drafts, draft)
        for draft in self._phrases(passage, speakers):
            # What somebody else's verb reports is no word of its own: "Oslo is worried, X noted".
            if all(draft.speaker.key == known.speaker.key for known in drafts):
                self._merge(drafts, draft)
        kept = self._own_clauses(drafts) or list(self._impersonal(passage, speakers))
        self._cut_evidence(passage, kept)
        return kept

    def _verbs(self, passage: Passage, lo: int, hi: int) -> Iterator[tuple[ReportingVerb, str]]:
        """Reporting verbs outside quotation marks, each with the pronoun that is joined to it ("a-t-il")."""
        w = self._words
        verbs = self._lists.verbs
        clitics = self._pattern("clitic")
        for k in range(lo, hi):
            start = w.starts[k]
            candidates = verbs.at(w, k)
            joined = clitics.match(w.flats[k]) if "-" in w.flats[k] else None
            if not candidates and joined is None:
                continue
            if any(q.start <= start < q.end for q in passage.quoted) and not self._quoted_verb(passage, start):
                continue
            if joined is not None:
                # "fait-il remarquer": the verb may have a second word behind the pronoun.
                more = slice(k + 1, k + 4)
                base = Words(
                    self._text,
                    [start, *w.starts[more]],
                    [w.ends[k], *w.ends[more]],
                    [joined.group(1), *w.flats[more]],
                    [False, *w.capital[more]],
                )
                found = next((verb for verb in verbs.at(base, 0) if verb.form == "finite"), None)
                after_quote = self._text[passage.span.start : start].rstrip(" \u00a0,s'’e")[-1:] in ("»", "”", '"')
                first = k - 1 if k > lo and w.flats[k - 1] in self._list("before_clitic") else k
                if found is not None:
                    yield ReportingVerb(first, k + found.end, found.kind, "finite", found.lemma), joined.group(2)
                elif after_quote:
                    # "« … », s'est-elle bornée à ajouter": what follows a quotation this way reports it.
                    yield ReportingVerb(first, k + 1, "say", "finite", "dire"), joined.group(2)
                continue
            for verb in candidates:
                checked = self._real_verb(verb, lo)
                if checked is not None:
                    yield checked
                    break

    def _gerund_lead(self, verb: ReportingVerb) -> int:
        """Where a gerund begins with the small words before it: "l'accusant", "tout en dénonçant"."""
        k = verb.start
        small = self._list("clitics") | self._list("object_clitics")
        while k and self._words.flats[k - 1] in small and not self._words.gap(k - 1).strip(" '’"):
            k -= 1
        return k - 1 if k and self._words.flats[k - 1] in self._list("gerund_lead") else k

    def _with_pronouns(self, verb: ReportingVerb) -> int:
        """Where a verb begins with the pronouns that lean on it: "…, *lui* a répondu X", "qui *se* dit prêt"."""
        k = verb.start
        leaning = (self._list("object_clitics") | self._list("there")) - self._list("negation")
        while self._traits.verbs == "romance" and k and self._words.flats[k - 1] in leaning:
            if self._words.gap(k - 1).strip(" \u00a0'’\n"):
                break
            k -= 1
        return k

    def _quoted_verb(self, passage: Passage, start: int) -> bool:
        """ "L'Algérie « rejette catégoriquement » …": marks around a verb whose subject stands outside."""
        opened = next((q for q in passage.quoted if q.start <= start < q.end), None)
        if opened is None or self._text[opened.start : start].strip():
            return False
        lead = self._text[: opened.start].rstrip(' \u00a0\u202f«“"')
        return any((m.whole or m.span).end == len(lead) for m in passage.mentions)

    def _real_verb(self, verb: ReportingVerb, lo: int) -> tuple[ReportingVerb, str] | None:
        if self._traits.verbs == "romance":
            return self._romance_verb(verb, lo)
        if self._traits.verbs == "english":
            return self._english_verb(verb, lo)
        w = self._words
        if verb.form == "gerund" and not (verb.start > lo and "," in w.gap(verb.start - 1)):
            return None
        return verb, ""

    def _romance_verb(self, verb: ReportingVerb, lo: int) -> tuple[ReportingVerb, str] | None:
        w = self._words
        k = verb.start - 1
        if verb.form == "participle":
            reflexive = verb.lemma.startswith("se ")
            steps = commas = 0
            while k >= lo and steps < _INSIDE and w.gap(k).strip(" \u00a0'’\n") in ("", ","):
                # "a, pour sa part, salué": an aside of the verb's own has a comma at both ends.
                if not commas and "," in w.gap(k):
                    first = next((j for j in range(k, max(lo, k - _ASIDE // 2), -1) if "," in w.gap(j - 1)), None)
                    if first is not None and w.flats[first - 1] in self._list("said_with"):
                        k, commas = first - 1, 2
                        continue
                commas += "," in w.gap(k)
                low = w.flats[k]
                joined = self._pattern("clitic").match(low)
                base = joined.group(1) if joined else low
                if commas == 1 and base in self._list("said_with") | self._list("said_with_reflexive"):
                    return None
                if base in self._list("hearsay"):
                    return None
                if base in self._list("said_with") and not reflexive:
                    # "lui a répondu X"
                    k -= k > lo and w.flats[k - 1] in self._list("dative_clitics") and "," not in w.gap(k - 1)
                    return replace(verb, start=k, form="finite"), joined.group(2) if joined else ""
                if base in self._list("said_with_reflexive") and k > lo and w.flats[k - 1] in self._list("reflexive"):
                    return replace(verb, start=k - 1, form="finite"), ""
                # "avait, cet été encore, souhaité"
                season = k > lo and w.flats[k - 1] in self._list("pointing")
                season = season or (commas == 1 and low in self._list("pointing"))
                if (low in self._list("been") and not season) or not (
                    season or low in self._lists.between or low.endswith(self._grammar.endings("adverb"))
                ):
                    return None
                k -= 1
                steps += 1
            return None
        before = w.flats[k] if k >= lo and not w.gap(k).strip(" \u00a0'’") else ""
        if verb.form == "gerund":
            return (verb, "") if self._gerund_lead(verb) > lo else None
        if verb.lemma.startswith("se ") != (before in self._list("reflexive")):
            # "se dire" is another verb than "dire", and "s'annoncer" none of speech.
            return None
        subject = w.flats[k - 1] if k > lo else ""
        subjects = self._list("subject_pronouns")
        parted = k > lo and "," in w.gap(k - 1) and w.flats[verb.start] not in self._lists.verbs.homographs
        if before in self._list("object_clitics") and (subject in subjects or parted):
            return verb, ""  # "on la juge", "X ne l'exclut pas"
        return None if before in self._determiners else (verb, "")

    def _english_verb(self, verb: ReportingVerb, lo: int) -> tuple[ReportingVerb, str] | None:
        w = self._words
        k = verb.start - 1
        before = w.flats[k] if k >= lo and not w.gap(k).strip(" \n'’s") else ""
        if verb.form == "gerund":
            if before == "as" and {"quoted", "cited", "quotes", "cites"} & set(w.flats[max(lo, k - 8) : k]):
                return verb, "quoted"
            if before in self._list("sides") and "with" in w.flats[max(lo, k - 3) : k]:
                return replace(verb, form="finite"), ""
            return (verb, "") if k >= lo and ("," in w.gap(k) or before == "in") else None
        if before in self._determiners or before in self._list("passive"):
            return None
        if before == self._and and self._governed(verb, lo):
            return None
        if before in self._list("modal") and not (
            verb.kind in ("promise", "refuse") or w.flats[max(lo, k - 1)] == "declined"
        ):
            return None
        return verb, ""

    def _governed(self, verb: ReportingVerb, lo: int) -> bool:
        """ "They *will discuss* X and *underscore* Y", "voted *to defend* X and *condemn* Y": no report."""
        w = self._words
        if verb.form != "finite" or w.flats[verb.start] != verb.lemma:
            return False
        for k in range(verb.start - 2, lo - 1, -1):
            if re.search(r"[;:]", w.gap(k)):
                return False
            if w.flats[k] in self._list("modal") and not self._lists.verbs.at(w, k):
                return w.flats[k] == "to" or (k + 1 < verb.start and w.flats[k + 1] not in self._list("articles"))
        return False

    def _by_verb(
        self, passage: Passage, verb: ReportingVerb, clitic: str, speakers: Sequence[Speaker], drafts: Sequence[Draft]
    ) -> Draft | None:
        w = self._words
        start, end = w.starts[self._with_pronouns(verb)], w.ends[verb.end - 1]
        if verb.form == "gerund" and clitic != "quoted":
            return self._participial(passage, verb, speakers, drafts)
        preceding = self._text[passage.span.start : start].rstrip()
        closes = preceding[-1:] in ("»", "”", '"', ",", "—", "–", "’", "'") or not preceding
        negated = self._negated(verb)
        # "n'a pas dit", "did not say": nothing was said. Refusals to admit progress ("n'a pas fait état de") count.
        if negated and verb.lemma in self._list("unconfirmed"):
            verb, negated = replace(verb, kind="deny"), False  # "does not confirm" is a denial of a kind
        if negated and verb.kind in ("say", "suggest") and self._text[end : end + 30].strip()[:1] not in '«“"':
            return None
        if self._ends_treaty(passage, replace(verb, start=verb.end - 1)):
            return None
        opens = verb.lemma in self._list("close")
        if negated and not opens and (verb.kind == "refuse" or verb.lemma in self._list("acts_denied")):
            told = self._pattern("that_near").match(self._flat[end : passage.span.end])
            if not told or verb.kind == "refuse":
                return None  # "n'a rien refusé", "does not recognise his election": nothing was said
        speaker: Speaker | None = None
        post = False
        if clitic and clitic != "quoted":
            speaker, post = self._by_clitic(clitic, end, speakers, drafts), closes
        elif clitic == "quoted":
            # "TASS quoted X as saying": X speaks, whoever quotes.
            cited = [s for s in speakers if 0 <= start - s.end < 8]
            speaker, post = (cited[-1], "," in preceding) if cited else (None, False)
        else:
            if closes or self._traits.free_order:
                left = self._left(passage, start, speakers, near=closes)
                speaker = left
                beside = left is not None and self._apposed(left, start)
                if beside and verb.kind in _TO_NOBODY and not self._traits.free_order:
                    # "… depuis l'investiture du président, a fait savoir X": nobody is "made known".
                    right = self._right(passage, verb, speakers)
                    beside = right is None or self._apart(passage, end, right.start) > _NEXT
                if left is None or (closes and not beside and left.end < start - 1):
                    right = self._right(passage, verb, speakers)
                    if right is not None:
                        speaker, post = right, True
            else:
                speaker = self._left(passage, start, speakers)
                if speaker is None and self._inverted_clause(verb):
                    speaker = self._right(passage, verb, speakers)
                    post = speaker is not None
            if speaker is None and self._one_says(verb):
                speaker = self._by_clitic(self._one_says(verb), end, speakers, drafts) or self._side_named(passage)
            if speaker is None:
                speaker = self._continued(passage, verb, speakers, drafts)
            if speaker is None:
                speaker = self._as_pronoun(passage, start)
        if speaker is None or self._supposed(speaker) or self._told_by_other(passage, speaker, start):
            return None
        if self._flat_word(verb) in self._lists.verbs.homographs and not self._adjacent(speaker, verb):
            return None
        reporting = Span(min(speaker.start, start), max(speaker.end, end))
        if not passage.span.covers(reporting):
            reporting = Span(start, end)
        if not post and speaker.end <= start and not self._traits.speaker_follows:
            # French and Russian turn verb and speaker round there: "…, a dit X".
            post = self._reported_before(passage, reporting)
        opened = negated and verb.lemma.removeprefix("se ") in self._list("close")
        if self._only_done(passage, verb, start, end, post):
            return None
        as_told = self._as_told(reporting.start)
        if not opened and not as_told and not self._speaks(passage, verb, end, post or bool(clitic)):
            return None
        rule = self._rule(passage, reporting, post, speaker)
        kind = self._kind(verb, end)
        if opened:
            kind, negated = "open", False
        draft = Draft(passage, speaker, rule, reporting, Span(start, end), post, {kind}, negated)
        act = verb.lemma.removeprefix("se ") in self._lists.verbs.beside_words
        # "Three days after X ordered …": a deed told before what is said now.
        said = self._pattern("that_near").match(self._flat[end : passage.span.end]) is not None
        return None if act and not (post or said or as_told) and self._subordinate(draft) else draft

    def _only_done(self, passage: Passage, verb: ReportingVerb, start: int, end: int, post: bool) -> bool:
        """Whether a verb of saying tells a deed here: "replied by expelling", "refused to sign", "had announced it"."""
        rest = self._flat[end : passage.span.end]
        quoted = any(q.start >= end and q.start - end < _NEAR_QUOTE for q in passage.quoted) or post
        if verb.lemma in self._list("answers") and self._pattern("by_doing").match(rest):
            return True
        if verb.kind == "refuse" and not quoted and self._pattern("to_act").match(rest):
            return True
        earlier = self._words.flats[verb.start] in self._list("told_before") and verb.end - verb.start > 1
        earlier = earlier and not self._pattern("to_do").match(rest) and not self._pattern("infinitive").match(rest)
        if earlier and verb.kind in ("say", "make", "demand", "threaten", "promise", "urge", "propose"):
            return not quoted and not self._pattern("that_near").match(rest) and ":" not in rest[:60]
        # "a row over what Japan's new prime minister said about Taiwan"
        lead = self._flat[passage.span.start : start]
        said_of = verb.lemma in self._list("plain_saying") and self._pattern("said_of").match(rest) is not None
        return said_of and self._pattern("what_was_said").search(lead) is not None

    def _ends_treaty(self, passage: Passage, verb: ReportingVerb) -> bool:
        """ "a dénoncé l'accord", "l'accord avait été dénoncé": an accord is ended by it, and nobody blamed."""
        if verb.lemma not in self._list("ends_treaties"):
            return False
        before = self._flat[passage.span.start : self._words.starts[verb.start]]
        after = self._flat[self._words.ends[verb.end - 1] : passage.span.end]
        for time in passage.times:
            shown = self._flat[time.evidence.start : time.evidence.end]
            after = after.replace(shown, "", 1)
        if self._pattern("treaty_after").match(after):
            return True
        passive = not self._list("been").isdisjoint(self._words.flats[verb.start - 1 : verb.start])
        return passive and self._pattern("treaty_before").search(before) is not None

    def _as_pronoun(self, passage: Passage, start: int) -> Speaker | None:
        """ "*Il* s'est dit convaincu": whoever spoke last, or was named last, where the names search leaves it open."""
        k = bisect_left(self._words.starts, start) - 1
        while k > 0 and self._words.flats[k] in self._list("clitics") | self._list("negation"):
            k -= 1
        pronoun = self._words.flats[k] if k >= 0 and self._words.starts[k] >= passage.span.start else ""
        if pronoun not in self._list("one_person") or any(
            m.span.start == self._words.starts[k] for m in passage.mentions
        ):
            return None
        last = self._last if passage.index - self._last_at <= _FAR else None
        if last is not None and last.kind in ("person", "role") and self._agrees(pronoun, last):
            return replace(last, start=self._words.starts[k], end=self._words.ends[k])
        for near in reversed(self._reading.passages[max(0, passage.index - _FAR) : passage.index]):
            people = [s for s in self._speakers(near) if s.kind == "person" and self._agrees(pronoun, s)]
            subjects = [s for s in people if not self._is_object(s)]
            if people:
                return replace((subjects or people)[0], start=self._words.starts[k], end=self._words.ends[k])
        return None

    def _one_says(self, verb: ReportingVerb) -> str:
        """ "on", where it is the subject of a verb: "on la juge", "on ne cache pas"."""
        k = verb.start - 1
        while k > 0 and self._words.flats[k] in self._list("clitics") | self._list("object_clitics"):
            k -= 1
        return self._words.flats[k] if k >= 0 and self._words.flats[k] in self._list("one_says") else ""

    def _apposed(self, speaker: Speaker, verb_start: int) -> bool:
        """ "X, porte-parole, accuse Y", "X, lui, a mis en garde Y": only an aside parts the subject from its verb."""
        gap = self._flat[speaker.end : verb_start].strip()
        words = gap.strip(" ,").split()
        if speaker.trailing and gap in ("", ","):
            return True
        shut = gap[:1] == "," == gap[-1:] and gap.count(",") == 2
        return shut and 0 < len(words) <= 4 and all(self._may_stand_between(word) for word in words)

    def _kind(self, verb: ReportingVerb, end: int) -> str:
        """What a verb says: "expressed" is as warm as what was expressed."""
        if verb.lemma not in self._list("express"):
            if verb.lemma not in self._list("stress"):
                return verb.kind
            # "noted U.S. concerns over", "stressed its regret"
            found = self._lists.attitude.match(self._flat, end)
            return "regret" if found is not None and found.lastgroup == "regret" else verb.kind
        found = self._lists.attitude.match(self._flat, end)
        return (found.lastgroup or verb.kind) if found is not None else verb.kind

    def _speaks(self, passage: Passage, verb: ReportingVerb, end: int, post: bool) -> bool:
        """Whether a verb that can also be an act reports words here: they stand beside it."""
        following = self._flat[end : end + 45].split("," if not post else "\n")[0].split()[:4]
        if not post and not self._list("no_words").isdisjoint(following) and "que" not in following[:1]:
            return False
        act = verb.lemma.removeprefix("se ") in self._lists.verbs.beside_words
        act = act and not (verb.kind == "deny" and verb.end - verb.start > 1)  # "shrugged off"
        if verb.kind == "welcome" and verb.lemma in self._list("hands_on"):
            return True  # "sent good wishes": the words that the verb was listed with follow it
        offer = verb.lemma in self._list("offer") and verb.end - verb.start == 1
        if (
            post
            or not (act or offer)
            or (verb.lemma in self._list("express") and verb.end - verb.start > 1)
            or self._pattern("back_reference").match(self._flat[passage.span.start : passage.span.end])
            or self._pattern("topic_first").match(self._flat[passage.span.start : passage.span.end])
        ):
            return True
        if verb.lemma in self._list("invite"):
            # "invited all sides to refrain" is said, "invited him to visit" is done.
            asked = self._pattern("to_do").match(self._flat, end) is not None
            if asked and not self._pattern("to_come").match(self._flat, end):
                return True
        if verb.start and self._words.flats[verb.start - 1] in self._list("judged_in"):
            return True
        rest = self._flat[end : passage.span.end]
        quote = next((q for q in passage.quoted if end <= q.start <= end + 70), None)
        if quote is not None and not re.search(r"[;.]", self._text[end : quote.start]):
            return True
        if passage.quoted and passage.quoted[0].start < self._words.starts[verb.start]:
            return True
        if self._pattern("that_near").match(rest) or re.match(r"[^,;.]{0,50}:\s", rest):
            return True
        if verb.lemma in self._list("express"):
            return self._lists.attitude.match(self._flat, end) is not None
        return offer and not act and self._pattern("to_do").match(rest) is not None

    def _impersonal(self, passage: Passage, speakers: Sequence[Speaker]) -> Iterator[Draft]:
        """ "Подчёркнуто, что …", "It was stressed that …": said by the side named beside it, or by who reports."""
        match = self._lists.impersonal.search(self._flat, passage.span.start, passage.span.end)
        if match is None or any(q.start <= match.start() < q.end for q in passage.quoted):
            return
        speaker: Speaker | None = None
        for one in speakers:
            lead = self._flat[max(passage.span.start, one.start - 30) : one.start]
            owned = one.kind in ("institution", "person", "role", "state") and self._document_of(one)
            agent = one.kind in ("institution", "state") and self._pattern("agent").search(lead) is not None
            agent = agent and not self._ablative(one)  # "together with the Russian side"
            if owned or agent or self._instrumental(one):
                speaker = one
                break
        if speaker is None:
            speaker = self._side_named(passage) or self._body_told_of(passage, match.start())
        start = match.start()
        # Without a body that reports, only a joint document is the word of both.
        told = passage.span if self._publisher is not None else Span(match.start(), match.end())
        mutual = self._lists.mutual.search(self._flat, told.start, told.end) is not None
        if mutual or (speaker is None and self._publisher is not None):
            pair = self._reading.dossier.dyad.sides
            here = passage.index - self._last_at <= 2
            if mutual or self._heads_met(passage):
                name = f" {self._and} ".join(self._reading.state_name(side) for side in pair)
                speaker = Speaker(Participant("", name, "+".join(sorted(pair))), start, start, "group")
            elif self._last is not None and self._last.kind in ("impersonal", "institution") and here:
                speaker = replace(self._last, start=start, end=start)
            elif self._publisher is not None:
                body = self._publisher
                side = body.stands_for or body.side
                speaker = Speaker(Participant(body.id, body.name_in(self._language), side), start, start, "institution")
        if speaker is not None:
            cue = Span(match.start(), match.end())
            yield Draft(passage, speaker, "impersonal", cue, cue, False, {"say"})

    def _body_told_of(self, passage: Passage, start: int) -> Speaker | None:
        """«Посол вызван в МИД. Ему указано, что …»: the ministry, where nobody reports and nobody has spoken since."""
        if self._publisher is not None:
            return None
        near = self._last if passage.index - self._last_at <= 1 else None
        shown = self._flat[start : start + _NEAR_QUOTE].replace(",", " ").split()
        if (
            near is not None
            and not self._list("document").isdisjoint(shown)
            and near.kind in ("institution", "state", "city", "role")
            and "+" not in near.participant.side
        ):
            return replace(near, start=start, end=start)
        if not self._traits.inflected or self._last is not None:
            return None
        for told in reversed(self._reading.passages[: passage.index + 1]):
            bodies = [
                m for m in told.mentions if m.kind == "institution" and m.side in self._reading.dossier.dyad.sides
            ]
            bodies = [m for m in bodies if m.span.end <= start]
            if bodies:
                return Speaker(bodies[0].participant(self._document), start, start, "institution")
        return None

    def _heads_met(self, passage: Passage) -> bool:
        """Whether a head of state's office reports a talk of people of both sides: what was noted, both did."""
        body = self._publisher
        if body is None or word_list("reporting")["head"].get(body.id) != "head_of_state":
            return False
        before = [m for p in self._reading.passages[: passage.index] for m in p.mentions]
        met = {
            m.side for m in before if m.kind == "person" or (m.kind in ("role", "state") and m.side != self._own_side())
        }
        return met >= set(self._reading.dossier.dyad.sides)

    def _instrumental(self, speaker: Speaker) -> bool:
        """ "Лидерами подчёркнута важность": who did what a passive tells, by case alone."""
        return self._traits.inflected and not self._is_object(speaker) and self._ablative(speaker)

    def _ablative(self, speaker: Speaker) -> bool:
        if not self._traits.inflected:
            return False
        evidence = speaker.participant.evidence
        words = flat(evidence.quote).split() if evidence is not None else []
        if not words:
            return False
        if speaker.kind == "person":
            return name_cases(tuple(words)) == {"ablt"}
        # "российской стороной": an adjective may be of several cases, its noun is not
        return any(russian_cases(word, single=False) == {"ablt"} for word in words)

    def _side_named(self, passage: Passage) -> Speaker | None:
        """ "с российской стороны", "on the Cuban side", "du côté américain": a people's adjective beside "side"."""
        for mention in passage.mentions:
            span = mention.span
            before, after = self._flat[max(0, span.start - 12) : span.start], self._flat[span.end : span.end + 9]
            ahead = self._pattern("side_ahead").search(before) and self._pattern("side_after").match(after)
            if mention.side and (ahead or self._pattern("side_before").search(before)):
                evidence = self._document.quote(span.start, span.end)
                party = Participant("", mention.name, mention.side, "", evidence)
                return Speaker(party, span.start, span.end, "institution")
        return None

    def _document_of(self, speaker: Speaker) -> bool:
        """ "le communiqué du ministère", "a statement by the Kremlin": the text speaks for whose it is."""
        k = bisect_left(self._words.starts, speaker.start) - 1
        for _ in range(3):
            if k < 0 or len(self._words.gap(k).strip(" '’\u00a0")):
                return False
            word = self._words.flats[k]
            if word in self._list("document"):
                return True
            if word not in self._articles | self._prepositions | self._list("document_adjectives"):
                return False
            k -= 1
        return False

    def _one_mind(self, passage: Passage, speakers: Sequence[Speaker]) -> Iterator[Draft]:
        """ "agreed on the need …", "сошлись во мнении, что …": what two sides say together."""
        for match in self._lists.one_mind.finditer(self._flat, passage.span.start, passage.span.end):
            if any(q.start <= match.start() < q.end for q in passage.quoted):
                continue
            speaker = self._left(passage, match.start(), speakers)
            if speaker is not None:
                cue = Span(match.start(), match.end())
                clause = Span(speaker.start, match.end())
                yield Draft(passage, speaker, "verb_phrase", clause, cue, False, {"say"})

    def _infinitives(self, passage: Passage, speakers: Sequence[Speaker]) -> Iterator[Draft]:
        """ "s'est borné à qualifier", "went on to say", "поспешил заверить": the verb of speech is governed."""
        for match in self._lists.governor.finditer(self._flat, passage.span.start, passage.span.end):
            if any(q.start <= match.start() < q.end for q in passage.quoted):
                continue
            k = bisect_left(self._words.starts, match.end())
            for i in range(k, min(k + 10, len(self._words))):
                if self._words.starts[i] >= passage.span.end or re.search(r"[;:.»”]", self._words.gap(i)):
                    break
                kind = self._lists.verbs.infinitive(self._words, i)
                if kind is None:
                    continue
                cue = Span(match.start(), self._words.ends[i])
                lead = self._text[passage.span.start : match.start()].rstrip()[-1:]
                speaker, post = self._left(passage, match.start(), speakers, near=lead in _CLOSE), False
                if speaker is None and (lead in _CLOSE or self._traits.free_order):
                    # "« … », a tenu à préciser X"
                    verb = ReportingVerb(bisect_left(self._words.starts, match.start()), i + 1, kind, "finite", "")
                    speaker = self._right(passage, verb, speakers)
                    post = speaker is not None
                if speaker is not None:
                    clause = Span(min(speaker.start, cue.start), max(speaker.end, cue.end))
                    yield Draft(passage, speaker, "verb_phrase", clause, cue, post, {kind})
                break

    def _phrases(self, passage: Passage, speakers: Sequence[Speaker]) -> Iterator[Draft]:
        """ "is convinced that", "n'a pas caché sa déception", «возлагает вину»: said without a verb of saying."""
        w = self._words
        for match in self._lists.phrase.finditer(self._flat, passage.span.start, passage.span.end):
            start, end = match.span()
            if any(q.start <= start < q.end for q in passage.quoted):
                continue
            speaker, post = None, False
            if self._pattern("to_that_end").match(self._flat, start):
                # "X met with Y to express …": who set out to do it.
                speaker = self._first_subject(passage, start, speakers)
            speaker = speaker or self._left(passage, start, speakers)
            closes = self._text[passage.span.start : start].rstrip()[-1:] in ("»", "”", '"', ",", "—", "–")
            if speaker is None and (closes or self._traits.free_order):
                first = bisect_left(w.starts, start)
                verb = ReportingVerb(first, bisect_left(w.starts, end), match.lastgroup or "say", "finite", "")
                speaker = self._right(passage, verb, speakers)
                post = speaker is not None
            if speaker is None or self._supposed(speaker):
                continue
            if match.lastgroup in _MOODS and speaker.kind in ("state", "city") and self._publisher is None:
                continue  # "Norway is ready to go on", "is worried by": told of a state, and not said by anybody
            clause = Span(min(speaker.start, start), max(speaker.end, end))
            post = post or (not self._traits.speaker_follows and self._reported_before(passage, clause))
            rule = self._rule(passage, clause, post, speaker)
            yield Draft(passage, speaker, rule, clause, Span(start, end), post, {match.lastgroup or "say"})

    def _after_dash(self, passage: Passage, speakers: Sequence[Speaker]) -> Iterator[Draft]:
        """Captions and pull quotes: "“What X says.” — X"."""
        if not passage.quoted or not speakers:
            return
        last = speakers[-1]
        between = self._text[passage.quoted[-1].end : last.start]
        after = self._text[last.end : passage.span.end].strip(" .)")
        if last.kind == "person" and re.fullmatch(r"[»”\".!?…\s]{1,4}[—–-]\s*", between) and not after:
            yield Draft(passage, last, "colon", Span(last.start, last.end), None, True, {"say"})

    def _reported_before(self, passage: Passage, reporting: Span) -> bool:
        """Whether what is said stands before its speaker: "…, Peskov said", and not "In Moscow, Peskov said that …"."""
        lead = self._text[passage.span.start : reporting.start].rstrip()
        rest = self._text[reporting.end : passage.span.end]
        if lead[-1:] not in ("»", "”", '"', ",", "—", "–") or len(lead) < _LEAD_MIN:
            return False
        first = flat(lead.split()[0])
        if lead[-1:] == "," and first in self._list("setting") and not re.match(r"\s*(?:$|[,.;:!?—–»”\"])", rest):
            # "In a speech on Tuesday, X urged Congress …": the lead is when and where.
            return False
        said = self._pattern("that").match(rest) or self._pattern("that_within").match(rest)
        return not said and not re.match(r"\s*:?\s*[«“\"]", rest)

    def _supposed(self, speaker: Speaker) -> bool:
        """ "if officials deem it appropriate": nobody has said so."""
        k = bisect_left(self._words.starts, speaker.start) - 1
        return k >= 0 and self._words.flats[k] in self._list("if") and not self._words.gap(k).strip()

    def _told_by_other(self, passage: Passage, speaker: Speaker, verb_start: int) -> bool:
        """ "…, ajoutant que *X se réservait* …": a clause that another verb of speech right before it reports."""
        w = self._words
        k = bisect_left(w.starts, speaker.start) - 1
        if k <= 0 or speaker.end > verb_start or w.starts[k] <= passage.span.start:
            return False
        if not self._pattern("that").fullmatch(self._flat[w.starts[k] : w.ends[k]]) or w.gap(k - 1).strip(" ,"):
            return False
        return any(verb.form in ("gerund", "participle") for verb in self._lists.verbs.at(w, k - 1))

    def _flat_word(self, verb: ReportingVerb) -> str:
        return self._words.flats[verb.start]

    def _adjacent(self, speaker: Speaker, verb: ReportingVerb) -> bool:
        start = self._words.starts[verb.start]
        if speaker.end > start:
            # "« … », tranche le ministre", "…, charges Pristina"
            lead = self._text[:start].rstrip()[-1:]
            gap = self._flat[self._words.ends[verb.end - 1] : speaker.start]
            near = len(gap) < 8 or all(self._may_stand_between(word) for word in gap.replace("'", "' ").split())
            return lead in ("»", "”", '"', ",") and near
        between = self._text[speaker.end : start]
        if re.fullmatch(r",[^,]*,\s*(?:y|en|lui|leur|l['’])?\s*", between) and not self._pattern("inner_clause").match(
            flat(between)
        ):
            return True  # "L'Iran, pour sa part, menace"
        if len(between.split()) <= 4 and self._pattern("relative").match(flat(between)):
            return True  # "à Alger, qui y voit une ingérence"
        commas = (0, 1, 2) if speaker.trailing else (0, 2)
        return len(between.split()) <= 3 and between.count(",") in commas

    def _rule(self, passage: Passage, reporting: Span, post: bool, speaker: Speaker) -> str:
        if "+" in speaker.participant.side:
            return "joint"
        if speaker.kind == "anonymous":
            return "anonymous"
        if self._pattern("back_reference").match(self._flat[passage.span.start : passage.span.end]):
            return "back_reference"
        if passage.quoted:
            return "quote_verb"
        rest = self._text[reporting.end : passage.span.end]
        return "verb_that" if post or self._pattern("that").match(rest) else "verb_phrase"

    def _negated(self, verb: ReportingVerb) -> bool:
        w = self._words
        before = w.flats[max(0, verb.start - 3) : verb.start]
        inside = w.flats[verb.start : verb.end]
        no, second = self._list("negation"), self._list("negation_second")
        if second:
            # The auxiliary was taken into the verb: "n'ont pas fait état".
            around = [*inside, *before, *w.flats[verb.end : verb.end + 1]]
            return bool(no.intersection(before[-2:])) and bool(second.intersection(around))
        if self._traits.verbs == "english":
            return any(word in no or word.endswith("n't") for word in before[-2:])
        return bool(no.intersection(before[-1:]))

    def _gap_fits(self, passage: Passage, start: int, end: int, speaker: Speaker) -> bool:
        """Whether what stands between a subject and its verb lets them belong together."""
        gap = self._without_times(passage, start, end)
        stripped = re.sub(r"\([^()]*\)", "", gap).strip()
        if speaker.kind == "person":
            place = self._pattern("from_place").match(stripped)
            stripped = stripped[place.end() :].strip() if place else stripped
        if not stripped or self._pattern("relative").fullmatch(flat(stripped)):
            return True
        if re.fullmatch(r"[«“\"]\s*", stripped) or self._pattern("they_say").fullmatch(flat(stripped) + " "):
            # "L'Algérie « rejette … »", "À Moscou, on indique …"
            return True
        if stripped.startswith(",") and self._pattern("relative_comma").match(flat(stripped)):
            # "X, who called it “useful,” said": marks inside a relative clause do not part subject and verb.
            stripped = re.sub(r"[«»“”\"]", "", stripped)
        if re.search(r"[;:«»“”\"]", stripped) or len(gap) > 170:
            return False
        parts = [part.split() for part in flat(stripped.rstrip()).replace("'", "' ").split(",")]
        if len(parts) == 1:
            plain = len(parts[0]) <= 8 and all(self._may_stand_between(word) for word in parts[0])
            return plain or (
                self._traits.inflected and len(parts[0]) <= _BETWEEN and not any(map(heads_clause, parts[0]))
            )
        if len(parts) == 2 and not parts[0]:
            # A lone comma: only the end of an apposition parts a subject from its verb.
            return speaker.trailing and all(self._may_stand_between(word) for word in parts[1])
        if len(parts) == 2 and speaker.trailing is False:
            return False
        return all(self._may_stand_between(word) for word in (*parts[0], *parts[-1]))

    def _may_stand_between(self, word: str) -> bool:
        return (
            word in self._lists.between
            or word.endswith(self._grammar.endings("between"))
            or not any(c.isalpha() for c in word)
        )

    def _without_times(self, passage: Passage, start: int, end: int) -> str:
        text = self._text[start:end]
        for time in passage.times:
            if start <= time.evidence.start and time.evidence.end <= end:
                a, b = time.evidence.start - start, time.evidence.end - start
                text = text[:a] + " " * (b - a) + text[b:]
        return self._pattern("time_lead").sub(lambda m: " " * len(m.group()), text)

    def _left(self, passage: Passage, start: int, speakers: Sequence[Speaker], *, near: bool = False) -> Speaker | None:
        before = [s for s in speakers if s.end <= start]
        for speaker in reversed(before[-5:]):
            if self._text[speaker.end : speaker.end + 2] in ("'s", "’s"):
                continue
            placed = self._placed(speaker, start)
            relative = self._pattern("relative").fullmatch(self._flat[speaker.end : start].strip()) is not None
            owned = self._document_of(speaker)
            if (
                not placed
                and not relative
                and not owned
                and (self._is_object(speaker) or not self._nominative(speaker))
            ):
                continue
            if near and self._text[speaker.end : start].count(",") == 1 and not speaker.trailing:
                continue
            named = placed and self._traits.inflected and self._few_words(speaker.end, start)
            if named or self._gap_fits(passage, speaker.end, start, speaker):
                return self._joint(self._voiced(speaker, before), before)
        return None

    def _voiced(self, speaker: Speaker, speakers: Sequence[Speaker]) -> Speaker:
        """ "L'Iran, par la voix de X, menace …", "Iran, through X, threatened": who lends a body the voice."""
        for other in speakers:
            if other.start > speaker.end and other.kind in ("person", "role"):
                lead = self._flat[speaker.end : other.start]
                if self._pattern("by_voice_of").fullmatch(lead):
                    return Speaker(other.participant, speaker.start, other.end, other.kind, trailing=True)
        return speaker

    def _few_words(self, start: int, end: int) -> bool:
        """«В Тбилиси это назвали …», «В министерстве такое решение объяснили …»."""
        gap = self._text[start:end]
        return len(gap.split()) <= 3 and not re.search(r"[^\w\s-]", gap)

    def _placed(self, speaker: Speaker, verb_start: int) -> bool:
        """ "В Кремле подчеркнули", "au Kremlin on assure": the body is named as a place and speaks."""
        kinds = ("institution", "city", "state") if self._traits.inflected else ("institution", "city", "people")
        owned = self._traits.inflected and self._lists.owned.match(self._flat, speaker.start) is not None
        if (speaker.kind not in kinds and not owned) or self._traits.verbs == "english":
            return False
        k = bisect_left(self._words.starts, speaker.start) - 1
        beside = self._pattern("on_the_side_of").search(self._flat[max(0, speaker.start - 24) : speaker.start])
        if k < 0 or (self._words.flats[k] not in self._lists.place and beside is None):
            return False
        plural = self._grammar.endings("they_say")
        if plural:
            v = bisect_left(self._words.starts, verb_start)
            v += v < len(self._words) and self._words.flats[v] in self._list("negation")
            return v < len(self._words) and self._words.flats[v].endswith(plural)
        return bool(self._pattern("they_say").match(self._flat[speaker.end : verb_start]))

    def _joint(self, speaker: Speaker, before: Sequence[Speaker]) -> Speaker:
        """Two subjects of one verb, where they are joined by "and"."""
        others = [s for s in before if s.end < speaker.start]
        if not others:
            return speaker
        other = others[-1]
        joined = self._flat[other.end : speaker.start].strip(" ,").split()
        if not joined or joined[0] != self._and or len(joined) > 2 or self._is_object(other):
            return speaker
        one, two = other.participant, speaker.participant
        sides = sorted({*one.side.split("+"), *two.side.split("+")} - {""})
        name = f"{one.name} {self._and} {two.name}"
        start = other.start
        for third in reversed(others[:-1]):
            # "A, B and C"
            if self._text[third.end : start].strip() != "," or self._is_object(third):
                break
            sides = sorted({*third.participant.side.split("+"), *sides} - {""})
            name, start = f"{third.participant.name}, {name}", third.start
        evidence = self._document.quote(start, speaker.end)
        return Speaker(
            Participant("", name, "+".join(sides), "", evidence), start, speaker.end, "group", speaker.trailing
        )

    def _right(self, passage: Passage, verb: ReportingVerb, speakers: Sequence[Speaker]) -> Speaker | None:
        """The subject after its verb: "…, a déclaré mardi à Cuba le ministre X", "заявил на брифинге X"."""
        end = self._words.ends[verb.end - 1]
        skipped: list[Speaker] = []
        for speaker in speakers:
            if speaker.start < end:
                continue
            if self._traits.verbs == "english" and self._text[speaker.end : speaker.end + 2] in ("'s", "’s"):
                skipped.append(replace(speaker, end=speaker.end + 2))  # "said the White House's Jane Roe"
                continue
            gap = self._without_times(passage, end, speaker.start)
            for place in skipped:
                gap = gap[: place.start - end] + " " * (place.end - place.start) + gap[place.end - end :]
            gap = flat(gap)
            words = gap.replace("'", "' ").split()
            placed = self._placed_after(speaker)
            if self._traits.free_order:
                if len(gap) > 70 or "," in gap or not self._list("opens_said").isdisjoint(words[1:]):
                    return None
                if placed and verb.lemma and not self._flat_word(verb).endswith(self._grammar.endings("they_say")):
                    # "приветствовал переговоры в Эр-Рияде": of one who speaks it tells where.
                    beside = self._beside(speaker, speakers)
                    if beside is not None:
                        return beside
                    continue
                if not placed and (self._is_object(speaker) or not self._nominative(speaker)):
                    continue
                if not placed and (self._belongs_to_noun(speaker, end) or self._after_oblique(speaker, end)):
                    continue
                if placed and speaker.kind == "city":
                    return self._beside(speaker, speakers) or speaker
                return speaker
            titled = speaker.kind == "person" and self._pattern("title_before").fullmatch(gap) is not None
            if re.search(r"[,;:«»“”\"]", gap) and not titled:
                return None
            if (
                not titled
                and (len(words) > 6 or not all(self._small(word) for word in words))
                and not self._asides(words)
                and not (speaker.kind == "person" and self._pattern("bare_title").fullmatch(gap))
            ):
                return None
            if not self._traits.speaker_follows and not self._ends_clause(speaker):
                return None
            if self._is_object(speaker) and not placed and not self._document_of(speaker):
                hearer = self._asides(words)
                if (speaker.kind not in ("city", "state", "institution") and not hearer) or len(skipped) > 1:
                    return None
                skipped.append(speaker)
                continue
            return self._voiced(speaker, speakers)
        return None

    def _beside(self, place: Speaker, speakers: Sequence[Speaker]) -> Speaker | None:
        """ "заявил в Гаване госсекретарь": whoever follows the place speaks there."""
        beside = next((s for s in speakers if s.start >= place.end and s.kind in ("person", "role")), None)
        if beside is None or self._text[place.end : beside.start].strip():
            return None
        return beside

    def _asides(self, words: Sequence[str]) -> bool:
        """ "a assuré *devant les députés* X", "a dit *à l'issue d'une réunion* X": to whom, where, on what occasion."""
        leads = self._list("said_where")
        at = next((k for k, word in enumerate(words) if word in leads), None)
        if at is None or len(words) > _ASIDE or not all(self._small(word) for word in words[:at]):
            return False
        return self._list("opens_said").isdisjoint(words) and words[-1] != self._and

    def _belongs_to_noun(self, speaker: Speaker, after: int) -> bool:
        """ "гарантирует солдатам ВСУ": a name that takes no endings belongs to the noun before it."""
        k = bisect_left(self._words.starts, speaker.start) - 1
        if speaker.kind not in ("institution", "state", "city") or self._words.starts[k] < after:
            return False
        name = flat(self._text[speaker.start : speaker.end])
        if " " in name or name in self._lists.between or self._words.flats[k] in self._lists.between:
            return False
        return self._words.flats[k] not in self._list("hearers") and "nomn" not in russian_cases(
            self._words.flats[k], single=False
        )

    def _after_oblique(self, speaker: Speaker, after: int) -> bool:
        """«передал пожелания *Королю* Сальману Бен …»: a name of unknown case after a word that is declined."""
        k = bisect_left(self._words.starts, speaker.start) - 1
        if speaker.kind != "person" or k < 0 or self._words.starts[k] < after or self._words.gap(k).strip():
            return False
        if name_cases(tuple(self._flat[speaker.start : speaker.end].split())):
            return False
        cases = russian_cases(self._words.flats[k], single=False)
        capital = self._text[self._words.starts[k]].isupper()
        return capital and bool(cases) and "nomn" not in cases

    def _ends_clause(self, speaker: Speaker) -> bool:
        """ "…," said X, and not "…, said X would …": what follows an English subject after its verb is no predicate."""
        if speaker.kind == "pronoun":
            return False
        after = self._text[speaker.end : speaker.end + 12]
        closed = re.match(r"\s*(?:$|[,.;:!?)—–\"”(]|\n)", after)
        return closed is not None or self._pattern("after_subject").match(after) is not None

    def _small(self, word: str) -> bool:
        return word in self._articles or word in self._list("placing") or self._may_stand_between(word)

    def _placed_after(self, speaker: Speaker) -> bool:
        k = bisect_left(self._words.starts, speaker.start) - 1
        return (
            self._traits.inflected
            and (
                speaker.kind in ("institution", "city")
                or self._lists.owned.match(self._flat, speaker.start) is not None
            )
            and k > 0
            and self._words.flats[k] in self._lists.place
        )

    def _inverted_clause(self, verb: ReportingVerb) -> bool:
        """ "ce qu'a indiqué X", "comme l'a rappelé X", "as X said": the subject may follow without a quotation."""
        k = verb.start - 1
        return k >= 0 and self._words.flats[k] in self._list("inverts_after")

    def _by_clitic(self, clitic: str, end: int, speakers: Sequence[Speaker], drafts: Sequence[Draft]) -> Speaker | None:
        if clitic == "on":
            nearby = [s for s in speakers if 0 <= s.start - end < 25 and s.kind in ("institution", "city")]
            return (
                nearby[0] if nearby else self._circle(end) or self._where(end, speakers) or self._there(end, speakers)
            )
        if drafts:
            return drafts[-1].speaker
        here = [
            s
            for s in speakers
            if s.end <= end - len(clitic)
            and s.kind in ("person", "role", "institution", "city", "state")
            and not self._is_object(s)
            and self._agrees(clitic, s)
            # "Le dialogue, a-t-il dit, …": what stands right before the comma is what is spoken of.
            and not re.match(r"\s*,\s*[\w'’-]+\s*[\w'’-]*\s*$", self._text[s.end : end])
        ]
        passages = self._reading.passages
        i = next(k for k, p in enumerate(passages) if p.span.end >= end)
        # "X a donné le chiffre : « … », a-t-il dit", but "X n'est pas venu, a-t-il dit" is another's word on X.
        leads = [d.speaker for d in self._others(passages[i], speakers, ()) if d.reporting.end <= end]
        leads = [s for s in leads if self._agrees(clitic, s)]
        leads += [s for s in here if re.search(r"[:.]\s", self._text[s.end : end]) or self._sets_scene(s)]
        if leads:
            return leads[-1]
        last = self._last if self._last is not None and self._agrees(clitic, self._last) else None
        if last is not None and last.kind in ("person", "role", "anonymous", "institution") and self._last_at >= i - 1:
            return last
        # "Jeudi, X a tranché. « … », écrit-il": the subject of the sentence before.
        before = passages[i - 1] if i else None
        if before is not None and before.paragraph == passages[i].paragraph:
            kinds = (*_WHO, "pronoun")
            named = [s for s in self._speakers(before) if s.kind in kinds and not self._is_object(s)]
            named = [s for s in named if self._agrees(clitic, s) and s.participant.name]
            if named and clitic in ("il", "elle"):
                return named[0]
        if here:
            return here[-1]
        if last is not None and last.kind != "anonymous":
            return last
        sex = person_words(self._language).pronouns.get(clitic, "")
        for near in reversed(passages[max(0, i - 4) : i]):
            # Nobody nearer fits: whoever of that sex was named last.
            for one in self._speakers(near):
                if one.kind == "person" and sex in ("m", "f") and self._sex_of(one) == sex:
                    return one
        if i + 1 < len(passages) and not any(m.kind in _WHO for p in passages[:i] for m in p.mentions):
            # "« … », a-t-il précisé. X sortait de …": whoever the next sentence opens on.
            coming = [s for s in self._speakers(passages[i + 1]) if s.kind == "person" and not self._is_object(s)]
            return next((s for s in coming if self._agrees(clitic, s)), None)
        return None

    def _where(self, end: int, speakers: Sequence[Speaker]) -> Speaker | None:
        """ "au Kremlin, où l'on promet …": those of the place that the clause hangs on."""
        for speaker in reversed([s for s in speakers if s.end < end and s.kind in ("institution", "city")]):
            between = self._flat[speaker.end : end]
            k = bisect_left(self._words.starts, speaker.start) - 1
            placed = k >= 0 and self._words.flats[k] in self._lists.place
            if self._pattern("where_one").match(between) and (placed or self._is_object(speaker)):
                return speaker
        return None

    def _there(self, end: int, speakers: Sequence[Speaker]) -> Speaker | None:
        """ "Au Kremlin, … : « … », *y* souffle-t-on": those of the place that the sentence opens on."""
        k = bisect_left(self._words.starts, end) - 1
        if self._list("there").isdisjoint(self._words.flats[max(0, k - 2) : k]):
            return None
        placed = (s for s in speakers if s.end < end and s.kind in ("institution", "city") and self._is_object(s))
        return next(placed, None)

    def _circle(self, end: int) -> Speaker | None:
        """ "assure-t-on *de source diplomatique algérienne*", "dans l'entourage du ministre": nobody by name."""
        match = self._pattern("circle").match(self._text, end)
        if match is None:
            return None
        passage = next(p for p in self._reading.passages if p.span.end >= end)
        start, stop = match.start(1), match.end(1)
        side = next((m.side for m in passage.mentions if start <= m.span.start < stop and m.side), "")
        evidence = self._document.quote(start, stop)
        return Speaker(Participant("", evidence.quote, side, "", evidence), start, stop, "anonymous")

    def _sets_scene(self, speaker: Speaker) -> bool:
        """ "Interrogé sur ce point, X …": not what is said, but when; read by the words that open such a part."""
        k = bisect_left(self._words.starts, speaker.start) - 1
        return k >= 0 and "," in self._words.gap(k) and self._opens_with_setting(speaker.start)

    def _opens_with_setting(self, before: int) -> bool:
        passage = next(p for p in self._reading.passages if p.span.end > before)
        first = self._flat[passage.span.start : before].split()[:1]
        return bool(first) and first[0] in self._list("setting")

    def _agrees_with(self, pronoun: str, speaker: Speaker) -> bool:
        """ "selon lui", "à ses yeux": as `_agrees`; a possessive fits anybody."""
        return self._agrees({"lui": "il"}.get(pronoun, pronoun), speaker)

    def _agrees(self, clitic: str, speaker: Speaker) -> bool:
        """Whether "il" or "elle" can stand for a speaker, by the article or the given name."""
        sex = person_words(self._language).pronouns.get(clitic, "")
        if sex not in ("m", "f"):
            return True
        if speaker.kind == "group":
            return False
        feminine, articles = self._list("feminine_articles"), self._list("articles") | self._list("indefinite")
        shown = self._flat[speaker.start : speaker.end].split()[:1]
        if speaker.kind != "person" and shown and shown[0] in articles:
            return not shown[0].isalpha() or (shown[0] in feminine) == (sex == "f")
        if speaker.kind != "person":
            return True
        return self._sex_of(speaker) in ("", sex)

    def _sex_of(self, speaker: Speaker) -> str:
        return person_words(self._language).given.get(flat(speaker.participant.name.split()[0]), "")

    def _participial(
        self, passage: Passage, verb: ReportingVerb, speakers: Sequence[Speaker], drafts: Sequence[Draft]
    ) -> Draft | None:
        start, end = self._words.starts[verb.start], self._words.ends[verb.end - 1]
        own = None
        first = self._gerund_lead(verb)
        if not self._text[passage.span.start : self._words.starts[first]].strip(' «"“—–-'):
            return self._opening_gerund(passage, verb, speakers)
        parted = "," in self._words.gap(first - 1) or self._words.flats[first] in self._list("gerund_lead")
        if self._traits.verbs == "romance" and not parted:
            # "…, son hôte assurant que …": a clause of its own
            own = next((s for s in speakers if s.end == self._words.starts[first] - 1), None)
            if own is None or not self._at_break(passage, self._with_article(own.start)):
                return None
        earlier = [d for d in drafts if d.cue is not None and d.cue.end <= start]
        if earlier and own is None:
            earlier[-1].classes.add(verb.kind)
            return None
        rest = self._text[end : passage.span.end]
        telling = verb.kind in _TELLING or verb.lemma in self._list("tells_alone")
        if not (
            telling
            or self._pattern("that").match(rest)
            or any(q.start - end < 20 and q.start >= end for q in passage.quoted)
        ):
            return None
        subjects = (
            [own]
            if own is not None
            else [
                s
                for s in speakers
                if s.end <= start and not self._is_object(s) and self._nominative(s) and s.kind != "people"
            ]
        )
        if not subjects:
            return None
        return Draft(passage, subjects[0], "verb_that", Span(start, end), Span(start, end), False, {verb.kind})

    def _opening_gerund(self, passage: Passage, verb: ReportingVerb, speakers: Sequence[Speaker]) -> Draft | None:
        """ "Accusant Y de …, X a suspendu …", "Accusing Y of …, X suspended …": said by the subject that follows."""
        start, end = self._words.starts[verb.start], self._words.ends[verb.end - 1]
        if verb.kind not in _TELLING - {"call"}:
            return None
        for speaker in speakers:
            opened = speaker.start >= end and self._text[: speaker.start].rstrip()[-1:] == ","
            if opened and not self._is_object(speaker) and self._nominative(speaker) and speaker.kind != "people":
                cue = Span(start, end)
                return Draft(passage, speaker, "verb_phrase", cue, cue, False, {verb.kind})
        return None

    def _first_subject(self, passage: Passage, start: int, speakers: Sequence[Speaker]) -> Speaker | None:
        """Who opens a sentence of one clause: "X invited Y to Moscow and expressed …"."""
        first = next((s for s in speakers if s.end <= start), None)
        second = next((s for s in speakers if first is not None and first.end < s.start and s.end <= start), None)
        if first is not None and second is not None and self._flat[first.end : second.start].strip() == self._and:
            first = self._joint(second, [first, second])
        if first is None or first.start - passage.span.start > 30 or self._is_object(first):
            return None
        between = self._text[first.end : start]
        clear = not re.search(r"[;:«»“”\"]", between) and not self._pattern("inner_clause").search(flat(between))
        return first if clear and self._nominative(first) and len(between) < 160 else None

    def _continued(
        self, passage: Passage, verb: ReportingVerb, speakers: Sequence[Speaker], drafts: Sequence[Draft]
    ) -> Speaker | None:
        """The subject of a verb that is joined to an earlier one: "X a salué … et promis …"."""
        start = self._words.starts[verb.start]
        k = verb.start - 1
        joined = k >= 0 and self._words.flats[k] in self._list("joins_verbs")
        if not drafts:
            inside = self._pattern("in_which").search(self._flat, passage.span.start, start)
            if inside is not None:
                # "направил телеграмму, в которой выразил …"
                return self._first_subject(passage, inside.start(), speakers)
            return self._first_subject(passage, start, speakers) if joined else None
        last = drafts[-1]
        if joined and last.cue is not None and last.cue.end < start:
            return last.speaker
        return None

    # Without a verb

    def _according(self, passage: Passage, speakers: Sequence[Speaker], drafts: Sequence[Draft]) -> Iterator[Draft]:
        lowered = self._flat
        for match in self._lists.according_pronoun.finditer(lowered, passage.span.start, passage.span.end):
            if any(q.start <= match.start() < q.end for q in passage.quoted):
                continue
            inside = [s for s in speakers if match.start() <= s.start <= match.end()]
            earlier = [d for d in drafts if d.reporting.end <= match.start() and "+" not in d.speaker.participant.side]
            near = self._last if passage.index - self._last_at <= 1 else None
            pronoun = self._flat[match.start() : match.end()].split()[-1]
            if earlier:
                speaker: Speaker | None = earlier[-1].speaker
            elif (topic := self._topic_of_clause(passage, match.start(), speakers)) is not None:
                speaker = topic
            elif near is not None and self._goes_on(near, pronoun):
                speaker = near
            elif self._traits.inflected and (subject := self._subject_before(speakers, match.start())) is not None:
                speaker = subject
            else:
                speaker = inside[0] if inside else self._last
            if speaker is not None:
                cue = Span(match.start(), match.end())
                yield Draft(passage, speaker, "according", cue, cue, self._late(passage, cue), {"say"})
        for match in self._lists.according.finditer(lowered, passage.span.start, passage.span.end):
            if any(q.start <= match.start() < q.end for q in passage.quoted):
                continue
            if self._pattern("only_opens").match(match.group()) and not self._at_break(passage, match.start()):
                continue  # "commence à entendre les arguments de X"
            for speaker in speakers:
                if speaker.end <= match.end():
                    continue
                words = lowered[match.end() : speaker.start].replace("'", "' ").split()
                if self._lists.mutual.search(lowered, match.end(), speaker.start) is None:
                    words = [word for word in words if word not in self._list("document")]
                if len(words) <= 3 and not any("," in word for word in words) and speaker.kind != "pronoun":
                    reporting = Span(match.start(), speaker.end)
                    cue = Span(match.start(), match.end())
                    yield Draft(passage, speaker, "according", reporting, cue, self._late(passage, reporting), {"say"})
                break

    def _goes_on(self, near: Speaker, pronoun: str) -> bool:
        """Whether whoever spoke in the sentence before is meant by "selon lui", «по его словам»."""
        romance = self._traits.verbs == "romance" and self._agrees_with(pronoun, near)
        return romance or (self._traits.inflected and near.kind == "person")

    def _subject_before(self, speakers: Sequence[Speaker], start: int) -> Speaker | None:
        """The person that a sentence names as its subject before a place: "Путин, по его словам, …"."""
        before = [s for s in speakers if s.end <= start and s.kind in ("person", "role")]
        return next((s for s in reversed(before) if self._nominative(s) and not self._is_object(s)), None)

    def _topic_of_clause(self, passage: Passage, start: int, speakers: Sequence[Speaker]) -> Speaker | None:
        """ "X est moins sévère : à l'en croire, …": who opens the sentence, where a colon or the like follows."""
        first = next((s for s in speakers if s.kind in ("person", "role")), None)
        if first is None or first.end > start or first.start - passage.span.start > _ASIDE or self._is_object(first):
            return None
        return first if re.search(r"[:;]\s*$", self._text[first.end : start]) else None

    def _at_break(self, passage: Passage, start: int) -> bool:
        """Whether a phrase opens its sentence, or stands behind a comma or another mark."""
        lead = self._text[passage.span.start : start].rstrip()
        return not lead or not lead[-1].isalnum()

    def _in_the_eyes_of(self, passage: Passage, speakers: Sequence[Speaker]) -> Iterator[Draft]:
        """ "Pour X, … « … » …", "For X, …": a person's view; a body's only where its words are quoted."""
        lead = next(iter(self._list("for_whom")), "\n") + " "
        start = passage.span.start
        joined = self._pattern("joins_lead").match(self._flat, start)
        start = joined.end() if joined is not None else start  # "Mais pour X, …"
        if not self._flat.startswith(lead, start) or not speakers:
            return
        first = speakers[0]
        between = self._flat[start + len(lead) : first.start]
        named = first.kind in ("person", "institution", "role", "city") and len(between.split()) <= 1
        quoted = bool(passage.quoted) and passage.quoted[0].start > first.end
        if not quoted and (first.kind not in ("person", "role", "city", "institution") or self._traits.inflected):
            return
        if named and self._text[first.end : first.end + 1] == ",":
            yield Draft(passage, first, "according", Span(start, first.end), None, False, {"say"})

    def _passive(self, passage: Passage, speakers: Sequence[Speaker], lo: int, hi: int) -> Iterator[Draft]:
        """ "… ont été jugés « utiles » par X", "was described as … by X"."""
        been = self._list("been")
        w = self._words
        for k in range(lo + 1, hi):
            if w.flats[k - 1] not in been:
                continue
            verbs = self._lists.verbs.at(w, k)
            # "L'annonce en a été faite par X": said of the sentence before.
            back = self._pattern("back_reference").match(self._flat[passage.span.start : w.ends[k]]) is not None
            if not verbs and not back:
                continue
            if verbs and self._ends_treaty(passage, verbs[0]):
                continue
            act = bool(verbs) and verbs[0].lemma in self._lists.verbs.beside_words
            if act and not back and not passage.quoted:
                continue  # "L'accord a été trouvé par …"
            kind = verbs[0].kind if verbs else "say"
            for speaker in speakers:
                before = self._flat[max(0, speaker.start - 12) : speaker.start]
                agent = self._pattern("by_agent").search(before)
                if speaker.start > w.ends[k] and speaker.start - w.ends[k] < 70 and agent:
                    cue = Span(w.starts[k], w.ends[k])
                    clause = Span(speaker.start, speaker.end)
                    yield Draft(
                        passage, speaker, "back_reference" if back else "verb_phrase", clause, cue, True, {kind}
                    )

    def _late(self, passage: Passage, clause: Span) -> bool:
        return clause.start - passage.span.start > passage.span.end - clause.end

    def _colon(self, passage: Passage, speakers: Sequence[Speaker]) -> Iterator[Draft]:
        """Headlines and scripts: "X: what X says"."""
        if not speakers:
            return
        first = speakers[0]
        lead = self._text[passage.span.start : first.start].strip(' «"“—–-')
        after = self._text[first.end : first.end + 3]
        if first.kind not in ("person", "institution", "city") or (lead and lead.lower() not in self._articles):
            return
        caption = re.match(r"\s?[—–-]\s?(?:[^:«»“”\"\n]{2,60}: ?)?[«“\"]", self._text[first.end : passage.span.end])
        if not (re.match(r"[ \u00a0\u202f]?: ?", after) or caption) or passage.span.end - first.end < 20:
            return
        clause = Span(first.start, first.end)
        yield Draft(passage, first, "colon", clause, None, False, {"say"})

    # What belongs together

    def _merge(self, drafts: list[Draft], draft: Draft) -> None:
        """One statement for one speaker in one sentence; later verbs add their class, or say something else."""
        for known in drafts:
            if known.speaker.key == draft.speaker.key and not self._goes_elsewhere(known, draft):
                known.classes |= draft.classes
                known.negated = known.negated and draft.negated
                known.until = max(known.until, draft.reporting.end)
                return
        drafts.append(draft)

    def _goes_elsewhere(self, known: Draft, draft: Draft) -> bool:
        """ "X praised …, but noted concerns", "…, and he urged …" in a readout: a proposition of its own."""
        if known.cue is None or draft.cue is None or known.post or draft.post or draft.cue.start <= known.cue.end:
            return False
        if self._voice is None or draft.passage.quoted or draft.rule in ("according", "colon", "joint"):
            return False
        turns = _GRAVE.isdisjoint(known.classes) != _GRAVE.isdisjoint(draft.classes)
        again = draft.reporting.start > known.cue.end
        between = self._flat[known.cue.end : draft.cue.start]
        parted = self._lists.clause.search(between) is not None
        if between.replace(",", " ").split()[-1:] == [self._and] and not again:
            # "voiced concern, and called on Y to …" is one word on one thing
            return turns and not _WARM.isdisjoint(known.classes | draft.classes)
        return parted if again else turns and parted

    def _own_clauses(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Leave out speech that another speaker of the sentence reports ("X said that Y had promised …")."""
        kept: list[Draft] = []
        passed = [one for one in drafts if any(one is not two and self._passes_on(one, two) for two in drafts)]
        drafts = [one for one in drafts if one not in passed]
        for draft in sorted(drafts, key=lambda d: d.reporting.start):
            inside = False
            for other in drafts:
                if other is draft or other.speaker.key == draft.speaker.key:
                    continue
                if self._told_in_between(draft, other):
                    # "The sides, as X reported, confirmed …": X says so.
                    inside = True
                    break
                if other.post and draft.reporting.end <= other.reporting.start:
                    # "…, X said": whoever speaks before it is reported, but for "Y said that … X …".
                    inside = draft.post or not self._pattern("that").match(
                        self._text[draft.reporting.end : draft.passage.span.end]
                    )
                elif (
                    not other.post
                    and not draft.post
                    and other.reporting.end <= draft.reporting.start
                    and other.cue is not None
                ):
                    said = max(other.reporting.end, other.until)
                    if said > draft.reporting.start:
                        said = other.reporting.end
                    between = self._flat[said : draft.reporting.start]
                    aside = self._subordinate(other) and "," in between
                    inside = not aside and not self._lists.clause.search(between + " ")
                elif other.rule == "according" and draft.rule != "according":
                    inside = other.reporting.start < draft.reporting.start
                if inside:
                    break
            if not inside:
                kept.append(draft)
        return kept

    def _passes_on(self, outer: Draft, inner: Draft) -> bool:
        """Whether a body only tells what its own head or minister said: "the department noted that X stressed …"."""
        body = outer.speaker.kind == "institution"
        who = inner.speaker.kind in ("person", "role") and bool(inner.speaker.participant.entity)
        same = outer.speaker.participant.side == inner.speaker.participant.side != ""

        inside = (
            inner.reporting.end <= outer.reporting.start
            if outer.post or outer.rule == "according"
            else outer.reporting.end <= inner.reporting.start
        )
        return body and who and same and inside and not inner.negated

    def _told_in_between(self, draft: Draft, other: Draft) -> bool:
        """Whether another's clause of saying stands between commas inside a reporting clause."""
        cue = draft.cue
        if (
            cue is None
            or draft.post
            or not draft.speaker.end <= other.reporting.start < other.reporting.end <= cue.start
        ):
            return False
        lead = self._flat[draft.speaker.end : other.reporting.start].strip()
        rest = self._text[other.reporting.end : cue.start]
        opens = not lead.strip(" ,") or lead.strip(" ,") in self._list("as_told")
        return opens and lead[:1] == "," and rest.count(",") == 1 and other.rule != "according"

    def _as_told(self, start: int) -> bool:
        """ "as X reported", "comme l'a relevé X", «как сообщил X»: such a clause always reports."""
        k = bisect_left(self._words.starts, start) - 1
        return k >= 0 and self._words.flats[k] in self._list("as_told") and not self._words.gap(k).strip()

    def _subordinate(self, draft: Draft) -> bool:
        """ "Three days after X said …, Y made clear that …": X's clause ends at its comma."""
        words = self._flat[draft.passage.span.start : draft.reporting.start].split()[-2:]
        return any(word in self._list("subordinate") for word in words)

    def _cut_evidence(self, passage: Passage, drafts: list[Draft]) -> None:
        if len(drafts) < 2:
            return
        begin = passage.span.start
        for one, following in pairwise(drafts):
            same = one.speaker.key == following.speaker.key and following.cue is not None
            until = following.cue.start if same and following.cue is not None else following.reporting.start + 1
            cuts = [m.start() for m in self._lists.clause.finditer(self._flat, one.reporting.end, until)]
            if not cuts and same:
                # "reaffirmed … and expressed concern"
                cuts = [i for i in (self._flat.rfind(f" {self._and} ", one.reporting.end, until),) if i >= 0]
            if not cuts and self._subordinate(one):
                cuts = [i for i in (self._text.find(",", one.reporting.end, following.reporting.start),) if i >= 0]
            if not cuts:
                one.evidence = one.evidence or Span(begin, passage.span.end)
                continue
            one.evidence = Span(begin, cuts[-1])
            begin = cuts[-1]
            while begin < passage.span.end and self._text[begin] in " ,;\u00a0":
                begin += 1
        drafts[-1].evidence = Span(begin, passage.span.end)
