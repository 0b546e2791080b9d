"""What schemathesis must be told of us: how to sign, and what a frame is.

Generated requests are signed over exactly the bytes that go out. Where schemathesis breaks headers
on purpose, they go out as it made them.
"""

import atexit
import base64
import json
import os
import pathlib
import threading
import urllib.parse

import requests
import schemathesis
import spotcheck
from hypothesis import strategies as st
from schemathesis.core.parameters import ParameterLocation

KNOWN = json.loads(os.environ["SPOTCHECK_KNOWN"])
DEVICE = spotcheck.Device(KNOWN["link"], KNOWN["key"])
PHOTO = os.urandom(200_000)
GRANT = DEVICE.grant(PHOTO)
UPLOAD = GRANT["location"].rsplit("/", 1)[1]


def hexes(length):
    return st.text("0123456789abcdef", min_size=length, max_size=length)


ids = hexes(32)
hashes = hexes(64)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
integers = st.integers(min_value=0, max_value=2**64 - 1) | st.integers(-(2**53), 2**53)
seen = st.none() | st.fixed_dictionaries({"epoch": ids, "size": integers, "root": hashes})
signatures = st.binary(min_size=64, max_size=64).map(lambda it: base64.b64encode(it).decode())
lines = st.lists(
    st.tuples(st.sampled_from(["finding.raised", "x", ""]), st.just("") | ids | integers, integers, st.text(max_size=30)).map(list)
    | hashes,
    max_size=3,
)
runs = st.fixed_dictionaries(
    {
        "log": ids | st.just(DEVICE.log),
        "scope": ids,
        "by": ids,
        "boot": integers,
        "first": integers,
        "prev": hashes,
        "seed": st.just("") | ids,
        "at": st.lists(integers, min_size=3, max_size=5),
        "sig": signatures,
        "ops": lines,
    }
)
triples = lambda first, third: st.lists(st.tuples(first, integers, third).map(list), max_size=3)
pairs = lambda first, second: st.lists(st.tuples(first, second).map(list), max_size=3)
checkpoint = st.fixed_dictionaries(
    {"checkpoint": st.fixed_dictionaries({"epoch": ids, "size": integers, "root": hashes}), "sig": signatures}
)
introduction = st.fixed_dictionaries({"old": ids | st.just(DEVICE.log), "key": hashes, "sig": signatures})
UNSIGNED = "x-unsigned"
MESSAGES = {
    "/api/v1/enrol": {"code": st.text(max_size=40), "key": hashes | st.just(DEVICE.public.hex()), "device_name": st.text(max_size=70)},
    "/api/v1/sync/push": {
        "seen": seen,
        "introductions": st.lists(introduction, max_size=2),
        "runs": st.lists(runs | anything, max_size=2),
        "logs": triples(ids | st.just(DEVICE.log), hashes),
        "ask": st.lists(hashes, max_size=3),
    },
    "/api/v1/sync/pull": {"seen": seen, "cursors": pairs(ids | st.just(KNOWN["scope"]), integers), "own": pairs(ids, integers)},
    "/api/v1/sync/compare": {
        "scope": ids | st.just(KNOWN["scope"]),
        "ranges": st.lists(st.tuples(integers, integers, integers, hashes).map(list), max_size=3),
    },
    "/api/v1/sync/rewind": {"proof": checkpoint | st.just(KNOWN["checkpoint"]), "known": pairs(integers, hashes), "directory": st.lists(runs, max_size=2), "more": st.booleans()},
    "/api/v1/uploads/grants": {"sha256": hashes, "bytes": integers},
    "/api/v1/team/devices": {"after": st.none() | ids | st.just(DEVICE.log)},
    "/api/v1/team/invite": {"user": ids | st.just(KNOWN["user"])},
    "/api/v1/team/revoke": {"log": ids | st.just(DEVICE.log), "reason": st.text(max_size=520)},
}


SIGNED = {*MESSAGES, "/api/v1/blobs/{sha256}"}


def messages(path):
    """Bodies for a route: of the right form, or spoiled in one way or another."""
    whole = st.fixed_dictionaries({"p": st.just(1), **MESSAGES[path]})
    spoiled = st.tuples(whole, st.sampled_from(["p", *MESSAGES[path]]), anything).map(
        lambda it: it[0] | {it[1]: it[2]}
    )
    frames = (whole | spoiled | anything).map(
        lambda it: spotcheck.compress(json.dumps(it).encode())
    )
    cut = st.tuples(frames, st.integers(0, 60)).map(lambda it: it[0][: it[1]])
    return frames | frames | cut | st.binary(max_size=300)


@schemathesis.hook
def before_generate_body(context, strategy):
    path = context.operation.path
    if path in MESSAGES:
        return messages(path)
    return strategy


@schemathesis.serializer("application/vnd.spotcheck.sync", "application/offset+octet-stream")
def as_it_is(context, value):
    if isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()


@schemathesis.deserializer("application/vnd.spotcheck.sync", "application/octet-stream")
def bytes_as_text(context, response):
    return response.content.decode("latin-1")


class Signed(requests.auth.AuthBase):
    """Signs what goes out, whatever it is, unless it was broken on purpose."""

    def __call__(self, request):
        if request.headers.pop(UNSIGNED, None):
            return request
        url = urllib.parse.urlsplit(request.url)
        target = url.path + (f"?{url.query}" if url.query else "")
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        request.headers.update(DEVICE.sign(request.method, target, body))
        return request


schemathesis.auth.set_from_requests(Signed()).apply_to(
    operation_id=["enrol", "push", "pull", "compare", "rewind", "devices", "invite", "revoke", "grant_upload", "download_blob"]
)


@schemathesis.auth().apply_to(operation_id=["create_upload", "upload_offset", "append_to_upload"])
class Capability:
    def get(self, case, context):
        return GRANT["capability"]

    def set(self, case, data, context):
        case.headers = dict(case.headers or {}) | {"spotcheck-upload": data}


def is_broken(case, location):
    """Whether schemathesis means this part of a request to be bad."""
    part = (case.meta.components if case.meta else {}).get(location)
    return part is not None and part.mode.is_negative


@schemathesis.hook
def before_call(context, case, kwargs):
    if is_broken(case, ParameterLocation.HEADER) and case.operation.path in SIGNED:
        case.headers = dict(case.headers or {}) | {UNSIGNED: "1"}
    if case.operation.definition.raw["operationId"] == "create_upload" and case.headers:
        if not is_broken(case, ParameterLocation.HEADER) and os.urandom(1)[0] < 128:
            case.headers = dict(case.headers) | {"Upload-Length": str(len(PHOTO))}
    real = {"id": UPLOAD, "sha256": KNOWN["blob"]}
    names = case.path_parameters or {}
    # One in two at what exists.
    if not is_broken(case, ParameterLocation.PATH) and os.urandom(1)[0] < 128:
        case.path_parameters = {name: real.get(name, value) for name, value in names.items()}


_count = [0]
_lock = threading.Lock()


@schemathesis.hook
def after_call(context, case, response):
    with _lock:
        _count[0] += 1


@atexit.register
def note():
    pathlib.Path(os.environ["SPOTCHECK_COUNT"]).write_text(str(_count[0]))
