// Whether a lab's servers could start: a server of the manifest that could not makes the lab pointless.

import { endpointsOf } from '../../shared/lab/hosts';
import type { LabManifest } from '../../shared/lab/manifest';
import { formatEndpoint } from '../../shared/trace/endpoint';
import type { Endpoint } from '../../shared/trace/event';
import { EngineError, reportError } from './engineError';
import type { LabRole } from './runningRole';

/** Throws EngineError, which says which server, where and why. */
export function checkServers(manifest: LabManifest, roles: ReadonlyMap<string, LabRole>, endpointOf: (role: string) => Endpoint): void {
  for (const spec of endpointsOf(manifest)) {
    const role = roles.get(spec.role);
    if (spec.optional === true || role === undefined || role.outcome !== 'failed' || role.listened) continue;
    const { code, message } = reportError(role.error);
    const at = formatEndpoint(endpointOf(spec.role));
    const why = code === 'EADDRINUSE' ? `another program has ${spec.protocol} ${at} (EADDRINUSE)` : `${spec.protocol} ${at}: ${message}`;
    throw new EngineError(code, `lab ${manifest.id}: role ${spec.role} could not start: ${why}`, `${manifest.id}, ${spec.role}, ${at}`);
  }
}
