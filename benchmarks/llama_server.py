"""A model in a GGUF file behind an address that speaks as OpenAI's does, by llama.cpp: for `real_model.py`.

    python benchmarks/llama_server.py MODEL.gguf NAME --port 8080

Runs where xllamacpp is installed, which is no dependency of detente's (docs/llm.md). One thread unless told otherwise:
two that wait for each other on a machine that does other work were many times slower than one.
"""

import argparse
import importlib
import threading


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("file")
    asked.add_argument("name", help="what the server calls the model")
    asked.add_argument("--port", type=int, default=8080)
    asked.add_argument("--context", type=int, default=6144, help="tokens of question and answer")
    asked.add_argument("--at-once", type=int, default=1, help="questions answered together")
    asked.add_argument("--threads", type=int, default=1)
    given = asked.parse_args()
    llama = importlib.import_module("xllamacpp")
    parameters = llama.CommonParams()
    parameters.model.path = given.file
    parameters.model_alias = {given.name}
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = given.port
    parameters.n_ctx = given.context * given.at_once
    parameters.n_parallel = given.at_once
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = given.threads
    server = llama.Server(parameters)
    print(f"{server.listening_address}/v1", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
