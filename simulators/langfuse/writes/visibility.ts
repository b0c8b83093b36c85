import type { Switches } from '../switches.js';

/** When a write becomes visible, in milliseconds after it arrived (langfuse.md 8, measured). */
const measured = {
  ingestionToV1: 6_200,
  ingestionToV2: 11 * 60_000,
  otlp: 1_600,
  otlpInEventsOnly: 900,
  delete: 5_300,
};

export const delaysOf = ({ delays }: Switches): typeof measured =>
  delays === 'measured'
    ? measured
    : { ingestionToV1: 0, ingestionToV2: 0, otlp: 0, otlpInEventsOnly: 0, delete: 0 };
