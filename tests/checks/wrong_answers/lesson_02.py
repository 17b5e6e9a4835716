"""Wrong answers to the exercises of lesson 02."""

from wrong_answers import instead, slip

WRONG = {
    "02.1": (
        slip(
            "A body is thought to give one vector for each text.",
            "every token has a row of its own",
            ("(2, 14, config.hidden_size)", "(2, config.hidden_size)"),
        ),
        slip(
            "The head is new, and what is missing seems to be refused.",
            "no reason to refuse",
            ('("DistilBertForTokenClassification", (2, 14, 7))', '"refused"'),
        ),
        slip(
            "The name of the Auto class is taken for the name of what it returns.",
            "no model is an Auto class",
            ('("DistilBertModel"', '("AutoModel"'),
        ),
        slip(
            "The head for masked words is thought to return vectors, as the body does.",
            "scores every entry of the vocabulary",
            ("config.vocab_size", "config.hidden_size"),
        ),
        slip(
            "An encoder is expected to take part in a model for text to text.",
            "an encoder and a decoder",
            ('"refused"', '("DistilBertForSeq2SeqLM", (2, 14, config.vocab_size))'),
        ),
    ),
    "02.2": (
        instead(
            "The switch makes the complaint go away, so it seems to help.",
            "No switch mends that",
            "body = BertModel.from_pretrained(name, ignore_mismatched_sizes=True)",
        ),
        instead(
            "The right class is made from the configuration, which is not the weights.",
            "Only `from_pretrained` reads the weights",
            "body = AutoModel.from_config(config)",
        ),
        instead(
            "Every model that was loaded before had a head.",
            "has a head besides",
            "body = AutoModelForSequenceClassification.from_pretrained(name)",
        ),
    ),
    "02.3": (
        instead(
            "Names are taken to say what a parameter belongs to, which holds for the models that one knows.",
            "the vectors of positions",
            """
            def parameters_by_part(model):
                counts = {"embeddings": 0, "body": 0, "head": 0}
                for name, parameter in model.named_parameters():
                    inside = name.startswith(model.base_model_prefix)
                    part = "embeddings" if "embeddings" in name else "body" if inside else "head"
                    counts[part] += parameter.numel()
                return counts
            """,
        ),
        instead(
            "`num_parameters()` of the body includes the table.",
            "counted twice: in the embeddings and in the body",
            """
            def parameters_by_part(model):
                table = model.get_input_embeddings().weight.numel()
                body = model.base_model.num_parameters()
                return {"embeddings": table, "body": body, "head": model.num_parameters() - body}
            """,
        ),
        instead(
            "A state dict lists all weights, and a tied one twice.",
            "tied weights",
            """
            def parameters_by_part(model):
                table = model.get_input_embeddings().weight.numel()
                body = model.base_model.num_parameters()
                whole = sum(weight.numel() for weight in model.state_dict().values())
                return {"embeddings": table, "body": body - table, "head": whole - body}
            """,
        ),
        instead(
            "The body is told by the name that it has in this model.",
            "Is the body told by its name",
            """
            def parameters_by_part(model):
                table = model.get_input_embeddings().weight.numel()
                body = model.base_model.num_parameters()
                head = sum(weight.numel() for name, weight in model.named_parameters() if "distilbert" not in name)
                return {"embeddings": table, "body": body - table, "head": head}
            """,
        ),
        slip(
            "Only what is trained is counted, as many recipes do.",
            "A frozen parameter is still a parameter",
            ("parameter.numel()", "parameter.numel() if parameter.requires_grad else 0"),
        ),
        slip(
            "Parameters are counted instead of numbers.",
            "numbers of tensors",
            ("+= parameter.numel()", "+= 1"),
        ),
    ),
    "02.4": (
        slip(
            "One direction seems to say everything.",
            "does not turn one into the other",
            ("id2label=id2label, label2id=label2id", "id2label=id2label"),
        ),
        instead(
            "The configuration is changed once the model is there.",
            "built before the configuration was changed",
            """
            id2label = dict(enumerate(labels))
            classifier, info = AutoModelForSequenceClassification.from_pretrained(name, output_loading_info=True)
            classifier.config.id2label = id2label
            classifier.config.label2id = {label: number for number, label in id2label.items()}
            new_weights = sorted(info["missing_keys"])
            """,
        ),
        instead(
            "The number of labels is given, and their names are not.",
            "The labels have no names yet",
            """
            classifier, info = AutoModelForSequenceClassification.from_pretrained(
                name, num_labels=5, output_loading_info=True
            )
            new_weights = sorted(info["missing_keys"])
            """,
        ),
        slip(
            "The list is written from memory: a head is one layer with its bias.",
            "are not in the list",
            ('sorted(info["missing_keys"])', '["classifier.weight", "classifier.bias"]'),
        ),
        slip(
            "What is unexpected is taken for what is new.",
            "has never heard of your five labels",
            ('info["missing_keys"]', 'info["mismatched_keys"]'),
        ),
    ),
    "02.5": (
        slip(
            "An unexpected weight sounds like a fault of the model.",
            "Does the model lack any of its own?",
            ('"E": "ready"', '"E": "wrong class"'),
        ),
        slip(
            "The checkpoint has a trained head, so this one is believed to be trained.",
            "and not for five",
            ('"F": "train the head"', '"F": "ready"'),
        ),
        slip(
            "Whatever is missing can be trained, it seems.",
            "the layers of the body are missing as well",
            ('"C": "wrong class"', '"C": "train the head"'),
        ),
        slip(
            "A body alone is not yet good for anything, so something must be trained.",
            "is there a head at all?",
            ('"A": "ready"', '"A": "train the head"'),
        ),
    ),
}
