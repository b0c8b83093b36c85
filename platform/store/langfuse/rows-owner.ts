import type { ReadApi } from '../../../domain/langfuse/rows.js';
import type { Environment } from '../../../domain/tenant.js';

/** Where rows came from and whose they are. */
export interface RowsOwner {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly configId: string;
  /** The walk that saw them; null outside of a window. */
  readonly windowId: string | null;
  readonly api: ReadApi;
}
