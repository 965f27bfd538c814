"""Values that standard parsers read although no description admits them: a generated table and its use."""
