import { expect, test } from "vitest";
import { dig, host } from "@/lib/sim/programs/dns/dig";
import { getent } from "@/lib/sim/programs/dns/getent";
import { bindNslookup, busyboxNslookup } from "@/lib/sim/programs/dns/nslookup";
import { reverseName } from "@/lib/sim/programs/resolv/resolve-name";
import { candidates } from "@/lib/sim/programs/resolv/resolv-conf";
import { parseIp } from "@/lib/sim/net/address";
import { buildLan } from "@/test/support/lan";

// Outputs as recorded beside a real engine: busybox 1.38, BIND 9.20.

test("busybox nslookup asks for A and AAAA and shows each answer", () => {
  const lan = buildLan();

  expect(lan.run(lan.node1, busyboxNslookup, ["nslookup", "dns.google"])).toEqual({
    stdout: "Server:\t\t192.168.56.1\nAddress:\t192.168.56.1:53\n\nName:\tdns.google\nAddress: 8.8.8.8\n\n\n",
    stderr: "",
    status: 0,
  });
  expect(lan.run(lan.node1, busyboxNslookup, ["nslookup", "nosuch.example.com"])).toEqual({
    stdout:
      "Server:\t\t192.168.56.1\nAddress:\t192.168.56.1:53\n\n** server can't find nosuch.example.com: NXDOMAIN\n\n** server can't find nosuch.example.com: NXDOMAIN\n\n",
    stderr: "",
    status: 1,
  });
});

test("a server that is not there is waited for, and then nobody could be reached", () => {
  const lan = buildLan();

  expect(lan.run(lan.node1, busyboxNslookup, ["nslookup", "dns.google", "192.168.56.99"])).toEqual({
    stdout: ";; connection timed out; no servers could be reached\n\n",
    stderr: "",
    status: 1,
  });
});

test("BIND's nslookup", () => {
  const lan = buildLan();

  expect(lan.run(lan.node1, bindNslookup, ["nslookup", "dns.google"]).stdout).toBe(
    "Server:\t\t192.168.56.1\nAddress:\t192.168.56.1#53\n\nName:\tdns.google\nAddress: 8.8.8.8\n\n",
  );
  expect(lan.run(lan.node1, bindNslookup, ["nslookup", "nosuch.example"]).stdout).toBe(
    "Server:\t\t192.168.56.1\nAddress:\t192.168.56.1#53\n\n** server can't find nosuch.example: NXDOMAIN\n\n",
  );
  expect(lan.run(lan.node1, bindNslookup, ["nslookup", "8.8.8.8"])).toMatchObject({
    stdout: "** server can't find 8.8.8.8.in-addr.arpa: NXDOMAIN\n\n",
    status: 1,
  });
});

test("dig shows a whole answer, parts of it, or the short of it", () => {
  const lan = buildLan();

  const whole = lan
    .run(lan.node1, dig, ["dig", "dns.google"])
    .stdout.replace(/id: \d+/, "id: N")
    .replace(/time: \d+/, "time: N")
    .replace(/WHEN: .*/, "WHEN: W");

  expect(whole).toBe(`
; <<>> DiG 9.20.30-1-Debian <<>> dns.google
;; global options: +cmd
;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: N
;; flags: qr aa rd ra; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 0

;; QUESTION SECTION:
;dns.google.			IN	A

;; ANSWER SECTION:
dns.google.		60	IN	A	8.8.8.8

;; Query time: N msec
;; SERVER: 192.168.56.1#53(192.168.56.1) (UDP)
;; WHEN: W
;; MSG SIZE  rcvd: 44

`);
  expect(lan.run(lan.node1, dig, ["dig", "+short", "dns.google"]).stdout).toBe("8.8.8.8\n");
  expect(lan.run(lan.node1, dig, ["dig", "aaaa", "dns.google", "+noall", "+answer"]).stdout).toBe("");
});

test("dig says that a server refuses, and ends with status 9", () => {
  const lan = buildLan();

  const outcome = lan.run(lan.node1, dig, ["dig", "@192.168.56.12", "x.y", "+short"]);

  expect(outcome.stdout).toBe(
    `${";; communications error to 192.168.56.12#53: connection refused\n".repeat(3)};; no servers could be reached\n`,
  );
  expect(outcome.status).toBe(9);
});

test("host and getent", () => {
  const lan = buildLan();

  expect(lan.run(lan.node1, host, ["host", "-t", "aaaa", "dns.google"]).stdout).toBe("dns.google has no AAAA record\n");
  expect(lan.run(lan.node1, getent, ["getent", "hosts", "dns.google"]).stdout).toBe("8.8.8.8         dns.google\n");
  expect(lan.run(lan.node1, getent, ["getent", "ahosts", "dns.google"]).stdout).toBe(
    "8.8.8.8         STREAM dns.google\n8.8.8.8         DGRAM  \n8.8.8.8         RAW    \n",
  );
  expect(lan.run(lan.node1, getent, ["getent", "hosts", "nosuch"]).status).toBe(2);
});

test("the search list comes first for a name with too few dots", () => {
  const config = { search: ["a.test", "b.test"], ndots: 1 };

  expect(candidates("web", config)).toEqual(["web.a.test", "web.b.test", "web"]);
  expect(candidates("web.x", config)).toEqual(["web.x", "web.x.a.test", "web.x.b.test"]);
  expect(candidates("web.", config)).toEqual(["web"]);
  expect(candidates("web", { search: ["a.test"], ndots: 0 })).toEqual(["web", "web.a.test"]);
});

test("reverse names of both families", () => {
  expect(reverseName(parseIp("172.18.0.2") as never)).toBe("2.0.18.172.in-addr.arpa");
  expect(reverseName(parseIp("2001:db8::1") as never)).toBe("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
});
