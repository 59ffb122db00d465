import tseslint from 'typescript-eslint';
import { limits } from './scripts/lint/limits.mjs';
import throwsDocumented from './scripts/lint/throws-documented.mjs';

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', 'src/stores/prisma*/', '.data/'] },
  {
    files: ['src/**/*.ts', 'tests/**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      eqeqeq: 'error',
      'no-console': 'error',
      // What could open a hole in either wall, or run what a reader wrote (ASVS 1.2.4, 1.3.2).
      'no-restricted-syntax': [
        'error',
        {
          selector: 'MemberExpression[property.name=/^\\$?(?:query|execute)RawUnsafe$/]',
          message: 'Raw SQL is written as a tagged template, so that values stay values.',
        },
        {
          selector: "MemberExpression[object.name='Prisma'][property.name='raw']",
          message: 'Prisma.raw puts text into SQL as it is.',
        },
        { selector: "CallExpression[callee.name='eval']", message: 'Nothing is run from text.' },
        { selector: "NewExpression[callee.name='Function']", message: 'Nothing is run from text.' },
        {
          selector: "MemberExpression[object.object.name='process'][object.property.name='env']",
          message: 'src/config.ts parses the environment once.',
        },
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'src/config.ts parses the environment once.',
        },
      ],
    },
  },
  {
    // Passages are read and written in these files only; whoever needs them asks here.
    files: ['src/**/*.ts'],
    ignores: ['src/briefings/reading/rows.ts', 'src/briefings/writing/passages.ts', 'src/stores/prisma/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          property: 'passage',
          message:
            'Passages are read and written in src/briefings/reading/rows.ts and ' +
            'src/briefings/writing/passages.ts alone.',
        },
      ],
    },
  },
  {
    files: ['src/config.ts', 'src/main.ts', 'src/cli/**/*.ts', 'tests/**/*.ts'],
    rules: { 'no-restricted-syntax': 'off', 'no-console': 'off' },
  },
  {
    files: ['tests/**/*.ts'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off', '@typescript-eslint/no-unsafe-member-access': 'off' },
  },
  {
    // What browsers are sent: checked by tsconfig.public.json too.
    files: ['public/**/*.js'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.public.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      // What comes as JSON is given its type in a comment, which tsc reads and these two do not.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['scripts/**/*.mjs', '*.mjs', '*.js'],
    extends: [...tseslint.configs.recommended],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
    languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
  },
  ...limits,
  {
    files: ['src/**/*.ts'],
    plugins: { docs: { rules: { 'throws-documented': throwsDocumented } } },
    rules: { 'docs/throws-documented': 'error' },
  },
);
