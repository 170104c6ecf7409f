"""The two stories of the sandbox: a reply that comes late (SOP clause 5), and a breach on a Friday evening (clause 8).

Each uses only the words on the screen, and can be played again: the first takes a client whom nobody waits for yet.
"""

from collections.abc import Mapping
from datetime import timedelta

from bot.sandbox import reading
from bot.sandbox.stage import AMELIA, JONAS, MARGARET, PRIYA, TOMAS, Story
from bot.sandbox.telling import Astray, Mark, Someone, Telling, Told, newest
from handlers.words import _, when

REPLY, TAKE, ON_IT = _("Log the reply"), _("I take it"), _("I am on it")
STEPS = (_("Done: Contain it"), _("Done: Tell the DPO and management"))
UNLISTED = _("My client is not listed")
LONG = 14.0  # seconds in which a visitor may want to take over


def _clock(t: Telling) -> str:
    now = t.stage.now()
    return when(now, t.stage.zone, now)


async def _late_reply(t: Telling) -> None:
    amelia, jonas, mark = t.person(AMELIA), t.person(JONAS), t.mark()
    await t.say(_("Time passes until Monday morning …"), pause=0)
    await t.clock(t.weekday(0, 10, 5))
    await t.say(_("{now}. A client has written and asks for an answer. Amelia logs it.").format(now=_clock(t)), amelia)
    await _log_inquiry(t, amelia)
    await t.say(_("That took her half a minute, and the clock runs. Then the day gets busy …"), amelia)
    await t.put_away(amelia)

    await t.let_time_pass_until(amelia, REPLY, mark)
    words = _("{now}. A nudge: who waits is a codename, and the locked phone shows one fixed sentence.")
    await t.say(words.format(now=_clock(t)), amelia, pause=6)
    await t.say(_("Nobody answers."), amelia, pause=2)

    card = await t.let_time_pass_until(jonas, TAKE, mark)
    words = _(
        "{now}. The reply is overdue, and Jonas is told. Take over if you like: as Jonas press “{take}”, or as Amelia "
        "“{reply}”. Else the story goes on."
    )
    await t.say(words.format(now=_clock(t), take=TAKE, reply=REPLY), jonas, pause=LONG)
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


async def _friday_breach(t: Telling) -> None:
    tomas, priya, margaret, mark = t.person(TOMAS), t.person(PRIYA), t.person(MARGARET), t.mark()
    await t.say(_("Time passes until Friday evening …"), pause=0)
    await t.clock(t.weekday(4, 18, 40))
    words = _("{now}. Tomas, a contractor, has left his laptop on a train. He reports it, without his name.")
    await t.say(words.format(now=_clock(t)), tomas)
    await _report(t, tomas)
    await t.say(_("He is thanked, and told what helps right now. Nobody blames anybody."), tomas)
    await t.put_away(tomas)

    await t.card(priya, ON_IT, mark)
    await t.say(_("Priya, the Data Protection Officer, is called at once, Friday evening or not."), priya, pause=6)
    await t.clock(t.stage.now() + timedelta(minutes=15))
    await t.card(margaret, ON_IT, mark)
    words = _(
        "{now}. A quarter of an hour and nobody has it: management is called too. Take over if you like: press "
        "“{button}” as Priya or Margaret. Else the story goes on."
    )
    await t.say(words.format(now=_clock(t), button=ON_IT), margaret, pause=LONG)
    await t.act(priya.press(ON_IT, on=await t.card(priya, ON_IT, mark)), pause=2)
    await t.say(_("Priya is on it. Every card names her now, and nobody else is called."), priya)
    for step in STEPS:
        await t.act(priya.press(step, on=await t.card(priya, step, mark)), pause=2.5)
    await t.say(_("Contained, and management knows. Each tick keeps who and when; the report stays sealed."), priya)


async def _report(t: Telling, tomas: Someone) -> None:
    leave_out = _("Leave my name out")
    await t.act(tomas.type("/report-breach"))
    await t.form(tomas)
    await t.act(tomas.write(_("What happened?"), _("A work laptop was left on the 18:10 train. It was locked.")))
    await t.act(tomas.choose(_("Is personal data involved?"), _("Yes")))
    await t.act(tomas.choose(_("Is it still going on?"), _("Not sure")))
    await t.act(tomas.choose(leave_out, leave_out))
    await t.submitted(tomas)


STORIES: Mapping[str, Story] = {
    "late-reply": Told(
        _("The late reply"),
        _("A client waits for an answer, Monday gets busy, and nobody is left in the dark."),
        _late_reply,
    ),
    "friday-breach": Told(
        _("Friday-evening breach"),
        _("A lost laptop, reported without a name, and somebody on it within minutes."),
        _friday_breach,
    ),
}
