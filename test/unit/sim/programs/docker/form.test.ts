import { describe, expect, it } from "vitest";
import { isSameForm, readDockerCommand } from "@/lib/sim";

function areSame(a: string, b: string): boolean {
  const [one, other] = [readDockerCommand(a), readDockerCommand(b)];
  if (!one.ok) throw new Error(`${a}: ${one.error}`);
  if (!other.ok) throw new Error(`${b}: ${other.error}`);
  return isSameForm(one.value, other.value);
}

describe("the form of a docker command", () => {
  it("is the same for a network by its plain name and by `name=`", () => {
    expect(areSame("docker service create --network mid nginx", "docker service create --network name=mid nginx")).toBe(true);
    expect(areSame("docker service update --network-add mid web", "docker service update --network-add name=mid web")).toBe(true);
  });

  it("does not depend on the order of the fields of a network", () => {
    expect(areSame("docker run --network name=app,alias=db redis", "docker run --network alias=db,name=app redis")).toBe(true);
  });

  it("is the same for the long and the short names of a mount's fields", () => {
    expect(
      areSame("docker run --mount type=volume,source=site,target=/srv,readonly nginx", "docker run --mount dst=/srv,ro,src=site nginx"),
    ).toBe(true);
  });

  it("differs where a network or a mount differs", () => {
    expect(areSame("docker run --network app redis", "docker run --network name=app,alias=db redis")).toBe(false);
    expect(areSame("docker run --mount src=site,dst=/srv nginx", "docker run --mount src=site,dst=/srv,ro nginx")).toBe(false);
  });
});
