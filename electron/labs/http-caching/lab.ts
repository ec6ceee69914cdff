// The HTTP caching lab: a site, a shared cache before it, clients with caches and cookies of their own, and one clock for all of them
// that can be wound forward. Roles are in electron/roles/http.

import { createLabClock, windClock } from '../../roles/dns/labClock';
import { plainly } from '../../roles/errno';
import { cacheServer } from '../../roles/http/cacheServer';
import { CachingClient } from '../../roles/http/cachingClient';
import { CachingSite, type Policy, type ValidatorChoice } from '../../roles/http/cachingSite';
import { HttpCache } from '../../roles/http/httpCache';
import { httpServer } from '../../roles/http/httpServer';
import { FORM } from '../../roles/http/message';
import { OpenConnections } from '../../roles/http/openConnections';
import type { Lab, LabContext, RoleContext } from '../../roles/lab';
import { killServer, killServerAction, perRun, startServer } from '../../roles/serverControl';
import { encode } from '../../roles/text';
import { manifest } from './manifest';

/** The site's name; the cache's and the server's addresses are other things. */
const AUTHORITY = 'www.site.test';
/** What the clients would like to read: one after another, and again. */
const LANGUAGES = ['ko', 'ru', 'en'];

const stateOf = perRun(() => {
  const clock = createLabClock();
  // A whole second, as HTTP's dates are: the first answer is 0 s old.
  const started = Math.floor(Date.now() / 1000) * 1000;
  const now = (): number => started + clock.now() * 1000;
  return { clock, now, clients: new Map<number, Promise<CachingClient>>(), site: null as CachingSite | null, shared: new HttpCache('shared', now), connections: new OpenConnections() };
});

function siteOf(lab: LabContext): CachingSite {
  const state = stateOf(lab);
  state.site ??= new CachingSite({ policy: lab.text('policy') as Policy, validator: lab.text('validator') as ValidatorChoice, account: lab.text('account') === 'public' ? 'public' : 'private', now: state.now });
  return state.site;
}

/** The client of that number; it lives as long as the run, for what it remembers is the lesson. */
function clientOf(lab: LabContext, number: number): Promise<CachingClient> {
  const { clients, now, connections } = stateOf(lab);
  const known = clients.get(number);
  if (known !== undefined) return known;
  const made = new Promise<CachingClient>((resolve) => {
    const server = lab.endpoint(lab.text('via') === 'shared' ? 'cache' : 'server');
    const program = async (role: RoleContext): Promise<void> => {
      connections.of(role.host.address);
      resolve(new CachingClient(role, { server, authority: AUTHORITY, now, headers: [['Accept-Language', LANGUAGES[(number - 1) % LANGUAGES.length] ?? 'en']] }));
      await new Promise<void>((end) => role.signal.addEventListener('abort', () => end(), { once: true }));
    };
    lab.role({ id: `client-${number}`, host: 'client', kind: 'client' }, plainly(program));
  });
  clients.set(number, made);
  return made;
}

function startSite(lab: LabContext): Promise<unknown> {
  const { port } = lab.endpoint('server');
  const { connections } = stateOf(lab);
  const { handler } = siteOf(lab);
  return startServer(lab, 'server', plainly((role) => httpServer(role, { port, handler, connections })));
}

async function wind(lab: LabContext, seconds: number): Promise<void> {
  const { role } = await clientOf(lab, 1);
  windClock(role, stateOf(lab).clock, seconds);
}

const logIn = (client: CachingClient, name: string): Promise<void> =>
  client.visit({ method: 'POST', target: '/login', headers: [['Content-Type', FORM]], body: encode(new URLSearchParams({ name }).toString()) });

async function playPage(lab: LabContext, clients: readonly CachingClient[]): Promise<void> {
  const visits = lab.number('visits');
  for (let visit = 1; visit <= visits; visit++) {
    if (visit > 1 && lab.number('wind') > 0) await wind(lab, lab.number('wind'));
    if (visit === visits && lab.flag('changes')) siteOf(lab).change();
    if (visit === visits && lab.text('server') === 'dies') killServer(lab);
    for (const client of clients) await client.visit({ target: '/page' });
  }
}

/** Each logs in and looks at the account; then the first logs out and looks again. */
async function playSession(clients: readonly CachingClient[]): Promise<void> {
  for (const [index, client] of clients.entries()) await logIn(client, `client ${index + 1}`);
  for (const client of clients) await client.visit({ target: '/account' });
  await clients[0]?.visit({ method: 'POST', target: '/logout' });
}

const lab: Lab = {
  manifest,

  async serve(lab) {
    const { shared, now, connections } = stateOf(lab);
    const options = { port: lab.endpoint('cache').port, origin: lab.endpoint('server'), cache: shared, now, connections };
    const cache = lab.role({ id: 'cache', host: 'cache', kind: 'server' }, plainly((role) => {
      connections.of(role.host.address);
      return cacheServer(role, options);
    }));
    await Promise.all([startSite(lab), cache.ready]);
  },

  async play(lab) {
    const clients = await Promise.all(Array.from({ length: lab.number('clients') }, (_, index) => clientOf(lab, index + 1)));
    if (lab.text('scenario') === 'session') await playSession(clients);
    else await playPage(lab, clients);
    await stateOf(lab).connections.idle(lab.signal);
  },

  actions: {
    visit: async (lab, args) => (await clientOf(lab, Number(args['client']))).visit({ target: String(args['path']) }),
    // What a browser's reload sends: whatever is stored, ask (RFC 9111 5.2.1.4).
    reload: async (lab, args) => (await clientOf(lab, Number(args['client']))).visit({ target: '/page', headers: [['Cache-Control', 'no-cache']] }),
    'wind-clock': (lab, args) => wind(lab, Number(args['seconds'])),
    'change-page': (lab) => Promise.resolve(siteOf(lab).change()),
    'clear-caches': async (lab) => {
      stateOf(lab).shared.clear();
      for (const client of await Promise.all(stateOf(lab).clients.values())) client.cache.clear();
    },
    'log-in': async (lab, args) => logIn(await clientOf(lab, Number(args['client'])), String(args['name'])),
    'log-out': async (lab, args) => (await clientOf(lab, Number(args['client']))).visit({ method: 'POST', target: '/logout' }),
    'kill-server': killServerAction,
    'start-server': async (lab) => void (await startSite(lab)),
  },
};

export default lab;
