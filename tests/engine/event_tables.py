"""Event tables of a few thousand rows, made up: few pairs of states have most rows, and much is not known."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pyarrow as pa

from detente.engine import EVENTS, EventRow
from detente.engine.events import arrow_schema

STATES = ("USA", "RUS", "CHN", "UKR", "GBR", "FRA", "DEU", "IRN", "ISR", "IND", "PAK", "TUR", "SAU", "CUB", "VEN")
# One state in k is the k-th: as in event databases, where a handful of states fill most rows.
_SHARES = [1 / rank**1.15 for rank in range(1, len(STATES) + 1)]
_FIRST = date(2025, 1, 1)


def events_columns(rows: int = 4000, *, seed: int = 4) -> pa.Table:
    """Columns of `EVENTS`."""
    draw = random.Random(seed)

    def maybe(share: float, value: object) -> object:
        return value if draw.random() < share else None

    made = []
    for i in range(rows):
        actor, recipient = draw.choices(STATES, _SHARES, k=2)
        origin = draw.choices(("gdelt", "icews", "polecat"), (6, 3, 1))[0]
        day = _FIRST + timedelta(days=int(draw.triangular(0, 120, 100)))
        # A statement has neither class nor score: PLOVER drops it.
        quad = maybe(0.85, draw.choices((1, 2, 3, 4), (55, 10, 20, 15))[0])
        made.append(
            {
                "origin": origin,
                "occurrence": f"{origin}:{i}",
                "day": day,
                "day_number": day.toordinal(),
                "recorded_number": maybe(0.9, day.toordinal() + draw.randrange(3)),
                "actor": maybe(0.92, actor),
                "recipient": maybe(0.92, recipient),
                "type": "" if quad is None else draw.choice(("CONSULT", "COOPERATE", "ACCUSE", "ASSAULT")),
                "mode": draw.choice(("", "meet", "'); DROP TABLE events; --")),
                "quad": quad,
                "score_tenths": None if quad is None else draw.randrange(-100, 101, 5),
                "code": draw.choice(("042", "0871", "190", "ACCUSE/")),
                "source": draw.choice(
                    ("RUSGOV", "Министр", "l’émissaire\t(1)", 'a "quoted" \\ name\nof two lines', "")
                ),
                "target": draw.choice(("USAGOV", "NATO")),
                "place": maybe(0.7, draw.choice(STATES)),
                "mentions": maybe(0.8, int(draw.paretovariate(1.2))),
                "articles": maybe(0.8, 1),
                "tone_hundredths": maybe(0.8, draw.randrange(-1500, 900)),
                "url": maybe(0.5, f"https://example.org/{i}?a=1&b=%20"),
                "file": "20250218.export.CSV.zip",
                "line": i + 1,
                "repeat": draw.random() < 0.25,
                "mirror": draw.random() < 0.12,
                "act": draw.getrandbits(64) - (1 << 63),
                "joint_act": draw.getrandbits(64) - (1 << 63),
            }
        )
    return pa.Table.from_pylist(made, schema=arrow_schema(EVENTS))


def directed_rows(occurrences: int = 900, *, seed: int = 4) -> list[EventRow]:
    """Rows made from our own codings: some of one day, some of a week, a month or a quarter."""
    draw = random.Random(seed)
    made = []
    for i in range(occurrences):
        a, b = draw.sample(STATES[:4], 2)
        first = _FIRST + timedelta(days=draw.randrange(120))
        width = draw.choices((1, 7, 30, 90), (80, 10, 8, 2))[0]
        last = first + timedelta(days=width - 1)
        one_month = first.month == last.month
        confidence = draw.randrange(100, 1001)
        pairs = [(a, b), (b, a)] if draw.random() < 0.4 else [(a, b)]
        for actor, recipient in pairs:
            made.append(
                EventRow(
                    occurrence=f"o{i}",
                    actor=actor,
                    recipient=recipient,
                    type="CONSULT",
                    mode="",
                    realis="happened",
                    counted_as="CONSULT",
                    quad=1,
                    score_tenths=draw.randrange(-100, 101, 5),
                    first=first,
                    last=last,
                    first_number=first.toordinal(),
                    last_number=last.toordinal(),
                    width_days=width,
                    day=first if width == 1 else None,
                    day_number=first.toordinal() if width == 1 else None,
                    month_number=12 * first.year + first.month - 1 if one_month else None,
                    precision="day" if width == 1 else "month",
                    pair_rows=len(pairs),
                    rank="foreign_minister" if i % 3 else "",
                    track=draw.choice(("", "arms_control", "embassies", "trade")),
                    confidence_thousandths=confidence,
                    weight_thousandths=draw.choice((1000, confidence)),
                    sources=1,
                    decided="",
                    recorded_number=None,
                )
            )
    return made
