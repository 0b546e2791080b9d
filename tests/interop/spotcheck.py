"""A second implementation of the protocol, written from docs/PROTOCOL.md alone.

It enrols, signs requests, believes only replies that verify, and writes ops. Where it needed
something that the document did not say, the document was mended.
"""

import base64
import hashlib
import json
import os
import pathlib
import struct
import time

import requests
import zstandard
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

MEDIA_TYPE = "application/vnd.spotcheck.sync"
ROOT = pathlib.Path(__file__).resolve().parents[2]
DICTIONARY = zstandard.ZstdCompressionDict(
    (ROOT / "crates/protocol/dictionary/v1.txt").read_bytes(),
    dict_type=zstandard.DICT_TYPE_RAWCONTENT,
)


def sha256(data):
    return hashlib.sha256(data).digest()


def derive(label, *parts):
    text = label.encode() + b"\0" + b"".join(struct.pack(">Q", len(p)) + p for p in parts)
    return sha256(text)[:16]


def encode(value):
    """JSON with one spelling, so that a text read and written again is the same text."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def compress(plain):
    return zstandard.ZstdCompressor(level=6, dict_data=DICTIONARY).compress(plain)


def decompress(frame):
    decompressor = zstandard.ZstdDecompressor(dict_data=DICTIONARY)
    return decompressor.decompress(frame, max_output_size=4 << 20)


class NotBelieved(Exception):
    """A reply that does not verify."""


class Problem(Exception):
    """An unsigned problem document."""

    def __init__(self, body):
        super().__init__(f"{body['status']} {body['code']}: {body['detail']}")
        self.status, self.code = body["status"], body["code"]


class Device:
    """A key, and the server it is enrolled at."""

    def __init__(self, link, key=None):
        self.url, secret = link.split("/#enrol=")
        server_key, self.code = secret.split(".")
        self.server_key = bytes.fromhex(server_key)
        secret_key = bytes.fromhex(key) if key else os.urandom(32)
        self.key = Ed25519PrivateKey.from_private_bytes(secret_key)
        self.public = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.log = derive("spotcheck log 1", b"ed25519", self.public).hex()

    def sign(self, method, target, body, nonce=None):
        """The three headers of a signed request."""
        nonce = nonce or os.urandom(16)
        digest = f"sha-256=:{base64.b64encode(sha256(body)).decode()}:"
        params = (
            '("@method" "@request-target" "content-digest")'
            f";created={int(time.time())}"
            f';nonce="{base64.urlsafe_b64encode(nonce).decode().rstrip("=")}"'
            f';keyid="{self.log}";alg="ed25519"'
        )
        text = "\n".join(
            [
                f'"@method": {method}',
                f'"@request-target": {target}',
                f'"content-digest": {digest}',
                f'"@signature-params": {params}',
            ]
        )
        signature = base64.b64encode(self.key.sign(text.encode())).decode()
        return {
            "content-digest": digest,
            "signature-input": f"spotcheck={params}",
            "signature": f"spotcheck=:{signature}:",
        }

    def call(self, target, message):
        """Posts a message and gives the one member of the verified reply."""
        nonce = os.urandom(16)
        body = compress(encode(message).encode())
        headers = self.sign("POST", target, body, nonce) | {"content-type": MEDIA_TYPE}
        response = requests.post(self.url + target, data=body, headers=headers, timeout=30)
        if response.headers.get("content-type") == "application/problem+json":
            raise Problem(response.json())
        return self.open(response.content, nonce)

    def open(self, page, nonce):
        head, frame = page[:105], page[105:]
        if head[:5] != b"SPC1\x01":
            raise NotBelieved("not a page of ours")
        epoch, key_id, index, signature = head[5:21], head[21:37], head[37:41], head[41:105]
        message = b"spotcheck page 1\0" + key_id + epoch + nonce + index + head[4:5] + sha256(frame)
        self.verify(signature, message)
        (name, value), *more = json.loads(decompress(frame)).items()
        if more:
            raise NotBelieved("more than one member")
        return name, value

    def verify(self, signature, message):
        try:
            Ed25519PublicKey.from_public_bytes(self.server_key).verify(signature, message)
        except InvalidSignature as error:
            raise NotBelieved("not signed by the pinned key") from error

    def enrol(self):
        message = {"p": 1, "code": self.code, "key": self.public.hex(), "device_name": "python"}
        name, reply = self.call("/api/v1/enrol", message)
        assert name == "enrol", (name, reply)
        self.ws, self.user, self.scope = reply["ws"], reply["user"], reply["home_scope"]
        self.verify_checkpoint(reply["checkpoint"])
        return reply

    def verify_checkpoint(self, signed):
        at = signed["checkpoint"]
        text = encode(
            {"v": 1, "ws": self.ws, "epoch": at["epoch"], "size": at["size"], "root": at["root"]}
        )
        message = b"spotcheck checkpoint 1\0" + text.encode()
        self.verify(base64.b64decode(signed["sig"]), message)

    def first_run(self, kinds, photo):
        """A run of this log from seq 1, one op of each kind, each creating a record with a photo."""
        blobs = [{"sha256": sha256(photo).hex(), "bytes": len(photo)}]
        seed, wall, link, lines = os.urandom(16), int(time.time() * 1000), bytes(32), []
        for seq, kind in enumerate(kinds, 1):
            data = encode({"blobs": blobs, "why": f"写于文档, {seq}"})
            salt = sha256(b"spotcheck salt 1\0" + seed + struct.pack(">Q", seq))[:16]
            header = encode(
                {
                    "v": 1,
                    "log": self.log,
                    "seq": seq,
                    "ws": self.ws,
                    "scope": self.scope,
                    "by": self.user,
                    "record": "",
                    "kind": kind,
                    "at": [wall, 480, 1, 1000, 0],
                    "data_sha256": sha256(salt + data.encode()).hex(),
                }
            )
            op_hash = sha256(b"spotcheck op 1\0" + header.encode())
            link = sha256(b"spotcheck link 1\0" + link + op_hash)
            lines.append([kind, "", 0, json.loads(data)])
        head = b"spotcheck head 1\0" + bytes.fromhex(self.log)
        head += struct.pack(">Q", len(lines)) + link
        run = {
            "log": self.log,
            "scope": self.scope,
            "by": self.user,
            "boot": 1,
            "first": 1,
            "prev": bytes(32).hex(),
            "seed": seed.hex(),
            "at": [wall, 480, 1000, 0],
            "sig": base64.b64encode(self.key.sign(head)).decode(),
            "ops": lines,
        }
        return run, link.hex()

    def push(self, runs, seq, link):
        """Pushes, and gives head and receipt of this log once both are believed."""
        logs = [[self.log, seq, link]]
        message = {"p": 1, "seen": None, "introductions": [], "runs": runs, "logs": logs, "ask": []}
        name, reply = self.call("/api/v1/sync/push", message)
        assert name == "push", (name, reply)
        self.verify_checkpoint(reply["checkpoint"])
        (signed,) = reply["receipts"]
        message = b"spotcheck receipt 1\0" + signed["body"].encode()
        self.verify(base64.b64decode(signed["sig"]), message)
        (head,) = reply["heads"]
        return head, json.loads(signed["body"])

    def upload(self, data):
        """A photo by tus, in two pieces."""
        grant = self.grant(data)
        headers = {"tus-resumable": "1.0.0", "spotcheck-upload": grant["capability"]}
        created = requests.post(
            f"{self.url}/api/v1/uploads", headers=headers | {"upload-length": str(len(data))}
        )
        assert created.status_code == 201, created.text
        half = len(data) // 2
        for offset, piece in [(0, data[:half]), (half, data[half:])]:
            more = {
                "content-type": "application/offset+octet-stream",
                "upload-offset": str(offset),
            }
            at = self.url + created.headers["location"]
            reached = requests.patch(at, data=piece, headers=headers | more)
            assert reached.headers["upload-offset"] == str(offset + len(piece)), reached.text

    def download(self, blob, range=None):
        target = f"/api/v1/blobs/{blob}"
        headers = self.sign("GET", target, b"") | ({"range": range} if range else {})
        response = requests.get(self.url + target, headers=headers, timeout=30)
        if not response.ok:
            raise Problem(response.json())
        return response

    def grant(self, data):
        message = {"p": 1, "sha256": sha256(data).hex(), "bytes": len(data)}
        name, reply = self.call("/api/v1/uploads/grants", message)
        assert name == "grant", (name, reply)
        return reply
