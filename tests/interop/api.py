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
        "checkpoint": enrolled["checkpoint"],
        "blob": blob,
    }


def main():
    ada, lea = (spotcheck.Device(link) for link in sys.argv[1:3])
    known = a_device_written_from_the_document_is_understood(ada)
    a_device_written_from_the_document_is_understood(lea)
    print("a second implementation, written from docs/PROTOCOL.md, enrols, pushes and pulls")

    with tempfile.TemporaryDirectory() as folder:
        count = pathlib.Path(folder, "requests")
        surroundings = os.environ | {
            "PYTHONPATH": str(HERE),
            "PYTHONDONTWRITEBYTECODE": "1",
            "SCHEMATHESIS_HOOKS": "hooks",
            "SPOTCHECK_KNOWN": json.dumps(known),
            "SPOTCHECK_COUNT": str(count),
        }
        command = [
            str(pathlib.Path(sys.executable).parent / "st"),
            f"--config-file={HERE / 'schemathesis.toml'}",
            "run",
            f"{ada.url}/api/v1/openapi.json",
        ]
        done = subprocess.run(command + sys.argv[3:], env=surroundings, cwd=folder)
        requests = int(count.read_text()) if count.exists() else 0
    print(f"{requests} generated requests")
    if done.returncode != 0:
        sys.exit("schemathesis found a breach of /api/v1/openapi.json, printed above")
    if requests < LEAST_REQUESTS:
        sys.exit(f"fewer than {LEAST_REQUESTS}: raise max-examples in schemathesis.toml")


main()
