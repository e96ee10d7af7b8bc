"""The coder on all annotated sets of ours, as the table of docs/evaluation.md.

    python benchmarks/gold_table.py tests/coding/gold [FOLDER ...]

prints one row a set: F1 of main events, statements and time values, and the share of right stance signs, English /
French / Russian, with the number of annotated events. More folders, each with `gold/` and `texts/` in it or below it,
are rows too.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from detente.evaluation import evaluate_folder, evaluate_sentences

LANGUAGES = ("en", "fr", "ru")
ARTICLES = ("seen", "another_pair", "second", "briefs", "news", "press", "real-pages", "more-real-pages",
            "held_out", "blind-second", "blind-briefs", "blind-news", "blind-press", "blind-real-pages",
            "blind-more-real-pages")  # fmt: skip
SENTENCES = ("??.dev.jsonl", "??.dev2.jsonl", "blind-??.jsonl", "readouts.??.dev.jsonl", "pages.??.dev.jsonl",
             "blind-readouts.??.jsonl", "blind-pages.??.jsonl")  # fmt: skip


def sets(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each set with its report by language."""
    for pattern in SENTENCES:
        files = sorted((folder / "sentences").glob(pattern))
        yield f"sentences/{pattern.replace('??', '*')}", evaluate_sentences(files)["languages"]
    for name in ARTICLES:
        if not any((folder / name).rglob("texts")):
            print(f"| `{name}` | its texts are not ours to ship: tools/page_texts.py gets them | | | |")
            continue
        yield name, evaluate_folder(folder / name)["languages"]


def cell(report: dict[str, Any], figure: str) -> str:
    """One figure in every language; a dash where nothing is annotated."""
    shown = []
    for language in LANGUAGES:
        of = report.get(language)
        value = None
        if of is not None:
            value = of[figure] if figure == "stance_sign_accuracy" else of[figure]["f1"] if of[figure]["n"] else None
        shown.append("–" if value is None else f"{value:.2f}".removeprefix("0"))
    return " / ".join(shown)


def row(name: str, report: dict[str, Any]) -> str:
    events = sum(of["events_main"]["n"] for of in report.values())
    figures = [cell(report, f) for f in ("events_main", "statements", "timex_value", "stance_sign_accuracy")]
    figures[0] += f" (n {events})"
    return "| " + " | ".join((f"`{name}`", *figures)) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("folders", type=Path, nargs="*")
    options = parser.parse_args()
    print("| set | main events | statements | time values | stance sign |\n|---|---|---|---|---|")
    for name, report in sets(options.gold):
        print(row(name, report), flush=True)
    for folder in options.folders:
        print(row(folder.name, evaluate_folder(folder)["languages"]), flush=True)


if __name__ == "__main__":
    main()
