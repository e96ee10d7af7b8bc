"""How many claims of our own articles `detente verdict` finds, and how many of its verdicts are right.

The articles (tests/verdicts/examples) were written with the claims a careful reader lists, before the program was run
on them. `python benchmarks/verdicts.py [--show]`; the sample dossier is made anew in a temporary folder.
"""

from __future__ import annotations

import argparse
import tempfile
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

from detente import workflow
from detente.dossier import write_starter
from detente.terms import ArticleVerdicts, Dyad

EXAMPLES = Path(__file__).parents[1] / "tests" / "verdicts" / "examples"


def folder_of(example: Path, scratch: Path) -> Path:
    """A dossier with the reports of an example; that of Russia and the United States is the sample."""
    if not (example / "reports.jsonl").is_file():
        workflow.make_sample(scratch / example.name)
        return scratch / example.name / "dossier"
    folder = scratch / example.name
    write_starter(folder, Dyad.parse(example.name), date(2022, 1, 1), today=date(2022, 1, 1))
    with workflow.opened(folder) as (case, ledger):
        workflow.add(case, ledger, [str(example / "reports.jsonl")])
        workflow.code(case, ledger)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="print each miss and each wrong verdict")
    shown = parser.parse_args().show
    total: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        for example in sorted(path for path in EXAMPLES.iterdir() if path.is_dir()):
            folder = folder_of(example, Path(scratch))
            for article in sorted(example.glob("*.*.txt")):
                expected = tomllib.loads(article.with_suffix(".toml").read_text(encoding="utf-8"))
                with workflow.opened(folder) as (case, ledger):
                    (found,), _ = workflow.verdicts(case, ledger, str(article), published=expected["published"])
                counted = judged(found, expected["claims"], f"{example.name} {article.name}", shown=shown)
                total += counted
                print(f"{example.name} {article.name}: {line(counted)}")
    print(f"all: {line(total)}")


def judged(found: ArticleVerdicts, wanted: list[list[str]], name: str, *, shown: bool) -> Counter[str]:
    """Listed, found and rightly judged claims; and those found that nobody listed, right where nothing is claimed."""
    counted: Counter[str] = Counter(listed=len(wanted))
    taken: set[int] = set()
    for words, verdict in wanted:
        mine = [v for v in found.verdicts if words in v.claim.evidence.quote and v.claim.number not in taken]
        taken |= {v.claim.number for v in mine}
        counted["found"] += bool(mine)
        right = any(v.name == verdict for v in mine)
        counted["right"] += right
        # A verdict that the ledger says more than it does is worse than one that it says nothing.
        sure = ("supported", "contradicted", "mixed")
        counted["wrongly sure"] += bool(mine) and not right and any(v.name in sure for v in mine)
        if shown and not right:
            print(f"  {name}: {words!r} wanted {verdict}, got {[v.name for v in mine] or 'no claim'}")
    extra = [v for v in found.verdicts if v.claim.number not in taken]
    counted["not listed"] += len(extra)
    if shown:
        for v in extra:
            print(f"  {name}: not listed: {v.name}: {' '.join(v.claim.evidence.quote.split())[:90]}")
    return counted


def line(counted: Counter[str]) -> str:
    return ", ".join(f"{counted[name]} {name}" for name in ("listed", "found", "right", "wrongly sure", "not listed"))


if __name__ == "__main__":
    main()
