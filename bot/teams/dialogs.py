"""What stands in a dialog and what becomes of it: opened, gone through step by step, sent in, or shown again with what
is wrong.

Invariants: each step asks the house anew how the form looks with what was chosen so far, but for a last one on which
nothing was chosen that could change it; nothing is sent in before all of it was asked; what was typed is never lost to
a fault; a form keeps its id from its first step to its end, so that a second click finds it used up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.teams import cards, forms
from bot.teams.cards import Json, Where
from bot.teams.forms import Dialog, Step
from bot.teams.incoming import Caller, asked
from bot.teams.menus import searched, with_menus
from bot.teams.shapes import Data, Said, Steps
from bot.teams.values import FIND, Read, input_id, is_empty, missing, raw_of, read
from handlers.request import Kind, Request
from handlers.views import Card, ChoiceField, Done, Form, Home, Invalid, Page, Reply, Say, SearchField, Value
from handlers.words import _

DIALOG = Where(dialog=True)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The dialog's answer; None closes it. `done`: something was sent in or done."""

    task: Json | None
    done: bool = False


async def opened(request: Request, caller: Caller, home: str = "") -> Shown:
    """What the request gives, as a dialog."""
    return await _show(await caller.ask(request), request, caller, home)


async def pressed(data: Data, caller: Caller) -> Shown:
    """A button in a dialog."""
    said = data.said
    if said.on_a_form:
        return await _go_on(data, caller)
    request = asked(said, caller.account, caller.key)
    if request.kind is not Kind.ACTION:
        return await opened(request, caller, said.home)
    reply = await caller.ask(request)
    if isinstance(reply, Done | Card) and said.page:
        name, subject = said.page
        again = Request(kind=Kind.OPEN, name=name, account=caller.account, subject=subject)
        return replace(await opened(again, caller, said.home), done=True)
    return replace(await _show(reply, request, caller, said.home, page=_pair(said.page)), done=True)


async def _show(
    reply: Reply, request: Request, caller: Caller, home: str, page: tuple[str, str] | None = None
) -> Shown:
    again = (request.name, request.subject) if request.kind is Kind.OPEN or request.name == cards.HOME else None
    match reply:
        case Form():
            asked_first = request.kind is Kind.SUBMIT  # the form sent in leads to another, which has a door of its own
            opener = reply.name if asked_first else request.name
            steps = Steps(by="command" if request.kind is Kind.COMMAND else "open", opener=opener)
            found = await with_menus(Dialog(form=reply, steps=steps, zone=caller.zone, home=home), caller)
            return _step(found, forms.following(reply, (), found.steps.long))
        case Page() | Home():
            where = Where(dialog=True, page=again, home=home)
            return Shown(task=_task(reply.title, cards.page(reply, where)))
        case Card():
            return Shown(task=_task(reply.title, cards.card(reply, Where(dialog=True, home=home))))
        case Say():
            said = cards.say(replace(reply, title=""), Where(dialog=True, page=page, home=home))
            return Shown(task=_task(reply.title or "Sopwith", said))
        case Invalid():
            return Shown(task=_task("Sopwith", cards.say(Say(text="\n".join(reply.errors.values())))))
    return Shown(task=None)


async def _go_on(data: Data, caller: Caller) -> Shown:
    """To the next step, to the one before, to what a search finds, or to the end."""
    said, steps = data.said, data.said.steps
    typed = _typed(data)
    offered = {name: [(value, label) for value, label in pairs] for name, pairs in steps.offered.items()}
    given = read(typed, [*steps.asked, *steps.shown], offered, caller.zone)
    refused: Mapping[str, str] = {}
    if said.verb == "form" and _is_whole(steps, typed, given):
        sent = await _send_in(said, steps, caller, given.values)
        if isinstance(sent, Shown):
            return sent
        refused = sent
    reply = await caller.ask(_again(said, steps, caller, given.values))
    if isinstance(reply, Done) and said.verb == "form":  # it was sent in before
        sent = await _send_in(said, steps, caller, given.values)
        return sent if isinstance(sent, Shown) else Shown(task=told(Say(text="\n".join(sent.values()))))
    if isinstance(reply, Say):
        again = forms.retry(said, typed)
        return Shown(task=_task(reply.title or "Sopwith", cards.say(replace(reply, title=""), DIALOG, again)))
    if not isinstance(reply, Form):
        return await _show(reply, _again(said, steps, caller, {}), caller, said.home)
    form, typed = _as_typed(reply, given, typed, caller)
    found = Dialog(form=form, steps=steps, zone=caller.zone, offered=offered, typed=typed, home=said.home)
    if refused:
        return _refused(found, refused)
    return await _onward(found, data, given, caller)


def _typed(data: Data) -> dict[str, str]:
    """What stands in each input of the form; in those that Teams leaves out, nothing."""
    here = {id: text for id, text in data.inputs.items() if not id.startswith(f"{FIND}.")}
    return {**dict.fromkeys(data.said.steps.inputs, ""), **data.said.steps.typed, **here}


def troubled(data: Data | None, say: Say) -> Json:
    """A fault before the house was asked: the form's button once more, with what was typed."""
    if data is None or not data.said.on_a_form:
        return told(say)
    return _task("Sopwith", cards.say(say, DIALOG, forms.retry(data.said, _typed(data))))


async def _onward(found: Dialog, data: Data, given: Read, caller: Caller) -> Shown:
    """Now that it is known how the form looks."""
    said, steps, form = data.said, data.said.steps, found.form
    here = Step(
        shown=tuple(f for f in forms.asked_for(form) if f.name in steps.shown),
        asked=tuple(steps.asked),
        first=not steps.asked,
        last=forms.following(form, [*steps.asked, *steps.shown], steps.long) is None,
    )
    if said.verb == "back":
        return _step(found, forms.before(form, steps.shown, steps.long))
    if said.verb == "find":
        return _step(await searched(found, said.name, data.inputs.get(input_id(FIND, said.name), ""), caller), here)
    wrong = {name: words for name, words in given.faults.items() if name in steps.shown}
    wrong = {**missing(here.shown, form.values), **wrong}
    if wrong:
        return _step(replace(found, form=replace(form, errors=wrong)), here)
    found = await with_menus(found, caller)
    if said.verb == "more":
        return _step(found, forms.aside(form, [*steps.asked, *steps.shown]))
    following = forms.following(form, [*steps.asked, *steps.shown], found.steps.long)
    if following:
        return _step(found, following)
    names = {f.name for f in forms.asked_for(form)}
    sent = await _send_in(said, steps, caller, {k: v for k, v in form.values.items() if k in names})
    return sent if isinstance(sent, Shown) else _refused(found, sent)


def _is_whole(steps: Steps, typed: Mapping[str, str], given: Read) -> bool:
    """Nothing was left open on the last step, and nothing changed that would change the form: it need not be asked how
    it looks now."""
    if steps.pins is None or given.faults or any(is_empty(given.values.get(name)) for name in steps.must):
        return False
    return all(typed.get(id, "") == text for id, text in steps.pins.items())


async def _send_in(said: Said, steps: Steps, caller: Caller, values: Mapping[str, Value]) -> Shown | Mapping[str, str]:
    """All was asked. What the house says to it, or what is wrong, by field."""
    names = {*steps.asked, *steps.shown}
    request = Request(
        kind=Kind.SUBMIT,
        name=said.name,
        account=caller.account,
        key=f"submit:{caller.key}" if caller.key else "",
        form_id=steps.form_id,
        subject=said.subject,
        values={name: value for name, value in values.items() if name in names},
    )
    reply = await caller.ask(request)
    if isinstance(reply, Invalid):
        return reply.errors or {"": _("This could not be saved. Please try again.")}
    return replace(await _show(reply, request, caller, said.home), done=True)


def _refused(found: Dialog, errors: Mapping[str, str]) -> Shown:
    form = replace(found.form, errors=errors)
    return _step(replace(found, form=form), forms.faulty(form, found.steps.long))


def _pair(page: list[str] | None) -> tuple[str, str] | None:
    return (page[0], page[1]) if page else None


def _again(said: Said, steps: Steps, caller: Caller, values: dict[str, Value]) -> Request:
    kind = Kind.OPEN if steps.by == "open" else Kind.COMMAND
    who, form_id = caller.account, steps.form_id
    return Request(kind=kind, name=steps.opener, account=who, form_id=form_id, subject=said.subject, values=values)


def _as_typed(form: Form, given: Read, typed: dict[str, str], caller: Caller) -> tuple[Form, dict[str, str]]:
    """The form with what was typed. One that looks different with what is chosen has its own word on every value; any
    other does not look at them."""
    fields = {f.name: f for f in form.fields}
    knows = any(isinstance(f, ChoiceField | SearchField) and f.refreshes for f in form.fields)
    changed = {
        name
        for name, value in given.values.items()
        if knows and name in fields and name not in given.faults and (form.values.get(name) or "") != (value or "")
    }
    kept = {name: value for name, value in given.values.items() if name not in changed}
    stale = {id for name in changed for id in raw_of(fields[name], None, caller.zone)}
    form = replace(form, values={**form.values, **kept})
    return form, {id: text for id, text in typed.items() if id not in stale}


def _step(found: Dialog, step: Step | None) -> Shown:
    step = step or Step(shown=(), asked=(), first=True, last=True)
    return Shown(task=_task(found.form.title, forms.dialog(found, step)))


def told(say: Say) -> Json:
    """A sentence as a dialog."""
    return _task("Sopwith", cards.say(say))


def _task(title: str, card: Json) -> Json:
    content = {"contentType": cards.CONTENT_TYPE, "content": card}
    return {"type": "continue", "value": {"title": title, "height": "large", "width": "medium", "card": content}}
