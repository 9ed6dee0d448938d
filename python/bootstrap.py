"""Starts a training program inside the run that `mlops train` has made, without a change in the program.

usage: bootstrap.py [--autolog FRAMEWORK] -- SCRIPT.py [ARGS...]
       bootstrap.py [--autolog FRAMEWORK] -- -m MODULE [ARGS...]

MLflow itself takes the run from MLFLOW_RUN_ID. This file switches autologging on before the program imports its
framework, keeps the program in the run's experiment and server, and lets tracebacks look as if it were not here.
Standard library only, Python 3.9 or newer.
"""

import importlib
import importlib.machinery
import os
import runpy
import sys


def note(text):
    print("mlops: " + text, file=sys.stderr, flush=True)


def keep_in_run(mlflow):
    """Calls that would lead out of the run end in an exception far from their cause: warn and keep the run's."""
    own_uri = os.environ.get("MLFLOW_TRACKING_URI")
    own_id = os.environ.get("MLFLOW_EXPERIMENT_ID")
    own_name = os.environ.get("MLFLOW_EXPERIMENT_NAME")
    set_uri, set_experiment = mlflow.set_tracking_uri, mlflow.set_experiment

    def set_tracking_uri(uri, *args, **kwargs):
        if str(uri).rstrip("/") == own_uri.rstrip("/"):
            return set_uri(uri, *args, **kwargs)
        note("set_tracking_uri() of the script is ignored: the run lives on the server of `mlops train`.")
        return None

    def set_run_experiment(experiment_name=None, experiment_id=None, *args, **kwargs):
        if (experiment_name or own_name) != own_name or str(experiment_id or own_id) != own_id:
            wanted = experiment_name or experiment_id
            note("set_experiment(%r) of the script is ignored: the run belongs to %r." % (wanted, own_name))
        return set_experiment(None, own_id, *args, **kwargs)

    if own_uri:
        mlflow.set_tracking_uri = set_tracking_uri
        mlflow.tracking.set_tracking_uri = set_tracking_uri
    if own_id:
        mlflow.set_experiment = set_run_experiment


class MlflowImport:
    """Runs `keep_in_run` when, and only if, the program imports mlflow: that import costs seconds."""

    def find_spec(self, name, path=None, target=None):
        if name != "mlflow":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None:
            return spec
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            try:
                keep_in_run(module)
            except AttributeError as error:
                note("this mlflow is not guarded against leaving the run: %s." % error)

        spec.loader.exec_module = exec_module
        return spec


def switch_autolog_on(framework):
    module = "mlflow" if framework == "auto" else "mlflow." + framework
    try:
        importlib.import_module(module).autolog()
    except ImportError as error:
        note(
            "autologging of %s is off: %s (%s). Install mlflow, or mlflow-skinny with pandas, and the framework."
            % (framework, error, sys.executable)
        )
    except Exception as error:  # Whatever it is: training goes on, and the reader knows why nothing is logged.
        note("autologging of %s is off: %s: %s." % (framework, type(error).__name__, error))


def hide_own_frames():
    show = sys.excepthook
    ours = (__file__, runpy.__file__, "<frozen runpy>")

    def show_program_frames(kind, error, trace):
        while trace is not None and trace.tb_frame.f_code.co_filename in ours:
            trace = trace.tb_next
        show(kind, error.with_traceback(trace), trace)

    sys.excepthook = show_program_frames


def main(argv):
    end = argv.index("--")
    own, program = argv[:end], argv[end + 1 :]
    is_module = program[0] == "-m"
    target, args = (program[1], program[2:]) if is_module else (program[0], program[1:])
    # Python put this file's folder first; with -P or PYTHONSAFEPATH it put nothing there.
    if not getattr(sys.flags, "safe_path", False):
        sys.path[0] = os.getcwd() if is_module else os.path.dirname(os.path.realpath(target))
    sys.meta_path.insert(0, MlflowImport())
    if own:
        switch_autolog_on(own[own.index("--autolog") + 1])
    sys.argv = [target] + args
    hide_own_frames()
    if is_module:
        runpy.run_module(target, run_name="__main__", alter_sys=True)
    else:
        # Python makes __file__ absolute; runpy takes the path as it is, for __file__ and sys.argv[0] alike.
        runpy.run_path(os.path.abspath(target), run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
