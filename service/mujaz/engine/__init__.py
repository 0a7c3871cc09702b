"""Everything that touches CTranslate2 and SentencePiece, and the scheduler."""
