import { createAlertActivities, type AlertActivities, type AlertDeps } from './alerts/index.js';
import { createClaudeActivities, type ClaudeActivities, type ClaudeDeps } from './claude/index.js';
import { createCloud9Activities, type Cloud9Activities, type Cloud9Deps } from './cloud9/index.js';
import { createNodeRedActivities, type NodeRedActivities, type NodeRedDeps } from './node-red/index.js';
import { createLangfuseActivities, type LangfuseActivities, type LangfuseDeps } from './langfuse/index.js';
import type { Store } from '../platform/store/store.js';
import { createStoreActivities, type StoreActivities } from './store/index.js';

/** Every activity of the product; workflows know this type only. */
export type Activities = AlertActivities &
  ClaudeActivities &
  Cloud9Activities &
  LangfuseActivities &
  NodeRedActivities &
  StoreActivities;

/** Builds all activities. Throws when two groups use one name, which a spread would hide (temporal.md 16). */
export function createActivities(
  deps: AlertDeps & ClaudeDeps & Cloud9Deps & LangfuseDeps & NodeRedDeps & { readonly store: Store },
): Activities {
  const alerts = createAlertActivities(deps);
  const claude = createClaudeActivities(deps);
  const cloud9 = createCloud9Activities(deps);
  const langfuse = createLangfuseActivities(deps);
  const nodeRed = createNodeRedActivities(deps);
  const store = createStoreActivities(deps);
  const names = [alerts, claude, cloud9, langfuse, nodeRed, store].flatMap((group) => Object.keys(group));
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) throw new Error(`Two activity groups define: ${twice.join(', ')}.`);
  return { ...alerts, ...claude, ...cloud9, ...langfuse, ...nodeRed, ...store };
}
