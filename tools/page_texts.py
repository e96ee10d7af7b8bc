"""Get the texts of the annotated real pages, which are not ours to ship, from public copies of their sites.

    python tools/page_texts.py FOLDER brian14708/wh-briefings=CLONE gabrielkmbo/kremlin-scraper=CLONE

writes `texts/` beside each `gold/` below FOLDER (such as `tests/coding/gold/real-pages`). `sources.json` names
repository, commit and path of each page; CLONE is a git clone of that repository. A text that is not the annotated one
(by its hash) is not written.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

_FRONT = re.compile(r"---\n.*?\n---\n", re.DOTALL)
_END = re.compile(r"\s*\\?###\s*$")
_WHOLE = "article_full_text_1"


def page(source: dict[str, Any], clone: Path) -> str:
    """The text of a page: a Markdown file without its head and end mark, or the row of a table with its address."""
    name = f"{source['commit']}:{source['path']}"
    shown = subprocess.run(["git", "-C", clone, "show", name], capture_output=True, check=True)  # noqa: S607
    raw = shown.stdout.decode("utf-8-sig")
    if not source["path"].endswith(".csv"):
        return _END.sub("", _FRONT.sub("", raw, count=1).strip())
    csv.field_size_limit(sys.maxsize)
    return next(row[_WHOLE] for row in csv.DictReader(io.StringIO(raw)) if row["url"] == source["url"])


def write(folder: Path, clones: dict[str, Path]) -> int:
    """Write the texts of one folder; the number that could not be had."""
    wanted = {gold["article_id"]: gold["text_sha256"] for gold in map(_read, sorted((folder / "gold").glob("*.json")))}
    (folder / "texts").mkdir(exist_ok=True)
    lost = 0
    for source in _read(folder / "sources.json"):
        try:
            text = page(source, clones[source["repo"]])
        except (KeyError, StopIteration, subprocess.CalledProcessError) as problem:
            text, why = "", f"{type(problem).__name__}: {problem}"
        else:
            why = "the text has changed"
        if hashlib.sha256(text.encode()).hexdigest() != wanted[source["id"]]:
            print(f"{source['id']}: not written, {why}", file=sys.stderr)
            lost += 1
            continue
        record = {**source, "text_kind": "verbatim_git", "text": text}
        path = folder / "texts" / f"{source['id']}.json"
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")
    return lost


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("clones", nargs="+", metavar="OWNER/NAME=CLONE")
    options = parser.parse_args()
    clones = {name: Path(path) for name, _, path in (each.partition("=") for each in options.clones)}
    folders = sorted(path.parent for path in options.folder.rglob("sources.json"))
    return 1 if sum(write(folder, clones) for folder in folders) or not folders else 0


if __name__ == "__main__":
    sys.exit(main())
