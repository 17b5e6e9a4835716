"""How each stand-in is made from its carriers and weights: one module a recipe, each with `build(folder)`."""
