import { expect, test } from "vitest";
import { host } from "@/lib/sim/programs/dns/dig";
import { buildLan } from "@/test/support/lan";

test("the router resolves the names of its world and knows no others", () => {
  const lan = buildLan();

  expect(lan.run(lan.node1, host, ["host", "dns.google"]).stdout).toBe("dns.google has address 8.8.8.8\n");
  expect(lan.run(lan.node2, host, ["host", "nosuch.example"])).toMatchObject({
    stdout: "Host nosuch.example not found: 3(NXDOMAIN)\n",
    status: 1,
  });
});
