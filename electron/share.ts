// Main's part in sharing on the LAN: whether the page may ask for it now, and what is shared, for a page that has just loaded. Requests come
// from our page alone (ipc.ts checks sender and schema); only the run that it shows can be shared, at an address that is this machine's.
// Nothing shared outlives the window that marks it.

import type { LanPlace, PushPayload, RequestInput, ShareState } from '../shared/ipc/contract';
import type { EngineClient } from './runtime/engineClient';
import { EngineError } from './runtime/engineError';
import { lanPlaces } from './runtime/share/lan';

export interface ShareParts {
  readonly engine: Pick<EngineClient, 'share' | 'unshare' | 'join' | 'leave'>;
  /** The last state of the run; null when there was none. */
  readonly run: () => PushPayload<'lab.state'> | null;
  readonly tell: (state: ShareState) => void;
  /** For tests, others than this machine's. */
  readonly places?: () => readonly LanPlace[];
}

export class ShareDesk {
  private last: ShareState | null = null;

  constructor(private readonly parts: ShareParts) {}

  places(): LanPlace[] {
    return [...(this.parts.places ?? lanPlaces)()];
  }

  /** Rejects with RUN_UNKNOWN, SHARE_ADDRESS, SHARE_PUBLIC, and as the engine does. */
  async start(input: RequestInput<'share.start'>): Promise<ShareState> {
    this.check(input.run);
    const place = this.places().find(({ address }) => address === input.address);
    if (place === undefined) throw new EngineError('SHARE_ADDRESS', `${input.address} is no address of this machine on a network`, input.address);
    if (place.scope === 'public' && !input.public) throw new EngineError('SHARE_PUBLIC', `${input.address} is a public address`, input.address);
    return this.parts.engine.share(input);
  }

  stop({ run }: { readonly run: number }): Promise<void> {
    return this.parts.engine.unshare(run);
  }

  async join(input: RequestInput<'share.join'>): Promise<ShareState> {
    this.check(input.run);
    return this.parts.engine.join(input);
  }

  leave({ run }: { readonly run: number }): Promise<void> {
    return this.parts.engine.leave(run);
  }

  /** The engine has said so. */
  hear(state: ShareState): void {
    this.last = state;
    this.parts.tell(state);
  }

  /** The page has loaded anew: it must know what to mark. */
  retell(): void {
    if (this.last !== null) this.parts.tell(this.last);
  }

  /** The engine failed: its thread is gone, and its sockets with it; or it is not to be trusted any more, and closes what it has. */
  lost(): void {
    this.close();
    this.last = null;
  }

  /** There is no window any more. */
  close(): void {
    const { last } = this;
    if (last === null) return;
    if (last.share !== null) void this.parts.engine.unshare(last.run).catch(() => undefined);
    if (last.joined.length > 0) void this.parts.engine.leave(last.run).catch(() => undefined);
  }

  private check(run: number): void {
    const now = this.parts.run();
    if (now?.run !== run || (now.state !== 'running' && now.state !== 'open')) throw new EngineError('RUN_UNKNOWN', `run ${run} is not the one that is shown`, 'share');
  }
}
