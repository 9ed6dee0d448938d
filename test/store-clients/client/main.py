"""Uses an unmodified MLflow client as a data scientist would, and writes what it reads back as JSON.

Ids, times and paths are left out, so that two servers that behave alike give the same text.
"""

import json
import sys
import tempfile
from pathlib import Path

import artifacts
import models
import refusals
import tracking


def main(result_file):
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        result = {
            "tracking": tracking.use(),
            "artifacts": artifacts.use(work),
            "models": models.use(work),
            "refusals": refusals.use(work),
            "wrong_token": refusals.wrong_token(),
        }
    Path(result_file).write_text(json.dumps(result, sort_keys=True), encoding="utf-8")


main(sys.argv[1])
