"""A page taken apart, as HTML is parsed."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta"}


@dataclass
class Element:
    """An element with its attributes, its children, and the text between them."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text inside, with hidden characters put back."""
        if code := self.attributes.get("data-code"):
            return chr(int(code, 16))
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def all(self, tag: str = "", of_class: str = "") -> list[Element]:
        """The elements inside that have the tag and the class, in order."""
        found = []
        for child in self.children:
            if isinstance(child, Element):
                if (not tag or child.tag == tag) and (not of_class or of_class in child.classes):
                    found.append(child)
                found += child.all(tag, of_class)
        return found

    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        """Tag and names of attributes of each element inside, but for those that text becomes."""
        return [
            (element.tag, tuple(element.attributes))
            for element in self.all()
            if element.tag != "mark" and "control" not in element.classes
        ]


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute of {tag} is there twice"
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.tag, f"</{tag}> ends <{self.open.tag}>"
        assert self.open.parent is not None
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a page holds no comments")


def parse(page: str) -> Element:
    """The tree of a page whose tags must all be closed in order."""
    parser = _Parser()
    parser.feed(page)
    parser.close()
    assert parser.open is parser.root
    return parser.root
