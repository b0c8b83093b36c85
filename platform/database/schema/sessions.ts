/** Sessions, and what is counted and found while they form. */
export interface SessionTables {
  trace_facts: {
    tenant_id: string;
    environment: string;
    trace_id: string;
    session_id: string;
    group_key: string;
    started_at_ms: number;
    ended_at_ms: number;
    facts_json: string;
  };
  sessions: {
    tenant_id: string;
    environment: string;
    session_id: string;
    group_key: string;
    user_id: string | null;
    agent: string;
    outcome: string;
    turns: number;
    turns_with_error: number;
    first_at_ms: number;
    last_at_ms: number;
    facts_json: string;
    created_at_ms: number;
    updated_at_ms: number;
  };
  /** Which turn is in the search index, under which session. The words themselves are the dialect's (transcript-index.ts). */
  transcript_turns: {
    tenant_id: string;
    environment: string;
    trace_id: string;
    session_id: string;
    words_hash: string;
  };
  session_changes: {
    tenant_id: string;
    change_id: string;
    environment: string;
    kind: string;
    session_id: string;
    other_id: string | null;
    at_ms: number;
  };
  daily_counts: {
    tenant_id: string;
    environment: string;
    view: string;
    item: string;
    day: string;
    agent: string;
    bucket_ms: number;
    counted: number;
    errors: number;
    unpriced: number;
    input_tokens: number;
    output_tokens: number;
    total_tokens: number;
    /** Beyond 9,007 USD a number is not exact: sums are read as text. */
    cost_pico_usd: bigint;
    recomputed: number;
    disagreeing: number;
    our_cost_pico_usd: bigint;
  };
  price_findings: {
    tenant_id: string;
    environment: string;
    trace_id: string;
    observation_id: string;
    kind: string;
    model: string | null;
    /** Decimal text. */
    cost_pico_usd: string | null;
    our_cost_pico_usd: string | null;
    started_at_ms: number;
  };
}
