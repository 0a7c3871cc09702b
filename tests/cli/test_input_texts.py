"""Texts from files, directories and standard input, whatever their encoding and size."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.cli.exit_codes import CommandFailed, ExitCode
from mujaz.cli.input_texts import READ_BYTES, InputText, _Decoder, find_inputs

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def names(arguments: list[str | Path]) -> list[str]:
    return [Path(text.name).name for text in find_inputs(map(str, arguments), "utf-8")]


def test_no_argument_and_a_hyphen_mean_standard_input() -> None:
    assert find_inputs([], "utf-8") == find_inputs(["-"], "utf-8") == [InputText(None, "utf-8")]


def test_a_directory_stands_for_its_text_files_by_name(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "C.TXT", "notes.md"):
        (tmp_path / name).touch()
    other = tmp_path / "other.html"
    assert names([tmp_path, other]) == ["C.TXT", "a.txt", "b.txt", "other.html"]


def test_a_directory_without_text_files_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match=r"there are no \.txt files in it") as caught:
        find_inputs([str(tmp_path)], "utf-8")
    assert caught.value.exit_code == ExitCode.BAD_INPUT


async def test_line_ends_stay_as_they_are_and_the_byte_order_mark_goes(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(b"\xef\xbb\xbf" + "خبر\r\n\ufeffعاجل\r".encode())
    assert await InputText(path, "utf-8").read() == "خبر\r\n\ufeffعاجل\r"


async def test_a_long_file_arrives_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    text = "خبر " * READ_BYTES
    path.write_text(text, encoding="utf-8")
    pieces = [piece async for piece in InputText(path, "utf-8").pieces()]
    assert "".join(pieces) == text
    assert len(pieces) > 1


async def test_a_pipe_gives_what_has_arrived_before_its_end(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    first_read = threading.Event()

    def write() -> None:
        with pipe.open("wb", buffering=0) as stream:
            stream.write("خبر".encode())
            assert first_read.wait(timeout=60)
            stream.write(" عاجل".encode())

    writer = threading.Thread(target=write)
    writer.start()
    pieces = InputText(pipe, "utf-8").pieces()
    assert await anext(pieces) == "خبر"
    first_read.set()
    assert [piece async for piece in pieces] == [" عاجل"]
    writer.join()


async def test_a_missing_file_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match=r"none\.txt: No such file or directory") as caught:
        await InputText(tmp_path / "none.txt", "utf-8").read()
    assert caught.value.exit_code == ExitCode.BAD_INPUT


async def test_another_encoding_is_read_when_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    for encoding in ("windows-1256", "iso-8859-6", "utf-16", "utf-8-sig"):
        path.write_text("خبر عاجل", encoding=encoding)
        assert await InputText(path, encoding).read() == "خبر عاجل"


@pytest.mark.parametrize(
    ("content", "offset", "guess"),
    [
        ("خبر".encode("windows-1256"), 0, "windows-1256"),
        ("خبر ".encode() + b"\xff", 7, "windows-1256"),
        (b"x" * READ_BYTES + "خ".encode() + b"\xc7", READ_BYTES + 2, "windows-1256"),
        (b"x" * (READ_BYTES - 1) + "خ".encode() + b"\xff", READ_BYTES + 1, "windows-1256"),
        ("خبر".encode()[:-1], 4, "windows-1256"),
        ("خبر".encode("utf-16"), 0, "utf-16"),
        (b"\xef\xbb\xbfx\xff", 4, "windows-1256"),
    ],
)
async def test_what_is_not_in_the_encoding_is_named_by_its_byte(
    tmp_path: Path, content: bytes, offset: int, guess: str
) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(content)
    with pytest.raises(CommandFailed) as caught:
        await InputText(path, "utf-8").read()
    assert f"text.txt: byte {offset} is not UTF-8" in caught.value.message
    assert f"--encoding {guess}" in caught.value.message
    assert caught.value.exit_code == ExitCode.BAD_INPUT


@given(texts, st.lists(st.integers(0, 200)), st.sampled_from(["utf-8", "utf-16", "utf-16-le"]))
def test_bytes_cut_anywhere_decode_to_the_same_text(
    text: str, cuts: list[int], encoding: str
) -> None:
    content = text.encode(encoding)
    decoder = _Decoder(encoding)
    ends = [*sorted(min(cut, len(content)) for cut in cuts), len(content)]
    pieces = [
        decoder.decode(content[start:end]) for start, end in zip([0, *ends], ends, strict=False)
    ]
    pieces.append(decoder.decode(b"", final=True))
    assert "".join(pieces) == text.removeprefix("\ufeff")
