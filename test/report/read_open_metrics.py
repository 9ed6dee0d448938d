"""Reads OpenMetrics texts (a file with a JSON list) with the parser of prometheus_client; prints what stands in each, or why it is none."""

import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families


def families(text):
    try:
        return [
            {
                "name": family.name,
                "type": family.type,
                "samples": [
                    {"name": sample.name, "labels": sample.labels, "value": sample.value}
                    for sample in family.samples
                ],
            }
            for family in text_string_to_metric_families(text)
        ]
    except ValueError as error:
        return {"error": str(error)}


json.dump([families(text) for text in json.load(open(sys.argv[1], encoding="utf-8"))], sys.stdout)
