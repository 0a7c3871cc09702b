"""Becomes the process of a container: no network but loopback, a read-only root, no privileges.

Usage: unshare --mount --net --pid --fork python sandbox.py ROOT CONFIGURATION, where the second is
JSON with `argv`, `env`, `user` and `volumes`, from a directory here to one in the image. What a
container engine does, in the order it does it.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
from pathlib import Path

SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1
INTERFACE_REQUEST = "16sh14x"


def bring_loopback_up() -> None:
    """A new network namespace has it down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack(INTERFACE_REQUEST, b"lo", 0)
        _, flags = struct.unpack(INTERFACE_REQUEST, fcntl.ioctl(control, SIOCGIFFLAGS, request))
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack(INTERFACE_REQUEST, b"lo", flags | IFF_UP))


def mount(*arguments: str) -> None:
    """Seen in this namespace only."""
    subprocess.run(["mount", *arguments], check=True)


def main() -> None:
    root, configuration = Path(sys.argv[1]), json.loads(sys.argv[2])
    bring_loopback_up()
    mount("--make-rprivate", "/")
    mount("--bind", str(root), str(root))
    mount("--rbind", "/dev", str(root / "dev"))
    mount("-t", "proc", "-o", "ro,nosuid,nodev,noexec", "proc", str(root / "proc"))
    for source, target in configuration["volumes"].items():
        point = root / target.lstrip("/")
        point.mkdir(parents=True, exist_ok=True)
        mount("--bind", source, str(point))
        mount("-o", "remount,bind,ro", str(point))
    mount("-o", "remount,bind,ro", str(root))
    os.chroot(root)
    os.chdir("/")
    user, group = map(int, configuration["user"].split(":"))
    os.setgroups([])
    os.setgid(group)
    os.setuid(user)
    environment: dict[str, str] = configuration["env"]
    program = shutil.which(configuration["argv"][0], path=environment["PATH"])
    if program is None:
        sys.exit("the image does not have its entry point")
    os.execve(program, configuration["argv"], environment)


if __name__ == "__main__":
    main()
