"""What standard parsers read, by the generated table."""
