/** Conversions of printf(3): flags, width, precision, and the conversions d i u o x X c s e E f F g G. ISO C 7.21.6.1. */

export type Directive = {
  readonly flags: string;
  readonly width: number | undefined;
  readonly precision: number | undefined;
  readonly conversion: string;
};

/** One piece of a format: text as it stands, or a directive with `*` where a width or precision is an argument. */
export type FormatPart =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "directive";
      readonly flags: string;
      readonly width: number | "*" | undefined;
      readonly precision: number | "*" | undefined;
      readonly conversion: string;
      readonly source: string;
    };

export function parseFormat(format: string): FormatPart[] {
  const parts: FormatPart[] = [];
  const pattern = /%(%|([-+ #0']*)(\*|\d+)?(?:\.(\*|-?\d*))?(?:hh|h|ll|l|q|j|z|t|L)?([A-Za-z]|$))/y;
  let text = "";
  for (let at = 0; at < format.length; ) {
    pattern.lastIndex = at;
    const match = format[at] === "%" ? pattern.exec(format) : null;
    if (!match) {
      text += format[at];
      at++;
      continue;
    }
    at = pattern.lastIndex;
    if (match[1] === "%") {
      text += "%";
      continue;
    }
    if (text !== "") parts.push({ kind: "text", text });
    text = "";
    const amount = (found: string | undefined): number | "*" | undefined =>
      found === undefined ? undefined : found === "*" ? "*" : Number(found);
    parts.push({
      kind: "directive",
      flags: match[2] ?? "",
      width: amount(match[3]),
      precision: match[4] === "" ? 0 : amount(match[4]),
      conversion: match[5] ?? "",
      source: match[0],
    });
  }
  if (text !== "") parts.push({ kind: "text", text });
  return parts;
}

export function formatText(text: string, { flags, width, precision }: Directive): string {
  const cut = precision === undefined || precision < 0 ? text : [...text].slice(0, precision).join("");
  return pad(cut, flags, width);
}

/** d, i, u, o, x, X. */
export function formatInteger(value: bigint, { flags, width, precision, conversion }: Directive): string {
  const isSigned = conversion === "d" || conversion === "i";
  const magnitude = isSigned ? (value < 0n ? -value : value) : BigInt.asUintN(64, value);
  const base = conversion === "o" ? 8 : conversion === "x" || conversion === "X" ? 16 : 10;
  let digits = magnitude.toString(base);
  if (conversion === "X") digits = digits.toUpperCase();
  if (precision !== undefined && precision >= 0) digits = precision === 0 && magnitude === 0n ? "" : digits.padStart(precision, "0");
  if (flags.includes("#") && conversion === "o" && !digits.startsWith("0")) digits = `0${digits}`;
  const prefix = flags.includes("#") && base === 16 && magnitude !== 0n ? `0${conversion}` : isSigned ? signOf(value < 0n, flags) : "";
  return assemble(prefix, digits, flags, width, precision === undefined || precision < 0);
}

/** e, E, f, F, g, G. */
export function formatFloat(value: number, { flags, width, precision, conversion }: Directive): string {
  const lower = conversion.toLowerCase();
  const isNegative = value < 0 || Object.is(value, -0);
  const magnitude = Math.abs(value);
  const digits = Number.isFinite(value)
    ? finite(magnitude, lower, precision === undefined || precision < 0 ? 6 : precision, flags.includes("#"))
    : Number.isNaN(value)
      ? "nan"
      : "inf";
  const shown = conversion === lower ? digits : digits.toUpperCase();
  const prefix = Number.isNaN(value) ? "" : signOf(isNegative, flags);
  return assemble(prefix, shown, flags, width, Number.isFinite(value));
}

function finite(magnitude: number, conversion: string, precision: number, keepsZeros: boolean): string {
  switch (conversion) {
    case "e":
      return exponential(magnitude, precision);
    case "g": {
      const significant = precision === 0 ? 1 : precision;
      const exponent = magnitude === 0 ? 0 : Number(magnitude.toExponential(Math.min(100, significant - 1)).split("e")[1]);
      const isLong = exponent < -4 || exponent >= significant;
      const text = isLong ? exponential(magnitude, significant - 1) : fixed(magnitude, significant - 1 - exponent);
      if (keepsZeros) return text;
      return isLong ? text.replace(/\.?0+e/, "e") : text.includes(".") ? text.replace(/\.?0+$/, "") : text;
    }
    default:
      return fixed(magnitude, precision) + (keepsZeros && precision === 0 ? "." : "");
  }
}

function fixed(magnitude: number, precision: number): string {
  // toFixed goes over to exponents at 1e21, where a double is a whole number anyway.
  if (magnitude >= 1e21) return BigInt(magnitude).toString() + (precision > 0 ? `.${"0".repeat(precision)}` : "");
  return magnitude.toFixed(Math.min(100, precision));
}

function exponential(magnitude: number, precision: number): string {
  const [mantissa = "", exponent = "+0"] = magnitude.toExponential(Math.min(100, precision)).split("e");
  const sign = exponent.startsWith("-") ? "-" : "+";
  return `${mantissa}e${sign}${exponent.replace(/^[-+]/, "").padStart(2, "0")}`;
}

function signOf(isNegative: boolean, flags: string): string {
  return isNegative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
}

function assemble(prefix: string, digits: string, flags: string, width: number | undefined, mayZeroPad: boolean): string {
  if (flags.includes("0") && !flags.includes("-") && mayZeroPad && width !== undefined)
    return prefix + digits.padStart(width - prefix.length, "0");
  return pad(prefix + digits, flags, width);
}

function pad(text: string, flags: string, width: number | undefined): string {
  if (width === undefined) return text;
  const missing = Math.max(0, Math.abs(width) - [...text].length);
  return flags.includes("-") || width < 0 ? text + " ".repeat(missing) : " ".repeat(missing) + text;
}
