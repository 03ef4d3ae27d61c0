import { describe, expect, test } from "vitest";
import { programs as nc } from "@/lib/sim/programs/nc";
import { programs as ping } from "@/lib/sim/programs/ping";
import { programs } from "@/lib/sim/programs/tcpdump";
import type { NetProgram } from "@/lib/sim/kernel";
import { buildLan, type TestLan } from "../../../../support/lan";

const get = (map: ReadonlyMap<string, NetProgram>, name: string): NetProgram => {
  const found = map.get(name);
  if (!found) throw new Error(name);
  return found;
};
const tcpdump = get(programs, "tcpdump/tcpdump");
const pingOnce = (lan: TestLan, ...args: string[]): void =>
  void lan.run(lan.node1, get(ping, "iputils/ping"), ["ping", "-c", "1", ...args]);

/** What tcpdump on node1 prints while `act` goes on. Times are cut off. */
function capture(
  args: readonly string[],
  act: (lan: TestLan) => void,
  lan = buildLan(),
): { readonly lines: string[]; readonly stderr: string } {
  const outcome = lan.start(lan.node1, tcpdump, ["tcpdump", "-l", ...args]);
  lan.wait(0.1);
  act(lan);
  const pid = lan.node1.processes.list().find((process) => process.argv[0] === "tcpdump")?.pid;
  if (pid !== undefined) lan.node1.processes.kill(pid, "INT");
  lan.wait(0.1);
  const { stdout, stderr } = outcome();
  return { lines: stdout.split("\n").map((line) => line.replace(/^\d\d:\d\d:\d\d\.\d{6} /, "")), stderr };
}

describe("what it prints", () => {
  test("of a ping is ARP both ways and the echo", () => {
    const { lines, stderr } = capture(["-n", "-c", "4"], (lan) => pingOnce(lan, "192.168.56.12"));

    expect(lines).toEqual([
      "ARP, Request who-has 192.168.56.12 tell 192.168.56.11, length 28",
      "ARP, Reply 192.168.56.12 is-at 02:42:c0:a8:38:0c, length 28",
      expect.stringMatching(/^IP 192\.168\.56\.11 > 192\.168\.56\.12: ICMP echo request, id \d+, seq 1, length 64$/),
      expect.stringMatching(/^IP 192\.168\.56\.12 > 192\.168\.56\.11: ICMP echo reply, id \d+, seq 1, length 64$/),
      "",
    ]);
    expect(stderr).toMatch(
      /^tcpdump: verbose output suppressed, use -v\[v\]\.\.\. for full protocol decode\nlistening on eth0, link-type EN10MB \(Ethernet\), snapshot length 262144 bytes\n4 packets captured\n\d packets received by filter\n0 packets dropped by kernel\n$/,
    );
  });

  test("of a refused connection is a SYN and a RST", () => {
    const { lines } = capture(
      ["-n", "tcp"],
      (lan) => void lan.run(lan.node1, get(nc, "netcat-openbsd/nc"), ["nc", "-z", "192.168.56.12", "81"]),
    );

    expect(lines).toEqual([
      expect.stringMatching(
        /^IP 192\.168\.56\.11\.\d+ > 192\.168\.56\.12\.81: Flags \[S\], seq \d+, win 64240, options \[mss 1460,sackOK,TS val \d+ ecr 0,nop,wscale 10\], length 0$/,
      ),
      expect.stringMatching(/^IP 192\.168\.56\.12\.81 > 192\.168\.56\.11\.\d+: Flags \[R\.\], seq 0, ack \d+, win 0, length 0$/),
      "",
      "",
    ]);
  });

  test("of a conversation counts from its beginning", () => {
    const { lines } = capture(["-n", "tcp"], (lan) => {
      lan.start(lan.node2, get(nc, "netcat-openbsd/nc"), ["nc", "-lN", "80"], "HTTP/1.1 200 OK\r\n\r\nhi");
      lan.run(lan.node1, get(nc, "netcat-openbsd/nc"), ["nc", "-N", "192.168.56.12", "80"], "GET / HTTP/1.1\r\n\r\n");
    });

    const flags = lines.map((line) => line.replace(/^.*?(Flags.*?), win.*?(length \d+.*)$/, "$1 $2").replace(/(seq|ack) \d{4,}/g, "$1 N"));
    expect(flags.slice(0, 4)).toEqual([
      "Flags [S], seq N length 0",
      "Flags [S.], seq N, ack N length 0",
      "Flags [.], ack 1 length 0",
      "Flags [P.], seq 1:19, ack 1 length 18: HTTP: GET / HTTP/1.1",
    ]);
    expect(flags).toContainEqual(expect.stringMatching(/^Flags \[P\.\], seq 1:22, ack \d+ length 21: HTTP: HTTP\/1\.1 200 OK$/));
  });

  test("with -v shows the IP header on a line of its own, with -e the link's", () => {
    const { lines } = capture(["-n", "-v", "-e", "-c", "1", "icmp"], (lan) => pingOnce(lan, "192.168.56.12"));

    expect(lines[0]).toMatch(
      /^02:42:c0:a8:38:0b > 02:42:c0:a8:38:0c, ethertype IPv4 \(0x0800\), length 98: \(tos 0x0, ttl 64, id \d+, offset 0, flags \[DF\], proto ICMP \(1\), length 84\)$/,
    );
    expect(lines[1]).toMatch(/^ {4}192\.168\.56\.11 > 192\.168\.56\.12: ICMP echo request, id \d+, seq 1, length 64$/);
  });

  test("on any begins with the link and the direction", () => {
    const { lines, stderr } = capture(["-n", "-i", "any", "arp"], (lan) => pingOnce(lan, "192.168.56.12"));

    expect(lines[0]).toBe("eth0  Out ARP, Request who-has 192.168.56.12 tell 192.168.56.11, length 28");
    expect(lines[1]).toBe("eth0  In  ARP, Reply 192.168.56.12 is-at 02:42:c0:a8:38:0c, length 28");
    expect(stderr).toContain("tcpdump: WARNING: any: That device doesn't support promiscuous mode\n");
  });

  test("of bytes is as recorded", () => {
    const { lines } = capture(["-n", "-X", "-c", "1", "icmp"], (lan) => pingOnce(lan, "192.168.56.12"));

    expect(lines[1]).toMatch(/^\t0x0000: {2}4500 0054 [0-9a-f]{4} 4000 4001 [0-9a-f]{4} c0a8 380b {2}E\.\.T..@\.@.....8\.$/);
    expect(lines[6]).toBe("\t0x0050:  3435 3637                                4567".replace("3435 3637", "3435 3637"));
  });

  test("of fragments and of errors is as recorded", () => {
    const { lines } = capture(["-n", "icmp"], (lan) => {
      pingOnce(lan, "-s", "3000", "192.168.56.12");
    });

    expect(lines.slice(0, 3)).toEqual([
      expect.stringMatching(/ICMP echo request, id \d+, seq 1, length 1480$/),
      "IP 192.168.56.11 > 192.168.56.12: ip-proto-1",
      "IP 192.168.56.11 > 192.168.56.12: ip-proto-1",
    ]);
  });
});

describe("a capture file", () => {
  test("gives back what was captured", () => {
    const lan = buildLan();
    capture(["-n", "-w", "/tmp/x.pcap", "icmp"], (world) => pingOnce(world, "192.168.56.12"), lan);
    const { stdout, stderr } = lan.run(lan.node1, tcpdump, ["tcpdump", "-n", "-r", "/tmp/x.pcap"]);

    expect(stderr).toBe("reading from file /tmp/x.pcap, link-type EN10MB (Ethernet), snapshot length 262144\n");
    expect(stdout.split("\n").length).toBe(3);
    expect(stdout).toContain("ICMP echo reply");
  });
});

test("refusals are the real one's", () => {
  const { run, node1 } = buildLan();
  const refusal = (...args: string[]): string => run(node1, tcpdump, ["tcpdump", ...args]).stderr;

  expect(refusal("-i", "nosuch")).toBe("tcpdump: nosuch: No such device exists\n(No such device exists)\n");
  expect(refusal("-c", "x")).toBe("tcpdump: invalid packet count x\n");
  expect(refusal("host")).toBe("tcpdump: can't parse filter expression: syntax error\n");
  expect(refusal("port", "nosuch")).toBe("tcpdump: unknown port 'nosuch'\n");
  expect(refusal("host", "nosuch")).toBe("tcpdump: unknown host 'nosuch'\n");
  expect(refusal("prot foo")).toBe("tcpdump: can't parse filter expression: syntax error\n");
  expect(refusal("-r", "/nosuch")).toBe("tcpdump: /nosuch: No such file or directory\n");
});
