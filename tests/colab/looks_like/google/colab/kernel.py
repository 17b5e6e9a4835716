"""Colab's kernel: a shell that says that it is Colab's, and a `%pip` that runs whatever is called pip."""

from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from traitlets import default


class Shell(ZMQInteractiveShell):
    """By its name, which holds “google.colab”, libraries recognise Colab."""

    def init_magics(self) -> None:
        super().init_magics()
        # IPython's own %pip recommends a restart after every installation. Colab's does not.
        self.register_magic_function(lambda line: self.system(f"pip {line}"), "line", "pip")


class Kernel(IPythonKernel):
    @default("shell_class")
    def _colab_shell(self) -> type[Shell]:
        return Shell
