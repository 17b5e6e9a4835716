import pytest
from transformers import AutoModelForCausalLM, LlamaConfig

from hf_tutorial import check
from hf_tutorial.checks.lesson_13_budget import Shapes, full_count, lora_mistakes, shapes_of


def config(**more):
    sizes = {"hidden_size": 12, "num_attention_heads": 3, "num_key_value_heads": 1, "head_dim": 4}
    return LlamaConfig(
        vocab_size=40, num_hidden_layers=3, intermediate_size=20, **({"tie_word_embeddings": True} | sizes | more)
    )


def compare(given, r, *, lora=None, full=None, bytes_each=12):
    """A right solution of 13.5a, unless it is told otherwise."""
    shapes = shapes_of(given)
    lora = shapes.lora(r) if lora is None else lora(shapes, r)
    full = full_count(given) if full is None else full(given)
    return {"lora": (lora, bytes_each * lora), "full": (full, bytes_each * full)}


def with_lora(lora):
    return lambda given, r: compare(given, r, lora=lora)


def with_full(full):
    return lambda given, r: compare(given, r, full=full)


def with_bytes(each):
    return lambda given, r: compare(given, r, bytes_each=each)


def embeddings(given):
    return given.vocab_size * given.hidden_size


def test_right_comparison():
    assert check("13.5a", compare, config=config()).outcome == "right"


def test_counts_are_those_of_a_real_model_with_peft():
    from peft import LoraConfig, get_peft_model

    model = AutoModelForCausalLM.from_config(config())
    assert full_count(config()) == sum(one.numel() for one in model.parameters())
    adapted = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", r=5, target_modules=["q_proj", "v_proj"]))
    assert shapes_of(config()).lora(5) == adapted.get_nb_trainable_parameters()[0]


def test_mistakes_are_told_apart_by_sizes_that_all_differ():
    shapes = Shapes(layers=2, hidden=24, queries=40, values=10, heads=4, value_heads=1)
    counts = [*lora_mistakes(shapes, 8).values(), shapes.lora(8)]
    assert len(set(counts)) == len(counts)


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (with_lora(lambda s, r: s.layers * r * 2 * (s.hidden + s.queries)), "`v_proj` as wide as `q_proj`"),
        (with_lora(lambda s, r: s.lora(r) // s.layers), "That is one layer"),
        (with_lora(lambda s, r: s.layers * r * (s.hidden + s.queries)), "That is `q_proj` alone"),
        (with_lora(lambda s, r: s.layers * r * (s.hidden + s.values)), "That is `v_proj` alone"),
        (with_lora(lambda s, r: s.layers * r * 2 * s.hidden), "These are the matrices A alone"),
        (with_lora(lambda s, r: s.layers * r * (s.queries + s.values)), "These are the matrices B alone"),
        (with_lora(lambda s, r: s.layers * s.hidden * (s.queries + s.values)), "the frozen matrices themselves"),
        (with_lora(lambda s, r: s.lora(1)), "The rank is missing"),
        (with_lora(lambda s, r: 2 * s.lora(r)), "All four matrices"),
        (with_lora(lambda s, r: s.layers * r * (3 * s.hidden + s.values)), "need not be `hidden_size`."),
        (
            with_lora(lambda s, r: s.layers * r * (3 * s.hidden + s.hidden // s.heads * s.value_heads)),
            "but not for another, with wider heads",
        ),
        (with_lora(lambda s, r: 1), "A of `q_proj` is (r, hidden_size)"),
        (with_full(lambda given: full_count(given) + embeddings(given)), "The embedding matrix is counted twice"),
        (
            with_full(lambda g: full_count(g) - (0 if g.tie_word_embeddings else embeddings(g))),
            "The output matrix is missing",
        ),
        (with_full(lambda given: full_count(given) - embeddings(given)), "The embeddings are missing"),
        (with_full(lambda given: full_count(given) - 7 * 12), "The norms are missing"),
        (with_full(lambda given: 1), "a model on the device `meta`"),
        (with_bytes(8), "but there is a gradient too"),
        (with_bytes(4), "4 bytes are one of three"),
        (with_bytes(16), "The weight itself is in it"),
        (with_bytes(6), "in fp32 a number has four bytes"),
        (with_bytes(12 / 1e6), "That is megabytes"),
        (with_bytes(12 / 2**20), "That is mebibytes"),
        (with_bytes(3), "each has four bytes"),
        (with_bytes(5), "a gradient and Adam's two averages"),
        (
            lambda given, r: {
                name: (count, compare(given, r)["full"][1]) for name, (count, _) in compare(given, r).items()
            },
            "That is the number for the whole model",
        ),
        (lambda given, r: compare(given, 8), "LoRA with r = 3 should train"),
        (lambda given, r: compare(config(), r), "but not for another"),
        (lambda given, r: list(compare(given, r).values()), "should return a dictionary"),
        (lambda given, r: {"lora": 1, "full": 2}, '"lora" should be a pair'),
        (lambda given, r: {"lora": (1, "2"), "full": (1, 2)}, '"lora" should be a pair'),
        (lambda given: compare(given, 8), "raises TypeError"),
    ],
)
def test_wrong_comparisons(function, diagnosis):
    verdict = check("13.5a", function, config=config())
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
