/** dig (BIND 9.20) and host: the DNS tools of the host and of netshoot. Dates and times are the simulated ones. */

import { MONTHS, WEEKDAYS, datePartsOf } from "@/lib/sim/core/calendar";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain, print } from "@/lib/sim/core/stdio";
import type { Routine } from "@/lib/sim/core/task";
import { seconds } from "@/lib/sim/core/time";
import { type Ip, parseIp } from "@/lib/sim/net/address";
import type { DnsMessage, DnsQuestion, DnsRecord, DnsType } from "@/lib/sim/net/dns";
import { dnsLength } from "@/lib/sim/net/dns-wire";
import type { NetSys } from "@/lib/sim/kernel";
import { queryDns } from "../resolv/query-dns";
import { readResolverConfig } from "../resolv/resolv-conf";
import { resolveName, reverseName } from "../resolv/resolve-name";
import { dnsType, recordData } from "./question";

const BANNER = "DiG 9.20.30-1-Debian";

type Shown = {
  cmd: boolean;
  comments: boolean;
  question: boolean;
  answer: boolean;
  authority: boolean;
  stats: boolean;
  short: boolean;
  recurse: boolean;
  search: boolean;
  tries: number;
  time: number;
};

const DEFAULTS: Shown = {
  cmd: true,
  comments: true,
  question: true,
  answer: true,
  authority: true,
  stats: true,
  short: false,
  recurse: true,
  search: false,
  tries: 3,
  time: 5,
};

export function* dig(sys: NetSys): Routine<number> {
  const shown: Shown = { ...DEFAULTS };
  let serverText: string | undefined;
  let name: string | undefined;
  let type: DnsType | undefined;
  let port = 53;
  const argv = sys.argv.slice(1);
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i] ?? "";
    if (arg.startsWith("@")) serverText = arg.slice(1);
    else if (arg.startsWith("+")) {
      if (!applyOption(shown, arg.slice(1))) {
        yield* complain(
          sys,
          `Invalid option: ${arg}\nUsage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}\n            {global-d-opt} host [@local-server] {local-d-opt}\n            [ host [@local-server] {local-d-opt} [...]]\n\nUse "dig -h" (or "dig -h | more") for complete list of options\n`,
        );
        return 1;
      }
    } else if (arg === "-x") {
      const address = parseIp(argv[++i] ?? "");
      if (!address) {
        yield* complain(sys, `dig: Invalid IP address ${argv[i] ?? ""}\n`);
        return 1;
      }
      name = reverseName(address);
      type ??= "PTR";
    } else if (arg === "-t") type = dnsType(argv[++i] ?? "");
    else if (arg === "-p") port = Number(argv[++i]);
    else if (arg === "-4" || arg === "-6" || arg === "-u") continue;
    else if (arg.startsWith("-")) {
      yield* complain(sys, `${notSimulated(`dig ${arg}`)}\n`);
      return 1;
    } else if (type === undefined && dnsType(arg)) type = dnsType(arg);
    else if (/^(IN|CH|HS)$/i.test(arg) && name !== undefined) continue;
    else name = arg;
  }
  const question: DnsQuestion = { name: (name ?? ".").replace(/(?<=.)\.$/, ""), type: type ?? (name === undefined ? "NS" : "A") };
  const servers = yield* findServers(sys, serverText);
  if (servers === undefined) {
    yield* complain(sys, `dig: couldn't get address for '${serverText}': not found\n`);
    return 10;
  }

  const started = sys.now;
  for (const server of servers) {
    for (let attempt = 0; attempt < shown.tries; attempt++) {
      const answer = yield* queryDns(sys, server, question, { timeout: seconds(shown.time), port, recurse: shown.recurse });
      if (answer.ok) {
        const elapsedMs = Math.round((sys.now - started) / 1000);
        yield* print(
          sys,
          shown.short
            ? shortAnswer(answer.value)
            : report(sys, { message: answer.value, question, server, port, shown, elapsedMs, argv, explicit: serverText !== undefined }),
        );
        return 0;
      }
      if (answer.error === "interrupted") return 130;
      const why = { timeout: "timed out", refused: "connection refused", unreachable: "host unreachable", interrupted: "" }[answer.error];
      yield* print(sys, `;; communications error to ${server}#${port}: ${why}\n`);
    }
  }
  const head =
    shown.short || !shown.cmd
      ? ""
      : `\n; <<>> ${BANNER} <<>> ${argv.join(" ")}\n${serverText === undefined ? "" : `; (${servers.length} server found)\n`};; global options: +cmd\n`;
  yield* print(sys, `${head};; no servers could be reached\n`);
  return 9;
}

function applyOption(shown: Shown, text: string): boolean {
  const on = !text.startsWith("no");
  const [word = "", value] = (on ? text : text.slice(2)).split("=");
  switch (word) {
    case "all":
      Object.assign(shown, { cmd: on, comments: on, question: on, answer: on, authority: on, stats: on });
      return true;
    case "short":
    case "cmd":
    case "comments":
    case "question":
    case "answer":
    case "authority":
    case "stats":
    case "recurse":
    case "search":
      shown[word] = on;
      return true;
    case "rec":
      shown.recurse = on;
      return true;
    case "tries":
      shown.tries = Math.max(1, Number(value));
      return true;
    case "retry":
      shown.tries = Number(value) + 1;
      return true;
    case "time":
    case "timeout":
      shown.time = Math.max(1, Number(value));
      return true;
    case "additional":
    case "edns":
    case "dnssec":
    case "cookie":
    case "ttlid":
    case "qr":
    case "identify":
    case "tcp":
    case "aaflag":
      return true;
    default:
      return false;
  }
}

function* findServers(sys: NetSys, text: string | undefined): Routine<readonly Ip[] | undefined> {
  if (text === undefined) return readResolverConfig(sys).servers;
  const literal = parseIp(text);
  if (literal) return [literal];
  const resolved = yield* resolveName(sys, text, { family: "any" });
  return resolved.ok ? resolved.value : undefined;
}

function shortAnswer(message: DnsMessage): string {
  return message.answers.map((record) => `${recordData(record)}\n`).join("");
}

type Report = {
  readonly message: DnsMessage;
  readonly question: DnsQuestion;
  readonly server: Ip;
  readonly port: number;
  readonly shown: Shown;
  readonly elapsedMs: number;
  readonly argv: readonly string[];
  readonly explicit: boolean;
};

function report(sys: NetSys, { message, question, server, port, shown, elapsedMs, argv, explicit }: Report): string {
  let out = "";
  if (shown.cmd) out += `\n; <<>> ${BANNER} <<>> ${argv.join(" ")}\n${explicit ? "; (1 server found)\n" : ""};; global options: +cmd\n`;
  if (shown.comments) {
    const flags = [
      "qr",
      ...(message.isAuthoritative ? ["aa"] : []),
      ...(message.recursionDesired ? ["rd"] : []),
      ...(message.recursionAvailable ? ["ra"] : []),
    ];
    out += `;; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: ${message.code}, id: ${message.id}\n;; flags: ${flags.join(" ")}; QUERY: 1, ANSWER: ${message.answers.length}, AUTHORITY: 0, ADDITIONAL: 0\n\n`;
  }
  if (shown.question)
    out += `${shown.comments ? ";; QUESTION SECTION:\n" : ""};${tabbed(`${question.name === "." ? "." : `${question.name}.`}`, 31)}IN\t${question.type}\n${shown.comments ? "\n" : ""}`;
  if (shown.answer && message.answers.length > 0)
    out += `${shown.comments ? ";; ANSWER SECTION:\n" : ""}${message.answers.map(zoneLine).join("")}${shown.comments ? "\n" : ""}`;
  if (shown.stats)
    out += `;; Query time: ${elapsedMs} msec\n;; SERVER: ${server}#${port}(${server}) (UDP)\n;; WHEN: ${when(sys.dateMs)}\n;; MSG SIZE  rcvd: ${dnsLength(message)}\n\n`;
  return out;
}

/** `web.			600	IN	A	172.18.0.2`: dig's columns are at 24, 32, 40. */
function zoneLine(record: DnsRecord): string {
  const name = tabbed(`${record.name}.`, 24);
  return `${name}${name.endsWith(" ") ? `${record.ttl}\t` : tabbed(String(record.ttl), 8)}IN\t${record.type}\t${recordData(record)}\n`;
}

/** Pads with tabs to a column; text that reaches it gets one space. */
function tabbed(text: string, column: number): string {
  if (text.length >= column) return `${text} `;
  let out = text;
  for (let at = text.length; at < column; at = (Math.floor(at / 8) + 1) * 8) out += "\t";
  return out;
}

function when(ms: number): string {
  const d = datePartsOf(ms);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${WEEKDAYS[d.weekday]?.slice(0, 3)} ${MONTHS[d.month - 1]?.slice(0, 3)} ${two(d.day)} ${two(d.hour)}:${two(d.minute)}:${two(d.second)} UTC ${d.year}`;
}

/** `host NAME [SERVER]`. */
export function* host(sys: NetSys): Routine<number> {
  let type: DnsType | undefined;
  const rest: string[] = [];
  const argv = sys.argv.slice(1);
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i] ?? "";
    if (arg === "-t") type = dnsType(argv[++i] ?? "");
    else if (arg === "-W" || arg === "-R") i++;
    else if (arg.startsWith("-")) {
      yield* complain(sys, `${notSimulated(`host ${arg}`)}\n`);
      return 1;
    } else rest.push(arg);
  }
  const [name, serverText] = rest;
  if (name === undefined) {
    yield* complain(
      sys,
      "Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]\n            [-R number] [-m flag] [-p port] hostname [server]\n",
    );
    return 1;
  }
  const servers = yield* findServers(sys, serverText);
  if (servers === undefined) {
    yield* complain(sys, `host: couldn't get address for '${serverText}': not found\n`);
    return 1;
  }
  const address = parseIp(name);
  const types: readonly DnsType[] = address ? ["PTR"] : type ? [type] : ["A", "AAAA"];
  const asked = address ? reverseName(address) : name.replace(/\.$/, "");
  if (serverText !== undefined) yield* print(sys, `Using domain server:\nName: ${serverText}\nAddress: ${servers[0]}#53\nAliases: \n\n`);
  for (const one of types) {
    let message: DnsMessage | undefined;
    for (const server of servers) {
      const answer = yield* queryDns(sys, server, { name: asked, type: one }, { timeout: seconds(5) });
      if (answer.ok) {
        message = answer.value;
        break;
      }
      yield* print(sys, `;; communications error to ${server}#53: ${answer.error === "refused" ? "connection refused" : "timed out"}\n`);
    }
    if (!message) {
      yield* print(sys, ";; no servers could be reached\n");
      return 1;
    }
    if (message.code !== "NOERROR") {
      yield* print(
        sys,
        `Host ${asked}${address ? "." : ""} not found: ${{ NXDOMAIN: 3, SERVFAIL: 2, REFUSED: 5, FORMERR: 1, NOTIMP: 4 }[message.code]}(${message.code})\n`,
      );
      return 1;
    }
    if (message.answers.length === 0 && type) yield* print(sys, `${asked} has no ${type} record\n`);
    for (const record of message.answers) yield* print(sys, hostLine(record));
  }
  return 0;
}

function hostLine(record: DnsRecord): string {
  switch (record.type) {
    case "A":
      return `${record.name} has address ${record.address}\n`;
    case "AAAA":
      return `${record.name} has IPv6 address ${record.address}\n`;
    case "PTR":
      return `${record.name} domain name pointer ${record.target}.\n`;
    case "CNAME":
      return `${record.name} is an alias for ${record.target}.\n`;
  }
}
