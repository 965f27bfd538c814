"""`python -m conformance`."""

import signal
import sys

if __name__ == "__main__":
    if sys.argv[1:2] == ["run"]:  # a shell ignores SIGINT for `command &`, and importing what follows takes a while
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from conformance.cli.main import main

    sys.exit(main())
