"""Verdicts kept beside a dossier, a file each: what was said of an article on a day stays as it was said."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from detente.errors import PublishError
from detente.ledger import to_json
from detente.publish.verdicts import FOLDER
from detente.terms import ArticleVerdicts


def keep(folder: Path, found: ArticleVerdicts) -> Path:
    """Write verdicts into a dossier's folder, to stand on its page; what is there already is not written again.

    Raises:
        PublishError: The folder cannot be written to.
    """
    text = json.dumps(to_json(found, sparse=True), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    name = hashlib.sha256(text.encode()).hexdigest()[:12]
    path = folder / FOLDER / f"{found.made.isoformat()}-{name}.json"
    try:
        path.parent.mkdir(exist_ok=True)
        if not path.exists():
            partial = path.with_suffix(".partial")
            partial.write_text(text, encoding="utf-8")
            partial.replace(path)
    except OSError as problem:
        raise PublishError(f"{path}: cannot be written: {problem}. Free space or choose another place.") from problem
    return path
