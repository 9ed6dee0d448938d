"""What a model of several labels a row gave: one array a label."""

from score_classes import canonical, positive_index
from score_output import as_floats, refuse_not_finite
from score_problem import Problem, quoted


class LabelOutput:
    """Learns from the first batch whether the arrays are scores, or 1 and 0; every later one must be the same."""

    def __init__(self, model, request):
        self.gives = model.gives
        self.call = model.call
        self.classes = model.classes
        self.names = []
        self.kind = None
        self.width = None
        self.notes = []

    def columns(self, values, rows):
        """The arrays of a batch, all of the same float type."""
        import numpy

        columns = self.arrays(values, rows)
        if self.width not in (None, len(columns)):
            raise Problem("SCORES_SHAPE", f"the model gave {self.width} columns first and {len(columns)} later")
        for column in columns:
            refuse_not_finite(column, rows)
        columns = [as_floats(column) for column in columns]
        is_plain = all(numpy.isin(column, (0, 1)).all() for column in columns)
        if self.width is None:
            self.width = len(columns)
            self.kind = "label-predictions" if is_plain and self.gives != "probabilities" else "label-scores"
        if self.kind == "label-predictions" and not is_plain:
            raise Problem("SCORES_TYPE", "the model gave 0 and 1 first and other values later")
        return columns

    def arrays(self, values, rows):
        import numpy

        # Of scikit-learn's models of several outputs: the classes of one label after those of another.
        if isinstance(values, list) and all(numpy.ndim(one) == 2 for one in values):
            return [self.probability(place, numpy.asarray(one), rows) for place, one in enumerate(values)]
        if hasattr(values, "toarray"):
            values = values.toarray()
        if hasattr(values, "columns") and not self.names:
            self.names = [str(name) for name in values.columns]
        array = numpy.asarray(values)
        if array.ndim != 2 or len(array) != rows:
            raise Problem(
                "SCORES_SHAPE",
                f"{self.call} gave shape {array.shape} for {rows} rows, expected a column for each label",
                "is it a model of one label? --task binary or multiclass measures such",
            )
        if array.dtype == numpy.float16:
            array = array.astype("float32")
        return [array[:, place] for place in range(array.shape[1])]

    def probability(self, place, array, rows):
        """That a row has the label, of the probabilities of its two classes: the second is the one that is called 1."""
        classes = list(self.classes[place]) if place < len(self.classes) else []
        if array.shape != (rows, len(classes)) or len(classes) not in (1, 2):
            raise Problem(
                "CLASSES",
                f"{self.call} gave shape {array.shape} for output {place + 1} of the model, whose classes are {quoted(classes)}; a label has two",
            )
        if len(classes) == 2:
            return array[:, positive_index(classes, None)]
        if self.width is None:
            self.notes.append(f"the training of output {place + 1} saw the class {quoted(classes)} only: it says the same of every row")
        return array[:, 0] if canonical(classes[0]) == 1 else 1 - array[:, 0]

    def said(self):
        return {"kind": self.kind, "classes": self.names, "positiveClass": None}
