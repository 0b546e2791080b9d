// The real server with the real web app, as `cargo xtask run` starts it.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

import { within } from "./patience.js";

const run = promisify(execFile);

export class Server {
  #process = null;
  #program;
  #args;
  #data;
  #held = false;
  /** Sign-in links by user; fresh ones at each start. */
  links = {};

  constructor({ program, web, data }) {
    this.#program = program;
    this.#data = data;
    this.#args = ["serve", "--demo", "--data", data, "--web", web, "--log", "error"];
  }

  /** Starts on the same address again, so that devices find it. */
  async start() {
    const listen = this.url ? this.url.replace("http://", "") : "127.0.0.1:0";
    this.#process = spawn(this.#program, [...this.#args, "--listen", listen], { stdio: ["ignore", "pipe", "inherit"] });
    for await (const line of createInterface({ input: this.#process.stdout })) {
      this.url = line.match(/listens on (http:\S+)/)?.[1] ?? this.url;
      const [, user, link] = line.match(/^\s+(\S+)\s+(http\S+#enrol=\S+)$/) ?? [];
      if (user) this.links[user] = link;
      if (line.startsWith("Ctrl-C")) return this;
    }
    throw new Error("the server ended before it listened");
  }

  /** What an administrator does beside it. Gives the answer. */
  async admin(...args) {
    const { stdout } = await run(this.#program, ["--data", this.#data, "admin", ...args]);
    return stdout.trim();
  }

  /** A fresh sign-in link, where those of the start are used up. */
  invite(user) {
    return this.admin("code", user);
  }

  /** Starts unless it runs. */
  async up() {
    return this.#process === null ? this.start() : this;
  }

  /** From here on it takes what comes and answers nothing, until it is stopped. */
  hold() {
    this.#held = this.#process.kill("SIGSTOP");
  }

  async stop() {
    const running = this.#process;
    this.#process = null;
    if (running === null) return;
    if (running.exitCode !== null || running.signalCode !== null) throw new Error(`the server had ended: ${running.exitCode ?? running.signalCode}`);
    const ended = once(running, "exit");
    // A held one hears of nothing but this.
    running.kill(this.#held ? "SIGKILL" : "SIGTERM");
    this.#held = false;
    await within("the server's end", ended).catch((error) => {
      running.kill("SIGKILL");
      throw error;
    });
  }
}
