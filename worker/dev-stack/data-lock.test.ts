import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { lockDataFolder } from './data-lock.js';

it('gives a data folder to one stack at a time, and to the next one after it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chairside-lock-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));

  const first = lockDataFolder(folder);
  expect(() => lockDataFolder(folder)).toThrow(/Another `npm start` uses the data folder .*DATA_DIR/);

  first.release();
  lockDataFolder(folder).release();
});
