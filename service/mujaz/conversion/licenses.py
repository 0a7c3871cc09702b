"""What a licence is called, and whether it has to be accepted before a model is downloaded."""

from __future__ import annotations

import re

from mujaz.errors import LicenseNotAccepted


def display_name(identifier: str) -> str:
    """The usual spelling of a licence, which the hub writes in small letters."""
    if identifier.lower() == "apache-2.0":
        return "Apache-2.0"
    return (
        identifier.upper()
        if re.fullmatch("mit|(cc|gpl|lgpl|agpl|bsd)[-0-9].*", identifier)
        else identifier
    )


def is_non_commercial(identifier: str) -> bool:
    """Whether the licence forbids commercial use, as far as its name says so."""
    return bool(re.search(r"(^|[-_ .])nc([-_ .]|$)|non-?commercial", identifier.lower()))


def check_accepted(identifier: str, accepted: str | None, *, model: str) -> None:
    """Raises LicenseNotAccepted unless the licence allows everybody, or was accepted by name."""
    if is_non_commercial(identifier) and (accepted or "").lower() != identifier.lower():
        raise LicenseNotAccepted(
            f"{model} is under {identifier}, which forbids commercial use; if that suits you, "
            f"add --accept-license {identifier}"
        )
