import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import { Lab, byName, up } from "./lab";

test("ip_forward is conf.all.forwarding, and reaches every link", () => {
  const lab = new Lab();
  lab.bridge("br0", "10.8.0.1/24");
  unwrap(lab.root.setSysctl("net.ipv4.ip_forward", "1"));

  for (const key of [
    "net.ipv4.ip_forward",
    "net.ipv4.conf.all.forwarding",
    "net.ipv4.conf.default.forwarding",
    "net.ipv4.conf.br0.forwarding",
  ])
    expect(unwrap(lab.root.sysctl(key))).toBe("1");
  expect(unwrap(lab.root.sysctl("net.ipv4.conf.all.accept_redirects"))).toBe("0");
});

test("a new namespace starts with the host's IPv4 settings", () => {
  const lab = new Lab();
  unwrap(lab.root.setSysctl("net.ipv4.ip_forward", "1"));
  unwrap(lab.root.setSysctl("net.ipv4.ip_local_port_range", "40000 50000"));
  const netns = lab.stack.create();

  expect(unwrap(netns.sysctl("net.ipv4.ip_forward"))).toBe("1");
  expect(unwrap(netns.sysctl("net.ipv4.ip_local_port_range"))).toBe("32768\t60999");
});

test("values are checked, and unknown keys are not there", () => {
  const { root } = new Lab();

  expect(root.setSysctl("net.ipv4.ip_forward", "yes")).toEqual({ ok: false, error: "EINVAL" });
  expect(root.setSysctl("net.ipv4.ip_local_port_range", "50000 40000")).toEqual({ ok: false, error: "EINVAL" });
  expect(root.setSysctl("net.ipv4.nosuch", "1")).toEqual({ ok: false, error: "ENOENT" });
  expect(root.sysctl("net.ipv4.conf.nosuch.forwarding")).toEqual({ ok: false, error: "ENOENT" });
  expect(root.sysctls()).toContain("net.ipv4.conf.lo.rp_filter");
});

test("settings follow a link's name, and a link's dot is a slash in the key", () => {
  const lab = new Lab();
  const { links } = lab.root;
  unwrap(links.addLink({ kind: "dummy", name: "d0" }));
  unwrap(lab.root.setSysctl("net.ipv4.conf.d0.proxy_arp", "1"));
  unwrap(links.change(byName(links, "d0"), { set: "name", name: "d.1" }));

  expect(unwrap(lab.root.sysctl("net.ipv4.conf.d/1.proxy_arp"))).toBe("1");
  expect(lab.root.sysctl("net.ipv4.conf.d0.proxy_arp").ok).toBe(false);
});

test("disable_ipv6 takes a link's IPv6 addresses away, and gives its own back", () => {
  const lab = new Lab();
  const { links } = lab.root;
  unwrap(links.addLink({ kind: "dummy", name: "d0" }));
  up(links, "d0");
  const count = (): number => links.addresses(byName(links, "d0")).length;

  expect(count()).toBe(1);
  unwrap(lab.root.setSysctl("net.ipv6.conf.d0.disable_ipv6", "1"));
  expect(count()).toBe(0);
  unwrap(lab.root.setSysctl("net.ipv6.conf.d0.disable_ipv6", "0"));
  expect(count()).toBe(1);
});
