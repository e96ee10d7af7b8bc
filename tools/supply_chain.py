"""What detente is made of: licences, a bill of materials, and the wheel on every Python it claims.

    python tools/supply_chain.py licences            docs/licences.md anew, from the environment that `make setup` made
    python tools/supply_chain.py licences --check    exit code 1 where it differs, or a licence does not fit
    python tools/supply_chain.py sbom > sbom.json    CycloneDX 1.6, from requirements.lock
    python tools/supply_chain.py wheels              build the wheel; install and run it on Python 3.11, 3.12 and 3.13

The lock is what counts: a package that is in it and not here belongs to another system, and is listed without licence.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LOCK, PAGE = ROOT / "requirements.lock", ROOT / "docs" / "licences.md"
PYTHONS = ("3.11", "3.12", "3.13")
FITTING = re.compile(
    r"\b(0BSD|Apache|BSD|CC0|CNRI|HPND|ISC|LGPL|MIT|MPL|Mozilla|PSF|Python Software Foundation|Unlicense|Zlib)\b|LGPL"
)
"""Licences that software under Apache-2.0 may depend on; those under LGPL and MPL are not shipped with it."""
UNFITTING = re.compile(r"(?<!L)GPL|Affero|Commercial|Proprietary|SSPL|Business Source", re.IGNORECASE)
STATED = {
    "resvg-py": "MIT",
}
"""Licences of packages whose metadata have none, by their own LICENSE file."""


_HEAD = """# Licences of what detente depends on

Written by `python tools/supply_chain.py licences` from `requirements.lock` and from what each package states; a test
holds it to both. detente itself is under Apache-2.0; data it ships have their licences beside them (`LICENCES.md` in
their folders). Nothing of these packages is shipped with it. `core` is what a plain install needs, the others are
extras.

| package | licence | needed by |
|---|---|---|
"""


@dataclass(frozen=True, order=True)
class Package:
    """A line of the lock.

    Attributes:
        used: `core`, the extras that need it, or `development`.
    """

    name: str
    version: str
    hashes: tuple[str, ...]
    licence: str
    used: str

    @property
    def fits(self) -> bool:
        """Whether one of the licences that it offers fits."""
        offered = self.licence.split(" OR ")
        return self.licence == "" or any(FITTING.search(each) and not UNFITTING.search(each) for each in offered)


def packages() -> list[Package]:
    """Every package of the lock, sorted by name."""
    text = LOCK.read_text(encoding="utf-8")
    users = _users()
    return sorted(
        Package(
            name=canonicalize_name(found["name"]),
            version=found["version"],
            hashes=tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", found["rest"])),
            licence=_licence(found["name"]),
            used=", ".join(users.get(canonicalize_name(found["name"]), ())) or "development",
        )
        for found in re.finditer(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)(?P<rest>.*\n(?:[ #].*\n)*)", text, re.M)
    )


def _licence(name: str) -> str:
    """As the package states it; empty where it is not installed."""
    try:
        held = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
    if expression := held.get("License-Expression"):
        return str(expression)
    classified = [c.rpartition(" :: ")[2] for c in held.get_all("Classifier", []) if c.startswith("License :: ")]
    said = ", ".join(c for c in classified if c != "OSI Approved") or (held.get("License") or "").split("\n")[0]
    return said[:80] or STATED.get(canonicalize_name(name), "unknown")


def _users() -> dict[str, tuple[str, ...]]:
    """By package, `core` or the extras of detente that need it, directly or through others."""
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    core = _closure(ours["dependencies"])
    extras = {extra: _closure(needs) for extra, needs in sorted(ours["optional-dependencies"].items())}
    return {
        name: ("core",) if name in core else tuple(extra for extra, reached in extras.items() if name in reached)
        for name in core.union(*extras.values())
    }


def _closure(requires: list[str]) -> set[str]:
    seen: set[tuple[str, str]] = set()
    waiting = [(each, "") for each in requires]
    while waiting:
        text, chosen = waiting.pop()
        need = Requirement(text)
        if need.marker and not need.marker.evaluate({"extra": chosen}):
            continue
        name = canonicalize_name(need.name)
        try:
            more = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            more = []
        for inner in ("", *need.extras):
            if (name, inner) not in seen:
                seen.add((name, inner))
                waiting += [(each, inner) for each in more]
    return {name for name, _ in seen}


def page(found: list[Package]) -> str:
    """`docs/licences.md`."""
    rows = "".join(f"| {p.name} | {p.licence or 'of another system'} | {p.used} |\n" for p in found)
    return f"{_HEAD}{rows}"


def licences(*, check: bool) -> int:
    found = packages()
    bad = [package for package in found if not package.fits]
    for package in bad:
        print(f"{package.name}: licence {package.licence!r} does not fit. Replace the package.", file=sys.stderr)
    text = page(found)
    if not check:
        PAGE.write_text(text, encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != text:
        print(f"{PAGE.name}: differs. Run python tools/supply_chain.py licences.", file=sys.stderr)
        return 1
    return int(bool(bad))


def sbom() -> dict[str, Any]:
    """The lock as CycloneDX 1.6; the same lock gives the same document."""
    found = packages()
    version = importlib.metadata.version("detente")
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    components = [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{p.name}@{p.version}",
            "name": p.name,
            "version": p.version,
            "purl": f"pkg:pypi/{p.name}@{p.version}",
            "scope": {"core": "required", "development": "excluded"}.get(p.used, "optional"),
            "licenses": [{"license": {"name": p.licence}}] if p.licence else [],
            "properties": [
                {"name": "detente:needed-by", "value": p.used},
                *({"name": "detente:sha256-of-a-file", "value": digest} for digest in p.hashes),
            ],
        }
        for p in found
    ]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": f"pkg:pypi/detente@{version}",
                "name": "detente",
                "version": version,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": components,
    }


def wheels() -> int:
    """Each Python gets an environment of its own with the wheel and its core alone, and runs the demo."""
    faults = 0
    print("| Python | packages installed | `detente demo` | `detente check` |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place:
        made = Path(place)
        uv = shutil.which("uv") or str(ROOT / ".venv" / "bin" / "uv")
        subprocess.run([uv, "build", "--quiet", "--wheel", "--out-dir", str(made), str(ROOT)], check=True)
        (wheel,) = made.glob("*.whl")
        for version in PYTHONS:
            python = made / version / "bin" / "python"
            if not _here(f"python{version}"):
                print(f"| {version} | not on this machine | – | – |", flush=True)
                continue
            subprocess.run([f"python{version}", "-m", "venv", "--without-pip", str(made / version)], check=True)
            subprocess.run([uv, "pip", "install", "--quiet", "--python", str(python), str(wheel)], check=True)
            installed = len(list((made / version / "lib").glob("*/site-packages/*.dist-info")))
            demo = made / f"demo-{version}"
            codes = [
                subprocess.run(
                    [str(python.parent / "detente"), *words],
                    cwd=made, capture_output=True, check=False, env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
                ).returncode
                for words in (["demo", "--out", str(demo), "--quiet"], ["check", "-d", str(demo / "dossier")])
            ]  # fmt: skip
            faults += sum(map(bool, codes))
            print(
                f"| {version} | {installed} |",
                *(f"{'ran' if not c else f'exit code {c}'} |" for c in codes),
                flush=True,
            )
    return int(bool(faults))


def _here(python: str) -> bool:
    found = shutil.which(python)
    return found is not None and not subprocess.run([found, "--version"], capture_output=True, check=False).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("licences", "sbom", "wheels"))
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    if asked.what == "sbom":
        print(json.dumps(sbom(), indent=1))
        return 0
    return licences(check=asked.check) if asked.what == "licences" else wheels()


if __name__ == "__main__":
    sys.exit(main())
