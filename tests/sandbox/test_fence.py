"""The fence around the sandbox: this machine alone, and never beside real secrets."""

import pytest

from bot.sandbox.firm import ProductionSecrets, refuse_production
from bot.sandbox.server import start
from bot.sandbox.workspace import Workspace

SECRETS = (
    "SOPWITH_MASTER_KEY",
    "SOPWITH_MASTER_KEY_OLD",
    "SOPWITH_AUDIT_KEY",
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_APP_TOKEN",
    "TEAMS_APP_ID",
    "TEAMS_APP_PASSWORD",
)


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("form", ["{}", "{}_FILE"])
def test_the_sandbox_does_not_start_beside_a_real_secret_and_does_not_show_it(name: str, form: str) -> None:
    with pytest.raises(ProductionSecrets, match=name) as caught:
        refuse_production({form.format(name): "SECRET", "PATH": "/bin"})
    assert "SECRET" not in str(caught.value).replace(name, "")


def test_without_secrets_it_starts() -> None:
    refuse_production({"PATH": "/bin", "SLACK_BOT_TOKEN": ""})


async def test_the_sandbox_is_on_this_machine_alone() -> None:
    running = await start(Workspace())
    found = {address[0] for address in running.runner.addresses}
    await running.stop()
    assert found == {"127.0.0.1"}
