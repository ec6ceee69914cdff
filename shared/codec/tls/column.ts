// TLS in a line: 'Client Hello (SNI=example.com)', 'Application Data'.

import type { Column } from '../column';
import { findField } from '../field';
import { VERSION_NAMES, VERSIONS } from './names';

export const column: Column = {
  protocol: 'tls',
  name(tree) {
    const hello = Number(findField(tree, 'tls.handshake.type')?.value ?? 0);
    const chosen = Number(findField(tree, 'tls.handshake.extensions.supported_version')?.value ?? 0);
    if (findField(tree, 'tls.record.opaque_type') !== null || (hello === 2 && chosen === VERSIONS.tls13)) return 'TLSv1.3';
    return (VERSION_NAMES.get(Number(findField(tree, 'tls.record.version')?.value ?? 0)) ?? 'TLS').replace(/^TLS /, 'TLSv');
  },
  info(tree) {
    const title = tree.display.replace(/^TLS ?/, '');
    const server = findField(tree, 'tls.handshake.extensions_server_name')?.display;
    return server === undefined ? title : `${title} (SNI=${server})`;
  },
};
