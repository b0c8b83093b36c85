/** What is submitted to Langfuse about our own conversations. */
export interface OwnTraceTables {
  own_trace_events: {
    tenant_id: string;
    config_id: string;
    event_id: string;
    conversation_id: string;
    turn: number;
    kind: string;
    trace_id: string;
    observation_id: string;
    position: number;
    state: string;
    event_json: string;
    way: string | null;
    body: string | null;
    sent_at_ms: number | null;
    reason: string | null;
    created_at_ms: number;
    settled_at_ms: number | null;
  };
  own_trace_conversations: {
    tenant_id: string;
    config_id: string;
    conversation_id: string;
    seq: number;
    done: number;
  };
}
