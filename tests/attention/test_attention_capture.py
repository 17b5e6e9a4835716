"""What is captured is what transformers computes, and the model does not notice."""

import copy

import numpy as np
import pytest
import torch
from tiny_families import DECODERS, ENCODER_DECODERS, ENCODERS, FAMILIES, fresh, tokenizer
from tokenizers.processors import TemplateProcessing

from hf_tutorial.attention import Attention, capture_attention
from hf_tutorial.attention.capture import _positions
from hf_tutorial.errors import InputError

TEXT = "the cat sat on the mat because it was tired ."


def own(model, **inputs):
    """Return the outputs of transformers itself, from a copy of the model that is eager."""
    twin = copy.deepcopy(model).eval()
    twin.set_attn_implementation("eager")
    with torch.no_grad():
        return twin(**inputs, output_attentions=True)


def stacked(layers, row=0):
    return torch.stack([layer[row] for layer in layers]).float().numpy()


@pytest.fixture(params=FAMILIES)
def family(request):
    return request.param


@pytest.mark.parametrize("family", [*ENCODERS, *DECODERS])
@pytest.mark.parametrize("pair", [None, "who was tired ?"])
def test_weights_of_one_stack_equal_those_of_transformers(family, pair):
    model = fresh(family)
    attention = capture_attention(model, tokenizer(), TEXT, pair)
    inputs = tokenizer()(TEXT, pair, return_tensors="pt") if pair else tokenizer()(TEXT, return_tensors="pt")
    np.testing.assert_allclose(attention.weights, stacked(own(model, **inputs).attentions), atol=1e-6)
    assert attention.kind == ("causal" if family in DECODERS else "self")
    assert attention.weights.shape[:2] == (2, 4)
    assert attention.query_tokens == tuple(tokenizer().convert_ids_to_tokens(inputs["input_ids"][0]))


@pytest.mark.parametrize("family", ENCODER_DECODERS)
@pytest.mark.parametrize("decoder_text", [None, "a dog sat"])
def test_weights_of_two_stacks_equal_those_of_transformers(family, decoder_text):
    model = fresh(family)
    attention = capture_attention(model, tokenizer(), TEXT, decoder_text=decoder_text)
    inputs = tokenizer()(TEXT, return_tensors="pt")
    pieces = [label.piece for label in attention.decoder.queries]
    read = torch.tensor([tokenizer().convert_tokens_to_ids(pieces)])
    outputs = own(model, **inputs, decoder_input_ids=read)
    for part, name in ((attention.encoder, "encoder"), (attention.decoder, "decoder"), (attention.cross, "cross")):
        np.testing.assert_allclose(part.weights, stacked(getattr(outputs, f"{name}_attentions")), atol=1e-6)
    kinds = [part.kind for part in (attention.encoder, attention.decoder, attention.cross)]
    assert kinds == ["self", "causal", "cross"]
    # Encoder and decoder differ in depth, query and key in length.
    assert attention.encoder.weights.shape[0] == 2
    assert attention.cross.weights.shape == (3, 4, len(pieces), len(attention.encoder.keys))


@pytest.mark.parametrize("family", ENCODER_DECODERS)
def test_the_decoder_is_taught_as_in_training(family):
    model = fresh(family)
    attention = capture_attention(model, tokenizer(), TEXT, decoder_text="a dog sat")
    start = tokenizer().convert_ids_to_tokens(model.config.decoder_start_token_id)
    assert attention.decoder.query_tokens == (start, "<s>", "a", "dog", "sat")
    assert [label.text for label in attention.written] == ["<s>", "a", "dog", "sat", "</s>"]
    assert attention.alignment.query_tokens == ("<s>", "a", "dog", "sat", "</s>")
    assert attention.alignment.queries_are == "written"
    np.testing.assert_array_equal(attention.alignment.weights, attention.cross.weights)


@pytest.mark.parametrize("family", ENCODER_DECODERS)
def test_without_decoder_text_the_model_writes_greedily(family):
    model = fresh(family)
    attention = capture_attention(model, tokenizer(), TEXT)
    inputs = tokenizer()(TEXT, return_tensors="pt")
    sequence = model.generate(**inputs, do_sample=False, num_beams=1, use_cache=False, max_new_tokens=64)
    pieces = tokenizer().convert_ids_to_tokens(sequence[0])
    assert [label.piece for label in attention.decoder.queries] == pieces[:-1]
    assert [label.piece for label in attention.written] == pieces[1:]


def implementations(model):
    return [module.config._attn_implementation for module in model.modules() if hasattr(module, "config")]


@pytest.mark.parametrize("training", [False, True])
def test_the_model_is_left_as_it_was(family, training):
    model = fresh(family).train(training)
    next(module for module in model.modules() if isinstance(module, torch.nn.LayerNorm | torch.nn.Linear)).eval()
    modes = [module.training for module in model.modules()]
    before, config = implementations(model), model.config.to_json_string()
    state = {name: value.clone() for name, value in model.state_dict().items()}
    capture_attention(model, tokenizer(), TEXT)
    assert implementations(model) == before
    # Not every version has sdpa for every family: 5.2 has none for T5.
    assert set(before) == {"sdpa" if model._supports_sdpa else "eager"}
    assert model.config.to_json_string() == config
    assert [module.training for module in model.modules()] == modes
    assert all(torch.equal(value, state[name]) for name, value in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())


def test_the_model_is_left_as_it_was_after_an_error(monkeypatch):
    model = fresh("BERT").train()
    monkeypatch.setattr(model, "forward", lambda input_ids, **rest: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        capture_attention(model, tokenizer(), TEXT)
    assert set(implementations(model)) == {"sdpa"}
    assert model.training


def test_dropout_does_not_reach_the_weights():
    model = fresh("BERT")
    still = capture_attention(model, tokenizer(), TEXT)
    np.testing.assert_array_equal(capture_attention(model.train(), tokenizer(), TEXT).weights, still.weights)


def encoder_or_only(attention, model, inputs):
    """Return the attention of the stack that reads `inputs`, and what transformers itself has for it."""
    if isinstance(attention, Attention):
        return attention, own(model, **inputs).attentions
    read = torch.ones(len(inputs["input_ids"]), 1, dtype=torch.long)
    return attention.encoder, own(model, **inputs, decoder_input_ids=read).encoder_attentions


@pytest.mark.parametrize("side", ["left", "right"])
def test_padding_is_removed_from_both_axes(family, side):
    model = fresh(family)
    padded = tokenizer(side)(["the cat sat .", TEXT], padding=True, return_tensors="pt")
    short, long = capture_attention(model, tokenizer(side), padded)
    (long, _), (short, layers) = (encoder_or_only(one, model, padded) for one in (long, short))
    assert short.query_tokens == short.key_tokens == ("<s>", "the", "cat", "sat", ".", "</s>")
    assert len(long.keys) == padded["input_ids"].shape[1]
    kept = padded["attention_mask"][0].bool().numpy()
    np.testing.assert_allclose(short.weights, stacked(layers)[:, :, kept][:, :, :, kept], atol=1e-6)


def test_a_list_of_texts_gives_each_what_it_gets_alone(family):
    model = fresh(family)
    texts = ["the cat sat .", TEXT]
    together = capture_attention(model, tokenizer(), texts)
    for attention, text in zip(together, texts, strict=True):
        alone = capture_attention(model, tokenizer(), text)
        parts = [(attention, alone)] if isinstance(alone, Attention) else [(attention.cross, alone.cross)]
        for one, other in parts:
            np.testing.assert_array_equal(one.weights, other.weights)
            assert one.key_tokens == other.key_tokens


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_is_read_and_kept(family, dtype):
    model = fresh(family)
    if dtype == torch.float16:
        for parameter in model.parameters():
            parameter.data.div_(5)
    model = model.to(dtype)
    attention = capture_attention(model, tokenizer(), TEXT)
    parts = [attention] if isinstance(attention, Attention) else [attention.encoder, attention.decoder, attention.cross]
    assert {part.weights.dtype for part in parts} == {np.dtype("float32")}
    found, layers = encoder_or_only(attention, model, tokenizer()(TEXT, return_tensors="pt"))
    np.testing.assert_allclose(found.weights, stacked(layers), atol=1e-6)
    assert {parameter.dtype for parameter in model.parameters()} == {dtype}


def test_one_token_one_head_one_layer():
    from transformers import GPT2Config, GPT2LMHeadModel

    bare = copy.deepcopy(tokenizer())
    bare.backend_tokenizer.post_processor = TemplateProcessing(single="$A")
    model = GPT2LMHeadModel(GPT2Config(n_embd=8, n_layer=1, n_head=1, n_positions=8, vocab_size=len(bare))).eval()
    attention = capture_attention(model, bare, "cat")
    assert attention.weights.tolist() == [[[[1.0]]]]
    assert "1 layer × 1 head × 1 query token × 1 key token;" in repr(attention)


def test_the_model_runs_without_gradients_in_evaluation_mode_and_eager(family):
    model, seen = fresh(family).train(), []
    model.register_forward_pre_hook(
        lambda *_: seen.append((torch.is_grad_enabled(), model.training, *implementations(model)))
    )
    capture_attention(model, tokenizer(), TEXT, decoder_text="a dog" if family in ENCODER_DECODERS else None)
    assert [set(one) for one in seen] == [{False, "eager"}]


def test_a_tokenizer_may_give_more_than_the_model_takes():
    given = tokenizer()(TEXT, return_tensors="pt") | {"token_type_ids": torch.zeros(1, 13, dtype=torch.long)}
    attention = capture_attention(fresh("DistilBERT"), tokenizer(), given)
    np.testing.assert_array_equal(attention.weights, capture_attention(fresh("DistilBERT"), tokenizer(), TEXT).weights)


def test_an_eager_model_stays_eager():
    model = fresh("BERT")
    model.set_attn_implementation("eager")
    capture_attention(model, tokenizer(), TEXT)
    assert set(implementations(model)) == {"eager"}


def test_a_pair_names_its_texts():
    attention = capture_attention(fresh("BERT"), tokenizer(), "who sat ?", "the cat sat .")
    assert attention.between(0, 1).query_tokens == ("who", "sat", "?")
    assert attention.between(0, 1).key_tokens == ("the", "cat", "sat", ".")
    assert not attention.between(0, 1).whole


LONG = "cat " * 80

MISUSES = {
    "empty text": (lambda m: capture_attention(m, tokenizer(), "  "), "text is empty"),
    "empty pair": (lambda m: capture_attention(m, tokenizer(), TEXT, ""), "pair is empty"),
    "a number": (lambda m: capture_attention(m, tokenizer(), 3), "text must be a string"),
    "too long": (lambda m: capture_attention(m, tokenizer(), LONG), r"82 tokens.* reads 64 at most.*max_length=64"),
    "decoder text": (lambda m: capture_attention(m, tokenizer(), TEXT, decoder_text="a"), "no second stack"),
    "no model": (lambda m: capture_attention("bert", tokenizer(), TEXT), "must be a Transformers model"),
    "swapped": (lambda m: capture_attention(tokenizer(), m, TEXT), "must be a tokenizer"),
    "ragged": (
        lambda m: capture_attention(m, tokenizer(), tokenizer()(["cat", TEXT])),
        "differ in length.*padding=True",
    ),
    "pair of another length": (lambda m: capture_attention(m, tokenizer(), [TEXT], [TEXT, TEXT]), "same length"),
    "half a character": (
        lambda m: capture_attention(m, tokenizer(), "cat \ud83e"),
        r"text holds half of a character \(U\+D83E\) at 4.*errors='replace'",
    ),
    "half a character in the pair": (
        lambda m: capture_attention(m, tokenizer(), TEXT, "\ud83e"),
        "pair holds half of a character",
    ),
    "pair with an encoding": (lambda m: capture_attention(m, tokenizer(), tokenizer()(TEXT), TEXT), "as it is"),
}


@pytest.mark.parametrize("misuse", MISUSES)
def test_misuse_says_what_to_do(misuse):
    act, message = MISUSES[misuse]
    with pytest.raises(InputError, match=f"(?s){message}"):
        act(fresh("BERT"))


def test_roberta_reads_fewer_tokens_than_it_has_positions():
    # Its positions are numbered from behind the padding id: 64 rows with padding id 0 leave 63.
    with pytest.raises(InputError, match="reads 63 at most"):
        capture_attention(fresh("RoBERTa"), tokenizer(), "cat " * 62)
    assert capture_attention(fresh("RoBERTa"), tokenizer(), "cat " * 61).weights.shape[-1] == 63


@pytest.mark.parametrize(("padding", "most"), [(0, 63), (1, 62), (3, 60)])
def test_positions_in_use_begin_behind_the_padding_id(padding, most):
    from transformers import RobertaConfig, RobertaModel

    sizes = {"hidden_size": 4, "num_hidden_layers": 1, "num_attention_heads": 1, "intermediate_size": 4}
    config = RobertaConfig(vocab_size=9, max_position_embeddings=64, pad_token_id=padding, **sizes)
    assert _positions(RobertaModel(config)) == most


def test_a_body_cannot_write():
    from transformers import T5Model

    body = T5Model(fresh("T5").config).eval()
    cure = r"^T5Model has no head that writes\. Give decoder_text, or load the model with AutoModelForSeq2SeqLM\.$"
    with pytest.raises(InputError, match=cure):
        capture_attention(body, tokenizer(), TEXT)
    assert capture_attention(body, tokenizer(), TEXT, decoder_text="a dog").cross.weights.shape[0] == 3


def test_a_decoder_text_is_a_text():
    model = fresh("T5")
    with pytest.raises(InputError, match=r"decoder_text must be a string, but is list\."):
        capture_attention(model, tokenizer(), TEXT, decoder_text=["a"])
    with pytest.raises(InputError, match=r"decoder_text holds half of a character \(U\+D83E\) at 1"):
        capture_attention(model, tokenizer(), TEXT, decoder_text="a\ud83e")


def test_more_weights_than_memory_are_refused(monkeypatch):
    monkeypatch.setattr("hf_tutorial.attention.capture.MOST_BYTES", 4000)
    with pytest.raises(InputError, match="would take"):
        capture_attention(fresh("BERT"), tokenizer(), TEXT)


def test_parameters_that_are_no_numbers_are_named():
    model = fresh("BERT")
    model.encoder.layer[1].attention.self.query.weight.data[:] = float("nan")
    with pytest.raises(InputError, match=r"layer 1, head 0 holds weights that are no numbers"):
        capture_attention(model, tokenizer(), TEXT)
