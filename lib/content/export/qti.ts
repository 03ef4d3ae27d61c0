/**
 * The bank as a content package of QTI 3.0 (1EdTech): a manifest and an XML file for each item.
 *
 * The rules of the standard templates match_correct and map_response are written out, not named: the templates set SCORE only, and
 * a delivery engine that takes a template ignores what stands beside it, so FEEDBACK, which shows the reasons, would stay empty.
 */

import type { Item } from "../schema";
import { arrange } from "./arrange";
import { escapeMarkup, type Presentation, sourcesOf, truthOf } from "./markup";
import { zip } from "./zip";

const ITEM_NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0";
const PACKAGE_NAMESPACE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1";
const SCHEMAS = "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd";
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>';
const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

export function toQti(items: readonly Item[], presentation: Presentation): Uint8Array<ArrayBuffer> {
  const placed = arrange(items).flatMap(({ domain, objectiveTitle, items: members }) =>
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
  const single = item.format === "mc";
  const cardinality = single ? "single" : "multiple";
  const keys = item.options.filter((option) => option.key);
  const stem = presentation.markup(item.stem);
  const choices = item.options.map(
    (option) => `      <qti-simple-choice identifier="${option.id}">${presentation.markup(option.text).xhtml}</qti-simple-choice>`,
  );
  const reasons = item.options.map((option) =>
    feedback("FEEDBACK", option.id, `${box(presentation.markup(option.text).xhtml)}${box(presentation.markup(option.why).xhtml)}`),
  );
  const sources = `${truthOf(item, presentation)}<p>Where it is written:</p>${sourcesOf(item, presentation)}`;
  return `${HEAD}
<qti-assessment-item xmlns="${ITEM_NAMESPACE}" ${XSI} xsi:schemaLocation="${ITEM_NAMESPACE} ${SCHEMAS}/imsqti_asiv3p0_v1p0.xsd" identifier="${escapeMarkup(identifierOf(item))}" title="${escapeMarkup(`${title} (${item.id})`)}" adaptive="false" time-dependent="false" xml:lang="en">
  <qti-response-declaration identifier="RESPONSE" cardinality="${cardinality}" base-type="identifier">
    <qti-correct-response>${keys.map((key) => `<qti-value>${key.id}</qti-value>`).join("")}</qti-correct-response>${single ? "" : mapping(item)}
  </qti-response-declaration>
  <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float" normal-maximum="1" normal-minimum="0">
    <qti-default-value><qti-value>0</qti-value></qti-default-value>
  </qti-outcome-declaration>
  <qti-outcome-declaration identifier="FEEDBACK" cardinality="${cardinality}" base-type="identifier"/>
  <qti-outcome-declaration identifier="ANSWERED" cardinality="single" base-type="identifier"/>
  <qti-item-body>
${stem.inline ? "" : `    <div>${stem.xhtml}</div>\n`}    <qti-choice-interaction response-identifier="RESPONSE" shuffle="true" min-choices="1" max-choices="${single ? 1 : item.options.length}">
${stem.inline ? `      <qti-prompt>${stem.xhtml}</qti-prompt>\n` : ""}${choices.join("\n")}
    </qti-choice-interaction>
  </qti-item-body>
  <qti-response-processing>
${single ? MATCH_CORRECT : MAP_RESPONSE}
    <qti-set-outcome-value identifier="FEEDBACK"><qti-variable identifier="RESPONSE"/></qti-set-outcome-value>
    <qti-set-outcome-value identifier="ANSWERED"><qti-base-value base-type="identifier">yes</qti-base-value></qti-set-outcome-value>
  </qti-response-processing>
${[...reasons, feedback("ANSWERED", "yes", sources)].join("\n")}
</qti-assessment-item>
`;
}

const box = (xhtml: string): string => `<div>${xhtml}</div>`;

const feedback = (outcome: string, identifier: string, xhtml: string): string =>
  `  <qti-modal-feedback outcome-identifier="${outcome}" identifier="${identifier}" show-hide="show"><qti-content-body>${xhtml}</qti-content-body></qti-modal-feedback>`;

/** The keys together are worth 1; the distractors together take it away again, and nothing falls below 0. */
function mapping(item: Item): string {
  const keys = item.options.filter((option) => option.key).length;
  const worth = (key: boolean): number => (key ? 1 / keys : -1 / (item.options.length - keys));
  const entries = item.options.map((option) => `<qti-map-entry map-key="${option.id}" mapped-value="${worth(option.key)}"/>`);
  return `\n    <qti-mapping lower-bound="0" upper-bound="1" default-value="0">${entries.join("")}</qti-mapping>`;
}

const MATCH_CORRECT = `    <qti-response-condition>
      <qti-response-if>
        <qti-match><qti-variable identifier="RESPONSE"/><qti-correct identifier="RESPONSE"/></qti-match>
        <qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">1</qti-base-value></qti-set-outcome-value>
      </qti-response-if>
      <qti-response-else>
        <qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">0</qti-base-value></qti-set-outcome-value>
      </qti-response-else>
    </qti-response-condition>`;

const MAP_RESPONSE = `    <qti-response-condition>
      <qti-response-if>
        <qti-is-null><qti-variable identifier="RESPONSE"/></qti-is-null>
        <qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">0</qti-base-value></qti-set-outcome-value>
      </qti-response-if>
      <qti-response-else>
        <qti-set-outcome-value identifier="SCORE"><qti-map-response identifier="RESPONSE"/></qti-set-outcome-value>
      </qti-response-else>
    </qti-response-condition>`;
