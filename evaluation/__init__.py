"""How well the reader reads: cases with gold annotations, scorers, a comparison of runs and a gate with floors.

In: annotated texts (our own in `items/`, or public originals by path) and readings as `communique read --json --layers`
has them. Out: metrics with what was missed and what was false, case by case. The package never imports this one.
"""
