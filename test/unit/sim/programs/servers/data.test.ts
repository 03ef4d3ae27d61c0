import { expect, test } from "vitest";
import { postgres, pgIsReady, redisCli, redisServer } from "@/lib/sim/programs/servers/data";
import { buildLan } from "@/test/support/lan";

test("redis keeps what it is told, for every client", () => {
  const lan = buildLan();
  lan.start(lan.node2, redisServer, ["redis-server"]);
  lan.wait(1);
  const ask = (...words: string[]) => lan.run(lan.node1, redisCli, ["redis-cli", "-h", "192.168.56.12", ...words]).stdout;

  expect(ask("ping")).toBe("PONG\n");
  expect(ask("set", "colour", "blue green")).toBe("OK\n");
  expect(ask("get", "colour")).toBe("blue green\n");
  expect(ask("get", "nothing")).toBe("\n");
  expect(ask("incr", "count")).toBe("1\n");
  expect(ask("nosuch", "a")).toContain("ERR unknown command 'nosuch'");
});

test("a client without a server says so", () => {
  const lan = buildLan();

  expect(lan.run(lan.node1, redisCli, ["redis-cli", "-h", "192.168.56.12", "ping"])).toEqual({
    stdout: "",
    stderr: "Could not connect to Redis at 192.168.56.12:6379: Connection refused\n",
    status: 1,
  });
});

test("PostgreSQL is ready once it listens", () => {
  const lan = buildLan();

  expect(lan.run(lan.node1, pgIsReady, ["pg_isready", "-h", "192.168.56.12"])).toMatchObject({
    stdout: "192.168.56.12:5432 - no response\n",
    status: 2,
  });
  lan.start(lan.node2, postgres, ["postgres"]);
  lan.wait(1);
  expect(lan.run(lan.node1, pgIsReady, ["pg_isready", "-h", "192.168.56.12"])).toMatchObject({
    stdout: "192.168.56.12:5432 - accepting connections\n",
    status: 0,
  });
});
