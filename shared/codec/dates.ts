// Points in time as Wireshark writes them: 'Jul  4, 2020 04:05:20.000000000 UTC'. For fields of kind 'abstime'.

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `seconds` since 1970 (whole, up to 2^40), and nanoseconds of the next one. */
export function dateText(seconds: number, nanoseconds = 0): string {
  const time = new Date(seconds * 1000);
  return `${MONTHS[time.getUTCMonth()] ?? ''} ${String(time.getUTCDate()).padStart(2)}, ${time.getUTCFullYear()} ${time.toISOString().slice(11, 19)}.${String(nanoseconds).padStart(9, '0')} UTC`;
}
