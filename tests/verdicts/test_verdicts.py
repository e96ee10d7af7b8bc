"""Claims of articles in three languages about three pairs of states, held against what their ledgers have."""

from __future__ import annotations

import json
import shutil
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.console import run

from detente import workflow
from detente.dossier import write_starter
from detente.ledger import from_json, to_json
from detente.publish import situation
from detente.publish.verdicts import read_kept
from detente.terms import ArticleVerdicts, Dyad, Verdict
from detente.verdicts.claims import shape_of

EXAMPLES = Path(__file__).parent / "examples"
PAIRS = ("arm-tur", "irn-sau")
ARTICLES = [path for pair in PAIRS for path in sorted((EXAMPLES / pair).glob("*.*.txt"))]
FLOORS = {"arm-tur article.en": 9, "arm-tur article.fr": 7, "arm-tur later.ru": 9}
FLOORS |= {"irn-sau article.fr": 7, "irn-sau article.ru": 6, "irn-sau later.en": 7}
FLOORS |= {"arm-tur blind.fr": 7, "irn-sau blind.ru": 6}
"""Verdicts that are right, of those a careful reader lists (docs/verdicts.md)."""


@pytest.fixture(scope="session")
def dossiers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A dossier of each pair with six reports, coded in January 2024."""
    made = {}
    for pair in PAIRS:
        folder = made[pair] = tmp_path_factory.mktemp(pair) / "dossier"
        write_starter(folder, Dyad.parse(pair), date(2022, 1, 1), today=date(2022, 1, 1))
        with workflow.opened(folder, clock=lambda: datetime(2024, 1, 15, tzinfo=UTC)) as (case, ledger):
            workflow.add(case, ledger, [str(EXAMPLES / pair / "reports.jsonl")])
            workflow.code(case, ledger)
    return made


@pytest.fixture
def folder(dossiers: dict[str, Path], tmp_path: Path) -> Path:
    """A dossier of Iran and Saudi Arabia to write to."""
    return Path(shutil.copytree(dossiers["irn-sau"], tmp_path / "dossier"))


def judged(folder: Path, article: Path, as_of: date | None = None) -> ArticleVerdicts:
    day = tomllib.loads(article.with_suffix(".toml").read_text(encoding="utf-8"))["published"]
    with workflow.opened(folder) as (case, ledger):
        (found,), _ = workflow.verdicts(case, ledger, str(article), published=day, as_of=as_of)
    return found


def on(found: ArticleVerdicts, words: str) -> Verdict:
    (verdict,) = [v for v in found.verdicts if words in v.claim.evidence.quote]
    return verdict


FRENCH = EXAMPLES / "irn-sau" / "article.fr.txt"


@pytest.mark.parametrize("article", ARTICLES, ids=lambda path: f"{path.parent.name} {path.stem}")
def test_verdicts_are_those_of_a_careful_reader(dossiers: dict[str, Path], article: Path) -> None:
    wanted = tomllib.loads(article.with_suffix(".toml").read_text(encoding="utf-8"))["claims"]
    found = judged(dossiers[article.parent.name], article)
    right = sum(
        any(words in v.claim.evidence.quote and v.name == verdict for v in found.verdicts) for words, verdict in wanted
    )
    assert right >= FLOORS[f"{article.parent.name} {article.stem}"]
    sure = {"supported", "contradicted", "mixed"}
    for words, verdict in wanted:
        for v in found.verdicts:
            assert words not in v.claim.evidence.quote or v.name == verdict or v.name not in sure, words


@pytest.mark.parametrize("article", ARTICLES, ids=lambda path: f"{path.parent.name} {path.stem}")
def test_everything_is_tied_to_exact_characters(dossiers: dict[str, Path], article: Path) -> None:
    found = judged(dossiers[article.parent.name], article)
    text = article.read_text(encoding="utf-8").strip()
    with workflow.opened(dossiers[article.parent.name]) as (_, ledger):
        held = {document.id: document for document in ledger.documents()}
    for evidence in (*(v.claim.evidence for v in found.verdicts), *(u.evidence for u in found.unread)):
        assert text[evidence.start : evidence.end] == evidence.quote
    for finding in (f for v in found.verdicts for f in (*v.findings, *v.ahead)):
        finding.evidence.check(held[finding.evidence.document])


def test_every_sentence_gave_a_claim_or_is_listed(dossiers: dict[str, Path]) -> None:
    found = judged(dossiers["irn-sau"], FRENCH)
    told = {u.evidence.quote for u in found.unread} | {v.claim.evidence.quote for v in found.verdicts}
    assert "Le café de Riyad reste le meilleur de la région." in {u.evidence.quote for u in found.unread}
    for line in FRENCH.read_text(encoding="utf-8").split("\n")[2:]:
        for sentence in filter(None, line.split(". ")):
            assert any(sentence.strip(". ") in quote for quote in told), sentence


def test_another_day_is_named_and_neither_plain_support_nor_contradiction(dossiers: dict[str, Path]) -> None:
    verdict = on(judged(dossiers["irn-sau"], FRENCH), "le 19 juin 2023")
    (finding,) = verdict.findings
    assert (verdict.name, finding.why, finding.when) == ("mixed", "another day", "2023-06-17")


def test_a_meeting_that_reports_date_otherwise_is_found_by_the_day_one_of_them_gives(
    sample: Path, tmp_path: Path
) -> None:
    article = tmp_path / "a.txt"
    article.write_text("Vladimir Putin and Donald Trump will meet in Anchorage on 15 August 2025.")
    with workflow.opened(sample) as (case, ledger):
        (found,), _ = workflow.verdicts(case, ledger, str(article), published=date(2025, 8, 1), language="en")
    assert found.verdicts[0].findings[0].why == "came"
    assert "day" in found.verdicts[0].findings[0].agrees


def test_a_day_without_a_year_is_read_as_of_the_year_in_which_the_ledger_has_it(sample: Path, tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    for text, name, when in (
        ("Marco Rubio and Sergey Lavrov met in Riyadh on February 18.", "supported", "2025-02-18"),
        ("Marco Rubio and Sergey Lavrov met in Riyadh on February 18, 2026.", "not in the ledger", "2026-02-18"),
        ("Marco Rubio and Sergey Lavrov met in Riyadh on March 18.", "not in the ledger", "2026-03-18"),
    ):
        article.write_text(text)
        with workflow.opened(sample) as (case, ledger):
            (found,), _ = workflow.verdicts(case, ledger, str(article), published=date(2026, 5, 1), language="en")
        (verdict,) = found.verdicts
        assert verdict.claim.event is not None
        assert verdict.claim.event.event_date is not None
        assert (verdict.name, verdict.claim.event.event_date.value) == (name, when)


def test_words_said_in_a_month_are_looked_for_in_that_month(sample: Path, tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    for month, name in (("July 2025", "supported"), ("April 2025", "not in the ledger")):
        article.write_text(f"Sergei Ryabkov said in {month} that the thaw with the United States was over.")
        with workflow.opened(sample) as (case, ledger):
            (found,), _ = workflow.verdicts(case, ledger, str(article), published=date(2026, 5, 1), language="en")
        assert [v.name for v in found.verdicts if v.claim.kind == "statement"] == [name]


def test_a_question_settled_since_an_article_appeared_is_told(sample: Path, tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("A bilateral summit of the leaders of Russia and the United States is only a matter of time.")
    with workflow.opened(sample) as (case, ledger):
        (found,), _ = workflow.verdicts(case, ledger, str(article), published=date(2025, 8, 1), language="en")
    (outlook,) = found.verdicts[0].outlooks
    assert outlook.milestone.resolution is not None
    assert outlook.milestone.resolution.answer == "yes"
    shown = run(f"detente verdict {article} --published 2025-08-01 --language en --dossier {sample}").out
    assert "has been settled since" in shown


def test_what_nothing_confirms_is_named(dossiers: dict[str, Path], tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("Le 6 avril 2023, Hossein Amir-Abdollahian et Mohammed ben Salmane se sont rencontrés à Pékin.")
    with workflow.opened(dossiers["irn-sau"]) as (case, ledger):
        (found,), _ = workflow.verdicts(case, ledger, str(article), published=date(2023, 5, 1), language="fr")
    (verdict,) = found.verdicts
    assert verdict.name == "supported"
    assert len(verdict.unconfirmed) == 1
    assert "Salman" in verdict.unconfirmed[0]


# Evidence


def test_an_article_is_no_evidence_for_itself_nor_are_its_copies(folder: Path, tmp_path: Path) -> None:
    before = judged(folder, FRENCH)
    copy = tmp_path / "copy.txt"
    copy.write_text("Reprise\n\n" + FRENCH.read_text(encoding="utf-8").split("\n\n", 1)[1] + "\nLire aussi nos pages.")
    for path in (FRENCH, copy):
        with workflow.opened(folder) as (case, ledger):
            workflow.add(case, ledger, [str(path)], published=date(2023, 12, 1))
            workflow.code(case, ledger)
    after = judged(folder, FRENCH)
    assert len(after.left_out) == 2
    assert [v.name for v in after.verdicts] == [v.name for v in before.verdicts]
    assert [v.findings for v in after.verdicts] == [v.findings for v in before.verdicts]


def test_a_sentence_taken_from_the_article_is_no_second_witness(folder: Path, tmp_path: Path) -> None:
    claim = "Le 12 mai 2023, l'Arabie saoudite a expulsé trois diplomates iraniens."
    assert claim in FRENCH.read_text(encoding="utf-8")
    for day, said in ((date(2023, 12, 5), "not in the ledger"), (date(2023, 5, 13), "supported")):
        path = tmp_path / f"{day}.txt"
        path.write_text(f"{claim} Rien de plus n'est connu ce {day} de cette affaire entre les deux pays voisins.")
        with workflow.opened(folder) as (case, ledger):
            workflow.add(case, ledger, [str(path)], published=day, language="fr")
            workflow.code(case, ledger)
        assert on(judged(folder, FRENCH), "Le 12 mai 2023").name == said


def test_nothing_recorded_later_is_used(dossiers: dict[str, Path]) -> None:
    found = judged(dossiers["irn-sau"], FRENCH, as_of=date(2023, 12, 31))
    assert not [f for v in found.verdicts for f in (*v.findings, *v.ahead)]
    assert {v.name for v in found.verdicts} == {"not in the ledger", "about the future"}
    assert found.made == date(2023, 12, 31)


# The future


@pytest.mark.parametrize(
    ("language", "text", "shape"),
    [
        ("en", "It is less a question of if than of when.", "inevitable"),
        ("fr", "C'est désormais davantage une question de « quand » que de « si ».", "inevitable"),
        ("ru", "Это лишь вопрос времени.", "inevitable"),
        ("en", "Normal ties will take decades.", "long"),
        ("fr", "Elle s'éterniserait pendant des décennies.", "long"),
        ("ru", "На это уйдут десятилетия.", "long"),
        ("en", "It comes only after peace.", "conditional"),
        ("fr", "Elle n'interviendrait qu'une fois la paix instaurée.", "conditional"),
        ("ru", "Она возможна только после мира.", "conditional"),
        ("en", "They shook hands.", ""),
        ("fr", "Ils parlent en tant que voisins.", ""),
    ],
)
def test_what_a_sentence_says_of_the_future(language: str, text: str, shape: str) -> None:
    found = shape_of(text, language)
    assert (found[0] if found else "") == shape


def test_a_claim_about_the_future_has_a_question_that_anyone_can_settle(dossiers: dict[str, Path]) -> None:
    found = judged(dossiers["arm-tur"], EXAMPLES / "arm-tur" / "article.en.txt")
    whole = on(found, "will take decades").outlooks[0]
    assert (whole.milestone.id, whole.stands_in, whole.proposed) == ("ambassadors", True, False)
    assert whole.forecast is not None
    assert 0 < whole.forecast.never < 1
    (proposed,) = on(found, "will meet in Antalya next month").outlooks
    assert proposed.proposed
    assert proposed.milestone.missing == ()
    assert proposed.milestone.deadline == date(2024, 3, 31)
    assert "Ararat Mirzo" in proposed.milestone.question_in("en")
    assert proposed.forecast is not None


# Kept, and shown


def test_verdicts_are_kept_as_they_were_made(folder: Path) -> None:
    done = run(f"detente verdict {FRENCH} --published 2023-12-01 --dossier {folder} --keep --json")
    assert done.code == 0
    (kept,) = read_kept(folder)
    (printed,) = json.loads(done.out)
    assert printed.pop("digital_source_type").endswith("algorithmicMedia")
    assert to_json(kept) == printed
    assert from_json("verdicts", printed) == kept
    assert read_kept(folder, as_of=date(2024, 1, 1)) == ()
    run(f"detente verdict {FRENCH} --published 2023-12-01 --dossier {folder} --keep")
    assert read_kept(folder) == (kept,)


def test_kept_verdicts_have_a_page_in_three_languages(folder: Path, tmp_path: Path) -> None:
    run(f"detente verdict {FRENCH} --published 2023-12-01 --dossier {folder} --keep")
    assert run(f"detente site --dossier {folder} --out {tmp_path / 'site'} --quiet").code == 0
    for place, said in (("", "Not in the ledger"), ("fr/", "Absent du registre"), ("ru/", "Нет в реестре")):
        page = (tmp_path / "site" / place / "verdicts.html").read_text(encoding="utf-8")
        assert said in page
        assert "l&#39;Iran et l&#39;Arabie saoudite ont convenu à Pékin" in page
    assert len(json.loads((tmp_path / "site" / "verdicts.json").read_text(encoding="utf-8"))) == 1
    with workflow.opened(folder) as (case, ledger):
        assert situation.of(case, ledger, as_of=date(2024, 1, 20)).verdicts == ()


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ["SUPPORTED", "coded by machine, not checked by a person", "Sentences that gave no claim"]),
        ("fr", ["ÉTAYÉ", "sans vérification humaine", "Phrases sans affirmation"]),
        ("ru", ["ПОДТВЕРЖДАЕТСЯ", "человеком не проверено", "не давшие утверждений"]),
    ],
)
def test_it_reads_in_three_languages(dossiers: dict[str, Path], lang: str, said: list[str]) -> None:
    shown = run(f"detente verdict {FRENCH} --published 2023-12-01 --dossier {dossiers['irn-sau']} --lang {lang}").out
    for words in said:
        assert words in shown


def test_a_page_is_read_as_a_text_is(dossiers: dict[str, Path], tmp_path: Path) -> None:
    body = "".join(f"<p>{line}</p>" for line in FRENCH.read_text(encoding="utf-8").split("\n") if line)
    page = tmp_path / "page.html"
    page.write_text(
        '<html lang="fr"><head><title>Téhéran et Riyad</title><meta property="article:published_time" '
        f'content="2023-12-01"></head><body><nav>Menu</nav><article>{body}</article></body></html>',
        encoding="utf-8",
    )
    done = run(f"detente verdict {page} --dossier {dossiers['irn-sau']} --json")
    (found,) = json.loads(done.out)
    names: list[Any] = [v["name"] for v in found["verdicts"]]
    assert (found["published"], names.count("supported")) == ("2023-12-01", 3)


def test_what_cannot_be_read_ends_with_code_1(dossiers: dict[str, Path], tmp_path: Path) -> None:
    done = run(f"detente verdict {tmp_path / 'none.txt'} --dossier {dossiers['irn-sau']}")
    assert done.code in (1, 2)
    assert "none.txt" in done.err


STATES = [
    (
        "fr",
        "Moscou parle de deux voix, l'une intransigeante et l'autre modérée, comme la Russie l'a souvent fait.\n"
        "Kirill Dmitriev parcourt le monde. Son influence grandissante étonne Moscou.",
    ),
    (
        "en",
        "Russia is split between hard-line voices and moderates.\nThe growing role of Kirill Dmitriev is plain to see.",
    ),
    ("ru", "В России звучат жёсткая и умеренная линии.\nРастущая роль Кирилла Дмитриева очевидна."),
]


@pytest.mark.parametrize(("language", "text"), STATES)
def test_how_things_stand_is_held_against_what_is_measured(
    sample: Path, tmp_path: Path, language: str, text: str
) -> None:
    article = tmp_path / "view.txt"
    article.write_text(text + "\n", encoding="utf-8")
    with workflow.opened(sample) as (case, ledger):
        (found,), _ = workflow.verdicts(case, ledger, str(article), published=date(2025, 5, 31), language=language)
    told = {v.claim.state: v for v in found.verdicts if v.claim.state}
    assert {state: v.claim.about for state, v in told.items()} == {"two lines": "RUS", "rises": "kirill-dmitriev"}
    assert {v.name for v in told.values()} == {"supported"}
    for verdict in told.values():
        assert [dict(sentence)[language] for sentence in verdict.measured]
        assert {finding.bearing for finding in verdict.findings} == {"for"}
    assert from_json("verdicts", to_json(found)) == found


def test_before_anything_was_seen_nothing_settles_how_things_stand(folder: Path, tmp_path: Path) -> None:
    article = tmp_path / "view.txt"
    article.write_text("Relations between Iran and Saudi Arabia are improving.\n", encoding="utf-8")
    with workflow.opened(folder) as (case, ledger):
        (found,), _ = workflow.verdicts(case, ledger, str(article), published=date(2022, 1, 2), language="en")
    (verdict,) = found.verdicts
    assert (verdict.claim.state, verdict.name) == ("warmer", "not in the ledger")
    assert verdict.measured
