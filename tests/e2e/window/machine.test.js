// What the window may use of the machine, and that nobody else comes to use it: a page of another
// origin is never shown. Camera and microphone are WebKit's pretended ones.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { Window } from "../harness/window.js";

const { SPOTCHECK_APP, SPOTCHECK_WEB } = process.env;
const PERMISSION_DENIED = 1;
const PATIENCE_MS = 30_000;

async function inFolder(work) {
  assert.ok(SPOTCHECK_APP && SPOTCHECK_WEB, "run me as `cargo xtask window`");
  const folder = await mkdtemp(join(tmpdir(), "spotcheck-machine-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** In the place of the screens: asks for all three and hands the answers on as a photo's bytes. */
async function askForAll() {
  const { invoke } = window.__TAURI_INTERNALS__;
  const answerTo = (asking) => asking.catch((refused) => refused.name ?? refused.code);
  const track = (wanted) => answerTo(navigator.mediaDevices.getUserMedia(wanted).then((it) => it.getTracks()[0].readyState));
  const answers = {
    camera: await track({ video: { facingMode: "environment" } }),
    microphone: await track({ audio: true }),
    place: await answerTo(new Promise((found, refused) => navigator.geolocation.getCurrentPosition(() => found("found"), refused))),
  };
  await invoke("open");
  const photo = await invoke("photo_begin");
  await invoke("photo_piece", { photo, base64: btoa(JSON.stringify(answers)) });
}

/** What the page was answered. Undriven: to a driver's window WebKit grants camera and microphone itself. */
async function answers(folder) {
  const [web, home] = [join(folder, "web"), join(folder, "home")];
  await mkdir(web);
  await writeFile(join(web, "index.html"), '<!doctype html><title>-</title><script src="/ask.js"></script>');
  await writeFile(join(web, "ask.js"), `(${askForAll})();`);
  const env = { ...process.env, SPOTCHECK_HOME: home, SPOTCHECK_WEB: web, SPOTCHECK_MOCK_CAPTURE: "1" };
  const app = spawn(SPOTCHECK_APP, { env: { ...env, XDG_DATA_HOME: folder, XDG_CACHE_HOME: folder }, stdio: "ignore" });
  const ended = once(app, "exit");
  try {
    for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await pause(100)) {
      const [photo] = await readdir(join(home, "incoming")).catch(() => []);
      const text = photo && (await readFile(join(home, "incoming", photo), "utf8"));
      if (text) return JSON.parse(text);
    }
    throw new Error("the page was not answered");
  } finally {
    app.kill();
    await ended;
  }
}

test("camera, microphone and place may be used", () =>
  inFolder(async (folder) => {
    const { place, ...others } = await answers(folder);
    assert.deepEqual(others, { camera: "live", microphone: "live" });
    // A machine that knows no place says so, which is not a refusal.
    assert.notEqual(place, PERMISSION_DENIED);
  }));

test("the window goes to no other page", () =>
  inFolder(async (folder) => {
    const window = await Window.open({ app: SPOTCHECK_APP, web: SPOTCHECK_WEB, home: folder, locale: "en" });
    try {
      await window.find("heading", window.t("enrol_title"));
      const ours = await window.run(() => location.href);
      for (const other of ["https://127.0.0.1:9/", "http://localhost/", "tauri://localhost.example/", "about:blank", "data:text/html,x"]) {
        await window.run((other) => void (location.href = other), other);
        await pause(300);
        assert.equal(await window.run(() => location.href), ours, other);
      }
    } finally {
      await window.close();
    }
  }));
