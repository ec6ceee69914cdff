// Gives each channel the dissectors of its protocol, and keeps what the field trees of messages need later.

import type { AppContext } from './appContext';
import type { Channel } from './appConn';
import { never } from '../../base/assert';
import { bitTorrentDissectors } from './bitTorrentDissector';
import type { Dissector } from './dissector';
import { DnsStream } from './dnsStream';
import { http1Dissectors } from './http1Dissector';
import { Http2Blocks, http2Dissectors } from './http2Dissector';
import type { StreamProtocol } from '../../codec/recognize';
import { tlsDissectors } from './tlsDissector';

export class Dissectors {
  readonly blocks = new Http2Blocks();

  constructor(private readonly context: AppContext) {}

  make(protocol: StreamProtocol, channel: Channel): { readonly up: Dissector; readonly down: Dissector } {
    const { context } = this;
    switch (protocol) {
      case 'dns': return { up: new DnsStream(context, channel, 'up'), down: new DnsStream(context, channel, 'down') };
      case 'http': return http1Dissectors(context, channel);
      case 'http2': return http2Dissectors(context, channel, this.blocks);
      case 'bittorrent': return bitTorrentDissectors(context, channel);
      case 'tls': return tlsDissectors(context, channel);
      default: return never(protocol);
    }
  }
}
