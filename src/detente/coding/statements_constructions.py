"""Speech that no verb of saying with its subject reports: headings, views by the way, agents, those who go unnamed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from detente.coding.names_lexicon import flat
from detente.coding.passages import Mention, Passage
from detente.coding.statements_lexicon import ReportingVerb
from detente.coding.statements_sentences import Draft, Sentences, Speaker
from detente.terms import Participant, Span

_HEADING = 120
"""Characters of what may stand before the colon of a heading: "Le message de Moscou est clair :"."""
_SAID = 15
_AGENT = 70
_QUOTED_WORDS = 3
_SPACE = 3
_LEAD = 28
"""Characters of the least that is said before its verb."""
_JUDGING = frozenset(("accuse", "believe", "call", "deny", "fear", "regret", "warn", "welcome"))
"""Classes of verbs whose participle tells somebody's view: "une version démentie par X", "a move hailed by X"."""


class Constructions(Sentences):
    """Adds to the sentences' verbs what is said in other ways."""

    def _others(self, passage: Passage, speakers: Sequence[Speaker], drafts: Sequence[Draft]) -> Iterator[Draft]:
        yield from self._heading(passage, speakers, drafts)
        yield from self._in_whose_view(passage, speakers)
        yield from self._judged_by(passage, speakers)
        yield from self._narrative(passage, speakers)
        yield from self._after_quotation(passage, speakers, drafts)
        yield from self._before_quotation(passage, speakers, drafts)
        yield from self._closing_verb(passage, speakers, drafts)

    # Without a verb of saying

    def _heading(self, passage: Passage, speakers: Sequence[Speaker], drafts: Sequence[Draft]) -> Iterator[Draft]:
        """ "Mise en garde de X : …", "X's message was blunt: …", "L'argument de X est que …"."""
        begin = passage.span.start
        for match in self._pattern("heading_end").finditer(self._text, begin, passage.span.end):
            clause = Span(max(begin, self._text.rfind(";", begin, match.start()) + 1), match.start())
            told = any(d.cue is not None and clause.covers(d.cue) for d in drafts)
            inside = any(q.start < match.start() < q.end for q in passage.quoted)
            if told or inside or len(clause) > _HEADING or passage.span.end - match.end() < _SAID:
                continue
            for noun in self._lists.said_noun.finditer(self._flat, clause.start, clause.end):
                speaker = next(
                    (s for s in speakers if clause.covers(Span(s.start, s.end)) and self._whose(noun, s)), None
                )
                if speaker is not None:
                    cue = Span(noun.start(), noun.end())
                    clause = Span(min(cue.start, speaker.start), match.start())
                    yield Draft(passage, speaker, "colon", clause, cue, False, {noun.lastgroup or "say"})
                    return

    def _whose(self, noun: re.Match[str], speaker: Speaker) -> bool:
        """Whether a noun of saying is a speaker's: "la réponse de X", "X's reply", «ответ X»."""
        if speaker.start > noun.end():
            between = self._flat[noun.end() : speaker.start]
            if self._traits.inflected and not between.strip():
                return not self._nominative(speaker) or speaker.kind in ("institution", "state", "city")
            return self._pattern("whose_word").fullmatch(between) is not None
        between = self._flat[speaker.end : noun.start()]
        return speaker.end <= noun.start() and self._pattern("whose_owner").fullmatch(between) is not None

    def _in_whose_view(self, passage: Passage, speakers: Sequence[Speaker]) -> Iterator[Draft]:
        """ "…, pour qui un tel accord …", ", in whose view …": what follows is the view of whoever stands before."""
        for match in self._pattern("in_whose_view").finditer(self._flat, passage.span.start, passage.span.end):
            if any(q.start <= match.start() < q.end for q in passage.quoted):
                continue
            speaker = next((s for s in reversed(speakers) if 0 <= match.start() - s.end <= 1), None)
            if speaker is not None and speaker.kind != "group":
                cue = Span(match.start(), match.end())
                yield Draft(passage, speaker, "according", Span(speaker.start, cue.end), cue, False, {"believe"})

    def _judged_by(self, passage: Passage, speakers: Sequence[Speaker]) -> Iterator[Draft]:
        """ "une version démentie par X", "the loan, hailed by X as …": an agent behind a participle."""
        w = self._words
        hi = bisect_left(w.starts, passage.span.end)
        for k in range(bisect_left(w.starts, passage.span.start) + 1, hi):
            found = [verb for verb in self._lists.verbs.at(w, k) if verb.kind in _JUDGING and verb.form != "gerund"]
            found = [verb for verb in found if verb.lemma not in self._lists.verbs.beside_words]
            if not found or any(q.start <= w.starts[k] < q.end for q in passage.quoted):
                continue
            verb = found[0]
            if (self._traits.verbs == "romance") != (verb.form == "participle") or self._negated(verb):
                continue
            if self._ends_treaty(passage, verb):
                continue
            end = w.ends[verb.end - 1]
            for speaker in speakers:
                lead = self._flat[end : speaker.start]
                agent = self._pattern("by_agent").search(lead) if end < speaker.start < end + _AGENT else None
                if agent is None or re.search(r"[,;:]", lead) or self._pattern("that_inside").search(lead):
                    continue
                if self._traits.verbs == "english" and lead[: agent.start()].strip():
                    continue
                cue = Span(w.starts[k], end)
                yield Draft(passage, speaker, "verb_phrase", Span(cue.start, speaker.end), cue, True, {verb.kind})
                break

    def _narrative(self, passage: Passage, speakers: Sequence[Speaker]) -> Iterator[Draft]:
        """ "Et X d'ajouter que …", "Et d'ajouter : …": an infinitive that tells."""
        start = passage.span.start
        alone = self._pattern("narrative_alone").match(self._flat, start, passage.span.end)
        kind = self._lists.verbs.infinitives.get(alone.group("verb")) if alone is not None else None
        if alone is not None and kind is not None and self._last is not None and passage.index - self._last_at <= 1:
            cue = Span(start, alone.end())
            yield Draft(passage, self._last, "verb_that", cue, cue, False, {kind})
        for speaker in speakers:
            match = self._pattern("narrative").match(self._flat, speaker.end)
            kind = self._lists.verbs.infinitives.get(match.group("verb")) if match is not None else None
            lead = self._flat[passage.span.start : speaker.start].split()
            opens = not lead or lead[-1] in self._list("joins_verbs") or lead[-1][-1] in ";,"
            if match is None or kind is None or not opens or match.end() > passage.span.end:
                continue
            cue = Span(speaker.end + 1, match.end())
            yield Draft(passage, speaker, "verb_that", Span(speaker.start, cue.end), cue, False, {kind})

    def _after_quotation(
        self, passage: Passage, speakers: Sequence[Speaker], drafts: Sequence[Draft]
    ) -> Iterator[Draft]:
        """ "« … », s'est étranglé X", "“…,” X deadpanned": between a quotation and a speaker any verb reports it."""
        for quote in passage.quoted:
            if any(d.cue is not None and d.cue.end > quote.end for d in drafts):
                return
            if len(self._text[quote.start : quote.end].split()) < _QUOTED_WORDS:
                continue
            match = self._pattern("after_quotation").match(self._flat, quote.end, passage.span.end)
            if match is None:
                continue
            cue = Span(match.start("verb"), match.end("verb"))
            verb = ReportingVerb(bisect_left(self._words.starts, cue.start), 0, "say", "finite", "")
            verb = replace(verb, end=bisect_left(self._words.starts, cue.end))
            speaker = self._right(passage, verb, speakers)
            if speaker is not None and (self._nominative(speaker) and not self._is_object(speaker)):
                clause = Span(cue.start, speaker.end)
                yield Draft(passage, speaker, "quote_verb", clause, cue, True, {"say"})
                return

    def _before_quotation(
        self, passage: Passage, speakers: Sequence[Speaker], drafts: Sequence[Draft]
    ) -> Iterator[Draft]:
        """ "He ended in English: “Next time in Moscow.”": whoever opens a sentence whose colon a quotation follows."""
        colon = re.compile(r"\s?:\s?[«“\"„]").search(self._text, passage.span.start, passage.span.end)
        if (
            drafts
            or colon is None
            or not any(q.start - colon.end() < _SPACE for q in passage.quoted if q.end > colon.end())
        ):
            return
        opening = Span(passage.span.start, colon.start())
        if len(opening) > _HEADING or re.search(r"[;:«“\"]", self._text[opening.start : opening.end]):
            return
        first = next((s for s in speakers if opening.covers(Span(s.start, s.end))), None)
        if first is None or first.kind not in ("person", "role", "pronoun", "anonymous", "institution"):
            return
        led = self._text[opening.start : first.start].strip()
        if (led and led[-1] != ",") or self._is_object(first) or not self._nominative(first):
            return
        yield Draft(passage, first, "quote_verb", Span(first.start, opening.end), None, False, {"say"})

    def _closing_verb(self, passage: Passage, speakers: Sequence[Speaker], drafts: Sequence[Draft]) -> Iterator[Draft]:
        """ "…, a grincé lundi X.": behind a comma a past tense whose subject closes the sentence tells who said so."""
        if drafts or not speakers:
            return
        last = speakers[-1]
        if re.search(r"\w", self._text[last.end : passage.span.end]) or last.kind in ("people", "state"):
            return
        for match in self._pattern("closing_verb").finditer(self._flat, passage.span.start + _LEAD, last.start):
            if any(q.start <= match.start() < q.end for q in passage.quoted):
                continue
            gap = self._without_times(passage, match.end(), last.start)
            cue = Span(match.start("verb"), match.end("verb"))
            if len(gap.split()) <= 2 and all(self._small(word) for word in flat(gap).split()):
                if not self._is_object(last) and self._nominative(last):
                    yield Draft(passage, last, "verb_that", Span(cue.start, last.end), cue, True, {"say"})
                return

    # Who goes unnamed

    def _unnamed(self, passage: Passage, known: list[Speaker]) -> list[Speaker]:
        """Adds "son hôte", "his counterpart" and "le démocrate", "the Republican" with whom they mean."""
        for pattern, find in ((self._lists.counterpart, self._other), (self._lists.epithet, self._topical)):
            for match in pattern.finditer(self._flat, passage.span.start, passage.span.end):
                span = Span(match.start(), match.end())
                titled = self._text[span.end : span.end + 2].strip()[:1].isupper()  # "le démocrate X"
                if titled or any(q.covers(span) for q in passage.quoted):
                    continue
                meant = find(passage, span.start)
                if meant is None or any(
                    s.participant.entity and s.start < span.end and span.start < s.end for s in known
                ):
                    continue
                evidence = self._document.quote(span.start, span.end)
                party = replace(meant, evidence=evidence)
                known = [s for s in known if s.end <= span.start or span.end <= s.start]
                known.append(Speaker(party, span.start, span.end, "person"))
        return known

    def _people_before(self, passage: Passage, start: int, back: int) -> list[Mention]:
        near = self._reading.passages[max(0, passage.index - back) : passage.index + 1]
        return [m for p in near for m in p.mentions if m.kind in ("person", "role", "pronoun") and m.span.end <= start]

    def _topical(self, passage: Passage, _start: int) -> Participant | None:
        """Whom the sentence before is about: who spoke in it, else its first person."""
        last = self._last
        if last is not None and last.kind in ("person", "role", "pronoun") and passage.index - self._last_at <= 1:
            return last.participant
        if not passage.index:
            return None
        before = self._speakers(self._reading.passages[passage.index - 1])
        people = [s for s in before if s.kind in ("person", "role")]
        first = next((s for s in people if not self._is_object(s) and self._nominative(s)), None)
        first = first or next(iter(people), None)
        return first.participant if first is not None else None

    def _other(self, passage: Passage, start: int) -> Participant | None:
        """The other one of two who met: a person of another side than whom the words before are about."""
        here = [m for m in self._people_before(passage, start, 0) if m.side]
        topic = here[0].participant(self._document) if here else self._topical(passage, start)
        if topic is None or not topic.side:
            return None
        others = [m for m in self._people_before(passage, start, 8) if m.side and m.name != topic.name]
        others = [m for m in reversed(others) if m.side != topic.side]
        pair = set(self._reading.dossier.dyad.sides)
        meant = next((m for m in others if m.side in pair), next(iter(others), None))
        return meant.participant(self._document) if meant is not None else None
