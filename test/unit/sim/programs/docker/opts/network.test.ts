import { expect, test } from "vitest";
import { parseNetwork } from "@/lib/sim/programs/docker/opts/network";

const PLAIN = { aliases: [], driverOptions: {}, ipv4: "", ipv6: "", linkLocal: [], mac: "", gwPriority: 0 };

test.each<[string, object]>([
  ["app", { target: "app" }],
  ["name=app", { target: "app" }],
  ["name=app,alias=web,alias=www", { target: "app", aliases: ["web", "www"] }],
  [
    "name=app,ip=10.0.0.5,ip6=fd00::5,mac-address=02:42:ac:11:00:99",
    { target: "app", ipv4: "10.0.0.5", ipv6: "fd00::5", mac: "02:42:ac:11:00:99" },
  ],
  ["name=app,gw-priority=-1", { target: "app", gwPriority: -1 }],
  ["name=app,driver-opt=a=1,driver-opt=b=2", { target: "app", driverOptions: { a: "1", b: "2" } }],
  // All of it is put in small letters, as by the real program.
  ["name=App,alias=Web", { target: "app", aliases: ["web"] }],
])("--network %s", (text, attachment) => {
  expect(parseNetwork(text)).toEqual({ ok: true, value: { ...PLAIN, ...attachment } });
});

test.each<[string, string]>([
  ["alias=web", "network name/id is not specified"],
  ["name=app,color=red", "invalid field key color"],
  ["name=app,web", "invalid field web"],
  ["name=app,gw-priority=high", 'invalid gw-priority: strconv.ParseInt: parsing "high": invalid syntax'],
])("--network %s is refused", (text, error) => {
  expect(parseNetwork(text)).toMatchObject({ ok: false, error: expect.stringContaining(error.split(":")[0] ?? "") });
});
