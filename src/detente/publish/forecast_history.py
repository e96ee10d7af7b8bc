"""What was said of a milestone over time: forecasts kept, and what today's program says of earlier month ends.

A forecast that was kept is what was said then. Where none was kept in a month, the question is asked anew as of its
last day: with the reports, decisions, answers and past cases recorded by then, and with today's program. That is no
record of foresight, and is marked as made afterwards everywhere; it can speak of days on which nobody had put the
question yet.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from detente.dossier import Dossier
from detente.forecast.layers import layered_forecast
from detente.forecast.own_cases import known_cases, own_digest
from detente.ledger import Ledger, LoggedForecast, changes
from detente.publish.catalogue import Words
from detente.publish.charts import BLACK, QUIET, UP, escape, month_starts, text_at
from detente.publish.forecast_layers import MOVES, move_json
from detente.publish.knowledge import knowledge_day
from detente.publish.milestones import Row, own_stages
from detente.terms import Forecast, Move

MOST_MONTHS = 12
"""Month ends that are asked anew, the last ones: each takes as long as a forecast of every milestone."""
KEPT = 64
"""Month ends held in memory over all dossiers: what was recorded by a past day never changes."""
Kind = Literal["kept", "replayed", "unput", "now"]
KINDS: Mapping[Kind, str] = {
    "kept": "kept that day",
    "replayed": "made afterwards",
    "unput": "made afterwards, of a day before the question was put",
    "now": "now",
}
"""How each point came to be, as a reader is told."""

_Replays = Mapping[str, tuple[Forecast, ...]]
_known: dict[tuple[str, ...], tuple[Forecast, ...]] = {}
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Said:
    """One forecast in the history of a milestone.

    Attributes:
        change: Percentage points since the one before; None for the first.
        came, went: Reasons that its layers name and the one before did not, and the other way round.
    """

    kind: Kind
    forecast: Forecast
    change: float | None = None
    came: tuple[Move, ...] = ()
    went: tuple[Move, ...] = ()


def month_ends(first: date, last: date) -> list[date]:
    """Last days of months from one day to before another, the newest of them.

    >>> [day.isoformat() for day in month_ends(date(2025, 1, 15), date(2025, 3, 31))]
    ['2025-01-31', '2025-02-28']
    """
    found: list[date] = []
    at = first.replace(day=1)
    while True:
        at = (at + timedelta(days=31)).replace(day=1)
        if at - timedelta(days=1) >= last:
            return found[-MOST_MONTHS:]
        found.append(at - timedelta(days=1))


def replays(dossier: Dossier, ledger: Ledger, day: date) -> dict[str, tuple[Forecast, ...]]:
    """By milestone, what today's program says of the month ends before a day, the oldest first.

    Args:
        ledger: As it stands on the day, or later.

    Raises:
        LedgerError: The ledger cannot be read.
    """
    found: dict[str, list[Forecast]] = {}
    for end in month_ends(dossier.since, day):
        for forecast in _asked_on(dossier, ledger, end):
            held = found.setdefault(forecast.milestone, [])
            if not held or held[-1].made < forecast.made:  # A month without a report knows no more than the one before.
                held.append(forecast)
    return {name: tuple(held) for name, held in found.items()}


def _asked_on(dossier: Dossier, ledger: Ledger, end: date) -> tuple[Forecast, ...]:
    own = own_digest(dossier.folder) if dossier.folder else ""
    key = (ledger.head(end).hash, dossier.text, own, end.isoformat())
    with _lock:
        if key in _known:
            return _known[key]
    made = _ask(dossier, ledger, end)
    with _lock:
        _known[key] = made
        while len(_known) > KEPT:
            _known.pop(next(iter(_known)))
    return made


def _ask(dossier: Dossier, ledger: Ledger, end: date) -> tuple[Forecast, ...]:
    made = knowledge_day(ledger.documents(as_of=end), end, dossier)
    opened, polls = ledger.questions(as_of=end), ledger.polls(as_of=end)
    answers = {name: poll.resolution for name, poll in polls.items()}
    stages, told = own_stages(dossier, answers), ledger.occurrences(as_of=end)
    cases = known_cases(dossier.folder, as_of=made)
    out = []
    for m in dossier.milestones:
        clock, resolution = m.reference.clock_start or m.opened, answers.get(m.id) or m.resolution
        settled = resolution is not None and resolution.day <= made
        if made < clock or made >= m.deadline or settled or changes(opened.values(), m):
            continue
        asked = layered_forecast(m, made=made, dyad=dossier.dyad, cases=cases, stages=stages, occurrences=told)
        out.append(asked)
    return tuple(out)


def history(row: Row, logged: Iterable[LoggedForecast], replayed: Sequence[Forecast] = ()) -> list[Said]:
    """Everything said of a milestone, the oldest first, and what changed from one to the next.

    Args:
        logged: Forecasts that were kept, of any milestone.
        replayed: What today's program says of earlier days (`replays`).
    """
    m = row.milestone
    kept = [each.forecast for each in logged if each.forecast.milestone == m.id]
    months = {(f.made.year, f.made.month) for f in kept}
    points: list[tuple[Kind, Forecast]] = [("kept", f) for f in kept]
    points += [
        ("replayed" if f.made >= m.opened else "unput", f)
        for f in replayed
        if (f.made.year, f.made.month) not in months
    ]
    if not row.settled and row.forecast not in kept:
        points.append(("now", row.forecast))
    points.sort(key=lambda point: (point[1].made, point[0] == "now"))
    out: list[Said] = []
    for kind, forecast in points:
        if not out:
            out.append(Said(kind, forecast))
            continue
        before = out[-1].forecast
        old, new = _moves(before), _moves(forecast)
        came = tuple(move for key, move in new.items() if key not in old)
        went = tuple(move for key, move in old.items() if key not in new)
        out.append(Said(kind, forecast, 100 * (forecast.probability - before.probability), came, went))
    return out


def _moves(forecast: Forecast) -> dict[tuple[str, str, date | None], Move]:
    return {
        (move.what, move.entry, move.day): move
        for layer in forecast.layers
        for move in layer.moves
        if layer.name != "classes"
    }


def move_name(move: Move, words: Words) -> str:
    """`first talks, 18 February 2025`"""
    name = words(MOVES[move.what]) if move.what in MOVES else move.what
    signed = f" ({move.by})" if move.by else ""
    return f"{name}{signed}, {words.day(move.day)}" if move.day else f"{name}{signed}"


def history_json(said: Sequence[Said]) -> list[dict[str, Any]]:
    """A history as data, the oldest first; `made_afterwards` where today's program was asked of an earlier day."""
    return [
        {
            "made": each.forecast.made.isoformat(),
            "kind": each.kind,
            "made_afterwards": each.kind in ("replayed", "unput"),
            "deadline": each.forecast.deadline.isoformat(),
            "probability": each.forecast.probability,
            "interval": list(each.forecast.interval),
            "never": each.forecast.never,
            "never_interval": list(each.forecast.never_interval),
            "method": each.forecast.method,
            "change_points": None if each.change is None else round(each.change, 4),
            "came": [move_json(move) for move in each.came],
            "went": [move_json(move) for move in each.went],
        }
        for each in said
    ]


def history_lines(said: Sequence[Said], words: Words) -> list[str]:
    """A history for a terminal, the newest first."""
    lines = []
    for each in reversed(said):
        f = each.forecast
        chance = f"{words.percent(f.probability)} ({words.interval(*f.interval)})"
        points = "" if each.change is None else f" {words.number(each.change, 1, signed=True)}"
        told = f"{words.day(f.made, short=True)}{words.colon()}{chance}{points}"
        moved = "" if each.change is None else f"{words.semicolon()}{moved_text(each, words)}"
        lines.append(f"{told}{moved}{words.semicolon()}{words(KINDS[each.kind])}")
    return lines


def moved_text(said: Said, words: Words) -> str:
    """What moved a forecast against the one before: `first talks, 18 February 2025; no longer: …`, or time alone."""
    names = [move_name(move, words) for move in said.came]
    names += [words("no longer: {what}", what=move_name(move, words)) for move in said.went]
    return words.semicolon().join(names) or words("time alone")


def history_chart(said: Sequence[Said], words: Words, *, title: str, summary: str) -> str:
    """Chances by the deadline as they were said, hollow where made afterwards; empty for one point."""
    if len(said) < 2:
        return ""
    wide, high, left, top = 640.0, 150.0, 46.0, 14.0
    first, last = said[0].forecast.made, said[-1].forecast.made
    span = max(1, (last - first).days)

    def x(day: date) -> float:
        return left + wide * min(max((day - first).days, 0), span) / span

    def y(share: float) -> float:
        return top + high * (1 - share)

    out = [
        f'<svg class="curve history" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 216" role="img" '
        f'aria-label="{escape(title)}" font-family="inherit" font-size="12">',
        f"<title>{escape(title)}</title><desc>{escape(summary)}</desc>",
    ]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        out.append(f'<line x1="{left}" x2="{left + wide}" y1="{y(share):.1f}" y2="{y(share):.1f}" stroke="#ddd"/>')
        out.append(text_at(left - 6, y(share) + 4, words.percent(share), "end", f' fill="{QUIET}"'))
    for month in month_starts(first, last):
        at = x(month)
        out.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{top}" y2="{top + high}" stroke="#eee"/>')
        out.append(text_at(at, top + high + 30, words.month(month), "middle", f' fill="{QUIET}" font-size="10"'))
    points = " ".join(f"{x(each.forecast.made):.1f},{y(each.forecast.probability):.1f}" for each in said)
    out.append(f'<polyline points="{points}" fill="none" stroke="{UP}" stroke-width="1.5" stroke-dasharray="2 3"/>')
    for each in said:
        f = each.forecast
        at, label = (
            x(f.made),
            f"{words.day(f.made)}{words.colon()}{words.percent(f.probability)}, {words(KINDS[each.kind])}",
        )
        solid = each.kind in ("kept", "now")
        dash = "" if solid else ' stroke-dasharray="2 2"'
        out.append(
            f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{y(f.interval[1]):.1f}" y2="{y(f.interval[0]):.1f}" '
            f'stroke="{UP}" opacity="0.5"{dash}/>'
        )
        out.append(
            f'<circle cx="{at:.1f}" cy="{y(f.probability):.1f}" r="4" fill="{UP if solid else "#fff"}" stroke="{UP}">'
            f"<title>{escape(label)}</title></circle>"
        )
    for day, label in sorted(
        {(move.day, move_name(move, words)) for each in said[1:] for move in each.came if move.day}
    ):
        if first <= day <= last:
            at, floor = x(day), top + high + 4
            shape = f"{at:.1f},{floor:.1f} {at - 5:.1f},{floor + 9:.1f} {at + 5:.1f},{floor + 9:.1f}"
            out.append(f'<polygon points="{shape}" fill="{BLACK}"><title>{escape(label)}</title></polygon>')
    at = left
    for kind, text in (("kept", words("kept, or now")), ("", words("made afterwards"))):
        out.append(f'<circle cx="{at + 4:.1f}" cy="206" r="4" fill="{UP if kind else "#fff"}" stroke="{UP}"/>')
        out.append(text_at(at + 13, 210, text))
        at += 30 + 7.0 * len(text)
    out.append(f'<polygon points="{at + 5:.1f},201 {at:.1f},210 {at + 10:.1f},210" fill="{BLACK}"/>')
    out.append(text_at(at + 15, 210, words("what its layers name")))
    out.append("</svg>")
    return "".join(out)
