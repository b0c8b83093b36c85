import type { TranscriptEntry } from '../../platform/store/transcript.js';

/** An entry of a caller who has said nothing yet, delivered, under an invented bundle. */
export const sampleTranscriptEntry = (more: Partial<TranscriptEntry>): TranscriptEntry => ({
  entryId: 'entry',
  seq: 1,
  role: 'caller',
  content: [],
  messages: [],
  say: null,
  stopReason: null,
  delivered: true,
  undeliveredReason: null,
  promptBundle: 'bundle',
  model: null,
  createdAtMs: 0,
  ...more,
});
