/** The order in which docker lists names: digits count as numbers (`net2` before `net10`). Follows fvbommel/sortorder NaturalLess. */

export function compareNatural(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const left = a[i] ?? "";
    const right = b[j] ?? "";
    const leftDigit = /[0-9]/.test(left);
    const rightDigit = /[0-9]/.test(right);
    if (leftDigit !== rightDigit) return leftDigit ? -1 : 1;
    if (!leftDigit) {
      if (left !== right) return left < right ? -1 : 1;
      i++;
      j++;
      continue;
    }
    const zerosA = /^0*/.exec(a.slice(i))?.[0].length ?? 0;
    const zerosB = /^0*/.exec(b.slice(j))?.[0].length ?? 0;
    const digitsA = /^[0-9]*/.exec(a.slice(i + zerosA))?.[0] ?? "";
    const digitsB = /^[0-9]*/.exec(b.slice(j + zerosB))?.[0] ?? "";
    if (digitsA.length !== digitsB.length) return digitsA.length - digitsB.length;
    if (digitsA !== digitsB) return digitsA < digitsB ? -1 : 1;
    // The same number: fewer leading zeros come first.
    if (zerosA !== zerosB) return zerosA - zerosB;
    i += zerosA + digitsA.length;
    j += zerosB + digitsB.length;
  }
  return a.length - i - (b.length - j);
}
