"""How each stand-in is made from its carriers: one module a recipe, each with `build(folder)`."""
