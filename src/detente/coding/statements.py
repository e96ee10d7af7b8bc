"""What was said about the relationship, by whom, with the sentence that reports it.

A statement is found where a verb or phrase of speech has a speaker. Two speakers of one statement ("Washington et
Moscou disent …") are given as one participant whose name joins both and whose side is both codes joined by "+".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from detente.coding.names_lexicon import Words, flat
from detente.coding.names_titles import name_cases, russian_cases
from detente.coding.passages import Mention, Passage, Reading
from detente.coding.stance import judge
from detente.coding.statements_lexicon import (
    ReportingVerb,
    confidence_of,
    outlets,
    publisher_of,
    report_words,
    reporting_words,
)
from detente.terms import EventDate, Evidence, Participant, Span, Statement, TimeExpression

_CLITIC = re.compile(r"^(.+?)-(?:t-)?(il|elle|on|ils|elles)$")
_PREPOSITIONS = {lang: report_words(f"prepositions_{lang}") for lang in ("fr", "en", "ru")}
_DETERMINERS = {lang: report_words(f"determiners_{lang}") for lang in ("fr", "en", "ru")}
_HAVE = report_words("have")
_BE = report_words("be")
_PASSIVE = report_words("passive")
_MODAL = report_words("modal")
_COMPLEMENT = re.compile(
    r"^[\s,:;—–-]*(?:(?:que|qu['’]|that|what|how|whether|что|чтобы|о том, что|будто|как)(?![\w]))?[\s,:;—–\"«“„'’]*"
)
_TRIM = " \t\n\u00a0\u202f,;:—–-\"«»“”„'’"
_JOIN = {"fr": "et", "en": "and", "ru": "и"}
_BACK = re.compile(r"^\W*(?:об этом|c['’]est ce qu|this was|that is what|that was|so said)")
_THAT = re.compile(r"^\W*(?:que|qu['’]|that|что|чтобы|о том)(?!\w)")
_SUBORDINATE = report_words("subordinate")
_TELL = report_words("tell")
_RELATIVE = re.compile(r",?\s*(?:who|which|qui|lequel|laquelle|котор\w+)\s*")
# "a réitéré sa volonté de", "confirmed its readiness to": an offer made again.
_WILLING = re.compile(
    r"\s*(?:sa|leur|its|their|свою)?\s*(?:volonté|disponibilité|offre|readiness|willingness|offer|готовность|намерение)\b"
)
_CONTENT_MIN = 12
_LEAD_MIN = 28


@dataclass(frozen=True, slots=True)
class _Speaker:
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
class _Draft:
    """A statement in the making.

    Attributes:
        reporting: The reporting clause.
        post: Whether what is said stands before the reporting clause.
    """

    passage: Passage
    speaker: _Speaker
    rule: str
    reporting: Span
    cue: Span | None
    post: bool
    classes: set[str] = field(default_factory=set)
    negated: bool = False
    evidence: Span | None = None


def find_statements(reading: Reading) -> tuple[Statement, ...]:
    """Statements about the relationship of the dossier's two sides, in text order.

    One for each speaker and reporting sentence; what someone says about anything else is left out.
    """
    if not reading.passages:
        return ()
    return tuple(_Finder(reading).run())


class _Finder:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._document = reading.document
        self._text = reading.document.text
        self._language = reading.language
        self._lists = reporting_words(reading.language)
        self._flat = flat(self._text)
        self._words = Words.of(self._text, self._flat, self._language)
        self._sides = frozenset(reading.dossier.dyad.sides)
        self._third = frozenset(reading.dossier.third_parties)
        self._publisher = reading.dossier.registry.entities.get(publisher_of(self._document.url))
        self._last: _Speaker | None = None

    def run(self) -> Iterator[Statement]:
        drafts: dict[int, list[_Draft]] = {}
        author = self._author()
        signature = self._signature()
        for passage in self._reading.passages:
            found = self._passage(passage)
            if found:
                drafts[passage.index] = found
                self._last = found[-1].speaker
        self._inherit(drafts, signature)
        if author is not None:
            self._author_views(drafts, author)
        self._communique(drafts)
        for index in sorted(drafts):
            for draft in drafts[index]:
                statement = self._statement(draft)
                if statement is not None:
                    yield statement

    # Speakers

    def _speakers(self, passage: Passage) -> list[_Speaker]:
        out = []
        wholes = [m for m in passage.mentions if m.whole is not None]
        for mention in passage.mentions:
            if not self._can_speak(mention) or any(q.covers(mention.span) for q in passage.quoted):
                continue
            if any(o is not mention and o.whole is not None and o.whole.covers(mention.span) for o in wholes):
                continue
            whole = mention.whole or mention.span
            out.append(
                _Speaker(
                    mention.participant(self._document),
                    whole.start,
                    whole.end,
                    mention.kind,
                    trailing=whole.end > mention.span.end or "," in self._text[whole.start : mention.span.start],
                )
            )
        for match in self._lists.anonymous.finditer(self._text, passage.span.start, passage.span.end):
            start, end = match.start(), match.end()
            while start < end and self._text[start].isspace():
                start += 1
            if any(s.start < end and start < s.end and s.kind == "person" for s in out):
                continue
            if any(q.start <= start and end <= q.end for q in passage.quoted):
                continue
            out = [s for s in out if not (start <= s.start and s.end <= end)]
            side = next((m.side for m in passage.mentions if start <= m.span.start < end + 1 and m.side), "")
            evidence = self._document.quote(start, end)
            out.append(_Speaker(Participant("", evidence.quote, side, "", evidence), start, end, "anonymous"))
        out.sort(key=lambda s: s.start)
        return out

    def _can_speak(self, mention: Mention) -> bool:
        if mention.kind in ("person", "institution", "state", "role", "pronoun", "group"):
            return flat(mention.text) not in outlets()
        if mention.kind == "city":
            return bool(mention.side) and mention.entity is not None
        if mention.kind == "people":
            # "les Russes", "the Americans", "американцы": the people as a party, not the adjective.
            if self._language == "fr":
                return mention.text[:1].isupper() and mention.text.endswith("s")
            if self._language == "en":
                return mention.text.endswith("ns")
            return mention.text[-2:] in ("не", "цы", "ны")
        return False

    def _nominative(self, speaker: _Speaker) -> bool:
        """Whether a Russian phrase can be a subject; always true elsewhere."""
        if self._language != "ru" or speaker.kind in ("pronoun", "anonymous"):
            return True
        evidence = speaker.participant.evidence
        words = flat(evidence.quote).split() if evidence is not None else []
        if not words:
            return True
        if speaker.kind == "person":
            cases = name_cases(tuple(words))
            return not cases or "nomn" in cases
        cases = russian_cases(words[-1] if speaker.kind == "role" else words[0])
        return not cases or "nomn" in cases

    def _is_object(self, speaker: _Speaker) -> bool:
        k = bisect_left(self._words.starts, speaker.start) - 1
        if k < 0 or self._words.gap(k).strip(" \u00a0\n'’"):
            return False
        return self._words.flats[k] in _PREPOSITIONS[self._language]

    # One sentence

    def _passage(self, passage: Passage) -> list[_Draft]:
        speakers = self._speakers(passage)
        drafts: list[_Draft] = []
        lo = bisect_left(self._words.starts, passage.span.start)
        hi = bisect_left(self._words.starts, passage.span.end)
        for verb, clitic in list(self._verbs(passage, lo, hi)):
            draft = self._by_verb(passage, verb, clitic, speakers, drafts)
            if draft is not None:
                self._merge(drafts, draft)
        for draft in (
            *self._according(passage, speakers),
            *self._in_the_eyes_of(passage, speakers),
            *self._passive(passage, speakers, lo, hi),
            *self._colon(passage, speakers),
        ):
            self._merge(drafts, draft)
        kept = self._own_clauses(drafts)
        self._cut_evidence(passage, kept)
        return kept

    def _verbs(self, passage: Passage, lo: int, hi: int) -> Iterator[tuple[ReportingVerb, str]]:
        """Reporting verbs outside quotation marks, each with the pronoun that is joined to it ("a-t-il")."""
        w = self._words
        verbs = self._lists.verbs
        for k in range(lo, hi):
            start = w.starts[k]
            candidates = verbs.at(w, k)
            joined = _CLITIC.match(w.flats[k]) if self._language == "fr" and "-" in w.flats[k] else None
            if (not candidates and joined is None) or any(q.start <= start < q.end for q in passage.quoted):
                continue
            if joined is not None:
                base = Words(self._text, [start], [w.ends[k]], [joined.group(1)], [False])
                found = next((verb for verb in verbs.at(base, 0) if verb.form == "finite"), None)
                after_quote = self._text[passage.span.start : start].rstrip(" \u00a0,s'’e")[-1:] in ("»", "”", '"')
                if found is not None:
                    yield ReportingVerb(k, k + 1, found.kind, "finite", found.lemma), joined.group(2)
                elif after_quote:
                    # "« … », s'est-elle bornée à ajouter": what follows a quotation this way reports it.
                    yield ReportingVerb(k, k + 1, "say", "finite", "dire"), joined.group(2)
                continue
            for verb in candidates:
                checked = self._real_verb(verb, lo)
                if checked is not None:
                    yield checked
                    break

    def _real_verb(self, verb: ReportingVerb, lo: int) -> tuple[ReportingVerb, str] | None:
        if self._language == "fr":
            return self._french_verb(verb, lo)
        if self._language == "en":
            return self._english_verb(verb, lo)
        w = self._words
        if verb.form == "gerund" and not (verb.start > lo and "," in w.gap(verb.start - 1)):
            return None
        return verb, ""

    def _french_verb(self, verb: ReportingVerb, lo: int) -> tuple[ReportingVerb, str] | None:
        w = self._words
        k = verb.start - 1
        if verb.form == "participle":
            reflexive = verb.lemma.startswith("se ")
            steps = 0
            while k >= lo and steps < 6 and not w.gap(k).strip(" \u00a0'’\n"):
                low = w.flats[k]
                joined = _CLITIC.match(low)
                base = joined.group(1) if joined else low
                if base in _HAVE and not reflexive:
                    return replace(verb, start=k, form="finite"), joined.group(2) if joined else ""
                if base in _BE and k > lo and w.flats[k - 1] in {"s'", "se"}:
                    return replace(verb, start=k - 1, form="finite"), ""
                if low == "été" or not (low in self._lists.between or low.endswith("ment")):
                    return None
                k -= 1
                steps += 1
            return None
        before = w.flats[k] if k >= lo and not w.gap(k).strip(" \u00a0'’") else ""
        if verb.form == "gerund":
            return (verb, "") if before != "en" and k >= lo and "," in w.gap(k) else None
        if verb.lemma.startswith("se ") and before not in {"s'", "se"}:
            return None
        return None if before in _DETERMINERS["fr"] else (verb, "")

    def _english_verb(self, verb: ReportingVerb, lo: int) -> tuple[ReportingVerb, str] | None:
        w = self._words
        k = verb.start - 1
        before = w.flats[k] if k >= lo and not w.gap(k).strip(" \n'’s") else ""
        if verb.form == "gerund":
            if before == "as" and k - 1 >= lo and w.flats[k - 1] in {"quoted", "cited"}:
                return verb, "quoted"
            return (verb, "") if k >= lo and ("," in w.gap(k) or before == "in") else None
        if before in _DETERMINERS["en"] or before in _PASSIVE:
            return None
        if before in _MODAL and not (verb.kind in ("promise", "refuse") or w.flats[max(lo, k - 1)] == "declined"):
            return None
        return verb, ""

    def _by_verb(
        self, passage: Passage, verb: ReportingVerb, clitic: str, speakers: Sequence[_Speaker], drafts: Sequence[_Draft]
    ) -> _Draft | None:
        w = self._words
        start, end = w.starts[verb.start], w.ends[verb.end - 1]
        if verb.form == "gerund" and clitic != "quoted":
            return self._participial(passage, verb, speakers, drafts)
        preceding = self._text[passage.span.start : start].rstrip()
        closes = preceding[-1:] in ("»", "”", '"', ",", "—", "–", "’", "'") or not preceding
        negated = self._negated(verb)
        # "n'a pas dit", "did not say": nothing was said. Refusals to admit progress ("n'a pas fait état de") count.
        if negated and verb.kind in ("say", "suggest") and self._text[end : end + 30].strip()[:1] not in '«“"':
            return None
        speaker: _Speaker | None = None
        post = False
        if clitic and clitic != "quoted":
            speaker, post = self._by_clitic(clitic, end, speakers, drafts), closes
        elif clitic == "quoted":
            speaker = self._left(passage, w.starts[verb.start - 2], speakers)
            speaker = speaker or next((s for s in speakers if 0 <= start - s.end < 40), None)
            before_quote = [
                s for s in speakers if s.end <= start and "quoted" in self._text[max(0, s.start - 12) : s.start]
            ]
            speaker = before_quote[-1] if before_quote else speaker
            post = preceding.count(",") > 0
        else:
            if closes or self._language == "ru":
                left = self._left(passage, start, speakers, near=closes)
                speaker = left
                if left is None or (closes and self._right(passage, verb, speakers) and left.end < start - 1):
                    right = self._right(passage, verb, speakers)
                    if right is not None:
                        speaker, post = right, True
            else:
                speaker = self._left(passage, start, speakers)
                if speaker is None and self._inverted_clause(verb):
                    speaker = self._right(passage, verb, speakers)
                    post = speaker is not None
            if speaker is None:
                speaker = self._continued(verb, drafts)
        if speaker is None:
            return None
        if self._flat_word(verb) in self._lists.verbs.homographs and not self._adjacent(speaker, verb):
            return None
        reporting = Span(min(speaker.start, start), max(speaker.end, end))
        if not passage.span.covers(reporting):
            reporting = Span(start, end)
        rule = self._rule(passage, reporting, post, speaker)
        if not post and speaker.end <= start:
            post = self._reported_before(passage, reporting)
        return _Draft(passage, speaker, rule, reporting, Span(start, end), post, {verb.kind}, negated)

    def _reported_before(self, passage: Passage, reporting: Span) -> bool:
        """Whether what is said stands before its speaker: "…, Peskov said", and not "In Moscow, Peskov said that …"."""
        lead = self._text[passage.span.start : reporting.start].rstrip()
        rest = self._text[reporting.end : passage.span.end]
        if lead[-1:] not in ("»", "”", '"', ",", "—", "–") or len(lead) < _LEAD_MIN:
            return False
        return not _THAT.match(rest) and not re.match(r"[^,;:«“\"]{0,50}?\b(?:that|que|что)\b|\s*:?\s*[«“\"]", rest)

    def _flat_word(self, verb: ReportingVerb) -> str:
        return self._words.flats[verb.start]

    def _adjacent(self, speaker: _Speaker, verb: ReportingVerb) -> bool:
        start = self._words.starts[verb.start]
        between = self._text[speaker.end : start] if speaker.end <= start else ""
        return speaker.end <= start and len(between.split()) <= 3 and between.count(",") in (0, 2)

    def _rule(self, passage: Passage, reporting: Span, post: bool, speaker: _Speaker) -> str:
        if "+" in speaker.participant.side:
            return "joint"
        if speaker.kind == "anonymous":
            return "anonymous"
        if _BACK.match(self._flat[passage.span.start : passage.span.end]):
            return "back_reference"
        if passage.quoted:
            return "quote_verb"
        rest = self._text[reporting.end : passage.span.end]
        return "verb_that" if post or _THAT.match(rest) else "verb_phrase"

    def _negated(self, verb: ReportingVerb) -> bool:
        w = self._words
        before = w.flats[max(0, verb.start - 3) : verb.start]
        inside = w.flats[verb.start : verb.end]
        if self._language == "fr":
            # The auxiliary was taken into the verb: "n'ont pas fait état".
            return ("n'" in before[-2:] or "ne" in before[-2:]) and ("pas" in [*inside, *before] or "jamais" in inside)
        if self._language == "en":
            return any(word in ("not", "never") or word.endswith("n't") for word in before[-2:])
        return before[-1:] == ["не"]

    def _gap_fits(self, passage: Passage, start: int, end: int, speaker: _Speaker) -> bool:
        """Whether what stands between a subject and its verb lets them belong together."""
        gap = self._without_times(passage, start, end)
        stripped = gap.strip()
        if not stripped or _RELATIVE.fullmatch(flat(stripped)):
            return True
        if stripped.startswith(",") and re.match(r",\s*(?:who|which|qui|котор\w+)\s", flat(stripped)):
            # "X, who called it “useful,” said": marks inside a relative clause do not part subject and verb.
            stripped = re.sub(r"[«»“”\"]", "", stripped)
        if re.search(r"[;:«»“”\"]", stripped) or len(gap) > 170:
            return False
        parts = [part.split() for part in flat(stripped.rstrip()).replace("'", "' ").split(",")]
        if len(parts) == 1:
            return len(parts[0]) <= 8 and all(self._may_stand_between(word) for word in parts[0])
        if len(parts) == 2 and not parts[0]:
            # A lone comma: only the end of an apposition parts a subject from its verb.
            return speaker.trailing and all(self._may_stand_between(word) for word in parts[1])
        if len(parts) == 2 and speaker.trailing is False:
            return False
        return all(self._may_stand_between(word) for word in (*parts[0], *parts[-1]))

    def _may_stand_between(self, word: str) -> bool:
        return word in self._lists.between or word.endswith(("ment", "ly")) or not any(c.isalpha() for c in word)

    def _without_times(self, passage: Passage, start: int, end: int) -> str:
        text = self._text[start:end]
        for time in passage.times:
            if start <= time.evidence.start and time.evidence.end <= end:
                a, b = time.evidence.start - start, time.evidence.end - start
                text = text[:a] + " " * (b - a) + text[b:]
        return re.sub(r"\b(?:on|in|в|во|le|ce|à|la)\s{2,}", lambda m: " " * len(m.group()), text)

    def _left(
        self, passage: Passage, start: int, speakers: Sequence[_Speaker], *, near: bool = False
    ) -> _Speaker | None:
        before = [s for s in speakers if s.end <= start]
        for speaker in reversed(before[-5:]):
            if self._text[speaker.end : speaker.end + 2] in ("'s", "’s"):
                continue
            placed = self._placed(speaker, start)
            if not placed and (self._is_object(speaker) or not self._nominative(speaker)):
                continue
            if near and "," in self._text[speaker.end : start] and not speaker.trailing:
                continue
            if self._gap_fits(passage, speaker.end, start, speaker):
                return self._joint(speaker, before)
        return None

    def _placed(self, speaker: _Speaker, verb_start: int) -> bool:
        """ "В Кремле подчеркнули", "au Kremlin on assure": the body is named as a place and speaks."""
        if speaker.kind not in ("institution", "city") or self._language == "en":
            return False
        k = bisect_left(self._words.starts, speaker.start) - 1
        if k < 0 or self._words.flats[k] not in self._lists.place:
            return False
        if self._language == "ru":
            v = bisect_left(self._words.starts, verb_start)
            return v < len(self._words) and self._words.flats[v].endswith(("ли", "лись", "ют", "ят", "ются"))
        return bool(re.match(r",?\s*on\s", self._flat[speaker.end : verb_start]))

    def _joint(self, speaker: _Speaker, before: Sequence[_Speaker]) -> _Speaker:
        """Two subjects of one verb, where they are joined by "and"."""
        others = [s for s in before if s.end < speaker.start]
        if not others:
            return speaker
        other = others[-1]
        joined = self._flat[other.end : speaker.start].strip().split()
        if not joined or joined[0] != _JOIN[self._language] or len(joined) > 2 or self._is_object(other):
            return speaker
        one, two = other.participant, speaker.participant
        sides = sorted({*one.side.split("+"), *two.side.split("+")} - {""})
        name = f"{one.name} {_JOIN[self._language]} {two.name}"
        evidence = self._document.quote(other.start, speaker.end)
        return _Speaker(
            Participant("", name, "+".join(sides), "", evidence), other.start, speaker.end, "group", speaker.trailing
        )

    def _right(self, passage: Passage, verb: ReportingVerb, speakers: Sequence[_Speaker]) -> _Speaker | None:
        end = self._words.ends[verb.end - 1]
        for speaker in speakers:
            if speaker.start < end:
                continue
            gap = flat(self._without_times(passage, end, speaker.start))
            words = gap.replace("'", "' ").split()
            if re.search(r"[,;:«»“”\"]", gap.replace("«интерфаксу»", "")) and self._language != "ru":
                return None
            placed = self._placed_after(speaker)
            if self._language == "ru":
                if len(gap) > 70 or "," in gap or any(word in ("что", "чтобы", "о", "об") for word in words[1:]):
                    return None
                if not placed and (self._is_object(speaker) or not self._nominative(speaker)):
                    continue
                return speaker
            small = {"le", "la", "l'", "les", "un", "une", "the", "a", "an", "de", "son", "sa", "à"}
            if len(words) <= 4 and all(word in small or self._may_stand_between(word) for word in words):
                return None if self._is_object(speaker) and not placed else speaker
            return None
        return None

    def _placed_after(self, speaker: _Speaker) -> bool:
        k = bisect_left(self._words.starts, speaker.start) - 1
        return (
            self._language == "ru"
            and speaker.kind in ("institution", "city")
            and k > 0
            and self._words.flats[k] in self._lists.place
        )

    def _inverted_clause(self, verb: ReportingVerb) -> bool:
        """ "ce qu'a indiqué X", "comme l'a rappelé X", "as X said": the subject may follow without a quotation."""
        k = verb.start - 1
        return k >= 0 and self._words.flats[k] in {"qu'", "que", "l'", "dont", "où", "comme"}

    def _by_clitic(
        self, clitic: str, end: int, speakers: Sequence[_Speaker], drafts: Sequence[_Draft]
    ) -> _Speaker | None:
        if clitic == "on":
            nearby = [s for s in speakers if 0 <= s.start - end < 25 and s.kind in ("institution", "city")]
            return nearby[0] if nearby else None
        if drafts:
            return drafts[-1].speaker
        here = [
            s
            for s in speakers
            if s.end <= end - len(clitic)
            and s.kind in ("person", "role", "institution")
            and not self._is_object(s)
            # "Le dialogue, a-t-il dit, …": what stands right before the comma is what is spoken of.
            and not re.match(r"\s*,\s*[\w'’-]+\s*[\w'’-]*\s*$", self._text[s.end : end])
        ]
        if here:
            return here[-1]
        if self._last is not None and self._last.kind != "anonymous":
            return self._last
        return None

    def _participial(
        self, passage: Passage, verb: ReportingVerb, speakers: Sequence[_Speaker], drafts: Sequence[_Draft]
    ) -> _Draft | None:
        start, end = self._words.starts[verb.start], self._words.ends[verb.end - 1]
        earlier = [d for d in drafts if d.cue is not None and d.cue.end <= start]
        if earlier:
            earlier[-1].classes.add(verb.kind)
            return None
        rest = self._text[end : passage.span.end]
        telling = verb.kind in ("welcome", "accuse", "warn", "regret", "promise") or verb.lemma in (
            "évoquer",
            "mentionner",
        )
        if not (telling or _THAT.match(rest) or any(q.start - end < 20 and q.start >= end for q in passage.quoted)):
            return None
        subjects = [
            s
            for s in speakers
            if s.end <= start and not self._is_object(s) and self._nominative(s) and s.kind != "people"
        ]
        if not subjects:
            return None
        return _Draft(passage, subjects[0], "verb_that", Span(start, end), Span(start, end), False, {verb.kind})

    def _continued(self, verb: ReportingVerb, drafts: Sequence[_Draft]) -> _Speaker | None:
        """The subject of a verb that is joined to an earlier one: "X a salué … et promis …"."""
        if not drafts:
            return None
        start = self._words.starts[verb.start]
        k = verb.start - 1
        joined = k >= 0 and self._words.flats[k] in {"et", "and", "и", "mais", "but", "но", "then"}
        last = drafts[-1]
        if joined and last.cue is not None and last.cue.end < start:
            return last.speaker
        return None

    # Without a verb

    def _according(self, passage: Passage, speakers: Sequence[_Speaker]) -> Iterator[_Draft]:
        lowered = self._flat
        for match in self._lists.according_pronoun.finditer(lowered, passage.span.start, passage.span.end):
            if any(q.start <= match.start() < q.end for q in passage.quoted):
                continue
            inside = [s for s in speakers if match.start() <= s.start <= match.end()]
            speaker = inside[0] if inside else self._last
            if speaker is not None:
                cue = Span(match.start(), match.end())
                yield _Draft(passage, speaker, "according", cue, cue, self._late(passage, cue), {"say"})
        for match in self._lists.according.finditer(lowered, passage.span.start, passage.span.end):
            if any(q.start <= match.start() < q.end for q in passage.quoted):
                continue
            for speaker in speakers:
                if speaker.start < match.end():
                    continue
                words = lowered[match.end() : speaker.start].replace("'", "' ").split()
                if len(words) <= 3 and not any("," in word for word in words) and speaker.kind != "pronoun":
                    reporting = Span(match.start(), speaker.end)
                    cue = Span(match.start(), match.end())
                    yield _Draft(passage, speaker, "according", reporting, cue, self._late(passage, reporting), {"say"})
                break

    def _in_the_eyes_of(self, passage: Passage, speakers: Sequence[_Speaker]) -> Iterator[_Draft]:
        """ "Pour X, … « … » …", "For X, …": only where words of X are quoted; else it may be the writer's view."""
        lead = {"fr": "pour ", "en": "for ", "ru": "для "}[self._language]
        start = passage.span.start
        if not passage.quoted or not self._flat.startswith(lead, start) or not speakers:
            return
        first = speakers[0]
        between = self._flat[start + len(lead) : first.start]
        named = first.kind in ("person", "institution", "role", "city") and len(between.split()) <= 1
        if named and self._text[first.end : first.end + 1] == "," and passage.quoted[0].start > first.end:
            yield _Draft(passage, first, "according", Span(start, first.end), None, False, {"say"})

    def _passive(self, passage: Passage, speakers: Sequence[_Speaker], lo: int, hi: int) -> Iterator[_Draft]:
        """ "… ont été jugés « utiles » par X", "was described as … by X"."""
        if self._language == "ru":
            return
        w = self._words
        for k in range(lo + 1, hi):
            if w.flats[k - 1] not in ("été", "was", "were", "been") or not self._lists.verbs.at(w, k):
                continue
            kind = self._lists.verbs.at(w, k)[0].kind
            for speaker in speakers:
                before = self._flat[max(0, speaker.start - 12) : speaker.start]
                agent = re.search(r"\b(?:par|by)\s+(?:le |la |l'|les |the )?$", before)
                if speaker.start > w.ends[k] and speaker.start - w.ends[k] < 70 and agent:
                    cue = Span(w.starts[k], w.ends[k])
                    clause = Span(speaker.start, speaker.end)
                    yield _Draft(passage, speaker, "verb_phrase", clause, cue, True, {kind})

    def _late(self, passage: Passage, clause: Span) -> bool:
        return clause.start - passage.span.start > passage.span.end - clause.end

    def _colon(self, passage: Passage, speakers: Sequence[_Speaker]) -> Iterator[_Draft]:
        """Headlines and scripts: "X: what X says"."""
        if not speakers:
            return
        first = speakers[0]
        lead = self._text[passage.span.start : first.start].strip(' «"“—–-')
        after = self._text[first.end : first.end + 3]
        if first.kind not in ("person", "institution", "city") or lead.lower() not in ("", "le", "la", "the"):
            return
        if not re.match(r"[ \u00a0\u202f]?: ?", after) or passage.span.end - first.end < 20:
            return
        clause = Span(first.start, first.end)
        yield _Draft(passage, first, "colon", clause, None, False, {"say"})

    # What belongs together

    def _merge(self, drafts: list[_Draft], draft: _Draft) -> None:
        """One statement for one speaker in one sentence; later verbs add their class."""
        for known in drafts:
            if known.speaker.key == draft.speaker.key:
                known.classes |= draft.classes
                known.negated = known.negated and draft.negated
                return
        drafts.append(draft)

    def _own_clauses(self, drafts: Sequence[_Draft]) -> list[_Draft]:
        """Leave out speech that another speaker of the sentence reports ("X said that Y had promised …")."""
        kept: list[_Draft] = []
        for draft in sorted(drafts, key=lambda d: d.reporting.start):
            inside = False
            for other in drafts:
                if other is draft:
                    continue
                if other.post and draft.reporting.end <= other.reporting.start:
                    inside = True
                elif not other.post and other.reporting.end <= draft.reporting.start and other.cue is not None:
                    between = self._flat[other.reporting.end : draft.reporting.start]
                    aside = self._subordinate(other) and "," in between
                    inside = not aside and not self._lists.clause.search(between + " ")
                elif other.rule == "according" and draft.rule != "according":
                    inside = other.reporting.start < draft.reporting.start
                if inside:
                    break
            if not inside:
                kept.append(draft)
        return kept

    def _subordinate(self, draft: _Draft) -> bool:
        """ "Three days after X said …, Y made clear that …": X's clause ends at its comma."""
        words = self._flat[draft.passage.span.start : draft.reporting.start].split()[-2:]
        return any(word in _SUBORDINATE for word in words)

    def _cut_evidence(self, passage: Passage, drafts: list[_Draft]) -> None:
        if len(drafts) < 2:
            return
        begin = passage.span.start
        for one, following in pairwise(drafts):
            cuts = [
                m.start()
                for m in self._lists.clause.finditer(self._flat, one.reporting.end, following.reporting.start + 1)
            ]
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

    # Several sentences

    def _inherit(self, drafts: dict[int, list[_Draft]], signature: _Speaker | None) -> None:
        """Sentences of one quotation have one speaker; so has a quotation right after a sentence with a speaker."""
        passages = self._reading.passages
        by_quote: dict[Span, _Speaker] = {}
        for index, found in drafts.items():
            for quote in passages[index].quoted:
                by_quote.setdefault(quote, found[-1].speaker)
        for passage in passages:
            if passage.index in drafts or not passage.quoted:
                continue
            covered = sum(min(q.end, passage.span.end) - max(q.start, passage.span.start) for q in passage.quoted)
            if covered < 0.6 * len(passage.span):
                continue
            speaker = next((by_quote[q] for q in passage.quoted if q in by_quote), None)
            rule = "inherited"
            if speaker is None and signature is not None:
                speaker, rule = signature, "signature"
            before = passages[passage.index - 1] if passage.index else None
            beside = before is not None and before.paragraph == passage.paragraph and drafts.get(before.index)
            if speaker is None and beside:
                speaker = beside[-1].speaker
                for quote in passage.quoted:
                    by_quote.setdefault(quote, speaker)
            if speaker is not None:
                drafts[passage.index] = [_Draft(passage, speaker, rule, passage.span, None, False, {"say"})]

    def _signature(self) -> _Speaker | None:
        """Who signs the whole text: its last line is a dash, a title and a name."""
        passage = self._reading.passages[-1]
        people = [m for m in passage.mentions if m.kind == "person"]
        if len(people) != 1 or len(passage.span) > 120:
            return None
        whole = people[0].whole or people[0].span
        line = self._text[self._text.rfind("\n", 0, passage.span.start) + 1 : passage.span.end]
        if line.strip(" \u00a0—–-\n.") != self._text[whole.start : whole.end] or not re.match(r"\s*[—–-]", line):
            return None
        return _Speaker(people[0].participant(self._document), whole.start, whole.end, "person")

    def _author(self) -> _Speaker | None:
        """The writer named after the fact: "… . écrit X, chercheur …" at the end of a sentence, after no quotation."""
        w = self._words
        for passage in self._reading.passages:
            for mention in passage.mentions:
                whole = mention.whole or mention.span
                rest = self._text[whole.end : passage.span.end].strip(" .\n»”")
                if mention.kind != "person" or rest or whole.start <= passage.span.start:
                    continue
                k = bisect_left(w.starts, whole.start) - 1
                if k <= 0 or not self._lists.verbs.at(w, k) or not self._text[w.starts[k]].islower():
                    continue
                if w.gap(k).strip():
                    continue
                lead = self._text[: w.starts[k]].rstrip()
                if not lead or (lead[-1] in ".!?…" and not any(q.end >= len(lead) - 2 for q in passage.quoted)):
                    return _Speaker(mention.participant(self._document), whole.start, whole.end, "author")
        return None

    def _author_views(self, drafts: dict[int, list[_Draft]], author: _Speaker) -> None:
        """The writer's own view of where the relationship goes, in sentences that report nobody."""
        for passage in self._reading.passages:
            drafts[passage.index] = [
                d for d in drafts.get(passage.index, ()) if d.speaker.key != author.key or d.rule == "author"
            ]
            lowered = self._flat[passage.span.start : passage.span.end]
            if drafts[passage.index] or not self._lists.author_topic.search(lowered):
                continue
            view = self._lists.author_view.search(lowered)
            if view is None:
                continue
            cue = Span(passage.span.start + view.start(), passage.span.start + view.end())
            drafts[passage.index] = [_Draft(passage, author, "author", passage.span, cue, False, set())]

    def _communique(self, drafts: dict[int, list[_Draft]]) -> None:
        """What a body undertakes or makes conditional in a text on its own site."""
        entity = self._publisher
        named = {m.side for passage in self._reading.passages for m in passage.mentions}
        if entity is None or not self._sides <= named:
            return
        body = Participant(entity.id, entity.name_in(self._language), entity.stands_for or entity.side)
        for passage in self._reading.passages:
            if drafts.get(passage.index):
                continue
            match = self._lists.undertaking.search(self._text, passage.span.start, passage.span.end)
            if match is None:
                continue
            states = [m for m in passage.mentions if m.kind == "state" and m.span.end <= match.start()]
            speaker = _Speaker(body, passage.span.start, passage.span.start, "institution")
            if len(states) == 1 and states[0].side == body.side:
                speaker = _Speaker(
                    states[0].participant(self._document), states[0].span.start, states[0].span.end, "state"
                )
            cue = Span(match.start(), match.end())
            drafts[passage.index] = [_Draft(passage, speaker, "communique", passage.span, cue, False, {"promise"})]

    # The record

    def _statement(self, draft: _Draft) -> Statement | None:
        passage = draft.passage
        evidence = draft.evidence or passage.span
        if draft.rule == "back_reference" and passage.index:
            before = self._reading.passages[passage.index - 1]
            if before.paragraph == passage.paragraph and not passage.quoted:
                # "… . Об этом сообщил X.": the sentence before is what was said.
                evidence = Span(before.span.start, evidence.end)
        content = self._content(draft, evidence)
        if not self._bears(draft, evidence):
            return None
        if self._is_event(draft):
            return None
        said = self._text[content.start : content.end]
        shown = self._text[evidence.start : evidence.end]
        conditions = tuple(self._clauses(self._lists.condition, content))
        classes = {kind for kind in draft.classes if self._class_counts(kind, draft, evidence)}
        stance = judge(
            shown if draft.rule != "communique" else said,
            self._language,
            classes=classes - {"promise"} if draft.rule == "communique" else classes,
            conditions=[one.quote for one in conditions],
            hedged=draft.rule == "author",
        )
        if stance.value == 0 and (
            draft.rule in ("author", "signature") or (classes == {"call"} and not passage.quoted)
        ):
            return None
        dossier = self._reading.dossier
        track = dossier.track_of(said, self._language) or dossier.track_of(shown, self._language)
        quoted = any(q.overlaps(evidence) for q in passage.quoted)
        return Statement(
            speaker=draft.speaker.participant,
            mode="quote" if quoted else "paraphrase",
            issue=track or "relations",
            stance=stance.value,
            evidence=self._document.quote(evidence.start, evidence.end),
            content=self._document.quote(content.start, content.end),
            confidence=confidence_of(draft.rule),
            addressee=self._addressee(draft, evidence),
            stance_reason=stance.reason,
            conditions=conditions,
            time_claims=self._time_claims(passage, content),
            said_date=self._said_on(draft),
            cue=self._document.quote(draft.cue.start, draft.cue.end) if draft.cue is not None else None,
        )

    def _content(self, draft: _Draft, evidence: Span) -> Span:
        """What is said, without the reporting clause where it stands at one end."""
        clause = draft.reporting
        if draft.rule in ("inherited", "signature", "author", "communique"):
            return self._trimmed(evidence.start, evidence.end)
        if draft.rule == "back_reference" and evidence.start < draft.passage.span.start:
            return self._trimmed(evidence.start, draft.passage.span.start)
        before = self._trimmed(evidence.start, max(evidence.start + 1, min(clause.start, evidence.end)))
        begin = min(max(clause.end, evidence.start), evidence.end - 1)
        begin = min(self._past_asides(draft, begin, evidence.end), evidence.end - 1)
        match = _COMPLEMENT.match(self._text[begin : evidence.end])
        after = self._trimmed(begin + (match.end() if match else 0), evidence.end)
        aside = self._text[: clause.start].rstrip()[-1:] in (",", "—", "–") and self._text[clause.end] in ",—–"
        if aside and min(len(before), len(after)) >= 8 and draft.post:
            # "Le dialogue, a-t-il dit, reprendra": both halves are said.
            longer = max(before, after, key=len)
            return longer if len(longer) > 0.75 * len(evidence) else self._trimmed(evidence.start, evidence.end)
        first, second = (before, after) if draft.post else (after, before)
        if len(first) >= _CONTENT_MIN:
            return first
        return second if len(second) >= _CONTENT_MIN else self._trimmed(evidence.start, evidence.end)

    def _past_asides(self, draft: _Draft, begin: int, end: int) -> int:
        """Past whom and when it was said: "told reporters on Thursday that", "a déclaré mardi au Monde que"."""
        match = re.match(r"[^,;:«»“”\"—]{0,70}?(?=\b(?:that|que|qu['’]|что)(?!\w))", self._text[begin:end])
        if match is not None:
            return begin + match.end()
        for time in draft.passage.times:
            if begin <= time.evidence.start <= begin + 6 and time.evidence.end < end:
                return time.evidence.end
        return begin

    def _trimmed(self, start: int, end: int) -> Span:
        start = min(start, end - 1)
        a, b = start, end
        while a < b and self._text[a] in _TRIM:
            a += 1
        while b > a and self._text[b - 1] in _TRIM:
            b -= 1
        return Span(a, b) if a < b else Span(start, end)

    def _bears(self, draft: _Draft, evidence: Span) -> bool:
        """Whether it is about the relationship: it concerns the other side, both sides, or one and an issue."""
        own = set(draft.speaker.participant.side.split("+")) - {""}
        clause = draft.speaker
        named = {
            side
            for m in draft.passage.mentions
            if evidence.covers(m.span) and not (clause.start <= m.span.start < clause.end and not draft.post)
            for side in m.side.split("+")
            if side
        }
        own_side = bool(own & self._sides)
        others = self._sides - own if own_side else self._sides
        track = self._reading.dossier.track_of(self._text[evidence.start : evidence.end], self._language)
        if draft.rule in ("signature", "communique", "author"):
            return True
        if own >= self._sides:
            return True
        if own_side:
            thanked = draft.classes == {"welcome"} and bool(named - self._sides)
            return bool(named & others) or (not thanked and (bool(track) or self._in_context(draft, others)))
        if own & self._third and self._in_context(draft, self._sides):
            return bool(track)
        both = named >= self._sides
        return both or (bool(named & self._sides) and bool(track))

    def _in_context(self, draft: _Draft, others: frozenset[str] | set[str]) -> bool:
        """Whether the sentences around it are about the other side and an issue of the dossier."""
        i = draft.passage.index
        near = [p for p in self._reading.passages[max(0, i - 2) : i + 3] if p is not draft.passage]
        dossier = self._reading.dossier
        return any(any(m.side in others for m in p.mentions) and dossier.track_of(p.text, self._language) for p in near)

    def _is_event(self, draft: _Draft) -> bool:
        """Offers by a state, and what two of them declare together in a communiqué, are done rather than said."""
        if draft.passage.quoted:
            return False
        if draft.speaker.kind == "group" and self._publisher is not None:
            return True
        if draft.speaker.kind not in ("state", "city") or draft.cue is None:
            return False
        after = self._flat[draft.cue.end : draft.passage.span.end]
        return draft.classes <= {"propose"} or _WILLING.match(after) is not None

    def _class_counts(self, kind: str, draft: _Draft, evidence: Span) -> bool:
        """Blame counts against making up where it is laid on the other side of the pair."""
        if kind not in ("accuse", "warn", "threaten", "regret", "refuse"):
            return not draft.negated
        own = set(draft.speaker.participant.side.split("+"))
        others = self._sides - own
        start = draft.cue.start if draft.cue is not None else evidence.start
        return not draft.negated and any(
            m.side in others for m in draft.passage.mentions if m.span.start >= start and evidence.covers(m.span)
        )

    def _clauses(self, pattern: re.Pattern[str], content: Span) -> Iterator[Evidence]:
        """From each marker to the end of its clause."""
        last = -1
        for match in pattern.finditer(self._text, content.start, content.end):
            if match.start() < last:
                continue
            stop = re.compile(r"[,;.»”\"—]|\s–\s").search(self._text, match.end(), content.end)
            end = stop.start() if stop is not None else content.end
            while end > match.start() and self._text[end - 1] in _TRIM:
                end -= 1
            if end - match.start() >= 6:
                last = end
                yield self._document.quote(match.start(), end)

    def _time_claims(self, passage: Passage, content: Span) -> tuple[Evidence, ...]:
        found = [
            Span(m.start(), m.end()) for m in self._lists.time_claim.finditer(self._text, content.start, content.end)
        ]
        for time in passage.times:
            span = time.evidence.span
            if (
                (time.type == "DURATION" or time.value in ("FUTURE_REF", "PAST_REF"))
                and content.covers(span)
                and not any(span.overlaps(one) for one in found)
            ):
                found.append(span)
        found.sort(key=lambda span: span.start)
        return tuple(self._document.quote(span.start, span.end) for span in found)

    def _said_on(self, draft: _Draft) -> EventDate | None:
        """The day in the reporting clause: between speaker and verb, or next to either."""
        if self._publisher is not None or draft.rule == "signature":
            # A body's own communiqué, or a signed statement, is made on the day it appears.
            day = self._document.published
            return EventDate.of(day.isoformat(), "publication") if day is not None else None
        if draft.rule in ("inherited", "author") or draft.cue is None:
            return None
        clause = draft.reporting
        best: TimeExpression | None = None
        for time in draft.passage.times:
            if time.type not in ("DATE", "TIME") or not re.match(r"\d{4}-\d\d-\d\d", time.value):
                continue
            span = time.evidence.span
            if clause.covers(span):
                best = time
                break
            if span.end <= clause.start:
                gap = self._text[span.end : clause.start]
                if re.fullmatch(r"[\s,]*(?:(?:le|la|l['’]|the|а|и|и,)\s*)?", gap):
                    best = best or time
            else:
                gap = flat(self._text[clause.end : span.start]).strip()
                after = self._flat[span.end : span.end + 8]
                if len(gap) > 60 or re.search(r"[,;:«»“”\"]|\b(?:que|qu'|that|что)\b", gap):
                    continue
                if self._aside(gap) or _THAT.match(after):
                    best = best or time
        if best is None:
            return None
        return EventDate.of(best.value[:10], best.basis)

    def _aside(self, gap: str) -> bool:
        """Words that lead from a verb of speech to its day: "told reporters on", "в интервью", "dans un entretien"."""
        words = gap.split()
        small = {"on", "in", "at", "le", "ce", "dans", "lors", "à", "в", "во", "на", "late", "early", "reporters", "to"}
        return not words or words[0] in small or all(self._may_stand_between(word) for word in words)

    def _addressee(self, draft: _Draft, evidence: Span) -> Participant | None:
        """Who is told, urged or blamed: the party right after such a verb."""
        if draft.cue is None or not draft.classes & {"say", "accuse", "urge", "warn", "threaten", "welcome"}:
            return None
        lead = re.compile(
            r"\s*(?:à|au|aux|on|upon|for|to|against|with|в|к|с)?\s*(?:la|le|les|l['’]|the)?\s*", re.IGNORECASE
        )
        end = draft.cue.end
        for time in draft.passage.times:
            if 0 < time.evidence.start - end < 4:
                end = time.evidence.end
        match = lead.match(self._text, end)
        at = match.end() if match else end
        bare = not match or not match.group().strip() or match.group().strip().lower() in ("the", "la", "le", "les")
        if draft.classes == {"say"} and bare and flat(self._text[draft.cue.start : end]).split()[0] not in _TELL:
            return None
        for mention in draft.passage.mentions:
            whole = mention.whole or mention.span
            if whole.start == at and evidence.covers(mention.span) and mention.kind != "people":
                inside = draft.speaker.start <= mention.span.start < draft.speaker.end
                if not inside and mention.side and mention.kind != "city":
                    return mention.participant(self._document)
        return None
