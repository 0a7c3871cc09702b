"""Protobuf to the values of the use cases, validated, and back."""
