"""The command by which people judge what machines coded."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli.evaluating import evaluate
from detente.cli.options import HERE, AsOf, DossierFolder, Json, read_moment
from detente.cli.output import show_json, show_table

if TYPE_CHECKING:
    from detente.dossier import Dossier
    from detente.ledger import Ledger, QueueItem
    from detente.terms import Action


def register(app: typer.Typer) -> None:
    """Add this file's command and those that score what machines do."""
    app.command("review")(review)
    app.add_typer(evaluate, name="evaluate")


def review(
    dossier: DossierFolder = HERE,
    entry: Annotated[str | None, typer.Option(metavar="ID", help="Decide on this entry, without asking.")] = None,
    decision: Annotated[
        str | None, typer.Option(metavar="accept|amend|reject|unsure|undo", help="With --entry.")
    ] = None,
    amend: Annotated[list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="What to amend.")] = None,
    why: Annotated[str, typer.Option(metavar="TEXT", help="Reason, kept with the decision.")] = "",
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who decides.", show_default="your login")] = None,
    limit: Annotated[int, typer.Option(metavar="N", help="Length of the queue.")] = 20,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Accept, amend or reject what machines coded.

    Each decision is a line in the ledger. In a terminal the queue is gone through one by one, most effect times doubt
    first. With --json, or where there is no terminal, the queue is printed; --entry and --decision decide on one entry.

    Example:

        $ detente review --limit 3 --json
    """
    from detente import workflow
    from detente.ledger import queue

    with workflow.opened(dossier) as (case, ledger):
        who = by or getpass.getuser()
        if entry:
            _decide_one(
                case, ledger, entry, decision or ("amend" if amend else "accept"), amend or [], who, why, json=json
            )
            return
        if decision or amend:
            raise typer.BadParameter("name the entry to decide on.", param_hint="--entry")
        items = queue(ledger, as_of=read_moment(as_of), limit=limit)
        if json:
            show_json([_item_json(item) for item in items])
        elif sys.stdin.isatty() and sys.stdout.isatty():
            _go_through(case, ledger, items, who)
        else:
            _print_queue(items)


def _item_json(item: QueueItem) -> dict[str, Any]:
    from detente.ledger import to_json

    standing = item.standing
    return {
        "entry": standing.entry.id,
        "kind": standing.entry.kind,
        "document": standing.entry.document,
        "weight": round(item.weight, 3),
        "effect": item.effect_tenths / 10,
        "doubt": round(item.doubt, 3),
        "note": item.note,
        "occurrence": item.occurrence.id if item.occurrence else None,
        "coding": to_json(standing.coding, sparse=True),
    }


def _summary(item: QueueItem) -> str:
    from detente.terms import Event

    coding = item.standing.coding
    if isinstance(coding, Event):
        when = coding.event_date.value if coding.event_date else "undated"
        return f"{when} {coding.type} {coding.mode} {'/'.join(coding.sides)} {coding.realis} {coding.track}".strip()
    return f"{coding.speaker.name} ({coding.speaker.side or '?'}) stance {coding.stance:+d} on {coding.issue}"


def _print_queue(items: list[QueueItem]) -> None:
    if not items:
        print("Nothing waits for a decision.")
        return
    rows = [
        (i.standing.entry.id, f"{i.weight:.1f}", _summary(i), " ".join(i.standing.coding.evidence.quote.split())[:160])
        for i in items
    ]
    show_table("", [("entry", "left"), ("weight", "right"), ("coding", "fold"), ("quote", "fold")], rows)


def _decide_one(
    case: Dossier, ledger: Ledger, entry_id: str, action: str, changes: list[str], by: str, why: str, *, json: bool
) -> None:
    from detente.ledger import review_of
    from detente.ledger.amendment import amended
    from detente.terms import ACTIONS, Event, Statement

    if action not in ACTIONS:
        raise typer.BadParameter(f"{action!r} is not one of {', '.join(ACTIONS)}.", param_hint="--decision")
    verdict: Action = action
    pairs = {}
    for change in changes:
        name, sep, value = change.partition("=")
        if not sep:
            raise typer.BadParameter(f"{change!r} is not FIELD=VALUE. Write type=CONSULT.", param_hint="--set")
        pairs[name.strip()] = value.strip()
    if pairs and verdict != "amend":
        raise typer.BadParameter(f"what is {verdict!r} is not amended. Leave one of the two out.", param_hint="--set")
    coding = ledger.entry(entry_id).coding
    corrected = None
    if verdict == "amend":
        # What somebody amended before stays as they left it.
        last = review_of(ledger.decisions(entry_id)).counts
        coding = last.amended if last and last.amended else coding
        if not isinstance(coding, Event | Statement):
            raise typer.BadParameter("only events and statements can be amended.", param_hint="--entry")
        document = ledger.document(coding.evidence.document)
        corrected = amended(coding, pairs, registry=case.registry, document=document)
    made = ledger.decide(entry_id, verdict, by=by, why=why, amended=corrected, saw="coding")
    if json:
        show_json({"entry": made.entry, "action": made.action, "by": made.by, "why": made.why, "seq": made.seq})
    else:
        print(f"{made.entry}: {made.action} by {made.by}.")


def _changes(text: str) -> dict[str, str]:
    """Fields and values of a line; names of several actors are separated as fields are.

    >>> _changes("actors=USA; CHN; realis=planned")
    {'actors': 'USA;CHN', 'realis': 'planned'}
    """
    pairs: dict[str, str] = {}
    name = ""
    for part in (part.strip() for part in text.split(";")):
        before, sep, value = part.partition("=")
        if sep:
            name = before.strip()
            pairs[name] = value.strip()
        elif part:
            pairs[name] = f"{pairs[name]};{part}" if name in pairs else part
    return pairs


def _go_through(case: Dossier, ledger: Ledger, items: list[QueueItem], by: str) -> None:
    from rich.prompt import Prompt

    from detente.cli.output import console, harmless
    from detente.errors import LedgerError
    from detente.ledger.amendment import amended

    out = console()
    actions: dict[str, Action] = {"a": "accept", "e": "amend", "x": "reject", "u": "unsure"}
    for number, item in enumerate(items, start=1):
        standing = item.standing
        evidence = standing.coding.evidence
        document = ledger.document(evidence.document)
        out.rule(
            f"{number} of {len(items)} · {standing.entry.kind} · {standing.entry.id} · {harmless(document.title[:60])}"
        )
        before = document.text[max(0, evidence.start - 200) : evidence.start]
        after = document.text[evidence.end : evidence.end + 200]
        out.print(harmless(f"…{before}"), style="dim", end="")
        out.print(harmless(evidence.quote), style="bold reverse", end="")
        out.print(harmless(f"{after}…"), style="dim")
        out.print(f"\n  {harmless(_summary(item))}   confidence {standing.coding.confidence:.2f}  {item.note}")
        key = Prompt.ask(
            "accept, edit, reject, unsure, skip, quit", choices=["a", "e", "x", "u", "s", "q"], default="s"
        )
        if key == "q":
            break
        if key == "s":
            continue
        corrected = None
        if key == "e":
            text = Prompt.ask("FIELD=VALUE, several separated by ;")
            try:
                corrected = amended(standing.coding, _changes(text), registry=case.registry, document=document)
            except LedgerError as problem:
                out.print(str(problem), style="red")
                continue
        why = Prompt.ask("why", default="")
        ledger.decide(standing.entry.id, actions[key], by=by, why=why, amended=corrected, saw="source")
