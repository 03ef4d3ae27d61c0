import type { APIRequestContext } from "@playwright/test";
import { expect, openLab, promptIn, saved, screen, test, typeLine } from "./bench";
import { OwnServer } from "./own-server";

type Attempt = {
  readonly id: string;
  readonly entries: readonly { readonly seq: number; readonly text?: string }[];
  readonly state: string;
};
type Refusal = { readonly error: { readonly code: string; readonly message: string; readonly path?: string } };

async function begin(request: APIRequestContext, lab = "L-BRG-1"): Promise<Attempt> {
  const response = await request.post("/api/attempts", { data: { lab } });
  expect(response.status()).toBe(201);
  return (await response.json()) as Attempt;
}

const open = { seq: 1, at: 10_000_000, kind: "open", terminal: "t1", host: "node1", columns: 80, rows: 24 };
const input = (seq: number, text: string) => ({ seq, at: 10_000_000 + seq * 1_000_000, kind: "input", terminal: "t1", text });

test.describe("killed in the middle", () => {
  const server = new OwnServer(Number(process.env.E2E_PORT ?? 3100) + 1);
  test.use({ baseURL: server.url });
  test.beforeAll(() => server.start());
  test.afterAll(() => server.kill());

  test("what the server has acknowledged is there after SIGKILL and a new start", async ({ page }) => {
    await openLab(page, "L-BRG-1");
    await typeLine(page, "docker network create shop");
    await saved(page);
    const before = await screen(page);

    await server.kill();
    await server.start();
    await page.reload();
    await promptIn(page);

    expect(await screen(page)).toBe(before);
    await expect(page.getByRole("img", { name: /^Network shop/ })).toBeVisible();
  });
});

test.describe("a forged success", () => {
  test("claimed beside the check is refused", async ({ request }) => {
    const { id } = await begin(request);

    const response = await request.post(`/api/attempts/${id}/check`, { data: { through: 0, passed: true } });

    expect(response.status()).toBe(400);
    expect(((await response.json()) as Refusal).error.code).toBe("invalid");
  });

  test("without the transcript gets nothing", async ({ request, page }) => {
    const { id } = await begin(request);
    await request.post(`/api/attempts/${id}/entries`, { data: { entries: [open, input(2, "echo all goals hold\r")] } });

    const response = await request.post(`/api/attempts/${id}/check`, { data: { through: 2 } });

    expect(response.status()).toBe(200);
    expect((await response.json()) as { passed: boolean }).toMatchObject({ passed: false });
    expect(((await (await request.get(`/api/attempts/${id}`)).json()) as Attempt).state).toBe("open");
    expect(page.url()).toBe("about:blank");
  });

  test("over entries that were never stored is refused", async ({ request }) => {
    const { id } = await begin(request);

    const response = await request.post(`/api/attempts/${id}/check`, { data: { through: 7 } });

    expect(response.status()).toBe(409);
    expect(((await response.json()) as Refusal).error.code).toBe("not-stored");
  });

  test("on somebody else's attempt finds none", async ({ request, playwright, baseURL }) => {
    const { id } = await begin(request);
    const other = await playwright.request.newContext(baseURL ? { baseURL } : {});
    await begin(other);

    const answers = [
      await other.get(`/api/attempts/${id}`),
      await other.post(`/api/attempts/${id}/entries`, { data: { entries: [open] } }),
      await other.post(`/api/attempts/${id}/check`, { data: { through: 0 } }),
    ];

    expect(answers.map((answer) => answer.status())).toEqual([404, 404, 404]);
    expect(((await (await request.get(`/api/attempts/${id}`)).json()) as Attempt).entries).toEqual([]);
    await other.dispose();
  });

  test("with a cookie of one's own making finds no learner", async ({ playwright, baseURL, request }) => {
    const { id } = await begin(request);
    const forger = await playwright.request.newContext({
      ...(baseURL ? { baseURL } : {}),
      extraHTTPHeaders: { Cookie: "drydock-learner=AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
    });

    expect((await forger.get(`/api/attempts/${id}`)).status()).toBe(404);
    await forger.dispose();
  });
});

test("entries may be sent again; gaps and other entries under a number are refused, and change nothing", async ({ request }) => {
  const { id } = await begin(request);
  const send = async (entries: readonly object[]) => {
    const response = await request.post(`/api/attempts/${id}/entries`, { data: { entries } });
    return [response.status(), await response.json()] as const;
  };

  expect(await send([open, input(2, "ls\r")])).toEqual([200, { through: 2 }]);
  expect(await send([open, input(2, "ls\r")])).toEqual([200, { through: 2 }]);
  expect(await send([input(4, "pwd\r")])).toMatchObject([409, { error: { code: "gap", path: "entries.0.seq" } }]);
  expect(await send([input(2, "pwd\r")])).toMatchObject([409, { error: { code: "conflict" } }]);
  expect(await send([{ ...input(3, "x"), at: 5 }])).toMatchObject([400, { error: { code: "time-goes-back" } }]);
  const attempt = (await (await request.get(`/api/attempts/${id}`)).json()) as Attempt;
  expect(attempt.entries.map(({ seq, text }) => [seq, text])).toEqual([
    [1, undefined],
    [2, "ls\r"],
  ]);
});

test("what is malformed, oversized, from elsewhere or of another kind gets a 4xx with a reason", async ({ request }) => {
  const { id } = await begin(request);
  const url = `/api/attempts/${id}/entries`;
  const code = async (response: Awaited<ReturnType<typeof request.post>>) => [
    response.status(),
    ((await response.json()) as Refusal).error.code,
  ];

  expect(await code(await request.post(url, { data: Buffer.from("{"), headers: { "Content-Type": "application/json" } }))).toEqual([
    400,
    "malformed",
  ]);
  expect(await code(await request.post(url, { data: { entries: [{ ...open, kind: "win" }] } }))).toEqual([400, "invalid"]);
  expect(await code(await request.post(url, { data: { entries: [open], padding: "x".repeat(300_000) } }))).toEqual([413, "too-large"]);
  expect(await code(await request.post(url, { form: { entries: "1" } }))).toEqual([415, "not-json"]);
  expect(await code(await request.post(url, { data: { entries: [open] }, headers: { Origin: "https://evil.example" } }))).toEqual([
    403,
    "foreign-origin",
  ]);
  expect(await code(await request.post("/api/attempts", { data: { lab: "no-such" } }))).toEqual([404, "no-such-lab"]);
  expect(
    await code(
      await request.post("/api/answers", {
        data: { item: "no-such", rev: 1, options: ["a", "b"], chosen: ["a"], ms: 1, mode: "practice" },
      }),
    ),
  ).toEqual([404, "no-such-item"]);
  expect(await code(await request.get("/api/no-such"))).toEqual([404, "no-such-route"]);
  expect(((await (await request.get(`/api/attempts/${id}`)).json()) as Attempt).entries).toEqual([]);
});

test("pages are sent with a policy that lets nothing in from elsewhere", async ({ request }) => {
  const headers = (await request.get("/")).headers();

  expect(headers["content-security-policy"]).toContain("default-src 'none'");
  expect(headers["content-security-policy"]).not.toContain("script-src 'self' 'unsafe-inline'");
  expect(headers["x-content-type-options"]).toBe("nosniff");
  expect(headers["x-powered-by"]).toBeUndefined();
});
