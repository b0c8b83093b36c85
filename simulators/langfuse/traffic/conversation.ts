import type { SeedObservation, SeedScore, SeedTrace } from '../writes/seed.js';
import { plotOf, type PlotTurn } from './plots.js';
import type { SamplePractice } from './practices.js';
import type { SeededRandom } from './random.js';

/** One turn as a trace; it can be seen once its last observation has ended. */
export interface SeedTurn {
  readonly trace: SeedTrace;
  readonly endMs: number;
  readonly score: SeedScore | null;
}

const writes = ['confirm_booking', 'reschedule', 'cancel', 'hold_slots'];

/** A caller's conversation from its first word on: one session, one trace a turn (langfuse.md 13). */
export function conversation(
  practice: SamplePractice,
  random: SeededRandom,
  startMs: number,
): readonly SeedTurn[] {
  const channel = random.weighted({ voice: 64, chat: 36 });
  const language = random.weighted(practice.languages);
  const plot = plotOf(random, random.pick(practice.locations));
  const id = random.hex(16);
  const caller = `caller-${practice.project.publicKey.slice(6, 8)}${String(random.between(1, practice.callers)).padStart(4, '0')}`;
  const model = random.weighted(practice.models);
  // An older release of the agent sends no session: such turns are grouped by caller and time.
  const olderAgent = random.chance(0.04);
  let nowMs = startMs;
  let heardTokens = 0;
  return plot.turns.map((turn, index) => {
    const isLast = index === plot.turns.length - 1;
    const traceId = `turn-${id}-${index + 1}`;
    const steps = stepsOf(turn, {
      random,
      traceId,
      model,
      startMs: nowMs,
      heardTokens,
      fails: plot.outcome === 'failed' && isLast,
    });
    const endMs = steps.endMs;
    heardTokens += 60 + turn.caller.length + turn.agent.length;
    const trace: SeedTrace = {
      id: traceId,
      timestampMs: nowMs,
      name: 'conversation turn',
      ...(!olderAgent && { sessionId: `conversation-${id}` }),
      userId: caller,
      environment: 'production',
      release: olderAgent ? 'agent-0.9' : 'agent-1.4',
      tags: [channel, language, ...(isLast ? [`outcome:${plot.outcome}`] : [])],
      input: { text: turn.caller },
      output: { text: turn.agent },
      metadata: { channel, turn: index + 1 },
      observations: steps.observations,
    };
    // People speak for a while, and chat leaves longer gaps.
    nowMs = endMs + (channel === 'voice' ? random.between(2_500, 9_000) : random.between(8_000, 140_000));
    const score: SeedScore | null =
      isLast && !olderAgent
        ? {
            id: `outcome-${id}`,
            name: 'outcome',
            dataType: 'CATEGORICAL',
            stringValue: plot.outcome,
            traceId,
            environment: 'production',
            timestampMs: endMs,
          }
        : null;
    return { trace, endMs, score };
  });
}

interface Around {
  readonly random: SeededRandom;
  readonly traceId: string;
  readonly model: string;
  readonly startMs: number;
  /** Tokens of what was said before. */
  readonly heardTokens: number;
  readonly fails: boolean;
}

/** Model step, tool, model step, … and the last step speaks. */
function stepsOf(
  turn: PlotTurn,
  around: Around,
): { readonly observations: readonly SeedObservation[]; readonly endMs: number } {
  const { random, traceId } = around;
  const observations: SeedObservation[] = [];
  let nowMs = around.startMs + random.between(5, 40);
  for (let index = 0; index <= turn.tools.length; index += 1) {
    const tool = turn.tools[index];
    const step = generation(around, observations.length, nowMs, tool, turn.agent);
    observations.push(step);
    nowMs = (step.endMs ?? nowMs) + random.between(3, 30);
    if (tool === undefined) break;
    const call = toolCall(around, `${traceId}-${observations.length}`, nowMs, tool);
    observations.push(call);
    nowMs = (call.endMs ?? nowMs) + random.between(3, 30);
  }
  return { observations, endMs: nowMs };
}

const modelParameters = { max_tokens: 1_024 };

/** Tokens of system text and tools: written to the cache by the first step, read from it afterwards. */
const cachedTokens = 5_200;

function generation(
  { random, traceId, model, heardTokens }: Around,
  number: number,
  startMs: number,
  tool: string | undefined,
  said: string,
): SeedObservation {
  const output =
    tool === undefined ? Math.ceil(said.length / 3.6) + random.between(30, 70) : random.between(60, 140);
  const ttftMs = Math.round(320 + random.next() ** 3 * 2_400);
  const overloaded = random.chance(0.004);
  const warm = number > 0 || heardTokens > 0;
  const anthropic = model.startsWith('claude');
  const input = 90 + heardTokens + number * 160;
  return {
    id: `${traceId}-${number}`,
    type: 'GENERATION',
    name: 'model step',
    startMs,
    completionStartMs: overloaded ? undefined : startMs + ttftMs,
    endMs: startMs + ttftMs + (overloaded ? 900 : output * random.between(9, 16)),
    model,
    modelParameters,
    promptName: 'receptionist',
    promptVersion: 1,
    input: { step: number + 1 },
    ...(overloaded
      ? { level: 'ERROR' as const, statusMessage: '529 overloaded_error' }
      : {
          output: tool === undefined ? { say: said } : { tool },
          usageDetails: anthropic
            ? {
                input,
                output,
                cache_read_input_tokens: warm ? cachedTokens : 0,
                cache_creation_input_tokens: warm ? 0 : cachedTokens,
              }
            : { input: input + cachedTokens, output },
        }),
  };
}

function toolCall({ random, fails }: Around, id: string, startMs: number, tool: string): SeedObservation {
  const slow = writes.includes(tool);
  const durationMs = Math.round((slow ? 900 : 260) * (0.6 + random.next() ** 2 * 3));
  const fault = fails
    ? 'OutcomeUnknown: the practice system did not say whether it booked'
    : toolFault(random, tool);
  return {
    id,
    type: 'TOOL',
    name: tool,
    startMs,
    endMs: startMs + (fails ? 45_000 : durationMs),
    input: { tool },
    ...(fault === null
      ? { output: { ok: true } }
      : { level: 'ERROR' as const, statusMessage: fault, output: { ok: false } }),
  };
}

function toolFault(random: SeededRandom, tool: string): string | null {
  if (!random.chance(0.018)) return null;
  return tool === 'hold_slots' || tool === 'confirm_booking'
    ? 'SlotTaken: someone else has this slot'
    : 'Cloud9Throttled: the practice system asks us to slow down';
}
