import { ask, briefingIn, listIn } from '../support/api';
import { CAST, enterAll, tokenFor, VISITOR, type Member } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';
import { visit } from '../support/page';

interface Reader {
  readonly name: string;
  readonly member: Member;
  readonly token: string | undefined;
}

let dossier: Dossier;
let readers: Reader[];
let slugs: string[];

beforeAll(async () => {
  dossier = await startDossier({ samples: true });
  const cast = await enterAll(dossier);
  readers = [{ name: 'visitor', member: VISITOR, token: undefined }];
  // A suspended account has no answer of the API to compare: it is refused.
  for (const name of (Object.keys(CAST) as (keyof typeof CAST)[]).filter((one) => one !== 'suspended'))
    readers.push({ name, member: cast[name], token: await tokenFor(dossier, cast[name].id!) });
  slugs = listIn(await ask(`${dossier.url}/api/v1/briefings`)).items.map(({ slug }) => slug);
});
afterAll(() => dossier.stop());

/** Compares page and API for these readers and every briefing; says how many passages were open. */
async function compare(who: readonly Reader[], prefix: string): Promise<number> {
  let open = 0;
  for (const { name, member, token } of who) {
    for (const slug of slugs) {
      const [page, asked] = await Promise.all([
        visit(`${dossier.url}${prefix}/briefings/${slug}`, { headers: member.headers }),
        ask(`${dossier.url}/api/v1/briefings/${slug}${prefix ? '?language=es' : ''}`, token ? { token } : {}),
      ]);
      const answer = briefingIn(asked);
      const onPage = page.html
        .querySelectorAll('.passage[id]')
        .map((element) => element.getAttribute('id')!)
        .sort();
      expect([name, slug, answer.passages.map(({ kind, key }) => `${kind}-${key}`).sort()]).toEqual([
        name,
        slug,
        onPage,
      ]);
      const gates = page.html.querySelectorAll('.gate').map((gate) => gate.getAttribute('id'));
      expect([name, slug, [...new Set(answer.gates.map(({ tier }) => `gate-${tier}`))]]).toEqual([name, slug, gates]);
      open += onPage.length;
    }
  }
  return open;
}

test('for each of the cast and every briefing, page and API open the same passages and shut the same gates', async () => {
  expect(slugs.length).toBeGreaterThan(10);
  expect(await compare(readers, '')).toBeGreaterThan(100);
}, 120_000);

test('so they do in Spanish', async () => {
  expect(
    await compare(
      readers.filter(({ name }) => ['visitor', 'circle', 'alliance'].includes(name)),
      '/es',
    ),
  ).toBeGreaterThan(20);
}, 60_000);
