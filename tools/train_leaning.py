"""Train the model of `detente.coding.leaning` on the statements in tools/stance: `make models`.

    python tools/train_leaning.py

reads `tools/stance/LANGUAGE.tsv` (label +, - or 0, a tab, a statement) and the lines of `tools/lines` in which somebody
says something (their second field, -2 to 2; all written for this purpose), reports five-fold cross-validated accuracy
beside that of the word lists alone, and writes `languages/LANGUAGE/leaning.tsv`. The same lines give the same weights.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from detente.coding import leaning, stance

HERE = Path(__file__).parent
LANGUAGES = HERE.parent / "src/detente/languages"
RIDGE = 3.0
"""Penalty on the squared weights: 1 and 3 differ by less than .01 in cross-validation."""
LEAST_USED = 2
"""Lines a feature must occur in."""
SMALL = 0.08
"""Weights below this are left out of the table."""
FOLDS = 5
LABELS = "-0+"
SILENT = "."
"""Of a line in which nobody says anything."""

Features = list[tuple[str, float]]


def read(language: str) -> tuple[list[str], np.ndarray]:
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


def by_words(text: str, language: str) -> int:
    """What the lists alone make of a text."""
    return stance.judge(text, language, learned=False).value


def names_of(found: list[Features]) -> dict[str, int]:
    counts = Counter(name for features in found for name, _ in features)
    return {name: i for i, name in enumerate(n for n in sorted(counts) if counts[n] >= LEAST_USED)}


def matrix(found: list[Features], names: dict[str, int]) -> csr_matrix:
    cells = [(row, names[n], v) for row, features in enumerate(found) for n, v in features if n in names and v]
    rows, columns, values = zip(*cells, strict=True)
    return csr_matrix((values, (rows, columns)), shape=(len(found), len(names)))


def fit(x: csr_matrix, y: np.ndarray) -> np.ndarray:
    """Weights of shape (features + 1, 3), the last row the bias."""
    size = x.shape[1]
    wanted = np.eye(3)[y]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(size + 1, 3)
        scores = x @ weights[:-1] + weights[-1]
        scores -= scores.max(axis=1, keepdims=True)
        shares = np.exp(scores)
        shares /= shares.sum(axis=1, keepdims=True)
        off = shares - wanted
        slope = np.vstack([x.T @ off + RIDGE * weights[:-1], off.sum(axis=0)])
        cost = -np.log(shares[np.arange(len(y)), y] + 1e-12).sum() + RIDGE / 2 * (weights[:-1] ** 2).sum()
        return cost, slope.ravel()

    found = minimize(loss, np.zeros((size + 1) * 3), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return found.x.reshape(size + 1, 3)


def validated(found: list[Features], y: np.ndarray) -> float:
    """Share right in cross-validation; the folds are the same in every run."""
    order = np.random.default_rng(0).permutation(len(y))
    right = 0
    for fold in range(FOLDS):
        test = order[fold::FOLDS]
        train = np.setdiff1d(order, test)
        names = names_of([found[i] for i in train])
        weights = fit(matrix([found[i] for i in train], names), y[train])
        scores = matrix([found[i] for i in test], names) @ weights[:-1] + weights[-1]
        right += int((scores.argmax(axis=1) == y[test]).sum())
    return right / len(y)


def main() -> None:
    for language in sorted(path.stem for path in (HERE / "stance").glob("*.tsv")):
        texts, y = read(language)
        listed = [by_words(text, language) for text in texts]
        found = [list(leaning.features(text, language, said)) for text, said in zip(texts, listed, strict=True)]
        alone = float(np.mean(np.sign(listed) + 1 == y))
        print(f"{language}: {len(y)} statements; lists alone {alone:.3f}, cross-validated {validated(found, y):.3f}")
        names = names_of(found)
        weights = fit(matrix(found, names), y).round(2)
        lines = ["# Made by tools/train_leaning.py: feature, weights of against, neither and for."]
        lines.append("\t".join(["*bias", *(f"{w:g}" for w in weights[-1])]))
        for name, i in names.items():
            if np.abs(weights[i]).max() >= SMALL:
                lines.append("\t".join([name, *(f"{w:g}" for w in weights[i])]))
        (LANGUAGES / language / "leaning.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
