"""Starts of a process that machines find in event data, and what they do to the base rate.

    python benchmarks/process_starts.py ../shared/data/events

Needs a folder with `icews_2012-08_2015-12/` and `icews_quad_yearly_2002_2014.csv.gz`; importing takes about a minute on
one core. `--write FILE` writes the failed attempts found that are in no table, as a table of cases.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from detente.engine.imports import import_events
from detente.forecast import CLASSES, Case, load_cases
from detente.forecast.cases import COLUMNS, found_attempts
from detente.forecast.class_panel import class_panel
from detente.forecast.process_starts import Act, Found, Rule, acts, process_starts
from detente.forecast.process_years import FoundYear, YearRule, process_years, yearly_counts
from detente.registry import load

ROWS, COUNTS = "icews_2012-08_2015-12", "icews_quad_yearly_2002_2014.csv.gz"
STAGES = ("relations_restored", "ambassadors_exchanged")


def imported(path: Path) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="process-starts-"))
    report = import_events("icews", [path], folder=folder)
    print(f"{path.name}: {report.counts.lines:,} lines, {report.counts.quarantined} in quarantine")
    return folder


def shown(found: Sequence[Found]) -> None:
    print(f"\n{len(found)} starts in rows: {dict(Counter(each.became for each in found))}")
    print("pair     start       contact days in 60 / before, conflict of acts before, became, known case; first row")
    for each in found:
        became = f"{each.became} {each.became_on or ''}".strip()
        row = (each.shown_by or each.evidence[0]).where
        print(
            f"{each.dyad}  {each.start}  {each.contact_days:>2} / {each.contact_days_before}, "
            f"{each.conflicts_before:>2} of {each.acts_before:>2}, {became}, {each.case or '-'}; {row}"
        )


def shown_years(found: Sequence[FoundYear]) -> None:
    print(f"\n{len(found)} starts in yearly counts: {dict(Counter(each.became for each in found))}")
    print("pair     year  cooperation a year before > then > after, conflict likewise, became, known case")
    for each in found:
        as_json = each.as_json()
        told = [" > ".join(f"{value:.0f}" for value in as_json[name]) for name in ("cooperation", "conflict")]
        print(f"{each.dyad}  {each.year}  {told[0]:>20}  {told[1]:>18}  {each.became}, {each.case or '-'}")


def sensitivity(rows: Sequence[Act], counts: object, cases: Sequence[Case]) -> None:
    print("\nMoving a threshold (starts; restored, broken, faded, goes on, unknown; in the table)")
    rules = {
        "as stated": Rule(),
        "2 contact days": Rule(least_contact_days=2),
        "5 contact days": Rule(least_contact_days=5),
        "at most 8 contact days before": Rule(most_contact_days_before=8),
        "at least 1 act of conflict": Rule(least_conflict_acts=1),
        "no least share of conflict": Rule(least_conflict_share=0.0),
        "half of acts conflict": Rule(least_conflict_share=0.5),
    }
    for name, rule in rules.items():
        found = process_starts(rows, cases=cases, rule=rule)
        became = Counter(each.became for each in found)
        ends = " ".join(f"{became[end]:>3}" for end in ("restored", "broken", "faded", "goes on", "unknown"))
        print(f"  {name:<30} {len(found):>4}; {ends}; {sum(bool(each.case) for each in found)}")
    print("Yearly (starts; held, fell back, unknown; share fallen back of those known)")
    for scale in (10, 20, 40, 80):
        rule = YearRule(least_conflict_before=scale, least_words=scale)
        found = process_years(counts, cases=cases, rule=rule)  # type: ignore[arg-type]
        became = Counter(each.became for each in found)
        known = became["held"] + became["fell back"]
        print(
            f"  at least {scale:>2} acts {len(found):>20}; {became['held']:>3} {became['fell back']:>3} "
            f"{became['unknown']:>3}; {became['fell back'] / known:.2f}"
        )


def recall(found: Sequence[Found], cases: Sequence[Case], first: date, last: date) -> None:
    inside = [case for case in cases if case.process_start and first <= case.process_start <= last]
    hits = {each.case for each in found}
    print(f"\nCases of the table that began {first} to {last}: {len(inside)}")
    for case in inside:
        print(f"  {case.label}: {'found' if case.label in hits else 'not found'}")


def failed(found: Sequence[Found], years: Sequence[FoundYear]) -> list[Case]:
    """Machine-found attempts that failed and are in no table, as cases."""
    registry = load()
    rows = []
    for each in found:
        if each.case or each.became not in ("broken", "faded"):
            continue
        a, b = (registry.state_name(side, "en") for side in each.dyad.sides)
        end = each.became_on or each.start + timedelta(days=Rule().after_days)
        how = each.shown_by.where if each.shown_by else "no contact from day 185 to 365"
        rows.append(
            _case(
                f"{a}-{b} {each.start.year}",
                each.dyad,
                each.start - timedelta(days=Rule().before_days),
                each.start,
                end,
                f"process-starts.v1; contacts at {' '.join(act.where for act in each.evidence)}; {each.became}: {how}",
            )
        )
    for year in years:
        if year.case or year.became != "fell back":
            continue
        a, b = (registry.state_name(side, "en") for side in year.dyad.sides)
        rows.append(
            _case(
                f"{a}-{b} {year.year}",
                year.dyad,
                date(year.year - 2, 1, 1),
                date(year.year, 7, 1),
                date(year.year + 2, 12, 31),
                f"process-years.v1; the year alone is known; {year.as_json()['cooperation']} cooperation and "
                f"{year.as_json()['conflict']} conflict a year before, then, after",
            )
        )
    return sorted(rows, key=lambda case: (case.process_start or date.min, case.label))


def _case(label: str, dyad: object, rupture: date, start: date, end: date, notes: str) -> Case:
    source = ROWS if notes.startswith("process-starts") else COUNTS
    example = load_cases()[0]
    return replace(
        example,
        label=label,
        dyad=dyad,  # type: ignore[arg-type]
        rupture_date=rupture,
        rupture_level="downgraded",
        process_start=start,
        stages=(),
        outcome="failed",
        end_date=end,
        source=f"event data: {source}",
        confidence="low",
        notes=notes,
        **dict.fromkeys(("severed", "war", "territorial", "leader_change", "mediator", "major_power"), False),
    )


def write(cases: Iterable[Case], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        out.writeheader()
        for case in cases:
            flags = ("severed", "war", "territorial", "leader_change", "mediator", "major_power")
            out.writerow(
                {
                    "dyad": case.label,
                    "rupture_date": case.rupture_date,
                    "rupture_level": case.rupture_level,
                    "process_start": case.process_start,
                    **{stage: case.reached(stage) or "" for stage, _ in case.stages},
                    "outcome": case.outcome,
                    "end_date": case.end_date,
                    **{
                        f"cov_{'leader_change_24m' if name == 'leader_change' else name}": int(getattr(case, name))
                        for name in flags
                    },
                    "source": case.source,
                    "confidence": case.confidence,
                    "notes": case.notes,
                }
            )


def base_rates(extra: Sequence[Case]) -> None:
    kept = load_cases()
    checked = [case for case in found_attempts() if "https://" in case.source and case.outcome == "failed"]
    print("\nBase rate over all past cases, after 1.8 years without it: within 1, 2, 5 years; never")
    for stage in STAGES:
        for name, cases in (
            ("table alone", kept),
            (f"and {len(checked)} found attempts that pages confirm failed", (*kept, *checked)),
            (f"and all {len(extra)} failures as machines read them", (*kept, *extra)),
        ):
            (row,) = class_panel(stage, 1.8, cases=cases, classes={"all": CLASSES["all"]}, unseen=(0,))  # type: ignore[arg-type]
            (answer,) = row.answers
            shares = " ".join(f"{share:.2f}" for share in answer.reached.values())
            print(f"  {stage}, {name}: n {len(row.sample.spells)}; {shares}; {answer.never:.2f}")


def implied(years: Sequence[FoundYear], cases: Sequence[Case]) -> None:
    known = [each for each in years if each.became != "unknown"]
    fell = sum(each.became == "fell back" for each in known) / len(known)
    span = [case for case in cases if case.process_start and 2004 <= case.process_start.year <= 2012]
    lost = sum(case.outcome == "failed" for case in span)
    more = (fell * len(span) - lost) / (1 - fell)
    print(
        f"\nYearly starts 2004-2012 that fell back within two years: {fell:.2f} of {len(known)}. Table, begun in the "
        f"same years: {lost} of {len(span)} failed. Were the first share true of attempts, the table would lack "
        f"{more:.0f} failures in these nine years: an upper bound, since a surge of words is not an attempt."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    cases = load_cases()
    rows = acts(imported(given.folder / ROWS))
    counts = yearly_counts(imported(given.folder / COUNTS))
    found, years = process_starts(rows, cases=cases), process_years(counts, cases=cases)
    shown(found)
    first = date.fromordinal(min(act.day for act in rows) + Rule().before_days)
    recall(found, cases, first, date.fromordinal(max(act.day for act in rows)))
    shown_years(years)
    sensitivity(rows, counts, cases)
    lost = failed(found, years)
    implied(years, cases)
    if given.write:
        write(lost, given.write)
        print(f"{given.write}: {len(lost)} failed attempts")
    base_rates(lost)


if __name__ == "__main__":
    main()
