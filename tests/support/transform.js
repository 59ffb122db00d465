// Strips the types with esbuild. Dynamic imports become require: Jest runs native ones only behind a flag, and
// Prisma's client has one.
const { transformSync } = require('esbuild');

module.exports = {
  process: (source, file) => {
    const options = {
      loader: 'ts',
      format: 'cjs',
      target: 'node20',
      sourcemap: 'inline',
      sourcefile: file,
      supported: { 'dynamic-import': false },
    };
    return { code: transformSync(source, options).code };
  },
};
