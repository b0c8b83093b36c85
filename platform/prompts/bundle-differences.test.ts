import { describe, expect, it } from 'vitest';
import { toolEffect, type ToolName } from '../../domain/agent/tools.js';
import { sampleTenant } from '../../test/kit/claude-scene.js';
import { bundleDifferences } from './bundle-differences.js';
import { buildPromptBundle } from './prompt-bundle.js';
import { getsChallenger } from './traffic-share.js';

const tools = Object.fromEntries(
  Object.keys(toolEffect).map((name) => [name, `What ${name} does.`]),
) as Record<ToolName, string>;
const files = { system: 'You answer.\nBe brief.\nBe kind.\n', tools };
const before = buildPromptBundle(sampleTenant, files, 'api');

describe('the differences of two bundles', () => {
  it('are none between equal ones', () => {
    expect(bundleDifferences(before, buildPromptBundle(sampleTenant, files, 'api'))).toEqual([]);
  });

  it('show a changed text line by line, under the file that holds it', () => {
    const after = buildPromptBundle(
      sampleTenant,
      { system: 'You answer.\nBe very brief.\nBe kind.\n', tools: { ...tools, cancel: 'Cancels.' } },
      'api',
    );
    expect(bundleDifferences(before, after)).toEqual([
      {
        part: 'system text',
        source: 'v1/system.md',
        change: 'changed',
        hunks: [
          { fromLine: 1, toLine: 1, lines: [' You answer.', '-Be brief.', '+Be very brief.', ' Be kind.'] },
        ],
      },
      {
        part: 'tool cancel: description',
        source: 'v1/tools.json',
        change: 'changed',
        hunks: [{ fromLine: 1, toLine: 1, lines: ['-What cancel does.', '+Cancels.'] }],
      },
    ]);
  });

  it('name what is not in the prompt files: practice, model and the service itself', () => {
    const tenant = {
      ...sampleTenant,
      phone: '555-555-0199',
      model: { ...sampleTenant.model, maxTokens: 900 },
    };
    const found = bundleDifferences(before, buildPromptBundle(tenant, files, 'cli@2.1.197'));
    expect(found.map(({ part, source }) => `${source}: ${part}`)).toEqual([
      'tenant.json: practice text',
      'tenant.json: model',
      'service: settings',
    ]);
  });

  it('name the file of the language whose text changed', () => {
    const inSpanish = (system: string, cancel: string) =>
      buildPromptBundle(
        sampleTenant,
        { ...files, languages: { es: { system, tools: { ...tools, cancel } } } },
        'api',
      );
    const found = bundleDifferences(inSpanish('Hola.', 'Cancela.'), inSpanish('Buenos días.', 'Anula.'));
    expect(found.map(({ part, source }) => `${source}: ${part}`)).toEqual([
      'v1/system.es.md: system text (es)',
      'v1/tools.es.json: tool cancel: description (es)',
    ]);
  });

  it('tell a tool that came or went', () => {
    const fewer = { ...before, tools: before.tools.slice(1) };
    expect(bundleDifferences(before, fewer).map(({ change }) => change)).toEqual(['removed', 'removed']);
    expect(bundleDifferences(fewer, before).map(({ change }) => change)).toEqual(['added', 'added']);
  });
});

describe("the challenger's share of traffic", () => {
  const ids = Array.from({ length: 4_000 }, (_, index) => `conversation-${index}`);
  const share = (experimentId: string, percent: number) =>
    ids.filter((id) => getsChallenger(id, { experimentId, percent }));

  it('is the same for one conversation every time, and about what was asked for', () => {
    expect(share('e1', 30)).toEqual(share('e1', 30));
    expect(share('e1', 30).length / ids.length).toBeCloseTo(0.3, 1);
  });

  it('grows by adding conversations, and is drawn anew for each experiment', () => {
    const small = new Set(share('e1', 10));
    const large = new Set(share('e1', 40));
    expect([...small].every((id) => large.has(id))).toBe(true);
    const others = new Set(share('e1', 50));
    const both = share('e2', 50).filter((id) => others.has(id));
    expect(both.length / ids.length).toBeCloseTo(0.25, 1);
  });
});
