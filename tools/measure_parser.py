r"""Measure what a parser's second opinion is worth: parties, events and speed, rules alone against rules with a parser.

    python tools/measure_parser.py --models models/detente_fr_ud models/detente_en_ud slovnet \
        --articles tests/coding/gold/seen tests/coding/gold/another_pair \
        --sentences tests/coding/gold/sentences/*.dev.jsonl --directed sentences_dev.tsv \
        --newswire newswire_dev.xml --answers tests/evaluation/newswire_dev_answers.tsv

prints a line per language and reading, on development material. `parties right` counts gold events between two states,
among those with a trigger of the right quad class in their evidence, for which the trigger's own parties are the two;
then those both of whose states the sentence names at all: no parser can find the others. For a table of English
sentences with source and target (`--directed`), source must be an actor and target a recipient.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import defaultdict
from collections.abc import Iterator
from copy import copy
from datetime import date
from functools import cache
from pathlib import Path

from detente import plugins
from detente import registry as registries
from detente.codebook import quad
from detente.coding.events import _sentence as read_sentence
from detente.coding.events_lexicon import lexicon
from detente.coding.events_parties import Parties, parties
from detente.coding.events_sentence import Sentence
from detente.coding.events_syntax import Opinion, second_opinion
from detente.coding.events_triggers import Trigger, find_triggers
from detente.coding.parsers import load
from detente.coding.passages import Passage, Reading
from detente.coding.rules import RulesCoder
from detente.dossier import starter
from detente.evaluation import article_document
from detente.evaluation.articles import GoldArticle, dyad_of, read_articles
from detente.evaluation.matching import event_score, pair_up, types_match
from detente.evaluation.newswire import score_newswire
from detente.evaluation.sentences import read_sentences
from detente.terms import Dyad, Span

REGISTRY = registries.load()
SAYS = ("rules alone", "fill", "override")


def annotated(given: argparse.Namespace) -> Iterator[tuple[str, GoldArticle, Dyad]]:
    for folder in given.articles:
        read = read_articles(folder / "gold", folder / "texts", REGISTRY)
        yield from ((f"articles {a.language}", a, a.dyad or dyad_of(read)) for a in read)
    for path in given.sentences:
        read = read_sentences(path, REGISTRY)
        yield from ((f"sentences {a.language}", a, a.dyad or dyad_of(read)) for a in read)


@cache
def names_for(dyad: Dyad) -> RulesCoder:
    return RulesCoder(starter(dyad, date(2000, 1, 1)))


def coder_for(dyad: Dyad, opinion: Opinion | None) -> RulesCoder:
    """One coder a dyad for all readings: making the names of a dossier takes longer than reading a sentence."""
    coder = copy(names_for(dyad))
    coder._opinion = opinion
    return coder


def measure(given: argparse.Namespace, opinion: Opinion | None) -> dict[str, dict[str, float]]:
    counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    warm: set[tuple[str, Dyad]] = set()
    for kind, article, dyad in annotated(given):
        document, gold = article_document(article.text), article.events
        coder = coder_for(dyad, opinion)
        tally = counts[kind]
        if (kind, dyad) not in warm:
            coder.code(document)  # reads word lists from disk, and makes the dossier's names, once
            warm.add((kind, dyad))
        clock = time.process_time()
        events = coder.code(document).events
        tally["seconds"] += time.process_time() - clock
        pairs = pair_up(gold, events, event_score)
        optional = sum(gold[row].optional for row, _ in pairs)
        tally["hits"] += len(pairs) - optional
        tally["predicted"] += len(events) - optional
        tally["gold"] += sum(not g.optional for g in gold)
        reading = coder._read(document)
        tally["read"] += len(reading.passages)
        triggered = [item for passage in reading.passages for item in asked(reading, passage)]
        for event in gold:
            about = [
                ({n.side for n in sentence.named}, found)
                for (trigger, sentence), found in triggered
                if event.span.overlaps(document_span(trigger, sentence)) and types_match(event.type, trigger.rule.type)
            ]
            if about and len(event.sides) == 2:
                tally["found"] += 1
                tally["named"] += any(event.sides <= named for named, _ in about)
                tally["parties"] += any(found.sides == event.sides for _, found in about)
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
    coder = coder_for(Dyad("RUS", "USA"), opinion)
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
    parser.add_argument("--newswire", type=Path)
    parser.add_argument("--answers", type=Path)
    given = parser.parse_args()
    parsers = tuple(load(name) for name in given.models)
    print("reading | set | gold events | F1 | parties right | both named in the sentence | sentences/s")
    for say in SAYS:
        opinion = None if say == "rules alone" else Opinion(parsers, say)  # type: ignore[arg-type]
        for kind, t in sorted(measure(given, opinion).items()):
            f1 = 2 * t["hits"] / (t["predicted"] + t["gold"])
            shares = f"{t['parties']:.0f}/{t['found']:.0f} = {t['parties'] / max(1, t['found']):.3f}"
            speed = t["read"] / t["seconds"]
            print(f"{say} | {kind} | {t['gold']:.0f} | {f1:.3f} | {shares} | {t['named']:.0f} | {speed:.0f}")
        if given.newswire:
            plugins.coder = lambda dossier, name=None, opinion=opinion: coder_for(dossier.dyad, opinion)  # type: ignore[assignment,misc]  # noqa: ARG005
            report = score_newswire(given.newswire, answers=given.answers)
            print(f"{say} | newswire, en | {report['n']} | {report['f1']:.3f} | dyad {report['dyad']['f1']:.3f} | |")
        if given.directed:
            total, right = directed(given.directed, opinion)
            print(f"{say} | who to whom, en | {total} | | {right}/{total} = {right / total:.3f} |")


if __name__ == "__main__":
    main()
