"""ONNX through the user's onnxruntime: where the one for Node, which comes with `mlops`, cannot be had."""

from score_model import Model, wants_values
from score_problem import Problem, need, quoted

number_types = {
    "tensor(float)": "float32",
    "tensor(double)": "float64",
    "tensor(int64)": "int64",
    "tensor(int32)": "int32",
    "tensor(bool)": "bool",
}
float_types = ("tensor(float)", "tensor(double)")
class_types = ("tensor(int64)", "tensor(string)")


def load_onnx(model, task):
    runtime = need("onnxruntime")
    options = runtime.SessionOptions()
    options.log_severity_level = 3
    session = runtime.InferenceSession(model["file"], options, providers=["CPUExecutionProvider"])
    inputs = session.get_inputs()
    for one in inputs:
        if not one.type.startswith("tensor("):
            raise Problem("MODEL_INPUTS", f"the input {one.name} is no tensor, and a table has only such")
    output = choose_output(session.get_outputs(), task)
    wide = [one for one in inputs if width_of(one) != 1]
    if len(inputs) > 1 and wide:
        raise Problem(
            "FEATURES_GROUPED",
            f"the inputs {quoted(one.name for one in wide)} of the model take several columns each, and ONNX does not record which",
            "export the model with one input a column, or with one input for all columns",
        )

    def predict(frame):
        is_matrix = len(inputs) == 1
        feeds = {one.name: tensor(one, frame if is_matrix else frame[[one.name]]) for one in inputs}
        (given,) = session.run([output.name], feeds)
        return given

    return Model(
        type="onnx",
        call=output.name,
        predict=predict,
        gives="classes" if output.type in class_types else "unknown",
        features=[one.name for one in inputs] if len(inputs) > 1 else None,
        alone=inputs[0].name if len(inputs) == 1 and width_of(inputs[0]) == 1 else None,
        count=width_of(inputs[0]) if len(inputs) == 1 else None,
        classes=list(model.get("classes") or []),
        takes="frame",
    )


def choose_output(outputs, task):
    floats = [one for one in outputs if one.type in float_types]
    probable = [one for one in floats if "prob" in one.name.lower()]
    candidates = probable if len(probable) == 1 else floats
    if not candidates and not wants_values(task):
        candidates = [one for one in outputs if one.type in class_types]
    if len(candidates) == 1:
        return candidates[0]
    listed = ", ".join(f"{one.name} ({one.type})" for one in outputs)
    raise Problem(
        "MODEL_OUTPUTS",
        f"which output of the model holds the scores cannot be known: {listed}",
        "export the model with one output of floats: its predictions, or a column of probabilities a class",
    )


def width_of(one):
    """How many columns an input takes; None where that is free."""
    if len(one.shape) == 1:
        return 1
    width = one.shape[1] if len(one.shape) == 2 else None
    return width if isinstance(width, int) and width > 0 else None


def tensor(one, frame):
    """The columns of a frame as one tensor, row by row."""
    import numpy

    columns = [cells(one, name, frame[name]) for name in frame.columns]
    return columns[0] if len(one.shape) == 1 else numpy.column_stack(columns)


def cells(one, name, values):
    import pandas

    is_text = not (pandas.api.types.is_numeric_dtype(values) or pandas.api.types.is_bool_dtype(values))
    missing = int(values.isna().sum())
    if one.type == "tensor(string)":
        if not is_text or pandas.api.types.is_datetime64_any_dtype(values):
            raise wrong_type(name, values.dtype, "text")
        if missing > 0:
            raise Problem("FEATURES_TYPE", f"the column {quoted([name])} misses {missing} values, and texts of an ONNX model cannot be missing")
        return values.to_numpy(object)
    if one.type not in number_types:
        raise Problem("FEATURES_TYPE", f"the input {one.name} of the model takes {one.type} values, which cannot be made of a table")
    if is_text and not is_truth(values):
        raise wrong_type(name, "text" if values.dtype == object else values.dtype, one.type)
    if one.type in float_types:
        # By way of doubles, as every other number of the table.
        return values.astype("float64").to_numpy().astype(number_types[one.type])
    if missing > 0:
        message = f"the column {quoted([name])} misses {missing} values, and the model takes {one.type}, which cannot be missing"
        raise Problem("FEATURES_TYPE", message)
    if pandas.api.types.is_float_dtype(values) and not (values == values.round()).all():
        raise wrong_type(name, f"{values.dtype} values with fractions", one.type)
    return values.to_numpy().astype(number_types[one.type])


def is_truth(values):
    """Truth values of which some are missing come as objects."""
    return values.dtype == object and values.dropna().map(type).eq(bool).all()


def wrong_type(name, held, wanted):
    return Problem("FEATURES_TYPE", f"the column {quoted([name])} holds {held}, and the model takes {wanted}", "a Parquet file keeps the types that a CSV loses")
