/** One key of a trace and one of its observations; '' is the trace itself. */
export const keyOf = (traceId: string, observationId: string): string => `${traceId}\n${observationId}`;
