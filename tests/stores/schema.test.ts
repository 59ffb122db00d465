import { spawnSync } from 'node:child_process';
import { root } from '../../src/lib/root';
import { cluster } from '../support/stores/cluster';

test('the migrations lead to what prisma/schema.prisma says', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/schema.mjs', 'check'], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], OWNER_URL: cluster().superuser },
  });
  expect({ status, stdout, stderr: stderr.replace(/^npm warn.*$/gm, '') }).toEqual({
    status: 0,
    stdout: 'migrations and schema agree\n',
    stderr: '',
  });
});
