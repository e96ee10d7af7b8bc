"""When it happened: the time expression that belongs to a trigger, or the day of the running story."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from detente.coding.events_lexicon import Hit, Token
from detente.coding.events_triggers import Trigger
from detente.errors import TermsError
from detente.languages import Grammar, grammar
from detente.terms import DateBasis, Document, EventDate, Evidence, TimeExpression

_DAY = re.compile(r"(?P<date>\d{4}(?:-(?:W\d{2}|Q[1-4]|SP|SU|FA|WI|\d{2}(?:-\d{2})?))?)(?:-WE)?(?:T.*)?$")
_DECADE = re.compile(r"\d{3}")
_THIRDS = {"START": (0, 3), "MID": (4, 6), "END": (7, 9)}
"""Years of a decade that its start, middle and end are read as."""

Owner = Literal["own", "shared", "said"]
_FAR = 28
"""Words between a trigger and its date, clauses counted double, beyond which the date is another event's."""


def event_date(value: str, basis: DateBasis) -> EventDate | None:
    """Read a TIMEX3 value as a date, or None where it is none (durations, PAST_REF, decades).

    >>> event_date("2025-04-08TEV", "relative").value
    '2025-04-08'
    >>> event_date("P30D", "explicit") is None
    True
    """
    if "/" in value:
        head, tail = (event_date(part, basis) for part in value.split("/", 1))
        if head is None or tail is None or tail.last < head.first:
            return None
        return EventDate.of(f"{head.value}/{tail.value}", basis)
    match = _DAY.fullmatch(value)
    if match is None:
        return None
    try:
        return EventDate.of(match["date"], basis)
    except TermsError:
        return None


@dataclass(frozen=True, slots=True)
class Moment:
    """A dated stretch of a sentence, as token range and date."""

    first: int
    last: int
    date: EventDate
    evidence: Evidence
    since: bool = False


def _stamp(time: TimeExpression, words: Sequence[Token], first: int, last: int) -> bool:
    """The stamp of a page run together with the sentence after it («12 февраля 2025 года 20:00 Главы ...»)."""
    clock = re.search(r"T\d", time.value) is not None
    return first == 0 and clock and last + 1 < len(words) and words[last + 1].capital


def _dateline(words: Sequence[Token], first: int, last: int) -> bool:
    """The day in "HAVANA, Jan. 23 –": of writing, not of what is told."""
    if not 0 < first <= 6 or not words[0].capital:
        return False
    after = next((i for i in range(last + 1, min(last + 6, len(words))) if words[i].word in ("–", "—", "-")), None)
    between = [] if after is None else words[last + 1 : after]
    return (
        after is not None
        and words[first - 1].word in (",", "(", ".")
        and all(t.word in (",", ".", ")", "(") or t.capital for t in between)
        and not any(t.word in ("in", "on") for t in words[:first])
    )


def _of_a_participle(words: Sequence[Token], first: int, last: int, hits: Sequence[Hit], rules: Grammar) -> bool:
    """ "a call with X, sworn in last week", «с Х, на прошлой неделе вступившим в должность»: the day of that alone.

    A participle that the lexicon knows tells an event of its own, and keeps its day.
    """

    def participle(at: int) -> bool:
        if not 0 < at < len(words):
            return False
        known = any(h.kind == "verb" and h.first <= at <= h.last for h in hits)
        word = words[at].word
        return word in rules.words("takes_office") or (not known and word.endswith(rules.endings("active_participle")))

    if participle(last + 1):
        return any(t.word == "," for t in words[max(0, first - 2) : first])
    opening = next((i for i in range(first - 1, max(-1, first - _PHRASE), -1) if words[i].word == ","), None)
    return opening is not None and participle(opening + 1)


_PHRASE = 7
"""Words from the comma before a participle to the day that is the participle's."""


def _from_then_on(words: Sequence[Token], first: int, last: int, day: EventDate, rules: Grammar) -> bool:
    """«с марта 1982 года»: since then; «с 3 по 5 марта» and «с января по май» are stretches with two ends."""
    since = rules.words("in_force_since")
    opens = (first and words[first - 1].word in since) or words[first].word in since
    closes = {t.word for t in words[last + 1 : last + 3]} & rules.words("closes_stretch")
    return bool(opens) and not closes and day.precision in ("year", "month") and "/" not in day.value


def moments(
    times: Sequence[TimeExpression],
    words: Sequence[Token],
    text: str,
    language: str,
    hits: Sequence[Hit] = (),
    told: EventDate | None = None,
) -> list[Moment]:
    """Time expressions that are dates, two that make a range joined ("du 23 au 25 mars").

    `text` is the whole document. Starting points ("since 2022") are marked `since`: no dates of events, but of
    the measures that hold from then on.
    """
    found: list[Moment] = []
    for time in times:
        # "summoned him on Thursday; a day later Oslo protested": from the day that the sentence itself named last.
        here = next((m.date for m in reversed(found) if m.date.precision == "day" and not m.since), told)
        anchored = None if here is None else from_story_day(time.evidence.quote, language, here)
        if time.type not in ("DATE", "TIME") and anchored is None:
            continue
        if anchored is not None:
            dates: list[EventDate | None] = [anchored]
        elif time.mod in _THIRDS and _DECADE.fullmatch(time.value):
            low, high = _THIRDS[time.mod]
            dates = [EventDate.of(f"{time.value}{low}/{time.value}{high}", time.basis)]
        else:
            dates = [event_date(value, time.basis) for value in time.value.split(";")]
        date = dates[0]
        first = next((i for i, t in enumerate(words) if t.end > time.evidence.start), None)
        last = next((i for i, t in enumerate(words) if t.end >= time.evidence.end), None)
        if date is None or first is None or last is None:
            continue
        if _stamp(time, words, first, last) or _dateline(words, first, last):
            continue
        if _of_a_participle(words, first, last, hits, grammar(language)):
            continue
        before = [t.word for t in words[max(0, first - 5) : first + 1]]
        if "," in before:
            before = before[len(before) - before[::-1].index(",") :]
        since = next(
            (i for i in range(first, max(-1, first - 6), -1) if words[i].word in grammar(language).words("since")), None
        )
        auxiliaries = grammar(language).auxiliaries
        if any(word in grammar(language).words("since") for word in before) and not any(
            since is not None
            and since < hit.first < first
            # "retenu depuis mars, a été rendu mardi": another verb stands between
            and (hit.kind != "verb" or words[hit.first - 1].word in auxiliaries)
            for hit in hits
        ):
            # "since 2022"; but "since their summit of Aug. 15" dates the summit
            found.append(Moment(first, last, date, time.evidence, since=True))
            continue
        if grammar(language).traits.inflected and _from_then_on(words, first, last, date, grammar(language)):
            found.append(Moment(first, last, date, time.evidence, since=True))
            continue
        if found:
            gap = text[found[-1].evidence.end : time.evidence.start]
            opening = found[-1]
            if (
                grammar(language).pattern("to_day").fullmatch(gap)
                and not opening.since
                and opening.date.precision == date.precision == "day"
                and 0 < (date.first - opening.date.first).days < 15
                and "/" not in opening.date.value
                and gap.strip() not in grammar(language).words("and")
            ):
                joined = EventDate.of(f"{opening.date.value}/{date.value}", opening.date.basis)
                start = opening.evidence.start
                evidence = Evidence(time.evidence.document, start, time.evidence.end, text[start : time.evidence.end])
                found[-1] = Moment(opening.first, last, joined, evidence)
                continue
        found += [Moment(first, last, day, time.evidence) for day in dates if day is not None]
    return [m for m in found if not _spelt_out(m, found, words)]


def _spelt_out(moment: Moment, found: Sequence[Moment], words: Sequence[Token]) -> bool:
    """ "Two weeks later, on 10 April": the day counted from the story's is then given."""
    following = next((m for m in found if 0 < m.first - moment.last <= 3), None)
    if following is None or moment.date.basis != "narrative" or following.date.precision != "day":
        return False
    return words[moment.last + 1].word == ","


def _cost(first: int, last: int, moment: Moment, numbers: Sequence[int], words: Sequence[Token]) -> int:
    if moment.first > last:
        away = moment.first - last
    elif moment.last < first:
        away = first - moment.last
        if moment.first <= 2 and numbers[moment.first] == numbers[first]:
            away = min(away, 5)  # "In April, X ...": the opening date holds for the whole clause
    else:
        away = 0
    low, high = sorted((moment.first, first))
    commas = sum(t.word == "," for t in words[low:high])
    return away + 5 * abs(numbers[moment.first] - numbers[first]) + min(commas, 3)


def _apart(trigger: Trigger, numbers: Sequence[int], words: Sequence[Token], rules: Grammar) -> bool:
    """ "began in March, five months *after* the US imposed sanctions": the clause has another day than the main one."""
    opening = _apart_from(trigger, numbers, words, rules)
    return opening is not None and any(
        t.word.startswith(rules.endings("lengths")) for t in words[max(0, opening - 2) : opening]
    )


def _apart_from(trigger: Trigger, numbers: Sequence[int], words: Sequence[Token], rules: Grammar) -> int | None:
    """Where "after", "après que" opens the trigger's clause."""
    opening = numbers.index(numbers[trigger.head.first])
    if opening and words[opening].word in rules.words("content_clause"):
        opening -= 1
    return opening if words[opening].word in rules.words("separate") and trigger.head.kind == "verb" else None


def days_apart(
    trigger: Trigger,
    found: Sequence[Moment],
    numbers: Sequence[int],
    words: Sequence[Token],
    rules: Grammar,
    document: Document,
    news: EventDate | None = None,
) -> Moment | None:
    """The day in "three days after Trump gave the order, Peskov said on Monday": Monday less three days.

    Without a day in the sentence it is counted from `news`, the day of the story ("the vote came a week after ...").
    """
    opening = _apart_from(trigger, numbers, words, rules)
    if opening is None or opening < 2 or words[opening].word not in rules.words("after_that"):
        return None
    count, unit = words[opening - 2].word, words[opening - 1].word
    length = next((n for n in ("days", "weeks", "months", "years") if unit.startswith(rules.endings(n))), "")
    if not length:
        return None
    many = int(count) if count.isdigit() else 1 if count in rules.words("one") else rules.numbers.get(count, 0)
    if not many:
        return None
    clause = numbers[trigger.head.first]
    ends = next((i for i in range(trigger.last, len(words)) if words[i].word == ","), len(words))
    if any(m for m in found if numbers[m.first] == clause and m.first < ends):
        return None  # "a week after he flew to Lima on 3 May": a day of its own
    apart = [m for m in found if numbers[m.first] != clause or m.first > ends]
    main = [m for m in apart if m.date.precision == "day" and not m.since]
    if len(main) > 1 or (main and "/" in main[0].date.value) or not (main or news):
        return None
    if not main and apart:
        return None  # "permits that began in March, five months after ...": counted from that
    if main and any(token.word == "," for token in words[opening : trigger.head.first]):
        return main[0]  # "two days after the seizure, they agreed, he said on Friday": no day of the seizure
    from_day = main[0].date if main else news
    if from_day is None or from_day.precision != "day":
        return None
    basis = main[0].date.basis if main else "narrative"
    day = EventDate.of(_before(from_day.first, many, length), basis)
    if main:
        return replace(main[0], date=day)
    return Moment(opening - 2, opening, day, document.quote(words[opening - 2].start, words[opening].end))


def _before(day: date, many: int, length: str) -> str:
    """So many days, weeks, months or years before a day; a month or a year is no nearer than that."""
    if length in ("days", "weeks"):
        return (day - timedelta(days=many * (7 if length == "weeks" else 1))).isoformat()
    if length == "years":
        return f"{day.year - many:04}"
    months = 12 * day.year + day.month - 1 - many
    return f"{months // 12:04}-{months % 12 + 1:02}"


def _beside_participle(other: Trigger, trigger: Trigger, moment: Moment) -> bool:
    """ "extended in 2021, the treaty expired", "the embargo imposed in 1962 cannot be lifted": whose date it is.

    The thing is the same, the date stands behind the participle: not that of the other act.
    """
    if other is trigger or not other.verb.bare or other.thing is None or trigger.thing is None:
        return False
    same = abs(other.thing.first - trigger.thing.first) <= 2
    return same and 0 < moment.first - other.head.last <= 8 and not trigger.verb.bare


def _dates_what_was_since(moment: Moment, hits: Sequence[Hit], words: Sequence[Token], rules: Grammar) -> int:
    """Where "since their meeting in Bali, a year earlier" opens: the day is that meeting's. -1 where it is not so."""
    for i in range(moment.first - 1, max(-1, moment.first - _SINCE), -1):
        if words[i].word in rules.words("in_force_since"):
            named = any(h.kind == "thing" and i < h.first < moment.first for h in hits)
            return i if named else -1
    return -1


_SINCE = 10
"""Words from "since" to the day of what was then."""


def _opens_joined(
    moment: Moment, trigger: Trigger, triggers: Sequence[Trigger], words: Sequence[Token], rules: Grammar
) -> bool:
    """«приостановил договор, *а 7 мая* нанёс удар»: the day opens what follows, and is not of what went before."""
    at = moment.first - 1
    while at > 0 and words[at].word in rules.words("aside_lead"):
        at -= 1
    joined = at > 1 and words[at].word in rules.words("clause_joins") and words[at - 1].word == ","
    return joined and trigger.last < at and any(t.head.first > moment.last for t in triggers)


def _then(trigger: Trigger, words: Sequence[Token], rules: Grammar) -> bool:
    """ "was agreed on Saturday, *during a call* between ...": the clause around it has its day."""
    before = {t.word for t in words[max(0, trigger.first - 3) : trigger.first]}
    return trigger.rule.type == "CONSULT" and not before.isdisjoint(rules.words("at_that_time"))


def assign(
    triggers: Sequence[Trigger],
    found: Sequence[Moment],
    hits: Sequence[Hit],
    numbers: Sequence[int],
    words: Sequence[Token],
    rules: Grammar,
    relatives: Container[int] = (),
) -> Mapping[int, tuple[Moment, Owner]]:
    """Give each trigger (by its index) its date, and tell whose it is: its own, a neighbour's, a verb of saying's.

    A date goes to what it stands nearest to: a trigger, or a reporting verb ("said on Tuesday that ..."). Triggers left
    without share a neighbour's date within reach; a day of speaking is taken last. The date of a relative clause (its
    numbers in `relatives`) stays in it, and a mention in passing takes no date from another clause.
    """
    taken: dict[int, tuple[int, Moment, bool]] = {}
    owners: list[tuple[Moment, bool]] = []
    heads = {t.head.first for t in triggers}
    reports = [h for h in hits if h.kind == "verb" and h.name == "report" and h.first not in heads]
    recalled = {m: _dates_what_was_since(m, hits, words, rules) for m in found}
    for moment in found:
        best: tuple[int, int | None] | None = None
        for index, trigger in enumerate(triggers):
            if trigger.last < recalled[moment]:
                continue
            cost = _cost(trigger.first, trigger.last, moment, numbers, words)
            awaited = trigger.thing is not None and any(
                _beside_participle(other, trigger, moment) for other in triggers
            )
            waits = trigger.verb.bare and trigger.thing is not None and trigger.thing.first > trigger.head.last
            if waits or awaited or trigger.of_relative:  # "the treaty of 1987, which Washington left in 2019"
                cost = _cost(trigger.head.first, trigger.head.last, moment, numbers, words)
            elif trigger.thing is not None:
                cost = min(
                    cost,
                    _cost(trigger.head.first, trigger.head.last, moment, numbers, words),
                    _cost(trigger.thing.first, trigger.thing.last, moment, numbers, words),
                )
            here = {numbers[trigger.head.first], numbers[(trigger.thing or trigger.head).first]}
            if numbers[moment.first] not in here and _apart(trigger, numbers, words, rules):
                continue
            passing = trigger.weak and not _then(trigger, words, rules)
            if numbers[moment.first] not in here and (passing or numbers[moment.first] in relatives or cost > 18):
                continue
            cost += 2 if trigger.weak else 0
            if best is None or cost < best[0]:
                best = (cost, index)
        for hit in reports:
            cost = _cost(hit.first, hit.last, moment, numbers, words)
            if cost <= 4 and (best is None or cost < best[0]):
                best = (cost, None)
            elif (
                cost <= 12 and best is not None and best[1] is not None and numbers[hit.first] == numbers[moment.first]
            ):
                # "Last week X said that ...": the date is that of the clause it opens.
                told = triggers[best[1]]
                if numbers[told.head.first] > numbers[hit.first] and told.first > hit.first:
                    best = (cost, None)
        if best is None:
            continue
        cost, owner = best
        owners.append((moment, owner is None))
        if owner is not None and cost <= _FAR:
            known = taken.get(owner)
            if known is None or cost < known[0]:
                taken[owner] = (cost, moment, False)
    out: dict[int, tuple[Moment, Owner]] = {index: (moment, "own") for index, (_, moment, _) in taken.items()}
    # "the dialogue suspended in 2021": the date of a participle after its noun is nobody else's.
    kept = {m for i, (_, m, _) in taken.items() if triggers[i].verb.bare and triggers[i].head.first < m.first and i > 0}
    for index, trigger in enumerate(triggers):
        if index in out:
            continue
        clause = numbers[trigger.head.first]
        shared = [
            (m, said)
            for m, said in owners
            if _cost(trigger.first, trigger.last, m, numbers, words) <= _FAR
            and (numbers[m.first] == clause or numbers[m.first] not in relatives)
            and m not in kept
            and trigger.last > recalled[m]
            and not (rules.traits.inflected and _opens_joined(m, trigger, triggers, words, rules))
            and (numbers[m.first] == clause or not _apart(trigger, numbers, words, rules))
        ]
        shared.sort(key=lambda pair: (pair[1], _cost(trigger.first, trigger.last, pair[0], numbers, words)))
        if shared:
            out[index] = (shared[0][0], "said" if shared[0][1] else "shared")
    return out


def from_story_day(text: str, language: str, day: EventDate) -> EventDate | None:
    """Read "a day earlier", «за неделю до этого» from the day the story told last; None for other words.

    >>> from_story_day("A week earlier", "en", EventDate.of("2015-05-29", "explicit")).value
    '2015-05-22'
    """
    match = grammar(language).pattern("away").fullmatch(text.lower().replace("ё", "е"))
    if match is None or day.precision != "day":
        return None
    count = match["n"] or "1"
    rules = grammar(language)
    days = int(count) if count.isdigit() else 1 if count in rules.words("one") else rules.numbers[count]
    if match["weeks"]:
        days *= 7
    back = bool(match["back"])
    anchor = day.first if back else day.last
    return EventDate.of((anchor + timedelta(days=-days if back else days)).isoformat(), "narrative")


def on_story_day(day: EventDate) -> EventDate:
    """The date of an event told in the wake of another: the same day, or the last of several."""
    if day.precision == "day" and day.first != day.last:
        return EventDate.of(day.last.isoformat(), "narrative")
    return replace(day, basis="narrative")
