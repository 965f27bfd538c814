"""The recipes for nightly runs, carried out step by step with the emulator as target."""
