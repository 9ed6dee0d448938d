"""Makes data/{train,eval}.{csv,parquet} from the NHEFS file inside the PyPI package causaldata 0.1.5.

    pip install causaldata==0.1.5 pandas==3.1.1 pyarrow==25.0.1
    python prepare_data.py

The result is committed, so this runs only when somebody wants to check it. README.md says what the columns mean.
"""

import hashlib
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

TRAIN_SHARE = 0.6
HERE = Path(__file__).resolve().parent

# The survey's codes, as its codebook (nhefs_codebook in the same package) explains them.
LABELS = {
    "sex": {"0": "male", "1": "female"},
    "race": {"0": "white", "1": "black_or_other"},
    "active": {"0": "very", "1": "moderately", "2": "inactive"},
    "exercise": {"0": "much", "1": "moderate", "2": "little"},
}

SCHEMA = pa.schema(
    [
        pa.field("seqn", pa.int32(), nullable=False),
        pa.field("age", pa.int16()),
        pa.field("sex", pa.string()),
        pa.field("race", pa.string()),
        pa.field("school", pa.int16()),
        pa.field("income", pa.int16()),
        pa.field("cholesterol", pa.int16()),
        pa.field("weight_kg", pa.float64()),
        pa.field("height_cm", pa.float64()),
        pa.field("cigarettes_per_day", pa.int16()),
        pa.field("smoking_years", pa.int16()),
        pa.field("active", pa.string()),
        pa.field("exercise", pa.string()),
        pa.field("death", pa.int16()),
    ]
)

NAMES = {
    "wt71": "weight_kg",
    "ht": "height_cm",
    "smokeintensity": "cigarettes_per_day",
    "smokeyrs": "smoking_years",
}


def survey() -> pd.DataFrame:
    # Read beside the package's code, not through it: its loader needs statsmodels.
    package = find_spec("causaldata")
    if package is None or package.origin is None:
        raise SystemExit("causaldata is not installed: pip install causaldata==0.1.5")
    table = pd.read_stata(Path(package.origin).parent / "nhefs" / "nhefs.dta")
    for column, labels in LABELS.items():
        table[column] = table[column].astype(str).map(labels)
    return table.rename(columns=NAMES)


def is_train(seqn: int) -> bool:
    """The first 32 bits of sha256 of the person's number as text, as a share of 2^32: below TRAIN_SHARE is train."""
    return int(hashlib.sha256(str(seqn).encode()).hexdigest()[:8], 16) < TRAIN_SHARE * 2**32


def main() -> None:
    table = survey().sort_values("seqn", kind="stable")
    in_train = table["seqn"].astype(int).map(is_train)
    (HERE / "data").mkdir(exist_ok=True)
    for name, part in (("train", table[in_train]), ("eval", table[~in_train])):
        rows = pa.Table.from_pandas(part[SCHEMA.names], schema=SCHEMA, preserve_index=False)
        rows = rows.replace_schema_metadata(None)
        pq.write_table(rows, HERE / "data" / f"{name}.parquet", compression="zstd")
        rows.to_pandas(types_mapper={pa.int16(): pd.Int16Dtype()}.get).to_csv(
            HERE / "data" / f"{name}.csv", index=False, lineterminator="\n"
        )
        print(f"{name}: {rows.num_rows} rows, {part['death'].mean():.3f} of them died")


if __name__ == "__main__":
    main()
