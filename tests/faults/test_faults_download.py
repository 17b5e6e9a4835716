"""A download that breaks off while it runs: what a student sees in the notebook, and what happens the next time."""

import os
import re
import subprocess
import sys

import pytest
import torch
from datasets import Dataset
from tokenizers import Tokenizer, models
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from hf_tutorial.sources import aftermath
from hf_tutorial.sources.aftermath import fault_behind
from tools.loopback_hub import LoopbackHub, Repository
from tools.loopback_hub import faults_http as http
from tools.loopback_hub.faults_sockets import closed_port
from tools.loopback_hub.faults_trials import LEFT_OUT
from tools.notebooks import ROOT

# Cells, as a student runs them one after the other. Between retries, the Hub's client waits for a second.
FIRST = """
import time; time.sleep = lambda seconds: None
from hf_tutorial.sources.aftermath import advise_after_errors; advise_after_errors(); advise_after_errors()
from hf_tutorial import hub_or_local
from hf_tutorial.sources import hub_cache
from transformers import AutoModel, AutoTokenizer
---
name = hub_or_local("someone/model")
model = AutoModel.from_pretrained(name)
---
print("WHOLE", hub_cache.model_in_cache("someone/model"))
---
from pathlib import Path; Path("mended").touch()
model = AutoModel.from_pretrained(name); tokenizer = AutoTokenizer.from_pretrained(name)
print("SUM", round(float(sum(weight.detach().sum() for weight in model.parameters())), 3))
---
from datasets import load_dataset
rows = load_dataset(hub_or_local("someone/rows"))
print("ROWS", rows.num_rows, hub_cache.dataset_in_cache("someone/rows"))
"""
SECOND = """
import time; waited = []; time.sleep = waited.append
from hf_tutorial import hub_or_local
from transformers import AutoModel, AutoTokenizer
---
name = hub_or_local("someone/model")
tokenizer = AutoTokenizer.from_pretrained(name); model = AutoModel.from_pretrained(name)
print("SUM", round(float(sum(weight.detach().sum() for weight in model.parameters())), 3), waited)
"""
NOTEBOOK = """
import sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance(colors="NoColor")
for number, cell in enumerate(sys.stdin.read().split("---\\n")):
    print(f"[{number}]")
    shell.run_cell(cell)
"""


@pytest.fixture
def model(tmp_path):
    """A tiny model with weights of its own, in a folder."""
    torch.manual_seed(3)
    sizes = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}
    BertModel(BertConfig(vocab_size=400, **sizes)).save_pretrained(tmp_path / "model")
    vocabulary = Tokenizer(models.WordLevel({"[UNK]": 0, "film": 1}, unk_token="[UNK]"))
    PreTrainedTokenizerFast(tokenizer_object=vocabulary).save_pretrained(tmp_path / "model")
    return tmp_path / "model"


@pytest.fixture
def rows(tmp_path):
    for split in ("train", "test"):
        Dataset.from_dict({"text": ["a", "b"]}).to_parquet(tmp_path / "rows" / f"{split}-00000-of-00001.parquet")
    return tmp_path / "rows"


@pytest.fixture
def run(tmp_path):
    """Run cells in a process of their own, and return what each printed."""

    def go(cells, address):
        kept = {name: value for name, value in os.environ.items() if not LEFT_OUT.match(name)}
        mine = {"HF_ENDPOINT": address, "HF_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}
        environment = {**kept, **mine, "HF_TUTORIAL_SOURCE": "hub", "IPYTHONDIR": str(tmp_path / "ipython")}
        done = subprocess.run(
            [sys.executable, "-c", NOTEBOOK],
            input=cells,
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return re.split(r"^\[\d\]\n", done.stdout, flags=re.M)[1:]

    return go


def test_a_download_that_breaks_off_says_what_to_do_and_the_next_one_is_whole(tmp_path, model, rows, run):
    ranges = []

    def cut_until_mended(handler):
        """Let the question pass, which asks for the beginning alone, and cut every download."""
        asked = handler.headers.get("Range", "")
        if not http.asks_for_file(handler) or "model.safetensors" not in handler.path or asked == "bytes=0-131071":
            return False
        ranges.append(asked)
        return not (tmp_path / "mended").exists() and cut(handler)

    cut = http.cut_short((model / "model.safetensors").read_bytes())
    repositories = [Repository("someone/model", "model", model), Repository("someone/rows", "dataset", rows)]
    total = f"SUM {_sum(model)}"
    with LoopbackHub(repositories, cut_until_mended) as hub:
        _, failed, whole, mended, table = run(FIRST, hub.address)
    lines = failed.strip().splitlines()
    assert "OSError" in failed
    assert lines[-1] == (
        "The connection to the Hub's storage broke off. Run this cell again; nothing that has come halfway is used. "
        'If it happens again, try another network. Or go on without the Hub: setup(source="local").'
    )
    assert failed.count("Or go on without the Hub") == 1
    assert whole.strip() == "WHOLE None"
    assert total in mended
    assert len(ranges) >= 2, "the next run asks for the file again, for all or for the rest of it"
    assert "ROWS {'train': 2, 'test': 2} True" in table
    with closed_port() as port:
        _, later = run(SECOND, f"http://127.0.0.1:{port}")
    assert "from its cache on this machine. The connection to the Hub was refused." in later
    assert f"{total} []" in later, "and nobody waits for a Hub that is away"


def _sum(folder):
    weights = BertModel.from_pretrained(folder).parameters()
    return round(float(sum(weight.detach().sum() for weight in weights)), 3)


class Response:
    url, request = "https://huggingface.co/a", type("Request", (), {"headers": {}})

    def __init__(self, status, **headers):
        self.status_code, self.headers = status, headers


def client_error(text="", response=None, module="httpx"):
    """An error as a class of the HTTP client's would raise it."""
    kind = type("RemoteProtocolError", (Exception,), {"__module__": module})
    error = kind(text)
    if response:
        error.response = response
    return error


def behind(cause):
    """What Transformers raises for it."""
    error = OSError("Can't load the model for 'a/b'.")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (behind(client_error("peer closed connection")), "cut"),
        (behind(client_error("peer closed connection", module="httpcore2._exceptions")), "cut"),
        (OSError("Consistency check failed: file should be of size 9 but has size 4"), "cut"),
        (behind(client_error(response=Response(429))), "limited"),
        (behind(client_error(response=Response(502))), "trouble"),
        (behind(client_error(response=Response(404))), None),
        (behind(client_error(response=Response(410))), None),
        (OSError("Can't load the tokenizer for 'a/b'."), None),
        (ValueError("not about the Hub"), None),
        (ConnectionRefusedError("somebody else's"), None),
    ],
)
def test_only_errors_of_the_hub_s_clients_are_the_hub_s(error, cause):
    found = fault_behind(error)
    assert (found and found.cause) == cause


def test_a_time_out_in_a_download_counts_as_breaking_off():
    timeout = type("ReadTimeout", (Exception,), {"__module__": "httpx"})("timed out")
    assert fault_behind(behind(timeout)).cause == "cut"


def test_what_nobody_can_tell_gets_no_advice():
    assert fault_behind(type("HFValidationError", (ValueError,), {"__module__": "huggingface_hub.errors"})()) is None


@pytest.mark.parametrize(("mode", "lines"), [("local", 0), ("auto", 1), ("hub", 1)])
def test_advice_is_for_those_who_use_the_hub(monkeypatch, capsys, mode, lines):
    monkeypatch.setenv("HF_TUTORIAL_SOURCE", mode)
    aftermath._advise(type("Result", (), {"error_in_exec": behind(client_error())}))
    aftermath._advise(type("Result", (), {"error_in_exec": None}))
    assert capsys.readouterr().out.count("\n") == lines


def test_outside_a_notebook_there_is_nothing_to_register(monkeypatch):
    monkeypatch.setattr("IPython.get_ipython", lambda: None)
    aftermath.advise_after_errors()
