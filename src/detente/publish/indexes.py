"""The index as a table for a terminal."""

from __future__ import annotations

from detente.publish.briefs import standing
from detente.publish.catalogue import Words
from detente.publish.situation import Situation


def as_text(situation: Situation, language: str, *, last: int) -> str:
    """The last days of the index in each direction, then what it means and the last break."""
    words = Words(language)
    names = list(situation.index.series)
    head = [
        words("day"),
        *(cell for name in names for cell in (situation.series_label(name, words), words.percent(0.9))),
    ]
    body = []
    for position in range(-min(last, len(situation.index.joint.points)), 0):
        line = [words.day(situation.index.joint.points[position].day, short=True)]
        for name in names:
            point = situation.index.series[name].points[position]
            if point.value is None or point.low is None or point.high is None:
                line += ["–", ""]
                continue
            value = words.number(point.value, 2, signed=True) + ("*" if point.too_few else "")
            low, high = words.number(point.low, 1, signed=True), words.number(point.high, 1, signed=True)
            line += [value, f"{low} … {high}"]
        body.append(line)
    widths = [max(len(row[i]) for row in [head, *body]) for i in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in [head, *body]
    ]
    lines.append(words("* too few recent events to speak of a state"))
    lines.append("")
    lines += [str(sentence.text) for sentence in standing(situation, words)]
    return "\n".join(lines)
