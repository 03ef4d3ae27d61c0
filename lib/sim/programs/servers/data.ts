/**
 * The data servers of the catalogue's images: redis with the commands that exercises use, PostgreSQL and MySQL as far as a
 * port check goes. They keep what they are told in memory, and lose it with their process.
 */

import { datePartsOf, MONTHS } from "@/lib/sim/core/calendar";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain, print } from "@/lib/sim/core/stdio";
import type { Routine } from "@/lib/sim/core/task";
import { after, seconds } from "@/lib/sim/core/time";
import { utf8Length } from "@/lib/sim/net/length";
import type { NetSys, TcpConnection } from "@/lib/sim/kernel";
import { resolveName } from "../resolv/resolve-name";
import { runTcpService } from "./tcp-server";

export function* redisServer(sys: NetSys): Routine<number> {
  const port = Number(optionOf(sys.argv, "--port") ?? "6379");
  const store = new Map<string, string>();
  const log = (level: string, text: string): string => {
    const d = datePartsOf(sys.dateMs);
    const two = (value: number, width = 2): string => String(value).padStart(width, "0");
    return `${sys.pid}:M ${two(d.day)} ${MONTHS[d.month - 1]?.slice(0, 3)} ${d.year} ${two(d.hour)}:${two(d.minute)}:${two(d.second)}.${two(Math.floor(sys.dateMs % 1000), 3)} ${level} ${text}\n`;
  };
  yield* print(sys, log("*", "Ready to accept connections tcp"));
  return yield* runTcpService(sys, {
    name: "redis-server",
    ports: [port],
    endOn: { TERM: 0, INT: 0 },
    onTaken: (one, why) => ({ text: log("#", `Warning: Could not create server TCP listening socket *:${one}: bind: ${why}`), status: 1 }),
    serve: (_, connection) => serveRedis(connection, store),
  });
}

function* serveRedis(connection: TcpConnection, store: Map<string, string>): Routine<void> {
  let buffer = "";
  for (;;) {
    const chunk = yield* connection.read();
    if (!chunk.ok || chunk.value === "") return;
    buffer += chunk.value;
    for (let next = takeCommand(buffer); next; next = takeCommand(buffer)) {
      buffer = next.rest;
      if (next.words.length === 0) continue;
      const sent = yield* connection.write(redisReply(next.words, store));
      if (!sent.ok || next.words[0]?.toUpperCase() === "QUIT") return;
    }
  }
}

/** One command off the front of the input: a RESP array of bulk strings, or an inline line. */
function takeCommand(buffer: string): { readonly words: readonly string[]; readonly rest: string } | undefined {
  const end = buffer.indexOf("\n");
  if (end < 0) return undefined;
  const first = buffer.slice(0, end).replace(/\r$/, "");
  if (!first.startsWith("*")) return { words: first.split(/\s+/).filter(Boolean), rest: buffer.slice(end + 1) };
  const words: string[] = [];
  let at = end + 1;
  for (let i = 0; i < Number(first.slice(1)); i++) {
    const lengthEnd = buffer.indexOf("\n", at);
    if (lengthEnd < 0) return undefined;
    const wordEnd = buffer.indexOf("\r\n", lengthEnd + 1);
    if (wordEnd < 0) return undefined;
    words.push(buffer.slice(lengthEnd + 1, wordEnd));
    at = wordEnd + 2;
  }
  return { words, rest: buffer.slice(at) };
}

function redisReply(words: readonly string[], store: Map<string, string>): string {
  const [command = "", key = "", ...rest] = words;
  const bulk = (text: string | undefined): string => (text === undefined ? "$-1\r\n" : `$${utf8Length(text)}\r\n${text}\r\n`);
  const arity = (least: number): string | undefined =>
    words.length - 1 < least ? `-ERR wrong number of arguments for '${command.toLowerCase()}' command\r\n` : undefined;
  switch (command.toUpperCase()) {
    case "PING":
      return words.length > 1 ? bulk(key) : "+PONG\r\n";
    case "ECHO":
      return arity(1) ?? bulk(key);
    case "QUIT":
      return "+OK\r\n";
    case "SET":
      if (words.length < 3) return arity(2) ?? "";
      store.set(key, rest[0] ?? "");
      return "+OK\r\n";
    case "GET":
      return arity(1) ?? bulk(store.get(key));
    case "DEL":
      return arity(1) ?? `:${words.slice(1).filter((one) => store.delete(one)).length}\r\n`;
    case "EXISTS":
      return arity(1) ?? `:${words.slice(1).filter((one) => store.has(one)).length}\r\n`;
    case "INCR": {
      const value = Number(store.get(key) ?? "0");
      if (!Number.isInteger(value)) return "-ERR value is not an integer or out of range\r\n";
      store.set(key, String(value + 1));
      return `:${value + 1}\r\n`;
    }
    case "KEYS": {
      const keys = [...store.keys()].sort();
      return `*${keys.length}\r\n${keys.map(bulk).join("")}`;
    }
    case "DBSIZE":
      return `:${store.size}\r\n`;
    case "FLUSHALL":
      store.clear();
      return "+OK\r\n";
    case "COMMAND":
      return "*0\r\n";
    default:
      return `-ERR unknown command '${command}', with args beginning with: ${words
        .slice(1)
        .map((one) => `'${one}' `)
        .join("")}\r\n`;
  }
}

/** `redis-cli [-h HOST] [-p PORT] COMMAND …` (without a command: not simulated). */
export function* redisCli(sys: NetSys): Routine<number> {
  let host = "127.0.0.1";
  let port = 6379;
  const words: string[] = [];
  const argv = sys.argv.slice(1);
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i] ?? "";
    if (words.length === 0 && arg === "-h") host = argv[++i] ?? host;
    else if (words.length === 0 && arg === "-p") port = Number(argv[++i]);
    else if (words.length === 0 && arg.startsWith("-")) {
      yield* complain(sys, `${notSimulated(`redis-cli ${arg}`)}\n`);
      return 1;
    } else words.push(arg);
  }
  if (words.length === 0) {
    yield* complain(sys, `${notSimulated("the interactive mode of redis-cli")}\n`);
    return 1;
  }
  const resolved = yield* resolveName(sys, host, { family: 4 });
  if (!resolved.ok) {
    yield* complain(
      sys,
      `Could not connect to Redis at ${host}:${port}: ${resolved.error.kind === "no-name" ? "Name or service not known" : "Temporary failure in name resolution"}\n`,
    );
    return 1;
  }
  const [address] = resolved.value;
  const connected = address ? yield* sys.netns.sockets.connect({ address, port }) : undefined;
  if (!connected?.ok) {
    const why =
      connected?.error === "ETIMEDOUT"
        ? "Connection timed out"
        : connected?.error === "EHOSTUNREACH"
          ? "No route to host"
          : "Connection refused";
    yield* complain(sys, `Could not connect to Redis at ${host}:${port}: ${why}\n`);
    return 1;
  }
  const connection = connected.value;
  try {
    yield* connection.write(`*${words.length}\r\n${words.map((word) => `$${utf8Length(word)}\r\n${word}\r\n`).join("")}`);
    const reply = yield* connection.read(after(sys.now, seconds(10)));
    if (!reply.ok || reply.value === "") {
      yield* complain(sys, "Error: Server closed the connection\n");
      return 1;
    }
    yield* print(sys, shownReply(reply.value, sys.tty(1) !== undefined));
    return reply.value.startsWith("-") ? 1 : 0;
  } finally {
    connection.close();
  }
}

function shownReply(reply: string, onTerminal: boolean): string {
  const [first = "", ...rest] = reply.split("\r\n");
  const body = first.slice(1);
  switch (first[0]) {
    case "+":
      return `${body}\n`;
    case "-":
      return onTerminal ? `(error) ${body}\n` : `${body}\n\n`;
    case ":":
      return onTerminal ? `(integer) ${body}\n` : `${body}\n`;
    case "$":
      if (body === "-1") return onTerminal ? "(nil)\n" : "\n";
      return onTerminal ? `"${rest[0]}"\n` : `${rest[0]}\n`;
    default: {
      const items = rest.filter((_, index) => index % 2 === 1);
      if (items.length === 0) return onTerminal ? "(empty array)\n" : "\n";
      return items.map((item, index) => (onTerminal ? `${index + 1}) "${item}"\n` : `${item}\n`)).join("");
    }
  }
}

/** PostgreSQL: listens, takes a connection, and ends it at the first message; queries are not simulated. */
export function* postgres(sys: NetSys): Routine<number> {
  yield* complain(
    sys,
    `${logTime(sys)} [${sys.pid}] LOG:  listening on IPv4 address "0.0.0.0", port 5432\n${logTime(sys)} [${sys.pid}] LOG:  database system is ready to accept connections\n`,
  );
  return yield* runTcpService(sys, {
    name: "postgres",
    ports: [5432],
    endOn: { TERM: 0, INT: 0, QUIT: 0 },
    onTaken: (_, why) => ({
      text: `${logTime(sys)} [${sys.pid}] LOG:  could not bind IPv4 address "0.0.0.0": ${why}\n${logTime(sys)} [${sys.pid}] FATAL:  could not create any TCP/IP sockets\n`,
      status: 1,
    }),
    serve: function* (own, connection) {
      const message = yield* connection.read();
      if (message.ok && message.value !== "") yield* complain(own, `${logTime(own)} [${own.pid}] LOG:  invalid length of startup packet\n`);
    },
  });
}

/** MySQL: greets with its version on 3306 and 33060, and ends the connection at the first message. */
export function* mysqld(sys: NetSys): Routine<number> {
  yield* complain(
    sys,
    `${logTime(sys)} 0 [System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections. Version: '8.4.7'  socket: '/var/run/mysqld/mysqld.sock'  port: 3306  MySQL Community Server - GPL.\n`,
  );
  return yield* runTcpService(sys, {
    name: "mysqld",
    ports: [3306, 33_060],
    endOn: { TERM: 0, INT: 0 },
    serve: function* (_, connection) {
      if (connection.local.port === 3306) yield* connection.write("I\0\0\0\n8.4.7\0");
      yield* connection.read();
    },
  });
}

/** `pg_isready [-h HOST] [-p PORT]`. */
export function* pgIsReady(sys: NetSys): Routine<number> {
  const host = optionOf(sys.argv, "-h") ?? "localhost";
  const port = Number(optionOf(sys.argv, "-p") ?? "5432");
  const resolved = yield* resolveName(sys, host, { family: 4 });
  const address = resolved.ok ? resolved.value[0] : undefined;
  const connected = address ? yield* sys.netns.sockets.connect({ address, port }, { timeout: seconds(3) }) : undefined;
  const shown = optionOf(sys.argv, "-h") === undefined ? "/var/run/postgresql" : host;
  if (connected?.ok) {
    connected.value.close();
    yield* print(sys, `${shown}:${port} - accepting connections\n`);
    return 0;
  }
  yield* print(sys, `${shown}:${port} - no response\n`);
  return 2;
}

function optionOf(argv: readonly string[], name: string): string | undefined {
  const at = argv.indexOf(name);
  return at < 0 ? undefined : argv[at + 1];
}

function logTime(sys: NetSys): string {
  const d = datePartsOf(sys.dateMs);
  const two = (value: number, width = 2): string => String(value).padStart(width, "0");
  return `${d.year}-${two(d.month)}-${two(d.day)} ${two(d.hour)}:${two(d.minute)}:${two(d.second)}.${two(Math.floor(sys.dateMs % 1000), 3)} UTC`;
}
