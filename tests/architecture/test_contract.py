import subprocess
import sys
from pathlib import Path


def test_the_generated_code_is_what_protoc_writes_from_the_proto_files(repository: Path) -> None:
    check = subprocess.run(
        [sys.executable, ".ci/contract.py", "check"], cwd=repository, capture_output=True, text=True, check=False
    )
    assert check.returncode == 0, check.stderr
