"""Reference servers on real frameworks, which share no code with the emulator or with what generates cases."""
