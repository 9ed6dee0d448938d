"""What is known of a loaded model: how to ask it, and what it recorded of its columns."""

from dataclasses import dataclass, field
from typing import Any, Callable, Optional


@dataclass
class Model:
    type: str
    call: str
    predict: Callable[[Any], Any]
    # "probabilities" of classes, one column each or of the second alone; "classes"; "values"; or "unknown" until seen.
    gives: str
    # Recorded names of the columns in their order, or None.
    features: Optional[list] = None
    # How many columns, where names are not recorded.
    count: Optional[int] = None
    classes: list = field(default_factory=list)
    # The name of the only column, where the table has such a one.
    alone: Optional[str] = None
    # Recorded categories by place of the column.
    categories: dict = field(default_factory=dict)
    # What is done with a category that the training did not have: "missing" or "refuse".
    unseen: str = "missing"
    # "frame", "array", or "frame-if-named".
    takes: str = "frame-if-named"
    # Text is refused but in columns with recorded categories.
    only_numbers: bool = False
    notes: list = field(default_factory=list)
    # Of a survival task: times until the event, which are the opposite of risks; None where nothing says it.
    gives_times: Optional[bool] = None


def wants_values(task):
    """Tasks that are asked for what `predict` gives, whatever probabilities there are."""
    return task in ("regression", "survival")


def type_name(model):
    return f"{type(model).__module__}.{type(model).__qualname__}"
