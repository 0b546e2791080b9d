// The worker that a page talks to: { id, call, args } in, { id, answer } or { id, failure } out.
// Calls run one after the other, in the order they came; but what comes after a round does not wait
// for it, because it waits for the network.
import init, { BrowserDevice } from "./spotcheck_wasm.js";

let device = null;

const json = (call) => async (...args) => JSON.parse(await opened()[call](...args));

const calls = {
  async open(folder) {
    await init();
    device = await BrowserDevice.open(folder);
  },
  enrol: json("enrol"),
  async round() {
    return JSON.parse(await opened().round(() => true));
  },
  record: json("record"),
  status: json("status"),
  list: json("list"),
  show: json("show"),
  history: json("history"),
  async photo(sha256) {
    return opened().photo(sha256);
  },
};

function opened() {
  if (device === null) {
    throw Object.assign(new Error("open the device first"), { code: "usage" });
  }
  return device;
}

async function run({ id, call, args }) {
  try {
    if (!Object.hasOwn(calls, call)) {
      throw Object.assign(new Error(`there is no call ${call}`), { code: "usage" });
    }
    postMessage({ id, answer: await calls[call](...args) });
  } catch (error) {
    const { code = "broken", field, message = String(error) } = error;
    postMessage({ id, failure: { code, field, message } });
  }
}

let last = Promise.resolve();
let lastRound = Promise.resolve();
addEventListener("message", ({ data }) => {
  if (data.call === "round") {
    lastRound = Promise.all([last, lastRound]).then(() => run(data));
  } else {
    last = last.then(() => run(data));
  }
});
