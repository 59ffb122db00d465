import { openBucket } from '../../src/stores/bucket';
import { BucketUnavailableError } from '../../src/stores/bucket-unavailable';
import { startBucket, type BucketServer } from '../support/stores/bucket';

let server: BucketServer;
const bytes = Buffer.from('a picture, so to speak');
const PATIENCE = { read: 2_000, write: 2_000 };

beforeAll(async () => {
  server = await startBucket();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.mood = 'well';
});

test('what is put comes back, and goes', async () => {
  const bucket = openBucket(server.place);
  await bucket.check();
  await bucket.put('abc.png', bytes, 'image/png');
  expect(server.objects.get('abc.png')).toEqual({ bytes, type: 'image/png' });
  expect(await bucket.get('abc.png', 100)).toEqual(bytes);
  await bucket.remove('abc.png');
  await bucket.remove('abc.png');
  expect([await bucket.get('abc.png', 100), server.objects.size]).toEqual([null, 0]);
  bucket.close();
});

test.each([
  ['another secret', { secretAccessKey: 'another-secret' }, /\(403, SignatureDoesNotMatch\)$/],
  ['another key', { accessKeyId: 'AKIDOTHER' }, /\(403, /],
  ['another region', { region: 'eu-test-2' }, /\(403, /],
  ['a bucket that is not there', { name: 'elsewhere' }, /\(404, NoSuchBucket\)$/],
  ['nobody there', { endpoint: 'http://127.0.0.1:9' }, /does not answer as it should/],
] as const)('%s is told apart from a picture that is not there, without a secret', async (_what, changes, said) => {
  const bucket = openBucket({ ...server.place, ...changes }, PATIENCE);
  const error = await bucket.get('none.png', 100).then(
    () => null,
    (one: unknown) => one,
  );
  expect(error).toBeInstanceOf(BucketUnavailableError);
  expect((error as Error).message).toMatch(said);
  expect(JSON.stringify(error, ['message', 'stack', 'cause', 'name'])).not.toMatch(/secret|Signature=/);
  bucket.close();
});

test.each(['failing', 'silent', 'stuck'] as const)(
  'one that is %s holds nobody for longer than it may',
  async (mood) => {
    const bucket = openBucket(server.place, { read: 500, write: 500 });
    server.objects.set('there.png', { bytes, type: 'image/png' });
    server.mood = mood;
    const begun = performance.now();
    await expect(bucket.get('there.png', 100)).rejects.toBeInstanceOf(BucketUnavailableError);
    expect(performance.now() - begun).toBeLessThan(10_000);
    bucket.close();
  },
);

test('no more is taken in than was asked for', async () => {
  const bucket = openBucket(server.place);
  server.objects.set('large.png', { bytes: Buffer.alloc(101), type: 'image/png' });
  await expect(bucket.get('large.png', 100)).rejects.toThrow(/TooManyBytes/);
  bucket.close();
});
