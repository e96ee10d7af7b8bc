"""What detente depends on: locked with hashes and no addresses, under licences that fit, listed as it is."""

import re
from pathlib import Path

import pytest
from tools import supply_chain

ROOT = Path(__file__).parent.parent


def test_every_package_of_the_lock_has_hashes_and_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    found = supply_chain.packages()
    assert len(found) == len(re.findall(r"^[\w.-]+==", lock, re.M)) > 100
    assert all(package.hashes for package in found)


def test_every_licence_is_known_and_fits_and_the_page_lists_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert supply_chain.licences(check=True) == 0, capsys.readouterr().err


@pytest.mark.parametrize(
    ("licence", "fits"),
    [
        ("MIT", True),
        ("Apache Software License", True),
        ("LGPL-3.0-only", True),
        ("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later", True),
        ("GPL-3.0-or-later", False),
        ("GNU Affero General Public License v3", False),
        ("GNU General Public License v3 (GPLv3)", False),
        ("unknown", False),
        ("MIT AND GPL-2.0-only", False),
    ],
)
def test_licences_that_would_bind_the_whole_are_refused(licence: str, fits: bool) -> None:
    assert supply_chain.Package("name", "1", (), licence, "core").fits is fits


def test_the_bill_of_materials_is_the_lock_and_the_same_each_time() -> None:
    made = supply_chain.sbom()
    assert made == supply_chain.sbom()
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert {c["bom-ref"] for c in made["components"]} == {
        f"pkg:pypi/{package.name}@{package.version}" for package in supply_chain.packages()
    }
    assert {c["scope"] for c in made["components"]} == {"required", "optional", "excluded"}
