// Questions to a worker thread that wait for their answers, by number. What both ends of the app's threads (engine, open captures) share; what is
// asked and how a thread begins and ends is theirs.

import type { ReportedError } from '../../shared/ipc/contract';
import { EngineError } from './engineError';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: EngineError): void;
}

export class PendingAnswers {
  private readonly waiting = new Map<number, Waiting>();
  private next = 1;

  /** `send` posts the question under its number. */
  ask(send: (id: number) => void): Promise<unknown> {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      send(id);
    });
  }

  /** An answer that nobody waits for is none. */
  answer(id: number, value: unknown): void {
    this.settle(id)?.resolve(value);
  }

  refuse(id: number, error: ReportedError): void {
    this.settle(id)?.reject(placed(error));
  }

  /** Nobody is there to answer any more. */
  end(error: ReportedError): void {
    for (const waiting of this.waiting.values()) waiting.reject(placed(error));
    this.waiting.clear();
  }

  private settle(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }
}

const placed = ({ code, message, where }: ReportedError): EngineError => new EngineError(code, message, where);
