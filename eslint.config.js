import tseslint from 'typescript-eslint';

/**
 * Who may import whom (docs/architecture.md). A room lists the rooms that it must not reach; `typesOnly` may be reached by
 * `import type`. Everything not listed is allowed.
 */
const rooms = {
  domain: {
    never: ['workflows', 'activities', 'platform', 'api', 'worker', 'simulators', 'test', 'bench'],
    packages: false,
  },
  workflows: {
    never: ['platform', 'api', 'worker', 'simulators', 'test', 'bench'],
    typesOnly: ['activities'],
  },
  activities: { never: ['api', 'worker', 'simulators', 'test', 'bench'], typesOnly: ['workflows'] },
  platform: { never: ['workflows', 'activities', 'api', 'worker', 'simulators', 'test', 'bench'] },
  api: { never: ['activities', 'worker', 'simulators', 'test', 'bench'], only: 'workflows' },
  worker: { never: ['api', 'test', 'bench'] },
  simulators: { never: ['workflows', 'activities', 'platform', 'api', 'worker', 'test', 'bench'] },
};

const insideRoom = (room) => [`../**/${room}/**`, `../${room}/**`];

const boundaries = Object.entries(rooms).map(([room, rule]) => ({
  files: [`${room}/**/*.ts`],
  // A test may set a scene with whatever it needs; the product may not.
  ignores: ['**/*.test.ts'],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: rule.never.flatMap(insideRoom),
            message: `${room}/ must not import this room (docs/architecture.md).`,
          },
          ...(rule.typesOnly
            ? [
                {
                  group: rule.typesOnly.flatMap(insideRoom),
                  allowTypeImports: true,
                  message: `${room}/ may import types only.`,
                },
              ]
            : []),
          ...(rule.only === 'workflows'
            ? [
                {
                  regex: '/workflows/(?!ids\\.js$|(.*/)?messages\\.js$)',
                  message: 'api/ knows workflows only by ids.ts and messages.ts.',
                },
              ]
            : []),
          ...(rule.packages === false
            ? [
                {
                  regex: '^[^.]',
                  message: 'domain/ is bundled into workflows: no packages, no Node modules.',
                },
              ]
            : []),
        ],
      },
    ],
  },
}));

const workflowSandbox = {
  files: ['workflows/**/*.ts'],
  ignores: ['**/*.test.ts'],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          ...boundaries.find((entry) => entry.files[0] === 'workflows/**/*.ts').rules[
            '@typescript-eslint/no-restricted-imports'
          ][1].patterns,
          {
            regex: '^(?!\\.|@temporalio/workflow$)',
            message: 'workflows/ imports @temporalio/workflow and our own files only.',
          },
        ],
      },
    ],
    'no-console': 'error',
    'no-restricted-syntax': [
      'error',
      {
        selector: 'Program > VariableDeclaration[kind="let"]',
        message: 'No mutable module state: workflows share one V8 context.',
      },
    ],
  },
};

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'data', 'logs', 'eslint.config.js'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      eqeqeq: 'error',
    },
  },
  {
    // The SDK loads converters by `require`.
    files: ['**/*.cjs'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  ...boundaries,
  workflowSandbox,
  {
    files: ['**/*.test.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
    },
  },
);
