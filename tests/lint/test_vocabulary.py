"""The words that the glossary replaces are found where people read them, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from lint.vocabulary import hits, main, page_hits, replaced_words

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("answer = 1", ["answer"]),
        ("tellsAll = readAnswer()", ["tells", "answer"]),
        ('"""The answer."""', ["answer"]),
        ('def f():\n    """Return it at hand."""', ["at hand"]),
        ('def f():\n    """What it is."""', ["What"]),
        ('def f():\n    """Whether it is."""', ["Whether"]),
        ('add(help="tells all")', ["tells"]),
        ('add(help=f"tells {x}")', ["tells"]),
        ("print('the answer')", ["answer"]),
        ("kinds = ['answer', 'tells']", []),
        ("x = f'{y} is told'", ["told"]),
        ('"""The `answer` of “the answer”."""', []),
        ('"""It answers_nothing."""', ["answers"]),
        ("# the answer\nx = 1", ["answer"]),
        ("x = 1  # `answer` of “an answer”", []),
        ("layer = laying", []),
    ],
)
def test_hits(source: str, words: list[str]) -> None:
    assert sorted(hit.word for hit in hits(source)) == sorted(words)


def test_messages_of_tests_are_left_alone_and_their_names_are_not() -> None:
    assert [hit.word for hit in hits("culprit = 'the answer'", messages=False)] == ["culprit"]


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("# A page\n\nThe answer\nis told.\n", [(3, "answer"), (4, "told")]),
        ("Of `answer` and “answer”.\n", []),
        ("```sh\nanswer\n```\n\nIt tells\n", [(5, "tells")]),
        ("It is\n\n    answer --told\n\nan answer\n", [(5, "answer")]),
        ("Written by `python -m benchmarks`.\n\n| answer | 1 |\n", []),
    ],
)
def test_pages_that_people_wrote_are_read_without_their_code(page: str, found: list[tuple[int, str]]) -> None:
    assert [(hit.line, hit.word) for hit in page_hits(page)] == found


def test_a_hit_names_its_line_and_what_to_use_instead() -> None:
    assert str(hits("x = 1\nculprit = 2\n")[0]) == "2: 'culprit' in the identifier culprit: use 'offending field'"


def test_every_replacement_stands_in_the_glossary() -> None:
    glossary = GLOSSARY.read_text(encoding="utf-8")
    # Four letters are the stem: the glossary has `respond` where the table has `responded`.
    assert not {instead for instead in replaced_words().values() if instead.split()[-1][:4] not in glossary}


def test_the_command_reads_the_files_that_git_tracks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint"]) == 0
    assert capsys.readouterr().out == "ok\n"
