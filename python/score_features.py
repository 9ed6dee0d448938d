"""The columns of a table as the model wants them: by name where names are recorded, checked for what they hold."""

from score_problem import Problem, quoted

# What MLflow's signatures call the kinds of columns.
signature_kinds = {
    "boolean": "boolean",
    "integer": "number",
    "long": "number",
    "float": "number",
    "double": "number",
    "string": "text",
    "datetime": "time",
}
signature_types = {"integer": "int32", "long": "int64", "float": "float32", "double": "float64"}


def kind_of(field):
    import pyarrow.types as types

    if types.is_boolean(field.type):
        return "boolean"
    if types.is_integer(field.type) or types.is_floating(field.type):
        return "number"
    return "time" if types.is_temporal(field.type) else "text"


class Features:
    """Chosen once by the table's schema; then makes of every batch what the model takes."""

    def __init__(self, model, schema, request):
        self.model = model
        self.schema = schema
        self.signature = [one for one in request["model"].get("signature") or [] if one["type"] != "tensor"]
        self.notes = list(model.notes)
        self.exclude = request["exclude"]
        self.unseen = {}
        wanted = model.features or self.name_alone(schema) or self.names_of_signature()
        self.is_named = wanted is not None
        if wanted is None:
            self.names = self.by_place(schema)
            self.wanted = self.names
        else:
            self.names = self.by_name(wanted, schema)
            self.wanted = [wanted_name for wanted_name, name in zip(wanted, self.names) if name is not None]
            self.names = [name for name in self.names if name is not None]
        self.casts = self.check_types(schema)

    def name_alone(self, schema):
        return [self.model.alone] if self.model.alone in schema.names else None

    def names_of_signature(self):
        names = [one.get("name") for one in self.signature]
        return names if names and all(name is not None for name in names) else None

    def by_name(self, wanted, schema):
        present = {name: name for name in schema.names}
        # LightGBM writes my_col for "my col".
        spaced = {name.replace(" ", "_"): name for name in schema.names if " " in name}
        is_lenient = self.model.gives == "unknown"
        optional = {one.get("name") for one in self.signature if is_lenient and not one["isRequired"]}
        found = [present.get(name, spaced.get(name)) for name in wanted]
        missing = [name for name, there in zip(wanted, found) if there is None and name not in optional]
        if missing:
            raise Problem(
                "FEATURES_MISSING",
                f"the model was trained on columns that the table does not have: {quoted(missing)}; it has {quoted(schema.names)}",
                "evaluate on a table with the columns of the training data",
            )
        taken = [name for name in found if name is not None]
        extra = [name for name in schema.names if name not in taken and name not in self.exclude]
        if extra:
            self.notes.append(f"columns that the model does not know were left out: {quoted(extra)}")
        if taken != [name for name in schema.names if name in taken]:
            self.notes.append(f"the columns stand in another order than in training and were taken by name: {quoted(taken)}")
        return found

    def by_place(self, schema):
        names = [name for name in schema.names if name not in self.exclude]
        if self.model.count is not None and self.model.count != len(names):
            raise Problem(
                "FEATURES_MISMATCH",
                f"the model was trained on {self.model.count} columns without names, and the table has {len(names)}"
                f" beside label, subgroups and row id: {quoted(names)}",
                "train with a pandas DataFrame, so that the names are recorded, or leave out the other columns",
            )
        return names

    def check_types(self, schema):
        """Compares with the recorded types; answers which columns have to be cast for MLflow, which is strict."""
        by_name = {one.get("name"): one["type"] for one in self.signature}
        casts, problems = {}, []
        for name, wanted in zip(self.names, self.wanted):
            recorded = by_name.get(wanted)
            kind = signature_kinds.get(recorded)
            field = schema.field(name)
            have = kind_of(field)
            if kind is None or kind == have:
                pass
            elif kind == "number" and have == "boolean" or kind == "boolean" and have == "number":
                pass
            elif kind == "time" and have == "text":
                pass
            else:
                problems.append(f"{quoted([name])} holds {have} ({field.type}), and the model was logged with {recorded}")
            if self.model.gives == "unknown" and recorded in signature_types:
                casts[name] = signature_types[recorded]
            if self.model.gives == "unknown" and kind == "time" and have == "text":
                casts[name] = "timestamp[us]"
        if problems:
            hint = "a Parquet file keeps the types that a CSV loses"
            raise Problem("FEATURES_TYPE", "; ".join(problems), hint)
        texts = [name for place, name in enumerate(self.names) if self.is_strange_text(place, schema.field(name))]
        if texts:
            raise Problem(
                "FEATURES_TYPE",
                f"the model takes numbers, and these columns hold text: {quoted(texts)}",
                "leave them out, or encode them in a pipeline that is kept with the model",
            )
        return casts

    def is_strange_text(self, place, field):
        return self.model.only_numbers and kind_of(field) == "text" and place not in self.model.categories

    def rows(self, batch):
        import pyarrow

        table = pyarrow.Table.from_batches([batch]).select(self.names)
        for name, target in self.casts.items():
            table = table.set_column(self.names.index(name), name, self.cast(table.column(name), name, target))
        frame = table.to_pandas()
        if self.names != self.wanted:
            frame.columns = self.wanted
        for place, categories in self.model.categories.items():
            self.encode(frame, place, categories)
        if self.model.takes == "frame" or (self.model.takes == "frame-if-named" and self.is_named):
            return frame
        return frame.to_numpy()

    def cast(self, column, name, target):
        import pyarrow

        try:
            if target.startswith("int") and column.null_count > 0:
                raise ValueError(f"{column.null_count} values are missing, and whole numbers cannot be missing in MLflow")
            return column.cast(target, safe=target != "float32")
        except (pyarrow.ArrowInvalid, ValueError) as error:
            message = f"{quoted([name])} holds {column.type} values that are no {target}, with which the model was logged: {error}"
            raise Problem("FEATURES_TYPE", message) from error

    def encode(self, frame, place, categories):
        import pandas

        name = frame.columns[place]
        values = frame[name]
        known = pandas.Categorical(values, categories=categories)
        strange = values[pandas.isna(known) & ~pandas.isna(values)]
        if len(strange) > 0 and self.model.unseen == "refuse":
            raise Problem(
                "FEATURES_CATEGORIES",
                f"{quoted([name])} holds categories that the training did not have: {quoted(sorted(set(map(str, strange))))};"
                f" it had {quoted(categories)}",
                "map them to a known category or to a missing value",
            )
        self.unseen[name] = self.unseen.get(name, 0) + len(strange)
        frame[name] = known

    def given(self, most=20):
        """The columns with their types, in words."""
        listed = [f"{quoted([name])} as {self.schema.field(name).type}" for name in self.names[:most]]
        further = "" if len(self.names) <= most else f" and {len(self.names) - most} more"
        return ", ".join(listed) + further

    def said(self):
        """What a person should know about the columns, when all rows are read."""
        counted = [(name, count) for name, count in self.unseen.items() if count > 0]
        notes = [
            f"{count} values of {quoted([name])} are categories that the training did not have; the model takes them as missing"
            for name, count in counted
        ]
        return self.notes + notes
