"""jieba would keep its dictionary in the folder that all users share, under a name that anybody may guess and fill first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

STUDY = """
from corpus.analysis.newwords import propose
from corpus.essay import Block, BlockKind, Essay

text = "鈣鈦礦電池的矽晶圓良率提高，鈣鈦礦電池的轉換效率超過三成，鈣鈦礦電池的模組開始出貨。" * 4
print(propose(Essay("鈣鈦礦電池", (Block(BlockKind.TEXT, text),)), ()))
"""


def test_the_study_of_an_essay_leaves_no_file_behind(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "TMPDIR": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    studied = subprocess.run(
        [sys.executable, "-c", STUDY], env=environment, capture_output=True, text=True, check=False
    )
    assert "圓良率" in studied.stdout, studied.stderr
    assert list(tmp_path.iterdir()) == []
