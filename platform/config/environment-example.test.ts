import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { loadConfig } from './config.js';
import { environmentSchema } from './environment-schema.js';

const example = await readFile(new URL('../../.env.example', import.meta.url), 'utf8');
const values = new Map(
  example
    .split('\n')
    .map((line) => /^([A-Z0-9_]+)=(.*)$/.exec(line))
    .flatMap((match) => (match ? [[match[1]!, match[2]!] as const] : [])),
);

it('.env.example lists exactly the names that are read', () => {
  expect([...values.keys()].sort()).toEqual(Object.keys(environmentSchema.shape).sort());
});

it('.env.example shows the defaults that hold', () => {
  expect(loadConfig(Object.fromEntries(values))).toEqual(loadConfig({}));
  for (const [name, value] of Object.entries(environmentSchema.parse({})))
    expect([name, values.get(name)]).toEqual([name, String(value)]);
});

it('.env.example says something about each name', () => {
  for (const name of values.keys()) expect(example).toMatch(new RegExp(`^# .+\\n${name}=`, 'm'));
});
