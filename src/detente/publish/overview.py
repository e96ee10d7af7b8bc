"""What an analyst wants first, on one screen: what changed last, the chronology's end, the index, the milestones."""

from __future__ import annotations

from detente.publish import briefs, chronology, disclosure, milestones
from detente.publish.catalogue import Words
from detente.publish.situation import Situation

LAST = 10


def as_text(situation: Situation, language: str) -> str:
    """The overview for a terminal."""
    words = Words(language)
    title = words("{title}: brief of {day}", title=situation.dossier.title_in(language), day=words.day(situation.day))
    notice = situation.dossier.notice_in(language)
    lines = [
        title,
        disclosure.made_line(situation, words),
        *([notice] if notice else []),
        "",
        words("What changed last").upper(),
    ]
    newest = situation.latest(1)
    lines.append(chronology.as_text(newest, language))
    lines += ["", words("The last ten entries").upper()]
    lines.append(chronology.as_text(situation.latest(LAST)[::-1], language))
    lines += ["", words("Where it stands").upper()]
    lines += [str(s.text) for s in briefs.standing(situation, words)]
    lines += ["", milestone_table(situation, words)]
    return "\n".join(lines)


def milestone_table(situation: Situation, words: Words) -> str:
    """Milestones in columns: chance by the deadline with its interval, half-way day, never, cases."""
    head = (
        words("Milestone"),
        words("by"),
        words("if"),
        words.percent(0.9),
        words("even odds by"),
        words("never"),
        words.percent(0.9),
        words("cases"),
    )
    body = []
    for row in situation.milestones:
        f, m = row.forecast, row.milestone
        question = m.label_in(words.language)
        if row.settled and m.resolution:
            settled = milestones.settled_line(row, words)
            body.append((question, words.day(m.deadline, short=True), settled, "", "", "", "", ""))
            continue
        body.append(
            (
                question,
                words.day(m.deadline, short=True),
                words.percent(f.probability),
                words.interval(*f.interval),
                words.day(f.median_day, short=True) if f.median_day else "–",
                words.percent(f.never),
                words.interval(*f.never_interval),
                words.number(f.cases),
            )
        )
    widths = [max(len(line[i]) for line in [head, *(b for b in body if b[3])]) for i in range(len(head))]
    widths[0] = max(len(line[0]) for line in [head, *body])
    out = [words("If, and when").upper()]
    for line in (head, *body):
        out.append("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    out += [f"! {changed.line(words)}" for changed in situation.changed]
    return "\n".join(out)
