import { z } from 'zod';
import type { Environment } from '../../domain/tenant.js';
import { Secret } from './secret.js';

/** Thrown with every problem of the environment at once, one readable line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(problems: readonly string[]) {
    super(['The configuration cannot be used:', ...problems.map((problem) => `  - ${problem}`)].join('\n'));
  }
}

const flag = z
  .enum(['true', 'false'], { error: 'must be "true" or "false"' })
  .transform((text) => text === 'true');
const port = z.coerce.number({ error: 'must be a port number' }).int().min(1).max(65_535);
const url = z.url({ protocol: /^https?$/, error: 'must be an http(s) address' });
const secret = z
  .string()
  .min(1)
  .transform((text) => new Secret(text));
const milliseconds = z.coerce.number({ error: 'must be a number of milliseconds' }).int().min(0);

/** Every name that the product reads from its environment, with its default. `.env.example` lists the same names (a test compares). */
export const environmentSchema = z.object({
  NODE_ENV: z.string().default('development'),
  CHAIRSIDE_PROFILE: z.enum(['sandbox', 'production']).optional(),
  PORT: port.default(3001),
  HOST: z.string().default('127.0.0.1'),
  DATA_DIR: z.string().default('data'),
  DATABASE_PATH: z.string().default('data/chairside.db'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
    .optional(),
  LOG_DIR: z.string().default('logs'),
  LOG_FORMAT: z.enum(['json', 'pretty']).default('pretty'),
  LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug']).default('info'),
  TENANTS_DIR: z.string().default('tenants'),
  DEFAULT_ENVIRONMENT: z.enum(['sandbox', 'production']).default('sandbox'),
  MASTER_KEY: secret.optional(),
  JWT_SECRET: secret.optional(),
  MASTER_ADMIN_EMAIL: z.email({ error: 'must be an e-mail address' }).default('admin@chairside.local'),
  MASTER_ADMIN_PASSWORD: z
    .string()
    .min(12, 'must have at least 12 characters')
    .transform((text) => new Secret(text))
    .optional(),
  ENABLE_CACHING: flag.default(false),
  CLOUD9_PRODUCTION_ENDPOINT: url.optional(),
  CLOUD9_PRODUCTION_CLIENT_ID: z.string().optional(),
  CLOUD9_PRODUCTION_USERNAME: z.string().optional(),
  CLOUD9_PRODUCTION_PASSWORD: secret.optional(),
  CLOUD9_SANDBOX_ENDPOINT: url.optional(),
  CLOUD9_SANDBOX_CLIENT_ID: z.string().optional(),
  CLOUD9_SANDBOX_USERNAME: z.string().optional(),
  CLOUD9_SANDBOX_PASSWORD: secret.optional(),
  CLOUD9_HTTP_METHOD: z.enum(['POST', 'GET']).default('POST'),
  CLOUD9_GAP_SCALE: z.coerce.number({ error: 'must be a number' }).min(0).default(1),
  SETTLE_MS: milliseconds.default(5_000),
  ANTHROPIC_API_KEY: secret.optional(),
  ANTHROPIC_BASE_URL: url.optional(),
  MODEL_STEP_TIMEOUT_MS: milliseconds.default(40_000),
  USE_CLAUDE_CLI: flag.default(false),
  REPLIT_MODE: flag.default(false),
  TEMPORAL_ADDRESS: z.string().default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_UI_URL: url.default('http://127.0.0.1:8233'),
  TEMPORAL_UI_PORT: port.default(8233),
  TEMPORAL_CLI_PATH: z.string().optional(),
  CHAIRSIDE_CACHE_DIR: z.string().optional(),
  CLOUD9_SIMULATOR_PORT: port.default(3901),
  CLAUDE_SIMULATOR_PORT: port.default(3902),
});

type EnvironmentVariables = z.output<typeof environmentSchema>;

/** Cloud9 access from the environment; seeds the credential store, never used directly. */
export interface Cloud9Access {
  readonly endpoint: string;
  readonly clientId: string;
  readonly userName: string;
  readonly password: Secret;
}

export interface Config {
  /** `production` refuses generated secrets and simulators. */
  readonly profile: 'sandbox' | 'production';
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly databasePath: string;
  readonly databaseUrl: string | null;
  readonly logDir: string;
  readonly logFormat: 'json' | 'pretty';
  readonly logLevel: 'error' | 'warn' | 'info' | 'debug';
  readonly tenantsDir: string;
  readonly defaultEnvironment: Environment;
  readonly masterKey: Secret | null;
  readonly jwtSecret: Secret | null;
  readonly masterAdminEmail: string;
  readonly masterAdminPassword: Secret | null;
  readonly enableCaching: boolean;
  readonly cloud9: {
    readonly production: Cloud9Access | null;
    readonly sandbox: Cloud9Access | null;
    /** An endpoint that is set is used even in sandbox: the simulator is then not started. */
    readonly sandboxEndpoint: string | null;
    readonly httpMethod: 'POST' | 'GET';
    /** Multiplies the least gaps between calls: 1 for Cloud9, smaller against simulators only. */
    readonly gapScale: number;
    /** Pause before an unclear write is looked up, in ms. */
    readonly settleMs: number;
  };
  readonly anthropic: {
    readonly apiKey: Secret | null;
    readonly baseUrl: string | null;
    readonly stepTimeoutMs: number;
  };
  readonly useClaudeCli: boolean;
  readonly replitMode: boolean;
  readonly temporal: {
    readonly address: string;
    readonly namespace: string;
    readonly uiUrl: string;
    readonly uiPort: number;
    readonly cliPath: string | null;
  };
  readonly simulators: { readonly cloud9Port: number; readonly claudePort: number };
  /** Spellings that look like ours but are not read; print them. */
  readonly warnings: readonly string[];
}

/** Parses the environment once. Throws ConfigError with all problems; the result is frozen. Empty values count as absent. */
export function loadConfig(environment: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environmentSchema.safeParse(given);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  if (!parsed.success) throw new ConfigError(problems);
  const variables = parsed.data;
  const profile =
    variables.CHAIRSIDE_PROFILE ?? (variables.NODE_ENV === 'production' ? 'production' : 'sandbox');
  const production = cloud9Access(variables, 'PRODUCTION', problems);
  const sandbox = cloud9Access(variables, 'SANDBOX', problems);
  if (profile === 'production') {
    if (!variables.MASTER_KEY)
      problems.push('MASTER_KEY is required in production: `id:` and 32 random bytes in base64');
    if (!variables.JWT_SECRET)
      problems.push('JWT_SECRET is required in production: at least 32 random characters');
    if (!variables.MASTER_ADMIN_PASSWORD) problems.push('MASTER_ADMIN_PASSWORD is required in production');
  }
  if (variables.JWT_SECRET && variables.JWT_SECRET.reveal().length < 32) {
    problems.push('JWT_SECRET must have at least 32 characters');
  }
  if (variables.USE_CLAUDE_CLI)
    problems.push('USE_CLAUDE_CLI=true is not supported by this version: use ANTHROPIC_API_KEY');
  if (problems.length > 0) throw new ConfigError(problems);

  return Object.freeze({
    profile,
    host: variables.HOST,
    port: variables.PORT,
    dataDir: variables.DATA_DIR,
    databasePath: variables.DATABASE_PATH,
    databaseUrl: variables.DATABASE_URL ?? null,
    logDir: variables.LOG_DIR,
    logFormat: variables.LOG_FORMAT,
    logLevel: variables.LOG_LEVEL,
    tenantsDir: variables.TENANTS_DIR,
    defaultEnvironment: variables.DEFAULT_ENVIRONMENT,
    masterKey: variables.MASTER_KEY ?? null,
    jwtSecret: variables.JWT_SECRET ?? null,
    masterAdminEmail: variables.MASTER_ADMIN_EMAIL,
    masterAdminPassword: variables.MASTER_ADMIN_PASSWORD ?? null,
    enableCaching: variables.ENABLE_CACHING,
    cloud9: Object.freeze({
      production,
      sandbox,
      sandboxEndpoint: variables.CLOUD9_SANDBOX_ENDPOINT ?? null,
      httpMethod: variables.CLOUD9_HTTP_METHOD,
      gapScale: variables.CLOUD9_GAP_SCALE,
      settleMs: variables.SETTLE_MS,
    }),
    anthropic: Object.freeze({
      apiKey: variables.ANTHROPIC_API_KEY ?? null,
      baseUrl: variables.ANTHROPIC_BASE_URL ?? null,
      stepTimeoutMs: variables.MODEL_STEP_TIMEOUT_MS,
    }),
    useClaudeCli: variables.USE_CLAUDE_CLI,
    replitMode: variables.REPLIT_MODE,
    temporal: Object.freeze({
      address: variables.TEMPORAL_ADDRESS,
      namespace: variables.TEMPORAL_NAMESPACE,
      uiUrl: variables.TEMPORAL_UI_URL,
      uiPort: variables.TEMPORAL_UI_PORT,
      cliPath: variables.TEMPORAL_CLI_PATH ?? null,
    }),
    simulators: Object.freeze({
      cloud9Port: variables.CLOUD9_SIMULATOR_PORT,
      claudePort: variables.CLAUDE_SIMULATOR_PORT,
    }),
    warnings: Object.keys(given)
      .filter((name) => name.startsWith('CLOUD9_PROD_'))
      .map(
        (name) => `${name} is not read. The name is ${name.replace('CLOUD9_PROD_', 'CLOUD9_PRODUCTION_')}.`,
      ),
  });
}

/** All four values or none: half a credential is a mistake, and there is no fallback to another environment. */
function cloud9Access(
  variables: EnvironmentVariables,
  world: 'PRODUCTION' | 'SANDBOX',
  problems: string[],
): Cloud9Access | null {
  const endpoint = variables[`CLOUD9_${world}_ENDPOINT`];
  const clientId = variables[`CLOUD9_${world}_CLIENT_ID`];
  const userName = variables[`CLOUD9_${world}_USERNAME`];
  const password = variables[`CLOUD9_${world}_PASSWORD`];
  if (endpoint && clientId && userName && password)
    return Object.freeze({ endpoint, clientId, userName, password });
  if (endpoint || clientId || userName || password) {
    const missing = Object.entries({
      ENDPOINT: endpoint,
      CLIENT_ID: clientId,
      USERNAME: userName,
      PASSWORD: password,
    })
      .filter(([, value]) => value === undefined)
      .map(([name]) => `CLOUD9_${world}_${name}`);
    problems.push(
      `${missing.join(', ')} missing: the four CLOUD9_${world}_ values are given together or not at all`,
    );
  }
  return null;
}
