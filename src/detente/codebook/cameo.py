"""CAMEO codes and their PLOVER reading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from detente.codebook.tables import rows


@dataclass(frozen=True, slots=True)
class CameoCode:
    """One row of the crosswalk.

    Attributes:
        type: PLOVER type, or empty where PLOVER drops the code (01 and 02: statements and appeals).
        repair: What was changed against the published file, and why; empty where nothing was.
        goldstein_tenths: Goldstein score in tenths, None where the code list has none.
    """

    code: str
    type: str
    mode: str
    context: str
    name: str
    goldstein_tenths: int | None
    repair: str


@cache
def crosswalk() -> Mapping[str, CameoCode]:
    """CAMEO code to PLOVER type and mode.

    >>> crosswalk()["163"].type, crosswalk()["012"].type
    ('SANCTION', '')
    """
    return MappingProxyType(
        {
            row["cameo"]: CameoCode(
                code=row["cameo"],
                type=row["type"],
                mode=row["mode"],
                context=row["context"],
                name=row["name"],
                goldstein_tenths=int(row["goldstein_tenths"]) if row["goldstein_tenths"] else None,
                repair=row["repair"],
            )
            for row in rows("cameo_to_plover.csv")
        }
    )


@cache
def _by_name() -> Mapping[str, CameoCode]:
    return MappingProxyType({_folded(code.name): code for code in crosswalk().values() if code.name})


def code_named(name: str) -> CameoCode | None:
    """The code that a name stands for, however it is punctuated; None where it is no code's.

    >>> code_named("Arrest,_detain,_or_charge_with_legal_action").type
    'COERCE'
    """
    return _by_name().get(_folded(name))


def _folded(name: str) -> str:
    # "Carry out suicide bombing", "fight with small arms …", "Arrest,_detain,_or_charge_with_legal_action".
    return " ".join(re.findall(r"[a-z0-9]+", name.casefold()))
