import type { Selectable } from 'kysely';
import type {
  DeploymentOptions,
  DeploymentOutcome,
  DeploymentSource,
  DeploymentStatus,
} from '../../domain/deployment/deployment.js';
import type { Environment } from '../../domain/tenant.js';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Schema } from '../database/schema.js';
import { Conflict } from './errors.js';
import { behind, decodeCursor, pageOf, type Page, type PageRequest } from './page.js';

export interface DeploymentRequest {
  readonly source: DeploymentSource;
  readonly options: DeploymentOptions;
  readonly reason: string;
}

export interface FlowDeployment {
  readonly tenantId: string;
  readonly deploymentId: string;
  readonly environment: Environment;
  readonly targetId: string;
  readonly request: DeploymentRequest;
  readonly status: DeploymentStatus;
  readonly outcome: DeploymentOutcome | null;
  /** The outcome in words, with what to do. */
  readonly detail: string | null;
  /** Plans by instance, as hashes of documents; null before there are any. */
  readonly plans: readonly { readonly instance: string; readonly hash: string }[] | null;
  readonly actor: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly endedAtMs: number | null;
}

export type EventPhase = 'begun' | 'done' | 'failed';

export interface DeploymentEvent {
  readonly seq: number;
  readonly step: string;
  readonly instance: string | null;
  readonly phase: EventPhase;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly atMs: number;
}

/** Deployments and the steps that they took. */
export interface FlowDeployments {
  /** Idempotent by id; gives the row that stands. Throws Conflict when the id belongs to another request. */
  open(
    deployment: Pick<
      FlowDeployment,
      'tenantId' | 'deploymentId' | 'environment' | 'targetId' | 'request' | 'actor'
    > & { readonly requestHash: string },
  ): Promise<FlowDeployment>;
  get(tenantId: string, environment: Environment, deploymentId: string): Promise<FlowDeployment | undefined>;
  list(
    tenantId: string,
    environment: Environment,
    filter: { readonly targetId?: string | undefined },
    page: PageRequest,
  ): Promise<Page<FlowDeployment>>;
  /** An ended deployment never changes again. */
  update(
    tenantId: string,
    deploymentId: string,
    patch: {
      readonly status?: DeploymentStatus;
      readonly plans?: FlowDeployment['plans'];
      readonly outcome?: DeploymentOutcome;
      readonly detail?: string;
    },
  ): Promise<void>;
  /** Adds a step; the same event id again changes nothing. */
  note(
    tenantId: string,
    deploymentId: string,
    event: Pick<DeploymentEvent, 'step' | 'instance' | 'phase' | 'detail'> & { readonly eventId: string },
  ): Promise<void>;
  events(tenantId: string, deploymentId: string, afterSeq: number): Promise<readonly DeploymentEvent[]>;
}

export function createFlowDeployments(database: Database, clock: Clock): FlowDeployments {
  const { kysely } = database;
  return {
    open: async ({ tenantId, deploymentId, environment, targetId, request, requestHash, actor }) => {
      const now = clock.nowMs();
      await kysely
        .insertInto('flow_deployments')
        .values({
          tenant_id: tenantId,
          deployment_id: deploymentId,
          environment,
          target_id: targetId,
          request_hash: requestHash,
          request_json: JSON.stringify(request),
          status: 'queued',
          outcome: null,
          detail: null,
          plan_json: null,
          actor,
          created_at_ms: now,
          updated_at_ms: now,
          ended_at_ms: null,
        })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'deployment_id']).doNothing())
        .execute();
      const row = await kysely
        .selectFrom('flow_deployments')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('deployment_id', '=', deploymentId)
        .executeTakeFirstOrThrow();
      if (row.request_hash !== requestHash || row.environment !== environment)
        throw new Conflict('This key stands for another request.');
      return fromRow(row);
    },
    get: async (tenantId, environment, deploymentId) => {
      const row = await kysely
        .selectFrom('flow_deployments')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment)
        .where('deployment_id', '=', deploymentId)
        .executeTakeFirst();
      return row && fromRow(row);
    },
    list: async (tenantId, environment, { targetId }, page) => {
      const after = decodeCursor(page.cursor);
      let query = kysely
        .selectFrom('flow_deployments')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment);
      if (targetId !== undefined) query = query.where('target_id', '=', targetId);
      if (after) query = query.where(behind(after, 'created_at_ms', 'deployment_id'));
      const rows = await query
        .orderBy('created_at_ms', 'desc')
        .orderBy('deployment_id', 'desc')
        .limit(page.limit + 1)
        .execute();
      return pageOf(rows.map(fromRow), page.limit, (row) => ({
        atMs: row.createdAtMs,
        id: row.deploymentId,
      }));
    },
    update: async (tenantId, deploymentId, { status, plans, outcome, detail }) => {
      const now = clock.nowMs();
      await kysely
        .updateTable('flow_deployments')
        .set({
          updated_at_ms: now,
          ...(status === undefined ? {} : { status }),
          ...(plans === undefined ? {} : { plan_json: JSON.stringify(plans) }),
          ...(detail === undefined ? {} : { detail }),
          ...(outcome === undefined ? {} : { outcome, status: 'ended', ended_at_ms: now }),
        })
        .where('tenant_id', '=', tenantId)
        .where('deployment_id', '=', deploymentId)
        .where('ended_at_ms', 'is', null)
        .execute();
    },
    note: async (tenantId, deploymentId, { eventId, step, instance, phase, detail }) => {
      await database.transaction(async (trx) => {
        const { last } = await trx
          .selectFrom('flow_deployment_events')
          .select((select) => select.fn.max<number | null>('seq').as('last'))
          .where('tenant_id', '=', tenantId)
          .where('deployment_id', '=', deploymentId)
          .executeTakeFirstOrThrow();
        await trx
          .insertInto('flow_deployment_events')
          .values({
            tenant_id: tenantId,
            deployment_id: deploymentId,
            event_id: eventId,
            seq: (last ?? 0) + 1,
            step,
            instance,
            phase,
            detail_json: JSON.stringify(detail),
            at_ms: clock.nowMs(),
          })
          .onConflict((conflict) => conflict.columns(['tenant_id', 'deployment_id', 'event_id']).doNothing())
          .execute();
      });
    },
    events: async (tenantId, deploymentId, afterSeq) => {
      const rows = await kysely
        .selectFrom('flow_deployment_events')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('deployment_id', '=', deploymentId)
        .where('seq', '>', afterSeq)
        .orderBy('seq')
        .execute();
      return rows.map((row) => ({
        seq: row.seq,
        step: row.step,
        instance: row.instance,
        phase: row.phase as EventPhase,
        detail: JSON.parse(row.detail_json) as DeploymentEvent['detail'],
        atMs: row.at_ms,
      }));
    },
  };
}

const fromRow = (row: Selectable<Schema['flow_deployments']>): FlowDeployment => ({
  tenantId: row.tenant_id,
  deploymentId: row.deployment_id,
  environment: row.environment as Environment,
  targetId: row.target_id,
  request: JSON.parse(row.request_json) as DeploymentRequest,
  status: row.status as DeploymentStatus,
  outcome: row.outcome as DeploymentOutcome | null,
  detail: row.detail,
  plans: row.plan_json === null ? null : (JSON.parse(row.plan_json) as FlowDeployment['plans']),
  actor: row.actor,
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
  endedAtMs: row.ended_at_ms,
});
