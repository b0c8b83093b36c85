import { AsyncLocalStorage } from 'node:async_hooks';

/** What all log lines of one piece of work have in common. */
export interface LogContext {
  /** The workflow id, as soon as it is known; before that, an id of the request. */
  readonly correlationId: string;
  readonly tenantId?: string;
}

const current = new AsyncLocalStorage<{ fields: LogContext }>();

/** Every line that is logged within `work`, however deep, carries these fields. */
export const withLogContext = <T>(fields: LogContext, work: () => T): T => current.run({ fields }, work);

/** Changes the fields of the work at hand from now on; nothing happens outside of one. */
export function refineLogContext(fields: Partial<LogContext>): void {
  const context = current.getStore();
  if (context) context.fields = { ...context.fields, ...fields };
}

/** The fields of the work at hand; nothing outside of one. */
export const logContext = (): LogContext | undefined => current.getStore()?.fields;
