// The HTTP API lab: the course's server and client, every method, broken bytes, answers of one's own. Roles are in electron/roles/http.

import { plainly } from '../../roles/errno';
import { apiRequest, apiRequests, sendRaw, show } from '../../roles/http/apiClient';
import { AnswerBook, cannedAnswer, type Canned } from '../../roles/http/cannedAnswers';
import { HandConnection } from '../../roles/http/handClient';
import { parseHeaderLines } from '../../roles/http/headers';
import { httpServer } from '../../roles/http/httpServer';
import { OpenConnections } from '../../roles/http/openConnections';
import { answer, type HttpAnswer } from '../../roles/http/message';
import { typedBytes } from '../../roles/http/typedBytes';
import { userApi } from '../../roles/http/userApi';
import type { Lab, LabContext, RoleContext, RunningRole } from '../../roles/lab';
import { killServerAction, perRun, startServer } from '../../roles/serverControl';
import { encode } from '../../roles/text';
import { manifest } from './manifest';
import { BROKEN, SCENARIOS, USER, type Asked } from './scenarios';

/** ms that a client who sent bytes of its own waits: longer than the server's patience with an unfinished head. */
const RAW_PATIENCE = 35_000;

const stateOf = perRun(() => ({ clients: 0, book: new AnswerBook(), connections: new OpenConnections(), say: (_text: string): void => undefined }));

async function startApi(lab: LabContext): Promise<RunningRole> {
  const { port } = lab.endpoint('server');
  const state = stateOf(lab);
  // A new process knows nothing of the users that the one before it was given; what it answers was our choice, and stays.
  const handler = state.book.over(userApi(lab.text('name')));
  const program = (role: RoleContext): Promise<void> => {
    state.say = (text) => role.print(text);
    return httpServer(role, { port, handler, connections: state.connections });
  };
  return startServer(lab, 'server', plainly(program));
}

function startClient(lab: LabContext, program: (role: RoleContext) => Promise<void>): RunningRole {
  const state = stateOf(lab);
  const start = (role: RoleContext): Promise<void> => {
    state.connections.of(role.host.address);
    return program(role);
  };
  return lab.role({ id: `client-${++state.clients}`, host: 'client', kind: 'client' }, plainly(start));
}

async function playAsked(lab: LabContext, asked: Asked): Promise<void> {
  const server = lab.endpoint('server');
  const [only] = asked;
  const program = (role: RoleContext): Promise<void> => (asked.length === 1 && typeof only === 'object' ? apiRequest(role, server, only) : apiRequests(role, server, asked));
  const clients = Array.from({ length: lab.number('clients') }, () => startClient(lab, program));
  await Promise.all(clients.map((client) => client.ended));
}

/** Good clients are in the middle of their connections when another sends bytes that are no HTTP. They go on. */
async function playBroken(lab: LabContext): Promise<void> {
  const server = lab.endpoint('server');
  let sent: () => void = () => undefined;
  const broken = new Promise<void>((resolve) => (sent = resolve));
  const first: Promise<void>[] = [];
  const good = Array.from({ length: lab.number('clients') }, () => {
    let asked: () => void = () => undefined;
    first.push(new Promise((resolve) => (asked = resolve)));
    return startClient(lab, (role) => goodClient(role, () => asked(), broken).finally(asked));
  });
  await Promise.all(first);
  const bad = startClient(lab, (role) => sendRaw(role, server, BROKEN, RAW_PATIENCE));
  await bad.ended;
  sent();
  await Promise.all(good.map((client) => client.ended));

  async function goodClient(role: RoleContext, asked: () => void, until: Promise<void>): Promise<void> {
    const connection = await HandConnection.open(role, server);
    try {
      show(role, await connection.exchange(USER));
      asked();
      await until;
      show(role, await connection.exchange(USER));
    } finally {
      connection.close();
    }
  }
}

/** What the user typed as an answer; lines that are no headers are left out, and the server says so. */
function ownAnswer(lab: LabContext, args: LabContext['params']): HttpAnswer {
  const { headers, wrong } = parseHeaderLines(String(args['headers']));
  if (wrong.length > 0) stateOf(lab).say(`no header lines, left out: ${wrong.join(' | ')}`);
  return answer(Number(args['status']), headers, encode(String(args['body'])));
}

const lab: Lab = {
  manifest,

  async serve(lab) {
    stateOf(lab).book.set('/api/user', cannedAnswer(lab.text('answer') as Canned));
    if (lab.text('server') === 'runs') await startApi(lab);
  },

  async play(lab) {
    const asked = SCENARIOS.get(lab.text('requests'));
    if (asked === undefined) await playBroken(lab);
    else await playAsked(lab, asked);
    // The story ends when the server has learnt that its clients are gone.
    await stateOf(lab).connections.idle(lab.signal);
  },

  actions: {
    request: async (lab, args) => {
      const body = encode(String(args['body']));
      // Lines go out as they were typed, wrong ones too: the server is to judge them.
      const typed = String(args['headers']).split(/\r?\n/).filter((line) => line.trim() !== '');
      const request = { method: String(args['method']), target: String(args['target']), typed, body };
      await startClient(lab, (role) => apiRequest(role, lab.endpoint('server'), request)).ended;
    },
    'send-raw': async (lab, args) => {
      await startClient(lab, (role) => sendRaw(role, lab.endpoint('server'), typedBytes(String(args['bytes'])), RAW_PATIENCE)).ended;
    },
    respond: (lab, args) => {
      const which = String(args['answer']);
      const given = which === 'own' ? ownAnswer(lab, args) : cannedAnswer(which as Canned);
      if (!stateOf(lab).book.set(String(args['path']), given)) stateOf(lab).say('too many paths have answers of their own');
      return Promise.resolve();
    },
    'kill-server': killServerAction,
    'start-server': async (lab) => void (await startApi(lab)),
  },
};

export default lab;
