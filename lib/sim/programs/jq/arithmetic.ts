/** jq's operators on values: `+` adds numbers and joins strings, arrays and objects (jq 1.8 manual, "Addition" and following). */

import { compareJson, isArray, isNumber, isObject, type Json, numberOf } from "./json";
import { described, JqError, JqLimit } from "./values";

const MAX_REPEATED = 10_000_000;

export type Operator = "+" | "-" | "*" | "/" | "%" | "==" | "!=" | "<" | "<=" | ">" | ">=";

export function calculate(operator: Operator, left: Json, right: Json): Json {
  switch (operator) {
    case "==":
      return compareJson(left, right) === 0;
    case "!=":
      return compareJson(left, right) !== 0;
    case "<":
      return compareJson(left, right) < 0;
    case "<=":
      return compareJson(left, right) <= 0;
    case ">":
      return compareJson(left, right) > 0;
    case ">=":
      return compareJson(left, right) >= 0;
    case "+":
      if (left === null) return right;
      if (right === null) return left;
      if (isNumber(left) && isNumber(right)) return numberOf(left) + numberOf(right);
      if (typeof left === "string" && typeof right === "string") return left + right;
      if (isArray(left) && isArray(right)) return [...left, ...right];
      if (isObject(left) && isObject(right)) return new Map([...left, ...right]);
      break;
    case "-":
      if (isNumber(left) && isNumber(right)) return numberOf(left) - numberOf(right);
      if (isArray(left) && isArray(right)) return left.filter((one) => !right.some((other) => compareJson(one, other) === 0));
      break;
    case "*":
      if (isNumber(left) && isNumber(right)) return numberOf(left) * numberOf(right);
      if (typeof left === "string" && isNumber(right)) return repeated(left, numberOf(right));
      if (isNumber(left) && typeof right === "string") return repeated(right, numberOf(left));
      if (isObject(left) && isObject(right)) return mergeDeep(left, right);
      break;
    case "/":
      if (isNumber(left) && isNumber(right)) {
        if (numberOf(right) === 0)
          throw new JqError(`${described(left)} and ${described(right)} cannot be divided because the divisor is zero`);
        return numberOf(left) / numberOf(right);
      }
      if (typeof left === "string" && typeof right === "string") return left === "" ? [] : left.split(right);
      break;
    case "%":
      if (isNumber(left) && isNumber(right)) {
        const [a, b] = [Math.trunc(numberOf(left)), Math.trunc(numberOf(right))];
        if (b === 0)
          throw new JqError(`${described(left)} and ${described(right)} cannot be divided (remainder) because the divisor is zero`);
        return a % Math.abs(b);
      }
      break;
  }
  const verb = { "+": "added", "-": "subtracted", "*": "multiplied", "/": "divided", "%": "divided" }[operator];
  throw new JqError(`${described(left)} and ${described(right)} cannot be ${verb}`);
}

function repeated(text: string, times: number): Json {
  if (!(times >= 0)) return null;
  if (times * text.length > MAX_REPEATED)
    throw new JqLimit(
      `drydock: jq would make a string of more than ${MAX_REPEATED} characters; this is a limit of the simulator, not of jq`,
    );
  return text.repeat(Math.floor(times));
}

function mergeDeep(left: ReadonlyMap<string, Json>, right: ReadonlyMap<string, Json>): Json {
  const merged = new Map(left);
  for (const [key, value] of right) {
    const before = merged.get(key);
    merged.set(key, before !== undefined && isObject(before) && isObject(value) ? mergeDeep(before, value) : value);
  }
  return merged;
}
