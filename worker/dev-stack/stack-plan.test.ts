import { expect, it } from 'vitest';
import { loadConfig } from '../../platform/config/config.js';
import { planStack, temporalUiUrl } from './stack-plan.js';

const plan = (env: NodeJS.ProcessEnv): ReturnType<typeof planStack> => planStack(loadConfig(env));
const variables = (env: NodeJS.ProcessEnv): readonly string[] =>
  plan(env).ports.map(({ variable }) => variable);

const production = {
  NODE_ENV: 'production',
  MASTER_KEY: `sample:${Buffer.alloc(32, 1).toString('base64')}`,
  JWT_SECRET: 'an invented secret for this test only',
};
const cloud9Sandbox = {
  CLOUD9_SANDBOX_ENDPOINT: 'https://cloud9.example/GetData.ashx',
  CLOUD9_SANDBOX_CLIENT_ID: 'sample',
  CLOUD9_SANDBOX_USERNAME: 'sample',
  CLOUD9_SANDBOX_PASSWORD: 'sample',
};

it('without any setting everything runs here', () => {
  expect(plan({})).toMatchObject({
    temporal: { port: 7233, uiPort: 8233 },
    cloud9Port: 3901,
    claudePort: 3902,
    langfusePort: 3903,
    apiUrl: 'http://127.0.0.1:3001',
  });
  expect(variables({})).toEqual([
    'PORT',
    'TEMPORAL_ADDRESS',
    'TEMPORAL_UI_PORT',
    'CLOUD9_SIMULATOR_PORT',
    'CLAUDE_SIMULATOR_PORT',
    'LANGFUSE_SIMULATOR_PORT',
    'NODE_RED_PORT',
  ]);
});

it('production never gets a simulator', () => {
  expect(plan(production)).toMatchObject({
    cloud9Port: null,
    claudePort: null,
    langfusePort: null,
    nodeRedPort: null,
  });
  expect(variables(production)).toEqual(['PORT', 'TEMPORAL_ADDRESS', 'TEMPORAL_UI_PORT']);
});

it.each([
  ['a Cloud9 endpoint', cloud9Sandbox, { cloud9Port: null, claudePort: 3902 }],
  ['a Claude key', { ANTHROPIC_API_KEY: 'sample' }, { cloud9Port: 3901, claudePort: null }],
  ['a Claude address', { ANTHROPIC_BASE_URL: 'https://claude.example' }, { claudePort: null }],
])('%s that is set is used instead of the simulator', (_what, env, expected) => {
  expect(plan(env)).toMatchObject(expected);
});

it.each(['localhost:7300', '127.0.0.1:7300', '[::1]:7300'])('%s is a Temporal server of ours', (address) => {
  expect(plan({ TEMPORAL_ADDRESS: address }).temporal).toEqual({ port: 7300, uiPort: 8233 });
});

it('a Temporal server elsewhere is not started, and its ports are not ours', () => {
  const env = { TEMPORAL_ADDRESS: 'temporal.example:7233' };
  expect(plan(env).temporal).toBeNull();
  expect(variables(env)).not.toContain('TEMPORAL_ADDRESS');
});

it('links lead to the UI of our own server, unless people reach one elsewhere', () => {
  const ui = (env: NodeJS.ProcessEnv): string => temporalUiUrl(loadConfig(env), env);
  expect(ui({ TEMPORAL_UI_PORT: '9000' })).toBe('http://127.0.0.1:9000');
  expect(ui({ TEMPORAL_UI_PORT: '9000', TEMPORAL_UI_URL: 'https://ui.example' })).toBe('https://ui.example');
});
