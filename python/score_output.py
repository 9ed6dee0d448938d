"""What a model gave, as numbers: one array for a score or a prediction, one for each class for probabilities."""

from score_classes import as_positive, find_class, positive_index
from score_model import wants_values
from score_problem import Problem, quoted


class Output:
    """Learns from the first batch what the numbers mean; every later one must be the same."""

    def __init__(self, model, request):
        self.task = request["task"]
        self.positive_class = request["positiveClass"]
        self.gives = model.gives
        self.is_risk = self.task == "survival" and not model.gives_times
        self.classes = list(model.classes)
        self.call = model.call
        self.kind = None
        self.positive = None
        # Classes that only show while the model predicts.
        self.codes = {}
        self.width = None
        self.notes = []

    def columns(self, values, rows):
        """The arrays of a batch, all of the same float type."""
        array = self.array(values, rows)
        if self.gives == "unknown":
            self.gives = self.meaning(array)
        if array.ndim == 2 and array.shape[1] == 1:
            array = array[:, 0]
        refuse_not_finite(array, rows)
        is_probable = self.gives == "probabilities" and not wants_values(self.task)
        columns = self.probabilities(array) if is_probable else [self.prediction(array)]
        if self.width not in (None, len(columns)):
            raise Problem("SCORES_SHAPE", f"the model gave {self.width} columns first and {len(columns)} later")
        self.width = len(columns)
        return columns

    def array(self, values, rows):
        import numpy

        if self.gives == "unknown" and hasattr(values, "columns") and len(values.columns) > 1 and not self.classes:
            self.classes = [str(name) for name in values.columns]
        array = numpy.asarray(values)
        if array.ndim not in (1, 2) or len(array) != rows:
            raise Problem("SCORES_SHAPE", f"the model gave shape {array.shape} for {rows} rows")
        if array.dtype == numpy.float16:
            return array.astype("float32")
        return array

    def meaning(self, array):
        """Of numbers that nothing says anything about."""
        import numpy

        is_float = numpy.issubdtype(array.dtype, numpy.floating)
        if array.ndim == 2 and array.shape[1] > 1:
            if not is_float or wants_values(self.task):
                raise Problem("SCORES_SHAPE", f"the model gave shape {array.shape}, expected one value a row")
            if array.size > 0 and (array.min() < 0 or array.max() > 1):
                message = f"the model gave {array.shape[1]} columns with values outside 0 to 1, such as {array[0].tolist()}"
                raise Problem("SCORES_TYPE", message, "are they logits? end the model with a softmax")
            return "probabilities"
        if not is_float or wants_values(self.task) or numpy.isin(array, (0, 1)).all():
            return "values"
        is_inside = array.size > 0 and array.min() >= 0 and array.max() <= 1
        return "score" if is_inside or self.task == "binary" else "values"

    def probabilities(self, array):
        count = 2 if array.ndim == 1 else array.shape[1]
        is_binary = self.task == "binary" or (self.task is None and count == 2)
        if is_binary and array.ndim == 2 and count != 2:
            raise Problem("SCORES_SHAPE", f"{self.call} gave shape {array.shape}, expected two columns")
        if self.classes and len(self.classes) != count:
            raise Problem("SCORES_SHAPE", f"{self.call} gave shape {array.shape} for {len(self.classes)} classes")
        both = [1 - array, array] if array.ndim == 1 else [array[:, place] for place in range(count)]
        if not is_binary:
            self.kind = "probabilities"
            self.classes = self.classes or [str(place) for place in range(count)]
            return [as_floats(column) for column in both]
        self.kind = "score"
        if self.positive is None:
            self.positive = positive_index(self.classes, self.positive_class)
        return [as_floats(both[self.positive])]

    def prediction(self, array):
        import numpy

        if array.ndim != 1:
            raise Problem("SCORES_SHAPE", f"the model gave shape {array.shape} for {len(array)} rows")
        self.kind = "score" if self.gives == "score" or self.is_risk else "prediction"
        if self.kind == "score":
            return as_floats(array)
        if self.is_multiclass():
            return self.coded(array)
        if not wants_values(self.task) and self.positive_class is not None:
            if self.classes:
                positive_index(self.classes, self.positive_class)
            return as_floats(as_positive(array, numpy.unique(array), self.positive_class))
        return as_floats(array)

    def is_multiclass(self):
        if self.task == "multiclass":
            return True
        return self.task is None and self.gives == "classes" and len(self.classes) > 2

    def coded(self, array):
        """Places in the classes: the model's own, or those that were seen so far."""
        import numpy

        names, places = numpy.unique(array, return_inverse=True)
        codes = [self.code(name) for name in names]
        return numpy.asarray(codes, dtype="float64")[places]

    def code(self, name):
        if self.classes:
            place = find_class(self.classes, str(name))
            if place is None:
                raise Problem("CLASSES", f"the model predicted {quoted([name])}, and knows {quoted(self.classes)}")
            return place
        return self.codes.setdefault(str(name), len(self.codes))

    def said(self):
        # Predicted values that are no places in the classes must not look like such.
        is_plain = self.kind == "prediction" and not self.is_multiclass()
        classes = [] if is_plain else [str(one) for one in self.classes] or list(self.codes)
        positive = None
        if self.kind == "score" and self.positive is not None and self.classes:
            positive = classes[self.positive]
        return {"kind": self.kind, "classes": classes, "positiveClass": positive}


def refuse_not_finite(array, rows):
    import numpy

    if not numpy.issubdtype(array.dtype, numpy.floating):
        return
    bad = int((~numpy.isfinite(array)).reshape(rows, -1).any(axis=1).sum()) if rows > 0 else 0
    if bad > 0:
        raise Problem("SCORES_NOT_FINITE", f"the model gave NaN or infinity for {bad} of {rows} rows")


def as_floats(array):
    import numpy

    if array.dtype == numpy.bool_ or numpy.issubdtype(array.dtype, numpy.integer):
        array = array.astype("float64")
    if array.dtype not in (numpy.float32, numpy.float64):
        raise Problem("SCORES_TYPE", f"the model gave {array.dtype} values such as {array[:1].tolist()}, expected numbers")
    return numpy.ascontiguousarray(array)
