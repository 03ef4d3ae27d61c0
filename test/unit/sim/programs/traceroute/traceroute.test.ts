import { describe, expect, test } from "vitest";
import { programs } from "@/lib/sim/programs/traceroute";
import { buildLan, type Outcome } from "../../../../support/lan";

const program = (name: string) => {
  const found = programs.get(name);
  if (!found) throw new Error(name);
  return found;
};
const debian = program("traceroute/traceroute");
const busybox = program("busybox/traceroute");
const hideTimes = (outcome: Outcome): string => outcome.stdout.replace(/[\d.]+ ms/g, "T");

describe("Debian's traceroute", () => {
  test("shows each hop once with three times", () => {
    const { run, node1 } = buildLan();

    expect(hideTimes(run(node1, debian, ["traceroute", "-n", "192.168.56.12"]))).toBe(
      "traceroute to 192.168.56.12 (192.168.56.12), 30 hops max, 60 byte packets\n 1  192.168.56.12  T  T  T\n",
    );
    expect(hideTimes(run(node1, debian, ["traceroute", "-I", "-n", "8.8.8.8"]))).toBe(
      "traceroute to 8.8.8.8 (8.8.8.8), 30 hops max, 60 byte packets\n 1  8.8.8.8  T  T  T\n",
    );
  });

  test("shows stars for who does not answer", () => {
    const { run, node1, node2 } = buildLan();
    node2.root.net.links.change(node2.root.net.links.linkByName("eth0")?.index ?? (0 as never), { set: "up", up: false });

    expect(hideTimes(run(node1, debian, ["traceroute", "-n", "-m", "2", "-w", "1", "192.168.56.12"]))).toBe(
      "traceroute to 192.168.56.12 (192.168.56.12), 2 hops max, 60 byte packets\n 1  * * *\n 2  * * *\n",
    );
    expect(hideTimes(run(node1, debian, ["traceroute", "-n", "-m", "2", "192.168.56.12"]))).toBe(
      "traceroute to 192.168.56.12 (192.168.56.12), 2 hops max, 60 byte packets\n 1  192.168.56.11  T !H  T !H  T !H\n",
    );
  });

  test("refuses as the real one does", () => {
    const { run, node1 } = buildLan();

    expect(run(node1, debian, ["traceroute", "nosuch"])).toEqual({
      stdout: "",
      stderr: 'nosuch: Name or service not known\nCannot handle "host" cmdline arg `nosuch\' on position 1 (argc 1)\n',
      status: 2,
    });
    expect(run(node1, debian, ["traceroute", "-T", "node2"]).stderr).toBe("drydock: traceroute -T is real, but not simulated here\n");
  });
});

describe("busybox's traceroute", () => {
  test("asks one after the other", () => {
    const { run, node1 } = buildLan();

    expect(hideTimes(run(node1, busybox, ["traceroute", "-n", "192.168.56.12"]))).toBe(
      "traceroute to 192.168.56.12 (192.168.56.12), 30 hops max, 46 byte packets\n 1  192.168.56.12  T  T  T\n",
    );
    expect(hideTimes(run(node1, busybox, ["traceroute", "-n", "-w", "1", "-m", "2", "-q", "2", "192.168.56.77"]))).toContain(" 1  *  *\n");
  });

  test("refuses as the real one does", () => {
    const { run, node1 } = buildLan();

    expect(run(node1, busybox, ["traceroute", "nosuch"]).stderr).toBe("traceroute: bad address 'nosuch'\n");
    expect(run(node1, busybox, ["traceroute"]).stderr).toContain("Usage: traceroute [-46Flnrv]");
  });
});
