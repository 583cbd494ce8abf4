"""Runs the schools' REST interface: python -m examples.bolton.schools_server --folder DATA/schools."""

import os
import sys

from examples.bolton.serving import parse, serve
from examples.bolton.systems.schools.documents import FILE
from examples.bolton.systems.schools.register import Register
from examples.bolton.systems.schools.server import application


def main() -> None:
    """Serve the pupils that the build wrote into that folder."""
    serving = parse(
        sys.argv[1:], program="schools_server", key_variable="BOLTON_SCHOOLS_KEY", environment=dict(os.environ)
    )
    serve(application(Register.read(serving.folder / FILE), serving.key), serving)


if __name__ == "__main__":
    main()
