import fc from "fast-check";
import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import { parseExpose, parsePortSpec, parsePublish } from "@/lib/sim/programs/docker/opts/ports";

const bindings = (...specs: string[]) => Object.fromEntries(unwrap(parsePublish(specs)).bindings);

test.each<[string, string, string, string]>([
  ["80", "80/tcp", "", ""],
  ["8080:80", "80/tcp", "", "8080"],
  ["127.0.0.1:8080:80/UDP", "80/udp", "127.0.0.1", "8080"],
  ["127.0.0.1::80", "80/tcp", "127.0.0.1", ""],
  ["[::1]:8080:80", "80/tcp", "::1", "8080"],
  ["8080-8090:80", "80/tcp", "", "8080-8090"],
  ["published=53,target=5353,protocol=udp", "5353/udp", "", "53"],
])("-p %s publishes %s on %s:%s", (spec, port, HostIp, HostPort) => {
  expect(bindings(spec)).toEqual({ [port]: [{ HostIp, HostPort }] });
});

test("ranges of the same length go side by side", () => {
  expect(bindings("8080-8081:80-81")).toEqual({
    "80/tcp": [{ HostIp: "", HostPort: "8080" }],
    "81/tcp": [{ HostIp: "", HostPort: "8081" }],
  });
});

test("one port can be published several times", () => {
  expect(bindings("8080:80", "127.0.0.1:81:80")).toEqual({
    "80/tcp": [
      { HostIp: "", HostPort: "8080" },
      { HostIp: "127.0.0.1", HostPort: "81" },
    ],
  });
});

test.each<[string, string]>([
  ["", "No port specified: <empty>"],
  ["8080:", "No port specified: 8080:<empty>"],
  ["nginx", "Invalid containerPort: nginx"],
  ["70000:80", "Invalid hostPort: 70000"],
  ["8080:80/foo", "Invalid proto: foo"],
  ["300.0.0.1:80:80", "Invalid ip address: 300.0.0.1"],
  ["1:2:3:4", "Invalid ip address 1:2: address 1:2:: too many colons in address"],
  ["::1:8080:80", "Invalid ip address ::1: address ::1:: too many colons in address"],
  ["[::1:8080:80", "Invalid ip address [::1: address [::1:: missing ']' in address"],
  ["8080-8082:80-81", "Invalid ranges specified for container and host Ports: 80-81 and 8080-8082"],
])("-p %j is refused: %s", (spec, error) => {
  const parsed = parsePublish([spec]);

  expect(parsed).toEqual({ ok: false, error });
});

test("whatever is put together from an address, ports and a protocol is taken apart again", () => {
  const port = fc.integer({ min: 0, max: 65_535 });
  const ip = fc.constantFrom("", "0.0.0.0", "127.0.0.1", "::", "fe80::1");
  fc.assert(
    fc.property(ip, port, port, fc.constantFrom("tcp", "udp", "sctp"), (HostIp, host, inside, protocol) => {
      const shown = HostIp.includes(":") ? `[${HostIp}]` : HostIp;
      const spec = `${shown === "" ? "" : `${shown}:`}${host}:${inside}/${protocol}`;

      expect(parsePortSpec(spec)).toEqual({
        ok: true,
        value: [{ port: `${inside}/${protocol}`, binding: { HostIp, HostPort: String(host) } }],
      });
    }),
  );
});

test("--expose takes ports and ranges, not addresses", () => {
  expect(parseExpose(["80", "90-91/udp"])).toEqual({ ok: true, value: ["80/tcp", "90/udp", "91/udp"] });
  expect(parseExpose(["1:2"])).toEqual({ ok: false, error: "invalid port format for --expose: 1:2" });
  expect(parseExpose(["82-80"])).toEqual({
    ok: false,
    error: "invalid range format for --expose: 82-80, error: Invalid range specified for the Port: 82-80",
  });
});
