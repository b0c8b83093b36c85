import { modeInWords, type ServerMode } from '../../domain/langfuse/server-mode.js';
import type { Urgency } from '../../domain/langfuse/rate-limits.js';
import { asLangfuseActivity, connect, apiOf, type LangfuseAddress, type LangfuseDeps } from './connection.js';
import type { LangfuseClient } from './client.js';
import { LangfuseError, type LangfuseFault } from './errors.js';
import { iso } from './reader.js';
import type { ReadApi } from '../../domain/langfuse/rows.js';

/** What a server told about itself, and what that means. */
export interface ProbeReport {
  readonly serverVersion: string;
  readonly projectId: string;
  readonly projectName: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly mode: ServerMode;
  readonly readApi: ReadApi;
  /** Sentences for the people who operate the import. */
  readonly inWords: readonly string[];
}

export interface ProbeActivities {
  /** Asks the server what it can do, and notes it. Fails as reads do. */
  readonly probeLangfuse: (input: LangfuseAddress & { readonly urgency: Urgency }) => Promise<ProbeReport>;
}

const minute = 60_000;

export const createProbeActivities = (deps: LangfuseDeps): ProbeActivities => ({
  probeLangfuse: (input) =>
    asLangfuseActivity(async (scope) => {
      const { config, client } = await connect(deps, input, input.urgency, scope);
      const { version } = (await client.health()).body;
      const serverVersion = typeof version === 'string' ? version : 'unknown';
      const project = await projectOf(client, config.projectId);
      const mode = await modeOf(client, deps.clock.nowMs());
      const noted = await deps.store.langfuseConfigs.noteFacts(config.tenantId, config.configId, {
        organizationId: project.organizationId,
        mode,
        serverVersion,
      });
      const readApi = apiOf(noted) ?? 'v1';
      return {
        serverVersion,
        ...project,
        mode,
        readApi,
        inWords: [
          `The server answers; it is version ${serverVersion}.`,
          `The keys belong to the project "${project.projectName}" of the organisation "${project.organizationName}".`,
          modeInWords[mode],
          ...(noted.readApi !== 'auto' && noted.readApi !== readApiFor(mode)
            ? [`The configuration asks for ${noted.readApi}, which this mode would not choose by itself.`]
            : []),
        ],
      };
    }),
});

const readApiFor = (mode: ServerMode): ReadApi => (mode === 'events_only' ? 'v2' : 'v1');

/** `/projects` is the one endpoint that tests keys in every mode (langfuse.md 1). */
async function projectOf(
  client: LangfuseClient,
  wanted: string | null,
): Promise<Pick<ProbeReport, 'projectId' | 'projectName' | 'organizationId' | 'organizationName'>> {
  const { data } = (await client.projects()).body;
  const rows = (Array.isArray(data) ? data : []) as readonly {
    readonly id?: unknown;
    readonly name?: unknown;
    readonly organization?: { readonly id?: unknown; readonly name?: unknown };
  }[];
  const row = rows.find(({ id }) => wanted === null || id === wanted);
  // The keys work, but for another project than the configuration says.
  if (!row && rows.length > 0) throw new LangfuseError('projects', { kind: 'forbidden' });
  if (typeof row?.id !== 'string' || typeof row.organization?.id !== 'string')
    throw new LangfuseError('projects', { kind: 'malformed', why: 'no project or no organisation' });
  const named = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    projectId: row.id,
    projectName: named(row.name),
    organizationId: row.organization.id,
    organizationName: named(row.organization.name),
  };
}

/** langfuse.md 1: v2 metrics exist where events are kept, the v1 list where first-generation tables are. */
async function modeOf(client: LangfuseClient, nowMs: number): Promise<ServerMode> {
  const range = { fromTimestamp: iso(nowMs - minute), toTimestamp: iso(nowMs) };
  const events = await serves(() =>
    client.metrics('v2', {
      view: 'observations',
      metrics: [{ measure: 'count', aggregation: 'count' }],
      dimensions: [],
      filters: [],
      ...range,
    }),
  );
  if (!events) return 'legacy';
  const tables = await serves(() =>
    client.traces({ page: 1, limit: 1, fields: 'core', orderBy: 'id.asc', ...range }),
  );
  return tables ? 'dual' : 'events_only';
}

const absent: ReadonlySet<LangfuseFault['kind']> = new Set(['mode', 'wrongHost', 'notFound']);

async function serves(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (error instanceof LangfuseError && absent.has(error.fault.kind)) return false;
    throw error;
  }
}
