"""How far a statement leans toward making up or away from it, by its words, from -2 to +2."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from detente.coding.names_lexicon import flat, word_list
from detente.coding.polarity import polarity
from detente.languages import table

# Of two lists that fit at one place the first counts.
_STEPS = {
    "first_zero": 0, "first_minus": -1, "first_plus": 1, "strong_minus": -2, "strong_plus": 2, "minus": -1, "plus": 1,
    "weak_minus": -1, "weak_plus": 1, "negated": 0,
}  # fmt: skip

_NOWHERE = "(?!)"
_TELLING = 0.4
"""Polarity beyond which acts and things decide: on 473 development statements 0.25 to 0.6 differ by one in fifty."""

_BARE = 0.2
"""Polarity of a lone bad thing ("does not want a conflict")."""

_BLAME = {"accuse", "refuse", "threaten", "regret"}
_PLEDGES = ("promise", "hope", "propose", "open", "welcome")


@dataclass(frozen=True, slots=True)
class Stance:
    """A judgement with the words that decided it.

    Attributes:
        value: -2 (hostile, blocking) to +2 (strongly favourable); 0 neutral, balanced or no sign either way.
        reason: Each deciding word with its weight: "[accuse] -1; progrès +1".
        settled: Whether terms that are set, or thanks to somebody else, leave nothing to weigh.
    """

    value: int
    reason: str
    settled: bool = False


@dataclass(frozen=True)
class _Words:
    hits: re.Pattern[str]
    steps: tuple[str, ...]
    turn: re.Pattern[str]
    aside: re.Pattern[str]
    thanks: re.Pattern[str]
    negation: re.Pattern[str]
    negation_after: re.Pattern[str]
    unwilling: re.Pattern[str]
    unmeant: re.Pattern[str]
    ill: re.Pattern[str]
    own_act: re.Pattern[str]
    mum: re.Pattern[str]
    refuses: re.Pattern[str]
    refused: re.Pattern[str]
    willing: re.Pattern[str]
    firm: re.Pattern[str]
    undo: re.Pattern[str]
    hedge: re.Pattern[str]
    hard: re.Pattern[str]
    proviso: re.Pattern[str]


@cache
def _words(language: str) -> _Words:
    lists, turns = table(language, "stance").get("steps", {}), table(language, "stance").get("turns", {})
    parts, steps = [], []
    for step in _STEPS:
        for stem in lists.get(step, ()):
            # The group that tells which stem it was stands empty behind it: alternatives that begin with a letter, and
            # not with a group, are passed over at once where another letter stands.
            parts.append(f"(?:{stem})()")
            steps.append(step)
    return _Words(
        hits=re.compile(r"\b(?:" + "|".join(parts) + ")" if parts else _NOWHERE),
        steps=tuple(steps),
        turn=re.compile(turns.get("turn", _NOWHERE)),
        aside=re.compile(turns.get("aside", _NOWHERE)),
        thanks=re.compile(turns.get("thanks", _NOWHERE)),
        negation=re.compile(turns.get("negation", _NOWHERE)),
        negation_after=re.compile(turns.get("negation_after", _NOWHERE)),
        unwilling=re.compile(turns.get("unwilling", _NOWHERE)),
        unmeant=re.compile(turns.get("unmeant", _NOWHERE)),
        ill=re.compile(turns.get("ill", _NOWHERE)),
        own_act=re.compile(turns.get("own_act", _NOWHERE)),
        mum=re.compile(turns.get("mum", _NOWHERE)),
        refuses=re.compile(turns.get("refuses", _NOWHERE)),
        refused=re.compile(turns.get("refused", _NOWHERE)),
        willing=re.compile(turns.get("willing", _NOWHERE)),
        firm=re.compile(turns.get("firm", _NOWHERE)),
        undo=re.compile(turns.get("undo", _NOWHERE)),
        hedge=re.compile(turns.get("hedge", _NOWHERE)),
        hard=re.compile(turns.get("hard_condition", _NOWHERE)),
        proviso=re.compile(turns.get("proviso", _NOWHERE)),
    )


def _unmeant(lowered: str, text: str, words: _Words, language: str) -> tuple[str, str, list[str], bool]:
    """What somebody does not mean to do that would be ill, taken out of the words, and whether they refuse some good.

    Returns:
        The words without it, also as written; what it was; and whether something good is refused.
    """
    reassured: list[str] = []
    firm = False
    for match in words.unmeant.finditer(lowered):
        said = words.hits.match(lowered, match.start())
        if said is not None and words.steps[(said.lastindex or 1) - 1].startswith("first"):
            continue  # "is not going to yield" is a phrase of its own
        end = re.compile(r"[.;:!?«»“”\"]|, |$").search(lowered, match.end())
        last = end.start() if end is not None else len(lowered)
        what = lowered[match.end() : last]
        leaning = -1.0 if words.ill.search(what) else polarity(what, language)[0]
        firm = firm or leaning > _TELLING
        if leaning < -_BARE:
            reassured.append(match.group().strip())
        elif leaning >= 0:
            continue
        blank = " " * (last - match.start())
        lowered = lowered[: match.start()] + blank + lowered[last:]
        text = text[: match.start()] + blank + text[last:]
    return lowered, text, reassured, firm


_SCOPE_ENDS = re.compile(r"[.;:!?«»“”\"—–]|, | mais | alors qu| tant qu| si | s'il")


def _deeds(lowered: str, words: _Words, language: str, *, refused: bool) -> Iterator[tuple[int, int, int]]:
    """Deeds that somebody will not do, or would, with what they are held to be: "n'a pas l'intention de lever …".

    What is good and refused is bad; what is bad and refused is neither; what is bad and offered stays bad.
    """
    found = [(m.start(), m.end(), True) for m in words.refuses.finditer(lowered)]
    found += [(m.start(), m.end(), False) for m in words.willing.finditer(lowered)]
    if refused and (whole := words.refused.match(lowered)) is not None:
        found.append((0, whole.end(), True))
    taken = -1
    for start, end, denied in sorted(found):
        if start < taken:
            continue
        close = _SCOPE_ENDS.search(lowered, end)
        until = close.start() if close is not None else len(lowered)
        firm = words.firm.match(lowered, end) is not None
        value, leaning = judge(lowered[end:until], language).value, polarity(lowered[end:until], language)[0]
        if abs(leaning) > _TELLING and leaning * value < 0:
            value = 1 if leaning > 0 else -1  # "suspendre ses frappes": what is done to what tells more than "suspend"
        if denied and (value > 0 or firm):
            yield start, until, -1
        elif denied and value < 0:
            yield start, until, 0
        elif not denied and value < 0:
            yield start, until, -1
        else:
            continue
        taken = until


def judge(
    text: str,
    language: str,
    *,
    classes: Collection[str] = (),
    conditions: Sequence[str] = (),
    hedged: bool = False,
    thanked: bool = True,
    acts: bool = True,
) -> Stance:
    """Weigh the words of a statement.

    Args:
        text: What is said.
        classes: Classes of the reporting verbs (`welcome`, `accuse`, …).
        conditions: What it is made to depend on; "only after …" puts the whole off, "if …" keeps it from +2.
        hedged: Whether softening words count, as for a writer's own view.
        acts: Whether deeds that it tells count; a signed text tells what was done without leaning by it.
        thanked: Whether thanks go to the other side of the pair; other thanks say nothing about it.

    >>> judge("he noted « progrès notables »", "fr").value
    1
    >>> judge("ils n'ont pas fait de progrès", "fr").value
    -1
    >>> judge("there was progress but we are not close", "en").value
    0
    """
    words = _words(language)
    lowered = flat(text)
    total = 0.0
    reasons: list[str] = []
    deeds = list(_deeds(lowered, words, language, refused=bool({"refuse", "deny"} & set(classes))))
    for start, end, sign in deeds:
        total += sign
        reasons.append(f"{'¬' if not sign else ''}{lowered[start:end].strip()} {sign:+d}")
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
        lowered = f"{lowered[:start]}{' ' * (end - start)}{lowered[end:]}"
    if deeds and deeds[0][0] == 0:
        classes = [name for name in classes if name not in ("refuse", "deny")]
    own = {name: weight for name, weight in sorted(word_list("stance")["class"].items()) if name in classes and weight}
    lowered, text, reassured, firm = _unmeant(lowered, text, words, language)
    total += len(reassured)
    reasons += [f"¬{shown} +1" for shown in reassured]
    turn = max((m.start() for m in words.turn.finditer(lowered)), default=0)
    aside = next((m.start() for m in words.aside.finditer(lowered)), len(lowered))
    weak = 0
    denied, counted = -99, 0.0
    taken = 0
    late = False
    thanks_elsewhere = phrased = False
    seen: set[int] = set()
    for match in words.hits.finditer(lowered):
        stem = (match.lastindex or 1) - 1
        step = words.steps[stem]
        weight = _STEPS[step]
        # The "not" of "not rule out" denies nothing that follows.
        unwilling = words.unwilling.search(lowered[max(0, match.start() - 60) : match.start()]) is not None
        before = lowered[max(taken, match.start() - 60) : match.start()]
        if step.startswith("first"):
            taken = match.end()
        if step == "first_zero":
            text = f"{text[: match.start()]}{' ' * len(match.group())}{text[match.end() :]}"
        before = re.split(r"[.;:!?«»“”\"]|, ", before)[-1]
        shown = match.group()
        if unwilling and weight < 0 and step != "negated" and not words.negation.search(shown + " "):
            if 0 <= match.start() - denied < 30:
                # "no intention of imposing new sanctions": nor was the denial itself bad.
                total -= counted
                reasons.pop()
            continue
        denied_after = words.negation_after.match(lowered[match.end() : match.end() + 40]) is not None
        refused = unwilling and weight > 0 and not words.negation.match(shown + " ")
        firm = firm or refused
        late = late or (refused and 0 < turn < match.start())
        if refused or (not step.startswith("first") and (words.negation.search(before) or denied_after)):
            # What is denied to be bad is not thereby good.
            weight = -1 if weight > 0 or step == "negated" else 0
            step = "minus"
            shown = "¬" + shown
        elif weight < 0 and words.undo.search(before):
            weight = 0
        if not thanked and words.thanks.search(shown):
            weight = 0
            thanks_elsewhere = True
        if not weight or stem in seen:
            continue
        if weight < 0:
            # "no substantial progress" is one denial.
            again = shown.startswith("¬") and match.start() - denied < 30
            denied = match.end()
            if again:
                continue
        seen.add(stem)
        if step.startswith("weak"):
            weak += weight
            continue
        # What precedes "but" and what follows "though" count half.
        half = match.start() < turn or match.start() > aside
        counted = weight / 2 if half else weight
        total += counted
        reasons.append(f"{shown} {weight:+d}")
        opening = " ".join(shown.split()[:2]) + " "
        phrased = phrased or (step.startswith("first") and not half and words.negation.search(opening) is not None)
    if "refuse" in own and words.mum.search(lowered):
        return Stance(0, "[refuse] 0", settled=True)  # "declined to comment"
    if "refuse" in own and total < 0 and words.own_act.search(lowered):
        # "refused to expel", "ruled out attacking": what is not done would have been bad.
        total, own = 0, {}
    for name, weight in own.items():
        if weight > 0 > total and name in _PLEDGES:
            # A promise, hope or offer of something hostile is no kindness.
            continue
        if weight > 0 and late:
            weight /= 2  # "voiced support, but has no intention to ease": the kind word came before
        if name == "promise" and not reasons and polarity(text, language)[0] < -_TELLING:
            weight = -1  # "promised to impose tariffs": no word of the lists, but a threat
        if name == "refuse" and not firm and polarity(text, language)[0] < -_TELLING:
            total = max(total, 0)
            continue  # "refused to impose new sanctions"
        total += weight
        reasons.insert(0, f"[{name}] {weight:+g}")
    if _BLAME & own.keys() and total >= 0 and not any(weight > 0 for weight in own.values()):
        # "criticised the rapprochement": what is blamed may be good in itself.
        total = -1
    if not reasons and weak:
        # A topic word alone ("sanctions", "to wait") is held against a speaker only without a verb's own colour.
        total = 1 if weak > 0 else -1 if not classes else 0
        if total:
            reasons.append(f"[weak] {int(total):+d}")
    if "deny" in classes and not {"accuse", "refuse"} & set(classes):
        # "denied that the meeting was put off" is no bad sign, "denied that a meeting was agreed" is one.
        leaning = total or polarity(text, language)[0]
        if reasons or leaning > _TELLING:
            total = -1 if leaning > 0 else 0
            reasons.append(f"[deny] {int(total):+d}")
    hard = [one for one in conditions if words.hard.search(flat(one).strip())]
    if hard:
        total = min(total, 0) - (not any(sign for *_, sign in deeds))  # the terms and what is refused are one
        reasons.append(f"[{' '.join(hard[0].split()[:4])} …] -1")
    elif conditions:
        total = min(total, 1)
    provided = total > 0 and words.proviso.search(lowered) is not None
    if provided:
        total = 0
        reasons.append("[condition] 0")
    if not reasons and not thanks_elsewhere and acts:
        # No word of the lists: what is done to which things still tells.
        leaning, shown = polarity(text, language)
        if abs(leaning) > _TELLING and shown:
            total = 1 if leaning > 0 else -1
            reasons.append(shown)
    if hedged and words.hedge.search(lowered):
        total = max(-1, min(1, total))
    # "not against talks", "did not rule out", "denied that it had agreed": the words around would weigh the other way.
    turned = (phrased and total != 0) or "open" in own or (set(classes) == {"deny"} and total < 0)
    settled = bool(hard) or provided or thanks_elsewhere or turned or bool(deeds)
    settled = settled or (firm and total < 0) or (bool(reassured) and total >= 0)
    return Stance(max(-2, min(2, int(total))), "; ".join(reasons), settled)
