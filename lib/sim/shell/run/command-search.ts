/** What a command's name means: a function, a builtin, a file along PATH (find_command of dash's exec.c, bash's findcmd.c). */

import type { Errno } from "@/lib/sim/core/errno";
import type { Builtin } from "../builtins/builtin";
import type { Shell, ShellFunction } from "./shell";

/** What a name means as a command. */
export type Meaning =
  | { readonly kind: "function"; readonly function: ShellFunction }
  | { readonly kind: "builtin"; readonly builtin: Builtin }
  | { readonly kind: "file"; readonly path: string }
  /** A file of that name is there and cannot be run. */
  | { readonly kind: "unusable"; readonly path: string; readonly errno: Errno; readonly isDirectory: boolean; readonly status?: number }
  | { readonly kind: "missing" };

export class CommandSearch {
  readonly #shell: Shell;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  /** What `name` means now. `path`: a PATH to search instead of the variable. */
  find(
    name: string,
    options: { readonly skipFunctions?: boolean; readonly path?: string | undefined; readonly remembers?: boolean } = {},
  ): Meaning {
    const shell = this.#shell;
    if (!name.includes("/")) {
      const builtin = shell.builtins.get(name);
      if (builtin?.isSpecial && !shell.options.isBash) return { kind: "builtin", builtin };
      const known = options.skipFunctions ? undefined : shell.functions.get(name);
      if (known) return { kind: "function", function: known };
      if (builtin) return { kind: "builtin", builtin };
    }
    return this.findFile(name, options.path, options.remembers ?? true);
  }

  findFile(name: string, path?: string, remembers = true): Meaning {
    const shell = this.#shell;
    // dash and ash try to run the directory.
    if (name === "")
      return shell.options.isBash ? { kind: "missing" } : { kind: "unusable", path: "", errno: "EACCES", isDirectory: true, status: 127 };
    if (name.includes("/")) return this.#checked(name);
    const known = path === undefined ? shell.hashed.get(name) : undefined;
    if (known && this.#checked(known.path).kind === "file") {
      if (remembers) known.hits++;
      return { kind: "file", path: known.path };
    }
    let unusable: Meaning | undefined;
    for (const directory of (path ?? shell.variables.get("PATH") ?? "").split(":")) {
      const file = directory === "" ? `./${name}` : `${directory}/${name}`;
      const found = this.#checked(file);
      if (found.kind === "file") {
        if (path === undefined && remembers) shell.hashed.set(name, { path: file, hits: 1 });
        return found;
      }
      if (found.kind === "unusable" && !found.isDirectory) unusable ??= found;
    }
    if (!unusable) return { kind: "missing" };
    // The others name the command as it was typed.
    return shell.options.isBash || unusable.kind !== "unusable" ? unusable : { ...unusable, path: name };
  }

  #checked(path: string): Meaning {
    const stat = this.#shell.sys.stat(path);
    if (!stat.ok)
      return stat.error === "ENOENT" || stat.error === "ENOTDIR"
        ? { kind: "missing" }
        : { kind: "unusable", path, errno: stat.error, isDirectory: false };
    if (stat.value.kind === "directory") return { kind: "unusable", path, errno: "EACCES", isDirectory: true };
    return (stat.value.mode & 0o111) === 0 ? { kind: "unusable", path, errno: "EACCES", isDirectory: false } : { kind: "file", path };
  }
}
