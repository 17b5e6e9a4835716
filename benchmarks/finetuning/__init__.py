"""The lecture's way of feeding a model, and its recipe, beside ours."""
