// tus-js-client as its manual says: an endpoint, a header, a file, and where to note how to resume.
//
// usage: node upload.mjs ENDPOINT HEADER VALUE FILE NOTES [CHUNK_BYTES]

import fs from 'node:fs';
import * as tus from 'tus-js-client';

const [endpoint, header, value, file, notes, chunk] = process.argv.slice(2);

const upload = new tus.Upload(fs.createReadStream(file), {
  endpoint,
  headers: { [header]: value },
  metadata: { filename: 'photo.jpg', filetype: 'image/jpeg' },
  chunkSize: chunk ? Number(chunk) : Infinity,
  retryDelays: Array(20).fill(300),
  urlStorage: new tus.FileUrlStorage(notes),
  storeFingerprintForResuming: true,
  onError(error) {
    console.error(`tus-js-client: ${error}`);
    process.exit(1);
  },
  onSuccess() {
    process.exit(0);
  },
});

const previous = await upload.findPreviousUploads();
if (previous.length > 0) upload.resumeFromPreviousUpload(previous[0]);
upload.start();
