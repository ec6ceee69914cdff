// Numbers of DNS, taken from IANA's registry and not from our codec: the judge must not learn from the judged.

export const TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'A'], [2, 'NS'], [5, 'CNAME'], [6, 'SOA'], [12, 'PTR'], [15, 'MX'], [16, 'TXT'], [28, 'AAAA'], [33, 'SRV'], [41, 'OPT'], [255, 'ANY'],
]);

export const RCODES: ReadonlyMap<number, string> = new Map([[0, 'NOERROR'], [1, 'FORMERR'], [2, 'SERVFAIL'], [3, 'NXDOMAIN'], [4, 'NOTIMP'], [5, 'REFUSED']]);
