"""Make talk_model.npy again, of the lines in talk_lines.tsv: `python -m handlers.text.rebuild`."""

from __future__ import annotations

import numpy as np

from handlers.text.talk_model import TABLE, counted, talk_lines

if __name__ == "__main__":
    np.save(TABLE, counted(talk_lines()))
