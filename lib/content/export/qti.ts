/**
 * The bank as a content package of QTI 3.0 (1EdTech): a manifest and an XML file for each item. Orders of which several are right are
 * left out: QTI compares with one.
 *
 * The rules of the standard templates match_correct and map_response are written out, not named: the templates set SCORE only, and
 * a delivery engine that takes a template ignores what stands beside it, so FEEDBACK, which shows the reasons, would stay empty.
 */

import type { Item } from "../schema";
import { arrange } from "./arrange";
import { escapeMarkup, type Presentation, sourcesOf, truthOf } from "./markup";
import { hasOneOrder, reasonsOf, toPortable } from "./portable";
import { box, feedback, interactionOf } from "./qti-interactions";
import { zip } from "./zip";

const ITEM_NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0";
const PACKAGE_NAMESPACE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1";
const SCHEMAS = "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd";
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>';
const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

export function toQti(items: readonly Item[], presentation: Presentation): Uint8Array<ArrayBuffer> {
  const askable = items.filter((item) => item.format !== "ord" || hasOneOrder(item));
  const placed = arrange(askable).flatMap(({ domain, objectiveTitle, items: members }) =>
    members.map((item) => ({ item, title: objectiveTitle, href: `items/${domain}/${item.id}.xml` })),
  );
  return zip({
    "imsmanifest.xml": manifest(placed),
    ...Object.fromEntries(placed.map(({ item, title, href }) => [href, assessmentItem(item, title, presentation)])),
  });
}

/** XML's identifiers begin with a letter; ids of items need not. */
const identifierOf = (item: Item): string => `drydock-${item.id}`;

function manifest(placed: readonly { readonly item: Item; readonly href: string }[]): string {
  const resources = placed.map(
    ({ item, href }) =>
      `    <resource identifier="${escapeMarkup(identifierOf(item))}" type="imsqti_item_xmlv3p0" href="${escapeMarkup(href)}">
      <file href="${escapeMarkup(href)}"/>
    </resource>`,
  );
  return `${HEAD}
<manifest xmlns="${PACKAGE_NAMESPACE}" ${XSI} xsi:schemaLocation="${PACKAGE_NAMESPACE} ${SCHEMAS}/imsqtiv3p0_imscpv1p2_v1p0.xsd" identifier="drydock-bank">
  <metadata>
    <schema>QTI Package</schema>
    <schemaversion>3.0.0</schemaversion>
  </metadata>
  <organizations/>
  <resources>
${resources.join("\n")}
  </resources>
</manifest>
`;
}

function assessmentItem(item: Item, title: string, presentation: Presentation): string {
  const portable = toPortable(item);
  const asked = interactionOf(portable, presentation);
  const stem = presentation.markup(portable.stem);
  const reasons =
    portable.kind === "choice"
      ? ""
      : reasonsOf(portable)
          .map((line) => box(presentation.markup(line).xhtml))
          .join("");
  const sources = `${reasons}${truthOf(item, presentation)}<p>Where it is written:</p>${sourcesOf(item, presentation)}`;
  return `${HEAD}
<qti-assessment-item xmlns="${ITEM_NAMESPACE}" ${XSI} xsi:schemaLocation="${ITEM_NAMESPACE} ${SCHEMAS}/imsqti_asiv3p0_v1p0.xsd" identifier="${escapeMarkup(identifierOf(item))}" title="${escapeMarkup(`${title} (${item.id})`)}" adaptive="false" time-dependent="false" xml:lang="en">
  <qti-response-declaration identifier="RESPONSE" cardinality="${asked.cardinality}" base-type="${asked.type}">
    <qti-correct-response>${asked.correct.map((value) => `<qti-value>${escapeMarkup(value)}</qti-value>`).join("")}</qti-correct-response>${asked.mapping ?? ""}
  </qti-response-declaration>
  <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float" normal-maximum="1" normal-minimum="0">
    <qti-default-value><qti-value>0</qti-value></qti-default-value>
  </qti-outcome-declaration>
${asked.feedback ? `  <qti-outcome-declaration identifier="FEEDBACK" cardinality="${asked.cardinality}" base-type="identifier"/>\n` : ""}  <qti-outcome-declaration identifier="ANSWERED" cardinality="single" base-type="identifier"/>
  <qti-item-body>
${asked.body(stem)}
  </qti-item-body>
  <qti-response-processing>
${asked.scoring}
${asked.feedback ? `    <qti-set-outcome-value identifier="FEEDBACK"><qti-variable identifier="RESPONSE"/></qti-set-outcome-value>\n` : ""}    <qti-set-outcome-value identifier="ANSWERED"><qti-base-value base-type="identifier">yes</qti-base-value></qti-set-outcome-value>
  </qti-response-processing>
${[...(asked.feedback ?? []), feedback("ANSWERED", "yes", sources)].join("\n")}
</qti-assessment-item>
`;
}
