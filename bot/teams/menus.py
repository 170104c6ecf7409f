"""Menus that are searched: what the house offers for a word, for fields that a card cannot ask while somebody types.

Invariants: a menu is asked for once and travels with the form; what stands in it already is among what it offers.
"""

from dataclasses import replace

from bot.teams import forms
from bot.teams.forms import Dialog
from bot.teams.incoming import Caller
from bot.teams.values import raw_of
from handlers.request import Kind, Request
from handlers.views import Form, Options, SearchField
from handlers.words import _


async def with_menus(found: Dialog, caller: Caller) -> Dialog:
    """With what each menu offers that is searched, and what stands in it."""
    offered, long = dict(found.offered), set(found.steps.long)
    for one in found.form.fields:
        if isinstance(one, SearchField):
            if one.name not in offered:
                offered[one.name] = await _options(one, found.form, "", caller)
                long |= {one.name} if len(offered[one.name]) >= forms.MENU else set()
            offered[one.name] = forms.options_of(found.form.values.get(one.name), offered[one.name])
    return replace(found, offered=offered, steps=found.steps.model_copy(update={"long": sorted(long)}))


async def searched(found: Dialog, name: str, word: str, caller: Caller) -> Dialog:
    """The menu holds what fits the word, and nothing is chosen yet."""
    one = next((f for f in found.form.fields if f.name == name and isinstance(f, SearchField)), None)
    if not isinstance(one, SearchField):
        return found
    options = await _options(one, found.form, word, caller)
    typed = dict(found.typed)
    if word.strip() and options:
        typed |= raw_of(one, None, caller.zone)
        found = replace(found, form=replace(found.form, values={**found.form.values, name: None}))
        offered = {**found.offered, name: options}
    else:
        words = _("Nothing fits “{word}”.").format(word=word) if word.strip() else _("Please type a part of the name.")
        found = replace(found, form=replace(found.form, errors={name: words}))
        offered = dict(found.offered)
    return replace(found, offered=offered, typed=typed)


async def _options(one: SearchField, form: Form, text: str, caller: Caller) -> list[tuple[str, str]]:
    request = Request(kind=Kind.SEARCH, name=one.search, account=caller.account, subject=form.subject, text=text)
    reply = await caller.ask(request)
    return [(o.value, o.label) for o in reply.options] if isinstance(reply, Options) else []
