"""Reading on Ray: the same records as here, also when a worker is killed in the middle. All items are invented."""

import os
import signal
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from intake_cases import Silent, StubReader, content, write_items
from test_intake_run import job, run

from communique.intake.loading import load
from communique.intake.work import Setup
from communique.ledger import Ledger
from communique.records import Document, Problem, Reading

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.slow]
ray = pytest.importorskip("ray")
pytest.importorskip("pyarrow")


class KilledOnce(StubReader):
    """A reader whose process ends at one item, the first time that it comes."""

    def __init__(self, mark: Path) -> None:
        super().__init__()
        self._mark = mark

    def read(self, document: Document, problems: Sequence[Problem] = ()) -> Reading:
        if document.id == "item-60" and not self._mark.exists():
            self._mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(document, problems)


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parent.parent)]))
    yield
    ray.shutdown()


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize("kill", [False, True])
def test_the_same_ledger_as_here(tmp_path: Path, kill: bool) -> None:
    from communique.intake.cluster import Cluster, read

    write_items(tmp_path / "a.jsonl", 120)
    reader = partial(KilledOnce, tmp_path / "mark") if kill else StubReader
    number = read([str(tmp_path / "a.jsonl")], tmp_path / "out", Setup(reader), Cluster(None, 2))
    assert (number, (tmp_path / "mark").exists()) == (120, kill)
    with Ledger(tmp_path / "l") as ledger:
        assert load([str(tmp_path / "out")], Silent(), ledger=ledger).outcomes["new"] == 120
    run(tmp_path / "here", job(tmp_path / "a.jsonl"))
    assert content(tmp_path / "l") == content(tmp_path / "here")
