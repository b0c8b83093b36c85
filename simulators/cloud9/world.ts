import { CallJournal } from './call-journal.js';
import { VirtualClock, type BaseClock } from './clock.js';
import { Faults } from './faults.js';
import { defaultKnobs, knobsSchema, type Knobs, type Profile } from './knobs.js';
import { Ledger, type LedgerEntry } from './ledger.js';
import type { IntegrationUser } from './practice-database.js';
import { PracticeRecords } from './practice-records.js';
import { continuePractice, seedState, type Fixture, type SimulatorState } from './simulator-state.js';
import { readStateFile, StateFile } from './state-file.js';
import { Throttle } from './throttle.js';

export interface WorldOptions {
  readonly statePath: string | undefined;
  readonly clock: BaseClock;
  readonly gapScale: number;
  readonly profile: Profile;
  readonly fixture: Fixture;
}

/** Everything that the data door and the admin door share. */
export class World {
  readonly clock: VirtualClock;
  readonly throttle: Throttle;
  readonly faults = new Faults();
  readonly calls: CallJournal;
  readonly ledger = new Ledger();
  readonly #file: StateFile | undefined;
  #knobs: Knobs;
  #fixture: Fixture = 'practice';
  #users: readonly IntegrationUser[] = [];
  #practices: ReadonlyMap<string, PracticeRecords> = new Map();

  private constructor(readonly options: WorldOptions) {
    this.clock = new VirtualClock(options.clock);
    this.throttle = new Throttle(options.clock);
    this.calls = new CallJournal(options.clock);
    this.#knobs = defaultKnobs(options.profile, options.gapScale);
    this.#file =
      options.statePath === undefined ? undefined : new StateFile(options.statePath, () => this.#snapshot());
  }

  /** Continues a saved state, or seeds a new one. The gap scale is always that of the options. */
  static async open(options: WorldOptions): Promise<World> {
    const world = new World(options);
    const saved = options.statePath === undefined ? undefined : await readStateFile(options.statePath);
    if (saved === undefined) {
      await world.reset(options.fixture);
      return world;
    }
    world.#load(saved);
    const knobs = knobsSchema.parse(saved.knobs);
    world.#knobs = { ...knobs, throttle: { ...knobs.throttle, gapScale: options.gapScale } };
    continuePractice(saved, world.clock.nowMs());
    await world.persist();
    return world;
  }

  get knobs(): Knobs {
    return this.#knobs;
  }

  get fixture(): Fixture {
    return this.#fixture;
  }

  get users(): readonly IntegrationUser[] {
    return this.#users;
  }

  /** By ClientID, lower-case. */
  get practices(): ReadonlyMap<string, PracticeRecords> {
    return this.#practices;
  }

  async turn(knobs: Knobs): Promise<void> {
    this.#knobs = knobs;
    await this.persist();
  }

  /** Fresh data, default knobs, no faults, empty ledger; calls that hang are let go. */
  async reset(fixture: Fixture): Promise<void> {
    this.#knobs = defaultKnobs(this.options.profile, this.options.gapScale);
    this.#load(seedState(fixture, this.#knobs, this.options.clock.nowMs()));
    this.faults.clear();
    this.faults.release();
    this.throttle.reset();
    this.calls.reset();
    await this.persist();
  }

  /** Notes a write in the ledger with the time of the base clock. */
  record(entry: Omit<LedgerEntry, 'seq' | 'time'>): LedgerEntry {
    return this.ledger.append({ time: new Date(this.options.clock.nowMs()).toISOString(), ...entry });
  }

  /** Resolves when everything up to now is in the state file, if there is one. */
  async persist(): Promise<void> {
    await this.#file?.save();
  }

  #load(state: SimulatorState): void {
    this.#fixture = state.fixture;
    this.#users = state.users;
    this.#practices = new Map(
      state.databases.map((database) => [
        database.clientId,
        new PracticeRecords(database, this.options.clock),
      ]),
    );
    this.ledger.restore(state.ledger);
    this.clock.restore(state.clock);
  }

  #snapshot(): SimulatorState {
    return {
      version: 1,
      fixture: this.#fixture,
      users: this.#users,
      databases: [...this.#practices.values()].map(({ database }) => database),
      ledger: this.ledger.since(0),
      clock: this.clock.setting,
      knobs: this.#knobs,
    };
  }
}
