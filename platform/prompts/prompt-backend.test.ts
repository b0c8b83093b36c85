import { describe, expect, it } from 'vitest';
import { sampleTenant } from '../../test/kit/claude-scene.js';
import { findPromptBackend } from './prompt-backend.js';

const practice = { ...sampleTenant, holdsHealthData: true };
const cli = (command: string) => ({
  useClaudeCli: true,
  claudeCli: { command, searchPath: process.env['PATH'] ?? '' },
});

describe('the backend of new bundles', () => {
  it('is the API unless the CLI is asked for', async () => {
    expect(await findPromptBackend({ ...cli('/nowhere'), useClaudeCli: false }, [practice])).toBe('api');
  });

  it('is never the CLI while an active practice holds health data', async () => {
    await expect(findPromptBackend(cli('node'), [sampleTenant, practice])).rejects.toThrow(/sample-ortho/);
    await expect(
      findPromptBackend(cli('node'), [{ ...practice, active: false }]),
      'Node prints v20, which is no version of the CLI',
    ).rejects.toThrow(/does not name a version/);
  });

  it('needs a CLI that runs', async () => {
    await expect(findPromptBackend(cli('/nowhere/claude'), [])).rejects.toThrow(/cannot be run \(ENOENT\)/);
  });
});
