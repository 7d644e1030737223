"""The network of actors as GraphML, which Gephi, igraph and networkx read: who deals with whom, and how.

In: events with their story. Out: a file. Held in memory: one small sum for each pair of actors. Must not know SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from communique.ask.balance import QUADS
from communique.ask.export_dyads import Counting, pair_stories, state_codes
from communique.ask.export_table import replacing
from communique.knowledge import Knowledge
from communique.ledger.rows import Stored

_NODE_KEYS = (("name", "string"), ("kind", "string"), ("cow", "int"), ("gw", "int"))
_EDGE_KEYS = (*((quad.replace(" ", "_"), "int") for quad in QUADS), ("weight", "int"), ("goldstein", "double"))


@dataclass(slots=True)
class Edge:
    """What one actor does to another: stories by kind, and the sum of their mean Goldstein scores."""

    stories: dict[str, int] = field(default_factory=lambda: dict.fromkeys(QUADS, 0))
    goldstein: float = 0.0


def edges(
    events: Iterable[tuple[Stored, str | None]], *, attributed: bool = False, modality: Sequence[str] = ("actual",)
) -> dict[tuple[str, str], Edge]:
    """Stories from each actor to each other by code; what both do counts in both directions."""
    found: dict[tuple[str, str], Edge] = {}
    for one, other, story in pair_stories(events, Counting(True, attributed, False, modality)):
        edge = found.setdefault((one, other), Edge())
        edge.stories[story.quad] += 1
        edge.goldstein += story.goldstein / story.records
    return dict(sorted(found.items()))


def write_graphml(found: dict[tuple[str, str], Edge], path: Path, knowledge: Knowledge) -> int:
    """Write the network and give back the number of edges."""
    with replacing(path) as beside, beside.open("w", encoding="utf-8", newline="\n") as file:
        for line in graphml(found, knowledge):
            file.write(line + "\n")
    return len(found)


def graphml(found: dict[tuple[str, str], Edge], knowledge: Knowledge) -> Iterator[str]:
    """The lines of a GraphML document: actors with name and codes, edges with the stories of each kind."""
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    for target, keys in (("node", _NODE_KEYS), ("edge", _EDGE_KEYS)):
        for name, kind in keys:
            yield f'  <key id="{name}" for="{target}" attr.name="{name}" attr.type="{kind}"/>'
    yield '  <graph id="actors" edgedefault="directed">'
    for code in sorted({code for pair in found for code in pair}):
        yield from _node(code, knowledge)
    for (one, other), edge in found.items():
        yield from _edge(one, other, edge)
    yield "  </graph>"
    yield "</graphml>"


def _node(code: str, knowledge: Knowledge) -> Iterator[str]:
    state, numbers = knowledge.state(code), state_codes(code, knowledge)
    row = state or knowledge.row(f"igo/{code}")
    values: list[tuple[str, object]] = [
        ("name", row.name("en") if row else code), ("kind", row.kind if row else None),
        ("cow", numbers.cow if numbers else None), ("gw", numbers.gw if numbers else None),
    ]  # fmt: skip
    yield f"    <node id={quoteattr(code)}>{_data(values)}</node>"


def _edge(one: str, other: str, edge: Edge) -> Iterator[str]:
    values: list[tuple[str, object]] = [(quad.replace(" ", "_"), edge.stories[quad]) for quad in QUADS]
    values += [("weight", sum(edge.stories.values())), ("goldstein", round(edge.goldstein, 4))]
    yield f"    <edge source={quoteattr(one)} target={quoteattr(other)}>{_data(values)}</edge>"


def _data(values: Iterable[tuple[str, object]]) -> str:
    return "".join(f'<data key="{name}">{escape(str(v))}</data>' for name, v in values if v is not None)
