"""Whether a value, its change and the value before fit together, as far as rounding lets one tell.

In: three numbers and where they are written. Out: one sentence of doubt, or nothing. Must not know what they mean.
"""

from __future__ import annotations

import re

from communique.records import Change, Span

SLACK = 1.02


def doubt(
    text: str, value: float, span: Span, earlier: float, earlier_span: Span | None, change: Change, change_span: Span
) -> str | None:
    """A sentence that says what does not fit, or None.

    The numbers may each be off by half of their last digit written.
    """
    if earlier == 0 or value < 0 or earlier < 0:
        return None
    off_value = half_step(text, span, value)
    off_earlier = half_step(text, earlier_span, earlier) if earlier_span else 0.0
    if change.percent is not None:
        low = ((value - off_value) / (earlier + off_earlier) - 1) * 100
        high = ((value + off_value) / max(earlier - off_earlier, 1e-9) - 1) * 100
        slack = half_step(text, change_span, abs(change.percent)) * SLACK
        if low - slack <= change.percent <= high + slack:
            return None
        real = (value / earlier - 1) * 100
        return f"From {_plain(earlier)} to {_plain(value)} is a change of {real:+.1f} %, not of {change.percent:+g} %."
    return None


def _plain(value: float) -> str:
    """A number for people: 7,000,000,000 and 4.5.

    >>> _plain(7e9), _plain(4.5)
    ('7,000,000,000', '4.5')
    """
    return f"{value:,.0f}" if value == int(value) else f"{value:,g}"


def half_step(text: str, span: Span, value: float) -> float:
    """Half of the last written digit of a number, in the number's own size: .05 million for '1.2 million'."""
    digits = re.search(r"\d[\d.,'’\u00a0\u202f]*", text[span[0] : span[1]])
    if digits is None or not value:
        return 0.5 * float(10 ** max(len(f"{value:.0f}") - 2, 0))
    shown = digits.group().rstrip(".,'’\u00a0\u202f")
    significant = re.sub(r"\D", "", shown).lstrip("0")
    size = len(f"{abs(value):.0f}") if abs(value) >= 1 else 0
    step: float = 10.0 ** (size - len(significant)) if significant else 1.0
    return 0.5 * step
