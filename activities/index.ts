import { createClaudeActivities, type ClaudeActivities, type ClaudeDeps } from './claude/index.js';
import { createCloud9Activities, type Cloud9Activities, type Cloud9Deps } from './cloud9/index.js';
import type { Store } from '../platform/store/store.js';
import { createStoreActivities, type StoreActivities } from './store/index.js';

/** Every activity of the product; workflows know this type only. */
export type Activities = ClaudeActivities & Cloud9Activities & StoreActivities;

/** Builds all activities. Throws when two groups use one name, which a spread would hide (temporal.md 16). */
export function createActivities(deps: ClaudeDeps & Cloud9Deps & { readonly store: Store }): Activities {
  return mergeGroups(createClaudeActivities(deps), createCloud9Activities(deps), createStoreActivities(deps));
}

function mergeGroups(claude: ClaudeActivities, cloud9: Cloud9Activities, store: StoreActivities): Activities {
  const names = [claude, cloud9, store].flatMap((group) => Object.keys(group));
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) throw new Error(`Two activity groups define: ${twice.join(', ')}.`);
  return { ...claude, ...cloud9, ...store };
}
