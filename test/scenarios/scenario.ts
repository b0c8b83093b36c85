import type { FindingKind } from '../../platform/store/findings.js';
import type { StaffTaskKind } from '../../platform/store/staff-tasks.js';
import type { Change } from './change.js';
import type { Stage } from './stage.js';

/** What goes wrong besides, in the turn that decides (docs/testing.md, "Scenarios"). */
export const faultSeeds = ['none', 'lostAnswer', 'failsBefore', 'slow', 'workerKilled'] as const;
export type FaultSeed = (typeof faultSeeds)[number];

/** How the practice system and our rows must stand at the end. What is not named must not have happened. */
export interface Expected {
  /** Appointments that stand now and did not before; several numbers where more than one end is right. */
  readonly appointments: number | readonly number[];
  /** Appointments that stood before and do not now. */
  readonly cancelled?: number;
  /** Visits that the desk had cancelled before us; the ledger has them, since the caller is told that they are. */
  readonly adoptedCancels?: number;
  readonly patients?: number;
  /** Each at least once. */
  readonly findings?: readonly FindingKind[];
  /** Exactly these. */
  readonly tasks?: readonly StaffTaskKind[];
  /** Writes whose outcome nobody could find out. */
  readonly unknownIntents?: number;
}

/** One of the twenty of claude.md 11. */
export interface Scenario {
  readonly id: number;
  readonly name: string;
  /** The procedure that a fault of the seed hits. */
  readonly faultAt: string;
  /** Activities after one of which the worker is killed; none = before the first one of the decisive turn. */
  readonly killAfter: readonly string[];
  /** Plays it; the function that it gives back finds what else is wrong with the end. */
  readonly play: (stage: Stage) => Promise<((change: Change) => readonly (string | false)[]) | undefined>;
  readonly expected: Expected;
}

/** Boundaries inside an order of visits. */
export const orderBoundaries = [
  'prepareCreatePatient',
  'createPatient',
  'prepareAppointment',
  'setAppointment',
] as const;
