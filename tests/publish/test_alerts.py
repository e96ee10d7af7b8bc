"""A reader is told of what was asked for, with its quotes, once, at hours that are not quiet, or learns why not."""

from __future__ import annotations

import json
import re
import shutil
import ssl
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from publish_examples import document, event, file_report, new_dossier, state, statement
from tests.console import run
from tests.mail_server import Manner, mail_server

from detente import workflow
from detente.errors import PublishError
from detente.publish import alert_digest, alert_log, alert_post, alert_rules, alerts
from detente.publish.alert_post import Outcome
from detente.publish.alert_rules import Settings
from detente.publish.disclosure import IPTC
from detente.terms import LANGUAGES

NOON = datetime(2025, 4, 12, 12, tzinfo=UTC)
TALKS = document("en-1", "Envoys met in Istanbul on 10 April. Peskov called the talks useful.")
STRIKE = document("en-2", "Russian forces fired at an American convoy on 11 April.", published="2025-04-11")
ATTACK = 'Talks\r\nBcc: all@example.org\n\x1b[31m.\n<b>&"'


def _settings(**given: Any) -> Settings:
    return Settings.model_validate(given)


def _mail(port: int, **more: Any) -> dict[str, Any]:
    return {"to": ["a@example.org"], "from": "d@example.org", "host": "127.0.0.1", "port": port, "security": "none",
            "timeout_seconds": 2, **more}  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dossier in which, one day after talks, an assault is reported."""
    folder = new_dossier(
        tmp_path_factory.mktemp("alerts") / "dossier",
        (TALKS, [event(TALKS, "Envoys met in Istanbul")]),
        moment=datetime(2025, 4, 10, 8, tzinfo=UTC),
        questions=False,
    )
    fired = event(
        STRIKE, STRIKE.text, type="ASSAULT", on="2025-04-11", actors=(state("RUS"),), recipients=(state("USA"),)
    )
    file_report(folder, STRIKE, [fired], moment=datetime(2025, 4, 11, 8, tzinfo=UTC))
    return folder


@pytest.fixture
def folder(small: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small, tmp_path / "dossier"))


def _found(folder: Path, settings: Settings, **asked: Any) -> list[alerts.Alert]:
    with workflow.opened(folder) as (case, ledger):
        return list(alerts.find(case, ledger, settings, **asked).alerts)


def _send(folder: Path, settings: Settings, *, at: datetime = NOON, secrets: dict[str, str] | None = None) -> Outcome:
    with workflow.opened(folder) as (case, ledger):
        return alert_post.send(case, ledger, settings, environment=secrets or {}, clock=lambda: at)


FOUR_EYES = [{"kind": "four-eyes"}]


# What is found


def test_every_alert_of_the_sample_has_a_page_quotes_to_the_letter_and_a_mark(sample_folder: Path) -> None:
    settings = _settings(rule=[{"kind": kind} for kind in alert_rules.KINDS])
    with workflow.opened(sample_folder) as (case, ledger):
        found = alerts.find(case, ledger, settings, as_of=date(2025, 7, 1), since=date(2025, 2, 1))
        texts = {d.id: d.text for d in ledger.documents()}
    assert {alert.kind for alert in found.alerts} >= {"milestone", "stance"}
    told = found.as_json("https://example.org/")
    assert set(told["label"]) == set(LANGUAGES)
    keys = [alert["key"] for alert in told["alerts"]]
    assert len(set(keys)) == len(keys)
    for alert in told["alerts"]:
        assert alert["digital_source_type"].startswith(IPTC)
        assert set(alert["title"]) == set(LANGUAGES)
        assert len(set(alert["title"].values())) == len(LANGUAGES)
        assert all(address.startswith("https://example.org/") for address in alert["address"].values())
        for quote in alert["quotes"]:
            assert texts[quote["document"]][quote["start"] : quote["end"]] == quote["quote"]
            assert (quote["published"] or "") <= "2025-07-01"
    json.dumps(told)


def test_an_assault_wants_four_eyes_until_it_is_known_and_only_after_since(folder: Path) -> None:
    settings = _settings(rule=FOUR_EYES)
    found = _found(folder, settings, as_of=NOON)
    assert [alert.about["why"] for alert in found] == ["assault"]
    assert found[0].evidence[0].evidence.quote == STRIKE.text
    assert _found(folder, settings, as_of=NOON, since=datetime(2025, 4, 11, 20, tzinfo=UTC)) == []
    assert _found(folder, settings, as_of=date(2025, 4, 10)) == []


def test_silence_is_told_after_more_days_than_asked_for_and_once(folder: Path) -> None:
    settings = _settings(rule=[{"kind": "silence", "days": 10}])
    on: Callable[[int], datetime] = lambda day: datetime(2025, 4, day, 12, tzinfo=UTC)  # noqa: E731
    assert _found(folder, settings, as_of=on(21)) == []
    first = _found(folder, settings, as_of=on(22))
    assert [alert.about["days"] for alert in first] == [11]
    assert {alert.key for alert in _found(folder, settings, as_of=on(28))} == {first[0].key}


def test_a_speaker_turns_only_against_so_many_statements_of_the_other_sign(tmp_path: Path) -> None:
    said = [document(f"en-{n}", f"Peskov spoke, number {n}.", published=f"2025-04-0{n}") for n in range(1, 6)]
    stances = [1, 2, 1, 0, -1]
    made = new_dossier(
        tmp_path / "dossier",
        *((d, [statement(d, d.text, stance=s)]) for d, s in zip(said, stances, strict=True)),
        questions=False,
    )
    asked = {"as_of": date(2025, 4, 20), "since": date(2025, 4, 1)}
    found = _found(made, _settings(rule=[{"kind": "stance"}]), **asked)
    assert [(alert.about["stance"], alert.about["before"]) for alert in found] == [(-1, [1, 2, 1])]
    assert [cited.document.id for cited in found[0].evidence] == ["en-5", "en-3", "en-2", "en-1"]
    assert _found(made, _settings(rule=[{"kind": "stance", "statements": 4}]), **asked) == []
    assert _found(made, _settings(rule=[{"kind": "stance", "side": "USA"}]), **asked) == []


def test_a_milestone_is_told_when_it_moved_so_far_and_again_only_from_there(sample_folder: Path) -> None:
    asked = {"as_of": date(2025, 7, 1), "since": date(2025, 6, 1)}
    rule = {"kind": "milestone", "milestone": "leaders-summit-2025", "days": 30, "points": 5}
    first = _found(sample_folder, _settings(rule=[rule]), **asked)
    assert len(first) == 1
    moved = first[0]
    assert moved.value is not None
    assert abs(moved.value - moved.about["before"]) >= 0.05
    assert _found(sample_folder, _settings(rule=[rule | {"points": 90}]), **asked) == []
    row = alert_log.row_of(
        "trying", "d", "mail", at=datetime(2025, 6, 30, tzinfo=UTC), known=datetime(2025, 6, 30, tzinfo=UTC),
        keys=["milestone milestone leaders-summit-2025 2025-06-30 x"],
        values={"milestone milestone leaders-summit-2025 2025-06-30 x": moved.value},
    )  # fmt: skip
    assert _found(sample_folder, _settings(rule=[rule]), **asked, log=alert_log.AlertLog((row,))) == []


def test_a_break_is_told_when_it_comes_to_be_known_and_not_again_under_another_date(
    sample_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from detente.measures.breaks import Break, Breaks

    day = date(2025, 2, 10)

    def break_on(at: date, probability: float) -> Break:
        near = timedelta(days=7)
        return Break(at, at - near, at + near, -1.0, 2.0, 3.0, 2.0, 4.0, "level", probability)

    with workflow.opened(sample_folder) as (case, ledger):
        now = alerts.situations.of(case, ledger, as_of=date(2025, 6, 1))
        seen = {str(case.dyad): Breaks(str(case.dyad), (break_on(day, 0.95),), 40, False)}
        monkeypatch.setattr(alerts.situations, "of", lambda *a, **k: replace(now, breaks={**now.breaks, **seen}))
        before: list[tuple[Break, ...]] = [()]
        monkeypatch.setattr(
            alerts, "_breaks_before", lambda asked, names: {n: Breaks(n, before[0], 40, False) for n in names}
        )

        def found(above: float = 0.9, log: alert_log.AlertLog | None = None) -> tuple[alerts.Alert, ...]:
            rules = _settings(rule=[{"kind": "break", "above": above}])
            return alerts.find(case, ledger, rules, as_of=date(2025, 6, 1), log=log).alerts

        first = found()
        assert [alert.day for alert in first] == [day]
        assert first[0].evidence
        assert found(0.97) == ()
        key = first[0].key.replace("2025-02-10", "2025-02-24")
        told = alert_log.row_of(
            "trying", "d", "mail", at=NOON, known=datetime(2025, 5, 1, tzinfo=UTC), keys=[key], values={}
        )
        assert found(log=alert_log.AlertLog((told,))) == ()
        before[0] = (break_on(date(2025, 2, 3), 0.93),)
        assert found() == ()
        before[0] = (break_on(date(2025, 2, 3), 0.6),)
        assert len(found()) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[rule]]\nkind = 'silence'\nabove = 0.9", "takes no above"),
        ("[[rule]]\nkind = 'rain'", "rule.0.kind"),
        ("[[rule]]\nkind = 'silence'\n[[rule]]\nkind = 'silence'", "two rules are called silence"),
        ("[mail]\nto = []\nfrom = 'a@b.c'", "mail.to"),
        ("[mail]\nto = ['a@b.c']\nfrom = 'a@b.c'\npassword = 'x'", "mail.password"),
        ("[quiet]\nfrom = '20:00'\nuntil = '07:00'\nzone = 'Mars/Base'", "no time zone 'Mars/Base'"),
        ("language = 'de'", "language"),
        ("rule = [", "alerts.toml"),
    ],
)
def test_a_file_that_says_what_cannot_be_is_refused_where_it_says_so(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "alerts.toml").write_text(text, "utf-8")
    with pytest.raises(PublishError, match=re.escape(said)):
        alert_rules.read(tmp_path / "alerts.toml")


def test_a_rule_that_names_what_the_dossier_lacks_is_refused(folder: Path) -> None:
    for rule, said in (
        ({"kind": "silence", "track": "tea"}, "no track 'tea'"),
        ({"kind": "break", "series": "RUS>FRA"}, "no series 'RUS>FRA'"),
        ({"kind": "milestone", "milestone": "tea"}, "no milestone 'tea'"),
    ):
        with pytest.raises(PublishError, match=said):
            _found(folder, _settings(rule=[rule]), as_of=NOON)


# What is sent


def test_a_digest_is_sent_once_with_label_mark_quote_and_address(folder: Path) -> None:
    with mail_server() as server:
        settings = _settings(
            rule=FOUR_EYES, mail=_mail(server.port), language="fr", address="https://example.org/d/", most_a_day=9
        )
        secrets = {alert_rules.USER_VARIABLE: "desk", alert_rules.PASSWORD_VARIABLE: "s3cret"}
        assert _send(folder, settings, secrets=secrets).state == "sent"
        assert _send(folder, settings, secrets=secrets).state == "nothing"
        assert server.signed_in == [("desk", "s3cret")]
        (mail,) = server.mails()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "fr"
    assert mail["X-Detente-Digital-Source-Type"].strip().startswith(IPTC)
    body = mail.get_content()
    assert STRIKE.text in body
    assert "https://example.org/d/fr/event/" in body
    assert "Codé automatiquement" in body
    assert "alerts/" not in body
    log = (folder / "alerts" / "log.jsonl").read_text("utf-8")
    assert [json.loads(line)["kind"] for line in log.splitlines()] == ["trying", "sent"]
    assert "s3cret" not in log


def test_a_new_event_is_told_the_next_day_and_the_old_one_not_again(folder: Path) -> None:
    with mail_server() as server:
        settings = _settings(rule=FOUR_EYES, mail=_mail(server.port))
        assert _send(folder, settings).state == "sent"
        more = document("en-3", "Russian forces fired at an American ship on 12 April.", published="2025-04-12")
        fired = event(
            more, more.text, type="ASSAULT", on="2025-04-12", actors=(state("RUS"),), recipients=(state("USA"),)
        )
        file_report(folder, more, [fired], moment=NOON + timedelta(hours=1))
        assert _send(folder, settings, at=NOON + timedelta(hours=2)).state == "enough"
        assert _send(folder, settings, at=NOON + timedelta(days=1)).told == 1
        first, second = server.mails()
    assert more.text in second.get_content()
    assert STRIKE.text not in second.get_content()
    assert first["Message-ID"] != second["Message-ID"]


def test_nothing_leaves_in_quiet_hours_and_nothing_is_lost_by_them(folder: Path) -> None:
    with mail_server() as server:
        quiet = {"from": "20:00", "until": "07:00", "zone": "Europe/Paris"}
        settings = _settings(rule=FOUR_EYES, mail=_mail(server.port), quiet=quiet)
        assert _send(folder, settings, at=datetime(2025, 4, 11, 22, tzinfo=UTC)).state == "quiet"
        assert not (folder / "alerts").exists()
        assert _send(folder, settings, at=datetime(2025, 4, 12, 5, tzinfo=UTC)).state == "sent"
        assert len(server.texts) == 1


@pytest.mark.parametrize(
    ("manner", "said"),
    [
        ("refuses-all", "answered 554"),
        ("slow-greeting", "did not answer within 0.3 s"),
        ("bad-password", "refused user and password"),
        ("refuses-recipient", "a@example.org was refused"),
        ("refuses-text", "answered 554 not this"),
        ("no-starttls", "offers no STARTTLS"),
    ],
)
def test_what_a_server_does_not_take_is_said_and_sent_the_next_time(folder: Path, manner: Manner, said: str) -> None:
    secrets = {alert_rules.USER_VARIABLE: "desk", alert_rules.PASSWORD_VARIABLE: "s3cret"}
    more: dict[str, Any] = {"timeout_seconds": 0.3} if manner == "slow-greeting" else {}
    more |= {"security": "starttls"} if manner == "no-starttls" else {}
    with mail_server(manner, refused=("a@example.org",) if manner == "refuses-recipient" else ()) as server:
        outcome = _send(folder, _settings(rule=FOUR_EYES, mail=_mail(server.port, **more)), secrets=secrets)
    assert (outcome.state, outcome.told) == ("failed", 0)
    assert said in outcome.problems[0]
    assert "s3cret" not in outcome.problems[0] + (folder / "alerts" / "log.jsonl").read_text("utf-8")
    with mail_server() as server:
        settings = _settings(rule=FOUR_EYES, mail=_mail(server.port), most_a_day=9)
        assert [_send(folder, settings).state for _ in range(2)] == ["sent", "nothing"]
        assert len(server.texts) == 1


def _tls(folder: Path) -> ssl.SSLContext:
    """What a server that calls itself 127.0.0.1 needs; its certificate lies in the folder as `ca.pem`."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    uses = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign", "encipher_only",
         "decipher_only"), False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(True, None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, key_cert_sign=True, **uses), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "ca.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(*form))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    return context


def test_a_password_goes_only_through_a_connection_whose_server_is_known(folder: Path, tmp_path: Path) -> None:
    secrets = {alert_rules.USER_VARIABLE: "desk", alert_rules.PASSWORD_VARIABLE: "s3cret"}
    with mail_server(tls=_tls(tmp_path)) as server:
        mail = _mail(server.port, security="starttls")
        unknown = _send(folder, _settings(rule=FOUR_EYES, mail=mail), secrets=secrets)
        assert unknown.state == "failed"
        assert "certificate" in unknown.problems[0].lower()
        assert server.signed_in == []
        known = _settings(rule=FOUR_EYES, mail=mail | {"ca_file": str(tmp_path / "ca.pem")})
        assert _send(folder, known, secrets=secrets).state == "sent"
        assert server.signed_in == [("desk", "s3cret")]
        assert len(server.texts) == 1


def test_a_server_that_is_not_there_is_said_so(folder: Path) -> None:
    with mail_server() as gone:
        port = gone.port
    outcome = _send(folder, _settings(rule=FOUR_EYES, mail=_mail(port)))
    assert outcome.state == "failed"
    assert "cannot be reached" in outcome.problems[0]


def test_what_may_have_arrived_is_never_sent_again_and_said_to_be_unsure(folder: Path) -> None:
    with mail_server("lost-in-text") as server:
        settings = _settings(rule=FOUR_EYES, mail=_mail(server.port), most_a_day=9)
        outcome = _send(folder, settings)
        assert outcome.state == "sent"
        assert "may have arrived" in outcome.problems[0]
        assert _send(folder, settings).state == "nothing"
        assert len(server.texts) == 1
    assert len(alert_log.read(folder).unsure) == 1


def test_one_recipient_refused_keeps_nothing_from_the_others(folder: Path) -> None:
    with mail_server("refuses-recipient", refused=("b@example.org",)) as server:
        mail = _mail(server.port, to=["a@example.org", "b@example.org"])
        outcome = _send(folder, _settings(rule=FOUR_EYES, mail=mail))
        assert server.recipients == ["a@example.org"]
    assert outcome.state == "sent"
    assert "b@example.org was refused" in outcome.problems[0]


def test_a_password_is_not_sent_in_the_clear_to_another_machine(folder: Path) -> None:
    mail = _mail(25) | {"host": "mail.example.org"}
    with pytest.raises(PublishError, match="in the clear"):
        _send(folder, _settings(mail=mail), secrets={alert_rules.PASSWORD_VARIABLE: "s3cret"})


def test_nowhere_to_send_to_is_refused(folder: Path) -> None:
    with pytest.raises(PublishError, match="nowhere to send to"):
        _send(folder, Settings())


def test_two_runs_at_once_send_one_digest(folder: Path) -> None:
    with mail_server() as server:
        settings = _settings(rule=FOUR_EYES, mail=_mail(server.port))

        def attempt(_: int) -> str:
            try:
                return _send(folder, settings).state
            except PublishError as problem:
                return str(problem)

        with ThreadPoolExecutor(3) as pool:
            states = list(pool.map(attempt, range(3)))
        assert states.count("sent") == 1
        assert len(server.texts) == 1
        assert all(s in ("sent", "enough") or "another run" in s for s in states)


def test_words_of_a_report_can_be_neither_a_header_nor_the_end_of_a_mail(tmp_path: Path) -> None:
    report = document("en-1", f"{ATTACK} Forces fired.", source=ATTACK, url="javascript:alert(1)")
    fired = event(report, report.text, type="ASSAULT", actors=(state("RUS"),), recipients=(state("USA"),), place=ATTACK)
    made = new_dossier(tmp_path / "dossier", (report, [fired]), moment=NOON - timedelta(days=1), questions=False)
    with mail_server() as server:
        assert _send(made, _settings(rule=FOUR_EYES, mail=_mail(server.port))).state == "sent"
        (mail,) = server.mails()
        assert server.recipients == ["a@example.org"]
    assert mail["Bcc"] is None
    body = mail.get_content()
    assert "\x1b" not in body
    assert "javascript:" not in body
    assert body.rstrip().endswith("dataDrivenMedia")


def test_a_log_cut_off_in_a_line_goes_on_and_a_damaged_one_is_refused(folder: Path) -> None:
    with mail_server() as server:
        settings = _settings(rule=FOUR_EYES, mail=_mail(server.port), most_a_day=9)
        assert _send(folder, settings).state == "sent"
        log = folder / "alerts" / "log.jsonl"
        whole = log.read_bytes()
        log.write_bytes(whole + b'{"at":"2025')
        assert alert_log.read(folder).told
        row = alert_log.row_of("failed", "x", "mail", at=NOON, known=NOON, keys=[], values={}, why="y")
        alert_log.add(folder, row)
        assert log.read_bytes().startswith(whole)
        assert len(alert_log.read(folder).rows) == 3
        log.write_bytes(whole.replace(b'"trying"', b'"crying"'))
        with pytest.raises(PublishError, match="line 1: not a row"):
            _send(folder, settings)


class _Carrier:
    """What of apprise we call."""

    def __init__(self, taken: list[tuple[str, str]], works: bool) -> None:
        self._taken, self._works = taken, works

    def add(self, address: str) -> bool:
        return address.startswith("json://")

    def notify(self, *, title: str, body: str) -> bool:
        if self._works:
            self._taken.append((title, body))
        return self._works


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> tuple[list[tuple[str, str]], list[bool]]:
    taken: list[tuple[str, str]] = []
    works = [True]
    monkeypatch.setitem(sys.modules, "apprise", SimpleNamespace(Apprise=lambda: _Carrier(taken, works[0])))
    return taken, works


def test_other_services_are_given_the_same_digest(
    folder: Path, services: tuple[list[tuple[str, str]], list[bool]]
) -> None:
    taken, works = services
    settings, secrets = _settings(rule=FOUR_EYES, services=True), {alert_rules.SERVICES_VARIABLE: "json://u:pw@host"}
    works[0] = False
    assert _send(folder, settings, secrets=secrets).state == "failed"
    works[0] = True
    assert _send(folder, settings, secrets=secrets).state == "sent"
    assert STRIKE.text in taken[0][1]
    assert "pw" not in (folder / "alerts" / "log.jsonl").read_text("utf-8")
    with pytest.raises(PublishError, match="address number 1") as refused:
        _send(folder, settings, secrets={alert_rules.SERVICES_VARIABLE: "teapot://pw"})
    assert "pw" not in str(refused.value)


def test_without_the_extra_it_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(PublishError, match=r"pip install 'detente\[alerts\]'"):
        _send(folder, _settings(services=True), secrets={alert_rules.SERVICES_VARIABLE: "json://x"})


# The command


def test_the_command_shows_in_three_languages_and_keeps_nothing(folder: Path) -> None:
    before = sorted(path.name for path in folder.iterdir())
    for language, said in (("en", "Two people should read this"), ("fr", "À relire par deux"), ("ru", "прочесть двое")):
        done = run(f"detente alerts --as-of 2025-04-12 --lang {language} --dossier {folder}")
        assert done.code == 0, done.err
        assert said in done.out
        assert STRIKE.text in done.out
    assert sorted(path.name for path in folder.iterdir()) == before
    told = json.loads(run(f"detente alerts --as-of 2025-04-12 --json --dossier {folder}").out)
    assert [alert["kind"] for alert in told["alerts"]] == ["four-eyes"]


def test_the_command_sends_and_its_exit_code_says_how_it_went(folder: Path) -> None:
    with mail_server("refuses-all") as server:
        (folder / "alerts.toml").write_text(
            f'[mail]\nto = ["a@b.org"]\nfrom = "d@b.org"\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\n'
            '[[rule]]\nkind = "silence"\ndays = 1\n',
            "utf-8",
        )
        done = run(f"detente alerts --send --json --dossier {folder}")
    assert done.code == 1
    assert json.loads(done.out)["state"] == "failed"
    assert "554" in done.err
    assert run(f"detente alerts --send --as-of 2025-04-12 --dossier {folder}").code == 2
    assert "detente alerts" in run(f"detente alerts --dossier {folder} --since 2025-04-01 --help").out


def test_a_digest_that_is_too_long_tells_the_rest_the_next_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alert_digest, "MOST_ALERTS", 1)
    more = document("en-3", "Russian forces fired at an American ship on 12 April.", published="2025-04-12")
    fired = event(more, more.text, type="ASSAULT", on="2025-04-12", actors=(state("RUS"),), recipients=(state("USA"),))
    file_report(folder, more, [fired], moment=NOON - timedelta(hours=3))
    rules = [*FOUR_EYES, {"kind": "silence", "days": 1}]
    with mail_server() as server:
        settings = _settings(rule=rules, mail=_mail(server.port), most_a_day=9)
        later = NOON + timedelta(days=3)
        told = [_send(folder, settings, at=later) for _ in range(4)]
        assert [(each.told, each.left) for each in told] == [(1, 2), (1, 1), (1, 0), (0, 0)]
        bodies = [mail.get_content() for mail in server.mails()]
    told_of = {("Nothing happened" in body, STRIKE.text in body, more.text in body) for body in bodies}
    assert told_of == {(False, True, False), (False, False, True), (True, False, True)}
