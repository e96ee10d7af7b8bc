"""If and when, milestone by milestone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, get_args

from detente.dossier import Dossier
from detente.forecast import CLASSES, STAGES, Case, Stage, choose, spells
from detente.forecast.layers import Adjustment, layered_forecast
from detente.forecast.months import DAYS_A_YEAR
from detente.forecast.own_cases import known_cases
from detente.ledger import EVIDENCE_MARK, Ledger, changes, check_question
from detente.publish.catalogue import Words
from detente.publish.forecast_layers import hazards, horizon_line, horizons, layer_json, layer_lines
from detente.publish.knowledge import knowledge_day, limit_day
from detente.publish.marks import DRAWN
from detente.publish.notebook import Shown, ShowsItself, shown
from detente.terms import Forecast, Milestone, Occurrence, Resolution

NOTES: Mapping[str, str] = {
    "clock:opened": "The dossier names no start of the process: the clock starts the day the question was put.",
    "prior-only": "No past case is comparable: the figures are those of the prior alone.",
    "excluded-own-process": "This process itself is left out of the past cases.",
    "no-case-this-late": "No past case still waited after so long: the form of the curve alone speaks.",
    "deadline-passed": "The deadline lies behind, and the milestone was not reached.",
    "capped-by-relations": "Held down: ambassadors are no likelier than relations restored.",
    "reached-late": "Reached, but after the deadline: the answer to the question is no.",
}
"""What the reader is told of a forecast's notes (`detente.forecast`); the others are for machines."""

COUNTED_NOTES: Mapping[str, tuple[str, str]] = {
    "fitted": ("Fitted to {n} past case.", "Fitted to {n} past cases."),
    "undated": (
        "{n} past case left out: nobody dated this stage.",
        "{n} past cases left out: nobody dated this stage.",
    ),
    "posterior": (
        "Averaged over all that past cases allow (whole posterior; worth {n} independent draw).",
        "Averaged over all that past cases allow (whole posterior; worth {n} independent draws).",
    ),
    "already": (
        "{n} past case left out: it had this stage when its process began.",
        "{n} past cases left out: they had this stage when their process began.",
    ),
    "not-applicable": (
        "{n} past case left out: its embassies never closed.",
        "{n} past cases left out: their embassies never closed.",
    ),
}
"""Notes that count."""

Ending = Literal["reached", "never", "open", "own", "already", "undated", "not_applicable"]
ENDINGS: Mapping[Ending, str] = {
    "reached": "reached",
    "never": "ended without it",
    "open": "still waiting",
    "own": "left out: this very process",
    "already": "left out: had it from the start",
    "undated": "left out: nobody dated it",
    "not_applicable": "left out: its embassies never closed",
}
FIELD_NAMES: Mapping[str, str] = {
    "id": "id",
    "question": "question",
    "rule": "rule",
    "day_of": "which day counts",
    "sources": "primary sources",
    "edge_cases": "edge cases",
    "tie_break": "tie-break",
    "void_rule": "when it falls",
    "opened": "day it was put",
    "deadline": "deadline",
    "chain": "chain of dates",
}
"""What stays as it was once a question is opened, as a reader calls it."""
CONFIDENCES: Mapping[str, str] = {"high": "high", "medium": "medium", "low": "low"}


@dataclass(frozen=True, slots=True)
class PastCase:
    """One past case as a forecast saw it.

    Attributes:
        years: From the start of its process to the stage, its end or the day it was last looked at; None if left out.
    """

    case: Case
    ending: Ending
    reached: date | None
    years: float | None

    @property
    def used(self) -> bool:
        return self.ending in ("reached", "never", "open")

    def pair(self, dossier: Dossier, words: Words) -> str:
        """The two states as they are called today."""
        return " – ".join(dossier.registry.state_name(side, words.language) for side in self.case.dyad.sides)


@dataclass(frozen=True)
class Row(ShowsItself):
    """One milestone with its forecast; None where it is settled.

    Attributes:
        by_two: Whether its resolution is the answer of two people in the ledger, not the dossier's own.
    """

    milestone: Milestone
    forecast: Forecast
    dossier: Dossier
    by_two: bool = False

    @property
    def slug(self) -> str:
        """The id as it can stand in an address: a dossier may call a milestone anything."""
        plain = re.fullmatch(r"[A-Za-z0-9_-]{1,64}", self.milestone.id)
        return plain[0] if plain else hashlib.sha256(self.milestone.id.encode()).hexdigest()[:12]

    @property
    def settled(self) -> bool:
        resolution = self.milestone.resolution
        return resolution is not None and resolution.day <= self.forecast.made

    def shown(self, language: str = "en") -> Shown:
        """Question, chances and curve, as a notebook shows them."""
        from detente.publish.sites import curve  # Pages are made of these.

        words, f = Words(language), self.forecast
        if self.settled:
            said = [settled_line(self, words)]
        else:
            ahead = horizon_line(f, words)
            said = [chance_line(self, words), when_line(self, words), *([ahead] if ahead else []), *self.notes(words)]
        drawn = None if self.settled else curve(self, words)
        return shown(
            language,
            title=self.milestone.question_in(language),
            sentences=said,
            svg=str(drawn or ""),
            foot=[f"{f.method} · {words('Known up to {day}', day=words.day(f.made))}"],
        )

    def notes(self, words: Words) -> list[str]:
        """What the reader must know beside the number."""
        own = self.milestone.reference.note_in(words.language)
        shown = [own]
        for note in self.forecast.notes:
            key, _, value = note.partition(":")
            if note == "prior-only" and own:
                continue  # The dossier says it in its own words.
            if note in NOTES:
                shown.append(words(NOTES[note]))
            elif key in COUNTED_NOTES:
                shown.append(words.many(*COUNTED_NOTES[key], int(value)))
            elif key == "cases-until":
                day = words.day(date.fromisoformat(value))
                shown.append(words("The table of cases was last looked at on {day}.", day=day))
        return [note for note in shown if note]

    def past_cases(self) -> list[PastCase]:
        """Every case of the reference class as this forecast saw it: those used, the longest wait last; then the rest.

        Nothing later than the day of the forecast is told of them.
        """
        f, stage = self.forecast, self.milestone.reference.stage
        if stage not in STAGES or f.reference_class not in CLASSES:
            return []
        known = {case.label: case for case in choose(known_cases(self.dossier.folder, as_of=f.made), f.reference_class)}
        clock = self.milestone.reference.clock_start or self.milestone.opened
        sample = spells(known.values(), stage, as_of=f.made, own=(self.dossier.dyad, clock))
        used = [
            PastCase(
                known[spell.case],
                spell.ending,
                known[spell.case].reached(stage) if spell.ending == "reached" else None,
                round(spell.days / DAYS_A_YEAR, 1),
            )
            for spell in sorted(sample.spells, key=lambda spell: (spell.days, spell.case))
        ]
        endings: tuple[Ending, ...] = get_args(Ending)
        left = [
            PastCase(known[label], ending, None, None)
            for ending in endings[3:]
            for label in sorted(getattr(sample, ending))
        ]
        return used + left

    def as_json(self) -> dict[str, Any]:
        f, m = self.forecast, self.milestone
        return {
            "milestone": m.id,
            "question": dict(m.question),
            "rule": dict(m.rule),
            "track": m.track,
            "opened": m.opened.isoformat(),
            "deadline": m.deadline.isoformat(),
            "made": f.made.isoformat(),
            "probability": f.probability,
            "interval": list(f.interval),
            "never": f.never,
            "never_interval": list(f.never_interval),
            "median_day": f.median_day.isoformat() if f.median_day else None,
            "window": [day.isoformat() for day in f.window] if f.window else None,
            "curve": [[day.isoformat(), share] for day, share in f.curve],
            "chances": {str(months): round(share, 4) for months, share in horizons(f).items()},
            "hazards": list(hazards(f)),
            "layers": [layer_json(layer) for layer in f.layers],
            "cases": f.cases,
            "reached_cases": f.reached_cases,
            "reference_class": f.reference_class,
            "method": f.method,
            "digital_source_type": DRAWN,
            "notes": list(f.notes),
            "resolution": {
                "answer": m.resolution.answer,
                "day": m.resolution.day.isoformat(),
                "evidence": m.resolution.evidence,
            }
            if self.settled and m.resolution
            else None,
        }


def rows_on(
    dossier: Dossier,
    day: date,
    *,
    ledger: Ledger | None = None,
    as_of: date | datetime | None = None,
    only: str | None = None,
    adjustment: Adjustment | None = None,
    posterior: bool = False,
    told: Iterable[Occurrence] | None = None,
) -> list[Row]:
    """Forecasts from what was known on a day, in the order of the dossier.

    A question put later than `as_of` is left out: nobody had asked it then. One put after the last report is answered
    for the day it was put. With a ledger, the answer that two people share goes before the dossier's own, and a
    question that the dossier puts otherwise than when it was opened is left out (see `changed_on`).

    Args:
        only: Id of a milestone, or of a chain of dates.
        adjustment: A person's change of the log odds of all that are shown.
        posterior: Average over the whole posterior, not at the most probable values.
        told: The ledger's occurrences at `as_of`, where they are at hand.

    Raises:
        LedgerError: The dossier says something else of the question in `only` than when it was opened.
    """
    limit = limit_day(as_of)
    opened = ledger.questions(as_of=as_of) if ledger else {}
    polls = ledger.polls(as_of=as_of) if ledger else {}
    if told is None:
        told = ledger.occurrences(as_of=as_of) if ledger else ()
    told = tuple(told)
    stages = own_stages(dossier, {name: poll.resolution for name, poll in polls.items()})
    out = []
    for milestone in dossier.milestones:
        if (only and only not in (milestone.id, milestone.chain)) or milestone.opened > limit:
            continue
        if only:
            check_question(opened.values(), milestone)
        elif changes(opened.values(), milestone):
            continue
        made, by_two = max(day, milestone.opened), False
        if milestone.id in polls and (found := polls[milestone.id].resolution):
            milestone, made, by_two = replace(milestone, resolution=found), max(made, found.day), True
        resolution = milestone.resolution
        reached = resolution.day if resolution and resolution.answer == "yes" and resolution.day <= made else None
        cases = known_cases(dossier.folder, as_of=made)
        made_of = layered_forecast(
            milestone,
            made=made,
            dyad=dossier.dyad,
            cases=cases,
            reached=reached,
            stages=stages,
            occurrences=told,
            adjustment=adjustment,
            posterior=posterior,
        )
        out.append(Row(milestone, made_of, dossier, by_two))
    return out


def own_stages(dossier: Dossier, by_two: Mapping[str, Resolution | None]) -> dict[Stage, date]:
    """Stages that settled questions of the dossier show to have been reached, with the first such day."""
    found: dict[Stage, date] = {}
    for milestone in dossier.milestones:
        settled = by_two.get(milestone.id) or milestone.resolution
        stage = next((each for each in STAGES if each == milestone.reference.stage), None)
        if stage and settled and settled.answer == "yes":
            found[stage] = min(settled.day, found.get(stage, settled.day))
    return found


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A question that the dossier puts otherwise than when it was opened: it has no forecast.

    Attributes:
        fields: What differs, of `detente.ledger.questions.FROZEN`.
        put: When the question it differs from was opened, itself or another date of its chain.
    """

    milestone: Milestone
    fields: tuple[str, ...]
    put: date

    def line(self, words: Words) -> str:
        """What is wrong, and what to do."""
        return words(
            "{question}: changed since it was opened on {day} ({fields}). No forecast is made of it: put the old text "
            "back, or open the new one under another id.",
            question=self.milestone.label_in(words.language),
            day=words.day(self.put),
            fields=field_names(self.fields, words),
        )

    def as_json(self) -> dict[str, Any]:
        return {"milestone": self.milestone.id, "changed": list(self.fields), "opened": self.put.isoformat()}


def changed_on(dossier: Dossier, ledger: Ledger, *, as_of: date | datetime | None = None) -> list[ChangedRow]:
    """Questions that had been put by a moment and that the dossier now puts otherwise, in its order."""
    opened, limit = ledger.questions(as_of=as_of), limit_day(as_of)
    found = [(m, changes(opened.values(), m)) for m in dossier.milestones if m.opened <= limit]
    return [ChangedRow(m, each.fields, each.question.recorded.date()) for m, each in found if each]


def field_names(fields: Sequence[str], words: Words) -> str:
    """Parts of a question, as a reader calls them."""
    return words.listed([words(FIELD_NAMES[name]) for name in fields])


def rows(
    dossier: Dossier,
    ledger: Ledger,
    *,
    as_of: date | datetime | None = None,
    only: str | None = None,
    adjustment: Adjustment | None = None,
    posterior: bool = False,
) -> list[Row]:
    """Forecasts from what was known at a moment; arguments as in `rows_on`."""
    day = knowledge_day(ledger.documents(as_of=as_of), as_of, dossier)
    return rows_on(dossier, day, ledger=ledger, as_of=as_of, only=only, adjustment=adjustment, posterior=posterior)


def as_text(shown: list[Row], language: str, *, with_rule: bool = False, changed: Sequence[ChangedRow] = ()) -> str:
    """The milestone table for a terminal."""
    words = Words(language)
    if changed:
        told = [f"! {row.line(words)}" for row in changed]
        return "\n".join([*told, *(("", as_text(shown, language, with_rule=with_rule)) if shown else ())])
    if not shown:
        return words("The dossier has no milestone. Add a [[milestone]] with its rule to dossier.toml.")
    lines = [words("If and when, as known on {day}", day=words.day(shown[0].forecast.made)), ""]
    for row in shown:
        m = row.milestone
        lines.append(f"{m.question_in(language)}  [{m.id}]")
        if with_rule:
            lines.append(f"    {words('Rule')}{words.colon()}{m.rule_in(language)}")
        if row.settled and m.resolution:
            lines.append(f"    {settled_line(row, words)} ({m.resolution.evidence})")
            continue
        lines.append(f"    {chance_line(row, words)}")
        lines.append(f"    {when_line(row, words)}")
        if ahead := horizon_line(row.forecast, words):
            lines.append(f"    {ahead}")
        if with_rule and len(row.forecast.layers) > 1:
            lines.append(f"    {words('How the chance came about')}{words.colon()}".rstrip())
            lines += [f"      {line}" for line in layer_lines(row.forecast, words)]
        if row.forecast.cases:
            lines.append(f"    {class_line(row, words)}")
        lines += [f"    ! {note}" for note in row.notes(words)]
    return "\n".join(lines)


def settled_line(row: Row, words: Words) -> str:
    """`Settled: yes, 15 August 2025.`"""
    resolution = row.milestone.resolution
    return settled_text(resolution, words) if resolution else ""


def settled_text(resolution: Resolution, words: Words) -> str:
    """A resolution as `settled_line` says it."""
    return words("Settled: {answer}, {day}.", answer=words(resolution.answer), day=words.day(resolution.day))


def settled_by(resolution: Resolution) -> list[str]:
    """What each of those who settled a question named as its evidence: addresses, reports, words.

    >>> settled_by(Resolution("yes", date(2026, 5, 20), "https://a.example/1; 6d1f"))
    ['https://a.example/1', '6d1f']
    """
    return [part for part in resolution.evidence.split(EVIDENCE_MARK) if part]


def chance_line(row: Row, words: Words) -> str:
    """`If: 34 % by 31 December 2027 (90% interval 22–47 %). Never: 31 % (12–50 %).`"""
    f = row.forecast
    return words(
        "If: {p} by {deadline} (90% interval: {interval}). Never: {never} ({never_interval}).",
        p=words.percent(f.probability),
        deadline=words.day(f.deadline),
        interval=words.interval(*f.interval),
        never=words.percent(f.never),
        never_interval=words.interval(*f.never_interval),
    )


def when_line(row: Row, words: Words) -> str:
    """`When, if it comes at all: as likely as not by 3 May 2027; eight times in ten between … and ….`"""
    f = row.forecast
    if f.median_day is None or f.window is None:
        return words("When, if it comes at all: cannot be said.")
    return words(
        "When, if it comes at all: as likely as not by {median}; eight times in ten between {first} and {last}.",
        median=words.day(f.median_day),
        first=words.day(f.window[0]),
        last=words.day(f.window[1]),
    )


def class_line(row: Row, words: Words) -> str:
    """`41 past cases were still waiting at this point; 25 of them got there (all past cases; cure-map.v1).`"""
    f = row.forecast
    return words.many(
        "{n} past case was still waiting at this point; {reached} of them got there ({name}; {method}).",
        "{n} past cases were still waiting at this point; {reached} of them got there ({name}; {method}).",
        f.cases,
        reached=words.number(f.reached_cases),
        name=CLASSES[f.reference_class].labels[words.language]
        if f.reference_class in CLASSES
        else words("no past case"),
        method=f.layers[0].method if f.layers else f.method,
    )
