"""Names of classes: which one is meant, however it is spelled."""

from score_problem import Problem, quoted


def canonical(name):
    """What is the same for two spellings of one class: 1, 1.0, True and true."""
    text = str(name).strip()
    if text.lower() in ("true", "false"):
        return float(text.lower() == "true")
    try:
        return float(text)
    except ValueError:
        return str(name)


def find_class(classes, wanted):
    """The place of a class: by its exact name, else as the same number or truth value; None where it is not there."""
    names = [str(one) for one in classes]
    if wanted in names:
        return names.index(wanted)
    same = [canonical(one) for one in names]
    return same.index(canonical(wanted)) if canonical(wanted) in same else None


def is_encoded(classes):
    """Whether these are 0 and 1, -1 and 1 or False and True: made from other names, the higher stands for the positive class."""
    return all(canonical(one) in (-1.0, 0.0, 1.0) for one in classes)


def positive_index(classes, positive_class):
    """Which of a model's two classes counts as 1."""
    if classes and len(classes) != 2:
        raise Problem(
            "CLASSES",
            f"the model knows {len(classes)} classes ({quoted(classes)}), expected two",
            "say --task multiclass where more than two are meant",
        )
    if positive_class is None or not classes:
        return 1
    index = find_class(classes, positive_class)
    if index is None and (is_encoded([positive_class]) or not is_encoded(classes)):
        raise Problem(
            "CLASSES",
            f"the model knows the classes {quoted(classes)}, and not {quoted([positive_class])}",
            "evaluate on labels that are called what they were called in training",
        )
    return 1 if index is None else index


def as_positive(array, seen, positive_class):
    """Predicted classes as 1 for the positive class and 0 for the other."""
    index = find_class(seen, positive_class)
    if index is not None:
        return array == seen[index]
    is_other_name = is_encoded(seen) and not is_encoded([positive_class])
    return array > 0 if is_other_name else array != array
