// The HTTPS lab: the same request in clear and under TLS, with certificates of an authority that lives as long as the run.

import { errnoOf, plainly, sayError } from '../../roles/errno';
import { httpServer } from '../../roles/http/httpServer';
import { answer, textAnswer, type Handler } from '../../roles/http/message';
import { valueOf } from '../../roles/http/headers';
import type { Lab, LabContext, RoleContext, RunningRole } from '../../roles/lab';
import { killServerAction, perRun, startServer } from '../../roles/serverControl';
import { Authority, selfSigned, type Credentials } from '../../roles/tls/authority';
import { ask, certificateFault } from '../../roles/tls/secureClient';
import { manifest } from './manifest';

const NAME = 'www.example.test';
const OTHER = 'www.elsewhere.test';
const DAY = 86_400_000;

const stateOf = perRun(() => ({
  clients: { tls: 0, clear: 0 },
  /** Made when it is first needed; one for each run. */
  authority: null as Promise<Authority> | null,
  session: null as Buffer | null,
}));

const authorityOf = (lab: LabContext): Promise<Authority> => (stateOf(lab).authority ??= Authority.create('Looplab authority of this run'));

async function credentialsOf(lab: LabContext): Promise<Credentials> {
  const authority = await authorityOf(lab);
  const names = [NAME, lab.endpoint('server').address];
  switch (lab.text('certificate')) {
    case 'wrong-name': return authority.issue({ names: [OTHER] });
    case 'expired': return authority.issue({ names, from: -30 * DAY, until: -DAY });
    case 'not-yet': return authority.issue({ names, from: DAY, until: 30 * DAY });
    case 'unknown-issuer': return (await Authority.create('An authority that nobody knows')).issue({ names });
    case 'self-signed': return selfSigned({ names });
    default: return authority.issue({ names });
  }
}

/** An account page, for those who bring the cookie. */
const account: Handler = (request) => {
  if (request.path !== '/account') return textAnswer(404, `There is no ${request.path.slice(0, 200)} here.\n`);
  const cookie = valueOf(request.headers, 'cookie');
  return cookie === null ? textAnswer(401, 'Who are you? Bring a cookie.\n') : textAnswer(200, 'Welcome back. Your balance is 1 234.56.\n');
};

async function startSecure(lab: LabContext): Promise<RunningRole> {
  const { port } = lab.endpoint('server');
  const credentials = await credentialsOf(lab);
  return startServer(lab, 'server', plainly((role) => httpServer(role, { port, handler: account, version: '2', secure: { ...credentials, allowHTTP1: true, minVersion: 'TLSv1.2', keepKeys: lab.flag('keys') } as never })));
}

async function startClear(lab: LabContext): Promise<void> {
  const { port } = lab.endpoint('clear');
  const { certificate } = await authorityOf(lab);
  const handler: Handler = (request) => (request.path === '/ca.pem' ? answer(200, [['Content-Type', 'application/x-pem-file']], certificate) : account(request));
  const role = lab.role({ id: 'clear', host: 'server', kind: 'server' }, plainly((server) => httpServer(server, { port, handler })));
  await role.ready;
}

/** Asks once and says what came of it. A certificate that is no good is an answer too: the program goes on. */
async function client(role: RoleContext, lab: LabContext, scheme: 'https' | 'http', name: string, path: string): Promise<void> {
  const state = stateOf(lab);
  const secure = scheme === 'https';
  const { certificate } = await authorityOf(lab);
  role.print(`GET ${scheme}://${name}${path}`);
  try {
    const reply = await ask(role, lab.endpoint(secure ? 'server' : 'clear'), {
      name, path, headers: { cookie: `session=${lab.text('secret')}` },
      tls: !secure ? null : {
        ca: certificate, version: lab.text('version') === 'TLSv1.2' ? 'TLSv1.2' : 'TLSv1.3', alpn: lab.text('protocol') === 'h2' ? 'h2' : 'http/1.1', keepKeys: lab.flag('keys'),
        session: state.session, onSession: (session) => (state.session = session),
      },
    });
    role.print(`${reply.status} ${reply.body.trim()}`);
  } catch (error) {
    const fault = certificateFault(errnoOf(error));
    if (fault === null) throw error;
    role.print(`${errnoOf(error)}: ${fault}. I send nothing.`);
  }
}

async function startClient(lab: LabContext, scheme: 'https' | 'http', name = NAME, path = '/account'): Promise<RunningRole> {
  const { clients } = stateOf(lab);
  const kind = scheme === 'https' ? 'tls' : 'clear';
  const id = `client-${kind}-${++clients[kind]}`;
  return lab.role({ id, host: 'client', kind: 'client' }, async (role) => {
    try {
      await client(role, lab, scheme, name, path);
    } catch (error) {
      if (!role.signal.aborted) role.print(sayError(error));
      throw error;
    }
  });
}

const lab: Lab = {
  manifest,

  async serve(lab) {
    await startClear(lab);
    await startSecure(lab);
  },

  async play(lab) {
    const compare = lab.text('compare');
    if (compare !== 'tls') await (await startClient(lab, 'http')).ended;
    if (compare === 'clear') return;
    await (await startClient(lab, 'https')).ended;
    // A second connection goes on with the first one's session.
    if (lab.flag('resume')) await (await startClient(lab, 'https')).ended;
    else stateOf(lab).session = null;
  },

  actions: {
    ask: async (lab, { scheme, name, path }) => {
      if (!lab.flag('resume')) stateOf(lab).session = null;
      await (await startClient(lab, scheme === 'http' ? 'http' : 'https', String(name), String(path))).ended;
    },
    'kill-server': killServerAction,
    'start-server': async (lab) => void (await startSecure(lab)),
  },
};

export default lab;
