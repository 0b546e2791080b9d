// One origin, as behind any reverse proxy: the page and the core as files, /api from the real server.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { extname, join, normalize } from "node:path";
import { createInterface } from "node:readline";

const KINDS = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
const PAGE = new URL("../page/", import.meta.url).pathname;

export class Site {
  #core;
  #server;
  #data;
  #files = createServer((asked, reply) => this.#answer(asked, reply));
  #process = null;
  #api = null;
  #held = null;
  #onHeld = null;
  /** Enrolment links by user. */
  links = {};

  constructor({ core, server, data }) {
    this.#core = core;
    this.#server = server;
    this.#data = data;
  }

  async open() {
    await new Promise((listens) => this.#files.listen(0, "127.0.0.1", listens));
    this.url = `http://localhost:${this.#files.address().port}`;
    await this.startServer();
    return this;
  }

  /** Starts the server on its data, with fresh enrolment links. */
  async startServer() {
    const args = ["serve", "--demo", "--data", this.#data, "--listen", "127.0.0.1:0"];
    this.#process = spawn(this.#server, [...args, "--public-url", this.url, "--log", "error"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    for await (const line of createInterface({ input: this.#process.stdout })) {
      this.#api = line.match(/listens on (http:\S+)/)?.[1] ?? this.#api;
      const [, user, link] = line.match(/^\s+(\S+)\s+(http\S+#enrol=\S+)$/) ?? [];
      if (user) this.links[user] = link;
      if (line.startsWith("Ctrl-C")) return;
    }
    throw new Error("the server ended before it listened");
  }

  /** From here on requests to /api arrive and wait, until the function that this gives is called. */
  holdServer() {
    let release;
    this.#held = new Promise((resolve) => (release = resolve));
    const first = new Promise((resolve) => (this.#onHeld = resolve));
    return { release, first };
  }

  /** From here on nobody answers /api. */
  async stopServer() {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGTERM");
    await ended;
    this.#api = null;
  }

  async close() {
    if (this.#api) await this.stopServer();
    this.#files.closeAllConnections();
    await new Promise((closed) => this.#files.close(closed));
  }

  async #answer(asked, reply) {
    const { pathname } = new URL(asked.url, this.url);
    if (pathname.startsWith("/api/")) return this.#forward(asked, reply);
    const name = normalize(pathname === "/" ? "/index.html" : pathname);
    const path = name.startsWith("/core/") ? join(this.#core, name.slice(6)) : join(PAGE, name);
    try {
      const body = await readFile(path);
      reply.writeHead(200, { "content-type": KINDS[extname(path)] ?? "text/plain" }).end(body);
    } catch {
      reply.writeHead(404).end();
    }
  }

  async #forward(asked, reply) {
    this.#onHeld?.();
    await this.#held;
    if (!this.#api) return asked.socket.destroy();
    const { method, headers } = asked;
    const onward = request(this.#api + asked.url, { method, headers }, (answered) => {
      reply.writeHead(answered.statusCode, answered.headers);
      answered.pipe(reply);
    });
    onward.on("error", () => reply.destroy());
    asked.pipe(onward);
  }
}
