"""The load script on a small ledger: it finds pages, asks them, and no reader meets an error."""

import sys
from pathlib import Path

import pytest
from web_items import filled

pytest.importorskip("fastapi")
pytest.importorskip("uvicorn")
pytest.importorskip("httpx2")
sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks import web


def test_pages_are_measured_and_readers_meet_no_error(tmp_path: Path) -> None:
    with web.served(filled(tmp_path / "ledger")) as base:
        found = web.measured(base, times=2, users=3, seconds=0.5)
    assert {"today", "pair", "record", "document", "api brief"} <= set(found["pages"])
    assert all("wrong" not in page for name, page in found["pages"].items() if name != "actor")
    assert found["load"]["requests"] >= 3


def test_only_this_machine_is_put_under_load() -> None:
    import asyncio

    with pytest.raises(SystemExit, match="this machine"):
        asyncio.run(web.load("http://192.0.2.1:80", ["/"], 1, 0.1))
