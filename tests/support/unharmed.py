"""Whether a firm at whose doors everything was thrown goes on as if nothing had been."""

from pathlib import Path

from bot import checkpoints
from bot.config import Settings
from bot.sandbox.firm import Firm
from bot.sandbox.submitting import Outcome, Submitted
from bot.slack.platform import Slack
from storage.checkpoint import public_key
from storage.store import reading_engine
from storage.verify import Verdict, verify
from tests.journeys.conftest import Town
from tests.support.chats import CHATS, Chat
from tests.support.eavesdropper import Eavesdropper


async def the_house_still_works(firm: Firm, chat: Chat = CHATS["http"]) -> None:
    """An entry can be made, once Slack's directory has been read as it is each day: who had left by the word of some
    payload is back."""
    if not chat.on_teams:
        await slack_of(firm).directory.sync()
    town = Town(firm, chat)
    said = await town.log(town.amelia, "Brightwater Estates: lease", "Asked whether the lease can be renewed.")
    assert isinstance(said, Submitted)
    assert said.outcome is Outcome.UPDATED
    assert await firm.service.unready() == []


async def the_log_is_whole(firm: Firm, ear: Eavesdropper) -> None:
    """It is stopped for that."""
    await ear.see_it_close()
    verdict = verdict_on(firm.service.settings)
    assert verdict.ok, verdict.problem


def slack_of(firm: Firm) -> Slack:
    """The service's end of Slack."""
    return next(one for one in firm.service.platforms if isinstance(one, Slack))


def verdict_on(settings: Settings, checkpoint_file: Path | None = None) -> Verdict:
    """What `audit verify` finds, with the service's own file of checkpoints or another."""
    key = public_key(settings.secrets.audit_key, checkpoints.origin(settings.secrets.audit_key))
    engine = reading_engine(settings.database_url)
    try:
        return verify(engine, (checkpoint_file or settings.checkpoint_file).read_text(), key)
    finally:
        engine.dispose()
