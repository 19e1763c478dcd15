"""The flows through Python's `websockets`: python client.py http://127.0.0.1:8080"""

import asyncio
import json
import sys

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

BASE = sys.argv[1].replace("http", "ws", 1)
MEBIBYTE = 1024 * 1024
SECONDS_MAX = 30


async def welcomed(socket):
    message = json.loads(await socket.recv())
    assert message["method"] == "welcome", message
    return message["params"]


async def entries_of_everyone(socket):
    """What everyone is told, up to an output."""
    seen = []
    while not seen or seen[-1][0] != "output":
        message = json.loads(await socket.recv())
        params = message.get("params", {})
        if params.get("channel") == "everyone":
            seen.append((message["method"], params.get("message", params.get("value"))))
    return seen


async def countdown():
    async with connect(f"{BASE}/ws/countdown", subprotocols=["sandgate.v1"]) as starter:
        async with connect(f"{BASE}/ws/countdown") as silent:
            await welcomed(starter)
            await welcomed(silent)
            request = {"jsonrpc": "2.0", "id": 1, "method": "run", "params": {"input": {"a": 3}}}
            await starter.send(json.dumps(request))
            fell = [("push", 3), ("push", 2), ("push", 1), ("output", 0)]
            assert await entries_of_everyone(silent) == fell
            assert await entries_of_everyone(starter) == fell


async def echo():
    async with connect(f"{BASE}/ws/echo", compression=None, max_size=None) as socket:
        for message in ["hello, 世界", "", b"\x00\x01\xff", b"", bytes(16 * MEBIBYTE)]:
            await socket.send(message)
            assert await socket.recv() == message
        # In parts: a message, not a frame, is what comes back.
        await socket.send(["one ", "message"])
        assert await socket.recv() == "one message"


async def unknown_flow():
    async with connect(f"{BASE}/ws/nothing") as socket:
        try:
            await socket.recv()
        except ConnectionClosed as closed:
            assert closed.rcvd.code == 4004, closed
            assert "nothing" in closed.rcvd.reason, closed
        else:
            raise AssertionError("an unknown flow was served")


async def main():
    async with asyncio.timeout(SECONDS_MAX):
        await asyncio.gather(countdown(), echo(), unknown_flow())
    print("websockets: ok")


asyncio.run(main())
