import { describe, expect, test } from "vitest";
import { programs } from "@/lib/sim/programs/nc";
import { buildLan } from "../../../../support/lan";

const program = (name: string) => {
  const found = programs.get(name);
  if (!found) throw new Error(name);
  return found;
};
const openbsd = program("netcat-openbsd/nc");
const busybox = program("busybox/nc");

describe("OpenBSD's nc", () => {
  test("-zv tells whether somebody listens", () => {
    const { run, start, node1, node2 } = buildLan();
    start(node2, openbsd, ["nc", "-lk", "80"]);

    expect(run(node1, openbsd, ["nc", "-zv", "192.168.56.12", "80"])).toEqual({
      stdout: "",
      stderr: "Connection to 192.168.56.12 80 port [tcp/*] succeeded!\n",
      status: 0,
    });
    expect(run(node1, openbsd, ["nc", "-zv", "192.168.56.12", "79-81"])).toEqual({
      stdout: "",
      stderr: `nc: connect to 192.168.56.12 port 79 (tcp) failed: Connection refused
Connection to 192.168.56.12 80 port [tcp/*] succeeded!
nc: connect to 192.168.56.12 port 81 (tcp) failed: Connection refused
`,
      status: 0,
    });
    expect(run(node1, openbsd, ["nc", "-z", "192.168.56.12", "81"])).toEqual({ stdout: "", stderr: "", status: 1 });
    expect(run(node1, openbsd, ["nc", "-zv", "-w", "1", "192.168.56.99", "80"]).stderr).toBe(
      "nc: connect to 192.168.56.99 port 80 (tcp) timed out: Operation now in progress\n",
    );
    expect(run(node1, openbsd, ["nc", "-zvu", "192.168.56.12", "53"])).toEqual({ stdout: "", stderr: "", status: 1 });
  });

  test("names a port by /etc/services, and a host by its address too", () => {
    const { run, start, node1, node2 } = buildLan();
    node1.root.mnt.root.add([
      { path: "/etc/services", kind: "file", text: "http\t80/tcp\twww\n" },
      { path: "/etc/hosts", kind: "file", text: "192.168.56.12 two\n" },
    ]);
    start(node2, openbsd, ["nc", "-lk", "80"]);

    expect(run(node1, openbsd, ["nc", "-zv", "two", "www"]).stderr).toBe(
      "Connection to two (192.168.56.12) 80 port [tcp/http] succeeded!\n",
    );
    expect(run(node1, openbsd, ["nc", "-zv", "two", "nosuch"]).stderr).toBe("nc: port number invalid: nosuch\n");
    expect(run(node1, openbsd, ["nc", "-zv", "nosuch", "80"]).stderr).toBe(
      'nc: getaddrinfo for host "nosuch" port 80: Name or service not known\n',
    );
    expect(run(node1, openbsd, ["nc", "two"]).stderr).toBe("nc: missing port number\n");
  });

  test("carries text both ways", () => {
    const { run, start, node1, node2 } = buildLan();
    const server = start(node2, openbsd, ["nc", "-l", "-v", "-p", "9001"], "from two\n");

    expect(run(node1, openbsd, ["nc", "-N", "192.168.56.12", "9001"], "from one\n").stdout).toBe("from two\n");
    expect(server()).toEqual({
      stdout: "from one\n",
      stderr: expect.stringMatching(/^Listening on 0\.0\.0\.0 9001\nConnection received on 192\.168\.56\.11 \d+\n$/),
      status: 0,
    });
  });

  test("sends datagrams and ends when told to", () => {
    const { run, start, node1, node2 } = buildLan();
    const server = start(node2, openbsd, ["nc", "-lu", "9003"]);

    expect(run(node1, openbsd, ["nc", "-u", "-w", "1", "192.168.56.12", "9003"], "hello\n").status).toBe(0);
    expect(server()).toEqual({ stdout: "hello\n", stderr: "", status: -2 });
  });
});

describe("busybox's nc", () => {
  test("sends its input, then a FIN, and prints the answer", () => {
    const { run, start, node1, node2 } = buildLan();
    const server = start(node2, busybox, ["nc", "-l", "-p", "9000"], "answer\n");

    expect(run(node1, busybox, ["nc", "192.168.56.12", "9000"], "question\n")).toEqual({ stdout: "answer\n", stderr: "", status: 0 });
    expect(server()).toEqual({ stdout: "question\n", stderr: "", status: 0 });
  });

  test("refuses as the real one does", () => {
    const { run, node1 } = buildLan();
    const refusal = (...args: string[]): string => run(node1, busybox, ["nc", ...args]).stderr.split("\n")[0] ?? "";

    expect(refusal("192.168.56.12", "81")).toBe("nc: can't connect to remote host (192.168.56.12): Connection refused");
    expect(refusal("-w", "1", "192.168.56.99", "81")).toBe("nc: timed out");
    expect(refusal("nosuch", "81")).toBe("nc: bad address 'nosuch'");
    expect(refusal("-z", "192.168.56.12", "81")).toBe("nc: invalid option -- 'z'");
    expect(refusal("-l", "-p", "99999")).toBe("nc: bad port '99999'");
  });
});
