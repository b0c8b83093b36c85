import type { Environment } from '../../domain/tenant.js';
import { ConfigError } from './config-error.js';
import { environmentSchema, type EnvironmentVariables } from './environment-schema.js';
import type { Secret } from './secret.js';

/** Cloud9 access from the environment; seeds the credential store, never used directly. */
interface Cloud9Access {
  readonly endpoint: string;
  readonly clientId: string;
  readonly userName: string;
  readonly password: Secret;
}

/** The Claude command line: a path or name, and the folders in which a name is looked for. */
export interface ClaudeCli {
  readonly command: string;
  readonly searchPath: string;
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
  /** The Redis that workers share as a cache; null = each remembers for itself. May hold a password. */
  readonly redisUrl: Secret | null;
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
  readonly claudeCli: ClaudeCli;
  readonly replitMode: boolean;
  readonly temporal: {
    readonly address: string;
    readonly namespace: string;
    readonly uiUrl: string;
    readonly uiPort: number;
    readonly cliPath: string | null;
  };
  readonly simulators: {
    readonly cloud9Port: number;
    readonly claudePort: number;
    readonly langfusePort: number;
    readonly nodeRedPort: number;
  };
  /** Spellings that look like ours but are not read; print them. */
  readonly warnings: readonly string[];
}

/** Parses the environment once. Throws ConfigError with all problems; the result is frozen. Empty values count as absent. */
export function loadConfig(environment: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
  const parsed = environmentSchema.safeParse(given);
  const problems = [
    ...(parsed.error?.issues ?? []).map(({ path, message }) => sentence(String(path[0]), message, given)),
    ...jointProblems(given),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  const variables = parsed.data;
  return Object.freeze({
    profile: profileOf(given),
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
    redisUrl: variables.REDIS_URL ?? null,
    cloud9: Object.freeze({
      production: cloud9Access(variables, 'PRODUCTION'),
      sandbox: cloud9Access(variables, 'SANDBOX'),
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
    claudeCli: Object.freeze({ command: variables.CLAUDE_CLI_PATH, searchPath: given['PATH'] ?? '' }),
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
      langfusePort: variables.LANGFUSE_SIMULATOR_PORT,
      nodeRedPort: variables.NODE_RED_PORT,
    }),
    warnings: Object.freeze([
      ...Object.keys(given)
        .filter((name) => name.startsWith('CLOUD9_PROD_'))
        .map(
          (name) => `${name} is not read. The name is ${name.replace('CLOUD9_PROD_', 'CLOUD9_PRODUCTION_')}.`,
        ),
      ...(variables.REDIS_URL && !variables.ENABLE_CACHING
        ? ['REDIS_URL is set, but nothing is cached: ENABLE_CACHING is not true.']
        : []),
    ]),
  });
}

type Given = Readonly<Record<string, string>>;

/** Values that may be shown back to whoever reads the error. */
const mayHoldSecret = /KEY|SECRET|PASSWORD|DATABASE_URL|REDIS_URL/;

const sentence = (name: string, message: string, given: Given): string =>
  `${name} ${message}${mayHoldSecret.test(name) ? '' : `; it is "${given[name] ?? ''}"`}`;

const profileOf = (given: Given): Config['profile'] => {
  const profile = given['CHAIRSIDE_PROFILE'] ?? given['NODE_ENV'];
  return profile === 'production' ? 'production' : 'sandbox';
};

/** What single values cannot show, read from the raw text so that it is listed together with their problems. */
function jointProblems(given: Given): string[] {
  const problems = (['PRODUCTION', 'SANDBOX'] as const).flatMap((world) => {
    const names = ['ENDPOINT', 'CLIENT_ID', 'USERNAME', 'PASSWORD'].map((part) => `CLOUD9_${world}_${part}`);
    const missing = names.filter((name) => given[name] === undefined);
    // Half a credential is a mistake, and there is no fallback to another environment.
    return missing.length === 0 || missing.length === names.length
      ? []
      : [`${missing.join(', ')} missing: the four CLOUD9_${world}_ values are given together or not at all`];
  });
  if (profileOf(given) === 'production') {
    if (given['MASTER_KEY'] === undefined)
      problems.push('MASTER_KEY is required in production: `id:` and 32 random bytes in base64');
    if (given['JWT_SECRET'] === undefined)
      problems.push('JWT_SECRET is required in production: at least 32 random characters');
  }
  if (given['USE_CLAUDE_CLI'] === 'true' && given['REPLIT_MODE'] === 'true')
    problems.push('USE_CLAUDE_CLI=true and REPLIT_MODE=true exclude each other: use ANTHROPIC_API_KEY there');
  return problems;
}

/** Null when the environment names none; `jointProblems` has refused half of one. */
function cloud9Access(variables: EnvironmentVariables, world: 'PRODUCTION' | 'SANDBOX'): Cloud9Access | null {
  const endpoint = variables[`CLOUD9_${world}_ENDPOINT`];
  const clientId = variables[`CLOUD9_${world}_CLIENT_ID`];
  const userName = variables[`CLOUD9_${world}_USERNAME`];
  const password = variables[`CLOUD9_${world}_PASSWORD`];
  return endpoint && clientId && userName && password
    ? Object.freeze({ endpoint, clientId, userName, password })
    : null;
}
