import type { ToolName } from '../../domain/agent/tools.js';
import type { Tenant } from '../../domain/tenant.js';

/** The texts of a prompt bundle as they stand in `tenants/<slug>/v1/`. */
export interface PromptFiles {
  readonly system: string;
  readonly tools: Readonly<Record<ToolName, string>>;
}

/** The practices that this installation serves, as their files say. */
export interface TenantRegistry {
  get(slug: string): Tenant | undefined;
  list(): readonly Tenant[];
  /** Throws when the slug is unknown. */
  promptFiles(slug: string): Promise<PromptFiles>;
}
