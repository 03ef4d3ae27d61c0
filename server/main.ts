/** One process on one port: pages and route handlers by Next.js, the grader beside them. */

import { createServer } from "node:http";
import { availableParallelism } from "node:os";
import next from "next";
import { readEnv } from "./env";
import { GraderPool } from "./grader";
import { secure } from "./headers";
import { provideServices } from "./services";
import { StaticFiles } from "./static-files";

const env = readEnv();
const grader = new GraderPool(new URL("./grader-worker.mjs", import.meta.url), {
  workers: Math.max(1, Math.min(4, availableParallelism() - 1)),
});
provideServices({ env, grade: (request) => grader.grade(request), run: (item, command) => grader.run(item, command) });

// Next.js hangs its listener for hot reload on the server it is given: this one never listens, and is passed what is meant for it.
const hot = createServer();
const app = next({ dev: env.isDevelopment, hostname: env.host ?? "localhost", port: env.port, httpServer: hot });
await app.prepare();
const pages = app.getRequestHandler();

const compressed = env.isDevelopment ? undefined : new StaticFiles();

const server = createServer((request, response) => {
  secure(request, response, env.isDevelopment);
  if (compressed?.answer(request, response)) return;
  pages(request, response).catch((error: unknown) => {
    console.error(error);
    if (!response.headersSent) response.writeHead(500, { "Content-Type": "text/plain; charset=utf-8" });
    response.end("The server met an error of its own. It has been written to its log.\n");
  });
});
server.on("upgrade", (request, socket, head) => {
  if (!hot.emit("upgrade", request, socket, head)) socket.destroy();
});
server.requestTimeout = 30_000;
server.headersTimeout = 15_000;

server.on("error", (error: NodeJS.ErrnoException) => {
  console.error(error.code === "EADDRINUSE" ? `Port ${env.port} is taken. Choose another: PORT=3001 npm start` : error.message);
  process.exit(1);
});
server.listen({ port: env.port, host: env.host }, () => {
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : env.port;
  const shown =
    !env.host || env.host === "0.0.0.0" || env.host === "::" ? "localhost" : env.host.includes(":") ? `[${env.host}]` : env.host;
  console.log(`\n  Drydock is at http://${shown}:${port}\n`);
});

let isStopping = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    // Whoever is still connected after that gets no longer answer.
    setTimeout(() => process.exit(0), 5_000).unref();
  });
}
