import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { environmentSchema } from './environment-schema.js';

interface Composition {
  readonly services: Readonly<
    Record<string, { readonly environment?: Readonly<Record<string, string>> } | undefined>
  >;
}

const { services } = parse(
  await readFile(new URL('../../docker-compose.yml', import.meta.url), 'utf8'),
  { merge: true }, // the API and the worker share a part by `<<`
) as Composition;
const environmentOf = (service: string): Readonly<Record<string, string>> =>
  services[service]?.environment ?? {};

it.each(['api', 'worker'])('docker-compose.yml gives the %s only names that are read', (service) => {
  const names = Object.keys(environmentOf(service));
  expect(names).toContain('MASTER_KEY');
  expect(names.filter((name) => !(name in environmentSchema.shape))).toEqual([]);
});

it('docker-compose.yml gives both processes the same keys and the same store', () => {
  const shared = ({ MASTER_KEY, JWT_SECRET, DATABASE_URL }: Readonly<Record<string, string>>) => [
    MASTER_KEY,
    JWT_SECRET,
    DATABASE_URL,
  ];
  expect(shared(environmentOf('api'))).toEqual(shared(environmentOf('worker')));
});

it('docker-compose.yml has no default for a secret: it comes from outside, is absent, or stops the start', () => {
  // A user name is no secret, but one that everybody has is half of a login.
  const secrets = Object.keys(services).flatMap((service) =>
    Object.entries(environmentOf(service)).filter(([name]) =>
      /KEY|SECRET|PASSWORD|PWD|CLIENT_ID|USERNAME$/.test(name),
    ),
  );
  expect(secrets.length).toBeGreaterThanOrEqual(10);
  for (const secret of secrets) expect(secret[1]).toMatch(/^\$\{[A-Z0-9_]+(:\?[^}]+|:-)\}$/);
  expect(environmentOf('api')['DATABASE_URL']).toMatch(
    /^postgres:\/\/chairside:\$\{POSTGRES_PASSWORD:\?[^}]+\}@/,
  );
});
