"""Whatever is added: a clear error or an issue on record, the others go on, and a second run changes nothing."""

from __future__ import annotations

import json
import os
import random
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from tests.console import Run, run
from workflow_examples import finished, head, held

from detente import plugins
from detente.terms import Coding, Document

EN = "Cuban and U.S. officials held talks in Havana on 3 March 2025 about migration, both governments said.\n"
RU = "3 марта 2025 года делегации Кубы и США провели в Гаване переговоры о работе посольств, сообщил МИД Кубы.\n"
META = "<meta property='article:published_time' content='{}-03-04'>"
PAGE = """<html><head><title>Talks</title><style>p {{ color: red }}</style>{head}</head><body>
<script>stealCookies("secret-script-word")</script>
<article><h1>Talks</h1><p onclick="alert('handler-word')">Cuban and U.S. officials held talks in Havana about migration,
both governments said after the meeting.</p><p>The next round is due in a month, the ministry added, once flights and
visas have been discussed.</p><iframe src="https://example.org/frame-word"></iframe></article></body></html>"""


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def sparse(path: Path, size: int) -> Path:
    with path.open("wb") as file:
        file.truncate(size)
    return path


def add(case: Path, *what: Path | str, options: str = "") -> Run:
    words = " ".join(shlex.quote(str(item)) for item in what)
    return run(f"detente add {words} --dossier {case} --quiet {options}")


def status(case: Path) -> dict[str, object]:
    done = run(f"detente status --dossier {case} --json")
    assert done.code == 0, done.err
    return dict(json.loads(done.out))


def assert_on_record(case: Path, record: str, *words: str) -> None:
    """`status` names the record and says these words of it."""
    said = [row for row in run(f"detente status --dossier {case}").out.splitlines() if record in row]
    assert any(all(word in row for word in words) for row in said), said


def line(document_id: str, text: str, **more: str) -> str:
    """A JSON line; half a character, which no file holds as it is, is written as an escape."""
    written = json.dumps({"id": document_id, "text": text, **more}, ensure_ascii=False)
    return re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", written)


def noise(path: Path) -> Path:
    letters = random.Random(20250303)
    return write(path, bytes(letters.randrange(128, 256) for _ in range(600)))


REFUSED: dict[str, tuple[Callable[[Path], Path], tuple[str, ...]]] = {
    "an empty file": (lambda p: write(p / "empty.txt", ""), ("empty.txt", "is empty", "Check that")),
    "an empty page": (lambda p: write(p / "empty.html", " \n"), ("empty.html", "is empty", "Check that")),
    "empty JSON lines": (lambda p: write(p / "empty.jsonl", ""), ("empty.jsonl", "is empty", "Check that")),
    "a binary file": (lambda p: write(p / "b.txt", b"\x00\x01\xff" * 99), ("b.txt", "NUL byte", "Save it as UTF-8")),
    "a PDF called text": (lambda p: write(p / "c.txt", b"%PDF-1.7 x"), ("c.txt", "a PDF", "Save its text")),
    "200 MB of text": (lambda p: sparse(p / "big.txt", 200_000_000), ("big.txt", "200,000,000 bytes", "Cut it")),
    "a page of 200 MB": (lambda p: sparse(p / "big.html", 200_000_000), ("big.html", "200,000,000 bytes", "Cut it")),
    "a line of 200 MB": (lambda p: sparse(p / "big.jsonl", 200_000_000), ("big.jsonl:1", "longer than", "Cut it")),
    "no encoding at all": (lambda p: noise(p / "noise.txt"), ("noise.txt", "no encoding gives text", "Save it as")),
    "UTF-16 without its mark": (lambda p: write(p / "u.txt", RU.encode("utf-16-le")), ("u.txt", "UTF-16", "Save it")),
    "JSON in windows-1251": (
        lambda p: write(p / "w.jsonl", line("w", RU).encode("cp1251")),
        ("w.jsonl:1", "not UTF-8", "Save as UTF-8"),
    ),
    "a page of scripts alone": (
        lambda p: write(p / "s.html", "<html><body><script>go()</script></body></html>"),
        ("s.html", "no main text", "Save its text"),
    ),
    "a day in the future": (
        lambda p: write(p / "f.jsonl", line("f", EN, published="2199-01-01")),
        ("f.jsonl:1", "2199-01-01", "Correct the year"),
    ),
    "a day that is none": (
        lambda p: write(p / "d.jsonl", line("d", EN, published="31 February")),
        ("d.jsonl:1", "'31 February'", "Give the day"),
    ),
    "no such file": (lambda p: p / "missing.txt", ("missing.txt", "no such file", "Check the path")),
    "an unknown ending": (lambda p: write(p / "a.docx", EN), ("a.docx", ".docx is not read", "Rename it")),
    "half a character in a title": (
        lambda p: write(p / "t.jsonl", line("t", EN, title="\ud800")),
        ("t.jsonl:1", "title", "Export it again"),
    ),
    "a NUL in an id": (
        lambda p: write(p / "n.jsonl", line("n\0", EN)),
        ("n.jsonl:1", "its id", "Export it again"),
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_used_is_named_with_its_remedy_and_kept_as_an_issue_while_the_rest_is_filed(
    kind: str, case: Path, tmp_path: Path
) -> None:
    make, words = REFUSED[kind]
    folder = tmp_path / "in"
    folder.mkdir()
    bad = make(folder)
    good = write(tmp_path / "z-good.jsonl", line("good", EN, published="2025-03-04"))
    done = add(case, bad, good)
    assert done.code == 1
    for word in words:
        assert word in done.err
    assert "Traceback" not in done.err
    assert_on_record(case, words[0], *words[1:])
    stored, before = held(case), head(case)
    assert [document[0] for document in stored.documents] == ["good"]
    again = add(case, bad, good)
    assert (again.code, again.err) == (1, done.err), "a second run says the same"
    assert head(case) == before, "a second run stores nothing"


USED: dict[str, tuple[Callable[[Path], Path], str, tuple[str, ...]]] = {
    "Russian in windows-1251": (lambda p: write(p / "r.txt", RU.encode("cp1251")), "ru", ("r.txt", "read as cp1251")),
    "Russian in KOI8-R": (lambda p: write(p / "k.txt", RU.encode("koi8-r")), "ru", ("k.txt", "read as koi8-r")),
    "no day": (lambda p: write(p / "n.txt", EN.replace(" on 3 March 2025", "")), "en", ("n.txt", "no day of publ")),
    "a page of the future": (
        lambda p: write(p / "f.html", PAGE.format(head=META.format(2199))),
        "en",
        ("f.html", "2199-03-04, which cannot be"),
    ),
    "German": (
        lambda p: write(p / "g.txt", "Der Außenminister traf am Dienstag in Berlin seinen Kollegen zu Gesprächen.\n"),
        "de",
        ("g.txt", "language de; filed, not coded"),
    ),
    "no known language": (
        lambda p: write(p / "x.txt", "Qxz vbnm qwrt plkj zxcv bnmq wrtp lkjh gfds 123 456.\n"),
        "",
        ("x.txt", "language"),
    ),
    "text said to be in another language": (
        lambda p: write(p / "o.jsonl", line("o", RU, language="fr", published="2025-03-04")),
        "fr",
        ("o.jsonl:1", "given as fr, but reads as ru"),
    ),
    "keys we do not know": (
        lambda p: write(p / "k.jsonl", line("k", EN, txet="x", published="2025-03-04")),
        "en",
        ("k.jsonl", "`txet` (1 time, did you mean `text`?)"),
    ),
    "a month for a day": (
        lambda p: write(p / "m.jsonl", line("m", EN, published="2025-03")),
        "en",
        ("m.jsonl:1", "no single day"),
    ),
}


@pytest.mark.parametrize("kind", USED)
def test_what_is_used_with_a_doubt_ends_with_0_and_the_doubt_is_on_record(
    kind: str, case: Path, tmp_path: Path
) -> None:
    make, language, words = USED[kind]
    (tmp_path / "in").mkdir()
    path = make(tmp_path / "in")
    done = add(case, path)
    assert done.code == 0, done.err
    for word in words:
        assert word in done.err
    assert_on_record(case, *words)
    stored = held(case)
    assert len(stored.documents) == 1
    assert not language or stored.documents[0][2] == language
    coded = run(f"detente code --dossier {case} --quiet")
    assert coded.code == 0, coded.err
    before = head(case)
    assert add(case, path).code == 0
    assert run(f"detente code --dossier {case} --quiet").code == 0
    assert head(case) == before


class Choosy:
    """A coder that codes nothing and fails on some documents."""

    name, codebook = "choosy.v1", "choosy-1"
    refuses: ClassVar[set[str]] = set()

    def code(self, document: Document) -> Coding:
        if document.id in self.refuses:
            raise ZeroDivisionError("no reason")
        return Coding(document.id, self.name, self.codebook)


@pytest.fixture
def choosy() -> Iterator[type[Choosy]]:
    class Plugin:
        @plugins.hookimpl
        def register_coders(self) -> dict[str, Callable[[object], Choosy]]:
            return {"choosy.v1": lambda _: Choosy()}

    added = Plugin()
    plugins.manager().register(added)
    yield Choosy
    plugins.manager().unregister(added)
    Choosy.refuses.clear()


def test_a_report_on_which_a_coder_fails_is_named_and_coded_when_the_coder_can(
    choosy: type[Choosy], case: Path, tmp_path: Path
) -> None:
    reports = [line(f"r{n}", f"{EN} Round {n}.", published="2025-03-04") for n in range(3)]
    assert add(case, write(tmp_path / "a.jsonl", "\n".join(reports))).code == 0
    choosy.refuses.add("r1")
    for _ in range(2):
        done = run(f"detente code --dossier {case} --coder choosy.v1 --quiet")
        assert done.code == 1
        assert "r1: choosy.v1 failed on it: ZeroDivisionError: no reason. Report this" in done.err
        assert_on_record(case, "r1", "ZeroDivisionError")
        assert held(case).coded == {"choosy.v1": 2}
        assert len(held(case).issues) == 1
    choosy.refuses.clear()
    assert run(f"detente code --dossier {case} --coder choosy.v1 --quiet").code == 0
    assert held(case).coded == {"choosy.v1": 3}


def test_scripts_of_a_page_never_become_text_quote_or_page(case: Path, tmp_path: Path) -> None:
    page = write(tmp_path / "p.html", PAGE.format(head=META.format(2025)))
    done = add(case, page)
    assert done.code == 0, done.err
    assert run(f"detente code --dossier {case} --quiet").code == 0
    assert run(f"detente site --dossier {case} --out {tmp_path / 'site'} --quiet").code == 0
    shown = run(f"detente timeline --dossier {case} --all").out + run(f"detente brief --dossier {case}").out
    for path in (tmp_path / "site").rglob("*.*"):
        shown += path.read_text(encoding="utf-8", errors="ignore") if path.is_file() else ""
    for word in ("secret-script-word", "handler-word", "frame-word", "color: red"):
        assert word not in shown
    assert held(case).originals == [page.read_bytes()], "the page is kept as it came"


def test_one_bad_line_among_good_ones_is_named_by_its_number(case: Path, tmp_path: Path) -> None:
    lines = [line(f"g{n}", f"{EN} Round {n}.", published="2025-03-04") for n in range(4)]
    lines[2:2] = ['{"id": "bad", "text": "no end', "[1, 2]", "null", '{"id": "bare"}']
    path = write(tmp_path / "lines.jsonl", "\n".join(lines) + "\n")
    done = add(case, path)
    assert done.code == 1
    for number in (3, 4, 5, 6):
        assert f"lines.jsonl:{number}: " in done.err
        assert_on_record(case, f"lines.jsonl:{number}")
    assert [document[0] for document in held(case).documents] == ["g0", "g1", "g2", "g3"]
    path.write_text("\n".join([*lines[:2], lines[6].replace("g2", "g9"), *lines[6:]]), encoding="utf-8")
    mended = add(case, path)
    assert mended.code == 0, mended.err
    assert [document[0] for document in held(case).documents] == ["g0", "g1", "g2", "g3", "g9"]


def test_an_id_that_is_taken_keeps_its_first_text(case: Path, tmp_path: Path) -> None:
    first = write(tmp_path / "1.jsonl", line("a", EN, published="2025-03-04"))
    other = write(tmp_path / "2.jsonl", line("a", RU, published="2025-03-04"))
    assert add(case, first).code == 0
    kept = held(case).documents
    done = add(case, other)
    assert done.code == 1
    assert "'a' is filed with another text" in done.err
    assert "an id of its own" in done.err
    assert_on_record(case, "2.jsonl:1", "filed with another text")
    before = head(case)
    assert add(case, other).code == 1
    assert held(case).documents == kept
    assert head(case) == before


def test_a_day_given_after_a_text_was_filed_is_not_passed_over_in_silence(case: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "n.txt", EN)
    assert add(case, path).code == 0
    done = add(case, path, options="--published 2025-03-04")
    assert done.code == 1
    assert "2025-03-04 is not used" in done.err
    assert "an id of its own" in done.err
    assert_on_record(case, "n.txt", "2025-03-04 is not used")
    before = head(case)
    assert add(case, path, options="--published 2025-03-04").code == 1
    assert add(case, path).code == 0
    assert head(case) == before
    dated = write(tmp_path / "n.jsonl", line("dated", EN, published="2025-03-04"))
    assert add(case, dated).code == 0, "the remedy works"
    assert status(case)["undated"] == 1


def test_folders_in_three_languages_with_folders_below_are_read_whole(case: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write(folder / "fr" / "mars" / "2025-03-04.txt", "Cuba et les États-Unis ont repris leurs discussions.\n")
    write(folder / "en" / "2025-03-05.txt", EN)
    write(folder / "ru" / "март" / "2025-03-06 отчёт.txt", RU)
    write(folder / "ru" / "empty.txt", "")
    write(folder / ".hidden" / "x.txt", EN)
    done = add(case, folder)
    assert done.code == 1
    assert "empty.txt" in done.err
    assert "hidden" in done.err
    assert status(case)["documents"] == {"en": 1, "fr": 1, "ru": 1}
    assert {document[3] for document in held(case).documents} == {"2025-03-04", "2025-03-05", "2025-03-06"}
    before = head(case)
    assert add(case, folder).code == 1
    assert head(case) == before


@pytest.mark.skipif(os.name == "nt", reason="names there are always text")
def test_a_file_whose_name_is_no_text_stops_nothing(case: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write(folder / "good.txt", EN)
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.txt")).touch()
    except OSError:
        pytest.skip("this file system takes only names that are text")
    done = finished("add", folder, "--dossier", case, "--quiet")
    assert done.returncode == 1, done.stderr
    assert "\\udcff\\udcfe.txt" in done.stderr
    assert_on_record(case, "\\udcff", "is empty")
    assert len(held(case).documents) == 1
    before = head(case)
    assert finished("add", folder, "--dossier", case, "--quiet").returncode == 1
    assert head(case) == before


def test_an_empty_name_does_not_mean_the_folder_we_are_in(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "here" / "a.txt", EN)
    monkeypatch.chdir(tmp_path / "here")
    done = add(case, "")
    assert done.code == 2
    assert "Name a file" in done.err
    assert held(case).documents == []


BLANK = 'id = "envoys"\nquestion = { en = "Envoys?" }\nstage = "none"\nrule = { en = " " }'
BROKEN = {
    "a key nobody knows": ('since = 2025', 'sicne = 2025', ("dossier.toml, line", "sicne", "did you mean 'since'")),
    "a milestone without a rule": ("template =", "# template =", ("dossier.toml, line", "milestone", "rule", "Add it")),
    "a milestone with a blank rule": ('template = "ambassadors"', BLANK, ("dossier.toml, line", "has no rule")),
    "no TOML at all": ("[dossier]", "[dossier", ("dossier.toml", "not readable as TOML", "Mend that line")),
    "a state nobody knows": ('dyad = "CUB-USA"', 'dyad = "CUB-QQQ"', ("dossier.toml, line", "QQQ")),
}  # fmt: skip


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_dossier_is_refused_by_line_and_what_it_holds_stays(kind: str, case: Path, tmp_path: Path) -> None:
    right, wrong, words = BROKEN[kind]
    report = write(tmp_path / "a.jsonl", line("a", EN, published="2025-03-04"))
    assert add(case, report).code == 0
    before, path = head(case), case / "dossier.toml"
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    for command in ("status", f"add {report}", "code", "timeline", "forecast", "brief", f"site --out {tmp_path / 's'}"):
        done = run(f"detente {command} --dossier {case}")
        assert done.code == 2, command
        for word in words:
            assert word in done.err, command
    assert not (tmp_path / "s").exists()
    path.write_text(text, encoding="utf-8")
    assert head(case) == before
    assert run(f"detente code --dossier {case} --quiet").code == 0


SHOWING = (
    "timeline", "timeline --json", "statements", "index", "index --json", "forecast", "forecast --json", "status",
    "brief", "brief --lang fr --format html", "brief --json", "export events", "export times --format csv", "review",
    "review --json",
)  # fmt: skip


@pytest.mark.parametrize("command", SHOWING)
def test_before_anything_was_recorded_a_command_answers_that_there_is_nothing(
    command: str, coded: Path, case: Path, tmp_path: Path
) -> None:
    for folder in (coded, case):
        done = run(f"detente {command} --dossier {folder} --as-of 2024-06-30")
        assert done.code == 0, done.err
        assert "Havana" not in done.out
        assert "r001" not in done.out
        assert "None" not in done.out


def test_a_site_as_of_a_day_before_everything_is_written_and_quotes_nothing(coded: Path, tmp_path: Path) -> None:
    assert run(f"detente site --dossier {coded} --out {tmp_path / 's'} --as-of 2024-06-30 --quiet").code == 0
    assert "held talks" not in (tmp_path / "s" / "timeline.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--published 2025-13-01", "is not a day. Write 2025-04-30"),
        ("--published tomorrow", "is not a day. Write 2025-04-30"),
        ("--colour red", "No such option"),
    ],
)
def test_a_wrong_option_stores_nothing(options: str, message: str, case: Path, tmp_path: Path) -> None:
    done = add(case, write(tmp_path / "a.txt", EN), options=options)
    assert done.code == 2
    assert message in done.err
    assert held(case).documents == []


def test_a_given_day_in_the_future_refuses_each_text(case: Path, tmp_path: Path) -> None:
    done = add(case, write(tmp_path / "a.txt", EN), options="--published 2199-01-01")
    assert done.code == 1
    assert "Correct the year" in done.err
    assert held(case).documents == []


def test_pages_and_a_feed_on_a_server_are_read_and_a_private_host_the_feed_leads_to_is_not(
    case: Path, site: str
) -> None:
    from conftest import Site

    page = add(case, f"{site}/article-1")
    assert page.code == 0, page.err
    assert held(case).documents[0][3] == "2025-03-01"
    feed = add(case, f"{site}/feed.xml")
    assert feed.code == 0, feed.err
    assert "404" in feed.err
    assert "private network" in feed.err
    assert Site.asked.count("/article-2") == 1
    assert "/article-3" not in Site.asked, "the feed may not lead us to another host inside"
    stored = held(case)
    # Two pages, and what the feed says of the two entries whose page could not be got.
    assert len(stored.documents) == 4
    assert_on_record(case, "/gone", "404", "What the feed says of it is taken instead")
    assert_on_record(case, "/article-3", "private network")
    before = head(case)
    assert add(case, f"{site}/feed.xml", f"{site}/article-1").code == 0
    assert head(case) == before
    missing = add(case, f"{site}/nothing", f"{site}/article-2")
    assert missing.code == 1
    assert "404" in missing.err
    assert_on_record(case, "/nothing", "404", "Check the address")
    assert held(case).documents == stored.documents


def test_an_address_without_a_server_is_an_issue_and_can_be_tried_again(case: Path) -> None:
    done = add(case, "http://127.0.0.1:9/a", "ftp://127.0.0.1/a")
    assert done.code == 1
    assert "no usable answer" in done.err
    assert "ftp://127.0.0.1/a: no reader takes this" in done.err
    assert len(held(case).issues) == 2


def test_status_says_how_many_issues_there_are_and_lists_all_as_json(coded: Path) -> None:
    text, whole = run(f"detente status --dossier {coded}").out, status(coded)
    assert f"the last 10 of {whole['issues']} issues" in text
    assert text.count("  issue: ") == 10
    assert isinstance(whole["recorded_issues"], list)
    assert len(whole["recorded_issues"]) == whole["issues"]
    for row in text.splitlines():
        if "  issue: " in row:
            assert row.count("reports.jsonl") <= 1, "the record is named once"


def test_output_is_utf_8_whatever_the_locale(coded: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [*finished("--version").args[:3], "export", "times", "--dossier", str(coded)],
        capture_output=True,
        env=environment,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "марта" in done.stdout.decode("utf-8")


def test_codings_kept_back_as_too_doubtful_are_counted_and_on_record(case: Path, tmp_path: Path) -> None:
    settings = case / "dossier.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("[dossier]", "[dossier]\nabstain_below = 1.0", 1))
    add(case, write(tmp_path / "talks.txt", EN), options="--published 2025-03-04")
    done = run(f"detente code --dossier {case}")
    assert done.code == 0, done.err
    assert "kept back as too doubtful" in done.out
    assert_on_record(case, "kept back", "CONSULT")
