"""The story of a reply that comes late (SOP clause 5). It takes a client whom nobody waits for yet, so that it can be
played again."""

from bot.sandbox import reading
from bot.sandbox.stage import AMELIA, JONAS
from bot.sandbox.telling import LONG, Astray, Mark, Someone, Telling, Told, newest
from handlers.words import _

REPLY, TAKE = _("Log the reply"), _("I take it")
UNLISTED = _("My client is not listed")


async def _late_reply(t: Telling) -> None:
    amelia, jonas, mark = t.person(AMELIA), t.person(JONAS), t.mark()
    await t.say(_("Time passes until Monday morning …"), pause=0)
    await t.clock(t.weekday(0, 10, 5))
    await t.say(_("{now}. A client has written and asks for an answer. Amelia logs it.").format(now=t.time()), amelia)
    await _log_inquiry(t, amelia)
    await t.say(_("That took her half a minute, and the clock runs. Then the day gets busy …"), amelia)
    await t.put_away(amelia)

    await t.let_time_pass_until(amelia, REPLY, mark)
    words = _("{now}. A nudge: who waits is a codename, and the locked phone shows one fixed sentence.")
    await t.say(words.format(now=t.time()), amelia, pause=6)
    await t.say(_("Nobody answers."), amelia, pause=2)

    card = await t.let_time_pass_until(jonas, TAKE, mark)
    words = _(
        "{now}. The reply is overdue, and Jonas is told. Take over if you like: as Jonas press “{take}”, or as Amelia "
        "“{reply}”. Else the story goes on."
    )
    await t.say(words.format(now=t.time(), take=TAKE, reply=REPLY), jonas, pause=LONG)
    await t.act(jonas.press(TAKE, on=card), pause=2)
    await t.say(_("Jonas takes it, so nobody else is called. The reply itself is still due."), jonas)
    await _log_reply(t, amelia, mark)
    await t.until(lambda: newest(amelia, REPLY, mark) is None, _("the card still asks for a reply"))
    await t.say(
        _("Answered. The clock has stopped, and every card about it says so. The audit log has every step."), amelia
    )
    await t.put_away(amelia)


async def _log_inquiry(t: Telling, amelia: Someone) -> None:
    await t.act(amelia.look_home(), pause=0)
    busy = reading.text_of(amelia.home) if amelia.home else ""
    await t.act(amelia.type("/log-client"))
    await t.form(amelia)
    client = await _free_client(amelia, busy)
    await t.act(amelia.choose(_("Client"), client))
    await t.act(amelia.choose(_("Channel"), "Company email"))
    await t.act(amelia.choose(_("Direction"), _("From the client")))
    await t.act(amelia.choose(_("Kind"), _("E-mail")))
    await t.act(amelia.write(_("Summary"), _("Asks whether the lease can be signed before the end of the month.")))
    await t.act(amelia.choose(_("Does the client expect a reply?"), _("Yes")))
    await t.submitted(amelia)


async def _free_client(amelia: Someone, busy: str) -> str:
    """One of hers for whom no reply is due: `Name · Codename · number`, the codename not on her home page."""
    hers = [words for words in await amelia.search(_("Client"), "") if words != UNLISTED]
    free = [words for words in hers if not any(part in busy for part in words.split(" · ")[1:2])]
    if not free:
        raise Astray(_("every client of Amelia's waits for a reply already"))
    return free[0]


async def _log_reply(t: Telling, amelia: Someone, mark: Mark) -> None:
    await t.say(_("Amelia sees that it is late, answers the client, and logs the reply."), amelia, pause=3)
    await t.act(amelia.press(REPLY, on=await t.card(amelia, REPLY, mark)))
    await t.form(amelia)
    await t.act(amelia.write(_("Summary"), _("Told the client that the lease will be ready on Thursday.")))
    await t.submitted(amelia)


STORY = Told(
    _("The late reply"),
    _("A client waits for an answer, Monday gets busy, and nobody is left in the dark."),
    _late_reply,
)
