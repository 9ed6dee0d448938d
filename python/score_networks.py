"""PyTorch and TensorFlow."""

import zipfile

from score_model import Model, type_name
from score_problem import Problem, need, quoted


def load_torch(model, task):
    torch = need("torch")
    kind = torch_kind(model["file"])
    if kind == "script":
        return torch_model(torch.jit.load(model["file"], map_location="cpu"))
    if kind == "exported":
        return exported_model(torch.export.load(model["file"]))
    return torch_model(torch.load(model["file"], map_location="cpu", weights_only=False))


def torch_kind(file):
    """Which of PyTorch's formats a file has, by the names in its archive: torch.jit.save, torch.export.save, or torch.save."""
    if not zipfile.is_zipfile(file):
        return "pickle"
    with zipfile.ZipFile(file) as archive:
        names = {name.split("/", 1)[-1] for name in archive.namelist()} | set(archive.namelist())
    if "constants.pkl" in names:
        return "script"
    is_exported = any(name in names for name in ("models/model.json", "serialized_exported_program.json"))
    return "exported" if is_exported else "pickle"


def torch_model(module):
    torch = need("torch")
    if not isinstance(module, torch.nn.Module):
        what = "weights" if hasattr(module, "keys") else f"a {type(module).__name__}"
        names = f" ({quoted(module.keys(), 5)})" if hasattr(module, "keys") else ""
        raise Problem(
            "NO_MODEL",
            f"the file holds {what}{names} and no module: weights alone are no model",
            "save it with torch.export.save, as TorchScript, or whole, or log it with mlflow.pytorch",
        )
    module.eval()
    return torch_called(module, type_name(module))


def exported_model(program):
    """A program of torch.export, which has no training mode any more."""
    inputs = [node for node in program.graph.nodes if node.name in program.graph_signature.user_inputs]
    if len(inputs) != 1:
        raise Problem(
            "NO_MODEL",
            f"the exported program takes {len(inputs)} tensors ({quoted(node.name for node in inputs)}), expected one with all columns",
            "export a module that takes one tensor of rows and columns",
        )
    shape = getattr(inputs[0].meta.get("val"), "shape", ())
    if len(shape) == 2 and isinstance(shape[0], int):
        raise Problem(
            "NO_MODEL",
            f"the program was exported for batches of exactly {shape[0]} rows",
            'export it with dynamic_shapes=({0: torch.export.Dim("rows")},)',
        )
    count = shape[1] if len(shape) == 2 and isinstance(shape[1], int) else None
    return torch_called(program.module(), "torch.export.ExportedProgram", count)


def torch_called(module, name, count=None):
    torch = need("torch")
    floats = [one.dtype for one in module.parameters() if one.is_floating_point()]
    wanted = floats[0] if floats else torch.float32

    def predict(rows):
        with torch.inference_mode():
            given = module(torch.from_numpy(rows.astype("float64" if wanted == torch.float64 else "float32")).to(wanted))
        first = given[0] if isinstance(given, (tuple, list)) else given
        # NumPy has no bfloat16.
        return (first.float() if first.dtype == torch.bfloat16 else first).numpy()

    return Model(type=name, call="forward", predict=predict, gives="unknown", count=count, takes="array", only_numbers=True)


def load_keras(model, task):
    try:
        import keras
    except ImportError:
        keras = need("tensorflow", "keras tensorflow").keras
    loaded = keras.models.load_model(model["file"])

    def predict(rows):
        return loaded.predict(rows.astype("float32"), verbose=0)

    return Model(type=type_name(loaded), call="predict", predict=predict, gives="unknown", takes="array", only_numbers=True)


def load_saved_model(model, task):
    tensorflow = need("tensorflow")
    loaded = tensorflow.saved_model.load(model["file"])
    serve = loaded.signatures["serving_default"]
    specs = serve.structured_input_signature[1]
    if len(specs) == 1:
        (name,) = specs

        def predict(rows):
            given = serve(**{name: tensorflow.constant(rows.astype(specs[name].dtype.as_numpy_dtype))})
            return next(iter(given.values())).numpy()

        return Model(type="tensorflow.saved_model", call=name, predict=predict, gives="unknown", takes="array", only_numbers=True)

    def predict_columns(frame):
        columns = {
            name: tensorflow.reshape(tensorflow.constant(frame[name].to_numpy(), dtype=spec.dtype), (-1, 1)[: len(spec.shape)])
            for name, spec in specs.items()
        }
        return next(iter(serve(**columns).values())).numpy()

    return Model(
        type="tensorflow.saved_model",
        call="serving_default",
        predict=predict_columns,
        gives="unknown",
        features=sorted(specs),
        takes="frame",
    )
