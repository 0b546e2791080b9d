"""tuspy as its manual says: an endpoint, a header, a file, and where to note how to resume.

usage: python upload.py ENDPOINT HEADER VALUE FILE NOTES [CHUNK_BYTES]
"""

import sys

from tusclient import client
from tusclient.storage import filestorage

endpoint, header, value, file, notes, *chunk = sys.argv[1:]

uploader = client.TusClient(endpoint, headers={header: value}).uploader(
    file,
    metadata={"filename": "photo.jpg", "filetype": "image/jpeg"},
    chunk_size=int(chunk[0]) if chunk else sys.maxsize,
    retries=20,
    retry_delay=0.3,
    store_url=True,
    url_storage=filestorage.FileStorage(notes),
)
uploader.upload()
