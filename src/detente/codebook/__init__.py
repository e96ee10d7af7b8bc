"""PLOVER and CAMEO as data: codes, definitions, scores, quad classes, crosswalk, labels in three languages."""

from detente.codebook.cameo import CameoCode, crosswalk
from detente.codebook.plover import (
    VERSION,
    EventMode,
    EventType,
    labels,
    modes,
    quad,
    score_tenths,
    types,
)

__all__ = [
    "VERSION",
    "CameoCode",
    "EventMode",
    "EventType",
    "crosswalk",
    "labels",
    "modes",
    "quad",
    "score_tenths",
    "types",
]
