import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../src/lib/root';

const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

describe('Dockerfile', () => {
  const dockerfile = DockerfileParser.parse(read('Dockerfile'));
  /** Each stage's instructions, as `COPY . .`. */
  const steps = dockerfile
    .getInstructions()
    .reduce<string[][]>(
      (stages, one) =>
        (one.getInstruction() === 'FROM' ? [...stages, []] : stages).map((stage, at, all) =>
          at === all.length - 1 ? [...stage, one.getTextContent()] : stage,
        ),
      [],
    );
  const last = steps.at(-1)!;
  const refused = (text: string) => validate(text).map(({ message }) => message);

  test('is what a builder accepts, which refuses a slip of the pen anywhere', () => {
    const text = read('Dockerfile');
    expect(refused(text)).toEqual([]);
    for (const [right, slip] of [
      ['WORKDIR', 'WORKDIRS'],
      ['--interval=', '--intervall='],
      ['--retries=3', '--retries=three'],
      ['EXPOSE 3000', 'EXPOSE port'],
      ['USER node', 'USER'],
      ['COPY . .', 'COPY .'],
      ['FROM node:24-slim\nENV', 'FROM node:\nENV'],
    ] as const) {
      expect([right, text.includes(right)]).toEqual([right, true]);
      expect([slip, refused(text.replace(right, slip)).length]).toEqual([slip, 1]);
    }
    // Every stage that is copied from was made before.
    const names = dockerfile.getFROMs().map((from) => from.getBuildStage());
    for (const copy of dockerfile.getCOPYs().flatMap((one) => one.getFlags()))
      expect([copy.getName(), names]).toEqual(['from', expect.arrayContaining([copy.getValue()])]);
  });

  test('ends as a user that owns nothing, with a health check, and with packages for production alone', () => {
    expect(last.filter((step) => step.startsWith('USER'))).toEqual(['USER node']);
    expect(last.findIndex((step) => step.startsWith('USER'))).toBeLessThan(
      last.findIndex((step) => step.startsWith('CMD')),
    );
    expect(last.filter((step) => step.startsWith('RUN'))).toEqual([]);
    const [, packages] = steps;
    expect(packages!.filter((step) => step.startsWith('RUN'))).toEqual(['RUN npm ci --omit=dev']);
    expect(last).toContain('COPY --from=packages /app/node_modules ./node_modules');
    expect(read('Dockerfile')).toMatch(/HEALTHCHECK[^]*\/readyz/);
  });

  test('copies nothing that .dockerignore keeps out', () => {
    const let_in = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    expect(read('.dockerignore').split('\n')).toContain('*');
    for (const step of steps.flat().filter((one) => one.startsWith('COPY ') && !one.includes('--from'))) {
      for (const source of step
        .split(' ')
        .slice(1, -1)
        .filter((one) => one !== '.')) {
        expect([source, let_in.some((name) => source === name || source.startsWith(`${name}/`))]).toEqual([
          source,
          true,
        ]);
      }
    }
  });
});
