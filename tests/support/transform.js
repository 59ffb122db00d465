// Strips the types with esbuild. Dynamic imports become require: Jest runs native ones only behind a flag, and
// Prisma's client has one. In the product's files every function notes that it ran (runner/marks.js).
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { transformSync, version } = require('esbuild');
const { isSource } = require('./runner/functions');
const { withMarks } = require('./runner/marks');

const self = [__filename, require.resolve('./runner/functions'), require.resolve('./runner/marks')].map((file) =>
  readFileSync(file),
);

module.exports = {
  process: (source, file) => {
    const marked = isSource(file) ? withMarks(source, file) : source;
    const options = {
      loader: 'ts',
      format: 'cjs',
      target: 'node20',
      sourcemap: 'inline',
      sourcefile: file,
      supported: { 'dynamic-import': false },
    };
    return { code: transformSync(marked, options).code };
  },
  getCacheKey: (source, file) =>
    self
      .reduce(
        (hash, one) => hash.update(one),
        createHash('sha256').update(version).update(file).update('\0').update(source),
      )
      .digest('hex')
      .slice(0, 32),
};
