"""PyTorch and TensorFlow."""

from score_model import Model, type_name
from score_problem import Problem, need


def load_torch(model, task):
    torch = need("torch")
    try:
        return torch_model(torch.jit.load(model["file"], map_location="cpu"))
    except RuntimeError:
        # No TorchScript: then a module that was pickled whole.
        return torch_model(torch.load(model["file"], map_location="cpu", weights_only=False))


def torch_model(module):
    torch = need("torch")
    if not isinstance(module, torch.nn.Module):
        raise Problem(
            "NO_MODEL",
            f"the file holds a {type(module).__name__} and no module: weights alone are no model",
            "save it with torch.jit.script(model).save(...), or log it with mlflow.pyfunc",
        )
    module.eval()

    def predict(rows):
        with torch.inference_mode():
            given = module(torch.from_numpy(rows.astype("float32")))
        return (given[0] if isinstance(given, tuple) else given).numpy()

    return Model(type=type_name(module), call="forward", predict=predict, gives="unknown", takes="array", only_numbers=True)


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
