"""The command line: parser, options, and a module per command."""
