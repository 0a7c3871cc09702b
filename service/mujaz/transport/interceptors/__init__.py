"""What happens around every call: one class of one shape per concern, chained by `wrap.py`."""
