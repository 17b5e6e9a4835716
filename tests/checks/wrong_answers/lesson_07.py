"""Wrong answers to the exercises of lesson 07."""

from wrong_answers import instead, slip

WRONG = {
    "07.1": (
        slip(
            "One device is thought of, as in the lesson.",
            "multiply by the number of devices",
            ('"effective_batch": 64', '"effective_batch": 32'),
        ),
        slip(
            "All epochs are divided at once.",
            "round up in each epoch",
            ('"steps": 48', '"steps": 47'),
        ),
        slip(
            "What is left at the end of an epoch is dropped.",
            "round up, not down",
            ('"steps": 48', '"steps": 45'),
        ),
        slip(
            "The share is rounded down, as the lesson of the loop did.",
            "Trainer rounds up",
            ('"warmup_steps": 5', '"warmup_steps": 4'),
        ),
        slip(
            "A last line is expected at the end of the run.",
            "the steps after the last full interval give no line",
            ('"log_lines": 4', '"log_lines": 5'),
        ),
    ),
    "07.2": (
        slip(
            "The argument that raises is left out.",
            "The warm-up is lost",
            ("    warmup_steps=0.1,\n", ""),
        ),
        slip(
            "A ratio is believed to become a number of steps.",
            "and not for 10 % of them",
            ("warmup_steps=0.1", "warmup_steps=10"),
        ),
        slip(
            "`tokenizer` raises, so it goes.",
            "The batches are not padded",
            (", processing_class=tokenizer", ""),
        ),
        slip(
            "The call runs, and the missing log raises no error.",
            "“No log”",
            ('    logging_strategy="epoch",\n', ""),
        ),
        slip(
            "`evaluation_strategy` raises, and then `load_best_model_at_end` complains: both go.",
            "Nothing is ever evaluated",
            ('    eval_strategy="epoch",\n', ""),
            ("    load_best_model_at_end=True,\n", ""),
        ),
    ),
    "07.3": (
        slip(
            "Micro and macro are mixed up.",
            "Macro means every class",
            ('average="macro"', 'average="micro"'),
        ),
        slip(
            "`average` is left out, which is right for two classes.",
            "the default of scikit-learn is for two",
            ('average="macro", ', ""),
        ),
        slip(
            "The logits are taken for tensors, as they were in the loop.",
            "where torch has a `dim`",
            ("argmax(axis=-1)", "argmax(dim=-1)"),
        ),
        slip(
            "Guesses come first, as one speaks.",
            "truth and guesses have changed places",
            ("recall_score(labels, guesses,", "recall_score(guesses, labels,"),
        ),
        slip(
            "The recalls are averaged like the F1.",
            "Asked for is the lowest",
            ("average=None, zero_division=0).min()", 'average="macro", zero_division=0)'),
        ),
        instead(
            "A whole report is asked for, and its warning not seen as a fault.",
            "scikit-learn warns about a class that is never guessed",
            """
            from sklearn.metrics import classification_report


            def compute_metrics(prediction):
                logits, labels = prediction
                report = classification_report(labels, logits.argmax(axis=-1), output_dict=True)
                recalls = [row["recall"] for name, row in report.items() if name.isdigit()]
                return {
                    "accuracy": report["accuracy"],
                    "macro_f1": report["macro avg"]["f1-score"],
                    "worst_recall": min(recalls),
                }
            """,
        ),
    ),
    "07.4": (
        slip(
            "Above the limit is written as one says it.",
            "NaN is not above anything",
            ('not logs["loss"] <= self.limit', 'logs["loss"] > self.limit'),
        ),
        slip(
            "Every log entry is expected to have a loss.",
            "Not every log entry has a training loss",
            ('"loss" in logs and not', "not"),
        ),
        instead(
            "The comparison is assigned, which also takes a request back.",
            "yours has taken that back",
            """
            def on_log(self, args, state, control, logs=None, **kwargs):
                if "loss" in logs:
                    control.should_training_stop = not logs["loss"] <= self.limit
                    if control.should_training_stop and self.stopped_at is None:
                        self.stopped_at = state.global_step
            """,
        ),
        slip(
            "Any loss will do, it seems, also that of an evaluation.",
            "is not the training loss",
            (
                '"loss" in logs and not logs["loss"] <= self.limit',
                'not logs.get("loss", logs.get("eval_loss", 0)) <= self.limit',
            ),
        ),
        slip(
            "The epoch is noted, which stands in the log entry itself.",
            "`state.global_step`",
            ("state.global_step", 'logs["epoch"]'),
        ),
    ),
    "07.5": (
        slip(
            "The highest accuracy seems to be the best.",
            "What does Trainer compare by",
            ("checkpoint-32", "checkpoint-40"),
        ),
        slip(
            "Checkpoints are thought to be named after epochs.",
            "named after its step",
            ("checkpoint-32", "checkpoint-4"),
        ),
        slip(
            "A higher accuracy is taken for a better model.",
            "how far does chance reach",
            ('{"A", "C", "F"}', '{"A", "B", "C", "F"}'),
        ),
        slip(
            "Validation reviews were not trained on, so their accuracy seems fair.",
            "because it did well on exactly these reviews",
            ('{"A", "C", "F"}', '{"A", "C", "E", "F"}'),
        ),
        slip(
            "Early stopping is believed to look at the best epoch afterwards.",
            "follow the validation losses",
            ('{"A", "C", "F"}', '{"C", "F"}'),
        ),
    ),
}
