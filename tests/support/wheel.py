"""Install the built wheel into a clean environment, and ask it one question: `python -m tests.support.wheel dist`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
QUESTION = "散熱的瓶頸在哪裡"


def main(folder: Path) -> None:
    """Fail unless the wheel alone knows its version, adds its samples and answers from them."""
    [wheel] = folder.glob("luopan-*.whl")
    with tempfile.TemporaryDirectory() as home:
        venv.create(home, with_pip=True)
        python = Path(home) / "bin" / "python"
        locked = ["--require-hashes", "-r", str(ROOT / "requirements.txt")]
        subprocess.run([python, "-m", "pip", "install", "-q", *locked], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", str(wheel)], check=True)
        environment = {"PATH": os.environ["PATH"], "HOME": home, "DATABASE_URL": f"sqlite:///{home}/luopan.db"}

        def luopan(*words: str) -> str:
            told = subprocess.run(
                [python.with_name("luopan"), *words],
                env=environment,
                cwd=home,
                check=True,
                capture_output=True,
                text=True,
            )
            return told.stdout

        print(luopan("--version").strip())
        samples = subprocess.run(
            [python, "-c", "from corpus.search.labelled import SAMPLES; print(SAMPLES)"],
            env=environment,
            cwd=home,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        luopan("add", samples)
        answer = json.loads(luopan("ask", "--json", QUESTION))
        assert answer["outcome"] in ("answer", "theme"), answer
        assert answer["hits"], answer
        print(f"{QUESTION} → 〈{answer['hits'][0]['title']}〉")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
