import { expect, test } from "vitest";
import { ONE_HOST, World } from "@/lib/sim";

test("a network made before a restart of the engine takes its bridge and its route along when it is removed, and its pool is free", () => {
  const world = World.create({ topology: ONE_HOST, seed: "restart" });
  const run = (command: string): string => world.run("node1", command).stdout;
  run("docker network create -o com.docker.network.bridge.name=br-shop shop");
  run("systemctl restart docker");
  run("docker network rm shop");

  expect(world.run("node1", "ip link show br-shop").status).toBe(1);
  expect(run("ip route")).not.toContain("172.18.");
  run("docker network create next");
  expect(run("docker network inspect -f '{{(index .IPAM.Config 0).Subnet}}' next")).toBe("172.18.0.0/16\n");
});

test("a bridge that was there before its network stays, whether or not the engine was restarted", () => {
  const world = World.create({ topology: ONE_HOST, seed: "restart" });
  for (const command of [
    "ip link add br-mine type bridge",
    "docker network create -o com.docker.network.bridge.name=br-mine shop",
    "systemctl restart docker",
    "docker network rm shop",
  ])
    world.run("node1", command);

  expect(world.run("node1", "ip link show br-mine").status).toBe(0);
});
