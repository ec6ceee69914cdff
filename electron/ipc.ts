// Binds the IPC contract in main: checks sender and schema of every request, and turns errors into data.

import { isAbsolute } from 'node:path';
import { ipcMain, type BrowserWindow, type IpcMainInvokeEvent } from 'electron';
import * as v from 'valibot';
import {
  PUSHES, REQUESTS, pushChannel, requestChannel,
  type BridgeAnswer, type PushName, type PushPayload, type ReportedError, type RequestInput, type RequestName, type RequestOutput,
} from '../shared/ipc/contract';
import { DROP_CHANNEL } from '../shared/ipc/fileContract';
import { isOurs } from './guard';

export type Handlers = { readonly [N in RequestName]: (input: RequestInput<N>) => Promise<RequestOutput<N>> | RequestOutput<N> };

/** An error with a place, for the page to show. */
export class PlacedError extends Error {
  constructor(readonly code: string, message: string, readonly where = '') {
    super(message);
  }
}

export function bindRequests(window: () => BrowserWindow | null, handlers: Handlers): void {
  for (const name of Object.keys(REQUESTS) as RequestName[]) bind(name, window, handlers);
}

function bind<N extends RequestName>(name: N, window: () => BrowserWindow | null, handlers: Handlers): void {
  ipcMain.handle(requestChannel(name), async (event, given: unknown): Promise<BridgeAnswer<RequestOutput<N>>> => {
    if (!fromOurPage(event, window())) return refuse('IPC_SENDER', 'this sender may not make requests', name);
    const input = v.safeParse(REQUESTS[name].input, given);
    if (!input.success) return refuse('IPC_SCHEMA', describe(input.issues), name);
    try {
      return { ok: true, value: await handlers[name](input.output as RequestInput<N>) };
    } catch (thrown) {
      return { ok: false, error: reported(thrown, name) };
    }
  });
}

/** Hears of files that the user drops on the window: only the preload script can name them (DROP_CHANNEL). */
export function bindDrop(window: () => BrowserWindow | null, open: (path: string) => void): void {
  ipcMain.handle(DROP_CHANNEL, (event, given: unknown) => {
    if (fromOurPage(event, window()) && typeof given === 'string' && given.length <= 4096 && isAbsolute(given)) open(given);
  });
}

/** Only the main frame of our one window, showing our page. */
function fromOurPage(event: IpcMainInvokeEvent, window: BrowserWindow | null): boolean {
  const frame = event.senderFrame;
  return window !== null && event.sender === window.webContents && frame !== null && frame.parent === null && isOurs(frame.url);
}

export function push<N extends PushName>(window: BrowserWindow | null, name: N, payload: PushPayload<N>): void {
  if (window === null || window.isDestroyed() || window.webContents.isDestroyed()) return;
  window.webContents.send(pushChannel(name), v.parse(PUSHES[name], payload));
}

export function reported(thrown: unknown, where: string): ReportedError {
  if (thrown instanceof PlacedError) return { code: thrown.code, message: thrown.message, where: thrown.where };
  if (thrown instanceof Error) {
    const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.name;
    const place = 'where' in thrown && typeof thrown.where === 'string' ? thrown.where : where;
    return { code, message: thrown.message, where: place };
  }
  return { code: 'UNKNOWN', message: String(thrown), where };
}

const refuse = (code: string, message: string, where: string): { ok: false; error: ReportedError } => ({ ok: false, error: { code, message, where } });

const describe = (issues: readonly v.BaseIssue<unknown>[]): string =>
  issues.map((issue) => `${v.getDotPath(issue) ?? 'input'}: ${issue.message}`).join('; ').slice(0, 500);
