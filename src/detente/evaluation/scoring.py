"""Precision, recall and F1 of a coder on annotated texts, with a line for each miss that says why it is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from detente.coding import Coder
from detente.documents import split
from detente.errors import EvaluationError
from detente.evaluation.articles import GoldArticle, GoldEvent, GoldMention, GoldStatement, GoldTime
from detente.evaluation.matching import (
    CAUSES,
    MINIMUM_OVERLAP,
    cause,
    event_score,
    overlap,
    pair_up,
    said_matches,
    same_type,
)
from detente.evaluation.rates import Clock, curve, rounded
from detente.evaluation.speakers import Speakers
from detente.registry import Registry
from detente.terms import Coding, Document, Dyad, Event, PersonMention, Span, Statement, TimeExpression

COUNTED = (
    "events_main",
    "events_all",
    "events_dyad",
    "statements",
    "timex_strict",
    "timex_relaxed",
    "timex_value",
    "persons",
    "persons_side",
)


@dataclass(slots=True)
class Tally:
    """Counts behind precision, recall and F1."""

    hits: int = 0
    predicted: int = 0
    gold: int = 0

    def add(self, hits: int, predicted: int, gold: int) -> None:
        self.hits += hits
        self.predicted += predicted
        self.gold += gold

    def report(self) -> dict[str, float | int | None]:
        """Shares rounded to four places; None where there is nothing to divide by."""
        precision = self.hits / self.predicted if self.predicted else None
        recall = self.hits / self.gold if self.gold else None
        f1 = 2 * self.hits / (self.predicted + self.gold) if self.predicted + self.gold else None
        return {"precision": rounded(precision), "recall": rounded(recall), "f1": rounded(f1), "n": self.gold}


@dataclass(slots=True)
class Sheet:
    """Everything counted for one language, for one construction, or for all."""

    tallies: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in COUNTED})
    causes: Counter[str] = field(default_factory=Counter)
    main_causes: Counter[str] = field(default_factory=Counter)
    sign: list[bool] = field(default_factory=list)
    types: list[bool] = field(default_factory=list)
    realis: list[bool] = field(default_factory=list)
    sureness: dict[str, list[tuple[float, bool]]] = field(default_factory=lambda: {"events": [], "statements": []})
    doubts: dict[str, list[bool]] = field(default_factory=dict)
    leaks: int = 0
    articles: int = 0

    def report(self) -> dict[str, Any]:
        out: dict[str, Any] = {name: tally.report() for name, tally in self.tallies.items()}
        out["misses_main"] = {name: self.main_causes[name] for name in CAUSES}
        out["misses_all"] = {name: self.causes[name] for name in CAUSES}
        out["stance_sign_accuracy"] = _share(self.sign)
        out["type_accuracy"] = _share(self.types)
        out["realis_accuracy"] = _share(self.realis)
        out["calibration"] = {name: curve(answers) for name, answers in self.sureness.items()}
        out["doubts"] = {name: {"right": _share(held), "n": len(held)} for name, held in sorted(self.doubts.items())}
        out["boilerplate_leaks"] = self.leaks
        out["articles"] = self.articles
        return out


def _share(answers: Sequence[bool]) -> float | None:
    return rounded(sum(answers) / len(answers)) if answers else None


def score_article(
    article: GoldArticle, coding: Coding, dyad: Dyad, speakers: Speakers, sheets: Sequence[Sheet]
) -> list[str]:
    """Add one article's counts to every sheet.

    Returns:
        A line for each annotation missed and each coding that fits none: what to look at next.
    """
    pairs = pair_up(article.events, coding.events, event_score)
    partner = {column: article.events[row] for row, column in pairs}

    def events(of_gold: Callable[[GoldEvent], bool], of_mine: Callable[[Event], bool]) -> tuple[int, int, int]:
        wanted = [g for g in article.events if of_gold(g) and not g.optional]
        hits = sum(of_gold(g) and not g.optional for g in partner.values())
        strays = sum(of_mine(e) for column, e in enumerate(coding.events) if column not in partner)
        return hits, hits + strays, len(wanted)

    both = set(dyad.sides)
    counts = {
        "events_main": events(lambda g: g.main, lambda e: e.rank == "main"),
        "events_all": events(lambda _: True, lambda _: True),
        "events_dyad": events(lambda g: g.dyad, lambda e: both <= set(e.sides)),
    }

    def statement_score(gold: GoldStatement, mine: Statement) -> float:
        covered = overlap(gold.span, mine.evidence.span)
        if covered < MINIMUM_OVERLAP or not said_matches(gold.said, mine.said_date):
            return 0.0
        return covered if speakers.same(gold.speaker, gold.side, mine.speaker, both) else 0.0

    said = pair_up(article.statements, coding.statements, statement_score)
    counts["statements"] = (len(said), len(coding.statements), len(article.statements))

    strict = {(t.span.start, t.span.end) for t in article.times} & {
        (t.evidence.start, t.evidence.end) for t in coding.times
    }
    relaxed = pair_up(article.times, coding.times, lambda g, p: overlap(g.span, p.evidence.span))
    values = sum(article.times[row].value == coding.times[column].value for row, column in relaxed)
    sizes = (len(coding.times), len(article.times))
    counts["timex_strict"] = (len(strict), *sizes)
    counts["timex_relaxed"] = (len(relaxed), *sizes)
    counts["timex_value"] = (values, *sizes)

    def named_at(gold: GoldMention, mine: PersonMention) -> float:
        covered = overlap(gold.span, mine.evidence.span)
        return covered if covered >= MINIMUM_OVERLAP else 0.0

    named: list[tuple[GoldMention, PersonMention]] = []
    if article.persons is not None:
        named = [(article.persons[r], coding.persons[c]) for r, c in pair_up(article.persons, coding.persons, named_at)]
        sizes = (len(coding.persons), len(article.persons))
        counts["persons"] = (len(named), *sizes)
        if article.sided:
            counts["persons_side"] = (sum(_side_holds(gold, mine, both) for gold, mine in named), *sizes)

    spans = [
        x.evidence.span for group in (coding.events, coding.statements, coding.times, coding.persons) for x in group
    ]
    found = {row for row, _ in pairs}
    missed = [g for row, g in enumerate(article.events) if row not in found and not g.optional]
    free = [event for column, event in enumerate(coding.events) if column not in partner]
    used = [event for column, event in enumerate(coding.events) if column in partner]
    why = [cause(gold, free, used) for gold in missed]
    for sheet in sheets:
        for name, (hits, predicted, gold_count) in counts.items():
            sheet.tallies[name].add(hits, predicted, gold_count)
        for row, column in said:
            mine, theirs = coding.statements[column].stance, article.statements[row].stance
            sheet.sign.append((mine > 0) - (mine < 0) == (theirs > 0) - (theirs < 0))
        right = {column for _, column in said}
        sheet.sureness["events"] += [(e.confidence, c in partner) for c, e in enumerate(coding.events)]
        sheet.sureness["statements"] += [(s.confidence, c in right) for c, s in enumerate(coding.statements)]
        for column, event in enumerate(coding.events):
            for doubt in event.doubts or ("none",):
                sheet.doubts.setdefault(doubt, []).append(column in partner)
        for column, gold_event in partner.items():
            sheet.types.append(same_type(gold_event.type, coding.events[column].type))
            if gold_event.realis:
                sheet.realis.append(gold_event.realis == coding.events[column].realis)
        for gold_event, (name, _, _) in zip(missed, why, strict=True):
            sheet.causes[name] += 1
            sheet.main_causes[name] += gold_event.main
        sheet.leaks += sum(any(span.overlaps(b) for b in article.boilerplate) for span in spans)
        sheet.articles += 1
    timed = [(article.times[row], coding.times[column]) for row, column in relaxed]
    return [
        *_errors(article, coding, list(zip(missed, why, strict=True)), free, said),
        *_small_errors(article, coding, timed, named, both),
    ]


_Why = tuple[str, tuple[str, ...], Event | None]


def _errors(
    article: GoldArticle,
    coding: Coding,
    missed: Iterable[tuple[GoldEvent, _Why]],
    strays: Iterable[Event],
    said: Sequence[tuple[int, int]],
) -> list[str]:
    text = str(article.text["text"])

    def quoted(span: Span) -> str:
        return " ".join(text[span.start : span.end].split())

    def told(event: Event) -> str:
        when = event.event_date.value if event.event_date else "undated"
        return f"{when} {event.type} {'/'.join(event.sides)}"

    lines = []
    for gold, (name, conditions, nearest) in missed:
        when = gold.date.value if gold.date else "undated"
        rank = "main" if gold.main else "background"
        reason = " and ".join(conditions) if name == "several" else _SAID.get(name, name)
        if nearest is not None:
            reason += f", nearest is {told(nearest)}"
            if "evidence" in conditions:
                reason += f" at “{quoted(nearest.evidence.span)}”"
        sides = "/".join(sorted(gold.sides))
        lines.append(f"missed event {gold.id} ({rank}) {when} {gold.type} {sides} [{reason}]: {quoted(gold.span)}")
    lines += [f"stray event ({event.rank}) {told(event)}: {quoted(event.evidence.span)}" for event in strays]
    heard, spoken = {row for row, _ in said}, {column for _, column in said}
    for row, statement in enumerate(article.statements):
        if row not in heard:
            unheard = [mine for column, mine in enumerate(coding.statements) if column not in spoken]
            reason = _unheard(statement, unheard)
            lines.append(f"missed statement {statement.id} {statement.speaker} [{reason}]: {quoted(statement.span)}")
    for column, mine in enumerate(coding.statements):
        if column not in spoken:
            lines.append(f"stray statement {mine.speaker.name}: {quoted(mine.evidence.span)}")
    for row, column in said:
        gold_statement, mine = article.statements[row], coding.statements[column]
        if (mine.stance > 0) - (mine.stance < 0) != (gold_statement.stance > 0) - (gold_statement.stance < 0):
            lines.append(
                f"stance {gold_statement.stance:+d} of {gold_statement.id} {gold_statement.speaker}, "
                f"found {mine.stance:+d} ({mine.stance_reason}): {quoted(gold_statement.span)}"
            )
    return [f"{article.id}: {line}" for line in lines]


def _unheard(gold: GoldStatement, free: Sequence[Statement]) -> str:
    """Why a statement was missed: what the coding that overlaps it most has otherwise."""
    nearest = max(free, key=lambda mine: overlap(gold.span, mine.evidence.span), default=None)
    covered = overlap(gold.span, nearest.evidence.span) if nearest else 0.0
    if nearest is None or not covered:
        return "nothing there"
    wrong = ["evidence"] if covered < MINIMUM_OVERLAP else []
    if not said_matches(gold.said, nearest.said_date):
        wrong.append(f"date, found {nearest.said_date.value if nearest.said_date else 'none'}")
    return " and ".join(wrong) or f"speaker, found {nearest.speaker.name} ({nearest.speaker.side or 'no side'})"


def _small_errors(
    article: GoldArticle,
    coding: Coding,
    timed: Sequence[tuple[GoldTime, TimeExpression]],
    named: Sequence[tuple[GoldMention, PersonMention]],
    both: set[str],
) -> list[str]:
    """Time expressions and persons missed, stray or read otherwise, with the words around them."""
    text = str(article.text["text"])

    def shown(span: Span) -> str:
        before, after = text[max(0, span.start - 50) : span.start], text[span.end : span.end + 40]
        return " ".join(f"…{before}[{text[span.start : span.end]}]{after}…".split())

    lines = [f"missed time {g.value}: {shown(g.span)}" for g in article.times if all(g is not w for w, _ in timed)]
    for time in coding.times:
        if all(time is not mine for _, mine in timed):
            lines.append(f"stray time {time.value}: {shown(time.evidence.span)}")
    for wanted, mine in timed:
        if wanted.value != mine.value:
            lines.append(f"time {wanted.value}, found {mine.value}: {shown(wanted.span)}")
    if article.persons is not None:
        lines += [f"missed person: {shown(g.span)}" for g in article.persons if all(g is not w for w, _ in named)]
        for person in coding.persons:
            if all(person is not mine for _, mine in named):
                lines.append(f"stray person {person.name}: {shown(person.evidence.span)}")
        for gold, person in named:
            if article.sided and not _side_holds(gold, person, both):
                lines.append(f"person of {gold.side or 'OTHER'}, found {person.side or 'none'}: {shown(gold.span)}")
    return [f"{article.id}: {line}" for line in lines]


def _side_holds(gold: GoldMention, mine: PersonMention, both: set[str]) -> bool:
    """Whether the side is right; OTHER says that the person acts for neither of the two, and not for whom."""
    return mine.side == gold.side if gold.side else mine.side not in both


_SAID = {"nothing": "nothing there", "shared": "one coding for two annotations"}


def score_articles(
    articles: Sequence[tuple[GoldArticle, Dyad]],
    coders: Mapping[Dyad, Coder],
    registry: Registry,
    document_of: Callable[[Mapping[str, Any]], Document],
    parts: Callable[[GoldArticle], Iterable[tuple[str, str]]],
) -> dict[str, Any]:
    """Code every article and report precision, recall and F1 for each part and for all.

    Args:
        articles: Each with the pair of states it is coded for.
        coders: One for each of these pairs, made before the clock starts; so are their word lists loaded.
        document_of: Makes a Document of an article's record, as `detente add` does, text unchanged.
        parts: Names the reports an article counts in, each as heading and entry (`languages`, `fr`).

    Returns:
        `coder`; under each heading its entries' reports; `all`; `sentences` and `sentences_per_second`, from raw text
        to codings in one process; `sureness`, the confidence of each event and statement with whether it is right;
        `errors`, a line for each miss.

    Raises:
        EvaluationError: The text changed on its way into a Document, so that offsets would not hold.
    """
    errors: list[str] = []
    sheets: dict[str, dict[str, Sheet]] = {}
    total = Sheet()
    speakers = Speakers(registry)
    clock = Clock()
    warm: set[tuple[Dyad, str]] = set()
    for article, dyad in articles:
        if (dyad, article.language) not in warm:
            warm.add((dyad, article.language))
            coders[dyad].code(document_of(article.text))
        text = str(article.text["text"])
        with clock.reading(len(split(text, article.language))):
            document = document_of(article.text)
            coding = coders[dyad].code(document)
        if document.text != text:
            raise EvaluationError(
                f"{article.id}: the stored text differs from the annotated one; offsets cannot be compared."
            )
        counted = [sheets.setdefault(heading, {}).setdefault(name, Sheet()) for heading, name in parts(article)]
        errors += score_article(article, coding, dyad, speakers, [*counted, total])
    return {
        "coder": " ".join(sorted({coder.name for coder in coders.values()})),
        **{heading: {name: sheet.report() for name, sheet in found.items()} for heading, found in sheets.items()},
        "all": total.report(),
        "sureness": total.sureness,
        **clock.report(),
        "errors": errors,
    }
