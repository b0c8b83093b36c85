import { Cloud9Error } from '../errors.js';
import type { Parameter, WireRecord } from '../envelope.js';
import {
  parseBit,
  parseGuid,
  parseInteger,
  parseMoneyCents,
  parsePracticeDate,
  parsePracticeTime,
  parseTimeOfDay,
  parseUtcStampMs,
} from '../values.js';

/** One operation of the protocol: how it is asked, how long it may take, how often it may be asked, what its records mean. */
export interface Procedure<Input, Output> {
  readonly name: string;
  readonly effect: 'read' | 'write';
  /** Deadline of one exchange, from those in use (cloud9.md 4.4). */
  readonly timeoutMs: number;
  /** Least time between two starts for one client id (cloud9.md 4.3, "Client rule"), before `gapScale`. */
  readonly minGapMs: number;
  readonly parameters: (input: Input) => readonly Parameter[];
  readonly parse: (records: readonly WireRecord[], input: Input) => Output;
  /** Set where code 3 is one of the ways to say that the record does not exist. */
  readonly badParameterMeans?: 'notFound';
}

const second = 1_000;
export const readTimeoutMs = 30 * second;
/** "1 s others": the note's gap for everything that is not named. */
export const commonGapMs = second;

/** Reads the fields of one record; a field that is there but unreadable is a malformed answer that names the field, never the value. */
export class Fields {
  constructor(
    private readonly procedure: string,
    private readonly record: WireRecord,
  ) {}

  private parsed<T>(name: string, parse: (text: string) => T | null): T | null {
    const text = this.record.get(name);
    if (text === undefined || text.trim() === '') return null;
    const value = parse(text);
    if (value === null) throw this.malformed(name);
    return value;
  }

  private required<T>(name: string, value: T | null): T {
    if (value === null) throw this.malformed(name);
    return value;
  }

  private malformed(name: string): Cloud9Error {
    return new Cloud9Error(this.procedure, { kind: 'malformed', why: `field ${name}` });
  }

  /** Trimmed text, `''` when absent: names and descriptions come padded (cloud9.md 1.3). */
  text(name: string): string {
    return this.record.get(name)?.trim() ?? '';
  }

  /** Text as it came, line breaks and padding included. */
  raw(name: string): string {
    return this.record.get(name) ?? '';
  }

  guid(name: string): string {
    return this.required(name, this.guidOrNull(name));
  }

  guidOrNull(name: string): string | null {
    return this.parsed(name, parseGuid);
  }

  time(name: string): string {
    return this.required(name, this.timeOrNull(name));
  }

  timeOrNull(name: string): string | null {
    return this.parsed(name, parsePracticeTime);
  }

  dateOrNull(name: string): string | null {
    return this.parsed(name, parsePracticeDate);
  }

  timeOfDayOrNull(name: string): string | null {
    return this.parsed(name, parseTimeOfDay);
  }

  utcStampMsOrNull(name: string): number | null {
    return this.parsed(name, parseUtcStampMs);
  }

  integer(name: string): number {
    return this.required(name, this.integerOrNull(name));
  }

  integerOrNull(name: string): number | null {
    return this.parsed(name, parseInteger);
  }

  cents(name: string): number {
    return this.required(name, this.parsed(name, parseMoneyCents));
  }

  /** An absent bit is false. */
  bit(name: string): boolean {
    return this.parsed(name, parseBit) ?? false;
  }
}

/** A parser of all records of a procedure. */
export const eachRecord =
  <Output>(procedure: string, read: (fields: Fields) => Output) =>
  (records: readonly WireRecord[]): readonly Output[] =>
    records.map((record) => read(new Fields(procedure, record)));
