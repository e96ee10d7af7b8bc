"""Train a small dependency parser for French or English on one CPU core, from named Universal Dependencies treebanks.

    git clone https://github.com/UniversalDependencies/UD_French-Sequoia treebanks/UD_French-Sequoia
    git clone https://github.com/UniversalDependencies/UD_French-GSD treebanks/UD_French-GSD
    git clone https://github.com/UniversalDependencies/UD_English-EWT treebanks/UD_English-EWT
    python tools/train_parser.py fr --treebanks treebanks --out models

needs `pip install "detente[parser]"`. It writes `models/detente_fr_ud` (used with `--coder rules+models/detente_fr_ud`)
and `models/detente_fr_ud/CARD.md` with data, commits, licences, scores and the command. Nothing here is shipped, and
`detente` does not import it: docs/decisions/0005-parser.md says why.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

TREEBANKS = {
    # UD_French-GSD's train file may be missing from partial copies; its dev part is enough beside Sequoia.
    "fr": {
        "train": (("UD_French-Sequoia", "fr_sequoia-ud-train.conllu"), ("UD_French-GSD", "fr_gsd-ud-dev.conllu")),
        "dev": (("UD_French-Sequoia", "fr_sequoia-ud-dev.conllu"),),
        "test": (("UD_French-Sequoia", "fr_sequoia-ud-test.conllu"), ("UD_French-GSD", "fr_gsd-ud-test.conllu")),
    },
    "en": {
        "train": (("UD_English-EWT", "en_ewt-ud-train.conllu"),),
        "dev": (("UD_English-EWT", "en_ewt-ud-dev.conllu"),),
        "test": (("UD_English-EWT", "en_ewt-ud-test.conllu"),),
    },
}
LICENCES = {"UD_French-Sequoia": "LGPL-LR", "UD_French-GSD": "CC BY-SA 4.0", "UD_English-EWT": "CC BY-SA 4.0"}

CONFIG = """
[nlp]
lang = "{language}"
pipeline = ["tok2vec", "tagger", "parser"]

[components]

[components.tok2vec]
factory = "tok2vec"

[components.tok2vec.model]
@architectures = "spacy.Tok2Vec.v2"

[components.tok2vec.model.embed]
@architectures = "spacy.MultiHashEmbed.v2"
width = 96
attrs = ["NORM", "PREFIX", "SUFFIX", "SHAPE"]
rows = [5000, 1000, 2500, 2500]
include_static_vectors = false

[components.tok2vec.model.encode]
@architectures = "spacy.MaxoutWindowEncoder.v2"
width = 96
depth = 4
window_size = 1
maxout_pieces = 3

[components.tagger]
factory = "tagger"

[components.tagger.model]
@architectures = "spacy.Tagger.v2"

[components.tagger.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = 96

[components.parser]
factory = "parser"

[components.parser.model]
@architectures = "spacy.TransitionBasedParser.v2"
state_type = "parser"
extra_state_tokens = false
hidden_width = 128
maxout_pieces = 3
use_upper = true

[components.parser.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = 96

[corpora]

[corpora.train]
@readers = "spacy.Corpus.v1"
path = "{train}"
gold_preproc = false
max_length = 0

[corpora.dev]
@readers = "spacy.Corpus.v1"
path = "{dev}"
gold_preproc = false
max_length = 0

[training]
seed = 1
dev_corpus = "corpora.dev"
train_corpus = "corpora.train"
dropout = 0.1
accumulate_gradient = 1
patience = 0
max_epochs = 0
max_steps = {steps}
eval_frequency = 500

[training.optimizer]
@optimizers = "Adam.v1"
learn_rate = 0.001

[training.batcher]
@batchers = "spacy.batch_by_words.v1"
size = {{"@schedules": "compounding.v1", "start": 100, "stop": 1000, "compound": 1.001}}
tolerance = 0.2
discard_oversize = false

[training.score_weights]
tag_acc = 0.2
dep_las = 0.8
"""


@dataclass(frozen=True, slots=True)
class Word:
    form: str
    pos: str
    head: int
    dep: str
    space: bool


def sentences(path: Path) -> Iterator[list[list[str]]]:
    """Sentences of a CoNLL-U file as rows of columns, without comments and empty nodes."""
    rows: list[list[str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            cells = line.split("\t")
            if "." not in cells[0]:
                rows.append(cells)
        elif not line and rows:
            yield rows
            rows = []
    if rows:
        yield rows


def words(rows: list[list[str]]) -> list[Word]:
    """The words as written: "du", which a treebank cuts into "de" and "le", stands once again."""
    covered: dict[str, str] = {}  # part -> first part of its written word
    merged: dict[str, list[str]] = {}
    spaced: dict[str, bool] = {}
    by_id = {row[0]: row for row in rows if "-" not in row[0]}
    for row in rows:
        if "-" not in row[0]:
            continue
        first, last = map(int, row[0].split("-"))
        parts = [str(i) for i in range(first, last + 1)]
        after = "SpaceAfter=No" not in row[9]
        if "".join(by_id[p][1] for p in parts) == row[1]:
            spaced.update(dict.fromkeys(parts, False) | {parts[-1]: after})  # "don't", "dit-il": parts as written
        else:
            covered.update(dict.fromkeys(parts, parts[0]))
            merged[parts[0]], spaced[parts[0]] = row, after
    kept = [i for i in by_id if covered.get(i, i) == i]
    place = {i: n for n, i in enumerate(kept)}
    made = []
    for i in kept:
        row = by_id[i]
        inside = [p for p, first in covered.items() if first == i] or [i]
        # The part whose head lies outside carries the whole word.
        outer = next((p for p in inside if covered.get(by_id[p][6], by_id[p][6]) != i), i)
        head, dep = by_id[outer][6], by_id[outer][7]
        target = place[covered.get(head, head)] if head != "0" else place[i]
        space = spaced.get(i, "SpaceAfter=No" not in row[9])
        made.append(Word(merged[i][1] if i in merged else row[1], by_id[outer][3], target, dep, space))
    return made


def docs(paths: Iterable[Path], vocab):  # type: ignore[no-untyped-def]
    from spacy.tokens import Doc

    for path in paths:
        for rows in sentences(path):
            found = words(rows)
            yield Doc(
                vocab,
                words=[w.form for w in found],
                spaces=[w.space for w in found],
                tags=[w.pos for w in found],
                pos=[w.pos for w in found],
                heads=[w.head for w in found],
                deps=["ROOT" if w.head == i else w.dep for i, w in enumerate(found)],
            )


def paths_of(language: str, part: str, treebanks: Path) -> list[Path]:
    """Files of one part; English EWT's train file is put together from its sources where a copy lacks it."""
    found = []
    for bank, name in TREEBANKS[language][part]:
        path = treebanks / bank / name
        lists = treebanks / bank / "not-to-release"
        if not path.exists() and (lists / "file-lists" / f"files.{part}").exists():
            named = (lists / "file-lists" / f"files.{part}").read_text(encoding="utf-8").split()
            path.write_text("".join((lists / "sources" / n).read_text(encoding="utf-8") for n in named), "utf-8")
        if not path.exists():
            sys.exit(f"{path}: not there. Clone https://github.com/UniversalDependencies/{bank} to {path.parent}.")
        found.append(path)
    return found


def commit(folder: Path) -> str:
    if (folder / "COMMIT").exists():
        return (folder / "COMMIT").read_text(encoding="utf-8").strip()
    command = ["git", "-C", str(folder), "rev-parse", "HEAD"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("language", choices=sorted(TREEBANKS))
    parser.add_argument("--treebanks", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=2_000)
    given = parser.parse_args()

    import spacy
    from spacy.cli.init_config import fill_config
    from spacy.cli.train import train
    from spacy.tokens import DocBin
    from spacy.training import Example

    language, target = given.language, given.out / f"detente_{given.language}_ud"
    target.mkdir(parents=True, exist_ok=True)
    blank = spacy.blank(language)
    for part in ("train", "dev"):
        DocBin(docs=docs(paths_of(language, part, given.treebanks), blank.vocab)).to_disk(target / f"{part}.spacy")
    config = target / "train.cfg"
    config.write_text(
        CONFIG.format(language=language, train=target / "train.spacy", dev=target / "dev.spacy", steps=given.steps),
        encoding="utf-8",
    )
    fill_config(config, config, silent=True)
    started = time.process_time()
    train(config, target / "run")
    minutes = (time.process_time() - started) / 60
    best = spacy.load(target / "run" / "model-best")
    lines = [
        f"# detente_{language}_ud",
        "",
        "A small tagger and dependency parser (spaCy), Universal Dependencies labels.",
        "",
    ]
    lines += ["| test part | POS | UAS | LAS | words a CPU second |", "|---|---|---|---|---|"]
    for path in paths_of(language, "test", given.treebanks):
        gold = list(docs([path], best.vocab))
        clock = time.process_time()
        read = list(best.pipe([doc.text for doc in gold]))
        seconds = time.process_time() - clock
        scores = best.evaluate([Example(best.make_doc(doc.text), doc) for doc in gold])
        speed = sum(map(len, read)) / seconds
        shares = (scores["tag_acc"], scores["dep_uas"], scores["dep_las"])
        lines.append(f"| {path.name} | " + " | ".join(f"{share:.3f}" for share in shares) + f" | {speed:,.0f} |")
    lines += ["", "| treebank | part | commit | licence |", "|---|---|---|---|"]
    for part, files in TREEBANKS[language].items():
        lines += [f"| {b} | {part} | {commit(given.treebanks / b)[:12]} | {LICENCES[b]} |" for b, _ in files]
    command = f"python tools/train_parser.py {language} --treebanks treebanks --out models --steps {given.steps}"
    lines += ["", f"Command: `{command}`, {minutes:.1f} CPU minutes, spaCy {spacy.__version__}.", ""]
    # Another training is another coder: entries are signed with this.
    best.meta.update(name="detente_ud", version=f"{spacy.__version__}.{given.steps}")
    best.to_disk(target)
    (target / "CARD.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
