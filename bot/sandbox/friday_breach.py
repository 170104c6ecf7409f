"""The story of a breach on a Friday evening (SOP clause 8)."""

from datetime import timedelta

from bot.sandbox.stage import MARGARET, PRIYA, TOMAS
from bot.sandbox.telling import LONG, Mark, Someone, Telling, Told
from handlers.words import _

ON_IT, CLOCKS = _("I am on it"), _("Clocks")
AUTHORITY = "Information Commissioner (ICO)"
STEPS = (_("Done: Contain it"), _("Done: Tell the DPO and management"))


async def _friday_breach(t: Telling) -> None:
    tomas, priya, margaret, mark = t.person(TOMAS), t.person(PRIYA), t.person(MARGARET), t.mark()
    await t.say(_("Time passes until Friday evening …"), pause=0)
    await t.clock(t.weekday(4, 18, 40))
    words = _("{now}. Tomas, a contractor, has left his laptop on a train. He reports it, without his name.")
    await t.say(words.format(now=t.time()), tomas)
    reference = await _report(t, tomas)
    await t.say(_("He is thanked, and told what helps right now. Nobody blames anybody."), tomas)
    await t.put_away(tomas)

    await t.card(priya, ON_IT, mark, reference)
    await t.say(_("Priya, the Data Protection Officer, is called at once, Friday evening or not."), priya, pause=6)
    await t.clock(t.stage.now() + timedelta(minutes=15))
    await t.card(margaret, ON_IT, mark, reference)
    words = _(
        "{now}. A quarter of an hour and nobody has it: management is called too. Take over if you like: press "
        "“{button}” as Priya or Margaret. Else the story goes on."
    )
    await t.say(words.format(now=t.time(), button=ON_IT), margaret, pause=LONG)
    await t.press(priya, ON_IT, mark, reference)
    await t.say(_("Priya is on it. Every card names her now, and nobody else is called."), priya)
    for step in STEPS:
        await t.press(priya, step, mark, reference, pause=2.5)
    await t.say(_("Contained, and management knows. Each tick keeps who and when; the report stays sealed."), priya)
    await _clocks(t, priya, mark, reference)


async def _clocks(t: Telling, priya: Someone, mark: Mark, reference: str) -> None:
    """What the law asks for, why, and a notice in time of which more is to follow."""
    await t.press(priya, CLOCKS, mark, reference)
    words = _("The law's clocks run since the report. What is due first stands first; nothing else is due before it.")
    await t.say(words, priya, pause=6)
    await t.act(priya.press(_("See"), below=AUTHORITY), pause=2)
    words = _(
        "Why, in sentences: the article, the beginning, the sum. What nobody knows yet counts as the worse answer."
    )
    await t.say(words, priya, pause=6)
    await t.put_away(priya)
    await t.say(_("Time passes until Sunday morning …"), pause=0)
    await t.clock(t.weekday(6, 10, 0))
    await t.press(priya, CLOCKS, mark, reference, pause=1)
    await t.act(priya.press(_("See"), below=AUTHORITY), pause=1)
    await t.act(priya.press(_("A notice was sent")), pause=1)
    await t.act(priya.choose(_("How?"), _("The authority's form or portal")))
    await t.act(priya.choose(_("Does it say everything?"), _("No, more is to follow")))
    await t.submitted(priya)
    await t.put_away(priya)
    words = _("{now}. Told within 72 hours, with what is known. More may follow, and the case stays open until it has.")
    await t.say(words.format(now=t.time()), priya)


async def _report(t: Telling, tomas: Someone) -> str:
    leave_out = _("Leave my name out")
    await t.act(tomas.type("/report-breach"))
    await t.form(tomas)
    await t.act(tomas.write(_("What happened?"), _("A work laptop was left on the 18:10 train. It was locked.")))
    await t.act(tomas.choose(_("Is personal data involved?"), _("Yes")))
    await t.act(tomas.choose(_("Is it still going on?"), _("Not sure")))
    await t.act(tomas.choose(leave_out, leave_out))
    await t.submitted(tomas)
    return t.reference(tomas, "BR-")


STORY = Told(
    _("Friday-evening breach"),
    _("A lost laptop, reported without a name, somebody on it within minutes, and the law's clocks."),
    _friday_breach,
)
