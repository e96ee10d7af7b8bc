"""If and when: milestones against past cases, with "never" in the answer, and the scores that judge it later.

NumPy and SciPy are loaded by the first forecast, not by importing this room.
"""

from detente.forecast.cases import STAGES, Case, Stage, load_cases, parse_cases
from detente.forecast.classes import CLASSES, CaseClass, choose
from detente.forecast.if_and_when import BASE_RATE, METHOD, base_rate_forecast, forecast, panel
from detente.forecast.layers import Adjustment, layered_forecast
from detente.forecast.queries import parse_query, search
from detente.forecast.scores import brier, log_score, monthly_hazards, monthly_shares, ranked_probability
from detente.forecast.spells import Sample, Spell, is_own_process, spells
from detente.forecast.us_records import UsSpell, read_chiefs, read_timeline, us_spells, vacancies

__all__ = [
    "BASE_RATE",
    "CLASSES",
    "METHOD",
    "STAGES",
    "Adjustment",
    "Case",
    "CaseClass",
    "Sample",
    "Spell",
    "Stage",
    "UsSpell",
    "base_rate_forecast",
    "brier",
    "choose",
    "forecast",
    "is_own_process",
    "layered_forecast",
    "load_cases",
    "log_score",
    "monthly_hazards",
    "monthly_shares",
    "panel",
    "parse_cases",
    "parse_query",
    "ranked_probability",
    "read_chiefs",
    "read_timeline",
    "search",
    "spells",
    "us_spells",
    "vacancies",
]
