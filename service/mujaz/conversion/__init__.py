"""Turns local checkpoints of public model families into model directories."""
