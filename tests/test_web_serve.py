"""The command that opens the room: where it listens, what it allows there, and what it says when it cannot."""

import re
from pathlib import Path
from typing import Any

import pytest
from web_items import filled

pytest.importorskip("fastapi")
from typer.testing import CliRunner

from communique import cli
from communique.ledger import Ledger
from communique.web import settings as web_settings

uvicorn = pytest.importorskip("uvicorn")
TOKEN = "COMMUNIQUE_TOKEN"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return filled(tmp_path / "ledger")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, dict[str, Any]]]:
    """What would have been served."""
    import communique.web.app as app

    found: list[tuple[Any, dict[str, Any]]] = []
    monkeypatch.setattr(app, "application", lambda settings: settings)
    monkeypatch.setattr(uvicorn, "run", lambda chosen, **how: found.append((chosen, how)))
    monkeypatch.delenv(TOKEN, raising=False)
    return found


def run(*arguments: str) -> Any:
    return CliRunner().invoke(cli.app, ["serve", *arguments])


def test_it_listens_at_this_machine(ledger: Path, opened: list[Any]) -> None:
    assert run(str(ledger)).exit_code == 0
    ((chosen, how),) = opened
    assert (how["host"], how["port"], how["access_log"]) == ("127.0.0.1", 8600, False)
    assert (chosen.hosts, chosen.writing, chosen.full_text, chosen.token) == (web_settings.LOOPBACK, True, True, None)
    assert (chosen.limits.body, chosen.limits.seconds, chosen.limits.rate) == (2_000_000, 30.0, 500.0)


def test_beyond_this_machine_it_only_shows(ledger: Path, opened: list[Any]) -> None:
    run(str(ledger), "--host", "0.0.0.0", "--name", "room.example.org")
    chosen, how = opened[0]
    assert (how["host"], chosen.writing, chosen.full_text, chosen.limits.rate) == ("0.0.0.0", False, False, 10.0)
    assert chosen.hosts == (*web_settings.LOOPBACK, "room.example.org", "0.0.0.0")
    run(str(ledger), "--host", "0.0.0.0", "--full-text")
    assert (opened[1][0].full_text, opened[1][0].writing) == (True, False)


def test_a_room_for_reading(ledger: Path, opened: list[Any]) -> None:
    run(str(ledger), "--reading-only")
    assert opened[0][0].writing is False


def test_the_token_comes_from_the_environment_and_is_not_said(
    ledger: Path, opened: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN, "short")
    said = run(str(ledger))
    assert ("fewer than 16 letters" in str(said.exception), opened) == (True, [])
    monkeypatch.setenv(TOKEN, "long-enough-to-be-one")
    said = run(str(ledger))
    assert (opened[0][0].token, "long-enough" in said.output) == ("long-enough-to-be-one", False)


def test_what_is_no_ledger_is_told_so(tmp_path: Path, opened: list[Any]) -> None:
    assert re.search("There is no ledger", str(run(str(tmp_path / "none")).exception))
    assert opened == []


def test_what_was_taken_out_stays_out(ledger: Path) -> None:
    from starlette.testclient import TestClient

    from communique.web.app import application

    text = "Estonia and Chile signed an agreement on Monday."
    given = {"text": text, "id": "gone", "published": "2021-05-02"}
    token = {"authorization": "Bearer long-enough-to-be-one"}
    guard = application(web_settings.Settings(ledger, token="long-enough-to-be-one"))
    with TestClient(guard, "http://localhost") as client:
        assert client.post("/api/v1/documents", json=given, headers=token).json()["outcome"] == "new"
        with Ledger(ledger) as known:
            known.redact("gone", "asked for", "Mira")
        assert "signed an agreement" not in client.get("/documents/gone").text
        assert client.post("/api/v1/documents", json=given, headers=token).json()["outcome"] == "redacted"
