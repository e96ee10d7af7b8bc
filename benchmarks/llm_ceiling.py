"""What the checks on a language model's answers cost: how much of the truth they let through.

    python benchmarks/llm_ceiling.py tests/coding/gold/press tests/coding/gold/news

Answers are made of the annotations: the exact words, the right type, speaker and stance, names and days as the text has
them. A model cannot do better, so that what is missing then is lost by the checks, or by our names and dates.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from detente import registry as registries
from detente.coding.events_dates import event_date
from detente.coding.llm import Answer, Heard, batches, checked
from detente.coding.llm_prompt import EventAnswer, StatementAnswer
from detente.coding.llm_verify import Paragraph, paragraphs_of
from detente.coding.names import Names
from detente.coding.passages import Passage, Reading
from detente.coding.reading import read
from detente.dossier import Dossier, starter
from detente.evaluation import article_document
from detente.evaluation.articles import GoldArticle, GoldEvent, GoldStatement, read_articles
from detente.evaluation.scoring import Sheet, score_article
from detente.evaluation.speakers import Speakers
from detente.terms import Coding, Dyad, Span

_NEAR = 4
"""Sentences around a statement in which its speaker is looked for."""


def _home(paragraphs: Sequence[Paragraph], span: Span) -> Paragraph | None:
    covering = (p for p in paragraphs if p.span.covers(span))
    return next(covering, None) or next((p for p in paragraphs if p.span.overlaps(span)), None)


def _event(article: GoldArticle, gold: GoldEvent, home: Paragraph, reading: Reading) -> EventAnswer:
    text, published = reading.document.text, reading.document.published
    quote = Span(max(gold.span.start, home.span.start), min(gold.span.end, home.span.end))
    actors = []
    for side in sorted(gold.sides):
        named = [m for p in home.passages for m in p.mentions if side in m.side.split("+")]
        named.sort(key=lambda m: (m.kind == "pronoun", not quote.covers(m.span), m.span.start))
        actors += [m.text for m in named[:1]]
    when = ""
    times = [t for t in article.times if home.span.covers(t.span)]
    for time in sorted(times, key=lambda t: not quote.covers(t.span)):
        day = event_date(time.value, "explicit")
        if gold.date and day and day.meets(gold.date):
            when = text[time.span.start : time.span.end]
            break
    ahead = bool(gold.date and published and gold.date.first > published)
    return EventAnswer(
        home.id,
        text[quote.start : quote.end],
        "RETREAT" if gold.type == "YIELD" else gold.type,
        "",
        tuple(actors),
        (),
        when,
        gold.realis or ("planned" if ahead else "happened"),
    )


def _statement(
    gold: GoldStatement, home: Paragraph, reading: Reading, speakers: Speakers, sides: set[str]
) -> StatementAnswer:
    at = [p.index for p in reading.passages if p.span.overlaps(gold.span)] or [0]

    def distance(passage: Passage) -> int:
        return max(at[0] - passage.index, passage.index - at[-1], 0)

    near = sorted((p for p in reading.passages if distance(p) <= _NEAR), key=distance)
    named = [
        m.text
        for p in near
        for m in p.mentions
        if speakers.same(gold.speaker, gold.side, m.participant(reading.document), sides)
    ]
    text = reading.document.text[max(gold.span.start, home.span.start) : min(gold.span.end, home.span.end)]
    return StatementAnswer(home.id, text, named[0] if named else gold.speaker, gold.stance)


def main(folders: Sequence[str]) -> None:
    registry = registries.load()
    speakers = Speakers(registry)
    cases: dict[Dyad, tuple[Dossier, Names]] = {}
    sheets: dict[str, Sheet] = defaultdict(Sheet)
    kept: Counter[str] = Counter()
    for gold in sorted(p for folder in folders for p in Path(folder).rglob("gold") if (p.parent / "texts").is_dir()):
        for article in read_articles(gold, gold.parent / "texts", registry):
            if article.dyad is None:
                continue
            if article.dyad not in cases:
                case = starter(article.dyad, date(2000, 1, 1))
                cases[article.dyad] = (case, Names(case))
            case, names = cases[article.dyad]
            reading = read(article_document(article.text), case, names)
            asked = batches(paragraphs_of(reading))
            paragraphs = [p for batch in asked for p in batch]
            homes = [(e, home) for e in article.events if (home := _home(paragraphs, e.span)) is not None]
            events = [_event(article, e, home, reading) for e, home in homes]
            spoken = [(s, home) for s in article.statements if (home := _home(paragraphs, s.span)) is not None]
            statements = [_statement(s, home, reading, speakers, set(article.dyad.sides)) for s, home in spoken]
            heard = []
            for batch in asked:
                here = {p.id for p in batch}
                answer = Answer(
                    tuple(e for e in events if e.paragraph in here),
                    tuple(s for s in statements if s.paragraph in here),
                )
                heard.append(Heard(answer, "truth"))
            found, said, dropped = checked(reading, asked, heard, 0.5)
            kept.update(one.reason for one in dropped)
            kept.update({"events given": len(events), "events kept": len(found)})
            kept.update({"statements given": len(statements), "statements kept": len(said)})
            coding = Coding(article.id, "truth.v1", "plover", events=tuple(found), statements=tuple(said))
            score_article(article, coding, article.dyad, speakers, [sheets[article.language], sheets["all"]])
    print(dict(kept))
    for language, sheet in sorted(sheets.items()):
        report = sheet.report()
        print(language, {name: report[name] for name in ("events_all", "statements")})


if __name__ == "__main__":
    main(sys.argv[1:])
