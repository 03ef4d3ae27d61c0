/** net-tools' `ifconfig` (ifconfig.c). */

import { strerror } from "@/lib/sim/core/errno";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain, print } from "@/lib/sim/core/stdio";
import type { Routine } from "@/lib/sim/core/task";
import type { NetProgram, NetSys } from "@/lib/sim/kernel";
import { changeInterface, type IfconfigError } from "../bsd-net/ifconfig-change";
import { findInterface, interfaces } from "../bsd-net/interfaces";
import { interfaceTable, interfaceText } from "./interface-text";
import { IFCONFIG_USAGE } from "./usage";
import { showUsage } from "./words";

const HINT = "ifconfig: `--help' gives usage information.\n";

export const ifconfig: NetProgram = function* (sys) {
  const words = [...sys.argv.slice(1)];
  let [showsAll, isShort] = [false, false];
  while (words[0]?.startsWith("-")) {
    const option = words.shift() ?? "";
    switch (option) {
      case "-a":
        showsAll = true;
        break;
      case "-s":
        isShort = true;
        break;
      case "-v":
        break;
      case "-V":
      case "--version":
      case "-version":
        yield* print(sys, "net-tools 2.10\n");
        return 0;
      case "-h":
      case "-?":
      case "--help":
      case "-help":
        yield* showUsage(sys, IFCONFIG_USAGE, "stdout");
        return 0;
      default:
        yield* complain(sys, `ifconfig: option \`${option}' not recognised.\n${HINT}`);
        return 1;
    }
  }
  const [name, ...rest] = words;
  if (name === undefined) {
    const shown = interfaces(sys.netns).filter(({ link }) => showsAll || link.isUp);
    yield* print(sys, isShort ? interfaceTable(shown, "ifconfig") : shown.map(interfaceText).join(""));
    return 0;
  }
  if (rest.length === 0) {
    const found = findInterface(sys.netns, name);
    if (!found) {
      yield* complain(sys, `${name}: error fetching interface information: Device not found\n`);
      return 1;
    }
    yield* print(sys, isShort ? interfaceTable([found], "ifconfig") : interfaceText(found));
    return 0;
  }
  const done = changeInterface(sys.netns, name, rest, { allowsLength: true });
  return done.ok ? 0 : yield* explain(sys, name, done.error, rest);
};

/** Reading or setting flags fails with another status than all else. */
const FLAGS_STATUS = 255;

function* explain(sys: NetSys, name: string, error: IfconfigError, words: readonly string[]): Routine<number> {
  const noFlags = `${name}: ERROR while getting interface flags: ${strerror("ENODEV")}\n`;
  switch (error.kind) {
    case "missing-value":
      yield* showUsage(sys, IFCONFIG_USAGE, "stderr");
      return 3;
    case "no-interface":
      if (error.call === "flags") {
        yield* complain(sys, noFlags);
        return FLAGS_STATUS;
      }
      // An address brings its interface up as well, whether or not it was set.
      yield* complain(sys, `${error.call}: ${strerror("ENODEV")}\n${error.call === "SIOCSIFADDR" ? noFlags : ""}`);
      return error.call === "SIOCSIFADDR" ? FLAGS_STATUS : 1;
    case "ioctl": {
      const alsoFlags = error.call === "SIOCSIFADDR" && error.errno === "EPERM";
      yield* complain(sys, `${error.call}: ${strerror(error.errno)}\n${alsoFlags ? `SIOCSIFFLAGS: ${strerror("EPERM")}\n` : ""}`);
      return alsoFlags || error.call === "SIOCSIFFLAGS" ? FLAGS_STATUS : 1;
    }
    case "bad-address": {
      const before = words[words.indexOf(error.word) - 1];
      yield* complain(
        sys,
        `${error.word}: Unknown host\n${before !== undefined && ["netmask", "broadcast", "add", "del"].includes(before) ? "" : HINT}`,
      );
      return 1;
    }
    case "not-simulated":
      yield* complain(sys, `${notSimulated(`ifconfig's option ${error.word}`)}\n`);
      return 1;
  }
}
