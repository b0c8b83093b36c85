import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { Secret } from './secret.js';

it.each<[string, (secret: Secret) => string]>([
  ['text', (secret) => String(secret)],
  ['JSON', (secret) => JSON.stringify({ secret })],
  ['inspect, as console.log uses', (secret) => inspect({ deep: { secret } }, { showHidden: true })],
  ['concatenation', (secret) => 'x'.concat(secret as unknown as string)],
])('a secret stays hidden in %s', (_way, print) => {
  const text = print(new Secret('invented-value'));
  expect(text).toContain('[secret]');
  expect(text).not.toContain('invented-value');
});

it('a secret is revealed on demand only', () => {
  expect(new Secret('invented-value').reveal()).toBe('invented-value');
});
