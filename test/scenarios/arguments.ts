import { parseArgs } from 'node:util';

/** What `npm run scenarios` was asked for. */
export interface ScenarioArguments {
  readonly mode: 'table' | 'hostile';
  /** Empty = all twenty. */
  readonly ids: readonly number[];
  /** Fault seeds by name; empty = all that the model server can play. */
  readonly seeds: readonly string[];
  readonly model: 'simulator' | 'aimock';
  /** Chooses the boundaries at which workers are killed, and the hostile scripts. */
  readonly seed: number | null;
  readonly runs: number;
  /** Hostile conversations at once. */
  readonly lanes: number;
}

/** Throws a readable Error for what it does not know. */
export function readArguments(given: readonly string[]): ScenarioArguments {
  const { values, positionals } = parseArgs({
    args: [...given],
    allowPositionals: true,
    options: {
      model: { type: 'string', default: 'simulator' },
      seeds: { type: 'string', default: '' },
      seed: { type: 'string' },
      runs: { type: 'string', default: '500' },
      lanes: { type: 'string', default: '16' },
    },
  });
  const { model } = values;
  if (model !== 'simulator' && model !== 'aimock') throw new Error('--model is simulator or aimock.');
  const [first] = positionals;
  const ids = first === 'hostile' ? [] : positionals.map(Number);
  if (ids.some((id) => !Number.isInteger(id))) throw new Error('Scenarios are named by their numbers.');
  return {
    mode: first === 'hostile' ? 'hostile' : 'table',
    ids,
    seeds: values.seeds === '' ? [] : values.seeds.split(','),
    model,
    seed: values.seed === undefined ? null : Number(values.seed),
    runs: Number(values.runs),
    lanes: Number(values.lanes),
  };
}
