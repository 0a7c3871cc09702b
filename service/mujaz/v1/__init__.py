"""Code generated from proto/mujaz/v1 by scripts/generate; never edited by hand."""
