import { expect, test } from "vitest";
import { servicePort } from "@/lib/sim/programs/docker/opts/service-ports";

const context = { env: () => undefined, readFile: () => ({ ok: false, error: "" }) as const, absolute: (path: string) => path };

test.each(["80", "8080:80", ":80", "8080-8082:80", "80:80/TCP", "target=80", "Target=80,Mode=HOST,protocol=UDP", "target=80,published=0"])(
  "a service publishes %s",
  (text) => {
    expect(servicePort(text, context)).toEqual({ ok: true, value: text });
  },
);

test.each([
  ["80:80/host", "Invalid proto: host"],
  ["127.0.0.1:80:80", "hostip is not supported"],
  ["target=", "Invalid containerPort: target="],
  ["PORT=80", "invalid field key: port"],
  ["target=80, published=8080", "invalid field key:  published"],
  ["mode=HOSTS,target=80", "invalid publish mode value (hosts): must be either 'ingress' or 'host'"],
  ["target=80,protocol=icmp", "invalid protocol value 'icmp'"],
  ["mode=host", "missing mandatory field 'target'"],
  ["target=0", "missing mandatory field 'target'"],
  ["target=70000", "invalid target port (70000): value must be an integer: value out of range"],
  ["target=80,published=8080-8081", "invalid published port (8080-8081): value must be an integer: invalid syntax"],
  ["target=80,X", "invalid field: X"],
  ["8080:80,target=80", "invalid field: 8080:80"],
])("a service does not publish %s: %s", (text, error) => {
  expect(servicePort(text, context)).toEqual({ ok: false, error });
});
