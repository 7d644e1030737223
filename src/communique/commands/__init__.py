"""The commands of a ledger, one module per sort. Thin: they parse arguments, ask and print.

In: arguments. Out: tables, JSON or CSV on standard output, and exit codes. Must not hold any logic about records.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from communique.commands import concluding, exporting, keeping, questions, serving, taking

COMMANDS: Mapping[str, Callable[..., None]] = {
    "ingest": taking.ingest,
    "watch": taking.watch,
    "load": taking.load,
    "events": questions.events,
    "statements": questions.statements,
    "promises": concluding.promises,
    "promise": concluding.promise,
    "figures": questions.figures,
    "timeline": questions.timeline,
    "person": questions.person,
    "story": questions.story,
    "why": questions.why,
    "balance": concluding.balance,
    "brief": concluding.brief,
    "dossier": concluding.dossier,
    "judge": keeping.judge,
    "redact": keeping.redact,
    "export": exporting.export,
    "stats": questions.stats,
    "serve": serving.serve,
    "doctor": taking.doctor,
}
"""Every command of a ledger by its name, in the order of the help."""
