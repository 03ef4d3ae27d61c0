import { createHash } from "node:crypto";
import { allItems } from "@/app/_server/content";
import { refuse } from "@/app/_server/http";
import type { Item } from "@/lib/content";
import { type ExportedBank, type ExportFormat, exportBank, isExportFormat } from "@/lib/content/export";
import { PRESENTATION } from "../presentation";

type Prepared = ExportedBank & { readonly etag: string };

/** Of one state of the bank, which in production never changes. */
const prepared = new WeakMap<readonly Item[], Map<ExportFormat, Promise<Prepared>>>();

/** The question bank as a file for another program. The same for everybody. */
export async function GET(request: Request, { params }: { readonly params: Promise<{ readonly format: string }> }): Promise<Response> {
  const { format } = await params;
  if (!isExportFormat(format)) return refuse(404, "no-such-format", "The question bank comes as gift, qti or anki.");
  const { bytes, contentType, fileName, etag } = await prepare(format, await allItems());
  const headers = { "Cache-Control": "public, max-age=300, stale-while-revalidate=86400", ETag: etag };
  if (isKnown(etag, request.headers.get("if-none-match"))) return new Response(null, { status: 304, headers });
  return new Response(bytes, {
    headers: { ...headers, "Content-Type": contentType, "Content-Disposition": `attachment; filename="${fileName}"` },
  });
}

function prepare(format: ExportFormat, items: readonly Item[]): Promise<Prepared> {
  const made = prepared.get(items) ?? new Map<ExportFormat, Promise<Prepared>>();
  prepared.set(items, made);
  const there = made.get(format);
  if (there) return there;
  const making = make(format, items).catch((error: unknown) => {
    made.delete(format);
    throw error;
  });
  made.set(format, making);
  return making;
}

async function make(format: ExportFormat, items: readonly Item[]): Promise<Prepared> {
  const bank = await exportBank(format, items, PRESENTATION);
  return { ...bank, etag: `"${createHash("sha256").update(bank.bytes).digest("base64url").slice(0, 16)}"` };
}

/** On the way it may have been compressed, which weakens the tag. */
const isKnown = (etag: string, known: string | null): boolean =>
  known?.split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === etag) ?? false;
