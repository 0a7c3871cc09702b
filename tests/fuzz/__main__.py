"""Coverage-guided fuzzing of one target, for as long as there is time.

    .venv/bin/pip install -c constraints.txt -e .[fuzz]
    .venv/bin/python -m tests.fuzz segmentation --seconds 600

Begins with lines of the golden files and keeps in --corpus what reaches new code. What breaks a
target, or takes over five seconds, is written to a file and ends the run.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["mujaz"]):
    from tests.fuzz.targets import TARGETS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", choices=sorted(TARGETS))
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--corpus", type=Path, default=Path("build/fuzz"))
    arguments = parser.parse_args()
    target = TARGETS[arguments.target]
    corpus = arguments.corpus / arguments.target
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in target.seeds():
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    atheris.Setup(
        [
            sys.argv[0],
            str(corpus),
            f"-max_total_time={arguments.seconds}",
            "-timeout=5",
            "-rss_limit_mb=2048",
            "-max_len=4096",
            f"-artifact_prefix={corpus}.",
            "-print_final_stats=1",
        ],
        target.check,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
