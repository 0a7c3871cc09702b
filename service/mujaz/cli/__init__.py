"""The mujaz command."""
