import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.js';
import { ConfigError } from './config-error.js';

const key = (id: string): string => `${id}:${Buffer.alloc(32, id).toString('base64')}`;
const jwtSecret = 'an invented signing secret of 36 chars';

const problemsOf = (environment: NodeJS.ProcessEnv): readonly string[] => {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

const cloud9 = {
  CLOUD9_PRODUCTION_ENDPOINT: 'https://cloud9.example.invalid/api',
  CLOUD9_PRODUCTION_CLIENT_ID: '11111111-1111-4111-8111-111111111111',
  CLOUD9_PRODUCTION_USERNAME: 'sample-user',
  CLOUD9_PRODUCTION_PASSWORD: 'sample-password',
};

describe('loadConfig', () => {
  it('needs nothing for a first run in the sandbox', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      profile: 'sandbox',
      port: 3001,
      databasePath: 'data/chairside.db',
      databaseUrl: null,
      defaultEnvironment: 'sandbox',
      enableCaching: false,
      replitMode: false,
      masterKey: null,
      warnings: [],
    });
    expect(config.cloud9).toMatchObject({ production: null, sandbox: null, httpMethod: 'POST', gapScale: 1 });
  });

  it('takes an empty value as absent, so that a copied .env.example changes nothing', () => {
    expect(loadConfig({ PORT: '', MASTER_KEY: '', CLOUD9_SANDBOX_ENDPOINT: '' })).toEqual(loadConfig({}));
  });

  it('lists every problem at once: single values, half a credential, and what production misses', () => {
    const problems = problemsOf({
      NODE_ENV: 'production',
      PORT: '70000',
      ENABLE_CACHING: 'yes',
      DATABASE_URL: 'mysql://sample',
      CLOUD9_SANDBOX_ENDPOINT: 'https://sandbox.example.invalid',
      CLOUD9_SANDBOX_USERNAME: 'sample-user',
    });
    expect(problems).toEqual([
      'PORT must be a port number from 1 to 65535; it is "70000"',
      'DATABASE_URL must begin with postgres://',
      'ENABLE_CACHING must be "true" or "false"; it is "yes"',
      'CLOUD9_SANDBOX_CLIENT_ID, CLOUD9_SANDBOX_PASSWORD missing: the four CLOUD9_SANDBOX_ values are given together or not at all',
      'MASTER_KEY is required in production: `id:` and 32 random bytes in base64',
      'JWT_SECRET is required in production: at least 32 random characters',
    ]);
  });

  it('takes the Claude CLI, but not in a Replit workspace', () => {
    const cli = { USE_CLAUDE_CLI: 'true', CLAUDE_CLI_PATH: '/opt/claude', PATH: '/usr/bin' };
    expect(loadConfig(cli)).toMatchObject({
      useClaudeCli: true,
      claudeCli: { command: '/opt/claude', searchPath: '/usr/bin' },
    });
    expect(() => loadConfig({ ...cli, REPLIT_MODE: 'true' })).toThrow(/exclude each other/);
  });

  it('names each problem in the message that a person sees', () => {
    expect(() => loadConfig({ PORT: 'x', LOG_LEVEL: 'loud' })).toThrow(
      /^The configuration cannot be used:\n {2}- PORT must be .*\n {2}- LOG_LEVEL must be one of: error, warn, info, debug; it is "loud"$/,
    );
  });

  it.each([
    ['JWT_SECRET', 'short-secret'],
    ['MASTER_KEY', `current:${Buffer.alloc(16).toString('base64')}`],
    ['MASTER_KEY', `${key('a')},${key('a')}`],
    ['MASTER_ADMIN_PASSWORD', 'short'],
    ['DATABASE_URL', 'http://user:hidden-word@db.example.invalid'],
  ])('does not repeat the value of a wrong %s', (name, value) => {
    const [problem = '', ...others] = problemsOf({ [name]: value });
    expect(others).toEqual([]);
    expect(problem).toMatch(new RegExp(`^${name} must`));
    expect(problem).not.toContain(value);
  });

  it('refuses production without keys, and starts it with them', () => {
    expect(problemsOf({ CHAIRSIDE_PROFILE: 'production' })).toHaveLength(2);
    const config = loadConfig({
      NODE_ENV: 'production',
      MASTER_KEY: `${key('2026')}, ${key('2025')}`,
      JWT_SECRET: jwtSecret,
    });
    expect(config.profile).toBe('production');
    expect(config.jwtSecret?.reveal()).toBe(jwtSecret);
  });

  it('lets CHAIRSIDE_PROFILE decide over NODE_ENV', () => {
    expect(loadConfig({ NODE_ENV: 'production', CHAIRSIDE_PROFILE: 'sandbox' }).profile).toBe('sandbox');
  });

  it('says the right name for each old CLOUD9_PROD_ spelling, and does not read it', () => {
    const config = loadConfig({ ...cloud9, CLOUD9_PROD_PASSWORD: 'old', CLOUD9_PROD_ENDPOINT: 'old' });
    expect(config.warnings).toEqual([
      'CLOUD9_PROD_PASSWORD is not read. The name is CLOUD9_PRODUCTION_PASSWORD.',
      'CLOUD9_PROD_ENDPOINT is not read. The name is CLOUD9_PRODUCTION_ENDPOINT.',
    ]);
    expect(config.cloud9.production?.password.reveal()).toBe('sample-password');
    expect(config.cloud9.sandbox).toBeNull();
  });

  it('is frozen to the bottom', () => {
    const config = loadConfig(cloud9);
    const parts = [config, config.cloud9, config.cloud9.production, config.anthropic, config.temporal];
    for (const part of [...parts, config.simulators, config.warnings])
      expect(Object.isFrozen(part)).toBe(true);
  });

  it('never prints a secret', () => {
    const text = JSON.stringify(
      loadConfig({ ...cloud9, JWT_SECRET: jwtSecret, ANTHROPIC_API_KEY: 'sk-sample' }),
    );
    expect(text).not.toMatch(/sample-password|invented signing|sk-sample/);
  });
});
