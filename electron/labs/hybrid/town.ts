// The processes of a run: the directory and the people, started, killed and started again. A process that is started again is a new role:
// 'bo', then 'bo-2'.

import { must } from '../../../shared/base/assert';
import { Person } from '../../roles/chat/person';
import { directoryServer } from '../../roles/directory/directoryServer';
import { plainly } from '../../roles/errno';
import { OpenConnections } from '../../roles/http/openConnections';
import type { LabContext, RoleContext, RunningRole } from '../../roles/lab';
import { perRun } from '../../roles/serverControl';
import type { Person as Name } from './manifest';

interface Process {
  readonly role: RunningRole;
  readonly person: Person | null;
}

export class Town {
  readonly connections = new OpenConnections();
  private readonly started = new Map<string, Process[]>();

  constructor(private readonly lab: LabContext) {}

  async startDirectory(): Promise<void> {
    const { port } = this.lab.endpoint('directory');
    const role = this.start('directory', 'server', (context) => directoryServer(context, { port, lifetime: this.lab.number('lifetime'), connections: this.connections }));
    this.keep('directory', { role, person: null });
    await role.ready;
  }

  /** False when none runs. */
  killDirectory(): boolean {
    const running = this.running('directory');
    running?.role.kill();
    return running !== null;
  }

  /** A person at its usual door, or at one that the system chooses. Resolves when the directory has been asked. */
  async join(name: Name, door: 'usual' | 'other' = 'usual'): Promise<Person> {
    const { lab } = this;
    this.connections.of(lab.endpoint(name).address);
    let person: Person | null = null;
    const role = this.start(name, 'client', (context) => {
      const port = door === 'usual' ? lab.endpoint(name).port : 0;
      person = new Person(context, { name, port, directory: lab.endpoint('directory'), lifetime: lab.number('lifetime'), remember: lab.flag('remember') });
      return person.run();
    });
    // A role's program is begun before role() returns.
    const joined = must<Person>(person, `the program of ${name}`);
    this.keep(name, { role, person: joined });
    await Promise.race([joined.entered, role.ended]);
    return joined;
  }

  /** The running process of a person; null when there is none. */
  find(name: Name): Person | null {
    return this.running(name)?.person ?? null;
  }

  /** Ends a person's process at once: nobody is told. False when it is not there. */
  crash(name: Name): boolean {
    const running = this.running(name);
    running?.role.kill();
    return running !== null;
  }

  async leave(name: Name): Promise<void> {
    const running = this.running(name);
    await running?.person?.leave();
    await running?.role.ended;
  }

  private start(name: string, kind: 'client' | 'server', program: (role: RoleContext) => Promise<void>): RunningRole {
    const before = this.started.get(name)?.length ?? 0;
    return this.lab.role({ id: before === 0 ? name : `${name}-${before + 1}`, host: name, kind }, plainly(program));
  }

  private keep(name: string, process: Process): void {
    this.started.set(name, [...(this.started.get(name) ?? []), process]);
  }

  private running(name: string): Process | null {
    return this.started.get(name)?.findLast(({ role }) => this.lab.running(role.id) !== null) ?? null;
  }
}

/** The town of a run. */
const towns = perRun<{ town: Town | null }>(() => ({ town: null }));

export function townOf(lab: LabContext): Town {
  const kept = towns(lab);
  kept.town ??= new Town(lab);
  return kept.town;
}
