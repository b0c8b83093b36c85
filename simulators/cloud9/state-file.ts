import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { SimulatorState } from './simulator-state.js';

/** Keeps the state in one JSON file, replaced by rename so that a kill leaves the old one or the new one. */
export class StateFile {
  readonly #path: string;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(
    path: string,
    readonly snapshot: () => SimulatorState,
  ) {
    this.#path = resolve(path);
  }

  /** Resolves when a snapshot that was taken after this call is in the file. Calls that come together share one write. */
  async save(): Promise<void> {
    if (this.#running === undefined) {
      this.#running = this.#write().finally(() => {
        this.#running = undefined;
      });
      return this.#running;
    }
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(async () => {
        this.#next = undefined;
        return this.save();
      });
    return this.#next;
  }

  async #write(): Promise<void> {
    const text = JSON.stringify(this.snapshot());
    await mkdir(dirname(this.#path), { recursive: true });
    const draft = `${this.#path}.${process.pid}.tmp`;
    await writeFile(draft, text, { mode: 0o600 });
    await rename(draft, this.#path);
  }
}

/** Reads a saved state; undefined when there is no file yet. Throws when the file is none of ours. */
export async function readStateFile(path: string): Promise<SimulatorState | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const state = parse(text);
  if (state?.version !== 1 || !Array.isArray(state.databases) || !Array.isArray(state.ledger)) {
    throw new Error(
      `${path} is not a state file of this Cloud9 simulator. Delete it to start from fresh data.`,
    );
  }
  return state as SimulatorState;
}

function parse(text: string): Partial<SimulatorState> | undefined {
  try {
    return JSON.parse(text) as Partial<SimulatorState>;
  } catch {
    return undefined;
  }
}
