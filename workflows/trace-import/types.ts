export type { ProbeReport } from '../../activities/langfuse/probe.js';
