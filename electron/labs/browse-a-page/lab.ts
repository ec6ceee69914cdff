// The lab of browsing: a person types a URL; browser, resolver, three name servers and a web server do the rest. Plain roles, joined.

import { noteCache } from '../../roles/dns/cacheNotes';
import { createLabClock, windClock } from '../../roles/dns/labClock';
import { recursiveResolver } from '../../roles/dns/recursiveResolver';
import { zoneServer } from '../../roles/dns/zoneServer';
import { plainly } from '../../roles/errno';
import { Browser } from '../../roles/http/browser';
import { httpServer, type HttpServerOptions } from '../../roles/http/httpServer';
import type { Lab, LabContext, RoleContext, RunningRole } from '../../roles/lab';
import { ActionError, perRun } from '../../roles/serverControl';
import { Authority } from '../../roles/tls/authority';
import { manifest, NAME_SERVERS, type NameServer } from './manifest';
import { placesOf, SITE_NAMES } from './names';
import { portal, toHttps } from './site';

/** What the person does with the browser, one thing after the other. */
interface Person {
  readonly role: RoleContext;
  readonly browser: Browser;
  forget(): void;
}

const stateOf = perRun(() => ({
  clock: createLabClock(),
  authority: null as Promise<Authority> | null,
  person: null as Person | null,
  webs: 0,
  /** Visits wait for each other. */
  turn: Promise.resolve(),
}));

const authorityOf = (lab: LabContext): Promise<Authority> => (stateOf(lab).authority ??= Authority.create('Looplab authority of this run'));

function nameServer(lab: LabContext, id: NameServer): (role: RoleContext) => Promise<void> {
  const { port } = lab.endpoint(id);
  const { hints, zones, nameServer: route } = placesOf(lab);
  const zone = zones.get(id);
  if (zone !== undefined) return (role) => zoneServer(role, { port, zones: [zone] });
  return (role) => recursiveResolver(role, { port, hints, route, clock: stateOf(lab).clock });
}

/** The web server is one program for each port: 80's, and 443's when there is TLS. */
async function startWeb(lab: LabContext): Promise<void> {
  const again = ++stateOf(lab).webs;
  const tls = lab.flag('tls');
  const version = lab.text('version') === 'h2' ? '2' : '1.1';
  const start = (id: 'web' | 'web-tls', options: Omit<HttpServerOptions, 'port'>): RunningRole =>
    lab.role({ id: again === 1 ? id : `${id}-${again}`, host: 'web', kind: 'server' }, plainly((role) => httpServer(role, { ...options, port: lab.endpoint(id).port })));
  const servers = [start('web', tls ? { handler: toHttps } : { handler: portal(), version })];
  if (tls) {
    const { key, cert } = await (await authorityOf(lab)).issue({ names: [...SITE_NAMES, lab.endpoint('web').address] });
    servers.push(start('web-tls', { handler: portal(), version, secure: { key, cert, keepKeys: lab.flag('keys') } }));
  }
  await Promise.all(servers.map((one) => one.ready));
}

function killWeb(lab: LabContext): void {
  const { webs } = stateOf(lab);
  const running = (['web', 'web-tls'] as const).flatMap((id) => lab.running(webs <= 1 ? id : `${id}-${webs}`) ?? []);
  if (running.length === 0) throw new ActionError('NO_SERVER', 'no web server is running');
  for (const one of running) one.kill();
}

/** The browser's program stays open after the script, with its caches, until the run is stopped. */
async function openBrowser(lab: LabContext): Promise<Person> {
  const state = stateOf(lab);
  if (state.person !== null) return state.person;
  const { certificate } = await authorityOf(lab);
  const opened = new Promise<Person>((resolve, reject) => {
    const program = lab.role({ id: 'client', host: 'client', kind: 'client' }, async (role) => {
      const cache = noteCache(role, state.clock);
      const h2 = lab.text('version') === 'h2';
      const browser = new Browser(role, {
        policy: h2 ? 'h2' : 'six',
        // With TLS port 80 only says where to go, in HTTP/1.1.
        clearPolicy: h2 && !lab.flag('tls') ? 'h2' : 'six',
        names: { resolver: lab.endpoint('resolver'), cache },
        route: placesOf(lab).web,
        trust: { ca: certificate, keepKeys: lab.flag('keys') },
        clock: state.clock,
      });
      resolve({ role, browser, forget: () => (cache.flush(), browser.forget()) });
      await new Promise<void>((end) => role.signal.addEventListener('abort', () => end(), { once: true }));
    });
    void program.ended.then((how) => reject(new Error(`the browser is ${how}`)));
  });
  state.person = await opened;
  return state.person;
}

function visit(lab: LabContext, url: string): Promise<void> {
  const state = stateOf(lab);
  const visited = state.turn.then(async () => {
    const { browser, role } = await openBrowser(lab);
    await browser.visit(url).catch((error: unknown) => {
      if (!role.signal.aborted) throw error;
    });
  });
  state.turn = visited.catch(() => undefined);
  return visited;
}

const lab: Lab = {
  manifest,

  async serve(lab) {
    const off = lab.text('off');
    const servers = NAME_SERVERS.filter((id) => id !== off).map((id) => lab.role({ id, host: id, kind: 'server' }, plainly(nameServer(lab, id))));
    await Promise.all(servers.map((one) => one.ready));
    if (off !== 'web') await startWeb(lab);
  },

  async play(lab) {
    for (let count = 0; count < lab.number('visits'); count++) await visit(lab, lab.text('url'));
  },

  actions: {
    visit: (lab, args) => visit(lab, String(args['url'])),
    'wind-clock': async (lab, args) => windClock((await openBrowser(lab)).role, stateOf(lab).clock, Number(args['seconds'])),
    forget: async (lab) => (await openBrowser(lab)).forget(),
    'kill-web': async (lab) => killWeb(lab),
    'start-web': startWeb,
  },
};

export default lab;
