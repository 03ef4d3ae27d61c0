/**
 * The containers of a host and the names that lead to them.
 * Modelled on moby's ViewDB (daemon/container/view.go), names.go and GetContainer: a full id, then a name, then a prefix of
 * an id that only one container has.
 */

import { ok } from "@/lib/base/result";
import { type Outcome, refuse } from "../error";
import { quote } from "../go/quote";
import type { Ids } from "../ids";
import { shortId } from "../ids";
import type { Container } from "./container";

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

export class Containers {
  readonly #byId = new Map<string, Container>();
  /** Every name with its slash, aliases of links (`/app/database`) among them → the container's id. */
  readonly #names = new Map<string, string>();
  readonly #ids: Ids;

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  add(container: Container): void {
    this.#byId.set(container.id, container);
  }

  delete(container: Container): void {
    this.#byId.delete(container.id);
    for (const [name, id] of this.#names) if (id === container.id) this.#names.delete(name);
  }

  byId(id: string): Container | undefined {
    return this.#byId.get(id);
  }

  byName(name: string): Container | undefined {
    const id = this.#names.get(name.startsWith("/") ? name : `/${name}`);
    return id === undefined ? undefined : this.#byId.get(id);
  }

  /** What `docker … CONTAINER` means. */
  get(term: string): Outcome<Container> {
    if (term === "") return refuse("invalid", 'invalid name or ID supplied: ""');
    const exact = this.byId(term) ?? this.byName(term);
    return exact ? ok(exact) : this.byPrefix(term);
  }

  byPrefix(prefix: string): Outcome<Container> {
    const found = [...this.#byId.values()].filter((container) => container.id.startsWith(prefix));
    if (found.length > 1) return refuse("invalid", `multiple IDs found with provided prefix: ${prefix}`);
    return found[0] ? ok(found[0]) : refuse("not-found", `No such container: ${prefix}`);
  }

  /** Newest first, as the daemon lists them; of the same instant, the one made later. */
  list(): readonly Container[] {
    return [...this.#byId.values()].reverse().sort((a, b) => b.created - a.created);
  }

  /** The names of a container, in byte order. */
  namesOf(id: string): readonly string[] {
    return [...this.#names]
      .filter(([, owner]) => owner === id)
      .map(([name]) => name)
      .sort();
  }

  /** All names with what they lead to. */
  get allNames(): readonly (readonly [name: string, id: string])[] {
    return [...this.#names];
  }

  /** Takes a name for a container that may not exist yet. The result has its slash. */
  reserve(name: string, id: string): Outcome<string> {
    if (!NAME.test(name.startsWith("/") ? name.slice(1) : name)) {
      return refuse("invalid", `Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`);
    }
    const full = name.startsWith("/") ? name : `/${name}`;
    const owner = this.#names.get(full);
    if (owner !== undefined && owner !== id) {
      return refuse(
        "conflict",
        `Conflict. The container name ${quote(full)} is already in use by container ${quote(owner)}. You have to remove (or rename) that container to be able to reuse that name.`,
      );
    }
    this.#names.set(full, id);
    return ok(full);
  }

  /** The name under which a linked container is known to its parent. False when it is taken. */
  reserveAlias(name: string, id: string): boolean {
    const owner = this.#names.get(name);
    if (owner !== undefined && owner !== id) return false;
    this.#names.set(name, id);
    return true;
  }

  release(name: string): void {
    this.#names.delete(name);
  }

  /** A name of the daemon's own making. */
  invent(id: string): string {
    for (let attempt = 0; attempt < 6; attempt++) {
      const name = `/${this.#ids.name(attempt)}`;
      if (!this.#names.has(name)) {
        this.#names.set(name, id);
        return name;
      }
    }
    const name = `/${shortId(id)}`;
    this.#names.set(name, id);
    return name;
  }
}
