"""Fair shares on several levels: priorities, the callers of each, the requests of each caller.

Self-clocked fair queueing (Golestani 1994) at every level. A flow that has something waiting has
a tag, the virtual time at which it may be served; the sibling with the lowest tag goes first, and
each token served moves its tag on by its cost. A flow that was idle starts at the clock of its
parent, so nobody saves up a claim, and nobody who just came waits for what others queued before.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Flow(Generic[Item]):
    """One party among its siblings: the root, or a child of `parent`. Not safe between threads.

    Only flows without children hold items. A token costs `cost` of virtual time: of two siblings
    that both wait, one with eight times the cost of the other gets one token in nine.
    """

    __slots__ = ("__weakref__", "_children", "_clock", "_cost", "_items", "_parent", "tag")

    def __init__(self, parent: Flow[Item] | None = None, *, cost: float = 1.0) -> None:
        self._parent = parent
        self._cost = cost
        self._clock = 0.0  # virtual time among the children
        self._children: dict[Flow[Item], None] = {}  # those with something waiting
        self._items: dict[Item, None] = {}
        self.tag = 0.0

    def first(self) -> Item | None:
        """What goes next: of the children with the lowest tag, down to the oldest item."""
        flow = self
        while flow._children:
            flow = min(flow._children, key=attrgetter("tag"))
        return next(iter(flow._items), None)

    def add(self, item: Item) -> None:
        """Let an item wait behind those of this flow."""
        self._items[item] = None
        self._wake()

    def put_back(self, item: Item, token_count: int) -> None:
        """Let an item that was served wait again, before those of this flow, and uncharge it."""
        self.charge(-token_count)
        self._items = {item: None, **self._items}
        self._wake()

    def remove(self, item: Item) -> None:
        """Take an item out; no charge."""
        del self._items[item]
        flow: Flow[Item] = self
        while flow._parent is not None and not flow._items and not flow._children:
            del flow._parent._children[flow]
            flow = flow._parent

    def serve(self, token_count: int) -> None:
        """Charge for what goes next, and move the clocks on to its finish.

        With its start instead, a steady flow of new requests of one sentence would stop the clocks,
        and all second sentences with them.
        """
        self.charge(token_count)
        flow: Flow[Item] = self
        while flow._parent is not None:
            flow._parent._clock = max(flow._parent._clock, flow.tag)
            flow = flow._parent

    def charge(self, token_count: int) -> None:
        """Charge for what is served out of turn, because it fits a batch."""
        flow: Flow[Item] = self
        while flow._parent is not None:
            flow.tag += token_count * flow._cost
            flow = flow._parent

    def _wake(self) -> None:
        flow: Flow[Item] = self
        while flow._parent is not None and flow not in flow._parent._children:
            flow.tag = max(flow.tag, flow._parent._clock)
            flow._parent._children[flow] = None
            flow = flow._parent
