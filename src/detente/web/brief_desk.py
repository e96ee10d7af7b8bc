"""The desk of the brief: read the draft sentence by sentence, mend it, publish it, look at what was published.

For editors; without accounts for this machine alone, as the desk it is part of. Everything is done by the functions
that `detente brief` calls (`detente.publish.brief_versions`), and everything is kept in the same log.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from detente.errors import PublishError
from detente.publish import brief_desk as shown
from detente.publish import brief_log, brief_versions, briefs
from detente.publish.brief_desk import Draft, Item
from detente.publish.brief_log import Correction
from detente.publish.citing import link_of
from detente.publish.sites import Navigation, Pages
from detente.publish.text import flat
from detente.terms import LANGUAGES
from detente.web.desk import Desk
from detente.web.desk_requests import Asked, Refused, answered, getting, go, posting
from detente.web.gate import top_of
from detente.web.shelf import Shelf

LISTED = 12
"""Sentences listed beside the one that is read."""
MOST_TEXT = 2000
KEPT_DRAFTS = 6


@dataclass
class BriefDesk:
    """The brief of one dossier, as editors work on it."""

    desk: Desk
    shelf: Shelf
    _drafts: dict[tuple[str, ...], tuple[Pages, Draft]] = field(default_factory=dict)

    def draft(self, language: str, *, newest: bool = False) -> tuple[Pages, Draft]:
        """The draft in a language, with the pages that its evidence leads to.

        Args:
            newest: Wait until what was decided a moment ago is measured.
        """
        pages = self.shelf.pages(None, language, newest=newest)
        now = pages.situation
        key = (language, now.data_version, now.day.isoformat(), now.dossier.text, brief_log.head(now.dossier.folder))
        found = self._drafts.get(key)
        if found is None or found[0].situation is not now:
            found = (pages, shown.draft_of(briefs.of(now, language)))
            self._drafts[key] = found
            for old in list(self._drafts)[:-KEPT_DRAFTS]:
                self._drafts.pop(old, None)
        return found


def router(brief: BriefDesk) -> APIRouter:
    """The routes, in each language: the draft that is read and changed is that of the language of the page."""
    routes = APIRouter(include_in_schema=False)
    gets = {"": _overview, "/sentence/{digest}": _sentence, "/publish": _publishing, "/versions": _versions}
    posts = {"/sentence/{digest}": _review, "/write": _write, "/publish": _publish}
    for language in LANGUAGES:
        top = f"{top_of(language)}/desk/brief"
        for path, get in gets.items():
            routes.get(f"{top}{path}")(getting(brief.desk, language, partial(get, brief)))
        for path, post in posts.items():
            routes.post(f"{top}{path}")(posting(brief.desk, language, partial(post, brief)))
    return routes


def _page(asked: Asked, template: str, problem: Refused | None = None, **values: Any) -> Response:
    from detente.publish.desk import REFUSALS

    here = asked.request.url.path.removeprefix(f"{asked.top}/")
    return answered(
        asked,
        template,
        problem.status if problem else 200,
        told=shown,
        at=Navigation(here, asked.language),
        link_of=link_of,
        most_text=MOST_TEXT,
        problem=REFUSALS[problem.reason] if problem else "",
        said=problem.said if problem else "",
        **values,
    )


# Pages


def _overview(brief: BriefDesk, asked: Asked, problem: Refused | None = None) -> Response:
    pages, draft = brief.draft(asked.language)
    return _page(
        asked,
        "desk_brief.html",
        problem,
        draft=draft,
        where=pages.where,
        waiting=draft.waiting,
        notice=_notice(asked, draft),
        given=asked.form,
        sections=[(name, shown.section_name(name, asked.words)) for name in briefs.SECTIONS],
    )


def _sentence(brief: BriefDesk, asked: Asked, problem: Refused | None = None) -> Response:
    pages, draft = brief.draft(asked.language)
    items, waiting = draft.items, draft.waiting
    item = _found(draft, asked)
    place = items.index(item)
    brief.desk.show(asked.who, _showing(asked, item), opened=True, stay=problem is not None)
    first = max(0, min(place - 3, len(items) - LISTED))
    return _page(
        asked,
        "desk_brief_sentence.html",
        problem,
        draft=draft,
        where=pages.where,
        item=item,
        listed=items[first : first + LISTED],
        before=items[place - 1].sha256 if place else "",
        after=items[place + 1].sha256 if place + 1 < len(items) else "",
        skip=_next(items, place),
        waiting=waiting,
        notice=_notice(asked, draft),
        given=asked.form,
    )


def _found(draft: Draft, asked: Asked) -> Item:
    digest = str(asked.request.path_params["digest"])
    for item in draft.items:
        if item.sha256 == digest:
            return item
    raise Refused("sentence", 404)


def _next(items: list[Item], place: int) -> str:
    """The next that waits after a place, else the first; empty where none does."""
    others = [item for item in (*items[place + 1 :], *items[:place]) if item.waits]
    return others[0].sha256 if others else ""


def _showing(asked: Asked, item: Item) -> str:
    return f"brief {asked.language} {item.sha256}"


def _notice(asked: Asked, draft: Draft) -> dict[str, Any] | None:
    """What was just done, and whether the sentence can have been read in that time."""
    seq = asked.request.query_params.get("after", "")
    if not (seq.isascii() and seq.isdigit() and len(seq) < 10):
        return None
    rows = brief_log.read(draft.brief.situation.dossier.folder).rows
    row = rows[int(seq) - 1] if 0 < int(seq) <= len(rows) else None
    if row is None or row.kind == "published" or row.by != flat(asked.signature):
        return None
    seconds = row.content.get("seconds")
    known = {item.sha256: item for item in draft.items}
    item = known.get(row.content["sha256"])
    needed = item.needed_seconds if item else 0.0
    return {
        "what": shown.DONE[row.content["action"]],
        "who": row.by,
        "item": item,
        "seconds": seconds,
        "needed": needed,
        "hurried": row.content["action"] == "accepted" and seconds is not None and seconds < needed,
    }


def _publishing(brief: BriefDesk, asked: Asked, problem: Refused | None = None) -> Response:
    drafts: dict[str, Draft] = {language: brief.draft(language, newest=True)[1] for language in LANGUAGES}
    now = drafts[asked.language].brief.situation
    versions = brief_log.read(now.dossier.folder).versions
    last = versions[-1] if versions else None
    return _page(
        asked,
        "desk_brief_publish.html",
        problem,
        drafts=drafts,
        by_rule=shown.by_rule,
        tops={language: top_of(language) for language in LANGUAGES},
        versions=versions,
        last=last,
        number=last.version + 1 if last else 1,
        given=asked.form,
        sent=asked.request.method == "POST",
        pdf=brief_versions.can_set(),
    )


def _versions(brief: BriefDesk, asked: Asked) -> Response:
    _, draft = brief.draft(asked.language)
    folder = draft.brief.situation.dossier.folder
    if folder is None:
        raise Refused("cannot", 422, "the dossier has no folder to keep versions in.")
    versions = brief_log.read(folder).versions
    numbers = {each.version for each in versions}
    query = asked.request.query_params
    old = _number(query.get("from", ""), numbers) or (versions[-1].version if versions else 0)
    new = _number(query.get("to", ""), numbers)
    changes: list[brief_versions.Difference] = []
    records: list[dict[str, Any]] = []
    said = ""
    if versions:
        try:
            before = brief_versions.record(folder, old, asked.language)
            after = brief_versions.record(folder, new, asked.language) if new else draft.brief.as_json()
            records, changes = [before, after], brief_versions.diff(before, after)
        except PublishError as refused:
            said = str(refused)
    return _page(
        asked,
        "desk_brief_versions.html",
        versions=versions[::-1],
        broken={each.version: brief_versions.damaged(folder, each) for each in versions},
        published=_number(query.get("after", ""), numbers),
        old=old,
        new=new,
        records=records,
        changes=changes,
        not_compared=said,
        draft=draft,
        first_told={
            each.version: each.corrections[len(before.corrections) if before else 0 :]
            for before, each in zip((None, *versions), versions, strict=False)
        },
    )


def _number(text: str, known: set[int]) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 and int(text) in known else 0


# Forms


def _review(brief: BriefDesk, asked: Asked) -> Response:
    _, draft = brief.draft(asked.language)
    item = _found(draft, asked)
    items = draft.items
    following = _next(items, items.index(item))
    action, text = asked.form.get("action", ""), flat(asked.form.get("text", ""))
    seconds = None
    try:
        if action not in ("accept", "edit", "drop"):
            raise Refused("action", 422)
        if action == "edit":
            _check_length(text)
        if action == "edit" and text == flat(str(item.sentence.text)):
            raise Refused("as it was", 422)
        _, seconds = brief.desk.seen(asked.who, _showing(asked, item))
        brief_versions.review(
            _folder(draft),
            draft.brief,
            by=asked.signature,
            start=item.sha256,
            text=text if action == "edit" else None,
            drop=action == "drop",
            seconds=seconds,
        )
    except PublishError as refused:
        return _sentence(brief, asked, Refused("cannot", 422, str(refused)))
    except Refused as refused:
        return _sentence(brief, asked, refused)
    return go(asked, f"/brief/sentence/{following}" if following else "/brief", after=_last(draft))


def _write(brief: BriefDesk, asked: Asked) -> Response:
    pages, draft = brief.draft(asked.language)
    given = asked.form
    text = flat(given.get("text", ""))
    try:
        _check_length(text)
        brief_versions.write(
            _folder(draft),
            pages.situation,
            text,
            by=asked.signature,
            language=asked.language,
            section=given.get("section", ""),
            entries=given.get("entries", "").split(),
        )
    except PublishError as refused:
        return _overview(brief, asked, Refused("cannot", 422, str(refused)))
    except Refused as refused:
        return _overview(brief, asked, refused)
    return go(asked, "/brief", after=_last(draft))


def _publish(brief: BriefDesk, asked: Asked) -> Response:
    given = asked.form
    chosen = [language for language in LANGUAGES if given.get(f"in-{language}") == "1"]
    try:
        if not chosen:
            raise Refused("language", 422)
        with brief.desk.opened() as (case, ledger):
            made, _ = brief_versions.publish(
                case,
                ledger,
                by=asked.signature,
                languages=chosen,
                exempt=given.get("exempt") == "1",
                corrections=_corrections(given.get),
                situation=brief.shelf.situation(None),
                read={language: given.get(f"read-{language}", "") for language in LANGUAGES},
            )
    except brief_versions.Changed:
        return _publishing(brief, asked, Refused("draft", 409))
    except PublishError as refused:
        return _publishing(brief, asked, Refused("cannot", 422, str(refused)))
    except Refused as refused:
        return _publishing(brief, asked, refused)
    return go(asked, "/brief/versions", after=made.version)


def _corrections(given: Callable[[str, str], str]) -> list[Correction]:
    number = given("correct", "")
    texts = {language: flat(given(f"correct-{language}", "")) for language in LANGUAGES}
    told: dict[str, str] = {language: text for language, text in texts.items() if text}
    if not told:
        return []
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Refused("corrects", 422)
    return [Correction(int(number), told)]


def _check_length(text: str) -> None:
    if not text:
        raise Refused("text", 422)
    if len(text) > MOST_TEXT:
        raise Refused("large", 413)


def _folder(draft: Draft) -> Any:
    folder = draft.brief.situation.dossier.folder
    if folder is None:
        raise Refused("cannot", 422, "the dossier has no folder to keep versions in.")
    return folder


def _last(draft: Draft) -> int:
    return len(brief_log.read(_folder(draft)).rows)
