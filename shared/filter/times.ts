// Dates and times as people write them in a filter, as nanoseconds since 1970: ISO 8601 with or without its T and zone, and 'Sep 26, 2004 23:18:04.95'.
// Without a zone they are of the place where the filter runs, as in Wireshark.

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i;
const SPOKEN = /^([A-Za-z]{3})\s+(\d{1,2}),\s+(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(UTC)?$/;

/** Nanoseconds since 1970; null: it is no date, or none of a calendar. */
export function readDate(text: string): bigint | null {
  const iso = ISO.exec(text.trim());
  const spoken = iso === null ? SPOKEN.exec(text.trim()) : null;
  const parts = iso ?? spoken;
  if (parts === null) return null;
  const year = Number(iso === null ? parts[3] : parts[1]);
  const month = iso === null ? MONTHS.indexOf((parts[1] ?? '').toLowerCase()) : Number(parts[2]) - 1;
  const day = Number(iso === null ? parts[2] : parts[3]);
  const [hour, minute, second] = [Number(parts[4] ?? 0), Number(parts[5] ?? 0), Number(parts[6] ?? 0)];
  if (month < 0 || month > 11 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return null;
  const zone = parts[8]?.toUpperCase();
  const base = zone === undefined ? new Date(year, month, day, hour, minute, second).getTime() : Date.UTC(year, month, day, hour, minute, second) - offset(zone);
  // The 31st of a month of 30 days is none.
  const there = zone === undefined ? new Date(year, month, day).getDate() : new Date(Date.UTC(year, month, day)).getUTCDate();
  if (Number.isNaN(base) || there !== day) return null;
  return BigInt(base) * 1_000_000n + BigInt((parts[7] ?? '').padEnd(9, '0'));
}

/** Milliseconds east of Greenwich. */
function offset(zone: string): number {
  const parts = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (parts === null) return 0;
  return (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3])) * 60_000;
}
