// How long things may be (docs/contributing.md, house rule 1): functions 60 lines, files 250, lines 120 characters, one
// statement per line; folders 25 files, which scripts/imports.mjs holds.
import functionLength from './function-length.mjs';

const FUNCTION = 60;
const FILE = 250;
const WIDTH = 120;

/** The blocks of the configuration that hold it. */
export const limits = [
  {
    files: ['src/**/*.ts', 'scripts/**/*.mjs', 'public/**/*.js', '*.mjs'],
    plugins: { dossier: { rules: { 'function-length': functionLength } } },
    rules: {
      'dossier/function-length': ['error', { max: FUNCTION, inTable: FUNCTION }],
      'max-lines': ['error', { max: FILE, skipComments: true, skipBlankLines: true }],
      'max-len': ['error', { code: WIDTH }],
      'max-statements-per-line': ['error', { max: 1 }],
    },
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
];
