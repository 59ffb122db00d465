// How long things may be (docs/contributing.md, house rule 1): functions 60 lines, files 250, lines 120 characters, one
// statement per line; folders 25 files, which scripts/imports.mjs holds. What is longer today stands in debts.json with
// its length, which may shrink and never grow: a file that is within the limits again is taken out.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import functionLength from './function-length.mjs';

const FUNCTION = 60;
const FILE = 250;
const WIDTH = 120;

const debts = JSON.parse(readFileSync(path.join(import.meta.dirname, 'debts.json'), 'utf8'));

const rules = (most) => ({
  'dossier/function-length': ['error', { max: most.function ?? FUNCTION, inTable: most.function ?? FUNCTION }],
  'max-lines': ['error', { max: most.file ?? FILE, skipComments: true, skipBlankLines: true }],
  'max-len': ['error', { code: most.width ?? WIDTH }],
});

/** The blocks of the configuration that hold it. */
export const limits = [
  {
    files: ['src/**/*.ts', 'scripts/**/*.mjs', 'public/**/*.js', '*.mjs'],
    plugins: { dossier: { rules: { 'function-length': functionLength } } },
    rules: { ...rules({}), 'max-statements-per-line': ['error', { max: 1 }] },
  },
  {
    // A test is a list of cases: it has no limit but the width, and what it expects or sends word for word has none.
    files: ['tests/**/*.ts', 'tests/**/*.js'],
    rules: {
      'max-len': [
        'error',
        { code: WIDTH, ignoreTemplateLiterals: true, ignoreStrings: true, ignoreRegExpLiterals: true },
      ],
      'max-statements-per-line': ['error', { max: 1 }],
    },
  },
  ...Object.entries(debts).map(([file, most]) => ({ files: [file], rules: rules(most) })),
];
