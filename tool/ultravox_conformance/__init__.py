"""The suite as an installed tool: its packages under one private root, apart from anyone's own `reports`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_PRIVATE = _HERE / "_private"
# An editable installation has no private root: there the packages stand in the checkout.
ROOT = _PRIVATE if _PRIVATE.is_dir() else _HERE.parents[1]


def main() -> int:
    """Run the command line of the suite; return the exit status."""
    if sys.argv[1:2] == ["run"]:  # a shell ignores SIGINT for `command &`, and importing what follows takes a while
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.path.insert(0, str(ROOT))
    # Processes that a command starts have to find the packages too.
    inherited = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), inherited] if inherited else [str(ROOT)])
    from conformance.cli.main import main as command_line

    return command_line()
