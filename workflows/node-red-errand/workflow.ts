import { nodeRedErrands, store } from '../options.js';
import { upsertSearchAttributes } from '@temporalio/workflow';
import { searchAttributes } from '../../domain/search-attributes.js';
import type { ErrandResult, NodeRedErrand } from './messages.js';

/** Does one thing at every instance of a target. What cannot be reached is said in the result; nothing on the instances changes. */
export async function nodeRedErrand(errand: NodeRedErrand): Promise<ErrandResult> {
  const { tenantId, environment, targetId, kind, actor } = errand;
  const at = { tenantId, environment, targetId };
  const { instances } = await store.instancesOf(at);
  let result: ErrandResult = { tests: [], backups: [], drift: [] };
  for (const instance of instances) {
    switch (kind) {
      case 'test':
        result = {
          ...result,
          tests: [...result.tests, await nodeRedErrands.testInstance({ ...at, instance })],
        };
        break;
      case 'backup':
        result = {
          ...result,
          backups: [...result.backups, await nodeRedErrands.takeBackup({ ...at, instance, actor })],
        };
        break;
      case 'drift':
        result = {
          ...result,
          drift: [...result.drift, await nodeRedErrands.checkDrift({ ...at, instance })],
        };
        break;
    }
  }
  upsertSearchAttributes([{ key: searchAttributes.outcome, value: 'done' }]);
  return result;
}
