"""Networks of TensorFlow in every form that is scored, and what TensorFlow itself makes of the table."""

import keras
import numpy as np
import pandas as pd
import pyarrow as pa

rng = np.random.default_rng(0)
x = rng.normal(size=(500, 3)).astype("float32")
pd.DataFrame(x, columns=["a", "b", "c"]).assign(death=(x[:, 0] > 0).astype(int)).to_parquet("table.parquet")


def expect(name, *columns):
    arrays = [pa.array(np.ascontiguousarray(column)) for column in columns]
    batch = pa.record_batch(arrays, names=[str(place) for place in range(len(arrays))])
    with pa.ipc.new_file(f"{name}.expected", batch.schema) as file:
        file.write_batch(batch)


keras.utils.set_random_seed(0)
layers = keras.layers
binary = keras.Sequential([layers.Input((3,)), layers.Dense(4, activation="relu"), layers.Dense(1, activation="sigmoid")])
binary.save("binary.keras")
binary.save("binary.h5")
binary.export("binary")
expect("binary", binary.predict(x, verbose=0)[:, 0])
three = keras.Sequential([layers.Input((3,)), layers.Dense(3, activation="softmax")])
three.save("three.keras")
expect("three", *three.predict(x, verbose=0).T)
inputs = {name: layers.Input((1,), name=name) for name in ("c", "a")}
named = keras.Model(inputs, layers.Dense(1)(layers.Concatenate()(list(inputs.values()))))
named.export("named")
expect("named", named.predict({"c": x[:, [2]], "a": x[:, [0]]}, verbose=0)[:, 0])
