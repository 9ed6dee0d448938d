"""Problems that can be named, and words for them."""

import json
import sys


class Problem(Exception):
    """Ends the scoring. The code tells `mlops` whose fault it is: FEATURES_… is the table's, every other the model's."""

    def __init__(self, code, message, hint=None):
        super().__init__(message)
        self.code = code
        self.hint = hint


def need(module, package=None):
    """Imports a module of the user's environment."""
    try:
        return __import__(module, fromlist=["_"])
    except ImportError as error:
        hint = f"{sys.executable} -m pip install {package or module.split('.')[0]} (or name another Python with --python)"
        raise Problem("PACKAGE_MISSING", f"{sys.executable} cannot import {module}: {error}", hint) from error


def quoted(names, most=20):
    shown = ", ".join(json.dumps(str(name), ensure_ascii=False) for name in list(names)[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
