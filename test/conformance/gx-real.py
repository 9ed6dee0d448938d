"""What Great Expectations itself says of files, over pandas: rounds of one Parquet file and one list of expectations.

Reads `rounds.json`, a list of {"data": path, "expectations": [{type, kwargs, id}]}; prints one JSON list of rounds, each a
map from id to {"refused": text} for what cannot be built, or {"success", "raised", "result"}.
"""

import json
import logging
import sys

import great_expectations as gx
import pandas as pd
from great_expectations.core.expectation_suite import ExpectationSuite
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

logging.disable(logging.CRITICAL)
context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = {"globally": False}
asset = context.data_sources.add_pandas("p").add_dataframe_asset("d")
definition = asset.add_batch_definition_whole_dataframe("w")


def plain(value):
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    if hasattr(value, "item"):
        return plain(value.item())
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else str(value)
    return str(value)


def judged(round_):
    answers, built = {}, []
    for written in round_["expectations"]:
        try:
            configuration = ExpectationConfiguration(
                type=written["type"], kwargs=written["kwargs"], id=written["id"], meta={}
            )
            configuration.to_domain_obj()
            built.append(configuration)
        except Exception as error:  # whatever pydantic and its validators raise
            answers[written["id"]] = {"refused": str(error)[:300]}
    batch = definition.get_batch(batch_parameters={"dataframe": pd.read_parquet(round_["data"])})
    for configurations in [built, *([one] for one in built)]:
        if all(one.id in answers for one in configurations):
            continue
        try:
            suite = ExpectationSuite(name="s", expectations=configurations)
            found = batch.validate(suite, result_format="COMPLETE").to_json_dict()
        except Exception as error:  # one expectation that cannot be planned ends the run of them all
            if len(configurations) == 1:
                answers[configurations[0].id] = {"refused": str(error)[:300]}
            continue
        answers.update(results(found))
    return answers


def results(found):
    answers = {}
    for one in found["results"]:
        info = one["exception_info"]
        raised = info if "raised_exception" in info else next(iter(info.values()))
        answers[one["expectation_config"]["id"]] = {
            "success": bool(one["success"]),
            "raised": str(raised["exception_message"])[:300] if raised["raised_exception"] else None,
            "result": plain(one["result"]),
        }
    return answers


with open(sys.argv[1]) as file:
    rounds = json.load(file)
json.dump([judged(round_) for round_ in rounds], sys.stdout)
