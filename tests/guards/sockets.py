"""Guards of Socket Mode: where it connects to, whose envelopes it takes, and that none is left or answered early."""

from tests.guards.table import guard

SOCKET_MODE, CONNECTION = "bot/slack/socket_mode.py", "bot/slack/connection.py"
KEPT_UP = "tests/slack/test_socket_mode.py::"
TRAVELS = "tests/slack/test_envelopes.py::"

SOCKETS = (
    guard(
        "Socket Mode: TLS, or loopback",
        SOCKET_MODE,
        '    if host and (parts.scheme == "wss" or (parts.scheme == "ws" and is_loopback(host))):',
        "    if host:",
        KEPT_UP + "test_an_address_without_tls_is_not_followed",
    ),
    guard(
        "Socket Mode: a refused token ends the start",
        SOCKET_MODE,
        "        except (RefusedAppToken, UnsafeAddress):",
        "        except ZeroDivisionError:",
        KEPT_UP + "test_a_refused_token_ends_the_start",
    ),
    guard(
        "Socket Mode: another app's envelope",
        SOCKET_MODE,
        "        if named and app_id and named != app_id:",
        "        if False:",
        TRAVELS + "test_people_of_another_workspace_and_payloads_of_another_app_never_reach_the_house",
    ),
    guard(
        "Socket Mode: an envelope by both connections is worked on once",
        SOCKET_MODE,
        "        if work is None:",
        "        if True:",
        TRAVELS + "test_one_envelope_by_both_connections_is_worked_on_once_and_answered_by_both",
    ),
    guard(
        "Socket Mode: acknowledged after the work",
        CONNECTION,
        '            said = await self._work(envelope, self.app_id or "")',
        '            said = f\'{{"envelope_id": "{envelope.id}"}}\'',
        TRAVELS + "test_an_answer_leaves_after_the_work_is_done",
    ),
    guard(
        "Socket Mode: stopping waits for what is in hand",
        CONNECTION,
        "            await asyncio.wait(set(self._in_hand), timeout=FINISH)",
        "            pass",
        KEPT_UP + "test_stopping_finishes_what_is_in_hand_and_takes_nothing_new",
    ),
    guard(
        "Socket Mode: stopping takes nothing new",
        CONNECTION,
        "            case Envelope() as envelope if not self._finishing:",
        "            case Envelope() as envelope:",
        KEPT_UP + "test_stopping_finishes_what_is_in_hand_and_takes_nothing_new",
    ),
    guard(
        "Socket Mode: a connection is read until it is closed",
        CONNECTION,
        "            while await self._next():",
        "            while not self._gone.is_set() and await self._next():",
        KEPT_UP + "test_a_goodbye_is_followed_by_a_new_connection_while_the_old_one_is_read_on",
    ),
)
