"""`python -m conformance`."""

import sys

from conformance.cli.parser import main

if __name__ == "__main__":
    sys.exit(main())
