/** All tables. Times end in `_at_ms` and are UTC milliseconds; `*_json` columns hold JSON text; flags are 0 or 1. */
export interface Schema {
  conversations: {
    tenant_id: string;
    conversation_id: string;
    environment: string;
    channel: string;
    language: string;
    status: string;
    outcome: string;
    prompt_bundle: string | null;
    turns: number;
    is_test: number;
    caller_number_hash: string | null;
    created_at_ms: number;
    updated_at_ms: number;
    closed_at_ms: number | null;
    close_reason: string | null;
  };
  transcript_entries: {
    tenant_id: string;
    conversation_id: string;
    entry_id: string;
    seq: number;
    role: string;
    content_json: string;
    messages_json: string;
    say: string | null;
    stop_reason: string | null;
    undelivered_reason: string | null;
    prompt_bundle: string;
    model: string | null;
    created_at_ms: number;
  };
  model_steps: {
    tenant_id: string;
    conversation_id: string;
    step_id: string;
    attempt: number;
    prompt_bundle: string;
    model: string;
    backend: string;
    request_id: string | null;
    usage_json: string | null;
    price_version: string | null;
    cost_pico_usd: string | null;
    weighted_tokens: number;
    stop_reason: string | null;
    latency_ms: number;
    outcome: string;
    turn: number | null;
    input_tokens: number | null;
    output_tokens: number | null;
    created_at_ms: number;
  };
  holds: {
    tenant_id: string;
    environment: string;
    column_guid: string;
    start_at: string;
    hold_id: string;
    conversation_id: string;
    expires_at_ms: number;
  };
  intents: {
    tenant_id: string;
    intent_id: string;
    environment: string;
    conversation_id: string;
    kind: string;
    payload_json: string;
    payload_hash: string;
    status: string;
    attempts: number;
    snapshot_json: string | null;
    result_json: string | null;
    created_at_ms: number;
    updated_at_ms: number;
  };
  ledger_entries: {
    tenant_id: string;
    entry_id: string;
    environment: string;
    conversation_id: string;
    kind: string;
    appointment_guid: string | null;
    patient_guid: string | null;
    intent_id: string;
    detail_json: string;
    created_at_ms: number;
  };
  findings: {
    tenant_id: string;
    finding_id: string;
    conversation_id: string;
    kind: string;
    detail_json: string;
    created_at_ms: number;
  };
  staff_tasks: {
    tenant_id: string;
    task_id: string;
    environment: string;
    conversation_id: string | null;
    kind: string;
    summary: string;
    detail_json: string;
    status: string;
    taken_by: string | null;
    closed_by: string | null;
    note: string | null;
    created_at_ms: number;
    updated_at_ms: number;
  };
  prompt_bundles: {
    tenant_id: string;
    hash: string;
    bundle_json: string;
    registered_by: string;
    created_at_ms: number;
  };
  prompt_pointers: {
    tenant_id: string;
    environment: string;
    hash: string;
    actor: string;
    activation: number;
    updated_at_ms: number;
  };
  prompt_activations: {
    tenant_id: string;
    environment: string;
    activation: number;
    hash: string;
    kind: string;
    actor: string;
    reason: string;
    previous: number | null;
    created_at_ms: number;
  };
  prompt_experiments: {
    tenant_id: string;
    experiment_id: string;
    environment: string;
    control: string;
    challenger: string;
    percent: number;
    started_by: string;
    start_reason: string;
    started_at_ms: number;
    stopped_by: string | null;
    stop_reason: string | null;
    stopped_at_ms: number | null;
  };
  call_budgets: {
    tenant_id: string;
    budget: string;
    last_start_at_ms: number;
    not_before_at_ms: number;
    penalties: number;
  };
  call_reservations: {
    tenant_id: string;
    budget: string;
    ticket: string;
    start_at_ms: number;
    lease_until_at_ms: number;
    running: number;
  };
  users: {
    tenant_id: string;
    user_id: string;
    email: string;
    password_hash: string;
    role: string;
    active: number;
    token_version: number;
    created_at_ms: number;
    updated_at_ms: number;
  };
  memberships: { tenant_id: string; user_id: string; role: string };
  login_attempts: {
    tenant_id: string;
    attempt_key: string;
    failures: number;
    last_failure_at_ms: number;
    locked_until_at_ms: number;
  };
  audit_entries: {
    tenant_id: string;
    audit_id: string;
    actor_user_id: string;
    action: string;
    target: string;
    detail_json: string;
    ip: string;
    correlation_id: string;
    created_at_ms: number;
  };
  credentials: {
    tenant_id: string;
    environment: string;
    integration: string;
    sealed: string;
    key_id: string;
    version: number;
    source: string;
    updated_at_ms: number;
  };
  reference_items: {
    tenant_id: string;
    environment: string;
    kind: string;
    item_key: string;
    value_json: string;
    changed_at_ms: number;
  };
  reference_syncs: {
    tenant_id: string;
    environment: string;
    kind: string;
    read_at_ms: number | null;
    tried_at_ms: number;
    result: string;
  };
  reference_changes: {
    tenant_id: string;
    change_id: string;
    environment: string;
    kind: string;
    item_key: string;
    change: string;
    before_json: string | null;
    after_json: string | null;
    at_ms: number;
  };
  desk_orders: {
    tenant_id: string;
    order_id: string;
    environment: string;
    operation: string;
    request_hash: string;
    is_test: number;
    actor_user_id: string;
    result_json: string | null;
    created_at_ms: number;
    settled_at_ms: number | null;
  };
}
