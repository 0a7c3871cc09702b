"""The parts of a text that no model should touch: addresses, handles, code, mark-up, emoji.

A Latin hashtag is a label and is copied. An Arabic hashtag mostly stands for a word of its
sentence, so that taking it out would break the sentence: it is translated.
"""

from __future__ import annotations

import re

from mujaz.domain.spans import Span

# Possessive quantifiers and the look-behinds keep every alternative linear in the text.
_EMOJI = (
    "[\u231a\u231b\u23e9-\u23fa\u25fd\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c"
    "\u2b50\u2b55\U0001f000-\U0001faff\U000e0020-\U000e007f\u200d\ufe0f\u20e3]"
)
_KEYCAP = r"[0-9*\#]\ufe0f?\u20e3"
_SUFFIX = (
    "com|org|net|edu|gov|info|biz|news|tv|io|me|ly|eg|sa|ae|jo|lb|sy|iq|ye|ma|dz|tn|qa|kw|bh|om|ps"
    "|sd|uk|us|fr|de|eu|pdf|docx?|xlsx?|pptx?|txt|csv|json|xml|ya?ml|html?|php|py|js|zip|exe|jpe?g"
    "|png|gif|mp[34]|apk"
)
_TAIL = r"[^\s<>\"«»“”،؛؟]"
_PASSTHROUGH = re.compile(
    rf"""
      (?P<email> (?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]++@(?:[A-Za-z0-9-]++\.)+[A-Za-z]{{2,}} )
    | (?P<address>
        (?i:https?|ftp)://(?:[A-Za-z0-9.-]++|[\w.-]++)(?::\d+)?(?:[/?\#]{_TAIL}*+)?
        | (?<![A-Za-z0-9.@_-])(?:[A-Za-z0-9_-]++\.)+(?i:{_SUFFIX})(?![A-Za-z0-9_-])
          (?:/{_TAIL}*+)?
      )
    | (?P<handle> (?<![A-Za-z0-9_@.])@\w++(?:\.\w++)* )
    | (?P<hashtag> (?<![A-Za-z0-9_&])\#(?=[0-9_]*+[A-Za-z])[A-Za-z0-9_]++(?!\w) )
    | (?P<code> `[^`\n]{{1,200}}` )
    | (?P<path>
        (?<![\w/\\])(?:[A-Za-z]:\\[\w.\\$-]++ | (?:~|\.{{1,2}})?(?:/[A-Za-z0-9._-]++){{2,}}/?)
      )
    | (?P<markup>
        </?[A-Za-z][^<>]{{0,500}}> | <!--[^<>]{{0,500}}-->
        | &(?:[A-Za-z][A-Za-z0-9]{{1,31}}|\#[0-9]{{1,7}}|\#[xX][0-9A-Fa-f]{{1,6}});
      )
    | (?P<emoji> (?:{_KEYCAP}|(?![\u200d\ufe0f]){_EMOJI})(?:{_EMOJI}|{_KEYCAP})*+ )
    """,
    re.VERBOSE,
)
_TRIGGER = re.compile(rf"[@#`<&/\\]|\.[A-Za-z]|{_EMOJI}")
_TRAILING = ".,:;!?'*…"
_BRACKETS = ((")", "("), ("]", "["), ("}", "{"))

_LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_LATIN_WORD = rf"[0-9]*[{_LATIN}][{_LATIN}0-9]*(?:[.'’&+/_-][{_LATIN}0-9]+)*\+*"
_NUMBER = r"[0-9]+(?:[.-][0-9]+)*(?![\w٫]|\.\d)"
_LATIN_RUN = re.compile(rf"(?<![\w.]){_LATIN_WORD}(?:[ \u00a0]+(?:{_LATIN_WORD}|&|{_NUMBER}))*")


def passthrough_spans(text: str) -> tuple[Span, ...]:
    """Where URLs, e-mail addresses, handles, Latin hashtags, code, paths, HTML and emoji stand.

    In order and disjoint. Punctuation that closes the sentence is not part of an address.
    """
    if not _TRIGGER.search(text):
        return ()
    spans = []
    for match in _PASSTHROUGH.finditer(text):
        start, end = match.span()
        if match.lastgroup == "address":
            end = _address_end(text, start, end)
        spans.append(Span(start, end))
    return tuple(spans)


def latin_runs(text: str) -> tuple[Span, ...]:
    """Where Latin-script names stand, numbers that belong to them included: `Apple iPhone 15`.

    They may go through the model, and must come out unchanged.
    """
    return tuple(Span(*match.span()) for match in _LATIN_RUN.finditer(text))


def _address_end(text: str, start: int, end: int) -> int:
    address = text[start:end]
    surplus = {close: address.count(close) - address.count(open_) for close, open_ in _BRACKETS}
    while end > start:
        last = text[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return end
