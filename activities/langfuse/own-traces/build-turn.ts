import type { Masker } from '../../../domain/own-traces/mask.js';
import { ownEnvironmentOf } from '../../../domain/own-traces/own-environment.js';
import type { ConversationRow } from '../../../platform/store/conversations.js';
import type { TranscriptEntry } from '../../../platform/store/transcript.js';
import { ownIds } from './ids.js';
import type { OwnObservation } from './own-event.js';
import type { RecordedStep, RecordedTurn } from './turns.js';
import { usageOf } from './usage.js';

type Block = Readonly<Record<string, unknown>>;

const blocksOf = ({ content }: TranscriptEntry, type: string): readonly Block[] =>
  (content as readonly Block[]).filter((block) => block['type'] === type);

/** What two observations of a turn differ in. */
type Own = Pick<OwnObservation, 'kind' | 'parentId' | 'name' | 'startMs' | 'endMs'> &
  Partial<Pick<OwnObservation, 'level' | 'statusMessage' | 'model' | 'usage' | 'costUsd' | 'metadata'>> & {
    readonly step: readonly (string | number)[];
    readonly input?: unknown;
    readonly output?: unknown;
  };

/**
 * The observations of one turn, from stored rows alone: the turn itself, one generation per call of the model, one tool observation per
 * call of a tool. `all` is the whole transcript: a tool may be answered in the turn after.
 */
export function buildTurn(
  conversation: ConversationRow,
  { turn, entries, steps }: RecordedTurn,
  all: readonly TranscriptEntry[],
  masked: Masker,
): readonly OwnObservation[] {
  const { tenantId, conversationId, environment, channel, language, isTest } = conversation;
  const ids = ownIds(tenantId, conversationId);
  const root = ids.observation(turn, 'turn');
  const build = ({ step, kind, input, output, ...own }: Own): OwnObservation =>
    withinSize({
      eventId: ids.event(turn, ...step),
      kind,
      turn,
      observationId: ids.observation(turn, ...step),
      traceId: ids.trace(turn),
      traceName: 'booking turn',
      sessionId: conversationId,
      // A keyed pseudonym of the number, never the number.
      userId: conversation.callerNumberHash,
      tags: ['chairside', `channel:${channel}`, `language:${language}`, ...(isTest ? ['test'] : [])],
      environment: ownEnvironmentOf(environment),
      level: 'DEFAULT',
      statusMessage: null,
      model: null,
      usage: null,
      costUsd: null,
      metadata: {},
      ...own,
      ...kept('input', masked(input)),
      ...kept('output', masked(output)),
    });

  const generations = steps.map((step) => build(generationOf(step, entries, root)));
  const tools = entries
    .filter(({ role }) => role === 'model')
    .flatMap((entry) => blocksOf(entry, 'tool_use').map((call) => build(toolOf(entry, call, all, root))));
  const times = [
    ...entries.map(({ createdAtMs }) => createdAtMs),
    ...generations.flatMap(({ startMs, endMs }) => [startMs, endMs]),
  ];
  const heard = entries.findLast(({ delivered, say }) => delivered && say !== null);
  const inner = [...generations, ...tools];
  return [
    build({
      step: ['turn'],
      kind: 'turn',
      parentId: null,
      name: 'turn',
      startMs: Math.min(...times),
      endMs: Math.max(...times),
      level: inner.some(({ level }) => level === 'ERROR') ? 'WARNING' : 'DEFAULT',
      input: entries.flatMap(({ messages }) => messages.map(({ text }) => text)).join('\n'),
      output: heard?.say,
      metadata: {
        turn,
        channel,
        language,
        promptBundle: entries[0]?.promptBundle ?? steps[0]?.promptBundle ?? '',
        wordsBy: heard === undefined ? 'nobody' : heard.role === 'model' ? 'model' : 'code',
      },
    }),
    ...inner,
  ];
}

/** Absent rather than null: Langfuse reads null as a value. */
const kept = (key: string, value: unknown): object =>
  value === undefined || value === null || value === '' ? {} : { [key]: value };

/**
 * One paid call of the model. A step whose call failed or was made twice has a row for each, and so a generation for each: the sum of their
 * costs is what was paid. `attempt` is part of the stored row, not of whoever submits it.
 */
function generationOf(step: RecordedStep, entries: readonly TranscriptEntry[], root: string): Own {
  const { stepId, attempt, outcome, createdAtMs, latencyMs, costPicoUsd } = step;
  const told = entries.find(({ entryId }) => entryId === `${stepId}.caller`);
  const answer =
    outcome === 'answered' ? entries.find(({ entryId }) => entryId === `${stepId}.model`) : undefined;
  const [level, statusMessage] =
    outcome === 'failed'
      ? (['ERROR', 'the model did not answer'] as const)
      : outcome === 'aborted'
        ? (['WARNING', 'broken off'] as const)
        : answer?.delivered === false
          ? (['WARNING', 'not delivered to the caller'] as const)
          : (['DEFAULT', null] as const);
  return {
    step: ['model', stepId, attempt],
    kind: 'generation',
    parentId: root,
    name: 'model step',
    startMs: createdAtMs - latencyMs,
    endMs: createdAtMs,
    level,
    statusMessage,
    model: step.model,
    usage: usageOf(step.usage),
    costUsd: costPicoUsd === null ? null : Number(costPicoUsd) / 1e12,
    input: told?.content,
    output: answer?.content,
    metadata: {
      step: stepId,
      attempt,
      backend: step.backend,
      promptBundle: step.promptBundle,
      ...(step.stopReason === null ? {} : { stopReason: step.stopReason }),
      ...(step.requestId === null ? {} : { requestId: step.requestId }),
    },
  };
}

/** A call of a tool, from the answer that asked for it to the entry with its result: single calls of a step are not timed. */
function toolOf(entry: TranscriptEntry, call: Block, all: readonly TranscriptEntry[], root: string): Own {
  const id = String(call['id']);
  for (const later of all) {
    if (later.seq <= entry.seq || later.role !== 'caller') continue;
    const result = blocksOf(later, 'tool_result').find((block) => block['tool_use_id'] === id);
    if (!result) continue;
    const answer = parsed(result['content']);
    const code = (answer as { readonly error?: { readonly code?: unknown } } | null)?.error?.code;
    const failed = result['is_error'] === true;
    return {
      step: ['tool', id],
      kind: 'tool',
      parentId: root,
      name: String(call['name']),
      startMs: entry.createdAtMs,
      endMs: later.createdAtMs,
      // The agent was told and went on: no fault of the conversation.
      level: failed ? 'WARNING' : 'DEFAULT',
      statusMessage: failed && typeof code === 'string' ? code : null,
      input: call['input'],
      output: answer,
    };
  }
  return {
    step: ['tool', id],
    kind: 'tool',
    parentId: root,
    name: String(call['name']),
    startMs: entry.createdAtMs,
    endMs: entry.createdAtMs,
    level: 'WARNING',
    statusMessage: 'not_executed',
    input: call['input'],
  };
}

/** The content of a tool result is JSON of a ToolAnswer. */
export function parsed(content: unknown): unknown {
  if (typeof content !== 'string') return content;
  try {
    return JSON.parse(content) as unknown;
  } catch {
    return content;
  }
}

/** Langfuse's own clients drop the texts of larger events altogether (langfuse.md 9). */
const mostBytes = 1_000_000;
const cutBytes = 200_000;

/** Cuts texts that would make an event too large for the server; the rest of it still counts. */
function withinSize(observation: OwnObservation): OwnObservation {
  const bytes = Buffer.byteLength(JSON.stringify(observation));
  if (bytes <= mostBytes) return observation;
  const cut = (value: unknown): unknown => {
    if (value === undefined) return undefined;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const buffer = Buffer.from(text);
    if (buffer.length <= cutBytes) return value;
    // A character that the cut goes through becomes a replacement sign.
    return `${buffer.subarray(0, cutBytes).toString('utf8')} [cut, ${buffer.length} bytes]`;
  };
  const { input, output, ...rest } = observation;
  return { ...rest, ...kept('input', cut(input)), ...kept('output', cut(output)) };
}
