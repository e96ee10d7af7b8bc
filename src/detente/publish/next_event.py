"""The likeliest next acts between two states, as text and data."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from detente.codebook import labels
from detente.forecast.act_chances import METHOD
from detente.forecast.dyad_next import LATELY_DAYS, DyadNext, Reason
from detente.publish.catalogue import Words
from detente.registry import Registry


def next_json(found: DyadNext) -> dict[str, Any]:
    """All of it as data, days as text."""
    return {
        "method": METHOD,
        "dyad": str(found.dyad),
        "origin": found.origin,
        "day": found.day.isoformat(),
        "first": found.first.isoformat(),
        "n_rows": found.n_rows,
        "lately": found.lately,
        "learned_from": found.learned_from,
        "held_out": asdict(found.held_out) if found.held_out else None,
        "acts": [
            {
                "actor": act.actor,
                "recipient": act.recipient,
                "type": act.type,
                "chance": round(act.chance, 6),
                "reasons": [_reason_json(reason) for reason in act.reasons],
            }
            for act in found.acts
        ],
    }


def _reason_json(reason: Reason) -> dict[str, Any]:
    held = asdict(reason)
    held["last"] = reason.last.isoformat() if reason.last else None
    held["rows"] = list(reason.rows)
    if reason.kind != "rule":
        for name in ("least_days", "most_days", "seen", "right"):
            del held[name]
    return held


def next_text(found: DyadNext, registry: Registry, words: Words) -> str:
    """What may come next, each act with its reasons."""

    def state(code: str) -> str:
        return registry.state_name(code, words.language)

    pair = " – ".join(state(side) for side in found.dyad.sides)
    lines = [
        words("{pair}: what may be recorded next", pair=pair),
        words(
            "From {origin}, cut at {day} by the day of each event: when the database learned of it is not known.",
            origin=found.origin.upper(),
            day=words.day(found.day),
        ),
        words.many("{n} act recorded between them since {day}.", "{n} acts recorded between them since {day}.",
                   found.n_rows, day=words.day(found.first)),
        words.many("Something was recorded on {n} of the last {all} days.",
                   "Something was recorded on {n} of the last {all} days.", found.lately, all=LATELY_DAYS),
        words("Each chance is the share of an act in what is recorded on the next day on which anything is."),
        _how_good(found, words),
        "",
    ]  # fmt: skip
    types = labels(words.language)
    for place, act in enumerate(found.acts, 1):
        who = f"{state(act.actor)} → {state(act.recipient)}"
        lines.append(f"{place:>2}. {who}{words.colon()}{types[act.type]}  {words.percent(act.chance)}")
        lines += [f"    {line}" for reason in act.reasons for line in _reason_lines(reason, registry, words)]
    return "\n".join(lines)


def _how_good(found: DyadNext, words: Words) -> str:
    held = found.held_out
    learned = words.many("Learned from {n} day of a pair.", "Learned from {n} days of pairs.", found.learned_from)
    if held is None:
        return f"{learned} {words('Too few to hold any out: how good the chances are is not known.')}"
    tried = words(
        "On {held} later ones such chances had a log loss of {log_loss} and a Brier score of {brier}; each pair's own "
        "frequencies alone had {log_loss_own} and {brier_own} (lower is better).",
        held=words.number(held.n),
        log_loss=words.number(held.log_loss, 2),
        brier=words.number(held.brier, 2),
        log_loss_own=words.number(held.log_loss_own, 2),
        brier_own=words.number(held.brier_own, 2),
    )
    return f"{learned} {tried}"


def _reason_lines(reason: Reason, registry: Registry, words: Words) -> list[str]:
    def state(code: str) -> str:
        return registry.state_name(code, words.language)

    rows = words.listed(reason.rows)
    last = words.day(reason.last) if reason.last else words("undated")
    if reason.kind == "rule":
        label = labels(words.language)[reason.type]
        act = f"{state(reason.actor)} → {state(reason.recipient)}{words.colon()}{label}"
        told = words("Last on {day}, {act}: {rows}", day=last, act=words.quoted(act), rows=rows)
        return [told, f"  {_rule(reason, words)}"]
    if reason.kind == "same":
        return [
            words.many(
                "Recorded {n} time, last on {day}: {rows}",
                "Recorded {n} times, last on {day}: {rows}",
                reason.count,
                day=last,
                rows=rows,
            )
        ]
    if reason.kind == "doer":
        return [
            words.many(
                "{who} did this to others {n} time, last on {day}: {rows}",
                "{who} did this to others {n} times, last on {day}: {rows}",
                reason.count,
                who=state(reason.actor),
                day=last,
                rows=rows,
            )
        ]
    return [
        words.many(
            "Others did this to {whom} {n} time, last on {day}: {rows}",
            "Others did this to {whom} {n} times, last on {day}: {rows}",
            reason.count,
            whom=state(reason.recipient),
            day=last,
            rows=rows,
        )
    ]


def _rule(reason: Reason, words: Words) -> str:
    if reason.most_days == 0:
        back = words.many("more than {n} day back", "more than {n} days back", reason.least_days - 1)
    elif reason.least_days == reason.most_days:
        back = words.many("{n} day back", "{n} days back", reason.most_days)
    else:
        back = words("{least} to {most} days back", least=reason.least_days, most=reason.most_days)
    return words(
        "Rule over all pairs: such an act {back}, and this one was among what came on {right} of {seen} days with "
        "anything.",
        back=back,
        right=words.number(reason.right),
        seen=words.number(reason.seen),
    )
