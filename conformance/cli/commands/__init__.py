"""The commands of the command line, a module each; imported only when called, so that `--help` is quick.

The `main` of each returns the exit status and raises CommandError where an option or a file is invalid.
"""
