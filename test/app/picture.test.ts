import { describe, expect, test } from "vitest";
import { type Drawing, layOut, NARROW_BELOW, type Rect } from "@/app/_lab/picture/layout";
import { modelOf, portLines } from "@/app/_lab/picture/model";
import { pointOf, routeOf } from "@/app/_lab/picture/routes";
import type { WorldSnapshot } from "@/lib/sim";

type Net = { readonly name: string; readonly created?: number };
type Box = { readonly name: string; readonly on: readonly string[]; readonly state?: string; readonly mode?: string };

/** A snapshot of one host, as small as the picture's model needs it. */
function snapshot(networks: readonly Net[], containers: readonly Box[] = []): WorldSnapshot {
  const prefix = (text: string) => ({ address: text.split("/")[0], length: Number(text.split("/")[1]) });
  return {
    at: 0,
    hosts: [
      {
        name: "node1",
        root: {
          id: "root",
          links: [{ index: 2, name: "eth0", detail: { kind: "physical" } }],
          addresses: [{ link: 2, prefix: prefix("192.168.56.11/24") }],
          routes: [{ destination: prefix("0.0.0.0/0"), gateway: "192.168.56.1", link: 2 }],
        },
        namespaces: {},
        containers: containers.map(({ name, on, state = "running", mode }) => ({
          id: `id-${name}`,
          name,
          image: "nginx",
          state,
          exitCode: 0,
          netns: state === "running" ? `ns-${name}` : undefined,
          networkMode: mode ?? on[0] ?? "none",
        })),
        networks: networks.map(({ name, created = 0 }, index) => ({
          id: `id-${name}`,
          name,
          created,
          driver: "bridge",
          bridge: name === "bridge" ? "docker0" : `br-${name}`,
          internal: false,
          ipam: { config: [{ subnet: `172.${17 + index}.0.0/16`, gateway: `172.${17 + index}.0.1` }] },
          endpoints: containers
            .filter((box) => box.on.includes(name))
            .map((box, at) => ({
              containerId: `id-${box.name}`,
              network: `id-${name}`,
              interface: `eth${box.on.indexOf(name)}`,
              mac: "",
              ipv4: `172.${17 + index}.0.${at + 2}`,
              hostInterface: `veth-${box.name}-${name}`,
              ports: [],
            })),
        })),
      },
    ],
  } as unknown as WorldSnapshot;
}

const shop = [{ name: "bridge" }, { name: "front", created: 1 }, { name: "back", created: 2 }];
const boxes = [
  { name: "web", on: ["front"] },
  { name: "api", on: ["front", "back"] },
  { name: "db", on: ["back"] },
  { name: "old", on: ["front"], state: "exited" },
];
const isApart = (a: Rect, b: Rect): boolean =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
const rectsOf = (drawing: Drawing): Rect[] =>
  drawing.hosts.flatMap(({ rails, boxes: all }) => [...rails.map(({ box }) => box), ...all.map(({ box }) => box)]);

describe.each([
  ["upright", 328],
  ["wide", 900],
])("the %s drawing", (_, width) => {
  test("puts nothing on anything else, and everything inside", () => {
    const drawing = layOut(modelOf(snapshot(shop, boxes)), width);
    const rects = rectsOf(drawing);

    expect(rects).toHaveLength(7);
    for (const [index, a] of rects.entries()) {
      for (const b of rects.slice(index + 1)) expect(isApart(a, b)).toBe(true);
      expect(a.x).toBeGreaterThanOrEqual(0);
      expect(a.x + a.width).toBeLessThanOrEqual(drawing.width);
      expect(a.y + a.height).toBeLessThanOrEqual(drawing.height);
    }
  });

  test("is the same for the same world", () => {
    const one = layOut(modelOf(snapshot(shop, boxes)), width);
    const other = layOut(modelOf(snapshot([...shop].reverse(), [...boxes].reverse())), width);

    expect(JSON.stringify(other.hosts[0]?.boxes.map(({ container, box }) => [container.name, box]))).toBe(
      JSON.stringify(one.hosts[0]?.boxes.map(({ container, box }) => [container.name, box])),
    );
  });

  test("leads a frame from one container to the next over their veths and the rail", () => {
    const drawing = layOut(modelOf(snapshot(shop, boxes)), width);
    const place = (netns: string, link: string) => ({ host: "node1", netns, link });

    const leaves = routeOf(drawing, { from: place("ns-web", "eth0"), to: undefined, label: "icmp" });
    const crosses = routeOf(drawing, { from: place("root", "veth-web-front"), to: place("root", "veth-api-front"), label: "icmp" });

    expect(leaves).toHaveLength(2);
    expect(crosses?.[0]).toEqual(leaves?.[1]);
    expect(crosses).toHaveLength(2);
  });

  test("leads a frame between two networks by the host's spine", () => {
    const drawing = layOut(modelOf(snapshot(shop, boxes)), width);
    const route = routeOf(drawing, {
      from: { host: "node1", netns: "root", link: "br-front" },
      to: { host: "node1", netns: "root", link: "br-back" },
      label: "tcp",
    });
    const [host] = drawing.hosts;

    expect(route?.[1]).toEqual(host?.rails.find(({ network }) => network.name === "front")?.tap[0]);
  });

  test("shows what died in a namespace even when no interface is named", () => {
    const drawing = layOut(modelOf(snapshot(shop, boxes)), width);

    expect(pointOf(drawing, { host: "node1", netns: "ns-db", link: undefined })).toBeDefined();
    expect(pointOf(drawing, { host: "node1", netns: "root", link: undefined })).toBeDefined();
  });
});

test("the drawing stands upright where there is no room", () => {
  const model = modelOf(snapshot(shop, boxes));

  expect(layOut(model, NARROW_BELOW - 1).outside.height).toBeLessThan(layOut(model, NARROW_BELOW).outside.height);
});

test("a network's colour follows from its name, not from when it was made or what else there is", () => {
  const alone = modelOf(snapshot([{ name: "bridge" }, { name: "app", created: 9 }]));
  const later = modelOf(snapshot([{ name: "bridge" }, { name: "app", created: 1 }, { name: "zoo", created: 2 }]));
  const colourOf = (model: typeof alone, name: string) => model.hosts[0]?.networks.find((network) => network.name === name)?.colour;

  expect(colourOf(alone, "app")).toBeGreaterThan(0);
  expect(colourOf(later, "app")).toBe(colourOf(alone, "app"));
  expect(colourOf(alone, "bridge")).toBe(0);
});

test("eight networks have eight colours", () => {
  const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const model = modelOf(snapshot(names.map((name, created) => ({ name, created }))));

  expect(new Set(model.hosts[0]?.networks.map(({ colour }) => colour)).size).toBe(8);
});

test("a container that does not run is drawn without links", () => {
  const model = modelOf(snapshot(shop, boxes));

  expect(model.hosts[0]?.containers.find(({ name }) => name === "old")?.attachments).toEqual([]);
});

test("a port published on both families is one line", () => {
  const both = ["0.0.0.0", "::"].map((hostIp) => ({ hostIp, hostPort: 8080, port: 80, protocol: "tcp" }));

  expect(portLines(both)).toEqual([":8080 to 80/tcp"]);
  expect(portLines([{ hostIp: "127.0.0.1", hostPort: 8080, port: 80, protocol: "tcp" }])).toEqual(["127.0.0.1:8080 to 80/tcp"]);
});
