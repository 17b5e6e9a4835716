"""The command `hf-tutorial`: prepare the stand-ins, look after them, open the course, grade submissions."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from hf_tutorial.errors import HfTutorialError
from hf_tutorial.grading.options import add_arguments, options_of


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    arguments = _parser().parse_args(argv)
    try:
        return arguments.run(arguments)
    except HfTutorialError as error:
        print(f"hf-tutorial: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hf-tutorial", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    prepare = commands.add_parser("prepare", help="make the local stand-ins (all, or the named ones)")
    prepare.add_argument("names", nargs="*", metavar="NAME", help="a stand-in's name or its Hub id")
    prepare.add_argument(
        "--from", dest="bundle", type=Path, metavar="FOLDER", help="copy prepared ones from this folder"
    )
    prepare.set_defaults(run=_prepare)

    doctor = commands.add_parser("doctor", help="say what is there, what is not, and what to do")
    doctor.set_defaults(run=_doctor)

    lab = commands.add_parser("lab", help="open the course in JupyterLab")
    lab.add_argument("--port", type=int, default=8888, help="the first port to try (default: 8888)")
    lab.add_argument("--no-browser", action="store_true", help="serve only, open no browser window")
    lab.set_defaults(run=_lab)

    grade = commands.add_parser("grade", help="grade a folder of submitted exercise notebooks")
    add_arguments(grade)
    grade.set_defaults(run=_grade)
    return parser


def _prepare(arguments: argparse.Namespace) -> int:
    from hf_tutorial.sources.prepare import prepare

    prepare(arguments.names, bundle=arguments.bundle)
    return 0


def _doctor(arguments: argparse.Namespace) -> int:
    from hf_tutorial.doctor import examine_everything

    report = examine_everything()
    print(report)
    return 0 if report.healthy else 1


def _lab(arguments: argparse.Namespace) -> int:
    from hf_tutorial.lab import serve

    return serve(port=arguments.port, open_browser=not arguments.no_browser)


def _grade(arguments: argparse.Namespace) -> int:
    from hf_tutorial.grading.grade import grade

    options = options_of(arguments)
    grades = grade(options, say=lambda line: print(line, flush=True))
    print(f"Written to {options.output}: grades.csv, report.html, report.txt, grading.log and feedback/.")
    for failure in grades.failures:
        print(f"hf-tutorial: could not be graded: {failure}", file=sys.stderr)
    return 1 if grades.failures else 0


if __name__ == "__main__":
    sys.exit(main())
