/** The question bank for other programs (server only): Moodle, anything that speaks QTI 3, Anki. The same items, the same bytes. */

import { unreachable } from "@/lib/base/invariant";
import type { Item } from "../schema";
import { toAnki } from "./anki";
import { toGift } from "./gift";
import type { Presentation } from "./markup";
import { toQti } from "./qti";

export { escapeMarkup, type Markup, type Presentation } from "./markup";

export const EXPORT_FORMATS = ["gift", "qti", "anki"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const isExportFormat = (name: string): name is ExportFormat => EXPORT_FORMATS.some((format) => format === name);

export type ExportedBank = { readonly bytes: Uint8Array<ArrayBuffer>; readonly contentType: string; readonly fileName: string };

export async function exportBank(format: ExportFormat, items: readonly Item[], presentation: Presentation): Promise<ExportedBank> {
  switch (format) {
    case "gift":
      return {
        bytes: new TextEncoder().encode(toGift(items, presentation)),
        contentType: "text/plain; charset=utf-8",
        fileName: "drydock.gift.txt",
      };
    case "qti":
      return { bytes: toQti(items, presentation), contentType: "application/zip", fileName: "drydock-qti3.zip" };
    case "anki":
      return { bytes: await toAnki(items, presentation), contentType: "application/octet-stream", fileName: "drydock.apkg" };
    default:
      return unreachable(format);
  }
}
