"""Commands that ask what a ledger concludes: promises, promise, dossier, brief, balance.

In: arguments. Out: tables, JSON or CSV. Must not hold any logic about records.
"""

from __future__ import annotations

from typing import Annotated

import typer

from communique.commands.options import (
    AsJson,
    Asked,
    AsOf,
    LedgerFile,
    OnDay,
    Output,
    as_it_stood,
    day,
    full_day,
    spread,
    wanted,
)
from communique.commands.printing import (
    NOTHING,
    counted,
    one_of,
    print_object,
    print_rows,
    print_table,
    say,
    show,
    styled,
    terminal,
)

PERIODS = ("day", "month", "year")


@spread
def promises(
    asked: Asked,
    output: Output,
    status: Annotated[
        list[str] | None, typer.Option("--status", metavar="STATUS", help="open, due, fulfilled, partly, broken, …")
    ] = None,
    due_since: Annotated[
        str | None, typer.Option("--due-since", metavar="DAY", help="Due on this day or later.")
    ] = None,
    due_before: Annotated[str | None, typer.Option("--due-before", metavar="DAY", help="Due before this day.")] = None,
    on: OnDay = None,
) -> None:
    """What was promised, until when, and how it stands."""
    with output.open_concluded() as ledger:
        from dataclasses import replace

        from communique.ask.promises import COLUMNS, Wanted
        from communique.ask.promises import promises as ask
        from communique.commands import showing

        filter = wanted(asked, replace(output, as_of=None), ("commitment",))
        asking = Wanted(
            filter, full_day(on or output.as_of, "--on"), tuple(status or ()), day(due_since, "--due-since"),
            day(due_before, "--due-before"), asked.origins,
        )  # fmt: skip
        found, more = ask(ledger, asking)
        print_rows(found, COLUMNS, output, showing.promise_row)
        if more:
            say("There may be more; narrow the question, or raise --limit.")


def promise(
    id: Annotated[str, typer.Argument(metavar="PROMISE", help="Id of a promise or commitment, or its beginning.")],
    on: OnDay = None,
    ledger: LedgerFile = None,
    json: AsJson = False,
    as_of: AsOf = None,
) -> None:
    """One promise with its whole history, and who says so."""
    with as_it_stood(ledger, as_of) as known:
        from communique.ask.columns import plain
        from communique.ask.promises import promise as ask
        from communique.commands import showing

        found = ask(known, id, full_day(on or as_of, "--on"))
        if json:
            print_object(plain(found))
            return
        show(terminal(), showing.promise(found))
        print_table(showing.turn(each) for each in found.history)


def dossier(on: OnDay = None, ledger: LedgerFile = None, json: AsJson = False, as_of: AsOf = None) -> None:
    """All that follows from what was published until a day."""
    with as_it_stood(ledger, as_of) as known:
        from communique.ask.dossier import as_object
        from communique.ask.dossier import dossier as ask
        from communique.commands import showing

        found = ask(known, full_day(on or as_of, "--on"))
        if json:
            print_object(as_object(found))
        else:
            show(terminal(), showing.dossier(found))


@spread
def brief(asked: Asked, output: Output, on: OnDay = None) -> None:
    """What is new: promises, contradictions, firsts; of 7 days."""
    with output.open_concluded() as ledger:
        from dataclasses import replace

        from communique.ask.brief import as_object
        from communique.ask.brief import brief as ask
        from communique.ask.days import read_day
        from communique.commands import showing

        until = full_day(on or asked.until or output.as_of, "--on")
        since = read_day(asked.since or "7d", until) or full_day(asked.since, "--since")
        found = ask(ledger, wanted(asked, replace(output, as_of=None), ()), since, until)
        if output.json:
            print_object(as_object(found))
            return
        console = terminal()
        show(console, [styled((f"{found.since} to {found.until}: {counted(found.items, 'item')}", "bold underline"))])
        for label, rows in showing.brief_sections(found):
            if rows:
                show(console, [styled((f"{label} ({len(rows)})", "bold"))])
                print_table(rows)
        if found.contradictions:
            show(console, [styled((f"CONTRADICTIONS ({len(found.contradictions)})", "bold"))])
            show(console, (line for each in found.contradictions for line in showing.dispute(each)))


@spread
def balance(
    one: Annotated[str, typer.Argument(metavar="ACTOR", help="A code or name.")],
    other: Annotated[str, typer.Argument(metavar="ACTOR", help="Another one.")],
    asked: Asked,
    output: Output,
    by: Annotated[str, typer.Option("--by", metavar="PERIOD", help="day, month or year.")] = "month",
) -> None:
    """Cooperation and conflict of two actors by period.

    In stories, not articles, with the sums of their Goldstein scores.
    """
    with output.open() as ledger:
        from dataclasses import replace

        from communique.ask.pairs import COLUMNS, balance_of
        from communique.commands.balancing import table

        one_of(by, PERIODS, "--by")
        found = balance_of(ledger, wanted(replace(asked, between=(one, other)), output, ("event",)), by)
        if output.json or output.csv:
            print_rows(found.rows, COLUMNS, output, lambda row: ())
        elif found.rows:
            show(terminal(), [table(found)])
        else:
            say("Nothing in the ledger fits.")
            raise typer.Exit(NOTHING)
        if found.undated:
            say(f"In no period, since without any day: {counted(found.undated, 'record')}.")
