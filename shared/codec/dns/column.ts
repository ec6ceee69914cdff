// DNS in a line: 'Standard query response 0x8a28 A www.example.com A 192.0.2.1'.

import type { Column } from '../column';
import { findField, walkFields, type FieldNode } from '../field';
import { opcodeText, rcodeText } from './types';

/** Records that a line names. */
const RECORDS = 8;

export const column: Column = {
  protocol: 'dns',
  name: () => 'DNS',
  info(tree) {
    const number = (name: string): number => Number(findField(tree, name)?.value ?? 0);
    const opcode = number('dns.flags.opcode');
    const response = findField(tree, 'dns.flags.response')?.value === true;
    const kind = opcode === 0 ? 'Standard query' : opcodeText(opcode);
    const rcode = number('dns.flags.rcode');
    const question = findField(tree, 'dns.queries')?.children[0];
    const answers = findField(tree, 'dns.answers')?.children ?? [];
    const records = [question === undefined ? '' : typed(question, 'dns.qry'), ...answers.slice(0, RECORDS).map(answer), answers.length > RECORDS ? '…' : ''];
    return [`${kind}${response ? ' response' : ''}`, findField(tree, 'dns.id')?.display ?? '', response && rcode !== 0 ? rcodeText(rcode) : '', ...records].filter((part) => part !== '').join(' ');
  },
};

/** 'A www.example.com'. */
const typed = (node: FieldNode, of: 'dns.qry' | 'dns.resp'): string => `${typeName(findField(node, `${of}.type`))} ${findField(node, `${of}.name`)?.display ?? ''}`;

const typeName = (type: FieldNode | null): string => type?.display.split(' ')[0] ?? '';

/** 'A 192.0.2.1': the type, and the data where it is one field. */
function answer(node: FieldNode): string {
  const type = findField(node, 'dns.resp.type');
  for (const { node: field } of walkFields(node)) {
    if (/^dns\.(a|aaaa|cname|ns|ptr\.domain_name|mx\.mail_exchange|txt|srv\.target|soa\.mname)$/.test(field.name)) return `${typeName(type)} ${field.display}`;
  }
  return typeName(type);
}
