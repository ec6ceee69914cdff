// Our story of DNS against what tshark reads in the kernel's capture: every message between two ends, with its question, its flags and its
// records, and every query with the answer that we gave it.

import { must } from '../../../shared/base/assert';
import type { AppMessage, AppStory } from '../../../shared/trace/app/appStory';
import { type findField } from '../../../shared/codec/field';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import { RCODES, TYPES } from './dnsNumbers';
import type { Findings } from './compareWeb';
import { sentValues, type Dissected } from './dissection';

/** Where the labs' name servers listen. */
const PORT = 5300;
/** Fields of which each message has one. */
const ONE = ['dns.id', 'dns.flags', 'dns.flags.response', 'dns.count.queries', 'dns.count.answers', 'dns.count.auth_rr', 'dns.count.add_rr'] as const;
const QUESTION = ['dns.qry.name', 'dns.qry.type', 'dns.qry.class'] as const;
const RECORDS = ['dns.resp.name', 'dns.resp.type', 'dns.resp.ttl', 'dns.a', 'dns.aaaa', 'dns.cname', 'dns.ns', 'dns.ptr.domain_name', 'dns.mx.mail_exchange', 'dns.txt', 'dns.soa.mname'] as const;
export const DNS_FIELDS = [...ONE, ...QUESTION, ...RECORDS];

/**
 * Every DNS message that the story knows, and every one that the kernel carried. But for those between two ports where nobody serves DNS:
 * tshark takes them for DNS because one of them has asked before, we do not guess (the forgery from a wrong port).
 */
export function compareDns(app: AppStory, packets: readonly Dissected[], findings: Findings): void {
  const dns = packets.filter(({ from, to, values }) => values.has('dns.id') && `${from} ${to} `.includes(`:${PORT} `));
  const ways = new Map<string, AppMessage[]>();
  for (const message of app.messages) {
    if (message.protocol !== 'dns') continue;
    const way = `${formatEndpoint(message.from)} ${formatEndpoint(message.to)}`;
    ways.set(way, [...(ways.get(way) ?? []), message]);
  }
  for (const { from, to } of dns) if (!ways.has(`${from} ${to}`)) ways.set(`${from} ${to}`, []);
  for (const [way, messages] of ways) {
    const [from = '', to = ''] = way.split(' ');
    for (const field of DNS_FIELDS) findings.same(`${from} > ${to} ${field}`, messages.flatMap(({ id }) => valuesIn(app, id, field)), sentValues(dns, from, to, field).map((value) => normal(field, value)));
  }
  compareExchanges(app, dns, findings);
}

function valuesIn(app: AppStory, id: number, field: string): string[] {
  const found: string[] = [];
  const visit = (node: NonNullable<ReturnType<typeof findField>>): void => {
    if (node.name === field) found.push(normal(field, String(typeof node.value === 'boolean' ? Number(node.value) : node.value)));
    for (const child of node.children) visit(child);
  };
  visit(must(app.fields(id), 'fields'));
  return found;
}

const normal = (field: string, value: string): string => (/^0x[0-9a-f]+$/.test(value) && field !== 'dns.txt' ? String(Number(value)) : value);

/** A query is answered by what the kernel carried back: the same id between the same ends. */
function compareExchanges(app: AppStory, dns: readonly Dissected[], findings: Findings): void {
  const first = (packet: Dissected, field: string): string => packet.values.get(field)?.[0] ?? '';
  for (const query of app.queries) {
    const asked = must(app.message(query.query), 'its query');
    const [from, to] = [formatEndpoint(asked.from), formatEndpoint(asked.to)];
    const id = query.transaction;
    const sent = dns.find((packet) => packet.from === from && packet.to === to && Number(first(packet, 'dns.id')) === id && Number(first(packet, 'dns.flags.response')) === 0);
    const name = `${from} > ${to} ${query.name} ${query.type}`;
    if (sent === undefined) {
      findings.differences.push(`${name}: no such query on the wire`);
      continue;
    }
    findings.same(name, [query.name, query.type, query.recursionDesired ? 'rd' : '', query.transport], [first(sent, 'dns.qry.name'), TYPES.get(Number(first(sent, 'dns.qry.type'))) ?? '', flag(sent, 0x0100) ? 'rd' : '', sent.transport]);
    if (query.answer === null) continue;
    const answer = must(app.message(query.answer), 'its answer');
    const back = dns.find((packet) => packet.from === formatEndpoint(answer.from) && packet.to === from && Number(first(packet, 'dns.id')) === id && Number(first(packet, 'dns.flags.response')) === 1);
    if (back === undefined) {
      findings.differences.push(`${name}: its answer was not on the wire`);
      continue;
    }
    findings.same(`${name}, answered`, [query.rcode ?? '', query.authoritative ? 'aa' : '', query.truncated ? 'tc' : ''], [RCODES.get(Number(first(back, 'dns.flags')) & 0x000f) ?? '', flag(back, 0x0400) ? 'aa' : '', flag(back, 0x0200) ? 'tc' : '']);
    const theirs = (back.values.get('dns.resp.name') ?? []).map((owner, i) => `${owner} ${TYPES.get(Number(back.values.get('dns.resp.type')?.[i])) ?? ''}`).filter((text) => !text.endsWith(' OPT'));
    findings.same(`${name}, records`, query.records.map(({ text }) => { const [owner = '', , , type = ''] = text.split(' '); return `${owner.length > 1 ? owner.replace(/\.$/, '') : '<Root>'} ${type}`; }).filter((text) => !text.endsWith(' OPT')), theirs);
  }

  function flag(packet: Dissected, bit: number): boolean {
    return (Number(first(packet, 'dns.flags')) & bit) !== 0;
  }
}
