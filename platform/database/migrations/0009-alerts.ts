import type { Migration } from '../migration.js';

/** Alert rules, alerts with their states, and the outbox of what receivers are to be told. */
export const alerts: Migration = {
  name: '0009-alerts',
  statements: [
    `create table alert_rules (
      tenant_id text not null, rule_id text not null, environment text not null, name text not null,
      metric text not null, outcome text, config_id text, operator text not null, threshold text,
      window_minutes $int not null, min_sample $int not null, cooldown_minutes $int not null, active $int not null,
      version $int not null, created_at_ms $int not null, updated_at_ms $int not null,
      primary key (tenant_id, rule_id))`,
    `create index alert_rules_of_config on alert_rules (tenant_id, config_id)`,
    `create table alerts (
      tenant_id text not null, alert_id text not null, environment text not null, rule_id text not null,
      rule_json text not null, opened_json text not null, latest_json text not null, state text not null,
      opened_at_ms $int not null, acknowledged_at_ms $int, acknowledged_by text, acknowledge_reason text,
      resolved_at_ms $int, resolved_by text, resolve_reason text, ended text, primary key (tenant_id, alert_id))`,
    `create index alerts_newest on alerts (tenant_id, environment, opened_at_ms, alert_id)`,
    `create index alerts_of_rule on alerts (tenant_id, rule_id, resolved_at_ms)`,
    // Whatever runs twice: one alert of a rule at a time.
    `create unique index alerts_standing on alerts (tenant_id, rule_id) where state <> 'resolved'`,
    `create table alert_notifications (
      tenant_id text not null, notification_id text not null, environment text not null, alert_id text not null,
      rule_id text not null, message_json text not null, state text not null, attempts $int not null, last_answer text,
      created_at_ms $int not null, settled_at_ms $int, primary key (tenant_id, notification_id))`,
    `create index alert_notifications_of_rule on alert_notifications (tenant_id, rule_id, state)`,
    `create index alert_notifications_of_alert on alert_notifications (tenant_id, alert_id)`,
    // Windows of rules are read by time.
    `create index trace_facts_by_time on trace_facts (tenant_id, environment, started_at_ms, trace_id)`,
    // Configurations that are there already get the rule that new ones are created with.
    `insert into alert_rules (tenant_id, rule_id, environment, name, metric, config_id, operator, window_minutes,
      min_sample, cooldown_minutes, active, version, created_at_ms, updated_at_ms)
      select tenant_id, 'import-lag.' || config_id, environment, 'Import lag of ' || name, 'importLagMinutes', config_id,
      'above', 60, 0, 60, 1, 1, created_at_ms, created_at_ms from langfuse_configs`,
  ],
};
