import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readFirstPassword, watchFirstPassword } from './first-password.js';

function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'chairside-password-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'data');
}

it('keeps the announced password where only its owner can read it, for every later start', () => {
  const data = dataFolder();
  const watch = watchFirstPassword(data);
  expect(watch.hear('First administrator: admin@example.invalid  password: Invented-1')).toBe(true);

  expect(watch.fresh).toBe('Invented-1');
  expect(statSync(watch.path).mode & 0o777).toBe(0o600);
  expect(readFirstPassword(data)).toBe('Invented-1');
  expect(watchFirstPassword(data).fresh).toBeNull();
});

it('leaves every other line alone', () => {
  const data = dataFolder();
  const watch = watchFirstPassword(data);
  expect(watch.hear('login failed password: Invented-1')).toBe(false);
  expect(watch.fresh).toBeNull();
  expect(readFirstPassword(data)).toBeNull();
});
