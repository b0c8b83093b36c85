import type { Environment } from '../../domain/tenant.js';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import { Conflict } from './errors.js';

export interface DeskOrderRow {
  readonly tenantId: string;
  readonly environment: Environment;
  /** Derived from operation and idempotency key: the same key is the same order. */
  readonly orderId: string;
  readonly operation: string;
  readonly requestHash: string;
  readonly isTest: boolean;
  readonly actorUserId: string;
}

export interface KeptDeskOrder {
  readonly operation: string;
  readonly requestHash: string;
  /** Null before the order has ended. */
  readonly result: unknown;
}

/** Writes that people ordered over the API: what an idempotency key stands for, and what came of it. */
export interface DeskOrders {
  /** Idempotent. Gives the result of an order that has ended, null before. Throws Conflict when the key stands for another body. */
  begin(order: DeskOrderRow): Promise<{ readonly result: unknown }>;
  /** What is kept of an order; undefined for one that was never begun. */
  find(tenantId: string, environment: Environment, orderId: string): Promise<KeptDeskOrder | undefined>;
  /** Null before the order has ended. */
  result(tenantId: string, orderId: string): Promise<unknown>;
  /** The first result stays. */
  settle(tenantId: string, orderId: string, result: unknown): Promise<void>;
}

export const createDeskOrders = ({ kysely }: Database, clock: Clock): DeskOrders => ({
  begin: async (order) => {
    await kysely
      .insertInto('desk_orders')
      .values({
        tenant_id: order.tenantId,
        order_id: order.orderId,
        environment: order.environment,
        operation: order.operation,
        request_hash: order.requestHash,
        is_test: order.isTest ? 1 : 0,
        actor_user_id: order.actorUserId,
        result_json: null,
        created_at_ms: clock.nowMs(),
        settled_at_ms: null,
      })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'order_id']).doNothing())
      .execute();
    const row = await kysely
      .selectFrom('desk_orders')
      .select(['request_hash', 'result_json'])
      .where('tenant_id', '=', order.tenantId)
      .where('order_id', '=', order.orderId)
      .executeTakeFirstOrThrow();
    if (row.request_hash !== order.requestHash)
      throw new Conflict('This Idempotency-Key was used for another request.');
    return { result: row.result_json === null ? null : (JSON.parse(row.result_json) as unknown) };
  },
  find: async (tenantId, environment, orderId) => {
    const row = await kysely
      .selectFrom('desk_orders')
      .select(['operation', 'request_hash', 'result_json'])
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('order_id', '=', orderId)
      .executeTakeFirst();
    return (
      row && {
        operation: row.operation,
        requestHash: row.request_hash,
        result: row.result_json === null ? null : (JSON.parse(row.result_json) as unknown),
      }
    );
  },
  result: async (tenantId, orderId) => {
    const row = await kysely
      .selectFrom('desk_orders')
      .select('result_json')
      .where('tenant_id', '=', tenantId)
      .where('order_id', '=', orderId)
      .executeTakeFirst();
    return row === undefined || row.result_json === null ? null : (JSON.parse(row.result_json) as unknown);
  },
  settle: async (tenantId, orderId, result) => {
    await kysely
      .updateTable('desk_orders')
      .set({ result_json: JSON.stringify(result), settled_at_ms: clock.nowMs() })
      .where('tenant_id', '=', tenantId)
      .where('order_id', '=', orderId)
      .where('result_json', 'is', null)
      .execute();
  },
});
