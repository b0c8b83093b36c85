import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toolEffect } from '../../domain/agent/tools.js';
import type { Tenant } from '../../domain/tenant.js';
import { ConfigError } from '../config/config-error.js';
import { loadTenants } from './load-tenants.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chairside-tenants-'));
  await cp('tenants', folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

/** A tenant.json as a person may edit it. */
type Editable = { -readonly [K in keyof Tenant]: Tenant[K] } & Record<string, unknown>;

const edit = async (slug: string, change: (tenant: Editable) => void): Promise<void> => {
  const path = join(folder, slug, 'tenant.json');
  const tenant = JSON.parse(await readFile(path, 'utf8')) as Editable;
  change(tenant);
  await writeFile(path, JSON.stringify(tenant));
};

/** Problems without the folder of this run in front. */
const problems = async (): Promise<string[]> => {
  const error: unknown = await loadTenants(folder).catch((thrown: unknown) => thrown);
  if (!(error instanceof ConfigError)) throw new Error('The tenants were accepted.');
  return error.problems.map((problem) => problem.replace(`${folder}/`, ''));
};

describe('the sample practices', () => {
  it('are read, with a text for every tool', async () => {
    const registry = await loadTenants(folder);
    expect(registry.list().map(({ slug }) => slug)).toEqual(['bright-smiles', 'river-ortho']);
    expect(registry.get('bright-smiles')?.locations.map(({ key }) => key)).toEqual(['downtown', 'lakeside']);
    expect(registry.get('unknown')).toBeUndefined();
    for (const { slug } of registry.list()) {
      const { system, tools } = await registry.promptFiles(slug);
      expect(Object.keys(tools).sort()).toEqual(Object.keys(toolEffect).sort());
      expect(system.length).toBeGreaterThan(500);
      // What changes would break the prompt cache and the pinned bundle: dates, times of day, ids.
      expect(system).not.toMatch(/\b20\d\d\b|\d{1,2}:\d\d|[0-9a-f]{8}-[0-9a-f]{4}/);
    }
  });

  it('have prompts that are read again, so that an edit needs no restart', async () => {
    const registry = await loadTenants(folder);
    await writeFile(join(folder, 'river-ortho', 'v1', 'system.md'), 'An edited prompt.');
    expect((await registry.promptFiles('river-ortho')).system).toBe('An edited prompt.');
    await rm(join(folder, 'river-ortho', 'v1', 'system.md'));
    await expect(registry.promptFiles('river-ortho')).rejects.toThrow(/system\.md: missing or empty/);
    await expect(registry.promptFiles('unknown')).rejects.toThrow(/no tenant "unknown"/);
  });
});

describe('texts of a language', () => {
  const v1 = (name: string): string => join(folder, 'bright-smiles', 'v1', name);

  it('are read where a language has files of its own', async () => {
    const registry = await loadTenants(folder);
    const { languages } = await registry.promptFiles('bright-smiles');
    expect(Object.keys(languages ?? {})).toEqual(['es']);
    expect(languages?.es?.system).toContain('recepcionista');
    expect(Object.keys(languages?.es?.tools ?? {}).sort()).toEqual(Object.keys(toolEffect).sort());
    expect((await registry.promptFiles('river-ortho')).languages).toEqual({});
    await rm(v1('tools.es.json'));
    await writeFile(v1('system.en.md'), 'Hello.');
    expect((await registry.promptFiles('bright-smiles')).languages).toMatchObject({
      en: { system: 'Hello.' },
      es: { system: languages?.es?.system },
    });
  });

  it('that the practice does not speak, and empty or incomplete ones, are refused', async () => {
    await writeFile(v1('system.fr.md'), 'Bonjour.');
    await writeFile(v1('system.es.md'), ' ');
    await writeFile(v1('tools.es.json'), '{}');
    await cp(v1('system.fr.md'), join(folder, 'river-ortho', 'v1', 'system.es.md'));
    expect(await problems()).toEqual(
      expect.arrayContaining([
        'bright-smiles/v1/system.fr.md: "fr" is none of the languages in tenant.json',
        'bright-smiles/v1/system.es.md: missing or empty',
        expect.stringMatching(/^bright-smiles\/v1\/tools\.es\.json: cancel: /),
        'river-ortho/v1/system.es.md: "es" is none of the languages in tenant.json',
      ]),
    );
  });
});

describe('what is wrong', () => {
  it('is listed for all files at once, each with file, path and expectation', async () => {
    await edit('bright-smiles', (tenant) => {
      tenant['activ'] = true;
      tenant.timeZone = 'Eastern Standard Time';
      tenant.locations = tenant.locations.map((location, index) =>
        index === 1
          ? { ...location, locationGuid: 'lakeside', hours: { '1': { opens: '8', closes: '17:00' } } }
          : location,
      );
    });
    await edit('river-ortho', (tenant) => {
      tenant.booking = { ...tenant.booking, minLeadMinutes: 5 };
    });
    await writeFile(join(folder, 'river-ortho', 'v1', 'tools.json'), '{"find_slots": "", "fly": "x"');
    await rm(join(folder, 'bright-smiles', 'v1', 'system.md'));
    expect(await problems()).toEqual([
      'bright-smiles/tenant.json: timeZone: must be an IANA time zone, like "America/New_York"',
      'bright-smiles/tenant.json: locations.1.locationGuid: must be a GUID',
      'bright-smiles/tenant.json: locations.1.hours.1.opens: must be HH:MM',
      'bright-smiles/tenant.json: (top): Unrecognized key: "activ"',
      'bright-smiles/v1/system.md: missing or empty',
      'river-ortho/tenant.json: booking.minLeadMinutes: must be at least 60: the practice system refuses the past by its own clock',
      expect.stringMatching(/^river-ortho\/v1\/tools\.json: not JSON \(/) as unknown,
    ]);
  });

  it.each<[string, (tenant: Editable) => void, string]>([
    [
      'a slug unlike its folder',
      (tenant) => (tenant.slug = 'river'),
      'slug is "river", expected "river-ortho" like its folder',
    ],
    [
      'an office key used twice',
      (tenant) =>
        (tenant.locations = [...tenant.locations, { ...tenant.locations[0]!, locationGuid: guid(7) }]),
      'locations.1.key: must be used once only',
    ],
    [
      'a visit type GUID used twice in another case',
      (tenant) =>
        (tenant.visitTypes = tenant.visitTypes.map((type) => ({
          ...type,
          appointmentTypeGuid: type.key === 'exam' ? guid(10).toUpperCase() : guid(10),
        }))),
      'visitTypes.1.appointmentTypeGuid: must be used once only',
    ],
    [
      'an age rule that nobody meets',
      (tenant) =>
        (tenant.visitTypes = tenant.visitTypes.map((type) => ({
          ...type,
          minAgeYears: 18,
          maxAgeYears: 12,
        }))),
      'visitTypes.0.minAgeYears: must not be above maxAgeYears',
    ],
    [
      'an office that closes before it opens',
      (tenant) =>
        (tenant.locations = [
          { ...tenant.locations[0]!, hours: { '3': { opens: '17:00', closes: '08:00' } } },
        ]),
      'locations.0.hours.3: must open before it closes',
    ],
  ])('%s is refused', async (_what, change, problem) => {
    await edit('river-ortho', change);
    expect((await problems()).map((text) => text.replace('river-ortho/tenant.json: ', ''))).toContain(
      problem,
    );
  });

  it('a tool without a text, and a text without a tool, are refused', async () => {
    const path = join(folder, 'river-ortho', 'v1', 'tools.json');
    const texts = JSON.parse(await readFile(path, 'utf8')) as Record<string, string>;
    const { cancel, ...others } = texts;
    await writeFile(path, JSON.stringify({ ...others, canceled: cancel }));
    expect(await problems()).toEqual([
      expect.stringMatching(/^river-ortho\/v1\/tools\.json: cancel: /) as unknown,
      'river-ortho/v1/tools.json: (top): Unrecognized key: "canceled"',
    ]);
  });

  it('a folder that cannot be read is not taken for an empty one', async () => {
    const registry = await loadTenants(folder);
    const flows = join(folder, 'bright-smiles', 'nodered');
    await rm(flows, { recursive: true, force: true });
    expect(await registry.flowFiles('bright-smiles')).toEqual([]);
    await writeFile(flows, 'not a folder');
    await expect(registry.flowFiles('bright-smiles')).rejects.toThrow(/ENOTDIR/);
  });

  it('no practice at all stops the start', async () => {
    await mkdir(join(folder, 'empty'));
    await expect(loadTenants(join(folder, 'empty'))).rejects.toThrow(/no tenant folder; expected <slug>/);
    await expect(loadTenants(join(folder, 'nowhere'))).rejects.toThrow(/no tenant folder/);
  });
});

const guid = (n: number): string => `aaaa0000-0000-4000-8000-0000000000${String(n).padStart(2, '0')}`;
