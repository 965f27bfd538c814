"""The completion of the installed tool, as the shells themselves carry it out."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.conformance.conftest import Command

_COMPLETE = """
source {script}
COMP_WORDS=({words}) COMP_CWORD={last}
$(complete -p ultravox-conformance | sed 's/.*-F \\([^ ]*\\).*/\\1/')
echo "${{COMPREPLY[@]}}"
"""


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("ultravox-conformance emu", "emulate"),
        ("ultravox-conformance run --max-c", "--max-created"),
        ("ultravox-conformance run --profile sm", "smoke"),
        ("ultravox-conformance run --out ni", "nights"),
        ("ultravox-conformance replay ni", "nights"),
    ],
)
def test_bash_completes(words: str, completed: str, command: Command, tmp_path: Path) -> None:
    (tmp_path / "nights").mkdir()
    script = tmp_path / "completion"
    script.write_text(command("completion", "bash").stdout)
    text = _COMPLETE.format(script=script, words=words, last=len(words.split()) - 1)
    ended = subprocess.run(["bash", "-c", text], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert completed in ended.stdout.split()


@pytest.mark.parametrize("shell", ["zsh", "tcsh"])
def test_other_shells_know_the_profiles(shell: str, command: Command) -> None:
    script = command("completion", shell)
    assert script.exit == 0
    assert "smoke" in script.stdout
