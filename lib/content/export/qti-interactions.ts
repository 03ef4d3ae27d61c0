/** The interactions of QTI 3.0 by which items are asked, and how each is scored. */

import { unreachable } from "@/lib/base/invariant";
import type { ItemOf } from "../schema";
import { escapeMarkup, type Markup, type Presentation } from "./markup";
import type { Portable, PortableChoice } from "./portable";

export type Interaction = {
  readonly cardinality: "single" | "multiple" | "ordered";
  readonly type: "identifier" | "directedPair" | "string" | "float";
  readonly correct: readonly string[];
  readonly mapping?: string;
  /** Shown by what was chosen; undefined: only the reasons of the whole. */
  readonly feedback?: readonly string[];
  readonly body: (stem: Markup) => string;
  readonly scoring: string;
};

export function interactionOf(portable: Portable, presentation: Presentation): Interaction {
  switch (portable.kind) {
    case "choice":
      return choice(portable, presentation);
    case "order":
      return order(portable.item, presentation);
    case "match":
      return match(portable.item, presentation);
    case "command":
      return typed("string", portable.item.accept, mapped(portable.item.accept.map((command) => [command, 1])), MAP_RESPONSE);
    case "number":
      return typed("float", [String(portable.item.answer)], undefined, within(portable.item.tolerance));
    default:
      return unreachable(portable);
  }
}

export const box = (xhtml: string): string => `<div>${xhtml}</div>`;

export const feedback = (outcome: string, identifier: string, xhtml: string): string =>
  `  <qti-modal-feedback outcome-identifier="${outcome}" identifier="${identifier}" show-hide="show"><qti-content-body>${xhtml}</qti-content-body></qti-modal-feedback>`;

/** A prompt holds a line of text; a stem with blocks stands before the interaction. */
function withStem(stem: Markup, open: string, inside: readonly string[], close: string): string {
  return `${stem.inline ? "" : `    <div>${stem.xhtml}</div>\n`}    ${open}
${stem.inline ? `      <qti-prompt>${stem.xhtml}</qti-prompt>\n` : ""}${inside.join("\n")}
    ${close}`;
}

function choice({ options, several }: PortableChoice, { markup }: Presentation): Interaction {
  const keys = options.filter((option) => option.key);
  const worth = (key: boolean): number => (key ? 1 / keys.length : -1 / (options.length - keys.length));
  const choices = options.map(
    (option) => `      <qti-simple-choice identifier="${option.id}">${markup(option.text).xhtml}</qti-simple-choice>`,
  );
  return {
    cardinality: several ? "multiple" : "single",
    type: "identifier",
    correct: keys.map(({ id }) => id),
    // The keys together are worth 1; the distractors together take it away again, and nothing falls below 0.
    ...(several ? { mapping: mapped(options.map(({ id, key }) => [id, worth(key)])) } : {}),
    feedback: options.map((option) => feedback("FEEDBACK", option.id, `${box(markup(option.text).xhtml)}${box(markup(option.why).xhtml)}`)),
    body: (stem) =>
      withStem(
        stem,
        `<qti-choice-interaction response-identifier="RESPONSE" shuffle="true" min-choices="1" max-choices="${several ? options.length : 1}">`,
        choices,
        "</qti-choice-interaction>",
      ),
    scoring: several ? MAP_RESPONSE : MATCH_CORRECT,
  };
}

function order({ steps }: ItemOf<"ord">, { markup }: Presentation): Interaction {
  return {
    cardinality: "ordered",
    type: "identifier",
    correct: steps.map(({ id }) => identifier(id)),
    body: (stem) =>
      withStem(
        stem,
        `<qti-order-interaction response-identifier="RESPONSE" shuffle="true">`,
        steps.map(({ id, text }) => `      <qti-simple-choice identifier="${identifier(id)}">${markup(text).xhtml}</qti-simple-choice>`),
        "</qti-order-interaction>",
      ),
    scoring: MATCH_CORRECT,
  };
}

function match({ left, right }: ItemOf<"mat">, { markup }: Presentation): Interaction {
  const pairs = left.map(({ id, match: partner }) => `${identifier(`l-${id}`)} ${identifier(`r-${partner}`)}`);
  const side = (name: string, all: readonly { readonly id: string; readonly text: string }[], most: number): string =>
    `      <qti-simple-match-set>${all
      .map(
        ({ id, text }) =>
          `<qti-simple-associable-choice identifier="${identifier(`${name}-${id}`)}" match-max="${most}">${markup(text).xhtml}</qti-simple-associable-choice>`,
      )
      .join("")}</qti-simple-match-set>`;
  return {
    cardinality: "multiple",
    type: "directedPair",
    correct: pairs,
    body: (stem) =>
      withStem(
        stem,
        `<qti-match-interaction response-identifier="RESPONSE" shuffle="true" min-associations="${left.length}" max-associations="${left.length}">`,
        [side("l", left, 1), side("r", right, left.length)],
        "</qti-match-interaction>",
      ),
    scoring: MATCH_CORRECT,
  };
}

/** XML's identifiers begin with a letter; names of steps need not. */
const identifier = (name: string): string => `x-${name}`;

function typed(type: "string" | "float", correct: readonly string[], mapping: string | undefined, scoring: string): Interaction {
  return {
    cardinality: "single",
    type,
    correct: correct.slice(0, 1),
    ...(mapping === undefined ? {} : { mapping }),
    body: (stem) =>
      `    <div>${stem.xhtml}</div>
    <p><qti-text-entry-interaction response-identifier="RESPONSE" expected-length="${type === "string" ? 80 : 12}"/></p>`,
    scoring,
  };
}

function mapped(entries: readonly (readonly [string, number])[]): string {
  const lines = entries.map(([key, worth]) => `<qti-map-entry map-key="${escapeMarkup(key)}" mapped-value="${worth}"/>`);
  return `\n    <qti-mapping lower-bound="0" upper-bound="1" default-value="0">${lines.join("")}</qti-mapping>`;
}

const within = (tolerance: number): string =>
  scored(
    `<qti-equal tolerance-mode="absolute" tolerance="${tolerance} ${tolerance}"><qti-variable identifier="RESPONSE"/><qti-correct identifier="RESPONSE"/></qti-equal>`,
  );

/** 1 when the condition holds, otherwise 0. */
function scored(condition: string): string {
  return `    <qti-response-condition>
      <qti-response-if>
        ${condition}
        <qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">1</qti-base-value></qti-set-outcome-value>
      </qti-response-if>
      <qti-response-else>
        <qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">0</qti-base-value></qti-set-outcome-value>
      </qti-response-else>
    </qti-response-condition>`;
}

const MATCH_CORRECT = scored(`<qti-match><qti-variable identifier="RESPONSE"/><qti-correct identifier="RESPONSE"/></qti-match>`);

const MAP_RESPONSE = `    <qti-response-condition>
      <qti-response-if>
        <qti-is-null><qti-variable identifier="RESPONSE"/></qti-is-null>
        <qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">0</qti-base-value></qti-set-outcome-value>
      </qti-response-if>
      <qti-response-else>
        <qti-set-outcome-value identifier="SCORE"><qti-map-response identifier="RESPONSE"/></qti-set-outcome-value>
      </qti-response-else>
    </qti-response-condition>`;
