import type { Body } from '../../../domain/langfuse/rows.js';
import type { Environment } from '../../../domain/tenant.js';
import type { Database } from '../../database/database.js';
import type { Schema } from '../../database/schema.js';
import { observationOf, traceOf } from '../langfuse/imported-columns.js';

type Trace = ReturnType<typeof traceOf>;
type Observation = ReturnType<typeof observationOf>;

/** A trace as it was imported, with all that was said. */
export interface WholeTrace {
  readonly trace: Trace;
  /** Of the trace itself; null = nothing was kept. */
  readonly body: Body | null;
  /** By their start; what the server invented for the trace is left out. */
  readonly observations: readonly (Observation & { readonly body: Body | null })[];
  readonly deleted: boolean;
}

export interface TraceReads {
  /** In the order of the ids given; unknown ones are left out. */
  whole(
    tenantId: string,
    environment: Environment,
    traceIds: readonly string[],
  ): Promise<readonly WholeTrace[]>;
  /** Traces that have this id, and traces with an observation that has it: such ids are unique within a trace only. Deleted ones, too. */
  named(
    tenantId: string,
    environment: Environment,
    id: string,
  ): Promise<{ readonly traceIds: readonly string[]; readonly observedIn: readonly string[] }>;
}

/** Agents that number their observations have one of a name in each trace. */
const mostNamesakes = 20;

const bodyOf = ({ input, output, metadata }: Schema['imported_bodies']): Body => ({
  input,
  output,
  metadata,
});

export const createTraceReads = ({ kysely }: Database): TraceReads => ({
  whole: async (tenantId, environment, traceIds) => {
    if (traceIds.length === 0) return [];
    const of = <Table extends 'imported_traces' | 'imported_observations' | 'imported_bodies'>(
      table: Table,
    ) =>
      kysely
        .selectFrom(table as 'imported_traces')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment)
        .where('trace_id', 'in', traceIds)
        .execute() as unknown as Promise<Schema[Table][]>;
    const [traces, observations, bodies] = [
      await of('imported_traces'),
      await of('imported_observations'),
      await of('imported_bodies'),
    ];
    const key = (traceId: string, observationId: string): string => `${traceId}\n${observationId}`;
    const bodyBy = new Map(bodies.map((row) => [key(row.trace_id, row.observation_id), bodyOf(row)]));
    const traceBy = new Map(traces.map((row) => [row.trace_id, row]));
    return traceIds.flatMap((traceId): WholeTrace[] => {
      const row = traceBy.get(traceId);
      if (!row) return [];
      const own = observations
        .filter((observation) => observation.trace_id === traceId && observation.synthetic === 0)
        .filter((observation) => row.deleted_at_ms !== null || observation.deleted_at_ms === null)
        .sort((a, b) => a.started_at_ms - b.started_at_ms || (a.observation_id < b.observation_id ? -1 : 1));
      return [
        {
          trace: traceOf(row),
          body: bodyBy.get(key(traceId, '')) ?? null,
          observations: own.map((observation) => ({
            ...observationOf(observation),
            body: bodyBy.get(key(traceId, observation.observation_id)) ?? null,
          })),
          deleted: row.deleted_at_ms !== null,
        },
      ];
    });
  },

  named: async (tenantId, environment, id) => {
    const traces = await kysely
      .selectFrom('imported_traces')
      .select('trace_id')
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('trace_id', '=', id)
      .execute();
    const observations = await kysely
      .selectFrom('imported_observations')
      .select('trace_id')
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('observation_id', '=', id)
      .orderBy('started_at_ms', 'desc')
      .limit(mostNamesakes)
      .execute();
    const idOf = (row: { readonly trace_id: string }): string => row.trace_id;
    return { traceIds: traces.map(idOf), observedIn: observations.map(idOf) };
  },
});
