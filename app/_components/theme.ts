/** Which theme a person chose. Nothing chosen means the system's. */

export type Theme = "light" | "dark";

export const THEME_COOKIE = "drydock-theme";

export function readTheme(value: string | undefined): Theme | undefined {
  return value === "light" || value === "dark" ? value : undefined;
}
