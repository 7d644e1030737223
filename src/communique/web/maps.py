"""The map of an actor's relations: areas with how much is told of them, for a template that draws them as SVG.

In: codes with records. Out: paths. Must not know the ledger, nor colours. `tools/build_map.py` makes the map.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

LEVELS = 4


@dataclass(frozen=True, slots=True)
class Area:
    """One area with relations: `level` from 1 (few records) to LEVELS, `hostile` where most of them are of conflict."""

    code: str
    path: str
    records: int
    conflict: int
    level: int
    hostile: bool


@dataclass(frozen=True, slots=True)
class WorldMap:
    """Areas with relations, the actor's own, all other land, borders, and who is not on the map."""

    areas: tuple[Area, ...]
    own: str
    land: str
    borders: str
    disputed: str
    missing: tuple[str, ...]
    width: int
    height: int


def world_map(code: str, relations: Mapping[str, tuple[int, int]], states: frozenset[str]) -> WorldMap | None:
    """Relations (code → records, and those of conflict) of an actor to states; null where there are none to draw."""
    world = _world()
    paths: dict[str, str] = world["areas"]
    told = {name: both for name, both in relations.items() if name in paths and name != code}
    if not told:
        return None
    largest = max(records for records, _conflict in told.values())
    areas = tuple(
        Area(name, paths[name], records, conflict, level(records, largest), conflict * 2 > records)
        for name, (records, conflict) in sorted(told.items())
    )
    land = "".join(path for name, path in paths.items() if name not in told and name != code)
    missing = tuple(sorted(name for name in relations if name in states and name not in paths))
    return WorldMap(
        areas, paths.get(code, ""), land, world["borders"], world["disputed"], missing, world["width"], world["height"]
    )


def level(records: int, largest: int) -> int:
    """How strong a relation is beside the strongest, by orders of magnitude.

    >>> level(1, 1), level(1, 1000), level(100, 1000), level(1000, 1000)
    (4, 1, 3, 4)
    """
    share = math.log1p(records) / math.log1p(largest)
    return max(1, min(LEVELS, math.ceil(share * LEVELS)))


@lru_cache(maxsize=1)
def _world() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((files("communique") / "data" / "map.json").read_text("utf-8"))
    return found
