// One connection of a program, in a thread or a child process of its own: runs what the program named, tells of each call.

import * as net from 'node:net';
import { roleIx } from '../../../shared/base/brand';
import { DescriptorSocket, type Descriptor } from '../../capture/blocking/blockingSocket';
import { descriptorOf } from '../../capture/blocking/blockingNetwork';
import { computeBlocking, waitBlocking } from '../../capture/blocking/wait';
import { tcpHandleOf } from '../../capture/nodeHandle';
import { SocketLog } from '../../capture/socketLog';
import { CONNECTION_PROGRAMS } from '../../roles/programs/programs';
import { CONNECTION_FD, type ConnectionSetup } from './messages';
import { Reporter } from './reporter';

/** `closes`: of a thread, which has its process's descriptor and may not close it itself. */
export async function runConnection({ origin, writer, connection, program, options }: ConnectionSetup, closes?: () => void): Promise<void> {
  const reporter = new Reporter(writer, origin);
  const { recorder } = reporter;
  // The engine knows whose facts these are.
  const log = SocketLog.ofConnection(recorder, roleIx(1), connection);
  const descriptor: Descriptor = closes === undefined ? inherited() : { fd: connection.fd, setBlocking: null, close: closes };
  const socket = new DescriptorSocket(descriptor, connection.local, connection.remote, log, () => recorder.flush(), closes !== undefined);
  const load = Object.hasOwn(CONNECTION_PROGRAMS, program) ? CONNECTION_PROGRAMS[program] : undefined;
  try {
    const run = await load?.();
    // Its facts have gone on with each call.
    run?.(socket, { wait: waitBlocking, compute: computeBlocking }, options);
  } catch {
    // The peer's errors are facts of the trace.
  } finally {
    socket.close();
    recorder.flush();
    reporter.tell({ type: 'gone' });
  }
}

/** The descriptor that a child process was started with. */
function inherited(): Descriptor {
  const socket = new net.Socket({ fd: CONNECTION_FD, readable: false, writable: true, allowHalfOpen: true });
  socket.on('error', () => undefined);
  const handle = tcpHandleOf(socket);
  if (handle === null) throw new Error('the connection is no socket');
  return descriptorOf(handle, () => void socket.destroy());
}
