"""A demonstration's script: demo.toml, which says what a deployment under examples/ needs to come alive."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict

FILE_NAME = "demo.toml"


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Server(_Table):
    """A back-office server to start; the address that it prints goes into an environment variable."""

    name: str
    module: str
    arguments: list[str]
    variable: str


class Person(_Table):
    """Somebody who can sign in."""

    user_name: str
    display_name: str
    level: str
    agency: str


class Question(_Table):
    """A question worth asking, with what it shows."""

    who: str
    shows: str
    arguments: list[str]


class Script(_Table):
    """What a demonstration builds, starts, and suggests. `{data}` and `{certificates}` name its folders."""

    title: str
    build: list[str]
    environment: dict[str, str]
    secrets: list[str]
    hub_variable: str
    servers: list[Server]
    people: list[Person]
    questions: list[Question]


def read_script(folder: Path) -> Script:
    """Read the script of a deployment under examples/."""
    return Script(**tomllib.loads((folder / FILE_NAME).read_text(encoding="utf-8")))
