"""The server against its own description, from outside.

First a second implementation of the protocol does what a device does. Then schemathesis makes
requests from /api/v1/openapi.json, which `hooks.py` signs; `schemathesis.toml` says which checks.

usage: python api.py LINK LINK
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import requests
import spotcheck

LEAST_REQUESTS = 5000
HERE = pathlib.Path(__file__).resolve().parent


def a_device_written_from_the_document_is_understood(device):
    enrolled = device.enrol()
    photo = os.urandom(100_000)
    blob = spotcheck.sha256(photo).hex()
    device.upload(photo)
    run, link = device.first_run(["inspection.started", "finding.raised"], photo)
    head, receipt = device.push([run], 2, link)
    assert (head["seq"], head["link"], head["forked"]) == (2, link, False), head
    assert (receipt["seq"], receipt["link"], receipt["quarantined"]) == (2, link, []), receipt
    # Every request may arrive twice.
    assert device.push([run], 2, link)[0] == head
    cursors = [[device.scope, 0]]
    name, page = device.call(
        "/api/v1/sync/pull", {"p": 1, "seen": None, "cursors": cursors, "own": []}
    )
    assert name == "pull" and device.scope in page["scopes"], page
    parts = next(s for s in page["sections"] if s["scope"] == device.scope)["parts"]
    (came,) = (p["run"]["run"] for p in parts if p["run"]["run"]["log"] == device.log)
    assert [line[3] for line in came["ops"]] == [line[3] for line in run["ops"]], came
    assert device.download(blob).content == photo
    part = device.download(blob, "bytes=10-19")
    assert (part.status_code, part.content) == (206, photo[10:20]), part
    # What is altered is not believed, and what is forged is refused.
    run["ops"][0][3] = {"why": "altered"}
    try:
        device.push([run], 2, link)
    except spotcheck.Problem as problem:
        assert (problem.status, problem.code) == (422, "bad_run_signature"), problem
    else:
        raise AssertionError("an altered run was taken")
    return {
        "link": f"{device.url}/#enrol={device.server_key.hex()}.spent",
        "key": device.key.private_bytes_raw().hex(),
        "scope": device.scope,
        "user": device.user,
        "checkpoint": enrolled["checkpoint"],
        "blob": blob,
    }


def shares(url):
    """The operations, dealt out to two generators: Python uses one core at a time."""
    paths = requests.get(f"{url}/api/v1/openapi.json", timeout=30).json()["paths"]
    ids = [
        operation["operationId"]
        for path in paths.values()
        for operation in path.values()
        if isinstance(operation, dict) and "operationId" in operation
    ]
    return ids[::2], ids[1::2]


class Generator:
    """One schemathesis at work; it says what it found when it is done."""

    def __init__(self, device, known, operations, folder):
        self.count = folder / f"requests-{operations[0]}"
        self.said = folder / f"said-{operations[0]}"
        surroundings = os.environ | {
            "PYTHONPATH": str(HERE),
            "PYTHONDONTWRITEBYTECODE": "1",
            "SCHEMATHESIS_HOOKS": "hooks",
            "SPOTCHECK_KNOWN": json.dumps(known),
            "SPOTCHECK_COUNT": str(self.count),
        }
        command = [
            str(pathlib.Path(sys.executable).parent / "st"),
            f"--config-file={HERE / 'schemathesis.toml'}",
            "run",
            f"{device.url}/api/v1/openapi.json",
            *(f"--include-operation-id={name}" for name in operations),
            *sys.argv[3:],
        ]
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                command, env=surroundings, cwd=folder, stdout=said, stderr=subprocess.STDOUT
            )

    def holds(self):
        ended = self.process.wait()
        print(self.said.read_text())
        return ended == 0

    def requests(self):
        return int(self.count.read_text()) if self.count.exists() else 0


def main():
    ada, lea = (spotcheck.Device(link) for link in sys.argv[1:3])
    a_device_written_from_the_document_is_understood(ada)
    # The lead's device gets further: the routes about people's devices tell others only to go.
    known = a_device_written_from_the_document_is_understood(lea)
    print("a second implementation, written from docs/PROTOCOL.md, enrols, pushes and pulls")

    with tempfile.TemporaryDirectory() as folder:
        runs = [Generator(lea, known, ids, pathlib.Path(folder)) for ids in shares(lea.url)]
        breaches = [run for run in runs if not run.holds()]
        asked = sum(run.requests() for run in runs)
    print(f"{asked} generated requests")
    if breaches:
        sys.exit("schemathesis found a breach of /api/v1/openapi.json, printed above")
    if asked < LEAST_REQUESTS:
        sys.exit(f"fewer than {LEAST_REQUESTS}: raise max-examples in schemathesis.toml")


main()
