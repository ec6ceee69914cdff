// A person's entry in the directory: made, refreshed when half of its life is over, taken out. Whoever has none can still call and be
// called; only nobody new will find the way. A directory that comes back empty learns the entry again by the next refresh.

import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import { sayError } from '../errno';
import type { RoleContext } from '../lab';
import { register, unregister } from './directoryClient';

export interface ListingOptions {
  readonly name: string;
  readonly directory: Endpoint;
  /** s that the entry lives. */
  readonly lifetime: number;
}

export class Listing {
  private over = false;
  private said = '';

  constructor(
    private readonly role: RoleContext,
    private readonly options: ListingOptions,
  ) {}

  /** Asks to be listed; what came of it is printed when it is news. */
  async enter(at: Endpoint): Promise<void> {
    const { directory, name, lifetime } = this.options;
    let news: string;
    try {
      const status = await register(this.role, directory, name, at, lifetime);
      news = status === 200 || status === 201 ? `in the directory: ${name} is at ${formatEndpoint(at)}` : `the directory does not list me: status ${status}`;
    } catch (error) {
      news = `not in the directory: ${sayError(error)}`;
    }
    if (this.role.signal.aborted || news === this.said) return;
    this.said = news;
    this.role.print(news);
  }

  /** Keeps the entry fresh until leave(), or the role's end. */
  async refresh(at: Endpoint): Promise<void> {
    try {
      for (;;) {
        await this.role.sleep(this.options.lifetime * 500);
        if (this.over) return;
        await this.enter(at);
      }
    } catch (error) {
      if (!this.role.signal.aborted) throw error;
    }
  }

  async leave(): Promise<void> {
    this.over = true;
    const { directory, name } = this.options;
    await unregister(this.role, directory, name).catch((error: unknown) => this.role.print(`directory: ${sayError(error)}`));
  }
}
