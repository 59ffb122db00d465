import { startDossier, type Dossier } from '../support/dossier';
import { until } from '../support/until';

let dossier: Dossier;

beforeAll(async () => {
  dossier = await startDossier({ samples: true });
});
afterAll(() => dossier.stop());

/** The measures, by their names with labels. */
async function measured(headers: Readonly<Record<string, string>> = {}): Promise<ReadonlyMap<string, number>> {
  const answer = await fetch(`${dossier.url}/metrics`, { headers });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  const lines = (await answer.text()).trimEnd().split('\n');
  // A name, labels, a value: what the format allows, and nothing else.
  for (const line of lines) expect(line).toMatch(/^(?:# (?:HELP|TYPE) [a-z_]+ .+|[a-z_]+(?:\{[^{}]*\})? [\d.e+-]+)$/);
  return new Map(
    lines.filter((line) => !line.startsWith('#')).map((line) => [line.replace(/ \S+$/, ''), Number(/\S+$/.exec(line))]),
  );
}

test('says what was answered, what is kept and what waits, and nothing of who asked', async () => {
  const address = `${dossier.url}/briefings/microsoft-mistral-azure`;
  await fetch(address);
  await until(
    async () => ((await measured()).get('dossier_pages_from_memory_total') ?? 0) > 0 || !(await fetch(address)).ok,
  );
  await fetch(`${dossier.url}/en/nobody@example.org?token=secret-of-somebody`);
  await until(async () => (await measured()).get('dossier_requests_total{class="other",status="404"}') === 1);
  const found = await measured();
  const at = (name: string) => found.get(name);
  expect(at('dossier_requests_total{class="briefing",status="200"}')).toBe(1);
  expect(at('dossier_request_seconds_count{class="briefing"}')).toBe(1);
  expect(at('dossier_request_seconds_bucket{class="briefing",le="+Inf"}')).toBe(1);
  expect(at('dossier_pages_kept')).toBe(1);
  expect(at('dossier_pages_kept_bytes')).toBeGreaterThan(10_000);
  expect(at('dossier_changes_heard_seconds')).toBeLessThan(5);
  expect(at('dossier_store_ready{store="postgres"}')).toBe(1);
  expect([at('dossier_jobs{state="due"}'), at('dossier_letters{state="waiting"}')]).toEqual([0, 0]);
  expect(at('dossier_stripe_events{state="given_up"}')).toBe(0);
  expect(at('process_resident_memory_bytes')).toBeGreaterThan(1e7);
  expect([...found.keys()].join()).not.toMatch(/nobody|secret|mistral/);
});

test.each(['X-Forwarded-For', 'Forwarded', 'Via'])('is not there for whoever comes by a proxy (%s)', async (header) => {
  const answer = await fetch(`${dossier.url}/metrics`, { headers: { [header]: '192.0.2.7' } });
  expect(answer.status).toBe(404);
});
