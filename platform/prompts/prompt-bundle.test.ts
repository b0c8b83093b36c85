import { describe, expect, it } from 'vitest';
import { toolEffect, type ToolName } from '../../domain/agent/tools.js';
import { sampleTenant } from '../../test/kit/claude-scene.js';
import { canonicalJson } from './canonical-json.js';
import { buildPromptBundle, bundleHash, inLanguage } from './prompt-bundle.js';

const tools = Object.fromEntries(
  Object.keys(toolEffect).map((name) => [name, `What ${name} does.`]),
) as Record<ToolName, string>;
const files = { system: 'You are an invented receptionist.\n', tools };
const hashOf = (change: Partial<typeof files> = {}, tenant = sampleTenant): string =>
  bundleHash(buildPromptBundle(tenant, { ...files, ...change }, 'api'));

describe('the prompt bundle', () => {
  it('has the same hash for the same files, in whatever order they name their tools', () => {
    expect(hashOf()).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf({ tools: Object.fromEntries(Object.entries(tools).reverse()) as typeof tools })).toBe(
      hashOf(),
    );
  });

  it('keeps its hash through the store', () => {
    const bundle = buildPromptBundle(sampleTenant, files, 'api');
    expect(bundleHash(JSON.parse(JSON.stringify(bundle)) as typeof bundle)).toBe(bundleHash(bundle));
  });

  it('has another hash after any byte of the prompt has changed', () => {
    const hashes = [
      hashOf(),
      hashOf({ system: 'You are an invented receptionist. \n' }),
      hashOf({ tools: { ...tools, cancel: 'What cancel does!' } }),
      hashOf({}, { ...sampleTenant, practiceName: 'Sample Orthodontics ' }),
      hashOf({}, { ...sampleTenant, model: { ...sampleTenant.model, maxTokens: 801 } }),
      hashOf(
        {},
        { ...sampleTenant, visitTypes: sampleTenant.visitTypes.map((type) => ({ ...type, key: 'exam-2' })) },
      ),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('tells a conversation the texts of its language, and the common ones where it has none', () => {
    const spanish = {
      system: 'Usted es una recepcionista inventada.\n',
      tools: { ...tools, cancel: 'Cancela.' },
    };
    const bundle = buildPromptBundle(sampleTenant, { ...files, languages: { es: spanish } }, 'api');
    const told = inLanguage(bundle, 'es');
    expect(told.system.map(({ text }) => text).join('\n')).toMatch(
      /recepcionista[^]*El consultorio[^]*Horario de North/,
    );
    expect(told.tools.find(({ name }) => name === 'cancel')?.description).toBe('Cancela.');
    expect(inLanguage(bundle, 'en')).toBe(bundle);
    const onlySystem = buildPromptBundle(
      sampleTenant,
      { ...files, languages: { es: { system: 'Hola.' } } },
      'api',
    );
    expect(inLanguage(onlySystem, 'es').tools).toEqual(onlySystem.tools);
  });

  it('has another hash after a text of any language has changed, and the old one without such texts', () => {
    const withSpanish = (system: string): string =>
      bundleHash(buildPromptBundle(sampleTenant, { ...files, languages: { es: { system } } }, 'api'));
    expect(new Set([hashOf(), withSpanish('Hola.'), withSpanish('Hola!')]).size).toBe(3);
    expect(bundleHash(buildPromptBundle(sampleTenant, { ...files, languages: {} }, 'api'))).toBe(hashOf());
  });

  it('asks for strict tools within the limits of the API', () => {
    const bundle = buildPromptBundle(sampleTenant, files, 'api');
    expect(bundle.tools.map(({ name }) => name)).toEqual(Object.keys(toolEffect));
    expect(bundle.tools.every((tool) => 'strict' in tool)).toBe(true);
    expect(bundle.tools.length).toBeLessThanOrEqual(20);
    expect((JSON.stringify(bundle.tools).match(/"anyOf"/g) ?? []).length).toBeLessThanOrEqual(16);
  });

  it('tells the facts of the practice and none of its identifiers', () => {
    const text = JSON.stringify(buildPromptBundle(sampleTenant, files, 'api').system);
    for (const fact of [
      'Sample Orthodontics',
      '1 Invented Street',
      'New Patient Exam',
      '9:30 AM',
      'from the age of 7',
    ]) {
      expect(text).toContain(fact);
    }
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  });

  it('lets Sonnet 5.5 think between tools only, and other models as they do', () => {
    const haiku = { ...sampleTenant, model: { name: 'claude-haiku-5-5', maxTokens: 800, fallback: null } };
    expect(buildPromptBundle(sampleTenant, files, 'api').thinking).toEqual({ type: 'between_tools' });
    expect(buildPromptBundle(haiku, files, 'api').thinking).toBeNull();
  });
});

describe('canonical JSON', () => {
  it('is the same for equal values', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: true })).toBe(
      '{"a":true,"b":[1,{"c":"x","d":null}]}',
    );
    expect(canonicalJson({ a: 1, b: undefined })).toBe('{"a":1}');
  });

  it('refuses what JSON would silently lose', () => {
    expect(() => canonicalJson({ a: Number.NaN })).toThrow(TypeError);
    expect(() => canonicalJson({ a: () => 1 })).toThrow(TypeError);
  });
});
