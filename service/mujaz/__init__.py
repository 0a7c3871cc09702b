"""Arabic articles into English translations and short bilingual briefs, over gRPC."""

__version__ = "0.1.0"
