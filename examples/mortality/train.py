"""Trains a model for death by 1992 from what the survey asked in 1971."""

import argparse
import json
from pathlib import Path

import joblib
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

NUMERIC = [
    "age",
    "school",
    "income",
    "cholesterol",
    "weight_kg",
    "height_cm",
    "cigarettes_per_day",
    "smoking_years",
]
CATEGORICAL = ["sex", "race", "active", "exercise"]
TARGET = "death"


def build_model(features: list[str], c: float) -> Pipeline:
    numeric = Pipeline([("impute", SimpleImputer(strategy="median")), ("scale", StandardScaler())])
    categorical = OneHotEncoder(handle_unknown="ignore", drop="if_binary")
    columns = ColumnTransformer(
        [
            ("numeric", numeric, [name for name in NUMERIC if name in features]),
            ("categorical", categorical, [name for name in CATEGORICAL if name in features]),
        ]
    )
    return Pipeline([("columns", columns), ("classify", LogisticRegression(C=c, max_iter=1000))])


def read_table(path: Path) -> pd.DataFrame:
    return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-path", type=Path, default=Path("data/train.csv"))
    parser.add_argument("--output-dir", type=Path, default=Path("model"))
    parser.add_argument("--C", type=float, default=0.01, help="inverse of the regularisation strength")
    parser.add_argument("--features", nargs="+", default=NUMERIC + CATEGORICAL, help="columns to learn from")
    args = parser.parse_args()

    unknown = sorted(set(args.features) - set(NUMERIC + CATEGORICAL))
    if unknown:
        parser.error(f"no such feature: {', '.join(unknown)}")

    table = read_table(args.data_path)
    table = table.astype({name: float for name in NUMERIC})
    model = build_model(args.features, args.C)
    model.fit(table[args.features], table[TARGET])
    auc = roc_auc_score(table[TARGET], model.predict_proba(table[args.features])[:, 1])
    print(f"trained on {len(table)} rows with C={args.C:g}; AUC on these same rows {auc:.3f}")

    args.output_dir.mkdir(parents=True, exist_ok=True)
    joblib.dump(model, args.output_dir / "model.joblib")
    summary = {"rows": len(table), "features": args.features, "C": args.C, "training_auc": round(auc, 4)}
    (args.output_dir / "summary.json").write_text(json.dumps(summary, indent=2) + "\n")


if __name__ == "__main__":
    main()
