// A program's note (notes.ts) on one line, in names and numbers that are the same in every language: for the ladder, the log and the
// command line. Notes come from traces, so what is missing or strange is shown as it is and never thrown at.

import { formatDuration } from '../base/time';
import { formatEndpoint } from './endpoint';
import type { Note } from './notes';
import { previewText } from './preview';

const NAME = 48;

const name = (text: unknown): string => previewText(String(text), NAME);

/** '' for no note. */
export function noteText(note: Note | null): string {
  if (note === null) return '';
  switch (note.topic) {
    case 'dns.lookup': return `lookup #${note.lookup} ${name(note.name)} ${name(note.type)}`;
    case 'dns.ask': return `ask ${name(note.server)} for ${name(note.name)} ${name(note.type)}${note.attempt > 1 ? ` (attempt ${note.attempt})` : ''}`;
    case 'dns.told': return `${note.how}${note.zone === '' ? '' : ` ${name(note.zone)}`}`;
    case 'dns.done': return `lookup #${note.lookup} ${name(note.rcode)}${note.cached ? ' (cache)' : ''}`;
    case 'dns.cache': return `DNS cache: ${note.what} ${name(note.key)}${note.what === 'hit' || note.what === 'stored' || note.what === 'negative' ? `, TTL ${note.ttl} s` : ''}`;
    case 'dns.ignored': return `ignored: wrong ${note.why}, from ${name(note.from)}`;
    case 'clock.wound': return `lab clock + ${note.seconds} s`;
    case 'http.cache': return `HTTP cache: ${note.what} ${name(note.url)}`;
    case 'page.visit': return `visit ${name(note.url)}`;
    case 'page.met': return `<${note.element}> ${name(note.url)}`;
    case 'page.loaded': return `loaded ${name(note.url)}, ${note.size} B${note.from === 'cache' ? ' (cache)' : ''}`;
    case 'page.done': return `page done, ${note.objects} objects`;
    case 'http.cookie': return `cookie ${note.what}: ${name(note.name)}`;
    case 'bt.chose': return `piece ${note.piece} from ${name(note.from)}: ${name(note.why)}${note.why === 'rarest' ? `, ${note.copies} ${note.copies === 1 ? 'copy' : 'copies'}` : ''}`;
    case 'bt.have': return `piece ${note.piece} is right (${note.have}/${note.of}), from ${name(note.from)}`;
    case 'bt.bad': return `piece ${note.piece} is wrong, from ${name(note.from)}`;
    case 'bt.choke': return `${name(note.what)} ${name(note.peer)}: ${name(note.why)}, ${Math.round(note.rate / 1000)} kB/s`;
    case 'bt.snub': return note.snubbed ? `${name(note.peer)} is late` : `${name(note.peer)} gives again`;
    case 'bt.cut': return `cut ${name(note.peer)}: ${name(note.why)}`;
    case 'bt.done': return `all ${note.pieces} pieces in ${formatDuration(note.ms * 1000)}`;
    case 'bt.peer': return `peer at ${name(note.listens)}: ${note.have}/${note.pieces} pieces, ${name(note.strategy)}`;
    case 'dist.begin': return `${note.size} B to ${note.receivers} by ${name(note.way)}`;
    case 'dist.received': return `${name(note.receiver)} has it after ${formatDuration(note.ms * 1000)}`;
    case 'dist.end': return `all ${note.receivers} have it by ${name(note.way)} after ${formatDuration(note.ms * 1000)}`;
    case 'service.asked': return `request ${note.number} to ${name(note.to)}`;
    case 'service.ended': return `request ${note.number}: ${name(note.how)}${note.by === '' ? '' : ` by ${name(note.by)}`}, ${formatDuration(note.ms * 1000)}`;
    case 'service.failover': return `goes over from ${name(note.from)} to ${name(note.to)}: ${name(note.why)}`;
    case 'service.state': return name(note.what);
    case 'lb.chose': return `${name(note.client)} to ${name(note.server)}: ${name(note.why)}, ${note.open} open`;
    case 'lb.none': return `${name(note.client)}: no server left`;
    case 'lb.health': return `${name(note.server)} is ${note.what}: ${name(note.why)}`;
    case 'lb.drain': return `drain ${name(note.server)} ${name(note.what)}, ${note.open} open`;
    case 'dir.entry': return `directory: ${name(note.what)} ${name(note.name)}${note.at === '' ? '' : ` at ${name(note.at)}`}`;
    case 'book.entry': return `address book: ${name(note.what)} ${name(note.name)} at ${name(note.at)}`;
    case 'model.begin': return `${note.clients} clients ask the ${name(note.model)} server, ${note.requests} times each`;
    case 'model.end': return `${name(note.model)}: all served after ${formatDuration(note.ms * 1000)}`;
    case 'process.sampled': return `server: ${Math.round(note.memory / 1048576)} MiB, ${note.threads} threads, ${note.processes} processes, ${note.open} open`;
    case 'link.mtu': return `MTU of ${name(note.link)}: ${note.mtu} B`;
    case 'ports.range': return note.high === 0 ? 'this system does not tell from where it chooses ports' : `ports of the system's own choice: ${note.low} to ${note.high}`;
    case 'process.named': return `${name(formatEndpoint({ address: String(note.address), port: Number(note.port) }))} is ${name(note.name)} (pid ${note.pid})`;
    case 'program.runs': return `as ${name(note.name)}`;
    case 'message.sent': return `message ${note.number}: ${note.size} B, ended by ${name(note.by)}`;
    case 'message.taken': return `takes bytes ${note.start} to ${note.end} for message ${note.number} (${name(note.by)})`;
    case 'chat.message': return `${note.what === 'heard' ? 'from' : note.what === 'said' ? 'to' : 'not to'} ${name(note.with)}: ${name(note.text)}`;
    default: return unknownTopic(note);
  }
}

/** A trace of a later version may have topics that this one does not know. */
const unknownTopic = (note: never): string => name((note as { readonly topic: unknown }).topic);
