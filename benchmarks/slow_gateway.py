"""A gateway for text messages that takes its time: `python -m benchmarks.slow_gateway PORT [--seconds 0.05]`.

It answers every POST of a JSON object with `{"id": …}` after so many seconds, keeps connections open, and answers
GET with what it has had: `{"ids": {id: how often}}`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections import Counter
from contextlib import suppress

had: Counter[str] = Counter()


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            asked = await reader.readuntil(b"\r\n\r\n")
            if asked.startswith(b"GET"):
                answer = json.dumps({"ids": had})
            else:
                said = json.loads(await reader.readexactly(_length(asked)))
                await asyncio.sleep(seconds)
                had[said["id"]] += 1
                answer = json.dumps({"id": f"gw-{said['id']}"})
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(answer)}"
            writer.write(f"{head}\r\n\r\n{answer}".encode())
            await writer.drain()
    writer.close()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


async def run(port: int, seconds: float) -> None:
    server = await asyncio.start_server(
        lambda reader, writer: serve(reader, writer, seconds), "127.0.0.1", port, backlog=1024
    )
    async with server:
        await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--seconds", type=float, default=0.05)
    options = parser.parse_args()
    asyncio.run(run(options.port, options.seconds))


if __name__ == "__main__":
    main()
