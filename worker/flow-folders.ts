import { errorsOf } from '../domain/flows/flow-problem.js';
import { readFlows } from '../domain/flows/read-flows.js';
import { keepArtifact } from '../platform/flow-artifacts.js';
import type { Services } from '../platform/services.js';

/**
 * Registers the flows of every practice's `nodered/` as they are at start, so that they can be deployed. A file that would not run is named in
 * the log and left out: it must not keep conversations from being answered.
 */
export async function takeInFlowFolders(services: Services): Promise<void> {
  const { tenants, loggers } = services;
  for (const { slug } of tenants.list().filter(({ active }) => active)) {
    for (const { name, text } of await tenants.flowFiles(slug)) {
      const read = readFlows(text);
      const kept =
        read.kind === 'unreadable'
          ? ({ kind: 'invalid', problems: read.problems } as const)
          : await keepArtifact(services, slug, {
              name,
              origin: 'folder',
              flows: read.flows,
              registeredBy: 'system',
            });
      if (kept.kind === 'invalid') {
        const problems = errorsOf(kept.problems).map(({ reason }) => reason);
        loggers.log.error('flows of a folder would not run', { tenantId: slug, file: name, problems });
      } else if (kept.isNew) {
        const { hash } = kept.artifact;
        loggers.log.info('flows of a folder registered', { tenantId: slug, file: name, hash });
      }
    }
  }
}
