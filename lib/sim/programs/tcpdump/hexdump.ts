/** `-A`, `-x` and `-X` (print-ascii.c). */

export function ascii(bytes: Uint8Array): string {
  let text = "\n";
  bytes.forEach((byte, index) => {
    if (byte === 13) {
      if (index + 1 < bytes.length && bytes[index + 1] !== 10) text += ".";
    } else text += isGraph(byte) || byte === 9 || byte === 10 || byte === 32 ? String.fromCharCode(byte) : ".";
  });
  return text;
}

export function hexDump(bytes: Uint8Array, withAscii: boolean): string {
  let text = "";
  for (let offset = 0; offset < bytes.length; offset += 16) {
    const row = [...bytes.subarray(offset, offset + 16)];
    let hex = "";
    for (let i = 0; i < row.length; i += 2) hex += ` ${pair(row[i])}${row[i + 1] === undefined ? "" : pair(row[i + 1])}`;
    const shown = row.map((byte) => (isGraph(byte) ? String.fromCharCode(byte) : ".")).join("");
    text += `\n\t0x${offset.toString(16).padStart(4, "0")}: ${withAscii ? `${hex.padEnd(41)} ${shown}` : hex}`;
  }
  return text;
}

function pair(byte: number | undefined): string {
  return (byte ?? 0).toString(16).padStart(2, "0");
}

function isGraph(byte: number): boolean {
  return byte > 32 && byte < 127;
}
