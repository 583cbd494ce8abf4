"""Write the contract's Python code from the .proto files, or say how the tree differs from it.

python .ci/contract.py write | check
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

PROTOS = Path(__file__).resolve().parent.parent / "protos"
GENERATED = ("*_pb2.py", "*_pb2.pyi", "*_pb2_grpc.py", "*_pb2_grpc.pyi")


def generate(folder: Path) -> None:
    """Write the code for every .proto file into the folder; code for services only where there is a service."""
    everything = sorted(PROTOS.rglob("*.proto"))
    services = [path for path in everything if "\nservice " in path.read_text(encoding="utf-8")]
    protoc(["python", "mypy"], everything, folder)
    protoc(["grpc_python", "mypy_grpc"], services, folder)


def protoc(plugins: list[str], sources: list[Path], folder: Path) -> None:
    """Run protoc from the protos folder, with this environment's plug-ins on PATH."""
    options = [f"--{plugin}_out={folder}" for plugin in plugins]
    options += [f"--{plugin}_opt=quiet" for plugin in plugins if plugin.startswith("mypy")]
    names = [str(path.relative_to(PROTOS)) for path in sources]
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "grpc_tools.protoc", "-I.", *options, *names]
    subprocess.run(command, cwd=PROTOS, env=environment, check=True)


def generated(folder: Path) -> dict[Path, bytes]:
    """List the generated files below a folder, with what is in them."""
    found = (path for pattern in GENERATED for path in folder.rglob(pattern))
    return {path.relative_to(folder): path.read_bytes() for path in found}


def differences() -> list[str]:
    """Compare the tree with what protoc writes now."""
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder))
        wanted = generated(Path(folder))
    present = generated(PROTOS)
    return sorted(str(path) for path in wanted.keys() | present.keys() if wanted.get(path) != present.get(path))


def write() -> None:
    """Replace the generated files in the tree."""
    for path in generated(PROTOS):
        (PROTOS / path).unlink()
    generate(PROTOS)


def main(arguments: list[str]) -> int:
    """Do what the one argument says; exit code 1: the tree differs; 2: the argument was not understood."""
    match arguments:
        case ["write"]:
            write()
            return 0
        case ["check"]:
            stale = differences()
            for path in stale:
                print(f"protos/{path} is not what protoc writes from the .proto files; run `make gen`", file=sys.stderr)
            return 1 if stale else 0
        case _:
            print(__doc__, file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
