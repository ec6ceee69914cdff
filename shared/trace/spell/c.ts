// Calls in C, as the course and Stevens write them: SA is struct sockaddr; a result of -1 goes to perror(). `one` is an int that is 1,
// `n` an ssize_t, `buf` an array, `peer` a struct sockaddr_in with its `len`.

import { never } from '../../base/assert';
import { isPath } from '../endpoint';
import type { Endpoint } from '../event';
import type { Address, Call } from './call';
import { quoted } from './literal';
import { levelOf } from './options';

export function c(call: Call): string {
  switch (call.name) {
    case 'socket': return `int ${call.v} = socket(${call.family}, ${call.datagram ? 'SOCK_DGRAM' : 'SOCK_STREAM'}, 0);`;
    case 'setsockopt': return option(call.v, call.option, `&(int){${call.value}}, sizeof(int)`);
    case 'bind': return `${declared('at', call.at)}\n${checked(`bind(${call.v}, (SA *)&at, sizeof at)`, 'bind')}`;
    case 'listen': return checked(`listen(${call.v}, ${call.backlog})`, 'listen');
    case 'accept': return `int ${call.into} = accept(${call.v}, NULL, NULL);`;
    case 'connect': return addressed(call.to, (to) => checked(`connect(${call.v}, (SA *)&${to}, sizeof ${to})`, 'connect'));
    case 'send': return checked(`send(${call.v}, "${call.data.text}", ${call.size}, ${call.atOnce ? 'MSG_DONTWAIT' : '0'})`, 'send');
    case 'recv': return checked(`(n = recv(${call.v}, buf, ${size(call.size)}, 0))`, 'recv');
    case 'recvfrom': return checked(`(n = recvfrom(${call.v}, buf, ${size(call.size)}, 0, (SA *)&peer, &len))`, 'recvfrom');
    case 'sendto': return addressed(call.to, (to) => checked(`sendto(${call.v}, "${call.data.text}", ${call.size}, 0, (SA *)&${to}, sizeof ${to})`, 'sendto'));
    case 'shutdown': return checked(`shutdown(${call.v}, SHUT_${call.how})`, 'shutdown');
    case 'close': return `${call.abort ? `${option(call.v, 'SO_LINGER', '&(struct linger){1, 0}, sizeof(struct linger)')}\n` : ''}close(${call.v});`;
    case 'select': return `struct pollfd fds[] = {${polled(call.read, call.write)}};\n${checked(`poll(fds, ${new Set([...call.read, ...call.write]).size}, ${call.timeout})`, 'poll')}`;
    case 'print': return `puts(${quoted(call.text)});`;
    case 'exit': return call.how === 'killed' ? '/* SIGKILL */' : `exit(${call.how === 'done' ? 'EXIT_SUCCESS' : 'EXIT_FAILURE'});`;
    default: return never(call);
  }
}

/** One entry for each descriptor: `{sock, POLLIN | POLLOUT}`. */
function polled(read: readonly string[], write: readonly string[]): string {
  const all = [...new Set([...read, ...write])];
  return all.map((v) => `{${v}, ${[read.includes(v) ? 'POLLIN' : '', write.includes(v) ? 'POLLOUT' : ''].filter((event) => event !== '').join(' | ')}}`).join(', ');
}

const checked = (text: string, name: string): string => `if (${text} == -1) perror("${name}");`;
const option = (v: string, name: string, value: string): string => `setsockopt(${v}, ${levelOf(name)}, ${name}, ${value});`;
const size = (given: number): string => (given > 0 ? `${given}` : 'sizeof buf');

function addressed({ at, how }: Address, line: (variable: string) => string): string {
  if (how === 'reply') return line('peer');
  return how === 'declared' ? line('server') : `${declared('server', at)}\n${line('server')}`;
}

/** Fields in Linux's order (sockaddr(3type)). */
function declared(variable: string, { address, port }: Endpoint): string {
  if (isPath(address)) return `struct sockaddr_un ${variable} = {AF_UNIX, ${quoted(address)}};`;
  if (!address.includes(':')) return `struct sockaddr_in ${variable} = {AF_INET, htons(${port}), {inet_addr("${address}")}};`;
  const given = address === '::1' ? 'in6addr_loopback' : address === '::' ? 'in6addr_any' : null;
  const struct = `struct sockaddr_in6 ${variable} = {AF_INET6, htons(${port})${given === null ? '' : `, 0, ${given}`}};`;
  return given === null ? `${struct}\ninet_pton(AF_INET6, "${address}", &${variable}.sin6_addr);` : struct;
}
