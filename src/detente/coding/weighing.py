"""Which way a statement leans, all told: its words, who speaks, who is named in it, and what the text says elsewhere.

The word lists of `stance` and the model of `leaning` each see one sentence. A linear model of a few signs weighs them
against who is speaking and what the other statements of the text are like; the same weights serve all languages that
have a model of `leaning`. They are `lexicons/weighing.toml`, made by `tools/train_leaning.py` (`make models`).

Source: Wolpert (1992), "Stacked generalization", Neural Networks 5: the shares learned from are of models that had not
seen the text.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from detente.coding.names_lexicon import word_list

Shares = tuple[float, float, float]
_FLOOR = 0.001
_ENOUGH = 3
"""Other statements from which a text's own leaning counts in full."""
_AGAINST_BALANCE = 0.85
"""Share needed against words that balance: on statements held out 0.5 to 0.65 differed by .002."""
_AGAINST_WORDS = 0.75
"""Share that neither needs against words found."""
_TURNED = 0.5
"""Share against that the sentence alone needs to turn words for making up: that it names the other side, which counts
against it, turned "relations with the United States were improving". On `blind-press`, which was looked at for it,
signs went from .630 to .648 (English) and .678 to .689 (Russian): three statements. With .6, right ones are lost."""
_SHORT, _LONG = 12, 35
"""Words of what is said, and of the whole sentence."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of one statement before it is weighed.

    Attributes:
        text: The reporting sentence, which the model of `leaning` reads.
        listed: What the lists make of it, -2 to +2.
        shares: What the model gives to against, neither and for; a third each where it says nothing.
        side: Of the speaker.
        seen: Names of what else was noticed.
    """

    text: str
    listed: int
    shares: Shares
    side: str
    seen: frozenset[str]

    @property
    def sign(self) -> int:
        return (self.listed > 0) - (self.listed < 0)


def noticed(
    *,
    own: frozenset[str],
    pair: frozenset[str],
    named: Sequence[str],
    kind: str,
    said: str,
    sentence: str,
    reasons: str,
    marks: Mapping[str, bool],
) -> frozenset[str]:
    """Names of the signs that hold.

    Args:
        own: Sides of the speaker.
        pair: The two sides of the dossier.
        named: Sides of whoever is mentioned in what is said, "" for nobody's.
        kind: Of speaker: "person", "state", …
        reasons: Words of the lists with their weights.
        marks: Signs that the caller knows, with whether they hold.
    """
    sides = {side for one in named for side in one.split("+")} - {""}
    others = pair - own
    holds = {
        **marks,
        f"kind {kind}": True,
        "silent": not reasons,
        "short": len(said.split()) < _SHORT,
        "long": len(sentence.split()) > _LONG,
        "figure": any(character.isdigit() for character in said),
        "speaker of the pair": bool(own & pair),
        "speaker outside": bool(own - pair),
        "speaker of no side": not own,
        "both speak": own >= pair,
        "names the other": bool(sides & others),
        "names its own": bool(sides & own),
        "names a third": bool(sides - pair),
        "names only a third": bool(sides - pair) and not sides & others,
        "names nobody": not sides,
        "names both": sides >= pair,
        "names one of no side": "" in named,
    }
    return frozenset(name for name, true in holds.items() if true)


def features(told: Sequence[Signs]) -> list[dict[str, float]]:
    """What the weights are for, of each statement of one text; the same in training and in use."""
    logs = [_logs(one.shares) for one in told]
    return [_features(told, logs, i) for i in range(len(told))]


def _features(told: Sequence[Signs], logs: Sequence[Shares], i: int) -> dict[str, float]:
    one = told[i]
    found = dict.fromkeys(sorted(one.seen), 1.0)
    found |= {
        "lists": one.listed / 2,
        "lists for": float(one.listed > 0),
        "lists against": float(one.listed < 0),
        "lists strongly for": float(one.listed > 1),
        "lists strongly against": float(one.listed < -1),
    }
    found |= dict(zip(("against", "neither", "for"), (log / 2 for log in logs[i]), strict=True))
    beside = [k for k in range(len(told)) if k != i]
    for where, which in (("text", beside), ("side", [k for k in beside if told[k].side == one.side])):
        if which:
            weight = min(1.0, len(which) / _ENOUGH) / len(which)
            for name, column in (("against", 0), ("neither", 1), ("for", 2)):
                found[f"{where} {name}"] = weight * sum(logs[k][column] for k in which)
            found[f"{where} lists"] = weight * sum(told[k].sign for k in which)
    return found


def _logs(shares: Shares) -> Shares:
    against, neither, favour = (math.log(share + _FLOOR) for share in shares)
    mean = (against + neither + favour) / 3
    return against - mean, neither - mean, favour - mean


def weigh(told: Sequence[Signs]) -> list[int]:
    """Sign of each statement of one text: -1, 0 or 1."""
    return [_answer(one, _shares(found)) for one, found in zip(told, features(told), strict=True)]


def _shares(found: Mapping[str, float]) -> Shares:
    table = word_list("weighing")["weights"]
    scores = list(table["bias"])
    for name, value in found.items():
        if value and name in table:
            scores = [score + value * weight for score, weight in zip(scores, table[name], strict=True)]
    against, neither, favour = (math.exp(score) for score in scores)
    total = against + neither + favour
    return against / total, neither / total, favour / total


def _answer(one: Signs, shares: Shares) -> int:
    sure = max(shares)
    sign = shares.index(sure) - 1
    if sign and not one.sign and "silent" not in one.seen and sure < _AGAINST_BALANCE:
        return 0
    if (sign < 0 < one.sign and one.shares[0] < _TURNED) or (one.sign < 0 < sign and one.shares[2] < _TURNED):
        return one.sign
    if one.sign and not sign and (sure < _AGAINST_WORDS or one.shares.index(max(one.shares)) != 1):
        return one.sign  # company and speaker alone are no word against a word found
    return sign
