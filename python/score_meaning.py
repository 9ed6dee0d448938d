"""What a model means where its values alone do not say it: labels or one class, risks or times."""

from score_problem import Problem


def refuse_one_class(objective, task):
    """Of a booster that gives one class among several, and no labels that stand side by side."""
    if task == "multilabel" and objective.startswith("multi"):
        raise Problem("NO_LABELS", f"the objective {objective} gives one class among several, and no labels", "say --task multiclass")


def label_probabilities(model):
    """predict_proba of an estimator that predicts labels: a plain classifier of as many classes has arrays of the same shape."""
    is_sure = False

    def predict(rows):
        nonlocal is_sure
        given = model.predict_proba(rows)
        if not is_sure and not isinstance(given, list) and getattr(model.predict(rows[:1]), "ndim", 1) < 2:
            raise Problem(
                "NO_LABELS",
                f"a {type(model).__name__} of this kind predicts one class a row, and no labels",
                "say --task multiclass or binary",
            )
        is_sure = True
        return given

    return predict


def survival_times(model):
    """Whether an estimator predicts times (True) or risks (False); None where nothing says it."""
    if type(model).__module__.startswith("xgboost"):
        return objective_times(str(getattr(model, "objective", "")))
    # What scikit-survival's own `score` goes by; its pipelines and searches hand it on or hold the model that has it.
    while hasattr(model, "best_estimator_") or hasattr(model, "steps"):
        model = model.best_estimator_ if hasattr(model, "best_estimator_") else model.steps[-1][1]
    if not type(model).__module__.startswith("sksurv"):
        return None
    return not getattr(model, "_predict_risk_score", True)


def objective_times(objective):
    """The same of XGBoost's objectives."""
    return {"survival:cox": False, "survival:aft": True}.get(objective)


def say_meaning(loaded):
    """Tells a person which way the values of a survival model were taken."""
    if loaded.gives_times is True:
        loaded.notes.append("the model predicts times, which were taken for the opposite of risks")
    if loaded.gives_times is None:
        loaded.notes.append(
            "nothing says whether the model gives risks or times: its values were taken for risks, higher where the event comes sooner;"
            " where they are times, measure the kept scores with --predictions and --prediction score"
        )
