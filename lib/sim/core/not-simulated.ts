/**
 * The voice of what is real but not simulated. It begins with `drydock:`, so that nobody can take it for Docker's or
 * Linux's, and it is used wherever an option, field, route or driver exists in the modelled thing and not here.
 */
export function notSimulated(what: string): string {
  return `drydock: ${what} is real, but not simulated here`;
}

/** The variant of an error union that says so. */
export type NotSimulated = { readonly kind: "not-simulated"; readonly what: string };
