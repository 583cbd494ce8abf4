"""Runs community health's FHIR server: python -m examples.bolton.health_server --folder DATA/health."""

import os
import sys

from examples.bolton.serving import parse, serve
from examples.bolton.systems.health.resources import FILE
from examples.bolton.systems.health.search import Resources
from examples.bolton.systems.health.server import application


def main() -> None:
    """Serve the resources that the build wrote into that folder."""
    serving = parse(
        sys.argv[1:], program="health_server", key_variable="BOLTON_HEALTH_KEY", environment=dict(os.environ)
    )
    serve(application(Resources.read(serving.folder / FILE), serving.key), serving)


if __name__ == "__main__":
    main()
