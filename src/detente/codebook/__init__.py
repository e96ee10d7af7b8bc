"""PLOVER and CAMEO as data: codes, definitions, scores, quad classes, crosswalk, labels in three languages."""

from detente.codebook.cameo import CameoCode, code_named, crosswalk
from detente.codebook.plover import (
    VERSION,
    EventMode,
    EventType,
    Example,
    contexts,
    examples,
    label,
    labels,
    modes,
    quad,
    score_tenths,
    sectors,
    stands_for,
    types,
)

__all__ = [
    "VERSION",
    "CameoCode",
    "EventMode",
    "EventType",
    "Example",
    "code_named",
    "contexts",
    "crosswalk",
    "examples",
    "label",
    "labels",
    "modes",
    "quad",
    "score_tenths",
    "sectors",
    "stands_for",
    "types",
]
