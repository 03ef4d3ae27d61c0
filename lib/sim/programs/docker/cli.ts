/**
 * What every command of `docker` works with: its streams, its settings and the daemon. It is docker/cli's DockerCli.
 */

import type { Result } from "@/lib/base/result";
import { complain, print } from "@/lib/sim/core/stdio";
import type { Sys, Tty } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import type { Client } from "./client";
import type { ConfigFile } from "./config-file";
import type { FlagContext } from "./cobra/flag";

export class Cli implements FlagContext {
  readonly sys: Sys;
  readonly client: Client;
  readonly config: ConfigFile;
  readonly configDir: string;
  readonly contextName: string;
  readonly isDebug: boolean;
  /** The names that plugins may not take. */
  readonly builtins: ReadonlySet<string>;

  constructor(parts: {
    readonly sys: Sys;
    readonly client: Client;
    readonly config: ConfigFile;
    readonly configDir: string;
    readonly contextName: string;
    readonly isDebug: boolean;
    readonly builtins: ReadonlySet<string>;
  }) {
    this.sys = parts.sys;
    this.client = parts.client;
    this.config = parts.config;
    this.configDir = parts.configDir;
    this.builtins = parts.builtins;
    this.contextName = parts.contextName;
    this.isDebug = parts.isDebug;
  }

  out(text: string): Routine<void> {
    return print(this.sys, text);
  }

  err(text: string): Routine<void> {
    return complain(this.sys, text);
  }

  /** The terminal on stdin, stdout or stderr, if there is one. */
  terminal(stream: "stdin" | "stdout" | "stderr"): Tty | undefined {
    return this.sys.tty({ stdin: 0, stdout: 1, stderr: 2 }[stream]);
  }

  /** Nanoseconds since 1970. */
  get nowNs(): number {
    return this.sys.dateMs * 1e6;
  }

  env(name: string): string | undefined {
    return this.sys.env.get(name);
  }

  /** The error is as Go's os.Open words it. */
  readFile(path: string): Result<string, string> {
    return readFile(this.sys, path);
  }

  absolute(path: string): string {
    return absolutePath(this.sys, path);
  }
}

/** Words of Go's syscall.Errno for what opening a file can answer. */
const GO_ERRNO: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  EISDIR: "is a directory",
  ENOTDIR: "not a directory",
  ELOOP: "too many levels of symbolic links",
  EEXIST: "file exists",
  EROFS: "read-only file system",
};

export function goErrno(errno: string): string {
  return GO_ERRNO[errno] ?? errno;
}

export function readFile(sys: Sys, path: string): Result<string, string> {
  const text = sys.readFile(path);
  if (text.ok) return text;
  const verb = text.error === "EISDIR" ? "read" : "open";
  return { ok: false, error: `${verb} ${path}: ${goErrno(text.error)}` };
}

/** filepath.Abs: joined to the working directory and cleaned. */
export function absolutePath(sys: Sys, path: string): string {
  return cleanPath(path.startsWith("/") ? path : `${sys.cwd}/${path}`);
}

/** path.Clean of an absolute path. */
export function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
