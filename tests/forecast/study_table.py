"""The table of cases as it was when the study that came with it was made: corrections since then undone.

Each corrected row says so in its notes: `corrected: ambassadors 1999-07-18, was 1999-07-01 from memory`.
"""

import re
from dataclasses import replace
from datetime import date

from detente.forecast import Case, load_cases

_WAS = re.compile(r"(rupture|relations|ambassadors) \d{4}-\d\d-\d\d, was (\d{4}-\d\d-\d\d) from memory")
_WORDS = {"relations_restored": "relations", "ambassadors_exchanged": "ambassadors"}


def study_cases() -> tuple[Case, ...]:
    """Every case with the days the study used."""
    return tuple(map(_as_studied, load_cases()))


def _as_studied(case: Case) -> Case:
    was = {word: date.fromisoformat(day) for word, day in _WAS.findall(case.notes)}
    if not was:
        return case
    stages = tuple((stage, was.get(_WORDS.get(stage, ""), day)) for stage, day in case.stages)
    ended_so = case.end_date == case.reached("ambassadors_exchanged")
    end = was["ambassadors"] if "ambassadors" in was and ended_so else case.end_date
    return replace(case, stages=stages, end_date=end, rupture_date=was.get("rupture", case.rupture_date))
