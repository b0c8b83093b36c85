import protobuf from 'protobufjs';

/** As much of OpenTelemetry's trace export as we read. */
const schema = `
syntax = "proto3";
message Export { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; }
message Scope { string name = 1; string version = 2; repeated KeyValue attributes = 3; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9; Status status = 15;
}
message Status { string message = 2; int32 code = 3; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue {
  oneof value {
    string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
    ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7;
  }
}
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }`;

const exportType = protobuf.parse(schema).root.lookupType('Export');

/** The export in the shape of OTLP/JSON, ids as hex digits. Throws when the bytes are no protobuf message. */
export function decodeExport(bytes: Uint8Array): unknown {
  const message = exportType.toObject(exportType.decode(bytes), {
    longs: String,
    bytes: Array,
    defaults: false,
  });
  return withHexIds(message);
}

const idKeys = new Set(['traceId', 'spanId', 'parentSpanId']);

function withHexIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withHexIds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [
      key,
      idKeys.has(key) && Array.isArray(inner) ? hexOf(inner as number[]) : withHexIds(inner),
    ]),
  );
}

const hexOf = (bytes: readonly number[]): string => Buffer.from(bytes).toString('hex');
