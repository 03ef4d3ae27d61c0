import { expect, test } from "vitest";
import { addressOf, namedTitleOf, titleOf } from "@/app/_components/reference";
import { loadSources } from "@/lib/content";
import { inWords } from "@/lib/progress";

test.each([
  ["docs:engine/network/drivers/bridge.md", "https://docs.docker.com/engine/network/drivers/bridge/"],
  ["docs:engine/network/_index.md#dns-services", "https://docs.docker.com/engine/network/#dns-services"],
  ["docs:reference/dockerfile.md#expose", "https://docs.docker.com/reference/dockerfile/#expose"],
  ["gh:moby/moby#32681", "https://github.com/moby/moby/issues/32681"],
  [
    "cli:docs/reference/commandline/network_create.md#internal",
    "https://github.com/docker/cli/blob/master/docs/reference/commandline/network_create.md#internal",
  ],
  ["moby/moby:daemon/libnetwork/docs/design.md", "https://github.com/moby/moby/blob/HEAD/daemon/libnetwork/docs/design.md"],
  [
    "gh:distribution/distribution:docs/content/spec/auth/token.md",
    "https://github.com/distribution/distribution/blob/HEAD/docs/content/spec/auth/token.md",
  ],
  ["moby:daemon/network.go", "https://github.com/moby/moby/blob/master/daemon/network.go"],
  ["swarmkit:template/context.go", "https://github.com/moby/swarmkit/blob/master/template/context.go"],
  ["go-connections:nat/nat.go", "https://github.com/docker/go-connections/blob/main/nat/nat.go"],
  ["linux:drivers/net/macvlan.c", "https://github.com/torvalds/linux/blob/master/drivers/net/macvlan.c"],
  ["kubernetes:content/en/docs/concepts/workloads/pods/_index.md", "https://kubernetes.io/docs/concepts/workloads/pods/"],
  ["kubernetes:content/en/docs/concepts/storage/volumes.md#csi", "https://kubernetes.io/docs/concepts/storage/volumes/#csi"],
  ["rfc:7348", "https://www.rfc-editor.org/rfc/rfc7348"],
  ["mirantis:msr/2.8/ref-arch/components.html", "https://docs.mirantis.com/msr/2.8/ref-arch/components.html"],
  ["docs:ee/ucp/ucp-architecture.md", undefined],
  ["a book", undefined],
])("%s leads to %s", (reference, address) => {
  expect(addressOf(reference)).toBe(address);
});

test("a page that the site no longer has is read where it still was", () => {
  expect(addressOf("docs:ee/dtr/architecture.md#replicas", { commit: "6129df0" })).toBe(
    "https://github.com/docker/docs/blob/6129df0/ee/dtr/architecture.md#replicas",
  );
});

test("without the list, a page is named by its path", () => {
  expect(titleOf("docs:engine/network/_index.md#dns-services")).toBe("Docker docs, engine/network");
  expect(titleOf("kubernetes:content/en/docs/concepts/workloads/pods/_index.md")).toBe("Kubernetes docs, concepts/workloads/pods");
  expect(titleOf("rfc:7348")).toBe("RFC 7348");
});

test.each([
  ["docs:engine/network/_index.md#dns-services", "Networking overview", "now", "Docker docs, Networking overview, dns services"],
  ["docs:ee/dtr/architecture.md", "DTR architecture", "then", "Docker docs, DTR architecture (of the exam's time)"],
  ["gh:moby/moby#38395", "worker does not see swarm networks", "now", "moby/moby#38395: worker does not see swarm networks"],
  ["cli:docs/reference/commandline/network_create.md", "docker network create", "now", "docker network create"],
] as const)("with the list, %s is named after what it is", (reference, title, era, name) => {
  const at = reference.startsWith("gh:") ? reference : (reference.split("#")[0] ?? reference);

  expect(namedTitleOf(reference, { at, title, era })).toBe(name);
});

test("every source of the list has an address", async () => {
  const sources = await loadSources();

  expect(sources.length).toBeGreaterThan(200);
  expect(sources.filter((source) => addressOf(source.at, source) === undefined)).toEqual([]);
});

test("feedback tells of the documents that it names what they are, each once, and nothing of others", () => {
  const known = ["docs:a.md", "docs:b.md", "docs:c.md"].map((at) => ({ at, title: at, sections: [], era: "now" as const }));
  const told = {
    format: "choice",
    correct: true,
    options: [],
    beliefs: [],
    refs: ["docs:a.md#x", "docs:a.md", "docs:b.md", "docs:unknown.md"],
  } as const;

  const { sources } = inWords(told, { misconceptions: [], sources: new Map(known.map((source) => [source.at, source])) });

  expect(sources.map(({ at }) => at)).toEqual(["docs:a.md", "docs:b.md"]);
});
