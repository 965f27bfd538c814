"""Small servers on FastAPI, each with a contract that somebody else might have written, and a switch for one deviation."""
