"""What was said about the relationship, by whom, with the sentence that reports it.

A statement is found where a verb or phrase of speech has a speaker. Two speakers of one statement ("Washington et
Moscou disent …") are given as one participant whose name joins both and whose side is both codes joined by "+".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from detente.coding.confidence import calibrated
from detente.coding.leaning import is_learned, loudest, shares_of
from detente.coding.names_lexicon import flat
from detente.coding.passages import Mention, Passage, Reading
from detente.coding.polarity import touches
from detente.coding.reading import wholly_quoted
from detente.coding.stance import Stance, judge
from detente.coding.statements_constructions import Constructions
from detente.coding.statements_lexicon import (
    confidence_of,
)
from detente.coding.statements_sentences import Draft, Speaker
from detente.coding.turns import turns
from detente.coding.voice import Voice
from detente.coding.weighing import Signs, noticed, weigh
from detente.terms import Doubt, Entity, EventDate, Evidence, Participant, Span, Statement, TimeExpression

_TRIM = " \t\n\u00a0\u202f,;:—–-\"«»“”„'’"
# Share of sentences that name a side from which a text counts as about it. On 84 English reports of an election
# campaign (PolNeAR, development part) 0.15 leaves 19 statements on Russia and the United States, 0.05 leaves 23 and
# 0 leaves 109 (counted before third states were heard at _TOUCHED); on our own gold nothing is lost at 0.15.
_ABOUT = 0.15
# Share of sentences that name each side from which the whole text is taken to be about the pair.
_MOSTLY = 0.3
# Share of sentences that name each side from which a third state's word to one of them counts.
_TOUCHED = 0.15
# Sentences of a brief, every one of which is taken to be on the pair unless it names another state.
_BRIEF = 6
# Characters of an adverb between a verb and "that".
_ADVERB = 16
_CONTENT_MIN = 12
_WORD_MIN = 40
# Characters of the shortest sentence that a text says in its own voice: "The world will hold them accountable."
_OWN_MIN = 30
# Words from which a sentence of a transcript says more than a greeting or an assent.
_TURN_MIN = 6
# Words from which an answer to the press does, where the whole text is about the pair.
_ANSWER_MIN = 4


def find_statements(reading: Reading) -> tuple[Statement, ...]:
    """Statements about the relationship of the dossier's two sides, in text order.

    One for each speaker and reporting sentence; what someone says about anything else is left out.
    """
    return tuple(told.statement for told in read_statements(reading))


@dataclass(frozen=True, slots=True)
class Told:
    """A statement, and of what kinds its reporting verbs are ("accuse", "propose").

    Attributes:
        passage: Number of the passage whose verb reports it.
        negated: All the verbs are denied: "did not threaten".
        signs: What its stance is weighed by.
    """

    statement: Statement
    kinds: frozenset[str]
    passage: int
    negated: bool
    signs: Signs


def read_statements(reading: Reading) -> tuple[Told, ...]:
    """Read the statements with what the coder knows of how they were made."""
    return tuple(_weighed(list(_Finder(reading).run()), reading.document.language)) if reading.passages else ()


def _weighed(told: Sequence[Told], language: str) -> Iterator[Told]:
    """The statements of a text with the stance that they have all told."""
    signs = weigh([one.signs for one in told]) if is_learned(language) else [one.signs.sign for one in told]
    for one, sign in zip(told, signs, strict=True):
        statement = one.statement
        seen = one.signs.seen
        courteous = not sign and {"readout", "silent"} <= seen
        sign = 1 if courteous else sign
        if sign == one.signs.sign or "settled" in seen:
            yield one
            continue
        why = "[readout]" if courteous else f"[weighed] {loudest(one.signs.text, language, sign) or 'neutral words'}"
        shown = f"{why} {sign:+d}"
        reason = "; ".join(filter(None, (statement.stance_reason, shown)))
        stance = Stance(sign, reason)
        doubts = tuple(doubt for doubt in statement.doubts if doubt != "stance") + _stance_doubts(stance)
        yield replace(one, statement=replace(statement, stance=sign, stance_reason=reason, doubts=doubts))


def _doubts(draft: Draft, stance: Stance) -> tuple[Doubt, ...]:
    """What the sentence itself does not settle: who speaks, where it does not name them, and which way."""
    doubts: list[Doubt] = []
    if draft.rule in ("inherited", "communique") or draft.speaker.kind in ("pronoun", "role", "anonymous"):
        doubts.append("speaker")
    return (*doubts, *_stance_doubts(stance))


def _stance_doubts(stance: Stance) -> tuple[Doubt, ...]:
    weights = [int(found) for found in re.findall(r" ([+-]?\d)(?:;|$)", stance.reason)]
    return ("stance",) if not weights or (max(weights) > 0 > min(weights)) else ()


class _Finder(Constructions):
    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self._sides = frozenset(reading.dossier.dyad.sides)
        self._third = frozenset(reading.dossier.third_parties)
        self._borne: dict[str, int] = {}
        self._whole = wholly_quoted(self._text, [one.span for one in reading.passages])

    def run(self) -> Iterator[Told]:
        drafts: dict[int, list[Draft]] = {}
        author = self._author()
        signature = self._signature() or self._signed_by_publisher()
        for passage in self._reading.passages:
            if passage.heading:
                continue
            found = self._own_attitudes(passage, self._passage(passage))
            for draft in found:
                self._by_last_speaker(draft)
            if self._publisher is not None:
                # What names nobody of the pair is left to the body that publishes it.
                found = [d for d in found if self._bears(d, d.evidence or passage.span)]
            if found:
                drafts[passage.index] = found
                self._last, self._last_at = found[-1].speaker, passage.index
        self._inherit(drafts, signature)
        if signature is not None and self._publisher is not None and self._voice is not None:
            self._told_facts(drafts, self._voice)
        self._dashes(drafts)
        if author is not None:
            self._author_views(drafts, author)
        elif self._publisher is None and not self._whole:
            self._own_views(drafts, self._closing_author())
        self._joint_text(drafts)
        self._communique(drafts)
        self._join_quotations(drafts)
        self._turns(drafts)
        for index in sorted(drafts):
            for draft in drafts[index]:
                told = self._statement(draft)
                if told is not None:
                    yield told

    def _own_attitudes(self, passage: Passage, found: list[Draft]) -> list[Draft]:
        """What a body's text says that one of its own people believes or stands for ("is committed to"): its word.

        "The President underscored" reports what he said, "the President believes" speaks for him.
        """
        voice = self._voice
        if voice is None or voice.joint or passage.quoted:
            return found
        kept = []
        for draft in found:
            own = draft.speaker.kind in ("person", "role", "pronoun") and draft.speaker.participant.side == voice.side
            signer = voice.signer is not None and self._is_signer(draft.speaker.participant, voice.signer)
            told = draft.cue is None or not self._lists.attitude_held.match(self._flat, draft.cue.start)
            if not own or signer or draft.post or told:
                kept.append(draft)
                continue
            start = passage.span.start
            kind = "person" if voice.signer is not None else "institution"
            speaker = Speaker(voice.speaker(self._language), start, start, kind)
            kept.append(replace(draft, speaker=speaker, rule="communique", classes={"promise"}))
        return kept

    @staticmethod
    def _is_signer(one: Participant, signer: Participant) -> bool:
        return bool(one.entity and one.entity == signer.entity) or one.name == signer.name

    # Several sentences

    def _inherit(self, drafts: dict[int, list[Draft]], signature: Speaker | None) -> None:
        """Sentences of one quotation have one speaker; so has a quotation right after a sentence with a speaker."""
        passages = self._reading.passages
        by_quote: dict[Span, Speaker] = {}
        for index, found in drafts.items():
            for quote in passages[index].quoted:
                by_quote.setdefault(quote, found[-1].speaker)
        for passage in passages:
            if passage.index in drafts or not (passage.quoted or (self._whole and signature is not None)):
                continue
            covered = sum(min(q.end, passage.span.end) - max(q.start, passage.span.start) for q in passage.quoted)
            if self._whole:
                covered = len(passage.span)
            if covered < 0.6 * len(passage.span):
                continue
            speaker = next((by_quote[q] for q in passage.quoted if q in by_quote), None)
            rule = "inherited"
            if speaker is None and signature is not None:
                speaker, rule = signature, "signature"
            before = passages[passage.index - 1] if passage.index else None
            same = before is not None and before.paragraph == passage.paragraph
            beside = drafts.get(before.index) if before is not None and same else None
            if speaker is None and beside:
                speaker = beside[-1].speaker
                for quote in passage.quoted:
                    by_quote.setdefault(quote, speaker)
            if speaker is None and covered > 0.9 * len(passage.span) - 3 and len(passage.span) > 40:
                # A paragraph that is all quotation, of whoever spoke shortly before.
                near = [d for i in range(max(0, passage.index - 3), passage.index) for d in drafts.get(i, ())]
                if near and near[-1].speaker.kind in ("person", "role", "pronoun"):
                    speaker = near[-1].speaker
                    for quote in passage.quoted:
                        by_quote.setdefault(quote, speaker)
            if speaker is None and before is not None and same and passage.quoted and before.index not in drafts:
                # "The minister was blunt. “…”"
                speaker = self._introduced(before)
            if speaker is not None:
                drafts[passage.index] = [Draft(passage, speaker, rule, passage.span, None, False, {"say"})]

    def _told_facts(self, drafts: dict[int, list[Draft]], voice: Voice) -> None:
        """Leave out what a statement in full marks only tells ("Peru has released them") without judging it."""
        for index, found in drafts.items():
            told = [d for d in found if d.rule == "signature"]
            if not told:
                continue
            span = told[0].passage.span
            valued = self._lists.valued.search(self._flat, span.start, span.end) is not None
            if not valued and self._own_cue(told[0].passage, voice) is None:
                drafts[index] = [d for d in found if d.rule != "signature"]

    def _own_cue(self, passage: Passage, voice: Voice) -> Span | None:
        """What makes a sentence in nobody's name the word of the body that publishes it."""
        return (
            self._judged(passage)
            or self._avowed(passage, voice)
            or self._charged(passage, voice)
            or self._valued(passage, voice)
        )

    def _introduced(self, before: Passage) -> Speaker | None:
        """Whom a sentence is about that opens on a quotation: its first subject, where that is the only person."""
        people = [s for s in self._speakers(before) if s.kind in ("person", "role", "pronoun")]
        if len(people) != 1 or people[0].start - before.span.start > 4 or before.quoted:
            return None
        return people[0] if self._nominative(people[0]) else None

    def _dashes(self, drafts: dict[int, list[Draft]]) -> None:
        """«– …, – отметил X. – …»: what follows another dash in one paragraph is still said by X."""
        passages = self._reading.passages
        spoken = -1
        for passage in passages:
            opens = re.match(r"[–—]\s", self._text[passage.span.start : passage.span.end]) is not None
            first = not passage.index or passages[passage.index - 1].paragraph != passage.paragraph
            spoken = passage.paragraph if opens and first else spoken
            if first or not opens or spoken != passage.paragraph or drafts.get(passage.index):
                continue
            before = drafts.get(passage.index - 1)
            if before and before[-1].speaker.kind != "group":
                speaker = before[-1].speaker
                drafts[passage.index] = [Draft(passage, speaker, "inherited", passage.span, None, False, {"say"})]

    def _join_quotations(self, drafts: dict[int, list[Draft]]) -> None:
        """Sentences of one quotation are one statement, reported by the sentence that names the speaker."""
        passages = self._reading.passages
        for index in sorted(drafts):
            found = drafts[index]
            if index == 0 or len(found) != 1 or not passages[index].quoted:
                continue
            before = drafts.get(index - 1, [])
            # The quotation that goes on from the sentence before.
            shared = passages[index].quoted[0]
            if len(before) != 1 or shared not in passages[index - 1].quoted:
                continue
            one, other = before[0], found[0]
            if one.speaker.key != other.speaker.key or "signature" in (one.rule, other.rule):
                continue
            start = (one.evidence or one.passage.span).start
            end = (other.evidence or other.passage.span).end
            kept = other if one.rule == "inherited" else one
            kept.evidence = Span(start, end)
            kept.classes |= one.classes | other.classes
            drafts[index - 1], drafts[index] = [], [kept]

    def _signature(self) -> Speaker | None:
        """Who signs the whole text: its last line is a dash, a title and a name."""
        passage = self._reading.passages[-1]
        people = [m for m in passage.mentions if m.kind == "person"]
        if len(people) != 1 or len(passage.span) > 120:
            return None
        whole = people[0].whole or people[0].span
        line = self._text[self._text.rfind("\n", 0, passage.span.start) + 1 : passage.span.end]
        if line.strip(" \u00a0—–-\n.") != self._text[whole.start : whole.end] or not re.match(r"\s*[—–-]", line):
            return None
        return Speaker(people[0].participant(self._document), whole.start, whole.end, "person")

    def _signed_by_publisher(self) -> Speaker | None:
        """A statement given in full on a body's own site, in marks from its first word to its last."""
        if self._publisher is None or not self._whole:
            return None
        return Speaker(self._body(self._publisher), 0, 0, "institution")

    def _body(self, entity: Entity) -> Participant:
        return Participant(entity.id, entity.name_in(self._language), entity.stands_for or entity.side)

    def _joint_text(self, drafts: dict[int, list[Draft]]) -> None:
        """A text that two sides sign: "We, the Presidents of …" speaks to its end, a preamble in its participles."""
        first = self._reading.passages[0]
        lead = [m for passage in self._reading.passages[:2] for m in passage.mentions]
        sides = {m.side for m in lead} & self._sides
        signed = self._lists.we.match(first.text) is not None
        if len(sides) < 2 or (self._voice is not None and self._voice.several):
            return
        name = f" {self._and} ".join(self._reading.state_name(side) for side in sorted(sides))
        both = Participant("", name, "+".join(sorted(sides)))
        for passage in self._reading.passages:
            opens = self._lists.preamble.match(passage.text) is not None
            if not (signed or opens):
                continue
            start = passage.span.start
            speaker = Speaker(both, start, start, "group")
            drafts[passage.index] = [Draft(passage, speaker, "signature", passage.span, None, False, {"say"})]

    def _turns(self, drafts: dict[int, list[Draft]]) -> None:
        """A transcript: what touches the relationship is the word of whoever has the turn."""
        for turn in turns(self._reading):
            drafts[turn.passage.index] = []
            said = self._flat[turn.said.start : turn.said.end]
            answer = turn.asked and turn.speaker.side in self._sides and self._is_about(self._sides, _TOUCHED)
            if len(said.split()) < (_ANSWER_MIN if answer else _TURN_MIN) or self._lists.courtesy.match(said):
                continue
            if not answer and self._lists.turn_fact.search(said) and not self._lists.turn_view.search(said):
                continue  # "Last year trade grew by 17 per cent"
            others = self._sides - {turn.speaker.side}
            named = any(m.side in others and m.span.start >= turn.said.start for m in turn.passage.mentions)
            if named or answer or self._lists.turn_topic.search(said):
                speaker = Speaker(turn.speaker, turn.label.start, turn.label.end, "person")
                drafts[turn.passage.index] = [
                    Draft(turn.passage, speaker, "turn", turn.said, None, False, {"say"}, evidence=turn.said)
                ]

    def _author(self) -> Speaker | None:
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
                    return Speaker(mention.participant(self._document), whole.start, whole.end, "author")
        return None

    def _author_views(self, drafts: dict[int, list[Draft]], author: Speaker) -> None:
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
            drafts[passage.index] = [Draft(passage, author, "author", passage.span, cue, False, set())]

    def _closing_author(self) -> Speaker | None:
        """Whom a text's last line introduces: "X est chercheuse …", "X is a fellow at …", "X, politiste"."""
        last = self._reading.passages[-1]
        people = [m for m in last.mentions if m.kind == "person"]
        if not people or not last.index or last.quoted or not last.mentions:
            return None
        first = people[0]
        alone = self._reading.passages[-2].paragraph < last.paragraph and first.span.start == last.span.start
        if not alone or not self._lists.byline.match(self._flat, first.span.end, last.span.end):
            return None
        return Speaker(first.participant(self._document), first.span.start, first.span.end, "author")

    def _own_views(self, drafts: dict[int, list[Draft]], closing: Speaker | None) -> None:
        """What the writer of an analysis says in the first person, and goes on saying to the end of the paragraph."""
        paragraph = -1
        for passage in self._reading.passages:
            span = passage.span
            match = self._lists.own_view.search(self._flat, span.start, span.end)
            if match is not None and any(q.start <= match.start() < q.end for q in passage.quoted):
                match = None
            if match is not None:
                paragraph = passage.paragraph
            told = any(re.match(r"\d{4}-\d\d", time.value) for time in passage.times)
            if paragraph != passage.paragraph or drafts.get(passage.index) or len(span) < _WORD_MIN:
                continue
            if match is None and (closing is None or told or passage.text.endswith("?")):
                continue
            cue = Span(match.start(), match.end()) if match is not None else None
            who = closing or Speaker(Participant("", self._lists.author_name, ""), span.start, span.start, "author")
            drafts[passage.index] = [Draft(passage, who, "author", span, cue, False, set())]

    def _communique(self, drafts: dict[int, list[Draft]]) -> None:
        """What a text on a body's own site says in nobody's name: it is the word of who signs it, or of the body."""
        voice = self._reading.voice
        named = {side for passage in self._reading.passages for m in passage.mentions for side in m.side.split("+")}
        if voice is None or not self._sides <= named | {voice.side}:
            return
        said = voice.speaker(self._language)
        kind = "person" if voice.signer is not None else "institution"
        if voice.signer is not None and not voice.signer.entity and f" {self._and} " in voice.signer.name:
            kind = "group"
        if voice.joint and voice.side in self._sides:
            name = f" {self._and} ".join(self._reading.state_name(side) for side in sorted(self._sides))
            said, kind = Participant("", name, "+".join(sorted(self._sides))), "group"
        for passage in self._reading.passages:
            listed = passage.heading or self._is_item(passage)
            if drafts.get(passage.index) or len(passage.span) < _OWN_MIN or listed:
                continue
            if voice.signer is not None and kind == "group" and not self._names_other(passage, voice):
                continue  # a joint text with somebody else: what it says of the other side of the pair
            # What two governments undertake together is done, and an event.
            cue = self._judged(passage) if voice.joint else self._own_cue(passage, voice)
            if cue is None:
                continue
            states = [m for m in passage.mentions if self._is_state(m) and m.span.start <= cue.start]
            speaker = Speaker(said, passage.span.start, passage.span.start, kind)
            own_state = len(states) == 1 and states[0].side == said.side
            if own_state and (kind == "institution" or (kind == "person" and self._binds(states[0], cue, passage))):
                span = states[0].span
                speaker = Speaker(states[0].participant(self._document), span.start, span.end, "state")
            classes = {"say" if kind == "group" else "promise"}
            drafts[passage.index] = [Draft(passage, speaker, "communique", passage.span, cue, False, classes)]

    def _is_item(self, passage: Passage) -> bool:
        """Whether a passage is a point of a list that goes on from the words before it: "– voted to …"."""
        return passage.text.lstrip("-–—•* \u00a0")[:1].islower()

    @staticmethod
    def _is_state(mention: Mention) -> bool:
        """A state, or its government by that name."""
        entity = mention.entity
        return mention.kind == "state" or (entity is not None and entity.id.startswith("government-"))

    def _names_other(self, passage: Passage, voice: Voice) -> bool:
        return any(set(m.side.split("+")) & (self._sides - {voice.side}) for m in passage.mentions)

    def _binds(self, state: Mention, cue: Span, passage: Passage) -> bool:
        """ "The United States remains committed to", in a text that a person signs: the state's own word."""
        opens = len(self._text[passage.span.start : state.span.start].split()) <= 1
        return opens and (
            self._lists.undertaking.match(self._text, cue.start) is not None
            or self._lists.avowed.match(self._flat, state.span.end, passage.span.end) is not None
        )

    def _judged(self, passage: Passage) -> Span | None:
        """What is undertaken, judged or expected."""
        joint = self._reading.voice is not None and self._reading.voice.joint
        match = None if joint else self._lists.undertaking.search(self._text, passage.span.start, passage.span.end)
        if match is not None and self._lists.narrated.search(self._flat, passage.span.start, match.start()):
            match = None
        if match is None:
            match = self._lists.judged.search(self._flat, passage.span.start, passage.span.end)
        if match is None and self._lists.author_topic.search(passage.text.lower()):
            match = self._lists.prospect.search(self._flat, passage.span.start, passage.span.end)
        return Span(match.start(), match.end()) if match is not None else None

    def _avowed(self, passage: Passage, voice: Voice) -> Span | None:
        """ "I condemn", "we remain ready", "the United States stands with": said by saying it."""
        told = 0
        for mention in passage.mentions:
            if mention.side != voice.side or any(q.covers(mention.span) for q in passage.quoted):
                continue
            if self._text[mention.span.end : mention.span.end + 2] in ("'s", "’s"):
                continue
            own = mention.kind == "pronoun" and self._lists.first_person.match(mention.text) is not None
            pattern = {
                # "He", "she": one of its officials
                "pronoun": self._lists.avowed if own else self._lists.pursued,
                "state": self._lists.avowed,
                "institution": self._lists.avowed,
                "person": self._lists.pursued,
                "role": self._lists.pursued,
            }.get(mention.kind)
            match = pattern.match(self._flat, mention.span.end, passage.span.end) if pattern else None
            if match is None:
                continue
            if mention.span.start < told:
                continue
            if self._lists.narrated.match(self._flat, match.end(), passage.span.end):
                # "The United States is announcing today that we will …": to the end of its clause
                clause = self._lists.clause.search(self._flat, match.end(), passage.span.end)
                told = clause.start() if clause is not None else passage.span.end
                continue
            if not own and not self._predicates(match, passage):
                continue
            return Span(mention.span.start, match.end())
        alone = self._lists.avowed_alone.search(self._flat, passage.span.start, passage.span.end)
        if alone is None or any(q.start <= alone.start() < q.end for q in passage.quoted):
            return None
        return Span(alone.start(), alone.end())

    def _predicates(self, match: re.Match[str], passage: Passage) -> bool:
        """Whether a state or body is the subject of what it avows: not "U.S. support", nor what it is going to do.

        "The United States will help restore access" is told; "will never accept", "will stand by" is avowed.
        """
        last = match.group().split()[-1]
        if last in self._list("modal"):
            return self._lists.resolved.match(self._flat, match.end(), passage.span.end) is not None
        return last not in self._list("noun_or_verb")

    def _charged(self, passage: Passage, voice: Voice) -> Span | None:
        """What the other side is blamed for, and what a measure is for."""
        others = {m.side for m in passage.mentions if m.side} - {voice.side}
        match = self._lists.charge.search(self._flat, passage.span.start, passage.span.end) if others else None
        if match is None:
            match = self._lists.purpose.search(self._flat, passage.span.start, passage.span.end)
            acts = match is not None and self._acts_first(passage, voice)
            if acts and match is not None and self._lists.purpose_clause.search(match.group()) is None:
                match = None
            if acts and match is not None:
                # "The President signed a law that will strengthen …": what he did is told, what it is for is judged.
                return Span(match.start(), match.end())
        opening = self._words.flats[bisect_left(self._words.starts, passage.span.start)]
        if match is None or opening in self._list("if"):
            return None
        if self._lists.narrated.search(self._flat, passage.span.start, match.start()):
            return None
        if any(q.start <= match.start() < q.end for q in passage.quoted):
            return None
        return Span(match.start(), match.end())

    def _valued(self, passage: Passage, voice: Voice) -> Span | None:
        """What who signs a text, or an office that reports, finds good or bad, and what they say must be."""
        if self._acts_first(passage, voice):
            return None
        match = self._lists.valued.search(self._flat, passage.span.start, passage.span.end)
        if match is None or any(q.start <= match.start() < q.end for q in passage.quoted):
            return None
        return Span(match.start(), match.end())

    def _acts_first(self, passage: Passage, voice: Voice) -> bool:
        """Whether a sentence tells what one of the body's own people, or several, did: "X offered support …"."""
        several = [s for s in self._speakers(passage) if s.kind == "group" and s.start == passage.span.start]
        if any("+" in s.participant.side or s.participant.name.count(" ") for s in several):
            return True  # but "They", which may be measures
        for mention in passage.mentions:
            if mention.kind not in ("person", "role", "pronoun") or mention.side != voice.side:
                continue
            whole = mention.whole or mention.span
            lead = self._text[passage.span.start : whole.start].rstrip()
            opens = len(lead.split()) <= 1 or lead.endswith(",")
            after = self._text[whole.end : whole.end + 2]
            if opens and after not in ("'s", "’s") and self._lists.first_person.match(mention.text) is None:
                return True
        return False

    # The record

    def _statement(self, draft: Draft) -> Told | None:
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
        self._borne[draft.speaker.key] = passage.index
        said = self._text[content.start : content.end]
        shown = self._text[evidence.start : evidence.end]
        conditions = tuple(self._clauses(self._lists.condition, content))
        classes = {kind for kind in draft.classes if self._class_counts(kind, draft, evidence)}
        stance = judge(
            said,
            self._language,
            classes=classes - {"promise"} if draft.rule == "communique" else classes,
            conditions=[one.quote for one in conditions],
            hedged=draft.rule == "author",
            thanked=self._thanks_count(draft, evidence),
            acts=draft.rule not in ("signature", "author") or draft.speaker.kind == "group",
        )
        declines = "refuse" in draft.classes and bool(
            self._pattern("no_comment").search(self._flat, evidence.start, evidence.end)
        )
        if declines:
            # Who declines to comment leans neither way, whatever the question was about.
            stance = Stance(0, "", settled=True)
        if (
            stance.value == 0
            and not (self._whole and self._lists.ahead.search(said))
            and (
                (draft.rule in ("author", "signature") and draft.speaker.kind != "group")
                or (
                    draft.classes == {"call"}
                    and not stance.reason
                    and not passage.quoted
                    and not self._in_marks(draft, evidence)
                )
            )
        ):
            return None
        dossier = self._reading.dossier
        track = dossier.track_of(said, self._language) or dossier.track_of(shown, self._language)
        quoted = self._whole or draft.rule == "turn" or any(q.overlaps(evidence) for q in passage.quoted)
        marks = {
            "condition": bool(conditions),
            "quotation": quoted,
            "on its own site": self._publisher is not None,
            "readout": self._is_courteous(draft, evidence),
            "settled": stance.settled,
        }
        statement = Statement(
            speaker=draft.speaker.participant,
            mode="quote" if quoted else "paraphrase",
            issue=track or "relations",
            stance=stance.value,
            evidence=self._document.quote(evidence.start, evidence.end),
            content=self._document.quote(content.start, content.end),
            confidence=calibrated("statement", confidence_of(draft.rule)),
            addressee=self._addressee(draft, evidence),
            stance_reason=stance.reason,
            conditions=conditions,
            time_claims=self._time_claims(passage, content),
            said_date=self._said_on(draft),
            cue=self._document.quote(draft.cue.start, draft.cue.end) if draft.cue is not None else None,
            doubts=_doubts(draft, stance),
        )
        shares = shares_of(shown, self._language, stance.value) or (1 / 3, 1 / 3, 1 / 3)
        seen = noticed(
            own=frozenset(draft.speaker.participant.side.split("+")) - {""},
            pair=self._sides,
            named=[m.side for m in self._reading.mentions_in(content)],
            kind=draft.speaker.kind,
            said=said,
            sentence=shown,
            reasons=stance.reason,
            marks=marks,
        )
        signs = Signs(shown, stance.value, shares, draft.speaker.participant.side, seen)
        return Told(statement, frozenset(draft.classes), passage.index, draft.negated, signs)

    def _in_marks(self, draft: Draft, evidence: Span) -> bool:
        """Whether a word in marks follows: "l'a qualifié de « tueur »"."""
        start = draft.cue.end if draft.cue is not None else evidence.start
        return re.search(r"[«“\"]", self._text[start : evidence.end]) is not None

    def _is_courteous(self, draft: Draft, evidence: Span) -> bool:
        """An office reports a talk with the other side, or gives it in full: what it tells of the two is meant well.

        Of the 42 statements of 14 such pages that were annotated, 37 were for, two against.
        """
        own = set(draft.speaker.participant.side.split("+"))
        telling = draft.rule in ("impersonal", "turn", "joint") or draft.speaker.kind in ("person", "role", "group")
        named = {m.side for m in self._reading.mentions_in(evidence) if m.kind != "city"} - {""}
        third = any(set(side.split("+")) - self._sides for side in named)
        kinds = draft.classes <= {"say", "believe", "welcome", "call"}
        return self._own_readout() and telling and kinds and bool(own & self._sides) and not third

    def _thanks_count(self, draft: Draft, evidence: Span) -> bool:
        """Thanks are about the relationship where a side, or a third state, thanks the other."""
        own = set(draft.speaker.participant.side.split("+")) - {""}
        if not own and draft.speaker.kind == "person":
            return False
        return any(m.side in self._sides - own for m in self._reading.mentions_in(evidence))

    def _content(self, draft: Draft, evidence: Span) -> Span:
        """What is said, without the reporting clause where it stands at one end."""
        clause = draft.reporting
        if evidence.end > draft.passage.span.end:
            return self._trimmed(evidence.start, evidence.end)
        if draft.rule in ("inherited", "signature", "author", "communique", "impersonal", "turn"):
            return self._trimmed(evidence.start, evidence.end)
        if draft.rule == "back_reference" and evidence.start < draft.passage.span.start:
            return self._trimmed(evidence.start, draft.passage.span.start)
        before = self._trimmed(evidence.start, max(evidence.start + 1, min(clause.start, evidence.end)))
        begin = min(max(clause.end, evidence.start), evidence.end - 1)
        begin = min(self._past_asides(draft, begin, evidence.end), evidence.end - 1)
        opening = self._pattern("complement").pattern
        lead = re.compile(rf"^[\s,:;—–-]*(?:{opening})?[\s,:;—–\"«“„'’]*")
        match = lead.match(self._text[begin : evidence.end])
        after = self._trimmed(begin + (match.end() if match else 0), evidence.end)
        opened = self._text[: clause.start].rstrip()[-1:] in (",", "—", "–", '"', "”", "»")
        closed = re.match(r"[^,;:«»“”\"]{0,40}[,—–]\s", self._text[clause.end : evidence.end])
        if opened and closed and draft.post:
            # "Le dialogue, a-t-il dit, reprendra": both halves are said.
            after = self._trimmed(min(clause.end + closed.end(), evidence.end - 1), evidence.end)
            marked = re.search(r"[»”\"]", self._text[before.end : clause.start]) is not None
            told = any(q.start >= clause.end and q.start < evidence.end for q in draft.passage.quoted)
            if (marked and not told) or self._pattern("relative").match(self._flat[clause.end : after.end]):
                return before
            if len(before) > len(after):
                return before
            return after if len(after) > 0.75 * len(evidence) else self._trimmed(evidence.start, evidence.end)
        first, second = (before, after) if draft.post else (after, before)
        if len(first) >= _CONTENT_MIN:
            return first
        return second if len(second) >= _CONTENT_MIN else self._trimmed(evidence.start, evidence.end)

    def _past_asides(self, draft: Draft, begin: int, end: int) -> int:
        """Past whom and when it was said: "told reporters on Thursday that", "a déclaré mardi au Monde que"."""
        match = self._pattern("to_that").match(self._text[begin:end])
        if match is not None and not self._list("and").intersection(match.group().split()):
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

    def _bears(self, draft: Draft, evidence: Span) -> bool:
        """Whether it is about the relationship: it concerns the other side, both sides, or one and an issue."""
        own = set(draft.speaker.participant.side.split("+")) - {""}
        clause = draft.speaker
        named = {
            side
            for m in self._reading.mentions_in(evidence)
            if not (clause.start <= m.span.start < clause.end and not draft.post)
            for side in m.side.split("+")
            if side
        }
        own_side = bool(own & self._sides)
        others = self._sides - own if own_side else self._sides
        track = self._reading.dossier.track_of(self._text[evidence.start : evidence.end], self._language)
        if draft.rule in ("signature", "communique", "author", "impersonal", "turn"):
            return True
        if own >= self._sides:
            return True
        if self._is_chosen(draft, evidence, named):
            return True
        if self._reading.voice is None and self._reading.short and self._is_about(self._sides):
            return True  # a report on the pair: whoever speaks in it, speaks on that
        # Thanks to third states count in a report that is about the two all through; a body's own page is full of them
        thanks = draft.classes == {"welcome"}
        about = self._is_about(self._sides, _MOSTLY if thanks else _ABOUT)
        if own_side and about and not (thanks and (self._reading.voice is not None or self._publisher is not None)):
            return True
        if self._own_readout() and not (draft.classes == {"welcome"} and not named & others):
            return True
        if own_side:
            thanked = draft.classes == {"welcome"} and bool(named - self._sides)
            goes_on = self._borne.get(draft.speaker.key) == draft.passage.index - 1
            if not track and not goes_on and not named & others and self._foreign(draft.passage):
                return False
            beside = (bool(track) and self._is_about(others)) or self._in_context(draft, others)
            return bool(named & others) or ((beside or self._is_subject(named)) and not thanked)
        if self._is_about(self._sides, _TOUCHED):
            # Somebody else's word to one side, or on what both of them deal with, in a text about both.
            brief = self._reading.short and self._is_about(self._sides, _MOSTLY)
            heeded = bool(own) and len(evidence) > _WORD_MIN and (brief or self._is_about(own, _TOUCHED))
            if named & self._sides or heeded:
                return True
        if own & self._third and self._in_context(draft, self._sides) and track:
            return True
        if named >= self._sides or (bool(named & self._sides) and bool(track) and self._is_about(self._sides)):
            return True
        if not own and named & self._sides and self._in_story(draft, self._sides - named):
            return True
        if self._borne.get(draft.speaker.key) == draft.passage.index - 1 and not named - self._sides:
            # The same speaker goes on.
            return True
        return self._is_subject(named) and (
            bool(own)
            or draft.speaker.kind == "person"
            or bool(track)
            or bool(named & self._sides)
            or draft.passage.quoted != ()
        )

    def _is_chosen(self, draft: Draft, evidence: Span, named: set[str]) -> bool:
        """Whether nothing in a text about the pair, or in a brief, turns this sentence to somebody else.

        A brief seldom names both: "Peskov: no new contacts are planned".
        """
        own = set(draft.speaker.participant.side.split("+")) - {""}
        described = {m.side for m in self._within(draft.speaker)}  # "a source in Russian expert circles"
        if named - self._sides - own - described or self._foreign(draft.passage, draft.speaker):
            return False
        if draft.classes == {"welcome"} and draft.speaker.kind not in ("institution", "state", "city") and not own:
            return False
        if len(self._reading.passages) <= _BRIEF:
            said = self._text[evidence.start : evidence.end]
            telling = draft.classes - {"say"} or draft.passage.quoted or draft.rule == "back_reference"
            beside = self._sides - own if own & self._sides else self._sides
            if named & beside or telling:
                return True
            return self._lists.domestic.search(flat(said)) is None and touches(said, self._language)
        heard = bool(own & self._sides) or self._reading.short
        return heard and self._is_about(self._sides)

    def _own_readout(self) -> bool:
        """Whether the text is one side's own report, and names the other side."""
        entity = self._publisher
        if entity is None or (entity.stands_for or entity.side) not in self._sides:
            return False
        return self._sides <= {m.side for passage in self._reading.passages for m in passage.mentions}

    def _foreign(self, passage: Passage, speaker: Speaker | None = None) -> bool:
        """Whether a sentence is about a state that the rest of the text hardly names, but for whose word it is."""
        mentions = [m for m in passage.mentions if speaker is None or not speaker.start <= m.span.start < speaker.end]
        sides = {m.side for m in mentions if m.kind == "state" or (m.kind == "people" and not self._is_tongue(m))}
        sides -= self._sides | {""}
        return any("+" not in side and not self._is_about({side}) for side in sides)

    def _is_subject(self, named: set[str]) -> bool:
        """Whether the whole text is about the pair, and this sentence about nobody else."""
        return not (named - self._sides and not named & self._sides) and self._is_about(self._sides, _MOSTLY)

    def _in_story(self, draft: Draft, missing: frozenset[str]) -> bool:
        """Whether a sentence shortly before names the speaker with the other side: a freed prisoner and the jailer."""
        i = draft.passage.index
        for passage in self._reading.passages[max(0, i - 2) : i]:
            same = any(m.name == draft.speaker.participant.name for m in passage.mentions)
            if same and missing & {m.side for m in passage.mentions}:
                return True
        return False

    def _is_about(self, sides: frozenset[str] | set[str], share: float = _ABOUT) -> bool:
        """Whether each of these sides is named all through the text, not just in passing."""
        passages = self._reading.passages
        return all(
            sum(any(m.side == side for m in p.mentions) for p in passages) >= share * len(passages) for side in sides
        )

    def _in_context(self, draft: Draft, others: frozenset[str] | set[str]) -> bool:
        """Whether the sentences around it are about both sides, or about the other side and an issue."""
        i = draft.passage.index
        near = [p for p in self._reading.passages[max(0, i - 2) : i + 3] if p is not draft.passage]
        dossier = self._reading.dossier
        for passage in near:
            sides = {m.side for m in passage.mentions}
            if sides >= self._sides or (sides & others and dossier.track_of(passage.text, self._language)):
                return True
        return False

    def _is_event(self, draft: Draft) -> bool:
        """Offers by a state, and what two of them declare together in a communiqué, are done rather than said."""
        if draft.passage.quoted:
            return False
        if draft.speaker.kind == "group" and self._publisher is not None and draft.rule != "impersonal":
            kinds = {m.kind for m in self._within(draft.speaker)}
            named = "state" in kinds and not kinds & {"person", "role"}
            # "Peru and Chile welcome …" is a point agreed, "The leaders welcomed …" is what they said.
            told = {"say", "believe", "hope", "regret", "accuse", "warn", "fear"}
            told |= set() if named else {"welcome", "deny", "urge", "demand", "call", "refuse", "admit"}
            if not named and draft.cue is not None and not self._pattern("binds").match(self._flat, draft.cue.start):
                told.add("promise")
            return not draft.classes & told
        if draft.speaker.participant.entity.startswith("delegation-") and draft.classes <= {"propose", "admit"}:
            return True  # "The Polish side proposed to go back to quotas", "agreed to": a side stands for its state
        if draft.speaker.kind not in ("state", "city") or draft.cue is None:
            return False
        after = self._flat[draft.cue.end : draft.passage.span.end]
        own = self._reading.voice is not None and self._reading.voice.side == draft.speaker.participant.side
        if (
            draft.classes <= {"urge", "demand"}
            and not own
            and not self._pattern("that").match(after)
            and not self._soon_that(after)
            and not self._pattern("that_near").match(after)
            and not self._pattern("restraint").match(after)
            and not re.match(r"[^,;.«»]{0,50}?:\s", after)
            and not draft.post
        ):
            return True
        # "a réitéré sa volonté de", "confirmed its readiness to": an offer made again.
        return draft.classes <= {"propose"} or self._pattern("willing").match(after) is not None

    def _soon_that(self, after: str) -> bool:
        """ "exige *toujours* que", "demands *once more* that"."""
        match = self._pattern("to_that").match(after)
        return match is not None and len(match.group()) <= _ADVERB

    def _within(self, speaker: Speaker) -> Iterator[Mention]:
        return (m for p in self._reading.passages for m in p.mentions if speaker.start <= m.span.start < speaker.end)

    def _is_tongue(self, mention: Mention) -> bool:
        """ "en anglais", "in Spanish": a language is no state."""
        before = self._text[max(0, mention.span.start - 4) : mention.span.start]
        return self._pattern("tongue").search(before) is not None

    def _class_counts(self, kind: str, draft: Draft, evidence: Span) -> bool:
        """Blame counts against making up where it is laid on the other side of the pair."""
        if kind not in ("accuse", "warn", "threaten", "regret", "refuse"):
            return not draft.negated
        if kind == "refuse" and self._pattern("no_comment").search(self._flat, evidence.start, evidence.end):
            return False
        own = set(draft.speaker.participant.side.split("+"))
        others = self._sides - own
        start = draft.cue.start if draft.cue is not None and not draft.post else evidence.start
        blamed = {m.side for m in self._reading.mentions_in(evidence) if m.span.start >= start} - {""}
        if kind in ("accuse", "refuse", "threaten", "regret") and not blamed:
            return not draft.negated
        return not draft.negated and bool(blamed & others)

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

    def _said_on(self, draft: Draft) -> EventDate | None:
        """The day in the reporting clause: between speaker and verb, or next to either."""
        others = draft.passage.quoted and not draft.speaker.participant.entity
        if (self._publisher is not None and not others) or draft.rule in ("signature", "turn"):
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
            if draft.cue.end <= span.start <= draft.cue.end + 2 and not draft.post:
                # "Il en avait fait une condition la veille, et avait promis mercredi …"
                best = time
                break
            if clause.covers(span):
                best = best or time
                if span.start > draft.cue.start or len(clause) < 90:
                    break
                continue
            if span.end <= clause.start:
                gap = self._text[span.end : clause.start]
                opening = self._flat[draft.passage.span.start : span.start]
                inner = self._pattern("points_end").search(opening) or self._pattern("in_relative").search(opening)
                if "," in gap and (draft.post or inner):
                    # "X will visit on 14 August, said Y", "The visit, agreed on 14 August, X called …"
                    continue
                if re.fullmatch(rf"[\s,]*(?:{self._pattern('day_lead').pattern}\s*)?", gap):
                    best = best or time
            else:
                gap = flat(self._text[clause.end : span.start]).strip()
                after = self._flat[span.end : span.end + 8]
                if len(gap) > 60 or re.search(r"[,;:«»“”\"]", gap) or self._pattern("that_inside").search(gap):
                    continue
                if self._aside(gap) or self._pattern("that").match(after):
                    best = best or time
        if best is None:
            return None
        return EventDate.of(best.value[:10], best.basis)

    def _aside(self, gap: str) -> bool:
        """Words that lead from a verb of speech to its day: "told reporters on", "в интервью", "dans un entretien"."""
        words = gap.split()
        return not words or words[0] in self._list("aside_lead") or all(self._may_stand_between(word) for word in words)

    def _addressee(self, draft: Draft, evidence: Span) -> Participant | None:
        """Who is told, urged or blamed: the party right after such a verb."""
        if draft.cue is None or not draft.classes & {"say", "accuse", "urge", "demand", "warn", "threaten", "welcome"}:
            return None
        end = draft.cue.end
        for time in draft.passage.times:
            if 0 < time.evidence.start - end < 4:
                end = time.evidence.end
        match = self._pattern("addressee_lead").match(self._text, end)
        at = match.end() if match else end
        bare = not match or not match.group().strip() or match.group().strip().lower() in self._articles
        if (
            draft.classes == {"say"}
            and bare
            and flat(self._text[draft.cue.start : end]).split()[0] not in self._list("tell")
        ):
            return None
        for mention in draft.passage.mentions:
            whole = mention.whole or mention.span
            if whole.start == at and evidence.covers(mention.span) and mention.kind != "people":
                inside = draft.speaker.start <= mention.span.start < draft.speaker.end
                if not inside and mention.side and mention.kind != "city":
                    return mention.participant(self._document)
        return None
