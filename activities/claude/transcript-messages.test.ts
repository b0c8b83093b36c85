import { describe, expect, it } from 'vitest';
import type { TranscriptEntry } from '../../platform/store/transcript.js';
import { sampleTranscriptEntry } from '../../test/kit/sample-transcript-entry.js';
import { messagesOf, openToolUses } from './transcript-messages.js';

let seq = 0;
const reader = { promptBundle: 'a', model: 'm' };
const entry = (role: TranscriptEntry['role'], content: readonly unknown[]): TranscriptEntry =>
  sampleTranscriptEntry({ entryId: `e${++seq}`, seq, role, content, promptBundle: 'a' });
const words = { type: 'text', text: 'Hi' };
const use = { type: 'tool_use', id: 'toolu_1', name: 'cancel', input: {} };
const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: '{}' };

describe('the messages of a transcript', () => {
  it('leave thinking out of what another bundle or another model is sent, and nothing else', () => {
    const thought = { type: 'thinking', thinking: '', signature: 'sealed' };
    const entries = [entry('caller', [words]), { ...entry('model', [thought, words]), model: 'm' }];
    const said = (now: typeof reader) => messagesOf(entries, now)[1]?.content;
    expect(said(reader)).toEqual([thought, words]);
    expect(said({ ...reader, promptBundle: 'b' })).toEqual([words]);
    expect(said({ ...reader, model: 'fallback' })).toEqual([words]);
  });

  it('are its entries verbatim, without words that code said', () => {
    const entries = [
      entry('caller', [words]),
      entry('model', [use]),
      entry('spoken', []),
      entry('caller', [result, words]),
    ];
    expect(messagesOf(entries, reader)).toEqual([
      { role: 'user', content: [words] },
      { role: 'assistant', content: [use] },
      { role: 'user', content: [result, words] },
    ]);
  });

  it('leave out a late answer whose tool calls nobody has answered', () => {
    const entries = [entry('caller', [words]), entry('model', [use]), entry('caller', [words])];
    expect(messagesOf(entries, reader).map(({ role }) => role)).toEqual(['user', 'user']);
  });
});

describe('open tool calls', () => {
  it('are those of the last answer, until a caller entry follows it', () => {
    const called = [entry('caller', [words]), entry('model', [words, use])];
    expect(openToolUses(called)).toEqual(['toolu_1']);
    expect(openToolUses([...called, entry('spoken', [])])).toEqual(['toolu_1']);
    expect(openToolUses([...called, entry('caller', [result])])).toEqual([]);
  });
});
