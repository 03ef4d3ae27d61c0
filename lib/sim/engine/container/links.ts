/**
 * Links on the default bridge (`--link db:database`): who is linked to whom, and the environment that a link gives. The
 * lines in /etc/hosts are libnetwork's, as are links on user-defined networks.
 *
 * Modelled on moby's daemon/links.go and daemon/links/links.go. Children are kept in the order in which they were linked.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { compareKeys, splitPort } from "../network/ports";
import type { Container } from "./container";

export class Links {
  /** Parent → alias (`/app/database`) → child. */
  readonly #children = new Map<Container, Map<string, Container>>();

  link(parent: Container, child: Container, alias: string): void {
    const children = this.#children.get(parent) ?? new Map<string, Container>();
    children.set(alias, child);
    this.#children.set(parent, children);
  }

  unlink(alias: string, parent: Container): void {
    this.#children.get(parent)?.delete(alias);
  }

  children(parent: Container): ReadonlyMap<string, Container> {
    return this.#children.get(parent) ?? new Map();
  }

  /** Alias → parent, of those that are linked to `child`. */
  parents(child: Container): ReadonlyMap<string, Container> {
    const parents = new Map<string, Container>();
    for (const [parent, children] of this.#children) {
      for (const [alias, linked] of children) if (linked === child) parents.set(alias, parent);
    }
    return parents;
  }

  /** Forgets a container; returns the aliases that its links had. */
  delete(container: Container): readonly string[] {
    const aliases = [...(this.#children.get(container)?.keys() ?? [])];
    this.#children.delete(container);
    for (const children of this.#children.values()) {
      for (const [alias, child] of children) if (child === container) children.delete(alias);
    }
    return aliases;
  }
}

/** `NAME`, `NAME:ALIAS`, or the form that inspect shows: `/NAME:/PARENT/ALIAS`. */
export function parseLink(text: string): Result<{ readonly name: string; readonly alias: string }, string> {
  if (text === "") return fail("empty string specified for links");
  const parts = text.split(":");
  if (parts.length > 2) return fail(`bad format for links: ${text}`);
  const [name = "", alias] = parts;
  if (alias === undefined) return ok({ name, alias: name });
  if (name.startsWith("/")) return ok({ name: name.slice(1), alias: lastPart(alias) });
  return ok({ name, alias });
}

/** The variables that a link brings: `DB_PORT`, `DB_PORT_5432_TCP_ADDR`, `DB_ENV_…`. */
export function linkEnvironment(alias: string, child: Container, childAddress: string): readonly string[] {
  const prefix = lastPart(alias).toUpperCase().replaceAll("-", "_");
  const ports = Object.keys(child.config.ExposedPorts ?? {})
    .sort(tcpFirst)
    .map(splitPort);
  const env: string[] = [];
  let start = ports[0];
  let end = ports[0];
  ports.forEach((port, index) => {
    const url = `${port.protocol}://${childAddress}:${port.port}`;
    if (index === 0) env.push(`${prefix}_PORT=${url}`);
    const one = `${prefix}_PORT_${port.port}_${port.protocol.toUpperCase()}`;
    env.push(`${one}=${url}`, `${one}_ADDR=${childAddress}`, `${one}_PORT=${port.port}`, `${one}_PROTO=${port.protocol}`);
    if (start && end && Number(port.port) === Number(end.port) + 1 && port.protocol === start.protocol) {
      end = port;
      if (index < ports.length - 1) return;
    }
    if (start && end && end !== start) {
      const range = `${prefix}_PORT_${start.port}_${start.protocol.toUpperCase()}`;
      env.push(`${range}_START=${start.protocol}://${childAddress}:${start.port}`, `${range}_PORT_START=${start.port}`);
      env.push(`${range}_END=${end.protocol}://${childAddress}:${end.port}`, `${range}_PORT_END=${end.port}`);
    }
    start = port;
    end = port;
  });
  env.push(`${prefix}_NAME=${alias}`);
  for (const variable of child.config.Env ?? []) {
    const equals = variable.indexOf("=");
    const name = variable.slice(0, equals);
    if (equals > 0 && name !== "HOME" && name !== "PATH") env.push(`${prefix}_ENV_${variable}`);
  }
  return env;
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function tcpFirst(a: string, b: string): number {
  const [left, right] = [splitPort(a).protocol, splitPort(b).protocol];
  if (left === right) return compareKeys(a, b);
  if (left === "tcp") return -1;
  return right === "tcp" ? 1 : left < right ? -1 : 1;
}
