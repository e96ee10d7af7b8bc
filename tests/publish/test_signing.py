"""What was signed says so and by whom; a letter changed after is found."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from tests.console import run

from detente.errors import PublishError
from detente.publish import briefs, figures, signing
from detente.publish.disclosure import IPTC
from detente.publish.situation import Situation

_USES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


def _name(text: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, text), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "E")]
    )


def _certificate(
    subject: str, issuer: str, key: ec.EllipticCurvePrivateKey, by: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    root, now = subject == issuer, datetime.now(UTC)
    uses = ("key_cert_sign", "crl_sign") if root else ("digital_signature",)
    made = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(root, None), critical=True)
        .add_extension(x509.KeyUsage(**{use: use in uses for use in _USES}), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
    )
    if not root:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    return made.sign(by, hashes.SHA256())


@pytest.fixture(scope="module")
def credentials() -> tuple[str, str]:
    """A certificate with the root that vouches for it, and its key."""
    root, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    chain = (_certificate("Desk", "Root", own, root), _certificate("Root", "Root", root, root))
    pem = "".join(each.public_bytes(serialization.Encoding.PEM).decode() for each in chain)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return pem, own.private_bytes(*form).decode()


@pytest.fixture(scope="module")
def files(now: Situation, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    out = tmp_path_factory.mktemp("signing")
    row = next(row for row in now.milestones if not row.settled)
    figure = figures.of_milestone(row, now)
    made = {"svg": figure.svg("fr").encode(), "png": figure.png("ru"), "pdf": briefs.of(now, "en").as_pdf()}
    found = {form: out / f"one.{form}" for form in made}
    for form, path in found.items():
        path.write_bytes(made[form])
    return found


# A letter in the title, a byte of the marks, a letter of the keywords.
CHANGED = {"svg": b"<title>", "png": b"<photoshop:Credit>", "pdf": b"ai-disclosure: "}


@pytest.mark.parametrize("form", CHANGED)
def test_a_changed_letter_is_found(
    files: dict[str, Path], credentials: tuple[str, str], form: str, tmp_path: Path
) -> None:
    assert signing.check(files[form]) == signing.Checked(signed=False)
    signed = tmp_path / files[form].name
    signed.write_bytes(signing.sign(files[form], certificates=credentials[0], key=credentials[1]))
    found = signing.check(signed)
    assert (found.signed, found.holds, found.known, found.signer) == (True, True, False, "Desk")
    assert found.source_type.startswith(IPTC)
    assert found.source_type == signing.mark_of(files[form].read_bytes(), files[form])
    content = bytearray(signed.read_bytes())
    at = content.index(CHANGED[form]) + len(CHANGED[form])
    content[at] ^= 1
    signed.write_bytes(bytes(content))
    changed = signing.check(signed)
    assert changed.signed
    assert not changed.holds
    assert "assertion.dataHash.mismatch" in changed.problems


def test_what_is_not_ours_or_of_another_kind_or_signed_already_is_refused(
    files: dict[str, Path], credentials: tuple[str, str], tmp_path: Path
) -> None:
    pem, key = credentials
    (tmp_path / "other.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    with pytest.raises(PublishError, match="carries no digital source type"):
        signing.sign(tmp_path / "other.svg", certificates=pem, key=key)
    with pytest.raises(PublishError, match=r"only \.svg"):
        signing.sign(tmp_path / "x.txt", certificates=pem, key=key)
    again = tmp_path / "again.svg"
    again.write_bytes(signing.sign(files["svg"], certificates=pem, key=key))
    with pytest.raises(PublishError, match="signed already"):
        signing.sign(again, certificates=pem, key=key)


def test_a_key_of_another_certificate_or_none_is_refused(files: dict[str, Path], credentials: tuple[str, str]) -> None:
    with pytest.raises(PublishError, match="not signed") as refused:
        signing.sign(files["svg"], certificates=credentials[0], key="no key")
    assert "no key" not in str(refused.value)
    with pytest.raises(PublishError, match="is not one of es256"):
        signing.sign(files["svg"], certificates=credentials[0], key=credentials[1], algorithm="rot13")


def test_without_the_extra_it_says_what_to_install(files: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "c2pa", None)
    with pytest.raises(PublishError, match=r"pip install 'detente\[c2pa\]'"):
        signing.check(files["svg"])


def test_the_command_signs_and_its_exit_code_says_whether_it_holds(
    files: dict[str, Path], credentials: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in zip(("cert", "key"), credentials, strict=True):
        (tmp_path / f"{name}.pem").write_text(text, "ascii")
    out = tmp_path / "signed.svg"
    assert run(f"detente sign {files['svg']}").code == 2
    monkeypatch.setenv("DETENTE_C2PA_KEY", str(tmp_path / "key.pem"))
    done = run(f"detente sign {files['svg']} --certificate {tmp_path / 'cert.pem'} --out {out}")
    assert done.code == 0, done.err
    assert "signed by Desk" in done.out
    assert "on no list" in done.out
    out.write_bytes(out.read_bytes().replace(b"<title>", b"<title>x", 1))
    done = run(f"detente sign --check --json {out}")
    assert done.code == 1
    assert json.loads(done.out)["signed"] is True
    assert "changed since" in done.err
