import type { ClockSetting } from './clock.js';
import type { Knobs } from './knobs.js';
import type { LedgerEntry } from './ledger.js';
import type { IntegrationUser, PracticeDatabase } from './practice-database.js';
import { noteClockIso, noteDatabases, noteUsers } from './seed/fixture-note.js';
import { paintPractice, practiceDatabases, practiceUsers } from './seed/fixture-practice.js';
import { serverZone, wallClock } from './zones.js';

/** `note` = the fixture of cloud9.md 7.2, `practice` = the sandbox of both sample tenants. */
export type Fixture = 'note' | 'practice';

/** All that survives a restart, as plain JSON. Throttle gaps, faults and call counts do not. */
export interface SimulatorState {
  readonly version: 1;
  readonly fixture: Fixture;
  readonly users: readonly IntegrationUser[];
  readonly databases: readonly PracticeDatabase[];
  readonly ledger: readonly LedgerEntry[];
  readonly clock: ClockSetting | null;
  readonly knobs: Knobs;
}

/** Fresh data of a fixture. The practice is seeded around `nowMs`; the note has a clock of its own. */
export function seedState(fixture: Fixture, knobs: Knobs, nowMs: number): SimulatorState {
  const base = { version: 1, fixture, ledger: [], knobs } as const;
  if (fixture === 'practice') {
    const databases = practiceDatabases(wallClock(nowMs, serverZone).slice(0, 10));
    return { ...base, users: practiceUsers, databases, clock: null };
  }
  const clock = { nowIso: noteClockIso, setAtMs: nowMs, frozen: false };
  return { ...base, users: noteUsers, databases: noteDatabases(), clock };
}

/** Paints the weeks that a kept practice has grown short of since it was seeded. */
export function continuePractice(state: SimulatorState, nowMs: number): void {
  if (state.fixture !== 'practice') return;
  const today = wallClock(nowMs, serverZone).slice(0, 10);
  for (const database of state.databases) paintPractice(database, today);
}
