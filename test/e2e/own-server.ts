/** A server of a test's own, which the test may kill. */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";

export class OwnServer {
  readonly url: string;
  readonly #port: number;
  readonly #databaseUrl: string;
  #process: ChildProcess | undefined;

  constructor(port: number) {
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.#databaseUrl = `file:./.build/e2e/own-${Date.now()}.db`;
  }

  async start(): Promise<void> {
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      NODE_ENV: "production",
      PORT: String(this.#port),
      HOST: "127.0.0.1",
      DATABASE_URL: this.#databaseUrl,
    };
    const migrated = spawnSync(process.execPath, ["scripts/db.mjs", "deploy"], { env, encoding: "utf8" });
    if (migrated.status !== 0) throw new Error(migrated.stderr);
    const child = spawn(process.execPath, [".build/server.mjs"], { env, stdio: ["ignore", "pipe", "inherit"] });
    this.#process = child;
    await new Promise<void>((resolve, reject) => {
      child.stdout.on("data", (data: Buffer) => String(data).includes("Drydock is at") && resolve());
      child.once("exit", (code) => reject(new Error(`the server ended with status ${code}`)));
    });
  }

  /** As a power cut would: nothing is said to it first. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }
}
