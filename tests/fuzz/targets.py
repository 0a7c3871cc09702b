"""What is fuzzed: each target takes bytes, and fails where something that must hold does not."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Final

from mujaz.app.resume import ResumePoint, claimed_length, decode_token, encode_token
from mujaz.domain.article import parse_article
from mujaz.domain.dates import read_date_stamp
from mujaz.domain.glossary_file import parse_glossary
from mujaz.domain.glossary_match import find_terms
from mujaz.domain.glossary_rendering import mark_terms
from mujaz.domain.mentions import find_mentions
from mujaz.domain.name_table import NameTable, TableInvalid
from mujaz.domain.normalize import NormalizationOptions, normalize, normalized
from mujaz.domain.numbers import number_mismatch, number_retention
from mujaz.domain.passthrough import latin_runs, passthrough_spans
from mujaz.domain.pieces import plan_pieces
from mujaz.domain.segment import IncrementalSegmenter, segment_text
from mujaz.domain.spans import Span, gaps
from mujaz.domain.split_long import split_long
from mujaz.engine.manifest import parse_manifest
from mujaz.errors import FieldInvalid, GlossaryInvalid, ModelDamaged, ResumeTokenStale
from mujaz.settings import SettingInvalid
from mujaz.transport.token_file import parse_token_file
from tests.fuzz import functions

ROOT: Final = Path(__file__).resolve().parents[2]
_DIGEST: Final = bytes(range(16))
_TERM_BASE: Final = (
    '<?xml version="1.0"?><tbx><text><body><termEntry><langSet xml:lang="ar"><tig>'
    '<term>الرقة</term></tig></langSet><langSet xml:lang="en"><tig><term>Raqqa</term></tig>'
    "</langSet></termEntry></body></text></tbx>"
)
# Entities that grow by ten at each step, and one that names a file.
_BOMB: Final = (
    '<!DOCTYPE tbx [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c SYSTEM "file:///etc/passwd">]><tbx><term>&b;&c;</term></tbx>'
)


@dataclass(frozen=True, slots=True)
class Target:
    """Something to fuzz: `check` takes one input, `seeds` are good ones."""

    check: Callable[[bytes], None]
    seeds: Callable[[], Sequence[bytes]]


def as_text(data: bytes) -> str:
    """Bytes as a text: what is no UTF-8 comes as lone surrogates, which no caller can send."""
    return data.decode("utf-8", "surrogateescape")


def _texts() -> list[bytes]:
    """Sentences and lines of the golden files and the samples."""
    lines = (ROOT / "samples" / "raqqa.txt").read_text(encoding="utf-8").splitlines()
    for name in ("sentences", "numbers"):
        for line in (ROOT / "tests" / "golden" / f"{name}.jsonl").read_text("utf-8").splitlines():
            lines += [value for value in json.loads(line).values() if isinstance(value, str)]
    return [line.encode() for line in lines if line.strip()]


def _whole_texts() -> list[bytes]:
    return [(ROOT / "samples" / "raqqa.txt").read_bytes(), *_texts()]


def _ordered(spans: Sequence[Span], length: int) -> None:
    """Spans are in order, disjoint and inside the text."""
    ends = [0, *(span.end for span in spans)]
    assert all(end <= span.start for end, span in zip(ends, spans, strict=False))
    assert ends[-1] <= length


def _covering(text: str, spans: Sequence[Span]) -> None:
    """Spans and the white space between them give the text back."""
    _ordered(spans, len(text))
    between = [gap.of(text) for gap in gaps(spans, len(text))]
    assert not "".join(between).strip()
    covered = [span.of(text) for span in spans]
    joined = "".join(a + b for a, b in zip(between, [*covered, ""], strict=True))
    assert joined == text


def segmentation(data: bytes) -> None:
    text = as_text(data)
    whole = segment_text(text)
    _covering(text, [segmented.sentence.span for segmented in whole])
    segmenter = IncrementalSegmenter()
    cut = 1 + len(text) % 7
    parts = [segmenter.feed(text[i : i + cut]) for i in range(0, len(text), cut)]
    assert [each for part in (*parts, segmenter.finish()) for each in part] == whole


def normalization(data: bytes) -> None:
    text = as_text(data)
    for form in range(4):
        options = NormalizationOptions(
            compatibility=bool(form & 1),
            strip_diacritics=bool(form & 2),
            ascii_digits=bool(form & 1),
            ascii_punctuation=bool(form & 2),
        )
        result = normalize(text, options)
        assert result.text == normalized(text, options)
        assert len(result.offsets) == len(result.text)
        spans = [result.offsets.to_source(Span(i, i + 1)) for i in range(len(result.text))]
        assert all(a.start <= b.start and a.end <= b.end for a, b in zip(spans, spans[1:]))  # noqa: B905, RUF007
        assert not spans or spans[-1].end <= len(text)


def splitting(data: bytes) -> None:
    text = as_text(data)
    for limit in (3, 20):
        parts = split_long(text, count_tokens=functions.count_tokens, token_limit=limit)
        _covering(text, parts)
        sizes = [functions.count_tokens(part.of(text)) for part in parts]
        assert all(size <= limit or len(part) == 1 for size, part in zip(sizes, parts, strict=True))


def pieces(data: bytes) -> None:
    text = as_text(data)
    planned = plan_pieces(text, count_tokens=functions.count_tokens, token_limit=20)
    _covering(text, [piece.span for piece in planned])


def article(data: bytes) -> None:
    text = as_text(data)
    sentences = [segmented.sentence for segmented in segment_text(text)]
    structure = parse_article(text, sentences)
    _ordered(structure.residue_spans, len(text))
    assert all(index < len(sentences) for index in structure.content_indices)
    content = [sentences[index].span for index in structure.content_indices]
    _ordered(sorted([*content, *structure.residue_spans]), len(text))
    # No word is neither text, title nor residue.
    special = [*structure.residue_spans, *filter(None, (structure.title_span,))]
    for index, sentence in enumerate(sentences):
        if index not in structure.content_indices and any(map(str.isalnum, sentence.span.of(text))):
            assert any(
                span.start < sentence.span.end and sentence.span.start < span.end
                for span in special
            )


def numbers_and_dates(data: bytes) -> None:
    text = as_text(data)
    assert not number_mismatch(text, text)
    number_mismatch(text, f"{text[::-1]} 5")
    total, kept = number_retention(text, text)
    assert kept == total
    stamp = read_date_stamp(text)
    assert stamp is None or len(stamp.publication_date) in (0, 10)


def terms_and_names(data: bytes) -> None:
    text = as_text(data)
    found = find_terms(text, (functions.glossary(),))
    _ordered([match.span for match in found], len(text))
    marked = mark_terms(text, found)
    assert marked.filled(marked.text, {}) == text
    for mention in find_mentions(text, functions.names(), (functions.glossary(),)):
        _ordered(mention.source_spans, len(text))


def passthrough(data: bytes) -> None:
    text = as_text(data)
    _ordered(passthrough_spans(text), len(text))
    _ordered(latin_runs(text), len(text))


def resume_token(data: bytes) -> None:
    token = as_text(data)
    assert 0 <= claimed_length(token) < 1 << 64
    try:
        point = decode_token(token, _DIGEST, event_count=1_000)
    except (FieldInvalid, ResumeTokenStale):
        return
    assert not token or decode_token(encode_token(point, _DIGEST), _DIGEST, event_count=1_000)


def manifest(data: bytes) -> None:
    with suppress(ModelDamaged):
        parse_manifest(data, Path("models/x"))


def _glossary_file(suffix: str) -> Callable[[bytes], None]:
    def check(data: bytes) -> None:
        try:
            entries = parse_glossary(data, PurePath(f"x{suffix}"))
        except GlossaryInvalid:
            return
        assert entries

    return check


def name_table(data: bytes) -> None:
    try:
        table = NameTable(data.decode("utf-8").splitlines())
    except (UnicodeDecodeError, TableInvalid):
        return
    find_mentions("زار محمد بن كتاب دمشق", table)


def token_file(data: bytes) -> None:
    message = ""
    try:
        parse_token_file(data, origin="tokens")
    except SettingInvalid as error:
        message = str(error)
    assert "9f86d081" not in message


def _text_function(function: Callable[[str], Any]) -> Callable[[bytes], None]:
    return lambda data: function(as_text(data))


def _manifests() -> list[bytes]:
    return [path.read_bytes() for path in sorted((ROOT / "models").glob("*/manifest.json"))]


_PROPERTIES: Final[Mapping[str, Target]] = {
    "segmentation": Target(segmentation, _whole_texts),
    "normalization": Target(normalization, _texts),
    "splitting": Target(splitting, _texts),
    "pieces": Target(pieces, _texts),
    "article": Target(article, _whole_texts),
    "numbers-and-dates": Target(numbers_and_dates, _texts),
    "terms-and-names": Target(terms_and_names, _texts),
    "passthrough": Target(passthrough, _texts),
    "resume-token": Target(
        resume_token, lambda: [encode_token(ResumePoint(3, 200), _DIGEST).encode(), b""]
    ),
    "manifest": Target(manifest, _manifests),
    "glossary-tsv": Target(
        _glossary_file(".tsv"),
        lambda: ["arabic\tenglish\nالرقة\tRaqqa\n# x\nدمشق\tDamascus".encode()],
    ),
    "glossary-csv": Target(
        _glossary_file(".csv"), lambda: ['الرقة,Raqqa\n"دمشق, الشام","Damascus ""x"""\r\n'.encode()]
    ),
    "glossary-tbx": Target(_glossary_file(".tbx"), lambda: [_TERM_BASE.encode(), _BOMB.encode()]),
    "name-table": Target(name_table, lambda: ["دمشق\tDamascus\tplace\nمحمد\tM\tgiven".encode()]),
    "token-file": Target(
        token_file,
        lambda: [f"# x\ndesk translate,brief 60000 {'9f86d081' * 8} 2027-06-30\n".encode()],
    ),
}
_COVERED: Final = frozenset(
    {"segment", "article", "normalized", "normalize", "normalize opposite", "passthrough"}
    | {"split long", "pieces", "mentions", "terms", "latin runs", "date stamp"}
)

TARGETS: Final[Mapping[str, Target]] = {
    **_PROPERTIES,
    **{
        name.replace(" ", "-"): Target(_text_function(function), _texts)
        for name, function in functions.FUNCTIONS.items()
        if name not in _COVERED
    },
}
