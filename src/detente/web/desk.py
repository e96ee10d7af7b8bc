"""The review desk: one coding beside its words, decided with a form or a single key, then the next.

Without accounts it has no sign-in and works on the machine it runs on alone: it answers a loopback address under a
loopback name, and nothing that came through another server. With accounts the gate (`detente.web.gate`) lets in who is
signed in. Forms carry a token of the session and must come from the desk's own pages.
Every form works without JavaScript; the script only presses what is on the page.
"""

from __future__ import annotations

import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse

from detente.dossier import Dossier
from detente.errors import DetenteError, LedgerError
from detente.ledger import Grouping, Ledger, Review, doubt_of, held
from detente.ledger.amendment import amended
from detente.ledger.questions import person_key
from detente.publish import desk as shown
from detente.publish.catalogue import Words
from detente.publish.chronology import DIFFERING
from detente.publish.citing import Cited, link_of
from detente.publish.desk import Agreed, Line, Worklist
from detente.terms import LANGUAGES, Action, Decision, Entry, Event, Evidence, Look, Occurrence, Statement
from detente.web.desk_requests import (
    KEYS,
    OWN_FILES,
    WHO,
    Asked,
    Refused,
    answered,
    getting,
    go,
    is_name,
    own_keys,
    posting,
    static_file,
)
from detente.web.gate import ROOT_LANGUAGE
from detente.web.opened import Opened

MOST_SEEN = 500
"""Showings whose moment is remembered; the oldest are forgotten first."""
LISTED = 12
"""Entries of the queue that are shown at once."""
LOGGED = 100
"""Decisions on one page of the log."""


@dataclass
class _Showing:
    """When a person was first shown an entry, and whether the whole text was opened."""

    since: float
    opened: bool


class Now(NamedTuple):
    """The dossier, its ledger as it is at one moment, and what waits then."""

    case: Dossier
    ledger: Ledger
    work: Worklist


class Desk:
    """The desk of one dossier."""

    def __init__(self, opened: Opened, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.opened = opened
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._showings: dict[tuple[str, str], _Showing] = {}
        self._work: Worklist | None = None
        self._text = ""

    @contextmanager
    def now(self) -> Iterator[Now]:
        """How things stand at this moment, for reading."""
        with self.opened() as (case, ledger), ledger.snapshot() as then:
            yield Now(case, then, self._work_of(case, ledger, then))

    def decide(self, entry: str, action: Action, **more: Any) -> Decision:
        """Keep a decision; what waits is brought up to it by who asks next."""
        with self.opened() as (_, ledger):
            return ledger.decide(entry, action, **more)

    def warm(self) -> None:
        """Work out what waits before anybody asks."""
        with self.now():
            pass

    def token(self, session: str) -> str:
        """What a form of this session carries."""
        return hmac.new(self._secret, session.encode(), "sha256").hexdigest()

    def _work_of(self, case: Dossier, ledger: Ledger, then: Ledger) -> Worklist:
        """What waits, worked out anew where anything but decisions was filed since.

        Args:
            ledger: As it may be by now.
            then: As it is at one moment.
        """
        with self._lock:
            work = self._work
            if work is None or self._text != case.text or not _is_up(work, ledger, then):
                work = self._work = Worklist.of(case, then)
                self._text = case.text
            return work

    def show(self, person: str, entry: str, *, opened: bool, stay: bool) -> None:
        """Remember that an entry is shown; `stay` where it was on the screen already."""
        key = (person_key(person), entry)
        with self._lock:
            before = self._showings.pop(key, None)
            if before is None or not stay:
                before = _Showing(self._clock(), opened)
            before.opened = before.opened or opened
            self._showings[key] = before
            while len(self._showings) > MOST_SEEN:
                self._showings.pop(next(iter(self._showings)))

    def look(self, person: str, entry: str, evidence: Evidence, second: str) -> Look:
        """How a decision made now came about."""
        opened, seconds = self.seen(person, entry)
        dwell = None if seconds is None else round(1000 * seconds)
        return Look(opened, dwell, shown.needed_ms(evidence), second)

    def seen(self, person: str, entry: str) -> tuple[bool, float | None]:
        """Whether all of it was opened, and for how many seconds it was shown; asked once, at the decision."""
        with self._lock:
            showing = self._showings.pop((person_key(person), entry), None)
        return (False, None) if showing is None else (showing.opened, self._clock() - showing.since)


def _is_up(work: Worklist, ledger: Ledger, then: Ledger) -> bool:
    """Whether a list holds all that there was at a moment, or can be brought up to it."""
    if then.head().line < work.head.line:
        # Who began a moment later was here before; or another ledger was put in its place, as one that was restored.
        return ledger.has_line(work.head.line, work.head.hash)
    return work.head == then.head() or work.follow(then)


def router(desk: Desk) -> APIRouter:
    """The routes of the desk, in each language."""
    routes = APIRouter(include_in_schema=False)

    for language in LANGUAGES:
        top = "" if language == ROOT_LANGUAGE else f"/{language}"
        for path, get in (("", _queue), ("/item/{entry}", _item), ("/log", _log), ("/agreement", _agreement)):
            routes.get(f"{top}/desk{path}")(getting(desk, language, get))
        for path, export in (("/log.ndjson", _ndjson), ("/log.prov.json", _prov)):
            routes.get(f"{top}/desk{path}")(getting(desk, language, export))
        posts = {"/item/{entry}": _decide, "/undo": _undo, "/who": _who, "/keys": _keys}
        posts |= {"/merge": _merge, "/split": _split, "/regroup": _regroup}
        routes.get(f"{top}/desk/")(getting(desk, language, go))
        for path, post in posts.items():
            routes.post(f"{top}/desk{path}")(posting(desk, language, post))

    @routes.get("/desk/{name}.{kind}")
    def own_file(request: Request, name: str, kind: str) -> Response:
        kind_of = OWN_FILES.get(f"{name}.{kind}")
        if kind_of is None:
            return HTMLResponse("404", status_code=404)
        content, digest = static_file(f"{name}.{kind}")
        etag = f'"{digest}"'
        # Under its digest a file never changes; without it a browser asks each time.
        named = request.query_params.get("v") == digest
        kept = {"ETag": etag, "Cache-Control": "public, max-age=31536000, immutable" if named else "no-cache"}
        if etag in [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]:
            return Response(status_code=304, headers=kept)
        return Response(content, media_type=kind_of, headers=kept)

    return routes


# Pages


def _queue(asked: Asked) -> Response:
    with asked.desk.now() as (case, then, work):
        return _page(asked, case, then, work)


def _item(asked: Asked) -> Response:
    with asked.desk.now() as (case, then, work):
        return _page(asked, case, then, work, asked.request.path_params["entry"])


def _page(asked: Asked, case: Dossier, ledger: Ledger, work: Worklist, entry_id: str = "") -> Response:
    """The page of an entry; without one, of the first that waits, or that nothing does."""
    waiting = work.for_person(asked.who, may_settle=asked.visitor.may_settle)
    if not entry_id and not waiting:
        return answered(
            asked, "desk_empty.html", work=work, notice=_notice(asked, ledger), last=work.last_of(asked.who)
        )
    return _entry_page(asked, case, ledger, work, entry_id or waiting[0].entry.id)


def _onward(asked: Asked, now: Now, entry_id: str, *, after: str) -> Response:
    """What comes after a decision: for the desk's own script the page itself, in the answer that keeps the decision."""
    path = f"/item/{entry_id}" if entry_id else ""
    if not asked.by_script:
        return go(asked, path, after=after)
    there = asked.at(path, after=after)
    response = _page(there, *now, entry_id)
    response.headers["Content-Location"] = there.here(path, after=after)
    return response


def _entry_page(
    asked: Asked, case: Dossier, ledger: Ledger, work: Worklist, entry_id: str, *, problem: Refused | None = None
) -> Response:
    entry, judged = _entry(ledger, entry_id)
    words, who, query = asked.words, asked.who, asked.query
    review = work.reviews.get(entry_id, Review())
    decisions = ledger.decisions(entry_id)
    blind = _blind(review, who)
    coding = _standing(judged, review, blind=blind)
    document = ledger.document(entry.document)
    given = asked.form
    moved = _span(given.get("span") or _span_asked(query), document, query.get("exact", ""))
    evidence = moved or coding.evidence
    whole = query.get("whole") == "1"
    asked.desk.show(who, entry_id, opened=whole, stay="stay" in query or problem is not None)
    settles = asked.visitor.may_settle
    waiting = work.for_person(who, may_settle=settles)
    place = work.place(who, entry_id, may_settle=settles)
    first = max(0, min((place or 0) - 3, len(waiting) - LISTED))
    line = work.lines.get(entry_id)
    told = work.told.get(entry_id)
    passage = shown.passage(document, evidence, whole=whole)
    span = f"{moved.start}:{moved.end}" if moved and moved != coding.evidence else ""

    def at(path: str = f"/item/{entry_id}", **more: object) -> str:
        held = {"start": evidence.start, "end": evidence.end} if span else {}
        return asked.here(path, **{**held, "whole": "1" if whole else "", "stay": "1", **more})

    return answered(
        asked,
        "desk_item.html",
        problem.status if problem else 200,
        work=work,
        entry=entry,
        coding=coding,
        is_event=isinstance(coding, Event),
        heading=shown.heading(coding, case, words, document.language),
        cited=Cited(evidence, document, entry.coder, entry_id),
        link=link_of(document),
        passage=passage,
        whole=whole,
        span=span,
        at=at,
        steps={name: at(start=start, end=end) for name, (start, end) in passage.moves.items()},
        fields=[replace(f, value=given.get(f.name, f.value)) for f in shown.form_of(coding, case, words)],
        kind=given.get("type") or (coding.type if isinstance(coding, Event) else ""),
        given=given,
        problem=shown.REFUSALS[problem.reason] if problem else "",
        said=problem.said if problem else "",
        amending=bool(problem and given.get("action") == "amend"),
        review=review,
        blind=blind,
        third=review.reading_of(who, 0) == "third",
        decisions=[] if blind else decisions,
        seen=0 if blind else max((d.seq for d in decisions), default=0),
        own=review.last_of(who),
        line=line,
        others_told=_others(ledger, told, entry_id),
        near=[_near(other, case, work, words) for other in work.near(entry_id)] if query.get("near") == "1" else None,
        joined_with=len(told.members) - 1 if told else 0,
        groupings=[line for line in work.groupings if entry_id in line.all_entries],
        held={line.seq for line in held(work.groupings) if person_key(line.by) == person_key(who)},
        differ=[words(DIFFERING[name]) for name, _ in told.disagreements if name in DIFFERING] if told else [],
        doubts=[words(shown.DOUBTS[doubt]) for doubt in coding.doubts],
        doubt=doubt_of(coding),
        differs=[words(shown.DIFFERENCES[name]) for name in coding.second.differs] if coding.second else [],
        waiting=len(waiting),
        place=place,
        listed=[_listed(other, case, work, words, who) for other in waiting[first : first + LISTED]],
        following=_neighbour(waiting, place, 1),
        preceding=_neighbour(waiting, place, -1),
        notice=_notice(asked, ledger),
        last=work.last_of(who),
    )


def _entry(ledger: Ledger, entry_id: str) -> tuple[Entry, Event | Statement]:
    """An entry that people judge, with what the coder read."""
    try:
        entry = ledger.entry(entry_id)
    except LedgerError:
        raise Refused("missing", 404) from None
    if not isinstance(entry.coding, Event | Statement):
        raise Refused("missing", 404)
    return entry, entry.coding


def _standing(coding: Event | Statement, review: Review, *, blind: bool) -> Event | Statement:
    counts = None if blind else review.counts
    return counts.amended if counts and counts.amended else coding


def _blind(review: Review, who: str) -> bool:
    """Whether what others decided is kept from this person."""
    return review.state == "waiting" and review.last_of(who) is None


def _span_asked(query: Mapping[str, str]) -> str:
    return f"{query['start']}:{query['end']}" if "start" in query and "end" in query else ""


def _span(text: str, document: Any, exact: str) -> Evidence | None:
    """Marked words as an address or a form gives them."""
    if not text:
        return None
    start, _, end = text.partition(":")
    try:
        found: Evidence = document.quote(int(start), int(end))
    except (DetenteError, ValueError):
        raise Refused("words", 422) from None
    if exact and found.quote.split() != exact.split():
        raise Refused("words", 422)
    return found


def _neighbour(waiting: list[Line], place: int | None, step: int) -> str:
    if place is None:
        return waiting[0].entry.id if waiting and step > 0 else ""
    return waiting[place + step].entry.id if 0 <= place + step < len(waiting) else ""


def _listed(line: Line, case: Dossier, work: Worklist, words: Words, who: str) -> dict[str, Any]:
    review = work.reviews.get(line.entry.id, Review())
    coding: Any = line.entry.coding
    when = coding.event_date if isinstance(coding, Event) else coding.said_date
    language = work.languages[line.entry.document]
    return {
        "line": line,
        "when": when,
        "language": language,
        "heading": shown.heading(coding, case, words, language),
        "reading": review.reading_of(who, review.held[-1].seq) if review.held else "",
        "unsure": bool(review.counts and review.counts.action == "unsure" and not _blind(review, who)),
    }


def _near(other: Occurrence, case: Dossier, work: Worklist, words: Words) -> dict[str, Any]:
    first = other.members[0]
    return {
        "entry": first.id,
        "when": other.event.event_date,
        "heading": shown.heading(other.event, case, words, work.languages[first.document]),
        "quote": other.event.evidence.quote,
        "language": work.languages.get(other.event.evidence.document, ""),
        "reports": len(other.members),
    }


def _others(ledger: Ledger, told: Any, entry_id: str) -> list[Cited]:
    """Other reports of the same event."""
    if told is None:
        return []
    return [
        Cited(member.coding.evidence, ledger.document(member.document), member.coder, member.id)
        for member in told.members
        if member.id != entry_id
    ][:8]


def _notice(asked: Asked, ledger: Ledger) -> dict[str, Any] | None:
    """What was just decided, and whether it was done with care."""
    entry_id = asked.query.get("after", "")
    if not entry_id:
        return None
    own = [d for d in ledger.decisions(entry_id) if person_key(d.by) == person_key(asked.who)]
    if not own:
        return None
    look = own[-1].look
    return {
        "decision": own[-1],
        "hurried": bool(look and look.hurried),
        "dwell": (look.dwell_ms or 0) / 1000 if look else 0,
        "needed": look.needed_ms / 1000 if look else 0,
        "closed": bool(look and not look.opened and own[-1].action in ("accept", "amend")),
    }


def _log(asked: Asked) -> Response:
    query = asked.request.query_params
    with asked.desk.now() as (case, ledger, work):
        decisions = ledger.decisions()
        seals = {row["seq"]: row for _, row in ledger.lines("decisions")}
        pages = max(1, -(-len(decisions) // LOGGED))
        page = query.get("page", "1")
        number = min(max(1, int(page)), pages) if page.isdecimal() and len(page) < 9 else 1
        newest = decisions[::-1][(number - 1) * LOGGED : number * LOGGED]
        rows = []
        for made in newest:
            review = work.reviews.get(made.entry, Review())
            entry = ledger.entry(made.entry)
            coding = entry.coding
            rows.append(
                {
                    "made": made,
                    "seal": seals[made.seq],
                    "hidden": _blind(review, asked.who),
                    "own": review.last_of(asked.who) == made,
                    "heading": shown.heading(coding, case, asked.words, ledger.document(entry.document).language)
                    if isinstance(coding, Event | Statement)
                    else "",
                }
            )
        checked = ledger.verify() if query.get("check") == "1" else None
        head = ledger.head()
    return answered(
        asked, "desk_log.html", rows=rows, number=number, pages=pages, count=len(decisions), checked=checked, head=head
    )


def _agreement(asked: Asked) -> Response:
    with asked.desk.now() as (_, _, work):
        # The shares of who has made few decisions would tell each of them.
        agreed = Agreed({entry: review for entry, review in work.reviews.items() if not _blind(review, asked.who)})
        return answered(asked, "desk_agreement.html", work=work, agreed=agreed, shares=agreed.shares())


def _ndjson(asked: Asked) -> Response:
    """Lines of the chain as they are sealed; `whole=1` gives every line, so that anybody can check the chain."""
    tables = () if asked.request.query_params.get("whole") == "1" else ("decisions", "looks", "groupings")
    desk = asked.desk

    def lines() -> Iterator[str]:
        with desk.opened() as (_, ledger):
            for table, row in ledger.lines(*tables):
                yield json.dumps({"table": table, **row}, ensure_ascii=False, sort_keys=True) + "\n"

    return StreamingResponse(lines(), media_type="application/x-ndjson; charset=utf-8", headers=_as_file("log.ndjson"))


def _prov(asked: Asked) -> Response:
    with asked.desk.opened() as (_, ledger):
        text = json.dumps(shown.provenance(ledger), ensure_ascii=False, indent=1)
    return Response(text, media_type="application/json; charset=utf-8", headers=_as_file("log.prov.json"))


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


# Forms


def _decide(asked: Asked) -> Response:
    entry_id, settles = asked.request.path_params["entry"], asked.visitor.may_settle
    with asked.desk.now() as (case, then, work):
        before = work.place(asked.who, entry_id, may_settle=settles)
        try:
            given = _judgement(asked, case, then, work, entry_id)
        except LedgerError as problem:
            return _entry_page(asked, case, then, work, entry_id, problem=Refused("cannot", 422, str(problem)))
        except Refused as problem:
            if problem.status == 404 or problem.reason == "words":
                raise
            return _entry_page(asked, case, then, work, entry_id, problem=problem)
    try:
        asked.desk.decide(entry_id, **given)
    except LedgerError as problem:
        with asked.desk.now() as (case, then, work):
            return _entry_page(asked, case, then, work, entry_id, problem=Refused("cannot", 422, str(problem)))
    with asked.desk.now() as now:
        left = now.work.for_person(asked.who, may_settle=settles)
        again = now.work.place(asked.who, entry_id, may_settle=settles)
        place = before or 0 if again is None else again + 1
        following = left[place].entry.id if place < len(left) else left[0].entry.id if left else ""
        return _onward(asked, now, "" if following == entry_id else following, after=entry_id)


def _judgement(asked: Asked, case: Dossier, ledger: Ledger, work: Worklist, entry_id: str) -> dict[str, Any]:
    """What a form says of an entry, as `Ledger.decide` takes it."""
    given, words, who = asked.form, asked.words, asked.who
    entry, judged = _entry(ledger, entry_id)
    review = work.reviews.get(entry_id, Review())
    coding = _standing(judged, review, blind=_blind(review, who))
    document = ledger.document(entry.document)
    if review.is_third(who) and not asked.visitor.may_settle:
        raise Refused("third", 403)
    action, _, reason = given.get("action", "").partition(":")
    why = " ".join(given.get("why", "").split())[:2000]
    moved = _span(given.get("span", ""), document, "")
    changes: dict[str, str] = {}
    if action == "accept" and moved is not None and moved != coding.evidence:
        action = "amend"
    elif action == "amend":
        changes = shown.changed(coding, case, given)
        if any(changes.get(name) and case.track(changes[name]) is None for name in ("track", "issue")):
            raise Refused("track", 422)
    corrected: Event | Statement | None = None
    if action == "amend":
        if moved is not None and moved != coding.evidence:
            changes["span"] = f"{moved.start}:{moved.end}"
        if not changes:
            raise Refused("unchanged", 422)
        why = why or ", ".join(changes)
        corrected = amended(coding, changes, registry=case.registry, document=document)
    elif action == "accept" and coding != judged and review.counts is not None:
        # What is on the screen is somebody's amendment: `accept` would give the coder's reading its place back.
        action, corrected, why = "amend", coding, why or review.counts.why
    elif action == "reject":
        why = " ".join(part for part in (words(shown.REASONS[reason]) if reason in shown.REASONS else "", why) if part)
        if not why:
            raise Refused("why", 422)
    elif action == "unsure":
        why = why or words(shown.UNSETTLED)
    elif action != "accept":
        raise Refused("action", 422)
    verdict: Action = action  # type: ignore[assignment]
    second = (
        ""
        if action == "unsure"
        else shown.wants_second(work.lines.get(entry_id), coding, corrected or coding, asked=given.get("second") == "1")
    )
    seen = given.get("seen", "")
    return {
        "action": verdict,
        "by": who,
        "why": why,
        "amended": corrected,
        "saw": "source",
        "look": asked.desk.look(who, entry_id, coding.evidence, second),
        "may_settle": asked.visitor.may_settle,
        "seen": int(seen) if seen.isdecimal() and len(seen) < 16 else 0,
    }


def _undo(asked: Asked) -> Response:
    entry_id = asked.form.get("entry", "")
    with asked.desk.now() as (_, _, work):
        last = work.reviews.get(entry_id, Review()).last_of(asked.who)
    if last is not None and asked.form.get("decision", str(last.seq)) != str(last.seq):
        raise Refused("since", 409)
    try:
        asked.desk.decide(entry_id, "undo", by=asked.who, why="", saw="source")
    except LedgerError as problem:
        raise Refused("cannot", 422, str(problem)) from None
    with asked.desk.now() as now:
        return _onward(asked, now, entry_id, after=entry_id)


def _merge(asked: Asked) -> Response:
    """Two events that are one."""
    given = asked.form
    entry_id, other_id = given.get("entry", ""), (given.get("number", "") or given.get("other", "")).strip()
    with asked.desk.now() as (_, _, work):
        one, other = work.told.get(entry_id), work.told.get(other_id)
    if one is None or other is None or one.id == other.id:
        raise Refused("event", 422)
    members = [member.id for each in (one, other) for member in each.members]
    with asked.desk.opened() as (_, ledger):
        _grouped(lambda why: ledger.merge(members, by=asked.who, why=why), given)
    return go(asked, f"/item/{entry_id}", stay="1")


def _split(asked: Asked) -> Response:
    """An entry that tells of another event than the reports it stands with, with those that tell of the same."""
    given = asked.form
    entry_id = given.get("entry", "")
    with asked.desk.now() as (_, _, work):
        told = work.told.get(entry_id)
    if told is None:
        raise Refused("event", 422)
    taken = [m.id for m in told.members if m.id == entry_id or given.get(f"with-{m.id}") == "1"]
    left = [m.id for m in told.members if m.id not in taken]
    with asked.desk.opened() as (_, ledger):
        _grouped(lambda why: ledger.split(taken, left, by=asked.who, why=why), given)
    return go(asked, f"/item/{entry_id}", stay="1")


def _regroup(asked: Asked) -> Response:
    number = asked.form.get("grouping", "")
    with asked.desk.opened() as (_, ledger):
        try:
            line = ledger.regroup(int(number) if number.isdecimal() and len(number) < 16 else 0, by=asked.who)
        except LedgerError as problem:
            raise Refused("cannot", 422, str(problem)) from None
    return go(asked, f"/item/{line.entries[0]}", stay="1")


def _grouped(keep: Callable[[str], Grouping], given: Mapping[str, str]) -> None:
    why = " ".join(given.get("why", "").split())[:2000]
    if not why:
        raise Refused("why", 422)
    try:
        keep(why)
    except LedgerError as problem:
        raise Refused("cannot", 422, str(problem)) from None


def _who(asked: Asked) -> Response:
    name = " ".join(asked.form.get("name", "").split())
    if not is_name(name):
        raise Refused("nobody", 422)
    response = go(asked, "/brief" if asked.form.get("to") == "/brief" else "")
    response.set_cookie(WHO, quote(name), httponly=True, samesite="strict", path="/", max_age=31_536_000)
    return response


def _keys(asked: Asked) -> Response:
    response = go(asked)
    own = own_keys(asked.form.get("own", ""))
    if own is None:
        raise Refused("keys", 422)
    # Cookies hold no blanks; the letters and digits of keys need no quoting.
    value = ".".join(["off" if asked.form.get("keys") == "off" else "on", *(f"{a}-{b}" for a, b in own.items())])
    response.set_cookie(KEYS, value, httponly=True, samesite="strict", path="/", max_age=31_536_000)
    return response
