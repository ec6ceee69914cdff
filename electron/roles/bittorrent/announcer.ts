// When a peer speaks to its tracker (BEP 3): at its start, every interval, when it has the whole file, when it leaves. A tracker that fails
// is asked again, less and less often; the swarm goes on without it.

import type { PeerAddress } from '../../../shared/codec/bittorrent/peers';
import { errnoOf } from '../errno';
import type { RoleContext } from '../lab';
import { announce, type Progress, type TrackerAddress, type TrackerEvent } from './announce';

const RETRY = { least: 500, most: 30_000 } as const;
/** ms: a tracker that wants to be asked all the time is not. */
const SHORTEST = 1000;

export interface AnnouncerOptions {
  readonly tracker: TrackerAddress;
  readonly progress: () => Progress;
  readonly onPeers: (peers: readonly PeerAddress[]) => void;
}

export class Announcer {
  /** What the next announce says; '' is one in between. */
  private event: TrackerEvent = 'started';
  private begun = false;
  private wake: () => void = () => undefined;
  private over = false;
  private failing = false;
  private asking = false;

  constructor(private readonly role: RoleContext, private readonly options: AnnouncerOptions) {}

  /** It is speaking to the tracker, or has something to say that it did not come to say yet. */
  get busy(): boolean {
    return this.asking || (this.event !== '' && !this.failing);
  }

  /** Announces until stop(); never rejects. */
  async run(): Promise<void> {
    let retry: number = RETRY.least;
    this.role.signal.addEventListener('abort', () => this.wake(), { once: true });
    while (!this.over && !this.role.signal.aborted) {
      const event = this.event;
      const interval = await this.once(event);
      if (interval === null) retry = Math.min(retry * 2, RETRY.most);
      else {
        retry = RETRY.least;
        if (event === 'started') this.begun = true;
        if (this.event === event) this.event = '';
        // Something happened meanwhile.
        if (this.event !== '') continue;
      }
      await this.sleep(interval === null ? retry : Math.max(interval, SHORTEST));
    }
  }

  /** The file is whole: says so at once (after 'started', if that has not been said yet). */
  completed(): void {
    if (!this.begun && this.event === 'started') return; // 'left' will say it
    this.event = 'completed';
    this.wake();
  }

  /** Says goodbye, when the tracker knows us at all. */
  async stop(): Promise<void> {
    this.over = true;
    this.wake();
    if (this.begun && !this.role.signal.aborted) await this.once('stopped');
  }

  private async sleep(ms: number): Promise<void> {
    if (this.over || this.role.signal.aborted) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
  }

  /** ms until the next; null when it failed. */
  private async once(event: TrackerEvent): Promise<number | null> {
    const { tracker, progress, onPeers } = this.options;
    this.asking = true;
    try {
      const { interval, peers } = await announce(this.role, tracker, progress(), event);
      this.failing = false;
      if (!this.over) onPeers(peers);
      return interval;
    } catch (error) {
      // Once for each time that it fails, not for each try.
      if (!this.failing && !this.role.signal.aborted) this.role.print(`tracker ${tracker.protocol}://${tracker.address}:${tracker.port}: ${errnoOf(error)}`);
      this.failing = true;
      return null;
    } finally {
      this.asking = false;
    }
  }
}
