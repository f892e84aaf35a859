"""Where things are, relative to this file."""

from pathlib import Path

HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "data"
MODEL = HERE.parents[2] / "packages" / "octo-tiny" / "model"
"""Folder of the exported model."""
TOKENIZER = DATA / "tokenizer"
"""Folder of tokenizer.json and tokenizer_config.json."""
TOKENS = DATA / "tokens"
"""Folder of encoded documents."""
RUN = DATA / "run"
"""Folder of checkpoints."""
LOG = DATA / "train.log"
