"""Reading on Ray: the same work on many machines, from JSON Lines, Parquet or WARC to Parquet of readings.

In: sources that all machines can reach, a folder for the result. Out: files that `load` puts into ledgers.
The only door to Ray. Must not know the ledger.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from communique.errors import CommuniqueError
from communique.intake.articles import Note
from communique.intake.loading import COLUMNS, row_of
from communique.intake.sources import Part, Settings, items, parts
from communique.intake.work import Bench, Setup, Task

BATCH = 16
BLOCK_BYTES = 256_000
"""Size of the blocks in which items travel: small, so that many actors share even one file."""
ASIDE = 0.1
"""Part of a core that an actor leaves: opening files and writing results need one, or actors would wait for ever."""
KINDS = ("plain", "parquet", "warc", "single", "text")


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where to read: `address` of a Ray cluster (here, if none), and how many actors."""

    address: str | None = None
    workers: int = 1


class Actor:
    """One place of work on the cluster; loads the reader once."""

    def __init__(self, setup: Setup) -> None:
        self._bench = Bench(setup)

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[Any]]:
        """Read a batch of tasks; a row for each."""
        rows = [row_of(self._bench.work(pickle.loads(task))) for task in batch["task"]]
        return {name: [row[name] for row in rows] for name in COLUMNS}


def expanded(row: dict[str, Any], settings: Settings) -> Iterator[dict[str, bytes]]:
    """The tasks of one part, where the cluster has a processor for it."""
    part: Part = pickle.loads(row["part"])
    number = 0
    for item in items(part, settings):
        if not isinstance(item, Note):
            number += 1
            yield {"task": pickle.dumps(Task(number, part.key, number, item))}


def read(sources: list[str], out: Path, setup: Setup, cluster: Cluster) -> int:
    """Read sources into a folder of Parquet files; the number of rows.

    Ray does again what was lost with a worker that died; a file of the result appears when it is whole.
    """
    ray, data = _ray()
    wanted = list(parts(sources))
    for part in wanted:
        if part.kind not in KINDS:
            raise CommuniqueError(f"'{part.key}' cannot be read on Ray; JSON Lines, Parquet, WARC, HTML and texts can.")
    ray.init(address=cluster.address, ignore_reinit_error=True, log_to_driver=False, include_dashboard=False)
    context = data.DataContext.get_current()
    context.target_max_block_size = BLOCK_BYTES
    context.enable_progress_bars = False
    settings = Settings(setup.overrides)
    rows = [{"part": pickle.dumps(part)} for part in wanted]
    tasks = data.from_items(rows, override_num_blocks=len(rows)).flat_map(
        expanded, fn_kwargs={"settings": settings}, num_cpus=ASIDE
    )
    read_ones = tasks.map_batches(
        Actor, fn_constructor_args=(setup,), batch_size=BATCH, concurrency=cluster.workers, num_cpus=1 - ASIDE,
        max_restarts=-1, max_task_retries=-1,
    )  # fmt: skip
    out.mkdir(parents=True, exist_ok=True)
    read_ones.write_parquet(str(out.absolute()), ray_remote_args={"num_cpus": ASIDE})
    return _written(out)


def _written(out: Path) -> int:
    from communique.intake.tables import count

    return sum(count(str(path)) for path in out.glob("*.parquet"))


def _ray() -> tuple[Any, Any]:
    try:
        return import_module("ray"), import_module("ray.data")
    except ImportError as error:
        raise CommuniqueError("--engine ray needs the optional package ray: pip install 'communique[ray]'.") from error
