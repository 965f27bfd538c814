"""The commands of the command line, a module each; imported only when called, so that `--help` is quick."""
