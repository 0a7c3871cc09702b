from __future__ import annotations

import pytest

from mujaz.conversion.licenses import check_accepted, display_name, is_non_commercial
from mujaz.errors import LicenseNotAccepted


@pytest.mark.parametrize(
    "license_name", ["CC-BY-NC-4.0", "cc-by-nc-sa-4.0", "CC BY-NC", "Non-Commercial Research"]
)
def test_what_forbids_commercial_use_is_accepted_by_name_only(license_name: str) -> None:
    assert is_non_commercial(license_name)
    for accepted in (None, "", "yes", "CC-BY-NC-2.0"):
        with pytest.raises(LicenseNotAccepted, match=f"--accept-license {license_name}$"):
            check_accepted(license_name, accepted, model="tiny")
    check_accepted(license_name, license_name.upper(), model="tiny")


@pytest.mark.parametrize("license_name", ["MIT", "Apache-2.0", "CC-BY-4.0", "NCSA", "encyclopedia"])
def test_other_licences_need_no_word(license_name: str) -> None:
    check_accepted(license_name, None, model="tiny")


@pytest.mark.parametrize(
    ("identifier", "name"),
    [
        ("apache-2.0", "Apache-2.0"),
        ("mit", "MIT"),
        ("cc-by-nc-4.0", "CC-BY-NC-4.0"),
        ("CC-BY-4.0", "CC-BY-4.0"),
        ("My Own Terms", "My Own Terms"),
    ],
)
def test_licences_are_spelled_as_usual(identifier: str, name: str) -> None:
    assert display_name(identifier) == name
