"""Answers predictions over HTTP: GET /health, and POST /predict with one person as a JSON object or several as a list.

The model is the MLflow model in the folder MLOPS_MODEL_PATH, the address is HOST and PORT.
"""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import mlflow.sklearn
import pandas as pd


class Handler(BaseHTTPRequestHandler):
    model = None

    def do_GET(self) -> None:
        if self.path == "/health":
            self.answer(200, {"status": "ok", "version": os.environ.get("MLOPS_MODEL_VERSION")})
        else:
            self.answer(404, {"error": f"there is no {self.path}"})

    def do_POST(self) -> None:
        if self.path != "/predict":
            self.answer(404, {"error": f"there is no {self.path}"})
            return
        try:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
            people = body if isinstance(body, list) else [body]
            risks = self.model.predict_proba(pd.DataFrame(people))[:, 1].tolist()
        except (ValueError, KeyError, TypeError) as error:
            self.answer(400, {"error": str(error)})
            return
        self.answer(200, {"prediction": risks if isinstance(body, list) else risks[0]})

    def answer(self, status: int, body: dict) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_args) -> None:
        """One line a request would fill the job log."""


def main() -> None:
    Handler.model = mlflow.sklearn.load_model(os.environ["MLOPS_MODEL_PATH"])
    address = (os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8080")))
    server = ThreadingHTTPServer(address, Handler)
    print(f"serving on port {server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
