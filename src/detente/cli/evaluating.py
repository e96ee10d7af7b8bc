"""Commands that score what detente does against annotated and outside sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from detente.cli.options import Json
from detente.cli.output import show, show_json, show_table

evaluate = typer.Typer(help="Score what detente does against outside sets.", no_args_is_help=True)

Errors = Annotated[bool, typer.Option("--errors", help="Also list every miss with its text.")]
SetFile = Annotated[Path, typer.Argument(metavar="FILE", help="The set.")]
Coder = Annotated[str | None, typer.Option(metavar="NAME", help="Coder to score.")]
Language = Annotated[str | None, typer.Option(metavar="CODE", help="Language of the set.")]

_RATES = ("precision", "recall", "f1")


@evaluate.command("coding")
def evaluate_coding(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="[PATH]", help="Folder that holds gold/ and texts/, or annotated sentences (.jsonl)."),
    ] = None,
    gold: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder with one annotation file per article.")
    ] = None,
    articles: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder with the articles' texts.")] = None,
    dossier: Annotated[
        Path | None, typer.Option("--dossier", "-d", metavar="DIR", help="Code as this dossier would.")
    ] = None,
    coder: Coder = None,
    errors: Annotated[
        bool, typer.Option("--errors", help="Also list every miss with its text, and what fits nothing.")
    ] = False,
    misses: Annotated[bool, typer.Option("--misses", hidden=True)] = False,
    json: Json = False,
) -> None:
    """Precision, recall and F1 by language on annotated texts.

    Name a folder, or give --gold and --articles. Without --dossier, each text is coded as a new dossier for the pair of
    states it was annotated for. Sentences per second are those of one process, from raw text to codings, with the coder
    made and its word lists loaded before the clock starts.

    Example:

        $ detente evaluate coding --help
    """
    from detente import dossier as dossiers
    from detente.evaluation import evaluate_articles, evaluate_folder

    case = dossiers.load(dossier) if dossier else None
    if path is not None and gold is None and articles is None:
        report = evaluate_folder(path, dossier=case, coder=coder)
    elif path is None and gold is not None and articles is not None:
        report = evaluate_articles(gold, articles, dossier=case, coder=coder)
    else:
        raise typer.BadParameter("name one folder or file, or give both --gold and --articles.", param_hint="PATH")
    del report["sureness"]
    if _printed(report, errors=errors or misses, json=json):
        return
    sheets = {**report["languages"], "all": report["all"]}
    names = [name for name, value in report["all"].items() if isinstance(value, dict) and "f1" in value]
    rest = ("stance_sign_accuracy", "type_accuracy", "realis_accuracy", "boilerplate_leaks", "articles")
    rows = [(name, *(_cell(sheet[name]) for sheet in sheets.values())) for name in (*names, *rest)]
    columns = [("", "left"), *((name, "right") for name in sheets)]
    show_table(f"{report['coder']}: precision / recall / F1", columns, rows)
    causes = list(report["all"]["misses_all"])
    rows = [
        (f"{name}, {which}", *(str(sheet[f"misses_{which}"][name]) for sheet in sheets.values()))
        for which in ("main", "all")
        for name in causes
        if report["all"][f"misses_{which}"][name]
    ]
    show_table("Events missed, by the one condition that the nearest coding fails", columns, rows)
    _calibration(report["all"])
    if "constructions" in report:
        counted = ("events_all", "statements", "timex_value", "persons")
        rows = [
            (name, str(sheet["articles"]), *(_cell(sheet[part]) for part in counted))
            for name, sheet in sorted(report["constructions"].items())
        ]
        headings = [("construction", "left"), ("texts", "right"), *((name, "right") for name in counted)]
        show_table("By construction: precision / recall / F1", headings, rows)
    _speed(report)
    _list(report)


def _calibration(sheet: Mapping[str, Any]) -> None:
    """What confidences were said and what share came true, and how often codings with a doubt are right."""
    rows = [
        (
            name,
            f"{found['from']:.1f}–{found['to']:.1f}",
            str(found["n"]),
            f"{found['said']:.2f}",
            f"{found['right']:.2f}",
        )
        for name, measured in sheet["calibration"].items()
        for found in measured["bins"]
    ]
    headings = [("confidence", "left"), ("from–to", "left"), ("n", "right"), ("said", "right"), ("right", "right")]
    show_table("Confidence: what was said and what share was right", headings, rows)
    doubts = [(name, str(found["n"]), f"{found['right']:.2f}") for name, found in sheet["doubts"].items()]
    show_table("Events by what the coder doubts", [("doubt", "left"), ("n", "right"), ("right", "right")], doubts)


@evaluate.command("llm")
def evaluate_llm(
    path: Annotated[
        Path,
        typer.Argument(metavar="PATH", help="Folder that holds gold/ and texts/, or annotated sentences (.jsonl)."),
    ],
    dossier: Annotated[
        Path | None, typer.Option("--dossier", "-d", metavar="DIR", help="Code as this dossier would, by its [llm].")
    ] = None,
    model: Annotated[str, typer.Option(metavar="NAME", help="Model, where it is another.")] = "",
    price: Annotated[
        list[str] | None,
        typer.Option("--price", metavar="NAME=IN:OUT", help="Money per million tokens sent and got; repeatable."),
    ] = None,
    json: Json = False,
) -> None:
    """How right and how steady a language model is, and its cost.

    All texts are coded four times: with the codebook as it is, with its labels moved to other definitions, with its
    order reversed, and with numbers for labels. A model that reads the codebook codes alike each time. Answers are
    kept, so that a run that was stopped by its budget goes on. Costs follow from the tokens that the server counted.

    Example:

        $ detente evaluate llm --help
    """
    from detente import dossier as dossiers
    from detente.evaluation import evaluate_language_model

    case = dossiers.load(dossier) if dossier else None
    prices = [_price(text) for text in price or ()]
    if case and case.llm.price_in is not None and case.llm.price_out is not None:
        prices.insert(0, (f"dossier, {case.llm.currency}", float(case.llm.price_in), float(case.llm.price_out)))
    report = evaluate_language_model(path, dossier=case, model=model, prices=prices)
    if json:
        show_json(report)
        return
    shown = {**report["variants"], "rules": report["rules"]["scores"]}
    columns = [("", "left"), *((name, "right") for name in shown)]
    rows = [(name, *(_cell(sheet[name]) for sheet in shown.values())) for name in next(iter(shown.values()))]
    show_table(f"{report['coder']}, {report['articles']} texts: precision / recall / F1 by codebook", columns, rows)
    compared = {**report["stability"], "rules": report["rules"]}
    measures = ("events_shared", "same_type", "kappa", "statements_shared", "same_stance")
    columns = [("", "left"), *((name, "right") for name in compared)]
    rows = [(name, *(_cell(sheet[name]) for sheet in compared.values())) for name in measures]
    show_table("Agreement with the codebook as it is, and with the rules", columns, rows)
    reasons = {reason: 0 for found in report["left_out"].values() for reason in found}
    rows = [(why, *(str(found.get(why, 0)) for found in report["left_out"].values())) for why in reasons]
    show_table("Left out", [("", "left"), *((name, "right") for name in report["left_out"])], rows)
    tokens = report["tokens"]
    show(f"{tokens['in']:,.0f} tokens sent and {tokens['out']:,.0f} got an article, as the server counted.")
    if tokens["uncounted"]:
        show(f"{tokens['uncounted']} of {tokens['questions']} answers came without a count and are not in it.")
    rows = [
        (one["name"], f"{one['price_in']:g}", f"{one['price_out']:g}", f"{one['per_1000']:.2f}")
        for one in report["costs"]
    ]
    headings = [("prices", "left"), ("in", "right"), ("out", "right"), ("1,000 articles", "right")]
    show_table("Money per million tokens, and for 1,000 articles like these", headings, rows)


def _price(text: str) -> tuple[str, float, float]:
    name, _, told = text.partition("=")
    sent, _, got = told.partition(":")
    try:
        return name, float(sent), float(got)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no price. Write NAME=0.15:0.60.", param_hint="--price") from None


@evaluate.command("timex")
def evaluate_timex(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[FOLDER]", help="Folder with TimeML files (*.tml), or one file.")
    ] = None,
    gold: Annotated[Path | None, typer.Option(metavar="DIR", hidden=True)] = None,
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="Language of the set; else each text's own.")
    ] = None,
    errors: Errors = False,
    json: Json = False,
) -> None:
    """Strict, relaxed and value F1 of time expressions against TimeML.

    Example:

        $ detente evaluate timex --help
    """
    from detente.evaluation import score_timeml

    where = folder or gold
    if where is None or (folder and gold):
        raise typer.BadParameter("name one folder with TimeML files.", param_hint="FOLDER")
    report = score_timeml(where, _language(language))
    if _printed(report, errors=errors, json=json):
        return
    sheets = report["languages"] if len(report["languages"]) > 1 else {}
    rows = [
        (f"{spoken} {name}", *_shares(sheet[name]), str(sheet["n"]))
        for spoken, sheet in {**sheets, report["language"]: report}.items()
        for name in ("strict", "relaxed", "value", "type")
    ]
    show_table(str(where), _headings(""), rows)
    _speed(report)
    _list(report)


@evaluate.command("times", hidden=True)
def evaluate_times(
    gold: Annotated[Path, typer.Option(metavar="DIR", help="Folder with TimeML files (*.tml).")],
    language: Language = None,
    json: Json = False,
) -> None:
    """Older name of `detente evaluate timex`.

    Example:

        $ detente evaluate times --help
    """
    evaluate_timex(gold, language=language, json=json)


@evaluate.command("types")
def evaluate_types(
    file: SetFile,
    language: Language = None,
    errors: Errors = False,
    json: Json = False,
) -> None:
    """Macro-F1 of a sentence's type, source and target given.

    The set is tab-separated with a header: sentence, source, target and gold_root or type; also gold_penta or quad, and
    language.

    Example:

        $ detente evaluate types --help
    """
    from detente.evaluation import score_types

    report = score_types(file, _language(language))
    if _printed(report, errors=errors, json=json):
        return
    rows = [
        (name, *(f"{report[name][k]:.3f}" for k in ("macro_f1", "accuracy"))) for name in ("root", "quad", "binary")
    ]
    show_table(f"{file}: n {report['n']}", [("", "left"), ("macro-F1", "right"), ("accuracy", "right")], rows)
    for part in ("root", "quad", "binary"):
        rows = [(name, *_shares(sheet), str(sheet["n"])) for name, sheet in report[part]["by_type"].items()]
        show_table("", _headings(part), rows)
    _speed(report)
    _list(report)


@evaluate.command("pairs")
def evaluate_pairs(file: SetFile, errors: Errors = False, json: Json = False) -> None:
    """F1 on pairs of texts that tell of the same event, or not.

    The set is tab-separated with a header: first_text, second_text, first_title, second_title and label, or the columns
    of tgcontest.

    Example:

        $ detente evaluate pairs --help
    """
    from detente.evaluation import score_pairs

    report = score_pairs(file)
    if _printed(report, errors=errors, json=json):
        return
    sheets = {**report["languages"], "all": report}
    rows = [(name, *_shares(sheet), f"{sheet['accuracy']:.3f}", str(sheet["n"])) for name, sheet in sheets.items()]
    columns = _headings("same event")
    columns.insert(-1, ("accuracy", "right"))
    show_table(str(file), columns, rows)
    _speed(report)
    _list(report)


@evaluate.command("newswire")
def evaluate_newswire(
    file: SetFile,
    answers: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Codings (id, source, target, code) instead of the file's own.")
    ] = None,
    coder: Coder = None,
    errors: Errors = False,
    json: Json = False,
) -> None:
    """F1 of directed dyad and CAMEO root on newswire sentences.

    The set is in the XML of the PETRARCH coders, with EventCoding elements. Only the raw text and its day are read.

    Example:

        $ detente evaluate newswire --help
    """
    from detente.evaluation import score_newswire

    report = score_newswire(file, answers=answers, coder=coder)
    if _printed(report, errors=errors, json=json):
        return
    rows = [
        ("dyad and root", *_shares(report), str(report["n"])),
        ("dyad", *_shares(report["dyad"]), ""),
    ]
    show_table(str(file), _headings(""), rows)
    left = report["left_out"]
    show(f"{report['sentences_right']:.3f} of {report['n_sentences']} sentences right in every coding.")
    show(f"Left out: {left['codings']} codings that name no two states or no type, {left['sentences']} sentences.")
    _speed(report)
    _list(report)


@evaluate.command("forecast")
def evaluate_forecast(json: Json = False) -> None:
    """Backtest the if-and-when forecasts on the reference cases.

    Each is scored against the plain base rate.

    Example:

        $ detente evaluate forecast --help
    """
    from detente.forecast.backtest import backtest, table

    report = backtest()
    if json:
        show_json(report)
    else:
        print(table(report))


@evaluate.command("next-event")
def evaluate_next_event(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", help="Folder with entity2id.txt, relation2id.txt, train.txt, valid.txt and test.txt."
        ),
    ],
    predictions: Annotated[
        Path | None,
        typer.Option("--predictions", metavar="FILE", help="Write each question's ten likeliest answers, with rows."),
    ] = None,
    json: Json = False,
) -> None:
    """Rank who is dealt with next, on a published set of dated facts.

    Each fact of the test is asked in both directions, with every earlier day known, and its answer ranked among all
    entities; other right answers of the same day are removed, and ties count half. Needs LightGBM: pip install
    'detente[next-event]'.

    Example:

        $ detente evaluate next-event --help
    """
    from detente.forecast.next_event import evaluate_next_event as scored

    report = scored(folder, predictions=predictions).as_json()
    if json:
        show_json(report)
        return
    rows = [(name, f"{value:.4f}") for name, value in report.items() if name not in ("n", "seconds")]
    show_table(str(folder), [("", "left"), ("share", "right")], rows)
    show(f"{report['n']:,} questions, {report['seconds']} s from opening the files to the last rank.")


def _language(text: str | None) -> str | None:
    from detente.languages import codes

    if text is not None and text not in codes():
        raise typer.BadParameter(f"{text!r} is not one of {', '.join(codes())}.", param_hint="--language")
    return text


def _printed(report: dict[str, Any], *, errors: bool, json: bool) -> bool:
    """Keep the list of misses only where it was asked for, and print JSON where that was."""
    if not errors:
        report.pop("errors", None)
    if json:
        show_json(report)
    return json


def _list(report: Mapping[str, Any]) -> None:
    for line in report.get("errors", ()):
        show(line)


def _speed(report: Mapping[str, Any]) -> None:
    show(f"{report['sentences']} sentences, {report['sentences_per_second']:.0f} a second in one process.")


def _headings(first: str) -> list[tuple[str, str]]:
    return [(first, "left"), ("precision", "right"), ("recall", "right"), ("F1", "right"), ("n", "right")]


def _shares(sheet: Mapping[str, Any]) -> Sequence[str]:
    return [f"{sheet[name]:.3f}" for name in _RATES]


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        shown = [f"{value[k]:.2f}" if value[k] is not None else "–" for k in _RATES]
        return f"{' / '.join(shown)}  n {value['n']}"
    return "–" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)
