/** The questions of `test` and `[[` about files, texts and variables. */

import type { FileStat } from "@/lib/sim/core/sys";
import type { Shell } from "../run/shell";

/** Letters of the unary operators of `test`. */
export function unaryOperators(shell: Shell): string {
  return shell.options.isBash ? "abcdefghknoprstuvwxzGLNORS" : "bcdefghknprstuwxzGLOS";
}

export function testUnary(shell: Shell, operator: string, operand: string): boolean {
  switch (operator) {
    case "-n":
      return operand !== "";
    case "-z":
      return operand === "";
    case "-t": {
      const real = shell.descriptors.real(Number(operand));
      return real !== undefined && shell.sys.tty(real) !== undefined;
    }
    case "-v":
      return isVariableSet(shell, operand);
    case "-R":
      return shell.variables.findItself(operand)?.isReference ?? false;
    case "-o":
      return shell.options.has(operand);
    case "-h":
    case "-L": {
      const stat = shell.sys.lstat(operand);
      return stat.ok && stat.value.kind === "symlink";
    }
  }
  const stat = operand === "" ? undefined : shell.sys.stat(operand);
  if (!stat?.ok) return false;
  return ofFile(shell, operator, stat.value);
}

function ofFile(shell: Shell, operator: string, stat: FileStat): boolean {
  const { uid, gid } = shell.sys.user;
  const may = (bit: number): boolean => {
    if (uid === 0) return bit !== 1 || stat.kind === "directory" || (stat.mode & 0o111) !== 0;
    const shift = stat.uid === uid ? 6 : stat.gid === gid ? 3 : 0;
    return ((stat.mode >> shift) & bit) !== 0;
  };
  switch (operator) {
    case "-e":
    case "-a":
      return true;
    case "-f":
      return stat.kind === "file";
    case "-d":
      return stat.kind === "directory";
    case "-c":
      return stat.kind === "character-device";
    case "-p":
      return stat.kind === "fifo";
    case "-S":
      return stat.kind === "socket";
    case "-b":
      return false;
    case "-s":
      return stat.size > 0;
    case "-r":
      return may(4);
    case "-w":
      return may(2);
    case "-x":
      return may(1);
    case "-u":
      return (stat.mode & 0o4000) !== 0;
    case "-g":
      return (stat.mode & 0o2000) !== 0;
    case "-k":
      return (stat.mode & 0o1000) !== 0;
    case "-O":
      return stat.uid === uid;
    case "-G":
      return stat.gid === gid;
    case "-N":
      return true;
    default:
      return false;
  }
}

export function testFile(shell: Shell, left: string, operator: "-nt" | "-ot" | "-ef", right: string): boolean {
  const a = shell.sys.stat(left);
  const b = shell.sys.stat(right);
  if (operator === "-ef") return a.ok && b.ok && a.value.inode === b.value.inode && a.value.kind === b.value.kind;
  if (!a.ok || !b.ok) return operator === "-nt" ? a.ok : b.ok;
  return operator === "-nt" ? a.value.modifiedAt > b.value.modifiedAt : a.value.modifiedAt < b.value.modifiedAt;
}

function isVariableSet(shell: Shell, name: string): boolean {
  const element = /^([A-Za-z_]\w*)\[(.*)\]$/.exec(name);
  if (element?.[1] === undefined) return shell.variables.isSet(name);
  const key = element[2] ?? "";
  if (key === "@" || key === "*") return shell.variables.elements(element[1]).length > 0;
  return shell.variables.getElement(element[1], key) !== undefined;
}
