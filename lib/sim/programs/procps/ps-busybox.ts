/** busybox's `ps`: four columns, the whole command, nothing else but `-o`. */

import type { Program } from "@/lib/sim/core/sys";
import { command } from "../command/command";
import { listProcesses, type ProcessFacts } from "./process-facts";

const BUSYBOX_COLUMNS: Readonly<
  Record<string, { readonly header: string; readonly width: number; readonly right?: true; readonly value: (one: ProcessFacts) => string }>
> = {
  user: { header: "USER", width: 8, value: (one) => one.owner },
  group: { header: "GROUP", width: 8, value: (one) => String(one.gid) },
  comm: { header: "COMMAND", width: 16, value: (one) => one.name },
  args: { header: "COMMAND", width: 256, value: busyboxCommand },
  pid: { header: "PID", width: 5, right: true, value: (one) => String(one.pid) },
  ppid: { header: "PPID", width: 5, right: true, value: (one) => String(one.ppid) },
  pgid: { header: "PGID", width: 5, right: true, value: (one) => String(one.group) },
  nice: { header: "NI", width: 5, right: true, value: () => "0" },
  rgroup: { header: "RGROUP", width: 8, value: (one) => String(one.gid) },
  ruser: { header: "RUSER", width: 8, value: (one) => one.owner },
  tty: { header: "TT", width: 6, value: (one) => (one.tty === "?" ? "?" : "136,0") },
  vsz: { header: "VSZ", width: 4, right: true, value: () => "0" },
  sid: { header: "SID", width: 5, right: true, value: (one) => String(one.session) },
  stat: { header: "STAT", width: 4, value: (one) => one.state },
  rss: { header: "RSS", width: 4, right: true, value: () => "0" },
};

/** A name that the command line does not begin with comes first, in braces: `{nginx} /bin/sh /usr/sbin/nginx`. */
export function busyboxCommand(process: ProcessFacts): string {
  if (process.state === "Z" || process.argv.length === 0) return `[${process.name}]`;
  const [path = ""] = process.argv;
  const called = path.slice(path.lastIndexOf("/") + 1).replace(/^-/, "");
  const line = process.argv.join(" ").replace(/\p{Cc}/gu, "?");
  return called.slice(0, 15) === process.name ? line : `{${process.name}} ${line}`;
}

export function busybox(): Program {
  // Other options are taken and do nothing; so are words, `aux` among them.
  return command(
    {
      name: "ps",
      usage: { gnu: "", busybox: "[-o COL1,COL2=HEADER] [-T]" },
      options: { gnu: { short: "" }, busybox: { short: "o:Taefdlwux" } },
    },
    "busybox",
    function* (context) {
      const { args, sys, out } = context;
      const chosen: {
        readonly header: string;
        readonly width: number;
        readonly right?: true;
        readonly value: (one: ProcessFacts) => string;
      }[] = [];
      for (const list of args.has("o") ? args.values("o") : ["pid,user,args"]) {
        for (const part of list.split(",")) {
          const [key = "", header] = part.split("=");
          const column = BUSYBOX_COLUMNS[key];
          if (!column) {
            yield* context.complain(`bad -o argument '${key}', supported arguments: ${Object.keys(BUSYBOX_COLUMNS).join(",")}`);
            return 1;
          }
          chosen.push(header === undefined ? column : { ...column, header, width: Math.max(column.width, header.length) });
        }
      }
      const width = sys.tty(1)?.columns;
      const cut = (line: string): string => (width === undefined ? line : line.slice(0, Math.max(0, width - 1)));
      const last = chosen.length - 1;
      if (chosen.some((column) => column.header !== ""))
        yield* out.put(`${cut(chosen.map((column, i) => (i === last ? column.header : column.header.padEnd(column.width))).join(" "))}\n`);
      for (const process of listProcesses(sys)) {
        yield* out.put(
          `${cut(chosen.map((column, i) => (column.right ? column.value(process).padStart(column.width) : i === last ? column.value(process) : column.value(process).padEnd(column.width))).join(" "))}\n`,
        );
      }
      return 0;
    },
  );
}
