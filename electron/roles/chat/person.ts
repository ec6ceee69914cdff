// A person of the chat as a role: listens at a door of its own (a server), is in the directory and refreshes its entry, and calls others
// (a client). Where somebody is, it knows from an open conversation, its address book, or the directory, in this order.

import { never } from '../../../shared/base/assert';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import { lookUp } from '../directory/directoryClient';
import { Listing, type ListingOptions } from '../directory/listing';
import { sayError } from '../errno';
import type { ListeningSocket, StreamSocket } from '../host';
import type { RoleContext } from '../lab';
import { AddressBook } from './addressBook';
import { helloLine, knowLine, oneLine, parseHello, parseLine, textLine, WHO_LINE, type ChatLine } from './chatLines';
import { Conversation } from './conversation';

/** Conversations at once; who calls then is hung up on. */
const MAX_CONVERSATIONS = 20;
/** ms in which a caller is to say who it is: long enough to type it. */
const HELLO_PATIENCE = 60_000;
/** Messages that are remembered, people whose messages are counted, characters of a message in the trace's notes. */
const MAX_HEARD = 200;
const MAX_COUNTED = 200;
const MAX_SHOWN = 500;

export interface PersonOptions extends ListingOptions {
  /** Its door; 0: the system chooses. */
  readonly port: number;
  /** Whether it keeps an address book. */
  readonly remember: boolean;
}

export class Person {
  /** A friend has said whom it knows. */
  wasTold = false;
  private readonly talks = new Set<Conversation>();
  private readonly counts = new Map<string, number>();
  private readonly heard: string[] = [];
  private readonly waiting = new Set<() => void>();
  private readonly book: AddressBook;
  private readonly listing: Listing;
  private door: ListeningSocket | null = null;
  private left = false;
  private enter: () => void = () => undefined;
  /** Resolves when it has asked the directory for the first time, whatever came of it. */
  readonly entered = new Promise<void>((resolve) => (this.enter = resolve));

  constructor(
    private readonly role: RoleContext,
    private readonly options: PersonOptions,
  ) {
    this.book = new AddressBook((note) => role.note(note));
    this.listing = new Listing(role, options);
  }

  /** The role's program: ends when the person has left. Rejects with the system's error when its door cannot be opened. */
  async run(): Promise<void> {
    this.door = await this.role.host.net.listen({ port: this.options.port });
    const { endpoint } = this.door;
    this.role.listening({ protocol: 'tcp', ...endpoint });
    const welcome = this.welcome(this.door);
    await this.listing.enter(endpoint);
    this.enter();
    void this.listing.refresh(endpoint);
    await welcome;
  }

  /** Says it to somebody, calling if need be; false when it cannot be delivered. */
  async say(to: string, text: string): Promise<boolean> {
    const talk = await this.reach(to);
    const number = this.count(to);
    const note = (what: 'said' | 'undelivered'): void => this.role.note({ topic: 'chat.message', what, with: to, number, text: text.slice(0, MAX_SHOWN) });
    try {
      await talk?.send(textLine(text));
    } catch (error) {
      if (this.role.signal.aborted) return false;
      this.role.print(`${to}: ${sayError(error)}`);
      note('undelivered');
      return false;
    }
    if (this.role.signal.aborted) return false;
    note(talk === null ? 'undelivered' : 'said');
    return talk !== null;
  }

  /** Asks the directory, and says what it said. Null when it knows nobody of that name or cannot be asked. */
  async find(name: string): Promise<Endpoint | null> {
    try {
      const at = await lookUp(this.role, this.options.directory, name);
      this.role.print(at === null ? `directory: nobody is ${name}` : `directory: ${name} is at ${formatEndpoint(at)}`);
      if (at !== null && this.options.remember) this.book.learn(name, at, 'directory');
      return at;
    } catch (error) {
      if (!this.role.signal.aborted) this.role.print(`directory: ${sayError(error)}`);
      return null;
    }
  }

  /** Calls a friend whose address it was told, and asks whom the friend knows. False when nobody answers. */
  async askFriend(friend: string, at: Endpoint): Promise<boolean> {
    const talk = await this.call(friend, at);
    if (talk === null) return false;
    if (this.options.remember) this.book.learn(friend, at, 'peer');
    await talk.send(WHO_LINE);
    return true;
  }

  /** Hangs up on somebody. */
  hangUp(on: string): void {
    for (const talk of this.talks) if (talk.name === on) this.end(talk);
  }

  /** Says goodbye to the directory, hangs up and closes the door. */
  async leave(): Promise<void> {
    this.left = true;
    await this.listing.leave();
    for (const talk of this.talks) this.end(talk);
    this.door?.close();
  }

  /** Resolves when it holds, or when the person is gone. Looked at whenever a line has come or somebody has hung up. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds() && !this.role.signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.waiting.delete(wake);
          resolve();
        };
        this.waiting.add(wake);
        this.role.signal.addEventListener('abort', wake, { once: true });
      });
    }
  }

  hasHeard = (text: string): boolean => this.heard.includes(oneLine(text));

  talksWith = (name: string): boolean => [...this.talks].some((talk) => talk.name === name && talk.open);

  private async reach(to: string): Promise<Conversation | null> {
    const open = [...this.talks].find((talk) => talk.name === to && talk.open);
    if (open !== undefined) return open;
    const known = this.options.remember ? this.book.use(to) : null;
    const talk = known === null ? null : await this.call(to, known);
    if (talk !== null) return talk;
    const found = await this.find(to);
    return found === null ? null : this.call(to, found);
  }

  /** Null when nobody answers there: the address is stale. */
  private async call(name: string, at: Endpoint): Promise<Conversation | null> {
    try {
      const talk = new Conversation(await this.role.host.net.dial(at), name);
      this.talks.add(talk);
      await talk.send(helloLine(this.options.name, this.door?.endpoint.port ?? 0));
      void this.listen(talk);
      return talk;
    } catch (error) {
      if (this.role.signal.aborted) return null;
      this.role.print(`${name} is not at ${formatEndpoint(at)}: ${sayError(error)}`);
      this.book.stale(name);
      return null;
    }
  }

  /** Accepts callers until the door is closed. */
  private async welcome(door: ListeningSocket): Promise<void> {
    for (;;) {
      try {
        const socket = await door.accept();
        if (this.talks.size >= MAX_CONVERSATIONS) socket.abort();
        else void this.answer(socket);
      } catch (error) {
        if (this.left) return;
        throw error;
      }
    }
  }

  /** Somebody has called: who? */
  private async answer(socket: StreamSocket): Promise<void> {
    const talk = new Conversation(socket, '');
    this.talks.add(talk);
    const timer = setTimeout(() => this.end(talk), HELLO_PATIENCE);
    try {
      const hello = parseHello((await talk.line()) ?? '');
      clearTimeout(timer);
      if (hello === null) {
        await talk.send('Say HELLO and your name first.\n');
        return this.end(talk);
      }
      talk.name = hello.name;
      // The caller's address is that of its packets; only the port of its door had to be said.
      if (hello.port !== 0 && this.options.remember) this.book.learn(hello.name, { address: socket.remote.address, port: hello.port }, 'peer');
      await this.listen(talk);
    } catch {
      this.end(talk);
    } finally {
      clearTimeout(timer);
    }
  }

  private async listen(talk: Conversation): Promise<void> {
    try {
      for (;;) {
        const line = await talk.line();
        if (line === null) break;
        await this.take(talk, parseLine(line));
        this.wake();
      }
      if (talk.name !== '') this.role.print(`${talk.name} has hung up`);
    } catch (error) {
      if (talk.open && !this.role.signal.aborted) this.role.print(`${talk.name}: ${sayError(error)}`);
    } finally {
      this.end(talk);
    }
  }

  private async take(talk: Conversation, line: ChatLine): Promise<void> {
    switch (line.type) {
      case 'text': {
        const number = this.count(talk.name);
        this.heard.push(line.text);
        if (this.heard.length > MAX_HEARD) this.heard.shift();
        this.role.note({ topic: 'chat.message', what: 'heard', with: talk.name, number, text: line.text.slice(0, MAX_SHOWN) });
        return this.role.print(`${talk.name}: ${line.text}`);
      }
      case 'who':
        return talk.send(knowLine(this.book.allBut(talk.name)));
      case 'know':
        this.wasTold = true;
        for (const { name, at } of line.people) if (this.options.remember && name !== this.options.name) this.book.learn(name, at, 'peer');
        return;
      case 'unknown':
        return this.role.print(`${talk.name} says ${line.command}, which is no command`);
      default:
        return never(line);
    }
  }

  /** The number of the next message of this pair. */
  private count(name: string): number {
    const number = (this.counts.get(name) ?? 0) + 1;
    if (number > 1 || this.counts.size < MAX_COUNTED) this.counts.set(name, number);
    return number;
  }

  private end(talk: Conversation): void {
    talk.hangUp();
    this.talks.delete(talk);
    this.wake();
  }

  private wake(): void {
    for (const wake of [...this.waiting]) wake();
  }
}
