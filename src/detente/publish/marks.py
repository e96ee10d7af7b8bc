"""Machine-readable marks: how something we publish came to be, in the terms of IPTC's digital source types.

The mark is derived from what the ledger says of coder and decisions, never typed in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from detente.publish.citing import Cited
from detente.publish.disclosure import IPTC

DRAWN = IPTC + "dataDrivenMedia"
"""A figure, a table or a sentence filled in from data."""
BY_RULES = IPTC + "algorithmicMedia"
BY_MODEL = IPTC + "trainedAlgorithmicMedia"
EDITED = IPTC + "humanEdits"
_RULES = re.compile(r"rules\.v\d+(?:\+[0-9a-f]{8})?")
QUOTED = IPTC + "digitalCreation"
"""Words of a source, which a person wrote."""


def source_type(coder: str, decided: str) -> str:
    """How a coding came to be: by rules, by a trained model (`rules+MODEL`, `llm.v1`), or put right by a person.

    The eight digits behind `rules.v2+` are those of a dossier's own words (docs/decisions/0004-coder-names.md).

    >>> source_type("rules.v2", ""), source_type("rules.v2", "amend")
    ('http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia', \
'http://cv.iptc.org/newscodes/digitalsourcetype/humanEdits')
    """
    if decided == "amend":
        return EDITED
    return BY_RULES if _RULES.fullmatch(coder) else BY_MODEL


def review_state(decided: str) -> str:
    """What a person has done, for machines: `accepted`, `amended` or `unreviewed`.

    >>> review_state(""), review_state("amend")
    ('unreviewed', 'amended')
    """
    return {"accept": "accepted", "amend": "amended"}.get(decided, "unreviewed")


def source_type_of(cited: Iterable[Cited]) -> str:
    """The mark of an event that several reports tell: a person's hand or a model's on any of them is said."""
    found = {source_type(c.coder, c.decided) for c in cited}
    return next((mark for mark in (EDITED, BY_MODEL) if mark in found), BY_RULES)
