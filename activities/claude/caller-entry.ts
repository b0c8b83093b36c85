import type { ToolAnswer } from '../../domain/agent/tools.js';
import type { Channel, Tenant } from '../../domain/tenant.js';
import { practiceDateOf, toPracticeTime, weekdayName } from '../../domain/time/practice-time.js';
import type { RawBlock } from './backend.js';
import type { WrittenEntry } from './recent-transcripts.js';
import { openToolUses, saidMeanwhile, unansweredCallerEntries } from './transcript-messages.js';

interface CallerMessage {
  readonly messageId: string;
  readonly text: string;
}

interface ToolResult {
  readonly toolUseId: string;
  /** JSON of a ToolAnswer. */
  readonly content: string;
  readonly isError: boolean;
}

export interface CallerInput {
  readonly callerMessages: readonly CallerMessage[];
  readonly toolResults: readonly ToolResult[];
  readonly notices: readonly string[];
  readonly channel: Channel;
  readonly language: 'en' | 'es';
}

/** What the model is told next, and which caller messages are in it. Without blocks there is nothing new to write. */
export interface CallerEntry {
  readonly content: readonly RawBlock[];
  readonly messages: readonly CallerMessage[];
}

/**
 * Builds the next user entry: tool results first, then the context of the conversation or a new date, notices, and the caller's words as
 * blocks of their own, so that the model does not take them for an injection (claude.md 1.2). Every open tool call is answered, since the
 * API accepts no other transcript. What the transcript holds already is not written twice: a cancelled step may have got this far.
 */
export function callerEntry(
  input: CallerInput,
  transcript: readonly WrittenEntry[],
  tenant: Tenant,
  nowMs: number,
): CallerEntry {
  const written = new Set(transcript.flatMap((entry) => entry.messages.map(({ messageId }) => messageId)));
  const messages = input.callerMessages.filter(({ messageId }) => !written.has(messageId));
  const pending = new Set(
    unansweredCallerEntries(transcript).flatMap((entry) =>
      (entry.content as readonly RawBlock[]).map((block) => block['text']),
    ),
  );
  const notices = [...saidMeanwhile(transcript), ...input.notices]
    .map(noticeOf)
    .filter((notice) => !pending.has(notice));
  return {
    messages,
    content: [
      ...openToolUses(transcript).map((id) => toolResult(id, input.toolResults)),
      ...[
        ...timeBlocks(input, transcript, tenant, nowMs),
        ...notices,
        ...messages.map(({ text }) => text),
      ].map(textBlock),
    ],
  };
}

const textBlock = (text: string): RawBlock => ({ type: 'text', text });
/** A notice that names itself, like `[caller interrupted after: "…"]` (claude.md 9), stays as it is. */
const noticeOf = (text: string): string => (text.startsWith('[') ? text : `[notice] ${text}`);

const notExecuted: ToolAnswer = {
  ok: false,
  error: { code: 'not_executed', retryable: true, say_hint: 'Not executed: the caller spoke again.' },
};

function toolResult(toolUseId: string, results: readonly ToolResult[]): RawBlock {
  const result = results.find((candidate) => candidate.toolUseId === toolUseId);
  return {
    type: 'tool_result',
    tool_use_id: toolUseId,
    content: result ? result.content : JSON.stringify(notExecuted),
    is_error: result ? result.isError : true,
  };
}

/** Volatile facts stand in the first user block and not in the system text, which every conversation shares (claude.md 1.5). */
function timeBlocks(
  input: CallerInput,
  transcript: readonly WrittenEntry[],
  tenant: Tenant,
  nowMs: number,
): string[] {
  const now = clockOf(nowMs, tenant.timeZone);
  const last = transcript.at(-1);
  if (!last) return [`[context] ${JSON.stringify(contextOf(input, tenant, now))}`];
  if (practiceDateOf(last.createdAtMs, tenant.timeZone) === now.date) return [];
  return [noticeOf(`It is now ${now.weekday}, ${now.date}, ${now.time}.`)];
}

interface PracticeClock {
  readonly date: string;
  readonly time: string;
  readonly weekday: string;
}

function clockOf(nowMs: number, timeZone: string): PracticeClock {
  const [date = '', time = ''] = toPracticeTime(nowMs, timeZone).split('T');
  return { date, time, weekday: weekdayName(date, 'en') };
}

/** What the agent needs to know of its practice. Identifiers of the practice system stay out (DESIGN, rule 7). */
const contextOf = ({ channel, language }: CallerInput, tenant: Tenant, now: PracticeClock): unknown => ({
  now: { ...now, timeZone: tenant.timeZone },
  practice: { name: tenant.practiceName, phone: tenant.phone },
  locations: tenant.locations.map(({ key, name, address, timeZone }) => ({ key, name, address, timeZone })),
  visitTypes: tenant.visitTypes.map(({ key, name, minutes, minAgeYears, maxAgeYears }) => ({
    key,
    name,
    minutes,
    minAgeYears,
    maxAgeYears,
  })),
  channel,
  language,
});
