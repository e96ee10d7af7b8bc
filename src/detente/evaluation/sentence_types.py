"""The type of a sentence whose source and target are given, scored against a tab-separated set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from detente.codebook import quad, types
from detente.coding import predicates
from detente.errors import EvaluationError
from detente.evaluation.rates import Clock, by_class
from detente.evaluation.tables import Row, column, optional_column, read_table
from detente.languages import codes

YIELD = "YIELD"
"""What sets that do not part CONCEDE from RETREAT call the two together."""
_YIELDED = frozenset(("CONCEDE", "RETREAT"))
_YIELD_QUAD = 2  # in all 141 YIELD rows of Zero-Shot-PLOVER's development half; the set names no reason
_QUADS = {
    "verbal_cooperation": 1,
    "material_cooperation": 2,
    "verbal_conflict": 3,
    "material_conflict": 4,
}
_SIDES = {1: "cooperation", 2: "cooperation", 3: "conflict", 4: "conflict"}


class Typed(Protocol):
    """An answer about one sentence: its PLOVER type, and why."""

    @property
    def type(self) -> str: ...
    @property
    def why(self) -> str: ...


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """One sentence with its source, target and type.

    Attributes:
        type: Empty where the set calls the sentence neutral and names no type of PLOVER.
        quad: 1 to 4 as PLOVER numbers quad classes, 0 where the set calls the sentence neutral.
    """

    where: str
    sentence: str
    source: str
    target: str
    language: str
    type: str
    quad: int


def read_typed(path: Path, language: str | None = None) -> list[GoldSentence]:
    """Read a set of sentences with a source, a target and a PLOVER type.

    Columns: `sentence` (or `text`), `source`, `target`, the type as `gold_root`, `type`, `root` or `gold`; if there,
    the quad class as `gold_penta`, `quad` or `penta` (0 to 4, or PLOVER's name for it) and `language`.

    Args:
        language: Of the sentences where no column says it; English without it.

    Raises:
        EvaluationError: A column is missing, a sentence is empty, or a type, quad class or language is unknown.
    """
    rows = read_table(path)
    sentence = column(rows, ("sentence", "text"), "sentence")
    source = column(rows, ("source", "actor"), "source")
    target = column(rows, ("target", "recipient"), "target")
    kind = column(rows, ("gold_root", "type", "root", "gold", "gold_type"), "type")
    quads = optional_column(rows, ("gold_penta", "gold_quad", "quad", "penta", "quad_class"))
    spoken = optional_column(rows, ("language", "lang"))
    used = {row.cells[kind].strip().upper() for row in rows}
    read = []
    for row in rows:
        code = row.cells[kind].strip().upper()
        kind_of_act = _gold_quad(row, quads) if quads else None
        if code not in types() and code != YIELD and kind_of_act != 0:
            raise EvaluationError(
                f"{row.where}: type {row.cells[kind]!r} is not PLOVER. Write one of its 16, as CONSULT."
            )
        if not row.cells[sentence].strip():
            raise EvaluationError(f"{row.where}: its sentence is empty. Complete or remove it.")
        own = row.cells[spoken].strip().lower() if spoken else ""
        if (own or language or "en") not in codes():
            raise EvaluationError(f"{row.where}: language {own or language!r} is not one of {', '.join(codes())}.")
        read.append(
            GoldSentence(
                where=row.where,
                sentence=row.cells[sentence].strip(),
                source=row.cells[source].strip(),
                target=row.cells[target].strip(),
                language=own or language or "en",
                type=code if code in types() or code == YIELD else "",
                quad=_quad(code, merged=YIELD in used) if kind_of_act is None else kind_of_act,
            )
        )
    return read


def _gold_quad(row: Row, name: str) -> int:
    written = row.cells[name].strip().casefold().replace(" ", "_").replace("-", "_").removesuffix(".0")
    if written in _QUADS:
        return _QUADS[written]
    if written in ("0", "1", "2", "3", "4"):
        return int(written)
    raise EvaluationError(f"{row.where}: quad class {row.cells[name]!r} is none of 0 to 4 or {', '.join(_QUADS)}.")


def _quad(code: str, *, merged: bool) -> int:
    return _YIELD_QUAD if code == YIELD or (merged and code in _YIELDED) else quad(code)


def score_types(
    path: Path,
    language: str | None = None,
    *,
    sentence_type: Callable[[str, str, str, str], Typed] | None = None,
) -> dict[str, Any]:
    """Score the type the coder gives each sentence when source and target are given; it must always answer.

    Where the gold says YIELD, a coder's CONCEDE or RETREAT is YIELD too. The quad class of an answer is the one the set
    most often gives that type, else the codebook's: sets differ on YIELD. Binary is quad classes 1 and 2 against 3 and
    4. Sentences of quad class 0 (neutral) are left out of quad and binary, of root too where they have no type, and
    counted as `neutral`.

    Args:
        language: Of the sentences where no column says it; English without it.
        sentence_type: Answers to a sentence, its source, its target and its language; without it the coder does, by
            the labels of Zero-Shot-PLOVER where the set has their YIELD, else by the manual.

    Returns:
        Under `root`, `quad` and `binary`: `macro_f1` over the classes present in the gold, `accuracy`, and `by_type`
        for each class; `n`, `neutral`, `sentences` and `sentences_per_second` (one process, lexicons loaded before the
        clock starts); `errors`, a line for each sentence whose type is not the gold's.

    Raises:
        EvaluationError: The set cannot be read, see `read_typed`.
    """
    gold = read_typed(path, language)
    merged = any(case.type == YIELD for case in gold)
    if sentence_type is None:
        sentence_type = partial(predicates.sentence_type, scheme="zero-shot" if merged else "manual")
    votes: dict[str, Counter[int]] = {}
    for case in gold:
        votes.setdefault(case.type, Counter())[case.quad] += 1
    for spoken in {case.language for case in gold}:
        sentence_type(".", "", "", spoken)
    clock = Clock()
    answers: list[str] = []
    errors: list[str] = []
    for case in gold:
        with clock.reading(1):
            reading = sentence_type(case.sentence, case.source, case.target, case.language)
        answer = YIELD if merged and reading.type in _YIELDED else reading.type
        answers.append(answer)
        if case.type and answer != case.type:
            errors.append(
                f"{case.where}: {case.type}, found {reading.type} ({reading.why}): "
                f"[{case.source}] > [{case.target}] {case.sentence}"
            )

    def answer_quad(answer: str) -> int:
        if answer in votes:
            return votes[answer].most_common(1)[0][0]
        return _quad(answer, merged=merged)

    typed = [(case, answer) for case, answer in zip(gold, answers, strict=True) if case.type]
    parted = [(case.quad, answer_quad(answer)) for case, answer in zip(gold, answers, strict=True) if case.quad]
    return {
        "root": by_class([case.type for case, _ in typed], [answer for _, answer in typed]),
        "quad": by_class([str(wanted) for wanted, _ in parted], [str(given) for _, given in parted]),
        "binary": by_class(_sides(wanted for wanted, _ in parted), _sides(given for _, given in parted)),
        "n": len(gold),
        "neutral": len(gold) - len(parted),
        **clock.report(),
        "errors": errors,
    }


def _sides(quads: Iterable[int]) -> list[str]:
    return [_SIDES.get(number, "neutral") for number in quads]
