"""A mutant that a test notices is killed, one that none notices survives, and the project itself stays as it is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mutation.areas import ROOT

SOURCE = """def shown(number: int) -> str:
    return "many" if number > 3 else str(number)
"""
TESTS = """from module import shown

def test_few():
    assert shown(1) == "1"

def test_many():
    assert shown(9) == "many"
"""
TRY = """
import json, os, pathlib, sys
from mutation.mutants import mutants_of
from mutation.trial import copied, passes, preload, trials

root = pathlib.Path(sys.argv[1])
mutants = mutants_of(root, "module.py")
preload()
copies = [copied(root, root.parent / "copies" / str(index)) for index in range(2)]
assert passes(copies[0], ["test_module.py"])
found = [*trials(mutants, lambda _module: ["test_module.py"], root, copies, 60)]
assert len(found) == len(mutants)
stopped = trials(mutants, lambda _module: ["test_module.py"], root, copies, 60)
next(stopped)
stopped.close()
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    pass
else:
    raise AssertionError("a trial goes on")
print()
print(json.dumps([[trial.mutant.after, trial.killed] for trial in found]))
"""


@pytest.mark.slow
def test_a_boundary_that_no_test_is_at_survives_and_all_else_is_killed(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "module.py").write_text(SOURCE)
    (project / "test_module.py").write_text(TESTS)
    (project / "conftest.py").write_text("import sys, pathlib\nsys.path.insert(0, str(pathlib.Path(__file__).parent))\n")
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    ended = subprocess.run([sys.executable, "-c", TRY, str(project)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    found = dict(json.loads(ended.stdout.splitlines()[-1]))
    survived = {after for after, killed in found.items() if not killed}
    assert 'return "many" if number >= 3 else str(number)' in survived
    assert {'return "many" if number < 3 else str(number)', "return None"} <= found.keys() - survived
    assert (project / "module.py").read_text() == SOURCE
