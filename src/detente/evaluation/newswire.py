"""Directed dyad and CAMEO root of newswire sentences, from the raw text alone.

The set is in the XML of the PETRARCH coders: `Sentence` elements with a date, an id, a `Text` and `EventCoding`
elements. Neither the `Parse` nor any answer is shown to the coder. What counts, and why:

- **Gold.** Each `EventCoding` with `sourcecode`, `targetcode` and `eventcode` is one coding; an actor is the state that
  the first three letters of its code name (`USAGOVMIL` is USA; `IGOEEU`, the European Union, is EUR). A sentence has
  as many codings as it has of these.
- **Left out**, and counted as such: codings with an actor that is no state (`IGOUNO`, `---GOV`, an invented country),
  those within one state, roots 01 and 02, statements and appeals, which PLOVER drops, and roots CAMEO lacks (`224`). A
  prediction for the same directed dyad as a coding left out is neither right nor wrong, nor is one between its state
  and the European Union where the coding's other actor is a body of states (`IGO…`). Sentences with
  `noevents="true"` have no coding, and whatever is found there is wrong; sentences with an `error` coding or with no
  EventCoding at all are not scored.
- **Predictions.** Every event the coder finds in the sentence, over any pair of states: each actor's state toward each
  recipient's; where nobody receives, as in a meeting, each actor's toward each other's.
- **A prediction is right** where its directed dyad is the coding's and its type is one of those that the crosswalk
  gives codes of the coding's CAMEO root (root 08 holds both CONCEDE and RETREAT). CAMEO has no realis: help that is
  still to come is a promise there (03), a blow a threat (13), help called off a refusal (12); such a reading of an
  event planned, proposed or cancelled is right too. Each coding is met once, each prediction counts once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from detente import plugins
from detente import registry as registries
from detente.codebook import crosswalk, quad
from detente.documents import split
from detente.dossier import starter
from detente.errors import EvaluationError, RegistryError
from detente.evaluation.rates import Clock, rates
from detente.evaluation.tables import column, read_table
from detente.registry import Registry
from detente.terms import Document, Dyad, Event, Participant

_ANY_PAIR = Dyad("CHE", "FJI")
"""Whose dossier the coder is made for. With a day of publication it keeps events of any pair of states; a pair that
hardly meets in news lends the others nothing."""


@dataclass(frozen=True, slots=True)
class GoldCoding:
    """One coding: who toward whom, and the CAMEO root of what was done (`04`)."""

    source: str
    target: str
    root: str


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """One sentence with its codings.

    Attributes:
        left_out: Directed dyads of codings that are not scored; a side that is no state is empty.
        unscored: How many codings are not scored.
    """

    id: str
    text: str
    published: date
    codings: tuple[GoldCoding, ...]
    left_out: frozenset[tuple[str, str]]
    unscored: int


@cache
def _types_of(root: str) -> frozenset[str]:
    """PLOVER types of the codes under a CAMEO root; none for 01 and 02, which PLOVER drops, and for what is no root."""
    return frozenset(row.type for code, row in crosswalk().items() if code[:2] == root and row.type)


def read_newswire(path: Path, registry: Registry, answers: Path | None = None) -> tuple[list[GoldSentence], int]:
    """Read the sentences of a PETRARCH XML file that can be scored, and how many cannot.

    Args:
        answers: Tab-separated `id`, `source`, `target`, `code`, used in place of the EventCoding elements; a code
            `none` says that a sentence has no coding. The second sentence of the same id is `ID#2`.

    Raises:
        EvaluationError: The file is not XML, has no sentence or no answers, a sentence has no id, no text or no day, or
            a coding lacks an actor or a CAMEO code, or answers are given for a sentence that is not there.
    """
    try:
        root = ElementTree.fromstring(path.read_bytes())  # noqa: S314 - a gold file chosen by the person who evaluates
    except (OSError, ElementTree.ParseError) as problem:
        raise EvaluationError(f"{path.name}: cannot be read as XML: {problem}. Give a PETRARCH XML file.") from problem
    elements = list(root.iter("Sentence"))
    if not elements:
        raise EvaluationError(f"{path.name}: has no Sentence element. Give a PETRARCH XML file.")
    ids = _ids(elements)
    given = _read_answers(answers, ids) if answers else None
    read = []
    for number, (element, own) in enumerate(zip(elements, ids, strict=True), start=1):
        where = f"{path.name} sentence {number} ({own or 'no id'})"
        found = given.get(own) if given is not None else _own_answers(element, where)
        if found is not None:
            read.append(_sentence(element, own, found, where, registry))
    if not read:
        raise EvaluationError(
            f"{path.name}: none of its {len(elements)} sentences has an EventCoding element, so there is nothing "
            "to score against. Give a file with answers, or --answers."
        )
    return read, len(elements) - len(read)


_Answer = tuple[str, str, str]


def _ids(elements: Sequence[ElementTree.Element]) -> list[str]:
    """The ids, a repeated one with its number behind it."""
    seen: Counter[str] = Counter()
    ids = []
    for element in elements:
        own = element.get("id") or ""
        seen[own] += 1
        ids.append(f"{own}#{seen[own]}" if own and seen[own] > 1 else own)
    return ids


def _read_answers(path: Path, ids: Sequence[str]) -> dict[str, list[_Answer]]:
    rows = read_table(path)
    names = [column(rows, (name,), name) for name in ("id", "source", "target", "code")]
    given: dict[str, list[_Answer]] = {}
    for row in rows:
        own, source, target, code = (row.cells[name].strip() for name in names)
        if own not in ids:
            raise EvaluationError(f"{row.where}: no sentence has the id {own!r}. Correct or remove it.")
        codings = given.setdefault(own, [])
        if code != "none":
            _check_code(code, row.where)
            codings.append((source, target, code))
    return given


def _own_answers(element: ElementTree.Element, where: str) -> list[_Answer] | None:
    """The codings of a sentence; None where it has no answer or tests an error."""
    answers = element.findall("EventCoding")
    if not answers or any(answer.get("error") for answer in answers):
        return None
    codings: list[_Answer] = []
    for answer in answers:
        if (answer.get("noevents") or "").lower() == "true":
            continue
        code = (answer.get("eventcode") or "").strip()
        _check_code(code, where)
        source, target = answer.get("sourcecode"), answer.get("targetcode")
        if source is None or target is None:
            lacking = "sourcecode" if source is None else "targetcode"
            raise EvaluationError(f"{where}: an EventCoding lacks its {lacking}. Complete it.")
        codings.append((source, target, code))
    return codings


def _check_code(code: str, where: str) -> None:
    if not re.match(r"\d\d", code):
        raise EvaluationError(f"{where}: event code {code!r} is not CAMEO. Write 010 to 2042.")


def _sentence(
    element: ElementTree.Element, own: str, answers: Sequence[_Answer], where: str, registry: Registry
) -> GoldSentence:
    text = " ".join("".join(part for held in element.findall("Text") for part in held.itertext()).split())
    if not text or not own:
        raise EvaluationError(f"{where}: has {'no text' if not text else 'no id'}. Complete or remove it.")
    codings: list[GoldCoding] = []
    left_out: list[tuple[str, str]] = []
    for actor, recipient, code in answers:
        source, target, root = _state(actor, registry), _state(recipient, registry), code[:2]
        if source and target and source != target and _types_of(root):
            codings.append(GoldCoding(source, target, root))
        else:
            left_out.append((source, target))
    # A body of states may be the Union, which the coder names.
    bodies = [
        (_side(a, registry), _side(b, registry)) for a, b, _ in answers if _BODY in (a.strip()[:3], b.strip()[:3])
    ]
    return GoldSentence(
        own,
        text,
        _day(element.get("date"), where),
        tuple(dict.fromkeys(codings)),
        frozenset((*left_out, *bodies, *((b, a) for a, b in bodies))),
        len(left_out),
    )


_UNION, _BODY = ("IGOEEU", "IGOEUREEC"), "IGO"
"""The European Union in CAMEO, which PLOVER and so the coder write EUR; and any body of states."""


def _is_body(code: str) -> bool:
    return code.strip().startswith(_BODY) and not code.strip().startswith(_UNION)


def _side(code: str, registry: Registry) -> str:
    return "EUR" if _is_body(code) else _state(code, registry)


def _state(code: str, registry: Registry) -> str:
    if code.strip().startswith(_UNION):
        return "EUR"
    try:
        return registry.alpha3(code.strip()[:3]) if len(code.strip()) >= 3 else ""
    except RegistryError:
        return ""


def _day(written: str | None, where: str) -> date:
    try:
        return date.fromisoformat((written or "").strip())
    except ValueError as problem:
        raise EvaluationError(f"{where}: date {written!r} is no day. Write 20150609 or 2015-06-09.") from problem


@dataclass(frozen=True, slots=True)
class Found:
    """One prediction: who toward whom, its type, and what CAMEO calls that when it is to come or called off."""

    source: str
    target: str
    type: str
    folded: str

    @property
    def dyad(self) -> tuple[str, str]:
        return self.source, self.target

    def of(self, root: str) -> bool:
        return bool(_types_of(root) & {self.type, self.folded})


def directed(events: Iterable[Event]) -> list[Found]:
    """Who toward whom with which type, each once: actors toward recipients, or one another where none receives."""
    found: dict[tuple[str, str, str], Found] = {}
    for event in events:
        actors = list(dict.fromkeys(side for p in event.actors if _named(p) for side in p.sides))
        recipients = list(dict.fromkeys(side for p in event.recipients if _named(p) for side in p.sides))
        for actor in actors:
            for recipient in recipients or actors:
                if actor != recipient:
                    found.setdefault(
                        (actor, recipient, event.type), Found(actor, recipient, event.type, _folded(event))
                    )
    return list(found.values())


def _named(party: Participant) -> bool:
    """The pair whose dossier is lent to the coder takes no part where the text does not name it."""
    return party.evidence is not None or party.side not in _ANY_PAIR.sides


def _folded(event: Event) -> str:
    helpful = quad(event.type) in (1, 2)
    if event.realis in ("planned", "proposed"):
        return "AGREE" if helpful else "THREATEN"
    return "REJECT" if event.realis == "cancelled" and helpful else event.type


def score_newswire(path: Path, *, answers: Path | None = None, coder: str | None = None) -> dict[str, Any]:
    """Score directed dyad and root on newswire sentences, by the rules at the head of this module.

    Args:
        answers: A table used in place of the file's own answers, see `read_newswire`.

    Returns:
        `precision`, `recall` and `f1` of codings (dyad and root); the same under `dyad`, whatever the root;
        `sentences_right`, the share of sentences with exactly the codings of the gold; `n` codings in `n_sentences`
        sentences; `left_out` codings and sentences; `sentences` and `sentences_per_second` (one process, the coder made
        and its word lists loaded before the clock starts); `errors`, a line for each coding missed and each stray.

    Raises:
        EvaluationError: The file cannot be read or holds no answers.
    """
    registry = registries.load()
    gold, unanswered = read_newswire(path, registry, answers)
    made = plugins.coder(starter(_ANY_PAIR, date(2000, 1, 1)), coder)
    made.code(_document(gold[0]))
    clock = Clock()
    count: Counter[str] = Counter()
    errors: list[str] = []
    for sentence in gold:
        with clock.reading(len(split(sentence.text, "en"))):
            coding = made.code(_document(sentence))
        found = [item for item in directed(coding.events) if not _excused(item, sentence)]
        missed, strays = _compared(sentence.codings, found)
        count["gold"] += len(sentence.codings)
        count["found"] += len(found)
        count["hits"] += len(sentence.codings) - len(missed)
        wanted, given = {(c.source, c.target) for c in sentence.codings}, {f.dyad for f in found}
        count["dyads"] += len(wanted)
        count["dyads_found"] += len(given)
        count["dyad_hits"] += len(wanted & given)
        count["right"] += not missed and not strays
        count["left_out"] += sentence.unscored
        for coded in missed:
            why = _why(coded, found)
            kinds = "/".join(sorted(_types_of(coded.root)))
            errors.append(
                f"{sentence.id}: missed {coded.source} > {coded.target} {coded.root} {kinds} [{why}]: {sentence.text}"
            )
        errors += [f"{sentence.id}: stray {f.source} > {f.target} {f.type}: {sentence.text}" for f in strays]
    return {
        **rates(count["hits"], count["found"], count["gold"]),
        "dyad": rates(count["dyad_hits"], count["dyads_found"], count["dyads"]),
        "sentences_right": round(count["right"] / len(gold), 4),
        "n": count["gold"],
        "n_sentences": len(gold),
        "left_out": {"codings": count["left_out"], "sentences": unanswered},
        **clock.report(),
        "errors": errors,
    }


def _document(sentence: GoldSentence) -> Document:
    fetched = datetime(1970, 1, 1, tzinfo=UTC)  # never looked at
    return Document(sentence.id, sentence.text, "en", sentence.published, "given", fetched)


def _excused(found: Found, sentence: GoldSentence) -> bool:
    return found.dyad in sentence.left_out and all(found.dyad != (c.source, c.target) for c in sentence.codings)


def _compared(gold: Sequence[GoldCoding], found: Sequence[Found]) -> tuple[list[GoldCoding], list[Found]]:
    """What was missed, and what fits no coding."""
    strays = list(found)
    missed = []
    for coded in gold:
        hit = next((f for f in strays if f.dyad == (coded.source, coded.target) and f.of(coded.root)), None)
        if hit is None:
            missed.append(coded)
        else:
            strays.remove(hit)
    return missed, strays


def _why(coded: GoldCoding, found: Sequence[Found]) -> str:
    other = [f.type for f in found if f.dyad == (coded.source, coded.target)]
    if other:
        return f"type, found {'/'.join(other)}"
    same = [f for f in found if f.of(coded.root)]
    if any(f.dyad == (coded.target, coded.source) for f in same):
        return "direction"
    return f"sides, found {', '.join(f'{f.source} > {f.target}' for f in same)}" if same else "nothing there"
