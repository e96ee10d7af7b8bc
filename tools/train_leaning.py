"""Train the models of `detente.coding.leaning` and `detente.coding.weighing`: `make models`.

    python tools/train_leaning.py

reads `tools/stance/LANGUAGE.tsv` (label +, - or 0, a tab, a statement), the lines of `tools/lines` in which somebody
says something (their second field, -2 to 2; all written for this purpose) and the annotated texts of `SETS`, all of
which ship: blind sets measure, and real pages are not ours to ship. Reports how often the sign was right on texts held
out, and writes `languages/LANGUAGE/leaning.tsv` and `lexicons/weighing.toml`. The same lines and texts give the same
weights.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, vstack

from detente import registry
from detente.coding import leaning, stance, weighing
from detente.coding.names import Names
from detente.coding.reading import read as read_text
from detente.coding.statements import Told, read_statements
from detente.coding.wrapping import unwrapped
from detente.dossier import starter
from detente.evaluation import article_document
from detente.evaluation.articles import GoldArticle, read_articles
from detente.evaluation.matching import MINIMUM_OVERLAP, overlap, pair_up
from detente.evaluation.sentences import read_sentences
from detente.terms import Dyad

HERE = Path(__file__).parent
SOURCE = HERE.parent / "src/detente"
GOLD = HERE.parent / "tests/coding/gold"
SETS = (
    "seen",
    "another_pair",
    "second/*",
    "briefs/*",
    "news/*",
    "press/*",
    "training/*",
    "training-stance/*",
    "sentences/*.dev.jsonl",
    "sentences/*.dev2.jsonl",
)
"""Sets learned from; those that nobody reads, and that measure, are not."""
FRESH = ("briefs", "news", "press", "training", "training-stance", "dev2")
"""Sets that the lists were hardly written on: the lists are as right on them as on any text."""
RIDGE, RIDGE_OF_SIGNS = 5.0, 20.0
"""Penalty on the squared weights: 1 to 8 for words and 8 to 50 for signs differ by less than .01 on texts held out."""
WEIGHT_OF_TEXTS, WEIGHT_OF_FRESH = 2.0, 2.0
"""What a statement of a text counts beside a line, and one of `FRESH` beside another: 1 to 5 differ little."""
LEAST_USED = 2
"""Lines a feature must occur in."""
SMALL = 0.08
"""Weights below this are left out of the table."""
FOLDS = 6
LABELS = "-0+"
SILENT = "."
"""Of a line in which nobody says anything."""
OF_TEXTS = "*text"
"""The feature that texts have and lines have not: where their annotators draw the line at neutral."""

Features = list[tuple[str, float]]


@dataclass(frozen=True)
class Text:
    """An annotated text: what is told in it, and the label of each statement that was annotated, else -1."""

    language: str
    fresh: bool
    told: tuple[Told, ...]
    labels: tuple[int, ...]
    missed: tuple[tuple[str, int], ...]


def lines(language: str) -> tuple[list[str], np.ndarray]:
    """Statements and their labels (0 against, 1 neither, 2 for), each statement once."""
    kept: dict[str, int] = {}
    for path in [HERE / "stance" / f"{language}.tsv", *sorted((HERE / "lines").glob(f"{language}.*.tsv"))]:
        for line in path.read_text(encoding="utf-8").splitlines():
            *_, label, text = line.split("\t")
            if label in LABELS:
                kept[text] = LABELS.index(label)
            elif label != SILENT:
                kept[text] = 1 + int(np.sign(int(label)))
    return list(kept), np.array(list(kept.values()))


def articles() -> Iterator[tuple[bool, GoldArticle]]:
    known = registry.load()
    for pattern in SETS:
        for path in sorted(GOLD.glob(pattern)):
            fresh = any(name in str(path) for name in FRESH)
            if path.suffix == ".jsonl":
                yield from ((fresh, article) for article in read_sentences(path, known))
            else:
                yield from ((fresh, article) for article in read_articles(path / "gold", path / "texts", known))


def texts() -> list[Text]:
    """Annotated texts, coded."""
    names: dict[Dyad, Names] = {}
    found: list[Text] = []
    for fresh, article in articles():
        dyad = article.dyad or Dyad.parse("RUS-USA")
        dossier = starter(dyad, date(2000, 1, 1))
        names.setdefault(dyad, Names(dossier))
        document = article_document(article.text)
        # As long as before, so that places hold.
        document = replace(document, text=unwrapped(document.text))
        told = read_statements(read_text(document, dossier, names[dyad]))
        pairs = pair_up(
            article.statements,
            told,
            lambda gold, mine: (
                share if (share := overlap(gold.span, mine.statement.evidence.span)) >= MINIMUM_OVERLAP else 0.0
            ),
        )
        labels = [-1] * len(told)
        for gold, mine in pairs:
            labels[mine] = 1 + int(np.sign(article.statements[gold].stance))
        seen = {gold for gold, _ in pairs}
        missed = [
            (document.text[s.span.start : s.span.end], 1 + int(np.sign(s.stance)))
            for i, s in enumerate(article.statements)
            if i not in seen
        ]
        found.append(Text(article.language, fresh, told, tuple(labels), tuple(missed)))
    return found


def by_words(text: str, language: str) -> int:
    """What the lists alone make of a text."""
    return stance.judge(text, language).value


def read(text: str, language: str, *, of_texts: bool) -> Features:
    found = leaning.features(text, language, by_words(text, language))
    return [(name, value) for name, value in found if of_texts or name != OF_TEXTS]


def names_of(found: Sequence[Features], least: int = LEAST_USED) -> dict[str, int]:
    counts = Counter(name for features in found for name, _ in features)
    return {name: i for i, name in enumerate(n for n in sorted(counts) if counts[n] >= least)}


def matrix(found: Sequence[Features], names: dict[str, int]) -> csr_matrix:
    cells = [(row, names[n], v) for row, features in enumerate(found) for n, v in features if n in names and v]
    rows, columns, values = zip(*cells, strict=True) if cells else ((), (), ())
    return csr_matrix((values, (rows, columns)), shape=(len(found), len(names)))


def shares(x: csr_matrix, weights: np.ndarray) -> np.ndarray:
    scores = x @ weights[:-1] + weights[-1]
    scores -= scores.max(axis=1, keepdims=True)
    found = np.exp(scores)
    return found / found.sum(axis=1, keepdims=True)


def fit(
    x: csr_matrix, y: np.ndarray, counts: np.ndarray, *, ridge: float, start: np.ndarray | None = None, steps: int = 300
) -> np.ndarray:
    """Weights of shape (features + 1, 3), the last row the bias."""
    size = x.shape[1]
    wanted = np.eye(3)[y]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(size + 1, 3)
        given = shares(x, weights)
        off = (given - wanted) * counts[:, None]
        slope = np.vstack([x.T @ off + ridge * weights[:-1], off.sum(axis=0)])
        cost = -(counts * np.log(given[np.arange(len(y)), y] + 1e-12)).sum() + ridge / 2 * (weights[:-1] ** 2).sum()
        return cost, slope.ravel()

    first = np.zeros((size + 1) * 3) if start is None else start.ravel()
    found = minimize(loss, first, jac=True, method="L-BFGS-B", options={"maxiter": steps})
    return found.x.reshape(size + 1, 3)


def learn_words(language: str, annotated: Sequence[Text], folds: np.ndarray) -> list[np.ndarray]:
    """Write the weights of one language; give the shares for all statements, of models that had not seen their text."""
    written, labels = lines(language)
    taught: list[tuple[int, str, int]] = []
    asked: list[list[Features]] = []
    for fold, text in zip(folds, annotated, strict=True):
        both = [*zip((one.signs.text for one in text.told), text.labels, strict=True), *text.missed]
        taught += [(fold, sentence, label) for sentence, label in both if label >= 0]
        asked.append([list(leaning.features(o.signs.text, language, o.signs.listed)) for o in text.told])
    of_lines = [read(text, language, of_texts=False) for text in written]
    of_texts = [read(text, language, of_texts=True) for _, text, _ in taught]
    names = names_of([*of_lines, *of_texts])
    x, more = matrix(of_lines, names), matrix(of_texts, names)
    folded, wanted = np.array([f for f, _, _ in taught]), np.array([y for _, _, y in taught])
    start = fit(x, labels, np.ones(len(labels)), ridge=RIDGE, steps=80)

    def adapted(kept: np.ndarray) -> np.ndarray:
        counts = np.concatenate([np.ones(len(labels)), np.full(kept.sum(), WEIGHT_OF_TEXTS)])
        both = vstack([x, more[np.flatnonzero(kept)]]).tocsr()
        return fit(both, np.concatenate([labels, wanted[kept]]), counts, ridge=RIDGE, start=start, steps=60)

    held = [adapted(folded != fold) for fold in range(FOLDS)]
    right = sum(
        int((shares(more[np.flatnonzero(folded == k)], held[k]).argmax(axis=1) == wanted[folded == k]).sum())
        for k in range(FOLDS)
    )
    found = f"{len(labels)} lines, {len(wanted)} statements of texts"
    print(f"{language}: {found}; words alone are right on texts held out in {right / len(wanted):.3f}")
    _write_words(language, names, adapted(np.full(len(wanted), True)).round(2))
    return [shares(matrix(rows, names), held[fold]) for fold, rows in zip(folds, asked, strict=True)]


def _write_words(language: str, names: dict[str, int], weights: np.ndarray) -> None:
    written = ["# Made by tools/train_leaning.py: feature, weights of against, neither and for."]
    written.append("\t".join(["*bias", *(f"{w:g}" for w in weights[-1])]))
    for name, i in names.items():
        if np.abs(weights[i]).max() >= SMALL:
            written.append("\t".join([name, *(f"{w:g}" for w in weights[i])]))
    (SOURCE / "languages" / language / "leaning.tsv").write_text("\n".join(written) + "\n", encoding="utf-8")


def learn_signs(annotated: Sequence[Text], given: Sequence[np.ndarray], folds: np.ndarray) -> None:
    """Write the weights of the signs, learned from shares of models that had not seen the text."""
    found: list[Features] = []
    rows: list[tuple[int, int, int, bool, str]] = []
    for text, columns, fold in zip(annotated, given, folds, strict=True):
        told = [replace(one.signs, shares=tuple(row)) for one, row in zip(text.told, columns.tolist(), strict=True)]
        for one, label, features in zip(text.told, text.labels, weighing.features(told), strict=True):
            if label >= 0:
                found.append(list(features.items()))
                rows.append((fold, label, 1 + one.signs.sign, text.fresh, text.language))
    fold, y, listed, fresh = (np.array([row[i] for row in rows]) for i in range(4))
    counts = np.where(fresh, WEIGHT_OF_FRESH, 1.0)
    names = names_of(found, 4)
    x = matrix(found, names)
    answers = np.zeros(len(y), dtype=int)
    for k in range(FOLDS):
        weights = fit(x[fold != k], y[fold != k], counts[fold != k], ridge=RIDGE_OF_SIGNS)
        answers[fold == k] = shares(x[fold == k], weights).argmax(axis=1)
    languages = np.array([row[4] for row in rows])
    for what, kept in [
        ("all", fresh | ~fresh),
        ("fresh", fresh),
        *((one, languages == one) for one in sorted(set(languages))),
    ]:
        alone, now = (listed == y)[kept].mean(), (answers == y)[kept].mean()
        print(f"{what}: {kept.sum()} statements held out; lists alone {alone:.3f}, weighed {now:.3f}")
    weights = fit(x, y, counts, ridge=RIDGE_OF_SIGNS).round(2)
    written = [
        "# Made by tools/train_leaning.py: what each sign says for against, neither and for, see `weighing`.",
        "[weights]",
    ]
    table = [("bias", weights[-1]), *((name, weights[i]) for name, i in names.items())]
    written += [f'"{name}" = [{", ".join(f"{w:g}" for w in row)}]' for name, row in table]
    (SOURCE / "coding/lexicons/weighing.toml").write_text("\n".join(written) + "\n", encoding="utf-8")


def main() -> None:
    annotated = sorted(texts(), key=lambda text: text.language)
    folds = np.random.default_rng(1).permutation(len(annotated)) % FOLDS
    given: list[np.ndarray] = []
    grouped: dict[str, list[int]] = defaultdict(list)
    for i, text in enumerate(annotated):
        grouped[text.language].append(i)
    for language, which in grouped.items():
        given += learn_words(language, [annotated[i] for i in which], folds[which])
    learn_signs(annotated, given, folds)


if __name__ == "__main__":
    main()
