"""The map: its data, what is drawn of relations, and the page that shows it."""

import importlib.util
import json
import re
from importlib.resources import files
from pathlib import Path
from types import ModuleType

import pytest
from web_items import filled

pytest.importorskip("fastapi")
from starlette.testclient import TestClient

from communique.web.app import inner
from communique.web.maps import world_map
from communique.web.settings import Settings

STATES = frozenset({"FRA", "DEU", "MLT"})
STEPS = re.compile(r"(?:M\d+ \d+l(?:-?\d+[ -]?)+z?)*")


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_map", Path(__file__).parent.parent / "tools" / "build_map.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_map_that_is_shipped() -> None:
    world = json.loads((files("communique") / "data" / "map.json").read_text("utf-8"))
    assert {"FRA", "KAZ", "CHN", "XKX", "PSE", "ESH", "CRIM"} <= set(world["areas"])
    assert len(world["areas"]) > 170
    for path in (*world["areas"].values(), world["borders"], world["disputed"]):
        assert STEPS.fullmatch(path)
    assert "public domain" in world["source"]


def test_an_atlas_is_built(builder: ModuleType) -> None:
    square = [[0, 0], [10, 0], [0, 10], [-10, 0], [0, -10]]
    west, east = [[10, 10], [-10, 0], [0, -10], [10, 0]], [[10, 0], [10, 0], [0, 10], [-10, 0]]
    atlas = {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [[[10, 0], [0, 10]], west, east, square],
        "objects": {"countries": {"geometries": [
            {"type": "Polygon", "id": "643", "arcs": [[0, 1]], "properties": {"name": "Russia"}},
            {"type": "Polygon", "id": "804", "arcs": [[2, -1]], "properties": {"name": "Ukraine"}},
            {"type": "Polygon", "id": "010", "arcs": [[3]], "properties": {"name": "Antarctica"}},
        ]}},
    }  # fmt: skip
    made = builder.built(atlas)
    assert set(made["areas"]) == {"RUS", "UKR"}
    assert made["borders"] == ""
    assert made["disputed"].startswith("M")
    assert builder.project(0, 0) == (0, 0)
    assert builder.project(180, 0)[0] == pytest.approx(2.7066, abs=1e-3)


def test_a_ring_is_cut_at_the_180th_meridian(builder: ModuleType) -> None:
    ring = [(170.0, 0.0), (-170.0, 0.0), (-170.0, 10.0), (170.0, 10.0), (170.0, 0.0)]
    west, east = sorted(builder.cut(ring))
    assert {x for x, _y in west} == {-180.0, -170.0}
    assert {x for x, _y in east} == {170.0, 180.0}
    assert len(list(builder.cut([(0.0, 0.0), (5.0, 0.0), (5.0, 5.0), (0.0, 0.0)]))) == 1


def test_relations_on_the_map() -> None:
    drawn = world_map("FRA", {"DEU": (100, 10), "KAZ": (1, 1), "MLT": (3, 0), "EU": (9, 0)}, STATES)
    assert drawn is not None
    assert [(one.code, one.level, one.hostile) for one in drawn.areas] == [("DEU", 4, False), ("KAZ", 1, True)]
    assert drawn.missing == ("MLT",)
    assert drawn.own
    assert world_map("FRA", {"EU": (9, 0)}, STATES) is None


def test_the_page_shows_it(tmp_path: Path) -> None:
    with TestClient(inner(Settings(filled(tmp_path / "ledger"))), base_url="http://127.0.0.1") as client:
        pairs = re.findall(r"/actors/([A-Z]{3})\b", client.get("/search?kind=event").text)
        pages = [client.get(f"/actors/{code}").text for code in dict.fromkeys(pairs)]
        (shown, *_) = [text for text in pages if 'class="plot map"' in text]
        assert "style=" not in shown
        assert "Dashed borders are disputed" in shown
        assert len(shown) < 300_000
        assert client.get(f"/actors/{pairs[0]}?format=csv").text.splitlines()[0] == "actor,cooperation,conflict"
