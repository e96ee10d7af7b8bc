"""The coders that ship, offered through the hook that any plugin uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from detente.errors import CodingError
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

    parsers = [model for model in models if model != "llm"]
    opinion = Opinion(tuple(map(load, parsers))) if parsers else None
    if len(parsers) == len(models):
        return RulesCoder(dossier, opinion)
    from detente.coding.llm import open_model
    from detente.coding.llm_second import SecondOpinion

    return SecondOpinion(dossier, open_model(dossier), opinion)


def _llm(dossier: Dossier) -> Coder:
    return _llm_with_model(dossier, ("",))


def _llm_with_model(dossier: Dossier, models: Sequence[str]) -> Coder:
    from detente.coding.llm import LlmCoder, open_model

    if len(models) > 1:
        raise CodingError(f"coder 'llm' asks one model, and {len(models)} are named. Name one: llm+{models[0]}.")
    return LlmCoder(dossier, open_model(dossier, models[0]))


@hookimpl
def register_coders() -> Mapping[str, CoderMaker]:
    return {"rules.v2": _rules, "llm.v1": _llm}


@hookimpl
def register_coders_with_models() -> Mapping[str, CoderWithModelsMaker]:
    return {"rules": _rules_with_parsers, "llm": _llm_with_model}
