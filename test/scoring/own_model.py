"""A model of somebody's own, as MLflow's python_function keeps it."""

import mlflow.pyfunc


class Threshold(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return (model_input["age"] / 100 + model_input["weight"].fillna(70) / 1000).to_numpy()
