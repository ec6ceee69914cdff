// HTTP's dates (RFC 9110 5.6.7): written as IMF-fixdate, read in that form and in the two obsolete ones.

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH = `(${MONTHS.join('|')})`;
/** Sun, 06 Nov 1994 08:49:37 GMT */
const IMF = new RegExp(`^[A-Z][a-z]{2}, (\\d{2}) ${MONTH} (\\d{4}) (\\d{2}):(\\d{2}):(\\d{2}) GMT$`);
/** Sunday, 06-Nov-94 08:49:37 GMT */
const RFC850 = new RegExp(`^[A-Z][a-z]{5,8}, (\\d{2})-${MONTH}-(\\d{2}) (\\d{2}):(\\d{2}):(\\d{2}) GMT$`);
/** Sun Nov  6 08:49:37 1994 */
const ASCTIME = new RegExp(`^[A-Z][a-z]{2} ${MONTH} ([ \\d]\\d) (\\d{2}):(\\d{2}):(\\d{2}) (\\d{4})$`);

/** `ms` since 1970; HTTP's dates have whole seconds. */
export const formatDate = (ms: number): string => new Date(ms).toUTCString();

/** ms since 1970, or null for what is no HTTP date. `now` decides the century of two-digit years. */
export function parseDate(text: string, now: number = Date.now()): number | null {
  const imf = IMF.exec(text);
  if (imf !== null) return timeOf(imf[3], imf[2], imf[1], imf.slice(4));
  const asctime = ASCTIME.exec(text);
  if (asctime !== null) return timeOf(asctime[6], asctime[1], asctime[2], asctime.slice(3, 6));
  const old = RFC850.exec(text);
  if (old === null) return null;
  const thisYear = new Date(now).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + Number(old[3]);
  // More than 50 years ahead means the century before.
  return timeOf(String(year > thisYear + 50 ? year - 100 : year), old[2], old[1], old.slice(4));
}

function timeOf(year = '', month = '', day = '', [hour, minute, second]: readonly (string | undefined)[]): number | null {
  const date = Number(day);
  const time = Date.UTC(Number(year), MONTHS.indexOf(month), date, Number(hour), Number(minute), Number(second));
  // Date.UTC carries the 31st of a short month over to the next: then it is no date.
  return Number(hour) < 24 && Number(minute) < 60 && Number(second) < 61 && new Date(Date.UTC(Number(year), MONTHS.indexOf(month), date)).getUTCDate() === date ? time : null;
}
