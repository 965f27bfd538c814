"""Settings from a file and from the environment: named targets, profiles, history."""
