import { describe, expect, test } from "vitest";
import { programs } from "@/lib/sim/programs/ping";
import { buildLan, type Outcome } from "../../../../support/lan";

const program = (name: string) => {
  const found = programs.get(name);
  if (!found) throw new Error(name);
  return found;
};
const hideTimes = (outcome: Outcome): Outcome => ({
  ...outcome,
  stdout: outcome.stdout
    .replace(/time=[\d.]+ ms/g, "time=T")
    .replace(/= [\d./]+ ms/g, "= T")
    .replace(/time \d+ms/g, "time T"),
});

describe("iputils' ping", () => {
  test("counts from 1 and ends with the statistics", () => {
    const { run, node1 } = buildLan();

    expect(hideTimes(run(node1, program("iputils/ping"), ["ping", "-c", "2", "192.168.56.12"]))).toEqual({
      stdout: `PING 192.168.56.12 (192.168.56.12) 56(84) bytes of data.
64 bytes from 192.168.56.12: icmp_seq=1 ttl=64 time=T
64 bytes from 192.168.56.12: icmp_seq=2 ttl=64 time=T

--- 192.168.56.12 ping statistics ---
2 packets transmitted, 2 received, 0% packet loss, time T
rtt min/avg/max/mdev = T
`,
      stderr: "",
      status: 0,
    });
  });

  test("shows who says that a host is unreachable, and how many were waited for at once", () => {
    const { run, node1 } = buildLan();

    expect(hideTimes(run(node1, program("iputils/ping"), ["ping", "-c", "3", "192.168.56.99"]))).toEqual({
      stdout: `PING 192.168.56.99 (192.168.56.99) 56(84) bytes of data.
From 192.168.56.11 icmp_seq=1 Destination Host Unreachable
From 192.168.56.11 icmp_seq=2 Destination Host Unreachable
From 192.168.56.11 icmp_seq=3 Destination Host Unreachable

--- 192.168.56.99 ping statistics ---
3 packets transmitted, 0 received, +3 errors, 100% packet loss, time T
pipe 3
`,
      stderr: "",
      status: 1,
    });
  });

  test("refuses as the real one does", () => {
    const { run, node1 } = buildLan();
    const refusal = (...args: string[]): string => {
      const { stdout, stderr, status } = run(node1, program("iputils/ping"), ["ping", ...args]);
      return `${stdout}${stderr.split("\n")[0]} ${status}`;
    };

    expect(refusal("nosuch")).toBe("ping: nosuch: Name or service not known 2");
    expect(refusal()).toBe("ping: usage error: Destination address required 2");
    expect(refusal("-c", "x", "10.0.0.1")).toBe("ping: invalid argument: 'x' 1");
    expect(refusal("-c", "0", "10.0.0.1")).toBe("ping: invalid argument: '0': out of range: 1 <= value <= 9223372036854775807 1");
    expect(refusal("-Z")).toBe("ping: invalid option -- 'Z' 2");
    expect(refusal("-I", "nosuch", "192.168.56.12")).toBe("ping: SO_BINDTODEVICE nosuch: No such device 2");
    expect(refusal("-c", "1", "192.168.56.255")).toBe(
      "ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules 2",
    );
  });

  test("waits for an answer as long as it is told to", () => {
    const { start, node1, node2, wait } = buildLan();
    node2.root.net.setSysctl("net.ipv4.icmp_echo_ignore_all", "1");
    const outcome = start(node1, program("iputils/ping"), ["ping", "-c", "1", "-W", "1", "192.168.56.12"]);

    wait(0.9);
    expect(outcome().status).toBe(-2);
    wait(0.2);
    expect(outcome().status).toBe(1);
  });

  test("stops at Ctrl-C and tells what came", () => {
    const { start, node1, wait } = buildLan();
    const outcome = start(node1, program("iputils/ping"), ["ping", "192.168.56.12"]);
    wait(2.5);
    node1.processes.kill(node1.processes.list().find((process) => process.argv[0] === "ping")?.pid ?? 0, "INT");
    wait(0.1);

    expect(outcome().stdout).toContain("3 packets transmitted, 3 received, 0% packet loss");
    expect(outcome().status).toBe(0);
  });
});

describe("busybox's ping", () => {
  test("counts from 0", () => {
    const { run, node1 } = buildLan();

    expect(hideTimes(run(node1, program("busybox/ping"), ["ping", "-c", "1", "node1"]))).toEqual({
      stdout: `PING node1 (192.168.56.11): 56 data bytes
64 bytes from 192.168.56.11: seq=0 ttl=64 time=T

--- node1 ping statistics ---
1 packets transmitted, 1 packets received, 0% packet loss
round-trip min/avg/max = T
`,
      stderr: "",
      status: 0,
    });
  });

  test("says nothing of errors, and fails without an answer", () => {
    const { run, node1 } = buildLan();

    expect(run(node1, program("busybox/ping"), ["ping", "-c", "1", "192.168.56.99"])).toEqual({
      stdout:
        "PING 192.168.56.99 (192.168.56.99): 56 data bytes\n\n--- 192.168.56.99 ping statistics ---\n1 packets transmitted, 0 packets received, 100% packet loss\n",
      stderr: "",
      status: 1,
    });
  });

  test("refuses as the real one does", () => {
    const { run, node1 } = buildLan();

    expect(run(node1, program("busybox/ping"), ["ping", "nosuch"])).toEqual({
      stdout: "",
      stderr: "ping: bad address 'nosuch'\n",
      status: 1,
    });
    node1.root.net.links.change(node1.root.net.links.linkByName("eth0")?.index ?? (0 as never), { set: "up", up: false });
    expect(run(node1, program("busybox/ping"), ["ping", "8.8.8.8"])).toEqual({
      stdout: "PING 8.8.8.8 (8.8.8.8): 56 data bytes\n",
      stderr: "ping: sendto: Network is unreachable\n",
      status: 1,
    });
  });
});
