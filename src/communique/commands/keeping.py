"""Commands by which people have their say in a ledger: judge, redact.

In: verdicts. Out: conclusions that follow them, and what became of them in one line.
Must not know how anything is concluded.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from communique.commands.options import LedgerFile, opened
from communique.commands.printing import counted, say, write
from communique.errors import CommuniqueError

if TYPE_CHECKING:
    from communique.ledger import Ledger
    from communique.ledger.rows import Judgement

AUTHOR = "COMMUNIQUE_AUTHOR"

By = Annotated[str | None, typer.Option("--by", envvar=AUTHOR, metavar="NAME", help="Who says so.")]


def judge(
    record: Annotated[str, typer.Argument(metavar="RECORD", help="Id of a record or document, or its beginning.")],
    verdict: Annotated[str, typer.Argument(metavar="VERDICT", help="right, wrong, unsure; of two: same, different.")],
    other: Annotated[str | None, typer.Argument(metavar="OTHER", help="The other one, for same and different.")] = None,
    by: By = None,
    note: Annotated[str, typer.Option("--note", metavar="WORDS", help="Why.")] = "",
    correct: Annotated[
        tuple[str, str] | None, typer.Option("--correct", metavar="FIELD VALUE", help="With wrong: what is right.")
    ] = None,
    ledger: LedgerFile = None,
) -> None:
    """Say that a record is right or wrong, or two are the same.

    It wins over the machine, is never overwritten, and outlives newer readers.
    """
    from communique.ledger.rows import Judgement

    if not by:
        raise CommuniqueError(f"A judgement needs its author; give --by NAME, or set {AUTHOR}.")
    name, value = correct or (None, None)
    given = Judgement(verdict, record, other, by, "", note, name, value)
    with opened(ledger, writing=True) as known, known.batch():
        kept = known.judge(given)
        _follow_judged(known, kept)
    about = f"{kept.record} and {kept.other}" if kept.other else kept.record
    write(f"{kept.time}  {kept.author}: {about} {kept.verdict}{f' ({name} is {value})' if name else ''}\n")


def _follow_judged(ledger: Ledger, judgement: Judgement) -> None:
    """Bring up to date what is concluded from the records of a judgement."""
    from communique.follow.update import follow

    ids = [id for id in (judgement.record, judgement.other) if id]
    items = {stored.item.key for id in ids for stored in ledger.find(id)}
    items |= {item.key for id in ids for item in ledger.versions(id)}
    for key in sorted(items):
        follow(ledger, key)


def redact(
    document: Annotated[str, typer.Argument(metavar="DOCUMENT", help="The document's id.")],
    reason: Annotated[str, typer.Option("--reason", metavar="WORDS", help="Why it has to go; kept for good.")],
    by: By = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask again.")] = False,
    ledger: LedgerFile = None,
) -> None:
    """Take a document's texts out for good; a tombstone stays.

    With them go all records, links and words that were derived from them; the same text is kept out from then on.
    """
    from communique.follow.update import follow

    if not by:
        raise CommuniqueError(f"A redaction needs its author; give --by NAME, or set {AUTHOR}.")
    with opened(ledger, writing=True) as known:
        versions = known.versions(document)
        if not versions:
            raise CommuniqueError(f"There is no document '{document}' in {os.fspath(known.path)}.")
        if not yes and not _agreed(document, len(versions)):
            raise CommuniqueError("Nothing was taken out; give --yes to do it without being asked.")
        done = known.redact(document, reason, by)
        for key in sorted(_left(known, done)):
            follow(known, key)
    write(f"{document}: {counted(len(done.items), 'text')} and {counted(len(done.records), 'record')} taken out\n")
    if done.same_text:
        say(f"The very same text is still in: {', '.join(done.same_text)}.")


def _agreed(document: str, versions: int) -> bool:
    if not sys.stdin.isatty():
        return False
    return typer.confirm(f"Take out {counted(versions, 'text')} of {document} for good?", err=True)


def _left(ledger: Ledger, done: Any) -> set[int]:
    """The items whose conclusions have to be made anew."""
    items: set[int] = set()
    for cluster in done.clusters:
        if cluster.kind in ("copy", "translation"):
            items |= set(cluster.members)
        else:
            items |= {stored.item.key for stored in ledger.stored(cluster.members)}
    return items - set(done.items)
