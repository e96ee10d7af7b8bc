"""The coders that ship, offered through the hook that any plugin uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from detente.plugins import hookimpl

if TYPE_CHECKING:
    from detente.coding.coder import Coder, CoderMaker
    from detente.dossier import Dossier


def _rules(dossier: Dossier) -> Coder:
    from detente.coding.rules import RulesCoder

    return RulesCoder(dossier)


@hookimpl
def register_coders() -> Mapping[str, CoderMaker]:
    return {"rules.v1": _rules}
