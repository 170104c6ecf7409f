"""Whatever comes to the public port and to the admin port, HTTP or not, is answered shortly, plainly, or not at all."""

import asyncio
import random
from collections.abc import Iterator

import pytest

from bot.sandbox.firm import Firm
from bot.web import port_of
from tests.support.eavesdropper import Eavesdropper
from tests.support.judge import Judge
from tests.support.raw_http import look_at, request, sent

AT_ONCE = 32


@pytest.mark.parametrize("cases", [1000, pytest.param(50_000, marks=pytest.mark.long)])
async def test_what_is_nearly_http_is_answered_without_a_word_of_it(
    firm: Firm, ear: Eavesdropper, judge: Judge, seed: int, cases: int
) -> None:
    ports = [port_of(runner) for runner in firm.service._runners]
    numbers = iter(range(cases))

    async def knock(numbers: Iterator[int]) -> None:
        for number in numbers:
            chance = random.Random(f"{seed}:{number}")
            look_at(judge, f"raw #{number}", await sent(ports[number % 2], request(chance, judge.word)))

    await asyncio.gather(*(knock(numbers) for _one in range(AT_ONCE)))
    judge.read(ear.heard)
    assert judge.wrong == [], judge.said(seed)
    assert [fault for fault in judge.faults if not fault.startswith("library sopwith.http ")] == [], seed
    assert judge.statuses["raw 200"] > cases / 100
    assert await firm.service.unready() == []
    assert await firm.service.late() == []


async def test_an_answer_to_what_is_no_http_has_no_banner_and_quotes_nothing(firm: Firm) -> None:
    came = await sent(port_of(firm.service._runners[0]), b"GET /secret HTTP/9\r\n\r\n")
    assert came.startswith(b"HTTP/1.0 400 ")
    assert b"Server: sopwith\r\n" in came
    assert came.endswith(b'{"error": "Bad Request"}')
