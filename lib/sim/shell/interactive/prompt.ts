/** The escapes of PS1 (bash's decode_prompt_string; busybox's parse_and_put_prompt knows most of them). dash has none. */

import { strftime } from "../builtins/strftime";
import type { Shell } from "../run/shell";

/** Marks text that takes no room on the screen, for the line editor. */
export const INVISIBLE_START = "\x01";
export const INVISIBLE_END = "\x02";

export function expandPrompt(shell: Shell, text: string): string {
  if (shell.flavour.dialect.name === "dash") return text;
  const seconds = Math.floor(shell.sys.dateMs / 1000);
  return text.replace(/\\(\d{3}|D\{[^}]*\}|[\s\S])/g, (whole, code: string) => {
    if (/^\d{3}$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    if (code.startsWith("D{")) return strftime(code.slice(2, -1) || "%X", seconds);
    switch (code) {
      case "a":
        return "\x07";
      case "d":
        return strftime("%a %b %d", seconds);
      case "e":
      case "E":
        return "\x1b";
      case "h":
        return shell.sys.hostname.split(".")[0] ?? "";
      case "H":
        return shell.sys.hostname;
      case "j":
        return String(shell.jobs.list.length);
      case "l":
        return (
          shell.sys
            .tty(shell.descriptors.real(0) ?? 0)
            ?.name.split("/")
            .at(-1) ?? ""
        );
      case "n":
        return "\n";
      case "r":
        return "\r";
      case "s":
        return shell.name.slice(shell.name.lastIndexOf("/") + 1);
      case "t":
        return strftime("%H:%M:%S", seconds);
      case "T":
        return strftime("%I:%M:%S", seconds);
      case "@":
        return strftime("%I:%M %p", seconds);
      case "A":
        return strftime("%H:%M", seconds);
      case "u":
        return shell.variables.get("USER") ?? (shell.sys.user.uid === 0 ? "root" : String(shell.sys.user.uid));
      case "v":
        return "5.3";
      case "V":
        return "5.3.15";
      case "w":
        return workingDirectory(shell);
      case "W": {
        const path = workingDirectory(shell);
        return path === "/" || path === "~" ? path : path.slice(path.lastIndexOf("/") + 1);
      }
      case "!":
        return String(shell.history?.next ?? 1);
      case "#":
        return String(shell.commandNumber);
      case "$":
        return shell.sys.user.uid === 0 ? "#" : "$";
      case "\\":
        return "\\";
      case "[":
        return INVISIBLE_START;
      case "]":
        return INVISIBLE_END;
      default:
        return whole;
    }
  });
}

function workingDirectory(shell: Shell): string {
  const path = shell.variables.get("PWD") ?? shell.sys.cwd;
  const home = shell.variables.get("HOME");
  if (home === undefined || home === "/" || home === "") return path;
  return path === home ? "~" : path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
