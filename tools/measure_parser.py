r"""Measure what a parser's second opinion is worth: parties, events and speed, rules alone against rules with a parser.

    python tools/measure_parser.py --models models/detente_fr_ud models/detente_en_ud slovnet \
        --articles tests/coding/gold/seen tests/coding/gold/another_pair \
        --sentences tests/coding/gold/sentences/*.dev.jsonl --directed sentences_dev.tsv

prints a line per language and reading, on development material. `parties` is the share of gold events between two
states, among those with a trigger of the right quad class in their evidence, for which the trigger's own parties are
the two. For a table of English sentences with source and target, source must be an actor and target a recipient.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from detente import registry as registries
from detente.codebook import quad
from detente.coding.events import Sentence
from detente.coding.events import _sentence as read_sentence
from detente.coding.events_lexicon import lexicon
from detente.coding.events_parties import Parties, parties
from detente.coding.events_syntax import Opinion, second_opinion
from detente.coding.events_triggers import Trigger, find_triggers
from detente.coding.parsers import load
from detente.coding.passages import Passage, Reading
from detente.coding.rules import RulesCoder
from detente.dossier import starter
from detente.evaluation import article_document
from detente.evaluation import articles as scoring
from detente.terms import Document, Dyad, EventDate, Span

REGISTRY = registries.load()
SAYS = ("rules alone", "fill", "override")


def annotated_articles(folder: Path) -> Iterator[tuple[str, Document, list[scoring.GoldEvent], Dyad]]:
    read = scoring.read_articles(folder / "gold", folder / "texts", REGISTRY)
    common = scoring.dyad_of(read)
    for path, article in zip(sorted((folder / "gold").glob("*.json")), read, strict=True):
        said = json.loads(path.read_text(encoding="utf-8")).get("dyad")
        dyad = Dyad(*said.split("-")) if isinstance(said, str) else common
        yield f"articles {article.language}", article_document(article.text), list(article.events), dyad


def annotated_sentences(path: Path) -> Iterator[tuple[str, Document, list[scoring.GoldEvent], Dyad]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        document = article_document(item)
        if document.text != item["text"]:
            continue
        events = []
        for number, raw in enumerate(item["events"]):
            at = document.text.index(raw["quote"])
            day = EventDate.of(raw["date"], "explicit") if raw["date"] else None
            span = Span(at, at + len(raw["quote"]))
            sides = frozenset(s for s in raw["sides"] if s != "OTHER")
            events.append(scoring.GoldEvent(str(number), span, day, sides, raw["type"], True, True, False))
        yield f"sentences {item['language']}", document, events, Dyad(*item["dyad"].split("-"))


def measure(given: argparse.Namespace, opinion: Opinion | None) -> dict[str, dict[str, float]]:
    counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    coders: dict[Dyad, RulesCoder] = {}
    warm: set[tuple[str, Dyad]] = set()
    for kind, document, gold, dyad in (
        *(item for folder in given.articles for item in annotated_articles(folder)),
        *(item for path in given.sentences for item in annotated_sentences(path)),
    ):
        if dyad not in coders:
            coders[dyad] = RulesCoder(starter(dyad, date(2000, 1, 1)), opinion)
        coder = coders[dyad]
        tally = counts[kind]
        if (kind, dyad) not in warm:
            coder.code(document)  # reads word lists from disk, and makes the dossier's names, once
            warm.add((kind, dyad))
        clock = time.process_time()
        events = coder.code(document).events
        tally["seconds"] += time.process_time() - clock
        pairs = scoring._pair(gold, events, scoring._event_score)
        optional = sum(gold[row].optional for row, _ in pairs)
        tally["hits"] += len(pairs) - optional
        tally["predicted"] += len(events) - optional
        tally["gold"] += sum(not g.optional for g in gold)
        reading = coder._read(document)
        tally["read"] += len(reading.passages)
        triggered = [(t, found) for passage in reading.passages for t, found in asked(reading, passage)]
        for event in gold:
            about = [
                found
                for trigger, where, found in ((t, document_span(t, s), f) for (t, s), f in triggered)
                if event.span.overlaps(where) and scoring._types_match(event.type, trigger.rule.type)
            ]
            if about and len(event.sides) == 2:
                tally["found"] += 1
                tally["parties"] += any(found.sides == event.sides for found in about)
    return dict(counts)


def document_span(trigger: Trigger, sentence: Sentence) -> Span:
    return Span(sentence.words[trigger.first].start, sentence.words[trigger.last].end)


def asked(reading: Reading, passage: Passage) -> Iterator[tuple[tuple[Trigger, Sentence], Parties]]:
    """Every trigger of a sentence with its parties, before the story completes them."""
    book = lexicon(reading.language)
    sentence = read_sentence(reading, passage, book)
    if sentence is None:
        return
    triggers = find_triggers(sentence.words, sentence.hits, sentence.small, book)
    for t in triggers:
        found = parties(t, sentence.named, sentence.numbers, sentence.hits, book, triggers, sentence.words)
        if reading.opinion is not None:
            found = second_opinion(reading.opinion, found, t, sentence.named, sentence.words, passage, reading.language)
        yield (t, sentence), found


def directed(path: Path, opinion: Opinion | None) -> tuple[int, int]:
    """Sentences in which a trigger of the right quad class was found, and those with both parties right."""
    coder = RulesCoder(starter(Dyad("RUS", "USA"), date(2000, 1, 1)), opinion)
    total = right = 0
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    for row in rows:
        text = row["sentence"]
        document = article_document(
            {"id": row["sentence_id"], "text": text, "language": "en", "published": "2020-01-01"}
        )
        reading = coder._read(document)
        if document.text != text or len(reading.passages) != 1:
            continue
        ends = []
        for part in ("source", "target"):
            at = text.find(row[part])
            inside = range(at, at + len(row[part])) if at >= 0 else range(0)
            ends.append({m.side for m in reading.passages[0].mentions if m.span.start in inside and m.side})
        if not all(len(sides) == 1 for sides in ends) or ends[0] == ends[1]:
            continue
        answers = []
        for (trigger, _), found in asked(reading, reading.passages[0]):
            if str(quad(trigger.rule.type)) == row["gold_penta"]:
                actors, recipients = ({n.side for n in group} for group in (found.actors, found.recipients))
                second = actors | recipients if trigger.rule.frame == "mutual" else recipients
                answers.append(ends[0] <= actors and ends[1] <= second)
        total += bool(answers)
        right += any(answers)
    return total, right


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", nargs="+", default=[])
    parser.add_argument("--articles", nargs="*", type=Path, default=[])
    parser.add_argument("--sentences", nargs="*", type=Path, default=[])
    parser.add_argument("--directed", type=Path)
    given = parser.parse_args()
    parsers = tuple(load(name) for name in given.models)
    print("reading | set | gold | F1 | parties right | sentences/s")
    for say in SAYS:
        opinion = None if say == "rules alone" else Opinion(parsers, say)  # type: ignore[arg-type]
        for kind, t in sorted(measure(given, opinion).items()):
            f1 = 2 * t["hits"] / (t["predicted"] + t["gold"])
            shares = f"{t['parties']:.0f}/{t['found']:.0f} = {t['parties'] / max(1, t['found']):.3f}"
            print(f"{say} | {kind} | {t['gold']:.0f} | {f1:.3f} | {shares} | {t['read'] / t['seconds']:.0f}")
        if given.directed:
            total, right = directed(given.directed, opinion)
            print(f"{say} | who to whom, en | {total} | | {right}/{total} = {right / total:.3f} |")


if __name__ == "__main__":
    main()
