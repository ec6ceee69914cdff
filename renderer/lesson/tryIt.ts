// The command line for the user's own program: the manifest's template with the address and port that really listen.

import { endpointsOf, hostsOf } from '../../shared/lab/hosts';
import type { EndpointSpec, LabManifest, LiveEndpoint, TryItSpec } from '../../shared/lab/manifest';

export interface Command {
  readonly id: string;
  readonly text: string;
  /** True when something listens there now. */
  readonly live: boolean;
  /** The port's well-known twin (7 for 7007), when it has one. */
  readonly wellKnown: number | null;
  readonly port: number | null;
}

export function commandOf(spec: TryItSpec, manifest: LabManifest, live: readonly LiveEndpoint[]): Command {
  const listening = live.find((endpoint) => endpoint.role === spec.endpoint);
  const planned: EndpointSpec | undefined = endpointsOf(manifest).find((endpoint) => endpoint.role === spec.endpoint);
  const address = listening?.address ?? hostsOf(manifest).find((host) => host.id === planned?.host)?.address ?? '127.0.0.1';
  const port = listening?.port ?? planned?.port ?? null;
  return {
    id: spec.id,
    text: spec.command.replaceAll('{address}', address).replaceAll('{port}', String(port ?? '')),
    live: listening !== undefined || spec.endpoint === '',
    wellKnown: planned?.wellKnown ?? null,
    port,
  };
}
