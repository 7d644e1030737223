"""The world map of the reading room: `python tools/build_map.py countries-110m.json` writes `data/map.json`.

The file is that of the npm package world-atlas (ISC licence, Michael Bostock), made from Natural Earth (public domain):
`npm pack world-atlas`. Areas are projected to Equal Earth and written as paths of whole numbers; borders between areas
are paths of their own, and those that not all states accept are dashed, whoever holds them: DISPUTED says why.
"""

from __future__ import annotations

import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
OUT = ROOT / "src" / "communique" / "data" / "map.json"
WIDTH = 1600
LEFT_OUT = ("010",)
"""Antarctica, which nobody's news is about and which would be a quarter of the map."""
UNNUMBERED = {"N. Cyprus": "NCYP", "Somaliland": "SOMA", "Kosovo": "XKX"}
"""Areas to which the atlas gives no number, by its name; the first two have no code of their own."""
APART = {"RUS": ((32.0, 44.0, 37.0, 46.6), "CRIM")}
"""Parts of an area, by the box they lie in, that the atlas gives to who holds them; here they have nobody's colour."""
EVERYWHERE = (-180.0, -90.0, 180.0, 90.0)
DISPUTED: dict[tuple[str, str], tuple[tuple[float, float, float, float], str]] = {
    ("SRB", "XKX"): (EVERYWHERE, "Kosovo's independence is not recognised by Serbia and many others"),
    ("CYP", "NCYP"): (EVERYWHERE, "the line that divides Cyprus"),
    ("ETH", "SOMA"): (EVERYWHERE, "Somaliland is claimed by Somalia"),
    ("DJI", "SOMA"): (EVERYWHERE, "Somaliland is claimed by Somalia"),
    ("SOM", "SOMA"): (EVERYWHERE, "Somaliland is claimed by Somalia"),
    ("ESH", "MAR"): (EVERYWHERE, "Western Sahara is a non-self-governing territory, claimed by Morocco"),
    ("ESH", "MRT"): (EVERYWHERE, "Western Sahara is a non-self-governing territory"),
    ("DZA", "ESH"): (EVERYWHERE, "Western Sahara is a non-self-governing territory"),
    ("RUS", "UKR"): (EVERYWHERE, "territory of Ukraine is held and claimed by Russia"),
    ("CRIM", "UKR"): (EVERYWHERE, "Crimea is Ukraine's and held and claimed by Russia"),
    ("IND", "PAK"): ((72.0, 32.0, 79.0, 38.0), "Kashmir is claimed by both"),
    ("CHN", "PAK"): (EVERYWHERE, "Kashmir is claimed by India"),
    ("CHN", "IND"): (EVERYWHERE, "parts of the border are claimed by both"),
    ("ISR", "PSE"): (EVERYWHERE, "the line of 1949; the status of the territory is disputed"),
    ("ISR", "SYR"): (EVERYWHERE, "the Golan is claimed by Syria and held by Israel"),
    ("KOR", "PRK"): (EVERYWHERE, "the armistice line of 1953"),
    ("SDN", "SSD"): (EVERYWHERE, "Abyei is claimed by both"),
    ("EGY", "SDN"): (EVERYWHERE, "the Halaib triangle is claimed by both"),
}
"""Pairs of areas (in the order of the alphabet), where between them (west, south, east, north), and why."""
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
"""Equal Earth: Šavrič, Patterson and Jenny, The Equal Earth map projection, 2018."""
Point = tuple[float, float]


def main(arguments: Sequence[str]) -> int:
    """Read the atlas, write the map."""
    if len(arguments) != 1:
        print("Give the file countries-110m.json of the npm package world-atlas.", file=sys.stderr)
        return 2
    atlas = json.loads(Path(arguments[0]).read_text("utf-8"))
    made = built(atlas)
    OUT.write_text(json.dumps(made, separators=(",", ":")) + "\n", "utf-8")
    print(f"{OUT.name}: {len(made['areas'])} areas, {OUT.stat().st_size // 1000} KB")
    return 0


def built(atlas: dict[str, Any]) -> dict[str, Any]:
    """The map out of a TopoJSON object of areas."""
    arcs = list(decoded(atlas))
    shapes = apart(dict(areas(atlas)), arcs)
    drawn = {name: [piece for ring in rings for piece in cut(joined(ring, arcs))] for name, rings in shapes.items()}
    heights = [project(*point)[1] for pieces in drawn.values() for piece in pieces for point in piece]
    top, low, scale = max(heights), min(heights), WIDTH / (2 * project(180, 0)[0])

    def line(points: Sequence[Point], closed: bool = False) -> str:
        placed = [(round(WIDTH / 2 + x * scale), round((top - y) * scale)) for x, y in (project(*p) for p in points)]
        return path(placed, closed)

    plain, dashed = borders(shapes, arcs)
    return {
        "source": "world-atlas 2.0.2 (countries-110m), ISC licence; Natural Earth, public domain",
        "width": WIDTH, "height": round((top - low) * scale),
        "areas": {name: "".join(line(piece, closed=True) for piece in pieces) for name, pieces in drawn.items()},
        "borders": "".join(line(arcs[at]) for at in plain), "disputed": "".join(line(arcs[at]) for at in dashed),
    }  # fmt: skip


def cut(ring: Sequence[Point]) -> Iterator[list[Point]]:
    """A ring, or its parts on either side of the 180th meridian where it crosses it."""
    unrolled = [ring[0]]
    for x, y in ring[1:]:
        unrolled.append((x - 360 * round((x - unrolled[-1][0]) / 360), y))
    for turn in (-360, 0, 360):
        piece = [(x + turn, y) for x, y in unrolled]
        for side in (1, -1):
            piece = kept(piece, side)
        if piece:
            yield piece


def kept(ring: Sequence[Point], side: int) -> list[Point]:
    """The part of a ring up to the 180th meridian, eastwards (1) or westwards (-1)."""
    found: list[Point] = []
    for (x0, y0), (x1, y1) in zip([*ring[-1:], *ring[:-1]], ring, strict=True):
        inside = side * x1 <= 180
        if inside != (side * x0 <= 180):
            found.append((side * 180.0, y0 + (y1 - y0) * (side * 180 - x0) / (x1 - x0)))
        if inside:
            found.append((x1, y1))
    return found


def decoded(atlas: dict[str, Any]) -> Iterator[list[Point]]:
    """The arcs as degrees: TopoJSON writes steps of whole numbers."""
    (dx, dy), (x0, y0) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    for arc in atlas["arcs"]:
        x = y = 0
        points = []
        for step in arc:
            x, y = x + step[0], y + step[1]
            points.append((x * dx + x0, y * dy + y0))
        yield points


def project(longitude: float, latitude: float) -> Point:
    """Degrees to the plane of Equal Earth, northwards up."""
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(t)
    return x / (3 * (9 * A4 * t**8 + 7 * A3 * t**6 + 3 * A2 * t**2 + A1)), A4 * t**9 + A3 * t**7 + A2 * t**3 + A1 * t


def areas(atlas: dict[str, Any]) -> Iterator[tuple[str, list[list[int]]]]:
    """Codes of areas with their rings of arcs; those without a code by the atlas's number."""
    codes = dict(numbered())
    for shape in atlas["objects"]["countries"]["geometries"]:
        number = shape.get("id")
        if number in LEFT_OUT:
            continue
        name = codes.get(number, number) if number else UNNUMBERED[shape["properties"]["name"]]
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        yield name, [ring for polygon in polygons for ring in polygon]


def apart(shapes: dict[str, list[list[int]]], arcs: Sequence[Sequence[Point]]) -> dict[str, list[list[int]]]:
    """The areas, with the rings that APART names as areas of their own."""
    for name, (box, other) in APART.items():
        taken = [ring for ring in shapes.get(name, ()) if all(within(box, *point) for point in joined(ring, arcs))]
        if taken:
            shapes[name] = [ring for ring in shapes[name] if ring not in taken]
            shapes[other] = taken
    return shapes


def within(box: tuple[float, float, float, float], x: float, y: float) -> bool:
    """Whether a place lies in a box of west, south, east and north."""
    west, south, east, north = box
    return west <= x <= east and south <= y <= north


def numbered() -> Iterator[tuple[str, str]]:
    """The codes of states by their number in ISO 3166."""
    for file in sorted((ROOT / "knowledge" / "states").glob("*.yaml")):
        if file.stem != "historical":
            for row in yaml.safe_load(file.read_text("utf-8")):
                if "numeric" in row:
                    yield row["numeric"], row["code"]


def abs_(at: int) -> int:
    """The arc that a number of TopoJSON means; one backwards is its complement."""
    return at if at >= 0 else ~at


def joined(ring: Sequence[int], arcs: Sequence[Sequence[Point]]) -> list[Point]:
    """The points of a ring, arc after arc."""
    points: list[Point] = []
    for at in ring:
        arc = arcs[at] if at >= 0 else arcs[~at][::-1]
        points.extend(arc if not points else arc[1:])
    return points


def borders(shapes: dict[str, list[list[int]]], arcs: Sequence[Sequence[Point]]) -> tuple[list[int], list[int]]:
    """Arcs that two areas share: those that nobody disputes, and the others."""
    holders: defaultdict[int, set[str]] = defaultdict(set)
    for name, rings in shapes.items():
        for ring in rings:
            for at in ring:
                holders[abs_(at)].add(name)
    plain, dashed = [], []
    for at, names in sorted(holders.items()):
        if len(names) == 2:
            (dashed if disputed(sorted(names), arcs[at]) else plain).append(at)
    return plain, dashed


def disputed(names: Sequence[str], arc: Iterable[Point]) -> bool:
    """Whether a border between two areas is one that not all accept."""
    found = DISPUTED.get((names[0], names[1]))
    if found is None:
        return False
    return any(within(found[0], *point) for point in arc)


def path(points: Sequence[tuple[int, int]], closed: bool) -> str:
    """An SVG path in steps, without those that lead nowhere; nothing where a ring is smaller than a dot."""
    (x, y), steps = points[0], []
    start = f"M{x} {y}"
    for next_x, next_y in points[1:]:
        if (next_x, next_y) != (x, y):
            steps.append(f"{next_x - x} {next_y - y}")
            x, y = next_x, next_y
    if not steps or (closed and len(steps) < 3):
        return ""
    return f"{start}l{' '.join(steps).replace(' -', '-')}{'z' if closed else ''}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
