"""The coders that ship, offered through the hook that any plugin uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from detente.plugins import hookimpl

if TYPE_CHECKING:
    from detente.coding.coder import Coder, CoderMaker, CoderWithModelsMaker
    from detente.dossier import Dossier


def _rules(dossier: Dossier) -> Coder:
    from detente.coding.rules import RulesCoder

    return RulesCoder(dossier)


def _rules_with_parsers(dossier: Dossier, models: Sequence[str]) -> Coder:
    from detente.coding.events_syntax import Opinion
    from detente.coding.parsers import load
    from detente.coding.rules import RulesCoder

    return RulesCoder(dossier, Opinion(tuple(map(load, models))))


@hookimpl
def register_coders() -> Mapping[str, CoderMaker]:
    return {"rules.v2": _rules}


@hookimpl
def register_coders_with_models() -> Mapping[str, CoderWithModelsMaker]:
    return {"rules": _rules_with_parsers}
