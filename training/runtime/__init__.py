"""Running a trained reader outside the package, until a model is good enough to ship: logits → spans → records.

Not imported by `communique`. When the model wins on the gate, `models.py` moves to `src/communique/` and the rest to
`src/communique/reading/learned/`.
"""
