import { probes } from '../options.js';
import type { LangfuseAddress, ProbeReport } from './messages.js';

/** Asks a Langfuse server what it can do while somebody waits. Fails with the type of what went wrong. */
export const langfuseProbe = ({ tenantId, configId }: LangfuseAddress): Promise<ProbeReport> =>
  probes.probeLangfuse({ tenantId, configId, urgency: 'interactive' });
