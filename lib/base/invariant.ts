/** A promise this codebase made to itself was broken. Always a bug, never a user's mistake. */
export class InvariantViolation extends Error {
  override readonly name = "InvariantViolation";
}

export function invariant(condition: boolean, promise: string): asserts condition {
  if (!condition) throw new InvariantViolation(promise);
}

/** Marks the branch that the types say cannot be reached. */
export function unreachable(value: never): never {
  throw new InvariantViolation(`no branch handles ${JSON.stringify(value)}`);
}
