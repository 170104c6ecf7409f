"""Options that several commands share, so that they read alike everywhere."""

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="PATH", help="The policy file; else SOPWITH_CONFIG, else ./sopwith.toml."),
]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, and with nothing else.")]
