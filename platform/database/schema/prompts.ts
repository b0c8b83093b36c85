/** Prompt bundles and which of them is in use. */
export interface PromptTables {
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
}
