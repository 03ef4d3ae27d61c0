/** Ports and their names, as /etc/services of the machine at hand has them (getservbyport(3)). */

import type { NetSys } from "@/lib/sim/kernel";

/** A number from 0 to 65535. */
export function portNumber(text: string): number | undefined {
  if (!/^\d{1,5}$/.test(text)) return undefined;
  const port = Number(text);
  return port <= 65_535 ? port : undefined;
}

/** Entries of /etc/services; without the file no port has a name. */
export class Services {
  readonly #names = new Map<string, string>();
  readonly #ports = new Map<string, number>();

  constructor(sys: NetSys) {
    const text = sys.readFile("/etc/services");
    if (!text.ok) return;
    for (const line of text.value.split("\n")) {
      const [name, place, ...aliases] = (line.split("#")[0] ?? "").trim().split(/\s+/);
      const match = /^(\d+)\/(\w+)$/.exec(place ?? "");
      if (!name || !match) continue;
      const [, port = "", protocol = ""] = match;
      if (!this.#names.has(`${port}/${protocol}`)) this.#names.set(`${port}/${protocol}`, name);
      for (const one of [name, ...aliases]) if (!this.#ports.has(`${one}/${protocol}`)) this.#ports.set(`${one}/${protocol}`, Number(port));
    }
  }

  name(port: number, protocol: "tcp" | "udp"): string | undefined {
    return this.#names.get(`${port}/${protocol}`);
  }

  port(name: string, protocol: "tcp" | "udp"): number | undefined {
    return this.#ports.get(`${name}/${protocol}`);
  }
}
