import {
  ActivityFailure,
  ApplicationFailure,
  setCurrentDetails,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { FailureType } from '../../domain/failures.js';
import { referenceKinds, type ReferenceKind } from '../../domain/reference/reference-data.js';
import { searchAttributes } from '../../domain/search-attributes.js';
import { background, store } from '../options.js';
import type { KindResult, ReferenceSyncOrder, ReferenceSyncOutcome } from './messages.js';

/**
 * Reads the reference data of one practice into our store, kind by kind. Always ends in a named outcome; a kind that cannot be had keeps
 * what was known and does not keep the others from being read.
 */
export async function referenceSync(order: ReferenceSyncOrder): Promise<ReferenceSyncOutcome> {
  const kinds: KindResult[] = [];
  for (const kind of referenceKinds) {
    kinds.push(await syncKind(order, kind));
    setCurrentDetails(kinds.map((done) => `- ${done.kind}: ${done.result}`).join('\n'));
  }
  const synced = kinds.filter(({ result }) => result === 'synced' || result === 'overtaken').length;
  const outcome = synced === kinds.length ? 'synced' : synced > 0 ? 'partial' : 'kept';
  upsertSearchAttributes([{ key: searchAttributes.outcome, value: outcome }]);
  return { outcome, kinds };
}

async function syncKind(order: ReferenceSyncOrder, kind: ReferenceKind): Promise<KindResult> {
  const { tenantId, environment, acceptLoss } = order;
  try {
    const done = await background.syncReference({ tenantId, environment, kind, acceptLoss });
    if (done.kind === 'kept') return { kind, result: keptBecause[done.why] };
    const { added, changed, removed } = done;
    return { kind, result: 'synced', added, changed, removed };
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    const result = reasonOf(error);
    await store.noteReferenceFailure({ tenantId, environment, kind, result });
    return { kind, result };
  }
}

const keptBecause = {
  older: 'overtaken',
  empty: 'suspicious',
  mostlyGone: 'suspicious',
  notConfigured: 'notConfigured',
} as const;

/** Failures that waiting cures, and those that a person must cure. */
const throttled: ReadonlySet<string> = new Set<FailureType>(['Cloud9Throttled', 'Cloud9OutsideWindow']);
const notConfigured: ReadonlySet<string> = new Set<FailureType>([
  'TenantForbidden',
  'TenantInactive',
  'Cloud9Auth',
]);

function reasonOf({ cause }: ActivityFailure): 'throttled' | 'unavailable' | 'notConfigured' {
  const type = cause instanceof ApplicationFailure ? (cause.type ?? '') : '';
  if (throttled.has(type)) return 'throttled';
  return notConfigured.has(type) ? 'notConfigured' : 'unavailable';
}
