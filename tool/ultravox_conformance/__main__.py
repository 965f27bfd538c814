"""`python -m ultravox_conformance`."""

import sys

from ultravox_conformance import main

if __name__ == "__main__":
    sys.exit(main())
