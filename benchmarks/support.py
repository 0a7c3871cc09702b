"""What the support check of written points accepts, and what it finds out.

    python benchmarks/support.py BRIEFS.jsonl[.xz] --names FILE.tsv ... [--limit N]

BRIEFS holds `title`, `sentences` and `points` with the `text` and the `evidence` of each, written
by people. `human_points` are checked against their own evidence. Then each gets one error, where it
has a place for it: another number, another name (of `--names`: Arabic, tab, English), a negation
put in or taken out, or another article's point in its place. `supported` is the share that carries
no flag, `grounded` the share that AUTO may use. For the human points both should be high, for the
others `supported` low and `grounded` near zero. The result goes to `results/support.json`.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from brief_data import ReferenceArticle, read_articles, read_names
from harness import SEED, write_result

from mujaz.domain.support import support

_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+")
_NEGATION = re.compile(r"(?<!\w)(?:لم|لن|لا|ليس|ليست|عدم|دون) ")
_IMPERFECT_OF_SAYING = re.compile(r"(?<!\w)(إن|إنه|إنها|أن|أنه|أنها) ([يت]\w{3,})")

Damage = Callable[[str, random.Random], str | None]


def another_number(point: str, chance: random.Random) -> str | None:
    """One number made larger; None where there is none."""
    found = list(_NUMBER.finditer(point))
    if not found:
        return None
    number = chance.choice(found)
    changed = str(int(number[0]) + chance.randint(3, 9))
    return f"{point[: number.start()]}{changed}{point[number.end() :]}"


def another_name(names: Sequence[str]) -> Damage:
    """One name exchanged for another of the list; only names of one word with 5 letters or more."""
    known = sorted({name for name in names if _WORD.fullmatch(name) and len(name) >= 5})
    look_up = frozenset(known)

    def damage(point: str, chance: random.Random) -> str | None:
        found = [match for match in _WORD.finditer(point) if match[0] in look_up]
        if not found:
            return None
        name = chance.choice(found)
        other = chance.choice(known)
        while other in point:
            other = chance.choice(known)
        return f"{point[: name.start()]}{other}{point[name.end() :]}"

    return damage


def turned_negation(point: str, chance: random.Random) -> str | None:
    """A negation taken out, or put before a verb after `that`; None where there is neither."""
    if _NEGATION.search(point):
        return _NEGATION.sub("", point, count=1)
    changed = _IMPERFECT_OF_SAYING.sub(r"\1 لا \2", point, count=1)
    return changed if changed != point else None


def measure(
    articles: Sequence[ReferenceArticle], damage: Damage, chance: random.Random
) -> dict[str, float | int]:
    """The shares of damaged points that pass on the evidence of the points as they were."""
    found = []
    for article in articles:
        for point, evidence in zip(article.points, article.evidence, strict=True):
            damaged = damage(point, chance)
            if damaged is not None:
                found.append(support(damaged, [article.sentences[i] for i in sorted(evidence)]))
    return {
        "points": len(found),
        "supported": round(100 * sum(each.supported for each in found) / len(found), 2),
        "grounded": round(100 * sum(each.grounded for each in found) / len(found), 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("briefs", type=Path)
    parser.add_argument("--names", type=Path, nargs="+", required=True)
    parser.add_argument("--limit", type=int)
    arguments = parser.parse_args()
    articles = read_articles(arguments.briefs, arguments.limit)
    foreign = [point for article in articles for point in article.points]
    damages: dict[str, Damage] = {
        "human_points": lambda point, chance: point,
        "another_number": another_number,
        "another_name": another_name(read_names(arguments.names)),
        "turned_negation": turned_negation,
        "another_articles_point": lambda point, chance: chance.choice(foreign),
    }
    chance = random.Random(SEED)
    figures = {name: measure(articles, damage, chance) for name, damage in damages.items()}
    write_result("support", figures)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
