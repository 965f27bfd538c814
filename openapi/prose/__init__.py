"""Rules from prose: the habitual sentences of descriptions, read as schema keywords for a person to check."""
