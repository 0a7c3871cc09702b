"""Builds the image of the Dockerfile with buildah, on a Debian made here, and runs it.

No registry is asked and no daemon is needed; the packages come from where this machine gets its
own, through files that leave no trace in the image.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
SANDBOX: Final = Path(__file__).with_name("sandbox.py")
CERTIFICATES: Final = Path("/etc/ssl/certs/ca-certificates.crt")
BUILD_SECONDS: Final = 900
# What a slim image does without as well.
NOT_IN_SLIM: Final = ("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info")
STRIP_PACKAGES: Final = ("binutils", "binutils-common", "libbinutils")


@dataclass(frozen=True, slots=True)
class Storage:
    """Images and containers in a directory of their own."""

    directory: Path

    def buildah(self, command: str, *arguments: str) -> str:
        """Run buildah and return what it printed. Raises CalledProcessError after its output."""
        where = [
            f"--root={self.directory / 'root'}",
            f"--runroot={self.directory / 'run'}",
            "--storage-driver=vfs",
        ]
        result = subprocess.run(
            ["buildah", *where, command, *arguments],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=BUILD_SECONDS,
        )
        return result.stdout.strip()

    def commit(self, tree: Path, name: str) -> None:
        """Make an image of one layer of everything below `tree`."""
        archive = self.directory / f"{name}.tar"
        subprocess.run(["tar", f"--directory={tree}", "-cf", archive, "."], check=True)
        container = self.buildah("from", "scratch")
        self.buildah("add", container, str(archive), "/")
        self.buildah("commit", "--rm", container, name)
        archive.unlink()


@dataclass(frozen=True, slots=True)
class Image:
    """An image: its configuration, its files, and its size in bytes, with all layers."""

    configuration: dict[str, Any]
    root: Path
    byte_count: int

    @property
    def environment(self) -> dict[str, str]:
        """What `ENV` sets."""
        return dict(each.split("=", 1) for each in self.configuration["Env"])


def make_bases(storage: Storage) -> None:
    """`mujaz-build-base` and `mujaz-base`: this machine's release of Debian, with its Python."""
    tree = storage.directory / "debian"
    codename, archive = _debian()
    packages = ["python3", "python3-venv", "ca-certificates", *STRIP_PACKAGES[:1]]
    subprocess.run(
        [
            "debootstrap",
            "--variant=minbase",
            f"--include={','.join(packages)}",
            codename,
            str(tree),
            archive,
        ],
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=BUILD_SECONDS,
    )
    for path in (*NOT_IN_SLIM, "var/cache/apt", "var/lib/apt/lists"):
        subprocess.run(["rm", "-rf", str(tree / path)], check=True)
    storage.commit(tree, "mujaz-build-base")
    purge = ["chroot", str(tree), "apt-get", "purge", "--yes", "--auto-remove", "--quiet"]
    subprocess.run([*purge, *STRIP_PACKAGES], stdout=subprocess.DEVNULL, check=True)
    storage.commit(tree, "mujaz-base")
    subprocess.run(["rm", "-rf", str(tree)], check=True)


def build(storage: Storage, target: str) -> Image:
    """Build a target of the Dockerfile on the bases, and unpack it."""
    storage.buildah(
        "build",
        "--isolation=chroot",
        "--format=docker",  # the OCI format knows no HEALTHCHECK
        "--build-arg=BUILD_BASE=localhost/mujaz-build-base",
        "--build-arg=BASE=localhost/mujaz-base",
        *_secrets(storage.directory),
        f"--target={target}",
        f"--tag=mujaz-{target}",
        str(ROOT),
    )
    inspected = json.loads(storage.buildah("inspect", "--type=image", f"mujaz-{target}"))
    container = storage.buildah("from", f"localhost/mujaz-{target}")
    root = Path(storage.buildah("mount", container))
    return Image(inspected["Docker"]["config"], root, _byte_count(root))


@contextmanager
def running(
    image: Image, *, volumes: Mapping[str, str] | None = None, **environment: str
) -> Iterator[subprocess.Popen[str]]:
    """The image's process as an engine would run it: its entry point as process 1, its user.

    `environment` is added to ENV; `volumes` are directories here, by where the image has them,
    read-only. The process is killed at the end if it still runs.
    """
    configuration = {
        "argv": [*image.configuration["Entrypoint"], *image.configuration["Cmd"]],
        "volumes": {source: target for target, source in (volumes or {}).items()},
        "env": {**image.environment, **environment},
        "user": image.configuration["User"],
    }
    namespaces = ["unshare", "--mount", "--net", "--pid", "--fork"]
    program = [sys.executable, str(SANDBOX), str(image.root), json.dumps(configuration)]
    with subprocess.Popen(
        [*namespaces, *program],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                # The child is what serves; unshare ends with it.
                os.kill(inner_process(process), signal.SIGKILL)


def inner_process(process: subprocess.Popen[str]) -> int:
    """The id, seen from here, of the process that is number 1 in the container."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return int(children.split()[0])


def inside(process: subprocess.Popen[str], command: Sequence[str], **environment: str) -> str:
    """What a program of this machine prints in the network of the container."""
    namespace = f"--net=/proc/{inner_process(process)}/ns/net"
    result = subprocess.run(
        ["nsenter", namespace, *command],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=180,
    )
    return result.stdout


def health_command(image: Image, process: subprocess.Popen[str], **environment: str) -> int:
    """The exit code of HEALTHCHECK, run in the container as its user, with its environment."""
    kind, *command = image.configuration["Healthcheck"]["Test"]
    assert kind == "CMD"
    enter = ["nsenter", f"--target={inner_process(process)}", "--net", "--pid", "--mount"]
    # The mount namespace has this machine's root; the image is the root of process 1.
    user, group = image.configuration["User"].split(":")
    change = ["chroot", f"--userspec={user}:{group}", "--groups=", str(image.root)]
    variables = {**image.environment, **environment}
    settings = [f"{name}={value}" for name, value in variables.items()]
    return subprocess.run(
        [*enter, *change, "/usr/bin/env", "-i", *settings, *command],
        stdout=subprocess.DEVNULL,
        check=False,
        timeout=60,
    ).returncode


def _debian() -> tuple[str, str]:
    """The release of this machine, and the archive that it installs from."""
    lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    codename = dict(line.split("=", 1) for line in lines if "=" in line)["VERSION_CODENAME"]
    fields = "$(CODENAME)\t$(COMPONENT)\t$(REPO_URI)"
    command = ["apt-get", "indextargets", "--format", fields, "Created-By: Packages"]
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    for line in output.splitlines():
        of_codename, component, archive = line.split("\t")
        if (of_codename, component) == (codename, "main"):
            return codename, archive
    raise LookupError(f"apt on this machine has no archive of {codename}; see its sources")


def _secrets(directory: Path) -> list[str]:
    """pip's configuration of this machine, and the CA certificates it trusts."""
    names = ("index-url", "extra-index-url", "timeout")
    lines = ["[global]", "cert = /run/secrets/ca"]
    for name in names:
        value = _pip_setting(name)
        if value and not value.startswith("file:"):
            lines.append(f"{name} = {value}")
    configuration = directory / "pip.conf"
    configuration.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [f"--secret=id=pip,src={configuration}", f"--secret=id=ca,src={CERTIFICATES}"]


def _pip_setting(name: str) -> str:
    variable = os.environ.get("PIP_" + name.upper().replace("-", "_"))
    if variable is not None:
        return variable
    for section in ("global", "install"):
        command = [sys.executable, "-m", "pip", "config", "get", f"{section}.{name}"]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode == 0:
            return result.stdout.strip()
    return ""


def _byte_count(root: Path) -> int:
    """The bytes of all files, each counted once."""
    output = subprocess.run(
        ["du", "--bytes", "--summarize", str(root)], stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    return int(output.split()[0])
