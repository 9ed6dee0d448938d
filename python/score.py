"""Scores a table with a model inside the user's own Python. Started by `mlops evaluate`; needs Python 3.9, pyarrow, pandas.

Reads a request (JSON file, the only argument), a model, and a table that comes as an Arrow IPC stream on file descriptor 3; writes
the scores (Arrow IPC file) and a report (JSON file), batch by batch. What the model prints goes to stderr. A problem that can be
named is written to the report, exit 3.
"""

import gc
import json
import os
import sys
import traceback

# Also where Python ignores its environment: nothing is written beside the program.
sys.dont_write_bytecode = True

from score_features import Features
from score_labels import LabelOutput
from score_load import load_model
from score_output import Output
from score_problem import Problem, need

table_descriptor = 3
packages = ("numpy", "pandas", "pyarrow", "sklearn", "sksurv", "skops", "xgboost", "lightgbm", "mlflow", "onnxruntime", "torch", "tensorflow", "keras")


def find_modules_of_the_user():
    """A model may need a module called score; ours are loaded and need no path, those beside the job do."""
    own = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [place for place in sys.path if os.path.abspath(place or ".") != own]
    if os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())


def leave_no_core():
    """A model that crashes would leave the rows of the table in the job's folder, which is where artifacts are taken from."""
    try:
        import resource
    except ImportError:
        return  # Windows has none.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def predicted(model, rows, features):
    """What the model makes of a batch. What it raises is named with what it was given; the whole of it stands in its stderr."""
    try:
        return model.predict(rows)
    except (Problem, MemoryError):
        raise
    except Exception as error:
        traceback.print_exc()
        reason = f"{type(error).__name__}: {error}".rstrip(": ").split("\n")[0]
        raise Problem("PREDICT", f"{model.call} raised {reason}", f"it was given {features.given()}") from error


def score(request):
    pyarrow = need("pyarrow")
    need("pandas")
    model = load_model(request["model"], request["task"])
    # What was imported and loaded stays: it needs no look while the batches come and go.
    gc.freeze()
    gc.enable()
    with os.fdopen(table_descriptor, "rb", buffering=1 << 16) as stream:
        table = pyarrow.ipc.open_stream(stream)
        features = Features(model, table.schema, request)
        output = LabelOutput(model, request) if request["task"] == "multilabel" else Output(model, request)
        writer, total, own = None, 0, os.getpid()
        for batch in table:
            rows = features.rows(batch)
            given = predicted(model, rows, features)
            if os.getpid() != own:
                # A model that forks and lets both go on: two would read the table, and write to one file.
                os._exit(0)
            columns = output.columns(given, batch.num_rows)
            scored = pyarrow.record_batch(columns, names=[str(place) for place in range(len(columns))])
            if writer is None:
                writer = pyarrow.ipc.new_file(request["scores"], scored.schema)
            writer.write_batch(scored)
            total += batch.num_rows
    if writer is None:
        raise Problem("FEATURES_EMPTY", "the table has no rows")
    writer.close()
    versions = {name: getattr(sys.modules.get(name), "__version__", None) for name in packages}
    return {
        **output.said(),
        "rows": total,
        "features": features.wanted,
        "modelType": model.type,
        "call": model.call,
        "versions": {"python": sys.version.split()[0], **{name: one for name, one in versions.items() if one is not None}},
        "notes": [*features.said(), *output.notes],
    }


def main():
    # What a model prints must not stand where results stand; what it starts must not hold the table open.
    os.dup2(2, 1)
    os.set_inheritable(table_descriptor, False)
    leave_no_core()
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    find_modules_of_the_user()
    # Imports make a million objects and hardly any garbage.
    gc.disable()
    try:
        report, code = score(request), 0
    except Problem as problem:
        report, code = {"problem": {"code": problem.code, "message": str(problem), "hint": problem.hint}}, 3
    except MemoryError as error:
        traceback.print_exc()
        message = f"this Python has no memory left: {error}".rstrip(": ")
        hint = "give the job more memory, or a smaller model: the table itself is passed in batches"
        report, code = {"problem": {"code": "MEMORY", "message": message, "hint": hint}}, 3
    with open(request["report"], "w", encoding="utf-8") as file:
        json.dump(report, file)
    return code


if __name__ == "__main__":
    sys.exit(main())
