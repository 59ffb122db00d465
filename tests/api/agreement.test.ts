import { ask, briefingIn, listIn } from '../support/api';
import { CAST, enterAll, tokenFor, VISITOR, type Member } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';
import { visit } from '../support/page';

let dossier: Dossier;
let readers: { name: string; member: Member; token: string | undefined }[];
let slugs: string[];

beforeAll(async () => {
  dossier = await startDossier({ samples: true });
  const cast = await enterAll(dossier);
  readers = [{ name: 'visitor', member: VISITOR, token: undefined }];
  // A suspended account has no answer of the API to compare: it is refused.
  for (const name of (Object.keys(CAST) as (keyof typeof CAST)[]).filter((one) => one !== 'suspended')) readers.push({ name, member: cast[name], token: await tokenFor(dossier, cast[name].id!) });
  slugs = listIn(await ask(`${dossier.url}/api/v1/briefings`)).items.map(({ slug }) => slug);
});
afterAll(() => dossier.stop());

test.each(['', '/es'])('for each of the cast and every briefing, page%s and API open the same passages and count the same gates', async (prefix) => {
  expect(slugs.length).toBeGreaterThan(10);
  let compared = 0;
  for (const { name, member, token } of readers) {
    for (const slug of slugs) {
      const page = await visit(`${dossier.url}${prefix}/briefings/${slug}`, { headers: member.headers });
      const answer = briefingIn(await ask(`${dossier.url}/api/v1/briefings/${slug}${prefix ? '?language=es' : ''}`, token ? { token } : {}));
      const onPage = page.html.querySelectorAll('.passage[id]').map((element) => element.getAttribute('id')!).sort();
      expect([name, slug, answer.passages.map(({ kind, key }) => `${kind}-${key}`).sort()]).toEqual([name, slug, onPage]);
      const gates = page.html.querySelectorAll('.gate').map((gate) => gate.getAttribute('id'));
      expect([name, slug, [...new Set(answer.gates.map(({ tier }) => `gate-${tier}`))]]).toEqual([name, slug, gates]);
      compared += onPage.length;
    }
  }
  expect(compared).toBeGreaterThan(100);
});
