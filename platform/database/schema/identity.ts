/** Who may do what, what was done, and the sealed accounts of outside systems. */
export interface IdentityTables {
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
}
