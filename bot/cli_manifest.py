"""App manifests for the chat platforms, from the commands that are there; they need no settings.

Invariants: no platform is called, and no database opened; what is written can be given to the platform as it is.
"""

import os
import re
from pathlib import Path
from typing import Annotated

import typer

from bot.terminal import WrongUse, note, say

manifest = typer.Typer(no_args_is_help=True, help="App manifests for the chat platforms.")
_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){2}")
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@manifest.command("slack")
def slack_manifest(
    out: Annotated[Path | None, typer.Option(metavar="PATH", help="Write it there, else on standard output.")] = None,
    url: Annotated[str, typer.Option(metavar="URL", help="Where Slack reaches this service.")] = "",
    socket_mode: Annotated[
        bool, typer.Option("--socket-mode", help="For Socket Mode: no address is needed, nothing is to be edited.")
    ] = False,
    why: Annotated[bool, typer.Option("--explain", help="Say what each permission is for.")] = False,
) -> None:
    """Slack's app manifest, made from the commands that are there: for HTTP with --url, or for --socket-mode."""
    import handlers.catalogue  # noqa: F401, PLC0415  registers every procedure
    from bot.slack.manifest import PLACEHOLDER, build, explained, yaml  # noqa: PLC0415

    if url and not url.startswith("https://"):
        raise WrongUse("--url: Slack reaches https addresses only.")
    if url and socket_mode:
        raise WrongUse("--url: Socket Mode has no address. Leave out --url or --socket-mode.")
    if why:
        say(explained())
    if not (url or socket_mode or why):
        note(f"The address in it, {PLACEHOLDER}, is nobody's. Give yours with --url, or use --socket-mode.")
    text = yaml(build(base_url=url or PLACEHOLDER, socket_mode=socket_mode))
    if out:
        _write(out, text)
    elif not why:
        say(text.rstrip("\n"))


@manifest.command("teams")
def teams_manifest(
    out: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="Write the app package there (.zip), or the manifest alone (.json)."),
    ] = None,
    app_id: Annotated[str, typer.Option(metavar="ID", help="The app's id in Entra ID; else TEAMS_APP_ID.")] = "",
    site: Annotated[str, typer.Option(metavar="URL", help="Where your firm says who runs this.")] = "",
    version: Annotated[
        str, typer.Option("--package-version", metavar="X.Y.Z", help="Higher than that of the package it replaces.")
    ] = "1.0.0",
    why: Annotated[bool, typer.Option("--explain", help="Say what each part is for.")] = False,
) -> None:
    """Teams' app package (manifest and icons), made from the commands that are there."""
    import handlers.catalogue  # noqa: F401, PLC0415  registers every procedure
    from bot.teams.manifest import PLACEHOLDER, SITE, build, explained, package, written  # noqa: PLC0415

    if site and not site.startswith("https://"):
        raise WrongUse("--site: Teams takes https addresses only.")
    id = app_id or os.environ.get("TEAMS_APP_ID", "").strip()
    if id and not _GUID.fullmatch(id):
        raise WrongUse("--app-id: is not an app's id. Copy “Application (client) ID” from Entra ID.")
    if not _VERSION.fullmatch(version):
        raise WrongUse("--package-version: is not a version like 1.0.1.")
    if why:
        say(explained())
    if not (id or why):
        note(f"The app's id in it, {PLACEHOLDER}, is nobody's. Give yours with --app-id, or set TEAMS_APP_ID.")
    found = build(app_id=id or PLACEHOLDER, site=site.rstrip("/") or SITE, version=version)
    if out:
        _write(out, written(found).encode() if out.suffix == ".json" else package(found))
    elif not why:
        say(written(found).rstrip("\n"))


def _write(path: Path, what: str | bytes) -> None:
    try:
        path.write_bytes(what.encode() if isinstance(what, str) else what)
    except OSError as error:
        raise WrongUse(f"--out: {path} cannot be written: {error.strerror}.") from None
