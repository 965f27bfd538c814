"""The emulator as a test server: it records requests, explains refusals, and responds as scripted.

`server` is the application, `control` its endpoints for tests. `script` holds the scripted responses, `verdicts` names the
rules that a request violates, and `journal` keeps what arrived.
"""

from emulator.testing.server import RecordingServer, recording_server

__all__ = ["RecordingServer", "recording_server"]
