"""The record of a dossier's forecasts, as text and data: every one that was kept, and how those settled did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from detente.dossier import Dossier
from detente.forecast.if_and_when import WINDOW
from detente.forecast.own_cases import known_cases
from detente.forecast.track_record import (
    Bin,
    Comparison,
    Judged,
    LayerStep,
    Share,
    Together,
    TrackRecord,
    Way,
    track_record,
)
from detente.ledger import Ledger
from detente.publish.catalogue import Words
from detente.publish.forecast_layers import LAYERS
from detente.publish.knowledge import limit_day
from detente.publish.marks import DRAWN

SCORE_NAMES: Mapping[str, str] = {
    "ranked-probability": "ranked probability score",
    "log": "log score a month",
    "brier:deadline": "Brier score by the deadline",
    "brier:1": "Brier score at 1 month",
    "brier:3": "Brier score at 3 months",
    "brier:6": "Brier score at 6 months",
    "brier:12": "Brier score at 12 months",
    "brier:24": "Brier score at 24 months",
}
RIVAL_NAMES: Mapping[str, str] = {"base-rate": "base rate", "no-change": "no change"}
VERDICTS: Mapping[str, str] = {
    "better": "better",
    "worse": "worse",
    "not yet distinguishable": "not yet distinguishable",
}
FATES: Mapping[str, str] = {
    "scored": "scored",
    "open": "not settled yet",
    "void": "fell, not scored",
    "late": "kept when the answer could be known, not scored",
}
"""What became of a kept forecast."""
WAYS: Mapping[Way, str] = {
    "default": "Forecasts made by default",
    "posterior": "Forecasts averaged over the whole posterior",
}
WAITING = "scored once its deadline has passed"
"""Of one whose question is settled before its deadline."""


def record_of(dossier: Dossier, ledger: Ledger, *, as_of: date | datetime | None = None) -> TrackRecord:
    """The track record of a dossier as it stood at a moment.

    Base rates are computed anew as of the day each forecast speaks from, with the cases known then.
    """
    put = {m.id: m for m in dossier.milestones}
    put |= {name: question.as_milestone() for name, question in ledger.questions(as_of=as_of).items()}
    return track_record(
        ledger.forecasts(as_of=as_of),
        put,
        ledger.polls(as_of=as_of),
        dyad=dossier.dyad,
        cases=lambda day: known_cases(dossier.folder, as_of=day),
        today=limit_day(as_of),
    )


def record_json(record: TrackRecord) -> dict[str, Any]:
    """A track record as data."""
    return {
        "forecasts": [_judged_json(each) for each in record.forecasts],
        "ways": [_together_json(each) for each in record.ways],
        "digital_source_type": DRAWN,
    }


def _together_json(held: Together) -> dict[str, Any]:
    return {
        "way": held.way,
        "comparisons": [{**asdict(each), "verdict": each.verdict} for each in held.comparisons],
        "calibration": [asdict(each) for each in held.calibration],
        "calibration_slope": held.slope,
        "layers": [{**asdict(each), "verdict": each.verdict} for each in held.layers],
        "coverage_80": asdict(held.coverage) if held.coverage else None,
    }


def _judged_json(judged: Judged) -> dict[str, Any]:
    f, resolution = judged.logged.forecast, judged.resolution
    return {
        "milestone": f.milestone,
        "question": judged.question,
        "made": f.made.isoformat(),
        "recorded": judged.logged.recorded.isoformat(),
        "code": judged.logged.code,
        "method": f.method,
        "way": judged.way,
        "reference_class": f.reference_class,
        "deadline": f.deadline.isoformat(),
        "probability": f.probability,
        "never": f.never,
        "window": [day.isoformat() for day in f.window] if f.window else None,
        "fate": judged.fate,
        "resolution": {"answer": resolution.answer, "day": resolution.day.isoformat()} if resolution else None,
        "scores": dict(judged.scores),
        "rivals": {name: dict(scores) for name, scores in judged.rivals.items()},
        "in_window": judged.in_window,
        "layers": {name: dict(scores) for name, scores in judged.layers.items()},
    }


def record_text(record: TrackRecord, dossier: Dossier, words: Words) -> str:
    """A track record for a terminal."""
    if not record.forecasts:
        return words("No forecast was kept yet. Keep one: detente forecast --keep")
    scored = [each for each in record.forecasts if each.fate == "scored"]
    lines = [
        " ".join(
            (
                words.many("{n} forecast was kept.", "{n} forecasts were kept.", len(record.forecasts)),
                words.many("{n} is scored.", "{n} are scored.", len(scored)),
            )
        )
    ]
    for held in record.ways:
        lines += _together_lines(held, way_text(record, held, words), words)
    lines += ["", words("Every forecast kept")]
    labels = labels_of(dossier, words)
    lines += [f"    {forecast_text(each, labels, words)}" for each in record.forecasts]
    return "\n".join(lines)


def way_text(record: TrackRecord, held: Together, words: Words) -> str:
    """How forecasts were made that are averaged; empty where all were made by default."""
    return words(WAYS[held.way]) if held.way != "default" or len(record.ways) > 1 else ""


def _together_lines(held: Together, way: str, words: Words) -> list[str]:
    lines = ["", way] if way else []
    lines += ["", words("Scores, lower is better; 90% intervals over questions, each counted once")]
    lines += [f"    {_comparison_line(each, words)}" for each in held.comparisons]
    lines += ["", words("Calibration, by the deadline")]
    lines += [f"    {bin_text(each, words)}" for each in held.calibration]
    if held.slope is not None:
        lines.append(f"    {slope_text(held.slope, words)}")
    if held.layers:
        lines += ["", words("What each step of a forecast added, lower is better")]
        lines += [f"    {step_text(each, words)}" for each in held.layers]
    if held.coverage:
        lines += ["", coverage_text(held.coverage, words)]
    return lines


def slope_text(slope: float, words: Words) -> str:
    """`slope 0.87: 1 is calibrated, below 1 too extreme`"""
    return words("slope {slope}: 1 is calibrated, below 1 too extreme", slope=words.number(slope, 2))


def labels_of(dossier: Dossier, words: Words) -> Mapping[str, str]:
    """What the dossier calls its questions, by id."""
    return {m.id: m.label_in(words.language) for m in dossier.milestones}


def bin_text(held: Bin, words: Words) -> str:
    """`30–50%: said 44%, came 40% (27–53%), 12 forecasts and 10 questions`"""
    said = words("said {said}, came {came}", said=words.percent(held.said), came=share_text(held.came, words))
    return f"{words.interval(held.low, held.high)}{words.colon()}{said}"


def counts_text(forecasts: int, questions: int, words: Words) -> str:
    """`12 forecasts and 10 questions`"""
    return words.listed(
        [words.many("{n} forecast", "{n} forecasts", forecasts), words.many("{n} question", "{n} questions", questions)]
    )


def coverage_text(coverage: Share, words: Words) -> str:
    """`Came within the 80% window: 40% (27–53%), 12 forecasts and 10 questions`"""
    return words(
        "Came within the {window} window: {share}", window=words.percent(WINDOW), share=share_text(coverage, words)
    )


def share_text(share: Share, words: Words) -> str:
    """`40% (27–53%), 12 forecasts and 10 questions`"""
    shown = f"{words.percent(share.share)} ({words.interval(*share.interval)})"
    return f"{shown}, {counts_text(share.forecasts, share.questions, words)}"


def step_text(each: LayerStep, words: Words) -> str:
    """`the step reached, ranked probability score: 0.304 before it, 0.290 after; better (…)`"""
    return words(
        "{layer}, {score}: {before} before it, {after} after; {verdict} ({counts})",
        layer=words(LAYERS[each.layer]),
        score=words(SCORE_NAMES[each.score]),
        before=words.number(each.before, 3),
        after=words.number(each.after, 3),
        verdict=words(VERDICTS[each.verdict]),
        counts=counts_text(each.forecasts, each.questions, words),
    )


def _comparison_line(each: Comparison, words: Words) -> str:
    return words(
        "{score}: {ours}, {rival}: {theirs}; {verdict} ({counts})",
        score=words(SCORE_NAMES[each.score]),
        ours=score_text(each.ours, each.ours_interval, words),
        rival=words(RIVAL_NAMES[each.rival]),
        theirs=score_text(each.theirs, each.theirs_interval, words),
        verdict=words(VERDICTS[each.verdict]),
        counts=counts_text(each.forecasts, each.questions, words),
    )


def score_text(score: float, interval: tuple[float, float] | None, words: Words) -> str:
    """`0.304 (0.201–0.407)`"""
    shown = words.number(score, 3)
    return f"{shown} ({words.number(interval[0], 3)}–{words.number(interval[1], 3)})" if interval else shown


def forecast_text(judged: Judged, labels: Mapping[str, str], words: Words) -> str:
    """One kept forecast: what it said, when and by which version, and what became of it."""
    f, resolution = judged.logged.forecast, judged.resolution
    said = words(
        "{question}, as of {made}, kept on {recorded} by detente {code} ({method}): {chance} by {deadline}",
        question=labels.get(f.milestone, f.milestone),
        made=words.day(f.made, short=True),
        recorded=words.day(judged.logged.recorded.date(), short=True),
        code=judged.logged.code,
        method=words("{method}, whole posterior", method=f.method) if judged.way == "posterior" else f.method,
        chance=words.percent(f.probability),
        deadline=words.day(f.deadline, short=True),
    )
    answer = f"{words(resolution.answer)}, {words.day(resolution.day, short=True)}" if resolution else ""
    fate = WAITING if judged.fate == "open" and resolution else FATES[judged.fate]
    score = ""
    if "ranked-probability" in judged.scores:
        score = f"{words(SCORE_NAMES['ranked-probability'])} {words.number(judged.scores['ranked-probability'], 3)}"
    return f"{said} · " + " · ".join(filter(None, (words(fate), answer, score)))
