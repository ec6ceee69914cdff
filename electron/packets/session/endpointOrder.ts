// The order of addresses as people expect it: 10.0.0.9 before 10.0.0.10, IPv4 before IPv6, others by their text.

/** For sorting: below 0 when `a` comes first. */
export function endpointOrder(a: string, b: string): number {
  const [first, second] = [fourParts(a), fourParts(b)];
  if (first !== null && second !== null) return first - second;
  if (first !== null || second !== null) return first !== null ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function fourParts(text: string): number | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  let value = 0;
  for (const part of parts) {
    const number = Number(part);
    if (part === '' || !Number.isInteger(number) || number < 0 || number > 255) return null;
    value = value * 256 + number;
  }
  return value;
}
