"""Loads a model of any kind."""

import os
import sys
import traceback
import warnings

from score_boosters import lightgbm_categories, lightgbm_model, lightgbm_names, load_lightgbm, load_xgboost
from score_boosters import xgboost_categories, xgboost_model
from score_meaning import label_probabilities, say_meaning, survival_times
from score_model import Model, type_name, wants_values
from score_networks import load_keras, load_saved_model, load_torch, torch_model
from score_onnx import load_onnx
from score_problem import Problem, need, quoted


def load_model(model, task):
    """The model of a request. Names what goes wrong as far as it can be known."""
    sys.path[:0] = model["codeFolders"]
    name = os.path.basename(model["file"])
    try:
        with warnings.catch_warnings(record=True) as caught:
            loaded = loaders[model["kind"]](model, task)
        loaded.notes += notes_of(caught)
        if task == "survival":
            say_meaning(loaded)
        return loaded
    except (Problem, MemoryError):
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
        raise Problem("MODEL_UNREADABLE", f"{name} cannot be loaded as a model: {reason}", hint) from error


def notes_of(caught):
    """Of the warnings while a model was loaded, those that concern its scores; the others go where they would have gone."""
    others = {}
    for one in caught:
        if type(one.message).__name__ == "InconsistentVersionWarning":
            made = one.message.original_sklearn_version
            others[f"the model was made with scikit-learn {made}, which may give other scores than {one.message.current_sklearn_version} here"] = None
        else:
            warnings.showwarning(one.message, one.category, one.filename, one.lineno)
    return list(others)


def load_pickle(model, task):
    path = model["file"]
    if path.lower().endswith(".joblib"):
        return from_object(need("joblib").load(path), task)
    try:
        import joblib
    except ImportError:
        import pickle

        with open(path, "rb") as file:
            return from_object(pickle.load(file), task)
    return from_object(joblib.load(path), task)


def load_skops(model, task):
    skops = need("skops.io", "skops")
    unknown = skops.get_untrusted_types(file=model["file"])
    loaded = from_object(skops.load(model["file"], trusted=unknown), task)
    if unknown:
        loaded.notes.append(f"the skops file holds types that skops does not vouch for, and they were loaded: {', '.join(unknown)}")
    return loaded


def from_object(model, task):
    """Whatever came out of a file: an estimator after scikit-learn's manner, or a booster."""
    kind = type_name(model)
    if kind == "xgboost.core.Booster":
        return xgboost_model(model, task)
    if kind == "lightgbm.basic.Booster":
        return lightgbm_model(model, task)
    if kind.startswith("torch.") or hasattr(model, "state_dict"):
        return torch_model(model)
    role = role_of(model)
    if task is None and role in ("clusterer", "outlier_detector", "density_estimator"):
        raise Problem(
            "NO_MODEL",
            f"a {type(model).__name__} is neither classifier nor regressor but {role}: what it predicts is no answer to a label",
            "say --task where its predictions are meant as such all the same",
        )
    if task == "survival" and role == "classifier":
        raise Problem(
            "NO_RISK",
            f"a {type(model).__name__} is a classifier: what it predicts is a class and no risk",
            "write its probability of the event into a table, and measure that with --predictions and --score",
        )
    classes = list(getattr(model, "classes_", []))
    if not wants_values(task) and hasattr(model, "predict_proba"):
        predict = label_probabilities(model) if task == "multilabel" else model.predict_proba
        asked = dict(call="predict_proba", predict=predict, gives="probabilities", classes=classes)
    elif hasattr(model, "predict"):
        gives = "classes" if len(classes) > 0 and not wants_values(task) else "values"
        asked = dict(call="predict", predict=model.predict, gives=gives, classes=classes)
    else:
        hint = f"it holds {quoted(model.keys())}: save the one that is the model by itself" if isinstance(model, dict) else None
        raise Problem("NO_MODEL", f"a {type(model).__name__} has neither predict_proba nor predict: it is no model", hint)
    loaded = Model(type=kind, **asked)
    loaded.gives_times = survival_times(model)
    loaded.features = recorded_names(model)
    count = getattr(model, "n_features_in_", None)
    loaded.count = None if count is None else int(count)
    loaded.only_numbers = kind.startswith(("xgboost.", "lightgbm."))
    if kind.startswith("xgboost."):
        loaded.categories, loaded.unseen = xgboost_categories(model.get_booster()), "refuse"
    if kind.startswith("lightgbm."):
        loaded.categories = lightgbm_categories(model.booster_)
        loaded.features = lightgbm_names(loaded.features)
        if loaded.features is None and loaded.categories:
            loaded.takes = "frame"
    return loaded


def role_of(model):
    """What scikit-learn says an estimator is for: classifier, regressor, clusterer, …; None for everything else."""
    try:
        return model.__sklearn_tags__().estimator_type
    except Exception:  # Before scikit-learn 1.6, and of estimators that only look like its own.
        return getattr(model, "_estimator_type", None)


def recorded_names(model):
    """Of scikit-learn and most others feature_names_in_, of CatBoost feature_names_, which are numbers where there were none."""
    recorded = getattr(model, "feature_names_in_", None)
    if recorded is None and type(model).__module__.startswith("catboost"):
        recorded = getattr(model, "feature_names_", None)
        if recorded == [str(place) for place in range(len(recorded or []))]:
            recorded = None
    return None if recorded is None else [str(name) for name in recorded]


def load_pyfunc(model, task):
    pyfunc = need("mlflow.pyfunc", "mlflow-skinny")
    loaded = pyfunc.load_model(model["file"])
    name = loaded.loader_module
    unwrapped = getattr(loaded, "unwrap_python_model", None)
    if name == "mlflow.pyfunc.model" and unwrapped is not None:
        name = type_name(unwrapped())
    return Model(type=name, call="predict", predict=loaded.predict, gives="unknown", takes="frame")


loaders = {
    "pickle": load_pickle,
    "skops": load_skops,
    "xgboost": load_xgboost,
    "lightgbm": load_lightgbm,
    "pyfunc": load_pyfunc,
    "onnx": load_onnx,
    "torch": load_torch,
    "keras": load_keras,
    "saved-model": load_saved_model,
}
