"""XGBoost and LightGBM as they are without scikit-learn's classes around them, and their categories."""

from score_meaning import objective_times, refuse_one_class
from score_model import Model
from score_problem import Problem, need


def load_xgboost(model, task):
    xgboost = need("xgboost")
    return xgboost_model(xgboost.Booster(model_file=model["file"]), task)


def refuse_unnamed(objective, task):
    """Objectives whose values are neither probabilities nor predictions of the label: somebody has to say what they are for."""
    if task is not None:
        return
    if objective == "binary:logitraw":
        raise Problem(
            "NO_TASK",
            "the objective binary:logitraw gives logits and no probabilities",
            "train with binary:logistic, which gives probabilities of the same order, or say --task regression",
        )
    if objective.startswith("rank") or objective == "lambdarank":
        raise Problem("NO_TASK", f"the objective {objective} ranks rows within queries", "say --task ranking and --query")


def xgboost_model(booster, task):
    import json

    xgboost = need("xgboost")
    learner = json.loads(booster.save_config())["learner"]
    objective = learner["objective"]["name"]
    refuse_unnamed(objective, task)
    refuse_one_class(objective, task)
    best = booster.attributes().get("best_iteration")
    rounds = (0, 0) if best is None else (0, int(best) + 1)

    def predict(rows):
        # The same trees as XGBoost's own scikit-learn classes take: up to the best one where the training stopped early.
        return booster.predict(xgboost.DMatrix(rows, enable_categorical=True), iteration_range=rounds)

    gives = {
        "binary:logistic": "probabilities",
        "multi:softprob": "probabilities",
        "multi:softmax": "classes",
        "binary:hinge": "classes",
    }.get(objective, "values")
    count = max(int(learner["learner_model_param"]["num_class"]), 2)
    return Model(
        type="xgboost.core.Booster",
        call=f"predict ({objective})",
        predict=predict,
        gives=gives,
        features=booster.feature_names,
        count=booster.num_features(),
        classes=list(range(count)) if gives != "values" else [],
        categories=xgboost_categories(booster),
        unseen="refuse",
        takes="frame" if booster.feature_names else "array",
        only_numbers=True,
        gives_times=objective_times(objective),
    )


def xgboost_categories(booster):
    if "c" not in (booster.feature_types or []):
        return {}
    if not hasattr(booster, "get_categories"):
        raise Problem(
            "FEATURES_CATEGORIES",
            "the model has categorical columns, and this XGBoost cannot say which number stands for which category",
            "use XGBoost 3.1 or newer in training and here, or encode the categories in a pipeline",
        )
    recorded = booster.get_categories(export_to_arrow=True).to_arrow()
    return {place: values.to_pylist() for place, (_, values) in enumerate(recorded) if values is not None}


def load_lightgbm(model, task):
    lightgbm = need("lightgbm")
    return lightgbm_model(lightgbm.Booster(model_file=model["file"]), task)


def lightgbm_model(booster, task):
    header = lightgbm_header(booster)
    objective = header.get("objective", "").split(" ")[0]
    refuse_unnamed(objective, task)
    refuse_one_class(objective, task)
    if objective in ("binary", "cross_entropy", "multiclass", "multiclassova"):
        gives, count = "probabilities", max(int(header.get("num_class", "1")), 2)
    else:
        gives, count = "values", 0
    return Model(
        type="lightgbm.basic.Booster",
        call=f"predict ({objective or 'no objective'})",
        predict=booster.predict,
        gives=gives,
        features=lightgbm_names(booster.feature_name()),
        count=booster.num_feature(),
        classes=list(range(count)),
        categories=lightgbm_categories(booster),
        takes="frame",
        only_numbers=True,
    )


def lightgbm_header(booster):
    text = booster.model_to_string(num_iteration=1).split("\n\n", 1)[0]
    return dict(line.split("=", 1) for line in text.split("\n") if "=" in line)


def lightgbm_names(names):
    """LightGBM calls columns without names Column_0 and so on."""
    unnamed = names is None or all(str(name) == f"Column_{place}" for place, name in enumerate(names))
    return None if unnamed else [str(name) for name in names]


def lightgbm_categories(booster):
    recorded = getattr(booster, "pandas_categorical", None) or []
    # A categorical column is written as its categories (-1:2:1:0), every other as a range ([0:4]) or as none.
    infos = lightgbm_header(booster).get("feature_infos", "").split(" ")
    places = [place for place, info in enumerate(infos) if info != "none" and not info.startswith("[")]
    if recorded and len(places) != len(recorded):
        raise Problem(
            "CATEGORIES",
            f"the model recorded the categories of {len(recorded)} columns and uses {len(places)} categorical ones:"
            " which belong together cannot be known",
            "encode the categories in a pipeline, or leave constant columns out of the training",
        )
    return dict(zip(places, recorded))
