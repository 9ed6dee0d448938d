"""Scores a table with a model inside the user's own Python. Started by `mlops evaluate`; needs Python 3.9, pyarrow, pandas.

Reads a request (JSON file, the only argument), a table (Arrow IPC file) and a model; writes the scores (Arrow IPC file) and a
report (JSON file). What the model prints goes to stderr. A problem that can be named is written to the report, exit 3.
"""

import json
import os
import sys
import traceback


class Problem(Exception):
    def __init__(self, code, message, hint=None):
        super().__init__(message)
        self.code = code
        self.hint = hint


def need(module, hint):
    try:
        return __import__(module, fromlist=["_"])
    except ImportError as error:
        raise Problem("PACKAGE_MISSING", f"{sys.executable} cannot import {module}: {error}", hint) from error


def load_model(path):
    try:
        return read_model(path)
    except Problem:
        raise
    except ModuleNotFoundError as error:
        raise Problem(
            "PACKAGE_MISSING",
            f"the model needs the package {error.name!r}, which {sys.executable} does not have",
            "install in this environment what the training had",
        ) from error
    except Exception as error:
        if "__main__" in str(error):
            hint = "the model needs code of the training script itself: move it into a module that both can import"
        else:
            hint = "is the file complete, and was it written by the Python packages of this environment? -v shows more"
        traceback.print_exc()
        reason = f"{type(error).__name__}: {error}".rstrip(": ")
        name = os.path.basename(path)
        raise Problem("MODEL_UNREADABLE", f"{name} cannot be loaded as a model: {reason}", hint) from error


def read_model(path):
    ending = os.path.splitext(path)[1].lower()
    if ending == ".skops":
        skops = need("skops.io", f"{sys.executable} -m pip install skops")
        return skops.load(path, trusted=skops.get_untrusted_types(file=path))
    if ending == ".joblib":
        return need("joblib", f"{sys.executable} -m pip install joblib").load(path)
    try:
        import joblib
    except ImportError:
        import pickle

        with open(path, "rb") as file:
            return pickle.load(file)
    return joblib.load(path)


def quoted(names):
    return ", ".join(json.dumps(str(name)) for name in names)


def feature_columns(model, columns, exclude):
    """The columns that the model wants, in its order, and whether it knows them by name."""
    recorded = getattr(model, "feature_names_in_", None)
    if recorded is not None:
        names = [str(name) for name in recorded]
        missing = [name for name in names if name not in columns]
        if missing:
            raise Problem(
                "FEATURES_MISSING",
                f"the model was trained on columns that the table does not have: {quoted(missing)}; it has {quoted(columns)}",
                "evaluate on a table with the columns of the training data",
            )
        return names, True
    names = [name for name in columns if name not in exclude]
    wanted = getattr(model, "n_features_in_", None)
    if wanted is not None and int(wanted) != len(names):
        raise Problem(
            "FEATURES_MISMATCH",
            f"the model was trained on {int(wanted)} columns without names, and the table has {len(names)}"
            f" beside label, subgroups and row id: {quoted(names)}",
            "train with a pandas DataFrame, so that the names are recorded, or leave out the other columns",
        )
    return names, False


def canonical(name):
    """What is the same for two spellings of one class: 1, 1.0, True and true."""
    text = str(name).strip()
    if text.lower() in ("true", "false"):
        return float(text.lower() == "true")
    try:
        return float(text)
    except ValueError:
        return str(name)


def find_class(classes, wanted):
    """The place of a class: by its exact name, else as the same number or truth value; None where it is not there."""
    names = [str(one) for one in classes]
    if wanted in names:
        return names.index(wanted)
    same = [canonical(one) for one in names]
    return same.index(canonical(wanted)) if canonical(wanted) in same else None


def is_encoded(classes):
    """Whether these are 0 and 1, -1 and 1 or False and True: made from other names, the higher stands for the positive class."""
    return all(canonical(one) in (-1.0, 0.0, 1.0) for one in classes)


def positive_index(model, positive_class):
    classes = list(getattr(model, "classes_", []))
    if classes and len(classes) != 2:
        raise Problem("CLASSES", f"the model knows {len(classes)} classes ({quoted(classes)}), expected two")
    if positive_class is None or not classes:
        return 1
    index = find_class(classes, positive_class)
    if index is None and (is_encoded([positive_class]) or not is_encoded(classes)):
        raise Problem(
            "CLASSES",
            f"the model knows the classes {quoted(classes)}, and not {json.dumps(positive_class)}",
            "evaluate on labels that are called what they were called in training",
        )
    return 1 if index is None else index


def predictor(model, request):
    """A function from rows to numbers, and what kind of number it is."""
    if request["task"] != "regression" and hasattr(model, "predict_proba"):
        index = positive_index(model, request["positiveClass"])

        def probabilities(rows):
            table = model.predict_proba(rows)
            if getattr(table, "ndim", None) != 2 or table.shape[1] != 2:
                raise Problem("SCORES_SHAPE", f"predict_proba gave shape {getattr(table, 'shape', None)}, expected two columns")
            return table[:, index]

        return probabilities, "score"
    if hasattr(model, "predict"):
        if request["task"] != "regression" and request["positiveClass"] is not None:
            positive_index(model, request["positiveClass"])
        return model.predict, "prediction"
    raise Problem("NO_MODEL", f"a {type(model).__name__} has neither predict_proba nor predict: it is no model")


def refuse_not_finite(array, rows):
    import numpy

    if not numpy.issubdtype(array.dtype, numpy.floating):
        return
    bad = int((~numpy.isfinite(array)).sum())
    if bad > 0:
        raise Problem("SCORES_NOT_FINITE", f"the model gave NaN or infinity for {bad} of {rows} rows")


def as_positive(array, seen, positive_class):
    """Predicted classes as 1 for the positive class and 0 for the other."""
    index = find_class(seen, positive_class)
    if index is not None:
        return array == seen[index]
    is_other_name = is_encoded(seen) and not is_encoded([positive_class])
    return array > 0 if is_other_name else array != array


def numbers(values, rows, kind, positive_class):
    import numpy

    array = numpy.asarray(values)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1 or len(array) != rows:
        raise Problem("SCORES_SHAPE", f"the model gave shape {array.shape} for {rows} rows")
    refuse_not_finite(array, rows)
    if kind == "prediction" and positive_class is not None:
        array = as_positive(array, numpy.unique(array), positive_class)
    if array.dtype == numpy.bool_ or numpy.issubdtype(array.dtype, numpy.integer):
        array = array.astype("float64")
    if array.dtype not in (numpy.float32, numpy.float64):
        raise Problem("SCORES_TYPE", f"the model gave {array.dtype} values such as {array[:1].tolist()}, expected numbers")
    return array


def score(request):
    pyarrow = need("pyarrow", f"{sys.executable} -m pip install pyarrow (or name another Python with --python)")
    need("pandas", f"{sys.executable} -m pip install pandas")
    model = load_model(request["model"])
    with pyarrow.memory_map(request["table"]) as source:
        table = pyarrow.ipc.open_file(source)
        columns = table.schema.names
        names, is_named = feature_columns(model, columns, request["exclude"])
        predict, kind = predictor(model, request)
        writer = None
        total = 0
        for index in range(table.num_record_batches):
            batch = table.get_batch(index)
            frame = pyarrow.Table.from_batches([batch]).select(names).to_pandas()
            values = numbers(predict(frame if is_named else frame.to_numpy()), len(frame), kind, request["positiveClass"])
            scored = pyarrow.record_batch([pyarrow.array(values)], names=["score"])
            if writer is None:
                writer = pyarrow.ipc.new_file(request["scores"], scored.schema)
            writer.write_batch(scored)
            total += len(frame)
        if writer is not None:
            writer.close()
    version = getattr(sys.modules.get("sklearn"), "__version__", None)
    return {
        "kind": kind,
        "rows": total,
        "features": names,
        "featuresRecorded": is_named,
        "modelType": f"{type(model).__module__}.{type(model).__qualname__}",
        "python": sys.version.split()[0],
        "sklearn": version,
    }


def main():
    # What a model prints must not stand where results stand.
    os.dup2(2, 1)
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    try:
        report, code = score(request), 0
    except Problem as problem:
        report, code = {"problem": {"code": problem.code, "message": str(problem), "hint": problem.hint}}, 3
    with open(request["report"], "w", encoding="utf-8") as file:
        json.dump(report, file)
    return code


if __name__ == "__main__":
    sys.exit(main())
