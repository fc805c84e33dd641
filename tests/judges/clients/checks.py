"""What the Python clients share: where the demo cloud is, and one line of JSON per check.

The runner sets PARTWAY_CLOUD to {"url", "region", "access_key", "secret_key", "buckets"}. The first
line printed names the client, and every further one a check: {"check", "ok", "detail"}. A failed
check never keeps the next one from running. By hand, PARTWAY_CHECK limits a run to the checks whose
names hold it.
"""

import json
import os
import socket
import sys
import traceback
from urllib.parse import urlsplit

_cloud = json.loads(os.environ["PARTWAY_CLOUD"])

URL = _cloud["url"]
REGION = _cloud["region"]
ACCESS_KEY = _cloud["access_key"]
SECRET_KEY = _cloud["secret_key"]

MIB = 1 << 20
GIB = 1 << 30

# The programs under test may print what they like; the report has a channel of its own.
_report, sys.stdout = sys.stdout, sys.stderr
_checks = []


def bucket(word):
    """The full name of an example bucket."""
    return _cloud["buckets"][word]


def check(name):
    """Registers a function as a check."""

    def register(function):
        _checks.append((name, function))
        return function

    return register


def run(client, version):
    """Runs every check in the order written."""
    _say({"client": client, "version": version})
    only = os.environ.get("PARTWAY_CHECK", "")
    for name, function in _checks:
        if only not in name:
            continue
        detail = ""
        try:
            function()
        except Exception as problem:  # noqa: BLE001: any failure is the check's, not the script's
            detail = f"{_place(problem)}: {type(problem).__name__}: {problem}"
            traceback.print_exc()
        _say({"check": name, "ok": not detail, "detail": detail[:600]})


def _place(problem):
    """The last line of a check that the problem went through."""
    here = os.path.dirname(os.path.abspath(__file__))
    frames = traceback.extract_tb(problem.__traceback__)
    own = [one for one in frames if one.filename.startswith(here) and one.filename != __file__]
    return f"{os.path.relpath(own[-1].filename, here)}:{own[-1].lineno}" if own else "checks.py"


def _say(line):
    print(json.dumps(line), file=_report, flush=True)


def equal(actual, wanted, what):
    """Fails unless the two are the same."""
    if actual != wanted:
        raise AssertionError(f"{what} is {_short(actual)}, not {_short(wanted)}")


def true(condition, what):
    """Fails unless the condition holds."""
    if not condition:
        raise AssertionError(what)


def _short(value):
    text = repr(value)
    return text if len(text) <= 200 else text[:200] + "…"


def name_localhost():
    """Leads every `*.localhost` name, on the usual port of HTTP, to the demo cloud.

    The vendors' programs put the bucket into the host name, and some sign that name without a port.
    Not every resolver knows that names under `localhost` are this machine.
    """
    port = urlsplit(URL).port
    resolve = socket.getaddrinfo

    def resolve_here(host, wanted, *rest, **more):
        name = host.decode() if isinstance(host, bytes) else host
        if name and name.endswith(".localhost"):
            host, wanted = "127.0.0.1", port if wanted in (80, "80", "http") else wanted
        return resolve(host, wanted, *rest, **more)

    socket.getaddrinfo = resolve_here
