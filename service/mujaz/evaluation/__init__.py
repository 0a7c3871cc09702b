"""Scores models, and the outputs of other systems, on test sets; needs the extra `evaluate`."""
