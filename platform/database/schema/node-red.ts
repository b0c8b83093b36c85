/** Targets, flows and deployments of Node-RED. */
export interface NodeRedTables {
  flow_targets: {
    tenant_id: string;
    target_id: string;
    environment: string;
    name: string;
    settings_json: string;
    lock_json: string | null;
    version: number;
    created_by: string;
    created_at_ms: number;
    updated_at_ms: number;
    deleted_at_ms: number | null;
  };
  flow_documents: {
    tenant_id: string;
    hash: string;
    sealed: string;
    key_id: string;
    bytes: number;
    created_at_ms: number;
  };
  flow_artifacts: {
    tenant_id: string;
    hash: string;
    name: string;
    origin: string;
    nodes: number;
    tabs_json: string;
    registered_by: string;
    created_at_ms: number;
  };
  flow_backups: {
    tenant_id: string;
    backup_id: string;
    environment: string;
    target_id: string;
    instance: string;
    rev: string;
    flows_hash: string;
    facts_hash: string;
    nodes: number;
    reason: string;
    actor: string;
    deployment_id: string | null;
    verified_at_ms: number;
    created_at_ms: number;
  };
  flow_deployments: {
    tenant_id: string;
    deployment_id: string;
    environment: string;
    target_id: string;
    request_hash: string;
    request_json: string;
    status: string;
    outcome: string | null;
    detail: string | null;
    plan_json: string | null;
    actor: string;
    created_at_ms: number;
    updated_at_ms: number;
    ended_at_ms: number | null;
  };
  flow_deployment_events: {
    tenant_id: string;
    deployment_id: string;
    event_id: string;
    seq: number;
    step: string;
    instance: string | null;
    phase: string;
    detail_json: string;
    at_ms: number;
  };
  flow_intents: {
    tenant_id: string;
    deployment_id: string;
    intent_id: string;
    target_id: string;
    instance: string;
    purpose: string;
    base_rev: string;
    expected_rev: string;
    flows_hash: string;
    state: string;
    deaths: number;
    created_at_ms: number;
    settled_at_ms: number | null;
  };
  flow_deployed: {
    tenant_id: string;
    target_id: string;
    instance: string;
    source_key: string;
    deployment_id: string;
    rev: string;
    flows_hash: string;
    owned_json: string;
    backup_id: string | null;
    deployed_at_ms: number;
  };
  flow_credential_bindings: {
    tenant_id: string;
    target_id: string;
    node_id: string;
    field: string;
    secret_name: string;
    secret_version: number;
    updated_at_ms: number;
  };
  flow_drift_reports: {
    tenant_id: string;
    report_id: string;
    environment: string;
    target_id: string;
    instance: string;
    kind: string;
    detail_json: string;
    created_at_ms: number;
  };
}
