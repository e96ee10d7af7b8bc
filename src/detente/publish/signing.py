"""Signing figures and PDF as C2PA has it, so that a reader can tell that nothing was changed since.

The signature is the user's: certificate and key are theirs, and it says no more than who signed, with which program,
and how the file came to be, by the mark that the file itself carries. It is made last: what is changed after breaks it.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from detente import __version__
from detente.errors import PublishError
from detente.publish.disclosure import IPTC

KINDS: Mapping[str, str] = {".svg": "image/svg+xml", ".png": "image/png", ".pdf": "application/pdf"}
ALGORITHMS = ("es256", "es384", "es512", "ps256", "ps384", "ps512", "ed25519")
_MARK = re.compile(re.escape(IPTC).encode() + rb"([A-Za-z]+)")
_OWN = "signingCredential.untrusted"
"""What C2PA says of a certificate that is on none of its lists: the signature holds, who signed is for you to know."""


@dataclass(frozen=True)
class Checked:
    """What the signature of a file says.

    Attributes:
        signed: Whether there is one at all.
        holds: Whether the file is as it was signed.
        known: Whether the certificate is on a list of C2PA's.
        signer: Name in the certificate.
        problems: Codes of what does not hold.
    """

    signed: bool
    holds: bool = False
    known: bool = False
    signer: str = ""
    source_type: str = ""
    problems: tuple[str, ...] = ()


def kind_of(path: Path) -> str:
    """Type of a file that can be signed.

    Raises:
        PublishError: It is of another kind.
    """
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise PublishError(f"{path}: only {', '.join(KINDS)} can be signed.")
    return kind


def mark_of(content: bytes, path: Path) -> str:
    """How a file came to be, by the mark in it.

    Raises:
        PublishError: It carries none: it is not ours, or something took it out.
    """
    found = _MARK.search(content)
    if found is None:
        raise PublishError(f"{path}: carries no digital source type. Sign what detente made, as it made it.")
    return IPTC + found[1].decode()


def sign(path: Path, *, certificates: str, key: str, algorithm: str = "es256") -> bytes:
    """A file with a signature in it.

    Args:
        certificates: PEM, the signer's first and those that vouch for it after.
        key: PEM, without a password.

    Raises:
        PublishError: The c2pa extra is not installed, the file is of no kind that can be signed or not ours, or
            certificate and key do not do.
    """
    c2pa = _c2pa()
    kind, content = kind_of(path), _read(path)
    if algorithm not in ALGORITHMS:
        raise PublishError(f"algorithm {algorithm!r} is not one of {', '.join(ALGORITHMS)}.")
    if check(path).signed:
        raise PublishError(f"{path}: is signed already. Sign the file as it was written.")
    made = {
        "claim_generator_info": [{"name": "detente", "version": __version__}],
        "title": path.name,
        "format": kind,
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "data": {
                    "actions": [
                        {
                            "action": "c2pa.created",
                            "digitalSourceType": mark_of(content, path),
                            "softwareAgent": {"name": "detente", "version": __version__},
                        }
                    ]
                },
            }
        ],
    }
    out = io.BytesIO()
    try:
        info = c2pa.C2paSignerInfo(algorithm, certificates.encode(), key.encode(), None)
        with c2pa.Signer.from_info(info) as signer, c2pa.Builder(json.dumps(made)) as builder:
            builder.sign(signer, kind, io.BytesIO(content), out)
    except c2pa.C2paError as problem:
        # What the library says of a key never holds it, but a line of it is enough.
        raise PublishError(f"{path}: not signed: {str(problem).splitlines()[0][:300]}") from None
    return out.getvalue()


def check(path: Path) -> Checked:
    """What the signature of a file says.

    Raises:
        PublishError: The c2pa extra is not installed, or the file cannot be read.
    """
    c2pa = _c2pa()
    kind, content = kind_of(path), _read(path)
    try:
        with c2pa.Reader(kind, io.BytesIO(content)) as reader:
            told = json.loads(reader.json())
    except c2pa.C2paError.ManifestNotFound:
        return Checked(signed=False)
    except c2pa.C2paError as problem:
        raise PublishError(f"{path}: its signature cannot be read: {str(problem).splitlines()[0][:300]}") from None
    active = told.get("manifests", {}).get(told.get("active_manifest"), {})
    codes = tuple(dict.fromkeys(each["code"] for each in told.get("validation_status", ())))
    signature = active.get("signature_info", {})
    return Checked(
        signed=True,
        holds=not set(codes) - {_OWN},
        known=_OWN not in codes,
        signer=str(signature.get("common_name") or signature.get("issuer") or ""),
        source_type=_source_type(active),
        problems=codes,
    )


def _source_type(manifest: Mapping[str, Any]) -> str:
    for assertion in manifest.get("assertions", ()):
        for action in assertion.get("data", {}).get("actions", ()) if "actions" in assertion.get("label", "") else ():
            if action.get("digitalSourceType"):
                return str(action["digitalSourceType"])
    return ""


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise PublishError(f"{path}: cannot be read: {problem}. Check the name.") from problem


def _c2pa() -> Any:
    try:
        return import_module("c2pa")
    except (ImportError, OSError):
        raise PublishError("signing needs the c2pa extra. Install it: pip install 'detente[c2pa]'.") from None
