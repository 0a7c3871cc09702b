"""Reads the files that a running server reads again whenever they change."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Final

from mujaz.settings import SettingInvalid

BYTE_LIMIT: Final = 1024 * 1024


def read_small_file(path: Path, *, setting: str) -> bytes:
    """The whole of a regular file of at most 1 MiB.

    Raises SettingInvalid, which names the setting and the file and says what to do.
    """
    try:
        # Opening a pipe would wait for its writer.
        if not stat.S_ISREG(path.stat().st_mode):
            raise SettingInvalid(f"{setting}: {path} is not a regular file; give the path of one")
        with path.open("rb") as file:
            content = file.read(BYTE_LIMIT + 1)
    except OSError as error:
        raise SettingInvalid(
            f"{setting}: cannot read {path}: {error.strerror}; see that it is there and that the "
            "user of the server may read it"
        ) from error
    if len(content) > BYTE_LIMIT:
        raise SettingInvalid(f"{setting}: {path} is over 1 MiB; is it the right file?")
    return content
