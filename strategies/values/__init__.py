"""Values: valid and minimal ones, strings, and where lenient parsers read more."""
