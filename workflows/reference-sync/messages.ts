import type { ReferenceKind } from '../../domain/reference/reference-data.js';
import type { Environment } from '../../domain/tenant.js';

/** The workflow type; a stored history and every schedule name it, so it never changes. */
export const referenceSyncType = 'referenceSync';

export interface ReferenceSyncOrder {
  readonly tenantId: string;
  readonly environment: Environment;
  /** A person has said that most records may be gone: without it such an answer is taken as broken. */
  readonly acceptLoss: boolean;
}

/** What became of one kind. All but `synced` leave what was known as it was. */
export type KindResult =
  | {
      readonly kind: ReferenceKind;
      readonly result: 'synced';
      readonly added: number;
      readonly changed: number;
      readonly removed: number;
    }
  | {
      readonly kind: ReferenceKind;
      readonly result: 'suspicious' | 'overtaken' | 'throttled' | 'unavailable' | 'notConfigured';
    };

/** `partial`: some kinds were synced and others kept. */
export interface ReferenceSyncOutcome {
  readonly outcome: 'synced' | 'partial' | 'kept';
  readonly kinds: readonly KindResult[];
}
