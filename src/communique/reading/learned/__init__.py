"""From the model's logits and links to records: where language is open, the model says; the closed world stays rules.

In: Encoded with the model's windows, Named. Out: statements, events, commitments, names. Must not run the model.
"""
