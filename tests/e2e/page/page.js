// What the tests drive: the worker behind one function, and a person who never stops answering.
import { photoBytes } from "./photo.js";

const worker = new Worker("/core/worker.js", { type: "module" });
const waiting = new Map();
let calls = 0;

worker.addEventListener("message", ({ data: { id, answer, failure } }) => {
  const { resolve, reject } = waiting.get(id);
  waiting.delete(id);
  if (failure) reject(Object.assign(new Error(failure.message), failure));
  else resolve(answer);
});

/** Asks the worker. */
function core(call, ...args) {
  const id = ++calls;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, call, args });
  });
}

/** Asks the worker; the outcome as plain data, so that a failure reaches the test with its code. */
async function ask(call, ...args) {
  try {
    return { answer: await core(call, ...args) };
  } catch ({ code, field, message }) {
    return { failure: { code, field, message } };
  }
}

/** Records a line whose photos are made from seeds: { "gate.jpg": { seed, length } }. */
function record(line, photos = {}) {
  const files = Object.entries(photos).map(([name, { seed, length }]) => [name, photoBytes(seed, length)]);
  return ask("record", JSON.stringify(line), new Map(files));
}

/** SHA-256 of a photo as the core gives it back. */
async function photoHash(sha256) {
  const bytes = await core("photo", sha256);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Corrects one answer again and again, each fourth time with a photo; tells of each that is saved. */
async function keepAnswering(inspection, from) {
  for (let n = from; ; n += 1) {
    const line = { inspection, answers: { "GEN-01": { count: n } }, why: "counted again" };
    const photos = n % 4 ? {} : { [`${n}.jpg`]: { seed: n, length: 300_000 } };
    if (n % 4 === 0) line.photos = { "GEN-01": [`${n}.jpg`] };
    const { answer, failure } = await record(line, photos);
    if (failure) return window.stopped(failure);
    window.acknowledged(n, answer.photos);
  }
}

Object.assign(window, { ask, record, photoHash, keepAnswering, ready: true });
