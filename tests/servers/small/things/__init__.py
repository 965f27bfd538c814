"""Things: a contract, and a server that somebody else might have written."""
