"""One person in Teams, who knows only the words on the screen: the same hands and eyes as `bot.sandbox.person.Person`.

Invariants: everything is found by label in what this person sees, on this step of a form or on one of the next; a label
that is not there is a LookupError.
"""

from bot.sandbox.delivery import Answer
from bot.sandbox.reading import buttons, text_of
from bot.sandbox.submitting import Outcome, Submitted
from bot.sandbox.teams import reading
from bot.sandbox.teams.hands import Hands
from bot.sandbox.teams.records import ANSWER
from bot.sandbox.teams.tenant import Dialog, Json, Post

EXTENSIONS = ("log-client", "report-breach")
OPENERS = ("Open the form", "Open")
MOST_STEPS = 8


class Person:
    def __init__(self, hands: Hands, aad: str) -> None:
        self.hands, self.id = hands, aad

    @property
    def modal(self) -> Dialog | None:
        return self.hands.tenant.dialogs.get(self.id)

    @property
    def chat(self) -> list[Post]:
        """All of the private chat, oldest first."""
        return self.hands.tenant.seen_by(self.id)

    @property
    def messages(self) -> list[Post]:
        """What the bot said by itself, oldest first; not its answers to typed lines."""
        return [p for p in self.chat if not p.author and p.summary != ANSWER]

    @property
    def home(self) -> Post | None:
        """The newest card with the duties."""
        shown = [p for p in self.chat if p.summary == ANSWER and "My duties" in text_of(p)]
        return shown[-1] if shown else None

    async def type(self, line: str) -> Answer:
        """A command: by the message extension where there is one; typed when there is none or when words follow, and
        what the answer offers is opened."""
        words = line.lstrip("/").split()
        name = words[1] if words[0] == "sopwith" and len(words) > 1 else words[0]
        if name in EXTENSIONS and words[-1] == name:
            return await self.hands.extension(self.id, name)
        answer = await self.say(line)
        last = self.chat[-1]
        opener = next((label for label in buttons(last) if label in OPENERS), "") if not last.author else ""
        return await self.press(opener, on=last) if opener and name != "home" else answer

    async def say(self, line: str) -> Answer:
        """A line typed into the chat, as it is."""
        return await self.hands.say(self.id, line)

    async def log_message(self, text: str) -> Answer:
        """“Log client interaction” on a message with these words."""
        chat = self.hands.tenant.members[self.id].chat
        message = self.hands.tenant.post(chat, author=self.id, said=text)
        return await self.hands.extension(self.id, "log-client", message)

    async def press(self, label: str, on: Post | Dialog | None = None, *, below: str = "") -> Answer:
        """A button on `on`; else on the dialog in front, else on the newest post that has it."""
        place = on or self._place_with(label)
        return await self.hands.press(self.id, place, reading.button(place, label, below))

    def _place_with(self, label: str) -> Post | Dialog:
        if self.modal:
            return self.modal
        found = [p for p in reversed(self.chat) if label in buttons(p)]
        if not found:
            raise LookupError(f"no button {label!r}, only {[b for p in self.chat for b in buttons(p)]}")
        return found[0]

    async def write(self, label: str, value: str) -> None:
        """Into a text field; a date ("2026-03-27") or a time ("16:00") into what has both."""
        inputs = await self._found(label)
        one = inputs[1] if len(inputs) == 2 and ":" in value else inputs[0]
        self.hands.fill(self._form(), one["id"], value)

    async def choose(self, label: str, *texts: str) -> None:
        """Options by their words; a menu that is searched is searched for them first."""
        one = (await self._found(label))[0]
        if any(text not in [c["title"] for c in one["choices"]] for text in texts):
            await self.search(label, texts[0])
            one = (await self._found(label))[0]
        values = [c["value"] for text in texts for c in one["choices"] if c["title"] == text]
        if len(values) != len(texts):
            raise LookupError(f"{texts} is not among {[c['title'] for c in one['choices']]}")
        self.hands.fill(self._form(), one["id"], ",".join(values))

    async def search(self, label: str, typed: str) -> list[str]:
        """What a menu offers for this, in words: searched by Teams among what is there, or by the bot."""
        one = (await self._found(label))[0]
        look = f"find.{one['id'].partition('.')[2]}"
        if any(part["id"] == look for part in reading.inputs_of(self._form())):
            self.hands.fill(self._form(), look, typed)
            await self.hands.press(self.id, self._form(), self._search_button(look))
            one = (await self._found(label))[0]
            return [c["title"] for c in one["choices"]]
        return [c["title"] for c in one["choices"] if typed.lower() in c["title"].lower()]

    def _search_button(self, look: str) -> Json:
        name = look.partition(".")[2]
        found = [a for a in reading.actions(self._form()) if a["data"]["sopwith"]["verb"] == "find"]
        return next(a for a in found if a["data"]["sopwith"]["name"] == name)

    async def submit(self) -> Submitted:
        """To the form's end, step by step; what is wrong on the way stops it."""
        for _step in range(MOST_STEPS):
            form = self._form()
            answer = await self.hands.press(self.id, form, primary(form)[0])
            if not answer.ok:
                return Submitted(outcome=Outcome.TROUBLE, answer=answer)
            if self.modal is None:
                return Submitted(outcome=Outcome.CLOSED, answer=answer)
            if wrong := reading.errors(self.modal):
                return Submitted(outcome=Outcome.ERRORS, answer=answer, errors=wrong)
            if not primary(self.modal):
                return Submitted(outcome=Outcome.UPDATED, answer=answer)
            if not reading.inputs_of(self.modal):  # “Try again”, with what was typed
                return Submitted(outcome=Outcome.ERRORS, answer=answer, errors={"": text_of(self.modal)})
        raise LookupError("a form without an end")

    async def cancel(self) -> None:
        self.hands.close_dialog(self.id)

    async def look_home(self) -> Post | None:
        await self.say("home")
        return self.home

    def _form(self) -> Dialog:
        if self.modal is None:
            raise LookupError("no dialog is open")
        return self.modal

    async def _found(self, label: str) -> list[Json]:
        """The field, on this step or on one of those before or behind it."""
        for verb in (*["form"] * MOST_STEPS, "more", *["back"] * MOST_STEPS):
            if found := reading.field(self._form(), label):
                return found
            ways = [a for a in reading.actions(self._form()) if a["data"]["sopwith"]["verb"] == verb]
            if ways and (verb != "form" or ways[0]["title"] == "Next"):
                await self.hands.press(self.id, self._form(), ways[0])
                if wrong := reading.errors(self._form()):
                    raise LookupError(f"{label!r} is not to be reached: {wrong}")
        raise LookupError(f"{label!r} is not among {reading.labels(self._form())}")


def primary(place: Dialog) -> list[Json]:
    """The button that goes on to the next step or sends the form in; none on what is no form."""
    return [a for a in reading.actions(place) if a["data"]["sopwith"]["verb"] == "form"]
