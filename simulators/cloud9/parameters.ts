import type { Knobs } from './knobs.js';
import { readBit, readDateTime, readGuid, type RequestTime } from './wire-format.js';

/** A parameter has a value that cannot be read: code 3 (cloud9.md 4.1). */
export class InvalidValue extends Error {
  constructor(readonly parameter: string) {
    super(`Invalid value for parameter ${parameter}`);
  }
}

/** Which parameters a procedure reads; all others are ignored (cloud9.md 1.2). */
export interface ParameterList {
  /** Always sent by working callers: missing = code 2. */
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Those of the above that must be one GUID when present. */
  readonly guids: readonly string[];
}

export type ReadParameters =
  | { readonly ok: true; readonly parameters: Parameters; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly missing: string; readonly warnings: readonly string[] };

/** Picks a procedure's parameters out of a request. Empty ones count as absent; a name in the wrong case too, with a warning. */
export function readParameters(
  sent: ReadonlyMap<string, string>,
  list: ParameterList,
  knobs: Pick<Knobs, 'parameterNames' | 'missingParameter'>,
): ReadParameters {
  const known = [...list.required, ...list.optional];
  const byLowerCase = new Map(known.map((name) => [name.toLowerCase(), name]));
  const values = new Map<string, string>();
  const warnings: string[] = [];
  for (const [name, value] of sent) {
    const right = byLowerCase.get(name.toLowerCase());
    if (right === undefined) continue;
    if (right !== name) {
      warnings.push(`parameter ${name} is spelt ${right}`);
      if (knobs.parameterNames === 'strict') continue;
    }
    if (value.trim() !== '') values.set(right, value.trim());
  }
  const missing = list.required.find((name) => !values.has(name));
  if (missing !== undefined && knobs.missingParameter === 'code2') return { ok: false, missing, warnings };
  return { ok: true, parameters: new Parameters(values), warnings };
}

/** The values of one call. The typed getters throw InvalidValue; only `optional` and `has` know absence. */
export class Parameters {
  constructor(readonly values: ReadonlyMap<string, string>) {}

  has(name: string): boolean {
    return this.values.has(name);
  }

  optional(name: string): string {
    return this.values.get(name) ?? '';
  }

  text(name: string): string {
    return this.#read(name, (value) => value);
  }

  /** In lower case. */
  guid(name: string): string {
    return this.#read(name, readGuid);
  }

  /** One GUID, or several when the knob names a separator: none is proven for most lists (cloud9.md 2.1). */
  guids(name: string, separator: string | null): ReadonlySet<string> {
    const texts = separator === null ? [this.text(name)] : this.text(name).split(separator);
    return new Set(
      texts.map((text) => {
        const guid = readGuid(text.trim());
        if (guid === undefined) throw new InvalidValue(name);
        return guid;
      }),
    );
  }

  dateTime(name: string): RequestTime {
    return this.#read(name, readDateTime);
  }

  bit(name: string): boolean {
    return this.#read(name, readBit);
  }

  positiveInteger(name: string): number {
    return this.#read(name, (value) =>
      /^\d{1,6}$/.test(value) && Number(value) > 0 ? Number(value) : undefined,
    );
  }

  #read<Value>(name: string, read: (text: string) => Value | undefined): Value {
    const text = this.values.get(name);
    const value = text === undefined ? undefined : read(text);
    if (value === undefined) throw new InvalidValue(name);
    return value;
  }
}
