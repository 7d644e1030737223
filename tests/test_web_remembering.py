"""Answers that are given again: as long as nobody writes, to each visitor with a signature of their own."""

import re
import time
from pathlib import Path
from typing import Any

import pytest
from web_items import filled

pytest.importorskip("fastapi")
from starlette.testclient import TestClient

from communique.errors import LedgerError
from communique.ledger import Ledger
from communique.ledger.rows import Judgement
from communique.web.app import inner
from communique.web.remembering import Answer, Answers
from communique.web.settings import Limits, Settings

BASE = "http://127.0.0.1"


def answer(body: bytes, state: int = 1) -> Answer:
    return Answer((0, state), 200, (), body)


def test_the_oldest_answers_are_forgotten() -> None:
    kept = Answers(largest=10)
    for name in "abc":
        kept.keep((name,), answer(b"12345"))
        kept.get(("a",), (0, 1))
    assert [name for name in "abc" if kept.get((name,), (0, 1))] == ["a", "c"]
    kept.keep(("a",), answer(b"1"))
    kept.keep(("d",), answer(b"1234"))
    assert [name for name in "acd" if kept.get((name,), (0, 1))] == ["a", "c", "d"]
    assert kept.get(("a",), (0, 2)) is None


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Each time that the page of today is made."""
    import communique.web.pages.today as today

    found: list[object] = []
    brief = today.brief

    def counted(*asked: Any) -> Any:
        found.append(asked)
        return brief(*asked)

    monkeypatch.setattr(today, "brief", counted)
    return found


def test_an_answer_is_made_once_until_somebody_writes(tmp_path: Path, made: list[object]) -> None:
    path = filled(tmp_path / "ledger")
    with TestClient(inner(Settings(path)), base_url=BASE) as client:
        first, again = client.get("/"), client.get("/")
        assert (first.text, len(made)) == (again.text, 1)
        client.get("/", headers={"accept-language": "de"})
        assert len(made) == 2
        with Ledger(path) as ledger:
            record = next(iter(ledger.records()))
            ledger.judge(Judgement("right", record.record.id, None, "Mira", ""))
        client.get("/")
        assert len(made) == 3


def test_each_visitor_has_a_signature_of_their_own(tmp_path: Path) -> None:
    app = inner(Settings(filled(tmp_path / "ledger")))
    with TestClient(app, base_url=BASE) as one, TestClient(app, base_url=BASE) as other:
        record = re.search(r'href="(/records/[^"#]+)', one.get("/search").text)
        assert record is not None
        found = [re.search(r'name="signature" value="(\w+)"', who.get(record[1]).text) for who in (one, one, other)]
        mine, again, theirs = (each[1] if each else "" for each in found)
        assert mine == again != theirs
        assert len(theirs) == len(mine) == 64
        assert app.state.room.blank not in (mine, theirs)


def test_a_question_that_takes_too_long_is_cut_off(tmp_path: Path) -> None:
    path = filled(tmp_path / "ledger")
    with TestClient(inner(Settings(path, limits=Limits(asking=0.0))), base_url=BASE) as client:
        answered = client.get("/api/v1/records")
        assert answered.status_code == 503
        assert answered.json()["detail"].startswith("This question takes too long; narrow it down")
        assert client.get("/promises").status_code == 503
    with Ledger(path, readonly=True) as ledger:
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        begun = time.monotonic()
        with pytest.raises(LedgerError, match="too long"), ledger.limited(0.05):
            ledger._connection.value(endless)
        assert time.monotonic() - begun < 30
        assert ledger.counts()["item"]
