import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseMasterKeys, type MasterKeys } from './parse-master-keys.js';
import { createSealer, SealBroken } from './sealer.js';

const part = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const keysOf = (...parts: string[]): MasterKeys => {
  const keys = parseMasterKeys(parts.join(','));
  if (!keys) throw new Error('not keys');
  return keys;
};
const [old, current] = [part('k2025'), part('k2026')];
const context = 'bright-smiles/sandbox/cloud9';

describe('createSealer', () => {
  it('seals what only the same context opens', () => {
    const sealer = createSealer(keysOf(current));
    const { sealed, keyId } = sealer.seal('an invented password ñ', context);
    expect(keyId).toBe('k2026');
    expect(sealed).toMatch(/^v1\.k2026\.[\w-]{16}\.[\w-]+$/);
    expect(Buffer.from(sealed.split('.')[3]!, 'base64url').toString('latin1')).not.toContain('invented');
    expect(sealer.open(sealed, context)).toBe('an invented password ñ');
    for (const elsewhere of ['river-ortho/sandbox/cloud9', 'bright-smiles/production/cloud9', '']) {
      expect(() => sealer.open(sealed, elsewhere)).toThrow(SealBroken);
    }
  });

  it('never seals the same text to the same bytes', () => {
    const sealer = createSealer(keysOf(current));
    const sealed = Array.from({ length: 20 }, () => sealer.seal('text', context).sealed);
    expect(new Set(sealed).size).toBe(20);
  });

  it('opens what an older key sealed after a rotation, and seals with the new one', () => {
    const { sealed } = createSealer(keysOf(old)).seal('text', context);
    const rotated = createSealer(keysOf(current, old));
    expect(rotated.open(sealed, context)).toBe('text');
    expect(rotated.seal('text', context).keyId).toBe('k2026');
  });

  it('names the missing key, and nothing of the text', () => {
    const { sealed } = createSealer(keysOf(old)).seal('an invented password', context);
    expect(() => createSealer(keysOf(current)).open(sealed, context)).toThrow(/"k2025".*MASTER_KEY/);
  });

  it('refuses another key under the same id', () => {
    const { sealed } = createSealer(keysOf(part('same'))).seal('text', context);
    expect(() => createSealer(keysOf(part('same'))).open(sealed, context)).toThrow(SealBroken);
  });

  it.each([
    ['a changed byte', (parts: string[]) => [...parts.slice(0, 3), flip(parts[3]!)]],
    ['a changed iv', (parts: string[]) => [...parts.slice(0, 2), flip(parts[2]!), parts[3]!]],
    ['a shortened text', (parts: string[]) => [...parts.slice(0, 3), parts[3]!.slice(0, -4)]],
    ['a shortened tag', (parts: string[]) => [...parts.slice(0, 3), parts[3]!.slice(0, 8)]],
    ['another version', (parts: string[]) => ['v2', ...parts.slice(1)]],
    ['no parts', () => ['nonsense']],
    ['nothing', () => ['']],
  ])('refuses %s', (_what, change) => {
    const sealer = createSealer(keysOf(current));
    const { sealed } = sealer.seal('a text of some length', context);
    expect(() => sealer.open(change(sealed.split('.')).join('.'), context)).toThrow(SealBroken);
  });
});

const flip = (text: string): string => {
  const bytes = Buffer.from(text, 'base64url');
  bytes[bytes.length - 1]! ^= 1;
  return bytes.toString('base64url');
};
