"""A package, so that `tests.tokens` means these tests.

Without this file, IPython 7, which Colab has, makes Python find the tests of IPython's own extensions under the name.
"""
