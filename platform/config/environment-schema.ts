import { z } from 'zod';
import { parseMasterKeys } from '../secrets/parse-master-keys.js';
import { Secret } from './secret.js';

const flag = z
  .enum(['true', 'false'], { error: 'must be "true" or "false"' })
  .transform((text) => text === 'true');
const oneOf = <const T extends readonly [string, ...string[]]>(
  ...choices: T
): z.ZodEnum<{ [K in T[number]]: K }> => z.enum(choices, { error: `must be one of: ${choices.join(', ')}` });

const number = (error: string, least: number, most = Number.MAX_SAFE_INTEGER): z.ZodCoercedNumber =>
  z.coerce.number({ error }).min(least, { error }).max(most, { error });
const port = number('must be a port number from 1 to 65535', 1, 65_535).int({
  error: 'must be a port number from 1 to 65535',
});
const milliseconds = number('must be a whole number of milliseconds', 0).int({
  error: 'must be a whole number of milliseconds',
});
const url = z.url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' });
const secret = z.string().transform((text) => new Secret(text));

/**
 * Every name that the product reads from its environment, with its default. `.env.example` lists the same names and defaults (a test
 * compares them). Names without a default are absent unless given.
 */
export const environmentSchema = z.object({
  NODE_ENV: z.string().default('development'),
  CHAIRSIDE_PROFILE: oneOf('sandbox', 'production').optional(),
  PORT: port.default(3001),
  HOST: z.string().default('127.0.0.1'),
  DATA_DIR: z.string().default('data'),
  DATABASE_PATH: z.string().default('data/chairside.db'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
    .optional(),
  LOG_DIR: z.string().default('logs'),
  LOG_FORMAT: oneOf('json', 'pretty').default('pretty'),
  LOG_LEVEL: oneOf('error', 'warn', 'info', 'debug').default('info'),
  TENANTS_DIR: z.string().default('tenants'),
  DEFAULT_ENVIRONMENT: oneOf('sandbox', 'production').default('sandbox'),
  MASTER_KEY: z
    .string()
    .refine((text) => parseMasterKeys(text) !== null, {
      error:
        'must be `id:` and 32 random bytes in base64; several are separated by commas, each with its own id',
    })
    .transform((text) => new Secret(text))
    .optional(),
  JWT_SECRET: z
    .string()
    .min(32, 'must have at least 32 characters')
    .transform((text) => new Secret(text))
    .optional(),
  MASTER_ADMIN_EMAIL: z.email({ error: 'must be an e-mail address' }).default('admin@chairside.local'),
  MASTER_ADMIN_PASSWORD: z
    .string()
    .min(12, 'must have at least 12 characters')
    .transform((text) => new Secret(text))
    .optional(),
  ENABLE_CACHING: flag.default(false),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'must begin with redis:// or rediss://')
    .transform((text) => new Secret(text))
    .optional(),
  CLOUD9_PRODUCTION_ENDPOINT: url.optional(),
  CLOUD9_PRODUCTION_CLIENT_ID: z.string().optional(),
  CLOUD9_PRODUCTION_USERNAME: z.string().optional(),
  CLOUD9_PRODUCTION_PASSWORD: secret.optional(),
  CLOUD9_SANDBOX_ENDPOINT: url.optional(),
  CLOUD9_SANDBOX_CLIENT_ID: z.string().optional(),
  CLOUD9_SANDBOX_USERNAME: z.string().optional(),
  CLOUD9_SANDBOX_PASSWORD: secret.optional(),
  CLOUD9_HTTP_METHOD: oneOf('POST', 'GET').default('POST'),
  CLOUD9_GAP_SCALE: number('must be a number, 0 or more', 0).default(1),
  SETTLE_MS: milliseconds.default(5_000),
  ANTHROPIC_API_KEY: secret.optional(),
  ANTHROPIC_BASE_URL: url.optional(),
  MODEL_STEP_TIMEOUT_MS: milliseconds.default(40_000),
  USE_CLAUDE_CLI: flag.default(false),
  CLAUDE_CLI_PATH: z.string().default('claude'),
  REPLIT_MODE: flag.default(false),
  TEMPORAL_ADDRESS: z.string().default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_UI_URL: url.default('http://127.0.0.1:8233'),
  TEMPORAL_UI_PORT: port.default(8233),
  TEMPORAL_CLI_PATH: z.string().optional(),
  CHAIRSIDE_CACHE_DIR: z.string().optional(),
  CLOUD9_SIMULATOR_PORT: port.default(3901),
  CLAUDE_SIMULATOR_PORT: port.default(3902),
  LANGFUSE_SIMULATOR_PORT: port.default(3903),
  NODE_RED_PORT: port.default(3904),
});

export type EnvironmentVariables = z.output<typeof environmentSchema>;
