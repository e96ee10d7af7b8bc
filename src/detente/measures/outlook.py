"""Outlook: what a weekly score will be in one, four and twelve weeks, with intervals and its own track record.

Three forecasts, all weighted means of the past: one for a level that holds (`STEADY`), one for the time after it moved
(`QUICK`), and a long median. Their shares follow their own past errors on the series. The weights are the same for
every series: fitted to each series by itself, even drawn toward common ones, they did worse.

They were fitted to other pairs at another time than those the method is judged on: the 120 largest pairs of states
among GDELT's daily net scores of 2018 to 2020 without the United States, Russia, China, Ukraine and North Korea. On
six pairs of these five states, from 2021 on, the error (RMSE of a single week) is that of a 26-week mean times 0.86,
0.96 and 1.00 in one, four and twelve weeks; that of the best of last value, 4-week mean, 26-week mean, AR(4) and
VAR(4), chosen for each pair with hindsight, times 0.97, 1.01 and 1.01. Nothing beats a 26-week mean twelve weeks ahead.
`benchmarks/index_forecast.py` prints this by pair with intervals; docs/measures/outlook.md has the tables.

The half-width of an interval is the recent mean size of this method's errors on this series (`HALF_LIFE`) times a
factor (`FACTORS`), which moves to the series' own quantiles of errors in that unit as these become many.

Source:
    Corsi (2009), Journal of Financial Econometrics 7, 174-196 (averages over several spans as predictors);
    Montero-Manso & Hyndman (2021), International Journal of Forecasting 37, 1632-1653 (one fit to many);
    Huber (1964), Annals of Mathematical Statistics 35, 73-101 (outliers);
    Vovk (1998), Journal of Computer and System Sciences 56, 153-173 (shares by past losses);
    Lei, G'Sell, Rinaldo, Tibshirani & Wasserman (2018), JASA 113, 1094-1111 (intervals from errors over their size).
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass
from datetime import date
from math import ceil, exp, inf
from typing import TYPE_CHECKING

from detente.errors import MeasureError
from detente.measures.series import ENDS, Series, following

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

METHOD = "pooled-averages.v2"
HORIZONS = (1, 4, 12)
"""Weeks ahead; the week forecast is a single one."""
SPANS = (1, 4, 13, 52, 104)
STEADY = {
    1: (0.27, 0.22, 0.15, 0.21, 0.15),
    4: (0.09, 0.18, 0.20, 0.28, 0.25),
    12: (0.03, 0.19, 0.04, 0.48, 0.26),
}
"""By horizon, weights of the last week, the mean of 4, and the medians of 13, 52 and 104 weeks: medians forget a
week of shouting. Least squares in units of each pair's standard deviation, errors beyond 2 of them by absolute value
(Huber), on the weeks of 2018 to 2020."""
QUICK = {1: (0.39, 0.14, 0.47), 4: (0.18, 0.11, 0.71), 12: (0.06, 0.37, 0.57)}
"""Weights of the last week and the means of 4 and 13 weeks; plain least squares."""
SHARES = (0.7, 0.15, 0.15)
"""Shares before there are errors: of `STEADY`, of `QUICK`, and of the median of 52 weeks, for thin and noisy series.
Against `STEADY` alone the mixture changes errors by at most 0.3 % on 60 of the 120 pairs from 2021 on, and saves where
a level moved: 12, 10 and 3 % between Russia and Ukraine."""
LEARNING, MEMORY = 0.6, 0.98
"""Speed at which shares follow errors, and what is left of these after a week. Speeds of 0.3 to 1 and memories of 0.95
to 1 change errors by at most 0.2 % on the 60 pairs; with 1, Russia-Ukraine's grow by 11 % one week ahead."""
LEVELS = (0.80, 0.95)
FACTORS = {1: (1.53, 3.45), 4: (1.57, 3.86), 12: (1.65, 4.58)}
"""Half-widths of the 80 % and the 95 % interval over the mean size of errors: quantiles on the 120 pairs in 2020."""
OWN_ERRORS = 50
"""Past errors at which a series' own quantile counts as much as `FACTORS` (on the scale of logarithms). Without it 95 %
intervals held 99 to 100 % of simulated normal weeks, for GDELT's scores have heavier tails; with 25 they held 91 %
of the six pairs' weeks twelve weeks ahead, with 50 92 %."""
HALF_LIFE = 13
"""Weeks. Of 8 to 104, 8 and 13 gave the narrowest intervals for what they hold (interval score, 120 pairs); with 52,
Russia-Ukraine's 80 % interval of one week held 66 % from 2021 on, with 13 75 %."""
MIN_WEEKS = 26
"""Weeks with a score; fewer bear no outlook."""
MIN_ERRORS = 8
"""Past forecasts that can be checked; fewer give no interval."""
MIN_CHECKED = 40
"""Past forecasts from which on their record has an interval."""
_START = 8  # weeks with a score before the first forecast
_MOST_ERROR = 4.0  # an error counts as at most this many usual ones, so that one week does not decide the shares


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """Past forecasts of a series against the mean of the 26 weeks before each, on the same weeks.

    Attributes:
        count: Forecasts that could be checked.
        error, mean_error: Root of the mean squared error of the method, and of the 26-week mean.
        ratio: `error` over `mean_error`.
        ratio_low, ratio_high: 90 % interval; None where `count` is less than `MIN_CHECKED`.
        held_80, held_95: Share of weeks that fell into the intervals given for them; None where none was.
    """

    count: int
    error: float
    mean_error: float
    ratio: float
    ratio_low: float | None
    ratio_high: float | None
    held_80: float | None
    held_95: float | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """One week to come.

    Attributes:
        weeks: How many weeks ahead.
        week: Its Monday.
        value: Forecast, in points of the series.
        low_80, high_80, low_95, high_95: Intervals, within the scale; None where past errors are too few.
        record: How such forecasts did; None where too few can be checked.
    """

    weeks: int
    week: date
    value: float
    low_80: float | None
    high_80: float | None
    low_95: float | None
    high_95: float | None
    record: TrackRecord | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a series will be, or the answer that it is too short.

    Attributes:
        weeks: Weeks with a score.
        too_few: Less than `MIN_WEEKS` of them, and nothing was forecast.
        half_year: Mean of the last 26 weeks; None where they have no score.
        ahead: By horizon; empty where `too_few`.
    """

    name: str
    weeks: int
    too_few: bool
    half_year: float | None
    ahead: tuple[Ahead, ...]
    method: str = METHOD


def look_ahead(series: Series) -> Outlook:
    """Forecast a weekly series one, four and twelve weeks past its end.

    Raises:
        MeasureError: The series is not weekly.

    >>> from datetime import timedelta
    >>> mondays = tuple(date(2024, 9, 2) + timedelta(weeks=week) for week in range(40))
    >>> found = look_ahead(Series("RUS-USA", mondays, (1.0, 2.0, 3.0, 2.0) * 10))
    >>> [(each.week.isoformat(), each.value) for each in found.ahead]
    [('2025-06-09', 2.0), ('2025-06-30', 2.0), ('2025-08-25', 2.0)]
    """
    import numpy as np

    if series.step != "week":
        raise MeasureError(f"{series.name}: an outlook needs weeks, these are {series.step}s. Make the series weekly.")
    y = np.array([np.nan if value is None else value for value in series.values], dtype=float)
    held = int(np.isfinite(y).sum())
    half = y[-26:][np.isfinite(y[-26:])]
    half_year = round(float(half.mean()), 6) if len(half) else None
    if held < MIN_WEEKS:
        return Outlook(series.name, held, too_few=True, half_year=half_year, ahead=())
    averages = past_averages(y)
    bound = ENDS.get(series.what, inf)
    ahead = []
    for weeks in HORIZONS:
        made = forecasts(y, weeks, averages)
        narrow, wide = half_widths(y, made, weeks)
        value, low, far = (float(of[-1]) for of in (made, narrow, wide))
        known = bool(np.isfinite(low))
        ends = [
            round(min(max(value + far_off, -bound), bound), 6) + 0.0 if known else None
            for far_off in (-low, low, -far, far)
        ]
        ahead.append(
            Ahead(
                weeks=weeks,
                week=following(series.starts[-1], "week", weeks),
                value=round(value, 6),
                low_80=ends[0],
                high_80=ends[1],
                low_95=ends[2],
                high_95=ends[3],
                record=_record(y, made, narrow, wide, weeks),
            )
        )
    return Outlook(series.name, held, too_few=False, half_year=half_year, ahead=tuple(ahead))


def past_averages(y: Floats) -> Floats:
    """What both forecasts are made of, at every origin.

    Args:
        y: Shape (n,), NaN where a week has no score.

    Returns:
        Shape (n + 1, 6): before week t the last week, the mean of 4, the medians of 13, 52 and 104 weeks and the mean
        of 13. A span without a score takes the next longer one; NaN before the first score.
    """
    import numpy as np

    found = np.full((len(y) + 1, 6), np.nan)
    for t in range(1, len(y) + 1):
        parts = []
        for span in (*SPANS, t):
            part = y[max(0, t - span) : t]
            parts.append(part[np.isfinite(part)])
        for at in range(len(SPANS) - 1, -1, -1):
            parts[at] = parts[at] if len(parts[at]) else parts[at + 1]
        if len(parts[-1]):
            means, medians = [part.mean() for part in parts[:3]], [np.median(part) for part in parts[2:5]]
            found[t] = [*means[:2], *medians, means[2]]
    return found


def forecasts(y: Floats, weeks: int, averages: Floats | None = None) -> Floats:
    """Forecast from every origin, each from what came before it alone.

    Args:
        y: Shape (n,), NaN where a week has no score.
        weeks: One of `HORIZONS`.

    Returns:
        Shape (n + 1,): place t forecasts y[t + weeks - 1] from y[:t]; the last one is not yet known. NaN before there
        are 8 weeks with a score.
    """
    import numpy as np

    averages = past_averages(y) if averages is None else averages
    quick = averages[:, [0, 1, 5]] @ np.array(QUICK[weeks])
    parts = np.array([averages[:, :5] @ np.array(STEADY[weeks]), quick, averages[:, 3]])
    seen = np.append(0, np.cumsum(np.isfinite(y)))
    parts[:, seen < _START] = np.nan
    found = np.full(len(y) + 1, np.nan)
    lost, usual, count = np.zeros(3), 0.0, 0.0
    for t in range(len(y) + 1):
        if t >= weeks:
            error = (parts[:, t - weeks] - y[t - 1]) ** 2
            lost *= MEMORY
            usual, count = usual * MEMORY, count * MEMORY
            if np.isfinite(error).all():
                scale = usual / count if count >= _START else float(np.nanvar(y[:t]))
                error = np.minimum(error, _MOST_ERROR**2 * scale)
                lost = lost + (error / scale if scale > 0 else 0.0)
                usual, count = usual + float(error.min()), count + 1
        share = np.array(SHARES) * np.exp(-LEARNING * (lost - lost.min()) / 2 / weeks**0.5)
        found[t] = share @ parts[:, t] / share.sum()
    return found


def half_widths(y: Floats, made: Floats, weeks: int) -> tuple[Floats, Floats]:
    """Half-widths of the 80 % and 95 % intervals around forecasts from every origin, from errors known by then.

    Returns:
        Two of shape (n + 1,); NaN while less than `MIN_ERRORS` forecasts can be checked.
    """
    import numpy as np

    fade = 0.5 ** (1 / HALF_LIFE)
    widths = np.full((2, len(y) + 1), np.nan)
    size = np.full(len(y) + 1, np.nan)
    total = weight = 0.0
    count = 0
    own: list[float] = []
    for t in range(weeks, len(y) + 1):
        error = abs(float(y[t - 1] - made[t - weeks]))
        total, weight = total * fade, weight * fade
        if np.isfinite(error):
            total, weight, count = total + error, weight + 1, count + 1
            if size[t - weeks] > 0:
                insort(own, error / size[t - weeks])
        if count >= MIN_ERRORS:
            size[t] = total / weight
            widths[:, t] = [size[t] * _factor(own, weeks, at) for at in range(2)]
    return widths[0], widths[1]


def _factor(own: list[float], weeks: int, at: int) -> float:
    """The common factor, drawn toward the series' own quantile; `own` is sorted."""
    common, n = FACTORS[weeks][at], len(own)
    if not own:
        return common
    quantile = max(own[min(ceil(LEVELS[at] * (n + 1)), n) - 1], 1e-6)
    share = n / (OWN_ERRORS + n)
    return float(common ** (1 - share) * quantile**share)


def half_year_means(y: Floats) -> Floats:
    """Mean of the 26 weeks before every origin: shape (n + 1,), NaN where they have no score."""
    import numpy as np

    held = np.isfinite(y)
    sums, counts = np.append(0.0, np.cumsum(np.where(held, y, 0.0))), np.append(0, np.cumsum(held))
    first = np.maximum(np.arange(len(y) + 1) - 26, 0)
    count = counts - counts[first]
    return np.where(count > 0, (sums - sums[first]) / np.maximum(count, 1), np.nan)


def ratio_interval(ours: Floats, theirs: Floats, weeks: int) -> tuple[float, float] | None:
    """90 % interval of the ratio of two root mean squared errors on the same weeks.

    Errors of forecasts that overlap resemble each other: their variance adds up neighbours (Bartlett's weights), and
    the quantile allows for how little is known of it. On simulated AR(1) series (rho 0.5, 100 to 320 weeks) it held the
    true ratio in 86 to 91 of 100; with rho 0.9 in 78 to 87; with 40 weeks in 67 to 84. Blocks drawn anew held less.

    Args:
        ours, theirs: Shape (n,), errors in order of time.
        weeks: Horizon.

    Returns:
        None with less than `MIN_CHECKED` errors, or where one forecast has none.

    Source:
        Diebold & Mariano (1995), Journal of Business & Economic Statistics 13, 253-263; Kiefer & Vogelsang (2005),
        Econometric Theory 21, 1130-1164 (quantile); Coroneo & Iacone (2020), Journal of Applied Econometrics 35,
        391-409 (for small samples).
    """
    n = len(ours)
    mine, other = float(ours @ ours), float(theirs @ theirs)
    if n < MIN_CHECKED or not mine or not other:
        return None
    ratio = (mine / other) ** 0.5
    lead = n * (ours**2 / mine - theirs**2 / other) / 2
    reach = min(n - 1, max(weeks, ceil(2 * n**0.5)))
    neighbours = sum((1 - lag / (reach + 1)) * float(lead[lag:] @ lead[:-lag]) for lag in range(1, reach + 1))
    variance = max(0.0, float(lead @ lead) + 2 * neighbours) / n
    share = (reach + 1) / n
    quantile = 1.6449 + 2.1859 * share + 0.3142 * share**2 - 0.3427 * share**3
    wide = exp(quantile * (variance / n) ** 0.5)
    return ratio / wide, ratio * wide


def _record(y: Floats, made: Floats, narrow: Floats, wide: Floats, weeks: int) -> TrackRecord | None:
    import numpy as np

    n = len(y) - weeks + 1
    ours, theirs = made[:n] - y[weeks - 1 :], half_year_means(y)[:n] - y[weeks - 1 :]
    kept = np.isfinite(ours) & np.isfinite(theirs)
    ours, theirs, within, far = ours[kept], theirs[kept], narrow[:n][kept], wide[:n][kept]
    mean_error = float((theirs @ theirs / len(theirs)) ** 0.5) if len(theirs) else 0.0
    if len(ours) < MIN_ERRORS or mean_error == 0:
        return None
    error = float((ours @ ours / len(ours)) ** 0.5)
    interval = ratio_interval(ours, theirs, weeks)
    given = np.isfinite(within)
    held = [round(float((abs(ours) <= of)[given].mean()), 6) if given.any() else None for of in (within, far)]
    ratio = error / mean_error
    return TrackRecord(
        count=len(ours),
        error=round(error, 6),
        mean_error=round(mean_error, 6),
        ratio=round(ratio, 6),
        ratio_low=round(interval[0], 6) if interval else None,
        ratio_high=round(interval[1], 6) if interval else None,
        held_80=held[0],
        held_95=held[1],
    )
