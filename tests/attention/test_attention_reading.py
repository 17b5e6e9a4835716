"""Outputs that are there already: read rightly, or refused with the axis or the setting named."""

import numpy as np
import pytest
import torch
from tiny_families import fresh, tokenizer

from hf_tutorial.attention import attention_from_outputs, capture_attention
from hf_tutorial.errors import InputError

TEXT = "the cat sat on the mat ."
TEXTS = ["the cat sat .", TEXT]


def outputs_of(family="BERT", texts=TEXT, train=False, **more):
    model = fresh(family).train(train)
    model.set_attn_implementation("eager")
    inputs = tokenizer()(texts, padding=True, return_tensors="pt")
    with torch.no_grad():
        return inputs, model(**inputs, **more, output_attentions=True, output_hidden_states=True)


def pieces(ids):
    return tokenizer().convert_ids_to_tokens(ids)


def test_outputs_and_strings():
    inputs, outputs = outputs_of()
    attention = attention_from_outputs(outputs, pieces(inputs["input_ids"][0]))
    captured = capture_attention(fresh("BERT"), tokenizer(), TEXT)
    np.testing.assert_allclose(attention.weights, captured.weights, atol=1e-6)
    assert attention.key_tokens == captured.key_tokens
    assert attention.kind == "self"


@pytest.mark.parametrize("form", ["tuple", "array", "dict", "layers of one text"])
def test_every_form_of_the_same_weights(form):
    inputs, outputs = outputs_of()
    given = {
        "tuple": outputs.attentions,
        "array": torch.cat(outputs.attentions).numpy(),
        "dict": dict(outputs),
        "layers of one text": tuple(layer[0] for layer in outputs.attentions),
    }[form]
    attention = attention_from_outputs(given, pieces(inputs["input_ids"][0]))
    np.testing.assert_array_equal(attention.weights, torch.cat(outputs.attentions).numpy())


def test_an_encoding_brings_specials_words_and_padding():
    inputs, outputs = outputs_of(texts=TEXTS)
    attention = attention_from_outputs(outputs, inputs, tokenizer=tokenizer(), batch=0)
    assert attention.key_tokens == ("<s>", "the", "cat", "sat", ".", "</s>")
    assert [label.special for label in attention.keys] == [True, False, False, False, False, True]
    np.testing.assert_array_equal(attention.weights[1], outputs.attentions[1][0, :, :6, :6].numpy())


def test_a_decoder_is_seen_to_be_causal():
    inputs, outputs = outputs_of("GPT-2")
    assert attention_from_outputs(outputs, pieces(inputs["input_ids"][0])).kind == "causal"


def test_a_look_one_place_ahead_is_not_causal():
    weights = np.full((1, 1, 3, 3), 0.0, np.float32)
    weights[0, 0] = [[0.5, 0.5, 0], [0, 0.5, 0.5], [0, 0, 1]]
    assert attention_from_outputs(weights, ["a", "b", "c"]).kind == "self"


@pytest.mark.parametrize("family", ["T5", "BART"])
def test_an_encoder_decoder_gives_three(family):
    read = torch.tensor([[1, 3, 5, 6]])
    inputs, outputs = outputs_of(family, decoder_input_ids=read)
    attention = attention_from_outputs(outputs, pieces(inputs["input_ids"][0]), pieces(read[0]))
    for part in ("encoder", "decoder", "cross"):
        expected = torch.cat(getattr(outputs, f"{part}_attentions")).numpy()
        np.testing.assert_array_equal(getattr(attention, part).weights, expected)
    assert attention.cross.query_tokens == ("</s>", "<s>", "cat", "sat")
    assert attention.alignment.query_tokens == ("<s>", "cat", "sat", "?")


def test_bf16_and_gradients_are_no_obstacle():
    model = fresh("BERT").to(torch.bfloat16)
    model.set_attn_implementation("eager")
    inputs = tokenizer()(TEXT, return_tensors="pt")
    attention = attention_from_outputs(model(**inputs, output_attentions=True), inputs, tokenizer=tokenizer())
    assert attention.weights.dtype == np.float32


def with_nan(layers):
    layers = [layer.clone() for layer in layers]
    layers[1][0, 2, 3, 4] = float("nan")
    return tuple(layers)


def sdpa():
    inputs = tokenizer()(TEXT, return_tensors="pt")
    with torch.no_grad():
        return fresh("BERT")(**inputs, output_attentions=True)


TOKENS = tokenizer()(TEXT).tokens()

MISUSES = {
    "sdpa": (lambda o, b: attention_from_outputs(sdpa(), TOKENS), r'set_attn_implementation\("eager"\)'),
    "not asked for": (lambda o, b: attention_from_outputs({"logits": 1}, TOKENS), "attention"),
    "an empty tuple": (lambda o, b: attention_from_outputs((), TOKENS), "eager"),
    "hidden states": (
        lambda o, b: attention_from_outputs(o.hidden_states, TOKENS),
        "hidden states .*pass outputs.attentions",
    ),
    "stacked hidden states": (
        lambda o, b: attention_from_outputs(torch.cat(o.hidden_states), TOKENS),
        "hidden states .*pass outputs.attentions",
    ),
    "scores": (lambda o, b: attention_from_outputs([4 * a for a in o.attentions], TOKENS), "not to 1"),
    "too few tokens": (lambda o, b: attention_from_outputs(o, TOKENS[1:-1]), "7 tokens, but the key axis .* has 9"),
    "no batch": (lambda o, b: attention_from_outputs(b, TOKENS), "batch of 2 texts.*batch=0 to 1"),
    "batch out of range": (lambda o, b: attention_from_outputs(b, TOKENS, batch=2), "batch=2 is out of range"),
    "no tokenizer": (lambda o, b: attention_from_outputs(o, tokenizer()(TEXT)), "tokenizer="),
    "NaN": (lambda o, b: attention_from_outputs(with_nan(o.attentions), TOKENS), "layer 1, head 2 holds weights"),
    "of generate": (lambda o, b: attention_from_outputs((o.attentions, o.attentions), TOKENS), "generate"),
    "text": (lambda o, b: attention_from_outputs("weights", TOKENS), "tensors or arrays"),
}


@pytest.fixture(scope="module")
def given():
    return outputs_of()[1], outputs_of(texts=TEXTS)[1]


@pytest.mark.parametrize("misuse", MISUSES)
def test_misuse_says_what_to_do(misuse, given):
    act, message = MISUSES[misuse]
    with pytest.raises(InputError, match=f"(?s){message}"):
        act(*given)


def test_dropout_is_seen():
    _, outputs = outputs_of(train=True)
    with pytest.raises(InputError, match=r"model\.eval\(\)"):
        attention_from_outputs(outputs, TOKENS)


def test_an_encoder_decoder_needs_both_texts():
    inputs, outputs = outputs_of("BART", decoder_input_ids=torch.tensor([[1, 3]]))
    with pytest.raises(InputError, match="the tokens that the decoder read"):
        attention_from_outputs(outputs, pieces(inputs["input_ids"][0]))
    with pytest.raises(InputError, match=r"3 tokens.* has 2"):
        attention_from_outputs(outputs, pieces(inputs["input_ids"][0]), ["a", "b", "c"])


def test_generate_gives_steps_and_is_refused():
    model = fresh("BART")
    model.set_attn_implementation("eager")
    inputs = tokenizer()(TEXT, return_tensors="pt")
    outputs = model.generate(**inputs, max_new_tokens=3, output_attentions=True, return_dict_in_generate=True)
    with pytest.raises(InputError, match=r"generate\(\)"):
        attention_from_outputs(outputs, pieces(inputs["input_ids"][0]), pieces(outputs.sequences[0]))
    decoder = fresh("GPT-2")
    decoder.set_attn_implementation("eager")
    outputs = decoder.generate(**inputs, max_new_tokens=3, output_attentions=True, return_dict_in_generate=True)
    with pytest.raises(InputError, match=r"generate\(\)"):
        attention_from_outputs(outputs, pieces(outputs.sequences[0]))
