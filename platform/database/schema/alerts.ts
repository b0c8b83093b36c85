/** Alert rules, the alerts that they opened, and what is to be told about them. */
export interface AlertTables {
  alert_rules: {
    tenant_id: string;
    rule_id: string;
    environment: string;
    name: string;
    metric: string;
    outcome: string | null;
    config_id: string | null;
    operator: string;
    /** Decimal text. */
    threshold: string | null;
    window_minutes: number;
    min_sample: number;
    cooldown_minutes: number;
    active: number;
    version: number;
    created_at_ms: number;
    updated_at_ms: number;
  };
  alerts: {
    tenant_id: string;
    alert_id: string;
    environment: string;
    rule_id: string;
    /** As they were when it opened: the rule may be changed or gone by now. */
    rule_json: string;
    opened_json: string;
    latest_json: string;
    state: string;
    opened_at_ms: number;
    acknowledged_at_ms: number | null;
    acknowledged_by: string | null;
    acknowledge_reason: string | null;
    resolved_at_ms: number | null;
    resolved_by: string | null;
    resolve_reason: string | null;
    ended: string | null;
  };
  alert_notifications: {
    tenant_id: string;
    notification_id: string;
    environment: string;
    alert_id: string;
    rule_id: string;
    message_json: string;
    state: string;
    attempts: number;
    /** What the receiver said last: a status, or why there was none. */
    last_answer: string | null;
    created_at_ms: number;
    settled_at_ms: number | null;
  };
}
