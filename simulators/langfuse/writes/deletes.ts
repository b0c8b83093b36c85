import { z } from 'zod';
import { recordedIssues } from '../issues.js';
import { invalidData, json, text, type Answer } from '../answer.js';
import type { Call, Route } from '../routes/route.js';
import { delaysOf } from './visibility.js';

/** Asynchronous and without tombstones: unknown ids are 200 as well (langfuse.md 5). */
function remove({ simulation, project: { store }, nowMs }: Call, ids: readonly string[]): void {
  store.later(nowMs + delaysOf(simulation.switches).delete, () => {
    for (const id of ids) store.removeTrace(id);
  });
}

function deleteTrace(call: Call): Answer {
  remove(call, call.parts);
  return json(200, { message: 'Trace deleted successfully' });
}

const manyBody = z.object({ traceIds: z.array(z.string()).min(1).max(1_000) });

function deleteTraces(call: Call): Answer {
  let given: unknown;
  try {
    given = JSON.parse(call.body.toString('utf8'));
  } catch {
    return text(400, 'Invalid JSON');
  }
  const body = manyBody.safeParse(given);
  if (!body.success) throw invalidData(recordedIssues(body.error.issues));
  remove(call, body.data.traceIds);
  return json(200, { message: 'Traces deleted successfully' });
}

export const deleteRoutes: readonly Route[] = [
  { method: 'DELETE', pattern: '/traces/*', bucket: 'delete', deprecated: null, handle: deleteTrace },
  { method: 'DELETE', pattern: '/traces', bucket: 'delete', deprecated: null, handle: deleteTraces },
];
