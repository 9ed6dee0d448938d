"""Networks of PyTorch in every form that is scored, and what PyTorch itself makes of the table."""

import mlflow
import numpy as np
import pandas as pd
import pyarrow as pa
import torch
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema, TensorSpec
from torch_net import Net

x = np.random.default_rng(0).normal(size=(500, 3)).astype("float32")
table = pd.DataFrame(x, columns=["a", "b", "c"])
table.assign(death=(x[:, 0] > 0).astype(int)).to_parquet("table.parquet")
table.drop(columns="c").assign(death=(x[:, 0] > 0).astype(int)).to_parquet("narrow.parquet")


def expect(name, *columns):
    arrays = [pa.array(np.ascontiguousarray(column)) for column in columns]
    batch = pa.record_batch(arrays, names=[str(place) for place in range(len(arrays))])
    with pa.ipc.new_file(f"{name}.expected", batch.schema) as file:
        file.write_batch(batch)


def called(module, rows=x):
    with torch.inference_mode():
        return module(torch.from_numpy(rows)).numpy()


torch.manual_seed(0)
example = (torch.from_numpy(x[:5]),)
any_rows = ({0: torch.export.Dim("rows")},)
binary = Net(torch.nn.Sigmoid())
torch.save(binary, "whole.pt")
binary.eval()
torch.jit.script(binary).save("script.pt")
torch.jit.trace(binary, example).save("trace.pth")
torch.export.save(torch.export.export(binary, example, dynamic_shapes=any_rows), "exported.pt2")
torch.export.save(torch.export.export(binary, example), "fixed.pt2")
torch.save(binary.state_dict(), "weights.pt")
torch.save(binary.state_dict(), "old.pth", _use_new_zipfile_serialization=False)
torch.save({"epoch": 3, "model": binary.state_dict()}, "checkpoint.pt")
torch.save([1, 2], "list.pt")
expect("binary", called(binary)[:, 0])

three = Net(torch.nn.Softmax(dim=1), outputs=3).eval()
torch.jit.script(three).save("three.pt")
expect("three", *called(three).T)
torch.jit.script(Net(torch.nn.Identity(), outputs=3).eval()).save("logits.pt")
double = Net(torch.nn.Sigmoid()).double().eval()
torch.jit.script(double).save("double.pt")
expect("double", called(double, x.astype("float64"))[:, 0])
half = Net(torch.nn.Sigmoid()).bfloat16().eval()
torch.jit.script(half).save("half.pt")
with torch.inference_mode():
    expect("half", half(torch.from_numpy(x).bfloat16()).float().numpy()[:, 0])

columns = ModelSignature(inputs=Schema([ColSpec("float", name) for name in table.columns]))
mlflow.pytorch.save_model(binary, "flavor", signature=columns, serialization_format="pickle", pip_requirements=[])
array = ModelSignature(inputs=Schema([TensorSpec(np.dtype("float32"), (-1, 3))]))
mlflow.pytorch.save_model(
    binary, "flavor2", signature=array, serialization_format="pt2", input_example=x[:5], pip_requirements=[]
)
