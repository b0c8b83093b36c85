import { describe, expect, it } from 'vitest';
import { firstThatWorks, TemporalCliMissing, type Way } from './first-that-works.js';

const asked: string[] = [];
const way = (name: string, found: string | null | Error, binding = false): Way => ({
  name,
  binding,
  find: () => {
    asked.push(name);
    return found instanceof Error ? Promise.reject(found) : Promise.resolve(found);
  },
});

describe('the order of the ways to a Temporal CLI', () => {
  it('takes the first that works and leaves the later ones alone', async () => {
    asked.length = 0;
    const ways = [way('one', new Error('no')), way('two', '/two'), way('three', '/three')];
    expect(await firstThatWorks(ways)).toBe('/two');
    expect(asked).toEqual(['one', 'two']);
  });

  it('passes over a way that was not asked for without calling it a failure', async () => {
    expect(await firstThatWorks([way('variable', null, true), way('two', '/two')])).toBe('/two');
    const error = await firstThatWorks([way('variable', null, true), way('two', new Error('gone'))]).catch(
      (thrown: unknown) => thrown as Error,
    );
    expect(String(error)).not.toContain('variable');
  });

  it('does not replace what a person named explicitly', async () => {
    asked.length = 0;
    const ways = [way('variable', new Error('/x does not run'), true), way('two', '/two')];
    await expect(firstThatWorks(ways)).rejects.toThrow('variable: /x does not run');
    expect(asked).toEqual(['variable']);
  });

  it('names every way and its reason when none works', async () => {
    const ways = [way('PATH', new Error('not there')), way('pip', new Error('pip is not installed'))];
    const error = await firstThatWorks(ways).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TemporalCliMissing);
    expect(String(error)).toContain('PATH: not there');
    expect(String(error)).toContain('pip: pip is not installed');
    expect(String(error)).toContain('TEMPORAL_CLI_PATH');
  });
});
