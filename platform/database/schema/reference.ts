/** Reference data of the practice system and how it changed. */
export interface ReferenceTables {
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
}
