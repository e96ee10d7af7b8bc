"""Every message that pages and briefs can show, found in code and templates.

`python -m detente.publish.messages` prints the messages that a catalogue lacks, and those it holds that nothing
shows any more.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from importlib.resources import files

from detente.publish import (
    account_pages,
    alerts,
    brief_desk,
    briefs,
    cases,
    catalogue,
    chronology,
    citing,
    compare,
    desk,
    figures,
    forecast_history,
    forecast_layers,
    gone,
    milestone_pages,
    milestones,
    questions,
    speakers,
    track_record,
    verdicts,
)
from detente.terms import REALIS

Message = str | tuple[str, str]
_TEMPLATE = re.compile(r"""words\(\s*(["'])(.+?)\1""")
_TEMPLATE_MANY = re.compile(r"""words\.many\(\s*(["'])(.+?)\1\s*,\s*(["'])(.+?)\3""")
_PUT_BY_NAME = {"yes", "no", "void"}


def shown() -> set[Message]:
    """Every message; a pair is one with a singular and a plural."""
    found: set[Message] = set()
    room = files("detente.publish")
    for item in (*room.iterdir(), *(room / "readings").iterdir()):
        if item.name.endswith(".py"):
            found |= set(_in_code(item.read_text(encoding="utf-8")))
    for item in (room / "templates").iterdir():
        if item.name.endswith(".html"):
            text = item.read_text(encoding="utf-8")
            found |= {match[2] for match in _TEMPLATE.finditer(text)}
            found |= {(match[2], match[4]) for match in _TEMPLATE_MANY.finditer(text)}
    found |= set(REALIS) | set(citing.DECIDED.values()) | set(chronology.DIFFERING.values())
    found |= set(milestones.NOTES.values()) | set(milestones.COUNTED_NOTES.values())
    found |= set(cases.STAGE_NAMES.values()) | set(cases.OUTCOMES.values())
    found |= set(questions.LACKED.values()) | set(questions.DAY_NAMES.values())
    found |= set(track_record.SCORE_NAMES.values()) | set(track_record.RIVAL_NAMES.values())
    found |= set(track_record.WAYS.values())
    found |= set(track_record.VERDICTS.values()) | set(track_record.FATES.values()) | {track_record.WAITING}
    found |= set(milestones.FIELD_NAMES.values())
    for told in (
        desk.REASONS,
        desk.SECOND,
        desk.ACTION_NAMES,
        desk.READING_NAMES,
        desk.GROUPING_NAMES,
        desk.DIRECTIONS,
        desk.RANKS,
    ):
        found |= set(told.values())
    found |= set(chronology.GROUPING_NAMES.values())
    found.add(desk.UNSETTLED)
    for told in (desk.STATEMENT_MODES, desk.DIFFERENCES, desk.REFUSALS):
        found |= set(told.values())
    found |= set(account_pages.ROLE_NAMES.values()) | set(account_pages.REFUSALS.values())
    for told in (brief_desk.RULES, brief_desk.KINDS, brief_desk.STATES, brief_desk.DONE):
        found |= set(told.values())
    found |= set(filter(None, briefs.HEADINGS.values()))
    found |= set(compare.FIELDS.values()) | set(compare.GONE.values())
    found |= set(forecast_layers.LAYERS.values()) | set(forecast_layers.MOVES.values())
    for named in (verdicts.NAMES, verdicts.SAID, verdicts.WHY, verdicts.COMPARED, verdicts.HEADS, verdicts.SHAPES):
        found |= set(named.values())
    found |= set(verdicts.UNREAD.values()) | set(verdicts.MEASURED.values()) | set(verdicts.STATES.values())
    found |= {text for told in figures.TITLES.values() for text in told}
    found |= set(gone.TOLD.values())
    found |= set(forecast_history.KINDS.values()) | set(milestone_pages.IF_IT_CAME.values())
    found |= set(milestones.ENDINGS.values()) | set(milestones.CONFIDENCES.values())
    found |= set(speakers.CAMPS.values()) | set(chronology.BASES.values()) | set(briefs.REASONS.values())
    found |= set(catalogue.SEASONS.values()) | set(speakers.STANCES.values()) | _PUT_BY_NAME
    found |= set(alerts.BREAKS.values())
    return found


def _in_code(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        name = node.func
        if isinstance(name, ast.Name) and name.id in ("words", "self") and texts:
            yield texts[0]
        elif isinstance(name, ast.Attribute) and name.attr == "many" and len(texts) >= 2:
            yield (texts[0], texts[1])
        elif isinstance(name, ast.Attribute) and name.attr == "text" and texts:
            yield texts[0]


def held(language: str) -> dict[Message, bool]:
    """Messages of a catalogue, each with whether it is translated."""
    found: dict[Message, bool] = {}
    for message in catalogue.translated(language):
        done = all(message.string) if isinstance(message.string, tuple) else bool(message.string)
        if isinstance(message.id, tuple):
            found[(message.id[0], message.id[1])] = done
        elif isinstance(message.id, str) and message.id:
            found[message.id] = done
    return found


def problems(language: str) -> list[str]:
    """What a catalogue lacks, leaves open or holds for nothing."""
    wanted, have = shown(), held(language)
    out = [f"{language}: lacks {message!r}" for message in sorted(wanted - set(have), key=str)]
    out += [f"{language}: not translated: {message!r}" for message, done in have.items() if not done]
    out += [f"{language}: nothing shows {message!r}" for message in sorted(set(have) - wanted, key=str)]
    return out


if __name__ == "__main__":
    lines = [line for language in ("fr", "ru") for line in problems(language)]
    print("\n".join(lines) or "every message is translated")
    sys.exit(bool(lines))
