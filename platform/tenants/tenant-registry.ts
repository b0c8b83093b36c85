import type { ToolName } from '../../domain/agent/tools.js';
import type { Language, Tenant } from '../../domain/tenant.js';

interface PromptTexts {
  readonly system: string;
  readonly tools: Readonly<Record<ToolName, string>>;
}

/** The texts of a prompt bundle as they stand in `tenants/<slug>/v1/`: those for every language, and those that a language has of its own. */
export interface PromptFiles extends PromptTexts {
  readonly languages?: Readonly<Partial<Record<Language, Partial<PromptTexts>>>>;
}

/** A file of Node-RED flows, unread. */
export interface FlowFile {
  /** Without its ending. */
  readonly name: string;
  readonly text: string;
}

/** The practices that this installation serves, as their files say. */
export interface TenantRegistry {
  get(slug: string): Tenant | undefined;
  list(): readonly Tenant[];
  /** Throws when the slug is unknown. */
  promptFiles(slug: string): Promise<PromptFiles>;
  /** The files of `nodered/`, sorted by name; none when there is no such folder. */
  flowFiles(slug: string): Promise<readonly FlowFile[]>;
}
